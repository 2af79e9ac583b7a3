//! Random bearer tokens: 32 bytes, written as 43 characters of base64url.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// Length of a token as text.
pub const TOKEN_CHARS: usize = 43;

/// A new random token.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn new_token() -> Result<String, getrandom::Error> {
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// The SHA-256 of a token, if `text` has the form of one. Tokens are random, so a plain hash is enough.
pub fn hash(text: &str) -> Option<[u8; 32]> {
    let well_formed = text.len() == TOKEN_CHARS && URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32);
    well_formed.then(|| Sha256::digest(text.as_bytes()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_random_and_has_a_form() {
        let (one, two) = (new_token().unwrap(), new_token().unwrap());
        assert_ne!(one, two);
        assert!(hash(&one).is_some());
        for bad in ["", "short", &format!("{one}x"), &one.replacen(&one[..1], "!", 1), &"ä".repeat(22)] {
            assert_eq!(hash(bad), None, "{bad}");
        }
    }
}
