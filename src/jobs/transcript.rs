//! The transcript of an ended chat, by mail (M9).

use super::worker::{Failure, Worker};
use crate::mail;
use crate::model::chat::Audience;
use crate::model::ids::ChatId;
use crate::model::visitor::Email;

/// Mails the transcript. `name` is the same at each try, and so is the `Message-ID` made from it.
pub async fn send(worker: &Worker, chat: Option<ChatId>, to: &str, name: &str) -> Result<(), Failure> {
    let chat = chat.ok_or_else(|| Failure::lasting("the job names no chat"))?;
    let to = Email::parse(to).map_err(|refusal| Failure::lasting(refusal.to_string()))?;
    let conversation =
        worker.desk.conversation(chat, Audience::Visitor).await.map_err(|error| Failure::passing(error.to_string()))?;
    let message_id = format!("<{name}@{}>", worker.mail_domain);
    let letter = mail::transcript(&conversation, to, &worker.company, message_id);
    worker.send(&letter).await
}
