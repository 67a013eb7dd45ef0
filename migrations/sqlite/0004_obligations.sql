-- Who must do what by when, and the figures over it.

CREATE TABLE requirement (
    id           INTEGER PRIMARY KEY,
    uid          BLOB NOT NULL UNIQUE,
    title        TEXT NOT NULL,            -- what people are asked to do, as their task is called
    subject_kind TEXT NOT NULL,            -- policy, course
    subject_id   INTEGER NOT NULL,             -- the policy's or course's version
    root_id      INTEGER NOT NULL,             -- the policy or course through its versions
    answers_as   TEXT NOT NULL,            -- oneself: who the audience names; guardian: the guardians of the students it names
    audience     TEXT NOT NULL,            -- the rule, as JSON
    due          INTEGER,                      -- last day for those who are there at issue; null: days after joining for all
    join_days    INTEGER NOT NULL,             -- who comes later has so many days
    goal         INTEGER NOT NULL,             -- percent that the district wants
    minutes      INTEGER NOT NULL,             -- how long it takes, about
    state        TEXT NOT NULL,            -- saved, issued, superseded, withdrawn
    issued_at    INTEGER,
    issued_day   INTEGER,
    created_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX requirement_by_root ON requirement (subject_kind, root_id);

-- One person's duty. Never deleted. For a guardian one per child; otherwise about_id is the person.
-- school_id, role and grade are the cell in which it counts, and never change: when the person moves, or the answer does, this
-- row ends and another carries on. As of day D a row counts if opened <= D and (ended is null or ended > D); its state that day
-- is open if closed is null or closed > D, else `state`.
CREATE TABLE obligation (
    id             INTEGER PRIMARY KEY,
    requirement_id INTEGER NOT NULL REFERENCES requirement (id),
    person_id      INTEGER NOT NULL REFERENCES person (id),
    about_id       INTEGER NOT NULL REFERENCES person (id),
    school_id      INTEGER NOT NULL REFERENCES org (id),
    role           TEXT NOT NULL,
    grade          TEXT NOT NULL,          -- '' where there is none
    due            INTEGER NOT NULL,
    opened         INTEGER NOT NULL,
    state          TEXT NOT NULL,          -- open, fulfilled, declined, exempt
    closed         INTEGER,                    -- the day it left "open"
    reason         TEXT,                   -- why exempt
    ended          INTEGER,                    -- the day since which it counts no more
    end_reason     TEXT                    -- left, moved, changed, superseded, withdrawn
) STRICT;
CREATE UNIQUE INDEX obligation_once ON obligation (requirement_id, person_id, about_id) WHERE ended IS NULL;
CREATE INDEX obligation_by_person ON obligation (person_id, requirement_id);
CREATE INDEX obligation_by_about ON obligation (about_id, requirement_id);
CREATE INDEX obligation_by_cell ON obligation (requirement_id, school_id, state);

-- The ledger of counts: each change of state adds to the cell it leaves (-1) and the cell it enters (+1) on its day.
-- The figure as of a day is the sum up to it. `slot` spreads writers that meet in one cell; readers add them up.
CREATE TABLE tally (
    requirement_id INTEGER NOT NULL REFERENCES requirement (id),
    school_id      INTEGER NOT NULL,
    day            INTEGER NOT NULL,
    role           TEXT NOT NULL,
    grade          TEXT NOT NULL,
    due            INTEGER NOT NULL,
    state          TEXT NOT NULL,
    slot           INTEGER NOT NULL,
    change         INTEGER NOT NULL,
    PRIMARY KEY (requirement_id, school_id, day, role, grade, due, state, slot)
) STRICT;
