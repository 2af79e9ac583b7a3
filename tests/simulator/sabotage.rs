//! What can be broken on purpose, to see that the checks notice. Only the simulator's own wiring looks here.

/// One promise that is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sabotage {
    /// The store forgets which commands it has carried out.
    NoIdempotency,
    /// Two events of a chat may have one number.
    NoUniqueNumbers,
    /// A visitor may have several live chats.
    NoSingleLiveChat,
    /// Listeners are told before the commit.
    PublishBeforeCommit,
    /// Writers are answered before the commit.
    AcknowledgeBeforeCommit,
    /// What a rolled-back batch left in the cache stays there.
    KeepCache,
    /// Jobs are stored after the commit, by themselves.
    JobsApart,
    /// Everybody is sent everything.
    NoAudience,
    /// A connection reads the log first and subscribes then.
    ReadThenFollow,
    /// The server's side of a connection does not look at `prev`.
    IgnorePrevOnServer,
    /// The client does not look at `prev`.
    IgnorePrevInClient,
    /// The client sends a message again under another id.
    NewIdPerTry,
    /// The outbox is not kept in the browser's storage.
    ForgetOutbox,
    /// Ids of messages are made of the clock alone.
    TrustClock,
    /// A console asks for its rows once after connecting.
    AskRowsOnce,
    /// Whether a visitor is kept out is looked up once, before the command waits for the writer.
    LookOnceForBlocks,
    /// Blocks take effect by the hand of whoever gave them, not with the commit.
    BlockByCaller,
    /// Whether the visitor of a new chat is kept out is looked up again by their caller, not with the commit.
    StartByCaller,
    /// Chats of agents who are gone are never given back.
    NeverRelease,
    /// Whether a lease has run out is not looked at again in the transaction.
    LookOnceForLeases,
    /// Who accepts a chat gets no lease with it.
    AcceptWithoutLease,
    /// After a restart or a sleep of the server the time does not count anew.
    NoTimeToReturn,
    /// What was taken from an agent is told when the console is loaded, not when it has connected again.
    TellWhenLoaded,
}

/// All of them.
pub const ALL: [Sabotage; 23] = [
    Sabotage::NoIdempotency,
    Sabotage::NoUniqueNumbers,
    Sabotage::NoSingleLiveChat,
    Sabotage::PublishBeforeCommit,
    Sabotage::AcknowledgeBeforeCommit,
    Sabotage::KeepCache,
    Sabotage::JobsApart,
    Sabotage::NoAudience,
    Sabotage::ReadThenFollow,
    Sabotage::IgnorePrevOnServer,
    Sabotage::IgnorePrevInClient,
    Sabotage::NewIdPerTry,
    Sabotage::ForgetOutbox,
    Sabotage::TrustClock,
    Sabotage::AskRowsOnce,
    Sabotage::LookOnceForBlocks,
    Sabotage::BlockByCaller,
    Sabotage::StartByCaller,
    Sabotage::NeverRelease,
    Sabotage::LookOnceForLeases,
    Sabotage::AcceptWithoutLease,
    Sabotage::NoTimeToReturn,
    Sabotage::TellWhenLoaded,
];

impl Sabotage {
    /// What is broken, as the table in `docs/reliability.md` has it.
    pub fn words(self) -> &'static str {
        match self {
            Sabotage::NoIdempotency => "no index of command ids",
            Sabotage::NoUniqueNumbers => "two events of a chat may have one number",
            Sabotage::NoSingleLiveChat => "a visitor may have several live chats",
            Sabotage::PublishBeforeCommit => "listeners are told before the commit",
            Sabotage::AcknowledgeBeforeCommit => "writers are answered before the commit",
            Sabotage::KeepCache => "the cache is kept after a rollback",
            Sabotage::JobsApart => "jobs are stored after the commit",
            Sabotage::NoAudience => "everybody is sent everything",
            Sabotage::ReadThenFollow => "a connection reads the log and subscribes then",
            Sabotage::IgnorePrevOnServer => "the server does not look at `prev`",
            Sabotage::IgnorePrevInClient => "the client does not look at `prev`",
            Sabotage::NewIdPerTry => "a message is repeated under another id",
            Sabotage::ForgetOutbox => "the outbox is not in the browser's storage",
            Sabotage::TrustClock => "ids of messages are made of the clock alone",
            Sabotage::AskRowsOnce => "a console asks for its rows once after connecting",
            Sabotage::LookOnceForBlocks => "blocks are looked up once, before the wait for the writer",
            Sabotage::BlockByCaller => "a block takes effect by the hand of whoever gave it",
            Sabotage::StartByCaller => "who starts a chat is looked at again by the hand of whoever started it",
            Sabotage::NeverRelease => "chats of agents who are gone are never given back",
            Sabotage::LookOnceForLeases => "leases are looked up once, before the wait for the writer",
            Sabotage::AcceptWithoutLease => "who accepts a chat gets no lease",
            Sabotage::NoTimeToReturn => "after a restart or a sleep the time does not count anew",
            Sabotage::TellWhenLoaded => "an agent is told what was taken only when the console is loaded",
        }
    }
}
