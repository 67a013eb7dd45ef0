today-hello = Hello { $name }
today-own-tasks = { $number ->
    [one] 1 task of your own
   *[other] { $number } tasks of your own
 }
today-in-force = How the requirements stand
today-tile = { $done } of { $asked }
today-late = { $number ->
    [0] none late
    [one] 1 answer late
   *[other] { $said } answers late
 }
today-comment-on = Comment on { $title } until { $day }
today-waiting = Waiting for you
today-nothing-waits = Nothing waits for you.
today-nothing-open = No draft is open for feedback.
today-open = { $title }: open until { $day }
today-comments = { $number ->
    [one] 1 comment on { $title } waits for an answer
   *[other] { $number } comments on { $title } wait for an answer
 }
today-publish = { $title } is adopted: publish it
today-review = { $title } is due for its review
today-empty = Nothing is required yet. This is how a district begins:
today-first-roster = Bring in the roster
today-first-policy = Take a policy from the library
today-first-requirement = Say who must answer
