//! A subscriber with many registrations, somebody in its team, and what is asked for.

use std::{
    fs::{self, File},
    path::Path,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use anyhow::Context as _;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::TryStreamExt as _;
use sha2::{Digest as _, Sha256};
use sqlx::{Connection as _, PgConnection, Row as _};
use turnout_core::{
    account::{Association, Session, SessionStage, User},
    action::EventType,
    conformance::rows,
    ids::{ActionId, AssociationId, RegistrationId, SubscriberId},
    ports::store::Store as _,
    register::Registration,
    search::{Listed, Packing},
    subscriber::{Subscriber, SubscriberStatus},
    subscription::Subscription,
};
use turnout_storage::{
    postgres::{PgOptions, PgStore},
    sql::statements::reports,
};
use uuid::Uuid;

use crate::{
    process::{Program, free_port},
    run,
};

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
/// The ids of the made records begin here.
const FIRST_ID: u128 = 1_000_000_000;
/// How far apart they are made.
const APART: i64 = 7_654_321;
const AT_ONCE: u32 = 10_000;

fn begin() -> DateTime<Utc> {
    DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(20_600)
}

fn id(number: u32) -> Uuid {
    Uuid::from_u128(FIRST_ID + u128::from(number))
}

fn made_at(number: u32) -> DateTime<Utc> {
    begin() + TimeDelta::microseconds(i64::from(number) * APART)
}

fn first(number: u32) -> &'static str {
    FIRST[number as usize % FIRST.len()]
}

fn last(number: u32) -> &'static str {
    if number % RARE == 7 { "Okonkwo" } else { LAST[number as usize / FIRST.len() % LAST.len()] }
}

/// Fills the database; the value of the cookie of somebody who is signed in.
#[expect(clippy::disallowed_methods, reason = "the server goes by the real clock")]
pub(crate) async fn fill(database: &str, voters: u32) -> anyhow::Result<String> {
    let store = PgStore::open(database, PgOptions::default())?;
    let token = [7_u8; 32];
    let now = Utc::now();
    let registration = rows::registration();
    let mut unit = store.begin().await?;
    rows::references(unit.as_mut()).await;
    let subscriber = Subscriber { status: SubscriberStatus::Active, ..rows::subscriber(1, 0) };
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
    let session = Session {
        token_hash: Sha256::digest(token).to_vec(),
        stage: SessionStage::Verified,
        seen_at: now + TimeDelta::hours(1),
        expires: now + TimeDelta::days(1),
        created_at: now,
        ..rows::session(9, 9, 0)
    };
    unit.sessions_mut().insert(&session).await?;
    unit.commit().await?;

    let mut connection = PgConnection::connect(database).await?;
    let names = |names: &[&str]| format!("(ARRAY['{}'])", names.join("','"));
    let (firsts, lasts) = (names(&FIRST), names(&LAST));
    let uuid = format!("lpad(to_hex({FIRST_ID}::bigint + i), 32, '0')::uuid");
    let at = format!("to_timestamp({}) + i * interval '{APART} microseconds'", begin().timestamp());
    let last = format!(
        "CASE WHEN i % {RARE} = 7 THEN 'Okonkwo' ELSE {lasts}[i / {} % {} + 1] END",
        FIRST.len(),
        LAST.len()
    );
    let first = format!("{firsts}[i % {} + 1]", FIRST.len());
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
    index(&store, &mut connection, &registration, voters).await?;
    run(&mut connection, "VACUUM ANALYZE").await?;
    store.close().await;
    Ok(URL_SAFE_NO_PAD.encode(token))
}

