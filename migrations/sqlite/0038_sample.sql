-- A sample of the people behind a figure, drawn by a rule that anybody can follow again: src/obligations/sample.rs says it.
CREATE TABLE sample (
    id             INTEGER PRIMARY KEY,
    uid            BLOB NOT NULL UNIQUE,
    requirement_id INTEGER NOT NULL REFERENCES requirement (id),
    day            INTEGER NOT NULL,           -- the figure's day
    stratum        TEXT NOT NULL,              -- all, school, role, grade, state
    each           INTEGER NOT NULL,           -- drawn of each stratum
    seed           TEXT NOT NULL,
    strata         TEXT NOT NULL,              -- JSON: each stratum with how many it holds and how many were drawn
    account_id     INTEGER,                    -- null: a command on the server's machine
    actor_name     TEXT NOT NULL,
    made_at        INTEGER NOT NULL
) STRICT;
CREATE INDEX sample_by_account ON sample (account_id, id);

CREATE TABLE sample_member (
    sample_id     INTEGER NOT NULL REFERENCES sample (id),
    number        INTEGER NOT NULL,            -- from 1, by stratum and rank
    stratum       TEXT NOT NULL,
    rank          TEXT NOT NULL,               -- the hash by which it was drawn
    obligation_id INTEGER NOT NULL REFERENCES obligation (id),
    PRIMARY KEY (sample_id, number)
) STRICT;
