//! What a person of the service does with a file: has its link mailed once more, or deletes it.

use super::{
    StoredFile,
    jobs::{Purge, SendLink},
};
use crate::{
    app::App,
    change::Change,
    ids::{FileId, UserId},
    ports::store::StoreError,
};

/// Why nothing was done with a file.
#[derive(Debug, thiserror::Error)]
pub enum ManageError {
    /// There is no such file.
    #[error("there is no such file")]
    NotFound,
    /// It cannot be done.
    #[error("{0}")]
    State(&'static str),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Mails the link to the file to whom it was made for. Its token is renewed only when it has expired.
///
/// # Errors
/// See [`ManageError`].
pub async fn mail_link(app: &App, actor: UserId, id: FileId) -> Result<(), ManageError> {
    let mut unit = app.store.begin().await?;
    let mut file = unit.files_mut().lock(id).await?.ok_or(ManageError::NotFound)?;
    if file.purged.is_some() {
        return Err(ManageError::State("it is deleted"));
    }
    if !file.claimed {
        return Err(ManageError::State("it belongs to no record"));
    }
    if file.email.as_deref().is_none_or(str::is_empty) {
        return Err(ManageError::State("it was made for nobody with an e-mail address"));
    }
    let now = app.now();
    if now >= file.expires {
        app.file_tokens.renew(&mut file, now);
        file.modified_at = now;
        unit.files_mut().update(&file).await?;
    }
    unit.jobs_mut().enqueue(&SendLink { file: id }.job(app).of(file.subscriber)).await?;
    noted(app, actor, &file, "link mailed").write(unit.as_mut()).await?;
    unit.commit().await?;
    Ok(())
}

/// Deletes a file: nobody is sent to it from now on, and its bytes go by the job that deletes old ones.
///
/// # Errors
/// See [`ManageError`].
pub async fn delete_now(app: &App, actor: UserId, id: FileId) -> Result<(), ManageError> {
    let mut unit = app.store.begin().await?;
    let mut file = unit.files_mut().lock(id).await?.ok_or(ManageError::NotFound)?;
    if file.purged.is_some() {
        return Err(ManageError::State("it is deleted already"));
    }
    let now = app.now();
    (file.purged, file.modified_at) = (Some(now), now);
    unit.files_mut().update(&file).await?;
    unit.jobs_mut().enqueue(&Purge {}.job(app)).await?;
    noted(app, actor, &file, "deleted").write(unit.as_mut()).await?;
    unit.commit().await?;
    Ok(())
}

fn noted(app: &App, actor: UserId, file: &StoredFile, act: &str) -> Change {
    let change = Change::new(app, Some(actor), "file", file.id, act);
    Change { subscriber: file.subscriber, ..change }
}

#[cfg(all(test, feature = "memory"))]
mod tests {
    use super::*;
    use crate::{
        change::ChangeFilter,
        conformance::rows,
        file::FileType,
        jobs::{JobFilter, JobState},
        memory::{World, world},
        page::PageRequest,
        ports::store::Store as _,
    };

    const ACTOR: UserId = UserId(uuid::Uuid::from_u128(7));

    async fn with_file(change: impl FnOnce(&mut StoredFile)) -> (World, FileId) {
        let world = world();
        let mut file = rows::file(9, FileType::RegForm, 1);
        (file.email, file.claimed, file.purged) = (Some("ann@example.org".into()), true, None);
        change(&mut file);
        let mut unit = world.store.begin().await.expect("a unit");
        rows::references(unit.as_mut()).await;
        unit.files_mut().insert(&file).await.expect("a file");
        unit.commit().await.expect("it is kept");
        (world, file.id)
    }

    async fn waiting(world: &World) -> Vec<String> {
        let filter = JobFilter { state: Some(JobState::Waiting), ..JobFilter::default() };
        let mut view = world.store.view().await.expect("a view");
        let page = PageRequest { after: None, limit: 9 };
        view.jobs().list(&filter, page).await.expect("a read").rows.into_iter().map(|job| job.kind).collect()
    }

    async fn acts(world: &World, id: FileId) -> Vec<String> {
        let mut view = world.store.view().await.expect("a view");
        let page = PageRequest { after: None, limit: 9 };
        let found = view.changes().page(&ChangeFilter::history("file", id), &page).await.expect("a read");
        found.rows.into_iter().map(|it| it.act).collect()
    }

    #[tokio::test]
    async fn a_link_is_mailed_and_renewed_when_it_has_expired() {
        let (world, id) = with_file(|file| file.expires = rows::at(2)).await;
        mail_link(&world.app, ACTOR, id).await.expect("it is mailed");
        let mut view = world.store.view().await.expect("a view");
        let file = view.files().by_id(id).await.expect("a read").expect("a file");
        assert!(file.expires > world.app.now());
        assert_eq!(waiting(&world).await, [SendLink::KIND]);
        assert_eq!(acts(&world, id).await, ["link mailed"]);
    }

    #[tokio::test]
    async fn what_cannot_be_mailed_is_not() {
        type Spoil = fn(&mut StoredFile);
        let spoils: [Spoil; 3] =
            [|file| file.purged = Some(rows::at(3)), |file| file.claimed = false, |file| file.email = None];
        for spoil in spoils {
            let (world, id) = with_file(spoil).await;
            assert!(matches!(mail_link(&world.app, ACTOR, id).await, Err(ManageError::State(_))));
            assert_eq!((waiting(&world).await.len(), acts(&world, id).await.len()), (0, 0));
        }
    }

    #[tokio::test]
    async fn a_file_is_deleted_once() {
        let (world, id) = with_file(|_| ()).await;
        delete_now(&world.app, ACTOR, id).await.expect("it is deleted");
        let again = delete_now(&world.app, ACTOR, id).await;
        assert!(matches!(again, Err(ManageError::State(_))));
        let gone = delete_now(&world.app, ACTOR, FileId(uuid::Uuid::nil())).await;
        assert!(matches!(gone, Err(ManageError::NotFound)));
        let mut view = world.store.view().await.expect("a view");
        let file = view.files().by_id(id).await.expect("a read").expect("a file");
        assert_eq!(file.purged, Some(world.app.now()));
        assert_eq!(waiting(&world).await, [Purge::KIND]);
        assert_eq!(acts(&world, id).await, ["deleted"]);
    }
}
