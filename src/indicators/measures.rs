//! How each criterion is counted: from the store's numbers, or the ledger's, to parts, level and the records behind them.
//! `standard5.toml` says the same formulas in words; where one changes, the other does, with a new version.

use serde::Serialize;

use super::rules::{Counted, FEWEST, Part, Raise, Share, Standing, part, raise, whole};
use super::standard::Criterion;
use super::{Measurement, store};
use crate::db::Tx;
use crate::kernel::{Actor, Day, Moment, Reach, Result};
use crate::obligations::figures::{self, By, Counts};
use crate::roster::District;

/// One record, or small group of records, behind a criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Record {
    /// A policy's, version's or requirement's title in the district's language; for topics `topic/audience`.
    pub label: String,
    /// Of a policy, where versions are counted.
    pub version: Option<i64>,
    /// The page that shows it.
    pub path: Option<String>,
    pub standing: Standing,
    /// What it adds to the whole; `None` where fewer than ten people stand behind it.
    pub value: Option<Share>,
}

/// What was counted for one criterion.
#[derive(Default)]
struct Count {
    parts: Vec<Counted>,
    records: Vec<Record>,
    missing: Vec<String>,
}

/// Measures one criterion. Whoever calls has asked whether the actor may see it.
pub(super) async fn of(tx: &mut Tx, actor: &Actor, district: &District, day: Day, criterion: &Criterion) -> Result<Measurement> {
    let count = match criterion.id.as_str() {
        "5a-3" => language_coverage(tx, district, day).await?,
        "5b-1" => groups_heard(tx, district, day).await?,
        "5b-2" => comments_answered(tx, district, day).await?,
        "5b-3" => reviews_in_time(tx, district, day).await?,
        "5b-4" => asked_and_done(tx, actor, district, day, "policy", &[STAFF, STUDENTS]).await?,
        "5c-1" => topics_taught(tx, district, day).await?,
        "5c-2" => minors_taught(tx, district, day).await?,
        "5c-3" => asked_and_done(tx, actor, district, day, "course", &[STAFF, STUDENTS, BOARD]).await?,
        "5c-4" => mastered(tx, district, day).await?,
        "5c-5" => newcomers(tx, day).await?,
        _ => Count::default(),
    };
    Ok(judge(criterion, count))
}

fn judge(criterion: &Criterion, count: Count) -> Measurement {
    let mut parts: Vec<Part> = count.parts.into_iter().enumerate().map(|(index, counted)| part(criterion, index, counted)).collect();
    if parts.is_empty() {
        parts.push(part(criterion, 0, Counted::all(0, 0, 0)));
    }
    let (standing, level) = whole(&parts);
    // The part that decides: the lowest level, then the lowest share.
    let value =
        parts.iter().filter(|p| p.level.is_some()).min_by_key(|p| (p.level, p.value.and_then(Share::per_mille))).and_then(|p| p.value);
    let raise = raise(criterion, &parts, level).map(|raise| Raise { missing: count.missing, ..raise });
    Measurement {
        criterion: criterion.id.clone(),
        indicator: criterion.indicator.clone(),
        formula: criterion.version,
        unit: criterion.unit,
        standing,
        value,
        level,
        parts,
        raise,
        path: criterion.records.clone(),
        records: count.records,
    }
}

/// The same date a year before; 28 February for 29 February. Twelve months are the days after it.
fn year_before(day: Day) -> Day {
    let date = day.date();
    Day::of(date.year() - 1, date.month(), date.day()).or_else(|| Day::of(date.year() - 1, 2, 28)).unwrap_or_else(|| day.plus(-365))
}

fn months_after(day: Day, months: i64) -> Day {
    let months = jiff::Span::new().try_months(months);
    months
        .and_then(|months| day.date().checked_add(months))
        .ok()
        .and_then(|date| Day::of(date.year(), date.month(), date.day()))
        .unwrap_or(day)
}

async fn language_coverage(tx: &mut Tx, district: &District, day: Day) -> Result<Count> {
    let (covered, people) = store::language_coverage(tx, day, &district.language).await?;
    Ok(Count { parts: vec![Counted::all(covered, people, people)], ..Count::default() })
}

/// The stakeholder groups, as comments name them.
const GROUPS: [&str; 7] = ["students", "families", "teachers", "other_staff", "school_leaders", "board", "community"];

/// An adopted version and what was said about it.
struct Adopted {
    slug: String,
    title: String,
    number: i64,
    groups: Vec<String>,
    comments: i64,
    answered: i64,
}

