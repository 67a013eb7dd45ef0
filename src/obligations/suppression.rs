//! Which cells of a table that divides people twice must be withheld from a reader who may see no people, so that no group of fewer than ten
//! shows, nor can be worked out from the rest of the table. The sums at the edges are withheld as they are in the tables that divide once: the
//! two are read side by side.
//!
//! A withheld number can be worked out from the sums exactly when it is the only path between its row and its column through withheld
//! numbers: a bridge of the graph whose nodes are rows and columns (the sums are one more of each) and whose edges are withheld numbers
//! (Gusfield, "A graph theoretic approach to statistical data security", 1988).

use super::figures::{SMALLEST_SHOWN, too_small};

/// What is withheld.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    pub cells: Vec<Vec<bool>>,
    /// The sums of the rows and of the columns.
    pub rows: Vec<bool>,
    pub columns: Vec<bool>,
    /// All of it: fewer than ten people, or a table that can't be made safe otherwise.
    pub everything: bool,
}

impl Withheld {
    /// Nothing of a table of that size.
    pub fn nothing(rows: usize, columns: usize) -> Self {
        Self { cells: vec![vec![false; columns]; rows], rows: vec![false; rows], columns: vec![false; columns], everything: false }
    }

    fn all(rows: usize, columns: usize) -> Self {
        Self { cells: vec![vec![true; columns]; rows], rows: vec![true; rows], columns: vec![true; columns], everything: true }
    }

    pub fn anything(&self) -> bool {
        self.everything || self.rows.contains(&true) || self.columns.contains(&true) || self.cells.iter().flatten().any(|hidden| *hidden)
    }
}

fn is_small(size: i64) -> bool {
    (1..SMALLEST_SHOWN).contains(&size)
}

/// For groups of these sizes, by row and column; each row has as many.
pub fn withheld(sizes: &[Vec<i64>]) -> Withheld {
    let (height, width) = (sizes.len(), sizes.first().map_or(0, Vec::len));
    let row_sums: Vec<i64> = sizes.iter().map(|row| row.iter().sum()).collect();
    let column_sums: Vec<i64> = (0..width).map(|column| sizes.iter().map(|row| row[column]).sum()).collect();
    if is_small(row_sums.iter().sum()) {
        return Withheld::all(height, width);
    }
    let mut hidden = Withheld {
        cells: sizes.iter().map(|row| row.iter().map(|size| is_small(*size)).collect()).collect(),
        rows: too_small(&row_sums),
        columns: too_small(&column_sums),
        everything: false,
    };
    loop {
        let next = match lonely(sizes, &hidden) {
            Next::Safe => told(sizes, &row_sums, &column_sums, &hidden),
            other => other,
        };
        match next {
            Next::Safe => return hidden,
            Next::Withhold(row, column) => hidden.cells[row][column] = true,
            Next::Nothing => return Withheld::all(height, width),
        }
    }
}

/// What a table still needs.
#[derive(Debug, Clone, Copy)]
enum Next {
    Safe,
    /// This cell too.
    Withhold(usize, usize),
    /// Another cell, but there is none left.
    Nothing,
}

impl Next {
    fn of(cell: Option<(usize, usize)>) -> Self {
        cell.map_or(Self::Nothing, |(row, column)| Self::Withhold(row, column))
    }
}

/// Another cell to be withheld where a row or column whose sum shows withholds one number alone, or fewer than ten people in all.
fn lonely(sizes: &[Vec<i64>], hidden: &Withheld) -> Next {
    let width = hidden.columns.len();
    let lines = (0..sizes.len())
        .filter(|row| !hidden.rows[*row])
        .map(|row| (0..width).map(|column| (row, column)).collect::<Vec<_>>())
        .chain((0..width).filter(|column| !hidden.columns[*column]).map(|column| (0..sizes.len()).map(|row| (row, column)).collect()));
    for line in lines {
        let withheld = || line.iter().filter(|(row, column)| hidden.cells[*row][*column]);
        let (number, people) = (withheld().count(), withheld().map(|(row, column)| sizes[*row][*column]).sum::<i64>());
        if number > 0 && (number == 1 || people < SMALLEST_SHOWN) {
            return Next::of(smallest(sizes, hidden, line.into_iter()));
        }
    }
    Next::Safe
}

