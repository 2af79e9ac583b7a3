//! Settings, for admins.

use crate::model::agent::Role;
use crate::model::block::Block;
use crate::model::error::ApiError;
use crate::model::ids::{AgentId, BlockId, CommandId, DepartmentId, LabelId, SiteId};
use crate::model::label::Label;
use crate::model::rules::Rules;
use crate::model::settings::{AgentEntry, DepartmentEntry, JobEntry, JobFilter};
use crate::model::site::{Site, SiteForm};
use leptos::server;
use serde::{Deserialize, Serialize};
use server_fn::codec::Json;

/// What an admin fills in for an agent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentForm {
    pub name: String,
    pub email: String,
    pub admin: bool,
    #[serde(default)]
    pub departments: Vec<DepartmentId>,
    /// Needed for a new agent; empty to keep the password of another.
    #[serde(default)]
    pub password: String,
    #[serde(default)]
    pub deactivated: bool,
}

impl AgentForm {
    pub fn role(&self) -> Role {
        if self.admin { Role::Admin } else { Role::Agent }
    }
}

/// How mails go out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailQueue {
    /// Mails are not sent but written to files: no mail server is configured.
    pub to_files: bool,
    /// The sender of mails.
    pub from: String,
    pub jobs: Vec<JobEntry>,
}

/// All agents, by name.
#[server(name = GetAgents, prefix = "/api", endpoint = "admin/agents", input = Json, output = Json)]
pub async fn agents() -> Result<Vec<AgentEntry>, ApiError> {
    let caller = super::Caller::current();
    caller.admin().await?;
    caller.desk.agents().await
}

/// Adds an agent (`id` missing) or changes one.
#[server(name = SaveAgent, prefix = "/api", endpoint = "admin/agents/save", input = Json, output = Json)]
pub async fn save_agent(id: Option<AgentId>, form: AgentForm) -> Result<(), ApiError> {
    let caller = super::Caller::current();
    caller.admin().await?;
    let role = form.role();
    let AgentForm { name, email, departments, password, deactivated, .. } = form;
    match id {
        None => caller.desk.hire_agent(&name, &email, role, departments, password).await,
        Some(id) => caller.desk.change_agent(id, &name, &email, role, departments, password, deactivated).await,
    }
}

/// All departments, by name, with their members.
#[server(name = GetDepartments, prefix = "/api", endpoint = "admin/departments", input = Json, output = Json)]
pub async fn departments() -> Result<Vec<DepartmentEntry>, ApiError> {
    let caller = super::Caller::current();
    caller.admin().await?;
    caller.desk.department_entries().await
}

/// Adds a department (`id` missing), or renames it and sets its members.
#[server(name = SaveDepartment, prefix = "/api", endpoint = "admin/departments/save", input = Json, output = Json)]
pub async fn save_department(id: Option<DepartmentId>, name: String, members: Vec<AgentId>) -> Result<(), ApiError> {
    let caller = super::Caller::current();
    caller.admin().await?;
    caller.desk.save_department(id, &name, &members).await
}

/// Removes a department. Chats and tickets keep its name.
#[server(name = RemoveDepartment, prefix = "/api", endpoint = "admin/departments/remove", input = Json, output = Json)]
pub async fn remove_department(id: DepartmentId) -> Result<(), ApiError> {
    let caller = super::Caller::current();
    caller.admin().await?;
    caller.desk.remove_department(id).await
}

/// All sites, by name.
#[server(name = GetSites, prefix = "/api", endpoint = "admin/sites", input = Json, output = Json)]
pub async fn sites() -> Result<Vec<Site>, ApiError> {
    let caller = super::Caller::current();
    caller.admin().await?;
    Ok(caller.desk.sites().to_vec())
}

/// Adds a site (`id` missing) or changes one.
#[server(name = SaveSite, prefix = "/api", endpoint = "admin/sites/save", input = Json, output = Json)]
pub async fn save_site(id: Option<SiteId>, form: SiteForm) -> Result<(), ApiError> {
    let caller = super::Caller::current();
    caller.admin().await?;
    caller.desk.save_site(id, form).await
}

/// Removes a site. Chats keep its name.
#[server(name = RemoveSite, prefix = "/api", endpoint = "admin/sites/remove", input = Json, output = Json)]
pub async fn remove_site(id: SiteId) -> Result<(), ApiError> {
    let caller = super::Caller::current();
    caller.admin().await?;
    caller.desk.remove_site(id).await
}

/// Renames and recolours a label.
#[server(name = SaveLabel, prefix = "/api", endpoint = "admin/labels/save", input = Json, output = Json)]
pub async fn save_label(label: Label) -> Result<(), ApiError> {
    let caller = super::Caller::current();
    caller.admin().await?;
    caller.desk.save_label(label).await
}

/// Removes a label. Chats and tickets keep its name.
#[server(name = RemoveLabel, prefix = "/api", endpoint = "admin/labels/remove", input = Json, output = Json)]
pub async fn remove_label(id: LabelId) -> Result<(), ApiError> {
    let caller = super::Caller::current();
    caller.admin().await?;
    caller.desk.remove_label(id).await
}

/// A page of blocks, latest first; an empty page is the end.
#[server(name = GetBlocks, prefix = "/api", endpoint = "admin/blocks", input = Json, output = Json)]
pub async fn blocks(before: Option<BlockId>) -> Result<Vec<Block>, ApiError> {
    let caller = super::Caller::current();
    caller.admin().await?;
    caller.desk.blocks(before).await
}

/// Lifts a block.
#[server(name = LiftBlock, prefix = "/api", endpoint = "admin/blocks/lift", input = Json, output = Json)]
pub async fn lift_block(block: BlockId, id: CommandId) -> Result<(), ApiError> {
    let caller = super::Caller::current();
    let admin = caller.admin().await?;
    caller.desk.lift_block(&admin, block, id).await
}

/// Sets the rules.
#[server(name = SaveRules, prefix = "/api", endpoint = "admin/rules/save", input = Json, output = Json)]
pub async fn save_rules(rules: Rules) -> Result<(), ApiError> {
    let caller = super::Caller::current();
    caller.admin().await?;
    caller.desk.save_rules(rules).await
}

/// How mails go out, and a page of the outbox, latest first; an empty page is the end.
#[server(name = GetMailQueue, prefix = "/api", endpoint = "admin/mail", input = Json, output = Json)]
pub async fn mail_queue(filter: JobFilter, before: Option<i64>) -> Result<MailQueue, ApiError> {
    let caller = super::Caller::current();
    caller.admin().await?;
    let jobs = caller.desk.outbox(filter, before).await?;
    let (to_files, from) = caller.desk.mail_setup();
    Ok(MailQueue { to_files, from, jobs })
}

/// A mail that was given up is tried again.
#[server(name = RetryMail, prefix = "/api", endpoint = "admin/mail/retry", input = Json, output = Json)]
pub async fn retry_mail(id: i64) -> Result<(), ApiError> {
    let caller = super::Caller::current();
    caller.admin().await?;
    caller.desk.retry_mail(id).await
}

/// Sends a test mail to this address; what becomes of it is in the queue.
#[server(name = SendTestMail, prefix = "/api", endpoint = "admin/mail/test", input = Json, output = Json)]
pub async fn send_test_mail(to: String, id: CommandId) -> Result<(), ApiError> {
    let caller = super::Caller::current();
    caller.admin().await?;
    caller.desk.send_test_mail(&to, id).await
}
