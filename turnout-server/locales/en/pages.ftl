# Sentences of the voters' pages. Every key is also in ../es/pages.ftl; a test compares them.

brand = Turnout
skip = Skip to the main part
language-name = English
language-label = Language
footer = Turnout is not an office of any government. We fill in the form; you sign it and mail it.
footer-privacy = Your ID number is printed on your form and never stored.

home-title = Register to vote
home-lead = Fill in the national registration form here, print it, sign it and mail it. It takes about five minutes.
home-choose = Where do you live?
home-choose-hint = The state, district or territory in which you want to vote.
home-pick = Choose…
home-go = Continue
home-unknown = Choose a state from the list.
home-how = How it works
home-how-1 = Choose your state and see its deadline and rules.
home-how-2 = Fill in the form. We put your answers on the official paper form.
home-how-3 = Print it, sign it, and mail it to your election office.
home-reminders = Already registered?
home-reminders-link = Get election reminders

register-title = Register to vote in { $state }
register-lead = All fields are required unless they say “optional”.
register-other-state = Choose another state
register-send = Make my form
register-send-note = Next you can download your form. We also e-mail you a link to it.
register-form = Your form
optional = (optional)
mistake-title = Error: { $title }
mistakes-heading = { $count ->
    [one] There is one thing to fix
   *[other] There are { $count } things to fix
}
number-again = Enter your ID number again: we did not keep it.
mistake-prefix = Error:

facts-heading = What to know about { $state }
facts-deadline = Deadline by mail
facts-deadline-postmarked = { $days ->
    [one] Postmarked at least one day before Election Day
   *[other] Postmarked at least { $days } days before Election Day
}
facts-deadline-received = { $days ->
    [one] Received at least one day before Election Day
   *[other] Received at least { $days } days before Election Day
}
facts-deadline-unknown = We have no date that we can vouch for. Ask your election office.
facts-deadline-as-of = That was the rule for the general election of November 2024. Weekends and holidays may move the day; check it with your state.
facts-online = Online registration
facts-online-link = Register on the website of { $state }
facts-online-note = If you can use it, it is usually faster than mail.
facts-online-none = We know of none for { $state }.
facts-mail-to = Where the form goes
facts-mail-to-unknown = Your local election office. The website of your state has its address.
facts-status = Already registered?
facts-status-link = Check your registration
facts-office = Election office
facts-office-link = Website of the election office
facts-source = Source: { $source }, { $month } { $year }.

refused-heading = This form is not for { $state }
refused = { $source } did not list { $state } among the places that take the national form ({ $month } { $year }). There are other ways to register there; its election office knows them.
refused-online = Register online in { $state }
refused-office = Ask the election office of { $state }

section-name = Your name
section-birth = Your date of birth
section-address = Where you live
section-address-hint = The address where you live, not a post office box.
section-mailing = I get my mail somewhere else
section-previous-name = My name has changed
section-previous-name-hint = The name under which you were registered before.
section-previous-address = I was registered at another address
section-contact = How to reach you
section-about = About you
section-about-hint = Skip what you would rather not say. Some states ask for a party so that you can vote in its primary.
section-number = Your ID number
section-confirm = Please confirm

field-title = Title
field-first_name = First name
field-middle_name = Middle name
field-last_name = Last name
field-suffix = Suffix
field-date_of_birth = Date of birth
field-birth_month = Month
field-birth_day = Day
field-birth_year = Year
field-address1 = Street address
field-address2 = Apartment or unit
field-city = City or town
field-state = State
field-zipcode = ZIP code
field-mailing_address1 = Street address or post office box
field-mailing_address2 = Apartment or unit
field-mailing_city = City or town
field-mailing_state = State
field-mailing_zipcode = ZIP code
field-previous_title = Title before
field-previous_first_name = First name before
field-previous_middle_name = Middle name before
field-previous_last_name = Last name before
field-previous_suffix = Suffix before
field-previous_address1 = Street address before
field-previous_address2 = Apartment or unit before
field-previous_city = City or town before
field-previous_state = State before
field-previous_zipcode = ZIP code before
field-email = E-mail address
field-phone = Phone number
field-sms_opt_in = Text messages
field-sms_opt_in_subscriber = Text messages
field-gender = Gender
field-race_ethnicity = Race or ethnic group
field-party = Party
field-state_id_number = ID number
field-us_citizen = I am a citizen of the United States
field-is_18_or_over = I will be 18 or older on Election Day

