//! The records that pages of operations show: jobs, a blast with two numbers, what goes to voters and offices, an entry of the
//! log.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde_json::json;
use turnout_core::{
    address::State,
    blast::{Blast, BlastStatus, Micros, Planned, Recipient, Seal, Signed},
    change::Change,
    conformance::rows as samples,
    decision::{Rule, Whereabouts},
    election::webhooks::{UpdateWebhook, WebhookType},
    fax::{Fax, FaxStatus},
    file::{FileType, StoredFile},
    ids::{
        ActionId, BlastId, ChangeId, FaxId, FileId, JobId, LetterId, MessageId, SubscriberId, UpdateWebhookId,
    },
    jobs::{DEFAULT_LANE, LANES, NewJob, Outcome, Settlement},
    letter::Letter,
    person::Phone,
    ports::store::Unit,
    sms::{Message, Number},
};
use uuid::Uuid;

use super::site::{OWN, Role};

/// A job that was given up.
pub(crate) const DEAD: &str = "00000000-0000-0000-0000-000000001901";
/// One that waits for tomorrow.
pub(crate) const TOMORROW: &str = "00000000-0000-0000-0000-000000001902";
/// A blast that a member planned, with a seal of its own.
pub(crate) const BLAST: &str = "00000000-0000-0000-0000-000000001903";
/// A fax that nobody has taken.
pub(crate) const FAX: &str = "00000000-0000-0000-0000-000000001904";
/// A letter that the mail house does not have.
pub(crate) const LETTER: &str = "00000000-0000-0000-0000-000000001905";
/// A form that was made for a voter.
pub(crate) const FILE: &str = "00000000-0000-0000-0000-000000001906";
/// A text, and the number that it went to.
pub(crate) const MESSAGE: &str = "00000000-0000-0000-0000-000000001907";
pub(crate) const NUMBER: &str = "00000000-0000-0000-0000-000000001908";
/// A site that is built anew when facts change.
pub(crate) const WEBHOOK: &str = "00000000-0000-0000-0000-00000000190a";
/// Where it is called.
pub(crate) const HOOK: &str = "https://builds.example.org/hooks/an-address-of-the-tests";
/// The subscriber `votenow`, and its slug.
pub(crate) const SUBSCRIBER: &str = "00000000-0000-0000-0000-000000000065";
pub(crate) const SLUG: &str = "00000000-0000-0000-0000-00000000044d";
/// An entry of the log.
pub(crate) const CHANGE: &str = "00000000-0000-0000-0000-000000001909";

/// The telephone number of the text.
pub(crate) const PHONE: &str = "+16175550190";

fn id(text: &str) -> Uuid {
    Uuid::parse_str(text).unwrap()
}

fn own() -> SubscriberId {
    SubscriberId(Uuid::from_u128(OWN))
}

/// Puts all of them.
pub(super) async fn put(unit: &mut dyn Unit, now: DateTime<Utc>) {
    jobs(unit, now).await;
    blast(unit, now).await;
    sent(unit, now).await;
    let webhook = UpdateWebhook {
        id: UpdateWebhookId(id(WEBHOOK)),
        name: Some("The public site".to_owned()),
        kind: Some(WebhookType::Netlify),
        url: Some(HOOK.to_owned()),
        is_active: false,
        last_triggered: Some(now - TimeDelta::days(1)),
        seen: None,
        failed_at: None,
        created_at: now,
        modified_at: now,
    };
    unit.update_webhooks_mut().insert(&webhook).await.unwrap();
    let change = Change {
        id: ChangeId(id(CHANGE)),
        at: now,
        by: Some(Role::Superuser.id()),
        subscriber: None,
        kind: "switch".to_owned(),
        subject: "movote".to_owned(),
        act: "set".to_owned(),
        comment: String::new(),
        before: Some(json!(false)),
        after: Some(json!(true)),
    };
    unit.changes_mut().insert(&change).await.unwrap();
}