async fn adopted(tx: &mut Tx, district: &District, day: Day) -> Result<Vec<Adopted>> {
    let mut all: Vec<(i64, Adopted)> = Vec::new();
    for row in store::heard(tx, year_before(day), day, &district.language).await? {
        if all.last().is_none_or(|(version, _)| *version != row.version) {
            let adopted = Adopted { slug: row.slug, title: row.title, number: row.number, groups: Vec::new(), comments: 0, answered: 0 };
            all.push((row.version, adopted));
        }
        if let Some((_, adopted)) = all.last_mut() {
            adopted.comments += row.comments;
            adopted.answered += row.answered;
            adopted.groups.extend(row.stakeholder.filter(|group| row.shown > 0 && GROUPS.contains(&group.as_str())));
        }
    }
    Ok(all.into_iter().map(|(_, adopted)| adopted).collect())
}

fn counting(value: Share) -> Option<Share> {
    (value.denominator > 0).then_some(value)
}

fn version_record(adopted: &Adopted, value: Share) -> Record {
    Record {
        label: adopted.title.clone(),
        version: Some(adopted.number),
        path: Some(format!("/policies/{}", adopted.slug)),
        standing: if value.denominator > 0 { Standing::Measured } else { Standing::NoData },
        value: counting(value),
    }
}

async fn groups_heard(tx: &mut Tx, district: &District, day: Day) -> Result<Count> {
    let versions = adopted(tx, district, day).await?;
    let number = i64::try_from(versions.len()).unwrap_or(i64::MAX);
    let heard = |v: &Adopted| i64::try_from(v.groups.len()).unwrap_or(i64::MAX);
    let missing = GROUPS.iter().filter(|g| versions.iter().any(|v| !v.groups.iter().any(|h| h == *g))).map(|g| (*g).to_owned()).collect();
    Ok(Count {
        parts: vec![Counted::all(versions.iter().map(heard).sum(), number, 0)],
        records: versions.iter().map(|v| version_record(v, Share::of(heard(v), 7))).collect(),
        missing,
    })
}

async fn comments_answered(tx: &mut Tx, district: &District, day: Day) -> Result<Count> {
    let versions = adopted(tx, district, day).await?;
    let (answered, comments) = (versions.iter().map(|v| v.answered).sum(), versions.iter().map(|v| v.comments).sum());
    Ok(Count {
        parts: vec![Counted::all(answered, comments, 0)],
        records: versions.iter().map(|v| version_record(v, Share::of(v.answered, v.comments))).collect(),
        missing: Vec::new(),
    })
}

async fn reviews_in_time(tx: &mut Tx, district: &District, day: Day) -> Result<Count> {
    let mut records: Vec<Record> = Vec::new();
    let mut seen = None;
    let (mut in_time, mut in_force) = (0, 0);
    for version in store::published(tx, day, &district.language).await? {
        // The latest version of a policy comes first; the ones before it are in force no more.
        if seen.as_ref() == Some(&version.slug) {
            continue;
        }
        seen = Some(version.slug.clone());
        if version.withdrawn_day.is_some_and(|end| end <= day) {
            continue;
        }
        // Adopting a version is a review of the whole policy.
        let reviewed = version.last_review.map_or(version.effective, |last| last.max(version.effective));
        let fresh = months_after(reviewed, version.review_months) >= day && version.next_review.is_some_and(|next| next >= day);
        in_force += 1;
        in_time += i64::from(fresh);
        records.push(Record {
            label: version.title,
            version: Some(version.number),
            path: Some(format!("/policies/{}", version.slug)),
            standing: Standing::Measured,
            value: Some(Share::of(i64::from(fresh), 1)),
        });
    }
    Ok(Count { parts: vec![Counted::all(in_time, in_force, 0)], records, missing: Vec::new() })
}

