//! `/v1/storage/…`, `/download/…` (`http-api.md` 11 and 12) and the bytes behind a local file store's links.

#[cfg(feature = "local-files")]
use std::sync::Arc;

#[cfg(feature = "local-files")]
use http::{
    HeaderValue,
    header::{CACHE_CONTROL, CONTENT_DISPOSITION, X_CONTENT_TYPE_OPTIONS},
};
use http::{Method, StatusCode, header::CONTENT_TYPE};
use serde_json::{Value, json};
use turnout_core::{
    file::{self, OpenError, Opened, PictureError, RenewError, Renewed, Upload, UploadError, UploadType},
    ids::UploadId,
};

use crate::{
    http::{ApiError, Request, Response, response},
    openapi::{Detail, Operation, Shape, Shapes, shape},
};

shape! {
    /// What is wrong with the id.
    struct BadId: "ResetProblem" {
        /// A sentence.
        id: &'static str,
    }
}

/// Describes [`reset`].
#[must_use]
pub fn reset_operation() -> Operation {
    Operation::new("resetDownloadLink", "Mail a link to a file anew")
        .says("The token of the link is renewed when it has expired. An id is a UUID or its 22-character short form.")
        .reads("ResetInput", file::renew_fields())
        .answers::<BadId>(StatusCode::BAD_REQUEST, "There is no id, or it is none")
        .answers_nothing(StatusCode::CREATED, "A mail is on its way")
        .redirects("The file was deleted: the page that says so")
        .answers::<Detail>(StatusCode::NOT_FOUND, "There is no such file")
}

/// `POST /v1/storage/reset/`
///
/// # Errors
/// See [`RenewError`].
pub async fn reset(mut request: Request) -> Result<Response, ApiError> {
    let input = request.input().await?;
    Ok(match file::renew_link_for(request.app(), &input, Some(&request.client_key())).await? {
        Renewed::Sent => response::empty(StatusCode::CREATED),
        Renewed::Purged(url) => response::redirect(&url),
    })
}

/// The most bytes of an upload: 5 MiB.
pub const LARGEST_UPLOAD: usize = 5 * 1024 * 1024;

shape! {
    /// What was stored.
    struct Uploaded: "UploadResult" {
        /// Its id, for the field `signature` of a ballot request.
        uuid: UploadId,
    }
}

/// What is wrong with an upload: a list of sentences under `upload_type`, `Content-Type` or `file`.
struct BadUpload;

impl Shape for BadUpload {
    fn schema(shapes: &mut Shapes) -> Value {
        let sentences = json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 });
        shapes.named("UploadProblems", |_| {
            json!({
                "type": "object",
                "properties": { "upload_type": sentences, "Content-Type": sentences, "file": sentences },
                "minProperties": 1,
                "maxProperties": 1,
            })
        })
    }
}

/// Describes [`secure_upload`].
#[must_use]
pub fn secure_upload_operation() -> Operation {
    let kinds: Vec<&str> = UploadType::ALL.iter().map(|kind| kind.wire()).collect();
    Operation::new("uploadSignature", "Upload the picture of a signature")
        .says("PNG or JPEG, at most 5 MiB.")
        .query_of("upload_type", "What it is for.", &kinds)
        .reads_picture()
        .answers::<Uploaded>(StatusCode::OK, "Stored")
        .answers::<BadUpload>(StatusCode::BAD_REQUEST, "It is no such picture")
}

/// `POST /v1/storage/secure_upload/?upload_type=Signature`: a raw picture. What is said of it is looked at before its
/// bytes are read.
///
/// # Errors
/// See [`UploadError`]; when the body is too large (413) or does not arrive.
pub async fn secure_upload(mut request: Request) -> Result<Response, ApiError> {
    let kind = request.query("upload_type");
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let upload = Upload::begin(request.app(), kind.as_deref(), content_type, &request.client_key()).await?;
    let bytes = request.bytes().await?;
    let id = upload.keep(request.app(), bytes).await?;
    Ok(response::json(StatusCode::OK, &Uploaded { uuid: id }))
}

/// Describes [`download`].
#[must_use]
pub fn download_operation() -> Operation {
    Operation::new("download", "Get a file")
        .segment("id", "The id of the file, a UUID or its short form.", json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]+$" }))
        .query("token", "The token of the link.")
        .redirects("The file where the token is right and has not expired; else the page that mails a new link, or says that the file was deleted")
        .answers_page(StatusCode::NOT_FOUND, "There is no such file")
}

