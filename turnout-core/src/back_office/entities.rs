//! What there is: every kind of record with its columns, in one table.

/// A kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entity {
    /// Keys of partners' programs.
    ApiKeys,
    /// Texts to many at once, those that were taken over too.
    Blasts,
    /// Faxes to election offices.
    Faxes,
    /// Kinds of facts about states.
    FieldTypes,
    /// Files made for persons.
    Files,
    /// Organizations that asked to become subscribers.
    Interests,
    /// Invitations to have an account.
    Invites,
    /// Letters to voters.
    Letters,
    /// Texts that came or went.
    Messages,
    /// Telephone numbers.
    Numbers,
    /// What was sold once.
    Products,
    /// Areas of election offices.
    Regions,
    /// Exports.
    Reports,
    /// Names of subscribers in URLs.
    Slugs,
    /// States and territories.
    States,
    /// Organizations that use the service.
    Subscribers,
    /// What organizations subscribe to.
    Subscriptions,
    /// Sites that are built anew when facts change.
    UpdateWebhooks,
    /// People with accounts.
    Users,
    /// Addresses at which subscribers' programs are called.
    Webhooks,
}

/// In which order records are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The newest first.
    Newest,
    /// By their id.
    Id,
    /// By their id, which is a number.
    Number,
}

/// By what a list may be narrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Narrowing {
    /// By the id of the subscriber whose they are.
    Subscriber,
    /// By the id of the telephone number.
    Number,
    /// By the code of the state.
    State,
    /// By one of these words, each with what people call it.
    Choice(&'static [(&'static str, &'static str)]),
}

/// How what a column holds is to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A line of text, or a word for a choice.
    Text,
    /// A text of several lines.
    Long,
    /// A whole number.
    Number,
    /// Yes or no.
    Flag,
    /// A moment.
    Moment,
    /// A voter's telephone number: lists show it masked.
    Phone,
    /// The id of another record.
    Record(Entity),
    /// The id of somebody with an account.
    User,
    /// The id of something that has no record page.
    Id,
}

/// What may be set by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    /// Yes or no.
    Flag,
    /// A line of at most so many characters; whether it may be empty, which is nothing.
    Line {
        /// The most characters.
        most: usize,
        /// Whether there has to be one.
        required: bool,
    },
    /// Several lines, or nothing.
    Long,
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name in the table.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// How what it holds is to be understood.
    pub kind: Kind,
    /// Whether and how it may be set.
    pub edit: Option<Edit>,
}

/// What records of a kind are like.
#[derive(Debug)]
pub struct Shape {
    /// The kind.
    pub entity: Entity,
    /// Its name in URLs.
    pub path: &'static str,
    /// What the log calls one of them.
    pub kind: &'static str,
    /// What people call one of them.
    pub one: &'static str,
    /// What people call them.
    pub many: &'static str,
    /// In which order they are listed.
    pub order: Order,
    /// By what their list may be narrowed.
    pub narrowing: Option<Narrowing>,
    /// Whether one of them says something of a person: who looks at it is noted.
    pub is_personal: bool,
    /// Whether their ids are UUIDs.
    pub has_uuid: bool,
    /// Their columns. Lists show the first so many of them: see `listed`.
    pub columns: &'static [Column],
    /// How many columns lists show. The others are not read for a list.
    pub listed: usize,
}

const fn column(name: &'static str, label: &'static str, kind: Kind) -> Column {
    Column { name, label, kind, edit: None }
}

const fn editable(name: &'static str, label: &'static str, kind: Kind, edit: Edit) -> Column {
    Column { name, label, kind, edit: Some(edit) }
}

/// The words of a fax's status.
const FAX_STATUSES: &[(&str, &str)] = &[
    ("pending", "Pending"),
    ("sent", "Sent"),
    ("tmp_fail", "Temporary failure"),
    ("perm_fail", "Permanent failure"),
];

/// The words of how far a wish to become a subscriber has come.
const INTEREST_STATUSES: &[(&str, &str)] = &[
    ("pending", "Pending review"),
    ("subscribed", "Subscribed"),
    ("awaiting_payment", "Awaiting payment"),
    ("rejected", "Rejected"),
];

