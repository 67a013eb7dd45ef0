//! The register: adding a rule, changing it, ending it; what is missing in one; which are broader than their reason.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Action, Audience, BANDS, Basis, Device, TargetKind, store};
use crate::audit;
use crate::db::Tx;
use crate::kernel::problem::Checks;
use crate::kernel::{Actor, Day, Moment, Page, PageOf, Problem, Result};

/// The milder ways that a rule is held against.
pub const ALTERNATIVES: [&str; 6] = ["supervise", "teach", "warn_page", "age_tier", "schedule", "safe_search"];

/// The register's columns in a file.
pub const COLUMNS: [&str; 28] = [
    "code",
    "target_kind",
    "target",
    "action",
    "audience",
    "bands",
    "site",
    "device",
    "hours",
    "basis",
    "citation",
    "rationale",
    "evidence",
    "supervise",
    "teach",
    "warn_page",
    "age_tier",
    "schedule",
    "safe_search",
    "neutrality",
    "access",
    "owner",
    "approver",
    "decided_on",
    "effective_on",
    "review_on",
    "vendor_version",
    "ended_on",
];

/// The longest text of one field, in characters.
const LONGEST: usize = 2_000;

/// A rule as the register holds it. Texts are empty where nobody has said anything yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// By which people name it: letters, digits, `-`, `.` and `_`.
    pub code: String,
    pub target_kind: TargetKind,
    pub target: String,
    pub action: Action,
    pub audience: Audience,
    /// Of students; out of [`BANDS`], in their order.
    pub bands: Vec<String>,
    /// A school's name; empty: everywhere.
    pub site: String,
    pub device: Device,
    /// Minutes after local midnight, from and to; `None`: all day.
    pub hours: Option<(i64, i64)>,
    pub basis: Option<Basis>,
    pub citation: String,
    pub rationale: String,
    pub evidence: String,
    /// For each of [`ALTERNATIVES`] that was considered, why not.
    pub alternatives: BTreeMap<String, String>,
    pub neutrality: String,
    pub access: String,
    pub owner: String,
    pub approver: String,
    pub decided_on: Option<Day>,
    pub effective_on: Option<Day>,
    pub review_on: Option<Day>,
    pub vendor_version: String,
    /// The first day on which it is in force no more.
    pub ended_on: Option<Day>,
}

impl Rule {
    /// A rule of which nothing is known but what it does to what, for everybody, always.
    pub fn new(code: impl Into<String>, target_kind: TargetKind, target: impl Into<String>, action: Action) -> Self {
        Self {
            code: code.into(),
            target_kind,
            target: target.into(),
            action,
            audience: Audience::Everybody,
            bands: BANDS.map(str::to_owned).to_vec(),
            site: String::new(),
            device: Device::Any,
            hours: None,
            basis: None,
            citation: String::new(),
            rationale: String::new(),
            evidence: String::new(),
            alternatives: BTreeMap::new(),
            neutrality: String::new(),
            access: String::new(),
            owner: String::new(),
            approver: String::new(),
            decided_on: None,
            effective_on: None,
            review_on: None,
            vendor_version: String::new(),
            ended_on: None,
        }
    }

    /// Whether it is in force on that day.
    pub fn is_in_force(&self, day: Day) -> bool {
        self.effective_on.is_none_or(|first| first <= day) && self.ended_on.is_none_or(|end| day < end)
    }

