//! Some families of the demo change their mind, and the schools have seen to most of what was said no to.

use super::people;
use crate::acknowledgments::standing;
use crate::acknowledgments::told::{self, Wanted};
use crate::acknowledgments::withdrawal::{self, Turn};
use crate::db::Tx;
use crate::kernel::{AccountId, Actor, Moment, Page, Reach, Result};
use crate::policies;
use crate::roster::District;

/// What is taken back, and why.
const TAKEN_BACK: [(&str, &str); 3] = [
    ("image", "We found a picture on the school's page that we did not expect."),
    ("ai", ""),
    ("image", "Queremos decidir cada vez, con cada foto."),
];

/// Three guardians take back one consent each, at that moment.
pub async fn take_back(tx: &mut Tx, operator: &Actor, district: &District, at: Moment) -> Result<()> {
    tx.happen_at(at);
    let mut left = TAKEN_BACK.iter();
    for person in people::all(tx, operator, "guardian").await? {
        let actor = Actor {
            account: AccountId(0),
            person: Some(person.id),
            name: format!("{} {}", person.given, person.family),
            roles: Vec::new(),
            reach: Reach::Own,
            by_link: false,
        };
        let sheets = standing::sheets(tx, &actor, district).await?;
        let papers = sheets.iter().flat_map(|sheet| &sheet.papers).filter(|paper| !paper.own && paper.is_heard);
        for paper in papers.filter(|paper| ["image", "ai"].iter().all(|consent| paper.holds(consent))) {
            let Some((consent, reason)) = left.next() else { return Ok(()) };
            let Some(word) = paper.words.first() else { continue };
            let version = policies::reading::version_by_id(tx, word.version).await?;
            let reading = policies::read(tx, &version, Some(&person.language)).await?;
            let turn = Turn { receipt: word.uid, consent, reason };
            withdrawal::take_back(tx, &actor, district, &reading, turn).await?;
            break;
        }
    }
    Ok(())
}

/// Whatever was said until then has been seen to.
pub async fn see_to(tx: &mut Tx, operator: &Actor, until: Moment) -> Result<()> {
    loop {
        let found = told::list(tx, operator, Wanted::Waiting, None, Page { number: 1, size: 500 }).await?;
        let old: Vec<_> = found.rows.iter().filter(|row| row.at < until).map(|row| row.uid).collect();
        if old.is_empty()
            || told::all_seen(tx, operator, &old, "On the school's list of who does what instead; the family was written to.").await? == 0
        {
            return Ok(());
        }
    }
}
