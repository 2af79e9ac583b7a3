-- The first schema. Instants are milliseconds since the Unix epoch; hashes are SHA-256.

CREATE TABLE departments (
    id            INTEGER PRIMARY KEY,
    name          TEXT NOT NULL UNIQUE COLLATE NOCASE
) STRICT;

CREATE TABLE agents (
    id            INTEGER PRIMARY KEY,
    email         TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name          TEXT NOT NULL,
    role          TEXT NOT NULL CHECK (role IN ('admin', 'agent')),
    password_hash TEXT NOT NULL,
    available     INTEGER NOT NULL DEFAULT 1,
    created_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE agent_departments (
    agent_id      INTEGER NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    department_id INTEGER NOT NULL REFERENCES departments (id) ON DELETE CASCADE,
    PRIMARY KEY (agent_id, department_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    token_hash    BLOB PRIMARY KEY,
    agent_id      INTEGER NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE setup_links (
    token_hash    BLOB PRIMARY KEY,
    expires_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE visitors (
    id            INTEGER PRIMARY KEY,
    token_hash    BLOB NOT NULL UNIQUE,
    created_at    INTEGER NOT NULL
) STRICT;

-- The projection: the fold of each chat's events, with what lists are sorted and found by beside it.
CREATE TABLE chats (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    visitor_id    INTEGER NOT NULL REFERENCES visitors (id),
    status        TEXT NOT NULL CHECK (status IN ('waiting', 'open', 'ended')),
    agent_id      INTEGER REFERENCES agents (id),
    last_seq      INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    state         TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX chats_live_by_visitor ON chats (visitor_id) WHERE status IN ('waiting', 'open');
CREATE INDEX chats_by_visitor ON chats (visitor_id, id);
CREATE INDEX chats_by_status ON chats (status, updated_at, id);
CREATE INDEX chats_by_agent ON chats (agent_id, status, updated_at, id);

-- The log. Append-only; `public` marks what the visitor may see.
CREATE TABLE events (
    chat_id       INTEGER NOT NULL REFERENCES chats (id),
    seq           INTEGER NOT NULL,
    public        INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    author        TEXT NOT NULL,
    command_id    BLOB,
    body          TEXT NOT NULL,
    PRIMARY KEY (chat_id, seq)
) STRICT, WITHOUT ROWID;
-- Exactly once: a command that is sent twice is stored once.
CREATE UNIQUE INDEX events_by_command ON events (command_id) WHERE command_id IS NOT NULL;

-- What must be done after a commit, written in the same transaction. `dedup` makes each thing happen once.
CREATE TABLE outbox (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    kind          TEXT NOT NULL,
    chat_id       INTEGER REFERENCES chats (id),
    payload       TEXT NOT NULL,
    dedup         TEXT NOT NULL UNIQUE,
    state         TEXT NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'done', 'parked')),
    attempts      INTEGER NOT NULL DEFAULT 0,
    due_at        INTEGER NOT NULL,
    last_error    TEXT,
    created_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_due ON outbox (due_at) WHERE state = 'due';
