//! Photos of agents. Each change gives a new name, which nobody can guess: who has it has seen it somewhere.

use super::settings::changed;
use super::{Desk, unreadable};
use crate::files::{self, Stored};
use crate::model::error::{ApiError, Refusal};
use crate::model::ids::{AgentId, PhotoId};
use bytes::Bytes;
use uuid::Uuid;

impl Desk {
    /// Whether the agent may change a photo now: each change is news for every console.
    ///
    /// # Errors
    /// [`ApiError::TooMany`].
    pub fn may_set_photo(&self, by: AgentId) -> Result<(), ApiError> {
        self.not_too_many(&format!("agent:{by}"))
    }

    /// Makes a photo of this picture the agent's, in place of the one before, or of nothing removes that.
    ///
    /// # Errors
    /// A refusal for what is no picture, [`ApiError::Gone`] when there is no such agent, [`ApiError::NotStored`].
    pub async fn set_photo(&self, agent: AgentId, picture: Option<Vec<u8>>) -> Result<Option<PhotoId>, ApiError> {
        let photo = match picture {
            None => None,
            Some(picture) => {
                let bytes = files::photo_in_turn(picture).await.map_err(Refusal::from)?;
                let id = PhotoId(Uuid::new_v4());
                // First the file: a name without one is on no screen.
                self.inner.files.put(id.0, Bytes::from(bytes)).await.map_err(|error| {
                    tracing::error!(%error, "a photo could not be stored");
                    ApiError::NotStored
                })?;
                Some(id)
            }
        };
        let set = self.store().set_photo(agent, photo).await.map_err(changed("an agent with this photo"));
        let unused = match &set {
            Ok(before) => *before,
            Err(_) => photo,
        };
        if let Some(unused) = unused
            && let Err(error) = self.inner.files.delete(unused.0).await
        {
            tracing::warn!(%error, photo = %unused, "a photo that nobody has any more is still there");
        }
        if set? != photo {
            self.settings_changed();
        }
        Ok(photo)
    }

    /// The photo of this name, if an agent has it.
    ///
    /// # Errors
    /// [`ApiError::NoSuchFile`] when nobody has, [`ApiError::Internal`] when it cannot be read.
    pub async fn photo(&self, id: PhotoId) -> Result<Stored, ApiError> {
        // The store has the files of chats, too; those are not for everybody.
        if !self.store().is_photo(id).await.map_err(unreadable)? {
            return Err(ApiError::NoSuchFile);
        }
        let found = self.inner.files.get(id.0, None).await.map_err(|error| {
            tracing::error!(%error, "a photo could not be read");
            ApiError::Internal
        })?;
        found.ok_or(ApiError::NoSuchFile)
    }
}
