//! What is proven by a token, and what is not.

use super::testing::{coded, sign, signed};
use super::*;
use serde_json::{Value, json};

const SECRET: &str = "0123456789abcdef0123456789abcdef";
const NOW: Millis = 1_790_000_000_000;
const NOW_S: i64 = NOW / 1_000;

fn token(claims: Value) -> String {
    signed(SECRET, &json!({"alg": "HS256", "typ": "JWT"}), &claims)
}

fn verify(token: &str) -> Result<ProvenIdentity, TokenRefused> {
    IdentityVerifier::new(SECRET).unwrap_or_else(|error| panic!("{error}")).verify(token, NOW)
}

fn ada() -> Value {
    json!({"sub": "42", "email": "ada@example.com", "name": "Ada Lovelace", "iat": NOW_S, "exp": NOW_S + 3_600})
}

fn ada_with(claim: &str, value: Value) -> String {
    let mut claims = ada();
    claims[claim] = value;
    token(claims)
}

#[test]
fn a_token_that_others_sign_is_read_as_others_read_it() {
    // Made with Python's hmac and json: no code of ours on the way.
    let theirs = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI0MiIsImVtYWlsIjoiYWRhQGV4YW1wbGUuY29tIiwibmFtZSI6IkFkYSIsImlhdCI6MTc5MDAwMDAwMCwiZXhwIjoxNzkwMDAzNjAwfQ.DHXE-Ijj5m-vRisqIY39uZyKXep54p-FFYl5Tcw-uXg";
    let proven = verify(theirs).unwrap();
    assert_eq!(proven.subject.as_deref(), Some("42"));
    assert_eq!(proven.email, Email::parse("ada@example.com").ok());
    assert_eq!(proven.name.as_deref(), Some("Ada"));
}

#[test]
fn a_signed_identity_is_proven() {
    let proven = verify(&token(ada())).unwrap();
    assert_eq!(proven.subject.as_deref(), Some("42"));
    assert_eq!(proven.email, Email::parse("ada@example.com").ok());
    assert_eq!(proven.name.as_deref(), Some("Ada Lovelace"));
    let only_a_number = verify(&token(json!({"sub": 42, "exp": NOW_S + 60}))).unwrap();
    assert_eq!(only_a_number, ProvenIdentity { subject: Some("42".into()), ..Default::default() });
    let only_an_email = verify(&token(json!({"email": " ada@example.com ", "exp": NOW_S as f64 + 0.5}))).unwrap();
    assert_eq!(only_an_email.email, Email::parse("ada@example.com").ok());
}

#[test]
fn what_was_changed_or_signed_with_another_secret_proves_nothing() {
    let good = token(ada());
    let parts: Vec<&str> = good.split('.').collect();
    let eve = coded(&json!({"sub": "42", "email": "eve@example.com", "exp": NOW_S + 3_600}));
    for forged in [
        format!("{}.{eve}.{}", parts[0], parts[2]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}.{}", parts[0], parts[1], &parts[2][..20]),
        format!("{}.{}.{}", parts[0], parts[1], URL_SAFE_NO_PAD.encode([0; 32])),
        format!("{good}="),
        format!("{good}AA"),
        signed("another secret of thirty-two bytes", &json!({"alg": "HS256"}), &ada()),
        signed("", &json!({"alg": "HS256"}), &ada()),
    ] {
        assert_eq!(verify(&forged), Err(TokenRefused::Signature), "{forged}");
    }
}

#[test]
fn the_algorithm_is_ours_to_choose_and_not_the_tokens() {
    for alg in ["none", "None", "HS384", "HS512", "RS256", "ES256", "hs256", ""] {
        // Signed with our secret all the same, as if a public key of ours were taken for it.
        let confused = signed(SECRET, &json!({"alg": alg, "typ": "JWT"}), &ada());
        assert_eq!(verify(&confused), Err(TokenRefused::Algorithm), "{alg}");
        let unsigned = format!("{}.{}.", coded(&json!({"alg": alg})), coded(&ada()));
        assert_eq!(verify(&unsigned), Err(TokenRefused::Algorithm), "{alg}");
    }
    let critical = signed(SECRET, &json!({"alg": "HS256", "b64": false, "crit": ["b64"]}), &ada());
    assert_eq!(verify(&critical), Err(TokenRefused::Algorithm));
}

