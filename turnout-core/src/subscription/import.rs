//! Contacts of subscriptions from a table (`flows.md` 25). An empty cell keeps what there is.
//!
//! Who reads the table gives its rows, by the names of the columns. Everything that is wrong is gathered, with the places of
//! the rows, also what only the store knows; then all rows are written in one unit, or none.

use std::{collections::BTreeMap, fmt};

use super::{
    Subscription,
    edit::{LONGEST_CONTACT, LONGEST_NOTES, bare, write},
    sign_up::LONGEST_EIN,
};
use crate::{
    app::App,
    ids::SubscriberId,
    person::{LONGEST_EMAIL, Phone, is_email},
    ports::store::StoreError,
    subscriber::Plan,
};

/// The column by which a row finds its subscriber.
pub const SLUG: &str = "Subscriber Slug";
/// The columns of the table; the first has to be there.
pub const COLUMNS: [&str; 8] = [
    SLUG,
    "Primary Contact First Name",
    "Primary Contact Last Name",
    "Primary Contact Email",
    "Primary Contact Phone",
    "EIN",
    "Plan",
    "Internal Notes",
];

/// Something that is wrong with the table, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The place: `contacts.csv, row 12`.
    pub place: String,
    /// What is wrong; no cell is repeated that may tell who a person is.
    pub what: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// A row that was read.
struct Row {
    place: String,
    slug: String,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    phone: Option<Phone>,
    ein: Option<String>,
    plan: Option<Plan>,
    notes: Option<String>,
}

/// A table that is being read.
#[derive(Default)]
pub struct ContactTable {
    rows: Vec<Row>,
    complaints: Vec<Complaint>,
}

/// What an import did, or would do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Subscriptions that are new.
    pub added: usize,
    /// Subscriptions that changed.
    pub changed: usize,
    /// Subscriptions that were so already.
    pub unchanged: usize,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// These are wrong.
    #[error("the table has complaints")]
    Refused(Vec<Complaint>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ContactTable {
    /// Notes something that is wrong with the table.
    pub fn complain(&mut self, place: &str, what: &str) {
        self.complaints.push(Complaint { place: place.to_owned(), what: what.to_owned() });
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Takes a row: its cells by the names of [`COLUMNS`], trimmed. Cells of other names are not looked at.
    pub fn row(&mut self, place: &str, cells: &BTreeMap<&str, &str>) {
        let cell = |at: usize| cells.get(COLUMNS[at]).copied().filter(|text| !text.is_empty());
        let known = self.complaints.len();
        let Some(slug) = cell(0) else { return self.complain(place, "the slug is missing") };
        let mut complain = |what: &str| self.complain(place, what);
        for (at, what) in [(1, "first"), (2, "last")] {
            if cell(at).is_some_and(|name| name.chars().count() > LONGEST_CONTACT) {
                complain(&format!("the {what} name is longer than {LONGEST_CONTACT} characters"));
            }
        }
        let email = cell(3);
        if email.is_some_and(|text| !is_email(text) || text.chars().count() > LONGEST_EMAIL) {
            complain("the e-mail address is none");
        }
        let phone = cell(4).map(Phone::parse);
        if phone == Some(None) {
            complain("the phone number is none: write it with its area code, as 202-555-0143");
        }
        if cell(5).is_some_and(|ein| ein.chars().count() > LONGEST_EIN) {
            complain("the EIN is longer than 20 characters");
        }
        let plan = cell(6).map(|text| Plan::parse(&text.to_lowercase()));
        if plan == Some(None) {
            complain("the plan is none of free, premium, nonprofit");
        }
        if cell(7).is_some_and(|notes| notes.chars().count() > LONGEST_NOTES) {
            complain(&format!("the notes are longer than {LONGEST_NOTES} characters"));
        }
        if (0..COLUMNS.len()).filter_map(cell).any(|text| text.contains('\0')) {
            complain("a cell holds a null character");
        }
        if let Some(first) = self.rows.iter().find(|row| row.slug == slug).map(|row| row.place.clone()) {
            self.complain(place, &format!("the slug is that of another row: {first}"));
        }
        if self.complaints.len() > known {
            return;
        }
        let text = |at| cell(at).map(str::to_owned);
        self.rows.push(Row {
            place: place.to_owned(),
            slug: slug.to_owned(),
            first_name: text(1),
            last_name: text(2),
            email: text(3),
            phone: phone.flatten(),
            ein: text(5),
            plan: plan.flatten(),
            notes: text(7),
        });
    }

    /// Writes all rows in one unit, or with `dry_run` says what that would do. `step` is called before each row.
    ///
    /// # Errors
    /// See [`ImportError`].
    pub async fn take_over(
        self,
        app: &App,
        dry_run: bool,
        mut step: impl FnMut(&str),
    ) -> Result<Imported, ImportError> {
        let Self { rows, mut complaints } = self;
        let mut unit = app.store.begin().await?;
        let mut imported = Imported::default();
        let mut seen = BTreeMap::<SubscriberId, String>::new();
        for row in rows {
            step(&row.slug);
            let Some(subscriber) = unit.subscribers().by_slug(&row.slug).await? else {
                let what = format!("no subscriber has the slug {:?}", row.slug);
                complaints.push(Complaint { place: row.place, what });
                continue;
            };
            if let Some(other) = seen.insert(subscriber.id, row.place.clone()) {
                let what = format!("its subscriber is that of another row: {other}");
                complaints.push(Complaint { place: row.place, what });
                continue;
            }
            let before = unit.subscriptions_mut().lock(subscriber.id).await?;
            let after = row.over(before.clone().unwrap_or_else(|| bare(app, subscriber.id)));
            let count = match &before {
                None => &mut imported.added,
                Some(before) if *before == after => {
                    imported.unchanged += 1;
                    continue;
                }
                Some(_) => &mut imported.changed,
            };
            *count += 1;
            let after = Subscription { modified_at: app.now(), ..after };
            write(app, None, unit.as_mut(), before.as_ref(), &after).await?;
        }
        if !complaints.is_empty() {
            return Err(ImportError::Refused(complaints));
        }
        if !dry_run {
            unit.commit().await?;
        }
        Ok(imported)
    }
}

impl Row {
    /// What it says, over what there is.
    fn over(self, mut it: Subscription) -> Subscription {
        let put = |new: Option<String>, old: &mut Option<String>| {
            if new.is_some() {
                *old = new;
            }
        };
        put(self.first_name, &mut it.contact.first_name);
        put(self.last_name, &mut it.contact.last_name);
        put(self.email, &mut it.contact.email);
        put(self.ein, &mut it.ein);
        put(self.notes, &mut it.internal_notes);
        it.contact.phone = self.phone.or(it.contact.phone);
        it.plan = self.plan.unwrap_or(it.plan);
        it
    }
}
