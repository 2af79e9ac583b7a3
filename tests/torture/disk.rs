//! A disk that becomes full, read-only, hangs, or keeps what is written in memory, under a running server: `shim.rs` stands
//! between the two. That works for every user and in every container.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The disk of one server.
pub struct Disk {
    library: PathBuf,
    switch: PathBuf,
    below: PathBuf,
}

impl Disk {
    /// The disk on which `below` is; `place` is a directory for what belongs to the test.
    pub fn new(place: &Path, below: &Path) -> Self {
        let (library, switch) = (place.join("disk.so"), place.join("switch"));
        fs::create_dir(&switch).expect("a directory");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/torture/shim.rs");
        let mut rustc = Command::new(std::env::var("RUSTC").unwrap_or_else(|_| "rustc".into()));
        rustc.args(["--edition", "2024", "--crate-type", "cdylib", "--crate-name", "disk", "-O", "-C", "panic=abort"]);
        let built = rustc.arg("-o").arg(&library).arg(&source).output().expect("the compiler");
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        let disk = Disk { library, switch, below: below.to_owned() };
        disk.proves_to_work();
        disk
    }

    /// Sees that it stands where it should, so that no story is told of a disk that is as always.
    fn proves_to_work(&self) {
        let file = self.below.join("proof");
        let write = || {
            let mut command = Command::new("sh");
            command.args(["-c", "echo proof > \"$0\"", &file.to_string_lossy()]);
            self.stand_before(&mut command);
            command.output().expect("it runs").status.success()
        };
        self.is_read_only(true);
        assert!(!write(), "the disk is not read-only");
        self.is_read_only(false);
        self.is_full(true);
        assert!(!write(), "the disk is not full");
        self.is_full(false);
        assert!(write(), "the disk cannot be written");
        fs::remove_file(&file).expect("it is gone");
    }

    /// Puts it between a program and its files.
    pub fn stand_before(&self, command: &mut Command) {
        command.env("LD_PRELOAD", &self.library).env("DISK_SWITCH", &self.switch).env("DISK_BELOW", &self.below);
    }

    /// There is no room for anything, and the first writes end in their middle; or there is room again.
    pub fn is_full(&self, on: bool) {
        self.set("full", on);
    }

    /// Nothing can be changed, as when the kernel has found the file system broken; or everything again.
    pub fn is_read_only(&self, on: bool) {
        self.set("read-only", on);
    }

    /// Whoever changes something waits; or no longer.
    pub fn hangs(&self, on: bool) {
        self.set("hang", on);
    }

    /// What is written stays in memory, and whoever asks for it to be on the disk waits; or no longer.
    pub fn is_forgetful(&self, on: bool) {
        let _ = fs::remove_file(self.switch.join("asked"));
        self.set("forgetful", on);
    }

    /// The files that somebody waits for to be on a forgetful disk.
    pub fn asked_for(&self) -> String {
        fs::read_to_string(self.switch.join("asked")).unwrap_or_default()
    }

    /// Everything is well again.
    pub fn is_well(&self) {
        for switch in fs::read_dir(&self.switch).expect("the switches") {
            fs::remove_file(switch.expect("a switch").path()).expect("the switch is off");
        }
    }

    fn set(&self, switch: &str, on: bool) {
        let file = self.switch.join(switch);
        match on {
            true => fs::write(file, "").expect("the switch is on"),
            false => fs::remove_file(file).expect("the switch is off"),
        }
    }
}
