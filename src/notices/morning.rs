//! The first round of a school day: reminders are made from the duties as they stand. Nothing is planned ahead, so a duty that closed, moved or
//! got more time is reminded of as it is now, or not at all; and a day on which no machine ran is made up for.

use super::store::morning as store;
use super::{Schedule, schedule, store as settings};
use crate::db::Tx;
use crate::kernel::{Day, Result};
use crate::obligations::views;
use crate::queue::{self, Kind};
use crate::roster::{Calendar, District, calendar};

/// Policies are looked at again within so many days.
const REVIEW_AHEAD: i64 = 30;
/// Days on which no machine ran are made up for so far back.
const BACK: i64 = 30;

/// What a morning made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Made {
    pub due: u64,
    pub late: u64,
}

/// Whether mails may go out now: not on quiet days, and from the schedule's hour on.
pub async fn is_open(tx: &mut Tx, district: &District) -> Result<bool> {
    let (hour, _) = district.zone.time_of_day(tx.now());
    let (calendar, schedule) = (calendar::get(tx).await?, schedule::get(tx).await?);
    Ok(!calendar.is_quiet(district.today(tx.now())) && i64::from(hour) >= schedule.hour)
}

/// Whether this school day's reminders are still to be made. A reading transaction is enough.
pub async fn is_due(tx: &mut Tx, district: &District) -> Result<bool> {
    let today = district.today(tx.now());
    let through = settings::setting(tx).await?.and_then(|s| s.late_through);
    Ok(through.is_none_or(|through| through < today) && is_open(tx, district).await?)
}

/// Makes what is to be said this morning: once a day, on days that aren't quiet, from the schedule's hour on. `None` otherwise. Two machines
/// wait for each other.
pub async fn begin(tx: &mut Tx, district: &District) -> Result<Option<Made>> {
    settings::lock(tx).await?;
    if !is_due(tx, district).await? {
        return Ok(None);
    }
    let today = district.today(tx.now());
    let (calendar, schedule) = (calendar::get(tx).await?, schedule::get(tx).await?);
    let setting = settings::setting(tx).await?;
    let late_through = setting.as_ref().and_then(|s| s.late_through).unwrap_or(today.plus(-1));
    let before_through = setting.as_ref().and_then(|s| s.before_through).unwrap_or(today.plus(-1));
    let next = calendar.after(today);
    store::wake(tx).await?;
    let made = Made {
        due: before(tx, &schedule, today, (before_through.plus(1).max(today.plus(-BACK)), next.plus(-1))).await?,
        late: late(tx, &schedule, today, late_through.plus(1).max(today.plus(-BACK))).await?,
    };
    if is_first_of_the_week(&calendar, today) {
        leaders(tx, &schedule, today).await?;
        views(tx).await?;
    }
    reviews(tx, today).await?;
    settings::set_through(tx, next.plus(-1), today).await?;
    Ok(Some(made))
}

/// Reminders whose own day lies from today (or since the last morning) until the next school day. Of two for one duty the later one is made.
async fn before(tx: &mut Tx, schedule: &Schedule, today: Day, (from, to): (Day, Day)) -> Result<u64> {
    let mut made = 0;
    for open in store::open_days(tx).await? {
        let last = open.due.plus(-open.grace_days);
        let step = schedule.before.iter().filter(|days| last >= today && (from..=to).contains(&last.plus(-**days))).min();
        if let Some(step) = step {
            made += store::remind(tx, Kind::DutyDue.name(), open.requirement, open.due, *step, today).await?;
        }
    }
    Ok(made)
}

/// The day after the last day, and then as often as the schedule says.
async fn late(tx: &mut Tx, schedule: &Schedule, today: Day, from: Day) -> Result<u64> {
    if schedule.late_every == 0 {
        return Ok(0);
    }
    let mut made = 0;
    for open in store::open_days(tx).await? {
        // The number of the reminder that falls on the last of the days since the last morning.
        let since = open.due.plus(1).until(today);
        if since < 0 {
            continue;
        }
        let number = since / schedule.late_every;
        let falls = open.due.plus(1 + number * schedule.late_every);
        if number < schedule::LATE_MOST && falls >= from {
            made += store::remind(tx, Kind::DutyLate.name(), open.requirement, open.due, -(since + 1), today).await?;
        }
    }
    Ok(made)
}

fn is_first_of_the_week(calendar: &Calendar, today: Day) -> bool {
    let week = |day: Day| day.date().iso_week_date().week();
    !(1..7).map(|n| today.plus(-n)).any(|day| week(day) == week(today) && !calendar.is_quiet(day))
}

/// Views of the audit that somebody wants to see each week.
async fn views(tx: &mut Tx) -> Result<()> {
    for (view, account) in views::weekly(tx).await? {
        queue::put_to_account(tx, Kind::ViewWeekly, account, &serde_json::json!({ "view": view }), queue::AT_ONCE).await?;
    }
    Ok(())
}

/// Leaders of schools in which somebody has been late for long.
async fn leaders(tx: &mut Tx, schedule: &Schedule, today: Day) -> Result<()> {
    if schedule.leaders_after == 0 {
        return Ok(());
    }
    for school in store::late_schools(tx, today.plus(-schedule.leaders_after)).await? {
        queue::put_to_leaders_of(tx, Kind::DutyLeaders, school, &serde_json::json!({ "day": today })).await?;
    }
    Ok(())
}

/// Each review is told of once.
async fn reviews(tx: &mut Tx, today: Day) -> Result<()> {
    for (policy, day) in store::reviews(tx, today.plus(REVIEW_AHEAD)).await? {
        let subject = serde_json::json!({ "policy": policy, "day": day });
        if !store::was_said(tx, Kind::ReviewDue.name(), &subject.to_string()).await? {
            queue::put_to_directors(tx, Kind::ReviewDue, &subject).await?;
        }
    }
    Ok(())
}
