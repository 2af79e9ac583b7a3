//! Costs that must not grow: of a message with the length of its chat, with the chats that are stored, and with the sockets
//! that are not concerned; memory with the chats that have ended, before this start and since. Consoles are concerned by
//! every message, since their lists show it: what that costs is measured, too.

use super::super::fill;
use super::super::frontdesk::{Crew, Site, look_on, template};
use super::super::load::Load;
use super::super::report::{Part, Row};
use super::Plan;
use serde_json::json;
use std::io;
use std::time::Duration;

const RATE: f64 = 1_000.0;
const TIME: Duration = Duration::from_secs(4);
const LENGTHS: [i64; 3] = [10, 1_000, 10_000];
const STORED: [u64; 3] = [1_000, 10_000, 100_000];
const SOCKETS: [usize; 3] = [0, 2_000, 8_000];
/// Consoles that follow none of the chats, beside those that do.
const CONSOLES: [usize; 3] = [0, 10, 45];
/// Largest growth that is noise, as a multiple; and what a chat that has ended may leave in memory, in bytes.
const NOISE: (f64, f64) = (1.5, 1.2);
const LEFT_OVER: (f64, f64) = (512.0, 128.0);
/// The caches are full in between: of the last step nothing may be left.
const ENDED: [usize; 3] = [5_000, 17_000, 29_000];
/// Unless it is to be quick, the last size is this one.
const FULL_SIZE: u64 = 1_000_000;
/// After this time nothing moves any more.
const SETTLED: Duration = Duration::from_secs(2);
/// Agents, and the chats in which is written.
const AGENTS: usize = 3;
const CHATS: usize = AGENTS * 20;

pub async fn run(plan: &Plan) -> io::Result<Part> {
    let mut part = Part::default();
    by_length(plan, &mut part).await?;
    by_stored(plan, &mut part).await?;
    by_sockets(plan, &mut part).await?;
    by_consoles(plan, &mut part).await?;
    by_ended(plan, &mut part).await?;
    Ok(part)
}

/// A site with so many agents, of whom the first few have taken chats. It is not running any more.
async fn with_chats(plan: &Plan, folder: &str, agents: usize) -> io::Result<(Site, Crew)> {
    let site = Site::fresh(&plan.frontdesk, &plan.work.join(folder))?;
    Crew::hire(&site, agents)?;
    let server = site.start().await?;
    let mut load = Load::new("starts", server.watched());
    let mut crew = Crew::open(&mut load, server.address, AGENTS).await?;
    crew.start_chats(0, CHATS).await?;
    drop(load);
    server.stop().await?;
    Ok((site, crew))
}

async fn by_length(plan: &Plan, part: &mut Part) -> io::Result<()> {
    let (site, first) = with_chats(plan, "growth-length", AGENTS).await?;
    let chats: Vec<i64> = first.visitors.iter().map(|visitor| visitor.chat).collect();
    let mut costs = Vec::new();
    for length in LENGTHS {
        fill::lengthen(&site.database(), &chats, length).map_err(io::Error::other)?;
        costs.push(cost(&site, &first, Others::default(), format!("chats of {length} events"), part).await?);
    }
    compare(part, "with the length of the chat, 10 to 10,000 events", &costs);
    Ok(())
}

async fn by_stored(plan: &Plan, part: &mut Part) -> io::Result<()> {
    let site = Site::fresh(&plan.frontdesk, &plan.work.join("growth-stored"))?;
    let ended = template(&site).await?;
    (1..AGENTS).try_for_each(|number| site.add_agent(number))?;
    let server = site.start().await?;
    let mut load = Load::new("starts", server.watched());
    let mut first = Crew::open(&mut load, server.address, AGENTS).await?;
    first.start_chats(10, CHATS).await?;
    drop(load);
    server.stop().await?;
    let mut costs = Vec::new();
    let mut memory = Vec::new();
    let sizes = STORED.into_iter().chain((!plan.quick).then_some(FULL_SIZE));
    for stored in sizes.clone() {
        fill::copies(&site.database(), ended, stored).map_err(io::Error::other)?;
        memory.push(resident_after_start(&site).await?);
        costs.push(cost(&site, &first, Others::default(), format!("{stored} stored chats"), part).await?);
    }
    let range = format!("{} to {}", STORED[0], sizes.max().unwrap_or_default());
    compare(part, &format!("with stored chats, {range}"), &costs);
    part.runs.push(json!({ "resident_after_start": memory, "stored": STORED, "quick": plan.quick }));
    grows(part, &format!("resident memory after a start grows with stored chats, {range}"), &memory);
    Ok(())
}

