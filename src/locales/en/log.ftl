receipt-log = In the log of answers
receipt-sealed = Sealed
receipt-unsealed = Not sealed yet
receipt-place = This answer is number { $number } in the district's log. If anybody changed it or took it away, it would show.
receipt-place-soon = This answer is number { $number } in the district's log. It will be sealed within seconds: load this page again.
receipt-not-sealed = This answer will be sealed within seconds. Please try again then.
receipt-json = Receipt for a checking program
receipt-text-json = The exact text as a file
receipt-how-checked = How a receipt is checked
receipt-index = Index in the log, from 0
receipt-checkpoint = Answers that the signed checkpoint covers
receipt-root = Root over them
log-title = The log of answers
log-lead = Every answer that is given here goes into a log, one after another. Whoever checks it sees if an answer was changed, taken away or slipped in later, even by somebody who runs this system.
log-names-nobody = The log holds no names and no answers. For each answer it holds one number (a hash), worked out from every letter of the record. That is why everybody may read it.
log-size = { $count ->
    [one] The log holds 1 sealed answer.
   *[other] The log holds { $number } sealed answers.
 }
log-empty = Nothing is sealed yet: no answer was given.
log-check = How to check your receipt
log-check-file = Open your receipt and save “Receipt for a checking program”. The receipt as PDF carries the same file inside.
log-check-program = Get the small program that checks it. It needs Python and no network, and it sends nothing to anybody.
log-check-run = Run it:
log-check-says = It says whether your answer is there exactly as you gave it, and whether the district's key has signed it. If one letter was changed, it says what doesn't fit.
log-check-trust = To rely on nobody here, take the program from the source of Assent and the key from another place than this page, such as the board's minutes.
log-key = The district's key
log-key-text = By this public key anybody can check what was signed.
log-auditors = For auditors and witnesses
log-auditors-text = Keep a copy of the checkpoint now and then, outside this system. If the log doesn't begin with it any more, something was changed. The log is RFC 9162, in the files of C2SP tlog-tiles; a checkpoint is a C2SP tlog-checkpoint, signed with Ed25519.
log-file-checkpoint = Newest signed checkpoint
log-file-keys = Public keys, the newest first
log-file-tiles = Tiles and entries
log-file-since = Proof that the log still begins as it did at that many answers
