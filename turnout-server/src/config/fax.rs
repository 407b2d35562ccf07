//! Who faxes election offices, and whom.

use std::path::PathBuf;

use turnout_core::{person::Phone, settings::Settings};
use url::Url;

use super::{
    Deployment, FilePlace, Files, Role, Secret,
    files::keys,
    reader::{Reader, is_origin},
};

/// Who faxes (decision 24).
#[derive(Debug)]
pub struct Fax {
    /// Who takes faxes.
    pub place: FaxPlace,
    /// Which machine gets all of them instead: `FAX_REDIRECT_TO`.
    pub redirect_to: Option<Phone>,
    /// Whether none goes out, as faxes are switched off and no other number is set.
    is_mute: bool,
}

/// Who takes faxes.
#[derive(Debug)]
pub enum FaxPlace {
    /// A gateway that reads a queue.
    Queue(Box<FaxQueue>),
    /// Nobody: faxes are kept in this folder.
    Outbox(PathBuf),
    /// Nobody: faxes are refused.
    Off,
}

/// A FIFO queue of Amazon's SQS.
#[derive(Debug)]
pub struct FaxQueue {
    /// Its address: `FAX_GATEWAY_SQS_QUEUE`.
    pub url: Url,
    /// Where it is, by its address, or `AWS_DEFAULT_REGION`.
    pub region: String,
    /// `AWS_ACCESS_KEY_ID` with its secret; those of the machine's role without.
    pub keys: Option<(String, Secret)>,
    /// `AWS_ENDPOINT_URL_SQS`: a server that speaks like SQS.
    pub endpoint: Option<Url>,
}

const QUEUE: &str = "FAX_GATEWAY_SQS_QUEUE";
const EXAMPLE: &str = "https://sqs.us-west-2.amazonaws.com/123456789012/faxes.fifo";

impl Fax {
    pub(super) fn read(
        reader: &mut Reader<'_>,
        settings: &mut Settings,
        files: &Files,
        deployment: &Deployment,
        production: bool,
        outbox: PathBuf,
    ) -> Self {
        let redirect_to = number(reader, "FAX_REDIRECT_TO");
        let is_prod = deployment.environment == "prod";
        if redirect_to.is_some() && is_prod {
            reader.complaints.odd("FAX_REDIRECT_TO keeps every fax from election offices, and ENV is prod");
        }
        let fax = &mut settings.fax;
        fax.enabled = !reader.flag("FAX_DISABLE");
        fax.instead_to = number(reader, "FAX_OVERRIDE_DEST");
        fax.callback_url = match reader.text("FAX_GATEWAY_CALLBACK_URL") {
            Some(_) => callback(reader),
            None => format!("{}/v1/fax/gateway_callback/", settings.origins.primary),
        };
        if fax.enabled && fax.instead_to.is_some() {
            reader.complaints.odd("FAX_OVERRIDE_DEST has no effect, as FAX_DISABLE is false");
        }
        let is_mute = !fax.enabled && fax.instead_to.is_none();
        let reaches_offices = fax.enabled && redirect_to.is_none();
        let endpoint = endpoint(reader);
        let place = match queue(reader, files, endpoint) {
            Some(queue) => FaxPlace::Queue(Box::new(queue)),
            None if reader.role == Role::AllInOne && !production => FaxPlace::Outbox(outbox),
            None => FaxPlace::Off,
        };
        if matches!(place, FaxPlace::Queue(_)) && reaches_offices && !is_prod && reader.role != Role::Migrate
        {
            let what = "must name a machine of yours while FAX_DISABLE is false and ENV is not prod: election offices are \
                        faxed by the real service alone";
            reader.complaints.wrong("FAX_REDIRECT_TO", what, "+16175557890");
        }
        if matches!(place, FaxPlace::Off) && !is_mute && !reader.is_set(QUEUE) && reader.role != Role::Migrate
        {
            let what = "must be set while FAX_DISABLE is false or FAX_OVERRIDE_DEST is set";
            reader.complaints.wrong(QUEUE, what, EXAMPLE);
        }
        Self { place, redirect_to, is_mute }
    }

