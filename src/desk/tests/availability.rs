use super::*;

#[tokio::test]
async fn a_chat_is_offered_while_somebody_who_is_available_has_a_console_open() {
    let house = house().await;
    let desk = &house.desk;
    let ada = house.visitor(1).await;
    assert!(!desk.offered_departments(None).await.unwrap().0, "there is nobody");
    let grace = house.agent("grace@example.com").await;
    assert!(!desk.offered_departments(None).await.unwrap().0, "nobody has a console open");
    let answer = desk.visitor_command(ada, Connection::default(), None, id(), start("")).await;
    assert_eq!(answer, Err(Refusal::NobodyAvailable.into()));

    let (console, _queue) = desk.hub().connect(Viewer::Agent(grace.clone()));
    assert!(desk.offered_departments(None).await.unwrap().0);
    desk.set_available(&grace, false).await.unwrap();
    assert!(!desk.offered_departments(None).await.unwrap().0, "the switch is off");
    desk.set_available(&grace, true).await.unwrap();
    desk.hub().disconnect(&console, []);
    assert!(desk.offered_departments(None).await.unwrap().0, "a reload is no absence");
    assert!(desk.visitor_command(ada, Connection::default(), None, id(), start("")).await.is_ok());
}

#[tokio::test]
async fn only_departments_in_which_somebody_is_available_are_offered() {
    let house = house().await;
    let desk = &house.desk;
    desk.save_department(None, "Sales", &[]).await.unwrap();
    desk.save_department(None, "Support", &[]).await.unwrap();
    let all = desk.departments().await.unwrap();
    let add = |email: &'static str, department: &'static str| {
        let store = desk.store().clone();
        async move {
            let departments = vec![department.to_owned()];
            let id = setup::add_agent(&*store, "G", email, Role::Agent, departments, "correct horse".into()).await;
            store.agent(id.unwrap()).await.unwrap().unwrap()
        }
    };
    let seller = add("sales@example.com", "Sales").await;
    let _console = desk.hub().connect(Viewer::Agent(seller));
    let (available, offered) = desk.offered_departments(None).await.unwrap();
    assert!(available);
    assert_eq!(offered.iter().map(|d| d.name.as_str()).collect::<Vec<_>>(), ["Sales"]);
    let support = all.iter().find(|d| d.name == "Support").unwrap().id;
    let ada = house.visitor(1).await;
    let Command::Start { name, email, text, visit, page, .. } = start("") else { unreachable!() };
    let command = Command::Start { name, email, department: Some(support), text, visit, page };
    let answer = desk.visitor_command(ada, Connection::default(), None, id(), command).await;
    assert_eq!(answer, Err(Refusal::NobodyAvailable.into()));
}
