# Mails. {$n}: a number; {$title}: what is asked; {$child}: a child's given name; {$day}: a day in words.
mail-hello = Hello { $name },
mail-intro-duties = { $district } asks for your answer.
mail-intro-others = Here is what is new at { $district }.
mail-subject-new = Please answer: { $title }
mail-subject-due = Soon due: { $title }
mail-subject-late = Still waiting for your answer: { $title }
mail-subject-several = { $n } things wait for your answer
mail-subject-late-several = { $n } things still wait for your answer
mail-subject-link = Your new link to answer
mail-section-late = Past the last day
mail-section-open = To do
mail-section-others = Also new
mail-duty = { $title }
mail-duty-for = { $title }, for { $child }
mail-duty-until = Last day: { $day }. About { $n ->
    [one] 1 minute
   *[other] { $n } minutes
}.
mail-duty-late = The last day was { $day }. You can still answer, and it counts.
mail-link = Open my tasks
mail-link-note = This link works once, within an hour of this mail, and opens only your own tasks. Later, the same page sends you a new one, or you sign in as usual. Please don’t pass this mail on.
mail-intro-link = You asked for a new link to answer.
mail-why-link = You get this mail because somebody who has an earlier mail to this address asked for a new link. If it wasn’t you, you need do nothing.
mail-why-duties = You get this mail because your school needs an answer from you, or from you for your child. If you can’t answer here, ask your school’s office: it has the same on paper.
mail-why-others = You get this mail because of your work with the district’s policies. What can be turned off, you turn off on your page “My mail”.
mail-closing = Thank you.
mail-no-reply = Nobody reads answers to this address. Your school’s office helps you.
mail-comment = Your comment on “{ $policy }” was answered
mail-comment-detail = Read what was decided, and why.
mail-no = { $n ->
    [one] 1 answer says no to something, or takes something back
   *[other] { $n } answers say no to something, or take something back
}
mail-no-detail = Please see to it, and write down what was done.
mail-review = “{ $policy }” is to be looked at again by { $day }
mail-review-detail = A review ends with “no change” or with a new draft.
mail-import = A roster waits for your decision
mail-import-detail = More would change than usual, so nothing has come in yet. Look at the list, then let it in or drop it.
mail-leaders = { $title }: { $n ->
    [one] 1 person
   *[other] { $n } people
} at { $school } more than { $days ->
    [one] 1 day
   *[other] { $days } days
} late
mail-leaders-detail = The list says who.
mail-view = { $name }
mail-view-detail = { $done } of { $asked } done, { $late } late, as of { $day }.
notice-kind-duty-new = Something new is asked of you
notice-kind-duty-due = A last day is near
notice-kind-duty-late = A last day has passed
notice-kind-duty-leaders = School leaders: who is late
notice-kind-comment-answered = Your comment was answered
notice-kind-answer-no = Somebody said no or took something back
notice-kind-review-due = A policy is to be looked at again
notice-kind-import-held = A roster waits for a decision
notice-kind-view-weekly = The weekly figures of a saved view
notice-kind-link-wanted = A new link to answer
mail-request-decided = Your request to open a page was decided
mail-request-decided-detail = Read what was decided, and why. If you disagree, you can ask somebody else to look at it.
mail-request-waiting = A request to open a page waits for a decision
mail-request-waiting-detail = Its time runs in business hours. Please decide it, and say why.
notice-kind-request-decided = Your request to open a page was decided
notice-kind-request-waiting = A request to open a page waits
mail-packet = Your audit packet is ready
mail-packet-detail = You find it behind this link, after signing in. It is kept for 30 days.
mail-packet-failed = Your audit packet could not be made
mail-packet-failed-detail = The page says why. You can ask for it again there.
notice-kind-export-ready = A file that you asked for is ready
