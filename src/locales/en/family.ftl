## My answers
nav-answers = My answers
family-title = My answers
family-lead = What you answered, for yourself and for your children, and what counts now. You can take back a yes at any time.
family-none = You have answered nothing yet. What you answer stands here afterwards, with its receipt.
family-sections = For whom
family-oneself = For yourself
family-facts = Version { $number }, your answer of { $day }
family-facts-version = Version { $number }
family-take-back = Take this back
family-give = Say yes
family-receipt = The receipt
family-text = The text as it was
family-change = Change your answers
family-earlier = Your earlier answers
family-you = You
family-by-yes = { $name }: yes, { $day }
family-by-no = { $name }: no, { $day }
family-by-taken-back = { $name } took it back, { $day }
family-not-enough = Not yet: every guardian must say yes
family-own-of-child = { $name } answered this without you. Your consent is asked separately.
family-note-18 = { $name } is 18 now and answers alone. What you answered is kept here.
family-note-not-heard = What you answered is kept here. The school has set who answers now; ask its office if you have a question.
family-note-own-18 = You are 18: this is yours to decide now. What was answered for you stays until you say otherwise. Where the form says “your child”, it means you.

## Taking back
turn-title = Take back a yes
turn-give-title = Say yes
turn-back = Back to your answers
turn-before = Until now
turn-then = From now on
turn-after = What happens then
turn-principal = This is the main question of the form. Someone from the school will talk with you about what comes next.
turn-others-stay = Your other answers on this form stay as they are.
turn-reason = Why? (You needn't say.)
turn-take-back = Take it back
turn-give = Say yes from now on
turn-leave = Leave it as it is
turn-again = You can change this again at any time. Every answer is kept with its date.
turn-taken-back = It is taken back, and your school is told. This is your receipt.
turn-given = Your yes is kept. This is your receipt.

## The same for several children
same-title = The same answers for your other children
same-lead = This is what you answered for { $name }. Look at it again for each child, and choose for whom it is right.
same-for = Give these answers for { $name }
same-choose = Choose at least one child: nobody is chosen for you.
same-send = Sign and give these answers
same-each = Answer for each child separately
same-record = Each child gets a record and a receipt of its own. You can change or take back one child's answers without the other's.
same-kept = Your answers are kept for { $names }. Each has a receipt of its own.

## On receipts and task lists
receipt-withdrawn = Taken back
receipt-answered-back = Answered: { $yes } yes, { $no } no ({ $back } taken back)
receipt-choice-back = taken back
receipt-take-back = Take this back
receipt-same = Give the same answers for { $names }
receipt-my-answers = All my answers
receipt-only = This speaks of one question alone; the other answers stay as they are.
tasks-answers = See, change or take back what you answered
tasks-taken-back = You took this back { $day }
duty-taken-back = The yes was taken back

## What the school hears of
told-title = Said no, or took something back
told-lead = Declining is an answer. Somebody of the school sees to it that the family is heard and that the child does something else instead.
told-show-all = Show all, also those seen to
told-show-waiting = Show those that wait
told-csv = All of them as CSV
told-none = Nobody has said no or taken anything back.
told-none-waits = Nothing waits: somebody has seen to every no.
told-number = { $number ->
    [one] 1 answer
   *[other] { $number } answers
 }
told-waiting = { $number ->
    [one] 1 answer waits for somebody to see to it
   *[other] { $number } answers wait for somebody to see to them
 }
told-no = Said no
told-taken-back = Took it back
told-answered-since = This person has answered again since then.
told-seen = Seen by { $name } on { $day }
told-receipt = The answer
told-person = The person's page
told-note = What was done
told-note-wrong = Say in at most 500 characters what was done: who talked with whom, what the child does instead.
told-mark = Seen to
told-done = It is written down, and waits no more.
told-when = When
told-who = Who
told-school = School
told-document = Document
told-question = Question
told-what = What was said
told-after = What follows
told-reason = Reason given
told-since = Since then
told-seen-head = Seen
told-note-head = What was done
told-classes = { $number ->
    [one] For your students, 1 answer said no to something or took it back
   *[other] For your students, { $number } answers said no to something or took it back
 }
today-told = { $number ->
    [one] 1 answer said no or took something back: see to it
   *[other] { $number } answers said no or took something back: see to them
 }
told-kinds = What was said no to or taken back
told-all-kinds = Show all kinds
told-same-for-all = { $number ->
    [one] Write down the same for the 1 on this page
   *[other] Write down the same for all { $number } on this page
 }
told-same-text = They all say the same. Look for reasons below first: what is written here stands beside each of them.
told-mark-all = { $number ->
    [one] Seen to, for 1 answer
   *[other] Seen to, for { $number } answers
 }
told-all-done = { $number ->
    [0] Somebody had seen to all of these already.
    [one] It is written down for 1 answer, which waits no more.
   *[other] It is written down for { $number } answers, which wait no more.
 }
