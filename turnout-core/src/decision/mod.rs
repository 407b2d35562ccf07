//! Whether something is said to a voter now, later or not at all (`flows.md` 12.3; quirks Q10 and Q20).
//!
//! [`decide`] is asked about every text, mail, fax and letter, to a voter or to an election office: of a text when it is
//! enqueued, and of everything right before it is handed over. It is pure: what it has to know is in the [`Recipient`]. `rule.rs` names the rules, each with its source; `law.rs`
//! has the states' hours as a table; `hours.rs` is the arithmetic of clocks, the only one there is of polite hours;
//! `whereabouts.rs` is where somebody may be, `area_codes.rs` the states of telephone numbers.
//!
//! Who agreed to what is the business of the room `consent`; the ports that send know nothing of all this.

mod area_codes;
mod hours;
mod law;
mod rule;
mod whereabouts;

use chrono::{DateTime, TimeDelta, Utc};

pub use area_codes::state_of;
pub use hours::{first_in_days, next_allowed};
pub use law::{Day, LAWS, StateLaw, Window};
pub use rule::Rule;
pub use whereabouts::{Place, Whereabouts};

use crate::{
    consent::{Mark, Standing},
    ids::SubscriberId,
    person::demographics::choices,
};

choices! {
    /// By which way somebody is written to.
    Channel {
        Sms = "sms", "Text message";
        Email = "email", "E-mail";
        Fax = "fax", "Fax";
        Letter = "letter", "Letter";
    }
    /// What for somebody is written to.
    Purpose {
        Reply = "reply", "The answer to a text that the voter just wrote";
        Code = "code", "The code that somebody asks for at this moment to sign in";
        Service = "service", "What the voter asked for: a form, a link, what became of a fax";
        Welcome = "welcome", "Thanks for agreeing to texts, with how to stop them";
        NextSteps = "next_steps", "What can be done next, right after something was done";
        Unfinished = "unfinished", "Asks to finish what was begun";
        Reminder = "reminder", "Reminds of a form that waits";
        Progress = "progress", "How far a letter has come";
        Chase = "chase", "Asks, weeks later, to look what became of a form";
        Campaign = "campaign", "The same to many at once";
    }
}

impl Purpose {
    /// Whether nobody waits for it, so that it keeps to our own hours besides the law's.
    #[must_use]
    pub fn is_polite(self) -> bool {
        matches!(self, Self::Unfinished | Self::Reminder | Self::Progress | Self::Chase | Self::Campaign)
    }

    /// Whether it is one of the few texts a month that a voter agreed to: those that were not asked for one by one.
    #[must_use]
    pub fn is_counted(self) -> bool {
        !matches!(self, Self::Reply | Self::Code | Self::Service | Self::Welcome)
    }
}

/// What is to be done with something that is to be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It goes now.
    Send,
    /// It waits; the rule is the one that keeps it the longest.
    HoldUntil(DateTime<Utc>, Rule),
    /// It never goes.
    Refuse(Rule),
}

impl Decision {
    /// The rule that held or refused it.
    #[must_use]
    pub fn rule(self) -> Option<Rule> {
        match self {
            Self::Send => None,
            Self::HoldUntil(_, rule) | Self::Refuse(rule) => Some(rule),
        }
    }
}

/// All that counts of whoever is to be written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Whose message it is; nothing for the organization that runs the service.
    pub sender: Option<SubscriberId>,
    /// Every yes and no of this address on this channel, in any order.
    pub consent: Vec<Mark>,
    /// Whether the address takes nothing: it bounced, or its owner complained.
    pub is_suppressed: bool,
    /// Where the recipient may be.
    pub whereabouts: Whereabouts,
    /// When the texts went that were counted ([`Purpose::is_counted`]), of all senders, in any order.
    pub counted: Vec<DateTime<Utc>>,
    /// When the text was written that this answers.
    pub wrote_at: Option<DateTime<Utc>>,
}

impl Recipient {
    /// Somebody of whom nothing is known but where he may be.
    #[must_use]
    pub fn at(whereabouts: Whereabouts) -> Self {
        Self {
            sender: None,
            consent: Vec::new(),
            is_suppressed: false,
            whereabouts,
            counted: Vec::new(),
            wrote_at: None,
        }
    }
}

/// How many counted texts a number gets in [`A_MONTH`]: what is promised to whoever agrees to texts (`flows.md` 11).
pub const MOST_A_MONTH: usize = 4;
/// What counts as a month.
pub const A_MONTH: TimeDelta = TimeDelta::days(30);
/// For how long a text is an answer: the confirmation of a stop may go within five minutes (47 CFR 64.1200(a)(12)).
pub const ANSWERS_WITHIN: TimeDelta = TimeDelta::minutes(5);

