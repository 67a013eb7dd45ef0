-- Courses through their versions, each version's text by language, and what each person did in them.
-- A version's content changes freely while it is a draft; once it was published the database itself refuses.

CREATE TABLE course (
    id            INTEGER PRIMARY KEY,
    uid           BLOB NOT NULL UNIQUE,
    slug          TEXT NOT NULL UNIQUE,     -- in addresses: netiquette-6-8
    topic         TEXT NOT NULL,            -- filtering, netiquette, cyberbullying, acceptable-use, fair-use
    audience      TEXT NOT NULL,            -- K-2, 3-5, 6-8, 9-12, staff, families, board
    review_months INTEGER NOT NULL,
    last_review   INTEGER,                      -- the day it was last published or looked at and found good
    created_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE course_version (
    id              INTEGER PRIMARY KEY,
    uid             BLOB NOT NULL UNIQUE,
    course_id       INTEGER NOT NULL REFERENCES course (id),
    number          INTEGER NOT NULL,           -- 1, 2, 3 …
    state           TEXT NOT NULL CHECK (state IN ('draft', 'published', 'superseded')),
    material        INTEGER NOT NULL,          -- changes what is taught: whoever passed the version before is asked again
    change_reason   TEXT NOT NULL,          -- why it is material, or why it isn't
    hash            TEXT NOT NULL,          -- SHA-256 of the canonical JSON of the content in all languages
    pass_mark       INTEGER NOT NULL,           -- percent of the questions
    minutes         INTEGER NOT NULL,           -- how long it takes, about, check included
    reading_ceiling REAL,                   -- school grade under which its text should read: a hint
    elements        TEXT NOT NULL,          -- JSON: the legal elements that it helps to meet
    cipa_topics     TEXT NOT NULL,          -- JSON: social-networking, chat-rooms, cyberbullying
    objectives      TEXT NOT NULL,          -- JSON
    sources         TEXT NOT NULL,          -- JSON
    account_id      INTEGER,                    -- who began it; null: a command on the server's machine
    author_name     TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    published_at    INTEGER,
    UNIQUE (course_id, number)
) STRICT;
-- A course has one version in the making and one that is given.
CREATE UNIQUE INDEX course_version_draft ON course_version (course_id) WHERE state = 'draft';
CREATE UNIQUE INDEX course_version_published ON course_version (course_id) WHERE state = 'published';

CREATE TABLE course_text (
    version_id INTEGER NOT NULL REFERENCES course_version (id),
    language   TEXT NOT NULL,
    title      TEXT NOT NULL,
    summary    TEXT NOT NULL,
    activity   TEXT NOT NULL,               -- Markdown: in class and at home
    guide      TEXT,                        -- Markdown, for teachers
    PRIMARY KEY (version_id, language)
) STRICT;

CREATE TABLE lesson (
    version_id INTEGER NOT NULL,
    language   TEXT NOT NULL,
    number     INTEGER NOT NULL,                -- from 1
    title      TEXT NOT NULL,
    minutes    INTEGER NOT NULL,
    body       TEXT NOT NULL,               -- Markdown
    PRIMARY KEY (version_id, language, number),
    FOREIGN KEY (version_id, language) REFERENCES course_text (version_id, language)
) STRICT;

CREATE TABLE question (
    version_id  INTEGER NOT NULL,
    language    TEXT NOT NULL,
    question_id TEXT NOT NULL,              -- the same in every language
    position    INTEGER NOT NULL,               -- from 1, as written; each attempt shuffles
    kind        TEXT NOT NULL,              -- one, several, true-false
    ask         TEXT NOT NULL,
    choices     TEXT NOT NULL,              -- JSON: text, right, feedback of each, as written
    PRIMARY KEY (version_id, language, question_id),
    FOREIGN KEY (version_id, language) REFERENCES course_text (version_id, language)
) STRICT;

-- One go at a course: open, or finished and then never changed.
CREATE TABLE attempt (
    id          INTEGER PRIMARY KEY,
    uid         BLOB NOT NULL UNIQUE,
    person_id   INTEGER NOT NULL REFERENCES person (id),
    version_id  INTEGER NOT NULL REFERENCES course_version (id),
    language    TEXT NOT NULL,              -- in which it is read; may change while it is open
    seed        INTEGER NOT NULL,               -- gives the order of its questions and choices
    started_at  INTEGER NOT NULL,
    finished_at INTEGER,
    score       INTEGER,                        -- percent of the questions, rounded down
    passed      INTEGER
) STRICT;
CREATE UNIQUE INDEX attempt_open ON attempt (person_id, version_id) WHERE finished_at IS NULL;
CREATE INDEX attempt_by_person ON attempt (person_id, version_id, finished_at);
CREATE INDEX attempt_by_version ON attempt (version_id, finished_at);

CREATE TABLE attempt_lesson (
    attempt_id INTEGER NOT NULL REFERENCES attempt (id),
    number     INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (attempt_id, number)
) STRICT;

CREATE TABLE attempt_answer (
    attempt_id  INTEGER NOT NULL REFERENCES attempt (id),
    question_id TEXT NOT NULL,
    choices     TEXT NOT NULL,              -- JSON: the chosen ones, counted from 0 as written
    is_right    INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    PRIMARY KEY (attempt_id, question_id)
) STRICT;

CREATE TRIGGER course_text_stays_on_insert BEFORE INSERT ON course_text
WHEN (SELECT state FROM course_version WHERE id = NEW.version_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'the text of a published course is never changed'); END;
CREATE TRIGGER course_text_stays_on_update BEFORE UPDATE ON course_text
WHEN (SELECT state FROM course_version WHERE id = OLD.version_id) <> 'draft' OR (SELECT state FROM course_version WHERE id = NEW.version_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'the text of a published course is never changed'); END;
CREATE TRIGGER course_text_stays_on_delete BEFORE DELETE ON course_text
WHEN (SELECT state FROM course_version WHERE id = OLD.version_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'the text of a published course is never changed'); END;
CREATE TRIGGER lesson_stays_on_insert BEFORE INSERT ON lesson
WHEN (SELECT state FROM course_version WHERE id = NEW.version_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'the text of a published course is never changed'); END;
CREATE TRIGGER lesson_stays_on_update BEFORE UPDATE ON lesson
WHEN (SELECT state FROM course_version WHERE id = OLD.version_id) <> 'draft' OR (SELECT state FROM course_version WHERE id = NEW.version_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'the text of a published course is never changed'); END;
CREATE TRIGGER lesson_stays_on_delete BEFORE DELETE ON lesson
WHEN (SELECT state FROM course_version WHERE id = OLD.version_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'the text of a published course is never changed'); END;
CREATE TRIGGER question_stays_on_insert BEFORE INSERT ON question
WHEN (SELECT state FROM course_version WHERE id = NEW.version_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'the text of a published course is never changed'); END;
CREATE TRIGGER question_stays_on_update BEFORE UPDATE ON question
WHEN (SELECT state FROM course_version WHERE id = OLD.version_id) <> 'draft' OR (SELECT state FROM course_version WHERE id = NEW.version_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'the text of a published course is never changed'); END;
CREATE TRIGGER question_stays_on_delete BEFORE DELETE ON question
WHEN (SELECT state FROM course_version WHERE id = OLD.version_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'the text of a published course is never changed'); END;
CREATE TRIGGER course_version_stays BEFORE UPDATE ON course_version
WHEN OLD.state <> 'draft' AND (
    NOT (NEW.state = OLD.state OR (OLD.state = 'published' AND NEW.state = 'superseded'))
    OR NEW.id IS NOT OLD.id OR NEW.uid IS NOT OLD.uid OR NEW.course_id IS NOT OLD.course_id OR NEW.number IS NOT OLD.number
    OR NEW.material IS NOT OLD.material OR NEW.change_reason IS NOT OLD.change_reason OR NEW.hash IS NOT OLD.hash OR NEW.pass_mark IS NOT OLD.pass_mark
    OR NEW.minutes IS NOT OLD.minutes OR NEW.reading_ceiling IS NOT OLD.reading_ceiling OR NEW.elements IS NOT OLD.elements OR NEW.cipa_topics IS NOT OLD.cipa_topics
    OR NEW.objectives IS NOT OLD.objectives OR NEW.sources IS NOT OLD.sources OR NEW.account_id IS NOT OLD.account_id OR NEW.author_name IS NOT OLD.author_name
    OR NEW.created_at IS NOT OLD.created_at OR NEW.published_at IS NOT OLD.published_at
) BEGIN SELECT RAISE(ABORT, 'a published course is never changed'); END;
CREATE TRIGGER course_version_is_kept BEFORE DELETE ON course_version
WHEN OLD.state <> 'draft' BEGIN SELECT RAISE(ABORT, 'a published course is never deleted'); END;
CREATE TRIGGER attempt_stays BEFORE UPDATE ON attempt
WHEN OLD.finished_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a finished attempt is never changed'); END;
CREATE TRIGGER attempt_stays_with_its_person BEFORE UPDATE ON attempt
WHEN NEW.id IS NOT OLD.id OR NEW.uid IS NOT OLD.uid OR NEW.person_id IS NOT OLD.person_id OR NEW.version_id IS NOT OLD.version_id OR NEW.seed IS NOT OLD.seed OR NEW.started_at IS NOT OLD.started_at
BEGIN SELECT RAISE(ABORT, 'an attempt stays its person''s, at its version'); END;
CREATE TRIGGER attempt_is_kept BEFORE DELETE ON attempt BEGIN SELECT RAISE(ABORT, 'attempts are never deleted'); END;
CREATE TRIGGER attempt_lesson_stays BEFORE UPDATE ON attempt_lesson BEGIN SELECT RAISE(ABORT, 'attempt_lesson is append-only'); END;
CREATE TRIGGER attempt_lesson_is_kept BEFORE DELETE ON attempt_lesson BEGIN SELECT RAISE(ABORT, 'attempt_lesson is append-only'); END;
CREATE TRIGGER attempt_answer_stays BEFORE UPDATE ON attempt_answer BEGIN SELECT RAISE(ABORT, 'attempt_answer is append-only'); END;
CREATE TRIGGER attempt_answer_is_kept BEFORE DELETE ON attempt_answer BEGIN SELECT RAISE(ABORT, 'attempt_answer is append-only'); END;
