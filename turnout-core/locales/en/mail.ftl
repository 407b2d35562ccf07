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

## R8: the state has the registration

online-subject = Your state has your voter registration. Here's what happens next.
online-preheader = Nothing has to be printed or mailed. Your election office now looks at your registration.
online-headline = Sent to your state
online-opening = We have sent your voter registration to your state, and your state has taken it. You need not print or mail anything.
online-wait = You are registered once your election office has looked at it. That can take up to two weeks; then your voter card comes by mail.
online-check-heading = See whether it has worked
online-missing = If you have heard nothing after two weeks, ask your election office.
online-offices = Your election office is listed here:
online-why = You get this mail because a voter registration was sent to a state with this e-mail address. If that was not you, please tell your election office.

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

## S2: an export

report-subject-verify = Your Verify Tool Export
report-subject-register = Your Register Tool Export
report-subject-absentee = Your Absentee Tool Export
report-subject-locator = Your Locator Tool Export
report-preheader = The file that you asked for is ready.
report-opening = The export that you asked for is ready: one file with everything that your organization sees of this tool.
report-button = Download your export
report-private = The file holds names, addresses and birth dates of voters. Keep it where only people who need it can read it, and delete it when you are done.
report-why = You get this mail because an export was asked for on the management site with this e-mail address.

## S3: an invitation to a team

account-sign-off = With kind regards,
invite-subject = You have been added to a VoteAmerica subscriber team
invite-preheader = Make your account, and begin.
invite-headline = Welcome to the team
invite-opening = You are invited to work for { $team } on the management site. Make an account with this e-mail address to begin.
invite-button = Accept the invitation
invite-until = The invitation is open until { $date }.
invite-next = Have a telephone or an authenticator app at hand: signing in takes a second factor.
invite-why = You get this mail because a member of that team entered this e-mail address. If you did not expect it, you need not do anything: without your yes there is no account.

## S4: a subscriber is active

activated-subject = The { $team } account at VoteAmerica is now active
activated-preheader = Here is what you can do from now on.
activated-headline = Your account is active
activated-opening = The account of { $team } has been set up. Everything about it is on the management site.
activated-invited = You get another mail with an invitation; with it you make your own account there.
activated-button = Go to the management site
activated-offers-heading = What you find there
activated-tools = The lines that bring the tools for registering, voting by mail and more to your own web site.
activated-voters = Who has used your tools, with search and exports.
activated-team = Your team: invite everybody who is to work with you.
activated-api = What your own programs can ask us is described here:
activated-api-link = Description of the API
activated-contact = Is something unclear? Write to { $address }.
activated-why = You get this mail because your organization asked for an account and named this e-mail address for it.

## S5: a new password

reset-subject = Password reset
reset-preheader = Set a new password for the management site.
reset-headline = Set a new password
reset-opening = Somebody, most likely you, asked for a new password for the management site.
reset-button = Set a new password
reset-until = The link works for one day, and once.
reset-name = You sign in as { $email }.
reset-why = You get this mail because a new password was asked for with this e-mail address. If you did not ask for one, you need not do anything: your password stays as it is.

## S6: a webhook was switched off

webhook-off-subject = A webhook of { $team } was switched off
webhook-off-preheader = Your program is no longer told what your voters do.
webhook-off-headline = A webhook was switched off
webhook-off-opening = We have switched off a webhook of { $team }: nothing more is sent to { $host }.
webhook-off-gone = It answered 410, Gone, by which a program says that it wants nothing more.
webhook-off-failing = For five days it took nothing of what we sent, however often we tried.
webhook-off-kept = What happens meanwhile is kept for { $days } days, and is sent in its order when somebody of your team switches the webhook on again.
webhook-off-kept-ever = What happens meanwhile is kept, and is sent in its order when somebody of your team switches the webhook on again.
webhook-off-button = See what happened
webhook-off-why = You get this mail because you belong to the team of this organization on the management site. It goes out once whenever one of its webhooks is switched off.


## A1 and A2: print and mail your ballot request

request-subject = ACTION REQUIRED: print and mail your absentee ballot request form.
request-opening = We have filled in your absentee ballot request form. You have not asked for a ballot yet: your election office has to receive the form on paper, signed by you.
request-reminder-subject = REMINDER: print and mail your absentee ballot request form.
request-reminder-opening = Yesterday we filled in your absentee ballot request form, and you have not downloaded it yet. Until your election office receives it on paper, signed by you, nobody will send you a ballot.
request-after = Your ballot comes by mail once your election office has processed the form. That can take a few weeks.
request-after-check = See then where your ballot is:
request-after-check-link = Track your ballot
request-why = You get this mail because an absentee ballot request form was filled in with this e-mail address. If that was not you, you need not do anything.

## A5: the application, to the election office

