//! Memory and the start: what an idle server takes, what each idle widget adds, how soon it is ready.

use super::super::frontdesk::{Crew, Site, Visitor, look_on_with, start_chats};
use super::super::load::Load;
use super::super::process::most_files;
use super::super::report::{Part, Row};
use super::Plan;
use serde_json::json;
use std::io;
use std::time::Duration;

/// Widgets that are open and silent.
const WIDGETS: usize = 10_000;
/// Files that a process needs beside its connections.
const OTHER_FILES: usize = 200;
/// How often the start is timed.
const STARTS: usize = 5;
/// After this time nothing moves any more.
const SETTLED: Duration = Duration::from_secs(3);

pub async fn run(plan: &Plan) -> io::Result<Part> {
    let site = Site::fresh(&plan.frontdesk, &plan.work.join("memory"))?;
    Crew::hire(&site, 1)?;
    let widgets = WIDGETS.min(most_files().saturating_sub(OTHER_FILES));
    if widgets < WIDGETS {
        println!("  only {widgets} connections: raise the limit of open files (ulimit -n) for {WIDGETS}");
    }
    let visitors = everybody_starts(&site, widgets).await?;

    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let server = site.start().await?;
        starts.push(server.start.as_secs_f64() * 1_000.0);
        server.stop().await?;
    }
    starts.sort_by(f64::total_cmp);

    let server = site.start().await?;
    tokio::time::sleep(SETTLED).await;
    let idle = server.watched().resident();
    let mut load = Load::new("Frontdesk, idle widgets", server.watched());
    look_on_with(&mut load, server.address, &visitors).await?;
    tokio::time::sleep(SETTLED).await;
    let full = server.watched().resident();
    let errors = load.shared.tally.borrow().error_count();
    drop(load);
    server.stop().await?;

    let each = full.saturating_sub(idle) as f64 / widgets as f64 / 1_024.0;
    let run =
        json!({ "widgets": widgets, "idle_bytes": idle, "full_bytes": full, "errors": errors, "starts_ms": starts });
    println!("  {run}");
    let rows = vec![
        Row::at_most(format!("resident memory per idle widget, of {widgets}"), each, "KiB", 14.0, 8.0),
        Row::at_most("resident memory idle", idle as f64 / f64::from(1 << 20), "MiB", 40.0, 25.0),
        Row::at_most("cold start to /readyz on an existing database", starts[STARTS / 2], "ms", 300.0, 100.0),
    ];
    Ok(Part { rows, runs: vec![run] })
}

/// Makes visitors who have a chat, so that their widgets are let in.
async fn everybody_starts(site: &Site, count: usize) -> io::Result<Vec<Visitor>> {
    let server = site.start().await?;
    let mut load = Load::new("starts", server.watched());
    // Somebody has to be there, else no chat starts.
    let _crew = Crew::open(&mut load, server.address, 1).await?;
    let visitors = start_chats(server.address, 0, count).await?;
    drop(load);
    server.stop().await?;
    Ok(visitors)
}
