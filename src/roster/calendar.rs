//! The district's calendar: the days on which nothing goes its usual way, weekends and the holidays that the district has named, and the hours
//! between which its offices are open on all others. No mail goes out on a quiet day, and no clock of business hours runs on one.

use std::collections::BTreeMap;

use jiff::civil::Weekday;

use super::store;
use crate::audit;
use crate::db::Tx;
use crate::kernel::problem::Checks;
use crate::kernel::{Actor, Day, Moment, Problem, Result, Zone};

/// The longest name of a holiday, in characters.
const LONGEST_NAME: usize = 80;
/// No holiday lasts longer than so many days in a row: a calendar without a school day in it is a mistake.
const LONGEST_QUIET: i64 = 120;

/// Quiet days: of every week, and of the year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Days of the week, 1 Monday … 7 Sunday (ISO 8601).
    pub week: Vec<i64>,
    pub days: BTreeMap<Day, String>,
    /// Minutes after local midnight at which offices open.
    pub opens: i64,
    /// And close; later than `opens`.
    pub closes: i64,
}

impl Default for Calendar {
    fn default() -> Self {
        Self { week: vec![6, 7], days: BTreeMap::new(), opens: 8 * 60, closes: 16 * 60 }
    }
}

fn weekday(day: Day) -> i64 {
    i64::from(Weekday::to_monday_one_offset(day.date().weekday()))
}

impl Calendar {
    pub fn is_quiet(&self, day: Day) -> bool {
        self.week.contains(&weekday(day)) || self.days.contains_key(&day)
    }

    /// The first day after `day` that isn't quiet. After four months of quiet it is the next one whatever it is.
    pub fn after(&self, day: Day) -> Day {
        (1..=LONGEST_QUIET).map(|n| day.plus(n)).find(|d| !self.is_quiet(*d)).unwrap_or(day.plus(1))
    }

    /// How many minutes of business a day has.
    pub fn business_day(&self) -> i64 {
        self.closes - self.opens
    }

    /// The moment at which so many minutes of business have passed since `from`, on the clocks of that zone. What comes in while offices are
    /// closed counts from the next opening. So a whole business day later is the same time of day on the next day of business.
    pub fn after_business(&self, zone: &Zone, from: Moment, minutes: i64) -> Moment {
        let at = |day: Day, minutes: i64| {
            let (hour, minute) = (i8::try_from(minutes / 60).unwrap_or(0), i8::try_from(minutes % 60).unwrap_or(0));
            if minutes >= 24 * 60 { zone.start_of(day.plus(1)) } else { zone.at(day, hour, minute) }
        };
        let (mut left, mut day) = (minutes.max(0) * 60, zone.day(from));
        loop {
            let (start, end) = (at(day, self.opens).max(from), at(day, self.closes));
            let room = end.seconds_since(start);
            if !self.is_quiet(day) && room > 0 {
                if left <= room {
                    return start.plus_seconds(left);
                }
                left -= room;
            }
            day = if self.is_quiet(day.plus(1)) { self.after(day) } else { day.plus(1) };
        }
    }