async fn jobs(unit: &mut dyn Unit, now: DateTime<Utc>) {
    let job = |number: &str, kind: &'static str, due_at| NewJob {
        id: JobId(id(number)),
        kind,
        payload: json!({ "no": "payload" }),
        due_at,
        lane: DEFAULT_LANE,
        subscriber: Some(own()),
        created_at: now - TimeDelta::minutes(1),
        unique_key: None,
        ..samples::job(1, 0)
    };
    unit.jobs_mut().enqueue(&job(DEAD, "register.notify", now - TimeDelta::minutes(1))).await.unwrap();
    let claimed = unit.jobs_mut().claim(now, TimeDelta::minutes(1), 9, LANES).await.unwrap();
    // a server that runs has jobs of its own
    let claimed = claimed.iter().find(|it| it.id.0.to_string() == DEAD).unwrap();
    let outcome = Outcome::Dead { at: now, reason: "the payload is none".to_owned() };
    let settled = [Settlement { id: claimed.id, fence: claimed.fence, outcome }];
    assert_eq!(unit.jobs_mut().settle(&settled).await.unwrap().len(), 1);
    let tomorrow = now + TimeDelta::days(1);
    unit.jobs_mut().enqueue(&job(TOMORROW, "register.remind", tomorrow)).await.unwrap();
}

async fn blast(unit: &mut dyn Unit, now: DateTime<Utc>) {
    let by = Role::Member;
    let blast = Blast {
        id: BlastId(id(BLAST)),
        name: "The day before".to_owned(),
        campaign: Some("2026".to_owned()),
        content: "Tomorrow is election day.".to_owned(),
        sender: Some(own()),
        filter: Some("opted_in".to_owned()),
        status: BlastStatus::Planned,
        price: Micros(8_300),
        budget: Micros(10_000_000),
        segments: 1,
        sendable: 1,
        planned: Some(Signed { by: "Member Example".to_owned(), user: Some(by.id()), at: now }),
        seal: Seal::parse(&"ab".repeat(32)),
        tested: None,
        approved: None,
        approved_seal: None,
        run: 0,
        enqueued: 0,
        started: None,
        stopped: None,
        finished_at: None,
        map: None,
        created_at: now,
        modified_at: now,
    };
    unit.blasts_mut().insert(&blast).await.unwrap();
    let recipient = |number: u128, phone: &str, planned, rule| Recipient {
        id: MessageId(Uuid::from_u128(number)),
        phone: Phone::from_stored(phone.to_owned()),
        whereabouts: Whereabouts { zones: vec![Tz::US__Eastern], states: vec![State::Ma] },
        address: None,
        planned,
        rule,
    };
    let recipients = [
        recipient(0x1921, "+16175550191", Planned::Send, None),
        recipient(0x1922, "+16175550192", Planned::Refuse, Some(Rule::NoConsent)),
    ];
    assert_eq!(unit.blasts_mut().add(blast.id, &recipients).await.unwrap(), 2);
}

async fn sent(unit: &mut dyn Unit, now: DateTime<Utc>) {
    let file = StoredFile {
        id: FileId(id(FILE)),
        email: Some("voter@example.org".to_owned()),
        subscriber: Some(own()),
        imported_token_hash: None,
        purged: None,
        claimed: true,
        created_at: now,
        ..samples::file(0x1906, FileType::RegForm, 0)
    };
    unit.files_mut().insert(&file).await.unwrap();
    let fax = Fax {
        id: FaxId(id(FAX)),
        file: file.id,
        status: FaxStatus::Pending,
        status_message: None,
        status_at: None,
        created_at: now,
        ..samples::fax(0x1904)
    };
    unit.faxes_mut().insert(&fax).await.unwrap();
    let action =
        turnout_core::action::Action { id: ActionId(Uuid::from_u128(0x0019_1111)), ..samples::action(1) };
    unit.actions_mut().insert(&action).await.unwrap();
    let letter = Letter {
        id: LetterId(id(LETTER)),
        action: action.id,
        subscriber: Some(own()),
        external_id: None,
        created_at: now,
        ..samples::letter(0x1905)
    };
    unit.letters_mut().insert(&letter).await.unwrap();
    let phone = Phone::from_stored(PHONE.to_owned());
    let number = Number { id: id(NUMBER), phone: phone.clone(), created_at: now, ..samples::number() };
    unit.messages_mut().lock_or_insert(&number).await.unwrap();
    let text = Message {
        id: MessageId(id(MESSAGE)),
        phone: Some(phone),
        text: Some("Bring your ID.".to_owned()),
        blast: None,
        sender: Some(own()),
        carrier_id: Some("SM1907".to_owned()),
        created_at: now,
        ..samples::message(0x1907)
    };
    unit.messages_mut().insert(&text).await.unwrap();
}
