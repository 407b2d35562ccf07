//! The rows in RAM by the names that tables and columns have in a database: what the rooms ask that work on all tables
//! alike, of one person and of another service.
//!
//! `voters.rs`, `organizations.rs` and `elections.rs` say which field is which column, `cell.rs` how a value is written. What
//! another service gave beyond the fields is kept beside ([`Beside`]), as is a row that the domain cannot read: there it is for
//! who asks by name, and no room shows it. Here ids are written with hyphens.

mod bulk;
mod cell;
mod elections;
mod organizations;
mod subjects;
mod voters;

use std::sync::Arc;

use serde_json::Value;

use self::cell::{Cell, moment};
use super::rooms::{Rooms, Table};
use crate::{
    action::{Event, EventType},
    ids::{ActionId, EventId, FileId, RecoverySetId, UserId, VoterId},
    ports::store::Row,
    search::{ListKey, Terms, VoterList},
};

/// A column, and the field that it is.
struct Column<T: 'static> {
    name: &'static str,
    read: fn(&T) -> Value,
    /// Nothing when the field cannot have that value.
    write: fn(&mut T, &Value) -> Option<()>,
}

impl<T: 'static> Column<T> {
    const fn new(name: &'static str, read: fn(&T) -> Value, write: fn(&mut T, &Value) -> Option<()>) -> Self {
        Self { name, read, write }
    }

    /// One that is only read.
    const fn shown(name: &'static str, read: fn(&T) -> Value) -> Self {
        Self { name, read, write: |_, _| Some(()) }
    }
}

/// Columns that are fields, and after a semicolon any others.
macro_rules! columns {
    ($($name:ident: $($field:ident).+),* $(,)? $(; $($other:expr),* $(,)?)?) => {
        &[
            $(Column {
                name: stringify!($name),
                read: |it| Cell::value(&it.$($field).+),
                write: |it, value| {
                    it.$($field).+ = Cell::read(value)?;
                    Some(())
                },
            },)*
            $($($other,)*)?
        ]
    };
}
use columns;

/// A noun whose rows have a table.
trait Named: Clone + 'static {
    /// What it is found by in its room.
    type Key: Ord + Clone + Cell;
    /// The column of that.
    const KEY: &'static str = "uuid";
    /// The columns.
    const COLUMNS: &'static [Column<Self>];

    /// One of which nothing is known, to be filled in; nothing where rows come by their own room alone.
    fn blank() -> Option<Self> {
        None
    }
}

/// Rows of a room.
trait NamedRows {
    fn rows(&self) -> Vec<Row>;

    /// Adds or overwrites a row; whether it is one that the domain can read.
    fn put(&mut self, row: &Row) -> bool;

    fn remove(&mut self, row: &Row);
}

struct Of<'r, T: Named>(&'r mut Table<T::Key, T>);

/// A field of a row.
fn field<T: Cell>(row: &Row, column: &str) -> Option<T> {
    T::read(row.get(column)?)
}

fn row_of<const N: usize>(columns: [(&str, Value); N]) -> Row {
    columns.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

impl<T: Named> NamedRows for Of<'_, T> {
    fn rows(&self) -> Vec<Row> {
        let row =
            |it: &T| T::COLUMNS.iter().map(|column| (column.name.to_owned(), (column.read)(it))).collect();
        self.0.values().map(row).collect()
    }

    fn put(&mut self, row: &Row) -> bool {
        let Some(key) = field::<T::Key>(row, T::KEY) else { return false };
        let Some(mut it) = self.0.get(&key).cloned().or_else(T::blank) else { return false };
        let given = T::COLUMNS.iter().filter_map(|column| Some((column, row.get(column.name)?)));
        let is_read = given.map(|(column, value)| (column.write)(&mut it, value)).all(|it| it.is_some());
        let rows = Arc::make_mut(self.0);
        if is_read {
            rows.insert(key, it);
        } else {
            rows.remove(&key);
        }
        is_read
    }

    fn remove(&mut self, row: &Row) {
        if let Some(key) = field::<T::Key>(row, T::KEY) {
            Arc::make_mut(self.0).remove(&key);
        }
    }
}

struct Events<'r>(&'r mut Arc<Vec<Event>>);

impl NamedRows for Events<'_> {
    fn rows(&self) -> Vec<Row> {
        let row = |it: &Event| {
            row_of([
                ("uuid", it.id.value()),
                ("action_id", it.action.value()),
                ("event_type", it.kind.value()),
                ("created_at", it.created_at.value()),
            ])
        };
        self.0.iter().map(row).collect()
    }

    fn put(&mut self, row: &Row) -> bool {
        let read = || {
            Some(Event {
                id: field(row, "uuid")?,
                action: field(row, "action_id")?,
                kind: field::<EventType>(row, "event_type")?,
                created_at: field(row, "created_at")?,
            })
        };
        self.remove(row);
        let event = read();
        Arc::make_mut(self.0).extend(event.clone());
        event.is_some()
    }

    fn remove(&mut self, row: &Row) {
        let id = field::<EventId>(row, "uuid");
        Arc::make_mut(self.0).retain(|it| Some(it.id) != id);
    }
}

