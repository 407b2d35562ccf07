//! What voters of the same subscriber did with the other tools: beside a million registrations 200,000 ballot requests, 200,000
//! lookups, 100,000 questions about polling places and 100,000 reminders; and the regions that ballot requests are of.

use sqlx::{Connection as _, PgConnection};
use turnout_core::{
    absentee::BallotRequest,
    action::VoterDetails,
    address::State,
    conformance::rows,
    ids::{ActionId, RegionId},
    listing::Tool,
    polling_place::PollingPlaceLookup,
    ports::store::Store as _,
    reminder::ReminderRequest,
    search::Listed,
    verifier::Lookup,
};
use turnout_storage::postgres::{PgOptions, PgStore};
use uuid::Uuid;

use crate::people::{email, index, made_at, moment_of, named, names_in_sql, pack, run, uuid_in_sql};

/// The regions: so many of each state, from this one on.
pub(crate) const FIRST_REGION: i64 = 20_000;
pub(crate) const REGIONS: i64 = 1_500;
/// The states in which they are. Michigan has that many.
const STATES: [State; 4] = [State::Mi, State::Ma, State::Ny, State::Pa];
/// Requests went out within so many days up to now.
const DAYS: i64 = 28;
/// What became of them: one in four of each; and of one in four nothing.
const WENT: [&str; 3] = ["FinishLEO", "FinishLEOFaxPending", "FinishLobConfirm"];
/// The ids of what a tool made begin so far from those of the one before.
const IDS_OF_A_TOOL: u128 = 1_000_000_000;
const FIRST_ID: u128 = 10_000_000_000;
const FIRST_WENT_ID: u128 = 20_000_000_000;
const STREETS: [&str; 8] = ["Oak", "Maple", "Cedar", "Pine", "Elm", "Walnut", "Willow", "Mill"];

/// A tool, and what it made.
struct Other {
    tool: Tool,
    /// What people call them.
    many: &'static str,
    table: &'static str,
    path: &'static str,
    /// One of them for so many registrations.
    of: u32,
    first_id: u128,
}

const OTHERS: [Other; 4] = [
    Other {
        tool: Tool::Absentee,
        many: "ballot requests",
        table: "absentee_ballotrequest",
        path: "/manage/one/absentee/",
        of: 5,
        first_id: FIRST_ID,
    },
    Other {
        tool: Tool::Verify,
        many: "lookups",
        table: "verifier_lookup",
        path: "/manage/one/verifier/",
        of: 5,
        first_id: FIRST_ID + IDS_OF_A_TOOL,
    },
    Other {
        tool: Tool::Locate,
        many: "polling places",
        table: "polling_place_pollingplacelookup",
        path: "/manage/one/pollingplace/",
        of: 10,
        first_id: FIRST_ID + 2 * IDS_OF_A_TOOL,
    },
    Other {
        tool: Tool::Remind,
        many: "reminders",
        table: "reminder_reminderrequest",
        path: "/manage/one/reminder/",
        of: 10,
        first_id: FIRST_ID + 3 * IDS_OF_A_TOOL,
    },
];

/// The id of the ballot request with that number.
pub(crate) fn request(number: u32) -> Uuid {
    OTHERS[0].id(number)
}

/// Where the one with that number asks for a polling place.
fn asked(number: u32) -> String {
    format!("{number} {} Street, Boston, MA", STREETS[number as usize % STREETS.len()])
}

/// The same of the number `i`, in SQL.
fn asked_in_sql() -> String {
    let streets = STREETS.join("','");
    format!("i || ' ' || (ARRAY['{streets}'])[i % {} + 1] || ' Street, Boston, MA'", STREETS.len())
}

impl Other {
    fn id(&self, number: u32) -> Uuid {
        Uuid::from_u128(self.first_id + u128::from(number))
    }

    /// How each record differs from the one that all are made of, in SQL.
    fn own(&self) -> String {
        let (first, last) = names_in_sql();
        match self.tool {
            Tool::Locate => format!("'unstructured_address', {}", asked_in_sql()),
            Tool::Register | Tool::Absentee | Tool::Verify | Tool::Remind => {
                let region = format!("'region_id', {FIRST_REGION} + i % ({REGIONS} * {})", STATES.len());
                let region = if self.tool == Tool::Absentee { region + ", " } else { String::new() };
                format!(
                    "{region}'first_name', {first}, 'last_name', {last}, \
                     'email', lower({first}) || '.' || lower({last}) || i || '@example.org'"
                )
            }
        }
    }

