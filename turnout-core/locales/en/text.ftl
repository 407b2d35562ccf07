# What we say by text message, in English. Every key stands in every language (a test sees to it).
# A text is plain and short: letters and signs of GSM-7 where the language allows it, so that it fits into few segments.

## The first text to a number

text-welcome-register = { $sender }: Thank you for using our tool to register to vote. You get 2 to 4 texts a month. Message and data rates may apply. Reply HELP for help, STOP to unsubscribe.
text-welcome-absentee = { $sender }: Thank you for using our tool to ask for your ballot. You get 2 to 4 texts a month. Message and data rates may apply. Reply HELP for help, STOP to unsubscribe.
text-welcome-verify = { $sender }: Thank you for checking your voter registration with us. You get 2 to 4 texts a month. Message and data rates may apply. Reply HELP for help, STOP to unsubscribe.
text-welcome-other = { $sender }: Thank you for signing up with us. You get 2 to 4 texts a month. Message and data rates may apply. Reply HELP for help, STOP to unsubscribe.

## Who began and did not finish

text-unfinished-register = { $sender }: Your voter registration is not finished yet. A few minutes are enough. Go on here: { $url }
text-unfinished-absentee = { $sender }: Your request for an absentee ballot is not finished yet. A few minutes are enough. Go on here: { $url }

## A day later: the form waits

text-your-mail = your e-mail address
text-reminder-register = { $sender }: Your voter registration form is filled in, and you have not downloaded it yet. The link is in our mail to { $email }. Print the form, sign it and mail it.
text-reminder-absentee = { $sender }: Your absentee ballot request form is filled in, and you have not downloaded it yet. The link is in our mail to { $email }. Print the form, sign it and mail it.
text-confirm-reminder-register = { $sender }: We have not mailed you your voter registration form, as you have not said yes yet. The link for that is in our mail to { $email }.
text-confirm-reminder-absentee = { $sender }: We have not mailed you your absentee ballot request form, as you have not said yes yet. The link for that is in our mail to { $email }.

## A few minutes later: the form is to be mailed

text-nag-register = { $sender }: One step is left. Follow the link in the mail that we have just sent to { $email }, and we mail you your voter registration form.
text-nag-absentee = { $sender }: One step is left. Follow the link in the mail that we have just sent to { $email }, and we mail you your absentee ballot request form.

## What became of the letter

text-letter-mailed-register = { $sender }: Your voter registration form should be in your mailbox within 24 hours. Sign it, and mail it on the same day.
text-letter-mailed-absentee = { $sender }: Your absentee ballot request form should be in your mailbox within 24 hours. Sign it, and mail it on the same day.
text-letter-returned-register = { $sender }: The post office could not deliver your voter registration form. Please check the address, and try again.
text-letter-returned-absentee = { $sender }: The post office could not deliver your absentee ballot request form. Please check the address, and try again.

## After a state's own tool

text-next-register = { $sender }: Thank you for registering to vote. Would you rather vote from home? See whether you can, and ask for your ballot: { $url }
text-next-absentee = { $sender }: Thank you for asking for your ballot. Fill it in as soon as you have it, and send it back at once.
text-next-absentee-track = { $sender }: Thank you for asking for your ballot. See here where it is: { $url }
text-verified-register = { $sender }: Not registered to vote, or not at your address? It takes a few minutes: { $url }
text-verified-absentee = { $sender }: You may be able to vote from home. See whether you can, and ask for your ballot: { $url }

## A code for signing in to the management site

text-sign-in-code = { $sender }: { $code } is your code for signing in. It is good for two minutes. Nobody of us ever asks you for it.

## Answers to what a number writes

text-help = Voter information by text. Message and data rates may apply. Message frequency varies. Reply STOP to unsubscribe.
text-join-success = You are subscribed to texts about voting. Reply HELP for help, STOP to unsubscribe.
text-joined = Thank you for signing up for texts about voting: 2 to 4 a month. Message and data rates may apply. Reply HELP for help, STOP to unsubscribe.
text-autoreply = Nobody reads what is sent to this number. Reply HELP for help, STOP to unsubscribe.
text-autoreply-stopped = You are unsubscribed, and get no texts from us. Reply JOIN to subscribe again.

## PPMAP and EVMAP: a map to where one votes. The two words are commands, and the same in every language.

text-map-election-day = Your polling place on Election Day: { $place }.
text-map-early = An early voting site for you: { $place }.
text-map-hours = Open: { $hours }.
text-map-no-picture = We could not draw a map.
text-map-link = More: { $url }
text-map-sent-election-day = A map to your polling place.
text-map-sent-early = A map to an early voting site.
text-map-no-voter = We do not know your address. Text { $command } and your address, like this: { $command } 1 Main St, Springfield, IL 62701
text-map-unknown-address = We could not find that address. Text { $command } with house number and street, city, state and ZIP code.
text-map-no-place-election-day = We do not know where you vote on Election Day. Your election office does.
text-map-no-place-early = We know of no early voting site for that address. Ask your election office.
text-map-no-locator = We cannot look up polling places right now. Please try again later.
