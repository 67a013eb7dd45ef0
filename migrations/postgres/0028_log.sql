-- The log of answers: an RFC 9162 tree over the hashes of records, kept as C2SP tlog-tiles of height 8, with a signed checkpoint at each
-- sealing. It holds hashes alone, so that it can be read by anybody.

-- Tile `number` of `level`: up to 256 hashes of 32 bytes one after another. Level 0: of answers, by position; above: the root of each full
-- tile below. The last tile of a level grows until it is full; what stands in a tile never changes.
CREATE TABLE log_tile (
    level  BIGINT NOT NULL,
    number BIGINT NOT NULL,
    hashes BYTEA NOT NULL,
    PRIMARY KEY (level, number)
);
CREATE TRIGGER log_tile_only_grows BEFORE UPDATE ON log_tile FOR EACH ROW
WHEN (NEW.level <> OLD.level OR NEW.number <> OLD.number OR substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes)
EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_tile_is_kept BEFORE DELETE ON log_tile FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What was signed, at each size. The root stands in the note and nowhere else: what isn't signed isn't kept here.
CREATE TABLE log_checkpoint (
    size BIGINT PRIMARY KEY,
    note TEXT NOT NULL                  -- C2SP tlog-checkpoint: origin, size, root, signature
);
CREATE TRIGGER log_checkpoint_stays BEFORE UPDATE OR DELETE ON log_checkpoint FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- The public keys; the last one signs. The secret ones are never here.
CREATE TABLE log_key (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    vkey       TEXT NOT NULL UNIQUE,    -- C2SP: origin+hash+key
    since_size BIGINT NOT NULL          -- signs checkpoints of more answers than this
);
CREATE TRIGGER log_key_stays BEFORE UPDATE OR DELETE ON log_key FOR EACH ROW EXECUTE FUNCTION refuse_change();
