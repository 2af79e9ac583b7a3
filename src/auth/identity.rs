//! Identities that a website's server has signed: JSON Web Tokens (RFC 7519) with HMAC-SHA256, and no others.
//!
//! Written here, on the crates that also sign our links to files: the one algorithm is decided by this file and never by
//! the token, and choosing between algorithms is most of what a library for such tokens brings, and where they failed.

use crate::model::Millis;
use crate::model::chat::typed_name;
use crate::model::identity::{MAX_IDENTITY_TOKEN_BYTES, MAX_SUBJECT_CHARS, ProvenIdentity};
use crate::model::visitor::Email;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use sha2::Sha256;
use thiserror::Error;

/// Shortest accepted secret, in bytes: a shorter one than the hash is the weakest part (RFC 7518, 3.2).
pub const MIN_SECRET_BYTES: usize = 32;
/// So far the clocks of two servers may be apart, in seconds.
const LEEWAY_S: f64 = 60.0;
/// A token may be valid for so long, in seconds: a year. What lasts longer was meant in milliseconds, or is a mistake too.
const LONGEST_S: f64 = 366.0 * 86_400.0;

/// The secret cannot keep anything secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "FRONTDESK_IDENTITY_SECRET takes at least {MIN_SECRET_BYTES} bytes that nobody can guess, such as those that `openssl rand -hex 32` prints."
)]
pub struct WeakSecret;

/// Why a token proves nothing: for operators, who find it in the log. Visitors are not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Error)]
pub enum TokenRefused {
    #[error("it has more than {MAX_IDENTITY_TOKEN_BYTES} bytes")]
    TooLong,
    #[error("it is no JSON Web Token")]
    Malformed,
    #[error("it is not signed with HS256, which alone is accepted")]
    Algorithm,
    #[error("it is not signed with FRONTDESK_IDENTITY_SECRET, or was changed")]
    Signature,
    #[error("one of its claims is not of the right form: sub, email and name are texts, exp, nbf and iat are seconds")]
    Claim,
    #[error("it has neither a sub nor an email")]
    Nobody,
    #[error("it has no exp, the second at which it ends")]
    NoEnd,
    #[error("its exp is more than a year away: it counts seconds, not milliseconds")]
    TooLasting,
    #[error("it has expired")]
    Expired,
    #[error("its nbf or iat lies ahead: the clock of one of the two servers is wrong")]
    NotYet,
}

/// Checks identity tokens. It knows one secret and one algorithm.
pub struct IdentityVerifier {
    keyed: Hmac<Sha256>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    /// Names what must be understood. We understand nothing more, so there must be nothing (RFC 7515, 4.1.11).
    #[serde(default)]
    crit: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Claims {
    sub: Option<Subject>,
    email: Option<String>,
    name: Option<String>,
    exp: Option<f64>,
    nbf: Option<f64>,
    iat: Option<f64>,
}

/// A text by the standard; many write their database's number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Subject {
    Text(String),
    Number(i64),
}

impl IdentityVerifier {
    /// A verifier of what is signed with this secret, whose bytes are used as they are.
    ///
    /// # Errors
    /// [`WeakSecret`] when it is shorter than [`MIN_SECRET_BYTES`].
    pub fn new(secret: &str) -> Result<Self, WeakSecret> {
        if secret.trim().len() < MIN_SECRET_BYTES {
            return Err(WeakSecret);
        }
        Hmac::new_from_slice(secret.as_bytes()).map(|keyed| IdentityVerifier { keyed }).map_err(|_| WeakSecret)
    }

    /// Whose identity the token proves at this time. Nothing in it is read as true before its signature is known to be
    /// right; how long that takes says nothing about how close a forged one was.
    ///
    /// # Errors
    /// [`TokenRefused`]
    pub fn verify(&self, token: &str, now: Millis) -> Result<ProvenIdentity, TokenRefused> {
        if token.len() > MAX_IDENTITY_TOKEN_BYTES {
            return Err(TokenRefused::TooLong);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(TokenRefused::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(TokenRefused::Malformed)?;
        if claims.contains('.') {
            return Err(TokenRefused::Malformed);
        }
        let header: Header = part(header).ok_or(TokenRefused::Malformed)?;
        if header.alg != "HS256" || header.crit.is_some() {
            return Err(TokenRefused::Algorithm);
        }
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| TokenRefused::Signature)?;
        let mac = self.keyed.clone().chain_update(signed.as_bytes());
        mac.verify_slice(&signature).map_err(|_| TokenRefused::Signature)?;
        let claims: Claims = part(claims).ok_or(TokenRefused::Claim)?;
        claims.check_time(now as f64 / 1_000.0)?;
        claims.identity()
    }
}

impl Claims {
    fn check_time(&self, now_s: f64) -> Result<(), TokenRefused> {
        let end = self.exp.ok_or(TokenRefused::NoEnd)?;
        if end > now_s + LONGEST_S {
            Err(TokenRefused::TooLasting)
        } else if end <= now_s - LEEWAY_S {
            Err(TokenRefused::Expired)
        } else if [self.nbf, self.iat].into_iter().flatten().any(|from| from > now_s + LEEWAY_S) {
            Err(TokenRefused::NotYet)
        } else {
            Ok(())
        }
    }

    fn identity(self) -> Result<ProvenIdentity, TokenRefused> {
        let subject = match self.sub {
            Some(Subject::Text(text)) if text.trim().is_empty() => None,
            Some(Subject::Text(text)) => Some(text.trim().to_owned()),
            Some(Subject::Number(number)) => Some(number.to_string()),
            None => None,
        };
        let is_bad = |text: &String| text.chars().count() > MAX_SUBJECT_CHARS || text.contains(char::is_control);
        if subject.as_ref().is_some_and(is_bad) {
            return Err(TokenRefused::Claim);
        }
        let email = match self.email.filter(|email| !email.trim().is_empty()) {
            Some(email) => Some(Email::parse(&email).map_err(|_| TokenRefused::Claim)?),
            None => None,
        };
        if subject.is_none() && email.is_none() {
            return Err(TokenRefused::Nobody);
        }
        let name = typed_name(self.name.as_deref().unwrap_or_default()).map_err(|_| TokenRefused::Claim)?;
        Ok(ProvenIdentity { subject, email, name })
    }
}

/// A part of a token: JSON, written as base64url.
fn part<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;
