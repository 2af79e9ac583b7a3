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
}

/// All of them.
pub const ALL: [Sabotage; 16] = [
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
];
