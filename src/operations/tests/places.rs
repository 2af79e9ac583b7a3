//! Where backups go and what they are restored to.

use super::{Installation, names, open, places, wrong};
use crate::model::chat::Audience;
use crate::operations::{DataLock, OperationError, Places, backup, restore};
use crate::store::ChatStore as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn sentence(error: OperationError) -> String {
    error.to_string()
}

async fn backed_up() -> (Installation, PathBuf, crate::model::ids::ChatId) {
    let house = Installation::new().await;
    let (visitor, chat) = house.start(1).await;
    house.send_file(visitor, chat, &b"content ".repeat(100)).await;
    let file = house.beside("a.tar");
    let made = backup(&house.places, &file, false, &mut |sentence| panic!("{sentence}")).await.unwrap();
    assert_eq!((made.files, made.missing, made.manifest.counts.chats), (1, 0, 1));
    assert_eq!(made.bytes, fs::metadata(&file).unwrap().len());
    (house, file, chat)
}

#[tokio::test]
async fn a_backup_is_for_its_owner_only_and_replaces_nothing_unasked() {
    let (house, file, _) = backed_up().await;
    assert_eq!(mode(&file), 0o600);
    assert_eq!(names(house.directory.path()), ["a.tar", "data"], "nothing else is left");
    let before = fs::read(&file).unwrap();
    let again = backup(&house.places, &file, false, &mut |_| {}).await.unwrap_err();
    assert!(sentence(again).contains("--overwrite"));
    assert_eq!(fs::read(&file).unwrap(), before);
    house.start(2).await;
    let made = backup(&house.places, &file, true, &mut |_| {}).await.unwrap();
    assert_eq!(made.manifest.counts.chats, 2);
    assert_ne!(fs::read(&file).unwrap(), before);
    let nowhere = house.beside("no such directory/a.tar");
    assert!(matches!(backup(&house.places, &nowhere, false, &mut |_| {}).await, Err(OperationError::Io { .. })));
    let nothing = places(&house.beside("nothing"));
    let none = backup(&nothing, &house.beside("b.tar"), false, &mut |_| {}).await.unwrap_err();
    assert!(sentence(none).contains("cannot be opened"));
    assert_eq!(names(house.directory.path()), ["a.tar", "data"]);
}

#[tokio::test]
async fn an_archive_that_tar_unpacked_is_a_data_directory() {
    let (house, file, chat) = backed_up().await;
    let places = places(&house.beside("by hand"));
    tar::Archive::new(fs::File::open(file).unwrap()).unpack(&places.data).unwrap();
    assert_eq!(wrong(&places).await, [""; 0]);
    assert_eq!(open(&places).await.events(chat, Audience::Agents, 0, 10).await.unwrap().len(), 4);
}

#[tokio::test]
async fn a_restored_installation_is_the_same_and_for_its_owner_only() {
    let (house, file, chat) = backed_up().await;
    let places = places(&house.beside("deep/restored"));
    let restored = restore(&file, &places, false).unwrap();
    assert_eq!((restored.files, restored.aside.len()), (1, 0));
    assert_eq!(wrong(&places).await, [""; 0]);
    let log = |store: crate::store::sqlite::SqliteStore| async move {
        store.events(chat, Audience::Agents, 0, 10).await.unwrap()
    };
    assert_eq!(log(open(&places).await).await, log(house.store.clone()).await);
    assert_eq!((mode(&places.data), mode(&places.files), mode(&places.database)), (0o700, 0o700, 0o600));
    assert_eq!(mode(&places.files.join(&names(&places.files)[0])), 0o700);
    let left = names(&places.data);
    assert!(left.iter().all(|name| !name.starts_with(".frontdesk-restore-")), "{left:?}");
}