hint-suffix = For example Jr. or III
hint-date_of_birth = For example: 4 / 17 / 1990
hint-zipcode = Five digits
hint-email = We send your form here, and one reminder.
hint-state_id_number = The number of your driver’s license or state ID card. If you have neither, the last four digits of your Social Security number. If you have none of them, write NONE. It is printed on your form and never stored.
hint-race_ethnicity = The form of your state asks for it.

choice-none = No answer
choice-title-Mr = Mr.
choice-title-Mrs = Mrs.
choice-title-Miss = Miss
choice-title-Ms = Ms.
choice-title-Mx = Mx.
choice-gender-Male = Male
choice-gender-Female = Female
choice-gender-NonBinary = Non-binary
choice-gender-Other = Other
choice-race_ethnicity-Native = American Indian or Alaska Native
choice-race_ethnicity-AAPI = Asian or Pacific Islander
choice-race_ethnicity-Black = Black, not Hispanic
choice-race_ethnicity-Hispanic = Hispanic
choice-race_ethnicity-Multi = Multiracial
choice-race_ethnicity-White = White, not Hispanic
choice-race_ethnicity-Other = Other
choice-party-None = No party
choice-party-Democratic = Democratic
choice-party-Republican = Republican
choice-party-Green = Green
choice-party-Libertarian = Libertarian
choice-party-Other = Other

sms-agree = By checking this box, you agree to receive text messages from { $name }. Message and data rates may apply. Message frequency varies. Text STOP to unsubscribe or HELP for more info.

done-title = Your form is ready
done-lead = You are not registered yet. Print your form, sign it and mail it.
done-download = Download my form (PDF)
done-mail = We also sent a link to it to your e-mail address.
done-steps = What to do now
done-print = Print it
done-print-text = One-sided, at its full size. A library or a copy shop can print it, too.
done-sign = Check it, sign it, and write the date
done-sign-text = Sign by hand with a pen. A form without a signature does not count.
done-post = Mail it
done-post-text = Put it into an envelope with a stamp and send it to:
done-post-unknown = Put it into an envelope with a stamp and send it to your local election office. The website of your state has its address.
done-deadline = Watch the deadline
done-check = Check that you are registered
done-check-text = A few weeks later, check whether your election office has registered you.
done-online-heading = You can also register online
done-again = Register another person

download-title = Your link has expired
download-lost-title = We could not find your form
download-lead = Links to a form work for a limited time, because the form has personal data on it.
download-offer = We can send a new one to the e-mail address that you gave with the form.
download-send = Send me a new link
download-no-id = The address of this page lacks the number of the form. Open the link in your e-mail again, or make a new form.
download-sent-title = A new link is on its way
download-sent = Check your inbox in a few minutes, and your spam folder if it is not there.
download-not-found = We have no form with that number.
download-new = Make a new form

confirm-title = Shall we mail you your form?
confirm-lead = We print the form and mail it to the address in our e-mail, with an envelope for sending it on.
confirm-once = Look at the address first: we mail a form once.
confirm-send = Yes, mail it to me
confirm-said-title = Your form is being mailed
confirm-said = It takes 6 to 10 days to arrive.
confirm-said-next = Sign it and send it on as soon as you have it. We write to you when it is about to arrive.
confirm-not-found = We have no form to mail under this address. Open the newest of our e-mails again, or make a new form.
confirm-off-title = We do not mail forms at the moment
confirm-off = Please open the e-mail again, and download the form to print it yourself.

purged-title = This form was deleted
purged-lead = We delete forms after a while, because they have personal data on them.
purged-lead-days = { $days ->
    [one] We delete forms after one day, because they have personal data on them.
   *[other] We delete forms after { $days } days, because they have personal data on them.
}

resume-title = Continue your registration
resume-lead = You began a registration in { $state }. For your privacy this page does not show what you entered before.
resume-go = Register to vote in { $state }
resume-unknown = This link does not work any more. You can begin again; it takes about five minutes.
resume-new = Start over

