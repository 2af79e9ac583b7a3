//! Messages: how many, how quickly, and what each costs; of Frontdesk and of the references, one after the other.

use super::super::frontdesk::{Crew, Site};
use super::super::ladder;
use super::super::load::Load;
use super::super::process::{Server, next_address};
use super::super::raw;
use super::super::report::{Part, Row};
use super::super::rooms::{Dialect, enter};
use super::super::tally::Outcome;
use super::{AGENTS, CHATS, Plan};
use std::io;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// At this rate latency is compared, and at this one the cost of a message.
const CALM: f64 = 500.0;
const BUSY: f64 = 2_000.0;
const CALM_FOR: Duration = Duration::from_secs(8);
const BUSY_FOR: Duration = Duration::from_secs(6);
/// How long SQLite alone writes.
const RAW_FOR: Duration = Duration::from_secs(3);

/// What was measured of one server.
struct Measured {
    calm: Outcome,
    busy: Outcome,
    /// Messages per second; 0 when even the first step was too much.
    most: f64,
}

async fn measure(load: &Load, start: f64, part: &mut Part) -> Measured {
    let calm = load.run(CALM, CALM_FOR).await;
    println!("  {}", calm.line());
    let busy = load.run(BUSY, BUSY_FOR).await;
    println!("  {}", busy.line());
    let (best, runs) = ladder::climb(load, start).await;
    part.runs.extend([calm.json(), busy.json()]);
    part.runs.extend(runs);
    Measured { calm, busy, most: best.map_or(0.0, |best| best.achieved) }
}

pub async fn run(plan: &Plan) -> io::Result<Part> {
    let mut part = Part::default();
    let frontdesk = frontdesk(plan, &mut part).await?;
    let bare = reference(plan, "bare", Dialect::Bare, bare_command()?, 8_000.0, &mut part).await?;
    let node = match &plan.node {
        Some(folder) => {
            let mut command = Command::new("node");
            command.arg(folder.join("server.mjs"));
            Some(reference(plan, "socket.io", Dialect::SocketIo, command, 1_000.0, &mut part).await?)
        }
        None => None,
    };
    let raw = |batch, with_state| {
        raw::messages_per_second(&plan.work.join("raw.db"), batch, with_state, RAW_FOR).map_err(io::Error::other)
    };
    let (log, both) = (raw(256, false)?, raw(256, true)?);
    let share = |of: f64| frontdesk.most / of * 100.0;
    let (own, other) = (&frontdesk.calm.tally.seen, &bare.calm.tally.seen);
    part.rows.extend([
        Row::at_least("durable messages per second, p99 ≤ 25 ms", frontdesk.most, "/s", 10_000.0, 20_000.0),
        Row::at_least("… as a share of the bare reference", share(bare.most), "%", 30.0, 60.0),
        Row::plain("… as a share of SQLite alone, the same rows in batches of 256", share(both), "%"),
        Row::at_most(
            "send to other side at 500/s, p50, multiple of the bare reference",
            own.ms(0.5) / other.ms(0.5),
            "×",
            3.0,
            1.5,
        ),
        Row::at_most(
            "send to other side at 500/s, p99, multiple of the bare reference",
            own.ms(0.99) / other.ms(0.99),
            "×",
            3.0,
            1.5,
        ),
        Row::at_most("server CPU per message at 2,000/s", frontdesk.busy.cpu_us, "µs", 200.0, 80.0),
        Row::plain("send to other side at 500/s, p50", own.ms(0.5), "ms"),
        Row::plain("send to other side at 500/s, p99", own.ms(0.99), "ms"),
        Row::plain("bare reference: messages per second, p99 ≤ 25 ms", bare.most, "/s"),
        Row::plain("bare reference: send to other side at 500/s, p50", other.ms(0.5), "ms"),
        Row::plain("bare reference: send to other side at 500/s, p99", other.ms(0.99), "ms"),
        Row::plain("bare reference: server CPU per message at 2,000/s", bare.busy.cpu_us, "µs"),
        Row::plain("SQLite alone, batches of 256: rows of the log", log, "/s"),
        Row::plain("SQLite alone, batches of 256: rows of the log and of the chat", both, "/s"),
    ]);
    if let Some(node) = node {
        let seen = &node.calm.tally.seen;
        part.rows.extend([
            Row::plain("socket.io: messages per second, p99 ≤ 25 ms", node.most, "/s"),
            Row::plain("socket.io: send to other side at 500/s, p50", seen.ms(0.5), "ms"),
            Row::plain("socket.io: send to other side at 500/s, p99", seen.ms(0.99), "ms"),
            Row::plain("socket.io: server CPU per message at 2,000/s", node.busy.cpu_us, "µs"),
            Row::plain(
                "Frontdesk as a multiple of socket.io, messages per second",
                frontdesk.most / node.most.max(1.0),
                "×",
            ),
        ]);
    }
    Ok(part)
}

async fn frontdesk(plan: &Plan, part: &mut Part) -> io::Result<Measured> {
    let site = Site::fresh(&plan.frontdesk, &plan.work.join("messages"))?;
    Crew::hire(&site, AGENTS)?;
    let server = site.start().await?;
    let mut load = Load::new("Frontdesk", server.watched());
    let mut crew = Crew::open(&mut load, server.address, AGENTS).await?;
    crew.start_chats(0, CHATS).await?;
    crew.visitors_write(&mut load).await?;
    let measured = measure(&load, 4_000.0, part).await;
    drop(load);
    server.stop().await?;
    Ok(measured)
}

fn bare_command() -> io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("bare");
    Ok(command)
}

/// Starts a reference, which takes its address and its file as arguments, and measures it.
async fn reference(
    plan: &Plan,
    name: &str,
    dialect: Dialect,
    mut command: Command,
    start: f64,
    part: &mut Part,
) -> io::Result<Measured> {
    let address = next_address()?;
    let file = plan.work.join(format!("{name}.db"));
    remove(&file);
    command.arg(address.to_string()).arg(&file);
    let server = Server::start(command, &plan.work.join(format!("{name}.log")), address, "/healthz").await?;
    let mut load = Load::new(name, server.watched());
    enter(&mut load, dialect, address, CHATS).await?;
    let measured = measure(&load, start, part).await;
    drop(load);
    server.stop().await?;
    Ok(measured)
}

fn remove(file: &Path) {
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
    }
}
