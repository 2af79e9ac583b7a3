//! The first page of the chat list and full-text search, with more and more stored chats.

use super::super::clock;
use super::super::fill::{self, word};
use super::super::frontdesk::{Agent, Site, template};
use super::super::http::{Http, call};
use super::super::report::{Part, Row};
use super::super::tally::Latencies;
use super::Plan;
use serde_json::json;
use std::io;
use std::time::Duration;

const SIZES: [u64; 2] = [1_000, 100_000];
/// Takes minutes and gigabytes to fill.
const FULL_SIZE: u64 = 1_000_000;
/// Calls of each kind.
const CALLS: usize = 300;

pub async fn run(plan: &Plan) -> io::Result<Part> {
    let site = Site::fresh(&plan.frontdesk, &plan.work.join("lists"))?;
    let ended = template(&site).await?;
    let mut part = Part::default();
    let sizes: Vec<u64> = SIZES.into_iter().chain((!plan.quick).then_some(FULL_SIZE)).collect();
    for size in &sizes {
        fill::copies(&site.database(), ended, *size).map_err(io::Error::other)?;
        let server = site.start().await?;
        let agent = Agent::log_in(server.address, 0).await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
        let resident = server.watched().resident() as f64 / f64::from(1 << 20);
        let list = time(&agent, "/api/agent/chats", |_| r#"{"tab":"ended","after":null}"#.into()).await?;
        let search = time(&agent, "/api/agent/search", query).await?;
        let run = json!({
            "stored": size, "start_ms": server.start.as_secs_f64() * 1_000.0, "resident_mib": resident,
            "list": list.json(), "search": search.json(),
        });
        println!("  {run}");
        part.runs.push(run);
        let (list, search) = (list.ms(0.95), search.ms(0.95));
        let of = |what: &str| format!("{what}, {size} stored chats");
        if *size == FULL_SIZE {
            part.rows.push(Row::at_most(of("first page of the chat list, p95"), list, "ms", 20.0, 5.0));
            part.rows.push(Row::at_most(of("full-text search, p95"), search, "ms", 100.0, 30.0));
        } else {
            part.rows.push(Row::plain(of("first page of the chat list, p95"), list, "ms"));
            part.rows.push(Row::plain(of("full-text search, p95"), search, "ms"));
        }
        part.rows.push(Row::plain(of("resident memory after a start"), resident, "MiB"));
        server.stop().await?;
    }
    Ok(part)
}

/// What agents look for: a rare word, a common one, two, the beginning of one, a name.
fn query(number: usize) -> String {
    let number = number as u64;
    let (rare, common) = (word(15_000 + number * 13 % 5_000), word(number * 7 % 40));
    let words = match number % 5 {
        0 => rare,
        1 => common,
        2 => format!("{common} {}", word(200 + number * 11 % 800)),
        3 => rare[..3].to_owned(),
        _ => format!("visitor {rare}"),
    };
    format!(r#"{{"words":"{words}","before":null}}"#)
}

async fn time(agent: &Agent, path: &str, body: impl Fn(usize) -> String) -> io::Result<Latencies> {
    let mut http = Http::open(agent.from, agent.server).await?;
    let mut took = Latencies::default();
    for number in 0..CALLS {
        let request = call(agent.server, path, &agent.cookie, &body(number));
        let began = clock::now();
        let answer = http.call(&request).await?;
        if answer.status != 200 {
            return Err(io::Error::other(format!("{path} answered {}: {}", answer.status, answer.body)));
        }
        took.since(began);
    }
    Ok(took)
}
