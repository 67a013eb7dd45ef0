-- Where each answer stands in the log, and how it was taken down where the person didn't sign in.
--
-- position: the answer's place in the log, from 0, without a gap: taken under the lock of log_head, in the transaction that keeps it.
-- authenticated: password, witnessed (somebody of the school stood by), paper. answer: agreed, declined, withdrawn.
ALTER TABLE acknowledgment ADD COLUMN position BIGINT;
ALTER TABLE acknowledgment ADD COLUMN recorded_by BIGINT REFERENCES account (id);   -- who stood by, or entered the paper; null: nobody
ALTER TABLE acknowledgment ADD COLUMN paper TEXT;                                   -- the code on the paper form; null: no paper

DROP TRIGGER acknowledgment_stays ON acknowledgment;
UPDATE acknowledgment SET position = ranked.position
FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY id) - 1 AS position FROM acknowledgment) AS ranked WHERE ranked.id = acknowledgment.id;
CREATE TRIGGER acknowledgment_stays BEFORE UPDATE OR DELETE ON acknowledgment FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE UNIQUE INDEX acknowledgment_by_position ON acknowledgment (position);

-- How many answers the log holds: one row, whose lock gives out positions.
CREATE TABLE log_head (
    id   BIGINT PRIMARY KEY CHECK (id = 1),
    size BIGINT NOT NULL
);
INSERT INTO log_head (id, size) SELECT 1, COUNT(*) FROM acknowledgment;
