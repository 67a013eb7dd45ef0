-- The register of the filter's rules: what is blocked for whom, on what basis, why nothing milder would do, when it is looked at again. A rule is
-- changed in its row; what it was before stands in filter_rule_change, which is never changed.

CREATE TABLE filter_rule (
    id             INTEGER PRIMARY KEY,
    code           TEXT NOT NULL UNIQUE,      -- by which people name it; stands in addresses
    target_kind    TEXT NOT NULL CHECK (target_kind IN ('category', 'domain', 'keyword', 'app')),
    target         TEXT NOT NULL,
    action         TEXT NOT NULL CHECK (action IN ('block', 'warn', 'allow', 'time_limited')),
    audience       TEXT NOT NULL CHECK (audience IN ('everybody', 'students', 'staff')),
    bands          TEXT NOT NULL,             -- for students: of K-2,3-5,6-8,9-12, in that order, with commas
    site           TEXT NOT NULL,             -- a school's name; '': everywhere
    device         TEXT NOT NULL CHECK (device IN ('any', 'district', 'personal', 'guest')),
    from_minute    INTEGER,                    -- minutes after local midnight; null: all day
    to_minute      INTEGER,
    basis          TEXT CHECK (basis IN ('cipa', 'state_law', 'local', 'security', 'bandwidth', 'licence')), -- null: nobody has said yet
    citation       TEXT NOT NULL,
    rationale      TEXT NOT NULL,
    evidence       TEXT NOT NULL,
    alternatives   TEXT NOT NULL,             -- JSON: for each milder way that was considered, why not
    neutrality     TEXT NOT NULL,             -- how it was checked that no viewpoint is favored
    access         TEXT NOT NULL,             -- what it means for lessons, assistive technology, languages
    owner          TEXT NOT NULL,
    approver       TEXT NOT NULL,
    decided_on     INTEGER,
    effective_on   INTEGER,
    review_on      INTEGER,                    -- 12 months after decided_on at the latest
    vendor_version TEXT NOT NULL,             -- of the vendor's definition of the category
    ended_on       INTEGER,                    -- the first day on which it is in force no more
    made_at        INTEGER NOT NULL
) STRICT;
CREATE INDEX filter_rule_by_target ON filter_rule (target_kind, target);

CREATE TABLE filter_rule_change (
    id         INTEGER PRIMARY KEY,
    rule_id    INTEGER NOT NULL REFERENCES filter_rule (id),
    what       TEXT NOT NULL CHECK (what IN ('added', 'changed', 'ended')),
    fields     TEXT NOT NULL,                 -- JSON: field, before, after
    why        TEXT NOT NULL,
    on_request INTEGER NOT NULL,              -- because somebody had asked; which one, only filter_decision says
    account_id INTEGER,
    at         INTEGER NOT NULL
) STRICT;
CREATE INDEX filter_rule_change_by_rule ON filter_rule_change (rule_id, id);
CREATE TRIGGER filter_rule_change_stays BEFORE UPDATE ON filter_rule_change BEGIN SELECT RAISE(ABORT, 'never changed'); END;
CREATE TRIGGER filter_rule_change_is_kept BEFORE DELETE ON filter_rule_change BEGIN SELECT RAISE(ABORT, 'never deleted'); END;