office-subject = Absentee Ballot Application from { $first } { $last }
office-preheader = The application is attached, filled in and signed by the voter.
office-headline = Absentee ballot application
office-statement = My name is { $name }. I filled in the attached absentee ballot application, signed it, and had it sent to you.
office-please = Please process it. If something is missing, answer this mail: I get the answer.
office-service-heading = About this mail
office-service = It was sent for the voter by a service that helps people to fill in and send the forms of their state. Write to { $contact } with questions about the service, legal ones included.
office-instead = This mail was meant for { $address }, and was not sent there.
office-sign-off = Thank you,
office-why = You get this mail because the voter named above asked for this application to be sent to the election office.

## A6 to A8: the application goes by fax

fax-subject = Your absentee ballot application is being sent
fax-preheader = We are faxing your application to your election office. That can take up to 12 hours.
fax-headline = Your application is on its way
fax-opening = We are faxing your absentee ballot application to your election office. That can take up to 12 hours. We write to you again when it is there.
fax-late = If you have not heard from us after 24 hours, answer this mail, or write to { $address }.
fax-copy = Here is a copy of your application, for you to keep:
fax-copy-link = Download your application
fax-office-heading = Your election office
fax-office-email = E-mail: { $email }
fax-office-phone = Phone: { $phone }
fax-office-fax = Fax: { $fax }
fax-again-subject = Re: Your absentee ballot application is being sent
faxed-preheader = Your election office has your application.
faxed-headline = Your application was faxed
faxed-opening = Your absentee ballot application has been faxed to your election office. Your ballot comes by mail once they have processed it.
faxed-ask = If it does not come, ask your election office what became of your application.
not-faxed-preheader = Your application did not get through to your election office.
not-faxed-headline = Your application could not be faxed
not-faxed-opening = We tried 20 times to fax your absentee ballot application to your election office at { $fax }, and it did not get through.
not-faxed-opening-nowhere = We tried 20 times to fax your absentee ballot application to your election office, and it did not get through.
not-faxed-do = Please ask your election office how else you can send it. If you need help, answer this mail, or write to { $address }.
fax-why = You get this mail because an absentee ballot application was sent with this e-mail address. If that was not you, answer this mail.

## A11: a ballot requested online, and now?

ballot-subject = You've requested your absentee ballot. Here's what's next.
ballot-preheader = How to track your ballot, and how to send it back.
ballot-headline = Ballot requested. And now?
ballot-opening = You have asked your state for a ballot. Your election office still has to process that; here is what comes then.
ballot-track-heading = Track your ballot
ballot-track = Your state shows where your ballot is:
ballot-id-heading = What you have to show
ballot-id = The rules of your state about identification when you vote by mail:
ballot-return-heading = Send it back early
ballot-return = Fill in your ballot as soon as you have it, sign wherever it says so, and send it back at once. Mail takes days, and a ballot that comes too late does not count.
ballot-drop-box = Your state has drop boxes, too: there a ballot needs neither stamp nor mail. Your election office knows where they are.
ballot-place-heading = If no ballot comes
ballot-place = You may still be able to vote in person. Look up where:
ballot-why = You get this mail because somebody with this e-mail address went to a state's tool for requesting a ballot. If that was not you, you need not do anything.

## R3 and R4, A3 and A4: shall we mail you your form?

confirm-subject = ACTION REQUIRED: confirm to mail your registration form.
confirm-preheader = Say that the address is right, and we mail you the form on paper.
confirm-headline = Shall we mail you your form?
confirm-opening = We have filled in your voter registration form, and can mail it to you on paper. You are not registered yet: your election office has to receive the form, signed by you.
confirm-reminder-subject = REMINDER: confirm to mail your registration form.
confirm-reminder-preheader = Your form waits for your yes: then we mail it to you.
confirm-reminder-headline = Your form has not been mailed yet
confirm-reminder-opening = Yesterday we filled in your voter registration form, and asked whether to mail it to you on paper. We have not mailed it, as you have not said so yet. Until your election office receives it, signed by you, you are not registered.
confirm-address-heading = The address to which we mail it
confirm-button = Yes, mail it to me
confirm-correct = Something is wrong with the address? Correct it before you say yes:
confirm-correct-link = Correct the address
confirm-letter-heading = What will be in the letter
confirm-letter-days = It takes 6 to 10 days to arrive.
confirm-letter-both = You find your form in it, filled in, the same form blank, in case that something has changed, and an envelope for sending it on.
confirm-letter-filled = You find your form in it, filled in, and an envelope for sending it on.
confirm-print-heading = Would you rather print it yourself?
confirm-print = That is quicker. Download the form, print it, sign it, and mail it:
request-confirm-subject = ACTION REQUIRED: confirm to mail your absentee ballot request form.
request-confirm-opening = We have filled in your absentee ballot request form, and can mail it to you on paper. You have not asked for a ballot yet: your election office has to receive the form, signed by you.
request-confirm-reminder-subject = REMINDER: confirm to mail your absentee ballot request form.
request-confirm-reminder-opening = Yesterday we filled in your absentee ballot request form, and asked whether to mail it to you on paper. We have not mailed it, as you have not said so yet. Until your election office receives it, signed by you, nobody will send you a ballot.

