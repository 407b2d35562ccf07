//! What staff look at: jobs that were done and given up, the log, telephone numbers with their texts, and how signing online
//! goes.

use chrono::{TimeDelta, Utc};
use sqlx::{Connection as _, PgConnection};
use turnout_core::{account::User, conformance::rows, ports::store::Store as _};
use turnout_storage::postgres::{PgOptions, PgStore};
use uuid::Uuid;

use crate::{
    others::{self, FIRST_REGION},
    people::{run, sign_in, uuid_in_sql},
};

/// The one who looks.
const SUPERUSER: u8 = 8;
/// How many there are of each, beside a million registrations.
const JOBS: u32 = 100_000;
const GIVEN_UP: u32 = 1_000;
const ENTRIES: u32 = 100_000;
const NUMBERS: u32 = 50_000;
const TEXTS: u32 = 200_000;
/// The ids of jobs, entries of the log, numbers and texts begin here.
const FIRST_JOB: u128 = 30_000_000_000;
const FIRST_ENTRY: u128 = 31_000_000_000;
const FIRST_NUMBER: u128 = 32_000_000_000;
const FIRST_TEXT: u128 = 33_000_000_000;
/// How many seconds before now the one with the number 1 was, and how far apart they are.
const APART: u32 = 13;

/// So many, where there are so many registrations.
fn part(count: u32, voters: u32) -> u32 {
    u32::try_from(u64::from(count) * u64::from(voters) / 1_000_000).unwrap_or(count).max(100)
}

/// When the one with the number `i` was, in SQL: the greater, the later.
fn at(count: u32) -> String {
    format!("date_trunc('second', now()) - ({count} - i) * interval '{APART} seconds'")
}

/// Fills a database that has its registrations; the value of the cookie of a superuser.
pub(crate) async fn fill(database: &str, voters: u32) -> anyhow::Result<String> {
    let store = PgStore::open(database, PgOptions::default())?;
    let mut unit = store.begin().await?;
    let user =
        User { is_active: true, is_superuser: true, is_esign_admin: true, ..rows::user(SUPERUSER.into(), 0) };
    unit.accounts_mut().insert(&user).await?;
    let cookie = sign_in(unit.as_mut(), SUPERUSER).await?;
    unit.commit().await?;
    store.close().await;
    let mut connection = PgConnection::connect(database).await?;
    let of = |count| part(count, voters);
    let (jobs, given_up, entries) = (of(JOBS), of(GIVEN_UP), of(ENTRIES));
    let (numbers, texts) = (of(NUMBERS), of(TEXTS));
    let user = user.id;
    for statement in [
        // in which order jobs end has nothing to do with their ids
        format!(
            "INSERT INTO job (uuid, kind, payload, priority, lane, state, attempts, fence, due_at, last_error, \
             created_at, finished_at) \
             SELECT {}, CASE WHEN i % 5000 = 99 THEN 'mover.locate' ELSE \
             (ARRAY['register.notify', 'absentee.notify', 'crm.sync', 'sms.send'])[i % 4 + 1] END, \
             jsonb_build_object('id', {0}), 0, 'default', CASE WHEN i > {jobs} THEN 'dead' ELSE 'done' END, 1, 1, \
             {at}, CASE WHEN i > {jobs} THEN 'the mail house does not answer' END, {at}, \
             {at} + i % 97 * interval '1 second' FROM generate_series(1, {jobs} + {given_up}) i",
            uuid_in_sql(FIRST_JOB, "i"),
            at = at(jobs + given_up)
        ),
        format!(
            "INSERT INTO change_entry (uuid, at, by_id, subscriber_id, kind, subject, act, comment, before, after) \
             SELECT {}, {}, CASE WHEN i % 3 > 0 THEN '{user}'::uuid END, \
             CASE WHEN i % 2 = 0 THEN '{}'::uuid END, \
             (ARRAY['state_information', 'subscriber', 'subscription', 'number', 'job'])[i % 5 + 1], \
             'thing ' || i % 1000, 'changed', 'because', '{{\"text\": \"old\"}}', '{{\"text\": \"new\"}}' \
             FROM generate_series(1, {entries}) i",
            uuid_in_sql(FIRST_ENTRY, "i"),
            at(entries),
            Uuid::from_u128(1)
        ),
        format!(
            "INSERT INTO smsbot_number (phone, uuid, welcome_time, opt_out_time, opt_in_time, created_at, modified_at) \
             SELECT {}, {}, {at}, CASE WHEN i % 10 = 0 THEN now() END, {at}, {at}, {at} \
             FROM generate_series(1, {numbers}) i",
            phone("i"),
            uuid_in_sql(FIRST_NUMBER, "i"),
            at = at(numbers)
        ),
        format!(
            "INSERT INTO smsbot_smsmessage (uuid, phone_id, direction, message, status, status_time, twilio_sid, purpose, \
             created_at, modified_at) \
             SELECT {}, {}, CASE WHEN i % 5 = 0 THEN 'in' ELSE 'out' END, 'Remember to vote.', 'delivered', {at}, \
             'SM' || i, 'reminder', {at}, {at} FROM generate_series(1, {texts}) i",
            uuid_in_sql(FIRST_TEXT, "i"),
            phone(&format!("(i % {numbers} + 1)")),
            at = at(texts)
        ),
    ] {
        run(&mut connection, &statement).await?;
    }
    run(&mut connection, "VACUUM ANALYZE").await?;
    Ok(cookie)
}

