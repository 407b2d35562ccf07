//! What the drafts of several tools have in common: how much of a record they are, names, addresses, and where a voter
//! came from (`http-api.md` 1.9, 3.1, 4.1).

use uuid::Uuid;

use crate::{
    address::{Address, State, Zipcode},
    input::{Given, Input, Reader, Rules},
    person::{PersonName, Title},
    problems::{NON_FIELD, Problem, Problems},
    tracking::{self, Tracking, clean_embed_url},
};

/// How much of a record the input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All of it: POST and PUT.
    Whole,
    /// A part of it: PATCH.
    Part,
}

impl Scope {
    /// Reads so much.
    pub(crate) fn reader(self, input: &Input) -> Reader<'_> {
        match self {
            Self::Whole => Reader::whole(input),
            Self::Part => Reader::partial(input),
        }
    }
}

/// A complaint for each field that is not there, but for those that have one already.
pub(crate) fn missing<const N: usize>(there: [(&'static str, bool); N], already: &Problems) -> Problems {
    let mut problems = Problems::new();
    for (name, there) in there {
        if !there && !already.has(name) {
            problems.add(name, Problem::Required);
        }
    }
    problems
}

/// The parts of a name as they were given.
pub(crate) struct NameDraft {
    pub(crate) title: Given<Title>,
    pub(crate) first: Given<String>,
    pub(crate) middle: Given<String>,
    pub(crate) last: Given<String>,
    pub(crate) suffix: Given<String>,
}

impl NameDraft {
    /// Writes what was given over a name.
    pub(crate) fn store(self, name: &mut PersonName) {
        self.title.store(&mut name.title);
        self.first.store(&mut name.first);
        self.middle.store(&mut name.middle);
        self.last.store(&mut name.last);
        self.suffix.store(&mut name.suffix);
    }
}

/// The parts of an address as they were given.
pub(crate) struct AddressDraft {
    pub(crate) address1: Given<String>,
    pub(crate) address2: Given<String>,
    pub(crate) city: Given<String>,
    pub(crate) state: Given<State>,
    pub(crate) zipcode: Given<Zipcode>,
}

impl AddressDraft {
    /// Where the voter lives: everything but the second line follows `rules`.
    pub(crate) fn home(r: &mut Reader<'_>, rules: Rules) -> Self {
        Self {
            address1: r.text("address1", rules),
            address2: r.text("address2", Rules::optional().or_null().or_blank()),
            city: r.text("city", rules),
            state: r.state("state", rules),
            zipcode: r.zipcode("zipcode", rules),
        }
    }

    /// An address of which any part may be missing, under names that begin with a prefix.
    pub(crate) fn optional(r: &mut Reader<'_>, prefix: &str) -> Self {
        let plain = Rules::optional();
        let free = plain.or_null().or_blank();
        Self {
            address1: r.text(&format!("{prefix}_address1"), free),
            address2: r.text(&format!("{prefix}_address2"), free),
            city: r.text(&format!("{prefix}_city"), free),
            state: r.state(&format!("{prefix}_state"), plain),
            zipcode: r.zipcode(&format!("{prefix}_zipcode"), plain),
        }
    }

    /// Writes what was given over an address.
    pub(crate) fn store(self, address: &mut Address) {
        self.address1.store(&mut address.address1);
        self.address2.store(&mut address.address2);
        self.city.store(&mut address.city);
        self.state.store(&mut address.state);
        if self.zipcode.is_given() {
            address.zipcode = self.zipcode.value().map(|zipcode| zipcode.to_string());
        }
    }
}

/// The five names of the address to which a printed form is sent.
const REQUEST_MAILING: [&str; 5] = [
    "request_mailing_address1",
    "request_mailing_address2",
    "request_mailing_city",
    "request_mailing_state",
    "request_mailing_zipcode",
];

/// The address to which a printed form is sent, as it was given.
pub(crate) struct RequestMailingDraft {
    address: AddressDraft,
    given: bool,
    truthy: bool,
}

impl RequestMailingDraft {
    /// Reads the five.
    pub(crate) fn read(r: &mut Reader<'_>, input: &Input) -> Self {
        let plain = Rules::optional();
        let free = plain.or_null().or_blank();
        Self {
            address: AddressDraft {
                address1: r.text(REQUEST_MAILING[0], free),
                address2: r.text(REQUEST_MAILING[1], free),
                city: r.text(REQUEST_MAILING[2], free),
                state: r.state_key(REQUEST_MAILING[3], plain.or_null()),
                zipcode: r.zipcode(REQUEST_MAILING[4], free),
            },
            given: REQUEST_MAILING.iter().any(|name| input.value(name).is_some()),
            truthy: REQUEST_MAILING.iter().any(|name| input.is_truthy(name)),
        }
    }

    /// Whether one of the five was sent.
    pub(crate) fn is_given(&self) -> bool {
        self.given
    }

    /// The rule that looks at all of them: only where the state allows it.
    pub(crate) fn check(&self, allowed: bool) -> Result<(), Problems> {
        if self.truthy && !allowed {
            return Err(Problems::one(
                NON_FIELD,
                Problem::Other(
                    "problem-no-print-and-forward",
                    "Cannot specify request mailing address if print_and_forward is not enabled for this state"
                        .into(),
                ),
            ));
        }
        Ok(())
    }

    /// Writes what was given over an address.
    pub(crate) fn store(self, address: &mut Address) {
        self.address.store(address);
    }
}

/// Where a voter came from, as it was given.
pub(crate) struct TrackingDraft {
    texts: [(&'static str, Given<String>); 9],
    session_id: Given<Uuid>,
}

impl TrackingDraft {
    /// Reads the fields that all tools share.
    pub(crate) fn read(r: &mut Reader<'_>) -> Self {
        let plain = Rules::optional();
        let free = plain.or_null().or_blank();
        Self {
            texts: tracking::TEXTS.map(|name| (name, r.text(name, free))),
            session_id: r.uuid(tracking::SESSION_ID, plain.or_null()),
        }
    }

    /// Writes what was given over what is known.
    pub(crate) fn store(self, tracking: &mut Tracking) {
        for (name, given) in self.texts {
            let target = match name {
                "embed_url" => &mut tracking.embed_url,
                "utm_campaign" => &mut tracking.utm_campaign,
                "utm_source" => &mut tracking.utm_source,
                "utm_medium" => &mut tracking.utm_medium,
                "utm_term" => &mut tracking.utm_term,
                "utm_content" => &mut tracking.utm_content,
                "source" => &mut tracking.source,
                "email_referrer" => &mut tracking.email_referrer,
                _ => &mut tracking.mobile_referrer,
            };
            match given {
                Given::Value(text) if name == "embed_url" => *target = Some(clean_embed_url(&text)),
                given => given.store(target),
            }
        }
        self.session_id.store(&mut tracking.session_id);
    }
}
