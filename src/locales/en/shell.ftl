## What stands on every page
skip = Skip to content
nav-main = Main
nav-tasks = Your tasks
nav-today = Today
nav-policies = Policies
nav-training = Training
nav-requirements = Requirements
nav-roster = Roster
nav-audit = Audit
nav-standard5 = Standard 5
error-prefix = Error:
there-is-a-problem = There is a problem
to-first-page = Go to your first page
foot = If you can't use a page, tell your school: you can always answer on paper instead.
pages-previous = Previous page
pages-next = Next page
pages-of = Page { $page } of { $last }

## Signing in
sign-in = Sign in
sign-out = Sign out
sign-in-lead = For students, families and staff of { $district }.
sign-in-login = Your user name or e-mail address
sign-in-password = Your password
sign-in-help = Forgotten your password? Your school's office can set a new one.
sign-in-by-link = Did you come by a link in a mail? Open the same mail again: its page can send you a new link.
sign-in-policies = Read the district's policies without signing in
sign-in-wrong = This name and password don't go together. Check both; capital letters count in the password.
sign-in-too-often = There were too many tries. Wait a minute, then try again; your account is not blocked.

## When something can't be done
trouble-not-found = Page not found
trouble-not-found-text = There is nothing at this address that you can open. If you typed it, check it; if somebody sent it to you, it may be meant for another person.
trouble-conflict = This can't be done now
trouble-conflict-text = Nothing was changed. This is why:
trouble-invalid = Something needs to be put right
trouble-invalid-text = Nothing was changed. Go back and mend this:
trouble-internal = Sorry, something went wrong on our side
trouble-internal-text = Nothing was changed. Please try again; if it happens again, tell your school's technology office.
trouble-reference = When you ask for help, name this number: { $id }
trouble-forbidden = This was refused
trouble-forbidden-text = The request didn't come from a page of this site, so nothing was changed. Open the page here and send it again.
trouble-only-answers = This link is for answering only
trouble-only-answers-text = You came by a link in a mail. It opens what is asked of you and your own answers, and nothing else. For everything else sign in with your school account; if you have no password, your school's office can set one.
trouble-unavailable = Please try again in a moment
trouble-unavailable-text = The system is busy or being started. What you wrote was not sent yet.
trouble-too-large = That is too much at once
trouble-too-large-text = What you sent is larger than this page takes. Shorten it and send it again.
trouble-unreadable = That could not be read
trouble-unreadable-text = What was sent doesn't fit this page. Open the page again and fill it in once more.

## States
state-open = To do
state-late = Late
state-fulfilled = Done
state-declined = Said no
state-answered = Answered
state-exempt = Not asked
state-another-guardian = Not needed: another guardian answered
role-student = Students
role-teacher = Teachers
role-staff = Other staff
role-school_leader = School leaders
role-guardian = Guardians
role-board_member = Board members
role-one-student = Student
role-one-teacher = Teacher
role-one-staff = Other staff
role-one-school_leader = School leader
role-one-guardian = Guardian
role-one-board_member = Board member
role-none = No role
grade-name = Grade { $grade }
grade-kindergarten = Kindergarten
grade-pre = Pre-kindergarten
grade-none = No grade
