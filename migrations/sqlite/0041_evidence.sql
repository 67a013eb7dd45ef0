-- Files that prove what the records say, and how long each is kept.

-- Who was there; written with the meeting, or later with its minutes.
ALTER TABLE meeting ADD COLUMN attendance TEXT NOT NULL DEFAULT '';
CREATE TRIGGER meeting_attendance_stays BEFORE UPDATE OF attendance ON meeting WHEN OLD.attendance <> ''
BEGIN SELECT RAISE(ABORT, 'attendance is written once'); END;

-- A file: of a notice, a meeting, a vote or a review (`about` is its uid, for a vote the version's), or of a funding year's list.
-- Append-only, but that its bytes may go once its time is over.
CREATE TABLE evidence_file (
    id           INTEGER PRIMARY KEY,
    uid          BLOB NOT NULL UNIQUE,
    about_kind   TEXT NOT NULL CHECK (about_kind IN ('notice', 'meeting', 'vote', 'review', 'year')),
    about        BLOB,                     -- null: of a funding year
    policy_id    INTEGER REFERENCES policy (id),
    funding_year INTEGER,                  -- the year in which it begins, on 1 July
    item         TEXT NOT NULL,            -- of a funding year: the entry of the list (AUD-4); '' otherwise
    name         TEXT NOT NULL,            -- as whoever handed it in called it: shown, never a path
    note         TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('pdf', 'png', 'jpeg', 'docx')),     -- by its bytes
    size         INTEGER NOT NULL,
    sha256       TEXT NOT NULL,
    account_id   INTEGER,
    by_name      TEXT NOT NULL,
    at           INTEGER NOT NULL,
    keep_until   INTEGER,                  -- the last day on which it must be there; null: as long as the record that it belongs to
    released_day INTEGER,                  -- since when its bytes are gone
    CHECK ((about IS NULL) = (about_kind = 'year')),
    CHECK ((funding_year IS NOT NULL) = (about_kind = 'year')),
    CHECK (released_day IS NULL OR (keep_until IS NOT NULL AND released_day > keep_until))
) STRICT;
CREATE INDEX evidence_file_by_about ON evidence_file (about, id);
CREATE INDEX evidence_file_by_year ON evidence_file (funding_year, item, id);

-- Its bytes, 1 MiB a part.
CREATE TABLE evidence_part (
    file_id INTEGER NOT NULL REFERENCES evidence_file (id),
    part    INTEGER NOT NULL,
    bytes   BLOB NOT NULL,
    PRIMARY KEY (file_id, part)
) STRICT;

CREATE TRIGGER evidence_file_stays BEFORE UPDATE ON evidence_file
WHEN OLD.released_day IS NOT NULL OR NEW.released_day IS NULL OR NEW.uid <> OLD.uid OR NEW.about_kind <> OLD.about_kind
    OR NEW.about IS NOT OLD.about OR NEW.policy_id IS NOT OLD.policy_id OR NEW.funding_year IS NOT OLD.funding_year
    OR NEW.item <> OLD.item OR NEW.name <> OLD.name OR NEW.note <> OLD.note OR NEW.kind <> OLD.kind OR NEW.size <> OLD.size
    OR NEW.sha256 <> OLD.sha256 OR NEW.by_name <> OLD.by_name OR NEW.at <> OLD.at OR NEW.keep_until IS NOT OLD.keep_until
BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END;
CREATE TRIGGER evidence_file_is_kept BEFORE DELETE ON evidence_file BEGIN SELECT RAISE(ABORT, 'evidence is never deleted'); END;
CREATE TRIGGER evidence_part_stays BEFORE UPDATE ON evidence_part BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END;
CREATE TRIGGER evidence_part_is_kept BEFORE DELETE ON evidence_part
WHEN (SELECT released_day FROM evidence_file WHERE id = OLD.file_id) IS NULL
BEGIN SELECT RAISE(ABORT, 'evidence under retention is never deleted'); END;
