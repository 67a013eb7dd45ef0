-- How drafts are worked on: words that were replaced, what a translation follows and who read it, and each review of a policy.

-- The words of a draft's clause that somebody replaced or took out, so that nobody's are lost. Append-only.
CREATE TABLE clause_wording (
    id         INTEGER PRIMARY KEY,
    version_id INTEGER NOT NULL REFERENCES policy_version (id),
    language   TEXT NOT NULL,
    clause_id  TEXT NOT NULL,
    body       TEXT NOT NULL,              -- as it stood until then
    account_id INTEGER,                    -- who replaced it
    by_name    TEXT NOT NULL,
    at         INTEGER NOT NULL
) STRICT;
CREATE INDEX clause_wording_by_clause ON clause_wording (version_id, language, clause_id, id);
CREATE INDEX clause_wording_by_time ON clause_wording (version_id, at);

-- Of each clause of a translation: the original's words that its translator had in view, and the version that had them.
CREATE TABLE clause_source (
    version_id     INTEGER NOT NULL,
    language       TEXT NOT NULL,
    clause_id      TEXT NOT NULL,
    source_version INTEGER NOT NULL REFERENCES policy_version (id),
    source_body    TEXT NOT NULL,
    PRIMARY KEY (version_id, language, clause_id),
    FOREIGN KEY (version_id, language) REFERENCES version_text (version_id, language)
) STRICT;
-- What was translated before is taken to follow the words beside it.
INSERT INTO clause_source (version_id, language, clause_id, source_version, source_body)
SELECT t.version_id, t.language, t.clause_id, t.version_id, s.body
FROM clause t
JOIN clause s ON s.version_id = t.version_id AND s.clause_id = t.clause_id AND s.language = (SELECT language FROM district)
WHERE t.language <> s.language;

-- Somebody has read a translation against its original. It holds for the text of that hash alone. Append-only.
CREATE TABLE translation_check (
    id         INTEGER PRIMARY KEY,
    version_id INTEGER NOT NULL,
    language   TEXT NOT NULL,
    hash       TEXT NOT NULL,
    account_id INTEGER,
    by_name    TEXT NOT NULL,
    at         INTEGER NOT NULL,
    FOREIGN KEY (version_id, language) REFERENCES version_text (version_id, language)
) STRICT;
CREATE INDEX translation_check_by_text ON translation_check (version_id, language, id);

-- A policy was looked at again: it stands, or a draft was begun. Append-only.
CREATE TABLE policy_review (
    id         INTEGER PRIMARY KEY,
    uid        BLOB NOT NULL UNIQUE,
    policy_id  INTEGER NOT NULL REFERENCES policy (id),
    day        INTEGER NOT NULL,
    version_id INTEGER REFERENCES policy_version (id),     -- the draft that it led to; null: no change
    note       TEXT NOT NULL,              -- what was looked at, and what was found
    account_id INTEGER,
    by_name    TEXT NOT NULL,
    at         INTEGER NOT NULL
) STRICT;
CREATE INDEX policy_review_by_policy ON policy_review (policy_id, day);

CREATE TRIGGER clause_wording_stays BEFORE UPDATE ON clause_wording BEGIN SELECT RAISE(ABORT, 'earlier words are never changed'); END;
CREATE TRIGGER clause_wording_is_kept BEFORE DELETE ON clause_wording BEGIN SELECT RAISE(ABORT, 'earlier words are never deleted'); END;
CREATE TRIGGER translation_check_stays BEFORE UPDATE ON translation_check BEGIN SELECT RAISE(ABORT, 'a check is never changed'); END;
CREATE TRIGGER translation_check_is_kept BEFORE DELETE ON translation_check BEGIN SELECT RAISE(ABORT, 'a check is never deleted'); END;
CREATE TRIGGER policy_review_stays BEFORE UPDATE ON policy_review BEGIN SELECT RAISE(ABORT, 'reviews are never changed'); END;
CREATE TRIGGER policy_review_is_kept BEFORE DELETE ON policy_review BEGIN SELECT RAISE(ABORT, 'reviews are never deleted'); END;
CREATE TRIGGER clause_source_stays_on_insert BEFORE INSERT ON clause_source
WHEN (SELECT state FROM policy_version WHERE id = NEW.version_id) NOT IN ('draft', 'open', 'closed')
BEGIN SELECT RAISE(ABORT, 'the text of an adopted version is never changed'); END;
CREATE TRIGGER clause_source_stays_on_update BEFORE UPDATE ON clause_source
WHEN (SELECT state FROM policy_version WHERE id = OLD.version_id) NOT IN ('draft', 'open', 'closed') OR (SELECT state FROM policy_version WHERE id = NEW.version_id) NOT IN ('draft', 'open', 'closed')
BEGIN SELECT RAISE(ABORT, 'the text of an adopted version is never changed'); END;
CREATE TRIGGER clause_source_stays_on_delete BEFORE DELETE ON clause_source
WHEN (SELECT state FROM policy_version WHERE id = OLD.version_id) NOT IN ('draft', 'open', 'closed')
BEGIN SELECT RAISE(ABORT, 'the text of an adopted version is never changed'); END;
