//! Several websites with one installation.

use super::*;
use crate::auth::token::new_token;
use crate::model::chat::Chat;
use crate::model::identity::Introduction;
use crate::model::ids::DepartmentId;
use crate::model::site::SiteForm;

fn shop() -> SiteForm {
    SiteForm { name: "Shop".into(), key: "shop".into(), ..SiteForm::default() }
}

fn on(site: &str) -> Introduction {
    Introduction { site: site.into(), ..Introduction::default() }
}

fn start_in(department: Option<DepartmentId>) -> Command {
    let Command::Start { name, email, text, visit, page, .. } = start("") else { unreachable!() };
    Command::Start { name, email, department, text, visit, page }
}

impl House {
    async fn started_on(&self, site: &str, command: Command) -> Result<Chat, ApiError> {
        self.reception.get_or_init(|| self.sit_down("reception@example.com")).await;
        let token = new_token().unwrap();
        let ack = self.desk.command_of(&token, Connection::default(), &on(site), None, id(), command).await?;
        Ok(self.desk.store().chat(ack.chat).await.unwrap().unwrap())
    }

    async fn department(&self, name: &str) -> DepartmentId {
        self.desk.save_department(None, name, &[]).await.unwrap();
        self.desk.departments().await.unwrap().into_iter().find(|found| found.name == name).unwrap().id
    }
}

#[tokio::test]
async fn a_chat_remembers_its_site_by_the_name_of_then_and_only_agents_see_it() {
    let house = house().await;
    house.desk.save_site(None, shop()).await.unwrap();
    let chat = house.started_on("Shop", start("")).await.unwrap();
    assert_eq!(chat.site.as_ref().map(|site| site.name.as_str()), Some("Shop"));
    assert_eq!(crate::model::chat::ChatRow::from(&chat).site, chat.site);
    let visitor = Viewer::Visitor(chat.visitor.as_ref().unwrap().id);
    let seen = serde_json::to_string(&house.desk.missed(&visitor, chat.id, 0).await.unwrap()).unwrap();
    assert!(!seen.contains("Shop"));
    let site = house.desk.sites()[0].id;
    house.desk.remove_site(site).await.unwrap();
    let kept = house.desk.store().chat(chat.id).await.unwrap().unwrap();
    assert_eq!(kept.site, chat.site);
}

#[tokio::test]
async fn a_site_that_there_is_not_is_as_none() {
    let house = house().await;
    house.desk.save_site(None, shop()).await.unwrap();
    for key in ["", "unknown", "shop ", "'; drop table sites; --", &"x".repeat(100_000)] {
        assert!(house.desk.site(key).is_none());
        assert_eq!(house.started_on(key, start("")).await.unwrap().site, None);
    }
}

#[tokio::test]
async fn on_a_site_visitors_choose_among_its_departments_alone() {
    let house = house().await;
    let (sales, support) = (house.department("Sales").await, house.department("Support").await);
    house.desk.save_site(None, SiteForm { departments: vec![support], ..shop() }).await.unwrap();
    house.reception.get_or_init(|| house.sit_down("reception@example.com")).await;
    let names =
        |offered: Vec<crate::model::department::DepartmentRef>| offered.into_iter().map(|d| d.id).collect::<Vec<_>>();
    let site = house.desk.site("shop");
    assert_eq!(names(house.desk.offered_departments(site.as_ref()).await.unwrap().1), [support]);
    assert_eq!(names(house.desk.offered_departments(None).await.unwrap().1), [sales, support]);

    let refused = house.started_on("shop", start_in(Some(sales))).await;
    assert_eq!(refused.err(), Some(Refusal::UnknownDepartment.into()));
    for department in [Some(support), None] {
        let chat = house.started_on("shop", start_in(department)).await.unwrap();
        assert_eq!(chat.department.map(|found| found.id), Some(support), "where there is one there is no choice");
    }
    assert_eq!(house.started_on("", start_in(None)).await.unwrap().department, None);

    let text = || RichText::from_typed("Call me");
    let (from, site) = (Connection::default(), on("shop"));
    let left = house.desk.leave_message(None, &from, &site, id(), "", "a@example.com", None, text()).await.unwrap();
    let ticket = house.desk.store().ticket(left).await.unwrap().unwrap();
    assert_eq!(ticket.department.map(|found| found.id), Some(support));
    assert_eq!(ticket.site, house.desk.site("shop").map(|site| site.to_ref()));
    let refused = house.desk.leave_message(None, &from, &site, id(), "", "a@example.com", Some(sales), text()).await;
    assert_eq!(refused, Err(Refusal::UnknownDepartment.into()));

    house.desk.remove_department(support).await.unwrap();
    assert_eq!(names(house.desk.offered_departments(house.desk.site("shop").as_ref()).await.unwrap().1), [sales]);
}

#[tokio::test]
async fn a_site_cannot_be_saved_with_what_is_wrong_or_taken() {
    let house = house().await;
    let desk = &house.desk;
    desk.save_site(None, shop()).await.unwrap();
    for wrong in [
        shop(),
        SiteForm { key: "a b".into(), name: "Blog".into(), ..shop() },
        SiteForm { key: "blog".into(), name: String::new(), ..shop() },
        SiteForm { key: "blog".into(), name: "Blog".into(), origins: vec!["*".into()], ..shop() },
    ] {
        assert!(matches!(desk.save_site(None, wrong).await, Err(ApiError::Invalid { .. })));
    }
    assert_eq!(desk.sites().len(), 1);
    let id = desk.sites()[0].id;
    desk.save_site(Some(id), SiteForm { name: "Store".into(), ..shop() }).await.unwrap();
    assert_eq!(desk.site("shop").unwrap().form.name, "Store");
    desk.remove_site(id).await.unwrap();
    assert_eq!(desk.remove_site(id).await, Err(ApiError::Gone));
    assert_eq!(desk.save_site(Some(id), shop()).await, Err(ApiError::Gone));
}
