//! Passwords: argon2id, off the async threads, a bounded number at a time.

use crate::model::agent::{MAX_PASSWORD_BYTES, MIN_PASSWORD_CHARS};
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use std::sync::{LazyLock, OnceLock};
use thiserror::Error;
use tokio::sync::Semaphore;

/// Hashes computed at one time: each takes 19 MiB and a core.
static TURNS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(2));

/// What is wrong with a chosen password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PasswordError {
    #[error("Please choose a password of at least {MIN_PASSWORD_CHARS} characters.")]
    TooShort,
    #[error("Please choose a password of at most {MAX_PASSWORD_BYTES} bytes.")]
    TooLong,
    #[error("The password could not be hashed.")]
    Failed,
}

/// The PHC string of a chosen password.
///
/// # Errors
/// [`PasswordError`] when it is too short or too long.
pub async fn hash(password: String) -> Result<String, PasswordError> {
    if password.chars().count() < MIN_PASSWORD_CHARS {
        return Err(PasswordError::TooShort);
    }
    if password.len() > MAX_PASSWORD_BYTES {
        return Err(PasswordError::TooLong);
    }
    blocking(move || hash_now(&password)).await.flatten().ok_or(PasswordError::Failed)
}

/// Whether this is the password with this hash. Without a hash (no such agent) the answer is no, and takes as long.
pub async fn verify(password: String, hash: Option<String>) -> bool {
    static NOBODY: OnceLock<String> = OnceLock::new();
    if password.len() > MAX_PASSWORD_BYTES {
        return false;
    }
    blocking(move || {
        let known = hash.is_some();
        let hash = match hash {
            Some(hash) => hash,
            None => NOBODY.get_or_init(|| hash_now("nobody has this password").unwrap_or_default()).clone(),
        };
        let matches = PasswordHash::new(&hash)
            .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok());
        matches && known
    })
    .await
    .unwrap_or(false)
}

fn hash_now(password: &str) -> Option<String> {
    Argon2::default().hash_password(password.as_bytes()).ok().map(|hash| hash.to_string())
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let _turn = TURNS.acquire().await.ok()?;
    tokio::task::spawn_blocking(work).await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_itself_is_accepted() {
        let stored = hash("correct horse".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify("correct horse".into(), Some(stored.clone())).await);
        assert!(!verify("correct horsf".into(), Some(stored)).await);
        assert!(!verify("nobody has this password".into(), None).await);
        assert!(!verify("x".into(), Some("not a hash".into())).await);
    }

    #[tokio::test]
    async fn short_and_endless_passwords_are_refused() {
        assert_eq!(hash("1234567".into()).await, Err(PasswordError::TooShort));
        assert_eq!(hash("x".repeat(1025)).await, Err(PasswordError::TooLong));
    }
}
