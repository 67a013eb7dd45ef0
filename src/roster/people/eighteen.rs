//! The day from which a student answers alone: the rights pass from the parents to a student who is 18 (FERPA, 34 CFR 99.5(a)). The roster
//! can bring it; where it doesn't, or wrongly, a director or the school's leader sets it.

use uuid::Uuid;

use super::{find, may_settle, store};
use crate::audit;
use crate::db::Tx;
use crate::kernel::{Actor, Day, Problem, Result};
use crate::roster::oneroster::a_year_before;
use crate::roster::{Changes, District};

/// The earliest and the latest day, in days from today, that can be meant.
const EARLIEST: i64 = -90 * 366;
const LATEST: i64 = 19 * 366;

/// Sets the day from which a student answers alone, or takes it away. For directors, and for school leaders about students of their schools.
/// The same again changes nothing.
///
/// # Errors
/// `NotFound` for anybody else, and for whoever is no student; `Invalid` (`since`) for a day that can't be meant.
pub async fn answers_alone_since(tx: &mut Tx, actor: &Actor, district: &District, student: Uuid, since: Option<Day>) -> Result<Changes> {
    if !may_settle(actor) {
        return Err(Problem::NotFound);
    }
    let person = find(tx, actor, student).await?;
    if person.role != "student" {
        return Err(Problem::NotFound);
    }
    let today = district.today(tx.now());
    if since.is_some_and(|day| !(EARLIEST..=LATEST).contains(&today.until(day))) {
        return Err(Problem::invalid("since", "this day can't be an 18th birthday of a student: write it as YYYY-MM-DD"));
    }
    if person.turns_18 == since {
        return Ok(Changes::default());
    }
    store::set_eighteen(tx, person.id, since, since.map(a_year_before)).await?;
    let detail = serde_json::json!({ "since": since, "before": person.turns_18 });
    audit::record(tx, actor, "person.answers_alone", &person.uid.to_string(), detail).await?;
    Ok(Changes { people: vec![person.id] })
}
