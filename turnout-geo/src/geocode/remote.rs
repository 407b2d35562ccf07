//! Asking a geocoder over HTTP: how long, how often, and when to let it be.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use turnout_core::{
    address::Address,
    ports::{
        clock::Clock,
        geocoder::{GeocodeError, GeocodeErrorKind, Geocoded, Geocoder},
        http::{HttpClient, HttpRequest, HttpResponse},
        timer::Timer,
    },
};

use super::Resting;

/// A vendor may ask for no longer rest than this.
const LONGEST_REST: TimeDelta = TimeDelta::hours(1);

/// What a vendor is asked and what its answers mean: no I/O.
pub trait Vendor: Send + Sync {
    /// The vendor, as in the configuration.
    const NAME: &'static str;

    /// The question.
    ///
    /// # Errors
    /// [`GeocodeErrorKind::BadAddress`] when the address has too little to ask for, [`GeocodeErrorKind::Refused`] when the
    /// key is none.
    fn request(&self, address: &Address) -> Result<HttpRequest, GeocodeError>;

    /// What is answered, whatever its status; `now` is for answers that say until when to wait.
    ///
    /// # Errors
    /// See [`GeocodeErrorKind`].
    fn answer(
        &self,
        address: &Address,
        response: &HttpResponse,
        now: DateTime<Utc>,
    ) -> Result<Vec<Geocoded>, GeocodeError>;
}

/// How long somebody waits for a vendor. A voter may be waiting with him.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For one answer.
    pub timeout: TimeDelta,
    /// For all tries and the pauses between them.
    pub budget: TimeDelta,
    /// How often a question is repeated that may be answered later.
    pub retries: u32,
    /// Before the first repetition; each further pause is twice as long. A vendor may ask for more.
    pub pause: TimeDelta,
    /// How long a vendor is let be that could not answer, unless it asks for more: the next voters do not wait for it.
    pub rest: TimeDelta,
    /// How long a vendor is let be that refuses our key.
    pub refused_rest: TimeDelta,
}

impl Default for Patience {
    /// Six seconds for an answer, two repetitions, ten seconds in all.
    fn default() -> Self {
        Self {
            timeout: TimeDelta::seconds(6),
            budget: TimeDelta::seconds(10),
            retries: 2,
            pause: TimeDelta::milliseconds(500),
            rest: TimeDelta::seconds(30),
            refused_rest: TimeDelta::minutes(5),
        }
    }
}

/// A geocoder that is asked over HTTP.
///
/// Throttled and unreachable vendors are asked again after a pause. Who cannot answer then, or refuses the key, is let be
/// for a while, in which it fails at once.
pub struct Remote<V> {
    vendor: V,
    http: Arc<dyn HttpClient>,
    clock: Arc<dyn Clock>,
    timer: Arc<dyn Timer>,
    patience: Patience,
    resting: Mutex<Option<(DateTime<Utc>, GeocodeErrorKind)>>,
}

impl<V: Vendor> Remote<V> {
    /// Asks the vendor through `http`.
    pub fn new(vendor: V, http: Arc<dyn HttpClient>, clock: Arc<dyn Clock>, timer: Arc<dyn Timer>) -> Self {
        Self { vendor, http, clock, timer, patience: Patience::default(), resting: Mutex::new(None) }
    }

    /// With more or less patience.
    #[must_use]
    pub fn with_patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    fn resting(&self, now: DateTime<Utc>) -> Option<GeocodeErrorKind> {
        let resting = *self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        resting.filter(|(until, _)| now < *until).map(|(_, kind)| kind)
    }

    fn let_be(&self, until: DateTime<Utc>, kind: GeocodeErrorKind) {
        *self.resting.lock().unwrap_or_else(PoisonError::into_inner) = Some((until, kind));
    }

    async fn ask(&self, request: HttpRequest, address: &Address) -> Result<Vec<Geocoded>, GeocodeError> {
        match self.http.send(request).await {
            Ok(response) => self.vendor.answer(address, &response, self.clock.now()),
            Err(error) => Err(GeocodeError::of_http(V::NAME, error)),
        }
    }

    /// How long to wait before the question is repeated; nothing when it is not.
    fn wait(&self, error: &GeocodeError, tries: u32, spent: TimeDelta) -> Option<TimeDelta> {
        let pause = self.patience.pause * 2_i32.pow(tries.min(16));
        let wait = match error.kind {
            GeocodeErrorKind::Throttled(Some(asked)) => pause.max(asked),
            kind if kind.is_transient() => pause,
            _ => return None,
        };
        (tries < self.patience.retries && spent + wait < self.patience.budget).then_some(wait)
    }

    fn given_up(&self, error: &GeocodeError, now: DateTime<Utc>) {
        let Patience { rest, refused_rest, .. } = self.patience;
        let rest = match error.kind {
            GeocodeErrorKind::Throttled(Some(asked)) => rest.max(asked.min(LONGEST_REST)),
            GeocodeErrorKind::Refused => refused_rest,
            kind if kind.is_transient() => rest,
            _ => return,
        };
        self.let_be(now + rest, error.kind);
    }
}

#[async_trait]
impl<V: Vendor> Geocoder for Remote<V> {
    fn name(&self) -> &'static str {
        V::NAME
    }

    async fn geocode(&self, address: &Address) -> Result<Vec<Geocoded>, GeocodeError> {
        let begun = self.clock.now();
        if let Some(kind) = self.resting(begun) {
            return Err(GeocodeError::new(V::NAME, kind).because(Resting));
        }
        let request = self.vendor.request(address)?;
        let mut tries = 0;
        loop {
            let left = self.patience.budget - (self.clock.now() - begun);
            let request = request.clone().with_timeout(self.patience.timeout.min(left));
            let error = match self.ask(request, address).await {
                Ok(found) => return Ok(found),
                Err(error) => error,
            };
            let now = self.clock.now();
            let Some(wait) = self.wait(&error, tries, now - begun) else {
                self.given_up(&error, now);
                return Err(error);
            };
            self.timer.wait(wait).await;
            tries += 1;
        }
    }
}
