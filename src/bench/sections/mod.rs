//! The sections of a run. Each has a name, works on files of its own and leaves nothing running.

mod beacons;
mod growth;
mod lists;
mod memory;
mod messages;
mod realistic;

use super::report::Part;
use std::io;
use std::path::PathBuf;

/// What a run works with.
pub struct Plan {
    /// The server's binary.
    pub frontdesk: PathBuf,
    /// The folder of the Node.js reference with its packages; without it that reference is left out.
    pub node: Option<PathBuf>,
    /// Where databases and logs of the run are.
    pub work: PathBuf,
    /// Without what takes long: a million stored chats.
    pub quick: bool,
}

/// The names of all sections, in their order.
pub const ALL: [&str; 6] = ["messages", "realistic", "memory", "beacons", "lists", "growth"];

/// Runs a section; nothing when there is none of this name.
///
/// # Errors
/// When a server does not start or does not answer.
pub async fn run(name: &str, plan: &Plan) -> io::Result<Option<Part>> {
    Ok(Some(match name {
        "messages" => messages::run(plan).await?,
        "realistic" => realistic::run(plan).await?,
        "memory" => memory::run(plan).await?,
        "beacons" => beacons::run(plan).await?,
        "lists" => lists::run(plan).await?,
        "growth" => growth::run(plan).await?,
        _ => return Ok(None),
    }))
}

/// Agents at work, and the chats that each answers: what a console follows.
pub const AGENTS: usize = 48;
pub const CHATS: usize = AGENTS * 20;
