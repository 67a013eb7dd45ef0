//! The audit's figures, from the ledger alone: now or as of any day, by school, role or grade, within the reader's reach.

use serde::Serialize;
use uuid::Uuid;

use super::store;
use crate::db::Tx;
use crate::kernel::{Actor, Day, OrgId, Problem, Reach, Result};

/// Counts of one group under one requirement at the end of a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub open: i64,
    /// The part of `open` whose last day is past.
    pub late: i64,
    pub fulfilled: i64,
    pub declined: i64,
    pub exempt: i64,
}

impl Counts {
    /// Everybody who is asked: open, fulfilled and declined. The exempt are not asked.
    pub fn asked(self) -> i64 {
        self.open + self.fulfilled + self.declined
    }

    /// Everybody it is about, the exempt too.
    pub fn people(self) -> i64 {
        self.asked() + self.exempt
    }

    /// The share that agreed or completed, in tenths of a percent, rounded down, so that 100 % means everybody; `None` where nobody
    /// is asked.
    pub fn per_mille(self) -> Option<i64> {
        (self.asked() > 0).then(|| self.fulfilled * 1000 / self.asked())
    }

    pub(super) fn add(&mut self, state: &str, late: bool, number: i64) {
        match state {
            "open" => {
                self.open += number;
                if late {
                    self.late += number;
                }
            }
            "fulfilled" => self.fulfilled += number,
            "declined" => self.declined += number,
            _ => self.exempt += number,
        }
    }

    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            open: self.open + other.open,
            late: self.late + other.late,
            fulfilled: self.fulfilled + other.fulfilled,
            declined: self.declined + other.declined,
            exempt: self.exempt + other.exempt,
        }
    }
}

/// By what a figure is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    School,
    Role,
    Grade,
}

impl By {
    pub const ALL: [Self; 3] = [Self::School, Self::Role, Self::Grade];

    pub fn name(self) -> &'static str {
        match self {
            Self::School => "school",
            Self::Role => "role",
            Self::Grade => "grade",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|b| b.name() == name)
    }
}

/// One line of a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What opens the people behind it: a school's uid, a role, a grade.
    pub key: String,
    /// A school's name; for a role or grade the same as the key.
    pub label: String,
    pub counts: Counts,
}

/// Orgs within the actor's reach; figures of a section's reach are counted from its people, not from the ledger.
pub(super) fn orgs(actor: &Actor) -> Result<&[OrgId]> {
    match &actor.reach {
        Reach::Orgs(orgs) => Ok(orgs),
        Reach::Sections(_) | Reach::Own => Err(Problem::NotFound),
    }
}

/// One requirement's counts at the end of `day`, within the actor's reach.
///
/// # Errors
/// `NotFound` for an actor without reach over orgs.
pub async fn total(tx: &mut Tx, actor: &Actor, requirement: Uuid, day: Day) -> Result<Counts> {
    Ok(lines(tx, actor, requirement, day, By::Role).await?.into_iter().fold(Counts::default(), |sum, line| sum.plus(line.counts)))
}

/// One requirement's counts at the end of `day`, divided by school, role or grade, the smallest share first.
pub async fn lines(tx: &mut Tx, actor: &Actor, requirement: Uuid, day: Day, by: By) -> Result<Vec<Line>> {
    let orgs = orgs(actor)?;
    let rows = store::figures(tx, requirement, day, orgs, by).await?;
    let mut lines: Vec<Line> = Vec::new();
    for row in rows {
        if lines.last().is_none_or(|line| line.key != row.key) {
            lines.push(Line { key: row.key.clone(), label: row.label.clone(), counts: Counts::default() });
        }
        if let Some(line) = lines.last_mut() {
            line.counts.add(&row.state, row.late, row.number);
        }
    }
    lines.retain(|line| line.counts != Counts::default());
    // A group in which nobody is asked has no share and stands last.
    lines.sort_by(|a, b| {
        let (first, second) = (a.counts.per_mille(), b.counts.per_mille());
        first.is_none().cmp(&second.is_none()).then_with(|| first.cmp(&second)).then_with(|| a.label.cmp(&b.label))
    });
    Ok(lines)
}

/// A group smaller than this is not shown to whoever may see figures alone: its share would tell of single people.
pub const SMALLEST_SHOWN: i64 = 10;

/// For each line whether its numbers must be withheld from a reader who may see no people.
pub fn withheld(lines: &[Line]) -> Vec<bool> {
    too_small(&lines.iter().map(|line| line.counts.people()).collect::<Vec<_>>())
}

/// For groups of these sizes, whose total is shown, which must be withheld: the small ones, and the next smallest with them as long as one
/// alone, or fewer than ten people in all, would be told by the total less the others.
pub fn too_small(sizes: &[i64]) -> Vec<bool> {
    let mut hide: Vec<bool> = sizes.iter().map(|size| (1..SMALLEST_SHOWN).contains(size)).collect();
    loop {
        let hidden = || sizes.iter().zip(&hide).filter(|(_, hidden)| **hidden).map(|(size, _)| *size);
        let number = hidden().count();
        if number == 0 || (number > 1 && hidden().sum::<i64>() >= SMALLEST_SHOWN) {
            return hide;
        }
        let next = (0..sizes.len()).filter(|at| !hide[*at] && sizes[*at] > 0).min_by_key(|at| sizes[*at]);
        let Some(next) = next else { return hide };
        hide[next] = true;
    }
}

/// The share day by day, from the requirement's first day to `until`: day, fulfilled, asked.
pub async fn trend(tx: &mut Tx, actor: &Actor, requirement: Uuid, until: Day) -> Result<Vec<(Day, i64, i64)>> {
    let orgs = orgs(actor)?;
    let (mut fulfilled, mut asked) = (0, 0);
    let mut points = Vec::new();
    for (day, fulfilled_change, asked_change) in store::trend(tx, requirement, until, orgs).await? {
        fulfilled += fulfilled_change;
        asked += asked_change;
        points.push((day, fulfilled, asked));
    }
    Ok(points)
}

#[cfg(test)]
mod tests {
    use super::{Counts, Line, withheld};

    #[test]
    fn a_small_group_is_withheld_and_so_is_the_one_that_would_tell_it() {
        let line = |open| Line { key: String::new(), label: String::new(), counts: Counts { open, ..Counts::default() } };
        assert_eq!(withheld(&[line(50), line(9), line(30)]), [false, true, true]);
        assert_eq!(withheld(&[line(50), line(9), line(3)]), [false, true, true]);
        // Four and three would be told to be seven together.
        assert_eq!(withheld(&[line(50), line(4), line(3), line(12)]), [false, true, true, true]);
        assert_eq!(withheld(&[line(50), line(10)]), [false, false]);
    }

    #[test]
    fn a_hundred_percent_means_everybody() {
        let counts = Counts { open: 1, fulfilled: 99_999, ..Counts::default() };
        assert_eq!(counts.per_mille(), Some(999));
        assert_eq!(Counts::default().per_mille(), None);
    }

    #[test]
    fn who_is_exempt_is_not_asked() {
        assert_eq!(Counts { fulfilled: 5, exempt: 5, ..Counts::default() }.per_mille(), Some(1000));
    }
}
