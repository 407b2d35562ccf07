//! Request by request no faster than a vendor takes it, over all processes that share a store.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::TimeDelta;

use crate::{
    app::App,
    error::BoxError,
    jobs::Rate,
    ports::{
        clock::Clock,
        http::{HttpClient, HttpError, HttpErrorKind, HttpRequest, HttpResponse},
        store::Store,
        timer::Timer,
    },
};

/// How much later than its turn a request may come to the vendor: half of it until it is handed over, and half on the way,
/// as a connection may have to be made first.
const SLACK: TimeDelta = TimeDelta::milliseconds(200);
/// How late after its turn a request may be handed over.
const LATEST: TimeDelta = TimeDelta::milliseconds(100);
/// How often a request whose turn has passed takes another one.
const TRIES: u32 = 5;
/// How long a request waits for its turn. What would take longer is tried again by its job.
const PATIENCE: TimeDelta = TimeDelta::seconds(30);

/// Requests to a vendor whose jobs share a lane and take their turns themselves
/// ([`Lane::takes_turns`](crate::jobs::Lane::takes_turns)): one turn for each request, however many a job makes. In any second
/// no more are handed over than the lane's rate.
///
/// ```
/// # #[cfg(feature = "memory")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use std::sync::Arc;
/// use turnout_core::{
///     memory::{ScriptedHttp, world},
///     ports::http::{HttpClient, HttpRequest, HttpResponse, StatusCode},
///     senders::PacedHttp,
/// };
///
/// let (world, vendor) = (world(), ScriptedHttp::new());
/// let timer = Arc::new(world.clock.clone());
/// let http = PacedHttp::new(Arc::new(vendor.clone()), &world.app, timer, "actionnetwork");
/// for _ in 0..5 {
///     vendor.answer("lists.example.org", HttpResponse::new(StatusCode::OK));
///     let request = HttpRequest::get("https://lists.example.org/".parse().expect("an address"));
///     http.send(request).await.expect("an answer");
/// }
/// # }
/// # #[cfg(not(feature = "memory"))]
/// # fn main() {}
/// ```
pub struct PacedHttp {
    inner: Arc<dyn HttpClient>,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    timer: Arc<dyn Timer>,
    lane: &'static str,
    rate: Option<Rate>,
}

/// The request was not sent.
fn unsent(why: impl Into<BoxError>) -> HttpError {
    HttpError::from(HttpErrorKind::Unconnected).because(why)
}

impl PacedHttp {
    /// Carries everything by `inner`, in turns of that lane in the app's store; at once where the lane's jobs take none.
    #[must_use]
    pub fn new(inner: Arc<dyn HttpClient>, app: &App, timer: Arc<dyn Timer>, lane: &'static str) -> Self {
        let rate = app.jobs.rate_of_turns(lane, SLACK);
        Self { inner, store: Arc::clone(&app.store), clock: Arc::clone(&app.clock), timer, lane, rate }
    }

    /// Waits for a turn. One that is too far away is left to others.
    async fn turn(&self, rate: Rate) -> Result<(), HttpError> {
        for _ in 0..TRIES {
            let mut unit = self.store.begin().await.map_err(unsent)?;
            let now = self.clock.now();
            let turn = unit.jobs_mut().take_turns(self.lane, rate, now, 1).await.map_err(unsent)?;
            if turn - now > PATIENCE {
                return Err(unsent("too many wait for their turns"));
            }
            unit.commit().await.map_err(unsent)?;
            self.timer.wait(turn - self.clock.now()).await;
            if self.clock.now() - turn <= LATEST {
                return Ok(());
            }
            // with those whose turns are in the next second there would be too many
        }
        Err(unsent("its turns passed before it could go"))
    }
}

#[async_trait]
impl HttpClient for PacedHttp {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        if let Some(rate) = self.rate {
            self.turn(rate).await?;
        }
        self.inner.send(request).await
    }
}

