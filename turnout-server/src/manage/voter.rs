//! `GET /manage/<slug>/<tool>/<uuid>/`: one record of a voter, whole, with what happened to it.

use chrono::NaiveDate;
use serde_json::Value;
use turnout_core::{
    absentee::BallotRequest,
    action::{Outcome, VoterDetails},
    address::Address,
    ids::{RegionId, RegistrationId},
    listing::{self, Listing, Record, Tool},
    person::{PersonName, Phone},
    polling_place::PollingPlaceLookup,
    ports::store::{StoreError, View},
    register::Registration,
    reminder::ReminderRequest,
    tracking::Tracking,
    verifier::Lookup,
};

use super::{
    Answer,
    blocks::{Block, Cell, Column, Details, Table},
    gate::Desk,
    voters,
};
use crate::http::{ApiError, Request};

/// Names with their values.
type Pairs = Vec<(String, Cell)>;

/// The record.
///
/// # Errors
/// 404 for a record that is not in this list; when the store fails.
pub(super) async fn show(tool: Tool, request: Request, desk: Desk) -> Answer {
    let list = Listing { subscriber: desk.own().id, tool };
    // every id of a record is written alike
    let id = RegistrationId::parse(request.segment("uuid")).map(|id| id.0);
    let mut view = request.app().store.view().await?;
    let found = match id {
        Some(id) => listing::details(view.as_mut(), list, id).await?,
        None => None,
    };
    let Some(found) = found else { return Err(ApiError::not_found()) };
    let region = region(view.as_mut(), &found.record).await?;
    drop(view);

    let events =
        found.events.iter().map(|event| vec![Cell::text(event.kind.label()), Cell::Time(event.created_at)]);
    let happened = Table {
        caption: "What happened".into(),
        columns: vec![Column::new("Event"), Column::new("When")],
        rows: events.collect(),
        empty: "Nothing has happened yet.".into(),
    };
    let title = title(&found.record);
    let sections = sections(&found.record, region);
    Ok(desk
        .page(title)
        .up(tool.label(), desk.link(voters::path(tool)))
        .push(details("What became of it", outcome(&found.outcome, tool)))
        .extend(sections)
        .push(Block::Table(happened))
        .answer())
}

/// The name of the election office's region.
async fn region(view: &mut dyn View, record: &Record) -> Result<Option<String>, StoreError> {
    let id: Option<RegionId> = match record {
        Record::Registration(it) => it.region.or(it.matched_region),
        Record::BallotRequest(it) => it.region,
        Record::Lookup(_) | Record::Reminder(_) | Record::PollingPlace(_) => None,
    };
    match id {
        Some(id) => Ok(view.officials().region(id).await?.and_then(|it| it.name)),
        None => Ok(None),
    }
}

fn title(record: &Record) -> String {
    let name = match record {
        Record::Registration(it) => it.name.full(),
        Record::BallotRequest(it) => it.name.full(),
        Record::Lookup(it) => it.voter.name.full(),
        Record::Reminder(it) => it.voter.name.full(),
        Record::PollingPlace(it) => it.unstructured_address.clone().unwrap_or_default(),
    };
    match (name.trim(), record) {
        ("", Record::PollingPlace(_)) => "No address".into(),
        ("", _) => "No name".into(),
        (name, _) => name.into(),
    }
}

fn details(heading: &str, pairs: Pairs) -> Block {
    Block::Details(Details { heading: heading.into(), pairs })
}

fn pair(name: &str, cell: Cell) -> (String, Cell) {
    (name.to_owned(), cell)
}

fn text(value: Option<&str>) -> Cell {
    Cell::text(value.unwrap_or_default().trim())
}

fn yes(value: Option<bool>) -> Cell {
    value.map_or(Cell::None, Cell::Yes)
}

fn outcome(outcome: &Outcome, tool: Tool) -> Pairs {
    let mut pairs = vec![pair("Finished", Cell::Yes(outcome.is_finished))];
    if matches!(tool, Tool::Register | Tool::Absentee) {
        pairs.extend([
            pair("Form made to be printed", Cell::Yes(outcome.is_self_print)),
            pair(
                "Downloads of the form",
                outcome
                    .downloads
                    .map_or(Cell::None, |count| Cell::Number(i64::try_from(count).unwrap_or(i64::MAX))),
            ),
            pair("Sent on to the state’s own site", Cell::Yes(outcome.is_external)),
            pair("Form sent to the election office", Cell::Yes(outcome.is_sent_to_office)),
            pair("Letter confirmed", Cell::Yes(outcome.is_letter_confirmed)),
        ]);
    }
    pairs.push(pair("Last event", Cell::time(outcome.latest)));
    pairs
}

