-- Answers on paper: each printed form has a code, which is scanned or typed when it comes back signed; pictures of what was signed.

-- Of an answer on paper: the day beside the signature, and SHA-256 of the scan with which it was entered; null: none.
ALTER TABLE acknowledgment ADD COLUMN signed_day INTEGER;
ALTER TABLE acknowledgment ADD COLUMN scan_sha256 TEXT;

-- A form as it was printed: one a duty, version and language, whenever it is printed again.
CREATE TABLE paper_form (
    id             INTEGER PRIMARY KEY,
    code           TEXT NOT NULL UNIQUE,     -- as printed: four characters, a dash, four characters; the last one checks the others
    requirement_id INTEGER NOT NULL REFERENCES requirement (id),
    person_id      INTEGER NOT NULL REFERENCES person (id),    -- who answers
    about_id       INTEGER NOT NULL REFERENCES person (id),    -- for whom
    version_id     INTEGER NOT NULL,           -- the policy version
    language       TEXT NOT NULL,
    account_id     INTEGER,                    -- who printed it first; null: a command on the server's machine
    by_name        TEXT NOT NULL,
    printed_at     INTEGER NOT NULL,
    UNIQUE (requirement_id, person_id, about_id, version_id, language)
) STRICT;

-- Each time a form was entered, with the record that it led to. Append-only: what was entered wrongly is entered again.
CREATE TABLE paper_entry (
    id                INTEGER PRIMARY KEY,
    form_id           INTEGER NOT NULL REFERENCES paper_form (id),
    acknowledgment_id INTEGER NOT NULL REFERENCES acknowledgment (id),
    at                INTEGER NOT NULL,
    account_id        INTEGER,
    by_name           TEXT NOT NULL,
    why               TEXT NOT NULL          -- why it was entered again; '' the first time
) STRICT;
CREATE INDEX paper_entry_by_form ON paper_entry (form_id, id);
CREATE INDEX paper_entry_by_account ON paper_entry (account_id, id);

-- A scan: one form's or a whole batch's. Append-only.
CREATE TABLE paper_scan (
    id         INTEGER PRIMARY KEY,
    uid        BLOB NOT NULL UNIQUE,
    kind       TEXT NOT NULL CHECK (kind IN ('pdf', 'jpeg', 'png')),   -- by its bytes
    size       INTEGER NOT NULL,
    sha256     TEXT NOT NULL,
    at         INTEGER NOT NULL,
    account_id INTEGER,
    by_name    TEXT NOT NULL
) STRICT;

-- Its bytes, 1 MiB a part.
CREATE TABLE paper_scan_part (
    scan_id INTEGER NOT NULL REFERENCES paper_scan (id),
    part    INTEGER NOT NULL,
    bytes   BLOB NOT NULL,
    PRIMARY KEY (scan_id, part)
) STRICT;

-- Which records a scan shows. with_entry: it came with the record, which has its hash; otherwise it was attached later.
CREATE TABLE paper_scan_of (
    acknowledgment_id INTEGER NOT NULL REFERENCES acknowledgment (id),
    scan_id           INTEGER NOT NULL REFERENCES paper_scan (id),
    with_entry        INTEGER NOT NULL,
    PRIMARY KEY (acknowledgment_id, scan_id)
) STRICT;
CREATE INDEX paper_scan_of_by_scan ON paper_scan_of (scan_id);

CREATE TRIGGER paper_form_stays BEFORE UPDATE ON paper_form BEGIN SELECT RAISE(ABORT, 'printed forms are never changed'); END;
CREATE TRIGGER paper_form_is_kept BEFORE DELETE ON paper_form BEGIN SELECT RAISE(ABORT, 'printed forms are never deleted'); END;
CREATE TRIGGER paper_entry_stays BEFORE UPDATE ON paper_entry BEGIN SELECT RAISE(ABORT, 'entries of forms are never changed'); END;
CREATE TRIGGER paper_entry_is_kept BEFORE DELETE ON paper_entry BEGIN SELECT RAISE(ABORT, 'entries of forms are never deleted'); END;
CREATE TRIGGER paper_scan_stays BEFORE UPDATE ON paper_scan BEGIN SELECT RAISE(ABORT, 'scans are never changed'); END;
CREATE TRIGGER paper_scan_is_kept BEFORE DELETE ON paper_scan BEGIN SELECT RAISE(ABORT, 'scans are never deleted'); END;
CREATE TRIGGER paper_scan_part_stays BEFORE UPDATE ON paper_scan_part BEGIN SELECT RAISE(ABORT, 'scans are never changed'); END;
CREATE TRIGGER paper_scan_part_is_kept BEFORE DELETE ON paper_scan_part BEGIN SELECT RAISE(ABORT, 'scans are never deleted'); END;
CREATE TRIGGER paper_scan_of_stays BEFORE UPDATE ON paper_scan_of BEGIN SELECT RAISE(ABORT, 'scans are never changed'); END;
CREATE TRIGGER paper_scan_of_is_kept BEFORE DELETE ON paper_scan_of BEGIN SELECT RAISE(ABORT, 'scans are never deleted'); END;
