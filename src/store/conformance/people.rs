//! Stories of people.

use super::{Bench, stories};
use crate::model::agent::Role;
use crate::store::{AddAgentError, NewAgent, TokenHash};

stories!(
    the_set_up_link_works_once_and_only_before_there_is_an_agent,
    an_email_belongs_to_one_agent_however_it_is_written,
    a_session_ends_at_its_time_and_at_log_out,
    departments_are_made_with_their_agents,
    the_switch_is_remembered,
    a_visitor_is_the_same_for_the_same_token,
);

fn agent(email: &str) -> NewAgent {
    NewAgent {
        name: "Ada".into(),
        email: email.into(),
        role: Role::Admin,
        password_hash: "hash".into(),
        departments: vec!["Sales".into(), "support".into()],
    }
}

async fn the_set_up_link_works_once_and_only_before_there_is_an_agent(bench: Bench) {
    let store = &bench.store;
    let (old, link) = (TokenHash([1; 32]), TokenHash([2; 32]));
    store.set_setup_link(old, 100).await.unwrap();
    store.set_setup_link(link, 100).await.unwrap();
    assert!(!store.is_setup_link(old, 1).await.unwrap(), "a new link voids the old one");
    assert!(!store.is_setup_link(link, 100).await.unwrap(), "expired");
    assert!(store.is_setup_link(link, 99).await.unwrap());
    assert!(matches!(store.set_up(link, agent("a@x.de"), 100).await, Err(AddAgentError::SetupClosed)));
    store.set_up(link, agent("a@x.de"), 1).await.unwrap();
    assert!(store.has_agents().await.unwrap());
    assert!(matches!(store.set_up(link, agent("b@x.de"), 1).await, Err(AddAgentError::SetupClosed)));
    store.set_setup_link(old, 100).await.unwrap();
    assert!(!store.is_setup_link(old, 1).await.unwrap(), "set-up is over");
    assert!(matches!(store.set_up(old, agent("b@x.de"), 1).await, Err(AddAgentError::SetupClosed)));
}

async fn an_email_belongs_to_one_agent_however_it_is_written(bench: Bench) {
    let id = bench.store.add_agent(agent("Ada@x.de"), 1).await.unwrap();
    assert!(matches!(bench.store.add_agent(agent("ada@X.de"), 1).await, Err(AddAgentError::EmailTaken)));
    assert_eq!(bench.store.agent_by_email("ADA@x.DE").await.unwrap(), Some((id, "hash".into())));
    assert_eq!(bench.store.agent_by_email("eve@x.de").await.unwrap(), None);
}

async fn a_session_ends_at_its_time_and_at_log_out(bench: Bench) {
    let id = bench.store.add_agent(agent("a@x.de"), 1).await.unwrap();
    let (one, two) = (TokenHash([1; 32]), TokenHash([2; 32]));
    bench.store.add_session(one, id, 1, 100).await.unwrap();
    bench.store.add_session(two, id, 1, 100).await.unwrap();
    assert_eq!(bench.store.session(one, 99).await.unwrap().unwrap().id, id);
    assert!(bench.store.session(one, 100).await.unwrap().is_none());
    bench.store.remove_session(two).await.unwrap();
    assert!(bench.store.session(two, 50).await.unwrap().is_none());
    bench.store.remove_expired(100).await.unwrap();
    assert!(bench.store.session(one, 50).await.unwrap().is_none());
}

async fn departments_are_made_with_their_agents(bench: Bench) {
    let first = bench.store.add_agent(agent("a@x.de"), 1).await.unwrap();
    bench.store.add_agent(NewAgent { departments: vec!["SALES".into()], ..agent("b@x.de") }, 1).await.unwrap();
    let all = bench.store.departments().await.unwrap();
    assert_eq!(all.iter().map(|d| d.name.as_str()).collect::<Vec<_>>(), ["Sales", "support"]);
    assert_eq!(bench.store.agent(first).await.unwrap().unwrap().departments, all);
    assert_eq!(bench.store.department(all[0].id).await.unwrap().as_ref(), Some(&all[0]));
}

async fn the_switch_is_remembered(bench: Bench) {
    let id = bench.store.add_agent(agent("a@x.de"), 1).await.unwrap();
    assert!(bench.store.agent(id).await.unwrap().unwrap().available);
    bench.store.set_available(id, false).await.unwrap();
    assert!(!bench.store.agent(id).await.unwrap().unwrap().available);
}

async fn a_visitor_is_the_same_for_the_same_token(bench: Bench) {
    let (one, two) = (TokenHash([1; 32]), TokenHash([2; 32]));
    assert_eq!(bench.store.visitor(one).await.unwrap(), None);
    let (a, b) = tokio::join!(bench.store.ensure_visitor(one, 1), bench.store.ensure_visitor(one, 2));
    assert_eq!(a.unwrap(), b.unwrap());
    assert_ne!(bench.store.ensure_visitor(one, 1).await.unwrap(), bench.store.ensure_visitor(two, 1).await.unwrap());
}