/// Whether a message of that purpose goes to the recipient on that channel at `now`.
///
/// Asked in this order: does the address take anything; did its owner agree, and not say otherwise since; were there
/// enough; is it the hour. An answer to a text goes at any hour and to whoever has stopped, but soon or not at all. A code
/// that somebody waits for goes at any hour, and without a yes but that it was asked for, though not after a no.
/// Mail needs no agreement, as the address was given to get it; a no stops all of it but what was asked for. Nor does a
/// letter, or a fax to an office, whose machine is there to get them; an office that wants no faxes gets none.
#[must_use]
pub fn decide(recipient: &Recipient, channel: Channel, purpose: Purpose, now: DateTime<Utc>) -> Decision {
    if recipient.is_suppressed {
        return Decision::Refuse(Rule::Suppressed);
    }
    if purpose == Purpose::Reply {
        let is_answer = |wrote: DateTime<Utc>| wrote <= now && now - wrote <= ANSWERS_WITHIN;
        return match recipient.wrote_at.is_some_and(is_answer) {
            true => Decision::Send,
            false => Decision::Refuse(Rule::LateReply),
        };
    }
    let standing = Standing::of(&recipient.consent, recipient.sender, purpose, now);
    match (channel, standing) {
        (Channel::Email | Channel::Letter, Standing::Stopped) if purpose == Purpose::Service => {}
        (_, Standing::Stopped) => return Decision::Refuse(Rule::Stopped),
        _ if purpose == Purpose::Code => return Decision::Send,
        (Channel::Sms, Standing::Unknown) => return Decision::Refuse(Rule::NoConsent),
        _ => {}
    }
    let rested = match rest(recipient, channel, purpose, now) {
        Rest::None => now,
        Rest::Until(until, state) => {
            let at = hours::next(recipient, channel, purpose, until);
            return at.map_or(Decision::Refuse(Rule::NoCommonHour), |at| {
                Decision::HoldUntil(at, Rule::DailyCap(state))
            });
        }
        Rest::Enough => return Decision::Refuse(Rule::MonthlyCap),
    };
    match hours::next(recipient, channel, purpose, rested) {
        None => Decision::Refuse(Rule::NoCommonHour),
        Some(at) if at <= now => Decision::Send,
        Some(at) => Decision::HoldUntil(at, hours::binding(recipient, channel, purpose, now)),
    }
}

/// How long a number is to be left alone for the number of texts it got.
enum Rest {
    None,
    Until(DateTime<Utc>, crate::address::State),
    Enough,
}

