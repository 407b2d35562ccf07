//! Names of objects: in a bucket a key stands after a prefix, in a `Content-Disposition` a file has its own name.

use std::fmt::Write as _;

#[cfg(feature = "s3")]
use turnout_core::ports::files::FileError;
use turnout_core::ports::files::is_key;

/// The longest that S3 lets a link last, in seconds: 7 days.
pub const LONGEST_LINK: u32 = 7 * 24 * 60 * 60;

/// What stands before every key in a bucket, so that several deployments can share one: `prod`, or nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prefix(String);

impl Prefix {
    /// Names between slashes, such as `prod` or `turnout/prod`, with or without slashes around them; `/` and nothing
    /// at all are no prefix. Nothing when a part is no name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let inner = text.trim_matches('/');
        if inner.is_empty() {
            return Some(Self::default());
        }
        inner.split('/').all(is_key).then(|| Self(format!("{inner}/")))
    }

    /// The name of the object of a key that was checked.
    #[cfg(feature = "s3")]
    pub(super) fn before(&self, key: &str) -> String {
        format!("{}{key}", self.0)
    }

    /// The name of a private file's object.
    #[cfg(feature = "s3")]
    pub(super) fn object(&self, key: &str) -> Result<String, FileError> {
        if is_key(key) { Ok(self.before(key)) } else { Err(FileError::BadKey) }
    }
}

/// The value of `Content-Disposition` that makes a browser save a file as `name` (RFC 6266, RFC 8187): the name itself
/// where it is plain, else a plain likeness of it and beside it the name as it is.
#[must_use]
pub fn attachment(name: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b' ');
    if !name.is_empty() && name.bytes().all(is_plain) {
        return format!("attachment; filename=\"{name}\"");
    }
    let likeness: String =
        name.chars().map(|sign| if u8::try_from(sign).is_ok_and(is_plain) { sign } else { '_' }).collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-') {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("a String takes every text");
        }
    }
    format!("attachment; filename=\"{likeness}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "s3")]
    #[test]
    fn a_prefix_is_names_between_slashes_or_nothing() {
        for (text, object) in [
            ("prod", Some("prod/a.pdf")),
            ("/turnout/prod/", Some("turnout/prod/a.pdf")),
            ("", Some("a.pdf")),
            ("/", Some("a.pdf")),
            ("a//b", None),
            ("../a", None),
            ("a b", None),
            ("é", None),
        ] {
            let found = Prefix::parse(text).map(|prefix| prefix.object("a.pdf").ok());
            assert_eq!(found, object.map(|object| Some(object.to_owned())), "{text}");
        }
        assert!(matches!(Prefix::default().object("../a.pdf"), Err(FileError::BadKey)));
    }

    #[test]
    fn no_name_ends_the_value_or_begins_another() {
        for (name, value) in [
            ("ma-nguyen-registrationform.pdf", "attachment; filename=\"ma-nguyen-registrationform.pdf\""),
            ("two words.pdf", "attachment; filename=\"two words.pdf\""),
            ("förm.pdf", "attachment; filename=\"f_rm.pdf\"; filename*=UTF-8''f%C3%B6rm.pdf"),
            ("a\"; b=\\.pdf", "attachment; filename=\"a__ b__.pdf\"; filename*=UTF-8''a%22%3B%20b%3D%5C.pdf"),
            ("a\r\nX: y", "attachment; filename=\"a__X_ y\"; filename*=UTF-8''a%0D%0AX%3A%20y"),
            ("100%.pdf", "attachment; filename=\"100_.pdf\"; filename*=UTF-8''100%25.pdf"),
            ("", "attachment; filename=\"\"; filename*=UTF-8''"),
        ] {
            assert_eq!(attachment(name), value);
        }
    }
}
