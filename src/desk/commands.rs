//! Commands: load, decide, commit. Publishing follows from the commit.

use super::{Desk, RETRY_AFTER_MS, effects, now, unreadable, unwritable};
use crate::model::agent::Agent;
use crate::model::chat::{self, Ack, Actor, Command, Context};
use crate::model::error::{ApiError, Refusal};
use crate::model::ids::{ChatId, CommandId, VisitorId};
use crate::model::visitor::Connection;
use crate::store::{Decision, Target, Transact, TransactError};

impl Desk {
    /// Carries out a visitor's command. `chat` is `None` for the start of a new chat.
    ///
    /// # Errors
    /// [`ApiError`]; nothing has happened then, and the same command may be sent again.
    pub async fn visitor_command(
        &self,
        visitor: VisitorId,
        connection: Connection,
        chat: Option<ChatId>,
        id: CommandId,
        command: Command,
    ) -> Result<Ack, ApiError> {
        let target = match (&command, chat) {
            (Command::Start { .. }, None) => Target::New(visitor),
            (Command::Start { .. }, Some(_)) | (_, None) => return Err(Refusal::NotAllowed.into()),
            (_, Some(chat)) => Target::Existing(chat),
        };
        let department = match &command {
            Command::Start { department: Some(id), .. } => self.store().department(*id).await.map_err(unreadable)?,
            _ => None,
        };
        let context = Context { department, connection, ..Context::new(Actor::Visitor(visitor), now(), id) };
        self.carry_out(target, command, context).await.map_err(|error| match error {
            // To a visitor, another's chat does not exist.
            ApiError::Refused { refusal: Refusal::NotAllowed } if chat.is_some() => ApiError::NoSuchChat,
            other => other,
        })
    }

    /// Carries out an agent's command.
    ///
    /// # Errors
    /// [`ApiError`]; nothing has happened then, and the same command may be sent again.
    pub async fn agent_command(
        &self,
        agent: &Agent,
        chat: ChatId,
        id: CommandId,
        command: Command,
    ) -> Result<Ack, ApiError> {
        let context = Context::new(Actor::Agent(agent.to_ref()), now(), id);
        self.carry_out(Target::Existing(chat), command, context).await
    }

    async fn carry_out(&self, target: Target, command: Command, context: Context) -> Result<Ack, ApiError> {
        let whose = match &context.actor {
            Actor::Visitor(id) => format!("visitor:{id}"),
            Actor::Agent(agent) => format!("agent:{}", agent.id),
        };
        if !self.inner.commands.allows(&whose) {
            return Err(ApiError::TooMany { retry_after_ms: RETRY_AFTER_MS });
        }
        let ends_own = matches!((&command, &context.actor), (Command::End, Actor::Visitor(_)));
        let mail_unanswered = !ends_own || self.inner.unanswered_per_address.allows(&context.connection.ip);
        let transact = Transact {
            target,
            command: context.command,
            actor: context.actor.clone(),
            decide: Box::new(move |chat| {
                let events = chat::commit(chat, command.clone(), &context)?;
                let jobs = effects::of(chat, &events, mail_unanswered);
                Ok(Decision { events, jobs })
            }),
        };
        self.store().transact(transact).await.map_err(|error| match error {
            TransactError::Refused(refusal) => refusal.into(),
            TransactError::NoSuchChat => ApiError::NoSuchChat,
            TransactError::Store(error) => unwritable(error),
        })
    }
}
