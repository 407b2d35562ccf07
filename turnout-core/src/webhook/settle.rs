//! What a try means for its delivery and for its endpoint.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Delivery, DeliveryStatus, ENDURANCE, Endpoint, Failure, Health, Off, OffReason, PATIENCE, jobs};
use crate::{
    app::App,
    jobs::Backoff,
    ports::{
        http::{HttpError, HttpErrorKind, HttpResponse, StatusCode, header::RETRY_AFTER},
        store::StoreError,
    },
};

/// How many failures in a row mean that the endpoint fails, and not single deliveries.
const FAILS_AFTER: u32 = 3;
/// The longest time for which an endpoint's wish to be left alone is heeded.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(1);

/// What came of a try. Nothing of the body of an answer is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tried {
    /// The endpoint took it.
    Taken(u16),
    /// It answered something else, and may have said when to come back.
    Refused(u16, Option<TimeDelta>),
    /// There is no answer.
    Failed(Failure),
}

impl Tried {
    /// Reads an answer.
    pub(super) fn of(answer: Result<HttpResponse, HttpError>) -> Self {
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => return Self::Failed(failure(error.kind)),
        };
        let status = answer.status.as_u16();
        if answer.status.is_success() {
            return Self::Taken(status);
        }
        let wish = answer.headers.get(RETRY_AFTER).and_then(|text| text.to_str().ok()?.trim().parse().ok());
        Self::Refused(status, wish.map(|seconds: u32| TimeDelta::seconds(seconds.into()).min(LONGEST_WAIT)))
    }
}

fn failure(kind: HttpErrorKind) -> Failure {
    match kind {
        HttpErrorKind::TimedOut => Failure::TimedOut,
        HttpErrorKind::Unconnected => Failure::Unconnected,
        HttpErrorKind::Broken => Failure::Broken,
        HttpErrorKind::TooLarge => Failure::TooLarge,
        HttpErrorKind::Forbidden => Failure::Forbidden,
        HttpErrorKind::Unwritable | HttpErrorKind::Disabled => Failure::Unsendable,
    }
}

/// Half a minute, a minute, two ... an hour: tried some eighty times in three days.
fn between_tries() -> Backoff {
    Backoff::new(TimeDelta::seconds(30), TimeDelta::hours(1))
}

/// A quarter of a minute, half a minute ... ten minutes.
fn between_looks() -> Backoff {
    Backoff::new(TimeDelta::seconds(15), TimeDelta::minutes(10))
}

/// Notes a try. `jitter` is from 0 to 1.
fn judge(endpoint: &mut Endpoint, delivery: &mut Delivery, tried: Tried, now: DateTime<Utc>, jitter: f64) {
    delivery.tried_at = Some(now);
    delivery.attempts = delivery.attempts.saturating_add(1);
    let (answer, failure, wish) = match tried {
        Tried::Taken(status) => {
            (delivery.answer, delivery.failure) = (Some(status), None);
            delivery.status = DeliveryStatus::Delivered;
            endpoint.health = Health::default();
            return;
        }
        Tried::Refused(status, wish) => (Some(status), Failure::Answer, wish),
        Tried::Failed(failure) => (None, failure, None),
    };
    (delivery.answer, delivery.failure) = (answer, Some(failure));
    let end = delivery.queued_at + PATIENCE;
    if now >= end {
        delivery.status = DeliveryStatus::Dead;
    } else {
        let next = between_tries().retry_at(now, delivery.attempts, jitter);
        delivery.next_at = next.max(now + wish.unwrap_or_default()).min(end);
    }
    let health = &mut endpoint.health;
    health.failures = health.failures.saturating_add(1);
    let since = *health.failing_since.get_or_insert(now);
    if health.failures >= FAILS_AFTER {
        let rest = between_looks().retry_at(now, health.failures - FAILS_AFTER + 1, jitter);
        health.rest_until = Some(rest.max(now + wish.unwrap_or_default()));
    }
    let reason = match answer {
        Some(status) if status == StatusCode::GONE.as_u16() => Some(OffReason::Gone),
        _ if now - since >= ENDURANCE => Some(OffReason::Failing),
        _ => None,
    };
    if let Some(reason) = reason {
        // tries that were under way are no news
        endpoint.off.get_or_insert(Off { since: now, reason });
    }
}

