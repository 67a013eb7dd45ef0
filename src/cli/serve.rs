//! `assent serve`: the pages, and the worker and the postman that run beside them.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use rocket::fairing::AdHoc;
use rocket::{Build, Rocket};
use rocket_db_pools::Database;

use super::Office;
use crate::acknowledgments::log::SecretKey;
use crate::db::{Db, Store};
use crate::kernel::{Clock, Problem, Result};
use crate::notices::{Post, Postman};
use crate::roster::imports::Board;
use crate::web::{self, Listen, MailSetUp};
use crate::worker::Worker;

#[derive(Debug, Args)]
pub struct Serve {
    /// The address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    address: IpAddr,
    #[arg(long, default_value_t = 8000)]
    port: u16,
    /// The header in which your proxy hands on the reader's address, such as X-Real-IP; without it no header is believed
    #[arg(long, value_name = "NAME")]
    ip_header: Option<String>,
    /// Browsers reach this server over TLS, through a proxy: cookies are marked secure and HSTS is sent
    #[arg(long)]
    behind_tls: bool,
    /// Bring in the OneRoster folders and zips that are put into this folder; they are read, never moved or deleted
    #[arg(long, value_name = "DIR", env = "ASSENT_WATCH_ROSTER")]
    watch_roster: Option<PathBuf>,
    /// The mail server: `smtps://NAME:PASSWORD@HOST`, `smtp://HOST?tls=required`, or `smtp://127.0.0.1:25`. Without it no mail goes out
    #[arg(long, value_name = "URL", env = "ASSENT_SMTP", hide_env_values = true, requires_all = ["mail_from", "url"])]
    smtp: Option<String>,
    /// In whose name mails go out: "Grand Bend ISD <assent@example.org>"
    #[arg(long, value_name = "NAME <ADDRESS>", env = "ASSENT_MAIL_FROM")]
    mail_from: Option<String>,
    /// Where browsers reach the pages, for the links in mails: `https://assent.example.org`
    #[arg(long, value_name = "URL", env = "ASSENT_URL")]
    url: Option<String>,
    /// Another node holds the log's signing key and seals: this one needs none
    #[arg(long)]
    sealed_elsewhere: bool,
}

pub async fn run(office: &Office, url: String, key_file: &Path, args: Serve) -> Result<()> {
    if !args.address.is_loopback() && !args.behind_tls {
        return Err(Problem::invalid(
            "address",
            "passwords must not cross a network in the clear: listen on 127.0.0.1, or put a TLS proxy in front and say --behind-tls",
        ));
    }
    if let Some(folder) = args.watch_roster.as_deref().filter(|folder| !folder.is_dir()) {
        let text = format!("{} is no folder: name the one in which your student information system puts its export", folder.display());
        return Err(Problem::invalid("watch-roster", text));
    }
    // A server without a district would only show error pages: say so now.
    office.desk(&mut office.read().await?).await?;
    let listen = Listen { database: url, address: args.address, port: args.port, ip_header: args.ip_header, secure: args.behind_tls };
    let post = match (&args.smtp, &args.mail_from, &args.url) {
        (Some(smtp), Some(from), Some(pages)) => Some(Post::new(smtp, from, pages)?),
        _ => None,
    };
    let key = if args.sealed_elsewhere { None } else { Some(super::log::key(office, key_file).await?) };
    serve(&listen, Beside { watch: args.watch_roster, key, post }).await
}

/// What runs beside the pages.
#[derive(Debug, Default)]
pub struct Beside {
    /// The folder in which rosters are put.
    pub watch: Option<PathBuf>,
    /// Seals the log.
    pub key: Option<SecretKey>,
    /// Sends mails.
    pub post: Option<Post>,
}

/// Between two rounds of the mail.
const MAIL_PAUSE: Duration = Duration::from_secs(5);

/// Serves until it is told to stop.
pub async fn serve(listen: &Listen, beside: Beside) -> Result<()> {
    println!("Serving on http://{}:{} (stop with Ctrl-C)", listen.address, listen.port);
    server(listen, Clock::system(), beside)
        .launch()
        .await
        .map(drop)
        .map_err(|e| Problem::internal(format!("the server could not run on {}:{}", listen.address, listen.port), e.to_string()))
}

/// The pages with the worker and the postman beside them: they start when the server does, and end with it. What they were at is taken up
/// again by the next.
pub fn server(listen: &Listen, clock: Clock, beside: Beside) -> Rocket<Build> {
    web::rocket(listen, clock.clone()).manage(MailSetUp(beside.post.is_some())).attach(AdHoc::on_liftoff("worker", move |rocket| {
        Box::pin(async move {
            let (Some(db), Some(board)) = (Db::fetch(rocket), rocket.state::<Board>()) else { return };
            let mut worker = Worker::new(Store::clone(db), clock.clone(), board.clone());
            if let Some(post) = beside.post {
                let (postman, stops) = (Postman::new(Store::clone(db), clock, post), rocket.shutdown());
                tokio::spawn(async move {
                    tokio::select! {
                        () = stops => {}
                        () = postman.run(MAIL_PAUSE) => {}
                    }
                });
            }
            if let Some(key) = beside.key {
                worker = worker.sealing(key);
            }
            if let Some(folder) = beside.watch {
                worker = worker.watching(folder);
            }
            let stops = rocket.shutdown();
            tokio::spawn(async move {
                tokio::select! {
                    () = stops => {}
                    () = worker.run() => {}
                }
            });
        })
    }))
}
