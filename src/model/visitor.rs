//! Visitors: who they say they are, and what their browser remembers of the visit (M11).

use super::error::Refusal;
use super::identity::ProvenIdentity;
use super::ids::{ChatId, OnsiteId, VisitorId};
use super::{LAST_INSTANT, Millis};
use serde::{Deserialize, Serialize};

/// Longest accepted address of a page, in characters; longer ones are cut.
pub const MAX_URL_CHARS: usize = 2_000;
/// Longest kept title of a page, in characters; longer ones are cut.
pub const MAX_TITLE_CHARS: usize = 300;
/// Most pages of the visit that come with the start of a chat; the oldest are dropped.
pub const MAX_PAGES: usize = 50;
/// Longest kept user agent, in characters; longer ones are cut.
pub const MAX_USER_AGENT_CHARS: usize = 500;

/// A visitor as a chat knows them. Name and email are what they typed, but for what their website has proven.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitorCard {
    pub id: VisitorId,
    pub name: Option<String>,
    pub email: Option<Email>,
    /// What the website's server has signed of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proven: Option<ProvenIdentity>,
}

impl VisitorCard {
    /// Whether this address is proven to be theirs: also the present one may have been typed, by them or by an agent.
    pub fn proves(&self, email: &Email) -> bool {
        self.proven.as_ref().is_some_and(|proven| proven.email.as_ref() == Some(email))
    }

    /// Takes in what is proven of them now, in place of what was proven before. What it does not say stays as it was, and
    /// is proven no more.
    pub fn prove(&mut self, proven: &ProvenIdentity) {
        if proven.name.is_some() {
            self.name.clone_from(&proven.name);
        }
        if proven.email.is_some() {
            self.email.clone_from(&proven.email);
        }
        self.proven = Some(proven.clone());
    }

    /// Whether their email was only typed.
    pub fn has_unproven_email(&self) -> bool {
        self.email.as_ref().is_some_and(|email| !self.proves(email))
    }

    /// What to call them: their name, else their email, else "Visitor".
    pub fn display_name(&self) -> &str {
        self.name.as_deref().or(self.email.as_ref().map(Email::as_str)).unwrap_or("Visitor")
    }
}

/// An email address that mail can be sent to, as far as its form tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

impl Email {
    /// Reads a typed address; white space around it does not count.
    ///
    /// # Errors
    /// [`Refusal::InvalidEmail`] unless it has one `@` with something mailable on both sides and at most 254 bytes.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        let typed = typed.trim();
        let ok = typed.len() <= 254
            && typed.is_ascii()
            && !typed.bytes().any(|b| b.is_ascii_control() || b" ,;:<>()[]\\\"".contains(&b))
            && typed.split_once('@').is_some_and(|(local, host)| {
                local.len() <= 64 && local.split('.').all(|part| !part.is_empty()) && is_host(host)
            });
        if ok { Ok(Email(typed.to_owned())) } else { Err(Refusal::InvalidEmail) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// At least two labels of letters, digits and inner hyphens.
fn is_host(host: &str) -> bool {
    host.split_once('.').is_some()
        && host.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
}

impl TryFrom<String> for Email {
    type Error = Refusal;
    fn try_from(typed: String) -> Result<Self, Refusal> {
        Email::parse(&typed)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> String {
        email.0
    }
}

/// One page that the visitor opened on the website.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageView {
    /// When it was opened, by the visitor's clock.
    #[serde(default)]
    pub at: Millis,
    pub url: String,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub referrer: String,
}

impl PageView {
    /// The same page view within bounds: long texts cut, and an address that is not of the web made empty, so that no
    /// `javascript:` link ever reaches a console.
    pub fn bounded(mut self) -> Self {
        self.at = instant(self.at);
        self.url = web_address(&self.url);
        self.referrer = web_address(&self.referrer);
        self.title = cut(self.title.trim(), MAX_TITLE_CHARS);
        self
    }
}

/// A time and a page that the visitor's browser remembers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Landing {
    pub at: Millis,
    pub url: String,
}

impl Landing {
    fn bounded(mut self) -> Self {
        self.at = instant(self.at);
        self.url = web_address(&self.url);
        self
    }
}

/// What the browser remembers of the first visit and of this one (M11). All of it is the visitor's word.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// The first visit ever and its landing page.
    #[serde(default)]
    pub first: Option<Landing>,
    /// The start of this session and its landing page.
    #[serde(default)]
    pub session: Option<Landing>,
    /// The pages of this session, oldest first.
    #[serde(default)]
    pub pages: Vec<PageView>,
    /// The browser's language, such as `de-AT`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub language: String,
    /// The browser's time zone, such as `Europe/Vienna`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub time_zone: String,
}

impl Visit {
    /// The same visit within bounds; keeps the latest [`MAX_PAGES`] pages.
    pub fn bounded(self) -> Self {
        let surplus = self.pages.len().saturating_sub(MAX_PAGES);
        Visit {
            first: self.first.map(Landing::bounded),
            session: self.session.map(Landing::bounded),
            pages: self.pages.into_iter().skip(surplus).map(PageView::bounded).collect(),
            language: word(&self.language),
            time_zone: word(&self.time_zone),
        }
    }

