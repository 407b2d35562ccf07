//! Pictures that voters upload: signatures (`http-api.md` 11.2).

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};

use super::PictureError;
use crate::{
    app::App,
    ids::{UploadId, small_uuid},
    person::demographics::choices,
    ports::{files::FileError, store::StoreError, throttle::Verdict},
};

choices! {
    /// What an upload is for.
    UploadType {
        Signature = "Signature", "Signature";
    }
}

/// A picture that a voter uploaded. There is no link to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecureUpload {
    /// Its id; who knows it may use the picture.
    pub id: UploadId,
    /// What it is for.
    pub kind: UploadType,
    /// The object's name in the file store: a random short id. Empty once the bytes of a purged one are gone.
    pub key: String,
    /// What the bytes are, whatever was said of them: `image/png`.
    pub content_type: String,
    /// Since when it counts as deleted.
    pub purged: Option<DateTime<Utc>>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub modified_at: DateTime<Utc>,
}

/// Why an upload is not taken.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// It is not said what it is for.
    #[error("no type of upload")]
    UnknownType,
    /// It is not said to be a picture.
    #[error("no content type of a picture")]
    NotAPicture,
    /// Too many uploads from this client; one more is allowed in so long.
    #[error("uploaded too often")]
    Throttled(TimeDelta),
    /// There are no bytes.
    #[error("the upload is empty")]
    Empty,
    /// The bytes are no picture that a form can carry.
    #[error("the upload cannot be used as a picture: {0}")]
    Picture(#[from] PictureError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file store failed.
    #[error(transparent)]
    File(#[from] FileError),
}

/// An upload that may begin: its bytes are yet to come.
#[derive(Debug)]
pub struct Upload {
    kind: UploadType,
}

impl Upload {
    /// Looks at what is said of an upload before its bytes are read: what it is for, its content type, and how much this
    /// client has uploaded. `client` is whom uploads are counted for.
    ///
    /// # Errors
    /// See [`UploadError`].
    pub async fn begin(
        app: &App,
        kind: Option<&str>,
        content_type: Option<&str>,
        client: &str,
    ) -> Result<Self, UploadError> {
        let kind = kind.and_then(UploadType::parse).ok_or(UploadError::UnknownType)?;
        if !content_type.is_some_and(is_of_a_picture) {
            return Err(UploadError::NotAPicture);
        }
        let quota = app.settings.rate_limits.uploads_per_address;
        match app.may(&format!("upload:{client}"), quota).await {
            Verdict::Allowed => Ok(Self { kind }),
            Verdict::Wait(wait) => Err(UploadError::Throttled(wait)),
        }
    }

    /// Keeps the picture. Its row comes first, so that no bytes are ever lost sight of; a row without bytes is of an
    /// upload that failed, and nobody was told its id.
    ///
    /// # Errors
    /// See [`UploadError`].
    pub async fn keep(self, app: &App, bytes: Bytes) -> Result<UploadId, UploadError> {
        if bytes.is_empty() {
            return Err(UploadError::Empty);
        }
        let content_type = app.forms.picture(bytes.clone()).await?.content_type();
        let now = app.now();
        let upload = SecureUpload {
            id: UploadId(app.ids.uuid()),
            kind: self.kind,
            key: small_uuid(app.ids.uuid()),
            content_type: content_type.to_owned(),
            purged: None,
            created_at: now,
            modified_at: now,
        };
        let mut unit = app.store.begin().await?;
        unit.uploads_mut().insert(&upload).await?;
        unit.commit().await?;
        app.reached("file.upload.after_unit");
        if let Err(error) = app.files.put(&upload.key, bytes, content_type).await {
            give_up(app, upload.id).await?;
            return Err(error.into());
        }
        Ok(upload.id)
    }
}

/// `image/…`; parameters are of no interest.
fn is_of_a_picture(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.split_once('/').is_some_and(|(kind, of)| kind.eq_ignore_ascii_case("image") && !of.is_empty())
}

/// Whatever came to be kept of it goes with the next purge.
async fn give_up(app: &App, id: UploadId) -> Result<(), StoreError> {
    let mut unit = app.store.begin().await?;
    if let Some(mut upload) = unit.uploads_mut().lock(id).await? {
        (upload.purged, upload.modified_at) = (Some(app.now()), app.now());
        unit.uploads_mut().update(&upload).await?;
        unit.commit().await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_kind_of_picture_may_be_announced() {
        for (content_type, is_one) in [
            ("image/png", true),
            ("IMAGE/JPEG; name=\"a.jpg\"", true),
            (" image/webp ", true),
            ("image/", false),
            ("image", false),
            ("imagery/png", false),
            ("application/json", false),
            ("multipart/form-data; boundary=image/png", false),
            ("", false),
        ] {
            assert_eq!(is_of_a_picture(content_type), is_one, "{content_type}");
        }
    }
}
