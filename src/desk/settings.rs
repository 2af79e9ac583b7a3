//! Settings: what admins look after.

use super::setup::{SetupError, checked_agent, checked_department};
use super::{Desk, now, unreadable, unwritable};
use crate::auth::password;
use crate::model::agent::Role;
use crate::model::chat::ReleaseReason;
use crate::model::error::{ApiError, Refusal};
use crate::model::ids::{AgentId, CommandId, DepartmentId, LabelId};
use crate::model::label::{self, Label};
use crate::model::live::ServerFrame;
use crate::model::pages::SETTINGS_PER_PAGE;
use crate::model::rules::Rules;
use crate::model::settings::{AgentEntry, DepartmentEntry, JobEntry, JobFilter};
use crate::model::visitor::Email;
use crate::store::{AgentChange, ChangeError, JobKind, NewJob, StoreError};
use std::sync::{Arc, PoisonError};

/// Where the rules are kept.
const RULES: &str = "rules";

pub(super) fn changed(what: &'static str) -> impl Fn(ChangeError) -> ApiError {
    move |error| match error {
        ChangeError::Gone => ApiError::Gone,
        ChangeError::NameTaken => ApiError::Invalid { sentence: format!("There already is {what}.") },
        ChangeError::LastAdmin => {
            ApiError::Invalid { sentence: "This is the last admin: make somebody else an admin first.".into() }
        }
        ChangeError::Store(error) => unwritable(error),
    }
}

fn refused(error: SetupError) -> ApiError {
    match error {
        SetupError::Email(refusal) => refusal.into(),
        SetupError::Name => Refusal::InvalidName { max: crate::model::agent::MAX_NAME_CHARS }.into(),
        SetupError::Failed(_) => ApiError::NotStored,
        other => ApiError::Invalid { sentence: other.to_string() },
    }
}

