//! A subscriber with many registrations, somebody in its team, and what is asked for.

use anyhow::Context as _;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, raw_sql};
use turnout_core::{
    account::{Association, Session, SessionStage, User},
    action::EventType,
    conformance::rows,
    ids::{ActionId, AssociationId, RegistrationId, SubscriberId},
    listing::Tool,
    person::PersonName,
    ports::store::{Store as _, Unit},
    search::{Listed, Packing},
    subscriber::{Subscriber, SubscriberStatus},
    subscription::Subscription,
};
use turnout_storage::postgres::{PgOptions, PgStore};
use uuid::Uuid;

const FIRST: [&str; 20] = [
    "Maria", "James", "Jennifer", "John", "Linda", "Robert", "Patricia", "Michael", "Elena", "William",
    "Susan", "David", "Jessica", "Carlos", "Sarah", "Thomas", "Karen", "Ngozi", "Nancy", "Daniel",
];
const LAST: [&str; 25] = [
    "Garcia", "Smith", "Johnson", "Brown", "Jones", "Miller", "Davis", "Martinez", "Lopez", "Wilson",
    "Anderson", "Taylor", "Moore", "Jackson", "Martin", "Lee", "Perez", "Thompson", "White", "Harris",
    "Clark", "Lewis", "Walker", "Nguyen", "Hall",
];
/// One in so many has a name that is rare.
const RARE: u32 = 50_000;
/// One in so many has typed what a line of an export has to take care with, from the one with that number on.
const ODD: u32 = 100;
const FIRST_ODD: u32 = 11;
/// What they typed, each at another place; and nothing.
const TYPED: [&str; 25] = [
    "",
    " ",
    "a, b",
    ",",
    "say \"A\"",
    "\"",
    "\"\"",
    "two\nlines",
    "two\r\nlines",
    "a\rreturn",
    "\n",
    "ends so\r\n",
    "=1+1",
    "+1 617",
    "-2",
    "@SUM(A1)",
    "\ttab",
    "\rreturn",
    "=HYPERLINK(\"x\",1)",
    " =1",
    "'=1",
    "Núñez-Łukasz 東京 🗳",
    "\\.",
    "\\N",
    "NULL",
];
/// Where they typed it: neither names nor addresses that the search knows, nor what is one of a few words.
const TYPED_IN: [&str; 21] = [
    "suffix",
    "previous_first_name",
    "previous_last_name",
    "previous_suffix",
    "address1",
    "address2",
    "city",
    "zipcode",
    "previous_address1",
    "previous_city",
    "mailing_address1",
    "mailing_address2",
    "mailing_city",
    "mailing_zipcode",
    "source",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_content",
    "utm_term",
    "embed_url",
];
/// One in so many came to something else, from the one with that number on; those with an even number finished.
const ELSE: u32 = 50;
const FIRST_ELSE: u32 = 7;
/// What they came to.
const EVENTS: [EventType; 11] = [
    EventType::FinishPrint,
    EventType::FinishExternal,
    EventType::FinishExternalConfirmed,
    EventType::FinishExternalApi,
    EventType::FinishLeo,
    EventType::FinishLeoFaxPending,
    EventType::FinishLeoFaxSent,
    EventType::FinishLeoFaxFailed,
    EventType::Download,
    EventType::FinishLob,
    EventType::FinishLobConfirm,
];
/// The ids of the made records begin here, those of what else happened there.
const FIRST_ID: u128 = 1_000_000_000;
const FIRST_ELSE_ID: u128 = 2_000_000_000;
/// How far apart they are made.
const APART: i64 = 7_654_321;
const AT_ONCE: u32 = 10_000;

fn begin() -> DateTime<Utc> {
    DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(20_600)
}

fn id(number: u32) -> Uuid {
    Uuid::from_u128(FIRST_ID + u128::from(number))
}

pub(crate) fn made_at(number: u32) -> DateTime<Utc> {
    begin() + TimeDelta::microseconds(i64::from(number) * APART)
}

fn first_name(number: u32) -> &'static str {
    FIRST[number as usize % FIRST.len()]
}

fn last_name(number: u32) -> &'static str {
    if number % RARE == 7 { "Okonkwo" } else { LAST[number as usize / FIRST.len() % LAST.len()] }
}

