//! What the rules may know: looked up before they are asked.

use super::{Desk, unreadable, unwritable};
use crate::model::block::address_key;
use crate::model::chat::{self, Audience, Command, Context, EventBody};
use crate::model::error::ApiError;
use crate::model::identity::Introduction;
use crate::model::ids::{ChatId, FileId, TicketId, VisitorId};
use crate::model::site::Site;
use crate::store::author_key;

/// Events among which the record of the visit is.
const FIRST_EVENTS: u32 = 5;

impl Desk {
    /// The context of a visitor's command.
    pub(super) async fn visitor_context(
        &self,
        visitor: VisitorId,
        introduction: &Introduction,
        chat: Option<ChatId>,
        command: &Command,
        mut context: Context,
    ) -> Result<Context, ApiError> {
        match (command, chat) {
            (Command::Start { department, .. }, _) => {
                let site = self.site(&introduction.site);
                context.department = self.department_on(site.as_ref(), *department).await?;
                context.site = site.as_ref().map(Site::to_ref);
                self.introduce(&mut context, introduction);
                context.nobody_available = self.is_nobody_available(context.department.as_ref()).await?;
                self.note_address(visitor, &context.connection.ip).await;
            }
            (Command::Introduce { .. }, _) => self.introduce(&mut context, introduction),
            (Command::Send { attachments, .. }, Some(chat)) => self.find_files(&mut context, chat, attachments).await?,
            (Command::LeaveMessage { .. }, Some(chat)) => self.number_ticket(&mut context, chat, command).await?,
            _ => {}
        }
        Ok(context)
    }

    /// What the website says of its visitor, as far as it counts.
    fn introduce(&self, context: &mut Context, introduction: &Introduction) {
        context.proven = self.proven(introduction);
        context.data = introduction.data.clone();
    }

    /// The context of an agent's command.
    pub(super) async fn agent_context(
        &self,
        chat: ChatId,
        command: &Command,
        mut context: Context,
    ) -> Result<Context, ApiError> {
        let department = match command {
            Command::SetDepartment { department } | Command::CreateTicket { department, .. } => *department,
            _ => None,
        };
        if let Some(id) = department {
            context.department = self.store().department(id).await.map_err(unreadable)?;
        }
        match command {
            Command::Send { attachments, .. } => self.find_files(&mut context, chat, attachments).await?,
            Command::SetLabels { labels } => context.labels = self.known_labels(labels).await?,
            Command::CreateTicket { labels, .. } => {
                context.labels = self.known_labels(labels).await?;
                self.number_ticket(&mut context, chat, command).await?;
            }
            Command::Block { address: true, .. } => context.address = self.address_of(chat).await?,
            _ => {}
        }
        Ok(context)
    }

    /// Takes a number for a ticket that the rules permit on the state at hand. Others need none.
    async fn number_ticket(&self, context: &mut Context, chat: ChatId, command: &Command) -> Result<(), ApiError> {
        context.ticket = Some(TicketId(0));
        let state = self.store().chat(chat).await.map_err(unreadable)?;
        if state.is_some_and(|state| chat::decide(&state, command.clone(), context).is_ok()) {
            context.ticket = Some(self.store().next_ticket().await.map_err(unwritable)?);
        } else {
            context.ticket = None;
        }
        Ok(())
    }

    /// Looks up the files that a message names: stored ones of this chat that its writer uploaded.
    async fn find_files(&self, context: &mut Context, chat: ChatId, named: &[FileId]) -> Result<(), ApiError> {
        context.max_files = self.rules().max_files as usize;
        if named.is_empty() || named.len() > context.max_files {
            return Ok(());
        }
        let author = author_key(&context.actor.author());
        let found = self.store().files(chat, named).await.map_err(unreadable)?;
        context.attachments =
            found.into_iter().filter(|file| file.author == author).filter_map(|file| file.attachment).collect();
        Ok(())
    }

    /// What is blocked when the last address of this chat's visitor is: the one of the latest connection, else the one
    /// that the chat began from.
    async fn address_of(&self, chat: ChatId) -> Result<Option<String>, ApiError> {
        let found = self.store().chat(chat).await.map_err(unreadable)?.ok_or(ApiError::NoSuchChat)?;
        let Some(visitor) = found.visitor else { return Ok(None) };
        if let Some(last) = self.store().last_address(visitor.id).await.map_err(unreadable)? {
            return Ok(address_key(&last));
        }
        let first = self.store().events(chat, Audience::Agents, 0, FIRST_EVENTS).await.map_err(unreadable)?;
        Ok(first.iter().find_map(|event| match &event.body {
            EventBody::VisitRecorded { connection, .. } => address_key(&connection.ip),
            _ => None,
        }))
    }
}