    /// What the search knows of one.
    fn entry(&self, number: u32) -> Option<Listed> {
        let (action, created_at) = (Some(ActionId(self.id(number))), made_at(number));
        let details = |it: VoterDetails| VoterDetails {
            name: named(&it.name, number),
            email: Some(email(number)),
            ..it
        };
        match self.tool {
            Tool::Register => None,
            Tool::Absentee => {
                let it = rows::ballot_request();
                let (name, email) = (named(&it.name, number), Some(email(number)));
                Listed::ballot_request(&BallotRequest { action, created_at, name, email, ..it })
            }
            Tool::Verify => {
                let it = rows::whole_lookup();
                let voter = details(it.voter.clone());
                Listed::lookup(&Lookup { action, created_at, voter, ..it })
            }
            Tool::Remind => {
                let it = rows::whole_reminder();
                let voter = details(it.voter.clone());
                Listed::reminder(&ReminderRequest { action, created_at, voter, ..it })
            }
            Tool::Locate => {
                let unstructured_address = Some(asked(number));
                let it = rows::whole_polling_place();
                Listed::polling_place(&PollingPlaceLookup { action, created_at, unstructured_address, ..it })
            }
        }
    }

    async fn fill(&self, connection: &mut PgConnection, voters: u32) -> anyhow::Result<()> {
        let count = voters / self.of;
        let (table, own) = (self.table, self.own());
        let (uuid, at) = (uuid_in_sql(self.first_id, "i"), moment_of("i"));
        let one = Uuid::from_u128(1);
        let series = format!("generate_series(1, {count}) i");
        let made = format!("'uuid', {uuid}, 'created_at', {at}, 'modified_at', {at}");
        for statement in [
            format!(
                "INSERT INTO action_action SELECT r.* FROM action_action a, {series}, \
                 LATERAL jsonb_populate_record(a, jsonb_build_object({made})) r WHERE a.uuid = '{one}'"
            ),
            format!(
                "INSERT INTO event_tracking_event SELECT r.* FROM event_tracking_event e, {series}, \
                 LATERAL jsonb_populate_record(e, jsonb_build_object({made}, 'action_id', {uuid})) r \
                 WHERE e.uuid = '{one}' AND i % 2 = 0"
            ),
            format!(
                "INSERT INTO {table} SELECT r.* FROM {table} o, {series}, \
                 LATERAL jsonb_populate_record(o, jsonb_build_object({made}, 'action_id', {uuid}, \
                 'state_id', (ARRAY['MA','NY','PA'])[i % 3 + 1], {own})) r WHERE o.action_id = '{one}'"
            ),
        ] {
            run(connection, &statement).await?;
        }
        index(connection, self.tool, count, |number| self.entry(number)).await
    }

    /// Its pages, by name.
    fn pages(&self, voters: u32) -> Vec<(String, String)> {
        let (path, middle) = (self.path, voters / self.of / 2);
        let cursor = format!("{}~{}", made_at(middle).timestamp_micros(), self.id(middle));
        let mut pages = vec![
            ("list", path.to_owned()),
            ("list, from the middle on", format!("{path}?after={cursor}&page=7")),
            ("list of a state", format!("{path}?state=NY")),
        ];
        pages.extend(match self.tool {
            Tool::Locate => vec![
                ("search: a frequent street", format!("{path}?q=oak")),
                ("search: a whole address", format!("{path}?q={middle}+{}", STREETS[middle as usize % 8])),
                ("search: nobody", format!("{path}?q=christopfer")),
            ],
            Tool::Register | Tool::Absentee | Tool::Verify | Tool::Remind => vec![
                ("search: a frequent first name", format!("{path}?q=maria")),
                ("search: a rare name", format!("{path}?q=okonkwo")),
                ("search: an e-mail address", format!("{path}?q={}", email(middle).replace('@', "%40"))),
            ],
        });
        pages.push(("one", format!("{path}{}/", self.id(middle))));
        pages.into_iter().map(|(name, path)| (format!("{}, {name}", self.many), path)).collect()
    }
}

