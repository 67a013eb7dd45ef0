//! Passwords: argon2id with OWASP's parameters (19 MiB, 2 passes), at most two at a time, so that a crowd at the door can't take the
//! memory of the pages.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::kernel::{Chance, Problem, Result};

/// Hashes at once. A third waits; a long queue is turned away by the caller.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Passwords are at least so long (NIST SP 800-63B: 8 demanded, 15 advised), and no rule says what they are made of.
pub const SHORTEST: usize = 8;
/// So that a megabyte of password can't keep the hasher busy.
pub const LONGEST: usize = 256;

fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

/// The PHC string of a new password.
///
/// # Errors
/// `Invalid` (field `password`) where it is too short, too long or among the best known.
pub async fn hash(password: &str, chance: &mut Chance) -> Result<String> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(Problem::invalid(
            "password",
            format!("Use at least {SHORTEST} characters; 15 or more are better. A few words in a row are easy to remember."),
        ));
    }
    if password.len() > LONGEST {
        return Err(Problem::invalid("password", format!("Use at most {LONGEST} characters.")));
    }
    if BEST_KNOWN.contains(&password.to_lowercase().as_str()) {
        return Err(Problem::invalid("password", "This is one of the passwords that everybody tries first: choose another."));
    }
    let (password, salt) = (password.to_owned(), chance.bytes::<16>());
    blocking(move || argon2().hash_password_with_salt(password.as_bytes(), &salt).map(|hash| hash.to_string()))
        .await?
        .map_err(|e| Problem::internal("a password could not be hashed", e.to_string()))
}

/// Whether the password is right. Without a stored hash the same work is done, so that time doesn't tell whether an account exists.
pub async fn verify(password: &str, stored: Option<&str>) -> Result<bool> {
    if password.len() > LONGEST {
        return Ok(false);
    }
    let (password, stored) = (password.to_owned(), stored.map(str::to_owned));
    blocking(move || {
        if let Some(stored) = stored {
            PasswordHash::new(&stored).is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
        } else {
            let _ = argon2().hash_password_with_salt(password.as_bytes(), b"nobody's own salt");
            false
        }
    })
    .await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _permit = AT_ONCE.acquire().await.map_err(|e| Problem::internal("the password queue is closed", e))?;
    tokio::task::spawn_blocking(work).await.map_err(|e| Problem::internal("a password task ended early", e))
}

/// The passwords of eight characters and more that lead every published list of leaked ones.
const BEST_KNOWN: [&str; 24] = [
    "password",
    "password1",
    "password123",
    "passw0rd",
    "12345678",
    "123456789",
    "1234567890",
    "qwertyuiop",
    "qwerty123",
    "iloveyou",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "superman",
    "trustno1",
    "starwars",
    "welcome1",
    "letmein1",
    "abc12345",
    "11111111",
    "00000000",
    "87654321",
    "1q2w3e4r",
];
