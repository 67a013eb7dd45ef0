//! Every address and who may open it. The list of routes is Rocket's own: a route that nobody placed here fails the story by its name.
//! What reach allows is answered, everything else looks like an address that doesn't exist; nothing is changed by looking, nor from
//! another site.

use std::collections::{BTreeMap, BTreeSet};

use assent::acknowledgments::{self, paper, told};
use assent::adoption::evidence;
use assent::audit::disclosures;
use assent::identity::{auditors, links, sessions};
use assent::kernel::{AccountId, Locale, Page, Role};
use assent::obligations::requirements::{self, AnswersAs, NewRequirement, Subject, Window};
use assent::obligations::sample::{self, Plan, Stratum};
use assent::obligations::{self, Cause, CauseKind, tasks};
use assent::on;
use assent::policies;
use assent::reports::packets;
use assent::roster::audience::{Rule, saved};
use assent::roster::oneroster::{self, Wish};
use assent::roster::{Changes, District, generate};
use assent::training;
use assent::training::attestations;
use assent::web::desk::SESSION_COOKIE;
use assent::{db::Tx, feedback, filtering};
use uuid::Uuid;

use crate::policies::{agreement, published};
use crate::world::client::{Client, Reply};
use crate::world::people::{Person, School};
use crate::world::{World, day};

/// Whoever comes to an address. Those with a 2 belong to the other school.
const READERS: [&str; 13] = [
    "visitor",
    "student",
    "student2",
    "teacher",
    "teacher2",
    "guardian",
    "guardian2",
    "leader",
    "leader2",
    "board",
    "auditor",
    "author",
    "director",
];

const EVERYBODY: &str = "visitor student student2 teacher teacher2 guardian guardian2 leader leader2 board auditor author director";
const MEMBERS: &str = "student student2 teacher teacher2 guardian guardian2 leader leader2 board auditor author director";
/// Everybody with a record on the roster.
const PEOPLE: &str = "student student2 teacher teacher2 guardian guardian2 leader leader2";
const AUTHORS: &str = "author director";
/// The board reads what it will vote on, the auditor what was voted on.
const DRAFTS: &str = "board auditor author director";
const DIRECTOR: &str = "director";
/// Whoever sees figures beyond oneself.
const FIGURES: &str = "teacher teacher2 leader leader2 board auditor director";
/// A report is of schools: a teacher's classes aren't in it.
const REPORTS: &str = "leader leader2 board auditor director";
/// Whoever sees the people behind figures: not the board.
const NAMES: &str = "teacher teacher2 leader leader2 auditor director";
/// Whoever sees the people of whole schools.
const SAMPLERS: &str = "leader leader2 auditor director";
/// Whoever prints and enters forms on paper.
const CLERKS: &str = "teacher teacher2 leader leader2 director";
const STANDARDS: &str = "leader leader2 board auditor director";
/// Students and staff ask to have something opened.
const ASKERS: &str = "student student2 teacher teacher2 leader leader2 author director";
const NOBODY: &str = "";

/// A route with example paths, and who may open each.
struct Place {
    method: &'static str,
    uri: &'static str,
    examples: Vec<(String, &'static str)>,
    fields: Vec<(&'static str, String)>,
}

fn get<const N: usize>(uri: &'static str, examples: [(String, &'static str); N]) -> Place {
    Place { method: "GET", uri, examples: examples.into(), fields: Vec::new() }
}