outbox-title = Outbox
outbox-lead = This server sends no mail. Here is what it would have sent, newest first.
outbox-empty = There is no mail yet.
outbox-count = { $count ->
    [one] One mail
   *[other] { $count } mails
}
outbox-to = To
outbox-from = From
outbox-kind = Kind
outbox-links = Links in this mail
outbox-text = The plain-text part
outbox-rendered = The mail as a reader shows it
outbox-all = All mails

## What we say, about nobody

preview-title = Mails and texts
preview-lead = Everything that is said by mail and text, in each language, with made-up data. Nothing of it is sent.
preview-mails = Mails
preview-texts = Texts
preview-all = All mails and texts
preview-segments = { $count ->
    [one] one segment ({ $alphabet }, { $length })
   *[other] { $count } segments ({ $alphabet }, { $length })
    }
preview-hints = fewer with

error-404-title = There is no such page
error-404 = The address may be mistyped, or the page has moved.
error-400-title = We could not read that
error-400 = Something in the request was not right. Go back and try again.
error-403-title = This form was sent from another site
error-403 = To protect you, we take forms only from our own pages. Open the page again and fill it in there.
error-413-title = That was too long
error-413 = The form holds more text than we take.
error-429-title = Please wait a moment
error-429 = { $seconds ->
    [one] That was asked for too often. Try again in one second.
   *[other] That was asked for too often. Try again in { $seconds } seconds.
}
error-500-title = Something went wrong on our side
error-500 = That did not work. Try again in a few minutes; if you go back, what you entered is still in your browser.
error-503-title = We are busy
error-503 = Try again in a few minutes.
error-home = Back to the start

month-01 = January
month-02 = February
month-03 = March
month-04 = April
month-05 = May
month-06 = June
month-07 = July
month-08 = August
month-09 = September
month-10 = October
month-11 = November
month-12 = December

unsubscribe-title = No more reminders?
unsubscribe-lead = We send reminders and tips about voting by e-mail. You can stop them here.
unsubscribe-still = What you ask for yourself, such as a form, we still send you.
unsubscribe-button = Send me no more
unsubscribe-done-title = You get no more reminders
unsubscribe-done = We send no more reminders or tips to your e-mail address, from now on.
unsubscribe-undo = I want them after all
unsubscribe-undone-title = You get reminders again
unsubscribe-undone = We send you reminders and tips about voting again.
unsubscribe-unknown = This link is not one of ours, or it is very old. The link in the newest of our e-mails works.

reminders-title = Election reminders
reminders-lead = Tell us where you live, and we remind you of elections there. It takes about two minutes.
reminders-email-hint = We send your reminders here.
reminders-birth-hint = It helps us to find you on the voter rolls. Skip it if you would rather not say.
reminders-kept = We keep what you enter, to remind you. If a link of another organization led you here, that organization may see it and write to you, too.
reminders-send = Remind me
reminders-footer = Turnout is not an office of any government.
reminders-thanks-title = You are signed up
reminders-thanks = We remind you of elections by e-mail, and by text message if you asked for that.
reminders-end = You can end it at any time: by the link in each e-mail, or by answering STOP to a text message.
reminders-register = Not registered yet? Register to vote
reminders-again = Sign up another person

subscribe-title = Become a subscriber
subscribe-lead = Put the tools of Turnout into your own website, and see whom you have helped to vote. Tell us who you are; we look at every request ourselves.
subscribe-organization = Name of your organization
subscribe-website = Website
subscribe-website-hint = Such as example.org.
subscribe-email = E-mail address
subscribe-email-hint = Where we write to you about your account.
subscribe-plan = Plan
subscribe-ein = EIN
subscribe-ein-hint = The number by which the tax authority knows you. Non-profit organizations need to enter it.
subscribe-texts = Texts to your voters
subscribe-texts-hint = How your tools ask voters whether they want texts from you.
subscribe-send = Send
subscribe-thanks-title = Thank you
subscribe-thanks = We have your request.
subscribe-thanks-next = Somebody of our team looks at it and writes to you by e-mail.
choice-plan-premium = Premium
choice-plan-nonprofit = Non-profit
choice-sms_mode-box_unchecked = A box that voters check
choice-sms_mode-box_checked = A box that is checked at first
choice-sms_mode-none = No texts
