tasks-hello = { $number ->
    [0] Hello { $name }, nothing to do
    [one] Hello { $name }, 1 thing to do
   *[other] Hello { $name }, { $number } things to do
 }
tasks-minutes = About { $minutes } minutes in all. You can stop and come back: what you have done is kept.
tasks-none = You have answered everything that was asked. We will show new things here.
tasks-for-child = For { $name }, { $school }
tasks-was-due = Was due { $day }
tasks-late = Late
tasks-about = About { $minutes } minutes
tasks-for = for { $name }
tasks-due-today = Due today
tasks-due = Due { $day } · about { $minutes } minutes
tasks-agreed = Agreed { $day }
tasks-completed = Completed { $day }
tasks-declined = You said no { $day }
tasks-read-and-answer = Read and answer
tasks-see-answer = Your answer
tasks-take-course = Take the course
tasks-see-course = Look at it again
tasks-done = Done
tasks-why = What these are for
tasks-why-text = They say what you may expect of the school's technology and what it expects of you. You may say no: your school will then talk with you.
tasks-paper = You can answer on paper instead. Ask your school's office.
tasks-opens = From { $day }
tasks-answered = Answered { $day }: { $yes } yes, { $no } no