/// Notes a try in the store. One whose delivery was settled by somebody else meanwhile changes nothing, unless it succeeded.
/// Where it switches the endpoint off, its people are told: once, as the endpoint is held until the unit ends.
pub(super) async fn note(app: &App, tried_on: &Delivery, tried: Tried) -> Result<(), StoreError> {
    let now = app.now();
    let mut unit = app.store.begin().await?;
    let Some(mut endpoint) = unit.webhooks_mut().lock_endpoint(tried_on.endpoint).await? else {
        return Ok(());
    };
    let Some(mut delivery) = unit.webhooks_mut().lock_delivery(tried_on.id).await? else { return Ok(()) };
    let is_settled = delivery.status != DeliveryStatus::Waiting;
    if is_settled && !matches!(tried, Tried::Taken(_)) {
        return Ok(());
    }
    let before = endpoint.clone();
    judge(&mut endpoint, &mut delivery, tried, now, app.ids.fraction());
    unit.webhooks_mut().update_delivery(&delivery).await?;
    if endpoint != before {
        unit.webhooks_mut().update_endpoint(&endpoint).await?;
    }
    let was_switched_off = before.off.is_none() && endpoint.off.is_some();
    if was_switched_off {
        jobs::tell_team(app, unit.as_mut(), &endpoint).await?;
    }
    unit.commit().await?;
    let (delivery, endpoint) = (delivery.id, endpoint.id);
    match tried {
        Tried::Taken(_) => {}
        _ if was_switched_off => {
            tracing::warn!(webhook.endpoint = %endpoint, "an endpoint was switched off");
        }
        _ => {
            tracing::info!(webhook.endpoint = %endpoint, webhook.delivery = %delivery, ?tried, "a delivery failed")
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::rows::{at, delivery, endpoint};

    fn begun() -> (Endpoint, Delivery) {
        let endpoint = Endpoint { health: Health::default(), off: None, ..endpoint(1, 1, 0) };
        let mut delivery = delivery(7, 1, 3, 0);
        delivery.queue_again(at(0));
        (endpoint, delivery)
    }

    #[test]
    fn what_is_taken_is_delivered_and_the_endpoint_is_well() {
        let (mut endpoint, mut delivery) = begun();
        judge(&mut endpoint, &mut delivery, Tried::Refused(500, None), at(1), 0.0);
        assert_eq!((delivery.status, endpoint.health.failures), (DeliveryStatus::Waiting, 1));
        judge(&mut endpoint, &mut delivery, Tried::Taken(204), at(40), 0.0);
        assert_eq!((delivery.status, delivery.attempts), (DeliveryStatus::Delivered, 2));
        assert_eq!((delivery.answer, delivery.failure), (Some(204), None));
        assert_eq!(endpoint.health, Health::default());
    }

    #[test]
    fn a_delivery_is_tried_for_three_days_and_then_given_up() {
        let (mut endpoint, mut delivery) = begun();
        let (mut now, mut tries) = (at(0), 0);
        while delivery.status == DeliveryStatus::Waiting {
            judge(&mut endpoint, &mut delivery, Tried::Failed(Failure::TimedOut), now, 0.0);
            tries += 1;
            if delivery.status == DeliveryStatus::Waiting {
                assert!(delivery.next_at > now && delivery.next_at - now <= TimeDelta::hours(1));
                now = delivery.next_at;
            }
        }
        assert_eq!(now, at(0) + PATIENCE);
        assert!((75..90).contains(&tries), "{tries}");
        assert_eq!((delivery.failure, endpoint.off), (Some(Failure::TimedOut), None));
    }

    #[test]
    fn gone_switches_off_at_once_and_days_of_failure_do_too() {
        let (mut endpoint, mut delivery) = begun();
        judge(&mut endpoint, &mut delivery, Tried::Refused(410, None), at(1), 0.0);
        assert_eq!(endpoint.off, Some(Off { since: at(1), reason: OffReason::Gone }));
        judge(&mut endpoint, &mut delivery, Tried::Refused(410, None), at(2), 0.0);
        assert_eq!(endpoint.off.map(|off| off.since), Some(at(1)), "it was off before");

        let (mut endpoint, mut delivery) = begun();
        judge(&mut endpoint, &mut delivery, Tried::Refused(500, None), at(0), 0.0);
        judge(&mut endpoint, &mut delivery, Tried::Refused(500, None), at(-1) + ENDURANCE, 0.0);
        assert_eq!(endpoint.off, None);
        judge(&mut endpoint, &mut delivery, Tried::Refused(500, None), at(0) + ENDURANCE, 0.0);
        assert_eq!(endpoint.off.map(|off| off.reason), Some(OffReason::Failing));
    }

    #[test]
    fn an_endpoint_that_fails_again_and_again_is_looked_at_now_and_then() {
        let (mut endpoint, mut delivery) = begun();
        let mut rests = Vec::new();
        for _ in 0..12 {
            judge(&mut endpoint, &mut delivery, Tried::Failed(Failure::Unconnected), at(0), 0.0);
            rests.push(endpoint.health.rest_until.map(|until| (until - at(0)).num_seconds()));
        }
        assert_eq!(rests[..4], [None, None, Some(15), Some(30)]);
        assert_eq!(rests[11], Some(600));
    }

    #[test]
    fn a_wish_to_be_left_alone_is_heeded_up_to_an_hour() {
        let (mut endpoint, mut delivery) = begun();
        let answer = HttpResponse::new(StatusCode::TOO_MANY_REQUESTS);
        let answer = |text: &'static str| {
            let value = crate::ports::http::HeaderValue::from_static(text);
            Tried::of(Ok(answer.clone().with_header(RETRY_AFTER, value)))
        };
        assert_eq!(answer("120"), Tried::Refused(429, Some(TimeDelta::minutes(2))));
        assert_eq!(answer("864000"), Tried::Refused(429, Some(TimeDelta::hours(1))));
        assert_eq!(answer("Wed, 21 Oct 2026 07:28:00 GMT"), Tried::Refused(429, None));
        judge(&mut endpoint, &mut delivery, answer("120"), at(0), 1.0);
        assert_eq!(delivery.next_at, at(120));
    }

    #[test]
    fn a_redirection_is_a_failure() {
        assert_eq!(Tried::of(Ok(HttpResponse::new(StatusCode::FOUND))), Tried::Refused(302, None));
        assert_eq!(Tried::of(Ok(HttpResponse::new(StatusCode::ACCEPTED))), Tried::Taken(202));
        assert_eq!(Tried::of(Err(HttpErrorKind::Forbidden.into())), Tried::Failed(Failure::Forbidden));
    }
}
