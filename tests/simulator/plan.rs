//! What happens in a run: who is there, what they do, and what goes wrong, each at its time. A plan is drawn from a seed
//! before the run, and the run depends on nothing else: a plan with fewer steps is a plan too, which is how a failing
//! one is made small.

use fastrand::Rng;

/// Milliseconds of the simulated time.
pub type Ms = i64;

/// People act until then.
const BUSY_UNTIL: Ms = 30_000;

#[derive(Clone, Debug)]
pub struct Plan {
    pub seed: u64,
    pub nodes: usize,
    /// Whose page each one is.
    pub pages: Vec<Whose>,
    /// In the order of their times.
    pub steps: Vec<Step>,
}

/// Whose page it is. Tabs of one visitor share the visitor's storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Visitor { number: i64, tab: u8 },
    Agent { number: i64 },
}

#[derive(Clone, Copy, Debug)]
pub struct Step {
    pub at: Ms,
    pub what: What,
}

#[derive(Clone, Copy, Debug)]
pub enum What {
    /// The person at this page does something.
    Person(usize, Deed),
    /// Something goes wrong at this page or on its way to the server.
    Page(usize, Trouble),
    /// Something goes wrong at this node.
    Node(usize, Harm),
    /// Nothing can be written, or read, for so long.
    DiskRefuses(Ms),
    DiskUnreadable(Ms),
}

/// What people do. Which of it makes sense is decided at that moment, as buttons appear and disappear.
#[derive(Clone, Copy, Debug)]
pub enum Deed {
    Start { email: bool },
    Write,
    Read,
    End,
    Reload,
    ViewPage,
    LeaveMessage,
    Rate,
    RequestTranscript { own: bool },
    Accept,
    Open { nth: usize },
    Dismiss,
    SetLabels,
    CreateTicket,
    Block,
}

/// What goes wrong on the way between a page and the server.
#[derive(Clone, Copy, Debug)]
pub enum Trouble {
    Cut,
    Offline(Ms),
    LoseRequest,
    DelayRequest(Ms),
    RepeatRequest(Ms),
    LoseAnswer,
    LoseFrame,
    DelayFrame(Ms),
    RepeatFrame(Ms),
    /// The page reads nothing for so long, while its connection stands.
    Stall(Ms),
    ClockJump(Ms),
}

/// What goes wrong at a node.
#[derive(Clone, Copy, Debug)]
pub enum Harm {
    Crash,
    /// With its next commit: before it, or after it and before anybody is told.
    CrashBeforeCommit,
    CrashAfterCommit,
    /// Its next transaction is rolled back.
    SpoilCommit,
    LoseOnBus,
    DelayOnBus(Ms),
    RepeatOnBus(Ms),
    ClockJump(Ms),
}

impl Plan {
    /// The plan of this seed.
    pub fn of(seed: u64) -> Self {
        let rng = &mut Rng::with_seed(seed);
        let nodes = if rng.u8(..10) < 6 { 1 } else { 2 };
        let mut pages = Vec::new();
        for number in 1..=rng.i64(1..=3) {
            for tab in 1..=(if rng.u8(..5) == 0 { 2 } else { 1 }) {
                pages.push(Whose::Visitor { number, tab });
            }
        }
        let visitors = pages.len();
        pages.extend((1..=rng.i64(1..=3)).map(|number| Whose::Agent { number }));

        // Things that happen at the same moment are the interesting ones.
        let moments: Vec<Ms> = (0..6).map(|_| rng.i64(500..BUSY_UNTIL)).collect();
        let mut steps: Vec<Step> =
            (0..visitors).map(|page| Step { at: rng.i64(0..3_000), what: start(rng, page) }).collect();
        for page in visitors..pages.len() {
            steps.push(Step { at: rng.i64(1_000..6_000), what: What::Person(page, Deed::Accept) });
        }
        // Of a hundred steps so many are faults.
        let faults = rng.u8(5..50);
        for _ in 0..rng.usize(10..120) {
            let at = match rng.u8(..10) {
                0..5 => moments[rng.usize(..moments.len())] + rng.i64(0..10),
                _ => rng.i64(0..BUSY_UNTIL),
            };
            let what = match rng.u8(..100) {
                roll if roll >= faults => {
                    let page = rng.usize(..pages.len());
                    if page < visitors { visitor_does(rng, page) } else { agent_does(rng, page) }
                }
                roll => match roll % 8 {
                    0..5 => What::Page(rng.usize(..pages.len()), trouble(rng)),
                    5..7 => What::Node(rng.usize(..nodes), harm(rng)),
                    _ if rng.bool() => What::DiskUnreadable(rng.i64(1..1_500)),
                    _ => What::DiskRefuses(rng.i64(1..3_000)),
                },
            };
            steps.push(Step { at, what });
        }
        steps.sort_by_key(|step| step.at);
        Plan { seed, nodes, pages, steps }
    }
}

