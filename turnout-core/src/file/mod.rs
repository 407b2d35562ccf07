//! Files made for a person and offered under a link for a while: filled forms, reports.
//!
//! The bytes are in a [`FileStore`](crate::ports::files::FileStore); here is the row that says whose they are and
//! until when they may be had.

mod download;
mod image;
pub mod jobs;
mod manage;
mod purge;
mod renew;
mod reserve;
mod token;
mod upload;

use chrono::{DateTime, Utc};

pub use download::{OpenError, Opened, download_url, open, purged_url, reset_url};
pub use image::{ImageKind, PictureError};
pub use manage::{ManageError, delete_now, mail_link};
pub use purge::delete_purged;
pub use renew::{RenewError, Renewed, renew_fields, renew_link, renew_link_for};
pub(crate) use reserve::{Claimed, Reserved, claim, claim_mail, note, reserve};
pub use token::{DerivedTokens, imported_token_hash};
pub use upload::{SecureUpload, Upload, UploadError, UploadType};

use crate::{
    ids::{FileId, SubscriberId},
    person::demographics::choices,
};

choices! {
    /// What a file is.
    FileType {
        RegForm = "RegForm", "Registration Form";
        AbsForm = "AbsForm", "Absentee Request Form";
        Report = "Report", "Report";
        BlankRegForms = "BlankRegForms", "Blank registration forms";
    }
}

/// A file made for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Its id, part of its link.
    pub id: FileId,
    /// What it is.
    pub kind: FileType,
    /// The object's name in the file store: `<YYMMDD>.<random>.<name>` (`flows.md` 7). Empty once the bytes of a purged
    /// file are gone.
    pub key: String,
    /// The name under which it is downloaded.
    pub name: String,
    /// Who asked for it, for new links.
    pub email: Option<String>,
    /// Whose voter it is.
    pub subscriber: Option<SubscriberId>,
    /// Which token is valid: renewing a link counts this up (decision 22).
    pub generation: i32,
    /// The [`imported_token_hash`] of a token that was imported and not yet renewed; such a token counts beside the one
    /// that is issued here.
    pub imported_token_hash: Option<Vec<u8>>,
    /// Until when the token opens it.
    pub expires: DateTime<Utc>,
    /// When it was first downloaded.
    pub first_download: Option<DateTime<Utc>>,
    /// When the bytes were deleted.
    pub purged: Option<DateTime<Utc>>,
    /// Whether a record points to it. One that is not claimed is left over from a call that did not finish; it has
    /// no link, and its bytes are deleted.
    pub claimed: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
}

/// The name of an object: date in the file time zone, random letters and digits, the download name (`flows.md` 7).
#[must_use]
pub fn object_key(date: chrono::NaiveDate, random: &str, name: &str) -> String {
    format!("{}.{random}.{name}", date.format("%y%m%d"))
}

/// A file name of words: lower case, letters, digits, `-` and `_`; blanks become `-`, all else is dropped
/// (`pdf-forms.md` 10).
#[must_use]
pub fn file_name(words: &[&str]) -> String {
    format!("{}.pdf", slug(&words.join(" ")))
}

/// A text as a part of a file's name, by the same rules.
pub(crate) fn slug(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let slug: String = text
        .nfkd()
        .filter_map(|c| match c {
            c if c.is_ascii_alphanumeric() || c == '_' => Some(c.to_ascii_lowercase()),
            c if c.is_whitespace() || c == '-' => Some('-'),
            _ => None,
        })
        .collect();
    let parts: Vec<&str> = slug.split('-').filter(|part| !part.is_empty()).collect();
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_words() {
        assert_eq!(
            file_name(&["MA", "McAdams-Webster", "registrationform"]),
            "ma-mcadams-webster-registrationform.pdf"
        );
        assert_eq!(
            file_name(&["CA", "Nguyễn O'Brien", "registrationform"]),
            "ca-nguyen-obrien-registrationform.pdf"
        );
        assert_eq!(file_name(&["CA", "../../etc", "x"]), "ca-etc-x.pdf");
        assert_eq!(file_name(&["CA", "李", "x"]), "ca-x.pdf");
    }
}
