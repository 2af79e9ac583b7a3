//! What happens in a run: who is there, what they do, and what goes wrong, each at its time. A plan is drawn from a seed
//! before the run, and the run depends on nothing else: a plan with fewer steps is a plan too, which is how a failing
//! one is made small.

use fastrand::Rng;
use frontdesk::live::HEARD_WITHIN;

/// Milliseconds of the simulated time.
pub type Ms = i64;

/// People act until then.
const BUSY_UNTIL: Ms = 30_000;
/// A crashed node is back after this time, unless its machine is gone too.
pub const DOWN_MS: Ms = 800;
/// Who comes back is back by then.
const BACK_UNTIL: Ms = 55_000;

#[derive(Clone, Debug)]
pub struct Plan {
    pub seed: u64,
    pub nodes: usize,
    /// The rule how long an agent may be gone, in seconds.
    pub release_after_s: u32,
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
    /// What is written comes to the disk after so long.
    DiskHangs(Ms),
}

/// What people do. Which of it makes sense is decided at that moment, as buttons appear and disappear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Start {
        email: bool,
    },
    Write,
    Read,
    End,
    Reload,
    ViewPage,
    LeaveMessage,
    Rate,
    RequestTranscript {
        own: bool,
    },
    Accept,
    Open {
        nth: usize,
    },
    Dismiss,
    SetLabels,
    CreateTicket,
    Block,
    /// Is gone without a word: the lid is closed, or the network gone. The server is told nothing.
    CloseLid,
    /// Is gone, and the server is told.
    CloseWindow,
    ComeBack,
}

/// What goes wrong on the way between a page and the server.
#[derive(Clone, Copy, Debug)]
pub enum Trouble {
    /// What is on its way to the server arrives, or is lost too.
    Cut {
        lost: bool,
    },
    Offline(Ms),
    LoseRequest,
    DelayRequest(Ms),
    RepeatRequest(Ms),
    /// The next command is given up right after the writer has it.
    HangUp,
    LoseAnswer,
    DelayAnswer(Ms),
    RepeatAnswer(Ms),
    /// What it says on its connection is late; later frames wait behind it.
    DelaySaid(Ms),
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
    /// It is there again after so long.
    Crash(Ms),
    /// Its machine does nothing for so long, and then goes on.
    Sleep(Ms),
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
        let release_after_s = [5, 5, 8, 15][rng.usize(..4)];
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
                0..4 => moments[rng.usize(..moments.len())] + rng.i64(0..10),
                4..6 => moments[rng.usize(..moments.len())] + rng.i64(0..150),
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
                    _ => disk_trouble(rng),
                },
            };
            steps.push(Step { at, what });
        }
        for page in visitors..pages.len() {
            if rng.u8(..3) == 0 {
                steps.extend(absence(rng, page, Ms::from(release_after_s) * 1_000));
            }
        }
        steps.sort_by_key(|step| step.at);
        Plan { seed, nodes, release_after_s, pages, steps }
    }
}

/// An agent is gone, and mostly comes back: often about when the time is over.
fn absence(rng: &mut Rng, page: usize, release_after: Ms) -> Vec<Step> {
    let at = rng.i64(3_000..25_000);
    let silent = rng.bool();
    let over = release_after + if silent { HEARD_WITHIN.as_millis() as Ms } else { 0 };
    let back = match rng.u8(..4) {
        0 => None,
        1 => Some(at + rng.i64(100..25_000)),
        _ => Some(at + over + rng.i64(-2_000..2_500)),
    };
    // What is given back then waits for the disk, while its agent comes back.
    let hangs = back.filter(|_| rng.u8(..3) == 0).map(|at| {
        let what = What::DiskHangs(rng.i64(500..2_500));
        Step { at: at - rng.i64(0..2_000), what }
    });
    let gone = Step { at, what: What::Person(page, if silent { Deed::CloseLid } else { Deed::CloseWindow }) };
    let back = back.map(|at| Step { at: at.min(BACK_UNTIL), what: What::Person(page, Deed::ComeBack) });
    [gone].into_iter().chain(hangs).chain(back).collect()
}

fn disk_trouble(rng: &mut Rng) -> What {
    match rng.u8(..3) {
        0 => What::DiskUnreadable(rng.i64(1..1_500)),
        1 => What::DiskRefuses(rng.i64(1..3_000)),
        _ => What::DiskHangs(rng.i64(10..3_000)),
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
        0..7 => Deed::Write,
        7..9 => Deed::Accept,
        9..11 => Deed::Block,
        11..14 => Deed::Open { nth: rng.usize(..4) },
        14..16 => Deed::Read,
        16 => Deed::Reload,
        17..19 => Deed::End,
        19 => Deed::Dismiss,
        20..22 => Deed::SetLabels,
        22 => Deed::CreateTicket,
        _ => Deed::Accept,
    };
    What::Person(page, deed)
}

fn trouble(rng: &mut Rng) -> Trouble {
    match rng.u8(..22) {
        0..2 => Trouble::Cut { lost: rng.bool() },
        2 => Trouble::Offline(rng.i64(100..12_000)),
        3 => Trouble::LoseRequest,
        4..6 => Trouble::DelayRequest(rng.i64(1..4_000)),
        6 => Trouble::RepeatRequest(rng.i64(0..3_000)),
        7..9 => Trouble::LoseAnswer,
        9..11 => Trouble::LoseFrame,
        11 => Trouble::DelayFrame(rng.i64(1..3_000)),
        12 => Trouble::RepeatFrame(rng.i64(0..2_000)),
        13..15 => Trouble::Stall(rng.i64(500..15_000)),
        15 => Trouble::DelayAnswer(rng.i64(1..2_400)),
        16 => Trouble::RepeatAnswer(rng.i64(0..2_000)),
        17 => Trouble::DelaySaid(rng.i64(1..3_000)),
        18..20 => Trouble::HangUp,
        _ => Trouble::ClockJump(jump(rng)),
    }
}

fn harm(rng: &mut Rng) -> Harm {
    match rng.u8(..13) {
        0 => Harm::Crash(if rng.u8(..3) == 0 { rng.i64(1_000..20_000) } else { DOWN_MS }),
        12 => Harm::Sleep(rng.i64(100..20_000)),
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
