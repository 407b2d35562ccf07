//! What voters leave behind.

use chrono::DateTime;
use serde_json::Value;
use uuid::Uuid;

use super::{Cell, Column, Named, columns};
use crate::{
    absentee::BallotRequest,
    action::{Action, VoterDetails},
    address::{Address, State},
    blast::{Blast, Recipient},
    consent::{Entry, Scope},
    crm::ContactLink,
    decision::Whereabouts,
    fax::{Fax, FaxStatus, FaxThen, TASK_OF_BALLOT_REQUEST},
    file::{FileType, SecureUpload, StoredFile, UploadType},
    ids::{
        ActionId, BallotRequestId, BlastId, ConsentId, ContactLinkId, DeliveryId, FaxId, FileId, LetterId,
        LookupId, MessageId, MoverLeadId, PollingPlaceLookupId, RegistrationId, ReminderId, UploadId,
        VoterId,
    },
    letter::Letter,
    mail::HeldMail,
    mover::{Home, MoverLead},
    person::Phone,
    polling_place::PollingPlaceLookup,
    ports::crm::CrmPersonId,
    register::{Registration, Status},
    reminder::ReminderRequest,
    sms::{Direction, Message, Number},
    subscription::ExternalTool,
    tracking::Tracking,
    verifier::Lookup,
    voter::Voter,
    webhook::Delivery,
};

/// Some columns, and those that say where a voter came from.
macro_rules! tracked {
    ($($at:ident).+; $($own:tt)*) => {
        columns! {
            embed_url: $($at).+.embed_url,
            utm_campaign: $($at).+.utm_campaign,
            utm_source: $($at).+.utm_source,
            utm_medium: $($at).+.utm_medium,
            utm_term: $($at).+.utm_term,
            utm_content: $($at).+.utm_content,
            source: $($at).+.source,
            email_referrer: $($at).+.email_referrer,
            mobile_referrer: $($at).+.mobile_referrer,
            session_id: $($at).+.session_id,
            $($own)*
        }
    };
}

/// Some columns, and those that say who and where a voter is, and where the voter came from.
macro_rules! detailed {
    ($($own:tt)*) => {
        tracked! { voter.tracking;
            first_name: voter.name.first,
            last_name: voter.name.last,
            date_of_birth: voter.date_of_birth,
            email: voter.email,
            phone: voter.phone,
            address1: voter.address.address1,
            address2: voter.address.address2,
            city: voter.address.city,
            state_id: voter.address.state,
            zipcode: voter.address.zipcode,
            sms_opt_in: voter.sms_opt_in,
            sms_opt_in_partner: voter.sms_opt_in_subscriber,
            language: voter.language,
            $($own)*
        }
    };
}

/// A status without which a record is not complete.
fn status(field: &mut Status, value: &Value) -> Option<()> {
    *field = Option::read(value)?.unwrap_or(Status::Incomplete);
    Some(())
}

/// Another service's id; the empty text is none.
fn external(field: &mut Option<String>, value: &Value) -> Option<()> {
    *field = Option::read(value)?.filter(|id: &String| !id.is_empty());
    Some(())
}

impl Named for Registration {
    type Key = RegistrationId;
    const COLUMNS: &'static [Column<Self>] = tracked! { tracking;
        uuid: id,
        action_id: action,
        partner_id: subscriber,
        created_at: created_at,
        modified_at: modified_at,
        title: name.title,
        first_name: name.first,
        middle_name: name.middle,
        last_name: name.last,
        suffix: name.suffix,
        date_of_birth: date_of_birth,
        email: email,
        phone: phone,
        gender: gender,
        race_ethnicity: race_ethnicity,
        party: party,
        us_citizen: us_citizen,
        address1: address.address1,
        address2: address.address2,
        city: address.city,
        state_id: address.state,
        zipcode: address.zipcode,
        previous_title: previous_name.title,
        previous_first_name: previous_name.first,
        previous_middle_name: previous_name.middle,
        previous_last_name: previous_name.last,
        previous_suffix: previous_name.suffix,
        previous_address1: previous_address.address1,
        previous_address2: previous_address.address2,
        previous_city: previous_address.city,
        previous_state_id: previous_address.state,
        previous_zipcode: previous_address.zipcode,
        mailing_address1: mailing_address.address1,
        mailing_address2: mailing_address.address2,
        mailing_city: mailing_address.city,
        mailing_state_id: mailing_address.state,
        mailing_zipcode: mailing_address.zipcode,
        request_mailing_address1: request_mailing_address.address1,
        request_mailing_address2: request_mailing_address.address2,
        request_mailing_city: request_mailing_address.city,
        request_mailing_state_id: request_mailing_address.state,
        request_mailing_zipcode: request_mailing_address.zipcode,
        request_mailing_deliverable: request_mailing_deliverable,
        sms_opt_in: sms_opt_in,
        sms_opt_in_partner: sms_opt_in_subscriber,
        referring_tool: referring_tool,
        state_fields: state_fields,
        state_api_result: state_api_result,
        custom_ovr_link: custom_ovr_link,
        matched_region_id: matched_region,
        region_id: region,
        result_item_id: result_item,
        result_item_mail_id: result_item_mail,
        language: language;
        Column::new("status", |it: &Self| it.status.value(), |it, to| status(&mut it.status, to)),
    };

    fn blank() -> Option<Self> {
        let (id, action) = (RegistrationId(Uuid::nil()), ActionId(Uuid::nil()));
        Some(Self::new(id, action, None, DateTime::UNIX_EPOCH))
    }
}

