//! Every table that says something about a person: by which of its columns a person's rows are found, what is found by
//! them in turn, and what becomes of them when the person is forgotten. A table that is not here is named among those
//! [left out](LEFT_OUT), with the reason; a test of the databases fails when one is in neither.

/// Values by which rows are found. Addresses and numbers come from whoever asks and never grow, so that nobody is found by
/// what he shares with somebody else; ids grow by the rows that are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Set {
    /// Mail addresses in lower case.
    Emails,
    /// Telephone numbers, as E.164.
    Phones,
    /// What stands for the mail addresses in the list of those that are not mailed.
    AddressKeys,
    /// Ids that were given by whoever asks.
    Given,
    /// Actions.
    Actions,
    /// Visits of the tools: what was asked in the same visit as something that was found.
    Visits,
    /// Files.
    Files,
    /// Uploads.
    Uploads,
    /// Voters whom the rolls know.
    Voters,
    /// The same, where everything is asked for that they did under whatever address.
    SameVoters,
    /// Subscribers whose exports are to go.
    Exporters,
    /// Accounts.
    Accounts,
    /// Invitations.
    Invites,
    /// Sets of recovery codes.
    RecoverySets,
}

impl Set {
    /// Whether its values are texts; ids otherwise.
    #[must_use]
    pub fn is_text(self) -> bool {
        matches!(self, Self::Emails | Self::Phones)
    }
}

/// A column by which rows are found: those that have one of the values of a set.
#[derive(Debug, PartialEq, Eq)]
pub struct Clue {
    /// The column. Mail addresses are compared in lower case.
    pub column: &'static str,
    /// The values.
    pub set: Set,
    /// Whether mail addresses are kept in lower case there, so that they are compared as they are.
    pub is_lower: bool,
}

/// What a column says when nothing may stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blank {
    /// Null.
    Null,
    /// The empty text.
    Empty,
    /// No.
    No,
    /// A text that nothing can be read from and no other row has: [`FORGOTTEN`], the row's id, and what makes it no address.
    Unique,
}

/// How a text begins that stands where nothing may stand and no other row may have the same.
pub const FORGOTTEN: &str = "forgotten-";

/// What becomes of rows.
#[derive(Debug, PartialEq, Eq)]
pub enum Fate {
    /// They are deleted.
    Gone,
    /// They stay without what these columns say.
    Cleared(&'static [(&'static str, Blank)]),
    /// Those that say that somebody wants no messages stay, without what these columns say: the law asks that the wish is
    /// honored, and it is the safer for whoever was forgotten. The others are deleted.
    GoneUnlessRefusal {
        /// The column that tells.
        column: &'static str,
        /// Its value in a refusal; anything at all without one.
        says: Option<&'static str>,
        /// What does not stay.
        cleared: &'static [(&'static str, Blank)],
    },
    /// Their bytes are deleted by `file.purge`, and no link leads to them from now on; the rows stay without these columns.
    Discarded(&'static [(&'static str, Blank)]),
    /// They stay as they are, for this reason.
    Stays(&'static str),
}

/// Which part of a person's life rows are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// As a voter.
    Voter,
    /// As somebody with an account, or who speaks for a subscriber.
    Staff,
}

/// Rows of a table that say something about a person.
#[derive(Debug, PartialEq, Eq)]
pub struct Holding {
    /// What it is called in exports and receipts: the table's name, but where a table is here twice.
    pub name: &'static str,
    /// The table.
    pub table: &'static str,
    /// The column that a receipt names rows by. It says nothing about anybody. Empty where there is none.
    pub id: &'static str,
    /// How rows are found.
    pub clues: &'static [Clue],
    /// What is found by them: columns, and the sets that their values go to.
    pub gives: &'static [(&'static str, Set)],
    /// What is never given away, not even to the person: hashes and keys.
    pub hidden: &'static [&'static str],
    /// What becomes of them.
    pub fate: Fate,
    /// As what the person is in them.
    pub part: Part,
}

const fn by(column: &'static str, set: Set) -> Clue {
    Clue { column, set, is_lower: false }
}

