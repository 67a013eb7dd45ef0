-- A requirement's duties in the order of their keys: the list behind a figure is streamed page by page without sorting all of it.
CREATE INDEX obligation_by_requirement ON obligation (requirement_id, id);
