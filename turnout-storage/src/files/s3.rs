//! Files on S3, or on a server that speaks like it, and presigned links to them.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use async_trait::async_trait;
use aws_config::{default_provider::credentials::DefaultCredentialsChain, provider_config::ProviderConfig};
use aws_sdk_s3::{
    Client,
    config::{
        Credentials, Region, RequestChecksumCalculation, ResponseChecksumValidation,
        SharedCredentialsProvider, SharedHttpClient, retry::RetryConfig, timeout::TimeoutConfig,
    },
    error::{ProvideErrorMetadata, SdkError},
    operation::get_object::GetObjectError,
    presigning::PresigningConfig,
    primitives::ByteStream,
    types::{CompletedMultipartUpload, CompletedPart, Delete, ObjectIdentifier},
};
use aws_smithy_http_client::tls::{self, rustls_provider::CryptoMode};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use turnout_core::{
    error::BoxError,
    ports::{
        clock::Clock,
        files::{FileError, FileStore, FileWriter},
    },
    secret::SecretKey,
};
use url::Url;

use super::{LONGEST_LINK, Prefix, attachment};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(3);
/// How long one try may take, and all tries of a call together: well within the patience of a request.
const TRY: Duration = Duration::from_secs(8);
const CALL: Duration = Duration::from_secs(20);
/// How often a call is tried.
const TRIES: u32 = 3;
/// The most objects that one call deletes.
const PER_DELETION: usize = 1_000;
/// How long a part of a long file is: S3 takes 5 MiB or more, and 10,000 of them.
const PART: usize = 8 * 1024 * 1024;

/// How S3 is reached.
pub struct S3Options {
    region: String,
    keys: Option<(String, SecretKey)>,
    endpoint: Option<Url>,
}

impl S3Options {
    /// Amazon's own S3 in `region`, with the rights that the machine has: the role of its instance, task or pod.
    #[must_use]
    pub fn new(region: impl Into<String>) -> Self {
        Self { region: region.into(), keys: None, endpoint: None }
    }

    /// With the rights of this access key.
    #[must_use]
    pub fn with_keys(mut self, id: impl Into<String>, secret: impl Into<Vec<u8>>) -> Self {
        self.keys = Some((id.into(), SecretKey::new(secret)));
        self
    }

    /// Another server that speaks like S3. Its buckets are paths, and it is spared the checksums that many such servers
    /// do not know.
    #[must_use]
    pub fn with_endpoint(mut self, endpoint: Url) -> Self {
        self.endpoint = Some(endpoint);
        self
    }
}

/// S3, for any number of buckets. Cheap to clone.
#[derive(Clone)]
pub struct S3 {
    client: Client,
    region: String,
    endpoint: Option<Url>,
}

impl S3 {
    /// Sets up what is needed to ask S3; asks nothing yet. Where no key was given, the environment that the machine's
    /// role puts into a process is read by Amazon's own rules.
    pub async fn new(options: S3Options) -> Self {
        let S3Options { region, keys, endpoint } = options;
        let http = aws_smithy_http_client::Builder::new()
            .tls_provider(tls::Provider::Rustls(CryptoMode::Ring))
            .build_https();
        let mut config = aws_sdk_s3::Config::builder()
            .region(Region::new(region.clone()))
            .credentials_provider(credentials(keys, &region, &http).await)
            .http_client(http)
            .retry_config(RetryConfig::standard().with_max_attempts(TRIES))
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(CONNECT)
                    .operation_attempt_timeout(TRY)
                    .operation_timeout(CALL)
                    .build(),
            );
        if let Some(endpoint) = &endpoint {
            config = config
                .endpoint_url(endpoint.as_str().trim_end_matches('/'))
                .force_path_style(true)
                .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
                .response_checksum_validation(ResponseChecksumValidation::WhenRequired);
        }
        Self { client: Client::from_conf(config.build()), region, endpoint }
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Where the objects of a bucket are, without a slash at the end.
    pub(super) fn bucket_address(&self, bucket: &str) -> String {
        match &self.endpoint {
            Some(endpoint) => format!("{}/{bucket}", endpoint.as_str().trim_end_matches('/')),
            None => format!("https://{bucket}.s3.{}.amazonaws.com", self.region),
        }
    }
}

async fn credentials(
    keys: Option<(String, SecretKey)>,
    region: &str,
    http: &SharedHttpClient,
) -> SharedCredentialsProvider {
    if let Some((id, secret)) = keys {
        let secret = String::from_utf8_lossy(secret.bytes());
        return SharedCredentialsProvider::new(Credentials::new(id, secret, None, None, "settings"));
    }
    let region = Some(Region::new(region.to_owned()));
    let machine = ProviderConfig::without_region().with_region(region).with_http_client(http.clone());
    SharedCredentialsProvider::new(DefaultCredentialsChain::builder().configure(machine).build().await)
}

