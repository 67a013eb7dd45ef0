//! A mail server that isn't ours, for as long as a story lasts; see `tests/independent/mail_server.py`.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use assent::notices::{Post, Postman};
use serde::Deserialize;

use super::World;

pub struct MailServer {
    child: Child,
    pub port: u16,
    folder: tempfile::TempDir,
}

/// A mail as its reader's program shows it.
#[derive(Debug, Clone, Deserialize)]
pub struct Mail {
    pub to: Vec<String>,
    pub headers: Vec<(String, String)>,
    pub subject: String,
    pub id: String,
    pub text: String,
    pub html: String,
}

impl Mail {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }
}

impl MailServer {
    /// None without a Python that has aiosmtpd: `ASSENT_TEST_PYTHON` names one, `tests/run` makes one.
    pub fn start() -> Option<Self> {
        let Ok(python) = std::env::var("ASSENT_TEST_PYTHON") else {
            eprintln!("left out: ASSENT_TEST_PYTHON names no Python with aiosmtpd (tests/run makes one)");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/independent/mail_server.py");
        let mut child = Command::new(python).arg(script).arg(folder.path()).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.strip_prefix("ready ").unwrap_or_else(|| panic!("the mail server said {line:?}")).trim().parse().unwrap();
        Some(Self { child, port, folder })
    }

    /// All mails so far, in the order in which they came.
    pub fn mails(&self) -> Vec<Mail> {
        self.since(0)
    }

    /// Those that came after the first so many.
    pub fn since(&self, first: usize) -> Vec<Mail> {
        self.paths().iter().skip(first).map(|path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()).collect()
    }

    pub fn count(&self) -> usize {
        self.paths().len()
    }

    fn paths(&self) -> Vec<std::path::PathBuf> {
        let mut paths: Vec<_> = std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|e| e == "json"));
        paths.sort();
        paths
    }

    /// Mails to that address.
    pub fn to(&self, address: &str) -> Vec<Mail> {
        self.mails().into_iter().filter(|mail| mail.to.iter().any(|to| to == address)).collect()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[allow(clippy::similar_names)]
impl World {
    /// Whoever carries this world's mail to the server on that port.
    pub fn postman(&self, port: u16) -> Postman {
        let url = format!("smtp://127.0.0.1:{port}");
        let mail = Post::new(&url, "Test District <assent@test.example>", "https://assent.test.example").unwrap();
        Postman::new(self.store.clone(), self.clock.clone(), mail)
    }
}
