-- The district itself, its orgs, and who did what.
-- Times (…_at) are microseconds since 1970-01-01T00:00:00Z; days (…_day, due, began, ended) are days since 1970-01-01 on the
-- district's calendar. `uid` is what appears in an address; integer keys only join tables.

-- One row: this database's district.
CREATE TABLE district (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    name       TEXT NOT NULL,
    zone       TEXT NOT NULL,              -- IANA time zone, such as America/Chicago
    language   TEXT NOT NULL,              -- the district's own language, such as en
    root_id    INTEGER NOT NULL,               -- its org, above all others
    created_at INTEGER NOT NULL
) STRICT;

-- District, schools and other bodies; a tree.
CREATE TABLE org (
    id         INTEGER PRIMARY KEY,
    uid        BLOB NOT NULL UNIQUE,
    kind       TEXT NOT NULL,              -- school, district, department, local, state, national, or ext:…
    name       TEXT NOT NULL,
    identifier TEXT,
    parent_id  INTEGER REFERENCES org (id),
    left_day   INTEGER                         -- no longer on the roster since that day
) STRICT;
CREATE INDEX org_by_parent ON org (parent_id);

-- Every org with every org above it, itself included: "at this org or below" is one join.
CREATE TABLE org_above (
    org_id   INTEGER NOT NULL REFERENCES org (id),
    above_id INTEGER NOT NULL REFERENCES org (id),
    PRIMARY KEY (org_id, above_id)
) STRICT;
CREATE INDEX org_above_by_above ON org_above (above_id);

-- What was done by whom: never changed, never deleted.
CREATE TABLE audit_entry (
    id         INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    account_id INTEGER,                        -- null: a command on the server's machine
    actor_name TEXT NOT NULL,
    action     TEXT NOT NULL,              -- such as policy.adopted
    subject    TEXT NOT NULL,              -- what it was done to, by uid or slug
    detail     TEXT NOT NULL               -- JSON
) STRICT;
CREATE INDEX audit_entry_by_subject ON audit_entry (subject, id);
CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
CREATE TRIGGER audit_entry_is_kept BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'audit entries are never deleted'); END;