/// `GET /download/{id}/`. Only GET counts as a download, HEAD looks.
///
/// # Errors
/// See [`OpenError`].
pub async fn download(request: Request) -> Result<Response, ApiError> {
    let counts = request.method() == Method::GET;
    let token = request.query("token");
    let opened = file::open(request.app(), request.segment("id"), token.as_deref(), counts).await?;
    Ok(match opened {
        Opened::Bytes(url) | Opened::Reset(url) | Opened::Purged(url) => response::redirect(&url),
        Opened::NotFound => response::not_found_page(),
    })
}

/// `GET /files/{key}/`: a file as an attachment, while its signed link lasts.
///
/// # Errors
/// When the link is wrong, has ended, or the bytes are gone: 404 for each.
#[cfg(feature = "local-files")]
pub async fn file(
    files: Arc<turnout_storage::files::LocalFiles>,
    request: Request,
) -> Result<Response, ApiError> {
    let opened = files.open_link(request.segment("key"), request.raw_query()).await?;
    let (bytes, name) = opened.ok_or_else(ApiError::not_found)?;
    let kind = if name.ends_with(".pdf") { "application/pdf" } else { "application/octet-stream" };
    let mut response = response::bytes(StatusCode::OK, kind, bytes);
    let disposition = HeaderValue::from_str(&turnout_storage::files::attachment(&name));
    let headers = response.headers_mut();
    headers.insert(CONTENT_DISPOSITION, disposition.expect("it is plain or percent-encoded"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(response)
}

/// `GET /public/{key}`: a public file, or the address that it sends visitors on to, as a bucket's website answers.
///
/// # Errors
/// When nothing is published there: 404.
#[cfg(feature = "local-files")]
pub async fn public(
    files: Arc<turnout_storage::files::LocalPublicFiles>,
    request: Request,
) -> Result<Response, ApiError> {
    let file = files.get(request.segment("key")).await?.ok_or_else(ApiError::not_found)?;
    let mut response = match &file.redirect {
        Some(address) => response::redirect(address.as_str()),
        None => response::bytes(StatusCode::OK, "application/octet-stream", file.bytes),
    };
    if file.redirect.is_some() {
        *response.status_mut() = StatusCode::MOVED_PERMANENTLY;
    }
    let headers = response.headers_mut();
    if let (None, Ok(kind)) = (&file.redirect, HeaderValue::from_str(&file.content_type)) {
        headers.insert(CONTENT_TYPE, kind);
    }
    let cache = HeaderValue::from_str(&turnout_storage::files::cache_control(file.cache));
    headers.insert(CACHE_CONTROL, cache.expect("it is ASCII"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(response)
}

impl From<RenewError> for ApiError {
    fn from(error: RenewError) -> Self {
        let refused = |id| Self::new(StatusCode::BAD_REQUEST, json!(BadId { id }));
        match error {
            RenewError::Missing => refused("Required"),
            RenewError::NotAnId => refused("Must be a uuid or smalluuid"),
            RenewError::NotFound => Self::not_found(),
            RenewError::Throttled(wait) => Self::throttled(wait),
            RenewError::Store(error) => error.into(),
        }
    }
}

impl From<UploadError> for ApiError {
    fn from(error: UploadError) -> Self {
        let refused = |field: &str, text: &str| Self::new(StatusCode::BAD_REQUEST, json!({ field: [text] }));
        match error {
            UploadError::UnknownType => {
                refused("upload_type", "Must provide a valid upload_type as a URL parameter")
            }
            UploadError::NotAPicture => refused("Content-Type", "Must provide a valid Content-Type header"),
            UploadError::Throttled(wait) => Self::throttled(wait),
            UploadError::Empty => refused("file", "The submitted file is empty."),
            UploadError::Picture(PictureError::Damaged) => refused(
                "file",
                "Upload a valid image. The file you uploaded was either not an image or a corrupted image.",
            ),
            UploadError::Picture(error) => refused("file", &format!("This image cannot be used: {error}.")),
            UploadError::Store(error) => error.into(),
            UploadError::File(error) => error.into(),
        }
    }
}

impl From<OpenError> for ApiError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Store(error) => error.into(),
            OpenError::File(error) => error.into(),
        }
    }
}
