//! Keys, signed notes and checkpoints, in the forms of C2SP (signed-note, tlog-checkpoint; Ed25519). Reading is strict: each thing has
//! one spelling, so that no letter can be changed unseen.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use super::tree::Hash;

/// The signature type of plain Ed25519.
const ED25519: u8 = 1;
const PRIVATE: &str = "PRIVATE+KEY+";

/// Why a key or note can't be used, in words.
pub type Unfit = &'static str;

/// A name that may stand in a key or be a log's origin: not empty, without spaces or plus signs.
pub fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains('+') && !name.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Tells keys of one name apart.
fn key_id(name: &str, public: &[u8; 32]) -> [u8; 4] {
    let mut digest = Sha256::new();
    digest.update(name);
    digest.update([b'\n', ED25519]);
    digest.update(public);
    let hash = digest.finalize();
    [hash[0], hash[1], hash[2], hash[3]]
}

/// `name`, `hash` and the key's 32 bytes out of `name+hash+base64(1 | bytes)`.
fn parts(text: &str) -> Option<(&str, &str, [u8; 32])> {
    let mut parts = text.splitn(3, '+');
    let (name, hash, key) = (parts.next()?, parts.next()?, parts.next()?);
    let bytes = STANDARD.decode(key).ok()?;
    let (kind, bytes) = bytes.split_first()?;
    (is_name(name) && *kind == ED25519).then_some((name, hash, bytes.try_into().ok()?))
}

fn spelled(name: &str, id: [u8; 4], bytes: &[u8; 32]) -> String {
    let mut keyed = vec![ED25519];
    keyed.extend(bytes);
    format!("{name}+{}+{}", hex::encode(id), STANDARD.encode(keyed))
}

/// The key by which a log's signature is checked, written `origin+hash+base64`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    pub name: String,
    key: VerifyingKey,
}

impl PublicKey {
    /// # Errors
    /// Says what is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        let (name, hash, bytes) = parts(text).ok_or("it isn't a public key of the form origin+hash+base64")?;
        if hash != hex::encode(key_id(name, &bytes)) {
            return Err("its three parts don't belong together");
        }
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| "its bytes are no Ed25519 key")?;
        Ok(Self { name: name.to_owned(), key })
    }

    fn id(&self) -> [u8; 4] {
        key_id(&self.name, self.key.as_bytes())
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&spelled(&self.name, self.id(), self.key.as_bytes()))
    }
}

/// The key that signs. It is never printed, and shows only its public half.
#[derive(Clone)]
pub struct SecretKey {
    name: String,
    key: SigningKey,
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey of {}", self.public())
    }
}

impl SecretKey {
    /// From 32 bytes of chance. `name` must be [`is_name`].
    pub fn new(name: impl Into<String>, seed: [u8; 32]) -> Self {
        Self { name: name.into(), key: SigningKey::from_bytes(&seed) }
    }

    /// # Errors
    /// Says what is wrong with the text, without repeating any of it.
    pub fn parse(text: &str) -> Result<Self, Unfit> {
        let (name, hash, seed) =
            text.strip_prefix(PRIVATE).and_then(parts).ok_or("it doesn't hold a signing key (PRIVATE+KEY+origin+hash+base64)")?;
        let key = Self::new(name, seed);
        if hash == hex::encode(key.public().id()) { Ok(key) } else { Err("its parts don't belong together: was the file edited?") }
    }

    /// As it stands in the key file, in the form that other tools for signed notes read too.
    pub fn spelled(&self) -> String {
        format!("{PRIVATE}{}", spelled(&self.name, self.public().id(), self.key.as_bytes()))
    }

    pub fn public(&self) -> PublicKey {
        PublicKey { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// Signs the tree's size and root: the whole note.
    pub fn sign(&self, size: u64, root: &Hash) -> String {
        let checkpoint = Checkpoint { origin: self.name.clone(), size, root: *root };
        let text = checkpoint.text();
        let mut signature = self.public().id().to_vec();
        signature.extend(self.key.sign(text.as_bytes()).to_bytes());
        format!("{text}\n\u{2014} {} {}\n", self.name, STANDARD.encode(signature))
    }
}

/// What is signed: how many answers there are, and the root over them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    pub origin: String,
    pub size: u64,
    pub root: Hash,
}

impl Checkpoint {
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root))
    }

    /// Reads a note without looking at its signatures.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn parse(note: &str) -> Result<Self, Unfit> {
        const UNLIKE: Unfit = "it isn't a checkpoint (origin, size and root, each on a line)";
        let (text, _) = note.split_once("\n\n").ok_or("it isn't a signed note: an empty line stands before the signatures")?;
        let mut lines = text.split('\n');
        let (Some(origin), Some(size), Some(root), None) = (lines.next(), lines.next(), lines.next(), lines.next()) else {
            return Err(UNLIKE);
        };
        let checkpoint = Self {
            origin: origin.to_owned(),
            size: size.parse().map_err(|_| UNLIKE)?,
            root: STANDARD.decode(root).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(UNLIKE)?,
        };
        // One spelling: no leading zeros, no stray bits.
        if is_name(origin) && checkpoint.text().strip_suffix('\n') == Some(text) { Ok(checkpoint) } else { Err(UNLIKE) }
    }

    /// Reads a note that one of these keys signed. Lines of other signers (witnesses) are passed over.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn open(note: &str, keys: &[PublicKey]) -> Result<Self, Unfit> {
        let checkpoint = Self::parse(note)?;
        let (_, signatures) = note.split_once("\n\n").unwrap_or_default();
        if !signatures.ends_with('\n') {
            return Err("its last line is cut off");
        }
        let text = checkpoint.text();
        let mut known = false;
        for line in signatures.lines() {
            let (name, bytes) = signature(line).ok_or("a line of its signatures can't be read")?;
            let Some(key) = keys.iter().find(|key| key.name == name && key.id() == bytes[..4]) else { continue };
            let signature: [u8; 64] = bytes[4..].try_into().map_err(|_| "its signature has the wrong length")?;
            let signature = Signature::from_bytes(&signature);
            key.key
                .verify_strict(text.as_bytes(), &signature)
                .map_err(|_| "its signature doesn't fit: it was changed, or signed by another key")?;
            known = true;
        }
        match known {
            true if keys.iter().any(|key| key.name == checkpoint.origin) => Ok(checkpoint),
            true => Err("it is of another log"),
            false => Err("no known key has signed it"),
        }
    }
}

/// Name, and key id with signature, of a line `— name base64`.
fn signature(line: &str) -> Option<(&str, Vec<u8>)> {
    let (name, base64) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
    let bytes = STANDARD.decode(base64).ok()?;
    (is_name(name) && bytes.len() > 4).then_some((name, bytes))
}

/// Base64, as all of these forms write hashes.
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
