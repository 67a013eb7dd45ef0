audit-title = Who has agreed
audit-as-of = As of
audit-as-of-text = As of { $day }, at the end of the day
audit-show = Show
audit-date-unreadable = This is not a date. Choose a day of the calendar, or write it as year-month-day: 2026-10-01.
audit-date-future = This day has not come yet. Choose today or an earlier day.
audit-requirements = Requirements in force
audit-none = Nothing was asked of anybody on this day
audit-none-text = Figures appear here as soon as people are asked to agree to a policy or to take a course.
audit-none-act = Ask people for something
audit-fraction = { $done } of { $asked }
audit-late = { $said } late
audit-declined = { $said } said no
audit-exempt = { $said } exempt
audit-goal = goal { $goal }%
audit-more = { $number ->
    [one] 1 more requirement
   *[other] { $number } more requirements
 }
audit-too-few = fewer than 10 people
audit-divided = Divided by
audit-by-school = By school
audit-by-role = By role
audit-by-grade = By grade
audit-worst-first = Lowest share first
audit-school = School
audit-role = Role
audit-grade = Grade
audit-agreed = Agreed
audit-completed = Completed
audit-share = Share
audit-standing = Standing
audit-total = All together
audit-at-goal = At goal
audit-behind = Behind
audit-due-in = { $days ->
    [0] Due today
    [one] Due in 1 day
   *[other] Due in { $days } days
 }
audit-not-due = Not due yet
audit-nobody-asked = Nobody is asked
audit-nobody = Nobody was asked on this day.
audit-withheld = Groups of fewer than 10 people are not shown here, and another small group with them where a number could be worked out, so that nobody's answer can be guessed.
audit-see-people = See the people behind these figures
audit-csv = List as CSV
audit-trend-since = Since { $day }
audit-trend-label = Share done, from { $first } on { $from } to { $last } on { $until }; goal { $goal }%
audit-trend-table = The drawing as a table
audit-day = Day
audit-how = How this is counted
audit-how-text = The share is those who have agreed or completed, out of all who are asked. Who said no counts as asked; who is exempt does not. Shares are rounded down, so that 100% means everybody. Late means that the last day is over without an answer.

audit-back = Back to the figures
audit-people-sentence = { $what } on { $day }{ $place }: { $number ->
    [one] 1 person
   *[other] { $said } people
 }
audit-people-sentence-families = { $what } on { $day }{ $place }: { $number ->
    [one] 1 answer of a family
   *[other] { $said } answers of families
 }
audit-everybody = Everybody who was asked or is exempt
audit-at-school = { " " }at { $school }
audit-unknown-school = another school
audit-all-schools = All schools
audit-all-roles = All roles
audit-all-grades = All grades
audit-all-states = All
audit-state = State
audit-name = Name
audit-child = Child
audit-due = Due
audit-answered = Answered on
audit-reason = Reason
audit-pages = Pages
audit-no-people = Nobody fits what you asked for.
audit-without-filters = See everybody behind this figure
audit-another-guardian = Another guardian has answered
audit-split = ({ $asked } asked, { $exempt } exempt)
audit-split-families = ({ $asked } asked, { $exempt } not needed)
audit-said-yes = Said yes to the main question
audit-csv-incomplete = THIS LIST IS NOT COMPLETE: something went wrong. Please fetch it again.

audit-classes-title = Your classes
audit-classes-lead = The students of your classes, and who has still to answer today.
audit-classes-none = Nothing is asked of your students at the moment
audit-classes-none-text = As soon as your students are asked to agree to something or to take a course, their names stand here until they have answered.
audit-classes-open = { $number ->
    [0] All { $asked } have answered.
   *[other] { $number } of { $asked } still to answer.
 }
audit-classes-all = See everybody and their answers
audit-classes-more = The first 40 are shown here.
audit-for-families = { $title } (answered by families)
audit-for-child = for { $name }
audit-report = Audit report (PDF)
audit-other-record = Answered under another record of the same person

audit-views = Your views
audit-views-none = Save what you look at often, and find it here again.
audit-view-name = Name of this view
audit-view-weekly = Mail me its figures each week
audit-view-weekly-short = by mail each week
audit-view-save = Save this view
audit-view-remove = Remove
audit-view-saved = The view is saved.
audit-view-saved-weekly = The view is saved; its figures come by mail on the first school day of each week.
audit-view-removed = The view is gone.
audit-view-name-wrong = Give the view a name of 1 to 80 characters.
