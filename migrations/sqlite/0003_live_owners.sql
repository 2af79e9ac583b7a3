-- A live owner for every open chat.

-- Until when each agent who answers a chat, or did, keeps what is theirs. Renewed while a console of theirs is connected.
CREATE TABLE owner_leases (
    agent_id      INTEGER PRIMARY KEY REFERENCES agents (id),
    expires_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX owner_leases_by_expiry ON owner_leases (expires_at);
-- Who answers a chat now. The server gives everybody the full time when it starts.
INSERT INTO owner_leases (agent_id, expires_at)
SELECT DISTINCT agent_id, 0 FROM chats WHERE status = 'open' AND agent_id IS NOT NULL;

-- Chats that were taken from an agent who had lost the connection, until the agent has read it or took the chat again.
CREATE TABLE released_chats (
    agent_id      INTEGER NOT NULL REFERENCES agents (id),
    chat_id       INTEGER NOT NULL REFERENCES chats (id),
    at            INTEGER NOT NULL,
    PRIMARY KEY (agent_id, chat_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX released_chats_by_time ON released_chats (at);
