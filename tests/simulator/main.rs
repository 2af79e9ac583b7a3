//! The simulator: whole conversations with everything that can go wrong between a key and a screen, from a seed, in
//! virtual time, without sockets and threads. Rules, folds, numbers, outbox and effects are the product's own; the disk,
//! the network and the nodes around them are simulated. `docs/reliability.md` says what it promises.
//!
//! `make simulate SEEDS=100000` runs more seeds, `make simulate SEED=42` tells the story of one.

mod agree;
mod attendance;
mod blocks;
mod browser;
mod checks;
mod commits;
mod deeds;
mod disk;
mod hub;
mod ledger;
mod link;
mod node;
mod outgoing;
mod owners;
mod page;
mod plan;
mod sabotage;
mod session;
mod shrink;
mod words;
mod world;
mod writer;

use ledger::Violation;
use plan::Plan;
use sabotage::Sabotage;
use shrink::{shrink, story};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;
use world::{Counts, run};

/// Seeds that are run when nobody asks for others.
const SEEDS: u64 = 5_000;
/// Each sabotage is found within so many seeds.
const FOUND_WITHIN: u64 = 5_000;

/// What `SEEDS` says: a number, or `from..to`.
fn seeds() -> Range<u64> {
    let Ok(asked) = std::env::var("SEEDS") else { return 0..SEEDS };
    let number = |text: &str| text.trim().parse().expect("SEEDS is a number, or from..to");
    match asked.split_once("..") {
        _ if asked.is_empty() => 0..SEEDS,
        Some((from, to)) => number(from)..number(to),
        None => 0..number(&asked),
    }
}

#[test]
fn every_promise_is_kept_for_every_seed() {
    if let Some(seed) = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()) {
        println!("{}", story(&Plan::of(seed), None));
        return assert_eq!(run(&Plan::of(seed), None, false).violation, None);
    }
    let (began, seeds) = (Instant::now(), seeds());
    let many = seeds.end - seeds.start;
    let counts = match run_all(seeds) {
        Ok(counts) => counts,
        Err((seed, violation)) => {
            let smallest = shrink(&Plan::of(seed), None, violation.rule);
            panic!("seed {seed} breaks a promise.\n{}", story(&smallest, None));
        }
    };
    println!("{many} seeds in {:.1} s: {counts:#?}", began.elapsed().as_secs_f64());
    if many >= SEEDS {
        assert!(counts.everything_happened(), "something was never put to the test: {counts:#?}");
    }
}

/// Runs these seeds, on all processors, each run by itself; the lowest that breaks a promise is the answer.
fn run_all(seeds: Range<u64>) -> Result<Counts, (u64, Violation)> {
    let next = AtomicU64::new(seeds.start);
    let work = || {
        let mut counts = Counts::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                return Ok(counts);
            }
            let report = run(&Plan::of(seed), None, false);
            if let Some(violation) = report.violation {
                next.store(seeds.end, Ordering::Relaxed);
                return Err((seed, violation));
            }
            counts.add(&report.counts);
        }
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let all: Vec<Result<Counts, (u64, Violation)>> = std::thread::scope(|scope| {
        let started: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        started.into_iter().map(|worker| worker.join().expect("a run does not panic")).collect()
    });
    let mut sum = Counts::default();
    let mut broken: Vec<(u64, Violation)> = Vec::new();
    for one in all {
        match one {
            Ok(counts) => sum.add(&counts),
            Err(one) => broken.push(one),
        }
    }
    broken.into_iter().min_by_key(|(seed, _)| *seed).map_or(Ok(sum), Err)
}

#[test]
fn a_seed_is_the_same_run_each_time() {
    for seed in 0..20 {
        let [one, other] = [(); 2].map(|()| run(&Plan::of(seed), None, true));
        assert_eq!((one.story, one.counts), (other.story, other.counts));
    }
}

/// The table of the documentation names the first seed that finds each sabotage: nothing else is meant by "it has teeth".
#[test]
fn each_sabotage_is_found_with_the_seed_that_the_documentation_names() {
    let documentation = include_str!("../../docs/reliability.md");
    let next = AtomicUsize::new(0);
    let work = || {
        let mut rows = Vec::new();
        while let Some(sabotage) = sabotage::ALL.get(next.fetch_add(1, Ordering::Relaxed)) {
            let found = first_seed_that_finds(*sabotage);
            let found =
                found.map_or(format!("not within {FOUND_WITHIN} | "), |(seed, rule)| format!("{seed} | `{rule}`"));
            rows.push(format!("| {} | {found} |", sabotage.words()));
        }
        rows
    };
    let rows: Vec<String> = std::thread::scope(|scope| {
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        let started: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        started.into_iter().flat_map(|worker| worker.join().expect("a run does not panic")).collect()
    });
    let wrong: Vec<String> =
        rows.into_iter().filter(|row| documentation.lines().filter(|line| line == row).count() != 1).collect();
    assert!(wrong.is_empty(), "docs/reliability.md has to say:\n{}", wrong.join("\n"));
}

#[test]
fn a_failing_seed_is_told_as_a_short_story() {
    let (seed, rule) = first_seed_that_finds(Sabotage::NoIdempotency).expect("it is found");
    let plan = Plan::of(seed);
    let smallest = shrink(&plan, Some(Sabotage::NoIdempotency), rule);
    let told = story(&smallest, Some(Sabotage::NoIdempotency));
    println!("{told}");
    assert!(smallest.steps.len() <= 5, "{} of {} steps are left", smallest.steps.len(), plan.steps.len());
    for step in &smallest.steps {
        assert!(told.contains(&plan.words(step)), "{told}");
    }
    assert!(told.contains("broken is"), "{told}");
}

fn first_seed_that_finds(sabotage: Sabotage) -> Option<(u64, &'static str)> {
    (0..FOUND_WITHIN)
        .find_map(|seed| run(&Plan::of(seed), Some(sabotage), false).violation.map(|violation| (seed, violation.rule)))
}
