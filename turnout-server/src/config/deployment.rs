//! Which deployment this is: for Cache-Tag, metrics, traces and mail statistics.

use super::reader::Reader;

/// Which deployment this is.
#[derive(Debug)]
pub struct Deployment {
    /// `CLOUD_STACK`.
    pub stack: String,
    /// `CLOUD_DETAIL`, or empty.
    pub detail: String,
    /// `ENV`, or the stack.
    pub environment: String,
    /// `TAG`, the release, or empty.
    pub tag: String,
    /// `BUILD`.
    pub build: String,
    /// `SERVER_GROUP`, or empty.
    pub server_group: String,
}

impl Deployment {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let stack = reader.given("CLOUD_STACK");
        Self {
            detail: reader.text("CLOUD_DETAIL").unwrap_or_default(),
            environment: reader.text("ENV").unwrap_or_else(|| stack.clone()),
            tag: reader.text("TAG").unwrap_or_default(),
            build: reader.given("BUILD"),
            server_group: reader.text("SERVER_GROUP").unwrap_or_default(),
            stack,
        }
    }
}