struct RecoverySets<'r>(&'r mut Table<RecoverySetId, UserId>);

impl NamedRows for RecoverySets<'_> {
    fn rows(&self) -> Vec<Row> {
        let row =
            |(id, user): (&RecoverySetId, &UserId)| row_of([("uuid", id.value()), ("user_id", user.value())]);
        self.0.iter().map(row).collect()
    }

    fn put(&mut self, row: &Row) -> bool {
        let both = field::<RecoverySetId>(row, "uuid").zip(field::<UserId>(row, "user_id"));
        Arc::make_mut(self.0).extend(both);
        both.is_some()
    }

    fn remove(&mut self, row: &Row) {
        if let Some(id) = field::<RecoverySetId>(row, "uuid") {
            Arc::make_mut(self.0).remove(&id);
        }
    }
}

/// What voters are found by. Nothing of it is packed here.
struct Lists<'r>(&'r mut Table<(VoterList, ListKey), Terms>);

impl Lists<'_> {
    fn row((list, key): &(VoterList, ListKey)) -> Row {
        row_of([
            ("partner_id", list.subscriber.value()),
            ("tool", list.tool.value()),
            ("created_at", key.created_at.value()),
            ("action_id", key.action.value()),
        ])
    }
}

impl NamedRows for Lists<'_> {
    fn rows(&self) -> Vec<Row> {
        let with_terms = |(place, terms): (&(VoterList, ListKey), &Terms)| {
            let mut row = Self::row(place);
            row.insert("terms".to_owned(), terms.text().into());
            row
        };
        self.0.iter().map(with_terms).collect()
    }

    fn put(&mut self, _row: &Row) -> bool {
        false
    }

    fn remove(&mut self, row: &Row) {
        let is_it = |place: &(VoterList, ListKey)| {
            Self::row(place).iter().all(|(column, value)| row.get(column) == Some(value))
        };
        Arc::make_mut(self.0).retain(|place, _| !is_it(place));
    }
}

/// What was given of a row.
#[derive(Debug, Clone)]
pub(super) struct Beside {
    row: Row,
    /// Whether the domain cannot read it, so that it is in no room.
    is_alone: bool,
}

/// Where what was given of rows is kept, by the table and the key.
pub(super) type AllBeside = Table<(&'static str, String), Beside>;

/// The column by which a row of a table is known.
fn key_of(table: &str) -> &'static str {
    match table {
        "election_state" => "code",
        "official_region" | "official_office" | "official_address" => "external_id",
        "absentee_leocontactoverride" | "absentee_regionovbmlink" => "region_id",
        "smsbot_number" => "phone",
        "held_mail" => "message_id",
        _ => "uuid",
    }
}

/// A key as a text.
fn written(key: &Value) -> String {
    key.as_str().map_or_else(|| key.to_string(), str::to_owned)
}

/// By what a row is known.
fn mark(table: &str, row: &Row) -> String {
    row.get(key_of(table)).map(written).unwrap_or_default()
}

macro_rules! of {
    ($($table:expr),*) => {
        vec![$(Box::new(Of($table))),*]
    };
}