fn sections(record: &Record, region: Option<String>) -> Vec<Block> {
    match record {
        Record::Registration(it) => registration(it, region),
        Record::BallotRequest(it) => ballot_request(it, region),
        Record::Lookup(it) => lookup(it),
        Record::Reminder(it) => reminder(it),
        Record::PollingPlace(it) => polling_place(it),
    }
}

fn name(name: &PersonName) -> Pairs {
    vec![
        pair("Title", name.title.map_or(Cell::None, |title| Cell::text(title.label()))),
        pair("First name", text(name.first.as_deref())),
        pair("Middle name", text(name.middle.as_deref())),
        pair("Last name", text(name.last.as_deref())),
        pair("Suffix", text(name.suffix.as_deref())),
    ]
}

fn contact(born: Option<NaiveDate>, email: Option<&str>, phone: Option<&Phone>) -> Pairs {
    vec![
        pair(
            "Date of birth",
            born.map_or(Cell::None, |day| Cell::text(day.format("%b %-d, %Y").to_string())),
        ),
        pair("E-mail", text(email)),
        pair("Phone", phone.map_or(Cell::None, |phone| Cell::text(phone.national()))),
    ]
}

fn lines(address: &Address) -> Cell {
    Cell::long(address.lines().join("\n"))
}

fn consent(texts: Option<bool>, own_texts: Option<bool>) -> Pairs {
    vec![
        pair("Agreed to texts of VoteAmerica", yes(texts)),
        pair("Agreed to texts of this subscriber", yes(own_texts)),
    ]
}

fn origin(it: &Tracking, referring_tool: Option<&str>) -> Block {
    details(
        "Where the voter came from",
        vec![
            pair("Page with the tool", text(it.embed_url.as_deref())),
            pair("Tool before", text(referring_tool)),
            pair("Source", text(it.source.as_deref())),
            pair("utm_source", text(it.utm_source.as_deref())),
            pair("utm_medium", text(it.utm_medium.as_deref())),
            pair("utm_campaign", text(it.utm_campaign.as_deref())),
            pair("utm_content", text(it.utm_content.as_deref())),
            pair("utm_term", text(it.utm_term.as_deref())),
            pair("E-mail referrer", text(it.email_referrer.as_deref())),
            pair("Mobile referrer", text(it.mobile_referrer.as_deref())),
            pair("Session", it.session_id.map_or(Cell::None, |id| Cell::Code(id.to_string()))),
        ],
    )
}

/// What only this state's form asks, as it was answered.
fn state_fields(fields: Option<&Value>) -> Option<Block> {
    let fields = fields?.as_object().filter(|fields| !fields.is_empty())?;
    let said = |value: &Value| match value {
        Value::Null => Cell::None,
        Value::Bool(yes) => Cell::Yes(*yes),
        Value::String(text) => Cell::long(text.clone()),
        other => Cell::long(other.to_string()),
    };
    let pairs = fields.iter().map(|(name, value)| pair(&name.replace('_', " "), said(value)));
    Some(details("Questions of the state", pairs.collect()))
}

fn registration(it: &Registration, region: Option<String>) -> Vec<Block> {
    let mut voter = name(&it.name);
    voter.extend(contact(it.date_of_birth, it.email.as_deref(), it.phone.as_ref()));
    voter.extend([
        pair("Gender", it.gender.map_or(Cell::None, |it| Cell::text(it.label()))),
        pair("Race or ethnic group", it.race_ethnicity.map_or(Cell::None, |it| Cell::text(it.label()))),
        pair("Party", it.party.map_or(Cell::None, |it| Cell::text(it.label()))),
        pair("US citizen", yes(it.us_citizen)),
        pair("Language", it.language.as_ref().map_or(Cell::None, |it| Cell::text(it.to_string()))),
    ]);
    voter.extend(consent(it.sms_opt_in, it.sms_opt_in_subscriber));
    let mut before = name(&it.previous_name);
    before.push(pair("Address", lines(&it.previous_address)));
    let mut blocks = vec![
        details(
            "The registration",
            vec![
                pair("Status", Cell::text(it.status.label())),
                pair("Started", Cell::Time(it.created_at)),
                pair("Last changed", Cell::Time(it.modified_at)),
                pair("Election office", Cell::text(region.unwrap_or_default())),
                pair("State’s own site", text(it.custom_ovr_link.as_deref())),
            ],
        ),
        details("The voter", voter),
        details(
            "Addresses",
            addresses(
                &it.address,
                &it.mailing_address,
                &it.request_mailing_address,
                it.request_mailing_deliverable,
            ),
        ),
        details("Before", before),
    ];
    blocks.extend(state_fields(it.state_fields.as_ref()));
    blocks.push(origin(&it.tracking, it.referring_tool.map(|tool| tool.label())));
    blocks.push(ids(&it.id.to_string()));
    blocks
}