impl Named for BallotRequest {
    type Key = BallotRequestId;
    const COLUMNS: &'static [Column<Self>] = tracked! { tracking;
        uuid: id,
        action_id: action,
        partner_id: subscriber,
        created_at: created_at,
        modified_at: modified_at,
        first_name: name.first,
        middle_name: name.middle,
        last_name: name.last,
        suffix: name.suffix,
        date_of_birth: date_of_birth,
        email: email,
        phone: phone,
        us_citizen: us_citizen,
        address1: address.address1,
        address2: address.address2,
        city: address.city,
        state_id: address.state,
        zipcode: address.zipcode,
        mailing_address1: mailing_address.address1,
        mailing_address2: mailing_address.address2,
        mailing_city: mailing_address.city,
        mailing_state_id: mailing_address.state,
        mailing_zipcode: mailing_address.zipcode,
        request_mailing_address1: request_mailing_address.address1,
        request_mailing_address2: request_mailing_address.address2,
        request_mailing_city: request_mailing_address.city,
        request_mailing_state_id: request_mailing_address.state,
        request_mailing_zipcode: request_mailing_address.zipcode,
        request_mailing_deliverable: request_mailing_deliverable,
        sms_opt_in: sms_opt_in,
        sms_opt_in_partner: sms_opt_in_subscriber,
        referring_tool: referring_tool,
        state_fields: state_fields,
        signature_id: signature,
        submit_date: submit_date,
        esign_method: esign_method,
        way: way,
        region_id: region,
        result_item_id: result_item,
        result_item_mail_id: result_item_mail,
        language: language;
        Column::new("status", |it: &Self| it.status.value(), |it, to| status(&mut it.status, to)),
    };

    fn blank() -> Option<Self> {
        let (id, action) = (BallotRequestId(Uuid::nil()), ActionId(Uuid::nil()));
        Some(Self::new(id, action, None, DateTime::UNIX_EPOCH))
    }
}

impl Named for Lookup {
    type Key = LookupId;
    const COLUMNS: &'static [Column<Self>] = detailed! {
        uuid: id,
        action_id: action,
        partner_id: subscriber,
        created_at: created_at,
        modified_at: modified_at,
        age: age,
        last_updated: last_updated,
        registered: registered,
        too_many: too_many,
        voter_status: voter_status,
        targetsmart_response: response,
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: LookupId(Uuid::nil()),
            action: None,
            subscriber: None,
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
            voter: VoterDetails::default(),
            age: None,
            last_updated: None,
            registered: None,
            too_many: None,
            voter_status: None,
            response: None,
        })
    }
}

impl Named for ReminderRequest {
    type Key = ReminderId;
    const COLUMNS: &'static [Column<Self>] = detailed! {
        uuid: id,
        action_id: action,
        partner_id: subscriber,
        created_at: created_at,
        modified_at: modified_at,
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: ReminderId(Uuid::nil()),
            action: None,
            subscriber: None,
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
            voter: VoterDetails::default(),
        })
    }
}

impl Named for PollingPlaceLookup {
    type Key = PollingPlaceLookupId;
    const COLUMNS: &'static [Column<Self>] = tracked! { tracking;
        uuid: id,
        action_id: action,
        partner_id: subscriber,
        created_at: created_at,
        modified_at: modified_at,
        unstructured_address: unstructured_address,
        dnc_result: source_result,
        dnc_status: source_status,
        civic_status: civic_status,
        address1: address.address1,
        address2: address.address2,
        city: address.city,
        state_id: address.state,
        zipcode: address.zipcode,
        sms_opt_in_partner: sms_opt_in_subscriber,
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: PollingPlaceLookupId(Uuid::nil()),
            action: None,
            subscriber: None,
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
            unstructured_address: None,
            source_result: None,
            source_status: None,
            civic_status: None,
            address: Address::default(),
            sms_opt_in_subscriber: None,
            tracking: Tracking::default(),
        })
    }
}

