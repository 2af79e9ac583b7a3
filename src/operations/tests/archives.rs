//! Archives that are not what a backup makes are refused, and leave nothing behind.

use super::{Installation, names, places, wrong};
use crate::model::agent::Role;
use crate::model::ids::PhotoId;
use crate::operations::{backup, restore};
use crate::store::{NewAgent, PeopleStore as _};
use bytes::Bytes;
use std::fs;
use std::io::{Cursor, Read as _};
use std::path::{Path, PathBuf};
use tar::{EntryType, Header};
use uuid::Uuid;

/// The entries of an archive, by name.
type Entries = Vec<(String, Vec<u8>)>;

fn entries(archive: &[u8]) -> Entries {
    let mut tar = tar::Archive::new(Cursor::new(archive));
    let read = tar.entries().unwrap().map(|entry| {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().to_str().unwrap().to_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        (name, content)
    });
    read.collect()
}

/// An archive of these entries, whatever their names are.
fn archive_of(entries: &Entries) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in entries {
        builder.append(&header(name, content.len(), EntryType::Regular), &**content).unwrap();
    }
    builder.into_inner().unwrap()
}

/// A header with a name that the crate itself would not write.
fn header(name: &str, size: usize, kind: EntryType) -> Header {
    let mut header = Header::new_gnu();
    header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_size(size as u64);
    header.set_mode(0o600);
    header.set_entry_type(kind);
    header.set_cksum();
    header
}

struct Bench {
    house: Installation,
    good: Vec<u8>,
}

impl Bench {
    async fn new() -> Self {
        let house = Installation::new().await;
        let (visitor, chat) = house.start(1).await;
        for content in ["first", "second"] {
            house.send_file(visitor, chat, content.as_bytes()).await;
        }
        let file = house.beside("good.tar");
        backup(&house.places, &file, false, &mut |_| {}).await.unwrap();
        let good = fs::read(file).unwrap();
        assert_eq!(archive_of(&entries(&good)).len(), good.len(), "entries and archive are the same thing");
        Bench { house, good }
    }

    fn changed(&self, change: impl FnOnce(&mut Entries)) -> Vec<u8> {
        let mut entries = entries(&self.good);
        change(&mut entries);
        archive_of(&entries)
    }

    /// Tries to restore an archive and returns what is said.
    fn refused(&self, archive: &[u8], what: &str) -> String {
        let file: PathBuf = self.house.beside("bad.tar");
        fs::write(&file, archive).unwrap();
        let places = places(&self.house.beside("restored"));
        let said = match restore(&file, &places, false) {
            Ok(_) => panic!("{what} was restored"),
            Err(error) => error.to_string(),
        };
        let left = names(&places.data);
        assert!(left.iter().all(|name| name == "files" || name.ends_with(".lock")), "{what} left {left:?}");
        assert_eq!(names(&places.files), [""; 0], "{what}");
        assert!(!Path::new("/tmp/frontdesk-was-here").exists());
        said
    }
}

#[tokio::test]
async fn names_that_no_backup_has_are_refused() {
    let bench = Bench::new().await;
    let hostile = [
        "files/ab/cd/../../../../../../tmp/frontdesk-was-here",
        "/tmp/frontdesk-was-here",
        "../frontdesk.db",
        "files/ab/cd/not-an-id",
        "frontdesk.db-wal",
        "notes.txt",
    ];
    for name in hostile {
        let archive = bench.changed(|entries| entries.insert(2, (name.to_owned(), b"x".to_vec())));
        let said = bench.refused(&archive, name);
        assert!(said.contains("something that no backup has"), "{name}: {said}");
    }
    for kind in [EntryType::Symlink, EntryType::Link, EntryType::Directory, EntryType::Fifo, EntryType::Char] {
        let good = entries(&bench.good);
        let mut builder = tar::Builder::new(Vec::new());
        for (name, content) in &good[..2] {
            builder.append(&header(name, content.len(), EntryType::Regular), &**content).unwrap();
        }
        let mut link = header(&good[2].0, 0, kind);
        link.as_old_mut().linkname[..4].copy_from_slice(b"/tmp");
        link.set_cksum();
        builder.append(&link, &b""[..]).unwrap();
        let said = bench.refused(&builder.into_inner().unwrap(), "no regular file");
        assert!(said.contains("something that no backup has"), "{kind:?}: {said}");
    }
}

