//! Costs that must not grow: of a message with the length of its chat, with the chats that are stored, and with the sockets
//! that are not concerned.

use super::super::fill;
use super::super::frontdesk::{Crew, Site, look_on, template};
use super::super::load::Load;
use super::super::report::{Part, Row};
use super::Plan;
use std::io;
use std::time::Duration;

const RATE: f64 = 1_000.0;
const TIME: Duration = Duration::from_secs(4);
const LENGTHS: [i64; 3] = [10, 1_000, 10_000];
const STORED: [u64; 3] = [1_000, 10_000, 100_000];
const SOCKETS: [usize; 3] = [0, 2_000, 8_000];
/// Agents, and the chats in which is written.
const AGENTS: usize = 3;
const CHATS: usize = AGENTS * 20;

pub async fn run(plan: &Plan) -> io::Result<Part> {
    let mut part = Part::default();
    by_length(plan, &mut part).await?;
    by_stored(plan, &mut part).await?;
    by_sockets(plan, &mut part).await?;
    Ok(part)
}

async fn by_length(plan: &Plan, part: &mut Part) -> io::Result<()> {
    let site = Site::fresh(&plan.frontdesk, &plan.work.join("growth-length"))?;
    Crew::hire(&site, AGENTS)?;
    let server = site.start().await?;
    let mut load = Load::new("starts", server.watched());
    let mut first = Crew::open(&mut load, server.address, AGENTS).await?;
    first.start_chats(0, CHATS).await?;
    drop(load);
    server.stop().await?;
    let chats: Vec<i64> = first.visitors.iter().map(|visitor| visitor.chat).collect();
    let mut costs = Vec::new();
    for length in LENGTHS {
        fill::lengthen(&site.database(), &chats, length).map_err(io::Error::other)?;
        costs.push(cost(&site, &first, 0, format!("chats of {length} events"), part).await?);
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
    for stored in STORED {
        fill::copies(&site.database(), ended, stored).map_err(io::Error::other)?;
        costs.push(cost(&site, &first, 0, format!("{stored} stored chats"), part).await?);
    }
    compare(part, "with stored chats, 1,000 to 100,000", &costs);
    Ok(())
}

async fn by_sockets(plan: &Plan, part: &mut Part) -> io::Result<()> {
    let site = Site::fresh(&plan.frontdesk, &plan.work.join("growth-sockets"))?;
    Crew::hire(&site, AGENTS)?;
    let server = site.start().await?;
    let mut load = Load::new("starts", server.watched());
    let mut first = Crew::open(&mut load, server.address, AGENTS).await?;
    first.start_chats(0, CHATS).await?;
    drop(load);
    server.stop().await?;
    let mut costs = Vec::new();
    for sockets in SOCKETS {
        costs.push(cost(&site, &first, sockets, format!("{sockets} uninvolved sockets"), part).await?);
    }
    compare(part, "with uninvolved sockets, 0 to 8,000", &costs);
    Ok(())
}

/// Processor time of a message, in microseconds.
async fn cost(site: &Site, before: &Crew, sockets: usize, what: String, part: &mut Part) -> io::Result<f64> {
    let server = site.start().await?;
    let mut load = Load::new(what, server.watched());
    let mut crew = Crew::open(&mut load, server.address, AGENTS).await?;
    crew.go_on(before);
    // Each time other visitors: they stay in the database.
    look_on(&mut load, server.address, 1_000 + sockets * 2, sockets).await?;
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
    if let [first, .., last] = costs {
        part.rows.push(Row::plain(format!("CPU per message at 1,000/s grows {what}"), last / first, "×"));
    }
}
