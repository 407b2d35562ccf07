//! What we say in answers and greetings unless an operator sets other words by the switches of `smsbot`. The language of a
//! number is not known; carriers ask that a program names itself, and says how to be rid of it.

/// The answer to HELP.
pub(super) const HELP: &str = "Voter information by text. Message and data rates may apply. Message frequency varies. \
                               Reply STOP to unsubscribe.";

/// The answer to JOIN.
pub(super) const JOIN_SUCCESS: &str =
    "You are subscribed to texts about voting. Reply HELP for help, STOP to unsubscribe.";

/// The answer to anything else.
pub(super) const AUTOREPLY: &str =
    "Nobody reads what is sent to this number. Reply HELP for help, STOP to unsubscribe.";

/// The same to who has opted out.
pub(super) const AUTOREPLY_OPTED_OUT: &str =
    "You are unsubscribed, and get no texts from us. Reply JOIN to subscribe again.";

/// The first text to who opted in elsewhere.
pub(super) const JOINED: &str = "Thank you for signing up for texts about voting: 2 to 4 a month. Message and data rates \
                                 may apply. Reply HELP for help, STOP to unsubscribe.";
