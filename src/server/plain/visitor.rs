//! Whoever posted a form: who that is, and what the desk does for them.

use super::fields::{Fields, Remembered};
use crate::auth::token::{self, new_token};
use crate::desk::now;
use crate::live::Viewer;
use crate::model::Millis;
use crate::model::chat::{Chat, Command, Rating, Side};
use crate::model::department::DepartmentRef;
use crate::model::error::{ApiError, Refusal};
use crate::model::identity::Introduction;
use crate::model::ids::{ChatId, CommandId, DepartmentId};
use crate::model::site::Site;
use crate::model::text::RichText;
use crate::model::visitor::{Connection, PageView, Visit};
use crate::server::look::{Look, Wishes};
use crate::server::state::AppState;
use crate::ui::words::{self, Language};
use crate::widget::WidgetParams;
use uuid::Uuid;

/// Whoever posted a form.
pub struct Visitor {
    pub fields: Fields,
    pub state: AppState,
    connection: Connection,
    params: WidgetParams,
    /// The one that the website has named, if there is such.
    pub site: Option<Site>,
    /// Those of the pages.
    pub language: Language,
    pub look: Look,
    /// What the browser prefers.
    accepted: String,
    pub token: String,
    /// The name of the form's command.
    pub id: CommandId,
}

impl Visitor {
    /// Who that is. Without a token that is one they get a new one: they are nobody yet.
    pub fn new(
        state: AppState,
        connection: Connection,
        params: WidgetParams,
        wishes: &Wishes,
        accepted: String,
        fields: Fields,
    ) -> Self {
        let is_token = token::hash(&fields.token).is_some();
        let token = if is_token { fields.token.clone() } else { new_token().unwrap_or_default() };
        let id = fields.id().unwrap_or_else(fresh_id);
        let language = words::choose(&params.lang, &accepted);
        let site = state.desk.site(&params.site);
        let look = Look::new(wishes, site.as_ref());
        Visitor { fields, state, connection, params, site, language, look, accepted, token, id }
    }

    /// What the website says of its visitor. Which site it is, is in the address.
    fn introduction(&self) -> Introduction {
        let site = self.site.as_ref().map(|site| site.form.key.clone()).unwrap_or_default();
        Introduction { site, ..self.fields.remembered().introduction }
    }

    /// Carries out the form's command.
    pub async fn command(&self, chat: Option<ChatId>, command: Command) -> Result<ChatId, ApiError> {
        let desk = &self.state.desk;
        let introduction = self.introduction();
        desk.command_of(&self.token, self.connection.clone(), &introduction, chat, self.id, command)
            .await
            .map(|ack| ack.chat)
    }

    /// Leaves a message without a chat. Where there is no choice it goes where the website says.
    pub async fn leave_message(&self, text: RichText) -> Result<(), ApiError> {
        let desk = &self.state.desk;
        let visitor = desk.visitor(&self.token).await?;
        let (_, departments) = desk.offered_departments(self.site.as_ref()).await?;
        let department = self.preferred(&departments);
        let Fields { name, email, .. } = &self.fields;
        let introduction = self.introduction();
        desk.leave_message(visitor, &self.connection, &introduction, self.id, name, email, department, text)
            .await
            .map(drop)
    }

    /// The visit and the page on which the chat is started, as far as that is known.
    pub fn visit(&self) -> (Visit, Option<PageView>) {
        let Remembered { mut visit, page, .. } = self.fields.remembered();
        if visit.language.is_empty() {
            let first = self.accepted.split([',', ';']).next().unwrap_or_default();
            visit.language = first.trim().to_owned();
        }
        let own = || {
            let around = Some(&self.params.origin).filter(|origin| !origin.is_empty());
            let url = around.cloned().unwrap_or_else(|| format!("{}/widget", self.state.config.public_url()));
            PageView { at: now(), url, ..PageView::default() }
        };
        (visit, Some(page.unwrap_or_else(own)))
    }

    /// What had arrived before the form was posted was before the visitor's eyes.
    pub async fn read(&self) {
        let Some(chat) = self.own_chat().await else { return };
        let Some(visitor) = chat.visitor.as_ref().map(|visitor| visitor.id) else { return };
        let up_to = chat.receipts(Side::Visitor).delivered;
        if chat.receipts(Side::Visitor).unread.first().is_some_and(|first| *first <= up_to) {
            let (desk, connection) = (&self.state.desk, self.connection.clone());
            let command = Command::MarkRead { up_to };
            // Should it fail, the next message brings it again.
            let _ = desk.visitor_command(visitor, connection, Some(chat.id), fresh_id(), command).await;
        }
    }

    pub async fn rating(&self) -> Option<Rating> {
        self.own_chat().await?.rating
    }

    /// The chat that the form names, if it is this visitor's.
    pub async fn own_chat(&self) -> Option<Chat> {
        self.visible(self.fields.chat()?).await.ok()
    }

    pub async fn visible(&self, chat: ChatId) -> Result<Chat, ApiError> {
        let desk = &self.state.desk;
        let visitor = desk.visitor(&self.token).await?.ok_or(ApiError::NoSuchChat)?;
        if let Some(until) = desk.blocked_until(Some(visitor), &self.connection.ip) {
            return Err(Refusal::Blocked { until }.into());
        }
        desk.visible_chat(&Viewer::Visitor(visitor), chat).await
    }

    /// Until when they are kept out.
    pub async fn blocked_until(&self) -> Option<Millis> {
        let visitor = self.state.desk.visitor(&self.token).await.unwrap_or_default();
        self.state.desk.blocked_until(visitor, &self.connection.ip)
    }

    /// The department that the website names.
    pub fn preferred(&self, all: &[DepartmentRef]) -> Option<DepartmentId> {
        let wanted = &self.params.department;
        all.iter().find(|department| department.name.eq_ignore_ascii_case(wanted)).map(|department| department.id)
    }
}

/// A name for a command.
pub fn fresh_id() -> CommandId {
    CommandId(Uuid::now_v7())
}
