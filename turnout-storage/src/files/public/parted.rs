//! Public files of which some have a place of their own.

use std::sync::Arc;

use async_trait::async_trait;
use turnout_core::ports::{
    files::FileError,
    public_files::{PublicFile, PublicFiles},
};

/// Public files of which those under some first parts of keys are kept elsewhere: in a bucket that was there before us.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::sync::Arc;
/// use turnout_core::{memory::MemoryPublicFiles, ports::public_files::{PublicFile, PublicFiles as _}};
/// use turnout_storage::files::PartedPublicFiles;
///
/// let (rest, counties) = (MemoryPublicFiles::new(), MemoryPublicFiles::new());
/// let files = PartedPublicFiles::new(Arc::new(rest.clone())).with_part("pa-counties", Arc::new(counties.clone()));
/// let file = PublicFile::redirect("https://example.org".parse()?, chrono::TimeDelta::hours(1));
/// files.publish("pa-counties/counties.json", file.clone()).await?;
/// files.publish("pa-counties-of-old/counties.json", file).await?;
/// assert_eq!(counties.keys(), ["pa-counties/counties.json"]);
/// assert_eq!(rest.keys(), ["pa-counties-of-old/counties.json"]);
/// # Ok(())
/// # }
/// ```
pub struct PartedPublicFiles {
    rest: Arc<dyn PublicFiles>,
    parts: Vec<(String, Arc<dyn PublicFiles>)>,
}

impl PartedPublicFiles {
    /// All in one place, until parts are taken out.
    #[must_use]
    pub fn new(rest: Arc<dyn PublicFiles>) -> Self {
        Self { rest, parts: Vec::new() }
    }

    /// Keys that begin with `part/` go to `place`, whole.
    #[must_use]
    pub fn with_part(mut self, part: impl Into<String>, place: Arc<dyn PublicFiles>) -> Self {
        self.parts.push((part.into(), place));
        self
    }

    fn place(&self, key: &str) -> &dyn PublicFiles {
        let first = key.split('/').next().unwrap_or_default();
        let part = self.parts.iter().find(|(part, _)| part == first);
        part.map_or(self.rest.as_ref(), |(_, place)| place.as_ref())
    }
}

#[async_trait]
impl PublicFiles for PartedPublicFiles {
    async fn publish(&self, key: &str, file: PublicFile) -> Result<(), FileError> {
        self.place(key).publish(key, file).await
    }

    async fn remove(&self, key: &str) -> Result<(), FileError> {
        self.place(key).remove(key).await
    }

    fn url(&self, key: &str) -> Result<String, FileError> {
        self.place(key).url(key)
    }
}