impl Rooms {
    /// The rooms whose rows a table has: mostly one.
    fn named(&mut self, table: &str) -> Vec<Box<dyn NamedRows + '_>> {
        match table {
            "register_registration" => of![&mut self.registrations],
            "absentee_ballotrequest" => of![&mut self.ballot_requests],
            "verifier_lookup" => of![&mut self.lookups],
            "reminder_reminderrequest" => of![&mut self.reminders],
            "polling_place_pollingplacelookup" => of![&mut self.polling_places],
            "voter_voter" => of![&mut self.voters],
            "action_action" => of![&mut self.actions],
            "event_tracking_event" => vec![Box::new(Events(&mut self.events))],
            "integration_moverlead" => of![&mut self.movers],
            // of two rooms, by the service that they lead to
            "integration_link" => of![&mut self.letters, &mut self.contact_links],
            "search_fresh" => vec![Box::new(Lists(&mut self.listed))],
            "fax_fax" => of![&mut self.faxes],
            "storage_storageitem" => of![&mut self.files],
            "storage_secureuploaditem" => of![&mut self.uploads],
            "smsbot_number" => of![&mut self.numbers],
            "smsbot_smsmessage" => of![&mut self.messages],
            "smsbot_blast" => of![&mut self.blasts],
            "blast_recipient" => of![&mut self.recipients],
            "consent_entry" => of![&mut self.consents],
            "email_suppression" => {
                let rows = self.suppressions.values().map(organizations::suppression).collect();
                vec![Box::new(Shown(rows))]
            }
            "held_mail" => of![&mut self.held_mails],
            "webhook_delivery" => of![&mut self.deliveries],
            "multi_tenant_client" => of![&mut self.subscribers],
            "multi_tenant_partnerslug" => of![&mut self.slugs],
            "multi_tenant_subscriberintegrationproperty" => of![&mut self.integrations],
            "subscription_subscription" => of![&mut self.subscriptions],
            "subscription_interest" => of![&mut self.interests],
            "subscription_product" => of![&mut self.products],
            "apikey_apikey" => of![&mut self.api_keys],
            "accounts_user" => of![&mut self.users],
            "accounts_invite" => of![&mut self.invites],
            "multi_tenant_association" => of![&mut self.associations],
            "multi_tenant_inviteassociation" => of![&mut self.invite_associations],
            "account_authenticator" => of![&mut self.authenticators],
            "account_phone" => of![&mut self.phone_factors],
            "account_recovery_set" => vec![Box::new(RecoverySets(&mut self.recovery_sets))],
            "account_recovery_code" => of![&mut self.recovery_codes],
            "account_session" => of![&mut self.sessions],
            "reporting_report" => of![&mut self.reports],
            "change_entry" => of![&mut self.changes],
            "election_state" => of![&mut self.states],
            "election_stateinformationfieldtype" => of![&mut self.field_types],
            "election_stateinformation" => of![&mut self.information],
            "election_updatenotificationwebhook" => of![&mut self.update_webhooks],
            "official_region" => of![&mut self.regions],
            "official_office" => of![&mut self.offices],
            "official_address" => of![&mut self.addresses],
            "absentee_leocontactoverride" => of![&mut self.contact_overrides],
            "absentee_regionovbmlink" => of![&mut self.region_links],
            _ => Vec::new(),
        }
    }

    /// All rows of a table.
    fn named_rows(&mut self, table: &'static str) -> Vec<Row> {
        let mut rows: Vec<Row> = self.named(table).iter().flat_map(|room| room.rows()).collect();
        for row in &mut rows {
            if let Some(beside) = self.beside.get(&(table, mark(table, row))) {
                let mut whole = beside.row.clone();
                whole.extend(std::mem::take(row));
                *row = whole;
            }
            self.add_pointer(table, row);
        }
        let alone = self.beside.iter().filter(|((of, _), beside)| *of == table && beside.is_alone);
        rows.extend(alone.map(|(_, beside)| beside.row.clone()));
        rows
    }

    /// Adds a row, or overwrites the one of its key.
    fn put_named(&mut self, table: &'static str, row: &Row) {
        let mut is_read = false;
        for mut room in self.named(table) {
            if is_read {
                room.remove(row);
            } else {
                is_read = room.put(row);
            }
        }
        let beside = Beside { row: row.clone(), is_alone: !is_read };
        Arc::make_mut(&mut self.beside).insert((table, mark(table, row)), beside);
        self.set_pointer(table, row, false);
    }

    fn remove_named(&mut self, table: &'static str, row: &Row) {
        for mut room in self.named(table) {
            room.remove(row);
        }
        Arc::make_mut(&mut self.beside).remove(&(table, mark(table, row)));
        self.set_pointer(table, row, true);
    }

    /// The column of a table that is a table of its own here.
    fn add_pointer(&self, table: &str, row: &mut Row) {
        match table {
            "action_action" => {
                let voter = field::<ActionId>(row, "uuid").and_then(|id| self.voter_links.get(&id).copied());
                row.insert("voter_id".to_owned(), voter.value());
            }
            "storage_storageitem" => {
                let of = field::<FileId>(row, "uuid").and_then(|id| self.previews.get(&id).copied());
                row.insert("preview_of_id".to_owned(), of.value());
            }
            _ => {}
        }
    }

    fn set_pointer(&mut self, table: &str, row: &Row, is_gone: bool) {
        match table {
            "action_action" => {
                let to = field::<VoterId>(row, "voter_id").filter(|_| !is_gone);
                point(&mut self.voter_links, field(row, "uuid"), to);
            }
            "storage_storageitem" => {
                let to = field::<FileId>(row, "preview_of_id").filter(|_| !is_gone);
                point(&mut self.previews, field(row, "uuid"), to);
            }
            _ => {}
        }
    }
}

/// Has one point to another, or to nothing.
fn point<K: Ord + Clone, V: Clone>(pointers: &mut Table<K, V>, from: Option<K>, to: Option<V>) {
    let Some(from) = from else { return };
    let pointers = Arc::make_mut(pointers);
    match to {
        Some(to) => pointers.insert(from, to),
        None => pointers.remove(&from),
    };
}

