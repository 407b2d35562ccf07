//! From untrusted input to a checked draft (`http-api.md` 3.1).

use chrono::NaiveDate;
use serde_json::Value;
use uuid::Uuid;

use super::{Registration, ToolName};
use crate::{
    action::EventType,
    address::{State, Zipcode},
    ids::RegionId,
    input::{Given, Input, Reader, Rules, is_truthy},
    language::Language,
    person::{Gender, Party, Phone, RaceEthnicity, Title},
    problems::{NON_FIELD, Problem, Problems},
    secret::StateIdNumber,
    tracking::{self, clean_embed_url},
};

/// How much of a record the input is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All of it: POST and PUT.
    Whole,
    /// A part of it: PATCH.
    Part,
}

/// The parts of a name as they were given.
struct NameDraft {
    title: Given<Title>,
    first: Given<String>,
    middle: Given<String>,
    last: Given<String>,
    suffix: Given<String>,
}

/// The parts of an address as they were given.
struct AddressDraft {
    address1: Given<String>,
    address2: Given<String>,
    city: Given<String>,
    state: Given<State>,
    zipcode: Given<Zipcode>,
}

/// A registration as somebody sent it: every value has its type, nothing was compared with the store yet.
///
/// No `Debug`: it holds an identification number.
pub struct RegistrationDraft {
    name: NameDraft,
    address: AddressDraft,
    date_of_birth: Given<NaiveDate>,
    email: Given<String>,
    phone: Given<Phone>,
    us_citizen: Given<bool>,
    is_18_or_over: Given<bool>,
    state_id_number: Given<String>,
    previous_name: NameDraft,
    previous_address: AddressDraft,
    mailing: AddressDraft,
    request_mailing: AddressDraft,
    request_mailing_given: bool,
    request_mailing_truthy: bool,
    gender: Given<Gender>,
    race_ethnicity: Given<RaceEthnicity>,
    party: Given<Party>,
    sms_opt_in: Given<bool>,
    sms_opt_in_subscriber: Given<bool>,
    referring_tool: Given<ToolName>,
    state_fields: Given<Value>,
    region: Given<RegionId>,
    matched_region: Given<RegionId>,
    ignore_undeliverable: bool,
    events: Vec<EventType>,
    language: Option<Language>,
    tracking: TrackingDraft,
}