#[cfg(all(test, feature = "memory"))]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::sync::Mutex;

    use chrono::{DateTime, Utc};

    use super::*;
    use crate::{
        memory::{FrozenClock, World, world},
        ports::http::StatusCode,
    };

    const LANE: &str = "actionnetwork";

    /// Answers everything, and notes when it was asked.
    #[derive(Clone)]
    struct Noting {
        clock: FrozenClock,
        asked: Arc<Mutex<Vec<DateTime<Utc>>>>,
    }

    #[async_trait]
    impl HttpClient for Noting {
        async fn send(&self, _: HttpRequest) -> Result<HttpResponse, HttpError> {
            self.asked.lock().unwrap().push(self.clock.now());
            Ok(HttpResponse::new(StatusCode::OK))
        }
    }

    /// Sleeps longer than it is told to, so often.
    struct Sleepy {
        clock: FrozenClock,
        left: Mutex<u32>,
    }

    #[async_trait]
    impl Timer for Sleepy {
        async fn wait(&self, time: TimeDelta) {
            self.clock.wait(time).await;
            let mut left = self.left.lock().unwrap();
            if *left > 0 {
                *left -= 1;
                self.clock.advance(LATEST + TimeDelta::milliseconds(1));
            }
        }
    }

    fn vendor(world: &World) -> Noting {
        Noting { clock: world.clock.clone(), asked: Arc::default() }
    }

    async fn ask(http: &PacedHttp) -> Result<HttpResponse, HttpError> {
        http.send(HttpRequest::get("https://lists.example.org/".parse().unwrap())).await
    }

    fn most_in_a_second(asked: &[DateTime<Utc>]) -> usize {
        let within = |from: &DateTime<Utc>| {
            asked.iter().filter(|at| **at >= *from && **at - *from < TimeDelta::seconds(1)).count()
        };
        asked.iter().map(within).max().unwrap_or(0)
    }

    #[tokio::test]
    async fn two_processes_together_hand_over_no_more_than_the_lane_grants() {
        let world = world();
        let noting = vendor(&world);
        let process =
            || PacedHttp::new(Arc::new(noting.clone()), &world.app, Arc::new(world.clock.clone()), LANE);
        let (one, other) = (process(), process());
        for _ in 0..10 {
            ask(&one).await.unwrap();
            ask(&other).await.unwrap();
        }
        let asked = noting.asked.lock().unwrap().clone();
        assert_eq!((asked.len(), most_in_a_second(&asked)), (20, 4));
        let took = asked[19] - asked[0];
        assert!(took < TimeDelta::seconds(6), "it is no slower than it has to be: {took}");
    }

    #[tokio::test]
    async fn a_request_whose_turn_has_passed_takes_another_and_one_that_is_always_late_is_not_sent() {
        let world = world();
        let noting = vendor(&world);
        let sleepy = |left| Arc::new(Sleepy { clock: world.clock.clone(), left: Mutex::new(left) });
        let http = PacedHttp::new(Arc::new(noting.clone()), &world.app, sleepy(2), LANE);
        for _ in 0..3 {
            ask(&http).await.unwrap();
        }
        let asked = noting.asked.lock().unwrap().clone();
        assert_eq!((asked.len(), most_in_a_second(&asked)), (3, 3));
        let http = PacedHttp::new(Arc::new(noting.clone()), &world.app, sleepy(u32::MAX), LANE);
        let error = ask(&http).await.unwrap_err();
        assert!(!error.kind.may_have_arrived() && error.at("lists").is_transient());
        assert_eq!(noting.asked.lock().unwrap().len(), 3);
    }

    #[tokio::test]
    async fn whose_turn_is_far_away_is_not_sent_and_leaves_the_turn_to_others() {
        let world = world();
        let noting = vendor(&world);
        let http = PacedHttp::new(Arc::new(noting.clone()), &world.app, Arc::new(world.clock.clone()), LANE);
        let mut unit = world.app.store.begin().await.unwrap();
        unit.jobs_mut().take_turns(LANE, http.rate.unwrap(), world.app.now(), 101).await.unwrap();
        unit.commit().await.unwrap();
        for _ in 0..3 {
            assert!(!ask(&http).await.unwrap_err().kind.may_have_arrived());
        }
        assert!(noting.asked.lock().unwrap().is_empty());
        world.clock.advance(TimeDelta::seconds(1));
        let before = world.app.now();
        ask(&http).await.unwrap();
        assert_eq!(world.app.now() - before, TimeDelta::microseconds(300_001 * 101) - TimeDelta::seconds(1));
    }

    #[tokio::test]
    async fn where_jobs_take_no_turns_nobody_waits() {
        let world = world();
        let noting = vendor(&world);
        let http =
            PacedHttp::new(Arc::new(noting.clone()), &world.app, Arc::new(world.clock.clone()), "default");
        for _ in 0..9 {
            ask(&http).await.unwrap();
        }
        assert_eq!(most_in_a_second(&noting.asked.lock().unwrap()), 9);
    }
}