/// The name of the one with that number, the rest of it as it is.
pub(crate) fn named(name: &PersonName, number: u32) -> PersonName {
    PersonName {
        first: Some(first_name(number).into()),
        last: Some(last_name(number).into()),
        ..name.clone()
    }
}

/// Where mail reaches the one with that number.
pub(crate) fn email(number: u32) -> String {
    let name = (first_name(number).to_lowercase(), last_name(number).to_lowercase());
    format!("{}.{}{number}@example.org", name.0, name.1)
}

/// The same in SQL, of ids that begin there.
pub(crate) fn uuid_in_sql(first: u128, number: &str) -> String {
    format!("lpad(to_hex({first}::bigint + {number}), 32, '0')::uuid")
}

/// The names of the one with the number `i`, in SQL.
pub(crate) fn names_in_sql() -> (String, String) {
    let names = |names: &[&str]| format!("(ARRAY['{}'])", names.join("','"));
    let (firsts, lasts) = (names(&FIRST), names(&LAST));
    let last = format!(
        "CASE WHEN i % {RARE} = 7 THEN 'Okonkwo' ELSE {lasts}[i / {} % {} + 1] END",
        FIRST.len(),
        LAST.len()
    );
    (format!("{firsts}[i % {} + 1]", FIRST.len()), last)
}

/// When it was made, in SQL.
pub(crate) fn moment_of(number: &str) -> String {
    format!("to_timestamp({}) + {number} * interval '{APART} microseconds'", begin().timestamp())
}

/// Runs a statement, or several.
pub(crate) async fn run(connection: &mut PgConnection, statement: &str) -> anyhow::Result<()> {
    raw_sql(AssertSqlSafe(statement.to_owned())).execute(connection).await?;
    Ok(())
}

/// Fills the database; the value of the cookie of somebody who is signed in.
#[expect(clippy::disallowed_methods, reason = "the server goes by the real clock")]
pub(crate) async fn fill(database: &str, voters: u32) -> anyhow::Result<String> {
    let store = PgStore::open(database, PgOptions::default())?;
    let now = Utc::now();
    let registration = rows::registration();
    let mut unit = store.begin().await?;
    rows::references(unit.as_mut()).await;
    let subscriber = Subscriber {
        name: "=Vota \"Sí\", now".into(),
        status: SubscriberStatus::Active,
        ..rows::subscriber(1, 0)
    };
    unit.subscribers_mut().update(&subscriber).await?;
    unit.subscriptions_mut().insert(&Subscription { interest: None, ..rows::subscription(1) }).await?;
    unit.registrations_mut().insert(&registration).await?;
    unit.actions_mut().record(&rows::event(1, EventType::Finish, 20)).await?;
    let user = User {
        is_active: true,
        is_superuser: false,
        active_subscriber: Some(subscriber.id),
        ..rows::user(9, 0)
    };
    unit.accounts_mut().insert(&user).await?;
    let member = Association {
        id: AssociationId(Uuid::from_u128(9)),
        subscriber: subscriber.id,
        user: user.id,
        created_at: now,
    };
    unit.accounts_mut().associate(&member).await?;
    let cookie = sign_in(unit.as_mut(), 9).await?;
    unit.commit().await?;

    let mut connection = PgConnection::connect(database).await?;
    let (first, last) = names_in_sql();
    let (uuid, at) = (uuid_in_sql(FIRST_ID, "i"), moment_of("i"));
    let series = format!("generate_series(1, {voters}) i");
    for statement in [
        format!(
            "INSERT INTO action_action SELECT r.* FROM action_action a, {series}, LATERAL jsonb_populate_record(a, \
             jsonb_build_object('uuid', {uuid}, 'created_at', {at}, 'modified_at', {at})) r \
             WHERE a.uuid = '{}'",
            Uuid::from_u128(1)
        ),
        format!(
            "INSERT INTO event_tracking_event SELECT r.* FROM event_tracking_event e, {series}, \
             LATERAL jsonb_populate_record(e, jsonb_build_object('uuid', {uuid}, 'action_id', {uuid}, \
             'created_at', {at}, 'modified_at', {at})) r WHERE e.uuid = '{}' AND i % 2 = 0",
            Uuid::from_u128(1)
        ),
        format!(
            "INSERT INTO register_registration SELECT r.* FROM register_registration o, {series}, \
             LATERAL jsonb_populate_record(o, jsonb_build_object('uuid', {uuid}, 'action_id', {uuid}, \
             'created_at', {at}, 'modified_at', {at}, 'first_name', {first}, 'last_name', {last}, \
             'state_id', (ARRAY['MA','NY','PA'])[i % 3 + 1], \
             'email', lower({first}) || '.' || lower({last}) || i || '@example.org')) r WHERE o.uuid = '{}'",
            registration.id
        ),
    ] {
        run(&mut connection, &statement).await?;
    }
    typed(&mut connection, voters).await?;
    came_to_something_else(&mut connection, voters).await?;
    let entry = |number: u32| {
        let mut it = registration.clone();
        (it.id, it.action) = (RegistrationId(id(number)), Some(ActionId(id(number))));
        it.created_at = made_at(number);
        it.name = named(&it.name, number);
        it.email = Some(email(number));
        Listed::registration(&it)
    };
    index(&mut connection, Tool::Register, voters, entry).await?;
    pack(&store, &mut connection).await?;
    run(&mut connection, "VACUUM ANALYZE").await?;
    store.close().await;
    Ok(cookie)
}

