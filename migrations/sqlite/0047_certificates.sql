-- Certificates of courses that somebody passed alone, each with the code by which it can be checked. Made when it is first asked for.
CREATE TABLE certificate (
    id         INTEGER PRIMARY KEY,
    code       TEXT NOT NULL UNIQUE,          -- 7HKX-29PD
    attempt_id INTEGER NOT NULL UNIQUE REFERENCES attempt (id),
    made_at    INTEGER NOT NULL
) STRICT;
