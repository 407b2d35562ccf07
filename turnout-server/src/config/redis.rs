//! What several processes share beside the database.

use url::Url;

use super::{Secret, reader::Reader};

/// A Redis server, for cache, rate limits and wake-ups.
#[derive(Debug)]
pub struct Redis {
    /// `REDIS_URL`.
    pub address: Secret,
    /// `REDIS_KEY_PREFIX`: what stands before every key.
    pub prefix: String,
}

impl Redis {
    /// Nothing without an address: then each process has cache, limits and wake-ups of its own.
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let address = reader.text("REDIS_URL");
        let prefix = reader.given("REDIS_KEY_PREFIX");
        let address = address?;
        if !cfg!(feature = "redis") {
            let what = "needs a build with the feature redis; unset it, and each process keeps to itself";
            reader.complaints.wrong("REDIS_URL", what, "");
        } else if !is_redis(&address) {
            let what = "must begin with redis:// or rediss://, name a host, and at the most the number of a database";
            reader.complaints.wrong("REDIS_URL", what, "rediss://user:password@redis.example.org:6379/0");
        }
        if prefix.contains(|sign: char| sign.is_whitespace() || sign.is_control() || "*?[]\\".contains(sign))
        {
            let what = "must be a name without blanks and without signs of patterns";
            reader.complaints.wrong("REDIS_KEY_PREFIX", what, "turnout");
        }
        Some(Self { address: Secret::new(address), prefix })
    }
}

fn is_redis(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| {
        let database = url.path().trim_matches('/');
        matches!(url.scheme(), "redis" | "rediss")
            && url.host_str().is_some_and(|host| !host.is_empty())
            && (database.is_empty() || database.parse::<u16>().is_ok())
            && url.query().is_none()
            && url.fragment().is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_host_and_at_the_most_a_database() {
        for (address, good) in [
            ("redis://redis:6379", true),
            ("rediss://me:pw@redis.example.org/1", true),
            ("redis://:pw@127.0.0.1:6379/", true),
            ("redis://", false),
            ("redis://host/name", false),
            ("rediss://host/#insecure", false),
            ("http://host/", false),
            ("host:6379", false),
        ] {
            assert_eq!(is_redis(address), good, "{address}");
        }
    }
}
