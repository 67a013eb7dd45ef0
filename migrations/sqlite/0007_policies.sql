-- Policies and the documents beside them: their versions, and each version's text by language.
-- A version's text may change while the version is draft, open or closed; from adoption on the database itself refuses.

CREATE TABLE policy (
    id              INTEGER PRIMARY KEY,
    uid             BLOB NOT NULL UNIQUE,
    slug            TEXT NOT NULL UNIQUE,  -- in addresses: internet-safety
    kind            TEXT NOT NULL,         -- board_policy, agreement, consent_form, procedure, notice
    audience        TEXT NOT NULL,         -- all, staff, families, students K-2, …
    owner           TEXT NOT NULL,         -- who looks after it, as a title; '' where nobody is named
    reading_ceiling REAL,                  -- school grade under which its text should read: a hint
    review_months   INTEGER NOT NULL,
    last_review     INTEGER,
    next_review     INTEGER,
    created_at      INTEGER NOT NULL
) STRICT;

CREATE TABLE policy_version (
    id             INTEGER PRIMARY KEY,
    uid            BLOB NOT NULL UNIQUE,
    policy_id      INTEGER NOT NULL REFERENCES policy (id),
    number         INTEGER NOT NULL,           -- 1, 2, 3 …
    state          TEXT NOT NULL CHECK (state IN ('draft', 'open', 'closed', 'adopted', 'published', 'superseded', 'withdrawn')),
    material       INTEGER NOT NULL,          -- changes what people agreed to: they are asked again
    change_reason  TEXT NOT NULL,          -- why it is material, or why it isn't
    change_summary TEXT NOT NULL,          -- what changed, in plain words, for its readers
    account_id     INTEGER,                    -- who began it; null: a command on the server's machine
    author_name    TEXT NOT NULL,
    created_at     INTEGER NOT NULL,
    adopted_day    INTEGER,                    -- the day of the vote
    adopted_at     INTEGER,
    published_at   INTEGER,
    effective      INTEGER,                    -- in force from this day on
    withdrawn_day  INTEGER,                    -- in force no more since this day
    edits          INTEGER NOT NULL,           -- counts the changes to its text; taking it locks the version for one writer
    UNIQUE (policy_id, number)
) STRICT;
-- A policy has one version in the making at a time.
CREATE UNIQUE INDEX policy_version_in_the_making ON policy_version (policy_id) WHERE state IN ('draft', 'open', 'closed', 'adopted');
CREATE INDEX policy_version_by_state ON policy_version (state, policy_id);

CREATE TABLE version_text (
    version_id  INTEGER NOT NULL REFERENCES policy_version (id),
    language    TEXT NOT NULL,
    title       TEXT NOT NULL,
    summary     TEXT NOT NULL,
    statement   TEXT NOT NULL,             -- what a person agrees to; '' where nobody is asked
    if_declined TEXT NOT NULL,             -- what happens after a no
    hash        TEXT NOT NULL,             -- SHA-256 of the canonical JSON of the whole text in this language
    PRIMARY KEY (version_id, language)
) STRICT;

CREATE TABLE clause (
    version_id    INTEGER NOT NULL,
    language      TEXT NOT NULL,
    clause_id     TEXT NOT NULL,           -- stable through all versions and languages
    position      INTEGER NOT NULL,
    section_id    TEXT NOT NULL,
    section_title TEXT NOT NULL,
    body          TEXT NOT NULL,           -- Markdown
    elements      TEXT NOT NULL,           -- JSON: the legal elements that it answers
    PRIMARY KEY (version_id, language, clause_id),
    FOREIGN KEY (version_id, language) REFERENCES version_text (version_id, language)
) STRICT;

-- The questions of a consent form, in the order in which they are asked.
CREATE TABLE consent (
    version_id INTEGER NOT NULL,
    language   TEXT NOT NULL,
    consent_id TEXT NOT NULL,
    position   INTEGER NOT NULL,
    ask        TEXT NOT NULL,
    yes        TEXT NOT NULL,
    no         TEXT NOT NULL,
    after_no   TEXT NOT NULL,
    principal  INTEGER NOT NULL,              -- a no to this one declines the form
    PRIMARY KEY (version_id, language, consent_id),
    FOREIGN KEY (version_id, language) REFERENCES version_text (version_id, language)
) STRICT;

-- What was changed after people had begun to comment, and why.
CREATE TABLE clause_revision (
    id          INTEGER PRIMARY KEY,
    version_id  INTEGER NOT NULL REFERENCES policy_version (id),
    language    TEXT NOT NULL,
    clause_id   TEXT NOT NULL,
    before_body TEXT NOT NULL,
    after_body  TEXT NOT NULL,
    comment_uid BLOB,                       -- the comment that caused it, where one did
    reason      TEXT NOT NULL,
    account_id  INTEGER,
    author_name TEXT NOT NULL,
    at          INTEGER NOT NULL
) STRICT;
CREATE INDEX clause_revision_by_version ON clause_revision (version_id, id);

