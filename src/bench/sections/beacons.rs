//! Page views: beacons of visitors whose chat goes on, each stored.

use super::super::frontdesk::{Crew, Site};
use super::super::ladder;
use super::super::load::Load;
use super::super::report::{Part, Row};
use super::{AGENTS, CHATS, Plan};
use std::io;

pub async fn run(plan: &Plan) -> io::Result<Part> {
    let site = Site::fresh(&plan.frontdesk, &plan.work.join("beacons"))?;
    Crew::hire(&site, AGENTS)?;
    let server = site.start().await?;
    let mut load = Load::new("Frontdesk, page views", server.watched());
    let mut crew = Crew::open(&mut load, server.address, AGENTS).await?;
    crew.start_chats(0, CHATS).await?;
    crew.visitors_write(&mut load).await?;
    load.views = 1.0;
    let (best, runs) = ladder::climb(&load, 4_000.0).await;
    drop(load);
    server.stop().await?;
    let most = best.map_or(0.0, |best| best.achieved);
    Ok(Part { rows: vec![Row::at_least("page-view beacons per second", most, "/s", 10_000.0, 25_000.0)], runs })
}