impl Desk {
    /// The rules as they are now.
    pub fn rules(&self) -> Arc<Rules> {
        self.inner.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the rules from the store; those that cannot be read are the usual ones.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn load_rules(&self) -> Result<(), StoreError> {
        if let Some(json) = self.store().setting(RULES).await? {
            match serde_json::from_str::<Rules>(&json) {
                Ok(rules) => self.keep_rules(rules),
                Err(error) => tracing::error!(%error, "the stored rules cannot be read; the usual ones are used"),
            }
        }
        Ok(())
    }

    fn keep_rules(&self, rules: Rules) {
        *self.inner.rules.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(rules);
    }

    /// Sets the rules.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] outside their bounds.
    pub async fn save_rules(&self, rules: Rules) -> Result<(), ApiError> {
        rules.check().map_err(|sentence| ApiError::Invalid { sentence })?;
        let json = serde_json::to_string(&rules).map_err(|_| ApiError::Internal)?;
        self.store().set_setting(RULES, &json).await.map_err(unwritable)?;
        self.keep_rules(rules);
        self.settings_changed();
        Ok(())
    }

    /// Tells all consoles to ask anew.
    pub(super) fn settings_changed(&self) {
        self.inner.known.forget_agents();
        self.hub().tell_consoles(&ServerFrame::SettingsChanged);
    }

    /// All agents, by name.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when they cannot be read.
    pub async fn agents(&self) -> Result<Vec<AgentEntry>, ApiError> {
        self.store().agents().await.map_err(unreadable)
    }

    /// Adds an agent.
    ///
    /// # Errors
    /// [`ApiError`] that says which field to mend.
    pub async fn hire_agent(
        &self,
        name: &str,
        email: &str,
        role: Role,
        departments: Vec<DepartmentId>,
        password: String,
    ) -> Result<(), ApiError> {
        let all = self.departments().await?;
        let names = all.into_iter().filter(|d| departments.contains(&d.id)).map(|d| d.name).collect();
        let store = &**self.store();
        super::setup::add_agent(store, name, email, role, names, password).await.map(drop).map_err(refused)
    }

    /// Changes an agent; an empty password stays as it is.
    ///
    /// # Errors
    /// [`ApiError`] that says which field to mend.
    #[expect(clippy::too_many_arguments, reason = "one for each field of the form")]
    pub async fn change_agent(
        &self,
        id: AgentId,
        name: &str,
        email: &str,
        role: Role,
        departments: Vec<DepartmentId>,
        new_password: String,
        deactivated: bool,
    ) -> Result<(), ApiError> {
        let (name, email) = checked_agent(name, email).map_err(refused)?;
        let password_hash = match new_password.is_empty() {
            true => None,
            false => Some(password::hash(new_password).await.map_err(|error| refused(error.into()))?),
        };
        let change = AgentChange { name, email: email.into(), role, departments, password_hash, deactivated };
        self.store().change_agent(id, change).await.map_err(changed("an agent with this email"))?;
        self.inner.known.forget_agents();
        if deactivated {
            self.release_all(id, ReleaseReason::Deactivated, now(), None).await?;
        }
        // Whose session ended finds out now.
        self.hub().session_ended();
        self.settings_changed();
        Ok(())
    }

    /// All departments, by name, with their members.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when they cannot be read.
    pub async fn department_entries(&self) -> Result<Vec<DepartmentEntry>, ApiError> {
        self.store().department_entries().await.map_err(unreadable)
    }

    /// Adds a department, or renames one; sets its members.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] when the name is not possible or taken.
    pub async fn save_department(
        &self,
        id: Option<DepartmentId>,
        name: &str,
        members: &[AgentId],
    ) -> Result<(), ApiError> {
        let name = checked_department(name).map_err(refused)?;
        let taken = changed("a department with this name");
        let id = match id {
            None => self.store().add_department(&name).await.map_err(&taken)?,
            Some(id) => {
                self.store().rename_department(id, &name).await.map_err(&taken)?;
                id
            }
        };
        self.store().set_members(id, members).await.map_err(taken)?;
        self.settings_changed();
        Ok(())
    }

    /// Removes a department.
    ///
    /// # Errors
    /// [`ApiError::NotStored`] when that cannot be written.
    pub async fn remove_department(&self, id: DepartmentId) -> Result<(), ApiError> {
        self.store().remove_department(id).await.map_err(changed("such a department"))?;
        // They offer it no longer.
        self.load_sites().await.map_err(unreadable)?;
        self.settings_changed();
        Ok(())
    }

    /// All labels, by name.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when they cannot be read.
    pub async fn labels(&self) -> Result<Vec<Label>, ApiError> {
        self.store().labels().await.map_err(unreadable)
    }

    /// The label with this name, made when there is none, in a colour of its own.
    ///
    /// # Errors
    /// [`Refusal::InvalidName`].
    pub async fn create_label(&self, name: &str) -> Result<Label, ApiError> {
        let name = label::clean_name(name)?;
        let sum = name.bytes().fold(0u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
        let color = (sum % u32::from(label::COLORS)) as u8 + 1;
        let label = self.store().ensure_label(&name, color).await.map_err(unwritable)?;
        self.settings_changed();
        Ok(label)
    }

    /// Renames and recolours a label.
    ///
    /// # Errors
    /// [`ApiError::Gone`], [`ApiError::Invalid`] for a name that is taken or a colour that there is not.
    pub async fn save_label(&self, label: Label) -> Result<(), ApiError> {
        if !(1..=label::COLORS).contains(&label.color) {
            return Err(ApiError::Invalid { sentence: "There is no such colour.".into() });
        }
        let label = Label { name: label::clean_name(&label.name)?, ..label };
        self.store().change_label(&label).await.map_err(changed("a label with this name"))?;
        self.settings_changed();
        Ok(())
    }

    /// Removes a label.
    ///
    /// # Errors
    /// [`ApiError::NotStored`] when that cannot be written.
    pub async fn remove_label(&self, id: LabelId) -> Result<(), ApiError> {
        self.store().remove_label(id).await.map_err(changed("such a label"))?;
        self.settings_changed();
        Ok(())
    }

    /// A page of the outbox, latest first.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when it cannot be read.
    pub async fn outbox(&self, filter: JobFilter, before: Option<i64>) -> Result<Vec<JobEntry>, ApiError> {
        self.store().jobs(filter, before, SETTINGS_PER_PAGE).await.map_err(unreadable)
    }

    /// Whether mails are files only, and their sender.
    pub fn mail_setup(&self) -> (bool, String) {
        (self.inner.mail_to_files, self.inner.mail_from.clone())
    }

    /// A mail that was given up is tried again.
    ///
    /// # Errors
    /// [`ApiError::Gone`] when it was not given up.
    pub async fn retry_mail(&self, id: i64) -> Result<(), ApiError> {
        let parked = self.store().retry_parked(id, now()).await.map_err(unwritable)?;
        self.jobs_due().notify_one();
        if parked { Ok(()) } else { Err(ApiError::Gone) }
    }

    /// Sends a mail that shows that mails go out; under the same id once.
    ///
    /// # Errors
    /// [`Refusal::InvalidEmail`].
    pub async fn send_test_mail(&self, to: &str, id: CommandId) -> Result<(), ApiError> {
        let to = Email::parse(to)?;
        let job =
            NewJob { kind: JobKind::TestMail { to: to.into() }, chat: None, dedup: format!("test-{id}"), at: now() };
        self.store().add_job(job).await.map_err(unwritable)?;
        self.jobs_due().notify_one();
        Ok(())
    }
}
