//! The mails of tickets (M7), and the test mail.

use super::worker::{Failure, Worker};
use crate::mail::{self, Letter};
use crate::model::chat::Seq;
use crate::model::ids::TicketId;
use crate::model::ticket::{MAX_ENTRIES, Ticket, TicketEntry};
use crate::model::visitor::Email;
use crate::store::{StoreError, TicketStore};

/// How many entries are read at one time.
const PAGE: u32 = 200;

/// Tells the one who left a message that it arrived.
pub async fn received(worker: &Worker, id: TicketId) -> Result<(), Failure> {
    let letter = received_letter(&**worker.desk.store(), id, &worker.company, &worker.mail_domain).await?;
    worker.send(&letter).await
}

/// Mails an agent's reply: this entry of the ticket.
pub async fn reply(worker: &Worker, id: TicketId, entry: Seq) -> Result<(), Failure> {
    let letter = reply_letter(&**worker.desk.store(), id, entry, &worker.company, &worker.mail_domain).await?;
    worker.send(&letter).await
}

/// Sends the test mail. `name` is the same at each try, and so is the `Message-ID` made from it.
pub async fn test_mail(worker: &Worker, to: &str, name: &str) -> Result<(), Failure> {
    let to = Email::parse(to).map_err(|refusal| Failure::lasting(refusal.to_string()))?;
    worker.send(&mail::test_mail(to, &worker.company, &worker.mail_domain, name)).await
}

async fn received_letter(
    store: &dyn TicketStore,
    id: TicketId,
    company: &str,
    domain: &str,
) -> Result<Letter, Failure> {
    let (ticket, entries) = read(store, id, 1).await?;
    entries
        .first()
        .and_then(|described| mail::ticket::received(&ticket, described, company, domain))
        .ok_or_else(|| Failure::lasting(format!("no visitor wrote ticket {id}: nobody waits for this mail")))
}

async fn reply_letter(
    store: &dyn TicketStore,
    id: TicketId,
    entry: Seq,
    company: &str,
    domain: &str,
) -> Result<Letter, Failure> {
    let (ticket, entries) = read(store, id, entry).await?;
    entries
        .split_last()
        .filter(|(last, _)| last.seq == entry)
        .and_then(|(last, earlier)| mail::ticket::reply(&ticket, last, earlier, company, domain))
        .ok_or_else(|| Failure::lasting(format!("entry {entry} of ticket {id} is not a reply")))
}

