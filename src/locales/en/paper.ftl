paper-title = Enter paper forms
paper-lead = Forms that came back signed: scan the code on each, type it, or tick the list of those that are out. Nothing is kept until you have seen what will be kept.
paper-codes = Codes, one on each line
paper-codes-help = A scanner sends each code with Enter. Typed by hand, small letters and spaces do no harm.
paper-look = Look up these forms
paper-no-codes = Type or scan the code of at least one form.
paper-too-many = These are more than { $number } codes: enter them in two batches.
paper-or-list = Or tick a list
paper-or-list-text = Forms that were printed and are not back yet:
paper-nothing-out = No printed form is waiting to come back. Forms are printed from the page “People behind the figure” of a requirement.
paper-out-of = { $number ->
    [one] 1 form of “{ $title }”
   *[other] { $number } forms of “{ $title }”
 }
paper-list-by-class = by class
paper-recent = What you have entered
paper-print-link = Print paper forms
paper-enter-link = Enter paper forms
paper-print-title = Paper forms: { $title }
paper-print-lead = One form for each person who has not answered yet, in that person’s language, with the whole text and a code. Printed again, a form has the same code.
paper-print-lead-families = One form for each guardian and child still to be answered for, in the guardian’s language, with the whole text and a code. Printed again, a form has the same code.
paper-by-school = By school
paper-by-class = By class
paper-open = { $number ->
    [one] 1 form to print
   *[other] { $number } forms to print
 }
paper-out = { $number ->
    [one] 1 is printed and not back: enter it
   *[other] { $number } are printed and not back: enter them
 }
paper-print = Print
paper-all = All of these
paper-all-text = { $number ->
    [one] 1 answer is still open here.
   *[other] { $number } answers are still open here.
 }
paper-all-too-many = These are too many for one file: print them school by school, or class by class.
paper-by-class-only = Too many for one file: open the school, and print by class.
paper-print-all = { $number ->
    [one] Print 1 form
   *[other] Print { $number } forms
 }
paper-two-sided = We print on both sides: begin each form on a sheet of its own
paper-then = When they come back
paper-then-text = Scan or type their codes, or tick the list of the class.
paper-all-schools = All schools
paper-none-open = Everybody has answered
paper-none-open-text = Nobody within your reach is still to answer this, so there is no form to print.
paper-no-classes = Nobody here is in a class: print all of these together.
paper-batch-title = What do these forms say?
paper-batch-lead = { $number ->
    [0] None of these codes could be taken.
    [one] 1 form was found. Nothing is kept yet.
   *[other] { $number } forms were found. Nothing is kept yet.
 }
paper-list-title = Which forms are back?
paper-list-lead = { $number ->
    [0] None of these forms is still out.
    [one] 1 form is out. Nothing is kept yet.
   *[other] { $number } forms are out. Nothing is kept yet.
 }
paper-how = How do you enter them?
paper-all-yes = All of these forms say yes to everything. Where one says something else, I tick what it says.
paper-each = I tick each form.
paper-all-yes-list = All of these forms are back and say yes to everything. Where one says something else or is not back, I tick that.
paper-each-list = I tick each form that is back. What I don’t tick is not back yet.
paper-say-how = Say how you enter them: all yes but for what you tick, or each form ticked.
paper-nothing-taken = Nothing is ticked, so there is nothing to keep: tick what the forms say.
paper-signed-day = Day beside the signature
paper-signed-day-help = Most of them. One that was signed on another day has its own place below.
paper-yes = Yes
paper-no = No
paper-yes-to-all = Yes to everything
paper-no-to-all = No to everything
paper-answers = { $name } answers · { $place }
paper-of-version = { $title }, version { $number }
paper-more = Another name, day or reason, or leave it out
paper-skip = Leave this form out
paper-not-back = Not back yet
paper-other-name = Signed by somebody else: the name
paper-other-day = Signed on another day
paper-reason = Reason written on the form
paper-more-codes = More codes
paper-more-codes-help = Codes that could not be taken stand here, to be mended or deleted.
paper-codes-mend = Some codes could not be taken: see above.
paper-add = Look up these too
paper-preview = Show what would be kept
paper-refused = { $number ->
    [one] 1 code could not be taken
   *[other] { $number } codes could not be taken
 }
