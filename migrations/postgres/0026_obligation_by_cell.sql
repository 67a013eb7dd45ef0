-- The list of one school follows this index; no list asks for the stored state, and without it an answer changes no index.
DROP INDEX obligation_by_cell;
CREATE INDEX obligation_by_cell ON obligation (requirement_id, school_id);
