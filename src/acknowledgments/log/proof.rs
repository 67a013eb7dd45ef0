//! What proves one answer without us: the C2SP tlog-proof, and the receipt file that holds it beside the exact record.

use serde::Serialize;

use super::note::{PublicKey, base64};
use super::tree::Hash;
use crate::kernel::{Result, digest};

/// Where an answer stands, in a tree that was signed.
#[derive(Debug, Clone)]
pub struct Proof {
    pub position: u64,
    /// How many answers the checkpoint covers.
    pub size: u64,
    pub root: Hash,
    pub path: Vec<Hash>,
    /// The signed checkpoint.
    pub note: String,
    /// The key that signed it.
    pub key: PublicKey,
}

/// The receipt as a file. Nothing stands in it that isn't proved by the rest of it, and it has one spelling (RFC 8785): a change of any
/// byte shows.
#[derive(Serialize)]
struct ReceiptFile<'a> {
    format: &'static str,
    key: String,
    proof: String,
    /// The record's canonical text, over which its hash is made.
    record: &'a str,
}

impl Proof {
    /// C2SP `tlog-proof@v1`.
    pub fn text(&self) -> String {
        let mut text = format!("c2sp.org/tlog-proof@v1\nindex {}\n", self.position);
        for hash in &self.path {
            text.push_str(&base64(hash));
            text.push('\n');
        }
        text.push('\n');
        text.push_str(&self.note);
        text
    }

    /// `receipt.json`, for the record of that canonical form.
    pub fn receipt(&self, record: &str) -> Result<String> {
        digest::canonical(&ReceiptFile { format: "assent-receipt/1", key: self.key.to_string(), proof: self.text(), record })
    }
}
