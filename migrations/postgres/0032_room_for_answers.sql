-- Each duty is written once and changed once, by its answer; each figure of the ledger is changed all day. With room left on their pages the
-- changed row stays beside the old one, and none of the indexes is touched (PostgreSQL manual, "Heap-Only Tuples").
ALTER TABLE obligation SET (fillfactor = 85);
ALTER TABLE tally SET (fillfactor = 70);
