//! What an answer with a file says about it.

use super::kind::Kind;
use std::fmt::Write as _;

/// The headers of an answer that carries a file, except those that depend on what part of it is sent. The file is
/// served as its kind and as nothing else; a browser shows only pictures in place, and gives no file any rights.
///
/// `download` asks that a picture is saved too. `seconds_left` says how long the link works: so long the browser may
/// keep the file.
pub fn download_headers(kind: Kind, name: &str, download: bool, seconds_left: u64) -> Vec<(&'static str, String)> {
    let shown = kind.inline && !download;
    vec![
        ("content-type", kind.mime.to_owned()),
        ("content-disposition", disposition(if shown { "inline" } else { "attachment" }, name)),
        ("x-content-type-options", "nosniff".to_owned()),
        ("content-security-policy", "default-src 'none'; sandbox".to_owned()),
        ("cross-origin-resource-policy", "same-origin".to_owned()),
        ("referrer-policy", "no-referrer".to_owned()),
        ("cache-control", format!("private, max-age={seconds_left}, immutable")),
    ]
}

/// The name twice, after RFC 6266: in plain ASCII for old clients, and whole in the encoding of RFC 5987.
fn disposition(way: &str, name: &str) -> String {
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let mut header = format!("{way}; filename=\"{plain}\"; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'+') {
            header.push(char::from(byte));
        } else {
            // Writing into a string cannot fail.
            let _ = write!(header, "%{byte:02X}");
        }
    }
    header
}

/// What needs no escape between quotation marks. A percent sign does: some clients undo it there.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '(' | ')' | ',' | '+')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn header(headers: &[(&'static str, String)], name: &str) -> String {
        headers.iter().find(|header| header.0 == name).unwrap().1.clone()
    }

    #[test]
    fn only_pictures_are_shown_in_place_and_only_when_nobody_asks_to_save_them() {
        let way = |extension, download| {
            let headers = download_headers(Kind::from_extension(extension).unwrap(), "a", download, 1);
            header(&headers, "content-disposition").split(';').next().unwrap().to_owned()
        };
        assert_eq!(way("png", false), "inline");
        assert_eq!(way("png", true), "attachment");
        assert_eq!(way("pdf", false), "attachment");
    }

    #[test]
    fn a_browser_is_told_exactly_what_it_is_and_how_little_it_may() {
        let headers = download_headers(Kind::from_extension("txt").unwrap(), "Größe 1.txt", false, 900);
        for (name, value) in [
            ("content-type", "text/plain"),
            ("content-disposition", "attachment; filename=\"Gr__e 1.txt\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%201.txt"),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "default-src 'none'; sandbox"),
            ("cross-origin-resource-policy", "same-origin"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "private, max-age=900, immutable"),
        ] {
            assert_eq!(header(&headers, name), value);
        }
        assert_eq!(headers.len(), 7);
    }

    proptest! {
        #[test]
        fn no_name_breaks_out_of_its_header(name in any::<String>()) {
            let header = disposition("attachment", &name);
            prop_assert!(header.chars().all(|c| c == ' ' || c.is_ascii_graphic()));
            prop_assert_eq!(header.matches('"').count(), 2);
            prop_assert_eq!(header.matches(';').count(), 2);
        }
    }
}