/// Keeps each file as an object of a private bucket. Its links are presigned.
pub struct S3Files {
    s3: S3,
    bucket: String,
    prefix: Prefix,
    clock: Arc<dyn Clock>,
}

impl S3Files {
    /// Files in `bucket`, whose objects nobody may read without a link.
    #[must_use]
    pub fn new(s3: S3, bucket: impl Into<String>, prefix: Prefix, clock: Arc<dyn Clock>) -> Self {
        Self { s3, bucket: bucket.into(), prefix, clock }
    }

    async fn delete_some(&self, keys: &[String]) -> Result<(), FileError> {
        let mut objects = Delete::builder().quiet(true);
        for key in keys {
            let object = ObjectIdentifier::builder().key(self.prefix.object(key)?).build();
            objects = objects.objects(object.expect("it has a key"));
        }
        let objects = objects.build().expect("it has objects");
        let call = self.s3.client().delete_objects().bucket(&self.bucket).delete(objects);
        let answer = call.send().await.map_err(|error| failed("delete files", error))?;
        match answer.errors().first() {
            None => Ok(()),
            Some(error) => Err(refused("delete files", error.code(), None)),
        }
    }
}

#[async_trait]
impl FileStore for S3Files {
    async fn put(&self, key: &str, bytes: Bytes, content_type: &str) -> Result<(), FileError> {
        let object = self.prefix.object(key)?;
        let call = self.s3.client().put_object().bucket(&self.bucket).key(object);
        let call = call.content_type(content_type).body(ByteStream::from(bytes));
        call.send().await.map_err(|error| failed("keep a file", error)).map(drop)
    }

    async fn begin(&self, key: &str, content_type: &str) -> Result<Box<dyn FileWriter>, FileError> {
        Ok(Box::new(Parts {
            s3: self.s3.clone(),
            bucket: self.bucket.clone(),
            object: self.prefix.object(key)?,
            content_type: content_type.to_owned(),
            waiting: Vec::new(),
            upload: None,
            parts: Vec::new(),
        }))
    }

    async fn get(&self, key: &str) -> Result<Option<Bytes>, FileError> {
        let object = self.prefix.object(key)?;
        match self.s3.client().get_object().bucket(&self.bucket).key(object).send().await {
            Ok(found) => match found.body.collect().await {
                Ok(body) => Ok(Some(body.into_bytes())),
                Err(error) => Err(unanswered("give a file", error)),
            },
            Err(error) if error.as_service_error().is_some_and(GetObjectError::is_no_such_key) => Ok(None),
            Err(error) => Err(failed("give a file", error)),
        }
    }

    async fn delete(&self, key: &str) -> Result<(), FileError> {
        let object = self.prefix.object(key)?;
        let call = self.s3.client().delete_object().bucket(&self.bucket).key(object);
        call.send().await.map_err(|error| failed("delete a file", error)).map(drop)
    }

    async fn delete_all(&self, keys: &[String]) -> Result<(), FileError> {
        for key in keys {
            self.prefix.object(key)?;
        }
        for some in keys.chunks(PER_DELETION) {
            self.delete_some(some).await?;
        }
        Ok(())
    }

    /// Lasts 7 days at the most; one that has ended already is given too, and refused by S3.
    async fn link(&self, key: &str, name: &str, until: DateTime<Utc>) -> Result<String, FileError> {
        let object = self.prefix.object(key)?;
        let (now, until) = (self.clock.now().timestamp(), until.timestamp());
        let lifetime = (until - now).clamp(1, LONGEST_LINK.into());
        let begins = if until <= now { until - lifetime } else { now };
        let presigning = PresigningConfig::builder()
            .start_time(SystemTime::UNIX_EPOCH + Duration::from_secs(begins.unsigned_abs()))
            .expires_in(Duration::from_secs(lifetime.unsigned_abs()))
            .build()
            .expect("the lifetime is within what S3 allows");
        let call = self.s3.client().get_object().bucket(&self.bucket).key(object);
        let call =
            call.response_content_disposition(attachment(name)).response_cache_control("private, no-store");
        let link = call.presigned(presigning).await.map_err(|error| failed("link to a file", error))?;
        Ok(link.uri().to_owned())
    }
}

