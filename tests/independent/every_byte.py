"""Changes each byte of a receipt in turn, cuts it and lengthens it, and sees that the checking program finds each change."""

import functools
import importlib.machinery
import importlib.util
import sys

program, path = sys.argv[1:]
loader = importlib.machinery.SourceFileLoader("check_receipt", program)
spec = importlib.util.spec_from_loader("check_receipt", loader)
sys.dont_write_bytecode = True
check_receipt = importlib.util.module_from_spec(spec)
loader.exec_module(check_receipt)
# Most changes leave what was signed as it is: it is reckoned once.
check_receipt.signed = functools.lru_cache(None)(check_receipt.signed)

with open(path, "rb") as file:
    receipt = file.read()
check_receipt.check(receipt)

changed = []
for at, byte in enumerate(receipt):
    # One bit, the case of a letter, and a space: what a careless or a careful hand would do.
    for other in {byte ^ 1, byte ^ 32, 32} - {byte}:
        changed.append((at, receipt[:at] + bytes([other]) + receipt[at + 1 :]))
    changed.append((at, receipt[:at] + receipt[at + 1 :]))
changed += [(len(receipt), receipt + b" "), (0, b" " + receipt), (0, b"")]

missed = []
for at, other in changed:
    try:
        check_receipt.check(other)
    except check_receipt.Wrong:
        continue
    missed.append(at)
if missed:
    sys.exit(f"changes at {missed[:20]} were not found")
print(f"{len(changed)} changes, each found")
