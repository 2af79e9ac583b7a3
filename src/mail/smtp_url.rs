//! Reading `FRONTDESK_SMTP_URL`.

use super::error::ConfigError;
use lettre::transport::smtp::authentication::Credentials;
use std::net::IpAddr;
use std::str::FromStr;

/// The mail server that the configuration names.
pub(super) struct SmtpServer {
    /// A name, or an IP address without brackets.
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) user: Option<String>,
    pub(super) login: Option<Credentials>,
    pub(super) encryption: Encryption,
}

/// When the connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encryption {
    /// From its first byte: `smtps://`.
    FromTheStart,
    /// By STARTTLS, or nothing is sent: `smtp://` with a password, since someone on the way who hides the offer would
    /// be handed it; or `?tls=required`.
    Required,
    /// By STARTTLS when the server offers it: `smtp://` without a password.
    WhenOffered,
    /// Not: `smtp://` to this machine, where nobody is on the way; or `?tls=never`, for a server in the same network
    /// whose certificate nobody signed.
    Never,
}

impl FromStr for SmtpServer {
    type Err = ConfigError;

    fn from_str(url: &str) -> Result<Self, ConfigError> {
        read(url).map_err(|problem| ConfigError::SmtpUrl { problem })
    }
}

fn read(url: &str) -> Result<SmtpServer, &'static str> {
    let (scheme, rest) = url.trim().split_once("://").ok_or("it does not start with smtp:// or smtps://")?;
    let wrapped = match scheme.to_ascii_lowercase().as_str() {
        "smtp" => false,
        "smtps" => true,
        _ => return Err("it does not start with smtp:// or smtps://"),
    };
    // The last @, so that one in the password needs no escape.
    let (person, place) = match rest.rsplit_once('@') {
        Some((person, place)) => (Some(person), place),
        None => (None, rest),
    };
    let (place, options) = place.split_once('?').unwrap_or((place, ""));
    let (host, port) = host_and_port(place.strip_suffix('/').unwrap_or(place), if wrapped { 465 } else { 587 })?;
    let login = person.map(user_and_password).transpose()?;
    let encryption = match (wrapped, options) {
        (true, "") => Encryption::FromTheStart,
        (true, _) => return Err("after ? nothing is possible with smtps://"),
        (false, "tls=required") => Encryption::Required,
        (false, "tls=never") => Encryption::Never,
        (false, "") if is_this_machine(&host) => Encryption::Never,
        (false, "") if login.is_some() => Encryption::Required,
        (false, "") => Encryption::WhenOffered,
        (false, _) => return Err("after ? only tls=required or tls=never are possible"),
    };
    let user = login.as_ref().map(|(user, _)| user.clone());
    Ok(SmtpServer { host, port, user, login: login.map(|(user, word)| Credentials::new(user, word)), encryption })
}

fn host_and_port(place: &str, default: u16) -> Result<(String, u16), &'static str> {
    let (host, port) = if let Some(rest) = place.strip_prefix('[') {
        let (address, port) = rest.split_once(']').ok_or("the bracket around the IPv6 address is not closed")?;
        address.parse::<std::net::Ipv6Addr>().map_err(|_| "what is in brackets is not an IPv6 address")?;
        (address, if port.is_empty() { None } else { Some(port.strip_prefix(':').ok_or("the host is not one")?) })
    } else {
        match place.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        }
    };
    let named = host.parse::<IpAddr>().is_ok()
        || host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'));
    if host.is_empty() {
        return Err("there is no host in it");
    }
    if !named {
        return Err("the host is not one");
    }
    let port = match port {
        None => default,
        Some(port) => port.parse().ok().filter(|port| *port > 0).ok_or("the port is not a number from 1 to 65535")?,
    };
    Ok((host.to_owned(), port))
}

fn user_and_password(person: &str) -> Result<(String, String), &'static str> {
    let (user, password) = person.split_once(':').ok_or("there is a user but no password")?;
    if user.is_empty() || password.is_empty() {
        return Err("the user or the password is empty");
    }
    Ok((unescaped(user)?, unescaped(password)?))
}

