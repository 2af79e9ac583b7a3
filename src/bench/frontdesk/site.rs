//! A Frontdesk of this run: its binary, its data, its agents.

use super::super::process::{Server, next_address};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The password of all agents.
pub const PASSWORD: &str = "a password for benchmarks";

/// A Frontdesk that can be started and stopped on the same data.
pub struct Site {
    binary: PathBuf,
    data: PathBuf,
}

impl Site {
    /// One without data yet.
    pub fn fresh(binary: &Path, data: &Path) -> io::Result<Site> {
        let _ = std::fs::remove_dir_all(data);
        std::fs::create_dir_all(data)?;
        Ok(Site { binary: binary.to_owned(), data: data.to_owned() })
    }

    /// The SQLite file.
    pub fn database(&self) -> PathBuf {
        self.data.join("frontdesk.db")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        // What the caller's shell sets for a Frontdesk of their own is not for this one.
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("FRONTDESK_")) {
            command.env_remove(name);
        }
        command.env_remove("DATABASE_URL").env_remove("RUST_LOG").args(arguments).arg("--data").arg(&self.data);
        command
    }

    /// Adds an agent.
    pub fn add_agent(&self, number: usize) -> io::Result<()> {
        let (email, name) = (email(number), format!("Agent {number}"));
        let mut command = self.command(&["agent", "add", "--email", &email, "--name", &name, "--password-stdin"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
        if let Some(mut input) = child.stdin.take() {
            input.write_all(PASSWORD.as_bytes())?;
        }
        if child.wait()?.success() { Ok(()) } else { Err(io::Error::other("the agent was not added")) }
    }

    /// Starts the server and waits until it is ready.
    pub async fn start(&self) -> io::Result<Server> {
        let address = next_address()?;
        let mut command = self.command(&["serve"]);
        command.arg("--addr").arg(address.to_string());
        Server::start(command, &self.data.join("log"), address, "/readyz").await
    }
}

/// The email of the agent with this number.
pub fn email(number: usize) -> String {
    format!("agent{number}@example.com")
}
