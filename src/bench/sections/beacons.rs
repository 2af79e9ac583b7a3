//! Page views, a beacon each: of visitors whose chat goes on, each stored and told, and of visitors without a chat, who are
//! kept in memory.

use super::super::frontdesk::{Crew, Site, look_around};
use super::super::ladder;
use super::super::load::Load;
use super::super::net;
use super::super::report::{Part, Row};
use super::super::tally::Outcome;
use super::{AGENTS, CHATS, Plan};
use std::io;
use tokio::sync::mpsc::unbounded_channel;

/// Visitors who look around without a chat.
const WITHOUT_CHAT: usize = 960;

pub async fn run(plan: &Plan) -> io::Result<Part> {
    let site = Site::fresh(&plan.frontdesk, &plan.work.join("beacons"))?;
    Crew::hire(&site, AGENTS)?;
    let server = site.start().await?;
    let mut load = Load::new("Frontdesk, page views in chats", server.watched());
    load.views = 1.0;
    let mut crew = Crew::open(&mut load, server.address, AGENTS).await?;
    crew.start_chats(0, CHATS).await?;
    crew.visitors_write(&mut load).await?;
    let (in_chats, mut runs) = ladder::climb(&load, 4_000.0).await;
    drop(load);
    let mut load = Load::new("Frontdesk, page views without a chat", server.watched());
    load.views = 1.0;
    for number in CHATS..CHATS + WITHOUT_CHAT {
        let (person, jobs) = unbounded_channel();
        load.spawn(look_around(net::address(number), server.address, jobs, load.shared.clone()));
        load.people.push(person);
    }
    let (without, more) = ladder::climb(&load, 4_000.0).await;
    runs.extend(more);
    drop(load);
    server.stop().await?;
    let row = |measure: &str, best: Option<Outcome>| {
        Row::at_least(measure, best.map_or(0.0, |best| best.achieved), "/s", 10_000.0, 25_000.0)
    };
    let rows = vec![
        row("page-view beacons per second in chats, p99 ≤ 25 ms", in_chats),
        row("page-view beacons per second without a chat, p99 ≤ 25 ms", without),
    ];
    Ok(Part { rows, runs })
}
