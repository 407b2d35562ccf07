//! From untrusted input to a checked draft (`http-api.md` 4.1).

use chrono::NaiveDate;
use serde_json::Value;

use super::BallotRequest;
use crate::{
    action::{AddressDraft, EventType, NameDraft, RequestMailingDraft, Scope, TrackingDraft, missing},
    address::State,
    asked::{self, Field},
    ids::{RegionId, UploadId},
    input::{Given, Input, Rules, is_truthy},
    language::Language,
    person::Phone,
    ports::store::{StoreError, View, unless_absent},
    problems::{NON_FIELD, Problem, Problems},
    register::ToolName,
    secret::StateIdNumber,
};

/// A ballot request as somebody sent it: every value has its type, nothing was compared with the store yet.
///
/// No `Debug`: it holds an identification number.
pub struct BallotRequestDraft {
    name: NameDraft,
    address: AddressDraft,
    date_of_birth: Given<NaiveDate>,
    email: Given<String>,
    phone: Given<Phone>,
    us_citizen: Given<bool>,
    is_18_or_over: Given<bool>,
    state_id_number: Given<String>,
    mailing: AddressDraft,
    request_mailing: RequestMailingDraft,
    sms_opt_in: Given<bool>,
    sms_opt_in_subscriber: Given<bool>,
    referring_tool: Given<ToolName>,
    state_fields: Given<Value>,
    region: Given<RegionId>,
    signature: Given<UploadId>,
    submit_date: Given<NaiveDate>,
    ignore_undeliverable: bool,
    events: Vec<EventType>,
    language: Option<Language>,
    tracking: TrackingDraft,
}

impl BallotRequestDraft {
    /// Reads a draft and gathers every complaint that needs no store.
    ///
    /// The minimum fields are required of a whole record; the two boxes and the region unless it is `incomplete`.
    #[must_use]
    pub fn check(input: &Input, scope: Scope, incomplete: bool) -> (Self, Problems) {
        let mut r = scope.reader(input);
        let minimum = Rules::required();
        let to_complete = Rules::required_if(!incomplete);
        let plain = Rules::optional();
        let free = plain.or_null().or_blank();
        let draft = Self {
            name: NameDraft {
                title: Given::Absent,
                first: r.text("first_name", minimum),
                middle: r.text("middle_name", free),
                last: r.text("last_name", minimum),
                suffix: r.text("suffix", free),
            },
            address: AddressDraft::home(&mut r, minimum),
            date_of_birth: r.date("date_of_birth", minimum),
            email: r.email("email", minimum),
            phone: r.phone("phone", plain),
            us_citizen: r.must_be_true("us_citizen", to_complete),
            is_18_or_over: r.must_be_true("is_18_or_over", to_complete),
            state_id_number: r.text("state_id_number", plain),
            mailing: AddressDraft::optional(&mut r, "mailing"),
            request_mailing: RequestMailingDraft::read(&mut r, input),
            sms_opt_in: r.boolean("sms_opt_in", plain.or_null()),
            sms_opt_in_subscriber: r.boolean("sms_opt_in_subscriber", plain),
            referring_tool: r.choice("referring_tool", free, ToolName::parse),
            state_fields: r.json("state_fields", plain.or_null()),
            region: r.region("region", if incomplete { plain.or_null() } else { to_complete }),
            signature: match r.uuid_key("signature", plain.or_null()) {
                Given::Value(id) => Given::Value(UploadId(id)),
                Given::Null => Given::Null,
                Given::Absent => Given::Absent,
            },
            submit_date: r.date("submit_date", plain.or_null()),
            ignore_undeliverable: r.boolean("ignore_undeliverable", plain) == Given::Value(true),
            events: r
                .choices("initial_events", plain, EventType::parse_from_client)
                .value()
                .unwrap_or_default(),
            language: r.language("language"),
            tracking: TrackingDraft::read(&mut r),
        };
        (draft, r.into_problems())
    }

    /// The fields that are read of so much of a record.
    #[must_use]
    pub fn fields(scope: Scope, incomplete: bool) -> Vec<Field> {
        asked::fields(|input| {
            let _ = Self::check(input, scope, incomplete);
        })
    }

    /// Adds a complaint for a region and a signature that do not exist. A signature that was deleted does not.
    pub(super) async fn check_keys(
        &self,
        view: &mut dyn View,
        mut problems: Problems,
    ) -> Result<Problems, StoreError> {
        if let Some(id) = self.region.get()
            && view.officials().region(*id).await?.is_none()
        {
            problems.add("region", Problem::NoSuchObject(id.to_string()));
        }
        if let Some(id) = self.signature.get() {
            let upload = unless_absent(view.uploads().by_id(*id).await)?;
            if upload.is_none_or(|it| it.purged.is_some()) {
                problems.add("signature", Problem::NoSuchObject(id.to_string()));
            }
        }
        Ok(problems)
    }

    /// The rules that look at more than one field: whether the state that was stored before lets us print and send forms,
    /// and what the answers to a state's questions are.
    pub(super) fn check_together(&self, allows_print_and_forward: bool) -> Result<(), Problems> {
        self.request_mailing.check(allows_print_and_forward)?;
        match self.state_fields.get() {
            Some(fields) if is_truthy(fields) && !fields.is_object() => Err(Problems::one(
                NON_FIELD,
                Problem::Other("problem-state-fields", "state_fields must be a dict".into()),
            )),
            _ => Ok(()),
        }
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

    /// What a completing update lacks, in itself and in the record it was written over (quirks Q36, Q41).
    pub(super) fn missing_for_completion(&self, updated: &BallotRequest, already: &Problems) -> Problems {
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
            ("region", updated.region.is_some()),
        ];
        missing(there, already)
    }

    /// Writes what was given over a record. E-mail and phone only on creation (`domain.md` 7, invariant 2). Gives
    /// back the number for the form.
    pub(super) fn write_over(self, record: &mut BallotRequest, creating: bool) -> Option<StateIdNumber> {
        if creating {
            self.email.store(&mut record.email);
            self.phone.store(&mut record.phone);
            record.sms_opt_in_subscriber = Some(false);
        }
        self.name.store(&mut record.name);
        self.address.store(&mut record.address);
        self.mailing.store(&mut record.mailing_address);
        self.request_mailing.store(&mut record.request_mailing_address);
        self.date_of_birth.store(&mut record.date_of_birth);
        self.us_citizen.store(&mut record.us_citizen);
        self.sms_opt_in.store(&mut record.sms_opt_in);
        self.sms_opt_in_subscriber.store(&mut record.sms_opt_in_subscriber);
        self.referring_tool.store(&mut record.referring_tool);
        self.state_fields.store(&mut record.state_fields);
        self.region.store(&mut record.region);
        self.signature.store(&mut record.signature);
        self.submit_date.store(&mut record.submit_date);
        record.language = self.language.or(record.language.take());
        self.tracking.store(&mut record.tracking);
        self.state_id_number.value().map(StateIdNumber::new)
    }
}

/// The complaint where a state has no ballot request form at all: the five territories (quirk Q42).
pub(super) fn check_state(state: Option<State>) -> Result<(), Problems> {
    match state {
        Some(state) if state.is_territory() => Err(Problems::one(
            "state",
            Problem::Other(
                "problem-no-ballot-request-form",
                "No absentee ballot request form is available for this state.".into(),
            ),
        )),
        _ => Ok(()),
    }
}
