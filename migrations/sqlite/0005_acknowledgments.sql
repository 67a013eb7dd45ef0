-- Evidence: each answer that somebody gave. Append-only; the hash is over the record's canonical form (RFC 8785).

CREATE TABLE acknowledgment (
    id             INTEGER PRIMARY KEY,
    uid            BLOB NOT NULL UNIQUE,    -- on the receipt
    obligation_id  INTEGER NOT NULL REFERENCES obligation (id),
    person_id      INTEGER NOT NULL REFERENCES person (id),    -- who answers
    about_id       INTEGER NOT NULL REFERENCES person (id),    -- for whom
    capacity       TEXT NOT NULL,          -- self, guardian
    authenticated  TEXT NOT NULL,          -- password
    version_id     INTEGER NOT NULL,           -- the policy version
    language       TEXT NOT NULL,          -- in which it was read
    text_hash      TEXT NOT NULL,          -- SHA-256 of the exact text in that language
    statement      TEXT NOT NULL,          -- the words agreed to, or declined
    answer         TEXT NOT NULL,          -- agreed, declined
    choices        TEXT NOT NULL,          -- JSON: each consent and its yes or no
    reason         TEXT NOT NULL,          -- why declined, where the person said; '' otherwise
    signed_name    TEXT NOT NULL,          -- as typed; '' where none is asked
    at             INTEGER NOT NULL,
    hash           TEXT NOT NULL
) STRICT;
CREATE INDEX acknowledgment_by_obligation ON acknowledgment (obligation_id, id);
CREATE INDEX acknowledgment_by_person ON acknowledgment (person_id, id);
CREATE TRIGGER acknowledgment_stays BEFORE UPDATE ON acknowledgment BEGIN SELECT RAISE(ABORT, 'acknowledgments are never changed'); END;
CREATE TRIGGER acknowledgment_is_kept BEFORE DELETE ON acknowledgment BEGIN SELECT RAISE(ABORT, 'acknowledgments are never deleted'); END;
