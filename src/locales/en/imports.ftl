roster-state = State
roster-state-waiting = Waiting
roster-state-running = Running
roster-state-applied = Brought in
roster-state-held = Held
roster-state-refused = Refused
roster-state-failed = Broke off
roster-state-dropped = Let go
roster-state-looked = Only looked at
roster-by = by { $name }
roster-released-by = released by { $name }
roster-handed-in = The file is here. This page says how far it has come.
roster-waits = It waits for its turn. Imports run one after another.
roster-begins = It begins: the files are made ready.
roster-reads = Reading { $file }: { $rows } rows so far.
roster-leave-page = You can leave this page. The roster page lists this import, with what came of it.
roster-to-decide = For you to decide
roster-hold-leaving = { $kind }: { $number } of { $of } would leave.
roster-hold-school = { $school }: { $number } of { $of } people would leave.
roster-hold-changing = { $kind }: { $number } of { $of } would change.
roster-held-title = This import is held, and nothing of it came in
roster-held-text = An export that broke off half-way looks like this; so does the turn of a term. Look at the list. Release it if it is meant: whoever is missing leaves the roster, with their history kept. Otherwise let it go and export again.
roster-outdated = Another set has been brought in since. To release this one would bring back what it said before.
roster-release = Release it: this is meant
roster-released = It is released, and runs now.
roster-let-go = Let it go
roster-let-go-done = It is let go, and its files are deleted.
roster-dropped-text = Somebody let this import go. Nothing of it came in, and its files are deleted.
roster-refused-title = This set can't be trusted, and nothing of it came in
roster-refused-text = Mend the export and choose its file again on the roster page.
roster-failed-title = This import broke off, and nothing of it came in
roster-try-again = Try again
roster-would-be-held = If you bring it in, it will be held for you to decide:
roster-files-gone = Its files aren't kept any more, because another set came after it. Choose them again on the roster page.
roster-leavers = Who and what would leave
roster-leavers-gone = Who and what left by it
roster-leavers-text = { $number } of { $of } are listed.
roster-leavers-file = The list as a file (CSV)
roster-by-school = The difference, by school
roster-no-difference = Nothing differs from before.
roster-more-rows = { $number } more rows stand in the file.
roster-counts-file = These counts as a file (CSV)
roster-findings-number = { $errors ->
    [one] 1 row left out
   *[other] { $errors } rows left out
 }, { $warnings ->
    [one] 1 warning
   *[other] { $warnings } warnings
 }.
roster-findings-file = What to mend, as a file (CSV)
roster-hold-help = If more than a tenth of a type would leave or three quarters would change, the import is held, and you see the list before you decide.
roster-unchanged = Unchanged
roster-severity = Kind
roster-severity-error = left out
roster-severity-warning = warning
roster-row-number = Row
roster-source-id = sourcedId
roster-field = Field
roster-value = Value