paper-open-form = Open the form
paper-wrong-slip = This is no code.
paper-mend-slip = A character is wrong or missing: compare it with the form. Codes have no vowels, no 0 and no 1.
paper-wrong-unknown = No form within your reach has this code.
paper-mend-unknown = It may be a form of another school: give it to that school’s office.
paper-wrong-entered = { $what }: entered already, on { $day }.
paper-mend-entered = There is nothing to do. If the record says something else than the paper, enter it again.
paper-wrong-answered = { $what }: answered already on { $day }, not on paper.
paper-mend-answered = If the paper says something else, and is the newer word, enter it from the form’s page.
paper-wrong-not-needed = { $what }: not needed any more ({ $reason }).
paper-mend-not-needed = Put the form with the others. If it says something that the school must know, enter it from the form’s page.
paper-wrong-replaced = { $what }: a newer form has taken the place of this one.
paper-mend-replaced = It can’t be entered. Print the new form, and ask the family to read and sign that.
paper-wrong-ended = { $what }: nobody asks for this answer any more ({ $why }).
paper-mend-ended = It can’t be entered. Put the form with the others, or give it back.
paper-wrong-not-yet = { $what }: it can be answered from { $day } on.
paper-mend-not-yet = Keep the form, and enter it from that day on.
paper-fault-tick = Question { $number } has no answer: tick what the form says. A question left empty on paper goes back to the family.
paper-fault-ahead = The day beside the signature has not come yet: look at the form again.
paper-fault-before = This form was printed on { $day }: it can’t be signed before.
paper-fault-day = The day beside the signature can’t be read: choose it.
paper-fault-name = The name is too long: write at most 200 characters.
paper-fault-reason = The reason is longer than 2,000 characters: shorten it.
paper-preview-title = This is what will be kept
paper-preview-lead = { $number ->
    [one] 1 answer
   *[other] { $number } answers
 }, { $no ->
    [0] each of them yes to everything.
    [one] 1 of them with a no.
   *[other] { $no } of them with a no.
 }
paper-nothing-yet = Nothing is kept yet. Compare this list with the forms.
paper-kept-heading = Answers to be kept
paper-says = Says
paper-signed-heading = Signed
paper-signed = { $name }, { $day }
paper-left-out = { $number ->
    [one] 1 form is left out
   *[other] { $number } forms are left out
 }
paper-signatures = Each of these forms is signed, by the person who stands here. I have looked.
paper-look-at-signatures = Look at the signature on each form, and say that you have.
paper-scan = Scan (you needn’t attach one)
paper-scan-help = One PDF, JPEG or PNG of at most 10 MB. It stands beside each of these records; only who may see all of them may open it.
paper-scan-empty = This file is empty: choose the scan.
paper-scan-large = This file is larger than 10 MB: scan in black and white, or at 200 dots an inch.
paper-scan-other = This is no PDF, JPEG or PNG, whatever its name says: scan the form as one of these.
paper-scan-broken = This file breaks off before its end: scan the form again.
paper-scan-there = This scan is attached already.
paper-scan-attached = The scan is attached.
paper-scan-line = Scan ({ $file }), of { $day }, by { $name }
paper-keep = { $number ->
    [one] Keep this answer
   *[other] Keep these { $number } answers
 }
paper-change = Change something
paper-kept = { $number ->
    [one] 1 answer is kept.
   *[other] { $number } answers are kept.
 }
paper-kept-refused = { $number ->
    [one] 1 code could not be taken and was not entered.
   *[other] { $number } codes could not be taken and were not entered.
 }
paper-kept-again = The form is entered again. The earlier record stays.
paper-form-title = Form { $code }
paper-state-open = Not back yet
paper-state-entered = Entered on { $day }
paper-state-answered = Answered otherwise on { $day }
paper-state-not-needed = Not needed any more
paper-state-replaced = A newer form has taken its place
paper-state-ended = Asked no more
paper-state-not-yet = Can be answered from { $day } on
paper-printed = Printed first on { $day } by { $name }.
paper-enter-this = Enter this form
paper-entries = Entered
paper-entry = { $day }, by { $name }: { $said }
paper-entered-again = Entered again: { $why }
paper-again = The record says something else than the paper
paper-again-text = Enter the form again as the paper says it. It becomes a new record, which counts from now on; the earlier one stays, with your reason.
paper-again-act = Enter it again
paper-why = Why is it entered again?
paper-why-help = A sentence for whoever reads the records later.
paper-say-why = Say why it is entered again, in a sentence.
paper-same = This is what is on record already, so nothing was changed.
paper-scans = Scan
paper-no-scan = No scan is attached.
paper-attach = Attach this scan
paper-receipt = How it was given
paper-receipt-text = Answered on paper, entered by { $name }, form { $code }
paper-receipt-signed = Signed on
paper-receipt-scan = Scan
paper-receipt-form = Open the form
paper-today = { $number ->
    [one] 1 paper form is out: enter it when it comes back
   *[other] { $number } paper forms are out: enter those that came back
 }
paper-print-one = Print the paper form
paper-all-back = All of them are back
paper-all-back-text = None of the forms printed here is still out. What is printed anew will be listed here.
