//! What a visitor's widget calls.

#[cfg(feature = "ssr")]
use crate::model::Millis;
use crate::model::chat::{Ack, Command};
use crate::model::error::ApiError;
use crate::model::identity::Introduction;
use crate::model::ids::{ChatId, CommandId, DepartmentId, TicketId};
#[cfg(feature = "ssr")]
use crate::model::site::Site;
use crate::model::text::RichText;
use crate::model::visitor_state::VisitorState;
use leptos::server;
use server_fn::codec::Json;

/// The visitor's live chat, if there is one, and what the form offers, on the site with this key.
#[server(name = GetVisitorState, prefix = "/api", endpoint = "visitor/state", input = Json, output = Json)]
pub async fn visitor_state(#[server(default)] site: String) -> Result<VisitorState, ApiError> {
    let caller = super::Caller::current();
    let visitor = caller.desk.visitor(caller.bearer()?).await?;
    let chat = match visitor {
        Some(visitor) => caller.desk.live_chat_of(visitor).await?,
        None => None,
    };
    let blocked_until = caller.desk.blocked_until(visitor, &caller.connection.ip);
    Ok(VisitorState { chat, blocked_until, ..visitor_offer(&caller.desk, caller.desk.site(&site).as_ref()).await? })
}

/// What anybody is offered on a site.
///
/// # Errors
/// [`ApiError::Internal`] when it cannot be read.
#[cfg(feature = "ssr")]
pub async fn visitor_offer(desk: &crate::desk::Desk, site: Option<&Site>) -> Result<VisitorState, ApiError> {
    let (available, departments) = desk.offered_departments(site).await?;
    let rules = desk.rules();
    Ok(VisitorState {
        chat: None,
        departments,
        available,
        answer_within_ms: Millis::from(rules.answer_within_s) * 1_000,
        blocked_until: None,
        max_file_bytes: rules.max_file_bytes(),
        max_files: rules.max_files as usize,
        site: site.map(Site::look),
    })
}

/// A message that somebody leaves when nobody is available, with what the website says of them. It becomes a ticket, whose
/// number is returned.
#[server(prefix = "/api", endpoint = "visitor/leave-message", input = Json, output = Json)]
pub async fn leave_message(
    id: CommandId,
    name: String,
    email: String,
    department: Option<DepartmentId>,
    text: RichText,
    #[server(default)] introduction: Introduction,
) -> Result<TicketId, ApiError> {
    let caller = super::Caller::current();
    let visitor = caller.desk.visitor(caller.bearer()?).await?;
    caller.desk.leave_message(visitor, &caller.connection, &introduction, id, &name, &email, department, text).await
}

/// Carries out a visitor's command; `chat` is missing for the start of a new chat. May be repeated: a command with the
/// same id is carried out once and answered as the first time. What the website says of its visitor counts at the start, and with
/// [`Command::Introduce`].
#[server(prefix = "/api", endpoint = "visitor/command", input = Json, output = Json)]
pub async fn visitor_command(
    chat: Option<ChatId>,
    id: CommandId,
    command: Command,
    #[server(default)] introduction: Introduction,
) -> Result<Ack, ApiError> {
    let caller = super::Caller::current();
    caller.desk.command_of(caller.bearer()?, caller.connection.clone(), &introduction, chat, id, command).await
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::api::{VisitorFileLinks, VisitorUpload};
    use crate::model::calls::{self, Call};
    use crate::model::ids::FileId;
    use crate::model::json;
    use serde::Serialize;
    use serde::de::DeserializeOwned;
    use server_fn::ServerFn;
    use uuid::Uuid;

    /// What the widget writes is read here, with nothing lost, and at the same path.
    fn same<C: Call, S: ServerFn + Serialize + DeserializeOwned>(call: &C) {
        assert_eq!(C::PATH, S::PATH);
        let written: serde_json::Value = serde_json::from_str(&json::write(call)).unwrap();
        let read: S = serde_json::from_value(written.clone()).unwrap();
        let mut again = serde_json::to_value(read).unwrap();
        // What is left out is the same as nothing.
        again.as_object_mut().unwrap().retain(|_, value| *value != serde_json::json!({}));
        assert_eq!(again, written);
    }

    #[test]
    fn the_widget_calls_what_is_here() {
        let (chat, id) = (ChatId(3), CommandId(Uuid::from_u128(7)));
        let text = RichText::from_typed("Hi");
        same::<_, GetVisitorState>(&calls::GetVisitorState { site: "shop".into() });
        let data = json::read(r#"{"plan":"pro","rate":0.5}"#).unwrap();
        let introduction = calls::Introduction { token: "a.b.c".into(), data, site: "shop".into() };
        let command = Command::Send { text: text.clone(), attachments: vec![] };
        same::<_, VisitorCommand>(&calls::VisitorCommand { chat: Some(chat), id, command, introduction: None });
        let (name, email, department) = ("Ada".to_owned(), "ada@example.com".to_owned(), Some(DepartmentId(2)));
        same::<_, LeaveMessage>(&calls::LeaveMessage {
            id,
            name,
            email,
            department,
            text,
            introduction: Some(introduction),
        });
        same::<_, VisitorUpload>(&calls::VisitorUpload { chat, name: "a.png".into(), size: 9 });
        same::<_, VisitorFileLinks>(&calls::VisitorFileLinks { chat, files: vec![FileId(Uuid::from_u128(1))] });
    }
}