#[test]
fn a_token_has_an_end_and_a_beginning_by_clocks_that_may_be_a_minute_apart() {
    assert!(verify(&ada_with("exp", json!(NOW_S - 59))).is_ok());
    assert_eq!(verify(&ada_with("exp", json!(NOW_S - 60))), Err(TokenRefused::Expired));
    assert_eq!(verify(&ada_with("exp", json!(-1))), Err(TokenRefused::Expired));
    assert_eq!(verify(&ada_with("exp", Value::Null)), Err(TokenRefused::NoEnd));
    assert_eq!(verify(&ada_with("exp", json!(NOW + 3_600_000))), Err(TokenRefused::TooLasting), "milliseconds");
    assert_eq!(verify(&ada_with("exp", json!(1e300))), Err(TokenRefused::TooLasting));
    for claim in ["nbf", "iat"] {
        assert!(verify(&ada_with(claim, json!(NOW_S + 60))).is_ok());
        assert_eq!(verify(&ada_with(claim, json!(NOW_S + 61))), Err(TokenRefused::NotYet));
        assert_eq!(verify(&ada_with(claim, json!(NOW))), Err(TokenRefused::NotYet), "milliseconds");
    }
}

#[test]
fn claims_of_another_form_are_refused_and_not_guessed_at() {
    for (claim, value) in [
        ("exp", json!("tomorrow")),
        ("exp", json!(NOW_S.to_string())),
        ("email", json!("ada@")),
        ("email", json!("ada@example.com\r\nBcc: eve@example.com")),
        ("email", json!(["ada@example.com"])),
        ("name", json!("A".repeat(101))),
        ("name", json!({"first": "Ada"})),
        ("sub", json!("4".repeat(256))),
        ("sub", json!("4\u{0}2")),
        ("sub", json!(true)),
    ] {
        assert_eq!(verify(&ada_with(claim, value.clone())), Err(TokenRefused::Claim), "{claim}: {value}");
    }
    assert_eq!(verify(&token(json!({"name": "Ada", "exp": NOW_S + 60}))), Err(TokenRefused::Nobody));
    assert_eq!(verify(&token(json!({"sub": " ", "email": "", "exp": NOW_S + 60}))), Err(TokenRefused::Nobody));
    assert_eq!(verify(&token(json!("Ada"))), Err(TokenRefused::Claim));
    // The same claim twice: readers would not agree on which one counts.
    let twice = format!(r#"{{"sub":"1","sub":"2","exp":{}}}"#, NOW_S + 60);
    let twice = format!("{}.{}", coded(&json!({"alg": "HS256"})), URL_SAFE_NO_PAD.encode(twice));
    assert_eq!(verify(&sign(SECRET, &twice)), Err(TokenRefused::Claim));
}

#[test]
fn what_is_no_token_is_refused_before_anything_is_computed() {
    for nonsense in ["", ".", "..", "...", "a.b", "a.b.c.d", "{}", "ä.ö.ü", "e30.e30.e30", "bnVsbA.bnVsbA.bnVsbA"] {
        assert_eq!(verify(nonsense), Err(TokenRefused::Malformed), "{nonsense}");
    }
    let long = ada_with("picture", json!("x".repeat(MAX_IDENTITY_TOKEN_BYTES)));
    assert_eq!(verify(&long), Err(TokenRefused::TooLong));
}

#[test]
fn a_secret_that_can_be_guessed_is_refused() {
    for weak in ["", "secret", &"x".repeat(31), &" ".repeat(40)] {
        assert!(IdentityVerifier::new(weak).is_err(), "{weak}");
    }
}
