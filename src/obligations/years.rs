//! What the calendar brings by itself: dates of the roster that come, and school years that begin. Run once a day; a day that was
//! missed is made up for.

use super::causes::{self, Cause, CauseKind, DutyReport, Line, Outcome};
use super::requirements::{self, NewRequirement, Requirement, RequirementState, Window};
use super::{duties, store};
use crate::audit;
use crate::db::Tx;
use crate::kernel::{Actor, Day, Result};
use crate::roster::{self, Changes, District};

/// What a new day did.
#[derive(Debug, Default)]
pub struct NewDay {
    /// Who came, left, turned 18 or changed position by a date.
    pub followed: Option<DutyReport>,
    /// The requirements that were asked anew for a school year, with the number of people asked.
    pub renewed: Vec<(Requirement, i64)>,
}

/// The calendar itself: with a director's rights, and a name of its own in the records.
fn calendar(district: &District) -> Actor {
    Actor { name: "the calendar".into(), ..Actor::operator(vec![district.root]) }
}

/// Whether a day has begun whose dates haven't been followed.
pub async fn has_begun(tx: &mut Tx, district: &District) -> Result<bool> {
    let today = district.today(tx.now());
    Ok(store::last_day_seen(tx).await?.is_none_or(|seen| seen < today))
}

/// Follows the days since this was last run: whoever joins, leaves, turns 18 or changes position by a date that has come is looked at
/// again, and what is asked each school year is asked anew when one begins. Does nothing a second time on the same day.
pub async fn day_begins(tx: &mut Tx, district: &District) -> Result<NewDay> {
    let today = district.today(tx.now());
    let since = store::day_seen(tx).await?.unwrap_or(today.plus(-1));
    if since >= today {
        return Ok(NewDay::default());
    }
    let actor = calendar(district);
    let people = store::dates_come(tx, since, today).await?;
    let followed = duties::follow(tx, &actor, district, Changes { people }, Cause::of(CauseKind::Day, "")).await?;
    let renewed = renew(tx, &actor, district, today).await?;
    store::set_day_seen(tx, today).await?;
    Ok(NewDay { followed, renewed })
}

/// The school year in which a day lies, by the year in which it ends: as the roster's own school years say, otherwise from the
/// district's first day of one (1 July unless set).
pub async fn school_year(tx: &mut Tx, day: Day) -> Result<i64> {
    roster::school_year(tx, day).await
}

/// Asks anew what is asked each school year. The last day and the first day come again on the same date of the new year; whoever has
/// answered for an earlier year answers again, and whoever hasn't is asked for the new year alone.
async fn renew(tx: &mut Tx, actor: &Actor, district: &District, today: Day) -> Result<Vec<(Requirement, i64)>> {
    let year = school_year(tx, today).await?;
    let mut renewed = Vec::new();
    for earlier in store::of_an_earlier_year(tx, year).await? {
        let years = year - earlier.school_year.unwrap_or(year - 1);
        let report = causes::begin(tx, actor, today, &Cause::of(CauseKind::Year, earlier.uid)).await?;
        let ended = duties::end_all(tx, &earlier, today, "year", true, Some(report)).await?;
        store::mark_ended(tx, earlier.id, RequirementState::Renewed, today, None).await?;
        let due = earlier.due.map(|due| later(due, years).max(today));
        let new = NewRequirement {
            title: retitled(&earlier.title, earlier.school_year.unwrap_or(year - 1), year),
            subject: earlier.subject,
            answers_as: earlier.answers_as,
            audience: earlier.audience.clone(),
            due,
            join_days: earlier.join_days,
            goal: earlier.goal,
            minutes: earlier.minutes,
            window: Window {
                opens: earlier.window.opens.map(|opens| due.map_or(later(opens, years), |due| later(opens, years).min(due))),
                ..earlier.window
            },
        };
        let saved = requirements::save(tx, actor, district, new).await?;
        store::set_series(tx, saved.id, earlier.id).await?;
        store::set_school_year(tx, saved.id, year).await?;
        let issued = requirements::put_in_force(tx, saved, today).await?;
        let outcome = duties::settle(tx, &issued, today, None, Some(report)).await?;
        let asked = outcome.made;
        let mut before = Outcome::default();
        before.ended.insert("year".into(), ended);
        causes::finish(tx, report, vec![Line::of(&earlier, before), Line::of(&issued, outcome)]).await?;
        audit::record(
            tx,
            actor,
            "requirement.renewed",
            &issued.uid.to_string(),
            serde_json::json!({ "of": earlier.uid, "year": year, "asked": asked }),
        )
        .await?;
        renewed.push((issued, asked));
    }
    Ok(renewed)
}

/// The same date some years later; 29 February becomes 1 March where there is none.
fn later(day: Day, years: i64) -> Day {
    let date = day.date();
    let year = date.year().saturating_add(i16::try_from(years).unwrap_or(0));
    Day::of(year, date.month(), date.day()).or_else(|| Day::of(year, 3, 1)).unwrap_or(day)
}

/// A title that names its school year (2026–27, 2026-27, 2026–2027) names the new one.
fn retitled(title: &str, from: i64, to: i64) -> String {
    let said = |year: i64, dash: char, long: bool| {
        if long { format!("{}{dash}{year}", year - 1) } else { format!("{}{dash}{:02}", year - 1, year % 100) }
    };
    for dash in ['–', '-', '/'] {
        for long in [true, false] {
            if title.contains(&said(from, dash, long)) {
                return title.replace(&said(from, dash, long), &said(to, dash, long));
            }
        }
    }
    title.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_that_names_its_year_names_the_new_one() {
        assert_eq!(retitled("Staff agreement, 2026–27", 2027, 2028), "Staff agreement, 2027–28");
        assert_eq!(retitled("Family form 2026-2027", 2027, 2029), "Family form 2028-2029");
        assert_eq!(retitled("Read the safety policy", 2027, 2028), "Read the safety policy");
    }

    #[test]
    fn a_leap_day_comes_again_on_the_first_of_march() {
        assert_eq!(later(Day::of(2028, 2, 29).unwrap(), 1), Day::of(2029, 3, 1).unwrap());
        assert_eq!(later(Day::of(2026, 9, 30).unwrap(), 1), Day::of(2027, 9, 30).unwrap());
    }
}