    /// The fields of the register that nobody has filled in. Where law demands the rule, neither evidence nor alternatives are asked.
    pub fn missing(&self) -> Vec<&'static str> {
        let law = self.basis.is_some_and(Basis::is_law);
        let fields = [
            ("basis", self.basis.is_none()),
            ("citation", self.citation.is_empty()),
            ("rationale", self.rationale.is_empty()),
            ("evidence", !law && self.evidence.is_empty()),
            ("alternatives", !law && self.alternatives.is_empty()),
            ("neutrality", self.neutrality.is_empty()),
            ("access", self.access.is_empty()),
            ("owner", self.owner.is_empty()),
            ("approver", self.approver.is_empty()),
            ("decided_on", self.decided_on.is_none()),
            ("effective_on", self.effective_on.is_none()),
            ("review_on", self.review_on.is_none()),
            ("vendor_version", self.target_kind == TargetKind::Category && self.vendor_version.is_empty()),
        ];
        fields.into_iter().filter(|(_, missing)| *missing).map(|(field, _)| field).collect()
    }

    /// Whether it reaches further than its reason: the district's own choice for students of all grades and all day; or words blocked in
    /// CIPA's name, which speaks of visual depictions alone.
    pub fn is_broad(&self) -> bool {
        let stops = matches!(self.action, Action::Block | Action::Warn);
        let own_choice = !self.basis.is_some_and(|basis| basis.is_law() || basis == Basis::Security);
        let all = self.audience != Audience::Staff && self.bands.len() == BANDS.len() && self.hours.is_none();
        stops && ((own_choice && all) || (self.basis == Some(Basis::Cipa) && self.target_kind == TargetKind::Keyword))
    }

    /// Whether it stops that address or category.
    fn stops(&self, host: &str, category: &str) -> bool {
        let target = self.target.to_lowercase();
        self.action != Action::Allow
            && match self.target_kind {
                TargetKind::Domain => host == target || host.strip_suffix(&target).is_some_and(|rest| rest.ends_with('.')),
                TargetKind::Category => !category.is_empty() && category.to_lowercase() == target,
                TargetKind::Keyword | TargetKind::App => false,
            }
    }

    /// As a row under [`COLUMNS`].
    pub fn cells(&self) -> Vec<String> {
        let day = |day: Option<Day>| day.map_or_else(String::new, Day::iso);
        let clock = |minutes: i64| format!("{}:{:02}", minutes / 60, minutes % 60);
        let mut cells: Vec<String> =
            [&self.code, self.target_kind.name(), &self.target, self.action.name(), self.audience.name()].map(str::to_owned).to_vec();
        cells.push(self.bands.join(","));
        cells.push(self.site.clone());
        cells.push(self.device.name().to_owned());
        cells.push(self.hours.map(|(from, to)| format!("{}-{}", clock(from), clock(to))).unwrap_or_default());
        cells.push(self.basis.map_or("", Basis::name).to_owned());
        cells.extend([&self.citation, &self.rationale, &self.evidence].map(String::clone));
        cells.extend(ALTERNATIVES.map(|way| self.alternatives.get(way).cloned().unwrap_or_default()));
        cells.extend([&self.neutrality, &self.access, &self.owner, &self.approver].map(String::clone));
        cells.extend([self.decided_on, self.effective_on, self.review_on].map(day));
        cells.push(self.vendor_version.clone());
        cells.push(day(self.ended_on));
        cells
    }

    pub(super) fn check(&self) -> Result<()> {
        let mut checks = Checks::default();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        let code_is_good = (1..=60).contains(&self.code.len()) && self.code.chars().all(plain);
        checks.require(code_is_good, "code", "name the rule in at most 60 letters, digits, hyphens, dots or underscores");
        checks.require(!self.target.is_empty(), "target", "say what the rule is about");
        let bands_are_known = self.bands.iter().all(|band| BANDS.contains(&band.as_str()));
        checks.require(bands_are_known, "bands", "choose grades out of K-2, 3-5, 6-8 and 9-12");
        checks.require(self.audience == Audience::Staff || !self.bands.is_empty(), "bands", "choose at least one group of grades");
        let hours_are_good = self.hours.is_none_or(|(from, to)| 0 <= from && from < to && to <= 24 * 60);
        checks.require(hours_are_good, "hours", "the rule must end later on the day than it begins");
        let known = self.alternatives.keys().all(|key| ALTERNATIVES.contains(&key.as_str()));
        checks.require(known, "alternatives", "the alternatives are supervise, teach, warn_page, age_tier, schedule and safe_search");
        if let (Some(decided), Some(review)) = (self.decided_on, self.review_on) {
            checks.require(review > decided, "review_on", "a rule is looked at again after the day on which it was decided");
            checks.require(decided.until(review) <= 366, "review_on", "a rule is looked at again within twelve months");
        }
        let texts = [&self.target, &self.citation, &self.rationale, &self.evidence, &self.neutrality, &self.access];
        let more = [&self.site, &self.owner, &self.approver, &self.vendor_version];
        for text in texts.into_iter().chain(more).chain(self.alternatives.values()) {
            let good = text.chars().count() <= LONGEST && !text.contains('\0');
            checks.require(good, "rule", "shorten each text to 2,000 characters, and take out what can't be shown");
        }
        checks.done()
    }
}

/// One field of a rule, before and after, as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct Difference {
    pub field: String,
    pub before: String,
    pub after: String,
}

/// What became of a rule, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    pub code: String,
    /// `added`, `changed` or `ended`.
    pub what: String,
    pub differences: Vec<Difference>,
    pub why: String,
    /// Because somebody had asked. Nothing says who.
    pub on_request: bool,
    pub at: Moment,
}

/// What is wanted of the register; empty and `None` mean all.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Letters of the target or the code.
    pub words: String,
    pub basis: Option<Basis>,
    pub action: Option<Action>,
    /// Rules that hold for students of these grades.
    pub band: String,
    /// Also those in force no more.
    pub ended: bool,
}

fn director(actor: &Actor) -> Result<()> {
    if actor.is_director() { Ok(()) } else { Err(Problem::NotFound) }
}

