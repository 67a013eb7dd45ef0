-- Requests to open what the filter stops. A request holds its person's role and grade band, never a name; the account is there so that whoever asked
-- is told and can appeal. Requests about health, a crisis or legal help are opened by the confidants alone.

CREATE TABLE filter_request (
    id          INTEGER PRIMARY KEY,
    uid         BLOB NOT NULL UNIQUE,
    account_id  INTEGER NOT NULL REFERENCES account (id),
    role        TEXT NOT NULL CHECK (role IN ('student', 'staff')),
    band        TEXT NOT NULL,                -- of students; '' otherwise
    school_id   INTEGER NOT NULL REFERENCES org (id), -- the district's own org for whoever has no school
    address     TEXT NOT NULL,
    category    TEXT NOT NULL,                -- as the page that blocked it said
    rule_id     INTEGER REFERENCES filter_rule (id),  -- that stopped it, where that is known
    purpose     TEXT NOT NULL,
    urgency     TEXT NOT NULL CHECK (urgency IN ('crisis_health', 'class_today', 'normal')),
    scope       TEXT NOT NULL CHECK (scope IN ('me', 'class', 'school', 'everybody')),
    until       INTEGER,                       -- the last day for which it is wanted
    asked_at    INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,              -- in the district's business hours
    state       TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'granted', 'refused', 'appealed')),
    decided_at  INTEGER,                       -- the first decision
    appealed_at INTEGER,
    appeal      TEXT NOT NULL DEFAULT '',     -- why the first decision shouldn't stand
    appeal_due  INTEGER,
    settled_at  INTEGER                        -- the decision on the appeal
) STRICT;
CREATE INDEX filter_request_waiting ON filter_request (due_at) WHERE state IN ('open', 'appealed');
CREATE INDEX filter_request_by_account ON filter_request (account_id, id);
CREATE INDEX filter_request_by_rule ON filter_request (rule_id) WHERE rule_id IS NOT NULL;
CREATE INDEX filter_request_by_day ON filter_request (asked_at);
CREATE TRIGGER filter_request_is_kept BEFORE DELETE ON filter_request BEGIN SELECT RAISE(ABORT, 'never deleted'); END;
CREATE TRIGGER filter_request_stays BEFORE UPDATE OF uid, account_id, role, band, school_id, address, category, purpose, urgency, scope, until, asked_at, due_at ON filter_request BEGIN SELECT RAISE(ABORT, 'never changed'); END;

-- Each decision with its reason; the second is the one on the appeal.
CREATE TABLE filter_decision (
    id         INTEGER PRIMARY KEY,
    request_id INTEGER NOT NULL REFERENCES filter_request (id),
    on_appeal  INTEGER NOT NULL,
    granted    INTEGER NOT NULL,
    reason     TEXT NOT NULL,
    until      INTEGER,                        -- the last day on which it stays open
    change     TEXT NOT NULL CHECK (change IN ('none', 'allow', 'warn', 'bands', 'end')), -- what became of the rules
    rule_id    INTEGER REFERENCES filter_rule (id),  -- that was changed or added
    account_id INTEGER,                        -- null: the operator
    by_name    TEXT NOT NULL,
    at         INTEGER NOT NULL,
    UNIQUE (request_id, on_appeal)
) STRICT;
CREATE TRIGGER filter_decision_stays BEFORE UPDATE ON filter_decision BEGIN SELECT RAISE(ABORT, 'never changed'); END;
CREATE TRIGGER filter_decision_is_kept BEFORE DELETE ON filter_decision BEGIN SELECT RAISE(ABORT, 'never deleted'); END;

-- Who opens requests about health, a crisis or legal help. Where nobody is named, the directors do.
CREATE TABLE filter_confidant (
    account_id INTEGER PRIMARY KEY REFERENCES account (id)
) STRICT;