fn addresses(home: &Address, mailing: &Address, form: &Address, is_deliverable: Option<bool>) -> Pairs {
    vec![
        pair("Home", lines(home)),
        pair("Mail", lines(mailing)),
        pair("Where the form is mailed", lines(form)),
        pair("Mail arrives there", yes(is_deliverable)),
    ]
}

fn ballot_request(it: &BallotRequest, region: Option<String>) -> Vec<Block> {
    let mut voter = name(&it.name);
    voter.extend(contact(it.date_of_birth, it.email.as_deref(), it.phone.as_ref()));
    voter.extend([
        pair("US citizen", yes(it.us_citizen)),
        pair("Language", it.language.as_ref().map_or(Cell::None, |it| Cell::text(it.to_string()))),
    ]);
    voter.extend(consent(it.sms_opt_in, it.sms_opt_in_subscriber));
    let signed = it.submit_date.map_or(Cell::None, |day| Cell::text(day.format("%b %-d, %Y").to_string()));
    let mut blocks = vec![
        details(
            "The request",
            vec![
                pair("Status", Cell::text(it.status.label())),
                pair("Started", Cell::Time(it.created_at)),
                pair("Last changed", Cell::Time(it.modified_at)),
                pair("Election office", Cell::text(region.unwrap_or_default())),
                pair("How it goes there", it.esign_method.map_or(Cell::None, |way| Cell::text(way.label()))),
                pair("Signed on screen", Cell::Yes(it.signature.is_some())),
                pair("Submitted", signed),
            ],
        ),
        details("The voter", voter),
        details(
            "Addresses",
            addresses(
                &it.address,
                &it.mailing_address,
                &it.request_mailing_address,
                it.request_mailing_deliverable,
            ),
        ),
    ];
    blocks.extend(state_fields(it.state_fields.as_ref()));
    blocks.push(origin(&it.tracking, it.referring_tool.map(|tool| tool.label())));
    blocks.push(ids(&it.id.to_string()));
    blocks
}

fn voter(it: &VoterDetails) -> Block {
    let mut pairs = name(&it.name);
    pairs.extend(contact(it.date_of_birth, it.email.as_deref(), it.phone.as_ref()));
    pairs.push(pair("Address", lines(&it.address)));
    pairs.push(pair("Language", it.language.as_ref().map_or(Cell::None, |it| Cell::text(it.to_string()))));
    pairs.extend(consent(it.sms_opt_in, it.sms_opt_in_subscriber));
    details("The voter", pairs)
}

fn lookup(it: &Lookup) -> Vec<Block> {
    vec![
        details(
            "The answer",
            vec![
                pair("Registered", yes(it.registered)),
                pair("Status on the roll", it.voter_status.map_or(Cell::None, |it| Cell::text(it.label()))),
                pair("Several persons fit", yes(it.too_many)),
                pair("Age on the roll", it.age.map_or(Cell::None, Cell::Number)),
                pair("Roll of", Cell::time(it.last_updated)),
                pair("Started", Cell::Time(it.created_at)),
                pair("Last changed", Cell::Time(it.modified_at)),
            ],
        ),
        voter(&it.voter),
        origin(&it.voter.tracking, None),
        ids(&it.id.to_string()),
    ]
}

fn reminder(it: &ReminderRequest) -> Vec<Block> {
    vec![
        details(
            "The request",
            vec![
                pair("Started", Cell::Time(it.created_at)),
                pair("Last changed", Cell::Time(it.modified_at)),
            ],
        ),
        voter(&it.voter),
        origin(&it.voter.tracking, None),
        ids(&it.id.to_string()),
    ]
}

fn polling_place(it: &PollingPlaceLookup) -> Vec<Block> {
    vec![
        details(
            "The question",
            vec![
                pair("Address as it was typed", text(it.unstructured_address.as_deref())),
                pair("Address as it was understood", lines(&it.address)),
                pair("Answer of the locator", text(it.source_status.as_deref())),
                pair("Answer of Google’s locator", text(it.civic_status.as_deref())),
                pair("Agreed to texts of this subscriber", yes(it.sms_opt_in_subscriber)),
                pair("Started", Cell::Time(it.created_at)),
                pair("Last changed", Cell::Time(it.modified_at)),
            ],
        ),
        origin(&it.tracking, None),
        ids(&it.id.to_string()),
    ]
}

fn ids(id: &str) -> Block {
    details("For programs", vec![pair("ID", Cell::Code(id.to_owned()))])
}