/// Where addresses are kept in lower case.
const fn by_lower(column: &'static str, set: Set) -> Clue {
    Clue { column, set, is_lower: true }
}

impl Holding {
    const fn new(table: &'static str, id: &'static str, clues: &'static [Clue], fate: Fate) -> Self {
        Self { name: table, table, id, clues, gives: &[], hidden: &[], fate, part: Part::Voter }
    }

    const fn called(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    const fn gives(mut self, gives: &'static [(&'static str, Set)]) -> Self {
        self.gives = gives;
        self
    }

    const fn hidden(mut self, hidden: &'static [&'static str]) -> Self {
        self.hidden = hidden;
        self
    }

    const fn staff(mut self) -> Self {
        self.part = Part::Staff;
        self
    }
}

/// A record of a tool that knows who used it.
const RECORD: &[Clue] = &[
    by("uuid", Set::Given),
    by("action_id", Set::Actions),
    by("email", Set::Emails),
    by("phone", Set::Phones),
];

use Blank::{Empty, No, Null, Unique};
use Fate::{Cleared, Discarded, Gone, GoneUnlessRefusal, Stays};

/// All of them, in the order in which they are erased.
pub const HOLDINGS: &[Holding] = &[
    Holding::new("register_registration", "uuid", RECORD, Gone).gives(&[
        ("action_id", Set::Actions),
        ("session_id", Set::Visits),
        ("result_item_id", Set::Files),
        ("result_item_mail_id", Set::Files),
        ("partner_id", Set::Exporters),
    ]),
    Holding::new("absentee_ballotrequest", "uuid", RECORD, Gone).gives(&[
        ("action_id", Set::Actions),
        ("session_id", Set::Visits),
        ("result_item_id", Set::Files),
        ("result_item_mail_id", Set::Files),
        ("signature_id", Set::Uploads),
        ("partner_id", Set::Exporters),
    ]),
    Holding::new("verifier_lookup", "uuid", RECORD, Gone).gives(&[
        ("action_id", Set::Actions),
        ("session_id", Set::Visits),
        ("partner_id", Set::Exporters),
    ]),
    Holding::new("reminder_reminderrequest", "uuid", RECORD, Gone).gives(&[
        ("action_id", Set::Actions),
        ("session_id", Set::Visits),
        ("partner_id", Set::Exporters),
    ]),
    // it knows an address and no name: found by its id, its action, or the visit in which the voter said who he is
    Holding::new(
        "polling_place_pollingplacelookup",
        "uuid",
        &[by("uuid", Set::Given), by("action_id", Set::Actions), by("session_id", Set::Visits)],
        Gone,
    )
    .gives(&[("action_id", Set::Actions), ("partner_id", Set::Exporters)]),
    Holding::new(
        "voter_voter",
        "uuid",
        &[by("uuid", Set::Voters), by("email", Set::Emails), by("phone", Set::Phones)],
        Gone,
    )
    .gives(&[("uuid", Set::Voters)]),
    Holding::new(
        "integration_moverlead",
        "uuid",
        &[
            by("uuid", Set::Given),
            by("email", Set::Emails),
            by("blank_register_forms_action_id", Set::Actions),
        ],
        Gone,
    )
    .gives(&[("blank_register_forms_action_id", Set::Actions), ("blank_register_forms_item_id", Set::Files)])
    .hidden(&["address_key"]),
    Holding::new("event_tracking_event", "uuid", &[by("action_id", Set::Actions)], Gone),
    Holding::new("webhook_delivery", "uuid", &[by("action_id", Set::Actions)], Gone),
    Holding::new("integration_link", "uuid", &[by("action_id", Set::Actions)], Gone).hidden(&["address_key"]),
    Holding::new("search_fresh", "action_id", &[by("action_id", Set::Actions)], Gone),
    Holding::new(PACKED_SEARCH, "action_id", &[by("action_id", Set::Actions)], Gone),
    Holding::new("action_action", "uuid", &[by("uuid", Set::Actions), by("voter_id", Set::SameVoters)], Gone)
        .gives(&[("uuid", Set::Actions), ("voter_id", Set::Voters)]),
    // of actions that stay: what the same voter did under other addresses
    Holding::new("action_action", "uuid", &[by("voter_id", Set::Voters)], Cleared(&[("voter_id", Null)]))
        .called("action_action.voter_id"),
    Holding::new("smsbot_smsmessage", "uuid", &[by("phone_id", Set::Phones)], Gone),
    Holding::new("blast_recipient", "uuid", &[by("phone", Set::Phones)], Gone),
    Holding::new(
        "smsbot_number",
        "uuid",
        &[by("phone", Set::Phones)],
        GoneUnlessRefusal {
            column: "opt_out_time",
            says: None,
            cleared: &[("welcome_time", Null), ("language", Null)],
        },
    ),
    Holding::new(
        "consent_entry",
        "uuid",
        &[by_lower("address", Set::Emails), by("address", Set::Phones)],
        GoneUnlessRefusal {
            column: "choice",
            says: Some("stopped"),
            cleared: &[("shown", Null), ("language", Null), ("context", Null)],
        },
    ),
    Holding::new(
        "email_suppression",
        "",
        &[by("address_key", Set::AddressKeys)],
        Stays("it holds no address, and keeps the person from being mailed"),
    ),
    Holding::new("fax_fax", "uuid", &[by("storage_item_id", Set::Files)], Gone).hidden(&["token"]),
    Holding::new(
        "storage_storageitem",
        "uuid",
        &[by("uuid", Set::Files), by("preview_of_id", Set::Files), by("email", Set::Emails)],
        Discarded(&[("email", Null), ("name", Empty), ("imported_token_hash", Null)]),
    )
    .gives(&[("uuid", Set::Files)])
    .hidden(&["imported_token_hash", "generation"]),
    Holding::new("storage_secureuploaditem", "uuid", &[by("uuid", Set::Uploads)], Discarded(&[])),
    Holding::new(
        "reporting_report",
        "uuid",
        &[by("partner_id", Set::Exporters)],
        Stays("it says who asked for a file and when; the file itself goes"),
    )
    .called("reporting_report of the subscribers")
    .gives(&[("result_item_id", Set::Files)]),
    Holding::new(
        "accounts_user",
        "uuid",
        &[by("email", Set::Emails), by("uuid", Set::Given)],
        Cleared(&[
            ("email", Unique),
            ("first_name", Empty),
            ("last_name", Empty),
            ("password", Null),
            ("timezone", Null),
            ("is_active", No),
            ("is_staff", No),
            ("is_superuser", No),
            ("is_election_admin", No),
            ("is_subscriber_admin", No),
            ("is_esign_admin", No),
        ]),
    )
    .gives(&[("uuid", Set::Accounts)])
    .hidden(&["password", "generation"])
    .staff(),
    Holding::new("multi_tenant_association", "uuid", &[by("user_id", Set::Accounts)], Gone).staff(),
    Holding::new("account_session", "uuid", &[by("user_id", Set::Accounts)], Gone)
        .hidden(&["token_hash"])
        .staff(),
    Holding::new("account_authenticator", "uuid", &[by("user_id", Set::Accounts)], Gone)
        .hidden(&["secret", "last_step"])
        .staff(),
    Holding::new("account_phone", "uuid", &[by("user_id", Set::Accounts)], Gone)
        .hidden(&["secret", "last_step"])
        .staff(),
    Holding::new("account_recovery_set", "uuid", &[by("user_id", Set::Accounts)], Gone)
        .gives(&[("uuid", Set::RecoverySets)])
        .staff(),
    Holding::new("account_recovery_code", "uuid", &[by("set_id", Set::RecoverySets)], Gone)
        .hidden(&["code_hash"])
        .staff(),
    Holding::new("accounts_invite", "uuid", &[by("email", Set::Emails), by("user_id", Set::Accounts)], Gone)
        .gives(&[("uuid", Set::Invites)])
        .hidden(&["imported_token_hash", "generation"])
        .staff(),
    Holding::new("multi_tenant_inviteassociation", "uuid", &[by("user_id", Set::Invites)], Gone).staff(),
    Holding::new(
        "subscription_interest",
        "uuid",
        &[by("email", Set::Emails), by("phone", Set::Phones)],
        Cleared(&[("first_name", Null), ("last_name", Null), ("email", Null), ("phone", Null)]),
    )
    .staff(),
    Holding::new(
        "subscription_subscription",
        "uuid",
        &[by("primary_contact_email", Set::Emails), by("primary_contact_phone", Set::Phones)],
        Cleared(&[
            ("primary_contact_first_name", Null),
            ("primary_contact_last_name", Null),
            ("primary_contact_email", Null),
            ("primary_contact_phone", Null),
        ]),
    )
    .staff(),
];