/// Signs somebody in who is there, with that number; the value of the cookie.
#[expect(clippy::disallowed_methods, reason = "the server goes by the real clock")]
pub(crate) async fn sign_in(unit: &mut dyn Unit, number: u8) -> anyhow::Result<String> {
    let (token, now) = ([number; 32], Utc::now());
    let session = Session {
        token_hash: Sha256::digest(token).to_vec(),
        stage: SessionStage::Verified,
        seen_at: now + TimeDelta::hours(1),
        expires: now + TimeDelta::days(1),
        created_at: now,
        ..rows::session(number.into(), number.into(), 0)
    };
    unit.sessions_mut().insert(&session).await?;
    Ok(URL_SAFE_NO_PAD.encode(token))
}

/// Puts into some records what a line of an export has to take care with: each text at each place, and what is not there.
async fn typed(connection: &mut PgConnection, voters: u32) -> anyhow::Result<()> {
    // behind the last one there is nothing
    let texts = TYPED_IN.iter().zip(0..).map(|(column, place)| {
        format!("{column} = ($1::text[])[(o.number + {place}) % {} + 1]", TYPED.len() + 1)
    });
    let texts: Vec<String> = texts.collect();
    let statement = format!(
        "UPDATE register_registration r SET {}, \
         phone = CASE o.number % 4 WHEN 0 THEN r.phone WHEN 1 THEN '617-555-0123' WHEN 2 THEN '+1 617 555 0123' END, \
         us_citizen = CASE o.number % 3 WHEN 0 THEN true WHEN 1 THEN false END, \
         sms_opt_in = CASE o.number % 3 WHEN 1 THEN true WHEN 2 THEN false END, \
         date_of_birth = CASE WHEN o.number % 2 = 0 THEN r.date_of_birth END, \
         title = CASE WHEN o.number % 2 = 1 THEN r.title END, \
         previous_state_id = CASE WHEN o.number % 5 > 0 THEN r.previous_state_id END, \
         session_id = CASE WHEN o.number % 5 > 1 THEN r.session_id END, \
         modified_at = CASE WHEN o.number % 3 = 0 THEN date_trunc('second', r.modified_at) + interval '1 second' \
         ELSE r.modified_at END \
         FROM (SELECT i / {ODD} AS number, {} AS id FROM generate_series({FIRST_ODD}, {voters}, {ODD}) i) o \
         WHERE r.uuid = o.id",
        texts.join(", "),
        uuid_in_sql(FIRST_ID, "i"),
    );
    sqlx::query(AssertSqlSafe(statement)).bind(&TYPED[..]).execute(connection).await?;
    Ok(())
}