/// Of these cells the smallest that shows and holds somebody.
fn smallest(sizes: &[Vec<i64>], hidden: &Withheld, cells: impl Iterator<Item = (usize, usize)>) -> Option<(usize, usize)> {
    cells.filter(|(row, column)| !hidden.cells[*row][*column] && sizes[*row][*column] > 0).min_by_key(|(row, column)| sizes[*row][*column])
}

/// Another cell to be withheld where a small group can be worked out from the sums.
fn told(sizes: &[Vec<i64>], row_sums: &[i64], column_sums: &[i64], hidden: &Withheld) -> Next {
    let (height, width) = (sizes.len(), hidden.columns.len());
    // Nodes: rows, the sum of rows, columns, the sum of columns.
    let column_node = |column: usize| height + 1 + column;
    let mut edges = Vec::new();
    for row in 0..height {
        edges.extend((0..width).filter(|column| hidden.cells[row][*column]).map(|column| (row, column_node(column), sizes[row][column])));
        if hidden.rows[row] {
            edges.push((row, column_node(width), row_sums[row]));
        }
    }
    edges.extend((0..width).filter(|column| hidden.columns[*column]).map(|column| (height, column_node(column), column_sums[column])));
    let Some(bridge) = bridges(height + width + 2, &edges).into_iter().find(|edge| is_small(edges[*edge].2)) else { return Next::Safe };
    let (row, column) = (edges[bridge].0, edges[bridge].1 - height - 1);
    let beside = (0..height).flat_map(|r| (0..width).map(move |c| (r, c))).filter(|(r, c)| *r == row || *c == column);
    let anywhere = (0..height).flat_map(|r| (0..width).map(move |c| (r, c)));
    Next::of(smallest(sizes, hidden, beside).or_else(|| smallest(sizes, hidden, anywhere)))
}

/// The edges without which two parts of the graph would not hang together.
fn bridges(nodes: usize, edges: &[(usize, usize, i64)]) -> Vec<usize> {
    let mut around: Vec<Vec<(usize, usize)>> = vec![Vec::new(); nodes];
    for (number, (one, other, _)) in edges.iter().enumerate() {
        around[*one].push((*other, number));
        around[*other].push((*one, number));
    }
    let (mut found, mut lowest) = (vec![0; nodes], vec![0; nodes]);
    let (mut time, mut bridges) = (0, Vec::new());
    for start in 0..nodes {
        if found[start] != 0 {
            continue;
        }
        time += 1;
        (found[start], lowest[start]) = (time, time);
        // Node, the edge by which it was reached, how many of its neighbours were looked at.
        let mut path = vec![(start, usize::MAX, 0)];
        while let Some((node, by, looked)) = path.last_mut() {
            if let Some((next, edge)) = around[*node].get(*looked).copied() {
                *looked += 1;
                if edge == *by {
                    continue;
                }
                if found[next] == 0 {
                    time += 1;
                    (found[next], lowest[next]) = (time, time);
                    path.push((next, edge, 0));
                } else {
                    lowest[*node] = lowest[*node].min(found[next]);
                }
            } else {
                let (node, by) = (*node, *by);
                path.pop();
                if let Some((above, ..)) = path.last() {
                    lowest[*above] = lowest[*above].min(lowest[node]);
                    if lowest[node] > found[*above] {
                        bridges.push(by);
                    }
                }
            }
        }
    }
    bridges
}

#[cfg(test)]
mod tests {
    use super::{Withheld, is_small, withheld};
    use crate::kernel::Chance;

    const PRIME: i64 = 1_000_003;

    fn inverse(number: i64) -> i64 {
        let (mut result, mut base, mut power) = (1, number.rem_euclid(PRIME), PRIME - 2);
        while power > 0 {
            if power & 1 == 1 {
                result = result * base % PRIME;
            }
            base = base * base % PRIME;
            power >>= 1;
        }
        result
    }

