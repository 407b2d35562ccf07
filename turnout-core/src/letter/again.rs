//! A letter that got stuck is handed to the mail house once more, when somebody says so.

use super::jobs::Send;
use crate::{
    app::App,
    change::Change,
    ids::{LetterId, UserId},
    jobs::{JobFilter, JobState},
    page::PageRequest,
    ports::store::StoreError,
};

/// So many jobs that were given up are looked through at once.
const AT_ONCE: u32 = 500;

/// What became of the wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// It is handed over now.
    InLine,
    /// It was in line already.
    WasInLine,
}

/// Why a letter is not handed over.
#[derive(Debug, thiserror::Error)]
pub enum AgainError {
    /// There is no such letter.
    #[error("there is no such letter")]
    NotFound,
    /// The mail house has it.
    #[error("the mail house has this letter: no second one goes")]
    HandedOver,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Has a letter handed over that the mail house does not have yet: by the job that was given up, else by a new one. It asks
/// the mail house for the letters of the action first, so that no second one goes.
///
/// # Errors
/// See [`AgainError`].
pub async fn send_again(app: &App, actor: UserId, id: LetterId) -> Result<Again, AgainError> {
    let given_up = given_up(app, id).await?;
    let mut unit = app.store.begin().await?;
    let letter = unit.letters_mut().lock(id).await?.ok_or(AgainError::NotFound)?;
    if letter.external_id.is_some() {
        return Err(AgainError::HandedOver);
    }
    let is_new = match given_up {
        Some(job) => unit.jobs_mut().requeue(job, app.now()).await?,
        None => {
            let send = Send { letter: id }.job(app).once(format!("{}:{id}", Send::KIND));
            unit.jobs_mut().enqueue(&send.of(letter.subscriber)).await?
        }
    };
    if !is_new {
        return Ok(Again::WasInLine);
    }
    let change = Change::new(app, Some(actor), "letter", id, "handed over again");
    Change { subscriber: letter.subscriber, ..change }.write(unit.as_mut()).await?;
    unit.commit().await?;
    Ok(Again::InLine)
}

/// The job of a letter that was given up.
async fn given_up(app: &App, id: LetterId) -> Result<Option<crate::ids::JobId>, StoreError> {
    let filter = JobFilter { state: Some(JobState::Dead), kind: Some(Send::KIND.to_owned()), lane: None };
    let wanted = serde_json::to_value(Send { letter: id }).unwrap_or_default();
    let mut after = None;
    let mut view = app.store.view().await?;
    loop {
        let page = view.jobs().list(&filter, PageRequest { after, limit: AT_ONCE }).await?;
        if let Some(job) = page.rows.iter().find(|job| job.payload == wanted) {
            return Ok(Some(job.id));
        }
        after = page.next;
        if after.is_none() {
            return Ok(None);
        }
    }
}

#[cfg(all(test, feature = "memory"))]
mod tests {
    use super::*;
    use crate::{
        change::ChangeFilter,
        conformance::rows,
        jobs::step,
        letter::Letter,
        memory::{World, world},
        ports::store::Store as _,
    };

    const ACTOR: UserId = UserId(uuid::Uuid::from_u128(7));

    async fn with_letter(external_id: Option<&str>) -> (World, LetterId) {
        let world = world();
        let letter = Letter { external_id: external_id.map(str::to_owned), ..rows::letter(9) };
        let mut unit = world.store.begin().await.expect("a unit");
        rows::references(unit.as_mut()).await;
        unit.letters_mut().insert(&letter).await.expect("a letter");
        unit.commit().await.expect("it is kept");
        (world, letter.id)
    }

    async fn noted(world: &World, id: LetterId) -> usize {
        let mut view = world.store.view().await.expect("a view");
        let page = PageRequest { after: None, limit: 9 };
        view.changes().page(&ChangeFilter::history("letter", id), &page).await.expect("a read").rows.len()
    }

    #[tokio::test]
    async fn a_letter_that_nobody_has_is_put_in_line_once() {
        let (world, id) = with_letter(None).await;
        assert_eq!(send_again(&world.app, ACTOR, id).await.expect("in line"), Again::InLine);
        assert_eq!(send_again(&world.app, ACTOR, id).await.expect("in line"), Again::WasInLine);
        assert_eq!(noted(&world, id).await, 1);

        // there is nothing to mail, so the job is given up
        step::run_all_due(&world.app).await.expect("it is run");
        let dead = given_up(&world.app, id).await.expect("a read").expect("it was given up");
        assert_eq!(send_again(&world.app, ACTOR, id).await.expect("in line"), Again::InLine);
        let mut view = world.store.view().await.expect("a view");
        let job = view.jobs().by_id(dead).await.expect("a read").expect("a job");
        assert_eq!(job.state, JobState::Waiting);
        assert_eq!(noted(&world, id).await, 2);
    }

    #[tokio::test]
    async fn no_second_letter_goes() {
        let (world, id) = with_letter(Some("ltr_9")).await;
        let refused = send_again(&world.app, ACTOR, id).await;
        assert!(matches!(refused, Err(AgainError::HandedOver)));
        let none = send_again(&world.app, ACTOR, LetterId(uuid::Uuid::nil())).await;
        assert!(matches!(none, Err(AgainError::NotFound)));
        assert_eq!(noted(&world, id).await, 0);
    }
}
