//! The mailer: the one way out for letters.

use super::eml::EmlDirectory;
use super::error::{ConfigError, SendError};
use super::letter::Letter;
use super::smtp::SmtpRoute;
use lettre::address::Address;
use lettre::message::Mailbox;
use std::fmt;
use std::path::Path;
use std::time::SystemTime;

/// Sends letters: over SMTP, or as `.eml` files into a directory. Cheap to share behind an `Arc`.
pub struct Mailer {
    from: Mailbox,
    route: Route,
}

enum Route {
    Smtp(Box<SmtpRoute>),
    Files(EmlDirectory),
}

impl Mailer {
    /// Reads the configuration: `smtp_url` is `FRONTDESK_SMTP_URL` (an empty one is none), `from` is
    /// `FRONTDESK_MAIL_FROM`. Without an SMTP server, `directory` is created and takes the letters as files; with one
    /// it is not touched. No connection is made yet.
    ///
    /// # Errors
    /// A [`ConfigError`] that names the setting and says what is accepted.
    pub fn new(smtp_url: Option<&str>, from: &str, directory: &Path) -> Result<Self, ConfigError> {
        let route = match smtp_url.map(str::trim).filter(|url| !url.is_empty()) {
            Some(url) => Route::Smtp(Box::new(SmtpRoute::new(url.parse()?)?)),
            None => Route::Files(EmlDirectory::open(directory)?),
        };
        Ok(Mailer { from: sender(from)?, route })
    }

    /// Sends the letter. `Ok` means that the mail server has taken it, or that it is on the disk.
    ///
    /// Takes at most [`LONGEST_SEND`](super::LONGEST_SEND). When it is given up in the middle, it is unknown whether
    /// the letter went out.
    ///
    /// # Errors
    /// A [`SendError`], permanent when this letter will never be accepted.
    pub async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        let message = letter.to_message(&self.from, SystemTime::now())?;
        match &self.route {
            Route::Smtp(smtp) => smtp.send(message.envelope(), &message.formatted()).await,
            Route::Files(directory) => directory.write(letter.file_stem()?, message.formatted()).await,
        }
    }
}

/// Where letters go, for the log: never a password.
impl fmt::Display for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.route {
            Route::Smtp(smtp) => smtp.fmt(f),
            Route::Files(directory) => directory.fmt(f),
        }
    }
}

/// Reads `address` or `Name <address>`.
fn sender(from: &str) -> Result<Mailbox, ConfigError> {
    let problem = |problem| ConfigError::MailFrom { problem };
    let from = from.trim();
    if from.is_empty() {
        return Err(problem("it is empty"));
    }
    if from.contains(char::is_control) {
        return Err(problem("it contains a line break or another control character"));
    }
    let (name, address) = match from.strip_suffix('>') {
        Some(start) => start.rsplit_once('<').ok_or(problem("it has a > without a <"))?,
        None => ("", from),
    };
    let name = name.trim();
    let name = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name);
    let address: Address = Some(address.trim())
        .filter(|address| address.is_ascii())
        .and_then(|address| address.parse().ok())
        .ok_or(problem("there is no email address in it"))?;
    Ok(Mailbox::new((!name.is_empty()).then(|| name.to_owned()), address))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::testing::{letter, parse_mail};

    #[test]
    fn senders_are_read_as_people_write_them() {
        let read = |from: &str| sender(from).map(|mailbox| (mailbox.name, mailbox.email.to_string()));
        let address = "chat@shop.example".to_owned();
        assert_eq!(read(" chat@shop.example ").unwrap(), (None, address.clone()));
        assert_eq!(read("<chat@shop.example>").unwrap(), (None, address.clone()));
        assert_eq!(read("Ada, Grace & Co. <chat@shop.example>").unwrap().0.unwrap(), "Ada, Grace & Co.");
        assert_eq!(read("\"Café\" <chat@shop.example>").unwrap(), (Some("Café".into()), address));
        assert_eq!(read("frontdesk@localhost").unwrap().1, "frontdesk@localhost");
    }

    #[test]
    fn a_sender_that_is_none_is_refused_in_words_that_name_the_setting() {
        for bad in ["", "  ", "Shop", "Shop <>", "shop.example>", "ä@shop.example", "a@b.example\r\nBcc: x@y.example"]
        {
            let error = sender(bad).expect_err(bad).to_string();
            assert!(error.contains("FRONTDESK_MAIL_FROM") && error.contains("chat@shop.example"), "{error}");
        }
    }

    #[tokio::test]
    async fn without_a_server_each_letter_is_one_file_however_often_it_is_sent() {
        let data = tempfile::tempdir().unwrap();
        let directory = data.path().join("mail");
        for none in [None, Some(""), Some("  ")] {
            let mailer = Mailer::new(none, "Shop <chat@shop.example>", &directory).unwrap();
            mailer.send(&letter()).await.unwrap();
        }
        let files: Vec<_> = std::fs::read_dir(&directory).unwrap().map(|file| file.unwrap().path()).collect();
        assert_eq!(files, [directory.join("transcript-1042.eml")]);
        let mail = parse_mail(&std::fs::read(&files[0]).unwrap());
        assert_eq!(mail.header("Message-ID"), letter().message_id);
        assert_eq!(mail.parts.len(), 2);
    }

    #[test]
    fn a_directory_that_cannot_be_is_said_at_the_start() {
        let data = tempfile::tempdir().unwrap();
        let file = data.path().join("mail");
        std::fs::write(&file, "in the way").unwrap();
        let error = Mailer::new(None, "chat@shop.example", &file).err().unwrap().to_string();
        assert!(error.contains(file.to_str().unwrap()) && error.contains("FRONTDESK_SMTP_URL"), "{error}");
    }

    #[test]
    fn what_the_log_says_has_no_password() {
        let mailer = Mailer::new(Some("smtps://ada:s3cret@mail.example"), "a@b.example", Path::new("unused")).unwrap();
        assert_eq!(mailer.to_string(), "mail goes to smtps://mail.example:465 as ada");
        assert!(!Path::new("unused").exists());
    }
}