fn start(rng: &mut Rng, page: usize) -> What {
    What::Person(page, Deed::Start { email: rng.bool() })
}

fn visitor_does(rng: &mut Rng, page: usize) -> What {
    let deed = match rng.u8(..20) {
        0..9 => Deed::Write,
        9..11 => Deed::Read,
        11..13 => Deed::Reload,
        13 => return start(rng, page),
        14 => Deed::End,
        15..17 => Deed::ViewPage,
        17 => Deed::LeaveMessage,
        18 => Deed::Rate,
        _ => Deed::RequestTranscript { own: rng.bool() },
    };
    What::Person(page, deed)
}

fn agent_does(rng: &mut Rng, page: usize) -> What {
    let deed = match rng.u8(..24) {
        0..8 => Deed::Write,
        8..11 => Deed::Accept,
        11..14 => Deed::Open { nth: rng.usize(..4) },
        14..16 => Deed::Read,
        16 => Deed::Reload,
        17..19 => Deed::End,
        19 => Deed::Dismiss,
        20..22 => Deed::SetLabels,
        22 => Deed::CreateTicket,
        _ => Deed::Block,
    };
    What::Person(page, deed)
}

fn trouble(rng: &mut Rng) -> Trouble {
    match rng.u8(..18) {
        0..2 => Trouble::Cut,
        2 => Trouble::Offline(rng.i64(100..8_000)),
        3 => Trouble::LoseRequest,
        4..6 => Trouble::DelayRequest(rng.i64(1..4_000)),
        6 => Trouble::RepeatRequest(rng.i64(0..3_000)),
        7..9 => Trouble::LoseAnswer,
        9..11 => Trouble::LoseFrame,
        11 => Trouble::DelayFrame(rng.i64(1..3_000)),
        12 => Trouble::RepeatFrame(rng.i64(0..2_000)),
        13..15 => Trouble::Stall(rng.i64(500..15_000)),
        _ => Trouble::ClockJump(jump(rng)),
    }
}

fn harm(rng: &mut Rng) -> Harm {
    match rng.u8(..12) {
        0 => Harm::Crash,
        1 => Harm::CrashBeforeCommit,
        2..4 => Harm::CrashAfterCommit,
        4..8 => Harm::SpoilCommit,
        8 => Harm::LoseOnBus,
        9 => Harm::DelayOnBus(rng.i64(1..3_000)),
        10 => Harm::RepeatOnBus(rng.i64(0..3_000)),
        _ => Harm::ClockJump(jump(rng)),
    }
}

/// Seconds up to a day, forth or back.
fn jump(rng: &mut Rng) -> Ms {
    let size = match rng.u8(..3) {
        0 => rng.i64(1..2_000),
        1 => rng.i64(2_000..3_600_000),
        _ => rng.i64(3_600_000..100_000_000),
    };
    if rng.bool() { size } else { -size }
}