fn rest(recipient: &Recipient, channel: Channel, purpose: Purpose, now: DateTime<Utc>) -> Rest {
    if channel != Channel::Sms || !purpose.is_counted() {
        return Rest::None;
    }
    let mut sent: Vec<DateTime<Utc>> = recipient.counted.iter().copied().filter(|at| *at <= now).collect();
    sent.sort_unstable_by(|one, other| other.cmp(one));
    if sent.iter().filter(|at| now - **at < A_MONTH).count() >= MOST_A_MONTH {
        return Rest::Enough;
    }
    let until = recipient.whereabouts.states.iter().filter_map(|state| {
        let most = usize::from(StateLaw::of(*state)?.most_a_day?);
        // it may go when the one that would be too many has become older than a day
        let until = *sent.get(most.checked_sub(1)?)? + TimeDelta::days(1);
        (until > now).then_some((until, *state))
    });
    match until.max_by_key(|(until, _)| *until) {
        Some((until, state)) => Rest::Until(until, state),
        None => Rest::None,
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;
    use uuid::Uuid;

    use super::*;
    use crate::{
        address::State,
        consent::{Choice, Scope},
    };

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).expect("a time").with_timezone(&Utc)
    }

    fn mark(choice: Choice, scope: Scope, when: &str) -> Mark {
        Mark { choice, scope, at: at(when) }
    }

    /// Somebody in Ohio who agreed to texts.
    fn voter() -> Recipient {
        let whereabouts = Whereabouts { zones: vec![Tz::America__New_York], states: vec![State::Oh] };
        let consent = vec![mark(Choice::Granted, Scope::All, "2026-01-01T12:00:00Z")];
        Recipient { consent, ..Recipient::at(whereabouts) }
    }

    const NOON: &str = "2026-06-02T16:00:00Z";
    const NIGHT: &str = "2026-06-02T06:00:00Z";

    #[test]
    fn whoever_agreed_gets_a_text_at_noon_and_not_at_night() {
        let voter = voter();
        assert_eq!(decide(&voter, Channel::Sms, Purpose::Reminder, at(NOON)), Decision::Send);
        let morning = Decision::HoldUntil(at("2026-06-02T13:00:00Z"), Rule::Courtesy);
        assert_eq!(decide(&voter, Channel::Sms, Purpose::Reminder, at(NIGHT)), morning);
        let eight = Decision::HoldUntil(at("2026-06-02T12:00:00Z"), Rule::FederalHours);
        assert_eq!(decide(&voter, Channel::Sms, Purpose::Welcome, at(NIGHT)), eight);
    }

    #[test]
    fn nobody_gets_a_text_without_having_agreed_or_after_a_stop() {
        let unasked = Recipient { consent: Vec::new(), ..voter() };
        let mut stopped = voter();
        stopped.consent.push(mark(Choice::Stopped, Scope::All, "2026-01-02T12:00:00Z"));
        for purpose in Purpose::ALL.iter().filter(|purpose| **purpose != Purpose::Reply) {
            let decided = decide(&unasked, Channel::Sms, *purpose, at(NOON));
            let expected = match purpose {
                // it is asked for by whoever has the telephone
                Purpose::Code => Decision::Send,
                _ => Decision::Refuse(Rule::NoConsent),
            };
            assert_eq!(decided, expected, "{purpose:?}");
            let decided = decide(&stopped, Channel::Sms, *purpose, at(NOON));
            assert_eq!(decided, Decision::Refuse(Rule::Stopped), "{purpose:?}");
        }
    }

    #[test]
    fn an_answer_goes_at_night_and_after_a_stop_but_not_late() {
        let mut stopped = voter();
        stopped.consent.push(mark(Choice::Stopped, Scope::All, NIGHT));
        let answer = |wrote: Option<&str>| {
            let voter = Recipient { wrote_at: wrote.map(at), ..stopped.clone() };
            decide(&voter, Channel::Sms, Purpose::Reply, at("2026-06-02T06:05:00Z"))
        };
        assert_eq!(answer(Some(NIGHT)), Decision::Send);
        for late in [Some("2026-06-02T05:59:59Z"), Some("2026-06-02T06:05:01Z"), None] {
            assert_eq!(answer(late), Decision::Refuse(Rule::LateReply), "{late:?}");
        }
    }

    #[test]
    fn a_code_goes_at_night_and_however_many_texts_there_were_but_not_after_a_stop() {
        let counted = ["2026-06-01T16:00:00Z"; 9].map(at).into();
        let mut florida = Recipient { consent: Vec::new(), counted, ..voter() };
        florida.whereabouts.states = vec![State::Fl];
        let code = |person: &Recipient| decide(person, Channel::Sms, Purpose::Code, at(NIGHT));
        assert_eq!(code(&florida), Decision::Send);
        for scope in [Scope::All, Scope::Service, Scope::Purpose(Purpose::Code)] {
            let stop = vec![mark(Choice::Stopped, scope, "2026-01-02T12:00:00Z")];
            let stopped = Recipient { consent: stop, ..florida.clone() };
            assert_eq!(code(&stopped), Decision::Refuse(Rule::Stopped), "{scope:?}");
        }
        let elsewhere = mark(Choice::Stopped, Scope::Purpose(Purpose::Campaign), "2026-01-02T12:00:00Z");
        florida.consent.push(elsewhere);
        assert_eq!(code(&florida), Decision::Send, "whoever wants no campaigns still signs in");
        florida.is_suppressed = true;
        assert_eq!(code(&florida), Decision::Refuse(Rule::Suppressed));
    }

    #[test]
    fn what_was_asked_for_is_mailed_at_night_and_a_reminder_is_not() {
        let voter = Recipient { consent: Vec::new(), ..voter() };
        assert_eq!(decide(&voter, Channel::Email, Purpose::Service, at(NIGHT)), Decision::Send);
        assert_eq!(decide(&voter, Channel::Email, Purpose::NextSteps, at(NIGHT)), Decision::Send);
        let morning = Decision::HoldUntil(at("2026-06-02T13:00:00Z"), Rule::Courtesy);
        assert_eq!(decide(&voter, Channel::Email, Purpose::Reminder, at(NIGHT)), morning);
    }

    #[test]
    fn a_no_stops_mail_but_what_was_asked_for_and_a_suppressed_address_gets_nothing() {
        let stop = vec![mark(Choice::Stopped, Scope::All, "2026-01-02T12:00:00Z")];
        let mut voter = Recipient { consent: stop, ..voter() };
        assert_eq!(decide(&voter, Channel::Email, Purpose::Service, at(NOON)), Decision::Send);
        let refused = Decision::Refuse(Rule::Stopped);
        assert_eq!(decide(&voter, Channel::Email, Purpose::Chase, at(NOON)), refused);
        voter.is_suppressed = true;
        for (channel, purpose) in [(Channel::Email, Purpose::Service), (Channel::Sms, Purpose::Reply)] {
            assert_eq!(decide(&voter, channel, purpose, at(NOON)), Decision::Refuse(Rule::Suppressed));
        }
    }

    #[test]
    fn a_form_is_faxed_and_mailed_at_any_hour_and_to_no_office_that_wants_no_faxes() {
        let mut office = Recipient { consent: Vec::new(), ..voter() };
        let decided = |office: &Recipient, channel| decide(office, channel, Purpose::Service, at(NIGHT));
        assert_eq!(decided(&office, Channel::Fax), Decision::Send);
        assert_eq!(decided(&office, Channel::Letter), Decision::Send);
        office.consent.push(mark(Choice::Stopped, Scope::All, "2026-01-02T12:00:00Z"));
        assert_eq!(decided(&office, Channel::Fax), Decision::Refuse(Rule::Stopped));
        assert_eq!(decided(&office, Channel::Letter), Decision::Send);
    }

    #[test]
    fn a_stop_of_one_sender_or_purpose_is_of_no_other() {
        let (ours, theirs) = (SubscriberId(Uuid::from_u128(1)), SubscriberId(Uuid::from_u128(2)));
        let mut voter = voter();
        voter.consent.extend([
            mark(Choice::Stopped, Scope::Subscriber(ours), "2026-02-01T12:00:00Z"),
            mark(Choice::Stopped, Scope::Purpose(Purpose::Chase), "2026-02-01T12:00:00Z"),
        ]);
        let decided = |sender, purpose| {
            let voter = Recipient { sender, ..voter.clone() };
            decide(&voter, Channel::Sms, purpose, at(NOON))
        };
        assert_eq!(decided(Some(theirs), Purpose::Reminder), Decision::Send);
        assert_eq!(decided(None, Purpose::Reminder), Decision::Send);
        assert_eq!(decided(Some(ours), Purpose::Reminder), Decision::Refuse(Rule::Stopped));
        assert_eq!(decided(Some(theirs), Purpose::Chase), Decision::Refuse(Rule::Stopped));
    }

    #[test]
    fn the_fifth_text_in_thirty_days_is_one_too_many() {
        let counted = ["2026-05-04T16:00:00Z", "2026-05-10T16:00:00Z", "2026-05-20T16:00:00Z"];
        let mut voter = Recipient { counted: counted.map(at).into(), ..voter() };
        assert_eq!(decide(&voter, Channel::Sms, Purpose::Campaign, at(NOON)), Decision::Send);
        voter.counted.push(at("2026-05-25T16:00:00Z"));
        let refused = Decision::Refuse(Rule::MonthlyCap);
        assert_eq!(decide(&voter, Channel::Sms, Purpose::Campaign, at(NOON)), refused);
        assert_eq!(decide(&voter, Channel::Sms, Purpose::Welcome, at(NOON)), Decision::Send);
        assert_eq!(decide(&voter, Channel::Email, Purpose::Chase, at(NOON)), Decision::Send);
        // the first of them is thirty days old
        let later = at("2026-06-03T16:00:00Z");
        assert_eq!(decide(&voter, Channel::Sms, Purpose::Campaign, later), Decision::Send);
    }

    #[test]
    fn three_a_day_are_enough_where_the_state_says_so() {
        let counted: Vec<_> =
            ["2026-06-02T13:30:00Z", "2026-06-02T14:00:00Z", "2026-06-02T15:00:00Z"].map(at).into();
        let ohio = Recipient { counted, ..voter() };
        assert_eq!(decide(&ohio, Channel::Sms, Purpose::Campaign, at(NOON)), Decision::Send);
        let mut florida = ohio;
        florida.whereabouts.states = vec![State::Fl];
        let held = Decision::HoldUntil(at("2026-06-03T13:30:00Z"), Rule::DailyCap(State::Fl));
        assert_eq!(decide(&florida, Channel::Sms, Purpose::Campaign, at(NOON)), held);
    }
}
