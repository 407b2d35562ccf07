//! Named points between two writes, at which a test may stop the process.
//!
//! Without the feature `crash-points` nothing of this is compiled in.

#[cfg(feature = "crash-points")]
use std::sync::Arc;

/// What a test does when a point is reached.
#[cfg(feature = "crash-points")]
pub type OnCrashPoint = Arc<dyn Fn(&'static str) + Send + Sync>;

/// In the order in which a complete ballot request reaches them whose voter prints the form.
pub const BALLOT_POINTS: &[&str] = &[
    "absentee.before_first_unit",
    "absentee.after_first_unit",
    "absentee.after_fill",
    "absentee.after_file",
    "absentee.after_second_unit",
    "jobs.after_claim",
    "absentee.notify.before_send",
    "absentee.notify.after_send",
    "absentee.notify.after_unit",
    "jobs.after_settle",
];

/// In the order in which a complete registration reaches them.
pub const POINTS: &[&str] = &[
    "register.before_first_unit",
    "register.after_first_unit",
    "register.after_fill",
    "register.after_file",
    "register.after_second_unit",
    "jobs.after_claim",
    "register.notify.before_send",
    "register.notify.after_send",
    "register.notify.after_unit",
    "jobs.after_settle",
];

/// Those that a form reaches that is mailed, from the voter's yes on.
pub const LETTER_POINTS: &[&str] =
    &["letter.after_confirm", "letter.before_send", "letter.after_send", "letter.after_unit"];

/// Those that a fax reaches, from the job that hands it over on.
pub const FAX_POINTS: &[&str] =
    &["fax.before_send", "fax.after_send", "fax.after_note", "fax.after_mail", "fax.after_unit"];

/// Those that an export reaches, in their order.
pub const REPORT_POINTS: &[&str] =
    &["report.after_step", "report.before_whole", "report.after_file", "report.after_unit"];

/// Those that a delivery to an endpoint reaches, from the job that makes it on.
pub const WEBHOOK_POINTS: &[&str] = &["webhook.before_send", "webhook.after_send", "webhook.after_unit"];

/// Those that leads about people who moved reach when they come in.
pub const LEAD_POINTS: [&str; 2] = ["mover.after_step", "mover.after_leads"];
/// Those that such a lead reaches later, from the contact list to the letter.
pub const MOVER_POINTS: [&str; 3] = ["mover.after_push", "mover.after_file", "mover.after_unit"];

/// Those that a text reaches, from the job that hands it over on.
pub const TEXT_POINTS: &[&str] = &["sms.after_intent", "sms.before_send", "sms.after_send", "sms.after_unit"];

/// Those that an action reaches that is passed on to a contact list.
pub const LIST_POINTS: &[&str] = &["crm.before_enter", "crm.after_enter", "crm.after_unit"];

/// Those that the deletion of all there is of a person reaches, in their order: the rows, the bytes of files, and the receipt.
pub const SUBJECT_POINTS: &[&str] = &[
    "subject.forget.after_gathering",
    "subject.forget.after_erasure",
    "subject.forget.before_commit",
    "subject.forget.after_unit",
    "file.purge.before_bytes",
    "file.purge.after_bytes",
    "file.purge.after_unit",
    "subject.receipt.before_file",
    "subject.receipt.after_file",
];

/// Those that the deletion of what is old reaches, each time that some of it goes.
pub const RETENTION_POINTS: &[&str] = &["retention.before_commit", "retention.after_unit"];
