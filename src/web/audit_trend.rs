//! The share over time as a small drawing (inline SVG) and as a table that says the same.

use super::shell::Shell;
use crate::kernel::Day;

/// The drawing's size; the share's 100 % lies at `TOP`, 0 % at `BOTTOM`.
const WIDTH: i64 = 300;
const TOP: i64 = 20;
const BOTTOM: i64 = 140;
/// The most days that are drawn and listed: more are thinned evenly.
const MOST: usize = 120;

pub struct Point {
    pub day: String,
    pub share: String,
    pub fraction: String,
}

pub struct Trend {
    pub heading: String,
    pub path: String,
    pub goal_y: i64,
    pub goal_text_y: i64,
    pub goal_text: String,
    pub last_y: i64,
    pub last_text: String,
    /// What the drawing shows, in words.
    pub label: String,
    pub points: Vec<Point>,
}

impl Trend {
    /// From day, fulfilled and asked to a drawing that ends on `until`; `None` before there are two days to draw.
    pub fn of(shell: &Shell, points: &[(Day, i64, i64)], goal: i64, until: Day) -> Option<Self> {
        let mut points: Vec<(Day, i64, i64)> = points.iter().copied().filter(|(_, _, asked)| *asked > 0).collect();
        let (first, last) = (*points.first()?, *points.last()?);
        if last.0 < until {
            points.push((until, last.1, last.2));
        }
        let days = first.0.until(until);
        if days < 1 {
            return None;
        }
        let step = points.len().div_ceil(MOST);
        let newest = points.len() - 1;
        let points: Vec<_> = points.into_iter().enumerate().filter(|(i, _)| i % step == 0 || *i == newest).map(|(_, p)| p).collect();
        let mut path = Vec::new();
        for (day, done, asked) in &points {
            let x = first.0.until(*day) * WIDTH / days;
            let letter = if path.is_empty() { 'M' } else { 'L' };
            path.push(format!("{letter}{x} {}", height(done * 1000 / asked)));
        }
        let share = |(_, done, asked): (Day, i64, i64)| shell.locale.per_mille(done * 1000 / asked);
        let goal_y = height(goal * 10);
        let last_y = height(last.1 * 1000 / last.2);
        Some(Self {
            heading: shell.tv("audit-trend-since", "day", shell.day(&first.0)),
            path: path.concat(),
            goal_y,
            goal_text_y: goal_y - 6,
            goal_text: shell.tv("audit-goal", "goal", goal),
            last_y: if last_y < BOTTOM - 24 { last_y + 18 } else { last_y - 8 },
            last_text: share(last),
            label: super::words::say_with(
                shell.locale,
                "audit-trend-label",
                &[
                    ("first", share(first).into()),
                    ("from", shell.day(&first.0).into()),
                    ("last", share(last).into()),
                    ("until", shell.day(&until).into()),
                    ("goal", goal.into()),
                ],
            ),
            points: points
                .iter()
                .rev()
                .map(|p| Point {
                    day: shell.day(&p.0),
                    share: share(*p),
                    fraction: shell.tvv("audit-fraction", "done", shell.number(&p.1), "asked", shell.number(&p.2)),
                })
                .collect(),
        })
    }
}

fn height(per_mille: i64) -> i64 {
    BOTTOM - per_mille * (BOTTOM - TOP) / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_drawing_runs_from_the_first_day_to_the_day_asked_for() {
        let shell = Shell::bare(String::new());
        let trend = Trend::of(&shell, &[(Day(100), 0, 10), (Day(105), 5, 10)], 95, Day(110)).unwrap();
        assert_eq!(trend.path, "M0 140L150 80L300 80");
        assert_eq!(trend.points.len(), 3);
        assert!(Trend::of(&shell, &[(Day(100), 0, 10)], 95, Day(100)).is_none());
        let long: Vec<_> = (0..1000).map(|d| (Day(d), d, 1000)).collect();
        assert!(Trend::of(&shell, &long, 95, Day(999)).unwrap().points.len() <= MOST + 1);
    }
}
