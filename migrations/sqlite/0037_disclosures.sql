-- Auditors from outside, samples that they draw, and the record of disclosures that the law asks for (20 USC 1232g(b)(4)(A); 34 CFR 99.32).

-- For whom an auditor works, and what the audit is for: the party and the interest of the law.
CREATE TABLE auditor (
    account_id INTEGER PRIMARY KEY REFERENCES account (id),
    party      TEXT NOT NULL,
    interest   TEXT NOT NULL,
    begun_at   INTEGER NOT NULL
) STRICT;

-- Whoever from outside the school saw student records, or was given them: written before they are shown, never changed, never deleted.
CREATE TABLE disclosure (
    id         INTEGER PRIMARY KEY,
    uid        BLOB NOT NULL UNIQUE,
    at         INTEGER NOT NULL,
    account_id INTEGER,                    -- who looked, or had it made; null: a command on the server's machine
    actor_name TEXT NOT NULL,
    party      TEXT NOT NULL,
    interest   TEXT NOT NULL,
    kind       TEXT NOT NULL,              -- which records: src/audit/disclosures.rs names them
    subject    TEXT NOT NULL               -- of what: a requirement's title, a document's; '' where the kind says it
) STRICT;
CREATE INDEX disclosure_by_account ON disclosure (account_id, id);
CREATE TRIGGER disclosure_stays BEFORE UPDATE ON disclosure BEGIN SELECT RAISE(ABORT, 'disclosures are never changed'); END;
CREATE TRIGGER disclosure_is_kept BEFORE DELETE ON disclosure BEGIN SELECT RAISE(ABORT, 'disclosures are never deleted'); END;

-- Of which students.
CREATE TABLE disclosure_student (
    disclosure_id INTEGER NOT NULL REFERENCES disclosure (id),
    person_id     INTEGER NOT NULL REFERENCES person (id),
    PRIMARY KEY (disclosure_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX disclosure_student_by_person ON disclosure_student (person_id, disclosure_id);
CREATE TRIGGER disclosure_student_stays BEFORE UPDATE ON disclosure_student BEGIN SELECT RAISE(ABORT, 'disclosures are never changed'); END;
CREATE TRIGGER disclosure_student_is_kept BEFORE DELETE ON disclosure_student BEGIN SELECT RAISE(ABORT, 'disclosures are never deleted'); END;
