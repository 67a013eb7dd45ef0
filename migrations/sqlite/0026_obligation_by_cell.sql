-- No list looks for duties by school: the ledger counts them, and lists follow obligation_by_requirement. Keeping this index in order
-- cost more than half of the time in which a million duties are written.
DROP INDEX obligation_by_cell;
