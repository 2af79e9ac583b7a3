//! A busy day: two thousand visitors, dozens of agents, both write, type and read, and look at pages.

use super::super::frontdesk::{Crew, Site};
use super::super::load::Load;
use super::super::report::{Part, Row};
use super::{AGENTS, CHATS, Plan};
use std::io;
use std::time::Duration;

/// Visitors who wait or only look, beside those who are answered.
const OTHERS: usize = 1_040;
/// Messages and page views per second: everybody says something every six seconds.
const RATE: f64 = 320.0;
/// Of them page views.
const VIEWS: f64 = 0.2;
const TIME: Duration = Duration::from_secs(12);

pub async fn run(plan: &Plan) -> io::Result<Part> {
    let site = Site::fresh(&plan.frontdesk, &plan.work.join("realistic"))?;
    Crew::hire(&site, AGENTS)?;
    let server = site.start().await?;
    let mut load = Load::new("Frontdesk, a busy day", server.watched());
    let mut crew = Crew::open(&mut load, server.address, AGENTS).await?;
    crew.start_chats(0, CHATS).await?;
    crew.converse(&mut load).await?;
    super::super::frontdesk::look_on(&mut load, server.address, CHATS, OTHERS).await?;
    load.views = VIEWS;
    let began = load.server.cpu();
    let outcome = load.run(RATE, TIME).await;
    let busy = (load.server.cpu() - began).as_secs_f64() / (TIME.as_secs_f64() + 1.0) * 100.0;
    println!("  {}", outcome.line());
    let resident = load.server.resident() as f64 / f64::from(1 << 20);
    let rows = vec![
        Row::plain("a busy day (2,000 visitors, 48 agents): answer p50", outcome.tally.acks.ms(0.5), "ms"),
        Row::plain("a busy day: answer p99", outcome.tally.acks.ms(0.99), "ms"),
        Row::plain("a busy day: send to other side p50", outcome.tally.seen.ms(0.5), "ms"),
        Row::plain("a busy day: send to other side p99", outcome.tally.seen.ms(0.99), "ms"),
        Row::plain("a busy day: errors", outcome.tally.error_count() as f64, ""),
        Row::plain("a busy day: the server's share of one core", busy, "%"),
        Row::plain("a busy day: resident memory", resident, "MiB"),
    ];
    drop(load);
    server.stop().await?;
    Ok(Part { rows, runs: vec![outcome.json()] })
}
