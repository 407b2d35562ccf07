//! From untrusted input to a checked draft (`http-api.md` 3.1).

use chrono::NaiveDate;
use serde_json::Value;

use super::{Registration, ToolName};
use crate::{
    action::{AddressDraft, EventType, NameDraft, RequestMailingDraft, Scope, TrackingDraft, missing},
    asked::{self, Field},
    ids::RegionId,
    input::{Given, Input, Rules},
    language::Language,
    person::{Gender, Party, Phone, RaceEthnicity, Title},
    problems::Problems,
    secret::StateIdNumber,
};

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
    state_id_number_2: Given<String>,
    previous_name: NameDraft,
    previous_address: AddressDraft,
    mailing: AddressDraft,
    request_mailing: RequestMailingDraft,
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

/// The identification numbers of a call, for form and registrar.
pub(super) struct Numbers {
    /// The number on the form, or of a license.
    pub(super) license: Option<StateIdNumber>,
    /// The last four digits of a Social Security number, for a registrar.
    pub(super) ssn4: Option<StateIdNumber>,
}

impl RegistrationDraft {
    /// Reads a draft and gathers every complaint that needs no store.
    ///
    /// The minimum fields are required of a whole record, the national ones unless it is `incomplete`.
    #[must_use]
    pub fn check(input: &Input, scope: Scope, incomplete: bool) -> (Self, Problems) {
        let mut r = scope.reader(input);
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
            address: AddressDraft::home(&mut r, minimum),
            date_of_birth: r.date("date_of_birth", minimum),
            email: r.email("email", minimum),
            phone: r.phone("phone", plain),
            us_citizen: r.must_be_true("us_citizen", national),
            is_18_or_over: r.must_be_true("is_18_or_over", national),
            state_id_number: r.text("state_id_number", national),
            // for a state's registrar alone, never stored (quirk Q35)
            state_id_number_2: r.text("state_id_number_2", free),
            previous_name: NameDraft {
                title: r.choice("previous_title", plain, Title::parse_or_label),
                first: r.text("previous_first_name", free),
                middle: r.text("previous_middle_name", free),
                last: r.text("previous_last_name", free),
                suffix: r.text("previous_suffix", free),
            },
            previous_address: AddressDraft::optional(&mut r, "previous"),
            mailing: AddressDraft::optional(&mut r, "mailing"),
            request_mailing: RequestMailingDraft::read(&mut r, input),
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
            language: r.language("language"),
            tracking: TrackingDraft::read(&mut r),
        };
        // checked, never stored, without effect (quirk Q32)
        r.must_be_true("declaration", plain);
        (draft, r.into_problems())
    }

    /// The fields that are read of so much of a record.
    #[must_use]
    pub fn fields(scope: Scope, incomplete: bool) -> Vec<Field> {
        asked::fields(|input| {
            let _ = Self::check(input, scope, incomplete);
        })
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

    /// The address for a printed form.
    pub(super) fn request_mailing(&self) -> &RequestMailingDraft {
        &self.request_mailing
    }

    /// What a completing update lacks, in itself and in the record it was written over (quirk Q36). `online` is whether it
    /// goes to a state's registrar, where a signature can stand in for the number.
    pub(super) fn missing_for_completion(
        &self,
        updated: &Registration,
        online: bool,
        already: &Problems,
    ) -> Problems {
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
            ("state_id_number", self.state_id_number.is_given() || online),
        ];
        missing(there, already)
    }

    /// Writes what was given over a record. E-mail and phone only on creation (`domain.md` 7, invariant 2). Gives
    /// back the numbers for form and registrar.
    pub(super) fn write_over(self, record: &mut Registration, creating: bool) -> Numbers {
        if creating {
            self.email.store(&mut record.email);
            self.phone.store(&mut record.phone);
            record.sms_opt_in_subscriber = Some(false);
        }
        self.name.store(&mut record.name);
        self.previous_name.store(&mut record.previous_name);
        self.address.store(&mut record.address);
        self.previous_address.store(&mut record.previous_address);
        self.mailing.store(&mut record.mailing_address);
        self.request_mailing.store(&mut record.request_mailing_address);
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
        self.tracking.store(&mut record.tracking);
        let number = |given: Given<String>| given.value().map(StateIdNumber::new);
        Numbers { license: number(self.state_id_number), ssn4: number(self.state_id_number_2) }
    }
}
