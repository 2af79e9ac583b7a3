//! Tokens as a website's server makes them, right and wrong ones.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;

/// A part of a token.
pub fn coded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// What is to be signed, with its signature.
pub fn sign(secret: &str, text: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap().chain_update(text.as_bytes());
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

/// A token with this header and these claims.
pub fn signed(secret: &str, header: &Value, claims: &Value) -> String {
    sign(secret, &format!("{}.{}", coded(header), coded(claims)))
}

/// A good token with these claims, for five minutes from now.
pub fn fresh(secret: &str, mut claims: Value) -> String {
    claims["exp"] = (jiff::Timestamp::now().as_second() + 300).into();
    signed(secret, &serde_json::json!({"alg": "HS256", "typ": "JWT"}), &claims)
}
