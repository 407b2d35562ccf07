//! What is known of a model: its fields, and the table that takes them.

use serde_json::Value;

use crate::ports::store::{Column, ColumnKind, Newer, Row, Table};

/// How a value of the document is read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Uuid,
    /// The short or the hex form of a UUID, of which only a hash is kept.
    Token,
    Text,
    Boolean,
    Integer,
    Moment,
    Day,
    Json,
    /// One of the wire values of an enumeration.
    Choice(fn(&str) -> bool),
    /// A telephone number in the form of the United States, or whatever was typed.
    Phone,
    State,
    /// `SRID=4326;POINT (lng lat)`, in two columns.
    Point,
    /// Bytes in hex.
    Hex,
    /// The number of a row where we have UUIDs: the UUID follows from the model and the number.
    Numbered(&'static str),
    /// The id of a person, or a natural key of one, which nobody here has.
    Person,
}

impl Kind {
    /// How its values are written.
    fn columns(self, name: &'static str) -> Vec<Column> {
        let kind = match self {
            Self::Uuid | Self::Person | Self::Numbered(_) => ColumnKind::Uuid,
            Self::Token | Self::Hex => ColumnKind::Bytes,
            Self::Text | Self::Choice(_) | Self::Phone | Self::State => ColumnKind::Text,
            Self::Boolean => ColumnKind::Boolean,
            Self::Integer => ColumnKind::Integer,
            Self::Moment => ColumnKind::Moment,
            Self::Day => ColumnKind::Day,
            Self::Json => ColumnKind::Json,
            Self::Point => {
                let real = |name| Column { name, kind: ColumnKind::Real };
                return vec![real("location_lat"), real("location_lng")];
            }
        };
        vec![Column { name, kind }]
    }
}

/// A field of a model.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    /// Its name in the document.
    pub(super) name: &'static str,
    /// The column that takes it.
    pub(super) column: &'static str,
    /// The column that it has in the database of that service.
    pub(super) from: &'static str,
    /// Its values.
    pub(super) kind: Kind,
    /// Whether it may be null.
    pub(super) null: bool,
    /// The model that it points to.
    pub(super) to: Option<&'static str>,
    /// Whether no two records of a document have the same.
    pub(super) unique: bool,
}

impl Field {
    pub(super) const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, column: name, from: name, kind, null: true, to: None, unique: false }
    }

    pub(super) const fn required(mut self) -> Self {
        self.null = false;
        self
    }

    pub(super) const fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    pub(super) const fn into(mut self, column: &'static str) -> Self {
        self.column = column;
        self.from = column;
        self
    }

    /// The column of that service, where ours has another name.
    pub(super) const fn from(mut self, column: &'static str) -> Self {
        self.from = column;
        self
    }

    /// A foreign key.
    pub(super) const fn to(mut self, model: &'static str, column: &'static str) -> Self {
        self.to = Some(model);
        self.into(column)
    }
}

/// What else a row of a model needs, made of what was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extra {
    Nothing,
    /// The name of a stored file, and what we note beside.
    File,
    /// How the form of a ballot request that was made last goes to the office.
    BallotRequest,
    /// The hash of an API key's secret, and since when it opens nothing.
    ApiKey,
    /// Since when an authenticator app counts.
    Authenticator,
    /// Since when a telephone counts, and whether it is a backup.
    PhoneFactor,
    /// When codes were printed.
    RecoverySet,
    /// The hash of a printed code.
    RecoveryCode,
    /// How many rows an export that was made has.
    Export,
    /// What was done to what, of a version of a record.
    Version,
}

impl Extra {
    fn columns(self) -> Vec<Column> {
        let column = |(name, kind)| Column { name, kind };
        match self {
            Self::Nothing => Vec::new(),
            Self::BallotRequest => vec![column(("way", ColumnKind::Text))],
            Self::File => [
                ("name", ColumnKind::Text),
                ("generation", ColumnKind::Integer),
                ("claimed", ColumnKind::Boolean),
            ]
            .map(column)
            .to_vec(),
            Self::Authenticator => [("confirmed_at", ColumnKind::Moment), ("created_at", ColumnKind::Moment)]
                .map(column)
                .to_vec(),
            Self::PhoneFactor => [
                ("is_backup", ColumnKind::Boolean),
                ("confirmed_at", ColumnKind::Moment),
                ("last_step", ColumnKind::Integer),
                ("created_at", ColumnKind::Moment),
            ]
            .map(column)
            .to_vec(),
            Self::RecoverySet => vec![column(("created_at", ColumnKind::Moment))],
            Self::RecoveryCode => {
                [("code_hash", ColumnKind::Bytes), ("created_at", ColumnKind::Moment)].map(column).to_vec()
            }
            Self::Export => vec![column(("rows_written", ColumnKind::Integer))],
            Self::Version => [
                ("kind", ColumnKind::Text),
                ("act", ColumnKind::Text),
                ("subscriber_id", ColumnKind::Uuid),
                ("before", ColumnKind::Json),
                ("after", ColumnKind::Json),
            ]
            .map(column)
            .to_vec(),
            Self::ApiKey => [("secret_hash", ColumnKind::Bytes), ("deactivated_at", ColumnKind::Moment)]
                .map(column)
                .to_vec(),
        }
    }
}

/// A model that is kept.
#[derive(Debug)]
pub(super) struct Model {
    /// Its name in the document.
    pub(super) label: &'static str,
    /// Its table in the database of that service.
    pub(super) origin: &'static str,
    /// Its primary key.
    pub(super) key: Field,
    /// Its other fields.
    pub(super) fields: Vec<Field>,
    /// Fields that are made anew here.
    pub(super) made_anew: &'static [&'static str],
    /// What else a row needs.
    pub(super) extra: Extra,
    /// Whether there are few of them, and they are written before all others.
    pub(super) few: bool,
    /// The table.
    pub(super) table: Table,
}

impl Model {
    pub(super) fn new(label: &'static str, table: &'static str, key: Field, fields: Vec<Field>) -> Self {
        let columns = std::iter::once(&key).chain(&fields).flat_map(|field| field.kind.columns(field.column));
        let table = Table {
            name: table,
            key: key.column,
            columns: columns.collect(),
            newer: Newer::Changed,
            natural: &[],
            pointed_at: &[],
        };
        Self {
            label,
            origin: table.name,
            key,
            fields,
            made_anew: &[],
            extra: Extra::Nothing,
            few: false,
            table,
        }
    }

    /// The table of that service, where ours has another name.
    pub(super) fn origin(mut self, table: &'static str) -> Self {
        self.origin = table;
        self
    }

    pub(super) fn made_anew(mut self, fields: &'static [&'static str]) -> Self {
        self.made_anew = fields;
        self
    }

    pub(super) fn with(mut self, extra: Extra) -> Self {
        // the secret itself is not kept
        self.table.columns.retain(|column| extra != Extra::ApiKey || column.name != "secret");
        self.table.columns.extend(extra.columns());
        self.extra = extra;
        self
    }

    pub(super) fn newer(mut self, newer: Newer) -> Self {
        self.table.newer = newer;
        self
    }

    pub(super) fn few(mut self) -> Self {
        self.few = true;
        self
    }

    pub(super) fn natural(
        mut self,
        columns: &'static [&'static str],
        pointed_at: &'static [(&'static str, &'static str)],
    ) -> Self {
        self.table.natural = columns;
        self.table.pointed_at = pointed_at;
        self
    }
}

/// A text of a row that was read.
pub(super) fn text<'a>(row: &'a Row, column: &str) -> Option<&'a str> {
    row.get(column).and_then(Value::as_str)
}
