-- A link in a mail by which somebody comes to the own tasks without a password: once, within an hour, only to answer.

CREATE TABLE sign_in_link (
    token_hash TEXT PRIMARY KEY,           -- SHA-256 of the token: who reads the table can't use it
    person_id  BIGINT NOT NULL REFERENCES person (id),     -- the record for which it was made
    made_at    BIGINT NOT NULL,
    ends_at    BIGINT NOT NULL,
    used_at    BIGINT                          -- null: not yet
);
CREATE INDEX sign_in_link_by_person ON sign_in_link (person_id);
CREATE INDEX sign_in_link_by_end ON sign_in_link (ends_at);

-- When each person last asked for another link: at most one an hour is sent.
CREATE TABLE sign_in_link_wanted (
    person_id BIGINT PRIMARY KEY REFERENCES person (id),  -- the record that was kept
    at        BIGINT NOT NULL
);

-- The account was made for somebody who came by a link: nobody has chosen its login, and it has no password. Whoever makes an account for that
-- person later is given this one.
ALTER TABLE account ADD COLUMN by_link BOOLEAN NOT NULL DEFAULT FALSE;

-- What a session opens. all: everything its account may; class: only the pages of class mode; answer: only the person's own tasks.
ALTER TABLE session DROP CONSTRAINT session_scope_check;
ALTER TABLE session ADD CONSTRAINT session_scope_check CHECK (scope IN ('all', 'class', 'answer'));
