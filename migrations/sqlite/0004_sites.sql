-- Several websites with one installation: each may have its own texts, colour, departments and allowed origins.

-- A number is not given again after its site was removed: chats remember it.
CREATE TABLE sites (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    -- What the website's script tag names in `data-site`.
    key           TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL UNIQUE COLLATE NOCASE,
    -- A JSON list of texts.
    origins       TEXT NOT NULL,
    color         TEXT NOT NULL,
    greeting      TEXT NOT NULL,
    away          TEXT NOT NULL
) STRICT;

-- The departments that a site offers; a site without any offers all of them.
CREATE TABLE site_departments (
    site_id       INTEGER NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    department_id INTEGER NOT NULL REFERENCES departments (id) ON DELETE CASCADE,
    PRIMARY KEY (site_id, department_id)
) STRICT, WITHOUT ROWID;
