//! Every URL, one table.
//!
//! Paths end in a slash; the form without it is the same route. What a kind of route refuses, and how, is in
//! [`Access`](crate::http::Access).

#[cfg(feature = "local-files")]
use std::sync::Arc;

use http::Method;
#[cfg(feature = "local-files")]
use turnout_storage::files::LocalFiles;

use crate::{
    api::{election, event, health, official, registration, storage, subscriber},
    http::{Facts, Route, Segment},
};

/// The table.
#[must_use]
pub fn all() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    const PUT: Method = Method::PUT;
    const PATCH: Method = Method::PATCH;
    vec![
        // registration
        Route::open("/v1/registration/register/", "Register").on(POST, registration::register),
        Route::open("/v1/registration/register/{uuid}/", "Register")
            .on(PUT, registration::update)
            .on(PATCH, registration::update),
        Route::open("/v1/registration/status/{uuid}/", "Status")
            .on(PUT, registration::status)
            .on(PATCH, registration::status),
        Route::open("/v1/registration/resume_token/", "Resume Token").on(GET, registration::resume_token),
        // events
        Route::open("/v1/event/track/", "Track").on(POST, event::track),
        // election data
        Route::read_only("/v1/election/state/", "State List")
            .of_facts(Facts::States)
            .on(GET, election::states),
        Route::read_only("/v1/election/state/{code}/", "State")
            .of_facts(Facts::State)
            .on(GET, election::state),
        Route::read_only("/v1/election/field/", "Field List")
            .of_facts(Facts::Fields)
            .on(GET, election::fields),
        Route::read_only("/v1/election/field/{slug}/", "Field")
            .of_facts(Facts::Fields)
            .on(GET, election::field),
        // election officials
        Route::read_only("/v1/official/state/{code}/", "State Regions")
            .segments(Segment::Word)
            .on(GET, official::state),
        Route::read_only("/v1/official/region/{external_id}/", "Region").on(GET, official::region),
        Route::read_only("/v1/official/address/", "Address").without_head().on(GET, official::address),
        // files
        Route::open("/v1/storage/reset/", "Reset").on(POST, storage::reset),
        Route::plain("/download/{id}/").segments(Segment::Word).on(GET, storage::download),
        // subscribers
        Route::open("/v1/subscriber/id/{slug}/", "Subscriber").on(GET, subscriber::by_slug),
        // health
        Route::plain("/-/alive/").for_any_host().on(GET, health::alive),
        Route::plain("/-/health/").for_any_host().on(GET, health::health),
    ]
}

/// The links that a local file store gives out. Added to the table where files are kept in a folder.
#[cfg(feature = "local-files")]
#[must_use]
pub fn local_files(files: Arc<LocalFiles>) -> Route {
    Route::page("/files/{key}/").on(Method::GET, move |request| storage::file(Arc::clone(&files), request))
}
