-- Class mode: a teacher reads a policy aloud, each child answers on one device.

-- What a session opens. all: everything its account may; class: only the pages of class mode, for one class and one requirement,
-- while the device is in children's hands.
ALTER TABLE session ADD COLUMN scope TEXT NOT NULL DEFAULT 'all' CHECK (scope IN ('all', 'class'));
ALTER TABLE session ADD COLUMN class_section BLOB;         -- uid of the section
ALTER TABLE session ADD COLUMN class_requirement BLOB;     -- uid of the requirement
ALTER TABLE session ADD COLUMN class_language TEXT;        -- tag of the text that is read

-- Up to which grade (CEDS: PK, KG, 01 … 12) children may answer in class; '': none.
ALTER TABLE district ADD COLUMN class_grade TEXT NOT NULL DEFAULT '02';