fn phone(number: &str) -> String {
    format!("'+' || (16175000000 + {number})")
}

/// The pages, by name.
#[expect(clippy::disallowed_methods, reason = "the server goes by the real clock")]
pub(crate) fn pages(voters: u32) -> Vec<(String, String)> {
    let of = |count| part(count, voters);
    let id = |first: u128, number: u32| Uuid::from_u128(first + u128::from(number));
    // a list begins after any moment, whether there is something or not
    let middle = |count: u32| {
        let at = Utc::now() - TimeDelta::seconds(i64::from(of(count) / 2 * APART));
        format!("{}~{}", at.timestamp_micros(), Uuid::nil())
    };
    let jobs = "/manage/operations/jobs/";
    let log = "/manage/operations/changes/";
    let numbers = "/manage/admin/numbers/";
    let texts = "/manage/admin/messages/";
    let online = "/manage/absentee_dashboard/";
    let applications = "/manage/absentee_dashboard/applications/";
    let fortnight = (Utc::now() - TimeDelta::days(14)).timestamp_micros();
    let number = id(FIRST_NUMBER, of(NUMBERS) / 2);
    let pages = [
        ("jobs, list", jobs.to_owned()),
        ("jobs that were done", format!("{jobs}?state=done")),
        ("jobs that were done, later", format!("{jobs}?state=done&after={}&page=7", middle(JOBS))),
        ("jobs that were done, a rare kind", format!("{jobs}?state=done&q=mover.locate")),
        ("jobs that were given up", format!("{jobs}?state=dead")),
        ("jobs, one", format!("{jobs}{}/", id(FIRST_JOB, of(JOBS) / 2))),
        ("log, list", log.to_owned()),
        ("log, from the middle on", format!("{log}?after={}&page=7", middle(ENTRIES))),
        ("log of a kind", format!("{log}?kind=subscriber")),
        ("log of a thing", format!("{log}?kind=subscriber&q=thing+501")),
        ("log of a thing, of any kind", format!("{log}?q=thing+501")),
        ("log of somebody", format!("{log}?by={}", Uuid::from_u128(SUPERUSER.into()))),
        ("log of a subscriber", format!("{log}?of={}", Uuid::from_u128(1))),
        ("log, one", format!("{log}{}/", id(FIRST_ENTRY, of(ENTRIES) / 2))),
        ("numbers, list", numbers.to_owned()),
        ("numbers, from the middle on", format!("{numbers}?after={}&page=7", middle(NUMBERS))),
        ("numbers, one", format!("{numbers}{number}/")),
        ("numbers, what one agreed to", format!("{numbers}{number}/consent/")),
        ("texts, list", texts.to_owned()),
        ("texts, from the middle on", format!("{texts}?after={}&page=7", middle(TEXTS))),
        ("texts of a number", format!("{texts}?of={number}")),
        ("texts, one", format!("{texts}{}/", id(FIRST_TEXT, of(TEXTS) / 2))),
        ("signing online, the states", online.to_owned()),
        ("signing online, a state", format!("{online}MI/")),
        ("signing online, a state, later", format!("{online}MI/?after={}&page=7", FIRST_REGION + 700)),
        ("signing online, by fax alone", format!("{online}MI/?filter=leo_fax")),
        ("signing online, a region", format!("{online}MI/{}/", FIRST_REGION + 700)),
        ("applications, list", applications.to_owned()),
        (
            "applications, from the middle on",
            format!("{applications}?after={fortnight}~{}&page=7", Uuid::nil()),
        ),
        ("applications of a region", format!("{applications}?region={}", FIRST_REGION + 700)),
        ("applications: a frequent name", format!("{applications}?q=maria")),
        ("applications: a rare name", format!("{applications}?q=okonkwo")),
        ("applications, one", format!("{applications}{}/", others::request(of_four(voters / 10)))),
    ];
    pages.map(|(name, path)| (name.to_owned(), path)).into()
}

/// The number of a request near that one that went by mail.
fn of_four(number: u32) -> u32 {
    number / 4 * 4 + 1
}
