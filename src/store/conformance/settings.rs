//! Stories of what admins look after.

use super::{Bench, fresh_id, stories};
use crate::model::agent::{AgentRef, Role};
use crate::model::block::BLOCK_MS;
use crate::model::chat::{Actor, Command, Context, Status};
use crate::model::ids::{AgentId, DepartmentId, LabelId, SiteId, TicketId};
use crate::model::label::Label;
use crate::model::settings::JobFilter;
use crate::model::site::{Site, SiteForm};
use crate::store::{AgentChange, ChangeError, JobKind, NewJob, Target, TokenHash};

stories!(
    a_block_comes_from_a_chat_and_is_lifted_there,
    the_last_admin_stays_one,
    who_is_deactivated_or_gets_a_new_password_is_logged_out,
    an_agent_is_changed_but_not_into_another_one,
    only_those_who_may_log_in_are_available,
    departments_have_members_and_numbers_of_their_own,
    a_site_has_a_key_and_a_name_of_its_own_and_offers_departments_that_there_are,
    a_label_is_one_however_it_is_written,
    the_last_address_is_remembered,
    a_setting_is_stored_once_and_changed,
    jobs_are_listed_and_parked_ones_are_tried_again,
);

fn change(email: &str, role: Role) -> AgentChange {
    AgentChange {
        name: "Changed".into(),
        email: email.into(),
        role,
        departments: vec![],
        password_hash: None,
        deactivated: false,
    }
}

async fn a_block_comes_from_a_chat_and_is_lifted_there(bench: Bench) {
    let by = bench.agent("eve@example.com", Role::Agent).await;
    let actor = Actor::Agent(by.clone());
    let mut chats = Vec::new();
    for (number, address) in [(1, Some("203.0.113.7".to_owned())), (2, None)] {
        let (visitor, chat) = bench.waiting_chat(number).await;
        let context = Context { address: address.clone(), ..Context::new(actor.clone(), 2_000, fresh_id()) };
        let block = Command::Block { reason: "Insults".into(), address: address.is_some() };
        bench.give_in(Target::Existing(chat), context, block, vec![], None).await.unwrap();
        chats.push((visitor, chat, address));
    }
    let all = bench.store.blocks(None, 10).await.unwrap();
    for (block, (visitor, chat, address)) in all.iter().rev().zip(&chats) {
        assert_eq!((block.visitor, block.chat, &block.address), (*visitor, *chat, address));
        assert_eq!((block.name.as_str(), block.reason.as_str(), &block.by), ("Ada", "Insults", &by));
        assert_eq!((block.at, block.until, &block.lifted), (2_000, 2_000 + BLOCK_MS, &None));
        assert_eq!(bench.store.chat(*chat).await.unwrap().unwrap().status, Status::Ended);
    }
    assert_eq!(bench.store.blocks(None, 1).await.unwrap(), all[..1]);
    assert_eq!(bench.store.blocks(Some(all[0].id), 10).await.unwrap(), all[1..]);
    assert_eq!(bench.store.active_blocks(2_000).await.unwrap().len(), 2);
    assert!(bench.store.active_blocks(2_000 + BLOCK_MS).await.unwrap().is_empty());

    let lift = Context::new(actor, 3_000, fresh_id());
    bench.give_in(Target::Existing(chats[0].1), lift, Command::LiftBlock, vec![], None).await.unwrap();
    let left = bench.store.active_blocks(3_000).await.unwrap();
    assert_eq!(left.iter().map(|block| block.chat).collect::<Vec<_>>(), [chats[1].1]);
    let lifted = bench.store.block(all[1].id).await.unwrap().unwrap();
    assert_eq!(lifted.lifted, Some((by, 3_000)));
    assert_eq!(bench.store.block(all[0].id).await.unwrap().as_ref(), Some(&all[0]));
}

async fn the_last_admin_stays_one(bench: Bench) {
    let one = bench.agent("one@example.com", Role::Admin).await.id;
    let two = bench.agent("two@example.com", Role::Admin).await.id;
    bench.store.change_agent(two, AgentChange { deactivated: true, ..change("two@x.de", Role::Admin) }).await.unwrap();
    for last in [
        change("one@x.de", Role::Agent),
        AgentChange { deactivated: true, ..change("one@x.de", Role::Admin) },
        AgentChange { deactivated: true, ..change("one@x.de", Role::Agent) },
    ] {
        assert!(matches!(bench.store.change_agent(one, last).await, Err(ChangeError::LastAdmin)));
    }
    assert_eq!(bench.store.agent(one).await.unwrap().unwrap().email, "one@example.com", "nothing was changed");
    bench.store.change_agent(one, change("one@x.de", Role::Admin)).await.unwrap();
    bench.store.change_agent(two, change("two@x.de", Role::Admin)).await.unwrap();
    bench.store.change_agent(one, change("one@x.de", Role::Agent)).await.unwrap();
    // Who is no admin can always be deactivated.
    bench.store.change_agent(one, AgentChange { deactivated: true, ..change("one@x.de", Role::Agent) }).await.unwrap();
}

