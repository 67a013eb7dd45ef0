audiences-title = Saved audiences
audiences-back = All saved audiences
audiences-new = New audience
audiences-none = No audience is saved yet
audiences-none-text = Save a group of people that you ask again and again, such as “Middle school staff”, under a name. Requirements that name it follow when it changes.
audiences-name = Name
audiences-name-hint = Such as “Middle school staff”.
audiences-who-it-is = Who it is
audiences-used-by = Requirements that use it
audiences-unused = None yet
audiences-saved = Saved audiences
audiences-saved-notice = “{ $name }” is saved. You find it in the list of who can be asked.
audiences-changed-notice = “{ $name }” is changed. { $number ->
    [0] Nobody new is asked.
    [one] 1 more answer is asked for.
   *[other] { $said } more answers are asked for.
 }
audiences-retire = Retire this audience
audiences-retire-text = It is offered no more. Requirements that use it keep it, and nobody's duty changes.
audiences-retired-notice = “{ $name }” is retired. Requirements that use it keep it.
audiences-retired = Retired ({ $number })
audiences-retired-state = Retired
audiences-retired-text = It is offered no more. Requirements that use it keep it.
audiences-no-name = Give the audience a name, for example “Middle school staff”.
audiences-long-name = A name is one line of at most 100 characters.
audiences-taken-name = Another saved audience has this name: choose another name.
audiences-nested = A saved audience can't be made of another saved one: say who is meant instead.
audiences-beyond = This audience was written as a rule with parts that this form doesn't have. You can start anew here, or change it with the command “assent audience”.
audiences-effects = What the change means
audiences-count-text = See how many people this is, school by school, before you save it.
audiences-count-first = You changed something after the count. This is the new count: look at it, then go on.
audiences-save = Save this audience
audiences-keep = Keep the change
audiences-save-for-later = Save these people under a name, to ask them again
audiences-save-hint = Such as “Middle school staff”. This requirement then follows when the audience changes.
audiences-will-be-asked = { $number ->
    [0] Nobody new will be asked.
    [one] 1 will be asked.
   *[other] { $said } will be asked.
 }
audiences-no-longer-asked = { $number ->
    [0] Nobody drops out.
    [one] 1 will no longer be asked.
   *[other] { $said } will no longer be asked.
 }
audiences-answered-before = { $number ->
    [one] 1 comes back with an answer given before.
   *[other] { $said } come back with an answer given before.
 }
audiences-nothing-changes = Nobody comes or goes: the same people are asked.
audiences-nobody-asked-yet = Nobody has been asked yet: only the saved requirement changes.
audiences-change-who = Change who must do this
audiences-now = Who it is now
audiences-from-now = Who it will be
audiences-what-changes = What changes
audiences-change-text = See who would come and go before anything changes. Answers given stay on record.
audiences-count-change = Show what would change
audiences-do-change = Make this change
audiences-not-in-force = this requirement is in force no more: its people stay as they were
audiences-who-changed-notice = { $number ->
    [0] It is changed. Nobody new is asked.
    [one] It is changed. 1 more answer is asked for.
   *[other] It is changed. { $said } more answers are asked for.
 }
audiences-who = Who
audiences-or-who = or
audiences-but-not = but not
audiences-anybody = Anybody
audiences-by-name = People by name
audiences-choose-who = Choose who is meant.
audiences-choose-people = Look for at least one person and tick the name.
audiences-group = Group { $number }
audiences-except = Left out { $number }
audiences-remove-group = Remove group { $number }
audiences-remove-except = Remove exception { $number }
audiences-add-group = Add another group
audiences-add-except = Leave somebody out
audiences-more-conditions = More: { $names }
audiences-schools = School
audiences-grades = Grade
audiences-joined = Joined
audiences-positions = Position
audiences-classes = Class
audiences-languages = Language
audiences-people = People by name
audiences-any = any
audiences-any-day = any day
audiences-nobody-yet = nobody chosen yet
audiences-and-more = { $first } and { $number } more
audiences-all-but = all but { $these }
audiences-turn = all but these
audiences-since = on or after { $day }
audiences-before = before { $day }
audiences-between = from { $since } until the day before { $before }
audiences-on-or-after = on or after
audiences-before-day = before
audiences-find = Find
audiences-find-classes = Part of the title or code
audiences-find-people = Part of the name
audiences-found = Tick whom or what you mean:
audiences-found-more = These are the first { $number }. Write more letters to see others.
audiences-all-chosen = All that was found is chosen already.
audiences-none-found = Nothing found for “{ $text }”. Try fewer letters.
audiences-unknown-schools = Choose schools of the list.
audiences-unknown-grades = Choose grades of the list.
audiences-unknown-positions = Choose positions of the list.
audiences-unknown-languages = Choose languages of the list.
audiences-unknown-classes = Choose classes that were found.
audiences-unknown-people = Choose people who were found.
audiences-each-school = Show each of these schools
audiences-examples = A few of them by name
audiences-example-for = { $name }, for { $child }
audiences-is-student = student
audiences-is-teacher = teacher
audiences-is-staff = other staff
audiences-is-school_leader = school leader
audiences-is-guardian = guardian
audiences-is-board_member = board member
audiences-is-community = community
audiences-sentence-one = { $who } must { $what } { $when }.
audiences-unchanged = Nothing is changed yet. Change something and count again to see what it means.
audiences-people-today = { $number ->
    [one] 1 person today
   *[other] { $said } people today
 }
