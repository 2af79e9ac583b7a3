//! Two servers never work on the same things.

use crate::operations::DataLock;
use std::path::Path;

#[test]
fn a_data_directory_and_a_database_are_for_one_server_each() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    let data = |name: &str| {
        std::fs::create_dir_all(path(name)).unwrap();
        path(name)
    };
    let (one, two) = (data("one"), data("two"));
    let held = DataLock::take(&one, &one.join("frontdesk.db")).unwrap();
    let refused = |data: &Path, database: &Path| DataLock::take(data, database).unwrap_err().to_string();
    let sentence = refused(&one, &path("other.db"));
    assert!(sentence.starts_with(&*one.to_string_lossy()), "{sentence}");
    assert!(sentence.contains(&format!("is used by another Frontdesk (process {})", std::process::id())), "{sentence}");
    let sentence = refused(&two, &one.join("frontdesk.db"));
    assert!(sentence.starts_with(&*one.join("frontdesk.db").to_string_lossy()), "{sentence}");
    // What was refused holds nothing.
    let other = DataLock::take(&two, &two.join("frontdesk.db")).unwrap();
    drop(held);
    drop(other);
    DataLock::take(&one, &two.join("frontdesk.db")).unwrap();
}
