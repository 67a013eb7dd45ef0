-- A view of the audit that somebody saved for themselves: what of, divided by what. A weekly one comes by mail.
CREATE TABLE saved_view (
    id             INTEGER PRIMARY KEY,
    uid            BLOB NOT NULL UNIQUE,
    account_id     INTEGER NOT NULL REFERENCES account (id),
    name           TEXT NOT NULL,
    requirement_id INTEGER NOT NULL REFERENCES requirement (id),
    divided_by     TEXT NOT NULL,             -- school, role, grade
    weekly         INTEGER NOT NULL,              -- 1: in the week's first mail
    made_at        INTEGER NOT NULL
) STRICT;
CREATE INDEX saved_view_by_account ON saved_view (account_id, id);
