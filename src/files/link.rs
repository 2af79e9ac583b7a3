//! Links to files: they work for whoever has them, for a while.

use super::error::LinkRefused;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// How long a link works at least.
pub const LINK_MS: i64 = 15 * 60 * 1000;

/// Links end only at multiples of this, so that for a while a file has the same link and browsers need not fetch it
/// again. A link works at most for this much longer than [`LINK_MS`].
pub const LINK_GRID_MS: i64 = 5 * 60 * 1000;

/// Length of a signature as text.
pub const SIGNATURE_CHARS: usize = 32;

const SIGNATURE_BYTES: usize = 24;

/// Keeps these signatures apart from others that may be made with the same secret.
const PURPOSE: &[u8] = b"frontdesk file link\0";

/// When a link that is made now ends, in ms since 1970.
pub fn expiry_ms(now_ms: i64) -> i64 {
    let earliest = now_ms.saturating_add(LINK_MS);
    match earliest.rem_euclid(LINK_GRID_MS) {
        0 => earliest,
        past => earliest.saturating_add(LINK_GRID_MS - past),
    }
}

/// Signs links and checks them: HMAC-SHA256, of which 24 bytes are used, as base64url.
pub struct Signer {
    keyed: Hmac<Sha256>,
}

impl Signer {
    /// A signer with this secret, which all servers of an installation share.
    pub fn new(secret: [u8; 32]) -> Self {
        // HMAC itself fills a short key up to a block with zeros.
        let mut block = [0; 64];
        block[..secret.len()].copy_from_slice(&secret);
        Signer { keyed: Hmac::new(&block.into()) }
    }

    /// The signature of a link to the file with this id. `download` says whether it is to be saved and not shown.
    pub fn sign(&self, file: &str, expires_ms: i64, download: bool) -> String {
        let tag = self.mac(file, expires_ms, download).finalize().into_bytes();
        let (signature, _) = tag.split_at(SIGNATURE_BYTES);
        URL_SAFE_NO_PAD.encode(signature)
    }

    /// Whether the link was made by [`Signer::sign`] for exactly this, and still works. How long the answer takes says
    /// nothing about how close a guess was.
    ///
    /// # Errors
    /// [`LinkRefused::Forged`], and [`LinkRefused::Expired`] for a genuine one that is too old.
    pub fn verify(
        &self,
        file: &str,
        expires_ms: i64,
        download: bool,
        signature: &str,
        now_ms: i64,
    ) -> Result<(), LinkRefused> {
        let bytes = URL_SAFE_NO_PAD.decode(signature).map_err(|_| LinkRefused::Forged)?;
        // A shorter one is easier to guess.
        if bytes.len() != SIGNATURE_BYTES {
            return Err(LinkRefused::Forged);
        }
        let mac = self.mac(file, expires_ms, download);
        mac.verify_truncated_left(&bytes).map_err(|_| LinkRefused::Forged)?;
        if now_ms >= expires_ms { Err(LinkRefused::Expired) } else { Ok(()) }
    }

    /// All parts but the last have a fixed length, so that no two links are signed as the same bytes.
    fn mac(&self, file: &str, expires_ms: i64, download: bool) -> Hmac<Sha256> {
        self.keyed
            .clone()
            .chain_update(PURPOSE)
            .chain_update(expires_ms.to_be_bytes())
            .chain_update([u8::from(download)])
            .chain_update(file.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_123_456;

    #[test]
    fn a_link_works_for_its_file_and_its_time_only() {
        let signer = Signer::new([7; 32]);
        let until = expiry_ms(NOW);
        let signature = signer.sign("file", until, false);
        assert_eq!(signature.len(), SIGNATURE_CHARS);
        let verify = |file, until, download, signature: &str, now| signer.verify(file, until, download, signature, now);
        assert_eq!(verify("file", until, false, &signature, NOW), Ok(()));
        assert_eq!(verify("file", until, false, &signature, until - 1), Ok(()));
        assert_eq!(verify("file", until, false, &signature, until), Err(LinkRefused::Expired));
        assert_eq!(verify("other", until, false, &signature, NOW), Err(LinkRefused::Forged));
        assert_eq!(verify("file", until + 1, false, &signature, NOW), Err(LinkRefused::Forged));
        assert_eq!(verify("file", until, true, &signature, NOW), Err(LinkRefused::Forged));
        assert_eq!(Signer::new([8; 32]).verify("file", until, false, &signature, NOW), Err(LinkRefused::Forged));
    }

    #[test]
    fn a_guess_is_no_signature() {
        let signer = Signer::new([7; 32]);
        let until = expiry_ms(NOW);
        let signature = signer.sign("file", until, false);
        let turned = signature.chars().rev().collect::<String>();
        for guess in ["", "A", &signature[..4], &signature[..31], &format!("{signature}AAAA"), &turned, "ä?"] {
            assert_eq!(signer.verify("file", until, false, guess, NOW), Err(LinkRefused::Forged), "{guess}");
        }
        // Also not after its time: a forged link gets no hint.
        assert_eq!(signer.verify("file", 0, false, &signature, NOW), Err(LinkRefused::Forged));
    }

    #[test]
    fn links_made_close_to_each_other_are_the_same() {
        assert_eq!(expiry_ms(0), LINK_MS);
        assert_eq!(expiry_ms(1), LINK_MS + LINK_GRID_MS);
        assert_eq!(expiry_ms(LINK_GRID_MS), LINK_MS + LINK_GRID_MS);
        let left = expiry_ms(NOW) - NOW;
        assert!((LINK_MS..LINK_MS + LINK_GRID_MS).contains(&left), "{left}");
        assert_eq!(expiry_ms(i64::MAX), i64::MAX);
    }
}
