//! Wake-ups between processes: whoever commits a job that is due calls out, and whoever listens wakes its workers.

use std::{convert::Infallible, future::pending, time::Duration};

use sqlx::{
    Executor as _,
    postgres::{PgListener, PgPoolOptions},
};
use tokio::time::{sleep, timeout};
use turnout_core::ports::wake::Wake;

use super::{CHANNEL, PgStore};

/// After so long without a word the connection is tried: one that is cut off without a word is silent too.
const SILENCE: Duration = Duration::from_secs(30);
/// How long such a trial may take.
const TRIAL: Duration = Duration::from_secs(10);
/// How long a lost connection is left alone at first, and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

impl PgStore {
    /// Whether [`listen`](Self::listen) hears anything: not where a pooler stands between.
    #[must_use]
    pub fn hears_others(&self) -> bool {
        !self.address.pooled
    }

    /// Wakes what [`PgOptions::with_wake`](super::PgOptions::with_wake) named whenever a process has committed a job that
    /// is due. Takes a connection beside the pool, and a new one when that is lost. Ends never; drop it to stop.
    ///
    /// A hint only: what is called out while the connection is lost is not heard. With nobody to wake, or with a pooler
    /// between, it does nothing.
    pub async fn listen(&self) -> Infallible {
        let Some(wake) = self.wake.as_deref().filter(|_| !self.address.pooled) else {
            return pending().await;
        };
        let mut pause = PAUSES.0;
        loop {
            let Err(error) = self.hear(wake, &mut pause).await;
            tracing::warn!(%error, "the database cannot wake us for the moment; jobs start by looking for them");
            sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    /// Listens on one connection until it is lost.
    async fn hear(&self, wake: &dyn Wake, pause: &mut Duration) -> Result<Infallible, sqlx::Error> {
        let own = PgPoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
        let pool = own.connect_with(self.address.patient.clone()).await?;
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        *pause = PAUSES.0;
        // somebody may have called out before we listened
        wake.wake();
        loop {
            match timeout(SILENCE, listener.try_recv()).await {
                Ok(Ok(Some(_))) => {
                    while listener.next_buffered().is_some() {}
                    wake.wake();
                }
                Ok(Ok(None)) => return Err(sqlx::Error::Io(std::io::ErrorKind::ConnectionReset.into())),
                Ok(Err(error)) => return Err(error),
                Err(_) => {
                    let trial = timeout(TRIAL, listener.execute("SELECT 1"));
                    trial.await.map_err(|_| sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()))??;
                }
            }
        }
    }
}
