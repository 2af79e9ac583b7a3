//! Sites: several websites with one installation. They are asked for with every page of the widget, so they are kept in
//! memory.

use super::settings::changed;
use super::{Desk, unreadable, unwritable};
use crate::model::department::DepartmentRef;
use crate::model::error::ApiError;
use crate::model::ids::{DepartmentId, SiteId};
use crate::model::site::{MAX_SITES, Site, SiteForm};
use crate::store::{ChangeError, StoreError};
use std::sync::{Arc, PoisonError};

impl Desk {
    /// All sites, by name.
    pub fn sites(&self) -> Arc<Vec<Site>> {
        self.inner.sites.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The site with this key. There is none for the website that names no site, or one that there is not (any more): that
    /// is served as if there were no sites.
    pub fn site(&self, key: &str) -> Option<Site> {
        if key.is_empty() {
            return None;
        }
        self.sites().iter().find(|site| site.form.key.eq_ignore_ascii_case(key)).cloned()
    }

    /// Reads the sites from the store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) async fn load_sites(&self) -> Result<(), StoreError> {
        let sites = Arc::new(self.store().sites().await?);
        *self.inner.sites.write().unwrap_or_else(PoisonError::into_inner) = sites;
        Ok(())
    }

    /// Adds a site, or changes one.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] with what is to be mended, [`ApiError::Gone`].
    pub async fn save_site(&self, id: Option<SiteId>, form: SiteForm) -> Result<(), ApiError> {
        let form = form.checked().map_err(|fault| ApiError::Invalid { sentence: fault.sentence })?;
        let saved = match id {
            Some(id) => self.store().change_site(id, &form).await,
            None if self.sites().len() >= MAX_SITES => {
                let sentence = format!("There can be at most {MAX_SITES} sites.");
                return Err(ApiError::Invalid { sentence });
            }
            None => self.store().add_site(&form).await.map(drop),
        };
        self.sites_changed(saved).await
    }

    /// Removes a site. Chats keep its name.
    ///
    /// # Errors
    /// [`ApiError::Gone`], [`ApiError::NotStored`].
    pub async fn remove_site(&self, id: SiteId) -> Result<(), ApiError> {
        let removed = self.store().remove_site(id).await;
        self.sites_changed(removed).await
    }

    async fn sites_changed(&self, change: Result<(), ChangeError>) -> Result<(), ApiError> {
        change.map_err(changed("a site with this name or key"))?;
        self.load_sites().await.map_err(unwritable)
    }

    /// The department of a chat or message on a site: the one that was chosen, if there is such and visitors can choose it
    /// there; without a choice the first that is offered, when not all are.
    ///
    /// # Errors
    /// [`ApiError::Internal`] when it cannot be read.
    pub(super) async fn department_on(
        &self,
        site: Option<&Site>,
        chosen: Option<DepartmentId>,
    ) -> Result<Option<DepartmentRef>, ApiError> {
        match (chosen, site) {
            (Some(id), site) if site.is_none_or(|site| site.offers(id)) => {
                self.store().department(id).await.map_err(unreadable)
            }
            (None, Some(site)) if !site.form.departments.is_empty() => {
                let (_, offered) = self.offered_departments(Some(site)).await?;
                Ok(offered.into_iter().next())
            }
            _ => Ok(None),
        }
    }
}