/// The ticket, and its entries up to `last`.
async fn read(store: &dyn TicketStore, id: TicketId, last: Seq) -> Result<(Ticket, Vec<TicketEntry>), Failure> {
    let unreadable = |error: StoreError| Failure::passing(error.to_string());
    let ticket = store.ticket(id).await.map_err(unreadable)?;
    let ticket = ticket.ok_or_else(|| Failure::lasting(format!("there is no ticket {id}")))?;
    let last = last.min(MAX_ENTRIES);
    let mut entries: Vec<TicketEntry> = Vec::new();
    let mut after = 0;
    while after < last {
        let page = store.ticket_entries(id, after, PAGE).await.map_err(unreadable)?;
        let Some(end) = page.last() else { break };
        after = end.seq;
        entries.extend(page.into_iter().filter(|entry| entry.seq <= last));
    }
    Ok((ticket, entries))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::agent::AgentRef;
    use crate::model::chat::Author;
    use crate::model::ids::{AgentId, CommandId};
    use crate::model::text::RichText;
    use crate::model::ticket::{NewTicket, TicketEntryBody};
    use crate::store::{ChangeTicket, NewJob, TicketFilter, TicketPage, TransactError};
    use async_trait::async_trait;

    /// A store with one ticket, 17, or one that fails.
    struct Shelf(Option<(Ticket, Vec<TicketEntry>)>);

    #[async_trait]
    impl TicketStore for Shelf {
        async fn ticket(&self, id: TicketId) -> Result<Option<Ticket>, StoreError> {
            let (ticket, _) = self.0.as_ref().ok_or(StoreError::Closed)?;
            Ok(Some(ticket.clone()).filter(|ticket| ticket.id == id))
        }

        async fn ticket_entries(&self, _: TicketId, after: Seq, limit: u32) -> Result<Vec<TicketEntry>, StoreError> {
            let (_, entries) = self.0.as_ref().ok_or(StoreError::Closed)?;
            assert!(limit <= 200, "a page is bounded");
            Ok(entries.iter().filter(|entry| entry.seq > after).take(limit as usize).cloned().collect())
        }

        async fn next_ticket(&self) -> Result<TicketId, StoreError> {
            unreachable!("jobs open no tickets")
        }

        async fn open_ticket(&self, _: CommandId, _: NewTicket, _: Vec<NewJob>) -> Result<TicketId, TransactError> {
            unreachable!("jobs open no tickets")
        }

        async fn change_ticket(&self, _: TicketId, _: CommandId, _: ChangeTicket) -> Result<Ticket, TransactError> {
            unreachable!("jobs change no tickets")
        }

        async fn tickets(&self, _: TicketFilter, _: TicketPage) -> Result<Vec<Ticket>, StoreError> {
            unreachable!("jobs list no tickets")
        }

        async fn count_open_tickets(&self, _: u32) -> Result<i64, StoreError> {
            unreachable!("jobs count no tickets")
        }
    }

    fn grace() -> Author {
        Author::Agent(AgentRef { id: AgentId(1), name: "Grace".into(), photo: None })
    }

    /// Ticket 17 with a note as its second entry, and answers after it.
    fn shelf(by: Author, answers: Seq) -> Shelf {
        let new = NewTicket {
            id: TicketId(17),
            subject: "Lamp".into(),
            name: None,
            email: Email::parse("ada@example.com").unwrap(),
            email_proven: false,
            department: None,
            labels: vec![],
            assignee: None,
            chat: None,
            site: None,
            by,
            at: 1,
            description: RichText::from_typed("It is dark."),
        };
        let (ticket, described) = new.open();
        let entry = |seq, body| TicketEntry { seq, at: seq, by: grace(), body, delivery: None };
        let note = entry(2, TicketEntryBody::Noted { text: RichText::from_typed("Secret") });
        let answers = (3..3 + answers)
            .map(|seq| entry(seq, TicketEntryBody::Replied { text: RichText::from_typed(&format!("Answer {seq}")) }));
        Shelf(Some((ticket, [described, note].into_iter().chain(answers).collect())))
    }

    async fn answer(shelf: &Shelf, id: i64, entry: Seq) -> Result<Letter, Failure> {
        reply_letter(shelf, TicketId(id), entry, "Shop", "shop.example").await
    }

    async fn arrival(shelf: &Shelf, id: i64) -> Result<Letter, Failure> {
        received_letter(shelf, TicketId(id), "Shop", "shop.example").await
    }

    #[tokio::test]
    async fn a_reply_is_mailed_with_all_pages_before_it_and_nothing_after_it() {
        let shelf = shelf(Author::Visitor, 1_000);
        let letter = answer(&shelf, 17, 903).await.ok().unwrap();
        assert_eq!(letter.message_id, "<ticket-17-903@shop.example>");
        assert_eq!(letter.references.len(), 901);
        assert!(letter.text.starts_with("Answer 903\n") && letter.text.contains("> Answer 902\n"));
        let letter = answer(&shelf, 17, 3).await.ok().unwrap();
        assert!(letter.text.contains("> It is dark.\n") && !format!("{letter:?}").contains("Secret"));
        let letter = arrival(&shelf, 17).await.ok().unwrap();
        assert_eq!(letter.message_id, "<ticket-17-1@shop.example>");
    }

    #[tokio::test]
    async fn what_can_never_be_mailed_is_given_up_in_words() {
        let visitors = shelf(Author::Visitor, 3);
        for (id, entry) in [(18, 3), (17, 1), (17, 2), (17, 6), (17, 0), (17, -1), (17, Seq::MAX), (17, Seq::MIN)] {
            let failure = answer(&visitors, id, entry).await.expect_err("no letter");
            assert!(failure.lasting && failure.sentence.contains(&id.to_string()), "{}", failure.sentence);
        }
        for (shelf, id) in [(&visitors, 18), (&shelf(grace(), 3), 17)] {
            let failure = arrival(shelf, id).await.expect_err("no letter");
            assert!(failure.lasting && failure.sentence.contains(&id.to_string()), "{}", failure.sentence);
        }
    }

    #[tokio::test]
    async fn a_database_that_fails_is_asked_again() {
        assert!(!answer(&Shelf(None), 17, 3).await.expect_err("no letter").lasting);
        assert!(!arrival(&Shelf(None), 17).await.expect_err("no letter").lasting);
    }
}