/// A file that is uploaded in parts. S3 has an object when the last call says so, and none before.
struct Parts {
    s3: S3,
    bucket: String,
    object: String,
    content_type: String,
    /// What is not uploaded yet: less than a part.
    waiting: Vec<u8>,
    /// What S3 calls the upload, from the first whole part on.
    upload: Option<String>,
    parts: Vec<CompletedPart>,
}

impl Parts {
    /// Uploads bytes as the next part.
    async fn upload(&mut self, bytes: Vec<u8>) -> Result<(), FileError> {
        let upload = match &self.upload {
            Some(upload) => upload.clone(),
            None => self.start().await?,
        };
        let number = i32::try_from(self.parts.len() + 1).unwrap_or(i32::MAX);
        let call = self.s3.client().upload_part().bucket(&self.bucket).key(&self.object);
        let call = call.upload_id(upload).part_number(number).body(ByteStream::from(bytes));
        let taken = call.send().await.map_err(|error| failed("keep a part of a file", error))?;
        let part = CompletedPart::builder().part_number(number).set_e_tag(taken.e_tag().map(Into::into));
        self.parts.push(part.build());
        Ok(())
    }

    async fn start(&mut self) -> Result<String, FileError> {
        let call = self.s3.client().create_multipart_upload().bucket(&self.bucket).key(&self.object);
        let begun = call.content_type(&self.content_type).send().await;
        let begun = begun.map_err(|error| failed("begin a file", error))?;
        let upload = begun.upload_id().ok_or_else(|| unanswered("begin a file", "it has no name"))?;
        self.upload = Some(upload.to_owned());
        Ok(upload.to_owned())
    }
}

#[async_trait]
impl FileWriter for Parts {
    async fn write(&mut self, bytes: Bytes) -> Result<(), FileError> {
        self.waiting.extend_from_slice(&bytes);
        while self.waiting.len() >= PART {
            let rest = self.waiting.split_off(PART);
            let part = std::mem::replace(&mut self.waiting, rest);
            self.upload(part).await?;
        }
        Ok(())
    }

    async fn finish(mut self: Box<Self>) -> Result<(), FileError> {
        let rest = std::mem::take(&mut self.waiting);
        let client = self.s3.client().clone();
        if self.upload.is_none() {
            let call = client.put_object().bucket(&self.bucket).key(&self.object);
            let call = call.content_type(&self.content_type).body(ByteStream::from(rest));
            return call.send().await.map_err(|error| failed("keep a file", error)).map(drop);
        }
        if !rest.is_empty() {
            self.upload(rest).await?;
        }
        let parts = CompletedMultipartUpload::builder().set_parts(Some(self.parts)).build();
        let call = client.complete_multipart_upload().bucket(&self.bucket).key(&self.object);
        let call = call.set_upload_id(self.upload).multipart_upload(parts);
        call.send().await.map_err(|error| failed("keep a file", error)).map(drop)
    }

    async fn discard(self: Box<Self>) {
        let Some(upload) = self.upload else { return };
        let call = self.s3.client().abort_multipart_upload().bucket(&self.bucket).key(&self.object);
        if let Err(error) = call.upload_id(upload).send().await {
            let error = failed("let go of a file", error);
            tracing::warn!(%error, "parts of a file that was not finished may be left");
        }
    }
}

/// Why S3 did not do what it was asked to. Holds no key, as the name of a voter's file is in it.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("S3 refused to {what}: {code} (status {status})")]
    Refused { what: &'static str, code: String, status: u16 },
    #[error("S3 was asked to {what} and gave no answer")]
    Unanswered {
        what: &'static str,
        #[source]
        source: BoxError,
    },
}

type Response = aws_sdk_s3::config::http::HttpResponse;

pub(super) fn failed<E>(what: &'static str, error: SdkError<E, Response>) -> FileError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    if let Some(refusal) = error.as_service_error() {
        return refused(what, refusal.code(), error.raw_response());
    }
    match error.into_source() {
        Ok(source) => unanswered(what, source),
        Err(error) => unanswered(what, error),
    }
}

/// Whether it is a name of a reason: who stands between us and S3 may repeat in its place what it was told, keys among it.
fn is_code(code: &str) -> bool {
    code.len() <= 60 && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn refused(what: &'static str, code: Option<&str>, response: Option<&Response>) -> FileError {
    let status = response.map_or(200, |response| response.status().as_u16());
    let code = code.filter(|code| is_code(code)).unwrap_or("without a code").to_owned();
    FileError::Unavailable(Error::Refused { what, code, status }.into())
}

fn unanswered(what: &'static str, source: impl Into<BoxError>) -> FileError {
    FileError::Unavailable(Error::Unanswered { what, source: source.into() }.into())
}