#[tokio::test]
async fn what_is_there_is_kept_unless_it_is_to_be_moved_aside_and_then_it_is_whole_there() {
    let (house, file, chat) = backed_up().await;
    let (visitor, later) = house.start(2).await;
    house.send_file(visitor, later, b"newer").await;
    fs::create_dir(house.places.data.join("mail")).unwrap();
    fs::write(house.places.data.join("mail/a.eml"), "a letter").unwrap();
    let (live, held) = (house.places.clone(), DataLock::take(&house.places.data, &house.places.database).unwrap());
    let in_use = restore(&file, &live, true).unwrap_err();
    assert!(matches!(in_use, OperationError::InUse { .. }), "{in_use}");
    drop(held);
    house.store.close().await;
    let before = names(&live.data);
    let occupied = sentence(restore(&file, &live, false).unwrap_err());
    assert!(occupied.contains("--move-aside") && occupied.contains("frontdesk.db"), "{occupied}");
    assert_eq!(names(&live.data), before, "nothing has changed");
    assert_eq!(wrong(&live).await, [""; 0]);

    let restored = restore(&file, &live, true).unwrap();
    let [aside] = &*restored.aside else { panic!("{:?}", restored.aside) };
    let old = places(aside);
    assert_eq!((wrong(&live).await, wrong(&old).await), (vec![], vec![]));
    assert_eq!(fs::read_to_string(aside.join("mail/a.eml")).unwrap(), "a letter");
    assert!(open(&old).await.chat(later).await.unwrap().is_some());
    let now = open(&live).await;
    assert!(now.chat(later).await.unwrap().is_none() && now.chat(chat).await.unwrap().is_some());
    now.close().await;
    // What former restores left is in nobody's way; what is there now is.
    assert!(matches!(restore(&file, &live, false), Err(OperationError::Refused(_))));
}

#[tokio::test]
async fn database_and_files_may_lie_elsewhere() {
    let (house, file, chat) = backed_up().await;
    let places =
        Places { data: house.beside("data-2"), database: house.beside("db/chat.db"), files: house.beside("uploads") };
    restore(&file, &places, false).unwrap();
    assert_eq!(wrong(&places).await, [""; 0]);
    let store = open(&places).await;
    assert!(store.chat(chat).await.unwrap().is_some());
    store.close().await;
    assert!(matches!(restore(&file, &places, false), Err(OperationError::Refused(_))));
    let restored = restore(&file, &places, true).unwrap();
    assert_eq!(restored.aside.len(), 2, "beside the database, and in the directory of the files");
    assert_eq!(wrong(&places).await, [""; 0]);
    assert_eq!(names(&restored.aside[0]), ["chat.db"]);
}

#[tokio::test]
async fn a_file_that_is_not_there_is_told_and_the_rest_is_backed_up() {
    let (house, file, chat) = backed_up().await;
    let gone = house.upload(chat, b"never sent").await;
    house.files.delete(gone.id.0).await.unwrap();
    let short = house.upload(chat, b"short").await;
    house.files.put(short.id.0, b"longer than its row says".as_slice().into()).await.unwrap();
    let said = wrong(&house.places).await;
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].contains(&gone.id.to_string()) && said[0].ends_with("is missing."), "{said:?}");
    assert!(said[1].ends_with("has 24 bytes instead of 5."), "{said:?}");
    let mut said = Vec::new();
    let made = backup(&house.places, &file, true, &mut |sentence| said.push(sentence)).await.unwrap();
    assert_eq!((made.files, made.missing, said.len()), (2, 1, 2));
    assert!(said[0].contains(&gone.id.to_string()) && said[0].contains("removed meanwhile"), "{said:?}");
    let restored = restore(&file, &places(&house.beside("restored")), false).unwrap();
    assert_eq!(restored.files, 2);
    // Without the directory every file is missing.
    fs::rename(&house.places.files, house.beside("elsewhere")).unwrap();
    assert_eq!(wrong(&house.places).await.len(), 3);
    let made = backup(&house.places, &file, true, &mut |_| {}).await.unwrap();
    assert_eq!((made.files, made.missing), (0, 3));
}
