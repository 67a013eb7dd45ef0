//! Hashes of records. What is hashed is the canonical JSON form (RFC 8785), so that any program in any language can do it again.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::problem::{Problem, Result};

/// The canonical JSON text (RFC 8785, JCS) of a record.
pub fn canonical<T: Serialize>(record: &T) -> Result<String> {
    serde_json_canonicalizer::to_string(record).map_err(|e| Problem::internal("a record has no canonical form", e))
}

/// SHA-256 in lower-case hexadecimal.
pub fn sha256_hex(bytes: impl AsRef<[u8]>) -> String {
    hex::encode(Sha256::digest(bytes.as_ref()))
}

/// SHA-256 of a record's canonical form, without its text being kept.
pub fn canonical_sha256<T: Serialize>(record: &T) -> Result<[u8; 32]> {
    Ok(Sha256::digest(canonical(record)?).into())
}

/// The hash of a record's canonical form.
pub fn record_hash<T: Serialize>(record: &T) -> Result<String> {
    Ok(sha256_hex(canonical(record)?))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_order_of_fields_does_not_change_a_record_s_hash() {
        let one = serde_json::json!({"b": 1, "a": "ñ"});
        let other: serde_json::Value = serde_json::from_str("{\"a\":\"\\u00f1\",\"b\":1}").unwrap();
        assert_eq!(super::record_hash(&one).unwrap(), super::record_hash(&other).unwrap());
        assert_eq!(super::canonical(&one).unwrap(), "{\"a\":\"ñ\",\"b\":1}");
    }
}
