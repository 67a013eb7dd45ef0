-- Being told. What is to be said to whom stands in notification, written in the same transaction as what it tells; a mail says all that waits for
-- one address. What a district decides about it: notice_setting, quiet_day, notice_off.

CREATE TABLE mail (
    id         INTEGER PRIMARY KEY,
    uid        BLOB NOT NULL UNIQUE,       -- in its Message-ID
    person_id  INTEGER REFERENCES person (id),
    account_id INTEGER REFERENCES account (id),
    address    TEXT NOT NULL,
    state      TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'unsure', 'bounced', 'dropped')),
    attempts   INTEGER NOT NULL DEFAULT 0,
    next_at    INTEGER NOT NULL,           -- not before this moment
    made_at    INTEGER NOT NULL,
    taken_at   INTEGER,                    -- when it was last handed to the mail server, or about to be
    ended_at   INTEGER,
    said       TEXT NOT NULL DEFAULT '',   -- the mail server's last words, or a delivery report's
    language   TEXT,                       -- in which it was written
    subject    TEXT,                       -- as it was written
    CHECK ((person_id IS NULL) <> (account_id IS NULL))
) STRICT;
-- One at a time for an address: mails arrive in the order of what they tell.
CREATE UNIQUE INDEX mail_one_at_a_time ON mail (address) WHERE state IN ('waiting', 'sending');
CREATE INDEX mail_under_way ON mail (state, next_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX mail_amiss ON mail (state, id) WHERE state IN ('failed', 'unsure', 'bounced');
CREATE INDEX mail_by_person ON mail (person_id, id);

-- A letter on paper, printed for somebody whom no mail reaches.
CREATE TABLE letter (
    id         INTEGER PRIMARY KEY,
    uid        BLOB NOT NULL UNIQUE,
    person_id  INTEGER NOT NULL REFERENCES person (id),
    made_at    INTEGER NOT NULL,
    account_id INTEGER,                    -- who printed it; null: a command on the server's machine
    actor_name TEXT NOT NULL
) STRICT;
CREATE INDEX letter_by_person ON letter (person_id, id);

CREATE TABLE notification (
    id            INTEGER PRIMARY KEY,
    kind          TEXT NOT NULL,           -- src/queue/mod.rs names them
    person_id     INTEGER REFERENCES person (id),      -- to whom: somebody of the roster …
    account_id    INTEGER REFERENCES account (id),     -- … or an account without a record there
    obligation_id INTEGER REFERENCES obligation (id),  -- the duty that it speaks of
    step          INTEGER NOT NULL DEFAULT 0,          -- of reminders: days before the last day; negative: after it
    subject       TEXT NOT NULL DEFAULT '',            -- what it speaks of otherwise: JSON, by kind
    from_day      INTEGER NOT NULL,        -- not before this day on the district's calendar
    made_at       INTEGER NOT NULL,
    state         TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'mailed', 'lettered', 'no_address', 'off', 'dropped')),
    mail_id       INTEGER REFERENCES mail (id),
    letter_id     INTEGER REFERENCES letter (id),
    CHECK ((person_id IS NULL) <> (account_id IS NULL))
) STRICT;
CREATE INDEX notification_waiting ON notification (person_id) WHERE state = 'waiting';
CREATE INDEX notification_waiting_for_account ON notification (account_id) WHERE state = 'waiting' AND account_id IS NOT NULL;
CREATE INDEX notification_without_address ON notification (person_id) WHERE state = 'no_address';
CREATE INDEX notification_by_duty ON notification (obligation_id);
CREATE INDEX notification_by_mail ON notification (mail_id) WHERE mail_id IS NOT NULL;

-- One row, once something is decided; before that the schedule of src/notices/schedule.rs holds.
CREATE TABLE notice_setting (
    id               INTEGER PRIMARY KEY CHECK (id = 1),
    hour             INTEGER NOT NULL,     -- of the day, local time, from which mails go out
    before           TEXT NOT NULL,        -- JSON: days before the last day on which a reminder goes out; 0: on the day
    late_every       INTEGER NOT NULL,     -- days between two reminders once late; 0: none
    leaders_after    INTEGER NOT NULL,     -- days late after which the school's leaders are told; 0: never
    quiet            TEXT NOT NULL,        -- JSON: days of the week without mails, 1 Monday … 7 Sunday
    before_through   INTEGER,              -- reminders before the last day are made for days up to this one
    late_through     INTEGER               -- those after it likewise
) STRICT;

CREATE TABLE quiet_day (
    day  INTEGER PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;

-- What is not told: in the whole district (account_id 0), or to one account, by its own choice.
CREATE TABLE notice_off (
    kind       TEXT NOT NULL,
    account_id INTEGER NOT NULL,
    PRIMARY KEY (kind, account_id)
) STRICT, WITHOUT ROWID;

-- How the mail server is doing, as of the last try.
CREATE TABLE mail_server (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    sent_at    INTEGER,                    -- when it last took a mail
    down_since INTEGER,                    -- null: it answers
    said       TEXT NOT NULL DEFAULT ''    -- why it doesn't
) STRICT;
INSERT INTO mail_server (id) VALUES (1);
