//! Plans in plain words.

use crate::plan::{Deed, Harm, Plan, Step, Trouble, What, Whose};
use std::fmt;

impl fmt::Display for Whose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Whose::Visitor { number, tab: 1 } => write!(f, "visitor {number}"),
            Whose::Visitor { number, tab } => write!(f, "visitor {number} (tab {tab})"),
            Whose::Agent { number } => write!(f, "agent {number}"),
        }
    }
}

impl Plan {
    /// What a step is.
    pub fn words(&self, step: &Step) -> String {
        let seconds = step.at as f64 / 1_000.0;
        let what = match step.what {
            What::Person(page, deed) => format!("{} {deed}", self.pages[page]),
            What::Page(page, trouble) => trouble.words(&self.pages[page].to_string()),
            What::Node(node, harm) => harm.words(&format!("node {}", node + 1)),
            What::DiskRefuses(ms) => format!("for {ms} ms nothing can be written to the database"),
            What::DiskUnreadable(ms) => format!("for {ms} ms nothing can be read from the database"),
            What::DiskHangs(ms) => format!("for {ms} ms the disk hangs"),
        };
        format!("{seconds:>7.3} s  {what}")
    }
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            Deed::Start { email: true } => "fills in the form, with an email, and starts a chat",
            Deed::Start { email: false } => "fills in the form, without an email, and starts a chat",
            Deed::Write => "writes a message",
            Deed::Read => "looks at the chat",
            Deed::End => "ends the chat",
            Deed::Reload => "reloads the page",
            Deed::ViewPage => "opens a page of the website",
            Deed::LeaveMessage => "leaves a message instead of waiting",
            Deed::Rate => "rates the chat",
            Deed::RequestTranscript { own: true } => "asks for the transcript at their own address",
            Deed::RequestTranscript { own: false } => "asks for the transcript at another address",
            Deed::Accept => "accepts the chat that waits",
            Deed::Open { nth } => return write!(f, "opens number {} of the list", nth + 1),
            Deed::Dismiss => "dismisses the chat",
            Deed::SetLabels => "changes the labels of the chat",
            Deed::CreateTicket => "makes a ticket of the chat",
            Deed::Block => "blocks the visitor",
            Deed::CloseLid => "closes the lid; the server is told nothing",
            Deed::CloseWindow => "closes the window",
            Deed::ComeBack => "comes back",
        };
        f.write_str(words)
    }
}

impl Trouble {
    fn words(self, who: &str) -> String {
        match self {
            Trouble::Cut { lost: false } => format!("the connections of {who} are cut"),
            Trouble::Cut { lost: true } => format!("the connections of {who} are cut, with what is on its way"),
            Trouble::Offline(ms) => format!("{who} is offline for {ms} ms"),
            Trouble::LoseRequest => format!("the next call of {who} is lost on its way"),
            Trouble::DelayRequest(ms) => format!("the next call of {who} arrives {ms} ms late"),
            Trouble::RepeatRequest(ms) => format!("the next call of {who} arrives again {ms} ms later"),
            Trouble::HangUp => format!("{who} gives up the next command as soon as the writer has it"),
            Trouble::LoseAnswer => format!("the next answer to {who} is lost"),
            Trouble::DelayAnswer(ms) => format!("the next answer to {who} arrives {ms} ms late; others overtake it"),
            Trouble::RepeatAnswer(ms) => format!("the next answer to {who} arrives again {ms} ms later"),
            Trouble::DelaySaid(ms) => format!("what {who} says next on the connection arrives {ms} ms late"),
            Trouble::LoseFrame => format!("the next frame to {who} is lost"),
            Trouble::DelayFrame(ms) => format!("the next frame to {who} arrives {ms} ms late; others overtake it"),
            Trouble::RepeatFrame(ms) => format!("the next frame to {who} arrives again {ms} ms later"),
            Trouble::Stall(ms) => format!("{who} reads nothing for {ms} ms"),
            Trouble::ClockJump(ms) => format!("the clock of {who} jumps by {ms} ms"),
        }
    }
}

impl Harm {
    fn words(self, node: &str) -> String {
        match self {
            Harm::Crash(ms) => format!("{node} crashes, and is there again after {ms} ms"),
            Harm::Sleep(ms) => format!("the machine of {node} is asleep for {ms} ms"),
            Harm::CrashBeforeCommit => format!("{node} crashes before its next commit"),
            Harm::CrashAfterCommit => format!("{node} crashes after its next commit, before it tells anybody"),
            Harm::SpoilCommit => format!("the next transaction of {node} is rolled back"),
            Harm::LoseOnBus => format!("the next commit that {node} announces is lost on the bus"),
            Harm::DelayOnBus(ms) => format!("the next commit that {node} announces is {ms} ms late on the bus"),
            Harm::RepeatOnBus(ms) => format!("the next commit that {node} announces comes again {ms} ms later"),
            Harm::ClockJump(ms) => format!("the clock of {node} jumps by {ms} ms"),
        }
    }
}
