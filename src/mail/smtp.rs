//! Handing a mail to an SMTP server, one connection each.

use super::error::{ConfigError, SendError};
use super::one_line::one_line;
use super::smtp_url::{Encryption, SmtpServer};
use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::DEFAULT_MECHANISMS;
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::{Category, Severity};
use std::fmt;
use std::future::Future;
use std::time::Duration;
use tokio::time::timeout;

/// How long each step up to the mail itself may take: the connection, and each command with its answer.
const STEP: Duration = Duration::from_secs(30);
/// How long each address of the server's name may take, so that a dead one leaves time for the next.
const ADDRESS: Duration = Duration::from_secs(10);
/// How long the mail itself and its answer may take. Ten minutes are what RFC 5321 (4.5.3.2.6) asks for: a client that
/// gives up earlier sends a mail again that the server has taken.
const CONTENT: Duration = Duration::from_secs(600);
/// How long to wait for the goodbye.
const GOODBYE: Duration = Duration::from_secs(5);
/// Longest part of a server's answer that is passed on, in characters.
const MAX_ANSWER_CHARS: usize = 300;

/// The longest that sending one letter takes: six steps, the mail itself, the goodbye. A lease on a letter must outlast
/// it, or a second worker sends it again.
pub const LONGEST_SEND: Duration = Duration::from_secs(6 * STEP.as_secs() + CONTENT.as_secs() + GOODBYE.as_secs());

/// A mail server and how to speak with it.
pub(super) struct SmtpRoute {
    server: SmtpServer,
    tls: TlsParameters,
    hello: ClientId,
    step: Duration,
}

/// What is being asked of the server, and so what a failure means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Connect,
    Encrypt,
    LogIn,
    Sender,
    Recipient,
    Announce,
    Content,
}

impl Step {
    fn words(self) -> &'static str {
        match self {
            Step::Connect => "the connection",
            Step::Encrypt => "the encryption",
            Step::LogIn => "the user and password of FRONTDESK_SMTP_URL",
            Step::Sender => "the sender of FRONTDESK_MAIL_FROM",
            Step::Recipient => "the recipient",
            Step::Announce | Step::Content => "the mail",
        }
    }

    /// Whether a refusal here is about this one letter, not about the server or the configuration.
    fn is_about_the_letter(self) -> bool {
        matches!(self, Step::Recipient | Step::Content)
    }
}

impl SmtpRoute {
    /// # Errors
    /// [`ConfigError::SmtpUrl`] when the host cannot be in a certificate.
    pub(super) fn new(server: SmtpServer) -> Result<Self, ConfigError> {
        let tls = TlsParameters::new(server.host.clone())
            .map_err(|_| ConfigError::SmtpUrl { problem: "the host cannot be that of an encrypted connection" })?;
        Ok(SmtpRoute { server, tls, hello: ClientId::default(), step: STEP })
    }

    /// Hands the mail over. `Ok` once the server has said that it has it.
    ///
    /// # Errors
    /// A [`SendError`], permanent when the server refuses this recipient or this mail for good (5xx). A refused login or
    /// sender is passing: an admin repairs that, and the letters are still wanted then.
    pub(super) async fn send(&self, envelope: &Envelope, mail: &[u8]) -> Result<(), SendError> {
        let mut smtp = self.connect().await?;
        let result = self.hand_over(&mut smtp, envelope, mail).await;
        // Whether the goodbye is heard changes nothing.
        let _ = timeout(GOODBYE, smtp.abort()).await;
        result
    }

    /// A connection that is encrypted as it should be. One that fails here is dropped without a goodbye: in the middle of
    /// changing to TLS there is no stream to say it on.
    async fn connect(&self) -> Result<AsyncSmtpConnection, SendError> {
        let wrapped = (self.server.encryption == Encryption::FromTheStart).then(|| self.tls.clone());
        let place = (self.server.host.as_str(), self.server.port);
        let connect = AsyncSmtpConnection::connect_tokio1(place, Some(ADDRESS), &self.hello, wrapped, None);
        let mut smtp = self.step(Step::Connect, self.step, connect).await?;
        let encrypt = match self.server.encryption {
            Encryption::Required if !smtp.can_starttls() => return Err(self.no_encryption()),
            Encryption::Required => true,
            Encryption::WhenOffered => smtp.can_starttls(),
            Encryption::FromTheStart | Encryption::Never => false,
        };
        if encrypt {
            self.step(Step::Encrypt, self.step, smtp.starttls(self.tls.clone(), &self.hello)).await?;
        }
        Ok(smtp)
    }