struct TrackingDraft {
    texts: [(&'static str, Given<String>); 9],
    session_id: Given<Uuid>,
}

/// The five names of the address to which a printed form is sent.
const REQUEST_MAILING: [&str; 5] = [
    "request_mailing_address1",
    "request_mailing_address2",
    "request_mailing_city",
    "request_mailing_state",
    "request_mailing_zipcode",
];

impl RegistrationDraft {
    /// Reads a draft and gathers every complaint that needs no store.
    ///
    /// The minimum fields are required of a whole record, the national ones unless it is `incomplete`.
    #[must_use]
    pub fn check(input: &Input, scope: Scope, incomplete: bool) -> (Self, Problems) {
        let mut r = match scope {
            Scope::Whole => Reader::whole(input),
            Scope::Part => Reader::partial(input),
        };
        let minimum = Rules::required();
        let national = Rules::required_if(!incomplete);
        let free = Rules::optional().or_null().or_blank();
        let plain = Rules::optional();
        let draft = Self {
            name: NameDraft {
                title: r.choice("title", plain, Title::parse_or_label),
                first: r.text("first_name", minimum),
                middle: r.text("middle_name", free),
                last: r.text("last_name", minimum),
                suffix: r.text("suffix", plain.or_null()),
            },
            address: AddressDraft {
                address1: r.text("address1", minimum),
                address2: r.text("address2", free),
                city: r.text("city", minimum),
                state: r.state("state", minimum),
                zipcode: r.zipcode("zipcode", minimum),
            },
            date_of_birth: r.date("date_of_birth", minimum),
            email: r.email("email", minimum),
            phone: r.phone("phone", plain),
            us_citizen: r.must_be_true("us_citizen", national),
            is_18_or_over: r.must_be_true("is_18_or_over", national),
            state_id_number: r.text("state_id_number", national),
            previous_name: NameDraft {
                title: r.choice("previous_title", plain, Title::parse_or_label),
                first: r.text("previous_first_name", free),
                middle: r.text("previous_middle_name", free),
                last: r.text("previous_last_name", free),
                suffix: r.text("previous_suffix", free),
            },
            previous_address: Self::optional_address(&mut r, "previous", plain),
            mailing: Self::optional_address(&mut r, "mailing", plain),
            request_mailing: AddressDraft {
                address1: r.text(REQUEST_MAILING[0], free),
                address2: r.text(REQUEST_MAILING[1], free),
                city: r.text(REQUEST_MAILING[2], free),
                state: r.state_key(REQUEST_MAILING[3], plain.or_null()),
                zipcode: r.zipcode(REQUEST_MAILING[4], free),
            },
            request_mailing_given: REQUEST_MAILING.iter().any(|name| input.value(name).is_some()),
            request_mailing_truthy: REQUEST_MAILING.iter().any(|name| input.is_truthy(name)),
            gender: r.choice("gender", plain.or_null(), Gender::parse),
            race_ethnicity: r.choice("race_ethnicity", plain.or_null(), RaceEthnicity::parse),
            party: r.choice("party", plain.or_null(), Party::parse),
            sms_opt_in: r.boolean("sms_opt_in", plain.or_null()),
            sms_opt_in_subscriber: r.boolean("sms_opt_in_subscriber", plain),
            referring_tool: r.choice("referring_tool", free, ToolName::parse),
            state_fields: r.json("state_fields", plain.or_null()),
            region: r.region("region", plain.or_null()),
            matched_region: r.region("matched_region", plain.or_null()),
            ignore_undeliverable: r.boolean("ignore_undeliverable", plain) == Given::Value(true),
            events: r
                .choices("initial_events", plain, EventType::parse_from_client)
                .value()
                .unwrap_or_default(),
            language: input.value("language").and_then(Value::as_str).and_then(Language::parse),
            tracking: TrackingDraft {
                texts: tracking::TEXTS.map(|name| (name, r.text(name, free))),
                session_id: r.uuid(tracking::SESSION_ID, plain.or_null()),
            },
        };
        // checked, never stored, without effect (quirk Q32)
        r.must_be_true("declaration", plain);
        // for a state's registrar alone, never stored (quirk Q35)
        r.text("state_id_number_2", free);
        (draft, r.into_problems())
    }

    fn optional_address(r: &mut Reader<'_>, prefix: &str, plain: Rules) -> AddressDraft {
        let free = plain.or_null().or_blank();
        AddressDraft {
            address1: r.text(&format!("{prefix}_address1"), free),
            address2: r.text(&format!("{prefix}_address2"), free),
            city: r.text(&format!("{prefix}_city"), free),
            state: r.state(&format!("{prefix}_state"), plain),
            zipcode: r.zipcode(&format!("{prefix}_zipcode"), plain),
        }
    }

    /// The regions it names, under their fields; the store says whether they exist.
    pub(super) fn regions(&self) -> impl Iterator<Item = (&'static str, RegionId)> {
        [("region", &self.region), ("matched_region", &self.matched_region)]
            .into_iter()
            .filter_map(|(name, given)| given.get().map(|id| (name, *id)))
    }

    /// The events the page reports.
    pub(super) fn events(&self) -> &[EventType] {
        &self.events
    }

    /// Whether the voter wants the form sent although the address may not take mail.
    pub(super) fn ignores_undeliverable(&self) -> bool {
        self.ignore_undeliverable
    }

    /// Whether one of the fields of the address for a printed form was sent.
    pub(super) fn gives_request_mailing(&self) -> bool {
        self.request_mailing_given
    }

    /// The rule that looks at several fields: an address for a printed form only where the state allows it.
    pub(super) fn check_request_mailing(&self, allowed: bool) -> Result<(), Problems> {
        if self.request_mailing_truthy && !allowed {
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

    /// What a completing update lacks, in itself and in the record it was written over (quirk Q36).
    pub(super) fn missing_for_completion(&self, updated: &Registration, already: &Problems) -> Problems {
        let mut problems = Problems::new();
        // in Pennsylvania a signature can stand in for the number
        let signs_online =
            updated.address.state == Some(State::Pa) && updated.state_fields.as_ref().is_some_and(is_truthy);
        let text = |value: &Option<String>| value.as_deref().is_some_and(|text| !text.is_empty());
        let there = [
            ("first_name", text(&updated.name.first)),
            ("last_name", text(&updated.name.last)),
            ("address1", text(&updated.address.address1)),
            ("city", text(&updated.address.city)),
            ("state", updated.address.state.is_some()),
            ("zipcode", text(&updated.address.zipcode)),
            ("date_of_birth", updated.date_of_birth.is_some()),
            ("email", text(&updated.email)),
            ("us_citizen", updated.us_citizen == Some(true)),
            ("is_18_or_over", self.is_18_or_over == Given::Value(true)),
            ("state_id_number", self.state_id_number.is_given() || signs_online),
        ];
        for (name, there) in there {
            if !there && !already.has(name) {
                problems.add(name, Problem::Required);
            }
        }
        problems
    }

    /// Writes what was given over a record. E-mail and phone only on creation (`domain.md` 7, invariant 2). Gives
    /// back the number for the form.
    pub(super) fn write_over(self, record: &mut Registration, creating: bool) -> Option<StateIdNumber> {
        if creating {
            self.email.store(&mut record.email);
            self.phone.store(&mut record.phone);
            record.sms_opt_in_subscriber = Some(false);
        }
        for (name, draft) in [(&mut record.name, self.name), (&mut record.previous_name, self.previous_name)]
        {
            draft.title.store(&mut name.title);
            draft.first.store(&mut name.first);
            draft.middle.store(&mut name.middle);
            draft.last.store(&mut name.last);
            draft.suffix.store(&mut name.suffix);
        }
        for (address, draft) in [
            (&mut record.address, self.address),
            (&mut record.previous_address, self.previous_address),
            (&mut record.mailing_address, self.mailing),
            (&mut record.request_mailing_address, self.request_mailing),
        ] {
            draft.address1.store(&mut address.address1);
            draft.address2.store(&mut address.address2);
            draft.city.store(&mut address.city);
            draft.state.store(&mut address.state);
            let mut zipcode = address.zipcode.as_deref().and_then(Zipcode::parse);
            if draft.zipcode.is_given() {
                draft.zipcode.store(&mut zipcode);
                address.zipcode = zipcode.map(|zipcode| zipcode.to_string());
            }
        }
        self.date_of_birth.store(&mut record.date_of_birth);
        self.us_citizen.store(&mut record.us_citizen);
        self.gender.store(&mut record.gender);
        self.race_ethnicity.store(&mut record.race_ethnicity);
        self.party.store(&mut record.party);
        self.sms_opt_in.store(&mut record.sms_opt_in);
        self.sms_opt_in_subscriber.store(&mut record.sms_opt_in_subscriber);
        self.referring_tool.store(&mut record.referring_tool);
        self.state_fields.store(&mut record.state_fields);
        self.region.store(&mut record.region);
        self.matched_region.store(&mut record.matched_region);
        record.language = self.language.or(record.language.take());
        for (name, given) in self.tracking.texts {
            let tracking = &mut record.tracking;
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
        self.tracking.session_id.store(&mut record.tracking.session_id);
        self.state_id_number.value().map(StateIdNumber::new)
    }
}
