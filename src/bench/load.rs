//! Open-loop load: messages are due when they are due, whether the server keeps up or not, and each is measured from the
//! moment it was due. A slow server therefore cannot make its own figures better.

use super::clock::{self, Nanos};
use super::process::Watched;
use super::tally::{Outcome, Tally};
use std::cell::{Cell, RefCell};
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinSet;

/// After the last message was due, answers are waited for this long; what is missing then counts as an error.
const DRAIN: Duration = Duration::from_secs(5);
/// A server that is this far behind is not asked for more.
const HOPELESS: u64 = 20_000;

/// What a person is to do.
#[derive(Clone, Copy, Debug)]
pub enum Job {
    /// Send a message that was due at this moment.
    Send(Nanos),
    /// Open a page that was due at this moment.
    View(Nanos),
    /// Say that everything up to this number was read.
    Read(i64),
}

/// What the tasks of a load share; they all run on one thread.
#[derive(Default)]
pub struct Shared {
    pub tally: RefCell<Tally>,
    /// Messages that were answered, or failed.
    done: Cell<u64>,
}

impl Shared {
    /// A message was answered.
    pub fn answered(&self, intended: Nanos) {
        self.tally.borrow_mut().acks.since(intended);
        self.done.set(self.done.get() + 1);
    }

    /// A message failed.
    pub fn failed(&self, why: impl Into<String>) {
        self.tally.borrow_mut().failed(why);
        self.done.set(self.done.get() + 1);
    }

    /// Something beside the messages failed.
    pub fn broke(&self, why: impl Into<String>) {
        self.tally.borrow_mut().failed(why);
    }

    /// Messages arrived at the other side.
    pub fn seen(&self, text: &str) {
        let mut tally = self.tally.borrow_mut();
        clock::stamps(text).for_each(|intended| tally.seen.since(intended));
    }
}

/// People who wait for their turn, and the connections behind them.
pub struct Load {
    pub what: String,
    /// Where each of them is told what to do.
    pub people: Vec<UnboundedSender<Job>>,
    pub shared: Rc<Shared>,
    /// Of what is done, this share are page views.
    pub views: f64,
    pub server: Watched,
    tasks: JoinSet<()>,
}

impl Load {
    pub fn new(what: impl Into<String>, server: Watched) -> Self {
        let (people, shared, tasks) = (Vec::new(), Rc::default(), JoinSet::new());
        Load { what: what.into(), people, shared, views: 0.0, server, tasks }
    }

    /// Runs a person's connection beside the others until the load is dropped.
    pub fn spawn(&mut self, person: impl Future<Output = io::Result<()>> + 'static) {
        let shared = self.shared.clone();
        self.tasks.spawn_local(async move {
            if let Err(error) = person.await {
                shared.broke(format!("a connection ended: {error}"));
            }
        });
    }

    /// Offers this many messages per second for some time, after a second to get warm.
    pub async fn run(&self, rate: f64, time: Duration) -> Outcome {
        self.offer(rate, Duration::from_secs(1)).await;
        let cpu = self.server.cpu();
        let began = clock::now();
        let (offered, finished) = self.offer(rate, time).await;
        let took = (finished - began) as f64 / 1e9;
        let tally = self.shared.tally.take();
        Outcome {
            what: self.what.clone(),
            rate,
            achieved: tally.acks.count() as f64 / took.max(time.as_secs_f64()),
            offered,
            cpu_us: (self.server.cpu() - cpu).as_secs_f64() * 1e6 / offered.max(1) as f64,
            tally,
        }
    }

    /// Returns how many were offered, and when the last was answered.
    async fn offer(&self, rate: f64, time: Duration) -> (u64, Nanos) {
        self.shared.tally.take();
        self.shared.done.set(0);
        let done = Arc::new(AtomicU64::new(0));
        let (finished, mut when_finished) = tokio::sync::oneshot::channel();
        let arrivals = Arrivals { people: self.people.clone(), rate, time, views: self.views, answered: done.clone() };
        std::thread::spawn(move || {
            let _ = finished.send(arrivals.run());
        });
        let mut tick = tokio::time::interval(Duration::from_millis(5));
        let mut offered = None;
        let mut deadline = u64::MAX;
        let mut last_done = (0, clock::now());
        loop {
            tick.tick().await;
            let now = clock::now();
            let answered = self.shared.done.get();
            done.store(answered, Ordering::Relaxed);
            if answered != last_done.0 {
                last_done = (answered, now);
            }
            if offered.is_none()
                && let Ok(count) = when_finished.try_recv()
            {
                offered = Some(count);
                deadline = now + DRAIN.as_nanos() as Nanos;
            }
            let Some(offered) = offered else { continue };
            if answered >= offered || now > deadline {
                for _ in answered..offered {
                    self.shared.broke("no answer");
                }
                // What went to the other side just now is still on its way.
                tokio::time::sleep(Duration::from_millis(50)).await;
                return (offered, last_done.1);
            }
        }
    }
}

/// Jobs at random moments, on average `rate` per second, each for a person picked at random.
struct Arrivals {
    people: Vec<UnboundedSender<Job>>,
    rate: f64,
    time: Duration,
    views: f64,
    /// How many were answered, told from time to time.
    answered: Arc<AtomicU64>,
}

impl Arrivals {
    /// Returns how many there were.
    fn run(self) -> u64 {
        let mut random = Random(clock::now() | 1);
        let began = clock::now();
        let mut due = 0.0;
        let mut offered = 0;
        while due < self.time.as_secs_f64() && !self.people.is_empty() {
            let at = began + (due * 1e9) as Nanos;
            clock::sleep_until(at);
            let job = if random.unit() < self.views { Job::View(at) } else { Job::Send(at) };
            let _ = self.people[random.below(self.people.len())].send(job);
            offered += 1;
            if offered > self.answered.load(Ordering::Relaxed) + HOPELESS {
                break;
            }
            due += -(1.0 - random.unit()).ln() / self.rate;
        }
        offered
    }
}

/// Chance enough for arrivals (xorshift).
pub struct Random(pub u64);

impl Random {
    fn draw(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.draw() % bound as u64) as usize
    }

    /// From 0 up to 1.
    pub fn unit(&mut self) -> f64 {
        (self.draw() >> 11) as f64 / (1u64 << 53) as f64
    }
}
