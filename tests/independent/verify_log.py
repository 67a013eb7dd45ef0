"""Checks an exported log by aics-tlog, which shares nothing with us: verify_log.py FOLDER VKEY OLDCHECKPOINT."""

import sys
from pathlib import Path

import aics_tlog as tlog

folder, vkey, old = Path(sys.argv[1]), tlog.parse_vkey(sys.argv[2]), Path(sys.argv[3])


def opened(path):
    note = tlog.parse_note(path.read_text(encoding="utf-8"))
    result = tlog.verify_checkpoint(note, vkey, expected_origin=vkey.name)
    assert result.log_ok, f"{path}: {result.error}"
    return result


new, before = opened(folder / "checkpoint"), opened(old)
reader = tlog.FileSystemTileReader(folder)
report = tlog.audit_tiles(reader, new.size, new.root, entries=True)
assert tlog.tree_root_from_tiles(reader, new.size) == new.root
for index in range(new.size):
    entry = tlog.read_entry(reader, index, new.size)
    proof = tlog.inclusion_proof_from_tiles(reader, index, new.size)
    assert tlog.verify_leaf_inclusion(entry, index, new.size, proof, new.root), index
proof = tlog.consistency_proof_from_tiles(reader, before.size, new.size)
assert tlog.verify_consistency(before.size, new.size, before.root, new.root, proof)
print(f"{new.size} entries, {report.tiles} tiles and {report.bundles} bundles hold; the log begins with the {before.size} of before")
