//! `orgs.csv`: the tree of district, schools and other bodies. It is small, so it is read whole: a parent may stand below its child.

use std::collections::HashMap;

use super::known::{Content, Kind, SEEN, key};
use super::manifest::Mode;
use super::report::Place;
use super::rows::Row;
use super::store::{self, SourceRow};
use super::values::{clean, is_extension};
use super::work::{Common, Settled, Work};
use crate::db::Tx;
use crate::kernel::Result;

const KIND: Kind = Kind::Org;
const TYPES: [&str; 6] = ["department", "school", "district", "local", "state", "national"];

/// One usable row.
struct Org {
    key: u64,
    number: i64,
    source_id: String,
    name: String,
    kind: String,
    identifier: Option<String>,
    parent: String,
}

#[derive(serde::Serialize)]
pub struct OrgRow {
    pub id: i64,
    pub uid: String,
    pub kind: String,
    pub name: String,
    pub identifier: Option<String>,
    pub parent: Option<i64>,
}

pub async fn import(work: &mut Work<'_>, tx: &mut Tx) -> Result<()> {
    store::load(tx, KIND, work.known(KIND)).await?;
    let Some(orgs) = read(work).await? else { return Ok(()) };
    let root_key = the_district(work, &orgs);
    let settled: Vec<(Org, i64, Settled)> = orgs
        .into_iter()
        .map(|org| (content(&org, root_key), org))
        .map(|(hash, org)| {
            let settled = work.settle(KIND, org.key, hash, true, org.key.cast_signed());
            (org, hash, settled)
        })
        .collect();
    let root = work.district.root.0;
    // The district itself never leaves: only its former sourcedId does.
    let gone = work.close(tx, KIND).await?;
    let mut moved: Vec<i64> = Vec::new();
    if !work.wish.dry_run {
        store::leave_sources(tx, KIND, &gone, work.today).await?;
        let gone: Vec<i64> = gone.into_iter().filter(|id| *id != root).collect();
        store::orgs_leave(tx, &gone, work.today).await?;
    }

    let new: Vec<u64> =
        settled.iter().filter(|(org, _, s)| *s == Settled::New && Some(org.key) != root_key).map(|(org, _, _)| org.key).collect();
    let ids = work.reserve(tx, KIND, new.len()).await?;
    for (key, id) in new.iter().zip(ids) {
        if let Some(entry) = work.known(KIND).get_mut(*key) {
            entry.set_row(id);
        }
    }
    if let Some(entry) = root_key.and_then(|k| work.known(KIND).get_mut(k)) {
        entry.set_row(root);
    }

    let mut parents = store::parents(tx).await?;
    let (mut added, mut changed, mut sources) = (Vec::new(), Vec::new(), Vec::new());
    for (org, hash, settled) in settled {
        let Some(id) = work.known(KIND).row(org.key) else { continue };
        if settled == Settled::Same {
            continue;
        }
        let parent = if id == root { None } else { Some(parent_of(work, &org, id, root, &mut parents)) };
        if id != root {
            work.new_orgs.insert(id, org.name.clone());
        }
        let row = OrgRow { id, uid: tx.uid().simple().to_string(), kind: org.kind, name: org.name, identifier: org.identifier, parent };
        sources.push(SourceRow { source_id: org.source_id, row: id, hash });
        if settled == Settled::New && id != root {
            added.push(row);
        } else {
            moved.push(id);
            changed.push(row);
        }
    }
    if work.wish.dry_run || sources.is_empty() {
        return Ok(());
    }
    store::orgs_add(tx, &added).await?;
    store::orgs_change(tx, &changed, root).await?;
    store::set_parents(tx, added.iter().chain(&changed)).await?;
    store::save_sources(tx, KIND, &sources).await?;
    store::rebuild_org_above(tx).await?;
    moved.retain(|id| *id != root);
    work.changed.extend(store::people_at(tx, &moved).await?);
    Ok(())
}

fn content(org: &Org, root_key: Option<u64>) -> i64 {
    Content::default()
        .text(&org.name)
        .text(&org.kind)
        .maybe(org.identifier.as_deref())
        .text(&org.parent)
        .number(i64::from(root_key == Some(org.key)))
        .hash()
}

