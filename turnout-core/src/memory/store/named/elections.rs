//! States, what is known of them, and their offices.

use chrono::DateTime;
use serde_json::Value;
use uuid::Uuid;

use super::{Cell, Column, Named, columns};
use crate::{
    absentee::{ContactOverride, RegionLink},
    address::State,
    election::{FieldType, StateInformation, StateProfile, webhooks::UpdateWebhook},
    ids::{FieldTypeId, InformationId, OfficeAddressId, OfficeId, RegionId, UpdateWebhookId},
    official::{Location, Office, OfficeAddress, Region},
    person::Phone,
};

impl Named for StateProfile {
    type Key = State;
    const KEY: &'static str = "code";
    const COLUMNS: &'static [Column<Self>] = columns! {
        code: code,
        name: name,
        allow_print_and_forward: allow_print_and_forward,
        allow_absentee_print_and_forward: allow_absentee_print_and_forward,
        created_at: created_at,
        modified_at: modified_at,
    };

    fn blank() -> Option<Self> {
        Some(Self {
            code: State::Al,
            name: String::new(),
            allow_print_and_forward: None,
            allow_absentee_print_and_forward: None,
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
        })
    }
}

impl Named for FieldType {
    type Key = FieldTypeId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        slug: slug,
        long_name: long_name,
        help_text: help_text,
        field_format: format,
        created_at: created_at,
        modified_at: modified_at,
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: FieldTypeId(Uuid::nil()),
            slug: String::new(),
            long_name: String::new(),
            help_text: None,
            format: None,
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
        })
    }
}

impl Named for StateInformation {
    type Key = InformationId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        state_id: state,
        field_type_id: field_type,
        text: text,
        notes: notes,
        source: source,
        checked_on: checked_on,
        created_at: created_at,
        modified_at: modified_at,
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: InformationId(Uuid::nil()),
            state: State::Al,
            field_type: FieldTypeId(Uuid::nil()),
            text: String::new(),
            notes: String::new(),
            source: String::new(),
            checked_on: None,
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
        })
    }
}

impl Named for UpdateWebhook {
    type Key = UpdateWebhookId;
    const COLUMNS: &'static [Column<Self>] = columns! {
        uuid: id,
        name: name,
        type: kind,
        trigger_url: url,
        active: is_active,
        last_triggered: last_triggered,
        seen: seen,
        failed_at: failed_at,
        created_at: created_at,
        modified_at: modified_at,
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: UpdateWebhookId(Uuid::nil()),
            name: None,
            kind: None,
            url: None,
            is_active: false,
            last_triggered: None,
            seen: None,
            failed_at: None,
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
        })
    }
}

impl Named for Region {
    type Key = RegionId;
    const KEY: &'static str = "external_id";
    const COLUMNS: &'static [Column<Self>] = columns! {
        external_id: id,
        name: name,
        county: county,
        municipality: municipality,
        municipality_type: municipality_type,
        state_id: state,
        hidden: hidden,
        external_updated: external_updated,
    };

    fn blank() -> Option<Self> {
        Some(Self {
            id: RegionId(0),
            name: None,
            county: None,
            municipality: None,
            municipality_type: None,
            state: None,
            hidden: false,
            external_updated: None,
        })
    }
}

impl Named for Office {
    type Key = OfficeId;
    const KEY: &'static str = "external_id";
    const COLUMNS: &'static [Column<Self>] = columns! {
        external_id: id,
        region_id: region,
        hours: hours,
        notes: notes,
        external_updated: external_updated,
    };

    fn blank() -> Option<Self> {
        let id = OfficeId(0);
        Some(Self { id, region: None, hours: None, notes: None, external_updated: None })
    }
}

impl Named for OfficeAddress {
    type Key = OfficeAddressId;
    const KEY: &'static str = "external_id";
    const COLUMNS: &'static [Column<Self>] = columns! {
        external_id: id,
        office_id: office,
        address: address,
        address2: address2,
        address3: address3,
        city: city,
        state_id: state,
        zipcode: zipcode,
        website: website,
        email: email,
        is_physical: is_physical,
        is_regular_mail: is_regular_mail,
        process_domestic_registrations: process_domestic_registrations,
        process_absentee_requests: process_absentee_requests,
        process_absentee_ballots: process_absentee_ballots,
        process_overseas_requests: process_overseas_requests,
        process_overseas_ballots: process_overseas_ballots,
        external_updated: external_updated;
        Column::new("phone", |it: &Self| it.phone.value(), |it, to| number(&mut it.phone, to)),
        Column::new("fax", |it: &Self| it.fax.value(), |it, to| number(&mut it.fax, to)),
        Column::new(
            "location_lat",
            |it: &Self| it.location.map_or(Value::Null, |it| it.lat.into()),
            |it, to| degrees(it, to, |location, lat| location.lat = lat),
        ),
        Column::new(
            "location_lng",
            |it: &Self| it.location.map_or(Value::Null, |it| it.lng.into()),
            |it, to| degrees(it, to, |location, lng| location.lng = lng),
        ),
    };

    fn blank() -> Option<Self> {
        Some(Self::default())
    }
}

/// An empty number is one here: the API shows it as the supplier sent it (`http-api.md` 10.2).
fn number(field: &mut Option<Phone>, value: &Value) -> Option<()> {
    *field = if value.is_null() { None } else { Some(Phone::read(value)?) };
    Some(())
}

fn degrees(it: &mut OfficeAddress, value: &Value, set: fn(&mut Location, f64)) -> Option<()> {
    match value {
        Value::Null => it.location = None,
        value => set(it.location.get_or_insert(Location { lat: 0.0, lng: 0.0 }), value.as_f64()?),
    }
    Some(())
}

impl Named for ContactOverride {
    type Key = RegionId;
    const KEY: &'static str = "region_id";
    const COLUMNS: &'static [Column<Self>] = columns! {
        region_id: region,
        submission_method: method,
        email: email,
        phone: phone,
        fax: fax,
        notes: notes,
        created_at: created_at,
        modified_at: modified_at,
    };

    fn blank() -> Option<Self> {
        Some(Self {
            region: RegionId(0),
            method: None,
            email: None,
            phone: None,
            fax: None,
            notes: None,
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
        })
    }
}

impl Named for RegionLink {
    type Key = RegionId;
    const KEY: &'static str = "region_id";
    const COLUMNS: &'static [Column<Self>] = columns! {
        region_id: region,
        url: url,
        created_at: created_at,
        modified_at: modified_at,
    };

    fn blank() -> Option<Self> {
        let (created_at, modified_at) = (DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH);
        Some(Self { region: RegionId(0), url: String::new(), created_at, modified_at })
    }
}