async fn who_is_deactivated_or_gets_a_new_password_is_logged_out(bench: Bench) {
    let one = bench.agent("one@example.com", Role::Admin).await.id;
    let two = bench.agent("two@example.com", Role::Agent).await.id;
    let (first, second) = (TokenHash([1; 32]), TokenHash([2; 32]));
    bench.store.add_session(first, one, 1, 100).await.unwrap();
    bench.store.add_session(second, two, 1, 100).await.unwrap();
    bench.store.change_agent(two, change("two@example.com", Role::Agent)).await.unwrap();
    assert!(bench.store.session(second, 1).await.unwrap().is_some(), "a new name ends no session");
    let password = AgentChange { password_hash: Some("new".into()), ..change("two@example.com", Role::Agent) };
    bench.store.change_agent(two, password).await.unwrap();
    assert!(bench.store.session(second, 1).await.unwrap().is_none());
    assert_eq!(bench.store.agent_by_email("two@example.com").await.unwrap(), Some((two, "new".into())));

    bench.store.add_session(second, two, 1, 100).await.unwrap();
    let gone = AgentChange { deactivated: true, ..change("two@example.com", Role::Agent) };
    bench.store.change_agent(two, gone).await.unwrap();
    assert!(bench.store.session(second, 1).await.unwrap().is_none());
    assert_eq!(bench.store.agent_by_email("two@example.com").await.unwrap(), None);
    // A log-in that was under way while the agent was deactivated.
    bench.store.add_session(second, two, 1, 100).await.unwrap();
    assert!(bench.store.session(second, 1).await.unwrap().is_none());
    assert!(bench.store.session(first, 1).await.unwrap().is_some(), "others stay");

    bench.store.change_agent(two, change("two@example.com", Role::Agent)).await.unwrap();
    assert_eq!(bench.store.agent_by_email("two@example.com").await.unwrap(), Some((two, "new".into())));
}

async fn an_agent_is_changed_but_not_into_another_one(bench: Bench) {
    let one = bench.agent("one@example.com", Role::Admin).await.id;
    let two = bench.agent("two@example.com", Role::Agent).await.id;
    let sales = bench.store.add_department("Sales").await.unwrap();
    let taken = bench.store.change_agent(two, change("ONE@example.com", Role::Agent)).await;
    assert!(matches!(taken, Err(ChangeError::NameTaken)), "{taken:?}");
    let gone = bench.store.change_agent(AgentId(99), change("new@example.com", Role::Agent)).await;
    assert!(matches!(gone, Err(ChangeError::Gone)), "{gone:?}");
    // A department that was removed meanwhile is left out.
    let departments = vec![sales, DepartmentId(99)];
    let new = AgentChange { departments, deactivated: true, ..change("new@example.com", Role::Admin) };
    bench.store.change_agent(two, new).await.unwrap();
    let entries = bench.store.agents().await.unwrap();
    assert_eq!(entries.iter().map(|entry| entry.id).collect::<Vec<_>>(), [two, one], "by name");
    assert_eq!((entries[0].email.as_str(), entries[0].role), ("new@example.com", Role::Admin));
    assert_eq!((entries[0].deactivated, entries[1].deactivated), (true, false));
    assert_eq!(entries[0].departments.iter().map(|d| d.id).collect::<Vec<_>>(), [sales]);
    assert!(entries[1].departments.is_empty());
}

async fn only_those_who_may_log_in_are_available(bench: Bench) {
    let one = bench.agent("one@example.com", Role::Admin).await.id;
    let two = bench.agent("two@example.com", Role::Agent).await.id;
    let three = bench.agent("three@example.com", Role::Agent).await.id;
    let sales = bench.store.add_department("Sales").await.unwrap();
    bench.store.set_members(sales, &[one]).await.unwrap();
    bench.store.set_available(two, false).await.unwrap();
    let gone = AgentChange { deactivated: true, ..change("three@example.com", Role::Agent) };
    bench.store.change_agent(three, gone).await.unwrap();
    let available = bench.store.available_agents().await.unwrap();
    assert_eq!(available, [bench.store.agent(one).await.unwrap().unwrap()]);
    assert_eq!(available[0].departments.len(), 1);
}