## R5 and A9: the letter is about to arrive

mailed-subject = Your voter registration form should arrive soon!
mailed-preheader = Look into your mailbox: the form has to be signed and sent on.
mailed-headline = Your form is nearly there
mailed-opening = The letter with your voter registration form is at your post office, and should be in your mailbox within a day or two. It was sent to:
mailed-step-check = Read the form that is filled in.
mailed-step-blank = If something in it is wrong, fill in the blank one instead.
mailed-step-sign = Sign and date it with a pen.
mailed-step-envelope = Tear off the slip with the address, put it with the form into the envelope so that the address shows in the window, put a stamp on it, and mail it.
request-mailed-subject = Your absentee ballot request form should arrive soon!
request-mailed-opening = The letter with your absentee ballot request form is at your post office, and should be in your mailbox within a day or two. It was sent to:

## R6 and A10: the letter came back

returned-subject = WARNING: Your voter registration form was not delivered!
returned-preheader = The letter with your form came back to us.
returned-headline = Your form did not reach you
returned-opening = The post office could not deliver the letter with your voter registration form, and you are not registered. It was sent to:
returned-again = Please check the address, and begin again. You can also download the form and print it yourself.
returned-again-button = Begin again
returned-again-nowhere = Please check the address, and begin again where you filled in the form. You can also print it yourself.
request-returned-subject = WARNING: Your absentee ballot request form was not delivered!
request-returned-opening = The post office could not deliver the letter with your absentee ballot request form, and you have not asked for a ballot yet. It was sent to:

## R9 and A12: two weeks later

chase-subject = Check your voter registration
chase-preheader = Two weeks ago your form arrived. See whether you are registered.
chase-headline = Are you registered?
chase-opening = Two weeks ago your voter registration form should have arrived. If you have signed it and sent it on, your election office may have processed it by now; if you have not, please do so today.
chase-office-heading = Your election office
chase-office = Your election office knows what became of your form.
request-chase-subject = Check what became of your absentee ballot request
request-chase-preheader = Two weeks ago your form arrived. See where your ballot is.
request-chase-headline = Is your ballot on its way?
request-chase-opening = Two weeks ago your absentee ballot request form should have arrived. If you have signed it and sent it on, your election office may have processed it by now; if you have not, please do so today.

## M1 to M3: blank forms for people who moved

mover-mailed-subject = Your voter registration forms should arrive today
mover-mailed-preheader = Two blank forms are on their way to your new home: one for you, one to spare.
mover-mailed-headline = Look into your mailbox
mover-mailed-opening = You moved to another home, and to vote from there you have to be registered there. So we have sent you a letter with two blank voter registration forms: one for you, and one for somebody you live with or to begin again. It should be in your mailbox today or in the next few days.
mover-reminder-subject = Don't forget to mail your voter registration form
mover-reminder-preheader = The blank forms that we sent you should be there by now.
mover-reminder-headline = Have you mailed your form?
mover-reminder-opening = The letter with two blank voter registration forms should have reached your new home. If you have filled one in and mailed it, there is nothing left to do. If you have not, it takes a few minutes.
mover-step-fill = Fill in one of the forms with a pen. The letter says what your state wants in the boxes 6, 7 and 8.
mover-step-sign = Sign and date it.
mover-step-proof = Add a copy of a document that shows your name and your new address, such as a utility bill, a bank statement or a lease. Your state does not take the form without.
mover-deadline-online = Your state says about registering online: { $text }
mover-deadline-person = Your state says about registering in person: { $text }
mover-same-day-heading = If you are late
mover-same-day-both = In your state you can register and vote on the same day, at an early voting site and on Election Day.
mover-same-day-early = In your state you can register and vote on the same day while there is early voting.
mover-same-day-election = In your state you can register at your polling place on Election Day, and vote there.
mover-offices = Your election office answers questions:
mover-chase-subject = Time to check your voter registration
mover-chase-preheader = Four weeks ago we sent you blank forms. See whether you are registered.
mover-chase-headline = Are you registered at your new home?
mover-chase-opening = Four weeks ago we sent two blank voter registration forms to your new home. If you mailed one, your election office should have processed it by now. If you did not, there may still be time.
mover-why = You get this because you told an organization we work with that you moved, and we sent you voter registration forms by mail.