    /// Which of the withheld numbers the sums tell, by solving the equations: another way than the one above.
    fn solved(sizes: &[Vec<i64>], hidden: &Withheld) -> Vec<(usize, usize)> {
        let (height, width) = (sizes.len(), sizes[0].len());
        let is_hidden = |row: usize, column: usize| match (row == height, column == width) {
            (false, false) => hidden.cells[row][column],
            (false, true) => hidden.rows[row],
            (true, false) => hidden.columns[column],
            (true, true) => false,
        };
        let unknown: Vec<(usize, usize)> =
            (0..=height).flat_map(|r| (0..=width).map(move |c| (r, c))).filter(|(r, c)| is_hidden(*r, *c)).collect();
        let sign = |row: usize, column: usize| if row == height || column == width { PRIME - 1 } else { 1 };
        let mut equations: Vec<Vec<i64>> = Vec::new();
        for row in 0..height {
            equations.push(unknown.iter().map(|(r, c)| if *r == row { sign(0, if *c == width { width } else { 0 }) } else { 0 }).collect());
        }
        for column in 0..width {
            equations
                .push(unknown.iter().map(|(r, c)| if *c == column { sign(if *r == height { height } else { 0 }, 0) } else { 0 }).collect());
        }
        // The sums of rows, and those of columns, make up the total, which shows.
        equations.push(unknown.iter().map(|(_, c)| i64::from(*c == width)).collect());
        equations.push(unknown.iter().map(|(r, _)| i64::from(*r == height)).collect());
        let mut done = 0;
        for column in 0..unknown.len() {
            let Some(pivot) = (done..equations.len()).find(|at| equations[*at][column] != 0) else { continue };
            equations.swap(done, pivot);
            let scale = inverse(equations[done][column]);
            for value in &mut equations[done] {
                *value = *value * scale % PRIME;
            }
            let line = equations[done].clone();
            for (at, equation) in equations.iter_mut().enumerate() {
                if at != done && equation[column] != 0 {
                    let times = equation[column];
                    for (value, of) in equation.iter_mut().zip(&line) {
                        *value = (*value - times * of).rem_euclid(PRIME);
                    }
                }
            }
            done += 1;
        }
        let single = |equation: &&Vec<i64>| equation.iter().filter(|value| **value != 0).count() == 1;
        equations.iter().filter(single).filter_map(|equation| equation.iter().position(|value| *value != 0)).map(|at| unknown[at]).collect()
    }

    #[test]
    fn no_small_group_shows_or_can_be_worked_out_from_the_rest() {
        let mut chance = Chance::seeded(7);
        let (mut safe, mut whole) = (0, 0);
        for _ in 0..3_000 {
            let (height, width) = (2 + chance.below(5), 2 + chance.below(5));
            let mut size = || match chance.below(4) {
                0 => 0,
                1 => i64::try_from(1 + chance.below(9)).unwrap(),
                _ => i64::try_from(10 + chance.below(40)).unwrap(),
            };
            let sizes: Vec<Vec<i64>> = (0..height).map(|_| (0..width).map(|_| size()).collect()).collect();
            let hidden = withheld(&sizes);
            if hidden.everything {
                whole += 1;
                continue;
            }
            safe += 1;
            let sums: Vec<i64> = sizes.iter().map(|row| row.iter().sum()).collect();
            for (row, line) in sizes.iter().enumerate() {
                assert!(!is_small(sums[row]) || hidden.rows[row]);
                for (column, size) in line.iter().enumerate() {
                    assert!(!is_small(*size) || hidden.cells[row][column], "{sizes:?}");
                }
            }
            for (row, column) in solved(&sizes, &hidden) {
                let size = match (row == sizes.len(), column == sizes[0].len()) {
                    (false, false) => sizes[row][column],
                    (false, true) => sums[row],
                    _ => sizes.iter().map(|line| line[column]).sum(),
                };
                assert!(!is_small(size), "{size} at {row}, {column} can be worked out: {sizes:?} {hidden:?}");
            }
        }
        assert!(safe > 2_000 && whole < 900, "{safe} tables could be shown in part, {whole} not at all");
    }

    #[test]
    fn a_table_of_large_groups_shows_and_one_of_few_people_does_not() {
        assert!(!withheld(&[vec![10, 20], vec![30, 0]]).anything());
        assert!(withheld(&[vec![4, 5]]).everything);
        let one = withheld(&[vec![50, 9, 30], vec![40, 60, 70], vec![80, 90, 20]]);
        assert!(one.cells[0][1] && one.cells.iter().flatten().filter(|hidden| **hidden).count() >= 4, "{one:?}");
    }
}