    async fn hand_over(
        &self,
        smtp: &mut AsyncSmtpConnection,
        envelope: &Envelope,
        mail: &[u8],
    ) -> Result<(), SendError> {
        if let Some(login) = &self.server.login {
            self.step(Step::LogIn, self.step, smtp.auth(DEFAULT_MECHANISMS, login)).await?;
        }
        // No parameters: a letter is ASCII, addresses and all.
        self.step(Step::Sender, self.step, smtp.command(Mail::new(envelope.from().cloned(), vec![]))).await?;
        for recipient in envelope.to() {
            self.step(Step::Recipient, self.step, smtp.command(Rcpt::new(recipient.clone(), vec![]))).await?;
        }
        self.step(Step::Announce, self.step, smtp.command(Data)).await?;
        self.step(Step::Content, CONTENT, smtp.message(mail)).await?;
        Ok(())
    }

    async fn step<T>(
        &self,
        step: Step,
        limit: Duration,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, SendError> {
        match timeout(limit, work).await {
            Ok(result) => result.map_err(|error| self.failure(step, &error)),
            Err(_) => Err(SendError::passing(format!(
                "The mail server {} did not answer within {limit:?} ({}).",
                self.place(),
                step.words()
            ))),
        }
    }

    fn failure(&self, step: Step, error: &Error) -> SendError {
        let source = std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
        let answer = one_line(&source, MAX_ANSWER_CHARS);
        let (place, words) = (self.place(), step.words());
        let Some(code) = error.status() else {
            return SendError::passing(format!("The mail server {place} could not be used ({words}): {answer}."));
        };
        if code.severity == Severity::TransientNegativeCompletion {
            return SendError::passing(format!("The mail server {place} put off {words}: {code} {answer}"));
        }
        SendError {
            // 53x ask for a login or encryption: the configuration's fault, wherever it is said.
            permanent: step.is_about_the_letter() && code.category != Category::Unspecified3,
            sentence: format!("The mail server {place} refused {words}: {code} {answer}"),
        }
    }

    fn no_encryption(&self) -> SendError {
        SendError::passing(format!(
            "The mail server {} offers no encryption (STARTTLS), and without it the mail is not sent: use smtps:// in \
             FRONTDESK_SMTP_URL, or add ?tls=never to it where the network is trusted.",
            self.place()
        ))
    }

    fn place(&self) -> String {
        let SmtpServer { host, port, .. } = &self.server;
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }
}

impl fmt::Display for SmtpRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.server.encryption == Encryption::FromTheStart { "smtps" } else { "smtp" };
        write!(f, "mail goes to {scheme}://{}", self.place())?;
        if let Some(user) = &self.server.user {
            write!(f, " as {}", one_line(user, 100))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::testing::smtp_server::{Replies, SmtpServer as FakeServer};
    use crate::mail::testing::{letter, parse_mail};
    use crate::mail::{Letter, Mailer};
    use std::path::Path;

    fn mailer(server: &FakeServer, before: &str, after: &str) -> Mailer {
        let url = format!("smtp://{before}{}{after}", server.address);
        Mailer::new(Some(&url), "Shop <chat@shop.example>", Path::new("unused")).unwrap()
    }

    #[tokio::test]
    async fn a_letter_arrives_whole_at_a_server_without_encryption() {
        let mut server = FakeServer::start(Replies::default()).await;
        let letter = Letter { text: ".\n..two\n".into(), ..letter() };
        mailer(&server, "", "").send(&letter).await.unwrap();
        let seen = server.next().await;
        assert_eq!(seen.commands[1..3], ["MAIL FROM:<chat@shop.example>", "RCPT TO:<ada@example.com>"]);
        let mail = parse_mail(&seen.mail);
        assert_eq!(mail.header("Message-ID"), letter.message_id);
        assert_eq!(mail.parts[0].body.trim_end(), ".\r\n..two");
    }

    #[tokio::test]
    async fn a_login_is_used_where_it_is_given() {
        let mut server = FakeServer::start(Replies::default()).await;
        mailer(&server, "ada:s3cret@", "").send(&letter()).await.unwrap();
        assert_eq!(server.next().await.commands[1], "AUTH PLAIN AGFkYQBzM2NyZXQ=");
    }

    #[tokio::test]
    async fn a_recipient_refused_for_good_is_permanent() {
        let mut server =
            FakeServer::start(Replies { recipient: "550 5.1.1 No such user\r\n", ..Replies::default() }).await;
        let error = mailer(&server, "", "").send(&letter()).await.unwrap_err();
        assert!(error.permanent);
        assert!(error.sentence.ends_with("refused the recipient: 550 5.1.1 No such user"), "{error}");
        let seen = server.next().await;
        assert!(seen.mail.is_empty() && !seen.commands.contains(&"DATA".to_owned()));
    }

    #[tokio::test]
    async fn a_mail_refused_for_good_is_permanent() {
        let server = FakeServer::start(Replies { content: "554 Too much spam\r\n", ..Replies::default() }).await;
        assert!(mailer(&server, "", "").send(&letter()).await.unwrap_err().permanent);
    }

    #[tokio::test]
    async fn what_is_put_off_or_the_configurations_fault_is_tried_again() {
        for replies in [
            Replies { recipient: "451-4.7.1 Greylisted,\r\n451 try later\r\n", ..Replies::default() },
            Replies { content: "452 Disk full\r\n", ..Replies::default() },
            Replies { greeting: "421 Busy\r\n", ..Replies::default() },
            Replies { greeting: "554 Not you\r\n", ..Replies::default() },
            Replies { sender: "550 Not your address\r\n", ..Replies::default() },
            Replies { login: "535 Wrong password\r\n", ..Replies::default() },
            Replies { recipient: "530 5.7.0 Authentication required\r\n", ..Replies::default() },
            Replies { greeting: "what?\r\n", ..Replies::default() },
            Replies { content: "", ..Replies::default() },
        ] {
            let server = FakeServer::start(replies.clone()).await;
            let error = mailer(&server, "ada:s3cret@", "").send(&letter()).await.unwrap_err();
            assert!(!error.permanent, "{replies:?}: {error}");
            assert!(error.sentence.contains(&server.address.to_string()), "{error}");
            assert!(!error.sentence.contains("s3cret") && !error.sentence.contains('\n'), "{error}");
        }
    }

    #[tokio::test]
    async fn where_encryption_is_required_neither_password_nor_mail_goes_without() {
        let mut server = FakeServer::start(Replies::default()).await;
        let error = mailer(&server, "ada:s3cret@", "?tls=required").send(&letter()).await.unwrap_err();
        assert!(!error.permanent && error.sentence.contains("STARTTLS"), "{error}");
        let seen = server.next().await;
        assert!(seen.commands.iter().all(|line| line.starts_with("EHLO") || line == "QUIT"), "{:?}", seen.commands);
    }

    #[tokio::test]
    async fn on_this_machine_an_offer_of_encryption_is_declined() {
        let server = FakeServer::start(Replies { starttls: true, ..Replies::default() }).await;
        mailer(&server, "", "").send(&letter()).await.unwrap();
    }

    #[tokio::test]
    async fn an_encryption_that_fails_sends_nothing() {
        let mut server = FakeServer::start(Replies { starttls: true, ..Replies::default() }).await;
        let error = mailer(&server, "", "?tls=required").send(&letter()).await.unwrap_err();
        assert!(!error.permanent && error.sentence.contains("the encryption"), "{error}");
        assert_eq!(server.next().await.commands.last().unwrap(), "STARTTLS");
    }

    #[tokio::test]
    async fn smtps_to_a_server_without_tls_says_nothing_readable_and_is_tried_again() {
        let mut server = FakeServer::start(Replies::default()).await;
        let url = format!("smtps://ada:s3cret@{}", server.address);
        let mailer = Mailer::new(Some(&url), "chat@shop.example", Path::new("unused")).unwrap();
        let error = mailer.send(&letter()).await.unwrap_err();
        assert!(!error.permanent && error.sentence.contains("the connection"), "{error}");
        assert!(server.next().await.commands.iter().all(|line| !line.starts_with("EHLO")));
    }

    #[tokio::test]
    async fn nobody_at_the_port_is_said_and_tried_again() {
        let server = FakeServer::start(Replies::default()).await;
        let mailer = mailer(&server, "", "");
        drop(server);
        let error = mailer.send(&letter()).await.unwrap_err();
        assert!(!error.permanent && error.sentence.contains("the connection"), "{error}");
    }

    #[tokio::test]
    async fn a_silent_server_is_given_up() {
        let server = FakeServer::start(Replies { greeting: "", silent: true, ..Replies::default() }).await;
        let mut route = SmtpRoute::new(format!("smtp://{}", server.address).parse().unwrap()).unwrap();
        route.step = Duration::from_millis(20);
        let envelope = Envelope::new(None, vec!["ada@example.com".parse().unwrap()]).unwrap();
        let error = route.send(&envelope, b"mail").await.unwrap_err();
        assert!(!error.permanent && error.sentence.contains("did not answer within 20ms"), "{error}");
    }
}