/// Undoes `%41` and the like.
fn unescaped(text: &str) -> Result<String, &'static str> {
    const PROBLEM: &str = "a % in the user or password is not followed by two hexadecimal digits";
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16)).ok_or(PROBLEM);
        let value = digit()? * 16 + digit()?;
        bytes.push(u8::try_from(value).map_err(|_| PROBLEM)?);
    }
    String::from_utf8(bytes).map_err(|_| "the user or the password is not UTF-8")
}

fn is_this_machine(host: &str) -> bool {
    let name = host.to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost") || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(url: &str) -> SmtpServer {
        url.parse().unwrap_or_else(|error| panic!("{url}: {error}"))
    }

    #[test]
    fn host_and_port_are_read_and_have_the_usual_defaults() {
        let place = |url: &str| (server(url).host, server(url).port);
        assert_eq!(place("smtp://mail.example"), ("mail.example".into(), 587));
        assert_eq!(place("smtps://mail.example/"), ("mail.example".into(), 465));
        assert_eq!(place(" SMTP://u:p@10.0.0.7:2525 "), ("10.0.0.7".into(), 2525));
        assert_eq!(place("smtp://[::1]:25"), ("::1".into(), 25));
        assert_eq!(place("smtp://mail_server"), ("mail_server".into(), 587));
    }

    #[test]
    fn a_password_may_contain_anything() {
        let login = |url: &str| server(url).login.unwrap();
        assert_eq!(
            login("smtp://ada:p@ss:w/o?r#d@mail.example"),
            Credentials::new("ada".into(), "p@ss:w/o?r#d".into())
        );
        assert_eq!(
            login("smtp://ada%40shop.example:%c3%a4%25@mail.example"),
            Credentials::new("ada@shop.example".into(), "ä%".into())
        );
    }

    #[test]
    fn a_password_never_travels_in_the_clear_unless_it_was_asked_for() {
        for (url, expected) in [
            ("smtps://u:p@mail.example", Encryption::FromTheStart),
            ("smtp://u:p@mail.example", Encryption::Required),
            ("smtp://mail.example", Encryption::WhenOffered),
            ("smtp://mail.example?tls=required", Encryption::Required),
            ("smtp://u:p@mail.example/?tls=never", Encryption::Never),
            ("smtp://u:p@localhost:2525", Encryption::Never),
            ("smtp://127.0.0.1:2525", Encryption::Never),
            ("smtp://[::1]:2525", Encryption::Never),
            ("smtp://u:p@127.0.0.1:2525?tls=required", Encryption::Required),
            ("smtp://localhost.mail.example", Encryption::WhenOffered),
        ] {
            assert_eq!(server(url).encryption, expected, "{url}");
        }
    }

    #[test]
    fn anything_else_is_refused_in_words_that_say_what_is_accepted_and_not_the_password() {
        for bad in [
            "mail.example",
            "http://ada:s3cret@mail.example",
            "smtp://",
            "smtp://ada:s3cret@",
            "smtp://ada@mail.example",
            "smtp://:s3cret@mail.example",
            "smtp://ada:@mail.example",
            "smtp://ada:s3cret%2@mail.example",
            "smtp://ada:s3cret%zz@mail.example",
            "smtp://ada:s3cret%ff@mail.example",
            "smtp://ada:s3cret@mail.example:99999",
            "smtp://ada:s3cret@mail.example:0",
            "smtp://ada:s3cret@mail.example:",
            "smtp://ada:s3cret@mail example",
            "smtp://ada:s3cret@mail.example/path",
            "smtp://ada:s3cret@[::1",
            "smtp://ada:s3cret@[mail.example]",
            "smtp://ada:s3cret@mail.example?tls=maybe",
            "smtps://ada:s3cret@mail.example?tls=never",
        ] {
            let error = bad.parse::<SmtpServer>().err().unwrap_or_else(|| panic!("{bad}")).to_string();
            assert!(error.contains("FRONTDESK_SMTP_URL") && error.contains("smtps://"), "{error}");
            assert!(!error.contains("s3cret"), "{error}");
        }
    }
}
