requirements-ask-for = Ask people for something
requirements-back = All requirements
requirements-none = Nobody has been asked for anything yet
requirements-none-text = A requirement says who must agree to a policy or take a course, and by when. It shows whom it reaches before anybody is asked.
requirements-in-force = In force
requirements-saved = Saved, nobody asked yet
requirements-past = Past
requirements-what = What is asked
requirements-saved-state = Saved
requirements-issued-state = In force
requirements-superseded-state = Replaced by a newer version
requirements-renewed-state = Asked anew this school year
requirements-withdrawn-state = Taken back
requirements-days-after-joining = { $days ->
    [one] 1 day after joining
   *[other] { $days } days after joining
 }
requirements-who-must = Who must do this
requirements-stands = Where it stands
requirements-to-audit = See the figures by school
requirements-issued-on = Asked since { $day }
requirements-superseded-on = Replaced by a newer version on { $day }. The answers given stay on record.
requirements-renewed-on = Asked anew for the next school year on { $day }. The answers given stay on record.
requirements-withdrawn-on = Taken back on { $day }: { $reason }
requirements-withdraw = Take this back
requirements-withdraw-text = Nobody will be asked any more. The answers given stay on record.
requirements-reason = Why?
requirements-say-why = Say why, in a sentence: it is kept with the requirement.
requirements-withdrawn-notice = The requirement was taken back. Nobody is asked any more.
requirements-saved-notice = Saved. Nobody has been asked yet.
requirements-asked-notice = { $number ->
    [one] 1 answer is asked for. It stands on the person's task list now.
   *[other] { $said } answers are asked for. They stand on people's task lists now.
 }

requirements-new = New requirement
requirements-who = Who must do this?
requirements-no-subjects = There is nothing to ask for yet
requirements-no-subjects-text = A requirement asks people to agree to a published policy or to take a published course. Publish one first; you can already count here whom you would reach.
requirements-no-subjects-act = Go to the policies
requirements-subject = What is asked
requirements-choose = Choose…
requirements-no-subject = Choose the policy or course that people are asked for.
requirements-title = What the task is called
requirements-title-hint = As people see it on their list. Left empty, it has the name of the policy or course.
requirements-all-staff = All staff
requirements-everybody = Everybody
requirements-answered-by = Answered by
requirements-by-themselves = they themselves
requirements-by-guardians = their guardians, for each child; one guardian's answer is enough. Students who are 18 are left out.
requirements-due = Last day
requirements-join-days = Days for newcomers
requirements-goal = Goal in percent
requirements-due-hint = The last day is for those who are here when you ask. Without it, everybody has the days for newcomers.
requirements-reaches = Reaches today
requirements-count = Count whom this reaches
requirements-count-again = Count again
requirements-count-text = See how many people this reaches, school by school, before anybody is asked.
requirements-count-first = You changed something after the count. This is the new count: look at it, then ask.
requirements-nobody = This reaches nobody today.
requirements-other-schools = { $number ->
    [one] 1 other school
   *[other] { $number } other schools
 }
requirements-without-email = { $number ->
    [one] 1 of them has no e-mail address.
   *[other] { $number } of them have no e-mail address.
 }
requirements-without-guardian = { $number ->
    [one] 1 student has no guardian on the roster: nobody is asked for this student.
   *[other] { $number } students have no guardian on the roster: nobody is asked for them.
 }
requirements-ask = { $number ->
    [one] Ask this 1 person
   *[other] Ask these { $said } people
 }
requirements-ask-families = { $number ->
    [one] Ask for this 1 answer
   *[other] Ask for these { $said } answers
 }
requirements-save = Save, ask later
requirements-do-this = do this
requirements-guardians-of = The guardians of { $who }
requirements-agree-to = agree to “{ $title }”
requirements-take = take “{ $title }”
requirements-by-day = by { $day }; { $days ->
    [one] whoever joins later has 1 day
   *[other] whoever joins later has { $days } days
 }
requirements-within = { $days ->
    [one] within 1 day of being asked or of joining
   *[other] within { $days } days of being asked or of joining
 }
requirements-sentence = { $who } must { $what } { $when }.
requirements-unknown-role = Choose a role of the list.
requirements-date-unreadable = This is not a date. Choose a day of the calendar, or write it as year-month-day: 2026-10-01.
requirements-not-a-number = Write a whole number, such as 30.
requirements-more-days = More about the days
requirements-yearly = Ask anew each school year
requirements-yearly-hint = On the first day of a school year everybody is asked again, whenever they answered before. The last day comes again on the same date.
requirements-opens = First day
requirements-grace = Days of grace
requirements-refresher = Whoever did it in an earlier year takes
requirements-refresher-hint = Only where you ask for a course.
requirements-no-other-course = The same course
requirements-no-refresher = Choose a course of the list, or “The same course”.
requirements-another-course = another course
requirements-says-opens = It can be answered from { $day } on.
requirements-says-yearly = It is asked anew each school year.
requirements-says-refresher = Whoever did it in an earlier year takes “{ $title }” instead.
