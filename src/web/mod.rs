//! The pages. One file a resource, which mounts itself (`stage()`); guards in `desk`, what every page shows in `shell`, words in
//! `words`, protection in `guarding`. Handlers parse the form, call verbs, commit, and answer; rules stand in the rooms below.

mod answer;
mod answers;
mod assets;
mod audience_form;
mod audience_view;
mod audiences;
mod audit;
mod audit_people;
mod audit_tables;
mod audit_trend;
mod audit_views;
mod auditors;
mod catchers;
mod certificates;
mod classes;
mod courses;
mod crowd;
pub mod desk;
mod disclosing;
mod dossier;
mod duty;
mod duty_changes;
mod evidence;
mod family;
mod filter;
mod guarding;
mod imports;
mod links;
mod log;
mod mail;
mod packets;
mod paper;
mod people;
mod policies;
mod reading;
mod reports;
mod requirement_audience;
mod requirement_form;
mod requirements;
mod same_answers;
mod samples;
mod sessions;
mod shell;
mod standard5;
mod taking_back;
mod tasks;
mod teaching;
mod today;
mod told;
pub use crate::kernel::words;

pub use mail::MailSetUp;
pub use mail::letters::document as letters_document;
pub use people::template as people_template;

use rocket::config::{Config, LogLevel};
use rocket::data::{Limits, ToByteUnit};
use rocket::fairing::AdHoc;
use rocket::figment::Figment;
use rocket::figment::providers::Serialized;
use rocket::{Build, Rocket};
use rocket_db_pools::Database;

use crate::db::Db;
use crate::kernel::Clock;
use crate::roster::imports::Board;

/// How the server listens.
#[derive(Debug, Clone)]
pub struct Listen {
    /// The database's URL.
    pub database: String,
    pub address: std::net::IpAddr,
    pub port: u16,
    /// The header in which a named proxy hands on the reader's address. Without one no header is believed.
    pub ip_header: Option<String>,
    /// Whether browsers reach us over TLS, through a proxy: cookies are marked, HSTS is sent.
    pub secure: bool,
}

impl Listen {
    /// On this machine alone, for the demo and for tests.
    pub fn locally(database: String, port: u16) -> Self {
        Self { database, address: std::net::Ipv4Addr::LOCALHOST.into(), port, ip_header: None, secure: false }
    }
}

/// The server, ready to be launched. Every resource mounts itself.
pub fn rocket(listen: &Listen, clock: Clock) -> Rocket<Build> {
    let figment = Figment::from(Config::release_default())
        .merge(("address", listen.address))
        .merge(("port", listen.port))
        .merge((
            "ip_header",
            listen.ip_header.as_deref().map_or_else(|| rocket::figment::value::Value::from(false), rocket::figment::value::Value::from),
        ))
        .merge(("log_level", LogLevel::Off))
        .merge(("cli_colors", false))
        .merge(("ident", "Assent"))
        .merge(("keep_alive", 5))
        .merge((
            "limits",
            Limits::default()
                .limit("form", 2.mebibytes())
                .limit("data-form", 513.mebibytes())
                .limit("string", 2.mebibytes())
                .limit("file", 512.mebibytes()),
        ))
        .merge(Serialized::global("databases.assent.url", &listen.database));
    rocket::custom(figment)
        .manage(clock)
        .manage(Board::default())
        .manage(sessions::SecureCookies(listen.secure))
        .attach(Db::init())
        .attach(crowd::stage())
        .attach(guarding::Headers { secure: listen.secure })
        .attach(guarding::stage())
        .attach(catchers::stage())
        .attach(assets::stage())
        .attach(sessions::stage())
        .attach(links::stage())
        .attach(answers::stage())
        .attach(log::stage())
        .attach(family::stage())
        .attach(taking_back::stage())
        .attach(same_answers::stage())
        .attach(told::stage())
        .attach(filter::stage())
        .attach(mail::stage())
        .attach(standard5::stage())
        .attach(classes::stage())
        .attach(teaching::stage())
        .attach(certificates::stage())
        .attach(courses::stage())
        .attach(tasks::stage())
        .attach(policies::stage())
        .attach(dossier::stage())
        .attach(imports::stage())
        .attach(people::stage())
        .attach(paper::stage())
        .attach(reports::stage())
        .attach(audit::stage())
        .attach(audit_views::stage())
        .attach(audit_tables::stage())
        .attach(auditors::stage())
        .attach(samples::stage())
        .attach(packets::stage())
        .attach(evidence::stage())
        .attach(disclosing::stage())
        .attach(duty::stage())
        .attach(duty_changes::stage())
        .attach(requirements::stage())
        .attach(requirement_audience::stage())
        .attach(audiences::stage())
        .attach(AdHoc::on_shutdown("close the database", |rocket| {
            Box::pin(async move {
                if let Some(db) = Db::fetch(rocket) {
                    db.close().await;
                }
            })
        }))
}
