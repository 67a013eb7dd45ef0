## Mail: how it is doing, what is said when, whom nothing reaches, one's own
nav-mail = Mail
mail-title = Mail
mail-lead = Whom the district tells what by mail, and whether it gets there.
mail-not-set-up = No mail server is set up.
mail-not-set-up-text = Nobody is told anything by mail. Whoever runs this server starts it with your mail server’s address, like this:
mail-down = The mail server can’t be reached
mail-down-since = Since { $when }. Everything that waits goes out once it answers again; nothing is lost.
mail-down-text = Ask whoever runs this server, or your mail provider.
mail-said = What the mail server said
mail-how = How it is doing
mail-last = Last mail
mail-none-yet = None yet
mail-waiting = Waiting to be told
mail-people = { $number ->
    [0] nobody
    [one] 1 person
   *[other] { $said } people
 }
mail-sent-week = Sent in the last 7 days
mail-mails = { $number ->
    [0] none
    [one] 1 mail
   *[other] { $said } mails
 }
mail-amiss = Went amiss
mail-amiss-none = No mail went amiss.
mail-amiss-text = The mail server refused these, they came back, or nobody knows whether they went out. Put the address right in the student information system first. “Send again” makes a new mail with what is still open, to the address as the roster has it then.
mail-to = To
mail-when = When
mail-became = What became of it
mail-state-failed = Refused
mail-state-unsure = Not known whether it went out
mail-state-bounced = Came back
mail-again = Send again
mail-again-done = A new mail goes out with what is still open.
mail-again-nothing = Nothing in it is open any more, so no new mail goes out. It is off the list.

# When and of what
mail-settings = When mails go out, and of what
mail-schedule = Reminders
mail-schedule-text = Everybody gets one mail at most on a day, with all that is open. It goes out on school days.
mail-hour = Mails go out from
mail-before = So many days before the last day
mail-before-hint = Up to six numbers from 0 to 60, such as 7, 1, 0. 0 is the last day itself.
mail-late-every = Once late, every so many days
mail-late-every-hint = From 1 to 60; 0: no reminders. After eight of them the school sees to it.
mail-leaders-after = School leaders are told who is late after so many days
mail-leaders-after-hint = From 1 to 180; 0: never. They get it once a week.
mail-schedule-keep = Keep these reminders
mail-calendar = Days without mail
mail-calendar-text = On these days no mail goes out. What would warn of a last day is said on the school day before.
mail-week = Every week
mail-weekday-1 = Monday
mail-weekday-2 = Tuesday
mail-weekday-3 = Wednesday
mail-weekday-4 = Thursday
mail-weekday-5 = Friday
mail-weekday-6 = Saturday
mail-weekday-7 = Sunday
mail-days = Holidays
mail-days-hint = One a line: 2026-11-26 Thanksgiving, or 2026-12-21..2027-01-01 Winter break.
mail-calendar-keep = Keep these days
mail-kinds = What is told by mail
mail-kinds-text = Take the tick away from what nobody in the district shall get.
mail-always = What is always told
mail-always-duty-new = Nobody is bound by what they were never told of.
mail-always-answer-no = A child must not be given what the family has said no to.
mail-always-import-held = A wrong roster would ask the wrong people.
mail-always-export-ready = Only whoever asked for a file is told that it is ready, and can turn that off.
mail-always-link-wanted = Whoever asks for a link waits for it.
mail-always-request-decided = Whoever asked waits for the answer and its reason.
mail-always-request-waiting = The clock of a request runs, and it may be about a crisis.
mail-kinds-keep = Keep these kinds
mail-kept = This holds from the next mail on.
mail-wrong-hour = Choose an hour from 0 to 20.
mail-wrong-before = Write up to six numbers of days from 0 to 60, such as 7, 1, 0.
mail-wrong-late-every = Write a number of days from 1 to 60, or 0 for none.
mail-wrong-leaders-after = Write a number of days from 1 to 180, or 0 for never.
mail-wrong-week = Leave at least one day of the week on which mails go out.
mail-wrong-days = A line can’t be read: write a day and a name, such as 2026-11-26 Thanksgiving.

