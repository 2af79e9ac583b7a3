//! The binary's commands.

use clap::{Args, Parser, Subcommand, ValueEnum};
use frontdesk::desk::setup::add_agent;
use frontdesk::model::agent::Role;
use frontdesk::operations;
use frontdesk::server::config::{DataArgs, PlacesArgs, ServeArgs};
use frontdesk::server::{open_store, serve};
use std::io::Read as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// A message is some hundred small allocations; the system's own takes a sixth of the time for them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Live chat for a company's website, run by the company itself.
#[derive(Parser)]
#[command(version, about, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: ServeArgs,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the widget and the console (what happens without a command)
    Serve(ServeArgs),
    /// Manage agents
    #[command(subcommand)]
    Agent(AgentCommand),
    /// Write everything into one file, also while the server runs
    ///
    /// The file is a tar archive with the database as of one moment, the files that people sent, and checksums. Mails in
    /// DIR/mail are not in it. It holds conversations and the key to links of files: keep it as safe as the data itself.
    Backup(BackupArgs),
    /// Put a backup where nothing is yet; the server must not run there
    ///
    /// The archive is unpacked and checked before anything is changed. One that is damaged, or was made by a newer
    /// Frontdesk, is refused. Run this as the user that the server runs as.
    Restore(RestoreArgs),
    /// Look whether everything that is kept is as it should be, also while the server runs
    ///
    /// Changes nothing. Says in sentences what is wrong, and then ends with the exit code 1. Looked at are the database
    /// file, the log of every chat and all that is derived from it, tickets, the search, the outbox, and whether each file
    /// is there with its right size.
    Check(PlacesArgs),
}

#[derive(Args)]
struct BackupArgs {
    /// The file to write; it appears when it is whole
    file: PathBuf,
    /// Replace the file when there is one
    #[arg(long)]
    overwrite: bool,
    #[command(flatten)]
    places: PlacesArgs,
}

#[derive(Args)]
struct RestoreArgs {
    /// The backup
    file: PathBuf,
    /// Move what is there already into a directory `before-restore-TIME` beside it; nothing is deleted
    #[arg(long)]
    move_aside: bool,
    #[command(flatten)]
    places: PlacesArgs,
}

#[derive(Subcommand)]
enum AgentCommand {
    /// Add an agent, also while the server runs
    Add(AddArgs),
}

#[derive(Args)]
struct AddArgs {
    /// Email address to log in with
    #[arg(long)]
    email: String,
    /// Name that visitors see
    #[arg(long)]
    name: String,
    /// What the agent may do
    #[arg(long, value_enum, default_value = "agent")]
    role: RoleArg,
    /// Department the agent belongs to; may be given several times, new ones are created
    #[arg(long = "department", value_name = "NAME")]
    departments: Vec<String>,
    /// Read the password from standard input
    #[arg(long, required = true)]
    password_stdin: bool,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleArg {
    Admin,
    Agent,
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command {
        None => serve(cli.serve).await.map_err(|error| error.to_string()).map(|()| ExitCode::SUCCESS),
        Some(Command::Serve(args)) => serve(args).await.map_err(|error| error.to_string()).map(|()| ExitCode::SUCCESS),
        Some(Command::Agent(AgentCommand::Add(args))) => add(args).await.map(|()| ExitCode::SUCCESS),
        Some(Command::Backup(args)) => backup(args).await.map(|()| ExitCode::SUCCESS),
        Some(Command::Restore(args)) => restore(args).map(|()| ExitCode::SUCCESS),
        Some(Command::Check(args)) => check(args).await,
    };
    match outcome {
        Ok(code) => code,
        Err(sentence) => {
            eprintln!("frontdesk: {sentence}");
            ExitCode::FAILURE
        }
    }
}

async fn add(args: AddArgs) -> Result<(), String> {
    // One password and no more: a terminal's or a file's last line break is not part of it.
    let mut password = String::new();
    let read = std::io::stdin().take(4_096).read_to_string(&mut password);
    read.map_err(|_| "The password on standard input is not text.".to_owned())?;
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    let role = match args.role {
        RoleArg::Admin => Role::Admin,
        RoleArg::Agent => Role::Agent,
    };
    let (commits, _) = tokio::sync::mpsc::channel(1);
    let store = open_store(&args.data, commits).await.map_err(|error| error.to_string())?;
    let added = add_agent(&store, &args.name, &args.email, role, args.departments, password).await;
    store.close().await;
    let id = added.map_err(|error| error.to_string())?;
    println!("Agent {id} added: {} <{}>", args.name.trim(), args.email.trim());
    Ok(())
}

async fn backup(args: BackupArgs) -> Result<(), String> {
    let mut tell = |sentence: String| eprintln!("{sentence}");
    let made = operations::backup(&args.places.places()?, &args.file, args.overwrite, &mut tell).await;
    let made = made.map_err(|error| error.to_string())?;
    let counts = made.manifest.counts;
    println!(
        "{} has {} bytes: {} chats with {} events, {} tickets, {} files.",
        args.file.display(),
        made.bytes,
        counts.chats,
        counts.events,
        counts.tickets,
        made.files
    );
    if made.missing > 0 {
        println!("{} files could not be found; see above.", made.missing);
    }
    Ok(())
}

fn restore(args: RestoreArgs) -> Result<(), String> {
    let places = args.places.places()?;
    let restored = operations::restore(&args.file, &places, args.move_aside).map_err(|error| error.to_string())?;
    let counts = restored.manifest.counts;
    for aside in restored.aside {
        println!("What was there before is now in {}.", aside.display());
    }
    println!(
        "{} holds {} chats with {} events, {} tickets, {} files again.",
        places.data.display(),
        counts.chats,
        counts.events,
        counts.tickets,
        restored.files
    );
    Ok(())
}

async fn check(args: PlacesArgs) -> Result<ExitCode, String> {
    let mut tell = |sentence: String| println!("{sentence}");
    let verdict = operations::check(&args.places()?, &mut tell).await.map_err(|error| error.to_string())?;
    let checked = verdict.checked;
    println!(
        "Looked at {} chats with {} events, {} tickets, {} jobs of the outbox, {} files: {}.",
        checked.chats,
        checked.events,
        checked.tickets,
        checked.jobs,
        verdict.files,
        match verdict.wrong {
            0 => "everything is as it should be".to_owned(),
            1 => "one thing is wrong".to_owned(),
            more => format!("{more} things are wrong"),
        }
    );
    Ok(if verdict.wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
