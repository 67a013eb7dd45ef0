-- Audit packets: what is asked for, and once the worker has made it, the zip in parts. Kept for 30 days.
CREATE TABLE packet (
    id         INTEGER PRIMARY KEY,
    uid        BLOB NOT NULL UNIQUE,
    question   TEXT NOT NULL,                  -- JSON: period, reach, language, sample, with student data for whom and why
    account_id INTEGER NOT NULL REFERENCES account (id),
    actor_name TEXT NOT NULL,
    made_at    INTEGER NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'ready', 'failed')),
    run        TEXT NOT NULL DEFAULT '',       -- the token of the run that has it now
    taken_at   INTEGER,                        -- when a machine took it on
    tries      INTEGER NOT NULL DEFAULT 0,
    ended_at   INTEGER,
    bytes      INTEGER NOT NULL DEFAULT 0,
    sha256     TEXT NOT NULL DEFAULT '',       -- of the zip
    said       TEXT NOT NULL DEFAULT ''        -- why it failed
) STRICT;
CREATE INDEX packet_by_account ON packet (account_id, id);
CREATE INDEX packet_under_way ON packet (id) WHERE state IN ('waiting', 'running');

CREATE TABLE packet_part (
    packet_id INTEGER NOT NULL REFERENCES packet (id),
    part      INTEGER NOT NULL,
    bytes     BLOB NOT NULL,
    PRIMARY KEY (packet_id, part)
) STRICT;
