course-none = No course is published yet.
course-library = Shipped courses
course-library-lead = Written in full, free to adapt. Take one as a draft, read it, and publish it.
course-library-all-taken = You have taken all of them.
course-taken = It is a draft now. Read it, then publish it.
course-published = The course is published.
course-line = { $topic } · about { $minutes } minutes
course-topic-filtering = Filtering
course-topic-netiquette = Netiquette
course-topic-cyberbullying = Cyberbullying
course-topic-acceptable-use = Acceptable use
course-topic-fair-use = Fair use
course-topic-ai = Artificial intelligence
course-topic-accessibility = Accessibility
course-topic-privacy = Privacy
course-topic-governance = Making policies
course-topic-filter-review = Filter review
course-topic-global-collaboration = Global collaboration
course-audience-k-2 = Kindergarten to grade 2
course-audience-3-5 = Grades 3–5
course-audience-6-8 = Grades 6–8
course-audience-9-12 = Grades 9–12
course-audience-6-12 = Grades 6–12
course-audience-staff = Staff
course-audience-it-library = Technology and library staff
course-audience-families = Families
course-audience-board = Board
course-size = { $lessons } lessons, { $questions } questions, about { $minutes } minutes
course-start = Start the course
course-resume = Go on ({ $minutes } minutes left)
course-again = Take it again
course-no-hurry = Nothing is timed. You can stop and come back: what you have done is kept.
course-lessons = Lessons
course-minutes = { $minutes } min
course-objectives = Afterwards you can
course-activity = An activity for class and for home
course-guide = For the teacher
course-sources = Where the facts come from
course-lesson-of = Lesson { $number } of { $of }
course-lesson-before = The lesson before
course-read-go-on = I have read this: go on
course-question-of = Question { $number } of { $of }
course-several = More than one can be right.
course-choose = Choose an answer first.
course-answer = Answer
course-right = Right
course-not-quite = Not quite
course-missed = { $number ->
    [one] 1 more would have been right.
   *[other] { $number } more would have been right.
 }
course-go-on = Go on
course-result = Your result
course-all-answered = You have answered every question.
course-see-result = See the result
course-passed = Completed
course-passed-text = Well done. It is kept with your tasks.
course-not-yet = Not yet
course-not-yet-text = { $mark }% are needed. Read what you missed, then try again at once; nobody counts how often.
course-try-again = Try again
course-you-missed = Questions that you missed
course-read-again = Lessons to read again
items-title = How the questions do
items-lead = From everybody's first try. A good question is got right by most, and by those who do well on the others. A wrong choice that draws many shows what a lesson should say more clearly.
items-warned = { $number ->
    [one] 1 question needs a look.
   *[other] { $number } questions need a look.
}
items-fine = Does its work
items-look = Needs a look
items-line = { $right }% right, of { $people } people; goes with the rest of the course: { $fit }
items-fit-none = everybody did alike
items-right = right
items-too-few = { $number ->
    [0] Nobody has answered it yet. Figures come with { $fewest } people.
    [one] 1 person has answered it. Figures come with { $fewest } people.
   *[other] { $number } people have answered it. Figures come with { $fewest } people.
}
items-backwards = Those who do well on the other questions get this one wrong. Look whether its key and its words are right.
items-misleads = A wrong choice draws many people. Look whether it is partly right, or say it more clearly in the lesson.
items-flat = It hardly tells those who know from those who don't. Perhaps it can be guessed, or asks for something else.
certificate = Your certificate (PDF)
certificate-check = Check a certificate
certificate-check-lead = Type the code that stands on the certificate. You see which course it is for, when it was completed, and the initials of whoever completed it.
certificate-code = Code
certificate-code-hint = Eight characters, such as 7HKX-29PD.
certificate-look = Check it
certificate-good = This certificate is on record
certificate-who = Initials
certificate-course = Course
certificate-day = Completed
certificate-limit = It says that the course was completed, and nothing else about this person.
certificate-unknown = There is no certificate with this code. Compare each character with the paper.