async fn departments_have_members_and_numbers_of_their_own(bench: Bench) {
    let one = bench.agent("one@example.com", Role::Admin).await;
    let two = bench.agent("two@example.com", Role::Agent).await;
    let sales = bench.store.add_department("Sales").await.unwrap();
    let help = bench.store.add_department("Help").await.unwrap();
    assert!(matches!(bench.store.add_department("SALES").await, Err(ChangeError::NameTaken)));
    assert!(matches!(bench.store.rename_department(help, "sales").await, Err(ChangeError::NameTaken)));
    bench.store.rename_department(sales, "SALES").await.unwrap();
    bench.store.set_members(sales, &[two.id, one.id, AgentId(99)]).await.unwrap();
    bench.store.set_members(help, &[two.id]).await.unwrap();
    bench.store.set_members(help, &[]).await.unwrap();
    let entries = bench.store.department_entries().await.unwrap();
    assert_eq!(entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), ["Help", "SALES"]);
    assert_eq!(entries[0].members, Vec::<AgentRef>::new());
    assert_eq!(entries[1].members, [one.clone(), two]);

    for removed in [sales, help] {
        bench.store.remove_department(removed).await.unwrap();
        assert!(matches!(bench.store.remove_department(removed).await, Err(ChangeError::Gone)));
        assert!(matches!(bench.store.rename_department(removed, "x").await, Err(ChangeError::Gone)));
        assert!(matches!(bench.store.set_members(removed, &[]).await, Err(ChangeError::Gone)));
    }
    assert!(bench.store.agent(one.id).await.unwrap().unwrap().departments.is_empty());
    let new = bench.store.add_department("Repairs").await.unwrap();
    assert!(new > sales && new > help, "chats remember the old numbers");
}

async fn a_site_has_a_key_and_a_name_of_its_own_and_offers_departments_that_there_are(bench: Bench) {
    let sales = bench.store.add_department("Sales").await.unwrap();
    let support = bench.store.add_department("Support").await.unwrap();
    let shop = SiteForm {
        name: "Shop".into(),
        key: "shop".into(),
        origins: vec!["https://shop.example".into(), "https://www.shop.example".into()],
        color: "#0f766e".into(),
        greeting: "Welcome!".into(),
        away: "See you on Monday.".into(),
        departments: vec![sales, DepartmentId(99)],
    };
    let id = bench.store.add_site(&shop).await.unwrap();
    let kept = SiteForm { departments: vec![sales], ..shop.clone() };
    assert_eq!(bench.store.sites().await.unwrap(), [Site { id, form: kept.clone() }]);
    for taken in [
        SiteForm { name: "SHOP".into(), key: "other".into(), ..SiteForm::default() },
        SiteForm { name: "Other".into(), key: "shop".into(), ..SiteForm::default() },
    ] {
        assert!(matches!(bench.store.add_site(&taken).await, Err(ChangeError::NameTaken)));
    }
    let blog = SiteForm { name: "Blog".into(), key: "blog".into(), ..SiteForm::default() };
    let other = bench.store.add_site(&blog).await.unwrap();
    assert!(matches!(bench.store.change_site(other, &shop).await, Err(ChangeError::NameTaken)));
    assert_eq!(bench.store.sites().await.unwrap()[0], Site { id: other, form: blog.clone() }, "nothing was changed");

    let changed = SiteForm { key: "store".into(), departments: vec![support, sales], ..shop };
    bench.store.change_site(id, &changed).await.unwrap();
    bench.store.remove_department(sales).await.unwrap();
    let left = SiteForm { departments: vec![support], ..changed.clone() };
    assert_eq!(bench.store.sites().await.unwrap()[1], Site { id, form: left });
    bench.store.remove_site(id).await.unwrap();
    assert!(matches!(bench.store.remove_site(id).await, Err(ChangeError::Gone)));
    assert!(matches!(bench.store.change_site(id, &changed).await, Err(ChangeError::Gone)));
    let again = bench.store.add_site(&changed).await.unwrap();
    assert!(again > id && again != SiteId(0), "chats remember the number");
}

async fn a_label_is_one_however_it_is_written(bench: Bench) {
    let urgent = bench.store.ensure_label("Urgent", 1).await.unwrap();
    assert_eq!(bench.store.ensure_label("URGENT", 2).await.unwrap(), urgent);
    let (a, b) = tokio::join!(bench.store.ensure_label("bug", 3), bench.store.ensure_label("Bug", 4));
    let bug = a.unwrap();
    assert_eq!(bug, b.unwrap());
    let changed = Label { name: "broken".into(), color: 8, ..bug };
    bench.store.change_label(&changed).await.unwrap();
    assert_eq!(bench.store.labels().await.unwrap(), [changed.clone(), urgent.clone()]);
    let taken = bench.store.change_label(&Label { name: "urgent".into(), ..changed.clone() }).await;
    assert!(matches!(taken, Err(ChangeError::NameTaken)), "{taken:?}");
    bench.store.remove_label(changed.id).await.unwrap();
    assert!(matches!(bench.store.remove_label(changed.id).await, Err(ChangeError::Gone)));
    assert!(matches!(bench.store.change_label(&changed).await, Err(ChangeError::Gone)));
    let new: LabelId = bench.store.ensure_label("new", 1).await.unwrap().id;
    assert!(new > changed.id, "chats remember the old number");
}

