//! Checking an installation, also while its server runs.

use super::error::OperationError;
use super::places::Places;
use crate::files::FileStore;
use crate::store::sqlite::{Checked, SqliteReader, Tell};

/// Files that are looked up at one time.
const PAGE: u32 = 500;

/// What was looked at, and how much of it is wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// In the database.
    pub checked: Checked,
    /// Files whose bytes were looked for.
    pub files: u64,
    /// Things that are wrong, in all.
    pub wrong: u64,
}

/// Looks at everything that is kept and tells, one sentence each, what is wrong. Changes nothing.
///
/// # Errors
/// When the database cannot be opened, or is of another version.
pub async fn check(places: &Places, tell: Tell<'_>) -> Result<Verdict, OperationError> {
    let mut reader = SqliteReader::open(&places.database).await?;
    let checked = reader.check(&mut *tell).await?;
    let mut verdict = Verdict { checked, files: 0, wrong: checked.wrong };
    let store = if places.files.is_dir() { Some(FileStore::local(&places.files)?) } else { None };
    let mut after = None;
    loop {
        let page = reader.files(after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        for file in &page {
            verdict.files += 1;
            let size = match &store {
                Some(store) => store.size(file.id.0).await?,
                None => None,
            };
            // One that was never sent may have been forgotten since.
            if size != Some(file.size) && (file.attached || reader.keeps(file.id).await?) {
                let found =
                    size.map_or("is missing".to_owned(), |size| format!("has {size} bytes instead of {}", file.size));
                verdict.wrong += 1;
                tell(format!("File {} ({}) of chat {} {found}.", file.id, file.name, file.chat));
            }
        }
    }
    for (photo, agent) in reader.photos().await? {
        verdict.files += 1;
        let is_there = match &store {
            Some(store) => store.size(photo.0).await?.is_some_and(|size| size > 0),
            None => false,
        };
        // The agent may have another one since.
        if !is_there && reader.keeps_photo(photo).await? {
            verdict.wrong += 1;
            tell(format!("The photo {photo} of {agent} is missing."));
        }
    }
    reader.close().await;
    Ok(verdict)
}
