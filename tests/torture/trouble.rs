//! What goes wrong in the great run, one after the other.

use crate::backups::Backups;
use crate::chance::Chance;
use crate::proxy::Proxy;
use crate::server::Server;
use crate::vanish;
use crate::world::World;
use std::time::{Duration, Instant};

/// Kinds that come once in turn before chance has its way.
const KINDS: u64 = 8;
/// Agents vanish so often: it takes a while, and meanwhile the server is not killed.
const VANISH_EVERY: Duration = Duration::from_secs(30);

/// How often what was done.
#[derive(Debug, Default)]
pub struct Done {
    pub kills: u32,
    pub stops: u32,
    pub cuts: u32,
    pub over_quota: u32,
    pub full: u32,
    pub read_only: u32,
    pub backups: u32,
    pub absences: u32,
    /// From when to when what the server noted may have been lost: it was killed, or its disk took nothing.
    pub lapses: Vec<(Instant, Instant)>,
}

pub struct Trouble<'a> {
    pub server: &'a mut Server,
    pub proxy: &'a Proxy,
    pub world: &'a World,
    pub backups: &'a mut Backups,
    pub chance: Chance,
    pub done: Done,
}

impl Trouble<'_> {
    /// Does harm for this long. Each kind comes first once in turn, then by chance.
    pub async fn run(mut self, time: Duration) -> Done {
        let began = Instant::now();
        let mut turn = 0;
        let mut vanished = None;
        while began.elapsed() < time || turn < KINDS {
            self.wait(100, 800).await;
            let kind = if turn < KINDS { turn * 10 } else { self.chance.below(100) };
            turn += 1;
            match kind {
                0..10 => self.cut(),
                10..20 => self.over_quota().await,
                20..30 => self.disk_is(true).await,
                30..40 => self.disk_is(false).await,
                40..50 if vanished.is_none_or(|last: Instant| last.elapsed() > VANISH_EVERY) => {
                    self.agent_vanishes().await;
                    vanished = Some(Instant::now());
                }
                50..60 => self.backup(true).await,
                60..70 => self.stop().await,
                _ => {
                    self.kill();
                    let wait = self.chance.below(400);
                    tokio::time::sleep(Duration::from_millis(wait)).await;
                    self.start().await;
                }
            }
        }
        self.done
    }

    async fn wait(&mut self, from_ms: u64, to_ms: u64) {
        tokio::time::sleep(Duration::from_millis(self.chance.between(from_ms, to_ms))).await;
    }

    fn cut(&mut self) {
        self.proxy.cut_all();
        self.done.cuts += 1;
    }

    fn kill(&mut self) {
        self.server.kill();
        self.done.kills += 1;
        let now = Instant::now();
        self.done.lapses.push((now, now));
    }

    /// Starts the server after a kill. What is on disk is whole, also while the server goes on with it.
    async fn start(&mut self) {
        self.server.start().await;
        self.check().await;
    }

    async fn check(&mut self) {
        let mut check = self.server.command(&["check"]);
        let output = tokio::task::spawn_blocking(move || check.output()).await.expect("a thread").expect("it runs");
        if !output.status.success() {
            let said = [output.stdout, output.stderr].concat();
            self.world.ledger.broken(format!("frontdesk check: {}", String::from_utf8_lossy(&said)));
        }
    }

    /// A disk on which no file may be larger than something.
    async fn over_quota(&mut self) {
        let since = Instant::now();
        // At times there is room for a little more.
        let bytes = if self.chance.percent(50) { 0 } else { self.chance.below(400_000) };
        self.server.limit_files(Some(bytes));
        self.wait(300, 900).await;
        self.server.limit_files(None);
        self.done.over_quota += 1;
        self.done.lapses.push((since, Instant::now()));
    }

    /// A disk that is full, or else one that has become read-only. At times the server is killed on it.
    async fn disk_is(&mut self, full: bool) {
        let since = Instant::now();
        let disk = self.server.disk();
        match full {
            true => disk.is_full(true),
            false => disk.is_read_only(true),
        }
        self.wait(300, 900).await;
        let is_killed = self.chance.percent(25);
        if is_killed {
            self.kill();
        }
        self.server.disk().is_well();
        self.done.lapses.push((since, Instant::now()));
        match full {
            true => self.done.full += 1,
            false => self.done.read_only += 1,
        }
        if is_killed {
            self.start().await;
        }
    }

    /// A backup is made while everybody writes, and at times the server is killed meanwhile.
    async fn backup(&mut self, may_kill: bool) {
        let Some(making) = self.backups.begin(self.server, &self.world.ledger) else { return self.check().await };
        if may_kill && self.done.backups > 0 {
            self.wait(0, 200).await;
            self.kill();
            self.server.start().await;
        }
        self.backups.end(making, &self.world.ledger).await;
        self.done.backups += 1;
    }

    /// An agent is gone for longer than the rules allow. Everybody's time would begin anew with a start of the server or
    /// a disk that takes nothing, and so there is only the bad network.
    async fn agent_vanishes(&mut self) {
        let chance = self.chance.branch(3);
        self.chance.draw();
        let world = self.world;
        let cuts = async {
            loop {
                self.wait(500, 2_000).await;
                self.cut();
            }
        };
        tokio::select! {
            () = vanish::one(world, chance) => {}
            () = cuts => {}
        }
        self.done.absences += 1;
    }

    async fn stop(&mut self) {
        self.server.stop().await;
        self.done.stops += 1;
        self.server.start().await;
    }
}
