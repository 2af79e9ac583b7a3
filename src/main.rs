//! The binary's commands.

use clap::{Args, Parser, Subcommand, ValueEnum};
use frontdesk::desk::setup::add_agent;
use frontdesk::model::agent::Role;
use frontdesk::server::config::{DataArgs, ServeArgs};
use frontdesk::server::{open_store, serve};
use std::io::Read as _;
use std::process::ExitCode;

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
        None => serve(cli.serve).await.map_err(|error| error.to_string()),
        Some(Command::Serve(args)) => serve(args).await.map_err(|error| error.to_string()),
        Some(Command::Agent(AgentCommand::Add(args))) => add(args).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
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
