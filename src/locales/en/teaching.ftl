# Lessons that teachers give to a class.
teaching-title = Lessons for my classes
teaching-lead = Give a lesson to a class, then say who was there. It counts for each student as if they had taken it alone. Whoever was absent keeps the task.
teaching-nothing = No lesson is asked of your classes
teaching-nothing-text = As soon as your school asks your students to take a course, it stands here.
teaching-asked = Asked of your classes
teaching-give = Give this lesson
teaching-given = Lessons given
teaching-open = { $number ->
    [0] Everybody has done it
    [one] 1 student has it to do
   *[other] { $number } students have it to do
}
teaching-for-class = For your classes
teaching-before = Before the lesson
teaching-before-text = The course has the text to read aloud, questions to talk about, an activity that needs no device, and a guide for you.
teaching-material = Open the course
teaching-who = Who was there?
teaching-held = Day of the lesson
teaching-that-day = Show the class on that day
teaching-done = { $number ->
    [one] Has done it already: { $names }.
   *[other] { $number } have done it already: { $names }.
}
teaching-nobody-open = Everybody of this class has done it.
teaching-mark = Everybody is marked as here. Change whoever was absent or excused.
teaching-here = Here
teaching-absent = Absent
teaching-excused = Excused
teaching-note = A note (may be empty)
teaching-attest-text = I gave this lesson to this class on this day, and those who are marked as here were there.
teaching-attest = Put it down
teaching-attested = The lesson is on record.
teaching-by = Given by
teaching-put-down = Put down
teaching-here-count = { $number ->
    [one] 1 student was there
   *[other] { $number } students were there
}
teaching-absent-count = { $number ->
    [0] {""}
    [one] 1 student keeps the task
   *[other] { $number } students keep the task
}
teaching-next = The same lesson for your next class
teaching-were-there = Who was there
teaching-correct-text = Put right what isn’t. What stood here before is kept in the district’s log.
teaching-correct = Keep the corrections
teaching-corrected = { $number ->
    [0] Nothing was changed.
    [one] 1 student was put right.
   *[other] { $number } students were put right.
}
teaching-wrong-here = Mark at least one student as here.
teaching-wrong-held = Choose a day on which the lesson can have been: not in the future, and not before the course was published.
