//! How often signing in may be tried. A school has one public address, so tries are counted by account and address together (10,
//! then 1 a minute) and, wide, by address (300, then 5 a second). Kept in the database: every node counts alike.

use super::store;
use crate::db::Tx;
use crate::kernel::{Moment, Problem, Result, digest};

#[derive(Debug, Clone, Copy)]
struct Bucket {
    size: f64,
    per_second: f64,
}

const BY_ACCOUNT: Bucket = Bucket { size: 10.0, per_second: 1.0 / 60.0 };
const BY_ADDRESS: Bucket = Bucket { size: 300.0, per_second: 5.0 };

/// Counts one try.
///
/// # Errors
/// `Conflict` when there were too many: it says how long to wait.
pub async fn count(tx: &mut Tx, login: &str, address: &str) -> Result<()> {
    // Hashed: neither addresses nor names that were tried stay readable.
    let account = digest::sha256_hex(format!("account {login} {address}"));
    let address = digest::sha256_hex(format!("address {address}"));
    let now = tx.now();
    for (key, bucket) in [(account, BY_ACCOUNT), (address, BY_ADDRESS)] {
        let left = level(store::bucket(tx, &key).await?, bucket, now);
        if left < 1.0 {
            return Err(Problem::conflict(
                "There were too many tries to sign in. Wait a minute, then try again; your account is not blocked.",
            ));
        }
        store::set_bucket(tx, &key, left - 1.0).await?;
    }
    Ok(())
}

#[allow(clippy::cast_precision_loss)]
fn level(stored: Option<(f64, Moment)>, bucket: Bucket, now: Moment) -> f64 {
    stored.map_or(bucket.size, |(tokens, at)| (tokens + now.seconds_since(at).max(0) as f64 * bucket.per_second).min(bucket.size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_ten_tries_a_minute_must_pass_for_each_further_one() {
        let start = Moment(0);
        assert!(level(Some((0.0, start)), BY_ACCOUNT, start.plus_seconds(59)) < 1.0);
        assert!(level(Some((0.0, start)), BY_ACCOUNT, start.plus_seconds(60)) >= 1.0);
        assert!((level(Some((0.0, start)), BY_ACCOUNT, start.plus_seconds(86_400)) - 10.0).abs() < 1e-9);
    }
}