const MODIFIED: Column = column("modified_at", "Changed", Kind::Moment);
const CREATED: Column = column("created_at", "Made", Kind::Moment);
const OF_SUBSCRIBER: Column = column("partner_id", "Subscriber", Kind::Record(Entity::Subscribers));

impl Entity {
    /// All of them, by what people call them.
    pub const ALL: [Self; 20] = [
        Self::ApiKeys,
        Self::Blasts,
        Self::Interests,
        Self::Reports,
        Self::Faxes,
        Self::FieldTypes,
        Self::Files,
        Self::Invites,
        Self::Letters,
        Self::Products,
        Self::Regions,
        Self::Slugs,
        Self::States,
        Self::Subscribers,
        Self::Subscriptions,
        Self::Numbers,
        Self::Messages,
        Self::UpdateWebhooks,
        Self::Users,
        Self::Webhooks,
    ];

    /// What records of this kind are like.
    #[must_use]
    pub const fn shape(self) -> &'static Shape {
        match self {
            Self::ApiKeys => {
                const {
                    &Shape {
                        entity: Self::ApiKeys,
                        path: "api-keys",
                        kind: "api_key",
                        one: "API key",
                        many: "API keys",
                        order: Order::Newest,
                        narrowing: Some(Narrowing::Subscriber),
                        is_personal: false,
                        has_uuid: true,
                        columns: &[
                            OF_SUBSCRIBER,
                            editable(
                                "description",
                                "Description",
                                Kind::Text,
                                Edit::Line { most: 1_000, required: false },
                            ),
                            column("deactivated_at", "Ended", Kind::Moment),
                            CREATED,
                            column("created_by_id", "Made by", Kind::User),
                            column("deactivated_by_id", "Ended by", Kind::User),
                            MODIFIED,
                        ],
                        listed: 4,
                    }
                }
            }
            Self::Blasts => {
                const {
                    &Shape {
                        entity: Self::Blasts,
                        path: "blasts",
                        kind: "blast",
                        one: "blast",
                        many: "Blasts",
                        order: Order::Newest,
                        narrowing: None,
                        is_personal: false,
                        has_uuid: true,
                        columns: &[
                            column("description", "Name", Kind::Text),
                            column("campaign", "Campaign", Kind::Text),
                            column("status", "Status", Kind::Text),
                            column("subscriber_id", "Sender", Kind::Record(Self::Subscribers)),
                            CREATED,
                            column("content", "What it says", Kind::Long),
                            MODIFIED,
                        ],
                        listed: 5,
                    }
                }
            }
            Self::Faxes => {
                const {
                    &Shape {
                        entity: Self::Faxes,
                        path: "faxes",
                        kind: "fax",
                        one: "fax",
                        many: "Faxes",
                        order: Order::Newest,
                        narrowing: Some(Narrowing::Choice(FAX_STATUSES)),
                        is_personal: false,
                        has_uuid: true,
                        columns: &[
                            // that of an election office
                            column("to", "To", Kind::Text),
                            column("status", "Status", Kind::Text),
                            column("status_timestamp", "As of", Kind::Moment),
                            CREATED,
                            column("status_message", "What the gateway said", Kind::Text),
                            column("storage_item_id", "Document", Kind::Record(Self::Files)),
                            column("on_complete_task", "What follows", Kind::Text),
                            column("on_complete_task_arg", "For", Kind::Id),
                            MODIFIED,
                        ],
                        listed: 4,
                    }
                }
            }
            Self::FieldTypes => {
                const {
                    &Shape {
                        entity: Self::FieldTypes,
                        path: "field-types",
                        kind: "field_type",
                        one: "field type",
                        many: "Field types",
                        order: Order::Id,
                        narrowing: None,
                        is_personal: false,
                        has_uuid: false,
                        columns: &[
                            editable(
                                "long_name",
                                "Name",
                                Kind::Text,
                                Edit::Line { most: 200, required: true },
                            ),
                            column("field_format", "Format", Kind::Text),
                            editable("help_text", "Help for editors", Kind::Long, Edit::Long),
                            CREATED,
                            MODIFIED,
                        ],
                        listed: 2,
                    }
                }
            }
            Self::Files => {
                const {
                    &Shape {
                        entity: Self::Files,
                        path: "files",
                        kind: "file",
                        one: "file",
                        many: "Files",
                        order: Order::Newest,
                        narrowing: Some(Narrowing::Subscriber),
                        is_personal: true,
                        has_uuid: true,
                        columns: &[
                            column("app", "What it is", Kind::Text),
                            OF_SUBSCRIBER,
                            column("expires", "Link until", Kind::Moment),
                            column("first_download", "First download", Kind::Moment),
                            column("purged", "Deleted", Kind::Moment),
                            CREATED,
                            // which may have the voter's
                            column("name", "Name", Kind::Text),
                            column("email", "E-mail", Kind::Text),
                            column("claimed", "Belongs to a record", Kind::Flag),
                            MODIFIED,
                        ],
                        listed: 6,
                    }
                }
            }
            Self::Interests => {
                const {
                    &Shape {
                        entity: Self::Interests,
                        path: "interests",
                        kind: "interest",
                        one: "lead",
                        many: "Leads",
                        order: Order::Newest,
                        narrowing: Some(Narrowing::Choice(INTEREST_STATUSES)),
                        is_personal: false,
                        has_uuid: true,
                        columns: &[
                            column("organization_name", "Organization", Kind::Text),
                            column("status", "Status", Kind::Text),
                            column("plan", "Plan", Kind::Text),
                            CREATED,
                            column("website", "Home page", Kind::Text),
                            column("first_name", "First name", Kind::Text),
                            column("last_name", "Last name", Kind::Text),
                            column("email", "E-mail", Kind::Text),
                            column("phone", "Telephone", Kind::Text),
                            column("ein", "EIN", Kind::Text),
                            column("sms_mode", "How texts are asked about", Kind::Text),
                            column("reject_reason", "Why it was rejected", Kind::Long),
                            column("nonprofit", "Said to be a non-profit", Kind::Flag),
                            column("product_id", "Product", Kind::Record(Self::Products)),
                            MODIFIED,
                        ],
                        listed: 4,
                    }
                }
            }
            Self::Invites => {
                const {
                    &Shape {
                        entity: Self::Invites,
                        path: "invites",
                        kind: "invite",
                        one: "invitation",
                        many: "Invitations",
                        order: Order::Newest,
                        narrowing: None,
                        is_personal: false,
                        has_uuid: true,
                        columns: &[
                            column("email", "To", Kind::Text),
                            column("primary_client_id", "Subscriber", Kind::Record(Self::Subscribers)),
                            column("expires", "Can be accepted until", Kind::Moment),
                            column("consumed_at", "Accepted", Kind::Moment),
                            CREATED,
                            column("user_id", "Account", Kind::User),
                            MODIFIED,
                        ],
                        listed: 5,
                    }
                }
            }
            Self::Letters => {
                const {
                    &Shape {
                        entity: Self::Letters,
                        path: "letters",
                        kind: "letter",
                        one: "letter",
                        many: "Letters",
                        order: Order::Newest,
                        narrowing: Some(Narrowing::Subscriber),
                        is_personal: false,
                        has_uuid: true,
                        columns: &[
                            column("subscriber_id", "Subscriber", Kind::Record(Self::Subscribers)),
                            column("external_id", "Id at the mail house", Kind::Text),
                            CREATED,
                            column("action_id", "Action", Kind::Id),
                            MODIFIED,
                        ],
                        listed: 3,
                    }
                }
            }
            Self::Messages => {
                const {
                    &Shape {
                        entity: Self::Messages,
                        path: "messages",
                        kind: "message",
                        one: "text message",
                        many: "Text messages",
                        order: Order::Newest,
                        narrowing: Some(Narrowing::Number),
                        is_personal: true,
                        has_uuid: true,
                        columns: &[
                            column("phone_id", "Number", Kind::Phone),
                            column("direction", "Direction", Kind::Text),
                            column("status", "Status", Kind::Text),
                            column("purpose", "Purpose", Kind::Text),
                            CREATED,
                            column("message", "What it says", Kind::Long),
                            column("status_time", "As of", Kind::Moment),
                            column("twilio_sid", "Id at the carrier", Kind::Text),
                            column("blast_id", "Blast", Kind::Record(Self::Blasts)),
                            column("subscriber_id", "Sender", Kind::Record(Self::Subscribers)),
                            column("rule", "Rule", Kind::Text),
                            column("held_until", "Held until", Kind::Moment),
                            column("decided_at", "Decided", Kind::Moment),
                            MODIFIED,
                        ],
                        listed: 5,
                    }
                }
            }
            Self::Numbers => {
                const {
                    &Shape {
                        entity: Self::Numbers,
                        path: "numbers",
                        kind: "number",
                        one: "telephone number",
                        many: "Telephone numbers",
                        order: Order::Newest,
                        narrowing: None,
                        is_personal: true,
                        has_uuid: true,
                        columns: &[
                            column("phone", "Number", Kind::Phone),
                            column("welcome_time", "Greeted", Kind::Moment),
                            column("opt_out_time", "Opted out", Kind::Moment),
                            column("opt_in_time", "Opted in", Kind::Moment),
                            CREATED,
                            column("language", "Language", Kind::Text),
                            MODIFIED,
                        ],
                        listed: 5,
                    }
                }
            }
            Self::Products => {
                const {
                    &Shape {
                        entity: Self::Products,
                        path: "products",
                        kind: "product",
                        one: "product",
                        many: "Products",
                        order: Order::Newest,
                        narrowing: None,
                        is_personal: false,
                        has_uuid: true,
                        columns: &[
                            column("months", "Months", Kind::Number),
                            column("cost", "Dollars", Kind::Number),
                            column("public", "For everybody", Kind::Flag),
                            CREATED,
                            MODIFIED,
                        ],
                        listed: 4,
                    }
                }
            }
            Self::Regions => {
                const {
                    &Shape {
                        entity: Self::Regions,
                        path: "regions",
                        kind: "region",
                        one: "region",
                        many: "Regions",
                        order: Order::Number,
                        narrowing: Some(Narrowing::State),
                        is_personal: false,
                        has_uuid: false,
                        columns: &[
                            column("name", "Name", Kind::Text),
                            column("county", "County", Kind::Text),
                            column("state_id", "State", Kind::Text),
                            column("hidden", "Hidden", Kind::Flag),
                            column("gone_at", "Gone", Kind::Moment),
                            column("municipality", "Municipality", Kind::Text),
                            column("municipality_type", "Kind of municipality", Kind::Text),
                            column("replaced_by", "Number of the region in its place", Kind::Number),
                            column("external_updated", "Changed by the supplier", Kind::Moment),
                        ],
                        listed: 5,
                    }
                }
            }
            Self::Reports => {
                const {
                    &Shape {
                        entity: Self::Reports,
                        path: "reports",
                        kind: "report",
                        one: "export",
                        many: "Exports",
                        order: Order::Newest,
                        narrowing: Some(Narrowing::Subscriber),
                        is_personal: false,
                        has_uuid: true,
                        columns: &[
                            column("type", "Tool", Kind::Text),
                            column("status", "Status", Kind::Text),
                            OF_SUBSCRIBER,
                            column("author_id", "Asked for by", Kind::User),
                            CREATED,
                            column("result_item_id", "File", Kind::Record(Self::Files)),
                            column("rows_written", "Rows written", Kind::Number),
                            column("rows_total", "Rows altogether", Kind::Number),
                            column("made_since", "Records since", Kind::Moment),
                            column("made_before", "Records before", Kind::Moment),
                            MODIFIED,
                        ],
                        listed: 5,
                    }
                }
            }
            Self::Slugs => {
                const {
                    &Shape {
                        entity: Self::Slugs,
                        path: "slugs",
                        kind: "slug",
                        one: "slug",
                        many: "Slugs",
                        order: Order::Newest,
                        narrowing: Some(Narrowing::Subscriber),
                        is_personal: false,
                        has_uuid: true,
                        columns: &[column("slug", "Slug", Kind::Text), OF_SUBSCRIBER, CREATED],
                        listed: 3,
                    }
                }
            }
            Self::States => {
                const {
                    &Shape {
                        entity: Self::States,
                        path: "states",
                        kind: "state",
                        one: "state",
                        many: "States",
                        order: Order::Id,
                        narrowing: None,
                        is_personal: false,
                        has_uuid: false,
                        columns: &[
                            column("name", "Name", Kind::Text),
                            editable(
                                "allow_print_and_forward",
                                "Registrations may be mailed by us",
                                Kind::Flag,
                                Edit::Flag,
                            ),
                            editable(
                                "allow_absentee_print_and_forward",
                                "Ballot requests may be mailed by us",
                                Kind::Flag,
                                Edit::Flag,
                            ),
                            MODIFIED,
                        ],
                        listed: 3,
                    }
                }
            }
            Self::Subscribers => {
                const {
                    &Shape {
                        entity: Self::Subscribers,
                        path: "subscribers",
                        kind: "subscriber",
                        one: "subscriber",
                        many: "Subscribers",
                        order: Order::Newest,
                        narrowing: None,
                        is_personal: false,
                        has_uuid: true,
                        columns: &[
                            column("name", "Name", Kind::Text),
                            column("status", "Status", Kind::Text),
                            // set by a use-case of subscribers, as their history keeps them whole
                            column("is_first_party", "Runs the service", Kind::Flag),
                            column("has_api_access", "API access", Kind::Flag),
                            CREATED,
                            column("url", "Home page", Kind::Text),
                            column("email", "E-mail", Kind::Text),
                            column("privacy_policy", "Privacy policy", Kind::Text),
                            column("terms_of_service", "Terms of service", Kind::Text),
                            column("sms_enabled", "Sends texts", Kind::Flag),
                            column("sms_checkbox", "Shows a box for texts", Kind::Flag),
                            column("sms_checkbox_default", "The box is checked at first", Kind::Flag),
                            column("sms_disclaimer", "Words beside the box", Kind::Long),
                            column("default_slug_id", "Slug of its links", Kind::Record(Self::Slugs)),
                            MODIFIED,
                        ],
                        listed: 5,
                    }
                }
            }
            Self::Subscriptions => {
                const {
                    &Shape {
                        entity: Self::Subscriptions,
                        path: "subscriptions",
                        kind: "subscription",
                        one: "subscription",
                        many: "Subscriptions",
                        order: Order::Newest,
                        narrowing: Some(Narrowing::Subscriber),
                        is_personal: false,
                        has_uuid: true,
                        columns: &[
                            column("subscriber_id", "Subscriber", Kind::Record(Self::Subscribers)),
                            column("plan", "Plan", Kind::Text),
                            column("expires", "Paid until", Kind::Text),
                            CREATED,
                            column("primary_contact_first_name", "First name", Kind::Text),
                            column("primary_contact_last_name", "Last name", Kind::Text),
                            column("primary_contact_email", "E-mail", Kind::Text),
                            column("primary_contact_phone", "Telephone", Kind::Text),
                            column("ein", "EIN", Kind::Text),
                            column("internal_notes", "Notes", Kind::Long),
                            column("interest_id", "Lead", Kind::Record(Self::Interests)),
                            column("product_id", "Product", Kind::Record(Self::Products)),
                            MODIFIED,
                        ],
                        listed: 4,
                    }
                }
            }
            Self::UpdateWebhooks => {
                const {
                    &Shape {
                        entity: Self::UpdateWebhooks,
                        path: "update-webhooks",
                        kind: "update_webhook",
                        one: "update webhook",
                        many: "Update webhooks",
                        order: Order::Newest,
                        narrowing: None,
                        is_personal: false,
                        has_uuid: true,
                        // its address is as good as a password
                        columns: &[
                            editable("name", "Name", Kind::Text, Edit::Line { most: 200, required: true }),
                            editable("active", "Is called", Kind::Flag, Edit::Flag),
                            column("last_triggered", "Called last", Kind::Moment),
                            column("failed_at", "Did not take a call", Kind::Moment),
                            CREATED,
                            column("type", "Whose it is", Kind::Text),
                            MODIFIED,
                        ],
                        listed: 5,
                    }
                }
            }
            Self::Users => {
                const {
                    &Shape {
                        entity: Self::Users,
                        path: "users",
                        kind: "user",
                        one: "user",
                        many: "Users",
                        order: Order::Newest,
                        narrowing: None,
                        is_personal: false,
                        has_uuid: true,
                        columns: &[
                            column("email", "E-mail", Kind::Text),
                            column("first_name", "First name", Kind::Text),
                            column("last_name", "Last name", Kind::Text),
                            column("is_staff", "May use the site", Kind::Flag),
                            column("is_active", "Active", Kind::Flag),
                            column("last_login", "Signed in", Kind::Moment),
                            CREATED,
                            // what may be set of a user is set by a use-case of accounts
                            column("is_superuser", "Superuser", Kind::Flag),
                            column("is_election_admin", "Election admin", Kind::Flag),
                            column("is_subscriber_admin", "Subscriber manager", Kind::Flag),
                            column("is_esign_admin", "E-sign admin", Kind::Flag),
                            column("timezone", "Time zone", Kind::Text),
                            column("active_client_id", "Works for", Kind::Record(Self::Subscribers)),
                            MODIFIED,
                        ],
                        listed: 7,
                    }
                }
            }
            Self::Webhooks => {
                const {
                    &Shape {
                        entity: Self::Webhooks,
                        path: "webhooks",
                        kind: "webhook_endpoint",
                        one: "webhook endpoint",
                        many: "Webhook endpoints",
                        order: Order::Newest,
                        narrowing: Some(Narrowing::Subscriber),
                        is_personal: false,
                        has_uuid: true,
                        columns: &[
                            OF_SUBSCRIBER,
                            column("description", "What for", Kind::Text),
                            column("paused_at", "Paused", Kind::Moment),
                            column("off_at", "Switched off", Kind::Moment),
                            column("removed_at", "Removed", Kind::Moment),
                            CREATED,
                            column("address", "Address", Kind::Text),
                            column("topics", "Events", Kind::Text),
                            column("off_reason", "Why switched off", Kind::Text),
                            column("failures", "Failures since a success", Kind::Number),
                            column("failing_since", "Takes nothing since", Kind::Moment),
                            column("rest_until", "Left alone until", Kind::Moment),
                            column("rotated_at", "Secret changed", Kind::Moment),
                            column("created_by_id", "Made by", Kind::User),
                            MODIFIED,
                        ],
                        listed: 6,
                    }
                }
            }
        }
    }

    /// The kind with this name in URLs.
    #[must_use]
    pub fn by_path(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.shape().path == path)
    }
}

