//! A mail that shows that mails go out.

use super::letter::{Letter, Writer};
use super::templates::{self, Written};
use super::wording::{initial, name};
use crate::model::visitor::Email;
use serde::Serialize;

#[derive(Serialize)]
struct View {
    /// Empty when the company has no name.
    company: String,
    initial: String,
}

/// A test mail. `id` is the same at each try of sending it, and its `Message-ID` is `<id@domain>`.
pub fn test_mail(to: Email, company: &str, domain: &str, id: &str) -> Letter {
    let view = View { company: name(company), initial: initial(company) };
    let Written { subject, text, html } = templates::write("test_mail", view);
    let message_id = format!("<{id}@{domain}>");
    Letter { to, subject, text, html, message_id, references: Vec::new(), writer: Writer::Machine }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Mailer;
    use crate::mail::testing::{parse_mail, seen};

    #[tokio::test]
    async fn it_says_that_mails_go_out() {
        let to = Email::parse("grace@example.com").unwrap();
        let letter = test_mail(to, "Nordlicht <b>Coffee</b>\r\nBcc: eve@example.com", "shop.example", "test-mail-7");
        let data = tempfile::tempdir().unwrap();
        Mailer::new(None, "chat@shop.example", data.path()).unwrap().send(&letter).await.unwrap();
        let mail = parse_mail(&std::fs::read(data.path().join("test-mail-7.eml")).unwrap());
        assert_eq!(mail.header("Message-ID"), "<test-mail-7@shop.example>");
        assert_eq!(mail.header("To"), "grace@example.com");
        assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
        assert_eq!(mail.header("Subject"), "Test mail from Nordlicht <b>Coffee</b> Bcc: eve@example.com");
        assert!(mail.parts[0].body.starts_with("Mails go out.\r\n"));
        assert!(seen(&mail.parts[1].body).contains("Mails go out") && !letter.html.contains("<b>Coffee"));
    }
}