/// Regions, each with an office that has an address; and signing online is switched on where they are.
async fn regions(connection: &mut PgConnection) -> anyhow::Result<()> {
    let states = STATES.map(State::code).join("','");
    let statement = format!(
        "INSERT INTO official_region (external_id, name, county, state_id, hidden, created_at, modified_at) \
         SELECT {FIRST_REGION} + i, 'Region ' || lpad(i::text, 5, '0'), 'County', \
         (ARRAY['{states}'])[i / {REGIONS} + 1], false, now(), now() \
         FROM generate_series(0, {REGIONS} * {} - 1) i; \
         INSERT INTO official_office (external_id, region_id, created_at, modified_at) \
         SELECT external_id, external_id, now(), now() FROM official_region WHERE external_id >= {FIRST_REGION}; \
         INSERT INTO official_address (external_id, office_id, address, city, state_id, zipcode, email, fax, \
         is_physical, is_regular_mail, process_absentee_requests, created_at, modified_at) \
         SELECT external_id, external_id, '1 Court Square', 'City', state_id, '01234', \
         CASE WHEN external_id % 3 > 0 THEN 'clerk' || external_id || '@example.org' END, \
         CASE WHEN external_id % 2 > 0 THEN '+14135550124' END, true, true, true, now(), now() \
         FROM official_region WHERE external_id >= {FIRST_REGION}; \
         INSERT INTO switch (feature, variable, value, modified_at) \
         SELECT 'vbm_esign', name, 'true', now() FROM unnest(ARRAY['', '{states}']) name",
        STATES.len()
    );
    run(connection, &statement).await
}

/// Has three of four ballot requests gone out, one in each way, evenly over the days.
async fn went_out(connection: &mut PgConnection, count: u32) -> anyhow::Result<()> {
    let (uuid, action) = (uuid_in_sql(FIRST_WENT_ID, "i"), uuid_in_sql(FIRST_ID, "i"));
    let (ways, seconds) = (WENT.join("','"), DAYS * 86_400);
    let at = format!("now() - i::bigint * 7919 % {seconds} * interval '1 second'");
    let statement = format!(
        "INSERT INTO event_tracking_event SELECT r.* FROM event_tracking_event e, generate_series(1, {count}) i, \
         LATERAL jsonb_populate_record(e, jsonb_build_object('uuid', {uuid}, 'action_id', {action}, \
         'event_type', (ARRAY['{ways}'])[i % 4], 'created_at', {at}, 'modified_at', {at})) r \
         WHERE e.uuid = '{}' AND i % 4 > 0",
        Uuid::from_u128(1)
    );
    run(connection, &statement).await
}

/// Fills a database that has its registrations.
pub(crate) async fn fill(database: &str, voters: u32) -> anyhow::Result<()> {
    let store = PgStore::open(database, PgOptions::default())?;
    let mut unit = store.begin().await?;
    unit.elections_mut().put_state(&rows::state(State::Mi)).await?;
    let request = BallotRequest { signature: None, ..rows::ballot_request() };
    unit.ballot_requests_mut().insert(&BallotRequest { region: Some(RegionId(1)), ..request }).await?;
    unit.lookups_mut().insert(&rows::whole_lookup()).await?;
    unit.polling_places_mut().insert(&rows::whole_polling_place()).await?;
    unit.reminders_mut().insert(&rows::whole_reminder()).await?;
    unit.commit().await?;
    let mut connection = PgConnection::connect(database).await?;
    regions(&mut connection).await?;
    for other in &OTHERS {
        other.fill(&mut connection, voters).await?;
    }
    went_out(&mut connection, voters / OTHERS[0].of).await?;
    pack(&store, &mut connection).await?;
    store.close().await;
    Ok(())
}

/// The pages, by name.
pub(crate) fn pages(voters: u32) -> Vec<(String, String)> {
    OTHERS.iter().flat_map(|other| other.pages(voters)).collect()
}