impl Named for Voter {
    type Key = VoterId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        created_at: created_at,
        modified_at: modified_at,
        state_id: state,
        state_voter_id: state_voter_id,
        ts_voterbase_id: roll_id,
        registered: standing.registered,
        registration_date: standing.since,
        last_registration_refresh: standing.as_of,
        last_state_refresh: last_state_refresh,
        last_ts_refresh: last_roll_refresh,
        email: email,
        phone: phone,
        first_name: name.first,
        middle_name: name.middle,
        last_name: name.last,
        suffix: name.suffix,
        date_of_birth: date_of_birth,
        address_full: address,
        city: city,
        zipcode: zipcode,
        state_result: state_result,
        ts_result: roll_result,
    };

    fn blank() -> Option<Self> {
        let blank = Self::new(VoterId(Uuid::nil()), State::Al, DateTime::UNIX_EPOCH);
        Some(Self { state: None, ..blank })
    }
}

/// Which voter it is of is a table of its own.
impl Named for Action {
    type Key = ActionId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        visible_to_subscriber: visible_to_subscriber,
        last_voter_lookup: last_voter_lookup,
        created_at: created_at,
        modified_at: modified_at,
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: ActionId(Uuid::nil()),
            visible_to_subscriber: false,
            last_voter_lookup: None,
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
        })
    }
}

impl Named for MoverLead {
    type Key = MoverLeadId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        source_created_at: source_created_at,
        first_name: first_name,
        last_name: last_name,
        email: email,
        move_date: move_date,
        new_address1: new.address.address1,
        new_address2: new.address.address2,
        new_city: new.address.city,
        new_zipcode: new.address.zipcode,
        new_zipcode_plus4: new.zipcode_plus4,
        new_housing_tenure: new.tenure,
        new_region_id: new.region,
        old_address1: old.address.address1,
        old_address2: old.address.address2,
        old_city: old.address.city,
        old_zipcode: old.address.zipcode,
        old_zipcode_plus4: old.zipcode_plus4,
        old_housing_tenure: old.tenure,
        old_region_id: old.region,
        blank_register_forms_action_id: action,
        blank_register_forms_item_id: file,
        located_at: located_at,
        left_alone: left_alone,
        created_at: created_at,
        modified_at: modified_at;
        Column::new("new_state", |it: &Self| it.new.address.state.value(), |it, to| state(&mut it.new, to)),
        Column::new("old_state", |it: &Self| it.old.address.state.value(), |it, to| state(&mut it.old, to)),
        Column::new(
            "actionnetwork_person_id",
            |it: &Self| it.crm_person.value(),
            |it, to| external(&mut it.crm_person, to),
        ),
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: MoverLeadId(Uuid::nil()),
            source_created_at: None,
            first_name: None,
            last_name: None,
            email: None,
            move_date: None,
            new: Home::default(),
            old: Home::default(),
            crm_person: None,
            action: None,
            file: None,
            located_at: None,
            left_alone: None,
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
        })
    }
}

/// What the source calls a state need not be one: then none is known.
fn state(home: &mut Home, value: &Value) -> Option<()> {
    home.address.state = value.as_str().and_then(State::parse);
    Some(())
}

impl Named for Letter {
    type Key = LetterId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        action_id: action,
        subscriber_id: subscriber,
        created_at: created_at,
        modified_at: modified_at;
        Column::new(
            "external_id",
            |it: &Self| it.external_id.value(),
            |it, to| external(&mut it.external_id, to),
        ),
        Column::new("external_tool", |_: &Self| ExternalTool::Lob.value(), |_, to| is(ExternalTool::Lob, to)),
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: LetterId(Uuid::nil()),
            action: ActionId(Uuid::nil()),
            subscriber: None,
            external_id: None,
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
        })
    }
}

impl Named for ContactLink {
    type Key = ContactLinkId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        action_id: action,
        subscriber_id: subscriber,
        email_status: email,
        phone_status: phone,
        refusals: refusals,
        created_at: created_at,
        modified_at: modified_at;
        Column::new(
            "external_id",
            |it: &Self| it.person.as_ref().map(|id| id.0.clone()).value(),
            |it, to| {
                let mut id = None;
                external(&mut id, to)?;
                it.person = id.map(CrmPersonId);
                Some(())
            },
        ),
        Column::new(
            "external_tool",
            |_: &Self| ExternalTool::ActionNetwork.value(),
            |_, to| is(ExternalTool::ActionNetwork, to),
        ),
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: ContactLinkId(Uuid::nil()),
            action: ActionId(Uuid::nil()),
            subscriber: None,
            person: None,
            email: None,
            phone: None,
            refusals: 0,
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
        })
    }
}

