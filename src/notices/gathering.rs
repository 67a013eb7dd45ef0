//! All that waits for one address becomes one mail: on school days from the schedule's hour on; what somebody waits for, at once. While a mail
//! to an address is under way, what comes waits for the next one, so that mails arrive in order.

use std::collections::HashSet;

use super::store::mails::{self, WaitingRow, Whose};
use super::{Rule, morning};
use crate::db::Tx;
use crate::kernel::Result;
use crate::queue::Kind;
use crate::roster::District;

/// Receivers looked at in one transaction, so that nobody waits long for it.
pub const MOST: i64 = 500;

/// How far the gathering has come: people first, then accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    whose: Whose,
    after: i64,
}

impl Place {
    pub const START: Self = Self { whose: Whose::People, after: 0 };

    /// Behind all people come the accounts.
    pub fn next(self) -> Option<Self> {
        (self.whose == Whose::People).then_some(Self { whose: Whose::Accounts, after: 0 })
    }
}

async fn rows(tx: &mut Tx, district: &District, place: Place, most: i64) -> Result<(Vec<WaitingRow>, Vec<Kind>)> {
    let today = district.today(tx.now());
    let open = morning::is_open(tx, district).await?;
    let kinds: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| open || Rule::of(*kind).at_once).collect();
    let rows = match place.whose {
        Whose::People => mails::people_waiting(tx, place.after, today, &kinds, most).await?,
        Whose::Accounts => mails::accounts_waiting(tx, place.after, today, &kinds, most).await?,
    };
    Ok((rows, kinds))
}

/// Whether anything waits there. A reading transaction is enough.
pub async fn any(tx: &mut Tx, district: &District, place: Place) -> Result<bool> {
    Ok(!rows(tx, district, place, 1).await?.0.is_empty())
}

/// Gathers for the next receivers behind that place; where to go on, `None` when all have been looked at.
pub async fn some(tx: &mut Tx, district: &District, place: Place) -> Result<Option<Place>> {
    let today = district.today(tx.now());
    let (rows, kinds) = rows(tx, district, place, MOST).await?;
    let Some(last) = rows.last().map(|row| row.id) else {
        return Ok(place.next());
    };
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    mails::turn_off(tx, place.whose, &ids).await?;
    let gone: Vec<i64> = rows.iter().filter(|row| row.gone).map(|row| row.id).collect();
    mails::end_waiting(tx, place.whose, &gone, today, "dropped").await?;
    let (mut reached, mut unreached) = (Vec::new(), Vec::new());
    for row in rows.into_iter().filter(|row| !row.gone) {
        match row.address.as_deref().map(str::trim).filter(|address| address.parse::<lettre::Address>().is_ok()) {
            Some(address) => reached.push((row.id, address.to_owned())),
            None => unreached.push(row.id),
        }
    }
    mails::end_waiting(tx, place.whose, &unreached, today, "no_address").await?;
    let addresses: Vec<&str> = reached.iter().map(|(_, address)| address.as_str()).collect();
    let mut taken: HashSet<String> = mails::busy(tx, &addresses).await?.into_iter().collect();
    // Two people of one household may share an address: one after the other.
    let now: Vec<(i64, String)> = reached.into_iter().filter(|(_, address)| taken.insert(address.clone())).collect();
    mails::make(tx, place.whose, &now, today, &kinds).await?;
    Ok(Some(Place { after: last, ..place }))
}