impl Shape {
    /// The columns that lists show.
    #[must_use]
    pub fn list_columns(&self) -> &'static [Column] {
        &self.columns[..self.listed]
    }

    /// The column of that name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Whether anything of them may be set.
    #[must_use]
    pub fn is_editable(&self) -> bool {
        self.columns.iter().any(|column| column.edit.is_some())
    }

    /// Which of their columns says whose they are.
    #[must_use]
    pub fn subscriber_column(&self) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.kind == Kind::Record(Entity::Subscribers))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_entity_is_found_by_its_own_path_and_has_its_own_name_in_the_log() {
        let (mut paths, mut kinds) = (BTreeSet::new(), BTreeSet::new());
        for entity in Entity::ALL {
            let shape = entity.shape();
            assert_eq!((shape.entity, Entity::by_path(shape.path)), (entity, Some(entity)));
            assert!(paths.insert(shape.path) && kinds.insert(shape.kind), "{entity:?}");
            assert!((1..=shape.columns.len()).contains(&shape.listed), "{entity:?}");
        }
        assert_eq!(Entity::by_path("passwords"), None);
    }

    #[test]
    fn faxes_and_leads_are_narrowed_by_every_status_there_is() {
        let words: Vec<&str> = FAX_STATUSES.iter().map(|(word, _)| *word).collect();
        assert_eq!(words, crate::fax::FaxStatus::ALL.iter().map(|it| it.wire()).collect::<Vec<_>>());
        let words: Vec<&str> = INTEREST_STATUSES.iter().map(|(word, _)| *word).collect();
        let known = crate::subscription::InterestStatus::ALL;
        assert_eq!(words, known.iter().map(|it| it.wire()).collect::<Vec<_>>());
    }

    #[test]
    fn no_column_is_a_secret_and_lists_show_no_body_name_or_mail() {
        for entity in Entity::ALL {
            let shape = entity.shape();
            for column in shape.columns {
                let is_secret = ["token", "secret", "hash", "password", "generation", "pepper"]
                    .iter()
                    .any(|word| column.name.contains(word));
                assert!(!is_secret, "{entity:?} {}", column.name);
            }
            if shape.is_personal {
                let told = ["message", "email", "name"];
                let in_list = shape.list_columns().iter().find(|column| told.contains(&column.name));
                assert_eq!(in_list, None, "{entity:?}");
            }
        }
    }
}
