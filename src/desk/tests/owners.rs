//! Every open chat has a live owner, or waits. The tests own the time: it is an argument everywhere.

use super::*;
use crate::live::{Connection as Console, Handshake};
use crate::model::agent::Agent;
use crate::model::chat::{ReleaseReason, Status};
use crate::model::error::ApiError;
use crate::model::rules::Rules;
use crate::store::JobKind;
use std::time::Instant;

/// What somebody who is gone has by the usual rules, with the time between two renewals.
const WHOLE_MS: i64 = 65_000;
/// After this time without a word a console does not count as connected.
const SILENT: Duration = Duration::from_secs(15);

impl House {
    /// An agent at their console, and an open chat of theirs.
    async fn answered(&self, number: u8, email: &str) -> (Agent, Arc<Console>, VisitorId, ChatId) {
        let agent = self.agent(&format!("agent{number}@example.com")).await;
        let console = self.desk.hub().connect(Viewer::Agent(agent.clone())).0;
        let visitor = self.visitor(number).await;
        let chat = self.chat(visitor, email).await;
        self.desk.agent_command(&agent, chat, id(), Command::Accept).await.unwrap();
        (agent, console, visitor, chat)
    }

    /// A round of the timer.
    async fn round(&self, now: i64, at: Instant) {
        self.desk.renew_owners(now, at).await.unwrap();
        self.desk.release_lapsed(now).await.unwrap();
    }

    async fn status(&self, chat: ChatId) -> Status {
        self.desk.store().chat(chat).await.unwrap().unwrap().status
    }

    async fn reasons(&self, chat: ChatId) -> Vec<ReleaseReason> {
        let log = self.desk.store().events(chat, Audience::Visitor, 0, 1_000).await.unwrap();
        let reasons = log.iter().filter_map(|event| match event.body {
            EventBody::Released { reason, .. } => Some(reason),
            _ => None,
        });
        reasons.collect()
    }
}

#[tokio::test]
async fn the_chats_of_an_agent_who_has_left_go_back_to_the_queue_and_the_others_are_told() {
    let house = house().await;
    let (agent, console, visitor, chat) = house.answered(1, "").await;
    let hub = house.desk.hub();
    let (theirs, mut to_visitor) = hub.connect(Viewer::Visitor(visitor));
    hub.follow(&theirs, chat);
    hub.disconnect(&console, []);
    let left = now();
    house.round(left + WHOLE_MS - 1_000, Instant::now()).await;
    assert_eq!(house.status(chat).await, Status::Open, "they may come back");

    house.round(left + WHOLE_MS + 1_000, Instant::now()).await;
    assert_eq!(house.status(chat).await, Status::Waiting);
    assert_eq!(house.reasons(chat).await, [ReleaseReason::ConnectionLost]);
    let told = loop {
        match to_visitor.recv().await.unwrap().deliveries() {
            // The acceptance may still have been on its way.
            Some(told) if told.1 > 4 => break told,
            _ => continue,
        }
    };
    assert_eq!(told, (4, 5), "the visitor reads it at once");
    let (rows, _) = house.desk.live_rows(agent.id).await.unwrap();
    assert_eq!((rows[0].status, rows[0].agent.clone(), rows[0].dismissed_by.len()), (Status::Waiting, None, 0));

    let other = house.agent("other@example.com").await;
    house.desk.agent_command(&other, chat, id(), Command::Accept).await.unwrap();
    house.desk.agent_command(&other, chat, id(), send("I take over")).await.unwrap();
    let late = house.desk.agent_command(&agent, chat, id(), send("Where was I?")).await;
    assert_eq!(late, Err(Refusal::NotYourChat { by: "Grace".into() }.into()));
}

