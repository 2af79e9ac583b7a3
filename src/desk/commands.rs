//! Commands: load, decide, commit. Publishing follows from the commit.

use super::{Desk, RETRY_AFTER_MS, effects, leases, now, unreadable, unwritable};
use crate::model::agent::{Agent, AgentRef, Role};
use crate::model::chat::{self, Ack, Actor, Chat, Command, Context};
use crate::model::error::{ApiError, Refusal};
use crate::model::identity::Introduction;
use crate::model::ids::{ChatId, CommandId, VisitorId};
use crate::model::visitor::{Connection, Email, VisitorCard};
use crate::store::{Decision, Lease, Target, Transact, TransactError};
use uuid::Uuid;

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
        self.introduced_command(visitor, connection, &Introduction::default(), chat, id, command).await
    }

    /// The same with what the website says of its visitor.
    pub(super) async fn introduced_command(
        &self,
        visitor: VisitorId,
        connection: Connection,
        introduction: &Introduction,
        chat: Option<ChatId>,
        id: CommandId,
        command: Command,
    ) -> Result<Ack, ApiError> {
        let target = match (&command, chat) {
            (Command::Start { .. }, None) => Target::New(visitor),
            (Command::Start { .. }, Some(_)) | (_, None) => return Err(Refusal::NotAllowed.into()),
            (_, Some(chat)) => Target::Existing(chat),
        };
        self.not_too_many(&format!("visitor:{visitor}"))?;
        // Each may stay in the log for ever, and pages say the same at every turn.
        if matches!(command, Command::Introduce { .. }) && !self.inner.introductions.allows(&visitor.to_string()) {
            return Err(ApiError::TooMany { retry_after_ms: RETRY_AFTER_MS });
        }
        let mut context = Context::new(Actor::Visitor(visitor), now(), id);
        context.blocked_until = self.blocked_until(Some(visitor), &connection.ip);
        context.connection = connection;
        let context = self.visitor_context(visitor, introduction, chat, &command, context).await?;
        let address = context.connection.ip.clone();
        let ack = self.carry_out(target, command, context).await.map_err(|error| match error {
            // To a visitor, another's chat does not exist.
            ApiError::Refused { refusal: Refusal::NotAllowed } if chat.is_some() => ApiError::NoSuchChat,
            other => other,
        })?;
        if chat.is_none() {
            self.still_let_in(visitor, &address, ack.chat).await?;
        }
        Ok(ack)
    }

    /// Looks once more whether the visitor of a new chat is kept out: the block may have been committed while the chat
    /// waited for the writer, after those who were kept out had their chats ended. The chat is ended then. Where this is not
    /// reached, `publish` sees to it.
    async fn still_let_in(&self, visitor: VisitorId, address: &str, chat: ChatId) -> Result<(), ApiError> {
        let Some(until) = self.blocked_until(Some(visitor), address) else { return Ok(()) };
        let context = Context::new(Actor::Visitor(visitor), now(), CommandId(Uuid::now_v7()));
        self.carry_out(Target::Existing(chat), Command::End, context).await?;
        Err(Refusal::Blocked { until }.into())
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
        if command == Command::LiftBlock && agent.role != Role::Admin {
            return Err(ApiError::NotAllowed);
        }
        self.not_too_many(&format!("agent:{}", agent.id))?;
        let context = Context::new(Actor::Agent(agent.to_ref()), now(), id);
        let context = self.agent_context(chat, &command, context).await?;
        let changes_blocks = matches!(command, Command::Block { .. } | Command::LiftBlock);
        let ack = self.carry_out(Target::Existing(chat), command, context).await?;
        if changes_blocks {
            // Before it is acknowledged. Where this is not reached, `publish` sees to it.
            self.keep_out().await?;
        }
        Ok(ack)
    }

    /// Ends a chat in the name of the agent who answers it, or would: the house does so when nobody else can.
    pub(super) async fn end_as(&self, agent: AgentRef, chat: ChatId) -> Result<(), ApiError> {
        let context = Context::new(Actor::Agent(agent), now(), CommandId(Uuid::now_v7()));
        match self.carry_out(Target::Existing(chat), Command::End, context).await {
            // It may have been accepted or ended meanwhile.
            Ok(_) | Err(ApiError::Refused { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    pub(super) fn not_too_many(&self, whose: &str) -> Result<(), ApiError> {
        if self.inner.commands.allows(whose) {
            Ok(())
        } else {
            Err(ApiError::TooMany { retry_after_ms: RETRY_AFTER_MS })
        }
    }

    /// Decides on the committed state and stores what comes out.
    pub(super) async fn carry_out(&self, target: Target, command: Command, context: Context) -> Result<Ack, ApiError> {
        let to_strangers = self.may_mail_stranger(target, &command, &context).await?;
        self.commit(target, command, context, to_strangers, None).await
    }

    /// The same of what the house itself does, perhaps only when somebody's lease has run out.
    pub(super) async fn commit(
        &self,
        target: Target,
        command: Command,
        context: Context,
        to_strangers: bool,
        condition: Option<Lease>,
    ) -> Result<Ack, ApiError> {
        let lease_until = (command == Command::Accept).then(|| self.lease_from(context.now));
        let transact = Transact {
            target,
            command: context.command,
            actor: context.actor.clone(),
            decide: Box::new(move |chat| {
                let events = chat::commit(chat, command.clone(), &context)?;
                let lease = condition.or_else(|| leases::granted(&events, lease_until?));
                Ok(Decision { lease, ..effects::of(chat, events, &command, &context, to_strangers) })
            }),
        };
        self.store().transact(transact).await.map_err(|error| match error {
            TransactError::Refused(refusal) => refusal.into(),
            TransactError::NoSuchChat => ApiError::NoSuchChat,
            TransactError::Store(error) => unwritable(error),
        })
    }

    /// Whether the mail that the command brings may go out. Those that nobody of the house asked for are counted per
    /// address: whoever starts and ends chats by themselves could otherwise mail strangers without limit.
    async fn may_mail_stranger(&self, target: Target, command: &Command, context: &Context) -> Result<bool, ApiError> {
        let (Target::Existing(chat), Actor::Visitor(_)) = (target, &context.actor) else { return Ok(true) };
        if !matches!(command, Command::End | Command::LeaveMessage { .. } | Command::RequestTranscript { .. }) {
            return Ok(true);
        }
        let Some(chat) = self.store().chat(chat).await.map_err(unreadable)? else { return Ok(true) };
        let to_stranger = match command {
            Command::LeaveMessage { email, .. } | Command::RequestTranscript { email } => is_unproven(&chat, email),
            _ => !chat.was_accepted() && chat.visitor.as_ref().is_some_and(VisitorCard::has_unproven_email),
        };
        // What the rules refuse, or have carried out before, mails nothing.
        let brings_mail =
            to_stranger && chat::decide(&chat, command.clone(), context).is_ok_and(|events| !events.is_empty());
        if !brings_mail || self.mails_stranger(&context.connection.ip) {
            Ok(true)
        } else if matches!(command, Command::RequestTranscript { .. }) {
            Err(ApiError::TooMany { retry_after_ms: RETRY_AFTER_MS })
        } else {
            Ok(false)
        }
    }
}

/// Whether this address, as it was typed, is not proven to be the visitor's.
fn is_unproven(chat: &Chat, typed: &str) -> bool {
    let Ok(email) = Email::parse(typed) else { return true };
    !chat.visitor.as_ref().is_some_and(|visitor| visitor.proves(&email))
}