/// What is packed of the lists that voters are found in.
pub const PACKED_SEARCH: &str = "search_entry";

/// Tables that no person's rows are looked for in, and why.
pub const LEFT_OUT: &[(&str, &str)] = &[
    ("absentee_leocontactoverride", "how an election office is reached"),
    ("absentee_regionovbmlink", "pages of counties"),
    ("apikey_apikey", "keys of programs: hashes, and who made them by id"),
    ("change_entry", "who did what, by ids; kept as the log of the site, see KEEP_CHANGES_DAYS"),
    ("cron_tick", "moments"),
    ("data_receipt", "what was done for whom, without anything about them: it is the proof"),
    ("django_carried", "how far rows of the Django service were taken over"),
    ("django_left_out", "keys of rows of the Django service that could not be taken over, and why"),
    ("election_proposal", "facts about states"),
    ("election_state", "facts about states"),
    ("election_stateinformation", "facts about states"),
    ("election_stateinformationfieldtype", "facts about states"),
    ("election_updatenotificationwebhook", "pages of ours that are built anew"),
    ("held_mail", "ids of messages, which tell of nobody, and no address; see KEEP_HELD_MAILS_DAYS"),
    ("integration_run", "totals"),
    ("job", "payloads are ids, and HMACs of addresses; done ones go after days"),
    ("job_lane", "moments"),
    ("keyed_call", "HMACs, and answers without links; a day"),
    ("mover_pull", "a moment"),
    ("multi_tenant_client", "organizations"),
    ("multi_tenant_partnerslug", "organizations"),
    ("multi_tenant_subscriberintegrationproperty", "keys of organizations"),
    ("official_address", "election offices"),
    ("official_office", "election offices"),
    ("official_region", "election offices"),
    ("reporting_statsrefresh", "a moment"),
    ("reporting_subscriberday", "totals"),
    ("reporting_subscriberstats", "totals"),
    ("search_block", "made of search_entry; blocks are made anew when an entry is erased"),
    ("search_page", "made of search_entry; blocks are made anew when an entry is erased"),
    ("smsbot_blast", "who is responsible for a blast, by name: kept as the proof of who approved it"),
    ("subscription_product", "what was sold"),
    ("switch", "features"),
    ("webhook_endpoint", "programs of organizations"),
];

/// All holdings of a table.
pub fn of_table(table: &str) -> impl Iterator<Item = &'static Holding> {
    HOLDINGS.iter().filter(move |holding| holding.table == table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_holding_can_be_found_and_has_its_own_name() {
        let mut names: Vec<_> = HOLDINGS.iter().map(|holding| holding.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), HOLDINGS.len());
        assert!(HOLDINGS.iter().all(|holding| !holding.clues.is_empty()));
    }

    #[test]
    fn what_is_named_by_a_receipt_says_nothing_about_anybody() {
        for holding in HOLDINGS {
            assert!(["", "uuid", "action_id"].contains(&holding.id), "{}", holding.name);
        }
    }

    #[test]
    fn addresses_and_numbers_never_lead_to_further_ones() {
        let is_text = |(_, set): &(&str, Set)| set.is_text();
        assert!(!HOLDINGS.iter().any(|holding| holding.gives.iter().any(is_text)));
    }
}
