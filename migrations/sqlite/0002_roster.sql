-- The roster: who belongs to the district, where, as what, since when. A record that leaves is marked, never deleted.

CREATE TABLE academic_session (
    id          INTEGER PRIMARY KEY,
    title       TEXT NOT NULL,
    kind        TEXT NOT NULL,             -- schoolYear, semester, term, gradingPeriod, or ext:…
    starts      INTEGER NOT NULL,
    ends        INTEGER NOT NULL,              -- the first day after it
    school_year INTEGER NOT NULL,              -- the year in which it ends
    left_day    INTEGER
) STRICT;

CREATE TABLE person (
    id         INTEGER PRIMARY KEY,
    uid        BLOB NOT NULL UNIQUE,
    given      TEXT NOT NULL,              -- as the person is called
    family     TEXT NOT NULL,
    email      TEXT,
    username   TEXT,
    language   TEXT NOT NULL,              -- preferred language tag
    role       TEXT NOT NULL,              -- primary: student, teacher, staff, school_leader, guardian, board_member, …
    grade      TEXT,                       -- CEDS: KG, 01 … 12; students only
    school_id  INTEGER REFERENCES org (id),    -- primary school or office; null for guardians
    joined     INTEGER NOT NULL,               -- first day on the roster (of this stay)
    left_day   INTEGER,                        -- first day no longer on it
    turns_18   INTEGER,                        -- the day, where the district chooses to store it
    turns_17   INTEGER                         -- the day on which a student is no minor under CIPA, likewise
) STRICT;
CREATE INDEX person_by_school ON person (school_id, role);
CREATE INDEX person_by_name ON person (family, given, id);
CREATE INDEX person_by_username ON person (username);

-- A person's positions: one row an org and role. The primary one is repeated in person.
CREATE TABLE position (
    id         INTEGER PRIMARY KEY,
    person_id  INTEGER NOT NULL REFERENCES person (id),
    org_id     INTEGER NOT NULL REFERENCES org (id),
    role       TEXT NOT NULL,
    is_primary INTEGER NOT NULL,
    began      INTEGER NOT NULL,
    ended      INTEGER,                        -- first day no longer held
    UNIQUE (person_id, org_id, role)
) STRICT;
CREATE INDEX position_by_org ON position (org_id, role);

-- Who is guardian of whom. Who may consent is set by the school and never guessed: unset asks every guardian, and one answer is enough.
CREATE TABLE guardianship (
    guardian_id INTEGER NOT NULL REFERENCES person (id),
    child_id    INTEGER NOT NULL REFERENCES person (id),
    ended       INTEGER,
    PRIMARY KEY (guardian_id, child_id)
) STRICT;
CREATE INDEX guardianship_by_child ON guardianship (child_id);

CREATE TABLE roster_course (
    id       INTEGER PRIMARY KEY,
    title    TEXT NOT NULL,
    code     TEXT,
    org_id   INTEGER REFERENCES org (id),
    left_day INTEGER
) STRICT;

-- A class as it is taught.
CREATE TABLE section (
    id        INTEGER PRIMARY KEY,
    uid       BLOB NOT NULL UNIQUE,
    title     TEXT NOT NULL,
    code      TEXT,
    kind      TEXT NOT NULL,               -- homeroom, scheduled, or ext:…
    grade     TEXT,
    course_id INTEGER REFERENCES roster_course (id),
    school_id INTEGER NOT NULL REFERENCES org (id),
    left_day  INTEGER
) STRICT;
CREATE INDEX section_by_school ON section (school_id);

CREATE TABLE enrollment (
    id         INTEGER PRIMARY KEY,
    section_id INTEGER NOT NULL REFERENCES section (id),
    person_id  INTEGER NOT NULL REFERENCES person (id),
    role       TEXT NOT NULL,              -- student, teacher, administrator, proctor
    began      INTEGER,
    ended      INTEGER,                        -- first day no longer in it, as the file says
    left_day   INTEGER                         -- gone from the roster since that day
) STRICT;
CREATE INDEX enrollment_by_section ON enrollment (section_id, role);
CREATE INDEX enrollment_by_person ON enrollment (person_id);

-- Which source record stands behind which row, and the hash of what it said, so that the same file twice changes nothing.
CREATE TABLE roster_source (
    kind         TEXT NOT NULL,            -- org, session, course, class, user, role, enrollment
    source_id    TEXT NOT NULL,            -- the file's sourcedId
    row_id       INTEGER NOT NULL,
    content_hash INTEGER NOT NULL,
    left_day     INTEGER,
    PRIMARY KEY (kind, source_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE roster_import (
    id          INTEGER PRIMARY KEY,
    uid         BLOB NOT NULL UNIQUE,
    began_at    INTEGER NOT NULL,
    ended_at    INTEGER,
    source      TEXT NOT NULL,             -- the name of the folder or zip, without its path
    version     TEXT NOT NULL,             -- OneRoster 1.1 or 1.2
    state       TEXT NOT NULL,             -- applied, refused
    counts      TEXT NOT NULL,             -- JSON: by type, rows read, added, changed, left, unchanged, rejected
    account_id  INTEGER
) STRICT;

CREATE TABLE roster_import_finding (
    import_id INTEGER NOT NULL REFERENCES roster_import (id),
    number    INTEGER NOT NULL,
    severity  TEXT NOT NULL,               -- error (the row was left out), warning (it came in)
    file      TEXT NOT NULL,
    row       INTEGER NOT NULL,                -- as a spreadsheet counts: the header is row 1
    source_id TEXT NOT NULL,
    field     TEXT NOT NULL,
    value     TEXT NOT NULL,
    wrong     TEXT NOT NULL,
    remedy    TEXT NOT NULL,
    PRIMARY KEY (import_id, number)
) STRICT;
