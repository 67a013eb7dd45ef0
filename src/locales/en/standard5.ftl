## Standard 5
standard5-title = Standard 5: digital citizenship
standard5-lead = What the records show today, criterion by criterion. A level is a fact about the evidence, not a verdict on the law.
standard5-how = An indicator has the level of its lowest measured criterion, once at least half of its criteria are measured. Where there is no data there is no level, which is not the same as level 1. Groups of fewer than 10 people are not shown.
standard5-caption = { $name }: its criteria, what was measured, the level, and what is missing
standard5-criterion = Criterion
standard5-measured = Measured
standard5-level = Level
standard5-raise = What is missing
standard5-level-of = Level { $level } of 4
standard5-no-level-yet = No level yet: { $measured } of { $all } criteria measured
standard5-more-than-points = More than { $number } points
standard5-measured-of = { $measured } of { $all } criteria measured
standard5-no-level = No level
standard5-no-data = No data
standard5-few = Not shown: fewer than 10 people
standard5-filled = { $what }
standard5-top = Nothing: it is at the highest level
standard5-profile = { $source }. { $publisher }, { $version }; criteria { $criteria }.
standard5-back = All criteria of standard 5
standard5-now = What was measured
standard5-formula = How it is measured
standard5-formula-version = Version { $version } of this formula.
standard5-levels = What each level takes
standard5-levels-caption = The thresholds of the four levels
standard5-lowest = The lowest of the groups decides the level. A group of fewer than 10 people is not shown and doesn't count toward the level.
standard5-below = Less than for level 2
standard5-records = Records behind it
standard5-records-caption = The records behind this criterion, with what each adds
standard5-record = Record
standard5-adds = What it adds
standard5-record-version = { $title }, version { $number }
standard5-see-audit = See the audit
standard5-see-policies = See the policies
standard5-see-courses = See the courses
standard5-record-in-time = Reviewed on time
standard5-record-late = Review is due
standard5-record-none = No comment
standard5-record-taught = There is a course
standard5-record-untaught = No course

## Numbers
standard5-share = { $part } of { $whole } ({ $percent })
standard5-groups-one = { $heard } of { $all } groups
standard5-groups-mean = { $heard } of { $all } groups on average, over { $versions } policy versions
standard5-at-least-percent = { $number }% or more
standard5-all-percent = 100%
standard5-at-least-groups = { $number } groups or more
standard5-at-most-points = A gap of { $number } points or less
standard5-at-least = { $number } or more
standard5-part-all = All
standard5-part-staff = Staff
standard5-part-students = Students
standard5-part-board = Board
standard5-part-line = { $part }: { $text }

## What would raise a level
standard5-for-level = For level { $level }: { $what }
standard5-raise-5a-3 = { $more ->
    [one] 1 more person who finds every version in their language
   *[other] { $shown } more people who find every version in their language
 }
standard5-raise-5b-1 = { $more ->
    [one] 1 more group heard
   *[other] { $shown } more groups heard, over all versions
 }
standard5-raise-5b-2 = { $more ->
    [one] 1 more comment answered, with a reason, before the adoption
   *[other] { $shown } more comments answered, with a reason, before the adoption
 }
standard5-raise-5b-3 = { $more ->
    [one] 1 more policy reviewed
   *[other] { $shown } more policies reviewed
 }
standard5-raise-5b-4 = { $more ->
    [one] 1 more answer that agrees
   *[other] { $shown } more answers that agree
 }
standard5-raise-5c-1 = { $more ->
    [one] 1 more topic and audience with a course
   *[other] { $shown } more pairs of topic and audience with a course
 }
standard5-raise-5c-2 = { $more ->
    [one] 1 more student under 17 who passes courses on all three topics
   *[other] { $shown } more students under 17 who pass courses on all three topics
 }
standard5-raise-5c-3 = { $more ->
    [one] 1 more course completed
   *[other] { $shown } more courses completed
 }
standard5-raise-5c-4 = { $more ->
    [one] 1 more person at 80% or better
   *[other] { $shown } more people at 80% or better
 }
standard5-raise-5c-5 = { $more ->
    [one] 1 more course completed by a newcomer within 30 days
   *[other] { $shown } more courses completed by newcomers within 30 days
 }
standard5-not-heard = Not heard on every version: { $groups }
standard5-not-taught = Without a current course: { $pairs }
standard5-group-students = students
standard5-group-families = families
standard5-group-teachers = teachers
standard5-group-other-staff = other staff
standard5-group-school-leaders = school leaders
standard5-group-board = school board
standard5-group-community = community
standard5-topic-filtering = filtering
standard5-topic-netiquette = netiquette
standard5-topic-cyberbullying = cyberbullying
standard5-topic-acceptable-use = acceptable use
standard5-topic-fair-use = fair use
standard5-audience-k-2 = grades K-2
standard5-audience-3-5 = grades 3-5
standard5-audience-6-8 = grades 6-8
standard5-audience-9-12 = grades 9-12
standard5-audience-staff = staff
standard5-audience-families = families
standard5-pair = { $topic }, { $audience }
standard5-report = Board report (PDF)