#[tokio::test]
async fn what_is_not_whole_or_not_as_it_was_is_refused() {
    let bench = Bench::new().await;
    for cut in [0, 1, 511, 512, 1_000, bench.good.len() / 2, bench.good.len() - 2_048 - 1, bench.good.len() - 2_048] {
        // The last 1024 bytes are empty, and the checksums before them fill less than a block more than these.
        let said = bench.refused(&bench.good[..cut], "an archive that was cut");
        assert!(said.contains("whole") || said.contains("no backup"), "after {cut}: {said}");
    }
    assert!(bench.refused(b"This is a letter.", "a letter").contains("no whole backup"));
    for number in 1..5 {
        let archive = bench.changed(|entries| {
            let content = &mut entries[number].1;
            let middle = content.len() / 2;
            content[middle] ^= 1;
        });
        let said = bench.refused(&archive, "a changed byte");
        assert!(said.contains("damaged"), "{number}: {said}");
    }
    let archive = bench.changed(|entries| drop(entries.remove(2)));
    assert!(bench.refused(&archive, "a file less").contains("damaged"));
    let archive = bench.changed(|entries| drop(entries.remove(3)));
    assert!(bench.refused(&archive, "the last file less").contains("not whole"));
    let archive = bench.changed(|entries| entries.insert(2, entries[2].clone()));
    assert!(bench.refused(&archive, "a file twice").contains("twice"));
    let archive = bench.changed(|entries| entries.push(entries[2].clone()));
    assert!(bench.refused(&archive, "a file after the end").contains("no backup has"));
    let archive = bench.changed(|entries| entries.swap(0, 1));
    assert!(bench.refused(&archive, "another order").contains("no backup has"));
}

#[tokio::test]
async fn what_a_newer_frontdesk_made_is_refused_before_anything_is_unpacked() {
    let bench = Bench::new().await;
    for (field, value) in [("format", 2), ("schema", 9_999)] {
        let archive = bench.changed(|entries| {
            let mut manifest: serde_json::Value = serde_json::from_slice(&entries[0].1).unwrap();
            manifest[field] = value.into();
            manifest["frontdesk"] = "9.9.9".into();
            entries[0].1 = serde_json::to_vec(&manifest).unwrap();
            entries[1].1 = b"of a form that nobody here knows".to_vec();
        });
        let said = bench.refused(&archive, field);
        assert!(said.contains("newer Frontdesk (9.9.9;"), "{field}: {said}");
    }
    let archive = bench.changed(|entries| entries[0].1 = b"{}".to_vec());
    assert!(bench.refused(&archive, "no manifest").contains("manifest cannot be read"));
}

#[tokio::test]
async fn photos_of_agents_are_in_a_backup_and_missing_ones_are_named() {
    let installation = Installation::new().await;
    let new = NewAgent {
        name: "Grace".into(),
        email: "grace@example.com".into(),
        role: Role::Agent,
        password_hash: String::new(),
        departments: vec![],
    };
    let agent = installation.store.add_agent(new, 1).await.unwrap();
    let photo = PhotoId(Uuid::new_v4());
    installation.files.put(photo.0, Bytes::from_static(b"a photo")).await.unwrap();
    installation.store.set_photo(agent, Some(photo)).await.unwrap();
    assert_eq!(wrong(&installation.places).await, [""; 0]);
    let target = installation.beside("backup.tar");
    let made = backup(&installation.places, &target, false, &mut |sentence| panic!("{sentence}")).await;
    assert_eq!(made.unwrap().files, 1);

    installation.files.delete(photo.0).await.unwrap();
    assert_eq!(wrong(&installation.places).await, [format!("The photo {photo} of Grace is missing.")]);
    assert_eq!(installation.store.set_photo(agent, None).await.unwrap(), Some(photo));
    assert_eq!(wrong(&installation.places).await, [""; 0]);
}
