## Class mode, as the teacher has it
class-title = Class mode
class-lead = For children who can't read yet: you read a policy aloud, and each child answers by picture on one device, with you standing by.
class-nothing = No class of yours is asked anything today
class-nothing-text = A class stands here when its children are asked to answer a policy themselves. Your district lets children answer in class up to: { $grade }.
class-choose-class = Choose a class
class-leader = You see all classes of your school, so that you can stand in for a teacher.
class-stand-in = Stand in for a teacher: read a policy with a class
class-read-with = Read it with your class
class-read-it = Read it with this class
class-see = See the answers
class-open = { $number ->
    [0] Everybody has answered
    [one] 1 child still to answer
   *[other] { $number } children still to answer
 }
class-count = { $number } of { $all } have answered
class-who = Who has answered
class-child = Child
class-answer = Answer
class-day = Day
class-said-yes = Said yes
class-said-no = Said no
class-not-yet = Not yet
class-talk = { $number ->
    [one] { $names } said no. That is a real answer: find a quiet moment to talk. The child can answer again at any time.
   *[other] { $names } said no. That is a real answer: find a quiet moment to talk with each. They can answer again at any time.
 }
class-print = Print this list (PDF)
class-hand-over = Hand the device to your class
class-step-read = You read the text together, one part a page. The device can read it aloud.
class-step-answer = Each child finds their picture and answers. You stay with them. Who isn't here answers another day.
class-step-back = You take the device back with your password.
class-hand-again = Hand the device over again
class-language = You read it in
class-begin = Begin reading
class-begin-answers = They have heard it: go to the answers
class-limit = While the class has the device, it opens nothing but these pages, for at most 2 hours; you are signed out of your own. If this browser remembers your password, a child could get back to your pages: use a device that doesn't.
class-grades-title = Who may answer in class
class-grades-text = In class mode a teacher reads a policy aloud, and children who can't read yet answer on one device with the teacher standing by. Older students sign in and read for themselves.
class-grades-through = Up to and including
class-grades-none = Nobody
class-grades-keep = Keep this
class-grades-kept = This is kept, and holds from now on.
receipt-how = How
receipt-witnessed = Answered in class, with { $name } present

## As the children have it
class-teacher = I'm the teacher
class-back = Back to the class
class-listen = Listen
class-stop = Stop
class-part = Part { $number } of { $last }
class-before = Back
class-next = Next
class-promise = What you will be asked
class-to-answers = Now you answer
class-find = Find your picture
class-find-text = Tap it to answer.
class-answered = answered
class-all = Everybody has answered. Give this to your teacher.
class-read-again = Read it together again
class-hello = Hello { $name }
class-ask = Did you hear the rules? Will you keep them?
class-yes = Yes
class-yes-text = I heard them. I will do my best.
class-no = No
class-no-text = I want to talk with my teacher.
class-not-me = I'm not { $name }
class-you-say-yes = { $name }, you say yes.
class-you-say-no = { $name }, you say no.
class-right = That's right
class-wrong = Go back
class-choose = Choose yes or no.
class-thanks = Thank you. Who is next?
class-has-answered = You have answered. Thank you!
class-again-text = Was that a mistake? Answer again with your teacher.
class-again = Answer again
class-teacher-text = { $name }, your password brings you back to your own pages.
class-teacher-wrong = This is not your password. Capital letters count.
class-take-back = Take the device back
class-end-text = Or end class mode without it: nobody is signed in on this device then. All answers are kept.
class-end = Sign out on this device

## What the pictures show
picture-sun = Sun
picture-moon = Moon
picture-heart = Heart
picture-house = House
picture-tree = Tree
picture-fish = Fish
picture-boat = Boat
picture-car = Car
picture-balloon = Balloon
picture-apple = Apple
picture-flower = Flower
picture-cloud = Cloud
picture-umbrella = Umbrella
picture-key = Key
picture-bell = Bell
picture-cup = Cup
picture-hat = Hat
picture-leaf = Leaf
picture-mushroom = Mushroom
picture-drum = Drum
picture-kite = Kite
picture-ball = Ball
picture-rocket = Rocket
picture-train = Train
picture-pear = Pear
picture-bird = Bird
picture-cat = Cat
picture-dog = Dog
picture-bear = Bear
picture-rabbit = Rabbit
picture-frog = Frog
picture-owl = Owl
picture-turtle = Turtle
picture-snail = Snail
picture-butterfly = Butterfly
picture-ladybug = Ladybug
picture-carrot = Carrot
picture-ice-cream = Ice cream
picture-clock = Clock
picture-whale = Whale