    /// The same visit with the latest pages, as many as take this many bytes of JSON: a start has to fit into a call.
    pub fn fitting(mut self, bytes: usize) -> Self {
        let mut room = bytes;
        let mut first = self.pages.len();
        while first > 0 {
            let PageView { url, title, referrer, .. } = &self.pages[first - 1];
            let size = PAGE_JSON_BYTES + json_bytes(url) + json_bytes(title) + json_bytes(referrer);
            if size > room {
                break;
            }
            room -= size;
            first -= 1;
        }
        self.pages.drain(..first);
        self
    }
}

/// What a page view is in JSON without its texts, at most.
const PAGE_JSON_BYTES: usize = 80;

/// What a text is inside of JSON, at most.
fn json_bytes(text: &str) -> usize {
    let bytes = |c: char| match c {
        '"' | '\\' => 2,
        c if c.is_ascii_control() => 6,
        c => c.len_utf8(),
    };
    text.chars().map(bytes).sum()
}

/// A visitor on a website whose pages tell of themselves, with a chat or without.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteVisitor {
    pub id: OnsiteId,
    /// When the first page was told of, and the last, by the server's clock.
    pub since: Millis,
    pub seen: Millis,
    /// So many pages were told of.
    pub pages: u32,
    /// The last of them.
    pub page: PageView,
    /// A chat of theirs that went on when the last page was told of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat: Option<ChatId>,
}

/// What the server itself saw of the visitor's connection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    pub ip: String,
    pub user_agent: String,
}

impl Connection {
    /// The same within bounds.
    pub fn bounded(mut self) -> Self {
        self.ip = cut(&self.ip, 64);
        self.user_agent = cut(&self.user_agent, MAX_USER_AGENT_CHARS);
        self
    }
}

/// A time that a browser can show: from 1970 on, and not after the last day of its calendar.
fn instant(at: Millis) -> Millis {
    at.clamp(0, LAST_INSTANT)
}

/// An `http` or `https` address of at most [`MAX_URL_CHARS`] characters, else nothing.
fn web_address(url: &str) -> String {
    let url = url.trim();
    let web = ["http://", "https://"]
        .iter()
        .any(|scheme| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    if web && !url.contains(char::is_control) { cut(url, MAX_URL_CHARS) } else { String::new() }
}

/// A short word without white space or control characters.
fn word(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).take(64).collect()
}

/// The first `max` characters.
pub fn cut(text: &str, max: usize) -> String {
    text.chars().take(max).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_pages_that_fit_are_kept() {
        let page = |n: usize, title: &str| PageView {
            at: Millis::MAX,
            url: format!("https://shop.example/{n}?\"\\"),
            title: title.into(),
            referrer: "https://shop.example/ü".into(),
        };
        for title in ["", "\u{1}\u{1f}\n", "Zelte \u{1f3d5}"] {
            let visit = Visit { pages: (0..MAX_PAGES).map(|n| page(n, title)).collect(), ..Visit::default() };
            let whole = serde_json::to_string(&visit.pages).unwrap().len();
            for bytes in [0, 100, 1_000, 4_000, whole, usize::MAX] {
                let fitting = visit.clone().fitting(bytes);
                assert!(serde_json::to_string(&fitting.pages).unwrap().len() <= bytes.saturating_add(2), "{bytes}");
                assert!(visit.pages.ends_with(&fitting.pages));
                assert!(!fitting.pages.is_empty() || bytes < 1_000);
            }
            assert_eq!(visit.clone().fitting(usize::MAX), visit);
        }
    }

    #[test]
    fn addresses_that_people_type_are_read_and_others_are_refused() {
        for good in ["a@b.de", " ada.lovelace+chat@mail.example.org ", "o'neil@example.ie", "1@x-y.co"] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@",
            "@b.de",
            "a@b",
            "a@@b.de",
            "a b@c.de",
            "a@b..de",
            "a@-b.de",
            ".a@b.de",
            "a@b.de\r\nBcc: x@y.z",
            "<a@b.de>",
        ] {
            assert_eq!(Email::parse(bad), Err(Refusal::InvalidEmail), "{bad}");
        }
        assert!(Email::parse(&format!("{}@b.de", "a".repeat(65))).is_err());
    }

    #[test]
    fn a_page_view_never_carries_a_script_address_nor_grows_without_bound() {
        let page = PageView {
            at: 1,
            url: "javascript:alert(1)".into(),
            title: "x".repeat(1_000),
            referrer: "HTTPS://shop.example/".into(),
        }
        .bounded();
        assert_eq!(page.url, "");
        assert_eq!(page.title.len(), MAX_TITLE_CHARS);
        let never = |at| PageView { at, ..PageView::default() }.bounded().at;
        assert_eq!((never(i64::MIN), never(i64::MAX)), (0, LAST_INSTANT));
        assert_eq!(page.referrer, "HTTPS://shop.example/");
    }

    #[test]
    fn a_visit_keeps_its_latest_pages() {
        let pages = (0..80).map(|at| PageView { at, url: "https://s.example/".into(), ..Default::default() }).collect();
        let visit = Visit { pages, ..Default::default() }.bounded();
        assert_eq!(visit.pages.len(), MAX_PAGES);
        assert_eq!(visit.pages.last().unwrap().at, 79);
    }
}
