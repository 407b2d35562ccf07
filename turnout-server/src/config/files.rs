//! Files made for voters: the links to them, and where their bytes are kept.

use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use turnout_core::settings::FileSettings;
use turnout_storage::files::{LONGEST_LINK, Prefix};
use url::Url;

use super::{
    Secret,
    reader::{Reader, is_origin},
};

/// What the rules of files do not read.
#[derive(Debug)]
pub struct Files {
    /// How long the token of a file works: `FILE_EXPIRATION_HOURS`.
    pub token_lifetime: TimeDelta,
    /// Where bytes are kept.
    pub place: FilePlace,
}

/// Where the bytes of files are kept: `ATTACHMENT_USE_S3`.
#[derive(Debug)]
pub enum FilePlace {
    /// In folders. The links are answered by this server.
    Folders {
        /// Of voters' documents.
        private: PathBuf,
        /// Of what everybody may read.
        public: PathBuf,
    },
    /// On S3.
    S3(Box<S3Place>),
}

/// Buckets and how they are reached.
#[derive(Debug)]
pub struct S3Place {
    /// `AWS_S3_REGION_NAME`, or `AWS_DEFAULT_REGION`.
    pub region: String,
    /// `AWS_ACCESS_KEY_ID` with its secret; those of the machine's role without.
    pub keys: Option<(String, Secret)>,
    /// `AWS_ENDPOINT_URL_S3`: a server that speaks like S3.
    pub endpoint: Option<Url>,
    /// `AWS_STORAGE_PRIVATE_BUCKET_NAME`: voters' documents.
    pub private_bucket: String,
    /// `AWS_STORAGE_BUCKET_NAME`: what everybody may read.
    pub public_bucket: String,
    /// `AWS_S3_CUSTOM_DOMAIN`: the host of the public bucket.
    pub public_host: Option<String>,
    /// `PA_COUNTIES_BUCKET`: Pennsylvania's counties, where they are not in the public bucket.
    pub counties_bucket: Option<String>,
    /// `STATE_TOOL_REDIRECT_BUCKET`: addresses that lead to tools of states, likewise.
    pub redirects_bucket: Option<String>,
    /// `MMS_ATTACHMENT_BUCKET`: maps to polling places, likewise.
    pub maps_bucket: Option<String>,
    /// `ATTACHMENT_DEFAULT_S3_PATH`, or `ENV`.
    pub prefix: Prefix,
}

impl Files {
    /// `data` is where the folders are without S3, `environment` is `ENV`.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        settings: &mut FileSettings,
        data: &Path,
        environment: &str,
    ) -> Self {
        let hours: u32 = reader.number("FILE_EXPIRATION_HOURS", 1);
        let name = "FILE_TIMEZONE";
        match reader.given(name).parse() {
            Ok(zone) => settings.timezone = zone,
            Err(_) => reader.complaints.wrong(name, "must be a time zone", "America/Los_Angeles"),
        }
        let example = "https://example.org/download/?id={item_id}";
        settings.reset_url = reader.page("FILE_TOKEN_RESET_URL", &["{item_id}"], example);
        let example = "https://example.org/download-purged/?id={item_id}";
        settings.purged_url = reader.page("FILE_TOKEN_PURGED_URL", &[], example);
        settings.purge_days = reader.optional_number("FILE_PURGE_DAYS", 30).filter(|days| *days > 0);
        let seconds: u32 = reader.number("AWS_STORAGE_PRIVATE_URL_EXPIRATION", 1);
        settings.link_lifetime = TimeDelta::seconds(seconds.into());
        let place = place(reader, data, environment, seconds);
        Self { token_lifetime: TimeDelta::hours(hours.into()), place }
    }
}

impl FilePlace {
    /// A row of `config show`: the vendor, and real, simulated or off.
    #[must_use]
    pub fn standing(&self) -> (&'static str, &'static str) {
        match self {
            Self::Folders { .. } => ("folder", "real"),
            Self::S3(_) => ("s3", "real"),
        }
    }
}

