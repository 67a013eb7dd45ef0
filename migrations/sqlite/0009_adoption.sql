-- How a version was adopted: public notice, hearing or meeting, the board's vote. Kept as evidence for as long as the version.

CREATE TABLE notice (
    id         INTEGER PRIMARY KEY,
    uid        BLOB NOT NULL UNIQUE,
    version_id INTEGER NOT NULL REFERENCES policy_version (id),
    posted     TEXT NOT NULL,              -- where
    from_day   INTEGER NOT NULL,
    body       TEXT NOT NULL,              -- its words
    account_id INTEGER,
    at         INTEGER NOT NULL
) STRICT;
CREATE INDEX notice_by_version ON notice (version_id, from_day);

CREATE TABLE meeting (
    id         INTEGER PRIMARY KEY,
    uid        BLOB NOT NULL UNIQUE,
    version_id INTEGER NOT NULL REFERENCES policy_version (id),
    kind       TEXT NOT NULL CHECK (kind IN ('hearing', 'meeting')),
    day        INTEGER NOT NULL,
    place      TEXT NOT NULL,
    agenda     TEXT NOT NULL,              -- the item under which the policy was called
    minutes    TEXT NOT NULL,              -- '' until they are written
    account_id INTEGER,
    at         INTEGER NOT NULL
) STRICT;
CREATE INDEX meeting_by_version ON meeting (version_id, day);

CREATE TABLE adoption (
    version_id INTEGER PRIMARY KEY REFERENCES policy_version (id),
    votes_for  INTEGER NOT NULL,
    against    INTEGER NOT NULL,
    abstained  INTEGER NOT NULL,
    resolution TEXT NOT NULL,              -- its number in the board's record
    day        INTEGER NOT NULL,
    account_id INTEGER,
    by_name    TEXT NOT NULL,              -- who wrote it down here
    at         INTEGER NOT NULL
) STRICT;

CREATE TRIGGER notice_stays BEFORE UPDATE ON notice BEGIN SELECT RAISE(ABORT, 'notices are never changed'); END;
CREATE TRIGGER notice_is_kept BEFORE DELETE ON notice BEGIN SELECT RAISE(ABORT, 'notices are never deleted'); END;
CREATE TRIGGER meeting_stays BEFORE UPDATE OF uid, version_id, kind, day, place, agenda, at ON meeting
BEGIN SELECT RAISE(ABORT, 'meetings are never changed'); END;
CREATE TRIGGER meeting_minutes_stay BEFORE UPDATE OF minutes ON meeting WHEN OLD.minutes <> ''
BEGIN SELECT RAISE(ABORT, 'minutes are written once'); END;
CREATE TRIGGER meeting_is_kept BEFORE DELETE ON meeting BEGIN SELECT RAISE(ABORT, 'meetings are never deleted'); END;
CREATE TRIGGER adoption_stays BEFORE UPDATE ON adoption BEGIN SELECT RAISE(ABORT, 'a vote is never changed'); END;
CREATE TRIGGER adoption_is_kept BEFORE DELETE ON adoption BEGIN SELECT RAISE(ABORT, 'a vote is never deleted'); END;