CREATE TRIGGER clause_revision_stays BEFORE UPDATE ON clause_revision BEGIN SELECT RAISE(ABORT, 'revisions are never changed'); END;
CREATE TRIGGER clause_revision_is_kept BEFORE DELETE ON clause_revision BEGIN SELECT RAISE(ABORT, 'revisions are never deleted'); END;

CREATE TRIGGER version_text_stays_on_insert BEFORE INSERT ON version_text
WHEN (SELECT state FROM policy_version WHERE id = NEW.version_id) NOT IN ('draft', 'open', 'closed')
BEGIN SELECT RAISE(ABORT, 'the text of an adopted version is never changed'); END;
CREATE TRIGGER version_text_stays_on_update BEFORE UPDATE ON version_text
WHEN (SELECT state FROM policy_version WHERE id = OLD.version_id) NOT IN ('draft', 'open', 'closed') OR (SELECT state FROM policy_version WHERE id = NEW.version_id) NOT IN ('draft', 'open', 'closed')
BEGIN SELECT RAISE(ABORT, 'the text of an adopted version is never changed'); END;
CREATE TRIGGER version_text_stays_on_delete BEFORE DELETE ON version_text
WHEN (SELECT state FROM policy_version WHERE id = OLD.version_id) NOT IN ('draft', 'open', 'closed')
BEGIN SELECT RAISE(ABORT, 'the text of an adopted version is never changed'); END;
CREATE TRIGGER clause_stays_on_insert BEFORE INSERT ON clause
WHEN (SELECT state FROM policy_version WHERE id = NEW.version_id) NOT IN ('draft', 'open', 'closed')
BEGIN SELECT RAISE(ABORT, 'the text of an adopted version is never changed'); END;
CREATE TRIGGER clause_stays_on_update BEFORE UPDATE ON clause
WHEN (SELECT state FROM policy_version WHERE id = OLD.version_id) NOT IN ('draft', 'open', 'closed') OR (SELECT state FROM policy_version WHERE id = NEW.version_id) NOT IN ('draft', 'open', 'closed')
BEGIN SELECT RAISE(ABORT, 'the text of an adopted version is never changed'); END;
CREATE TRIGGER clause_stays_on_delete BEFORE DELETE ON clause
WHEN (SELECT state FROM policy_version WHERE id = OLD.version_id) NOT IN ('draft', 'open', 'closed')
BEGIN SELECT RAISE(ABORT, 'the text of an adopted version is never changed'); END;
CREATE TRIGGER consent_stays_on_insert BEFORE INSERT ON consent
WHEN (SELECT state FROM policy_version WHERE id = NEW.version_id) NOT IN ('draft', 'open', 'closed')
BEGIN SELECT RAISE(ABORT, 'the text of an adopted version is never changed'); END;
CREATE TRIGGER consent_stays_on_update BEFORE UPDATE ON consent
WHEN (SELECT state FROM policy_version WHERE id = OLD.version_id) NOT IN ('draft', 'open', 'closed') OR (SELECT state FROM policy_version WHERE id = NEW.version_id) NOT IN ('draft', 'open', 'closed')
BEGIN SELECT RAISE(ABORT, 'the text of an adopted version is never changed'); END;
CREATE TRIGGER consent_stays_on_delete BEFORE DELETE ON consent
WHEN (SELECT state FROM policy_version WHERE id = OLD.version_id) NOT IN ('draft', 'open', 'closed')
BEGIN SELECT RAISE(ABORT, 'the text of an adopted version is never changed'); END;
CREATE TRIGGER policy_version_stays BEFORE UPDATE ON policy_version
WHEN OLD.state NOT IN ('draft', 'open', 'closed') AND (
    NEW.state IN ('draft', 'open', 'closed')
    OR (OLD.state = 'withdrawn' AND NEW.state <> 'withdrawn')
    OR (OLD.published_at IS NOT NULL AND (NEW.published_at IS NOT OLD.published_at OR NEW.effective IS NOT OLD.effective))
    OR NEW.policy_id <> OLD.policy_id OR NEW.number <> OLD.number OR NEW.uid <> OLD.uid OR NEW.material <> OLD.material
    OR NEW.change_reason <> OLD.change_reason OR NEW.change_summary <> OLD.change_summary
    OR NEW.adopted_day IS NOT OLD.adopted_day OR NEW.adopted_at IS NOT OLD.adopted_at
) BEGIN SELECT RAISE(ABORT, 'an adopted version is never changed'); END;
CREATE TRIGGER policy_version_is_kept BEFORE DELETE ON policy_version
WHEN OLD.state NOT IN ('draft', 'open', 'closed') BEGIN SELECT RAISE(ABORT, 'an adopted version is never deleted'); END;