/// Reads every variable, and complains about those of S3 only where S3 is used.
fn place(reader: &mut Reader<'_>, data: &Path, environment: &str, link_seconds: u32) -> FilePlace {
    let names = [
        "AWS_STORAGE_PRIVATE_BUCKET_NAME",
        "AWS_STORAGE_BUCKET_NAME",
        "ATTACHMENT_DEFAULT_S3_PATH",
        "AWS_S3_CUSTOM_DOMAIN",
        "AWS_S3_REGION_NAME",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_ENDPOINT_URL_S3",
        "PA_COUNTIES_BUCKET",
        "STATE_TOOL_REDIRECT_BUCKET",
        "MMS_ATTACHMENT_BUCKET",
    ];
    let use_s3 = reader.flag("ATTACHMENT_USE_S3");
    let [private, public, prefix, host, region, id, secret, endpoint, counties, redirects, maps] =
        names.map(|name| reader.text(name));
    let default_region = reader.given("AWS_DEFAULT_REGION");
    if !use_s3 {
        for (name, given) in [
            ("PA_COUNTIES_BUCKET", counties),
            ("STATE_TOOL_REDIRECT_BUCKET", redirects),
            ("MMS_ATTACHMENT_BUCKET", maps),
        ] {
            if given.is_some() {
                reader.complaints.odd(format!("{name} has no effect without ATTACHMENT_USE_S3"));
            }
        }
        return FilePlace::Folders { private: data.join("files"), public: data.join("public") };
    }
    if !cfg!(feature = "s3") {
        let what = "needs a build with the feature s3; this one keeps files in a folder";
        reader.complaints.wrong("ATTACHMENT_USE_S3", what, "false");
    }
    if link_seconds > LONGEST_LINK {
        let what = "must be at most 604800 on S3, which is 7 days";
        reader.complaints.wrong("AWS_STORAGE_PRIVATE_URL_EXPIRATION", what, "15");
    }
    let private_bucket = bucket(reader, "AWS_STORAGE_PRIVATE_BUCKET_NAME", private, "example-private");
    let public_bucket = bucket(reader, "AWS_STORAGE_BUCKET_NAME", public, "example-public");
    if private_bucket == public_bucket && !private_bucket.is_empty() {
        let what = "must be another bucket than AWS_STORAGE_BUCKET_NAME, which everybody may read";
        reader.complaints.wrong("AWS_STORAGE_PRIVATE_BUCKET_NAME", what, "example-private");
    }
    let prefix = Prefix::parse(prefix.as_deref().unwrap_or(environment)).unwrap_or_else(|| {
        let what = "(or ENV) must be names between slashes";
        reader.complaints.wrong("ATTACHMENT_DEFAULT_S3_PATH", what, "prod");
        Prefix::default()
    });
    let name = if region.is_some() { "AWS_S3_REGION_NAME" } else { "AWS_DEFAULT_REGION" };
    let region = region.unwrap_or(default_region);
    if !region.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
        reader.complaints.wrong(name, "must be the name of a region", "us-west-2");
    }
    if host.as_deref().is_some_and(|host| !is_host(host)) {
        let what = "must be a host, without https:// and without a path";
        reader.complaints.wrong("AWS_S3_CUSTOM_DOMAIN", what, "files.example.org");
    }
    let endpoint = endpoint.and_then(|endpoint| {
        let url = Url::parse(&endpoint).ok().filter(is_origin);
        if url.is_none() {
            let what = "must be http or https with a host and no path";
            reader.complaints.wrong("AWS_ENDPOINT_URL_S3", what, "https://s3.example.org");
        }
        url
    });
    let keys = keys(reader, id, secret);
    let name = "PA_COUNTIES_BUCKET";
    let counties_bucket = counties.map(|given| bucket(reader, name, Some(given), "example-public"));
    let name = "STATE_TOOL_REDIRECT_BUCKET";
    let redirects_bucket = redirects.map(|given| bucket(reader, name, Some(given), "example-public"));
    let name = "MMS_ATTACHMENT_BUCKET";
    let maps_bucket = maps.map(|given| bucket(reader, name, Some(given), "example-public"));
    FilePlace::S3(Box::new(S3Place {
        region,
        keys,
        endpoint,
        private_bucket,
        public_bucket,
        public_host: host,
        counties_bucket,
        redirects_bucket,
        maps_bucket,
        prefix,
    }))
}

fn bucket(reader: &mut Reader<'_>, name: &str, given: Option<String>, example: &str) -> String {
    match &given {
        None => reader.complaints.wrong(name, "must be set when ATTACHMENT_USE_S3 is true", example),
        Some(given) if !is_bucket(given) => {
            let what = "must be the name of a bucket: 3 to 63 small letters, digits, dots and hyphens";
            reader.complaints.wrong(name, what, example);
        }
        Some(_) => {}
    }
    given.unwrap_or_default()
}

fn is_bucket(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let ends = [name.bytes().next(), name.bytes().last()];
    (3..=63).contains(&name.len())
        && name.bytes().all(|byte| is_plain(byte) || matches!(byte, b'.' | b'-'))
        && ends.into_iter().flatten().all(is_plain)
}

fn is_host(host: &str) -> bool {
    let url = Url::parse(&format!("https://{host}"));
    !host.contains(['/', '?', '#']) && url.is_ok_and(|url| is_origin(&url))
}

/// Both or none.
pub(super) fn keys(
    reader: &mut Reader<'_>,
    id: Option<String>,
    secret: Option<String>,
) -> Option<(String, Secret)> {
    match (id, secret) {
        (Some(id), Some(secret)) => Some((id, Secret::new(secret))),
        (None, None) => None,
        (Some(_), None) => {
            let what = "must be set as AWS_ACCESS_KEY_ID is; unset both to use the machine's role";
            reader.complaints.wrong("AWS_SECRET_ACCESS_KEY", what, "\"…\"");
            None
        }
        (None, Some(_)) => {
            let what = "must be set as AWS_SECRET_ACCESS_KEY is; unset both to use the machine's role";
            reader.complaints.wrong("AWS_ACCESS_KEY_ID", what, "AKIA…");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_and_a_host_are_told_from_addresses() {
        for (name, is_one) in [
            ("turnout-prod-private", true),
            ("a.b", true),
            ("ab", false),
            ("Turnout", false),
            ("-ab", false),
            ("ab.", false),
            ("s3://ab", false),
            ("a_b", false),
            (&"x".repeat(64), false),
        ] {
            assert_eq!(is_bucket(name), is_one, "{name}");
        }
        for (host, is_one) in [
            ("files.example.org", true),
            ("localhost:9000", true),
            ("https://files.example.org", false),
            ("files.example.org/", false),
            ("files.example.org/a", false),
            ("me@example.org", false),
            ("two words", false),
        ] {
            assert_eq!(is_host(host), is_one, "{host}");
        }
    }
}
