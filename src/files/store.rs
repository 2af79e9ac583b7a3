//! Where the bytes of files are.

use super::error::FilesError;
use bytes::Bytes;
use futures::stream::{BoxStream, StreamExt as _};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{GetOptions, ObjectStore, ObjectStoreExt as _};
use std::fs::DirBuilder;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use uuid::Uuid;

/// What is written to see whether anything can be.
const PROBE: &str = ".frontdesk-write-test";
/// As much as the smallest file takes on most disks, so that a full one is noticed.
const PROBE_BYTES: usize = 4_096;

/// The files of an installation, each under its id. Cheap to clone.
#[derive(Clone)]
pub struct FileStore {
    store: Arc<dyn ObjectStore>,
}

/// A file that is being read.
pub struct Stored {
    /// Bytes of the whole file.
    pub len: u64,
    /// The bytes that come.
    pub range: Range<u64>,
    /// They come in small pieces as they are asked for.
    pub stream: BoxStream<'static, Result<Bytes, FilesError>>,
}

impl FileStore {
    /// Opens what `FRONTDESK_FILES` names: a directory, for now.
    ///
    /// # Errors
    /// [`FilesError::Scheme`] for `s3://` and other places that are no directory, and those of [`FileStore::local`].
    pub fn open(place: &str) -> Result<Self, FilesError> {
        match place.split_once("://") {
            Some((scheme, _)) => Err(FilesError::Scheme { scheme: scheme.to_owned() }),
            None => Self::local(Path::new(place)),
        }
    }

    /// Keeps files in a directory. A missing one is created, for the server's user alone.
    ///
    /// # Errors
    /// [`FilesError::Directory`] when it cannot be made or entered.
    pub fn local(directory: &Path) -> Result<Self, FilesError> {
        let problem = |source| FilesError::Directory { path: directory.to_owned(), source };
        create(directory).map_err(problem)?;
        let store = LocalFileSystem::new_with_prefix(directory).map_err(|error| problem(io::Error::other(error)))?;
        Ok(FileStore { store: Arc::new(store.with_fsync(true)) })
    }

    /// Keeps the bytes, in place of what was there. When this returns they survive a power cut: they are written to a
    /// file beside (`<id>#1`), synced, renamed, and the directories are synced (not on Windows). Until then a reader
    /// finds the old file or none. What a crash leaves behind is that file beside, which is never read.
    ///
    /// # Errors
    /// [`FilesError::Store`], such as for a full disk.
    pub async fn put(&self, id: Uuid, bytes: Bytes) -> Result<(), FilesError> {
        self.store.put(&key(id), bytes.into()).await.map_err(problem("stored"))?;
        Ok(())
    }

    /// Opens a file, or the part of it in `range` (cut where the file ends). `None` when there is no such file.
    ///
    /// # Errors
    /// [`FilesError::Store`] when it cannot be read, or `range` is empty or begins behind the end.
    pub async fn get(&self, id: Uuid, range: Option<Range<u64>>) -> Result<Option<Stored>, FilesError> {
        let options = GetOptions { range: range.map(Into::into), ..GetOptions::default() };
        match self.store.get_opts(&key(id), options).await {
            Ok(found) => Ok(Some(Stored {
                len: found.meta.size,
                range: found.range.clone(),
                stream: found.into_stream().map(|piece| piece.map_err(problem("read"))).boxed(),
            })),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(problem("read")(error)),
        }
    }