async fn by_sockets(plan: &Plan, part: &mut Part) -> io::Result<()> {
    let (site, first) = with_chats(plan, "growth-sockets", AGENTS).await?;
    let mut costs = Vec::new();
    for widgets in SOCKETS {
        let others = Others { widgets, ..Others::default() };
        costs.push(cost(&site, &first, others, format!("{widgets} uninvolved sockets"), part).await?);
    }
    compare(part, "with uninvolved sockets, 0 to 8,000", &costs);
    Ok(())
}

async fn by_consoles(plan: &Plan, part: &mut Part) -> io::Result<()> {
    let (site, first) = with_chats(plan, "growth-consoles", AGENTS + CONSOLES[2]).await?;
    let mut costs = Vec::new();
    for consoles in CONSOLES {
        let others = Others { consoles, ..Others::default() };
        costs.push(cost(&site, &first, others, format!("{consoles} consoles that only look on"), part).await?);
    }
    // Each console's list shows every change. No promise: it is what the lists cost.
    let each = (costs[2] - costs[0]) / CONSOLES[2] as f64;
    part.rows.push(Row::plain("CPU per message at 1,000/s for each console that only looks on", each, "µs"));
    Ok(())
}

/// Chats that come and go while the server runs.
async fn by_ended(plan: &Plan, part: &mut Part) -> io::Result<()> {
    let site = Site::fresh(&plan.frontdesk, &plan.work.join("growth-ended"))?;
    // Many: none of them may do more than a person can.
    Crew::hire(&site, super::AGENTS)?;
    let server = site.start().await?;
    let mut load = Load::new("ended chats", server.watched());
    let crew = Crew::open(&mut load, server.address, super::AGENTS).await?;
    let mut memory = Vec::new();
    let mut gone = 0;
    for ended in ENDED {
        crew.come_and_go(gone, ended - gone).await?;
        gone = ended;
        tokio::time::sleep(SETTLED).await;
        memory.push(server.watched().resident() as f64);
        println!("  {ended} ended chats: {:.1} MiB", mib(&memory));
    }
    drop(load);
    server.stop().await?;
    part.runs.push(json!({ "resident": memory, "ended": ENDED }));
    let each = (memory[2] - memory[1]) / (ENDED[2] - ENDED[1]) as f64;
    part.rows.push(Row::at_most(
        "resident memory per chat that ended since the start, of the last 12,000",
        each,
        "bytes",
        LEFT_OVER.0,
        LEFT_OVER.1,
    ));
    Ok(())
}

fn mib(memory: &[f64]) -> f64 {
    memory.last().copied().unwrap_or(f64::NAN) / f64::from(1 << 20)
}

/// Resident memory of a server that nobody talks to yet, in bytes.
async fn resident_after_start(site: &Site) -> io::Result<f64> {
    let server = site.start().await?;
    tokio::time::sleep(SETTLED).await;
    let resident = server.watched().resident();
    server.stop().await?;
    Ok(resident as f64)
}

/// Those who are connected and have nothing to do with what is written.
#[derive(Clone, Copy, Default)]
struct Others {
    widgets: usize,
    consoles: usize,
}

/// Processor time of a message, in microseconds.
async fn cost(site: &Site, before: &Crew, others: Others, what: String, part: &mut Part) -> io::Result<f64> {
    let server = site.start().await?;
    let mut load = Load::new(what, server.watched());
    let mut crew = Crew::open(&mut load, server.address, AGENTS + others.consoles).await?;
    crew.go_on(before);
    // Each time other visitors: they stay in the database.
    look_on(&mut load, server.address, 1_000 + others.widgets * 2, others.widgets).await?;
    crew.visitors_write(&mut load).await?;
    let outcome = load.run(RATE, TIME).await;
    println!("  {}", outcome.line());
    part.runs.push(outcome.json());
    drop(load);
    server.stop().await?;
    Ok(outcome.cpu_us)
}

/// The cost at the largest size as a multiple of that at the smallest.
fn compare(part: &mut Part, what: &str, costs: &[f64]) {
    grows(part, &format!("CPU per message at 1,000/s grows {what}"), costs);
}

/// The last as a multiple of the first.
fn grows(part: &mut Part, measure: &str, values: &[f64]) {
    if let [first, .., last] = values {
        part.rows.push(Row::at_most(measure, last / first, "×", NOISE.0, NOISE.1));
    }
}
