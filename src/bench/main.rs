//! The load generator of `make bench`: thousands of visitors and dozens of agents who speak the public protocol, and the
//! references that the figures are held against. `docs/performance.md` tells the method.

mod bare;
mod clock;
mod fill;
mod frontdesk;
mod http;
mod ladder;
mod load;
mod net;
mod process;
mod raw;
mod report;
mod rooms;
mod sections;
mod socket;
mod tally;

use clap::{Args, Parser, Subcommand};
use sections::Plan;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::task::LocalSet;

/// As in the server: the references shall not lose by another one.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures Frontdesk and what it is held against.
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Measure, and write what each section found into the folder of parts
    Run(RunArgs),
    /// Put the parts together: print the table, write the results
    Report {
        /// The folder of parts
        parts: PathBuf,
        /// The file to write
        results: PathBuf,
    },
    /// Serve the bare reference
    #[command(hide = true)]
    Bare { address: SocketAddr, file: PathBuf },
}

#[derive(Args)]
struct RunArgs {
    /// The server's binary
    #[arg(long)]
    frontdesk: PathBuf,
    /// Folder of the Node.js reference with its packages
    #[arg(long)]
    node: Option<PathBuf>,
    /// Folder for databases and logs
    #[arg(long)]
    work: PathBuf,
    /// Folder for what each section found
    #[arg(long)]
    parts: PathBuf,
    /// Only these sections, parted by commas
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Without a million stored chats
    #[arg(long)]
    quick: bool,
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Run(args) => on_one_thread(run(args)),
        Command::Report { parts, results } => report::finish(&parts, &results),
        Command::Bare { address, file } => serve(address, &file),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("frontdesk-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The generator has one thread for everybody: it shares the machine with what it measures.
fn on_one_thread(work: impl Future<Output = io::Result<()>>) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, work)
}

fn serve(address: SocketAddr, file: &std::path::Path) -> io::Result<()> {
    tokio::runtime::Runtime::new()?.block_on(bare::serve(address, file))
}

async fn run(args: RunArgs) -> io::Result<()> {
    let RunArgs { frontdesk, node, work, parts, only, quick } = args;
    let plan = Plan { frontdesk, node, work, quick };
    std::fs::create_dir_all(&plan.work)?;
    let wanted: Vec<&str> = match only.is_empty() {
        true => sections::ALL.to_vec(),
        false => only.iter().map(String::as_str).collect(),
    };
    for section in wanted {
        println!("==> {section}");
        match sections::run(section, &plan).await? {
            Some(part) => part.write(&parts, section)?,
            None => {
                let known = sections::ALL.join(", ");
                return Err(io::Error::other(format!("there is no section {section}: {known}")));
            }
        }
    }
    Ok(())
}