    /// How many bytes a file has. `None` when there is no such file.
    ///
    /// # Errors
    /// [`FilesError::Store`].
    pub async fn size(&self, id: Uuid) -> Result<Option<u64>, FilesError> {
        match self.store.head(&key(id)).await {
            Ok(found) => Ok(Some(found.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(problem("read")(error)),
        }
    }

    /// Keeps a block under a name that no file has, and forgets it: proves that there is room and that it may be written.
    ///
    /// # Errors
    /// [`FilesError::Store`].
    pub async fn check(&self) -> Result<(), FilesError> {
        let probe = Key::from(PROBE);
        self.store.put(&probe, Bytes::from_static(&[0; PROBE_BYTES]).into()).await.map_err(problem("stored"))?;
        self.store.delete(&probe).await.map_err(problem("deleted"))
    }

    /// Where a file lies below the place of all, with `/` between the parts.
    pub fn path_of(id: Uuid) -> String {
        key(id).to_string()
    }

    /// Forgets a file. One that is not there is forgotten already. After a power cut it may be there again.
    ///
    /// # Errors
    /// [`FilesError::Store`].
    pub async fn delete(&self, id: Uuid) -> Result<(), FilesError> {
        match self.store.delete(&key(id)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(problem("deleted")(error)),
        }
    }
}

/// `ab/cd/<id>`, so that no directory grows endless. The letters are the last of the id: the first ones of a UUIDv7 are
/// the time, and would be the same for years.
fn key(id: Uuid) -> Key {
    let id = id.to_string();
    let (rest, last) = id.split_at(id.len() - 2);
    let (_, before) = rest.split_at(rest.len() - 2);
    Key::from_iter([last, before, id.as_str()])
}

fn problem(action: &'static str) -> impl Fn(object_store::Error) -> FilesError {
    move |source| FilesError::Store { action, source }
}

fn create(directory: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::TryStreamExt as _;

    const ID: Uuid = Uuid::from_u128(0x0190_1234_5678_7abc_8def_0123_4567_89ab);

    async fn read(store: &FileStore, range: Option<Range<u64>>) -> Option<(u64, Range<u64>, Vec<u8>)> {
        let stored = store.get(ID, range).await.unwrap()?;
        let bytes: Vec<Bytes> = stored.stream.try_collect().await.unwrap();
        Some((stored.len, stored.range, bytes.concat()))
    }

    #[tokio::test]
    async fn a_file_comes_back_whole_or_in_part_until_it_is_deleted() {
        let data = tempfile::tempdir().unwrap();
        let store = FileStore::local(&data.path().join("files")).unwrap();
        assert!(read(&store, None).await.is_none());
        let content: Vec<u8> = (0..100_000u32).map(|at| (at % 251) as u8).collect();
        store.put(ID, b"a first try".as_slice().into()).await.unwrap();
        store.put(ID, content.clone().into()).await.unwrap();
        assert_eq!(read(&store, None).await.unwrap(), (100_000, 0..100_000, content.clone()));
        assert_eq!(read(&store, Some(10..20_000)).await.unwrap(), (100_000, 10..20_000, content[10..20_000].to_vec()));
        assert_eq!(read(&store, Some(99_999..u64::MAX)).await.unwrap().1, 99_999..100_000);
        assert!(store.get(ID, Some(100_000..100_001)).await.is_err());
        assert_eq!(store.size(ID).await.unwrap(), Some(100_000));
        store.delete(ID).await.unwrap();
        assert_eq!(store.size(ID).await.unwrap(), None);
        store.delete(ID).await.unwrap();
        assert!(read(&store, None).await.is_none());
    }

    #[tokio::test]
    async fn files_lie_in_small_directories_with_nothing_beside_them() {
        let data = tempfile::tempdir().unwrap();
        let store = FileStore::local(data.path()).unwrap();
        store.put(ID, b"content".as_slice().into()).await.unwrap();
        let directory = data.path().join("ab/89");
        assert_eq!(std::fs::read(directory.join(ID.to_string())).unwrap(), b"content");
        assert_eq!(data.path().join(FileStore::path_of(ID)), directory.join(ID.to_string()));
        assert_eq!(std::fs::read_dir(&directory).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn whether_it_can_be_written_is_tried_and_leaves_nothing() {
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join("files");
        let store = FileStore::local(&path).unwrap();
        store.check().await.unwrap();
        assert_eq!(std::fs::read_dir(&path).unwrap().count(), 0);
        // Also for those who may write everywhere: what is no directory any more takes no file.
        std::fs::remove_dir(&path).unwrap();
        std::fs::write(&path, "in the way").unwrap();
        store.check().await.unwrap_err();
    }

    #[cfg(unix)]
    #[test]
    fn the_directory_is_for_the_servers_user_alone() {
        use std::os::unix::fs::PermissionsExt;
        let data = tempfile::tempdir().unwrap();
        let path = data.path().join("a/files");
        FileStore::local(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_place_that_cannot_be_is_refused_in_words_that_name_the_setting() {
        let error = FileStore::open("s3://bucket/prefix").err().unwrap().to_string();
        assert!(error.contains("FRONTDESK_FILES cannot be s3://"), "{error}");
        let data = tempfile::tempdir().unwrap();
        let file = data.path().join("files");
        std::fs::write(&file, "in the way").unwrap();
        let error = FileStore::open(file.to_str().unwrap()).err().unwrap().to_string();
        assert!(error.contains("FRONTDESK_FILES") && error.contains(file.to_str().unwrap()), "{error}");
        assert!(FileStore::open(data.path().join("other").to_str().unwrap()).is_ok());
    }
}