/// Links of other services are of another room.
fn is(tool: ExternalTool, value: &Value) -> Option<()> {
    (ExternalTool::read(value)? == tool).then_some(())
}

impl Named for Fax {
    type Key = FaxId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        token: token,
        storage_item_id: file,
        to: to,
        status: status,
        status_message: status_message,
        status_timestamp: status_at,
        created_at: created_at,
        modified_at: modified_at;
        Column::new(
            "on_complete_task_arg",
            |it: &Self| it.then.map(|FaxThen::BallotRequest(id)| id).value(),
            |it, to| {
                it.then = Option::read(to)?.map(FaxThen::BallotRequest);
                Some(())
            },
        ),
        // read after the other, which it says the meaning of
        Column::new(
            "on_complete_task",
            |it: &Self| it.then.map(|_| TASK_OF_BALLOT_REQUEST.to_owned()).value(),
            |it, to| match to.as_str().filter(|task| !task.is_empty()) {
                None => {
                    it.then = None;
                    Some(())
                }
                Some(task) => (task == TASK_OF_BALLOT_REQUEST && it.then.is_some()).then_some(()),
            },
        ),
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: FaxId(Uuid::nil()),
            token: Uuid::nil(),
            file: FileId(Uuid::nil()),
            to: None,
            status: FaxStatus::Pending,
            status_message: None,
            status_at: None,
            then: None,
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
        })
    }
}

/// Of what it is a preview is a table of its own.
impl Named for StoredFile {
    type Key = FileId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        app: kind,
        file: key,
        name: name,
        email: email,
        partner_id: subscriber,
        generation: generation,
        imported_token_hash: imported_token_hash,
        expires: expires,
        first_download: first_download,
        purged: purged,
        claimed: claimed,
        created_at: created_at,
        modified_at: modified_at,
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: FileId(Uuid::nil()),
            kind: FileType::RegForm,
            key: String::new(),
            name: String::new(),
            email: None,
            subscriber: None,
            generation: 0,
            imported_token_hash: None,
            expires: DateTime::UNIX_EPOCH,
            first_download: None,
            purged: None,
            claimed: false,
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
        })
    }
}

impl Named for SecureUpload {
    type Key = UploadId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        upload_type: kind,
        file: key,
        content_type: content_type,
        purged: purged,
        created_at: created_at,
        modified_at: modified_at,
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: UploadId(Uuid::nil()),
            kind: UploadType::Signature,
            key: String::new(),
            content_type: String::new(),
            purged: None,
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
        })
    }
}

impl Named for Number {
    type Key = Phone;
    const KEY: &'static str = "phone";
    const COLUMNS: &'static [Column<Self>] = columns! {
        phone: phone,
        uuid: id,
        welcome_time: welcomed_at,
        opt_out_time: opted_out_at,
        opt_in_time: opted_in_at,
        language: language,
        created_at: created_at,
        modified_at: modified_at,
    };

    fn blank() -> Option<Self> {
        Some(Self {
            phone: Phone::from_stored(String::new()),
            id: Uuid::nil(),
            welcomed_at: None,
            opted_out_at: None,
            opted_in_at: None,
            language: None,
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
        })
    }
}

impl Named for Message {
    type Key = MessageId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        phone_id: phone,
        direction: direction,
        message: text,
        status: status,
        status_time: status_at,
        failure: failure,
        twilio_sid: carrier_id,
        kwargs: more,
        blast_id: blast,
        purpose: purpose,
        subscriber_id: sender,
        rule: rule,
        held_until: held_until,
        decided_at: decided_at,
        created_at: created_at,
        modified_at: modified_at;
        Column::shown("zones", |it: &Self| it.whereabouts.as_ref().map(zones).value()),
        Column::shown("states", |it: &Self| it.whereabouts.as_ref().map(states).value()),
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: MessageId(Uuid::nil()),
            phone: None,
            direction: Direction::In,
            text: None,
            status: None,
            status_at: None,
            failure: None,
            carrier_id: None,
            more: None,
            blast: None,
            purpose: None,
            sender: None,
            whereabouts: None,
            rule: None,
            held_until: None,
            decided_at: None,
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
        })
    }
}

fn zones(whereabouts: &Whereabouts) -> String {
    whereabouts.zones.iter().map(|zone| zone.name()).collect::<Vec<_>>().join(" ")
}

