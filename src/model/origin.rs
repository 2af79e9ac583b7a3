//! Origins of websites, such as `https://www.example.com`.

/// The origin that is typed, in small letters and without a slash at its end; nothing for what is none. It has no
/// character with a meaning in a header, so it can stand in one.
pub fn origin(typed: &str) -> Option<String> {
    let typed = typed.trim().trim_end_matches('/').to_ascii_lowercase();
    let (scheme, authority) = typed.split_once("://")?;
    let is_clean = authority.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._:[]".contains(&b));
    let has_host = authority.parse::<http::uri::Authority>().is_ok_and(|parsed| !parsed.host().is_empty());
    (matches!(scheme, "http" | "https") && is_clean && has_host).then_some(typed)
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn origins_have_no_path_and_cannot_smuggle_anything_into_a_header() {
        for (typed, read) in [
            (" https://Shop.example/ ", "https://shop.example"),
            ("http://127.0.0.1:4000", "http://127.0.0.1:4000"),
            ("https://[::1]:8443", "https://[::1]:8443"),
            ("HTTPS://XN--BCHER-KVA.example", "https://xn--bcher-kva.example"),
        ] {
            assert_eq!(origin(typed).as_deref(), Some(read));
        }
        for bad in [
            "",
            "*",
            "shop.example",
            "https://",
            "https://:80",
            "https://*.shop.example",
            "https://shop.example/a",
            "https://shop.example?x",
            "javascript:alert(1)",
            "https://a.example; script-src *",
            "https://a.example,https://b.example",
            "https://a.example https://b.example",
            "https://a.example\r\nx: y",
            "https://u@a.example",
            "https://ä.example",
            "null",
        ] {
            assert_eq!(origin(bad), None, "{bad}");
        }
    }
}
