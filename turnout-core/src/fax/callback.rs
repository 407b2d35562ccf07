//! What the gateway says of a fax, from somebody who has to know the fax's token (`http-api.md` 16, 2026-11).

use chrono::{DateTime, Utc};
use subtle::ConstantTimeEq as _;

use super::{Fax, FaxReport, FaxStatus, FaxThen, settle};
use crate::{
    app::App,
    asked::{Field, fields},
    ids::{FaxId, SubscriberId},
    input::{Given, Input, Reader, Rules},
    ports::store::{StoreError, View},
    problems::{Problem, Problems},
};

/// The first second that is too late: the year 10000.
const TOO_LATE: f64 = 253_402_300_800.0;

/// What became of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// It was noted.
    Noted,
    /// The gateway has said something later already: this was left aside.
    Outdated,
}

/// Why a report is not believed. Nothing has changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallbackError {
    /// It is no report.
    #[error("the report has problems")]
    Problems(Problems),
    /// There is no such fax.
    #[error("there is no such fax")]
    NoSuchFax,
    /// The caller shows no token.
    #[error("there is no token")]
    NoToken,
    /// The caller shows another token than the fax's.
    #[error("the token is another fax's")]
    WrongToken,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes a report of the gateway. What follows is enqueued once: what was said before starts nothing when it is said again
/// (quirk Q110), be it at another time.
///
/// # Errors
/// See [`CallbackError`]; they are looked for in the order in which they stand there.
#[tracing::instrument(target = "turnout::trace", name = "fax.callback", skip_all)]
pub async fn hear(app: &App, input: &Input, token: Option<&str>) -> Result<Heard, CallbackError> {
    let (id, report) = read(input).map_err(CallbackError::Problems)?;
    let mut view = app.store.view().await?;
    let known = view.faxes().by_id(id).await?.ok_or(CallbackError::NoSuchFax)?;
    let token = token.filter(|token| !token.is_empty()).ok_or(CallbackError::NoToken)?;
    let right = known.token.to_string();
    if !bool::from(right.as_bytes().ct_eq(token.as_bytes())) {
        return Err(CallbackError::WrongToken);
    }
    let subscriber = subscriber_of(view.as_mut(), &known).await?;
    drop(view);

    let mut unit = app.store.begin().await?;
    let mut fax = unit.faxes_mut().lock(id).await?.ok_or(CallbackError::NoSuchFax)?;
    if fax.status_at.is_some_and(|last| report.at < last) {
        return Ok(Heard::Outdated);
    }
    let is_repeat = fax.status_at.is_some() && fax.status == report.status;
    if is_repeat {
        (fax.status_message, fax.status_at) = (report.message, Some(report.at));
        fax.modified_at = app.now();
        unit.faxes_mut().update(&fax).await?;
    } else {
        settle(app, unit.as_mut(), &mut fax, report, subscriber).await?;
    }
    unit.commit().await?;
    Ok(Heard::Noted)
}

/// Whose turn what follows is.
async fn subscriber_of(view: &mut dyn View, fax: &Fax) -> Result<Option<SubscriberId>, StoreError> {
    match fax.then {
        Some(FaxThen::BallotRequest(id)) => {
            Ok(view.ballot_requests().by_id(id).await?.and_then(|request| request.subscriber))
        }
        None => Ok(None),
    }
}

/// The fields that [`hear`] reads.
#[must_use]
pub fn callback_fields() -> Vec<Field> {
    fields(|input| drop(read(input)))
}

fn read(input: &Input) -> Result<(FaxId, FaxReport), Problems> {
    let mut reader = Reader::whole(input);
    let id = reader.uuid("fax_id", Rules::required());
    let status = reader.choice("status", Rules::required(), FaxStatus::parse);
    let message = reader.text("message", Rules::required());
    let at = match reader.number("timestamp", Rules::required()) {
        Given::Value(seconds) => match moment(seconds) {
            Some(at) => Given::Value(at),
            None => {
                reader.complain("timestamp", Problem::Number);
                Given::Absent
            }
        },
        Given::Absent | Given::Null => Given::Absent,
    };
    match (id, status, message, at) {
        (Given::Value(id), Given::Value(status), Given::Value(message), Given::Value(at)) => {
            Ok((FaxId(id), FaxReport { status, message: Some(message), at }))
        }
        _ => Err(reader.into_problems()),
    }
}

/// So many seconds after the first of 1970, to the microsecond, within the years of four digits.
fn moment(seconds: f64) -> Option<DateTime<Utc>> {
    if !(0.0..TOO_LATE).contains(&seconds) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a year of four digits has fewer microseconds than i64"
    )]
    DateTime::from_timestamp_micros((seconds * 1e6).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_microseconds_and_a_year_of_four_digits() {
        for (seconds, text) in [
            (0.0, Some("1970-01-01T00:00:00Z")),
            (1_601_553_600.25, Some("2020-10-01T12:00:00.250Z")),
            (1_601_553_600.000_001, Some("2020-10-01T12:00:00.000001Z")),
            (253_402_300_799.0, Some("9999-12-31T23:59:59Z")),
            (253_402_300_800.0, None),
            (-1.0, None),
            (f64::MAX, None),
        ] {
            let expected = text.map(|text| text.parse::<DateTime<Utc>>().expect(text));
            assert_eq!(moment(seconds), expected, "{seconds}");
        }
    }
}