#[tokio::test]
async fn who_is_there_keeps_their_chats_for_ever_and_who_fell_silent_does_not() {
    let house = house().await;
    let (_, console, _, chat) = house.answered(1, "").await;
    let start = now();
    // The instant at which the console was heard, however long this takes.
    for minutes in 1..=60 {
        house.round(start + minutes * 60_000, console.heard_at()).await;
    }
    assert_eq!(house.status(chat).await, Status::Open);
    // The lid is closed: nobody says that the connection is gone, and nobody answers.
    let closed = start + 60 * 60_000;
    let silent = console.heard_at() + SILENT;
    house.round(closed + WHOLE_MS - 1, silent).await;
    assert_eq!(house.status(chat).await, Status::Open);
    house.round(closed + WHOLE_MS, silent).await;
    assert_eq!(house.status(chat).await, Status::Waiting);
}

#[tokio::test]
async fn one_of_two_windows_is_enough() {
    let house = house().await;
    let (agent, console, _, chat) = house.answered(1, "").await;
    let _other = house.desk.hub().connect(Viewer::Agent(agent));
    house.desk.hub().disconnect(&console, []);
    let start = now();
    house.round(start + 60_000, Instant::now()).await;
    house.round(start + 120_000, Instant::now()).await;
    assert_eq!(house.status(chat).await, Status::Open);
}

#[tokio::test]
async fn who_comes_back_in_time_keeps_their_chats_and_who_accepts_without_a_console_does_not() {
    let house = house().await;
    let (agent, console, _, chat) = house.answered(1, "").await;
    let hub = house.desk.hub();
    hub.disconnect(&console, []);
    let start = now();
    house.round(start + 60_000, Instant::now()).await;
    let _back = hub.connect(Viewer::Agent(agent));
    // The lease has run out, and nobody has looked yet: being there counts.
    house.round(start + 2 * WHOLE_MS, Instant::now()).await;
    assert_eq!(house.status(chat).await, Status::Open);

    let program = house.agent("program@example.com").await;
    let visitor = house.visitor(2).await;
    let chat = house.chat(visitor, "").await;
    house.desk.agent_command(&program, chat, id(), Command::Accept).await.unwrap();
    house.round(now() + WHOLE_MS + 1_000, Instant::now()).await;
    assert_eq!(house.status(chat).await, Status::Waiting, "nobody is at the other end");
}

#[tokio::test]
async fn after_a_restart_everybody_has_the_whole_time_to_come_back_and_no_more() {
    let house = house().await;
    let (_, console, _, chat) = house.answered(1, "").await;
    house.desk.hub().disconnect(&console, []);
    let started = now() + 3_600_000;
    house.desk.expect_owners(started).await.unwrap();
    house.round(started, Instant::now()).await;
    house.round(started + WHOLE_MS - 1, Instant::now()).await;
    assert_eq!(house.status(chat).await, Status::Open);
    house.round(started + WHOLE_MS, Instant::now()).await;
    assert_eq!(house.status(chat).await, Status::Waiting);
    assert_eq!(house.desk.store().lapsed_leases(i64::MAX, 10).await.unwrap(), [], "there is nothing more to look for");
}

#[tokio::test]
async fn an_admin_sets_the_time() {
    let house = house().await;
    let (_, console, _, chat) = house.answered(1, "").await;
    house.desk.hub().disconnect(&console, []);
    for release_after_s in [4, 3_601] {
        let refused = house.desk.save_rules(Rules { release_after_s, ..Rules::default() }).await;
        assert!(matches!(refused, Err(ApiError::Invalid { .. })));
    }
    house.desk.save_rules(Rules { release_after_s: 5, ..Rules::default() }).await.unwrap();
    let set = now();
    // What the timer does when the rule has changed.
    house.desk.expect_owners(set).await.unwrap();
    house.round(set + 5_000, Instant::now()).await;
    assert_eq!(house.status(chat).await, Status::Open, "it is looked at every second");
    house.round(set + 6_000, Instant::now()).await;
    assert_eq!(house.status(chat).await, Status::Waiting);
}

