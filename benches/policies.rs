//! A policy of 400 clauses with 12 versions, over HTTP: opened, one clause edited, two versions compared.

use std::fmt::Write as _;
use std::net::SocketAddr;

use assent::adoption::{self, Adoption};
use assent::db::Tx;
use assent::kernel::{Actor, Problem, Result};
use assent::policies::{self, Audience, Clause, Kind, NewPolicy, importing};
use assent::roster::District;

use crate::clocking::{median, seconds};
use crate::line::Line;
use crate::pages;

const SLUG: &str = "everything";
const CLAUSES: usize = 400;
const VERSIONS: i64 = 12;

/// Milliseconds, each a median.
pub struct Figures {
    pub open: f64,
    pub edit: f64,
    pub compare: f64,
}

/// Writes the policy; its last version is a draft.
pub async fn write(tx: &mut Tx, actor: &Actor, district: &District) -> Result<()> {
    let mut source = String::from("# Everything\n");
    for n in 0..CLAUSES {
        if n % 20 == 0 {
            let _ = write!(source, "\n## Part {}\n", n / 20 + 1);
        }
        let _ = write!(
            source,
            "\nRule {n}: students ask an adult before they share a picture of somebody else, and say so when something is wrong. The school \
             answers within two days, and keeps what was said for as long as its rules ask.\n"
        );
    }
    let new = NewPolicy {
        slug: SLUG.into(),
        kind: Kind::BoardPolicy,
        audience: Audience::All,
        owner: String::new(),
        reading_ceiling: Some(8.0),
        review_months: 12,
        texts: vec![importing::read(source.as_bytes(), "en", SLUG)?],
    };
    let mut version = policies::create(tx, actor, new).await?;
    let today = district.today(tx.now());
    for number in 2..=VERSIONS {
        let vote = Adoption { votes_for: 5, against: 0, abstained: 0, resolution: number.to_string(), day: today };
        adoption::adopt(tx, actor, version.id, vote).await?;
        policies::publish(tx, actor, version.id, today).await?;
        version = policies::new_version(tx, actor, SLUG, false, "it reads better", "").await?;
        let text = policies::reading::text(tx, version.id, "en").await?;
        // Every version changes a tenth of the clauses.
        for clause in text.clauses().skip(usize::try_from(number).unwrap_or_default()).step_by(10).cloned().collect::<Vec<_>>() {
            let hash = clause.hash();
            let words = Clause { body: format!("{} Since version {number}.", clause.body), ..clause };
            policies::set_clause(tx, actor, version.id, "en", &hash, words).await?;
        }
    }
    Ok(())
}

/// What an author waits for.
pub async fn measure(address: SocketAddr, token: &str) -> Result<Figures> {
    let draft = format!("/policies/{SLUG}/versions/{VERSIONS}");
    let clause = format!("{draft}/clauses/part-7-5");
    let mut times = 0;
    let edit = {
        // Each save hands back the hash that the page before gave; only the saving is counted.
        let mut total = Vec::new();
        for _ in 0..9 {
            let mut line = Line::open(address, 0).await?;
            let page = line.get(&clause, token).await?;
            let expected = page.body.split("name=\"expected\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
            times += 1;
            let form = format!("language=en&expected={expected}&body=Words+of+another+kind,+the+{times}th+time.");
            let (lasted, reply) = seconds(line.post(&clause, token, &form)).await?;
            if reply.status != 303 {
                return Err(Problem::internal("a clause was not saved", reply.body));
            }
            total.push(lasted * 1_000.0);
        }
        median(&mut total)
    };
    Ok(Figures {
        open: pages::page_ms(address, token, &draft).await?,
        edit,
        compare: pages::page_ms(address, token, &format!("/policies/{SLUG}/changes/1/{VERSIONS}")).await?,
    })
}
