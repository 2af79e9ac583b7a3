//! Availability: whether a visitor can be offered a chat now.

use super::{Desk, unreadable};
use crate::model::agent::Agent;
use crate::model::department::DepartmentRef;
use crate::model::error::ApiError;
use crate::model::site::Site;

impl Desk {
    /// Whether somebody could take a new chat now, and the departments to choose from: those in which somebody could, or
    /// all of them when nobody can. On a site that offers only some of them, those alone count.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when it cannot be read.
    pub async fn offered_departments(&self, site: Option<&Site>) -> Result<(bool, Vec<DepartmentRef>), ApiError> {
        let mut departments = self.departments().await?;
        departments.retain(|department| site.is_none_or(|site| site.offers(department.id)));
        let agents = self.agents_at_hand().await?;
        if agents.is_empty() {
            return Ok((false, departments));
        }
        if departments.is_empty() {
            return Ok((true, departments));
        }
        let offered: Vec<DepartmentRef> =
            departments.iter().filter(|d| agents.iter().any(|agent| agent.serves(Some(d)))).cloned().collect();
        Ok(if offered.is_empty() { (false, departments) } else { (true, offered) })
    }

    /// Whether nobody could take a new chat of this department now.
    pub(super) async fn is_nobody_available(&self, department: Option<&DepartmentRef>) -> Result<bool, ApiError> {
        Ok(!self.agents_at_hand().await?.iter().any(|agent| agent.serves(department)))
    }

    /// The agents who are set available and whose console is open.
    async fn agents_at_hand(&self) -> Result<Vec<Agent>, ApiError> {
        let mut agents = self.store().available_agents().await.map_err(unreadable)?;
        agents.retain(|agent| self.hub().is_present(agent.id));
        Ok(agents)
    }
}
