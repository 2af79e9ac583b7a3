-- Tickets, files, search, labels, blocks and settings.

-- Numbers that are given once and never again.
CREATE TABLE counters (
    name          TEXT PRIMARY KEY,
    value         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- Of departments the highest number that was removed: chats and tickets remember it.
INSERT INTO counters (name, value) VALUES ('ticket', 0), ('department', 0);

-- Each ticket's present state, with what lists are sorted and found by beside it.
CREATE TABLE tickets (
    id            INTEGER PRIMARY KEY,
    status        TEXT NOT NULL CHECK (status IN ('open', 'pending', 'resolved')),
    assignee_id   INTEGER REFERENCES agents (id),
    chat_id       INTEGER REFERENCES chats (id),
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    last_seq      INTEGER NOT NULL,
    state         TEXT NOT NULL
) STRICT;
CREATE INDEX tickets_by_status ON tickets (status, updated_at, id);
CREATE INDEX tickets_by_change ON tickets (updated_at, id);
CREATE INDEX tickets_by_assignee ON tickets (assignee_id, status, updated_at, id);

-- What happened to each ticket. Append-only.
CREATE TABLE ticket_entries (
    ticket_id     INTEGER NOT NULL REFERENCES tickets (id),
    seq           INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    command_id    BLOB,
    body          TEXT NOT NULL,
    PRIMARY KEY (ticket_id, seq)
) STRICT, WITHOUT ROWID;
-- Exactly once, as in the log of chats. A ticket that was made of a chat has its command there.
CREATE UNIQUE INDEX ticket_entries_by_command ON ticket_entries (command_id) WHERE command_id IS NOT NULL;

-- Search: a row has the number of its ticket or chat. Beginnings of two and three letters have an index of their own,
-- so that a word that is still being typed does not cost a walk through half of all words.
CREATE VIRTUAL TABLE ticket_search USING fts5 (
    subject, requester, text, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
-- Chats come in when they end.
CREATE VIRTUAL TABLE chat_search USING fts5 (
    visitor, text, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
-- The marks of hits, U+0001 and U+0002, must not be in the text.
INSERT INTO chat_search (rowid, visitor, text)
SELECT
    chats.id,
    concat_ws(' ', chats.state ->> '$.visitor.name', chats.state ->> '$.visitor.email'),
    coalesce(
        (
            SELECT
                substr(
                    replace(
                        replace(
                            group_concat(block.value ->> '$.paragraph', char(10) ORDER BY events.seq, block.key),
                            char(1), ' '
                        ),
                        char(2), ' '
                    ),
                    1, 1000000
                )
            FROM events, json_each(events.body, '$[1].text') AS block
            WHERE events.chat_id = chats.id AND events.body ->> '$[1].type' = 'message'
        ),
        ''
    )
FROM chats
WHERE chats.status = 'ended';

-- Uploads. The bytes are not here; `stored` says that they are all there, `attached` that a message has the file.
CREATE TABLE files (
    id            BLOB PRIMARY KEY,
    chat_id       INTEGER NOT NULL REFERENCES chats (id),
    author        TEXT NOT NULL,
    name          TEXT NOT NULL,
    size          INTEGER NOT NULL CHECK (size >= 0),
    mime          TEXT,
    width         INTEGER,
    height        INTEGER,
    stored        INTEGER NOT NULL DEFAULT 0,
    attached      INTEGER NOT NULL DEFAULT 0,
    created_at    INTEGER NOT NULL,
    CHECK (stored = 0 OR mime IS NOT NULL),
    CHECK (attached = 0 OR stored = 1)
) STRICT, WITHOUT ROWID;
CREATE INDEX files_by_chat ON files (chat_id, attached);
CREATE INDEX files_abandoned ON files (created_at) WHERE attached = 0;

-- A number is not given again after its label was removed: chats and tickets remember it.
CREATE TABLE labels (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    name          TEXT NOT NULL UNIQUE COLLATE NOCASE,
    color         INTEGER NOT NULL
) STRICT;

ALTER TABLE agents ADD COLUMN deactivated_at INTEGER;
CREATE INDEX sessions_by_agent ON sessions (agent_id);

ALTER TABLE visitors ADD COLUMN last_address TEXT;

-- Who is kept out: a projection of the chats' events.
CREATE TABLE blocks (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    visitor_id     INTEGER NOT NULL REFERENCES visitors (id),
    name           TEXT NOT NULL,
    address        TEXT,
    reason         TEXT NOT NULL,
    agent_id       INTEGER NOT NULL REFERENCES agents (id),
    agent_name     TEXT NOT NULL,
    chat_id        INTEGER NOT NULL REFERENCES chats (id),
    at             INTEGER NOT NULL,
    until          INTEGER NOT NULL,
    lifted_by_id   INTEGER REFERENCES agents (id),
    lifted_by_name TEXT,
    lifted_at      INTEGER
) STRICT;
CREATE INDEX blocks_active ON blocks (until) WHERE lifted_at IS NULL;
CREATE INDEX blocks_by_chat ON blocks (chat_id) WHERE lifted_at IS NULL;

-- What admins set, as JSON.
CREATE TABLE settings (
    key           TEXT PRIMARY KEY,
    value         TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- For the lists of what was done, waits, or was given up.
CREATE INDEX outbox_by_state ON outbox (state, id);
