-- A lesson that somebody of the school gave to a class: who attests it, in which version, on which day, and who of the class was there.
CREATE TABLE attestation (
    id           INTEGER PRIMARY KEY,
    uid          BLOB NOT NULL UNIQUE,
    version_id   INTEGER NOT NULL REFERENCES course_version (id),
    section_id   INTEGER NOT NULL REFERENCES section (id),
    held         INTEGER NOT NULL,               -- the day of the lesson, on the district's calendar
    held_at      INTEGER NOT NULL,               -- noon of that day
    account_id   INTEGER NOT NULL REFERENCES account (id),
    teacher_name TEXT NOT NULL,
    note         TEXT NOT NULL,
    at           INTEGER NOT NULL
) STRICT;
CREATE INDEX attestation_by_section ON attestation (section_id, version_id, held);
CREATE INDEX attestation_by_version ON attestation (version_id, held_at);

CREATE TABLE attestation_student (
    attestation_id INTEGER NOT NULL REFERENCES attestation (id),
    person_id      INTEGER NOT NULL REFERENCES person (id),
    presence       TEXT NOT NULL,                -- here, absent, excused; what was corrected stands in the audit log
    PRIMARY KEY (attestation_id, person_id)
) STRICT;
CREATE INDEX attestation_student_by_person ON attestation_student (person_id);

-- Courses that somebody has completed: alone, or in a class that was taught.
CREATE VIEW course_completed AS
    SELECT person_id, version_id, finished_at AS at FROM attempt WHERE passed = TRUE
    UNION ALL
    SELECT s.person_id, a.version_id, a.held_at AS at
    FROM attestation a JOIN attestation_student s ON s.attestation_id = a.id WHERE s.presence = 'here';
