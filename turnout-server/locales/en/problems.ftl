# What is wrong with a field, for the person who filled it in. The keys are those of turnout-core; a key that ends with
# a field's name takes the place of the general one there.

problem-required = Fill this in.
problem-required-us_citizen = Only citizens of the United States can register. Check the box if you are one.
problem-required-is_18_or_over = Check the box if you will be 18 or older on Election Day.
problem-required-date_of_birth = Enter your date of birth.
problem-required-state = Choose a state from the list.
problem-null = Fill this in.
problem-blank = Fill this in.
problem-not-a-string = Enter this as text.
problem-null-characters = This holds a character that cannot be printed.
problem-too-long = { $most ->
    [one] Use one character.
   *[other] Use { $most } characters at the most.
}
problem-zipcode = Enter the five digits of the ZIP code.
problem-not-a-choice = Choose one from the list.
problem-date = Enter a real date: month, day and a year of four digits.
problem-date-time = Enter a date and a time.
problem-email = Enter an e-mail address such as name@example.org.
problem-phone = Enter a phone number with its area code, such as 202-555-0143, or leave it out.
problem-boolean = Check the box or leave it.
problem-must-be-true = Check this box to go on.
problem-uuid = This number is not right.
problem-integer = Enter a whole number.
problem-number = Enter a number.
problem-no-such-object = There is no such entry.
problem-key-type = This number is not right.
problem-json = This cannot be read.
problem-not-a-list = This cannot be read.
problem-no-print-and-forward = This state does not allow us to mail you a printed form.
problem-status = This cannot be changed.
problem-undeliverable = The post office does not deliver to this address. Check it.
problem-state-fields = These answers cannot be read.
problem-no-ballot-request-form = There is no ballot request form for this state.
problem-unknown-fields = There are fields here that nobody asks for.
problem-title-tennessee = Tennessee does not take the title Mx. Choose another one.
problem-url = Enter an address on the web, such as https://example.org.
problem-required-ein = Non-profit organizations need to enter their EIN.
problem-future-day = Nobody checked it on a day that is still to come.
problem-same-text = This is the text that is looked for.
problem-method = Requests cannot go there this way.
problem-region-florida = The pages of Florida's regions are taken from a list each day.
problem-key-missing = Enter the API key of your ActionNetwork group, or uncheck the sync.
problem-key-without-sync = A key is of use only with the sync to ActionNetwork: check it, or leave the key out.
problem-slug = Use letters, digits, - and _ alone.
problem-slug-taken = A subscriber with this slug exists already.
problem-slug-reserved = This name is a part of our own addresses. Choose another one.
problem-code = This code is not right. Codes change every half minute: wait for the next one, and try again.
problem-days = The last day comes before the first one.
problem-own-access = You cannot take this from yourself.
problem-password-again = The two passwords are not the same.
problem-password-common = Too many people have this password.
problem-password-digits = Use more than digits.
problem-password-like = This password is too much like your name or e-mail address.
problem-password-short = This password is too short.
problem-password-wrong = This is not your password.
problem-phone-known = This telephone gets codes already, or there are enough of them.
problem-webhook-address = Enter a whole address that begins with https:// and can be reached from the internet, without a name, a password or a # in it.
problem-webhook-endpoints = There are as many addresses as there may be. Remove one first.
problem-webhook-topics = Choose at least one event.
problem-webhook-window = Enter a beginning and an end, the beginning first, of days whose deliveries are still kept.