/// The register, by code. Public: a district says what it blocks.
pub async fn list(tx: &mut Tx, wanted: &Wanted, today: Day, page: Page) -> Result<PageOf<Rule>> {
    store::rules::list(tx, wanted, today, page).await
}

/// All rules in force on that day.
pub async fn in_force(tx: &mut Tx, day: Day) -> Result<Vec<Rule>> {
    let all = store::rules::all(tx).await?;
    Ok(all.into_iter().filter(|rule| rule.is_in_force(day)).collect())
}

/// One rule.
///
/// # Errors
/// `NotFound` for a code that no rule has.
pub async fn get(tx: &mut Tx, code: &str) -> Result<Rule> {
    Ok(store::rules::find(tx, code).await?.ok_or(Problem::NotFound)?.1)
}

/// What became of the register, newest first; of one rule, or of all.
pub async fn changes(tx: &mut Tx, code: Option<&str>, most: i64) -> Result<Vec<Change>> {
    store::rules::changes(tx, code, most).await
}

/// Adds a rule. For directors.
///
/// # Errors
/// `NotFound` for others; `Invalid` for a rule that can't be, `Conflict` where its code is taken.
pub async fn add(tx: &mut Tx, actor: &Actor, rule: &Rule, why: &str) -> Result<()> {
    director(actor)?;
    if store::rules::find(tx, &rule.code).await?.is_some() {
        return Err(Problem::conflict(format!("there is a rule “{}” already: choose another code", rule.code)));
    }
    put(tx, actor, rule, why, false).await.map(drop)
}

/// Changes a rule; nothing is written where nothing differs. For directors.
///
/// # Errors
/// `NotFound` for others and for a code that no rule has; `Invalid` for a rule that can't be, and without a reason.
pub async fn change(tx: &mut Tx, actor: &Actor, rule: &Rule, why: &str) -> Result<()> {
    director(actor)?;
    get(tx, &rule.code).await?;
    if why.trim().is_empty() {
        return Err(Problem::invalid("why", "say why the rule changes: the public reads it"));
    }
    put(tx, actor, rule, why, false).await.map(drop)
}

/// Adds or changes; the rule's key. Whoever calls has asked whether the actor may.
pub(super) async fn put(tx: &mut Tx, actor: &Actor, rule: &Rule, why: &str, on_request: bool) -> Result<i64> {
    rule.check()?;
    let before = store::rules::find(tx, &rule.code).await?;
    let differences = match &before {
        Some((_, old)) => differences(old, rule)?,
        None => Vec::new(),
    };
    if let Some((id, _)) = before.as_ref().filter(|_| differences.is_empty()) {
        return Ok(*id);
    }
    let what = match &before {
        None => "added",
        Some((_, old)) if old.ended_on.is_none() && rule.ended_on.is_some() => "ended",
        Some(_) => "changed",
    };
    let id = match before {
        Some((id, _)) => {
            store::rules::update(tx, id, rule).await?;
            id
        }
        None => store::rules::insert(tx, rule).await?,
    };
    store::rules::insert_change(tx, actor, id, what, &differences, why.trim(), on_request).await?;
    let fields: Vec<&str> = differences.iter().map(|difference| difference.field.as_str()).collect();
    audit::record(tx, actor, &format!("filter_rule.{what}"), &rule.code, serde_json::json!({ "fields": fields })).await?;
    Ok(id)
}

fn differences(before: &Rule, after: &Rule) -> Result<Vec<Difference>> {
    let fields = |rule: &Rule| serde_json::to_value(rule).map_err(|e| Problem::internal("a rule can't be written as JSON", e));
    let (before, after) = (fields(before)?, fields(after)?);
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let pairs = before.as_object().into_iter().flatten().filter_map(|(field, old)| Some((field, old, after.get(field)?)));
    Ok(pairs
        .filter(|(_, old, new)| old != new)
        .map(|(field, old, new)| Difference { field: field.clone(), before: text(old), after: text(new) })
        .collect())
}

/// The rule that stops that address for somebody of that band (staff: none): the one by its domain before one by its category.
pub(super) async fn that_stops(tx: &mut Tx, host: &str, category: &str, band: Option<&str>, day: Day) -> Result<Option<String>> {
    let fits = |rule: &Rule| {
        let audience = match (rule.audience, band) {
            (Audience::Everybody | Audience::Students, Some(band)) => rule.bands.iter().any(|own| own == band),
            (Audience::Everybody | Audience::Staff, None) => true,
            _ => false,
        };
        audience && rule.stops(host, category)
    };
    let mut found: Vec<Rule> = in_force(tx, day).await?.into_iter().filter(fits).collect();
    found.sort_by_key(|rule| (rule.target_kind != TargetKind::Domain, std::cmp::Reverse(rule.target.len())));
    Ok(found.into_iter().next().map(|rule| rule.code))
}
