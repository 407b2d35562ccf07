//! The loop around [`Optimizely::refresh`]: asks for the data file again and again.

use std::{error::Error, sync::Arc, time::Duration};

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::providers::optimizely::{Optimizely, Refreshed};

/// Whom to ask, and how often.
#[derive(Clone)]
pub struct Polled {
    /// Who says which features are on.
    pub optimizely: Arc<Optimizely>,
    /// From one question to the next.
    pub every: Duration,
}

/// Asks at once, and then again and again until `stop`; returns at once where nobody is to be asked. Needs a tokio runtime.
pub async fn run(polled: Option<Polled>, stop: CancellationToken) {
    let Some(Polled { optimizely, every }) = polled else { return };
    loop {
        match optimizely.refresh().await {
            Ok(Refreshed::Changed) => {
                tracing::info!("the data file of Optimizely has changed, and is in force")
            }
            Ok(Refreshed::Same) => {}
            Err(error) => tracing::warn!(
                error = &error as &dyn Error,
                "the data file of Optimizely cannot be had: what was in force stays so"
            ),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = sleep(every) => {}
        }
    }
}