fn post<const N: usize, const M: usize>(
    uri: &'static str,
    examples: [(String, &'static str); N],
    fields: [(&'static str, &str); M],
) -> Place {
    Place { method: "POST", uri, examples: examples.into(), fields: fields.map(|(name, value)| (name, value.to_owned())).into() }
}

/// What the examples lead to.
struct Facts {
    readers: BTreeMap<&'static str, AccountId>,
    mary: Person,
    olga: Person,
    agreement: Uuid,
    agreement_hash: String,
    families: Uuid,
    lessons: Uuid,
    saved: Uuid,
    /// Of Mary and of Olga.
    receipts: [Uuid; 2],
    attempts: [Uuid; 2],
    course: Uuid,
    comment: Uuid,
    /// A file of a funding year.
    evidence: Uuid,
    import: Uuid,
    /// What a newcomer did to duties.
    change: Uuid,
    audience: Uuid,
    /// Mary's and Olga's classes.
    sections: [Uuid; 2],
    /// Paper forms of the two families; Mary's is entered, with a scan.
    papers: [String; 2],
    paper_receipt: Uuid,
    paper_scan: Uuid,
    /// A no of Mary's family and of Olga's that the school is told of.
    told: [Uuid; 2],
    /// The token of a link in a mail to Mary.
    link: String,
    /// What Mary and Olga asked to have opened.
    asked: [Uuid; 2],
    /// Drawn by the leader of Mary's school.
    sample: Uuid,
    /// The auditor's account.
    auditor: Uuid,
    /// What the auditor was shown of Mary.
    disclosure: Uuid,
    /// Asked for by the leader of Mary's school, and made.
    packet: Uuid,
    /// A lesson that was given to Mary's class.
    attestation: Uuid,
}

/// The addresses that nobody's record stands behind.
const ABSENT: &str = "00000000-0000-4000-8000-000000000000";

#[allow(clippy::too_many_lines)] // one line a route: it is read as a table
fn places(f: &Facts) -> Vec<Place> {
    let (mary, olga) = (f.mary.uid, f.olga.uid);
    let (agreement, families, lessons, saved) = (f.agreement, f.families, f.lessons, f.saved);
    let [receipt, other_receipt] = f.receipts;
    let [attempt, other_attempt] = f.attempts;
    let s = |text: &str| text.to_owned();
    let draft = "/policies/responsible-use-9-12/versions/1";
    let in_force = "/policies/responsible-use-6-8/versions/1";
    let in_the_making = "/policies/responsible-use-6-8/versions/2";
    let open = "/policies/family-agreement/versions/1";
    let of_version = |part: &str, who: &'static str| {
        [(format!("{draft}/{part}"), who), (s("/policies/absent/versions/1/") + part, NOBODY), (format!("{draft}9/{part}"), NOBODY)]
    };
    // Who sees Mary's record beside herself, and who Olga's.
    let (sees_mary, sees_olga) = ("teacher leader auditor director", "teacher2 leader2 auditor director");
    let (of_mary, of_olga) = ("student teacher leader auditor director", "student2 teacher2 leader2 auditor director");
    let receipts = |tail: &str| {
        [
            (format!("/receipts/{receipt}{tail}"), of_mary),
            (format!("/receipts/{other_receipt}{tail}"), of_olga),
            (format!("/receipts/{ABSENT}{tail}"), NOBODY),
        ]
    };
    let own_receipts = |tail: &str, of_mary: &'static str, of_olga: &'static str| {
        [
            (format!("/receipts/{receipt}{tail}"), of_mary),
            (format!("/receipts/{other_receipt}{tail}"), of_olga),
            (format!("/receipts/{ABSENT}{tail}"), NOBODY),
        ]
    };
    let attempts = |tail: &str| {
        [
            (format!("/attempts/{attempt}{tail}"), "student"),
            (format!("/attempts/{other_attempt}{tail}"), "student2"),
            (format!("/attempts/{ABSENT}{tail}"), NOBODY),
        ]
    };
    let of_request = |tail: &str, of_mary: &'static str, of_olga: &'static str| {
        [
            (format!("/filter/requests/{}{tail}", f.asked[0]), of_mary),
            (format!("/filter/requests/{}{tail}", f.asked[1]), of_olga),
            (format!("/filter/requests/{ABSENT}{tail}"), NOBODY),
        ]
    };
    let of_audience = |tail: &str| [(format!("/audiences/{}{tail}", f.audience), DIRECTOR), (format!("/audiences/{ABSENT}{tail}"), NOBODY)];
    let of_requirement =
        |tail: &str| [(format!("/requirements/{agreement}/{tail}"), DIRECTOR), (format!("/requirements/{ABSENT}/{tail}"), NOBODY)];
    let of_child = |part: &str| {
        [
            (format!("/roster/people/{mary}/{part}"), "leader director"),
            (format!("/roster/people/{olga}/{part}"), "leader2 director"),
            (format!("/roster/people/{ABSENT}/{part}"), NOBODY),
        ]
    };
    let of_person = |part: &str| [(format!("/roster/people/{mary}/{part}"), DIRECTOR), (format!("/roster/people/{ABSENT}/{part}"), NOBODY)];
    let people = |tail: &str| {
        [
            (format!("/audit/{agreement}/{tail}"), NAMES),
            (format!("/audit/{saved}/{tail}"), NOBODY),
            (format!("/audit/{ABSENT}/{tail}"), NOBODY),
        ]
    };
    let duties = || {
        [
            (format!("/audit/{agreement}/people/{mary}/{mary}"), sees_mary),
            (format!("/audit/{agreement}/people/{olga}/{olga}"), sees_olga),
            (format!("/audit/{agreement}/people/{mary}/{olga}"), NOBODY),
            (format!("/audit/{saved}/people/{mary}/{mary}"), NOBODY),
            (format!("/audit/{ABSENT}/people/{mary}/{mary}"), NOBODY),
        ]
    };
    let [section, other_section] = f.sections;
    let of_class = |tail: &str| {
        [
            (format!("/classes/{section}/{agreement}{tail}"), "teacher leader"),
            (format!("/classes/{other_section}/{agreement}{tail}"), "teacher2 leader2"),
            (format!("/classes/{section}/{families}{tail}"), NOBODY),
            (format!("/classes/{section}/{ABSENT}{tail}"), NOBODY),
            (format!("/classes/{ABSENT}/{agreement}{tail}"), NOBODY),
        ]
    };
    let sampling = || {
        [
            (format!("/audit/{agreement}/sample"), SAMPLERS),
            (format!("/audit/{saved}/sample"), NOBODY),
            (format!("/audit/{ABSENT}/sample"), NOBODY),
        ]
    };
    let tables = |tail: &str| {
        [
            (format!("/audit/{agreement}/{tail}"), REPORTS),
            (format!("/audit/{saved}/{tail}"), NOBODY),
            (format!("/audit/{ABSENT}/{tail}"), NOBODY),
        ]
    };
    // Drawn by the leader of Mary's school.
    let of_sample =
        |tail: &str| [(format!("/samples/{}{tail}", f.sample), "leader director"), (format!("/samples/{ABSENT}{tail}"), NOBODY)];
    let of_packet = |tail: &str| [(format!("/packets/{}{tail}", f.packet), "leader"), (format!("/packets/{ABSENT}{tail}"), NOBODY)];
    let of_auditor = |tail: &str| [(format!("/auditors/{}{tail}", f.auditor), DIRECTOR), (format!("/auditors/{ABSENT}{tail}"), NOBODY)];
    let of_lesson = || {
        [
            (format!("/teaching/{section}/{}", f.course), "teacher leader"),
            (format!("/teaching/{other_section}/{}", f.course), "teacher2 leader2"),
            (format!("/teaching/{section}/{ABSENT}"), NOBODY),
            (format!("/teaching/{ABSENT}/{}", f.course), NOBODY),
        ]
    };
    let papers = || {
        [
            (format!("/audit/{families}/paper"), CLERKS),
            (format!("/audit/{lessons}/paper"), NOBODY),
            (format!("/audit/{saved}/paper"), NOBODY),
            (format!("/audit/{ABSENT}/paper"), NOBODY),
        ]
    };
    let of_paper = |tail: &str| {
        [
            (format!("/paper/forms/{}{tail}", f.papers[0]), "teacher leader director"),
            (format!("/paper/forms/{}{tail}", f.papers[1]), "teacher2 leader2 director"),
            (format!("/paper/forms/2222-2222{tail}"), NOBODY),
        ]
    };
    let of_import =
        |tail: &str| [(format!("/roster/imports/{}{tail}", f.import), DIRECTOR), (format!("/roster/imports/{ABSENT}{tail}"), NOBODY)];
    vec![
        // Everybody's.
        get("/assets/<path..>", [(s("/assets/look.css"), EVERYBODY), (s("/assets/absent.css"), NOBODY)]),
        get("/sign-in?<next>", [(s("/sign-in"), EVERYBODY)]),
        post("/sign-in", [(s("/sign-in"), EVERYBODY)], [("login", "x"), ("password", "y")]),
        get(
            "/link/<token>?<language>",
            [(format!("/link/{}", f.link), EVERYBODY), (format!("/link/{}?language=es", f.link), EVERYBODY), (s("/link/absent"), NOBODY)],
        ),
        post("/link/<token>", [(format!("/link/{}", f.link), EVERYBODY), (s("/link/absent"), NOBODY)], []),
        get("/link/<token>/again?<language>", [(format!("/link/{}/again", f.link), EVERYBODY)]),
        post("/link/<token>/again", [(format!("/link/{}/again", f.link), EVERYBODY)], []),
        post("/language", [(s("/language"), EVERYBODY)], [("language", "es"), ("next", "/")]),
        get("/policies", [(s("/policies"), EVERYBODY)]),
        get(
            "/policies/<slug>?<language>",
            [
                (s("/policies/responsible-use-6-8"), EVERYBODY),
                (s("/policies/family-agreement"), EVERYBODY),
                (s("/policies/responsible-use-9-12"), DRAFTS),
                (s("/policies/absent"), NOBODY),
            ],
        ),
        get(
            "/policies/<slug>/versions/<number>?<language>&<said>",
            [
                (s(in_force), EVERYBODY),
                (s(open), EVERYBODY),
                (s(draft), DRAFTS),
                (s(in_the_making), DRAFTS),
                (s("/policies/responsible-use-6-8/versions/9"), NOBODY),
                (s("/policies/absent/versions/1"), NOBODY),
            ],
        ),
        get(
            "/policies/<slug>/versions/<number>/policy.pdf?<language>",
            [
                (format!("{in_force}/policy.pdf"), EVERYBODY),
                (format!("{draft}/policy.pdf"), DRAFTS),
                (s("/policies/absent/versions/1/policy.pdf"), NOBODY),
            ],
        ),
        get(
            "/policies/<slug>/versions/<number>/policy.md?<language>",
            [
                (format!("{in_force}/policy.md"), EVERYBODY),
                (format!("{draft}/policy.md"), DRAFTS),
                (s("/policies/absent/versions/1/policy.md"), NOBODY),
            ],
        ),
        get(
            "/policies/<slug>/versions/<number>/policy.html?<language>",
            [
                (format!("{in_force}/policy.html"), EVERYBODY),
                (format!("{draft}/policy.html"), DRAFTS),
                (s("/policies/absent/versions/1/policy.html"), NOBODY),
            ],
        ),
        get(
            "/policies/<slug>/changes/<before>/<after>/changes.pdf",
            [
                (s("/policies/responsible-use-6-8/changes/1/1/changes.pdf"), EVERYBODY),
                (s("/policies/responsible-use-6-8/changes/1/2/changes.pdf"), DRAFTS),
                (s("/policies/responsible-use-6-8/changes/1/9/changes.pdf"), NOBODY),
            ],
        ),
        // It only leads on to the comparison, whether that is there or not.
        get("/policies/<slug>/changes?<before>&<after>", [(s("/policies/responsible-use-6-8/changes?before=1&after=2"), EVERYBODY)]),
        get(
            "/policies/<slug>/changes/<before>/<after>",
            [
                (s("/policies/responsible-use-6-8/changes/1/1"), EVERYBODY),
                (s("/policies/responsible-use-6-8/changes/1/2"), DRAFTS),
                (s("/policies/responsible-use-6-8/changes/1/9"), NOBODY),
            ],
        ),
        get(
            "/policies/<slug>/versions/<number>/comments",
            [
                (format!("{open}/comments"), EVERYBODY),
                (format!("{draft}/comments"), DRAFTS),
                (s("/policies/absent/versions/1/comments"), NOBODY),
            ],
        ),
        get(
            "/policies/<slug>/versions/<number>/comment?<clause>&<language>",
            [(format!("{open}/comment"), EVERYBODY), (s("/policies/absent/versions/1/comment"), NOBODY)],
        ),
        post(
            "/policies/<slug>/versions/<number>/comments",
            [(format!("{open}/comments"), EVERYBODY), (s("/policies/absent/versions/1/comments"), NOBODY)],
            [("language", "en"), ("body", "Words"), ("group", "families")],
        ),
        // What the filter does is public; who asked for what is not, and is named nowhere.
        get("/filter?<words>&<basis>&<action>&<band>&<page>", [(s("/filter"), EVERYBODY), (s("/filter?basis=local&page=9"), EVERYBODY)]),
        get("/filter/rules.csv", [(s("/filter/rules.csv"), EVERYBODY)]),
        get("/filter/rules/<code>", [(s("/filter/rules/games"), EVERYBODY), (s("/filter/rules/absent"), NOBODY)]),
        get("/filter/ask?<address>&<category>", [(s("/filter/ask?address=example.org"), ASKERS)]),
        post("/filter/requests", [(s("/filter/requests"), ASKERS)], [("address", "example.org"), ("urgency", "normal"), ("scope", "me")]),
        get("/filter/mine", [(s("/filter/mine"), ASKERS)]),
        get("/filter/requests?<all>&<page>", [(s("/filter/requests"), "leader leader2 director")]),
        get("/filter/requests/<uid>", of_request("", "student leader director", "student2 leader2 director")),
        post(
            "/filter/requests/<uid>/decision",
            of_request("/decision", "leader director", "leader2 director"),
            [("granted", "no"), ("reason", "Not for lessons")],
        ),
        post("/filter/requests/<uid>/appeal", of_request("/appeal", "student", "student2"), [("why", "It is for a lesson")]),
        // The log names nobody.
        get("/log", [(s("/log"), EVERYBODY)]),
        get("/log/checkpoint", [(s("/log/checkpoint"), EVERYBODY)]),
        get("/log/key", [(s("/log/key"), EVERYBODY)]),
        get("/log/check-receipt.py", [(s("/log/check-receipt.py"), EVERYBODY)]),
        get("/log/since/<size>", [(s("/log/since/1"), EVERYBODY), (s("/log/since/99"), NOBODY)]),
        get(
            "/log/tile/<path..>",
            [
                (s("/log/tile/0/000.p/2"), EVERYBODY),
                (s("/log/tile/entries/000.p/1"), EVERYBODY),
                (s("/log/tile/0/000"), NOBODY),
                (s("/log/tile/secrets"), NOBODY),
            ],
        ),
        // Whoever is signed in, and one's own.
        post("/sign-out", [(s("/sign-out"), MEMBERS)], []),
        get("/", [(s("/"), MEMBERS)]),
        get("/tasks", [(s("/tasks"), MEMBERS)]),
        get(
            "/tasks/<requirement>/<about>?<language>",
            [
                (format!("/tasks/{agreement}/{mary}"), "student"),
                (format!("/tasks/{agreement}/{olga}"), "student2"),
                (format!("/tasks/{families}/{mary}"), "guardian"),
                (format!("/tasks/{families}/{olga}"), "guardian2"),
                (format!("/tasks/{lessons}/{mary}"), "student"),
                (format!("/tasks/{agreement}/{ABSENT}"), NOBODY),
                (format!("/tasks/{saved}/{mary}"), NOBODY),
            ],
        ),
        get(
            "/tasks/<requirement>/<about>/answer?<language>",
            [
                (format!("/tasks/{agreement}/{mary}/answer"), "student"),
                (format!("/tasks/{families}/{olga}/answer"), "guardian2"),
                (format!("/tasks/{agreement}/{ABSENT}/answer"), NOBODY),
                (format!("/tasks/{lessons}/{mary}/answer"), NOBODY),
            ],
        ),
        post(
            "/tasks/<requirement>/<about>/answer",
            [
                (format!("/tasks/{agreement}/{mary}/answer"), "student"),
                (format!("/tasks/{agreement}/{olga}/answer"), "student2"),
                (format!("/tasks/{agreement}/{ABSENT}/answer"), NOBODY),
            ],
            [("text_hash", f.agreement_hash.as_str()), ("language", "en"), ("agrees", "yes")],
        ),
        get(
            "/tasks/<requirement>/<about>/course",
            [
                (format!("/tasks/{lessons}/{mary}/course"), "student"),
                (format!("/tasks/{lessons}/{olga}/course"), "student2"),
                (format!("/tasks/{agreement}/{mary}/course"), NOBODY),
                (format!("/tasks/{ABSENT}/{mary}/course"), NOBODY),
            ],
        ),
        get("/receipts/<uid>", receipts("")),
        get("/receipts/<uid>/text", receipts("/text")),
        get("/receipts/<uid>/receipt.json", receipts("/receipt.json")),
        get("/receipts/<uid>/text.json", receipts("/text.json")),
        get("/receipts/<uid>/receipt.pdf", receipts("/receipt.pdf")),
        get(
            "/receipts/<uid>/scans/<scan>",
            [
                (format!("/receipts/{}/scans/{}", f.paper_receipt, f.paper_scan), "guardian teacher leader auditor director"),
                (format!("/receipts/{receipt}/scans/{}", f.paper_scan), NOBODY),
                (format!("/receipts/{}/scans/{ABSENT}", f.paper_receipt), NOBODY),
            ],
        ),
        // Answers on paper: for whoever reaches the children.
        get("/audit/<requirement>/paper?<school>", papers()),
        post("/audit/<requirement>/paper", papers(), [("two_sided", "true")]),
        get("/paper", [(s("/paper"), CLERKS)]),
        get("/paper/list?<requirement>&<section>&<school>", [(format!("/paper/list?requirement={families}"), CLERKS)]),
        post("/paper/batch", [(s("/paper/batch"), CLERKS)], [("codes", f.papers[1].as_str()), ("act", "look")]),
        post("/paper/entries", [(s("/paper/entries"), CLERKS)], [("carried", "{}"), ("signed", "true")]),
        get("/paper/forms/<code>", of_paper("")),
        post("/paper/forms/<code>", of_paper(""), [("choice[account]", "no"), ("why", "Misread")]),
        post("/paper/forms/<code>/scans", of_paper("/scans"), []),
        get("/answers", [(s("/answers"), MEMBERS)]),
        get("/receipts/<uid>/take-back?<consent>", own_receipts("/take-back", "student", "student2")),
        post("/receipts/<uid>/take-back", own_receipts("/take-back", "student", "student2"), [("reason", "I changed my mind")]),
        // A student who is 18, for what guardians were asked; a guardian who is asked the same for other children.
        get("/receipts/<uid>/give?<consent>", own_receipts("/give", NOBODY, NOBODY)),
        post("/receipts/<uid>/give", own_receipts("/give", NOBODY, NOBODY), [("consent", "")]),
        get("/receipts/<uid>/same", own_receipts("/same", NOBODY, NOBODY)),
        post("/receipts/<uid>/same", own_receipts("/same", NOBODY, NOBODY), [("signed_name", "Gus Archer")]),
        get("/courses", [(s("/courses"), MEMBERS)]),
        get(
            "/courses/<slug>?<version>",
            [(s("/courses/netiquette-6-8"), MEMBERS), (s("/courses/cyberbullying-6-8"), AUTHORS), (s("/courses/absent"), NOBODY)],
        ),
        get(
            "/courses/<slug>/questions?<version>",
            [(s("/courses/netiquette-6-8/questions"), AUTHORS), (s("/courses/absent/questions"), NOBODY)],
        ),
        post(
            "/courses/<slug>/attempts",
            [(s("/courses/netiquette-6-8/attempts"), PEOPLE), (s("/courses/absent/attempts"), NOBODY)],
            [("version", f.course.to_string().as_str())],
        ),
        get("/attempts/<uid>", attempts("")),
        // Nobody has passed (what it gives then: courses_browser.rs).
        get("/attempts/<uid>/certificate.pdf", [(format!("/attempts/{attempt}/certificate.pdf"), NOBODY)]),
        get("/certificates?<code>", [(s("/certificates"), EVERYBODY), (s("/certificates?code=7HKX-29PD"), EVERYBODY)]),
        get("/attempts/<uid>/lessons/<n>", attempts("/lessons/1")),
        get("/attempts/<uid>/questions/<n>", attempts("/questions/1")),
        get("/attempts/<uid>/result", attempts("/result")),
        post("/attempts/<uid>/lessons/<n>", attempts("/lessons/2"), []),
        post("/attempts/<uid>/questions/<n>", attempts("/questions/1"), [("choice", "1")]),
        post("/attempts/<uid>/result", attempts("/result"), []),
        // Figures, and the people behind them.
        get(
            "/audit?<as_of>&<requirement>&<by>",
            [(s("/audit"), FIGURES), (format!("/audit?requirement={agreement}&by=grade&as_of=2026-08-17"), FIGURES)],
        ),
        post(
            "/audit/views",
            [(s("/audit/views"), FIGURES)],
            [("name", "Often"), ("requirement", agreement.to_string().as_str()), ("by", "grade")],
        ),
        post("/audit/views/<uid>/removal", [(format!("/audit/views/{ABSENT}/removal"), NOBODY)], []),
        get("/audit/<requirement>/people?<page>&<asked..>", people("people")),
        get("/audit/<requirement>/people.csv?<asked..>", people("people.csv")),
        get("/audit/<requirement>/people/<person>/<about>", duties()),
        post("/audit/<requirement>/people/<person>/<about>", duties(), [("act", "exempt"), ("reason", "Abroad")]),
        // The auditor's work: who reads, samples, the evidence, and what outside parties saw.
        get(
            "/audit/<requirement>/people/<person>/<about>/evidence",
            [
                (format!("/audit/{agreement}/people/{mary}/{mary}/evidence"), "leader auditor director"),
                (format!("/audit/{agreement}/people/{olga}/{olga}/evidence"), "leader2 auditor director"),
                (format!("/audit/{agreement}/people/{mary}/{olga}/evidence"), NOBODY),
                (format!("/audit/{ABSENT}/people/{mary}/{mary}/evidence"), NOBODY),
            ],
        ),
        get("/audit/<requirement>/crossed?<as_of>&<rows>&<columns>", tables("crossed")),
        get("/audit/<requirement>/crossed.csv?<as_of>&<rows>&<columns>", tables("crossed.csv")),
        get("/audit/<requirement>/compared?<as_of>", tables("compared")),
        get(
            "/audit/<requirement>/counted?<as_of>&<school>",
            [
                (format!("/audit/{agreement}/counted"), SAMPLERS),
                (format!("/audit/{saved}/counted"), NOBODY),
                (format!("/audit/{ABSENT}/counted"), NOBODY),
            ],
        ),
        get("/audit/<requirement>/sample?<as_of>", sampling()),
        post("/audit/<requirement>/sample", sampling(), [("by", "school"), ("each", "2"), ("seed", "spring")]),
        get("/samples", [(s("/samples"), SAMPLERS)]),
        get("/samples/<uid>", of_sample("")),
        get("/samples/<uid>/sample.csv", of_sample("/sample.csv")),
        get("/packets", [(s("/packets"), REPORTS)]),
        post("/packets", [(s("/packets"), REPORTS)], [("from", "2026-07-01"), ("until", "2026-08-16"), ("language", "en")]),
        get("/packets/<uid>", of_packet("")),
        get("/packets/<uid>/packet.zip", of_packet("/packet.zip")),
        post("/packets/<uid>/removal", of_packet("/removal"), []),
        get("/auditors", [(s("/auditors"), DIRECTOR)]),
        post(
            "/auditors",
            [(s("/auditors"), DIRECTOR)],
            [("login", "ann"), ("name", "Ann Audit"), ("party", "State"), ("interest", "Audit"), ("last_day", "2026-12-01")],
        ),
        post("/auditors/<uid>/last-day", of_auditor("/last-day"), [("last_day", "2026-12-24")]),
        post("/auditors/<uid>/end", of_auditor("/end"), []),
        get("/disclosures?<page>", [(s("/disclosures"), DIRECTOR), (s("/disclosures?page=2"), DIRECTOR)]),
        get("/disclosures/disclosures.csv", [(s("/disclosures/disclosures.csv"), DIRECTOR)]),
        get(
            "/disclosures/<uid>?<page>",
            [(format!("/disclosures/{}", f.disclosure), DIRECTOR), (format!("/disclosures/{ABSENT}"), NOBODY)],
        ),
        get(
            "/roster/people/<uid>/disclosures?<page>",
            [
                (format!("/roster/people/{mary}/disclosures"), "leader auditor director"),
                (format!("/roster/people/{olga}/disclosures"), "leader2 auditor director"),
                (format!("/roster/people/{ABSENT}/disclosures"), NOBODY),
            ],
        ),
        get("/answers/disclosures", [(s("/answers/disclosures"), MEMBERS)]),
        get("/audit/report.pdf?<as_of>", [(s("/audit/report.pdf"), REPORTS)]),
        get("/audit/report.xlsx?<as_of>", [(s("/audit/report.xlsx"), REPORTS)]),
        // Class mode: the teacher's pages; the children's open only on a device that was handed over (its own story in class_mode.rs).
        get("/classes", [(s("/classes"), "teacher teacher2 leader leader2")]),
        get("/classes/<section>/<requirement>", of_class("")),
        get("/classes/<section>/<requirement>/list.pdf", of_class("/list.pdf")),
        post("/classes/<section>/<requirement>/beginning", of_class("/beginning"), [("language", "en")]),
        get("/classes/grades", [(s("/classes/grades"), DIRECTOR)]),
        post("/classes/grades", [(s("/classes/grades"), DIRECTOR)], [("grade", "01")]),
        // Lessons that are given to classes.
        get("/teaching", [(s("/teaching"), "teacher teacher2 leader leader2")]),
        get("/teaching/<section>/<version>?<held>", of_lesson()),
        post("/teaching/<section>/<version>", of_lesson(), [("held", "2026-08-17"), ("note", "x")]),
        get(
            "/attestations/<uid>",
            [(format!("/attestations/{}", f.attestation), "teacher leader director"), (format!("/attestations/{ABSENT}"), NOBODY)],
        ),
        post(
            "/attestations/<uid>",
            [(format!("/attestations/{}", f.attestation), "teacher leader director"), (format!("/attestations/{ABSENT}"), NOBODY)],
            [("held", "")],
        ),
        get("/class", [(s("/class"), NOBODY)]),
        get("/class/read/<number>", [(s("/class/read/1"), NOBODY)]),
        get("/class/children/<child>?<says>&<again>", [(format!("/class/children/{mary}"), NOBODY)]),
        post("/class/children/<child>", [(format!("/class/children/{mary}"), NOBODY)], [("says", "yes"), ("text_hash", "x")]),
        get("/class/teacher", [(s("/class/teacher"), NOBODY)]),
        post("/class/teacher", [(s("/class/teacher"), NOBODY)], [("password", "x")]),
        post("/class/end", [(s("/class/end"), NOBODY)], []),
        get("/said-no?<all>&<like>&<page>", [(s("/said-no"), NAMES), (s("/said-no?all=true&page=2"), NAMES)]),
        get("/said-no/said-no.csv", [(s("/said-no/said-no.csv"), NAMES)]),
        post(
            "/said-no/<uid>",
            [
                (format!("/said-no/{}", f.told[0]), "leader director"),
                (format!("/said-no/{}", f.told[1]), "leader2 director"),
                (format!("/said-no/{ABSENT}"), NOBODY),
            ],
            [("note", "We talked")],
        ),
        post("/said-no", [(s("/said-no"), "leader leader2 director")], [("note", "We talked")]),
        // Mail: the director's, but for whom nothing reaches (school leaders too) and one's own.
        get("/mail?<page>", [(s("/mail"), DIRECTOR), (s("/mail?page=2"), DIRECTOR)]),
        post("/mail/again/<uid>", [(format!("/mail/again/{ABSENT}"), NOBODY)], []),
        get("/mail/settings", [(s("/mail/settings"), DIRECTOR)]),
        post("/mail/schedule", [(s("/mail/schedule"), DIRECTOR)], [("hour", "8"), ("before", "3")]),
        post("/mail/calendar", [(s("/mail/calendar"), DIRECTOR)], [("week", "7"), ("days", "2026-11-26 Thanksgiving")]),
        post("/mail/kinds", [(s("/mail/kinds"), DIRECTOR)], [("on", "duty.late")]),
        get("/mail/preview?<language>", [(s("/mail/preview"), DIRECTOR), (s("/mail/preview?language=es"), DIRECTOR)]),
        get(
            "/mail/preview/<kind>/<language>",
            [(s("/mail/preview/duty.new/es"), DIRECTOR), (s("/mail/preview/duty.new/xx"), NOBODY), (s("/mail/preview/absent/en"), NOBODY)],
        ),
        get(
            "/mail/never-told?<school>&<why>&<page>",
            [
                (s("/mail/never-told"), "leader leader2 director"),
                (s("/mail/never-told?why=no_address&page=2"), "leader leader2 director"),
                (s("/mail/never-told?why=absent"), NOBODY),
            ],
        ),
        get("/mail/never-told.csv?<school>&<why>", [(s("/mail/never-told.csv"), "leader leader2 director")]),
        post("/mail/letters", [(s("/mail/letters"), "leader leader2 director")], [("school", ABSENT)]),
        post("/mail/letters/letters.pdf", [(s("/mail/letters/letters.pdf"), "leader leader2 director")], [("until", "9")]),
        post("/mail/letters/told", [(s("/mail/letters/told"), "leader leader2 director")], [("until", "9")]),
        get("/mail/mine", [(s("/mail/mine"), MEMBERS)]),
        post("/mail/mine", [(s("/mail/mine"), MEMBERS)], [("on", "comment.answered")]),
        get("/standard-5", [(s("/standard-5"), STANDARDS)]),
        get("/standard-5/<criterion>", [(s("/standard-5/5a-1"), STANDARDS), (s("/standard-5/9z-9"), NOBODY)]),
        get("/standard-5/report.pdf", [(s("/standard-5/report.pdf"), STANDARDS)]),
        get(
            "/roster/people?<school>&<role>&<text>&<by_hand>&<page>",
            [(s("/roster/people"), NAMES), (s("/roster/people?text=a"), NAMES), (s("/roster/people?by_hand=true"), NAMES)],
        ),
        get(
            "/roster/people/<uid>",
            [
                (format!("/roster/people/{mary}"), sees_mary),
                (format!("/roster/people/{olga}"), sees_olga),
                (format!("/roster/people/{ABSENT}"), NOBODY),
            ],
        ),
        // Households: not a teacher's. Who may consent and who answers alone, the school says.
        get(
            "/roster/people/<uid>/household",
            [
                (format!("/roster/people/{mary}/household"), "leader auditor director"),
                (format!("/roster/people/{olga}/household"), "leader2 auditor director"),
                (format!("/roster/people/{ABSENT}/household"), NOBODY),
            ],
        ),
        post("/roster/people/<uid>/consent", of_child("consent"), [("rule", "none"), ("reason", "An order"), ("act", "set")]),
        post("/roster/people/<uid>/answers-alone", of_child("answers-alone"), [("since", "2026-08-01"), ("act", "set")]),
        // The director's.
        get("/roster?<page>", [(s("/roster"), DIRECTOR), (s("/roster?page=2"), DIRECTOR)]),
        get("/roster/people/new", [(s("/roster/people/new"), DIRECTOR)]),
        post("/roster/people", [(s("/roster/people"), DIRECTOR)], [("given", "Bo"), ("family", "Board"), ("kind", "board")]),
        get("/roster/people/csv", [(s("/roster/people/csv"), DIRECTOR)]),
        get("/roster/people/template.csv", [(s("/roster/people/template.csv"), DIRECTOR)]),
        post("/roster/people/csv", [(s("/roster/people/csv"), DIRECTOR)], [("act", "look")]),
        post(
            "/roster/people/csv/import",
            [(s("/roster/people/csv/import"), DIRECTOR)],
            [("text", "given_name,family_name,kind\nBo,Board,board\n")],
        ),
        get("/roster/people/<uid>/change", of_person("change")),
        post("/roster/people/<uid>/change", of_person("change"), [("given", "Bo"), ("family", "Board"), ("kind", "board")]),
        get("/roster/people/<uid>/merge?<other>&<text>", of_person("merge")),
        post("/roster/people/<uid>/merge", of_person("merge"), [("other", ABSENT), ("sure", "true")]),
        post("/roster/people/<uid>/part", of_person("part"), [("other", ABSENT)]),
        post("/roster/imports", [(s("/roster/imports"), DIRECTOR)], [("act", "look")]),
        get("/roster/imports/<uid>?<page>", of_import("")),
        get("/roster/imports/<uid>/findings.csv", of_import("/findings.csv")),
        get("/roster/imports/<uid>/counts.csv", of_import("/counts.csv")),
        get("/roster/imports/<uid>/leaving.csv", of_import("/leaving.csv")),
        post("/roster/imports/<uid>/release", of_import("/release"), []),
        post("/roster/imports/<uid>/run", of_import("/run"), []),
        post("/roster/imports/<uid>/removal", of_import("/removal"), []),
        get("/requirements", [(s("/requirements"), DIRECTOR)]),
        get("/requirements/new", [(s("/requirements/new"), DIRECTOR)]),
        get(
            "/requirements/<uid>",
            [
                (format!("/requirements/{agreement}"), DIRECTOR),
                (format!("/requirements/{saved}"), DIRECTOR),
                (format!("/requirements/{ABSENT}"), NOBODY),
            ],
        ),
        get("/requirements/changes?<page>", [(s("/requirements/changes"), DIRECTOR)]),
        get(
            "/requirements/changes/<uid>?<page>",
            [(format!("/requirements/changes/{}", f.change), DIRECTOR), (format!("/requirements/changes/{ABSENT}"), NOBODY)],
        ),
        post("/requirements/preview", [(s("/requirements/preview"), DIRECTOR)], [("act", "count")]),
        post("/requirements", [(s("/requirements"), DIRECTOR)], [("act", "issue")]),
        post(
            "/requirements/audience",
            [(s("/requirements/audience"), DIRECTOR)],
            [("groups[0].role", "teacher"), ("save_name", "Our teachers"), ("act", "save-audience")],
        ),
        get("/requirements/<uid>/audience", of_requirement("audience")),
        post(
            "/requirements/<uid>/audience/preview",
            of_requirement("audience/preview"),
            [("groups[0].role", "teacher"), ("act", "preview")],
        ),
        post("/requirements/<uid>/audience", of_requirement("audience"), [("groups[0].role", "teacher"), ("act", "change")]),
        get("/audiences", [(s("/audiences"), DIRECTOR)]),
        get("/audiences/new", [(s("/audiences/new"), DIRECTOR)]),
        post("/audiences/preview", [(s("/audiences/preview"), DIRECTOR)], [("groups[0].role", "teacher"), ("act", "preview")]),
        post("/audiences", [(s("/audiences"), DIRECTOR)], [("name", "Teachers"), ("groups[0].role", "teacher"), ("act", "save")]),
        get("/audiences/<uid>", of_audience("")),
        post("/audiences/<uid>/preview", of_audience("/preview"), [("groups[0].role", "teacher"), ("act", "preview")]),
        post("/audiences/<uid>", of_audience(""), [("name", "Teachers"), ("groups[0].role", "teacher"), ("act", "save")]),
        post("/audiences/<uid>/retirement", of_audience("/retirement"), []),
        post(
            "/requirements/<uid>/issue",
            [(format!("/requirements/{saved}/issue"), DIRECTOR), (format!("/requirements/{ABSENT}/issue"), NOBODY)],
            [],
        ),
        post(
            "/requirements/<uid>/withdrawal",
            [(format!("/requirements/{agreement}/withdrawal"), DIRECTOR), (format!("/requirements/{ABSENT}/withdrawal"), NOBODY)],
            [("reason", "No more needed")],
        ),
        post(
            "/courses/<slug>/publication",
            [(s("/courses/cyberbullying-6-8/publication"), DIRECTOR), (s("/courses/absent/publication"), NOBODY)],
            [],
        ),
        post("/policies/<slug>/versions/<number>/publication", of_version("publication", DIRECTOR), [("effective", "2026-09-01")]),
        post(
            "/policies/<slug>/versions/<number>/adoption",
            of_version("adoption", DIRECTOR),
            [("votes_for", "5"), ("against", "0"), ("abstained", "0"), ("resolution", "R-9"), ("day", "2026-08-17")],
        ),
        // Whoever writes drafts.
        get("/courses/library", [(s("/courses/library"), AUTHORS)]),
        post("/courses", [(s("/courses"), AUTHORS)], [("slug", "fair-use-6-8")]),
        get("/policies/library", [(s("/policies/library"), AUTHORS)]),
        get("/policies/new", [(s("/policies/new"), AUTHORS)]),
        post(
            "/policies/new",
            [(s("/policies/new"), AUTHORS)],
            [("title", "A policy of our own"), ("slug", "of-our-own"), ("kind", "procedure")],
        ),
        post("/policies", [(s("/policies"), AUTHORS)], [("slug", "internet-safety")]),
        post(
            "/policies/<slug>/versions",
            [(s("/policies/responsible-use-6-8/versions"), AUTHORS), (s("/policies/absent/versions"), NOBODY)],
            [("material", "true"), ("reason", "Why"), ("summary", "What")],
        ),
        get("/policies/import", [(s("/policies/import"), AUTHORS)]),
        post("/policies/import", [(s("/policies/import"), AUTHORS)], [("slug", "brought-in"), ("kind", "notice"), ("audience", "all")]),
        get("/policies/<slug>/versions/<number>/head?<language>", of_version("head", AUTHORS)),
        post(
            "/policies/<slug>/versions/<number>/head",
            of_version("head", AUTHORS),
            [("language", "en"), ("expected", "x"), ("title", "T")],
        ),
        get("/policies/<slug>/versions/<number>/whole?<language>", of_version("whole", AUTHORS)),
        post(
            "/policies/<slug>/versions/<number>/whole",
            of_version("whole", AUTHORS),
            [("language", "en"), ("expected", "x"), ("source", "+++")],
        ),
        get("/policies/<slug>/versions/<number>/plain-words?<language>", of_version("plain-words", AUTHORS)),
        get("/policies/<slug>/versions/<number>/translations", of_version("translations", AUTHORS)),
        post("/policies/<slug>/versions/<number>/translations", of_version("translations", AUTHORS), [("language", "vi")]),
        get(
            "/policies/<slug>/versions/<number>/translations/<language>",
            [(format!("{draft}/translations/es"), AUTHORS), (format!("{draft}/translations/xx"), NOBODY)],
        ),
        post(
            "/policies/<slug>/versions/<number>/translations/<language>/reading",
            [(format!("{draft}/translations/es/reading"), AUTHORS), (format!("{draft}/translations/xx/reading"), NOBODY)],
            [],
        ),
        get("/policies/<slug>/review", [(s("/policies/responsible-use-6-8/review"), AUTHORS), (s("/policies/absent/review"), NOBODY)]),
        post(
            "/policies/<slug>/review",
            [(s("/policies/responsible-use-6-8/review"), AUTHORS), (s("/policies/absent/review"), NOBODY)],
            [("day", "2026-08-17"), ("note", "Read."), ("outcome", "same")],
        ),
        post(
            "/policies/<slug>/owner",
            [(s("/policies/responsible-use-6-8/owner"), AUTHORS), (s("/policies/absent/owner"), NOBODY)],
            [("owner", "Director"), ("months", "12")],
        ),
        post(
            "/policies/<slug>/versions/<number>/clauses/<id>/place",
            [(format!("{draft}/clauses/filtering-appeal/place"), AUTHORS), (s("/policies/absent/versions/1/clauses/x/place"), NOBODY)],
            [("language", "en"), ("expected", "x"), ("place", "section:x")],
        ),
        post(
            "/policies/<slug>/versions/<number>/meetings/<uid>/minutes",
            [(format!("{draft}/meetings/{ABSENT}/minutes"), NOBODY)],
            [("minutes", "Read.")],
        ),
        // The evidence behind adoption and review.
        get("/dossier", [(s("/dossier"), DRAFTS)]),
        get("/dossier/<year>", [(s("/dossier/2026"), DRAFTS), (s("/dossier/1900"), NOBODY)]),
        get("/dossier/<year>/dossier.pdf", [(s("/dossier/2026/dossier.pdf"), DRAFTS), (s("/dossier/1900/dossier.pdf"), NOBODY)]),
        get("/dossier/<year>/dossier.zip", [(s("/dossier/2026/dossier.zip"), DRAFTS), (s("/dossier/1900/dossier.zip"), NOBODY)]),
        post("/dossier/<year>/files", [(s("/dossier/2026/files"), AUTHORS)], [("item", "AUD-4")]),
        post("/evidence", [(s("/evidence"), AUTHORS)], [("kind", "notice"), ("about", ABSENT), ("back", "/policies")]),
        get("/evidence/<uid>", [(format!("/evidence/{}", f.evidence), DRAFTS), (format!("/evidence/{ABSENT}"), NOBODY)]),
        post(
            "/evidence/<uid>/removal",
            [(format!("/evidence/{}/removal", f.evidence), DIRECTOR), (format!("/evidence/{ABSENT}/removal"), NOBODY)],
            [("back", "/dossier/2026")],
        ),
        get("/policies/<slug>/versions/<number>/blanks", of_version("blanks", AUTHORS)),
        post("/policies/<slug>/versions/<number>/blanks", of_version("blanks", AUTHORS), [("blank[0]", "555-0100")]),
        get(
            "/policies/<slug>/versions/<number>/clauses/<id>?<language>&<comment>",
            [(format!("{draft}/clauses/filtering-appeal"), AUTHORS), (format!("{draft}/clauses/absent"), NOBODY)],
        ),
        post(
            "/policies/<slug>/versions/<number>/clauses/<id>",
            [(format!("{draft}/clauses/filtering-appeal"), AUTHORS), (format!("{draft}/clauses/absent"), NOBODY)],
            [("language", "en"), ("expected", "x"), ("body", "Words.")],
        ),
        post(
            "/policies/<slug>/versions/<number>/clauses",
            of_version("clauses", AUTHORS),
            [("section", "new"), ("section_title", "Title"), ("body", "Words.")],
        ),
        post(
            "/policies/<slug>/versions/<number>/clauses/<id>/removal",
            [(format!("{draft}/clauses/filtering-appeal/removal"), AUTHORS), (s("/policies/absent/versions/1/clauses/x/removal"), NOBODY)],
            [("language", "en"), ("expected", "x")],
        ),
        post(
            "/policies/<slug>/versions/<number>/feedback",
            of_version("feedback", AUTHORS),
            [("closes", "2026-09-01"), ("public", "true")],
        ),
        post("/policies/<slug>/versions/<number>/feedback/end", of_version("feedback/end", AUTHORS), []),
        post(
            "/comments/<uid>/answer",
            [(format!("/comments/{}/answer", f.comment), AUTHORS), (format!("/comments/{ABSENT}/answer"), NOBODY)],
            [("outcome", "accepted"), ("reason", "It is in."), ("back", "/")],
        ),
        post(
            "/comments/<uid>/moderation",
            [(format!("/comments/{}/moderation", f.comment), AUTHORS), (format!("/comments/{ABSENT}/moderation"), NOBODY)],
            [("show", "true"), ("back", "/")],
        ),
        get("/policies/<slug>/versions/<number>/adoption", of_version("adoption", AUTHORS)),
        post(
            "/policies/<slug>/versions/<number>/notices",
            of_version("notices", AUTHORS),
            [("posted", "Website"), ("from_day", "2026-08-01"), ("body", "Words")],
        ),
        post(
            "/policies/<slug>/versions/<number>/meetings",
            of_version("meetings", AUTHORS),
            [("kind", "meeting"), ("day", "2026-08-10"), ("place", "Hall"), ("agenda", "1")],
        ),
        post("/policies/<slug>/versions/<number>/withdrawal", of_version("withdrawal", AUTHORS), [("reason", "Not now")]),
    ]
}

/// Where refused posts are sent: answered with 403, whoever asks.
const REFUSED: &str = "/refused";

/// A no of each family, as the school is told of it.
async fn noes(
    world: &World,
    families: Uuid,
    version: &policies::Version,
    readers: &BTreeMap<&'static str, AccountId>,
    [mary, olga]: [&Person; 2],
) -> [Uuid; 2] {
    let mut told = Vec::new();
    for (reader, child, leader) in [("guardian", mary, "leader"), ("guardian2", olga, "leader2")] {
        let (actor, leader) = (world.actor(readers[reader]).await, world.actor(readers[leader]).await);
        let mut tx = world.write().await;
        let task = tasks::one(&mut tx, &actor, families, child.uid).await.unwrap();
        let reading = policies::read(&mut tx, version, Some("en")).await.unwrap();
        let given = acknowledgments::Answer {
            text_hash: reading.hash.clone(),
            agrees: Some(false),
            signed_name: "A guardian".into(),
            ..acknowledgments::Answer::default()
        };
        acknowledgments::answer(&mut tx, &actor, &world.district, &task, &reading, given).await.unwrap();
        let page = Page::number(None);
        told.push(told::list(&mut tx, &leader, told::Wanted::Waiting, None, page).await.unwrap().rows.remove(0).uid);
        tx.commit().await.unwrap();
    }
    told.try_into().unwrap()
}

/// Two schools with one of each, a policy in force and in the making, drafts, courses, answers, an import.
async fn settle(world: &World) -> Facts {
    let import = bring_in(world).await;
    let (harbor, cedar) = (world.school("Harbor Middle").await, world.school("Cedar Ridge").await);
    let mut readers = BTreeMap::new();
    let mary = one_school(world, &harbor, ["Mary Archer", "Tilda Teach", "Gus Archer", "Lea Leader"], "", &mut readers).await;
    let olga = one_school(world, &cedar, ["Olga Cole", "Tom Tutor", "Gil Cole", "Lou Lead"], "2", &mut readers).await;
    for (name, role) in [("board", Role::BoardMember), ("auditor", Role::Auditor), ("author", Role::Author), ("director", Role::Director)] {
        readers.insert(name, world.granted(&format!("Some {name}"), role).await);
    }

    let operator = world.operator();
    let mut tx = world.write().await;
    let version = agreement(&mut tx, world).await;
    let version = published(&mut tx, world, &version, "2026-08-17").await;
    policies::new_version(&mut tx, &operator, "responsible-use-6-8", true, "It says more", "").await.unwrap();
    policies::take(&mut tx, &operator, "responsible-use-9-12").await.unwrap();
    let open = policies::take(&mut tx, &operator, "family-agreement").await.unwrap();
    feedback::open_round(&mut tx, &operator, open.id, day("2026-09-30"), true).await.unwrap();
    let said = feedback::NewComment {
        language: "en".into(),
        clause: None,
        body: "Who reads this?".into(),
        group: Some(feedback::Stakeholder::Families),
        name: String::new(),
    };
    let comment = feedback::comment(&mut tx, None, open.id, said).await.unwrap().uid;
    let about = evidence::About::Year(evidence::FundingYear::named(2026).unwrap(), "AUD-4".into());
    let evidence = evidence::keep(&mut tx, &operator, about, "invoice.pdf", "", b"%PDF-1.7\n%%EOF\n").await.unwrap().uid;
    training::take_from_library(&mut tx, &operator, "netiquette-6-8").await.unwrap();
    let course = training::publish(&mut tx, &operator, "netiquette-6-8").await.unwrap().version;
    training::take_from_library(&mut tx, &operator, "cyberbullying-6-8").await.unwrap();

    let policy = Subject::Policy { version: version.id.0, root: version.policy_id.0 };
    let lessons = Subject::Course { version: course.id.0, root: course.course_id.0 };
    let at_both = vec![harbor.uid, cedar.uid];
    let agreement = require(&mut tx, world, "Agreement", policy, AnswersAs::Oneself, &at_both, true).await;
    let families = require(&mut tx, world, "Family form", policy, AnswersAs::Guardian, &at_both, true).await;
    let lessons = require(&mut tx, world, "Lessons", lessons, AnswersAs::Oneself, &at_both, true).await;
    let audience = saved::create(&mut tx, &operator, "Staff", &Rule::AllStaff).await.unwrap().uid;
    let saved = require(&mut tx, world, "Not yet", policy, AnswersAs::Oneself, &at_both, false).await;
    tx.commit().await.unwrap();

    let (mut receipts, mut attempts) = (Vec::new(), Vec::new());
    let mut agreement_hash = String::new();
    for (reader, person) in [("student", &mary), ("student2", &olga)] {
        let actor = world.actor(readers[reader]).await;
        let mut tx = world.write().await;
        let task = tasks::one(&mut tx, &actor, agreement, person.uid).await.unwrap();
        let reading = policies::read(&mut tx, &version, Some("en")).await.unwrap();
        let given = acknowledgments::Answer { text_hash: reading.hash.clone(), agrees: Some(true), ..acknowledgments::Answer::default() };
        let record = acknowledgments::answer(&mut tx, &actor, &world.district, &task, &reading, given).await.unwrap();
        receipts.push(record.uid);
        agreement_hash.clone_from(&reading.hash);
        attempts.push(training::start_or_resume(&mut tx, &actor, person.id, course.id, "en").await.unwrap().uid);
        tx.commit().await.unwrap();
    }
    world.seal().await;
    let (papers, paper_receipt, paper_scan) = on_paper(world, families, readers["director"], &mary, &olga).await;
    let told = noes(world, families, &version, &readers, [&mary, &olga]).await;
    let change = newcomer(world, &harbor).await;
    let mut tx = world.write().await;
    let link = links::make(&mut tx, &[mary.id]).await.unwrap().remove(&mary.id).unwrap();
    tx.commit().await.unwrap();
    let sections = [section_of(world, &harbor).await, section_of(world, &cedar).await];
    let asked = unblocking(world, [readers["student"], readers["student2"]]).await;
    let packet = packet_of(world, readers["leader"]).await;
    let (sample, auditor, disclosure) = audited(world, agreement, &readers, &mary).await;
    let attestation = taught(world, readers["teacher"], (sections[0], course.uid), &mary).await;
    Facts {
        asked,
        readers,
        mary,
        olga,
        agreement,
        agreement_hash,
        families,
        lessons,
        saved,
        receipts: receipts.try_into().unwrap(),
        attempts: attempts.try_into().unwrap(),
        course: course.uid,
        comment,
        evidence,
        import,
        change,
        audience,
        sections,
        papers,
        paper_receipt,
        paper_scan,
        told,
        link,
        sample,
        auditor,
        disclosure,
        packet,
        attestation,
    }
}

/// Somebody new at that school; what it did to duties.
async fn newcomer(world: &World, harbor: &School) -> Uuid {
    let newcomer = world.student(harbor, "Ned New", "06").await;
    let mut tx = world.write().await;
    acknowledgments::class::set_through(&mut tx, &world.operator(), "06").await.unwrap();
    let changes = Changes { people: vec![newcomer.id] };
    let cause = Cause::of(CauseKind::Person, newcomer.uid);
    let change = obligations::follow(&mut tx, &world.operator(), &world.district, changes, cause).await.unwrap().unwrap().uid;
    tx.commit().await.unwrap();
    change
}

/// A packet that somebody asked for, made.
async fn packet_of(world: &World, account: AccountId) -> Uuid {
    let actor = world.actor(account).await;
    let mut tx = world.write().await;
    let wish = packets::Wish {
        from: day("2026-07-01"),
        until: day("2026-08-15"),
        language: Locale::En,
        sample: None,
        records: false,
        party: String::new(),
        interest: String::new(),
    };
    let uid = packets::ask(&mut tx, &actor, &world.district, wish).await.unwrap();
    tx.commit().await.unwrap();
    world.round().await;
    uid
}

/// A sample of the first leader's, the auditor's uid, and an entry that the auditor saw a student.
async fn audited(world: &World, agreement: Uuid, readers: &BTreeMap<&'static str, AccountId>, mary: &Person) -> (Uuid, Uuid, Uuid) {
    let (leader, auditor) = (world.actor(readers["leader"]).await, world.actor(readers["auditor"]).await);
    let mut tx = world.write().await;
    let plan = Plan { day: day("2026-08-17"), by: Stratum::School, each: 5, seed: "spring".into() };
    let drawn = sample::draw(&mut tx, &leader, agreement, plan).await.unwrap();
    let sample = sample::keep(&mut tx, &leader, &drawn).await.unwrap();
    let to = auditors::party(&mut tx, &auditor).await.unwrap();
    disclosures::record(&mut tx, &auditor, &to, disclosures::Kind::Record, "", &[mary.uid]).await.unwrap();
    let page = Page::number(None);
    let entry = disclosures::list(&mut tx, &world.operator(), page).await.unwrap().rows.remove(0).uid;
    let today = world.district.today(tx.now());
    let account = auditors::list(&mut tx, &world.operator(), today).await.unwrap().remove(0).uid;
    tx.commit().await.unwrap();
    (sample, account, entry)
}

/// A lesson that the teacher gave to Mary's class.
async fn taught(world: &World, teacher: AccountId, (section, version): (Uuid, Uuid), mary: &Person) -> Uuid {
    let teacher = world.actor(teacher).await;
    let held = world.district.today(world.clock.now());
    let given = attestations::NewAttestation { section, version, held, here: vec![mary.uid], excused: Vec::new(), note: String::new() };
    let mut tx = world.write().await;
    let attestation = attestations::attest(&mut tx, &teacher, &world.district, given).await.unwrap();
    tx.commit().await.unwrap();
    attestation
}

/// A rule, and what each of these asks to have opened.
async fn unblocking(world: &World, students: [AccountId; 2]) -> [Uuid; 2] {
    let mut tx = world.write().await;
    let rule = filtering::rules::Rule::new("games", filtering::TargetKind::Category, "Games", filtering::Action::Block);
    filtering::rules::add(&mut tx, &world.operator(), &rule, "").await.unwrap();
    tx.commit().await.unwrap();
    let mut asked = Vec::new();
    for student in students {
        let actor = world.actor(student).await;
        let mut tx = world.write().await;
        let new = filtering::requests::NewRequest {
            address: "chess.example.org".into(),
            category: "Games".into(),
            purpose: String::new(),
            urgency: filtering::Urgency::Normal,
            scope: filtering::Scope::Me,
            until: None,
        };
        asked.push(filtering::requests::ask(&mut tx, &actor, &new).await.unwrap());
        tx.commit().await.unwrap();
    }
    asked.try_into().unwrap()
}

/// The families' forms on paper: of both the codes; Mary's comes back with a scan.
async fn on_paper(world: &World, families: Uuid, director: AccountId, mary: &Person, olga: &Person) -> ([String; 2], Uuid, Uuid) {
    let director = world.actor(director).await;
    let mut tx = world.write().await;
    let printed = paper::print(&mut tx, &director, families, paper::Wanted::default()).await.unwrap();
    let form = |child: &Person| printed.forms.iter().find(|form| form.about_name == child.name).unwrap();
    let back = paper::Filled {
        code: form(mary).code.clone(),
        agrees: Some(true),
        choices: Vec::new(),
        reason: String::new(),
        signed_name: form(mary).name.clone(),
        signed_day: world.district.today(tx.now()),
    };
    let record = paper::enter(&mut tx, &director, &world.district, &[back], Some(b"%PDF-1.7 %%EOF")).await.unwrap().remove(0);
    let scan = paper::scans::of(&mut tx, &director, record.uid).await.unwrap()[0].uid;
    tx.commit().await.unwrap();
    ([mary, olga].map(|child| form(child).code.clone()), record.uid, scan)
}

/// A small generated roster, so that there is an import to look at.
async fn bring_in(world: &World) -> Uuid {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roster.zip");
    generate::write(generate::Plan { people: 40, ..generate::Plan::default() }, std::fs::File::create(&path).unwrap()).unwrap();
    let mut tx = world.write().await;
    let district: &District = &world.district;
    let (report, _) = oneroster::import(&mut tx, &world.operator(), district, &path, Wish::default()).await.unwrap();
    tx.commit().await.unwrap();
    report.uid.unwrap()
}

/// A student, their teacher, guardian and school leader, each with an account; the student.
async fn one_school(
    world: &World,
    school: &School,
    names: [&str; 4],
    tail: &str,
    readers: &mut BTreeMap<&'static str, AccountId>,
) -> Person {
    let student = world.student(school, names[0], "06").await;
    let teacher = world.teacher(school, names[1]).await;
    let guardian = world.guardian(names[2], &[&student]).await;
    let leader = world.school_leader(school, names[3]).await;
    world.section(school, "Science 6", &teacher, &[&student]).await;
    for (role, person) in [("student", &student), ("teacher", &teacher), ("guardian", &guardian), ("leader", &leader)] {
        let reader = READERS.into_iter().find(|r| *r == format!("{role}{tail}")).unwrap();
        readers.insert(reader, world.account(person).await);
    }
    student
}

/// The school's only section.
async fn section_of(world: &World, school: &School) -> Uuid {
    let mut tx = world.read().await;
    on!(tx, |c| sqlx::query_scalar("SELECT uid FROM section WHERE school_id = $1").bind(school.id).fetch_one(c).await).unwrap()
}

async fn require(tx: &mut Tx, world: &World, title: &str, subject: Subject, answers_as: AnswersAs, schools: &[Uuid], issue: bool) -> Uuid {
    let new = NewRequirement {
        title: title.into(),
        subject,
        answers_as,
        audience: Rule::All(vec![Rule::Role(vec!["student".into()]), Rule::Org(schools.to_vec())]),
        due: Some(day("2026-10-01")),
        join_days: 30,
        goal: 95,
        minutes: 5,
        window: Window::default(),
    };
    let saved = requirements::save(tx, &world.operator(), &world.district, new).await.unwrap();
    if issue {
        requirements::issue(tx, &world.operator(), &world.district, saved.uid).await.unwrap();
    }
    saved.uid
}

/// One client for all: whoever's session it carries is the reader.
struct Door {
    member: Client,
    visitor: Client,
    tokens: BTreeMap<&'static str, String>,
}

impl Door {
    async fn of(world: &World, facts: &Facts) -> Self {
        let mut tokens = BTreeMap::new();
        let mut tx = world.write().await;
        for (reader, account) in &facts.readers {
            tokens.insert(*reader, sessions::begin(&mut tx, *account).await.unwrap().for_cookie().to_owned());
        }
        tx.commit().await.unwrap();
        Self { member: world.client().await, visitor: world.client().await, tokens }
    }

    fn as_reader(&self, reader: &str) -> &Client {
        match self.tokens.get(reader) {
            None => &self.visitor,
            Some(token) => {
                self.member.set_cookie(SESSION_COOKIE, token);
                &self.member
            }
        }
    }
}

fn asks_to_sign_in(reply: &Reply) -> bool {
    reply.status == 303 && reply.location().starts_with("/sign-in")
}

/// Out of reach: as if it weren't there; a link that nobody made looks as if it had ended; a visitor may be asked to sign in.
fn closed(reader: &str, reply: &Reply) -> bool {
    reply.status == 404 || reply.status == 410 || (reader == "visitor" && asks_to_sign_in(reply))
}

/// What is written when an outside party looks, as the law asks.
const OF_LOOKING: [&str; 2] = ["disclosure", "disclosure_student"];

/// Everything in the database, table by table, but [`OF_LOOKING`].
async fn contents(world: &World) -> BTreeMap<String, String> {
    let mut tx = world.read().await;
    let tables: Vec<String> = on!(
        tx,
        sqlite "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        postgres "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = 'public'",
        |c, sql| sqlx::query_scalar(sql).fetch_all(c).await
    )
    .unwrap();
    let mut all = BTreeMap::new();
    for table in tables.into_iter().filter(|table| !OF_LOOKING.contains(&table.as_str())) {
        let columns: Vec<String> = on!(
            tx,
            sqlite "SELECT name FROM pragma_table_info($1)",
            postgres "SELECT CAST(column_name AS TEXT) FROM information_schema.columns WHERE table_name = $1",
            |c, sql| sqlx::query_scalar(sql).bind(&table).fetch_all(c).await
        )
        .unwrap();
        let quoted: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
        let rows: Vec<String> = on!(
            tx,
            sqlite format!("SELECT {} AS line FROM \"{table}\" ORDER BY line", quoted.join(" || '|' || ")),
            postgres format!("SELECT CAST(t AS TEXT) AS line FROM \"{table}\" t ORDER BY line"),
            |c, sql| sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(c).await
        )
        .unwrap();
        all.insert(table, format!("{} rows\n{}", rows.len(), rows.join("\n")));
    }
    all
}

#[track_caller]
fn assert_unchanged(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>, by: &str) {
    let changed: Vec<&String> = before.keys().filter(|table| before[*table] != after[*table]).collect();
    assert!(changed.is_empty(), "{by} changed {changed:?}");
}

story!(every_route_is_placed, |world| {
    let facts = Box::pin(settle(world)).await;
    let routes: BTreeSet<(String, String)> = world.client().await.routes().into_iter().collect();
    let placed: BTreeSet<(String, String)> =
        places(&facts).iter().map(|p| (p.method.to_owned(), p.uri.to_owned())).chain([("GET".to_owned(), REFUSED.to_owned())]).collect();
    let unplaced: Vec<_> = routes.difference(&placed).collect();
    assert!(unplaced.is_empty(), "nobody has said who may open: {unplaced:?}");
    let gone: Vec<_> = placed.difference(&routes).collect();
    assert!(gone.is_empty(), "placed, but no route any more: {gone:?}");
});

story!(each_page_opens_to_whom_reach_allows_and_to_nobody_else, |world| {
    let facts = Box::pin(settle(world)).await;
    let door = Door::of(world, &facts).await;
    let before = contents(world).await;
    let mut wrong = Vec::new();
    for place in places(&facts).iter().filter(|p| p.method == "GET") {
        for (path, who) in &place.examples {
            for reader in READERS {
                let reply = door.as_reader(reader).get(path).await;
                let allowed = who.split(' ').any(|w| w == reader);
                let opens = (reply.status == 200 || reply.status == 303) && !asks_to_sign_in(&reply);
                if if allowed { !opens } else { !closed(reader, &reply) } {
                    let wanted = if allowed { "should open" } else { "should be closed" };
                    wrong.push(format!("{reader} at {path}: {wanted}, got {} {}", reply.status, reply.location()));
                }
                for stranger in strangers(reader) {
                    if reply.body.contains(stranger) {
                        wrong.push(format!("{reader} at {path} reads the name {stranger}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    // Whoever looks at whatever there is, the director too, changes nothing.
    assert_unchanged(&before, &contents(world).await, "looking");
    for reader in READERS {
        assert_eq!(door.as_reader(reader).get(REFUSED).await.status, 403);
    }
});

/// How often each student's record was disclosed.
async fn disclosed(world: &World, student: &Person) -> i64 {
    let mut tx = world.read().await;
    disclosures::about(&mut tx, student.id, Page::number(None)).await.unwrap().total
}

story!(whatever_shows_a_student_to_an_auditor_is_written_down_before_and_nobody_else_s_looking_is, |world| {
    let facts = Box::pin(settle(world)).await;
    let door = Door::of(world, &facts).await;
    let mut wrong = Vec::new();
    for place in places(&facts).iter().filter(|p| p.method == "GET") {
        for (path, who) in &place.examples {
            for reader in ["auditor", "director", "leader", "guardian", "student"] {
                if !who.split(' ').any(|w| w == reader) {
                    continue;
                }
                let before = [disclosed(world, &facts.mary).await, disclosed(world, &facts.olga).await];
                let reply = door.as_reader(reader).get(path).await;
                let after = [disclosed(world, &facts.mary).await, disclosed(world, &facts.olga).await];
                for (at, (given, family)) in [("Mary", "Archer"), ("Olga", "Cole")].into_iter().enumerate() {
                    let named = reply.body.contains(&format!("{given} {family}"));
                    if reader == "auditor" && named && after[at] == before[at] {
                        wrong.push(format!("{path} shows the auditor {given} {family}, and nothing is written down"));
                    }
                    if reader != "auditor" && after[at] != before[at] {
                        wrong.push(format!("{path}: {reader} is no outside party"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
});

/// Family names that this reader never sees on any page.
fn strangers(reader: &str) -> &'static [&'static str] {
    match reader {
        "student" | "teacher" | "guardian" | "leader" => &["Cole"],
        "student2" | "teacher2" | "guardian2" | "leader2" => &["Archer"],
        "director" | "auditor" => &[],
        _ => &["Archer", "Cole"],
    }
}

story!(by_a_link_in_a_mail_one_reaches_one_s_own_tasks_and_nothing_of_others, |world| {
    let facts = Box::pin(settle(world)).await;
    let client = world.client().await;
    let mut tokens = BTreeMap::new();
    for (reader, account) in &facts.readers {
        let Some(person) = world.actor(*account).await.person else { continue };
        let mut tx = world.write().await;
        let link = links::make(&mut tx, &[person]).await.unwrap().remove(&person).unwrap();
        let token = links::follow(&mut tx, &world.district.zone, &link).await.unwrap();
        tx.commit().await.unwrap();
        tokens.insert(*reader, token.for_cookie().to_owned());
    }
    assert_eq!(tokens.keys().copied().collect::<Vec<_>>().join(" "), "guardian guardian2 leader leader2 student student2 teacher teacher2");
    let before = contents(world).await;
    let mut wrong = Vec::new();
    for place in places(&facts) {
        let opens = crate::sign_in_link::opens(place.method, place.uri);
        let fields: Vec<(&str, &str)> = place.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        for (path, who) in &place.examples {
            for (reader, token) in &tokens {
                client.set_cookie(SESSION_COOKIE, token);
                let is_get = place.method == "GET";
                if path.starts_with("/assets/") || (opens && !is_get) {
                    continue;
                }
                let reply = if is_get { client.get(path).await } else { client.post(path, &fields).await };
                // What the office's people reach is nobody's own; a course is open to whom it is asked of.
                let allowed = who.split(' ').any(|w| w == *reader)
                    && (*who == MEMBERS || *who == EVERYBODY || reader.starts_with("student") || reader.starts_with("guardian"))
                    && (!path.starts_with("/courses/") || reader.starts_with("student"));
                let right = match (opens, allowed) {
                    (false, _) => reply.status == 403,
                    (true, true) => (reply.status == 200 || reply.status == 303) && !asks_to_sign_in(&reply),
                    (true, false) => closed(reader, &reply),
                };
                if !right {
                    wrong.push(format!("{reader} at {} {path}: {} {}", place.method, reply.status, reply.location()));
                }
                for stranger in strangers(reader) {
                    if reply.body.contains(stranger) {
                        wrong.push(format!("{reader} at {path} reads the name {stranger}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_unchanged(&before, &contents(world).await, "whoever came by a link");
});

story!(nobody_changes_what_is_out_of_reach_or_from_another_site, |world| {
    let facts = Box::pin(settle(world)).await;
    let door = Door::of(world, &facts).await;
    let before = contents(world).await;
    let mut wrong = Vec::new();
    for place in places(&facts).iter().filter(|p| p.method != "GET") {
        assert_eq!(place.method, "POST", "{}: only GET and POST are sent by forms", place.uri);
        let fields: Vec<(&str, &str)> = place.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        for (path, who) in &place.examples {
            for reader in READERS.into_iter().filter(|r| !who.split(' ').any(|w| w == *r)) {
                let reply = door.as_reader(reader).post(path, &fields).await;
                if !closed(reader, &reply) {
                    wrong.push(format!("{reader} posts to {path}: {} {}", reply.status, reply.location()));
                }
            }
            for reader in who.split(' ').filter(|w| !w.is_empty()) {
                for foreign in [
                    ("Sec-Fetch-Site", "cross-site"),
                    ("Sec-Fetch-Site", "same-site"),
                    ("Origin", "https://elsewhere.example"),
                    ("Origin", "null"),
                    ("Accept", "text/html"),
                ] {
                    let reply = door.as_reader(reader).post_with(path, &fields, &[foreign]).await;
                    if reply.status != 403 {
                        wrong.push(format!("{reader} posts to {path} with {}: {}: {}", foreign.0, foreign.1, reply.status));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_unchanged(&before, &contents(world).await, "a refused post");
});
