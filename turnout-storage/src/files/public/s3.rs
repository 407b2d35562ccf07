//! Public files in a bucket.

use async_trait::async_trait;
use aws_sdk_s3::primitives::ByteStream;
use turnout_core::ports::{
    files::FileError,
    public_files::{PublicFile, PublicFiles},
};

use super::{cache_control, checked};
use crate::files::{
    Prefix,
    s3::{S3, failed},
};

/// Publishes files in a bucket whose policy lets everybody read. A file that sends visitors on does so where they come by
/// the bucket's website.
pub struct S3PublicFiles {
    s3: S3,
    bucket: String,
    prefix: Prefix,
    host: Option<String>,
}

impl S3PublicFiles {
    /// Files in `bucket`, under the bucket's own address.
    #[must_use]
    pub fn new(s3: S3, bucket: impl Into<String>, prefix: Prefix) -> Self {
        Self { s3, bucket: bucket.into(), prefix, host: None }
    }

    /// The world reads the bucket under this host: a CDN, or the bucket's website.
    #[must_use]
    pub fn with_host(mut self, host: impl Into<String>) -> Self {
        self.host = Some(host.into());
        self
    }

    fn object(&self, key: &str) -> Result<String, FileError> {
        Ok(self.prefix.before(checked(key)?))
    }
}

#[async_trait]
impl PublicFiles for S3PublicFiles {
    async fn publish(&self, key: &str, file: PublicFile) -> Result<(), FileError> {
        let object = self.object(key)?;
        file.check()?;
        let call = self.s3.client().put_object().bucket(&self.bucket).key(object);
        let call = call
            .content_type(file.content_type)
            .cache_control(cache_control(file.cache))
            .set_website_redirect_location(file.redirect.map(String::from))
            .body(ByteStream::from(file.bytes));
        call.send().await.map_err(|error| failed("publish a file", error)).map(drop)
    }

    async fn remove(&self, key: &str) -> Result<(), FileError> {
        let call = self.s3.client().delete_object().bucket(&self.bucket).key(self.object(key)?);
        call.send().await.map_err(|error| failed("remove a public file", error)).map(drop)
    }

    fn url(&self, key: &str) -> Result<String, FileError> {
        let object = self.object(key)?;
        Ok(match &self.host {
            Some(host) => format!("https://{host}/{object}"),
            None => format!("{}/{object}", self.s3.bucket_address(&self.bucket)),
        })
    }
}
