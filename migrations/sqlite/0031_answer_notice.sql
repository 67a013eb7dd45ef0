-- What the school has to hear of: an answer that said no to something, or took something back. Written with the answer; waits until
-- somebody of the school has seen it and said what was done. Both tables are append-only.

CREATE TABLE answer_notice (
    id                INTEGER PRIMARY KEY,
    uid               BLOB NOT NULL UNIQUE,
    acknowledgment_id INTEGER NOT NULL UNIQUE REFERENCES acknowledgment (id),
    about_id          INTEGER NOT NULL REFERENCES person (id),
    school_id         INTEGER NOT NULL REFERENCES org (id),     -- where the duty counted then
    matters           TEXT NOT NULL,           -- JSON: each consent that is new here, as in acknowledgment.choices; [] : the whole document
    at                INTEGER NOT NULL
) STRICT;
CREATE INDEX answer_notice_by_school ON answer_notice (school_id, id);
CREATE INDEX answer_notice_by_about ON answer_notice (about_id);
CREATE TRIGGER answer_notice_stays BEFORE UPDATE ON answer_notice BEGIN SELECT RAISE(ABORT, 'notices of answers are never changed'); END;
CREATE TRIGGER answer_notice_is_kept BEFORE DELETE ON answer_notice BEGIN SELECT RAISE(ABORT, 'notices of answers are never deleted'); END;

CREATE TABLE answer_notice_seen (
    notice_id  INTEGER PRIMARY KEY REFERENCES answer_notice (id),
    account_id INTEGER,                        -- null: a command on the server's machine
    by_name    TEXT NOT NULL,
    note       TEXT NOT NULL,                  -- what was done
    at         INTEGER NOT NULL
) STRICT;
CREATE TRIGGER answer_notice_seen_stays BEFORE UPDATE ON answer_notice_seen BEGIN SELECT RAISE(ABORT, 'what was done is never changed'); END;
CREATE TRIGGER answer_notice_seen_is_kept BEFORE DELETE ON answer_notice_seen BEGIN SELECT RAISE(ABORT, 'what was done is never deleted'); END;

-- What was said about a person, by whomever.
CREATE INDEX acknowledgment_by_about ON acknowledgment (about_id, id);