fn states(whereabouts: &Whereabouts) -> String {
    whereabouts.states.iter().map(|state| state.code()).collect::<Vec<_>>().join(" ")
}

/// One that was taken over has no status and is history: it is in no room.
impl Named for Blast {
    type Key = BlastId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        description: name,
        content: content,
        campaign: campaign,
        created_at: created_at,
        modified_at: modified_at;
        Column::shown("status", |it: &Self| it.status.value()),
        Column::shown("subscriber_id", |it: &Self| it.sender.value()),
        Column::shown("audience", |it: &Self| it.filter.value()),
        Column::shown("finished_at", |it: &Self| it.finished_at.value()),
    };
}

impl Named for (BlastId, Recipient) {
    type Key = MessageId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        ;
        Column::shown("uuid", |(_, it): &Self| it.id.value()),
        Column::shown("blast_id", |(blast, _): &Self| blast.value()),
        Column::shown("phone", |(_, it): &Self| it.phone.value()),
        Column::shown("zones", |(_, it): &Self| zones(&it.whereabouts).value()),
        Column::shown("states", |(_, it): &Self| states(&it.whereabouts).value()),
        Column::shown("address", |(_, it): &Self| it.address.value()),
        Column::shown("planned", |(_, it): &Self| it.planned.value()),
        Column::shown("rule", |(_, it): &Self| it.rule.value()),
    };
}

/// What was said is never set again, only forgotten.
impl Named for Entry {
    type Key = ConsentId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        shown: text,
        language: language,
        context: context;
        Column::shown("uuid", |it: &Self| it.id.value()),
        Column::shown("channel", |it: &Self| it.channel.value()),
        Column::shown("address", |it: &Self| it.address.value()),
        Column::shown("choice", |it: &Self| it.mark.choice.value()),
        Column::shown("scope", |it: &Self| it.mark.scope.wire().into()),
        Column::shown("subscriber_id", |it: &Self| match it.mark.scope {
            Scope::Subscriber(subscriber) => subscriber.value(),
            _ => Value::Null,
        }),
        Column::shown("purpose", |it: &Self| match it.mark.scope {
            Scope::Purpose(purpose) => purpose.value(),
            _ => Value::Null,
        }),
        Column::shown("origin", |it: &Self| it.origin.value()),
        Column::shown("said_at", |it: &Self| it.mark.at.value()),
        Column::shown("recorded_at", |it: &Self| it.recorded_at.value()),
    };
}

impl Named for HeldMail {
    type Key = String;
    const KEY: &'static str = "message_id";
    const COLUMNS: &'static [Column<Self>] = columns! {
        ;
        Column::shown("message_id", |it: &Self| it.message_id.value()),
        Column::shown("purpose", |it: &Self| it.purpose.value()),
        Column::shown("subscriber_id", |it: &Self| it.sender.value()),
        Column::shown("rule", |it: &Self| it.rule.value()),
        Column::shown("held_until", |it: &Self| it.held_until.value()),
        Column::shown("decided_at", |it: &Self| it.decided_at.value()),
    };
}

impl Named for Delivery {
    type Key = DeliveryId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        ;
        Column::shown("uuid", |it: &Self| it.id.value()),
        Column::shown("endpoint_id", |it: &Self| it.endpoint.value()),
        Column::shown("topic", |it: &Self| it.topic.value()),
        Column::shown("action_id", |it: &Self| it.about.map(|about| about.action).value()),
        Column::shown("tool", |it: &Self| it.about.map(|about| about.tool).value()),
        Column::shown("record_id", |it: &Self| it.about.map(|about| about.record).value()),
        Column::shown("state_id", |it: &Self| it.about.and_then(|about| about.state).value()),
        Column::shown("event_id", |it: &Self| it.about.and_then(|about| about.event).map(|it| it.0).value()),
        Column::shown("event_type", |it: &Self| {
            it.about.and_then(|about| about.event).map(|it| it.1).value()
        }),
        Column::shown("occurred_at", |it: &Self| it.occurred_at.value()),
        Column::shown("position", |it: &Self| it.position.value()),
        Column::shown("status", |it: &Self| it.status.value()),
        Column::shown("queued_at", |it: &Self| it.queued_at.value()),
        Column::shown("next_at", |it: &Self| it.next_at.value()),
        Column::shown("attempts", |it: &Self| it.attempts.value()),
        Column::shown("tried_at", |it: &Self| it.tried_at.value()),
        Column::shown("answer", |it: &Self| it.answer.map(i64::from).value()),
        Column::shown("failure", |it: &Self| it.failure.value()),
    };
}
