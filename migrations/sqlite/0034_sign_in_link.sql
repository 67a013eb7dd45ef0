-- A link in a mail by which somebody comes to the own tasks without a password: once, within an hour, only to answer.

CREATE TABLE sign_in_link (
    token_hash TEXT PRIMARY KEY,           -- SHA-256 of the token: who reads the table can't use it
    person_id  INTEGER NOT NULL REFERENCES person (id),    -- the record for which it was made
    made_at    INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL,
    used_at    INTEGER                         -- null: not yet
) STRICT;
CREATE INDEX sign_in_link_by_person ON sign_in_link (person_id);
CREATE INDEX sign_in_link_by_end ON sign_in_link (ends_at);

-- When each person last asked for another link: at most one an hour is sent.
CREATE TABLE sign_in_link_wanted (
    person_id INTEGER PRIMARY KEY REFERENCES person (id),  -- the record that was kept
    at        INTEGER NOT NULL
) STRICT;

-- The account was made for somebody who came by a link: nobody has chosen its login, and it has no password. Whoever makes an account for that
-- person later is given this one.
ALTER TABLE account ADD COLUMN by_link INTEGER NOT NULL DEFAULT 0;

-- What a session opens, anew, for SQLite can't change a CHECK. all: everything its account may; class: only the pages of class mode; answer:
-- only the person's own tasks.
CREATE TABLE session_with_answer (
    token_hash        TEXT PRIMARY KEY,
    account_id        INTEGER NOT NULL REFERENCES account (id),
    began_at          INTEGER NOT NULL,
    seen_at           INTEGER NOT NULL,
    ends_at           INTEGER NOT NULL,
    scope             TEXT NOT NULL DEFAULT 'all' CHECK (scope IN ('all', 'class', 'answer')),
    class_section     BLOB,                -- uid of the section
    class_requirement BLOB,                -- uid of the requirement
    class_language    TEXT                 -- tag of the text that is read
) STRICT;
INSERT INTO session_with_answer (token_hash, account_id, began_at, seen_at, ends_at, scope, class_section, class_requirement, class_language)
SELECT token_hash, account_id, began_at, seen_at, ends_at, scope, class_section, class_requirement, class_language FROM session;
DROP TABLE session;
ALTER TABLE session_with_answer RENAME TO session;
CREATE INDEX session_by_account ON session (account_id);