/// A group that is measured apart, and its roles in the ledger.
type Group = (&'static str, &'static [&'static str]);
const STAFF: Group = ("staff", &["teacher", "staff", "school_leader"]);
const STUDENTS: Group = ("students", &["student"]);
const BOARD: Group = ("board", &["board_member"]);

/// Answers given over answers asked, by group, over all issued requirements of a kind: from the ledger alone.
async fn asked_and_done(tx: &mut Tx, actor: &Actor, district: &District, day: Day, kind: &str, groups: &[Group]) -> Result<Count> {
    // A school leader sees the district's figures here, which name nobody; the ledger is asked for the whole district.
    let whole = Actor { reach: Reach::Orgs(vec![district.root]), ..actor.clone() };
    let mut sums = vec![(Counts::default(), 0); groups.len()];
    let mut records = Vec::new();
    for (uid, title) in store::issued(tx, kind, day).await? {
        let lines = figures::lines(tx, &whole, uid, day, By::Role).await?;
        let (mut asked, mut shown) = (0, Counts::default());
        for ((sum, people), (_, roles)) in sums.iter_mut().zip(groups) {
            let counts = lines.iter().filter(|l| roles.contains(&l.key.as_str())).fold(Counts::default(), |sum, l| sum.plus(l.counts));
            *sum = sum.plus(counts);
            // The ledger counts duties. So many people at least stand behind them: those of the largest requirement.
            *people = counts.asked().max(*people);
            asked += counts.asked();
            // A small group isn't in the record's sum either, or the difference would tell.
            if counts.asked() >= FEWEST {
                shown = shown.plus(counts);
            }
        }
        if asked > 0 {
            let enough = shown.asked() > 0;
            records.push(Record {
                label: title,
                version: None,
                path: Some(format!("/audit?requirement={uid}")),
                standing: if enough { Standing::Measured } else { Standing::TooFew },
                value: enough.then(|| Share::of(shown.fulfilled, shown.asked())),
            });
        }
    }
    let parts = groups
        .iter()
        .zip(sums)
        .map(|((key, _), (counts, people))| Counted { key, share: Share::of(counts.fulfilled, counts.asked()), people })
        .collect();
    Ok(Count { parts, records, missing: Vec::new() })
}

/// The five topics and six audiences of indicator 5c, as courses name them.
const TOPICS: [&str; 5] = ["filtering", "netiquette", "cyberbullying", "acceptable-use", "fair-use"];
const AUDIENCES: [&str; 6] = ["K-2", "3-5", "6-8", "9-12", "staff", "families"];

async fn topics_taught(tx: &mut Tx, district: &District, day: Day) -> Result<Count> {
    let from = year_before(day);
    let recent = |on: Day| on > from && on <= day;
    let given = store::given(tx).await?;
    if given.is_empty() {
        return Ok(Count::default());
    }
    let (mut records, mut missing) = (Vec::new(), Vec::new());
    let mut taught = 0;
    for topic in TOPICS {
        for audience in AUDIENCES {
            let label = format!("{topic}/{audience}");
            // Of several courses for one pair a current one counts; else the first is shown as overdue.
            let courses = || given.iter().filter(|c| c.topic == topic && c.audience == audience);
            let current = courses().find(|c| recent(district.zone.day(c.published_at)) || c.last_review.is_some_and(recent));
            taught += i64::from(current.is_some());
            if current.is_none() {
                missing.push(label.clone());
            }
            records.push(Record {
                label,
                version: None,
                path: current.or_else(|| courses().next()).map(|course| format!("/courses/{}", course.slug)),
                standing: Standing::Measured,
                value: Some(Share::of(i64::from(current.is_some()), 1)),
            });
        }
    }
    Ok(Count { parts: vec![Counted::all(taught, 30, 0)], records, missing })
}

/// The school year so far: from its 1 July until the end of `day`, in the district's zone.
fn this_year(district: &District, day: Day) -> (Moment, Moment) {
    (district.zone.start_of(Day::school_year_start(day.school_year())), district.zone.start_of(day.plus(1)))
}

async fn minors_taught(tx: &mut Tx, district: &District, day: Day) -> Result<Count> {
    // Without a course on these topics nothing was ever recorded here: that is no data, not nobody taught.
    if !store::covers_cipa(tx).await? {
        return Ok(Count::default());
    }
    let (from, before) = this_year(district, day);
    let (taught, minors) = store::minors_taught(tx, day, from, before).await?;
    Ok(Count { parts: vec![Counted::all(taught, minors, minors)], ..Count::default() })
}

async fn mastered(tx: &mut Tx, district: &District, day: Day) -> Result<Count> {
    let (from, before) = this_year(district, day);
    let (mastered, people) = store::mastered(tx, from, before).await?;
    Ok(Count { parts: vec![Counted::all(mastered, people, people)], ..Count::default() })
}

async fn newcomers(tx: &mut Tx, day: Day) -> Result<Count> {
    let found = store::newcomers(tx, year_before(day), day).await?;
    Ok(Count { parts: vec![Counted::all(found.in_time, found.duties, found.people)], ..Count::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_months_reach_back_to_the_same_date() {
        assert_eq!(year_before(Day::of(2026, 8, 17).unwrap()), Day::of(2025, 8, 17).unwrap());
        assert_eq!(year_before(Day::of(2028, 2, 29).unwrap()), Day::of(2027, 2, 28).unwrap());
        assert_eq!(months_after(Day::of(2026, 1, 31).unwrap(), 1), Day::of(2026, 2, 28).unwrap());
    }
}
