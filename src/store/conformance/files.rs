//! Stories of files.

use super::{Bench, fresh_id, stories};
use crate::model::attachment::Attachment;
use crate::model::chat::{Ack, Actor, Audience, Command, Context, EventBody};
use crate::model::error::Refusal;
use crate::model::ids::{ChatId, FileId, VisitorId};
use crate::model::text::RichText;
use crate::store::{NewUpload, Target, TransactError};

stories!(
    a_file_is_known_from_its_permission_to_its_message,
    a_file_is_in_one_message_only_also_when_two_are_sent_at_once,
    what_is_not_stored_for_this_chat_is_refused_and_nothing_of_the_message_is_stored,
    a_chat_has_few_files_that_are_in_no_message,
    abandoned_files_are_found_and_forgotten,
);

fn upload(chat: ChatId) -> NewUpload {
    NewUpload { id: FileId(fresh_id().0), chat, author: "visitor".into(), name: "lamp.png".into(), size: 10, at: 1_000 }
}

fn picture(id: FileId) -> Attachment {
    Attachment { id, name: "lamp.png".into(), mime: "image/png".into(), size: 10, width: Some(640), height: Some(480) }
}

async fn stored_file(bench: &Bench, chat: ChatId) -> FileId {
    let new = upload(chat);
    let id = new.id;
    assert!(bench.store.add_upload(new, 10).await.unwrap());
    bench.store.finish_upload(&picture(id)).await.unwrap();
    id
}

/// Sends files as a desk does that took them for good.
async fn send_files(bench: &Bench, visitor: VisitorId, chat: ChatId, files: &[FileId]) -> Result<Ack, TransactError> {
    let context = Context {
        attachments: files.iter().map(|id| picture(*id)).collect(),
        ..Context::new(Actor::Visitor(visitor), 1_000, fresh_id())
    };
    let send = Command::Send { text: RichText::from_typed("Look:"), attachments: files.to_vec() };
    bench.give_in(Target::Existing(chat), context, send, vec![], None).await
}

fn refused(answer: &Result<Ack, TransactError>) -> bool {
    matches!(answer, Err(TransactError::Refused(Refusal::UnknownFile)))
}

async fn a_file_is_known_from_its_permission_to_its_message(bench: Bench) {
    let (visitor, chat) = bench.waiting_chat(1).await;
    let new = upload(chat);
    let id = new.id;
    assert_eq!(bench.store.file(id).await.unwrap(), None);
    assert!(bench.store.add_upload(new.clone(), 10).await.unwrap());
    let permitted = bench.store.file(id).await.unwrap().unwrap();
    assert_eq!((permitted.chat, permitted.author.as_str(), permitted.size), (chat, "visitor", 10));
    assert_eq!((&permitted.attachment, permitted.attached), (&None, false));

    bench.store.finish_upload(&picture(id)).await.unwrap();
    let stored = bench.store.file(id).await.unwrap().unwrap();
    assert_eq!((&stored.attachment, stored.attached), (&Some(picture(id)), false));
    assert_eq!(bench.store.files(chat, &[id, FileId(fresh_id().0)]).await.unwrap(), [stored]);
    assert!(bench.store.files(ChatId(chat.0 + 1), &[id]).await.unwrap().is_empty(), "another chat's");
    assert!(bench.store.files(chat, &[]).await.unwrap().is_empty());

    let ack = send_files(&bench, visitor, chat, &[id]).await.unwrap();
    assert!(bench.store.file(id).await.unwrap().unwrap().attached);
    let events = bench.store.events(chat, Audience::Visitor, ack.seq - 1, 1).await.unwrap();
    let EventBody::Message { attachments, .. } = &events[0].body else { panic!("not a message: {:?}", events[0]) };
    assert_eq!(attachments, &[picture(id)]);

    bench.store.finish_upload(&Attachment { name: "other".into(), ..picture(id) }).await.unwrap();
    assert_eq!(bench.store.file(id).await.unwrap().unwrap().name, "lamp.png", "what a message has stays");
}

