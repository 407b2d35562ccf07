# What we say by mail, in English. Every key stands in every language (a test sees to it).
# Sentences are plain text: frames and escaping are the templates' work.

## In every mail

greeting = Hi { $name },
greeting-nobody = Hello,
date = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
    } { $day }, { $year }
sign-off = Thank you for voting,
donate-sentence = Helping people vote is free for them, and paid for by people like you.
donate-button = Make a donation
link-in-words = If the button does not work, copy this address into your browser:

## R1 and R2: print and mail your form

form-subject = ACTION REQUIRED: print and mail your voter registration form.
form-preheader = Your form is filled in. Four steps are left, and then it is with your election office.
form-headline = Your form is ready to print
form-opening = We have filled in your voter registration form. You are not registered yet: your election office has to receive the form on paper, signed by you.
reminder-subject = REMINDER: print and mail your voter registration form.
reminder-preheader = You have not downloaded your form yet. It takes a few minutes to finish.
reminder-headline = Your form is still waiting for you
reminder-opening = Yesterday we filled in your voter registration form, and you have not downloaded it yet. Until your election office receives it on paper, signed by you, you are not registered.
form-button = Download your form
form-until = The link works until { $date }. After that, the same link offers you a new one.
form-steps-heading = What to do
form-step-download = Download the form from the link above.
form-step-print = Print every page, on one side of the paper.
form-step-sign = Read the form, then sign and date it with a pen.
form-step-mail = Fold it into an envelope, put a stamp on it, and mail it to the address below.
form-step-mail-unknown = Fold it into an envelope, put a stamp on it, and mail it to your local election office.
form-address-heading = Where to mail it
form-offices = Not sure that this is your office? Look it up here:
form-offices-unknown = We do not have the address of your election office. Look it up here:
form-offices-link = Find your election office
form-deadline-heading = By when
form-deadline-postmarked = { $days ->
    [one] The envelope must be postmarked at least one day before Election Day.
   *[other] The envelope must be postmarked at least { $days } days before Election Day.
    }
form-deadline-received = { $days ->
    [one] The form must reach the election office at least one day before Election Day.
   *[other] The form must reach the election office at least { $days } days before Election Day.
    }
form-deadline-other = Your state says about mailed forms: { $text }
form-deadline-unknown = We do not know your state's deadline for mailed forms, so mail yours as soon as you can.
form-deadline-early = Do not wait for the last day: a postmark can be later than the day on which you mail a letter.
form-warnings-heading = What your state wants you to know
form-hints-heading = No printer, no stamp?
form-hint-print = Most public libraries print for little or nothing; so do copy shops, and perhaps a friend or somebody at work.
form-hint-stamp = One Forever stamp is enough for an ordinary envelope with up to four sheets. Post offices, many supermarkets and pharmacies sell them.
form-after-heading = After you have mailed it
form-after = You are registered once your election office has processed the form. That can take a few weeks.
form-after-check = Check then whether it has worked:
form-after-check-link = Check your registration
form-why = You get this mail because a voter registration form was filled in with this e-mail address. If that was not you, you need not do anything.

## R7: registered online, and now?

next-subject = You've registered to vote. Here's what's next.
next-preheader = How to vote by mail, when early voting is, and where you vote.
next-headline = Registered. And now?
next-opening = You have sent your registration to your state. Your election office still has to process it; here is how you can vote once it has.
next-mail-heading = Vote by mail
next-mail = You may be able to vote from home. See whether you can, and ask for your ballot:
next-mail-button = Vote by mail
next-mail-rules = The rules of your state:
next-early-heading = Vote early
next-early-both = Early voting in person begins: { $starts }. It ends: { $ends }.
next-early-starts = Early voting in person begins: { $starts }.
next-early-ends = Early voting in person ends: { $ends }.
next-place-heading = Vote on Election Day
next-place = Look up where you vote before you go. Polling places change.
next-place-link = Find your polling place
next-why = You get this mail because somebody with this e-mail address went to a state's online voter registration. If that was not you, you need not do anything.

## V1: checked at the state, and now?

verified-subject = You've checked your voter registration. Here's what's next.
verified-preheader = How to register if you are not, and how to vote by mail if you are.
verified-headline = Checked. And now?
verified-opening = You have looked up your registration at your state. Whatever you found, here is how to go on.
verified-register-heading = Not registered, or not at your address?
verified-register = Register, or bring your registration up to date. It takes a few minutes:
verified-register-link = Register to vote
verified-why = You get this mail because somebody with this e-mail address went to a state's look-up of registrations. If that was not you, you need not do anything.

## S1: a new link

link-subject = Your new download link
link-preheader = Here is the new link to your document.
link-headline = Your new download link
link-opening = You asked for a new link to your document. Here it is.
link-button = Download your document
link-until = It works until { $date }. After that, the same link offers you a new one.
link-why = You get this mail because somebody asked for a new link to a document made for this e-mail address. Only you get it; if you did not ask, you need not do anything.