async fn the_last_address_is_remembered(bench: Bench) {
    let (one, two) = (bench.visitor(1).await, bench.visitor(2).await);
    assert_eq!(bench.store.last_address(one).await.unwrap(), None);
    for address in ["203.0.113.7", "203.0.113.8", "203.0.113.8"] {
        bench.store.note_address(one, address).await.unwrap();
        assert_eq!(bench.store.last_address(one).await.unwrap().as_deref(), Some(address));
    }
    assert_eq!(bench.store.last_address(two).await.unwrap(), None);
}

async fn a_setting_is_stored_once_and_changed(bench: Bench) {
    assert_eq!(bench.store.setting("rules").await.unwrap(), None);
    let (a, b) = tokio::join!(bench.store.ensure_setting("rules", "1"), bench.store.ensure_setting("rules", "2"));
    let stored = a.unwrap();
    assert_eq!(stored, b.unwrap());
    assert_eq!(bench.store.setting("rules").await.unwrap(), Some(stored));
    bench.store.set_setting("rules", "3").await.unwrap();
    bench.store.set_setting("other", "4").await.unwrap();
    assert_eq!(bench.store.ensure_setting("rules", "5").await.unwrap(), "3");
    assert_eq!(bench.store.setting("other").await.unwrap().as_deref(), Some("4"));
}

async fn jobs_are_listed_and_parked_ones_are_tried_again(bench: Bench) {
    let (_, chat) = bench.waiting_chat(1).await;
    let ticket = TicketId(4);
    for (i, (kind, chat)) in [
        (JobKind::Transcript { to: "ada@example.com".into() }, Some(chat)),
        (JobKind::TicketReceived { ticket }, None),
        (JobKind::TicketReply { ticket, entry: 2 }, None),
        (JobKind::TestMail { to: "eve@example.com".into() }, None),
    ]
    .into_iter()
    .enumerate()
    {
        bench.store.add_job(NewJob { kind, chat, dedup: format!("job-{i}"), at: 1_000 }).await.unwrap();
    }
    let waiting = bench.store.jobs(JobFilter::Waiting, None, 10).await.unwrap();
    let shown: Vec<_> =
        waiting.iter().map(|job| (job.kind.as_str(), job.to.as_deref(), job.chat, job.ticket)).collect();
    assert_eq!(
        shown,
        [
            ("Test mail", Some("eve@example.com"), None, None),
            ("Ticket reply", None, None, Some(ticket)),
            ("Message received", None, None, Some(ticket)),
            ("Transcript", Some("ada@example.com"), Some(chat), None),
        ]
    );
    assert_eq!((waiting[0].state, waiting[0].created_at, waiting[0].due_at), (JobFilter::Waiting, 1_000, 1_000));
    assert_eq!(bench.store.jobs(JobFilter::Waiting, Some(waiting[1].id), 1).await.unwrap(), waiting[2..3]);

    let leased = bench.store.lease_jobs(1_000, 2_000, 2).await.unwrap();
    bench.store.finish_job(leased[0].id).await.unwrap();
    bench.store.park_job(leased[1].id, "550 no such mailbox").await.unwrap();
    let of = async |filter| -> Vec<i64> {
        bench.store.jobs(filter, None, 10).await.unwrap().iter().map(|job| job.id).collect()
    };
    assert_eq!(of(JobFilter::Done).await, [leased[0].id]);
    assert_eq!(of(JobFilter::Failed).await, [leased[1].id]);
    assert_eq!(of(JobFilter::Waiting).await.len(), 2);
    let failed = bench.store.jobs(JobFilter::Failed, None, 10).await.unwrap().remove(0);
    assert_eq!((failed.attempts, failed.error.as_deref()), (1, Some("550 no such mailbox")));

    assert!(!bench.store.retry_parked(leased[0].id, 5_000).await.unwrap(), "it is done");
    assert!(bench.store.retry_parked(leased[1].id, 5_000).await.unwrap());
    assert!(!bench.store.retry_parked(leased[1].id, 6_000).await.unwrap(), "it is not parked any more");
    let waiting = bench.store.jobs(JobFilter::Waiting, None, 10).await.unwrap();
    let again = waiting.iter().find(|job| job.id == leased[1].id).unwrap();
    assert_eq!((again.attempts, again.due_at), (0, 5_000));
    bench.store.finish_job(leased[1].id).await.unwrap();
    assert_eq!(of(JobFilter::Done).await.len(), 2);
}
