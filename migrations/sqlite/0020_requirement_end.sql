-- When and why a requirement went out of force, so that the figures of an earlier day still show it.
ALTER TABLE requirement ADD COLUMN ended_day INTEGER;
ALTER TABLE requirement ADD COLUMN end_reason TEXT;