    /// A row of `config show`: the vendor, and real, simulated or off.
    #[must_use]
    pub fn standing(&self) -> (&'static str, &'static str) {
        let vendor = match &self.place {
            FaxPlace::Queue(_) => "sqs",
            FaxPlace::Outbox(_) => "outbox",
            FaxPlace::Off => "none",
        };
        let standing = match &self.place {
            _ if self.is_mute => {
                "off: FAX_DISABLE is true, and no other number is set; voters are told of a success"
            }
            FaxPlace::Queue(_) => "real",
            FaxPlace::Outbox(_) => "simulated",
            FaxPlace::Off => "off: set FAX_GATEWAY_SQS_QUEUE",
        };
        (vendor, standing)
    }
}

fn number(reader: &mut Reader<'_>, name: &'static str) -> Option<Phone> {
    let given = reader.text(name)?;
    let number = Phone::parse(&given);
    if number.is_none() {
        reader.complaints.wrong(name, "must be a telephone number", "+16175557890");
    }
    number
}

/// The token of a fax is appended as its query.
fn callback(reader: &mut Reader<'_>) -> String {
    let (name, example) = ("FAX_GATEWAY_CALLBACK_URL", "https://example.org/v1/fax/gateway_callback/");
    let url = reader.page(name, &[], example);
    if url.contains(['?', '#']) {
        reader.complaints.wrong(name, "must have no query", example);
    }
    url
}

fn endpoint(reader: &mut Reader<'_>) -> Option<Url> {
    let name = "AWS_ENDPOINT_URL_SQS";
    let given = reader.text(name)?;
    let url = Url::parse(&given).ok().filter(is_origin);
    if url.is_none() {
        reader.complaints.wrong(
            name,
            "must be http or https with a host and no path",
            "https://sqs.example.org",
        );
    }
    url
}

fn queue(reader: &mut Reader<'_>, files: &Files, endpoint: Option<Url>) -> Option<FaxQueue> {
    let given = reader.text(QUEUE)?;
    if !cfg!(feature = "sqs") {
        reader.complaints.wrong(QUEUE, "needs a build with the feature sqs; unset it", "");
    }
    let url = Url::parse(&given).ok().filter(is_queue);
    if url.is_none() {
        reader.complaints.wrong(QUEUE, "must be the address of a queue, and end in .fifo", EXAMPLE);
    }
    let keys = match &files.place {
        // looked at there
        FilePlace::S3(place) => place.keys.clone(),
        FilePlace::Folders { .. } => {
            let (id, secret) = (reader.text("AWS_ACCESS_KEY_ID"), reader.text("AWS_SECRET_ACCESS_KEY"));
            keys(reader, id, secret)
        }
    };
    let url = url?;
    let region = region(&url).map_or_else(|| reader.given("AWS_DEFAULT_REGION"), str::to_owned);
    Some(FaxQueue { region, keys, endpoint, url })
}

fn is_queue(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.path().ends_with(".fifo")
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

/// The second part of `sqs.us-west-2.amazonaws.com`.
fn region(url: &Url) -> Option<&str> {
    let (region, rest) = url.host_str()?.strip_prefix("sqs.")?.split_once('.')?;
    rest.starts_with("amazonaws.com").then_some(region)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_is_told_from_another_address_and_says_where_it_is() {
        for (url, is_one, at) in [
            (EXAMPLE, true, Some("us-west-2")),
            ("https://sqs.cn-north-1.amazonaws.com.cn/1/faxes.fifo", true, Some("cn-north-1")),
            ("http://127.0.0.1:5000/123456789012/faxes.fifo", true, None),
            ("https://sqs.example.org/1/faxes.fifo", true, None),
            ("https://sqs.us-west-2.amazonaws.com/123456789012/faxes", false, Some("us-west-2")),
            ("https://me:pw@sqs.us-west-2.amazonaws.com/1/faxes.fifo", false, Some("us-west-2")),
            ("ftp://127.0.0.1/faxes.fifo", false, None),
        ] {
            let parsed = Url::parse(url).expect("an address");
            assert_eq!((is_queue(&parsed), region(&parsed)), (is_one, at), "{url}");
        }
    }
}
