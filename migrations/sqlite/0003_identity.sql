-- Who may sign in, as what, how far it reaches; and the sessions.

CREATE TABLE account (
    id            INTEGER PRIMARY KEY,
    uid           BLOB NOT NULL UNIQUE,
    login         TEXT NOT NULL UNIQUE,    -- lower case: user name or e-mail address
    name          TEXT NOT NULL,
    person_id     INTEGER UNIQUE REFERENCES person (id),
    password_hash TEXT,                    -- argon2id, PHC string
    language      TEXT,                    -- chosen on a page; null: as the browser asks
    last_day      INTEGER,                     -- an auditor's last day
    disabled_at   INTEGER,
    created_at    INTEGER NOT NULL
) STRICT;

-- Roles that somebody granted. Students, teachers, staff, school leaders and guardians have theirs from the roster as well.
CREATE TABLE account_role (
    account_id INTEGER NOT NULL REFERENCES account (id),
    role       TEXT NOT NULL,
    org_id     INTEGER NOT NULL REFERENCES org (id),
    PRIMARY KEY (account_id, role, org_id)
) STRICT;

-- A session is known by the SHA-256 of its token: who reads the table can't use it.
CREATE TABLE session (
    token_hash TEXT PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account (id),
    began_at   INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX session_by_account ON session (account_id);

-- Tries at signing in, as token buckets: by account and address, and by address.
CREATE TABLE sign_in_bucket (
    key    TEXT PRIMARY KEY,
    tokens REAL NOT NULL,
    at     INTEGER NOT NULL
) STRICT;