/// Lists everybody for the search, and packs the list as the server does.
async fn index(
    store: &PgStore,
    connection: &mut PgConnection,
    of: &Registration,
    voters: u32,
) -> anyhow::Result<()> {
    let subscriber = SubscriberId(Uuid::from_u128(1));
    for from in (1..=voters).step_by(AT_ONCE as usize) {
        let (mut moments, mut actions, mut terms) = (Vec::new(), Vec::new(), Vec::new());
        for number in from..=voters.min(from + AT_ONCE - 1) {
            let mut it = of.clone();
            (it.id, it.action) = (RegistrationId(id(number)), Some(ActionId(id(number))));
            it.created_at = made_at(number);
            it.name.first = Some(first(number).into());
            it.name.last = Some(last(number).into());
            let name = (first(number).to_lowercase(), last(number).to_lowercase());
            it.email = Some(format!("{}.{}{number}@example.org", name.0, name.1));
            let entry = Listed::registration(&it).context("a registration that cannot be listed")?;
            moments.push(entry.key.created_at);
            actions.push(entry.key.action.0);
            terms.push(entry.terms.text().to_owned());
        }
        sqlx::query(
            "INSERT INTO search_fresh (partner_id, tool, created_at, action_id, terms) \
             SELECT $1, 'register', * FROM unnest($2::timestamptz[], $3::uuid[], $4::text[])",
        )
        .bind(subscriber.0)
        .bind(moments)
        .bind(actions)
        .bind(terms)
        .execute(&mut *connection)
        .await?;
    }
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
pub(crate) fn pages(voters: u32) -> Vec<(&'static str, String)> {
    let list = "/manage/one/register/";
    let middle = voters / 2;
    let cursor = format!("{}~{}", made_at(middle).timestamp_micros(), id(middle));
    let day = made_at(middle).format("%Y-%m-%d");
    vec![
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
        ("ballot requests, of which there are none", "/manage/one/absentee/".to_owned()),
        ("exports", "/manage/one/reports/".to_owned()),
        ("team", "/manage/one/users/".to_owned()),
        ("keys", "/manage/one/keys/".to_owned()),
        ("settings", "/manage/one/settings/".to_owned()),
    ]
}

/// How many bytes `COPY` gives of the columns of the export, and how long that takes.
pub(crate) async fn copy(connection: &mut PgConnection) -> anyhow::Result<(u64, Duration)> {
    let made = reports::made().find(|(name, _)| name == "register.ROWS");
    let (_, text) = made.context("there is no export of registrations")?;
    let mut statement = text.postgres.to_owned();
    for (parameter, value) in [
        ("$1", format!("'{}'::uuid", Uuid::from_u128(1))),
        ("$2", "'infinity'::timestamptz".into()),
        ("$3", "'1970-01-01'::timestamptz".into()),
        ("$4", format!("'{}'::uuid", Uuid::nil())),
        ("$5", "ALL".into()),
    ] {
        statement = statement.replace(parameter, &value);
    }
    let begun = Instant::now();
    let mut bytes = 0;
    let copy = format!("COPY ({statement}) TO STDOUT WITH (FORMAT csv)");
    let mut rows = connection.copy_out_raw(&copy).await?;
    while let Some(part) = rows.try_next().await? {
        bytes += part.len() as u64;
    }
    Ok((bytes, begun.elapsed()))
}

/// Starts a worker.
pub(crate) fn worker(program: &Program, folder: &Path, database: &str) -> anyhow::Result<Child> {
    let mut command = program.command("worker", folder, database, free_port()?, "warn");
    let log = File::create(folder.join("worker.log"))?;
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    Ok(command.spawn()?)
}

/// Whether the export is complete.
pub(crate) async fn is_made(connection: &mut PgConnection) -> anyhow::Result<bool> {
    let row = sqlx::query("SELECT status FROM reporting_report").fetch_one(connection).await?;
    Ok(row.try_get::<String, _>(0)? == "Complete")
}

/// The bytes of the largest file below a folder.
pub(crate) fn largest(folder: &Path) -> anyhow::Result<u64> {
    let mut largest = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let about = entry.metadata()?;
        largest = largest.max(if about.is_dir() { self::largest(&entry.path())? } else { about.len() });
    }
    Ok(largest)
}