    /// Reads one holiday a line, `2026-11-26 Thanksgiving` or `2026-12-21..2027-01-01 Winter break`.
    ///
    /// # Errors
    /// `Invalid` (`days`) that names each line which can't be read.
    pub fn read_days(text: &str) -> Result<BTreeMap<Day, String>> {
        let mut checks = Checks::default();
        let mut days = BTreeMap::new();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let (when, name) = line.trim().split_once(char::is_whitespace).unwrap_or((line.trim(), ""));
            let (first, last) = when.split_once("..").unwrap_or((when, when));
            let name = name.trim();
            match (Day::parse_iso(first), Day::parse_iso(last)) {
                (Some(first), Some(last)) if first <= last && first.until(last) < LONGEST_QUIET && name.chars().count() <= LONGEST_NAME => {
                    days.extend((0..=first.until(last)).map(|n| (first.plus(n), name.to_owned())));
                }
                _ => checks.say(
                    "days",
                    format!(
                        "Line {}, “{}”: write a day and a name, such as 2026-11-26 Thanksgiving, or 2026-12-21..2027-01-01 Winter break",
                        number + 1,
                        line.trim().chars().take(60).collect::<String>()
                    ),
                ),
            }
        }
        checks.done()?;
        Ok(days)
    }

    /// The holidays as [`Self::read_days`] reads them, days in a row in one line.
    pub fn write_days(&self) -> String {
        let mut lines: Vec<(Day, Day, &str)> = Vec::new();
        for (day, name) in &self.days {
            match lines.last_mut() {
                Some((_, last, same)) if last.plus(1) == *day && *same == name => *last = *day,
                _ => lines.push((*day, *day, name)),
            }
        }
        let line = |(first, last, name): &(Day, Day, &str)| {
            let when = if first == last { first.iso() } else { format!("{}..{}", first.iso(), last.iso()) };
            format!("{when} {name}").trim_end().to_owned()
        };
        lines.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

/// The calendar of the district.
pub async fn get(tx: &mut Tx) -> Result<Calendar> {
    let mut calendar = Calendar::default();
    if let Some((week, opens, closes)) = store::office(tx).await? {
        let wrong = |e| Problem::internal("table district, column quiet_week: no list of numbers", e);
        calendar = Calendar { week: serde_json::from_str::<Vec<i64>>(&week).map_err(wrong)?, opens, closes, ..calendar };
    }
    calendar.days = store::quiet_days(tx).await?.into_iter().collect();
    Ok(calendar)
}

/// Puts other quiet days in their place; office hours stay. For directors.
///
/// # Errors
/// `NotFound` for others; `Invalid` (`week`) where no day of the week is left.
pub async fn set(tx: &mut Tx, actor: &Actor, calendar: Calendar) -> Result<()> {
    if !actor.is_director() {
        return Err(Problem::NotFound);
    }
    let mut week = calendar.week;
    week.sort_unstable();
    week.dedup();
    let mut checks = Checks::default();
    checks.require(week.iter().all(|d| (1..=7).contains(d)), "week", "days of the week are numbers from 1 (Monday) to 7 (Sunday)");
    checks.require(week.len() < 7, "week", "Leave at least one day of the week on which mails go out.");
    checks.done()?;
    store::set_week(tx, &week).await?;
    store::set_quiet_days(tx, &calendar.days.iter().map(|(day, name)| (*day, name.clone())).collect::<Vec<_>>()).await?;
    let detail = serde_json::json!({ "week": week, "days": calendar.days.len() });
    audit::record(tx, actor, "notices.calendar", "", detail).await
}

/// Says when offices open and close, in minutes after local midnight. For directors.
///
/// # Errors
/// `NotFound` for others; `Invalid` (`opens`) unless they close later on the same day.
pub async fn set_office(tx: &mut Tx, actor: &Actor, opens: i64, closes: i64) -> Result<()> {
    if !actor.is_director() {
        return Err(Problem::NotFound);
    }
    if !(0 <= opens && opens + 60 <= closes && closes <= 24 * 60) {
        return Err(Problem::invalid("opens", "Offices close at least an hour after they open, on the same day."));
    }
    store::set_office(tx, opens, closes).await?;
    audit::record(tx, actor, "district.office_hours", "", serde_json::json!({ "opens": opens, "closes": closes })).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).unwrap()
    }

    #[test]
    fn weekends_and_holidays_are_quiet() {
        let days = Calendar::read_days("2026-11-26 Thanksgiving\n\n2026-12-21..2027-01-01 Winter break\n").unwrap();
        let calendar = Calendar { days, ..Calendar::default() };
        assert!(calendar.is_quiet(day("2026-11-26")) && !calendar.is_quiet(day("2026-11-27")) && calendar.is_quiet(day("2026-11-28")));
        assert_eq!(calendar.after(day("2026-11-25")), day("2026-11-27"));
        assert_eq!(calendar.after(day("2026-12-18")), day("2027-01-04"));
        assert_eq!(calendar.write_days(), "2026-11-26 Thanksgiving\n2026-12-21..2027-01-01 Winter break");
    }

    #[test]
    fn a_line_that_can_t_be_read_is_named() {
        let Err(Problem::Invalid(errors)) = Calendar::read_days("2026-11-26 ok\nChristmas\n2027-01-05..2027-01-01 backwards") else {
            panic!("it was read")
        };
        assert_eq!(errors.len(), 2);
        assert!(errors[0].text.contains("Line 2, “Christmas”") && errors[1].text.contains("Line 3"), "{errors:?}");
    }

    #[test]
    fn business_hours_stand_still_at_night_on_weekends_and_on_holidays() {
        let zone = Zone::named("America/Chicago").unwrap();
        let calendar = Calendar { days: Calendar::read_days("2026-11-26..2026-11-27 Thanksgiving").unwrap(), ..Calendar::default() };
        let at = |date: &str, hour| zone.at(day(date), hour, 0);
        let after = |from, minutes| calendar.after_business(&zone, from, minutes);
        // Four hours, begun in the morning, in the afternoon, at night, on Saturday.
        assert_eq!(after(at("2026-11-23", 9), 240), at("2026-11-23", 13));
        assert_eq!(after(at("2026-11-23", 14), 240), at("2026-11-24", 10));
        assert_eq!(after(at("2026-11-23", 22), 240), at("2026-11-24", 12));
        assert_eq!(after(at("2026-11-21", 11), 240), at("2026-11-23", 12));
        // A whole day later is the same time of day; Thanksgiving and its weekend don't count.
        assert_eq!(after(at("2026-11-24", 10), calendar.business_day()), at("2026-11-25", 10));
        assert_eq!(after(at("2026-11-25", 10), calendar.business_day()), at("2026-11-30", 10));
        // The night in which the clocks change is none of it.
        assert_eq!(after(at("2026-10-30", 15), 120), at("2026-11-02", 9));
    }
}