/// Has some records come to something else than the others; and some forms to print downloaded, twice.
async fn came_to_something_else(connection: &mut PgConnection, voters: u32) -> anyhow::Result<()> {
    let events = EVENTS.map(EventType::wire).join("','");
    let (kinds, at) = (EVENTS.len(), moment_of("i"));
    let statement = format!(
        "INSERT INTO event_tracking_event SELECT r.* FROM event_tracking_event e, \
         (SELECT i, i / {ELSE} AS number FROM generate_series({FIRST_ELSE}, {voters}, {ELSE}) i) o, \
         LATERAL unnest(CASE WHEN number % {kinds} = 0 AND number % 2 = 0 THEN ARRAY['FinishPrint', 'Download', 'Download'] \
         ELSE ARRAY[(ARRAY['{events}'])[number % {kinds} + 1]] END) WITH ORDINALITY k (kind, place), \
         LATERAL jsonb_populate_record(e, jsonb_build_object('uuid', \
         {}, 'action_id', {}, 'event_type', kind, \
         'created_at', {at} + place * interval '1.5 seconds', 'modified_at', {at} + place * interval '1.5 seconds')) r \
         WHERE e.uuid = '{}'",
        uuid_in_sql(FIRST_ELSE_ID, "4 * i + place"),
        uuid_in_sql(FIRST_ID, "i"),
        Uuid::from_u128(1),
    );
    run(connection, &statement).await
}

/// Lists everybody of a tool for the search.
pub(crate) async fn index(
    connection: &mut PgConnection,
    tool: Tool,
    count: u32,
    entry: impl Fn(u32) -> Option<Listed>,
) -> anyhow::Result<()> {
    let subscriber = SubscriberId(Uuid::from_u128(1));
    for from in (1..=count).step_by(AT_ONCE as usize) {
        let (mut moments, mut actions, mut terms) = (Vec::new(), Vec::new(), Vec::new());
        for number in from..=count.min(from + AT_ONCE - 1) {
            let entry = entry(number).context("a record that cannot be listed")?;
            moments.push(entry.key.created_at);
            actions.push(entry.key.action.0);
            terms.push(entry.terms.text().to_owned());
        }
        sqlx::query(
            "INSERT INTO search_fresh (partner_id, tool, created_at, action_id, terms) \
             SELECT $1, $5, * FROM unnest($2::timestamptz[], $3::uuid[], $4::text[])",
        )
        .bind(subscriber.0)
        .bind(moments)
        .bind(actions)
        .bind(terms)
        .bind(tool.wire())
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Packs the lists as the server does.
pub(crate) async fn pack(store: &PgStore, connection: &mut PgConnection) -> anyhow::Result<()> {
    run(connection, "VACUUM ANALYZE search_fresh").await?;
    loop {
        let mut unit = store.begin().await?;
        let more = unit.search_mut().pack(Packing::default()).await?;
        unit.commit().await?;
        if !more {
            return Ok(());
        }
    }
}

/// The pages, by name.
pub(crate) fn pages(voters: u32) -> Vec<(String, String)> {
    let list = "/manage/one/register/";
    let middle = voters / 2;
    let cursor = format!("{}~{}", made_at(middle).timestamp_micros(), id(middle));
    let day = made_at(middle).format("%Y-%m-%d");
    let pages = [
        ("home", "/manage/one/".to_owned()),
        ("list", list.to_owned()),
        ("list, from the middle on", format!("{list}?after={cursor}&page=7")),
        ("list of a state", format!("{list}?state=NY")),
        ("list of a state without any", format!("{list}?state=TX")),
        ("list of a day", format!("{list}?from={day}&to={day}")),
        ("list of what is finished", format!("{list}?done=yes")),
        ("search: a frequent first name", format!("{list}?q=maria")),
        ("search: first and last name", format!("{list}?q=maria+garcia")),
        ("search: a rare name", format!("{list}?q=okonkwo")),
        ("search: one letter", format!("{list}?q=m")),
        ("search: a whole address", format!("{list}?q=maria.smith{}%40example.org", middle / 20 * 20)),
        ("search: nobody", format!("{list}?q=christopfer")),
        ("search in a state", format!("{list}?q=maria&state=NY")),
        ("a registration", format!("{list}{}/", id(middle))),
        ("exports", "/manage/one/reports/".to_owned()),
        ("team", "/manage/one/users/".to_owned()),
        ("keys", "/manage/one/keys/".to_owned()),
        ("settings", "/manage/one/settings/".to_owned()),
    ];
    pages.map(|(name, path)| (name.to_owned(), path)).into()
}
