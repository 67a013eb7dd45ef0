-- The log of answers: an RFC 9162 tree over the hashes of records, kept as C2SP tlog-tiles of height 8, with a signed checkpoint at each
-- sealing. It holds hashes alone, so that it can be read by anybody.

-- Tile `number` of `level`: up to 256 hashes of 32 bytes one after another. Level 0: of answers, by position; above: the root of each full
-- tile below. The last tile of a level grows until it is full; what stands in a tile never changes.
CREATE TABLE log_tile (
    level  INTEGER NOT NULL,
    number INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (level, number)
) STRICT;
CREATE TRIGGER log_tile_only_grows BEFORE UPDATE ON log_tile
WHEN NEW.level <> OLD.level OR NEW.number <> OLD.number OR substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes
BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE TRIGGER log_tile_is_kept BEFORE DELETE ON log_tile BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;

-- What was signed, at each size. The root stands in the note and nowhere else: what isn't signed isn't kept here.
CREATE TABLE log_checkpoint (
    size INTEGER PRIMARY KEY,
    note TEXT NOT NULL                  -- C2SP tlog-checkpoint: origin, size, root, signature
) STRICT;
CREATE TRIGGER log_checkpoint_stays BEFORE UPDATE ON log_checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoints are never changed'); END;
CREATE TRIGGER log_checkpoint_is_kept BEFORE DELETE ON log_checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoints are never deleted'); END;

-- The public keys; the last one signs. The secret ones are never here.
CREATE TABLE log_key (
    id         INTEGER PRIMARY KEY,
    vkey       TEXT NOT NULL UNIQUE,    -- C2SP: origin+hash+key
    since_size INTEGER NOT NULL         -- signs checkpoints of more answers than this
) STRICT;
CREATE TRIGGER log_key_stays BEFORE UPDATE ON log_key BEGIN SELECT RAISE(ABORT, 'keys are never changed'); END;
CREATE TRIGGER log_key_is_kept BEFORE DELETE ON log_key BEGIN SELECT RAISE(ABORT, 'keys are never deleted'); END;
