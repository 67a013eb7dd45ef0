//! Time as the product means it. A [`Moment`] is an instant in UTC, kept as whole microseconds; a [`Day`] is a date of the
//! district's calendar. Both are integers in the database, so that the same SQL sorts and compares them on SQLite and PostgreSQL.
//! A due day ends at midnight in the district's [`Zone`].

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::civil;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// An instant: microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, sqlx::Type)]
#[sqlx(transparent, no_pg_array)]
#[serde(transparent)]
pub struct Moment(pub i64);

impl Moment {
    fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// RFC 3339 in UTC with microseconds, always of the same length: `2026-09-18T14:03:22.000000Z`.
    pub fn rfc3339(self) -> String {
        format!("{:.6}", self.timestamp())
    }

    /// The reverse of [`Moment::rfc3339`]; any RFC 3339 text is read.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<Timestamp>().ok().map(|t| Self(t.as_microsecond()))
    }

    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    pub fn seconds_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0) / 1_000_000
    }
}

/// A date: days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, sqlx::Type)]
#[sqlx(transparent, no_pg_array)]
#[serde(transparent)]
pub struct Day(pub i64);

const EPOCH: civil::Date = civil::date(1970, 1, 1);

impl Day {
    pub fn of(year: i16, month: i8, day: i8) -> Option<Self> {
        civil::Date::new(year, month, day).ok().map(Self::from_date)
    }

    fn from_date(date: civil::Date) -> Self {
        Self(date.since(EPOCH).map_or(0, |span| i64::from(span.get_days())))
    }

    pub fn date(self) -> civil::Date {
        EPOCH.checked_add(i32::try_from(self.0).unwrap_or(0).days()).unwrap_or(EPOCH)
    }

    /// `YYYY-MM-DD`.
    pub fn iso(self) -> String {
        self.date().to_string()
    }

    /// Reads `YYYY-MM-DD`, as date fields of a form send it.
    pub fn parse_iso(text: &str) -> Option<Self> {
        let text = text.trim();
        (text.len() == 10).then(|| text.parse::<civil::Date>().ok().map(Self::from_date)).flatten()
    }

    #[must_use]
    pub fn plus(self, days: i64) -> Self {
        Self(self.0 + days)
    }

    /// Days from `self` until `later`; negative when `later` is earlier.
    pub fn until(self, later: Self) -> i64 {
        later.0 - self.0
    }

    pub fn year(self) -> i16 {
        self.date().year()
    }

    /// The school year that the day lies in, named by the year in which it ends: 1 July 2026 to 30 June 2027 is 2027.
    pub fn school_year(self) -> i16 {
        let date = self.date();
        if date.month() >= 7 { date.year() + 1 } else { date.year() }
    }

    /// First day (1 July) of the school year that ends in `year`.
    pub fn school_year_start(year: i16) -> Self {
        Self::of(year - 1, 7, 1).unwrap_or(Self(0))
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.iso())
    }
}

impl std::str::FromStr for Day {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::parse_iso(text).ok_or_else(|| format!("“{text}” is not a date: write it as YYYY-MM-DD, for example 2026-10-01"))
    }
}

/// The district's time zone, by its IANA name.
#[derive(Debug, Clone)]
pub struct Zone(TimeZone);

impl Zone {
    /// `America/Chicago` and the like; `None` for a name that the time zone database doesn't hold.
    pub fn named(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(Self)
    }

    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// Its IANA name.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The district's date at that instant.
    pub fn day(&self, at: Moment) -> Day {
        Day::from_date(at.timestamp().to_zoned_datetime(self.0.clone()).date())
    }

    /// Hour and minute on the district's clock.
    pub fn time_of_day(&self, at: Moment) -> (i8, i8) {
        let zoned = at.timestamp().to_zoned_datetime(self.0.clone());
        (zoned.hour(), zoned.minute())
    }

    /// The first instant of that day: local midnight (or the first moment after a gap).
    pub fn start_of(&self, day: Day) -> Moment {
        day.date().to_zoned_datetime(self.0.clone()).map_or(Moment(day.0 * 86_400_000_000), |z| Moment(z.timestamp().as_microsecond()))
    }

    /// That local wall-clock time on that day.
    pub fn at(&self, day: Day, hour: i8, minute: i8) -> Moment {
        day.date()
            .at(hour, minute, 0, 0)
            .to_zoned_datetime(self.0.clone())
            .map_or_else(|_| self.start_of(day), |z| Moment(z.timestamp().as_microsecond()))
    }
}

/// Where "now" comes from. It is handed in: programs use the system's clock, tests and the demo set their own.
#[derive(Debug, Clone, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    pub fn system() -> Self {
        Self(None)
    }

    /// A clock that stands still until it is set again; clones share it.
    pub fn standing(at: Moment) -> Self {
        Self(Some(Arc::new(AtomicI64::new(at.0))))
    }

    /// Moves a standing clock. The system's clock can't be moved: nothing happens.
    pub fn set(&self, at: Moment) {
        if let Some(time) = &self.0 {
            time.store(at.0, Ordering::SeqCst);
        }
    }

    pub fn now(&self) -> Moment {
        match &self.0 {
            Some(time) => Moment(time.load(Ordering::SeqCst)),
            #[allow(clippy::disallowed_methods)] // the one place that reads the system's clock
            None => Moment(Timestamp::now().as_microsecond()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_due_day_begins_and_ends_at_local_midnight() {
        let zone = Zone::named("America/Chicago").unwrap();
        let day = Day::of(2026, 10, 1).unwrap();
        assert_eq!(zone.start_of(day).rfc3339(), "2026-10-01T05:00:00.000000Z");
        assert_eq!(zone.day(Moment(zone.start_of(day).0 - 1)), day.plus(-1));
    }

    #[test]
    fn the_day_that_loses_an_hour_is_one_day_long() {
        let zone = Zone::named("America/New_York").unwrap();
        let day = Day::of(2026, 3, 8).unwrap();
        assert_eq!(zone.start_of(day.plus(1)).seconds_since(zone.start_of(day)), 23 * 3600);
    }

    #[test]
    fn a_school_year_is_named_by_the_year_it_ends() {
        assert_eq!(Day::of(2026, 7, 1).unwrap().school_year(), 2027);
        assert_eq!(Day::of(2026, 6, 30).unwrap().school_year(), 2026);
    }

    #[test]
    fn moments_survive_being_written_down() {
        let at = Moment(1_790_000_000_123_456);
        assert_eq!(Moment::parse(&at.rfc3339()), Some(at));
    }
}