#[tokio::test]
async fn a_deactivated_agents_chats_go_on_with_somebody_else() {
    let house = house().await;
    let (agent, _console, visitor, chat) = house.answered(1, "").await;
    let change = house.desk.change_agent(agent.id, "Grace", &agent.email, Role::Agent, vec![], String::new(), true);
    change.await.unwrap();
    assert_eq!(house.status(chat).await, Status::Waiting);
    assert_eq!(house.reasons(chat).await, [ReleaseReason::Deactivated]);
    let goes_on = house.desk.visitor_command(visitor, Connection::default(), Some(chat), id(), send("Hello?")).await;
    assert!(goes_on.is_ok());
    let other = house.agent("other@example.com").await;
    house.desk.agent_command(&other, chat, id(), Command::Accept).await.unwrap();
    let again = house.desk.change_agent(agent.id, "Grace", &agent.email, Role::Agent, vec![], String::new(), true);
    again.await.unwrap();
    assert_eq!(house.status(chat).await, Status::Open, "it is another agent's by now");
}

#[tokio::test]
async fn logging_out_gives_chats_back_at_once_unless_another_console_is_open() {
    let house = house().await;
    let (agent, console, _, chat) = house.answered(1, "").await;
    let hub = house.desk.hub();
    hub.disconnect(&console, []);
    let mut sessions = Vec::new();
    for _ in 0..2 {
        let session = house.desk.log_in(&agent.email, "correct horse".into(), "192.0.2.1").await.unwrap();
        let handshake = Handshake { session: Some(session.clone()), address: "192.0.2.1".into() };
        sessions.push((session, hub.admit(Viewer::Agent(agent.clone()), handshake).0));
    }
    let (session, console) = sessions.pop().unwrap();
    house.desk.log_out(&session).await.unwrap();
    assert_eq!(house.status(chat).await, Status::Open, "the other computer is still there");
    hub.disconnect(&console, []);
    house.desk.log_out("no session").await.unwrap();
    house.desk.log_out(&session).await.unwrap();
    assert_eq!(house.status(chat).await, Status::Open, "who is logged out cannot do that again");

    let (session, _its_console_is_not_closed_yet) = sessions.pop().unwrap();
    house.desk.log_out(&session).await.unwrap();
    assert_eq!(house.reasons(chat).await, [ReleaseReason::LoggedOut]);
    assert_eq!(house.desk.released_chats(agent.id).await.unwrap(), [], "they know");
}

#[tokio::test]
async fn a_returning_agent_is_told_until_they_have_read_it() {
    let house = house().await;
    let (agent, console, _, chat) = house.answered(1, "").await;
    house.desk.hub().disconnect(&console, []);
    house.round(now() + WHOLE_MS + 1_000, Instant::now()).await;
    let told = house.desk.released_chats(agent.id).await.unwrap();
    assert_eq!(told.iter().map(|told| (told.chat, told.visitor.as_str())).collect::<Vec<_>>(), [(chat, "Ada")]);
    house.desk.forget_released(&agent, &[chat]).await.unwrap();
    assert_eq!(house.desk.released_chats(agent.id).await.unwrap(), []);
}

#[tokio::test]
async fn what_was_said_before_the_agent_was_lost_is_mailed_once_however_the_chat_ends() {
    let house = house().await;
    let (_, first, ada, with_end) = house.answered(1, "ada@example.com").await;
    let (_, second, eve, with_message) = house.answered(2, "").await;
    house.desk.hub().disconnect(&first, []);
    house.desk.hub().disconnect(&second, []);
    house.round(now() + WHOLE_MS + 1_000, Instant::now()).await;
    let leave = Command::LeaveMessage {
        name: String::new(),
        email: "eve@example.com".into(),
        text: RichText::from_typed("Please call me"),
    };
    for (visitor, chat, command) in [(ada, with_end, Command::End), (eve, with_message, leave)] {
        house.desk.visitor_command(visitor, Connection::default(), Some(chat), id(), command).await.unwrap();
    }
    let jobs = house.desk.store().lease_jobs(i64::MAX, i64::MAX, 10).await.unwrap();
    let mut transcripts: Vec<_> =
        jobs.iter().filter(|job| matches!(job.kind, JobKind::Transcript { .. })).map(|job| job.chat).collect();
    transcripts.sort();
    assert_eq!(transcripts, [Some(with_end), Some(with_message)]);
    assert_eq!(jobs.len(), 3, "and the arrival of the message is confirmed");
}