/// Rows that are only read.
struct Shown(Vec<Row>);

impl NamedRows for Shown {
    fn rows(&self) -> Vec<Row> {
        self.0.clone()
    }

    fn put(&mut self, _row: &Row) -> bool {
        false
    }

    fn remove(&mut self, _row: &Row) {}
}

#[cfg(all(test, feature = "conformance"))]
mod tests {
    use super::*;
    use crate::{
        action::EventType,
        address::State,
        conformance::rows::{self, at, uuid},
        django::tables,
        file::FileType,
        ids::{AssociationId, SubscriberId},
        sms::Message,
        subject::HOLDINGS,
    };

    /// Puts what is read of one thing into an empty room.
    fn comes_back<T: Named + PartialEq>(it: T) {
        let mut from = Table::default();
        let key = T::COLUMNS.iter().find(|column| column.name == T::KEY).expect("its key is a column");
        let key = T::Key::read(&(key.read)(&it)).expect("a key");
        Arc::make_mut(&mut from).insert(key, it.clone());
        let rows = Of(&mut from).rows();
        let mut to = Table::default();
        assert!(rows.iter().all(|row| Of::<T>(&mut to).put(row)), "{}", std::any::type_name::<T>());
        assert!(to.values().eq([&it]), "{}", std::any::type_name::<T>());
        Of::<T>(&mut to).remove(&rows[0]);
        assert!(to.is_empty(), "{}", std::any::type_name::<T>());
    }

    #[test]
    fn every_field_is_written_as_it_is_read() {
        comes_back(rows::registration());
        comes_back(rows::bare_registration());
        comes_back(rows::ballot_request());
        comes_back(rows::bare_ballot_request());
        comes_back(rows::whole_lookup());
        comes_back(rows::whole_reminder());
        comes_back(rows::whole_polling_place());
        comes_back(rows::bare_polling_place());
        comes_back(rows::whole_voter());
        comes_back(rows::bare_voter());
        comes_back(rows::action(1));
        comes_back(rows::lead(2));
        comes_back(rows::letter(3));
        comes_back(rows::fax(4));
        comes_back(rows::file(5, FileType::AbsForm, 6));
        comes_back(rows::upload(7, 8));
        comes_back(rows::number());
        // where somebody may be is nothing that another service knows
        comes_back(Message { whereabouts: None, ..rows::message(9) });
        comes_back(rows::subscriber(10, 11));
        comes_back(rows::slug(12, "slug"));
        comes_back(rows::subscription(13));
        comes_back(rows::interest(14, 15));
        comes_back(rows::api_key(16, 17, 18));
        comes_back(rows::user(19, 20));
        comes_back(rows::invite(21, "a@example.org", 22, 23));
        comes_back(crate::account::Association {
            id: AssociationId(uuid(24)),
            subscriber: SubscriberId(uuid(25)),
            user: UserId(uuid(26)),
            created_at: at(27),
        });
        comes_back(rows::change(28, 29));
        comes_back(rows::state(State::Ma));
        comes_back(rows::field_type(30, "slug", None));
        comes_back(rows::fact(31, State::Oh, 32, "text"));
        comes_back(rows::region(33, Some("name")));
        comes_back(rows::office(34));
        comes_back(rows::address(35, 36, true));
        comes_back(rows::address(37, 38, false));
        comes_back(rows::contact_override());
        comes_back(rows::region_link());
    }

    #[test]
    fn events_and_sets_of_codes_are_written_as_they_are_read() {
        let events = Arc::new(vec![rows::event(1, EventType::Finish, 2)]);
        let mut rooms = Rooms { events, ..Rooms::default() };
        Arc::make_mut(&mut rooms.recovery_sets).insert(RecoverySetId(uuid(3)), UserId(uuid(4)));
        let before = format!("{:?} {:?}", rooms.events, rooms.recovery_sets);
        for table in ["event_tracking_event", "account_recovery_set"] {
            let rows = rooms.named_rows(table);
            rooms.remove_named(table, &rows[0]);
            assert!(rooms.named_rows(table).is_empty(), "{table}");
            rooms.put_named(table, &rows[0]);
        }
        assert_eq!(format!("{:?} {:?}", rooms.events, rooms.recovery_sets), before);
    }

    #[test]
    fn every_table_that_is_asked_for_is_that_of_a_room() {
        let mut rooms = Rooms::default();
        let held = HOLDINGS.iter().map(|holding| holding.table).filter(|table| *table != "search_entry");
        for table in held.chain(tables().map(|table| table.name)) {
            assert!(!rooms.named(table).is_empty(), "{table}");
        }
    }
}
