//! A place for a form that is about to be made, and the link to it.
//!
//! First a row is reserved, so that no bytes are ever lost sight of; then the bytes are stored; then a record claims the
//! file. `file.discard_unclaimed` deletes what nobody claimed.

use super::{FileType, StoredFile, jobs::DiscardUnclaimed, object_key};
use crate::{
    app::App,
    ids::{FileId, SubscriberId},
    ports::store::{StoreError, Unit},
};

/// A file for a form that is about to be made, not claimed yet.
pub(crate) fn reserve(
    app: &App,
    kind: FileType,
    name: String,
    email: Option<String>,
    subscriber: Option<SubscriberId>,
) -> StoredFile {
    let now = app.now();
    let date = now.with_timezone(&app.settings.file.timezone).date_naive();
    let random: String = app.ids.uuid().simple().to_string().chars().take(11).collect();
    StoredFile {
        id: FileId(app.ids.uuid()),
        kind,
        key: object_key(date, &random, &name),
        name,
        email,
        subscriber,
        generation: 1,
        imported_token_hash: None,
        expires: now + app.file_tokens.lifetime(),
        first_download: None,
        purged: None,
        claimed: false,
        created_at: now,
        modified_at: now,
    }
}

/// Notes the file and the job that deletes it should nothing come of it.
pub(crate) async fn note(app: &App, unit: &mut dyn Unit, file: &StoredFile) -> Result<(), StoreError> {
    unit.files_mut().insert(file).await?;
    let discard = DiscardUnclaimed { file: file.id };
    let due = app.now() + app.settings.file.unclaimed_lifetime;
    unit.jobs_mut().enqueue(&discard.job(app).at(due).of(file.subscriber)).await?;
    Ok(())
}

/// The places for what a completion makes.
pub(crate) struct Reserved {
    /// For the form that the voter downloads.
    pub(crate) form: StoredFile,
    /// For the one that a mail house prints, where there is one. Nobody is mailed a link to it.
    pub(crate) mail: Option<StoredFile>,
}

impl Reserved {
    /// Notes both.
    pub(crate) async fn note(&self, app: &App, unit: &mut dyn Unit) -> Result<(), StoreError> {
        note(app, unit, &self.form).await?;
        match &self.mail {
            Some(mail) => note(app, unit, mail).await,
            None => Ok(()),
        }
    }
}

/// Claims what was made for a mail house, or lets go of what there was before, which is deleted then. Gives what the record
/// links to now, and whether it is the same as before.
pub(crate) async fn claim_mail(
    app: &App,
    unit: &mut dyn Unit,
    linked: Option<FileId>,
    made: Option<StoredFile>,
) -> Result<(Option<FileId>, bool), StoreError> {
    if let Some(made) = made {
        let Claimed { file, again } = claim(app, unit, linked, made).await?;
        return Ok((Some(file.id), again));
    }
    let Some(id) = linked else { return Ok((None, true)) };
    if let Some(mut file) = unit.files_mut().lock(id).await?.filter(|file| file.purged.is_none()) {
        file.claimed = false;
        file.modified_at = app.now();
        unit.files_mut().update(&file).await?;
        let discard = DiscardUnclaimed { file: id };
        unit.jobs_mut().enqueue(&discard.job(app).of(file.subscriber)).await?;
    }
    Ok((None, false))
}

/// What became of a reserved file.
pub(crate) struct Claimed {
    /// The file that the record links to.
    pub(crate) file: StoredFile,
    /// Whether it is the one that the record linked to before.
    pub(crate) again: bool,
}

/// Claims the file for a record, which may link to an earlier one: as long as the voter's link to that works, it leads
/// to the new form, and the old bytes go with the reserved file.
pub(crate) async fn claim(
    app: &App,
    unit: &mut dyn Unit,
    linked: Option<FileId>,
    mut file: StoredFile,
) -> Result<Claimed, StoreError> {
    let now = app.now();
    let linked = match linked {
        Some(id) => unit.files_mut().lock(id).await?.filter(|it| it.purged.is_none() && now < it.expires),
        None => None,
    };
    let Some(mut linked) = linked else {
        file.claimed = true;
        unit.files_mut().update(&file).await?;
        return Ok(Claimed { file, again: false });
    };
    std::mem::swap(&mut linked.key, &mut file.key);
    std::mem::swap(&mut linked.name, &mut file.name);
    linked.modified_at = now;
    unit.files_mut().update(&linked).await?;
    unit.files_mut().update(&file).await?;
    Ok(Claimed { file: linked, again: true })
}
