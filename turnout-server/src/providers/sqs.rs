//! A FIFO queue of Amazon's SQS, from which a fax gateway takes faxes (`flows.md` 16; Amazon's API reference of
//! `SendMessage` and "Exactly-once processing in Amazon SQS", 2026-11).

use std::time::Duration;

use async_trait::async_trait;
use aws_config::{default_provider::credentials::DefaultCredentialsChain, provider_config::ProviderConfig};
use aws_sdk_sqs::{
    Client,
    config::{
        Credentials, Region, SharedCredentialsProvider, SharedHttpClient, retry::RetryConfig,
        timeout::TimeoutConfig,
    },
    error::{ProvideErrorMetadata as _, SdkError},
    operation::send_message::SendMessageError,
};
use aws_smithy_http_client::tls::{self, rustls_provider::CryptoMode};
use turnout_core::{
    error::{ProviderError, ProviderErrorKind},
    ports::fax::{FaxSender, OutgoingFax},
};

use super::fax_outbox::KeptFax;
use crate::config::FaxQueue;

/// The name in the configuration.
const NAME: &str = "sqs";
/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(3);
/// How long one try may take, and all tries of a call together.
const TRY: Duration = Duration::from_secs(8);
const CALL: Duration = Duration::from_secs(20);
/// How often a call is tried. Each try is the same message to the queue.
const TRIES: u32 = 3;

/// Hands faxes to a gateway by a queue. The faxes of one machine keep their order, and a fax that the queue got within
/// the last five minutes is dropped by it.
pub struct SqsFaxes {
    client: Client,
    queue: String,
}

/// What SQS said instead of yes: its name of the reason, which holds nothing of the message.
#[derive(Debug, thiserror::Error)]
#[error("{code} (status {status})")]
struct Refused {
    code: String,
    status: u16,
}

impl SqsFaxes {
    /// Sets up what is needed to ask the queue; asks nothing yet. Where no key was given, the environment that the
    /// machine's role puts into a process is read by Amazon's own rules.
    pub async fn open(queue: &FaxQueue) -> Self {
        let http = aws_smithy_http_client::Builder::new()
            .tls_provider(tls::Provider::Rustls(CryptoMode::Ring))
            .build_https();
        let mut config = aws_sdk_sqs::Config::builder()
            .region(Region::new(queue.region.clone()))
            .credentials_provider(credentials(queue, &http).await)
            .http_client(http)
            .retry_config(RetryConfig::standard().with_max_attempts(TRIES))
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(CONNECT)
                    .operation_attempt_timeout(TRY)
                    .operation_timeout(CALL)
                    .build(),
            );
        if let Some(endpoint) = &queue.endpoint {
            config = config.endpoint_url(endpoint.as_str().trim_end_matches('/'));
        }
        Self { client: Client::from_conf(config.build()), queue: queue.url.to_string() }
    }
}

async fn credentials(queue: &FaxQueue, http: &SharedHttpClient) -> SharedCredentialsProvider {
    if let Some((id, secret)) = &queue.keys {
        return SharedCredentialsProvider::new(Credentials::new(id, secret.reveal(), None, None, "settings"));
    }
    let region = Some(Region::new(queue.region.clone()));
    let machine = ProviderConfig::without_region().with_region(region).with_http_client(http.clone());
    SharedCredentialsProvider::new(DefaultCredentialsChain::builder().configure(machine).build().await)
}

#[async_trait]
impl FaxSender for SqsFaxes {
    async fn send(&self, fax: &OutgoingFax) -> Result<(), ProviderError> {
        let body = serde_json::to_string(&KeptFax::from(fax));
        let body =
            body.map_err(|error| ProviderError::new(NAME, ProviderErrorKind::Rejected).because(error))?;
        let call = self.client.send_message().queue_url(&self.queue).message_body(body);
        // the id and not the body: the link to the document is another one at each try
        let call =
            call.message_group_id(fax.to.e164()).message_deduplication_id(fax.id.0.simple().to_string());
        call.send().await.map(drop).map_err(|error| judge(&error))
    }
}

/// Whether it is a name of a reason: who stands between us and the queue may repeat in its place what it was told.
fn is_code(code: &str) -> bool {
    code.len() <= 60 && code.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'.')
}

/// What cannot be asked, and whom nobody gives a key, may be different later.
fn judge(error: &SdkError<SendMessageError, aws_sdk_sqs::config::http::HttpResponse>) -> ProviderError {
    use ProviderErrorKind::{Rejected, Throttled, Unintelligible, Unreachable};
    match error {
        SdkError::ServiceError(answer) => {
            let status = answer.raw().status().as_u16();
            let code =
                answer.err().code().filter(|code| is_code(code)).unwrap_or("without a code").to_owned();
            let kind = match code.as_str() {
                "RequestThrottled" | "ThrottlingException" | "KmsThrottled" | "TooManyRequestsException" => {
                    Throttled
                }
                _ if status == 429 => Throttled,
                _ if status >= 500 => Unreachable,
                _ => Rejected,
            };
            ProviderError::new(NAME, kind).because(Refused { code, status })
        }
        SdkError::ResponseError(_) => ProviderError::new(NAME, Unintelligible),
        _ => ProviderError::new(NAME, Unreachable),
    }
}