async fn a_file_is_in_one_message_only_also_when_two_are_sent_at_once(bench: Bench) {
    let (visitor, chat) = bench.waiting_chat(1).await;
    let (one, two) = (stored_file(&bench, chat).await, stored_file(&bench, chat).await);
    // Both wait for the writer together: the second sees what the first did in the same transaction.
    let given = (0..8).map(|_| send_files(&bench, visitor, chat, std::slice::from_ref(&one)));
    let answers = futures::future::join_all(given).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert!(answers.iter().skip(1).all(refused), "{answers:?}");
    let mixed = send_files(&bench, visitor, chat, &[two, one]).await;
    assert!(refused(&mixed), "{mixed:?}");
    assert!(!bench.store.file(two).await.unwrap().unwrap().attached, "refused with the other");
    send_files(&bench, visitor, chat, &[two]).await.unwrap();
}

async fn what_is_not_stored_for_this_chat_is_refused_and_nothing_of_the_message_is_stored(bench: Bench) {
    let (visitor, chat) = bench.waiting_chat(1).await;
    let (_, other) = bench.waiting_chat(2).await;
    let own = stored_file(&bench, chat).await;
    let foreign = stored_file(&bench, other).await;
    let unfinished = upload(chat);
    assert!(bench.store.add_upload(unfinished.clone(), 10).await.unwrap());
    let before = bench.store.chat(chat).await.unwrap();
    for bad in [foreign, unfinished.id, FileId(fresh_id().0)] {
        let answer = send_files(&bench, visitor, chat, &[own, bad]).await;
        assert!(refused(&answer), "{answer:?}");
    }
    assert_eq!(bench.store.chat(chat).await.unwrap(), before);
    let log = bench.store.events(chat, Audience::Agents, 0, 100).await.unwrap();
    assert_eq!(log.len() as i64, before.unwrap().last_seq);
    for id in [own, foreign, unfinished.id] {
        assert!(!bench.store.file(id).await.unwrap().unwrap().attached);
    }
    let ack = send_files(&bench, visitor, chat, &[own]).await.unwrap();
    assert_eq!(ack.seq, log.len() as i64 + 1, "what was refused left no trace in what follows");
}

async fn a_chat_has_few_files_that_are_in_no_message(bench: Bench) {
    let (visitor, chat) = bench.waiting_chat(1).await;
    let (_, other) = bench.waiting_chat(2).await;
    let first = stored_file(&bench, chat).await;
    assert!(bench.store.add_upload(upload(chat), 2).await.unwrap());
    assert!(!bench.store.add_upload(upload(chat), 2).await.unwrap());
    assert!(bench.store.add_upload(upload(other), 2).await.unwrap(), "each chat counts for itself");
    send_files(&bench, visitor, chat, &[first]).await.unwrap();
    assert!(bench.store.add_upload(upload(chat), 2).await.unwrap());
}

async fn abandoned_files_are_found_and_forgotten(bench: Bench) {
    let (visitor, chat) = bench.waiting_chat(1).await;
    let attached = stored_file(&bench, chat).await;
    send_files(&bench, visitor, chat, &[attached]).await.unwrap();
    let mut left = Vec::new();
    for at in [3_000, 1_000, 2_000] {
        let new = NewUpload { at, ..upload(chat) };
        left.push(new.id);
        assert!(bench.store.add_upload(new, 10).await.unwrap());
    }
    assert_eq!(bench.store.abandoned_uploads(3_000, 10).await.unwrap(), [left[1], left[2]]);
    assert_eq!(bench.store.abandoned_uploads(9_000, 1).await.unwrap(), [left[1]]);
    assert!(bench.store.remove_upload(left[1]).await.unwrap());
    assert!(!bench.store.remove_upload(left[1]).await.unwrap(), "not there any more");
    assert!(!bench.store.remove_upload(attached).await.unwrap(), "a message has it");
    assert_eq!(bench.store.file(left[1]).await.unwrap(), None);
    assert!(bench.store.file(attached).await.unwrap().is_some());
}
