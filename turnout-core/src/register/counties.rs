//! The counties and municipalities that registrars of states know, as files for everybody (`flows.md` 2.4).

use chrono::TimeDelta;

use crate::{
    app::App,
    error::ProviderError,
    ports::{files::FileError, public_files::PublicFile, state_registrar::County},
};

/// For how long a list may be kept.
const CACHED: TimeDelta = TimeDelta::hours(1);

/// The list of one state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountyList {
    /// Under which key of the public files it is published: `pa-counties/counties.json`.
    pub key: String,
    /// The counties, by name.
    pub counties: Vec<County>,
}

/// Asks the registrar of every state that has one; those without a list are left out.
///
/// # Errors
/// When one gives no answer.
pub async fn fetch(app: &App) -> Result<Vec<CountyList>, ProviderError> {
    let mut lists = Vec::new();
    for registrar in &app.registrars {
        let counties = registrar.counties().await?;
        if !counties.is_empty() {
            let state = registrar.state().code().to_ascii_lowercase();
            lists.push(CountyList { key: format!("{state}-counties/counties.json"), counties });
        }
    }
    Ok(lists)
}

/// Publishes a list in place of the one before.
///
/// # Errors
/// When the public files cannot be written; the list before stays then.
///
/// # Panics
/// Never: a list of texts is JSON.
pub async fn publish(app: &App, list: &CountyList) -> Result<(), FileError> {
    let json = serde_json::to_vec(&list.counties).expect("texts are JSON");
    let content_type = "application/json".to_owned();
    let file = PublicFile { bytes: json.into(), content_type, cache: CACHED, redirect: None };
    app.public_files.publish(&list.key, file).await
}
