-- What people say about a draft, and what was answered. Comments and answers are never changed or deleted; showing one or not is.

CREATE TABLE feedback_round (
    id         INTEGER PRIMARY KEY,
    uid        BLOB NOT NULL UNIQUE,
    version_id INTEGER NOT NULL REFERENCES policy_version (id),
    public     INTEGER NOT NULL,              -- whether people without an account may read and comment
    closes     INTEGER NOT NULL,               -- the last day on which comments are taken
    opened_at  INTEGER NOT NULL,
    closed_at  INTEGER,                        -- closed by hand; a round also ends with its last day
    account_id INTEGER
) STRICT;
CREATE UNIQUE INDEX feedback_round_open ON feedback_round (version_id) WHERE closed_at IS NULL;

CREATE TABLE feedback_comment (
    id           INTEGER PRIMARY KEY,
    uid          BLOB NOT NULL UNIQUE,
    round_id     INTEGER NOT NULL REFERENCES feedback_round (id),
    version_id   INTEGER NOT NULL REFERENCES policy_version (id),
    language     TEXT NOT NULL,            -- in which the draft was read
    clause_id    TEXT,                     -- null: about the whole
    quote        TEXT NOT NULL,            -- the clause's words as they stood then; '' for the whole
    body         TEXT NOT NULL,
    account_id   INTEGER,                      -- null: from the public page
    display_name TEXT NOT NULL,            -- '' for students and for whoever gave none
    stakeholder  TEXT NOT NULL,            -- students, families, teachers, other_staff, school_leaders, board, community
    from_minor   INTEGER NOT NULL,            -- a student's: shown by group, never by name
    state        TEXT NOT NULL CHECK (state IN ('held', 'shown', 'hidden')), -- held: waits for an author's look
    at           INTEGER NOT NULL
) STRICT;
CREATE INDEX feedback_comment_by_version ON feedback_comment (version_id, id);

-- Answers to a comment; the last one counts.
CREATE TABLE disposition (
    id         INTEGER PRIMARY KEY,
    comment_id INTEGER NOT NULL REFERENCES feedback_comment (id),
    outcome    TEXT NOT NULL CHECK (outcome IN ('accepted', 'partly', 'declined', 'out_of_scope')),
    reason     TEXT NOT NULL,
    account_id INTEGER,
    by_name    TEXT NOT NULL,
    at         INTEGER NOT NULL
) STRICT;
CREATE INDEX disposition_by_comment ON disposition (comment_id, id);

CREATE TRIGGER disposition_stays BEFORE UPDATE ON disposition BEGIN SELECT RAISE(ABORT, 'answers are never changed'); END;
CREATE TRIGGER disposition_is_kept BEFORE DELETE ON disposition BEGIN SELECT RAISE(ABORT, 'answers are never deleted'); END;
CREATE TRIGGER feedback_comment_is_kept BEFORE DELETE ON feedback_comment BEGIN SELECT RAISE(ABORT, 'comments are never deleted'); END;
CREATE TRIGGER feedback_comment_stays BEFORE UPDATE OF uid, round_id, version_id, language, clause_id, quote, body, account_id, display_name,
    stakeholder, from_minor, at ON feedback_comment BEGIN SELECT RAISE(ABORT, 'comments are never changed'); END;