# Samples
mail-preview = How mails read
mail-preview-text = The people and documents in these samples are made up. A real mail has all that is open in it, for one person.
mail-preview-language = Language of the samples
mail-preview-html = As mail programs show it
mail-subject = Subject
mail-sample-title = Family agreement on devices

# Whom nothing reaches
mail-never-told = Whom nothing reaches
mail-never-told-lead = People who are asked for something and whom no mail and no letter has told. Print a letter for them, or add their address in the student information system. What goes out on the next school mornings isn’t in here.
mail-untold-not-set-up = Letters can be printed all the same.
mail-untold-none = Everybody who is asked for something was told.
mail-by-school = By school
mail-all = All
mail-why-no-address = No address
mail-why-refused = Refused by the mail server
mail-why-bounced = Came back
mail-why-waits = Not taken by a mail server
mail-why-no-notice = No notice was made
mail-untold-number = { $number ->
    [0] Nobody
    [one] 1 person
   *[other] { $said } people
 }
mail-untold-all = Show all
mail-untold-csv = Download as CSV
mail-untold-name = Name
mail-untold-children = For
mail-untold-school = School
mail-untold-role = Role
mail-untold-grade = Grade
mail-untold-duties = Open
mail-untold-first-day = First last day
mail-untold-why = Why
mail-untold-address = Address
mail-untold-said = What the mail server said
mail-choose = A letter for { $name }
mail-letters-all = Letters for all
mail-letters-first = Letters for the first { $number }
mail-letters-chosen = Letters for those with a tick

# Letters
mail-letters = Letters
mail-letters-none = Nobody was chosen whom nothing reaches. Tick the names on the list first.
mail-letters-too-many = These are more than 200 letters. Choose fewer; they are made in several files.
mail-letters-number = { $number ->
    [one] 1 letter, one page, in its reader’s language.
   *[other] { $number } letters, one page each, each in its reader’s language.
 }
mail-letters-full = The school has more: once these are handed out, the next ones follow.
mail-letters-step-1 = 1. Print
mail-letters-step-1-text = The file begins with a list of whom each letter is for. Making it changes nothing.
mail-letters-pdf = Make the letters (PDF)
mail-letters-step-2 = 2. Say that they are handed out
mail-letters-step-2-text = From then on these people count as told, and they leave the list.
mail-letters-told = I have printed these and will hand them out
mail-letters-done = { $number ->
    [0] Nobody new counts as told: somebody was quicker, or they have answered.
    [one] 1 person counts as told by letter.
   *[other] { $number } people count as told by letter.
 }
mail-letters-for = For whom
mail-letters-children = for { $children }
mail-letters-things = { $number ->
    [one] 1 thing to answer
   *[other] { $number } things to answer
 }
mail-letters-office = school office

# One's own
mail-mine = My mail
mail-mine-address = Your mails go to
mail-mine-address-wrong = If that is wrong, tell your school’s office.
mail-mine-no-address = Your school has no e-mail address of yours. Tell its office if you want to get mails; you needn’t, everything is here and on paper.
mail-mine-not-set-up = Your district sends no mails yet.
mail-mine-kinds = What you get
mail-mine-choice = What you can turn off
mail-mine-keep = Keep my choice
mail-mine-kept = Your choice is kept.
mail-mine-off = Your district has turned this off.
mail-mine-always = This belongs to your work with the district’s policies.
mail-mine-always-duty = Your school needs your answer. Once you have answered, these mails stop.
mail-mine-last = The last mails to you
mail-mine-none = No mail has gone out to you yet.

# On the first page
today-mail-down = The mail server can’t be reached since { $day }
today-mail-amiss = { $number ->
    [one] 1 mail went amiss in the last 7 days
   *[other] { $number } mails went amiss in the last 7 days
 }
today-never-told = Some people were told nothing: see whom no mail reaches
