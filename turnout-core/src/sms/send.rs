//! A text of ours begins its way: a row, and the job that hands it over.

use super::{Direction, Message, Number, jobs::Send};
use crate::{
    app::App,
    ports::store::{StoreError, Unit},
};

/// Writes the text down and enqueues its way in the same unit, unless the number is stopped: says whether it was. The job
/// looks again.
///
/// # Errors
/// When the store fails.
pub async fn enqueue(
    app: &App,
    unit: &mut dyn Unit,
    number: &Number,
    text: String,
) -> Result<bool, StoreError> {
    if number.is_stopped() {
        return Ok(false);
    }
    let message = Message::new(app, number.phone.clone(), Direction::Out, Some(text));
    unit.messages_mut().insert(&message).await?;
    unit.jobs_mut().enqueue(&Send { message: message.id }.job(app)).await?;
    Ok(true)
}
