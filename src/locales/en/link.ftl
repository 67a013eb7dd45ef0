## A link in a mail, and what it leads to
link-hello = Hello { $name }
link-lead = { $district } asks for your answer. This link is for you alone: it opens what is asked of you, and nothing else.
link-once = It works once. Then you have an hour, and what you have answered is kept.
link-continue = Continue to your tasks
link-not-you = Are you not { $name }? Then please close this page: the mail was meant for somebody else.
link-already = You are signed in: you don't need this link.
link-ended = This link has ended
link-ended-text = A link in a mail works once, and for an hour after the mail was sent. Nothing that you answered is lost.
link-ended-new = We can send a new link to the e-mail address that your school has for you.
link-ended-again = Send me a new link
link-ended-in = You are signed in here as { $name }.
link-ended-sign-in = Sign in with your password
link-ended-office = Is it no longer your address, or does no mail come? Your school's office helps you, and has everything on paper too.
link-sent = Look in your mail
link-sent-text = If you asked for a new link, it comes in a few minutes to the e-mail address that your school has for you. It works once, for an hour.
link-sent-once = We send one an hour at most. Look among unwanted mail, too.
receipt-by-link = Came by a link that was mailed to the address that the school has