async fn read(work: &mut Work<'_>) -> Result<Option<Vec<Org>>> {
    let Some(mut table) = work.open(KIND).await? else { return Ok(None) };
    let common = Common::of(&table);
    let (name, kind, identifier, parent) =
        (table.column("name"), table.column("type"), table.column("identifier"), table.column("parentSourcedId"));
    let mut orgs: Vec<Org> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    while let Some(rows) = table.next().await? {
        for row in &rows {
            let Some(admitted) = work.admit(KIND, common, row) else { continue };
            let place = admitted.place;
            if !seen.insert(admitted.key) {
                let remedy = "keep one of the rows; the first one counts";
                work.count(KIND).rejected += 1;
                work.findings.error(place, "sourcedId", place.source_id, "stands in this file twice", remedy);
                continue;
            }
            if row.get(name).is_empty() {
                work.reject(KIND, admitted, "name", "", "is empty", "give the org a name in the source system");
                continue;
            }
            let Some(kind) = kind_of(work, row, row.get(kind), place) else {
                let remedy = "write school, district, department, local, state or national";
                work.reject(KIND, admitted, "type", row.get(kind), "is no type of org", remedy);
                continue;
            };
            orgs.push(Org {
                key: admitted.key,
                number: row.number,
                source_id: place.source_id.to_owned(),
                name: clean(row.get(name)),
                kind,
                identifier: Some(clean(row.get(identifier))).filter(|i| !i.is_empty()),
                parent: row.get(parent).to_owned(),
            });
        }
    }
    Ok(Some(orgs))
}

fn kind_of(work: &mut Work<'_>, _row: &Row, cell: &str, place: Place) -> Option<String> {
    if work.manifest.is_1_2() && is_extension(cell) {
        return Some(cell.to_owned());
    }
    let known = TYPES.into_iter().find(|t| t.eq_ignore_ascii_case(cell))?;
    work.case(place, "type", cell, known);
    Some(known.to_owned())
}

/// The sourcedId that stands for the district itself: the one parentless district of the file, unless another record has that place
/// and stays.
fn the_district(work: &mut Work<'_>, orgs: &[Org]) -> Option<u64> {
    let root = work.district.root.0;
    let held = work.known(KIND).iter().find(|(_, e)| e.row() == root && !e.is(super::known::LEFT)).map(|(k, _)| k);
    if let Some(held) = held
        && (work.manifest.mode(KIND) == Mode::Delta
            || orgs.iter().any(|o| o.key == held)
            || work.known(KIND).get(held).is_some_and(|e| e.is(SEEN)))
    {
        return Some(held);
    }
    let mut tops = orgs.iter().filter(|o| o.kind == "district" && o.parent.is_empty());
    let (Some(only), None) = (tops.next(), tops.next()) else { return None };
    let behind = work.known(KIND).get(only.key).map(super::known::Entry::row);
    (behind.is_none() || behind == Some(root)).then_some(only.key)
}

fn parent_of(work: &mut Work<'_>, org: &Org, id: i64, root: i64, parents: &mut HashMap<i64, Option<i64>>) -> i64 {
    let place = Place { file: KIND.file(), row: org.number, source_id: &org.source_id };
    let mut parent = root;
    if !org.parent.is_empty() {
        match work.known(KIND).row(key(&org.parent)) {
            Some(found) => parent = found,
            None => work.findings.warning(
                place,
                "parentSourcedId",
                &org.parent,
                "is not in orgs.csv; the org hangs under the district",
                "name the sourcedId of an org of this file, or leave it empty",
            ),
        }
    }
    // Walks up: whoever meets itself stands above itself.
    let mut above = Some(parent);
    let mut steps = 0;
    while let Some(at) = above {
        steps += 1;
        if at == id || steps > 1_000 {
            let remedy = "name an org that stands above it";
            work.findings.warning(place, "parentSourcedId", &org.parent, "leads back to this org; it hangs under the district", remedy);
            parent = root;
            break;
        }
        above = parents.get(&at).copied().flatten();
    }
    parents.insert(id, Some(parent));
    parent
}
