use super::*;
use crate::model::visitor::PageView;

#[tokio::test]
async fn a_console_command_of_a_visitor_is_refused() {
    let house = house().await;
    let ada = house.visitor(1).await;
    let chat = house.chat(ada, "").await;
    for command in [
        Command::Accept,
        Command::LiftBlock,
        Command::SetDepartment { department: None },
        Command::SetLabels { labels: vec![] },
        Command::Block { reason: "me".into(), address: true },
    ] {
        let answer = house.desk.visitor_command(ada, Connection::default(), Some(chat), id(), command).await;
        assert_eq!(answer, Err(ApiError::NoSuchChat));
    }
    let page = Command::ViewPage { page: PageView::default() };
    let agent = house.agent("g@example.com").await;
    let answer = house.desk.agent_command(&agent, chat, id(), page).await;
    assert_eq!(answer, Err(Refusal::NotAllowed.into()));
}
