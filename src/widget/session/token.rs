//! The token by which a visitor is known.

use crate::ui::browser::random;

/// How long a token is.
const TOKEN_CHARS: usize = 43;

/// Whether this has the form of one.
pub fn is_token(text: &str) -> bool {
    text.len() == TOKEN_CHARS && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

/// 32 random bytes as base64url, the form of a visitor's token.
pub fn new_token() -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bytes: [u8; 32] = random();
    bytes
        .chunks(3)
        .flat_map(|chunk| {
            let bits = chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
            (0..=chunk.len()).map(move |i| char::from(LETTERS[(bits >> (18 - 6 * i) & 63) as usize]))
        })
        .collect()
}

/// A short name for a token, to tell visitors of one browser apart in its storage. Says nothing about the token.
pub fn fingerprint(token: &str) -> String {
    let hash = token
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{hash:016x}")
}
