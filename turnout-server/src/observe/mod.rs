//! What is told of the process while it runs: lines in the log, counts, traces, alarms.
//!
//! Each is about what the program does, and none about whom it does it for: names from our code, ids, numbers. A test runs
//! through every flow with values that it then looks for in all of them (`tests/all/scan`).

#[cfg(any(feature = "otel", feature = "sentry"))]
mod fields;
pub mod lines;
#[cfg(any(feature = "otel", feature = "sentry"))]
pub mod outlet;
pub mod pulse;
#[cfg(any(feature = "serve", feature = "otel"))]
mod traceparent;

#[cfg(feature = "sentry")]
pub mod alarms;
#[cfg(feature = "otel")]
pub mod traces;

#[cfg(any(feature = "otel", feature = "sentry"))]
use std::sync::Arc;
use std::{
    io::{self, IsTerminal as _},
    panic,
};

use tokio_util::sync::CancellationToken;
use tracing_subscriber::{Layer, Registry, layer::SubscriberExt as _, util::SubscriberInitExt as _};
#[cfg(any(feature = "otel", feature = "sentry"))]
use turnout_core::ports::http::HttpClient;

#[cfg(any(feature = "otel", feature = "sentry"))]
use crate::providers::http_client::Reqwest;
use crate::{config::Config, measures};
use lines::Style;

#[cfg(feature = "serve")]
pub(crate) use traceparent::TraceParent;

/// What is gathered for an agent of statsd, where it is, and the tags that go with it.
#[cfg(feature = "statsd")]
struct ToAgent {
    statsd: measures::statsd::Statsd,
    agent: (String, u16),
    tags: Vec<(&'static str, String)>,
}

/// Who is told of what this process does. Whoever is told by a network is told by [`run`](Self::run).
#[must_use]
pub struct Observers {
    #[cfg(feature = "statsd")]
    statsd: Option<ToAgent>,
    #[cfg(feature = "otel")]
    traces: Option<outlet::Shipping<traces::Ended>>,
    #[cfg(feature = "sentry")]
    alarms: Option<outlet::Shipping<alarms::Alarm>>,
}

impl Observers {
    /// From here on the process is heard: log lines go to standard error, and measures are taken where they are asked for.
    /// A panic is logged by its place alone: its text may hold what was worked on.
    ///
    /// # Errors
    /// When traces or alarms are to be told and no HTTP client can be made.
    pub fn begin(config: &Config) -> anyhow::Result<Self> {
        let style = Style { readable: config.debug, colors: io::stderr().is_terminal() };
        let lines: Box<dyn Layer<Registry> + Send + Sync> = lines::layer(style, &config.log, io::stderr);
        #[cfg(any(feature = "otel", feature = "sentry"))]
        let mut layers = vec![lines];
        #[cfg(not(any(feature = "otel", feature = "sentry")))]
        let layers = vec![lines];
        let tags = measures::tags(&config.deployment);
        #[cfg(any(feature = "otel", feature = "sentry"))]
        let http = || Reqwest::new().map(|it| Arc::new(it) as Arc<dyn HttpClient>);
        #[cfg(feature = "otel")]
        let traces = match &config.observing.traces {
            Some(settings) => {
                let (layer, shipping) = traces::to_collector(settings, &tags, http()?);
                layers.push(layer.boxed());
                Some(shipping)
            }
            None => None,
        };
        #[cfg(feature = "sentry")]
        let alarms = match &config.observing.sentry {
            Some(dsn) => {
                let (layer, shipping) = alarms::to_sentry(dsn, &tags, http()?);
                layers.push(layer.boxed());
                Some(shipping)
            }
            None => None,
        };
        // an error says that a logger is there already, which is as good
        let _ = tracing_subscriber::registry().with(layers).try_init();
        panic::set_hook(Box::new(|panic| {
            let place = panic.location().map(ToString::to_string).unwrap_or_default();
            tracing::error!(place, "a panic");
        }));
        #[cfg(feature = "statsd")]
        let statsd = config.observing.statsd.clone().map(|agent| {
            let statsd = measures::statsd::Statsd::default();
            ToAgent { statsd, agent, tags: tags.clone() }
        });
        #[cfg(feature = "statsd")]
        let beside = statsd.as_ref().map(|it| it.statsd.clone());
        #[cfg(not(feature = "statsd"))]
        let beside = None;
        if config.is_measured() {
            measures::begin(&tags, beside);
        }
        Ok(Self {
            #[cfg(feature = "statsd")]
            statsd,
            #[cfg(feature = "otel")]
            traces,
            #[cfg(feature = "sentry")]
            alarms,
        })
    }

    /// Tells what is to be told, until `stop` and the last of it. Needs a tokio runtime.
    pub async fn run(self, stop: CancellationToken) {
        let counts = async {
            #[cfg(feature = "statsd")]
            if let Some(ToAgent { statsd, agent, tags }) = &self.statsd {
                statsd.run(agent, tags, stop.clone()).await;
            }
        };
        let traces = async {
            #[cfg(feature = "otel")]
            if let Some(traces) = self.traces {
                traces.run(stop.clone()).await;
            }
        };
        let alarms = async {
            #[cfg(feature = "sentry")]
            if let Some(alarms) = self.alarms {
                alarms.run(stop.clone()).await;
            }
        };
        tokio::join!(counts, traces, alarms, stop.cancelled());
    }
}
