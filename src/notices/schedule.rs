//! When duties are told of: at once, before the last day, on it, and while they are late. A director can change it.

use super::store;
use crate::audit;
use crate::db::Tx;
use crate::kernel::problem::Checks;
use crate::kernel::{Actor, Problem, Result};

/// The days and the hour, on the district's calendar and clock.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Schedule {
    /// From this hour on mails go out, 0 to 20.
    pub hour: i64,
    /// So many days before the last day; 0: on the day itself.
    pub before: Vec<i64>,
    /// Once late: the day after, and then every so many days; 0: not at all.
    pub late_every: i64,
    /// The leaders of the school are told once a duty is so many days late, and each week after; 0: never.
    pub leaders_after: i64,
}

/// A duty is reminded of so often once it is late; after that its school's leaders see to it.
pub const LATE_MOST: i64 = 8;

impl Default for Schedule {
    fn default() -> Self {
        Self { hour: 7, before: vec![7, 1, 0], late_every: 7, leaders_after: 7 }
    }
}

impl Schedule {
    /// Days are put in order.
    ///
    /// # Errors
    /// `Invalid`, by field, for what nobody can mean.
    pub fn checked(mut self) -> Result<Self> {
        self.before.sort_unstable_by(|a, b| b.cmp(a));
        self.before.dedup();
        let mut checks = Checks::default();
        checks.require((0..=20).contains(&self.hour), "hour", "Choose an hour from 0 to 20.");
        checks.require(
            self.before.len() <= 6 && self.before.iter().all(|d| (0..=60).contains(d)),
            "before",
            "Write up to six numbers of days from 0 to 60, such as 7, 1, 0.",
        );
        checks.require((0..=60).contains(&self.late_every), "late_every", "Write a number of days from 1 to 60, or 0 for none.");
        checks.require((0..=180).contains(&self.leaders_after), "leaders_after", "Write a number of days from 1 to 180, or 0 for never.");
        checks.done()?;
        Ok(self)
    }
}

/// The district's schedule.
pub async fn get(tx: &mut Tx) -> Result<Schedule> {
    match store::setting(tx).await? {
        None => Ok(Schedule::default()),
        Some(setting) => setting.schedule(),
    }
}

/// Puts another in its place; it holds from the next morning on. For directors.
///
/// # Errors
/// `NotFound` for others; `Invalid` as [`Schedule::checked`].
pub async fn set(tx: &mut Tx, actor: &Actor, schedule: Schedule) -> Result<()> {
    if !actor.is_director() {
        return Err(Problem::NotFound);
    }
    let schedule = schedule.checked()?;
    store::set_schedule(tx, &schedule).await?;
    audit::record(tx, actor, "notices.schedule", "", &schedule).await
}
