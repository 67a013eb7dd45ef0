-- The life of a roster: two records of one person, who may consent, people added by hand, saved audiences; windows of a requirement;
-- why a duty came or went; imports that wait, run, are held.

-- Another record of the same person (a source system that knows somebody twice): the record under which the person counts. Duties,
-- positions and classes of this record are that person's. Null: this record counts by itself.
ALTER TABLE person ADD COLUMN same_as INTEGER REFERENCES person (id);
CREATE INDEX person_same_as ON person (same_as) WHERE same_as IS NOT NULL;
-- Why somebody is here whom no source system knows: 'guest', 'substitute', … as the district says; null: from the roster.
ALTER TABLE person ADD COLUMN by_hand TEXT;

-- The source's own word for what somebody is there: counselor, principal, aide, ext:nurse …; '' where it says no more than the role.
ALTER TABLE position ADD COLUMN title TEXT NOT NULL DEFAULT '';

-- Who may consent for a child, as the school has set it; no row: not set, each guardian is asked, and one answer is enough.
CREATE TABLE consent_rule (
    child_id    INTEGER PRIMARY KEY REFERENCES person (id),
    rule        TEXT NOT NULL CHECK (rule IN ('any', 'all', 'one', 'none')),
    guardian_id INTEGER REFERENCES person (id),   -- of 'one': who
    reason      TEXT NOT NULL,              -- on what it rests, such as an order of a court; never shown to guardians
    account_id  INTEGER,                          -- who set it; null: a command on the server's machine
    by_name     TEXT NOT NULL,
    at          INTEGER NOT NULL,
    CHECK ((rule = 'one') = (guardian_id IS NOT NULL))
) STRICT;

-- An audience with a name, to be used again; a requirement that names it follows its changes.
CREATE TABLE audience (
    id         INTEGER PRIMARY KEY,
    uid        BLOB NOT NULL UNIQUE,
    name       TEXT NOT NULL,
    rule       TEXT NOT NULL,               -- as JSON; names no other saved audience
    retired_at INTEGER,                           -- offered no more; requirements that name it keep it
    account_id INTEGER,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

-- The window of a requirement, beside its last day and the days after joining.
ALTER TABLE requirement ADD COLUMN opens INTEGER;                              -- first day on which it can be answered; null: at once
ALTER TABLE requirement ADD COLUMN grace_days INTEGER NOT NULL DEFAULT 0;      -- so many days after the last day nobody counts as late
ALTER TABLE requirement ADD COLUMN yearly INTEGER NOT NULL DEFAULT 0;     -- asked anew each school year, whenever it was answered before
ALTER TABLE requirement ADD COLUMN school_year INTEGER;                        -- of a yearly one: the year in which its school year ends
ALTER TABLE requirement ADD COLUMN series_id INTEGER REFERENCES requirement (id); -- of a yearly one that was asked anew: the first of them
-- Whoever has completed it (or this) in an earlier school year is given this course version instead: a refresher.
ALTER TABLE requirement ADD COLUMN refresher_id INTEGER;
ALTER TABLE requirement ADD COLUMN refresher_root INTEGER;

-- first: the requirement's subject; refresher: its refresher. `due` is the last day, grace and extension included.
ALTER TABLE obligation ADD COLUMN variant TEXT NOT NULL DEFAULT 'first';
ALTER TABLE obligation ADD COLUMN granted_by TEXT;      -- who granted the exemption or the extension
ALTER TABLE obligation ADD COLUMN extended_from INTEGER;      -- the last day before it was extended; null: never extended
ALTER TABLE obligation ADD COLUMN opened_by INTEGER;          -- the duty_report that made this row
ALTER TABLE obligation ADD COLUMN ended_by INTEGER;           -- the duty_report that ended it
CREATE INDEX obligation_opened_by ON obligation (opened_by) WHERE opened_by IS NOT NULL;
CREATE INDEX obligation_ended_by ON obligation (ended_by) WHERE ended_by IS NOT NULL;

-- What a change of the roster or of a rule did to duties, and why. Written in the same transaction.
CREATE TABLE duty_report (
    id         INTEGER PRIMARY KEY,
    uid        BLOB NOT NULL UNIQUE,
    at         INTEGER NOT NULL,
    day        INTEGER NOT NULL,
    cause      TEXT NOT NULL CHECK (cause IN ('import', 'person', 'consent', 'merge', 'audience', 'requirement', 'day', 'year', 'extension')),
    subject    TEXT NOT NULL,               -- what changed, by uid; '' for a new day
    counts     TEXT NOT NULL,               -- JSON: by requirement, how many duties were made, ended, moved, and why
    account_id INTEGER,
    by_name    TEXT NOT NULL
) STRICT;
CREATE INDEX duty_report_by_subject ON duty_report (subject, id);

-- Up to which day dates that came by themselves have been followed (a birthday, a first or last day, a new school year).
ALTER TABLE district ADD COLUMN day_seen INTEGER;
-- Month and day on which a school year begins where the roster names no school year: 701 is 1 July.
ALTER TABLE district ADD COLUMN year_begins INTEGER NOT NULL DEFAULT 701;

-- An import from its file to its report. state: waiting, running, applied, held (waits for a person to release it), refused (can't be
-- trusted), failed (broke off; tried again by hand), dropped (a person let it go), and looked (a dry run).
ALTER TABLE roster_import ADD COLUMN origin TEXT NOT NULL DEFAULT 'command';   -- upload, folder, command
ALTER TABLE roster_import ADD COLUMN by_name TEXT NOT NULL DEFAULT '';
ALTER TABLE roster_import ADD COLUMN said TEXT NOT NULL DEFAULT '';            -- why it is held, refused or failed
ALTER TABLE roster_import ADD COLUMN fingerprint TEXT NOT NULL DEFAULT '';     -- of a watched folder's set: the same set is taken once
ALTER TABLE roster_import ADD COLUMN progress TEXT NOT NULL DEFAULT '';        -- while it runs: JSON, file and rows read
ALTER TABLE roster_import ADD COLUMN allow_leaving INTEGER NOT NULL DEFAULT 0; -- a person has seen who leaves and released it
ALTER TABLE roster_import ADD COLUMN released_by TEXT;
ALTER TABLE roster_import ADD COLUMN seen_at INTEGER;                          -- when the machine that runs it was last heard of
CREATE INDEX roster_import_by_state ON roster_import (state, id);
CREATE INDEX roster_import_by_fingerprint ON roster_import (fingerprint) WHERE fingerprint <> '';

-- The files of an import that waits or is held, in parts, so that any machine can run it; gone when it is applied or dropped.
CREATE TABLE roster_set (
    import_id INTEGER NOT NULL REFERENCES roster_import (id),
    part      INTEGER NOT NULL,
    bytes     BLOB NOT NULL,
    PRIMARY KEY (import_id, part)
) STRICT;

-- Who would leave by an import that is held: the list that a person sees before releasing it.
CREATE TABLE roster_import_leaver (
    import_id INTEGER NOT NULL REFERENCES roster_import (id),
    number    INTEGER NOT NULL,
    kind      TEXT NOT NULL,                -- orgs, classes, users, enrollments, … as the report counts them
    name      TEXT NOT NULL,
    school    TEXT NOT NULL,
    PRIMARY KEY (import_id, number)
) STRICT;
