//! Every URL, one table.
//!
//! Paths end in a slash; the form without it is the same route. What a kind of route refuses, and how, is in
//! [`Access`](crate::http::Access). At the end stands what a person is told when a page fails, so that `http` knows no
//! page.

#[cfg(feature = "local-files")]
use std::sync::Arc;

use http::{HeaderMap, Method, Uri};
#[cfg(feature = "local-files")]
use turnout_storage::files::{LocalFiles, LocalPublicFiles};

use crate::{
    api::{
        absentee, apikey, election, event, health, official, pollingplace, registration, reminder, storage,
        subscriber, verification,
    },
    http::{Facts, Response, Route, Segment},
    providers::outbox::Outbox,
    public::{Visit, assets, download, failure, home, outbox, register, resume},
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
        Route::with_api_key("/v1/registration/external/request/", "External Request")
            .on(POST, registration::external_request),
        // partners
        Route::with_api_key("/v1/apikey/check/", "Check").on(GET, apikey::check),
        // ballot requests
        Route::open("/v1/absentee/request/", "Request").on(POST, absentee::request),
        Route::open("/v1/absentee/request/{uuid}/", "Request")
            .on(PUT, absentee::update)
            .on(PATCH, absentee::update),
        Route::read_only("/v1/absentee/state/{code}/", "State").on(GET, absentee::state),
        // verification, reminders, polling places
        Route::open("/v1/verification/verify/", "Verify").on(POST, verification::verify),
        Route::open("/v1/reminder/signup/", "Signup").on(POST, reminder::signup),
        Route::open("/v1/pollingplace/report/", "Report").on(POST, pollingplace::report),
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
        Route::open("/v1/storage/secure_upload/", "Secure Upload")
            .body_limit(storage::LARGEST_UPLOAD)
            .on(POST, storage::secure_upload),
        Route::plain("/download/{id}/").segments(Segment::Word).on(GET, storage::download),
        // subscribers
        Route::open("/v1/subscriber/id/{slug}/", "Subscriber").on(GET, subscriber::by_slug),
        // pages for voters
        Route::page("/").on(GET, home::home),
        Route::page("/register/{code}/").on(GET, register::show).on(POST, register::submit),
        Route::page("/register/{code}/done/").on(GET, register::done),
        Route::page("/register-to-vote/resume/").on(GET, resume::show),
        Route::page("/download/").on(GET, download::show).on(POST, download::renew),
        Route::page("/download-purged/").on(GET, download::purged),
        Route::page("/assets/{name}/").on(GET, assets::get),
        // health
        Route::plain("/-/alive/").for_any_host().on(GET, health::alive),
        Route::plain("/-/health/").for_any_host().on(GET, health::health),
    ]
}

/// The mails that were not sent. Added to the table where mail is simulated and pages of developers are shown.
#[must_use]
pub fn dev(kept: &Outbox) -> Vec<Route> {
    const GET: Method = Method::GET;
    let (list, show, html, json) = (kept.clone(), kept.clone(), kept.clone(), kept.clone());
    vec![
        Route::page("/dev/outbox/").on(GET, move |request| outbox::list(list.clone(), request)),
        Route::page("/dev/outbox/{id}/").on(GET, move |request| outbox::show(show.clone(), request)),
        Route::page("/dev/outbox/{id}/html/").on(GET, move |request| outbox::html(html.clone(), request)),
        Route::page("/dev/outbox.json/").on(GET, move |request| outbox::json(json.clone(), request)),
    ]
}

/// What the process measures. Added to the table where that was asked for.
#[must_use]
pub fn metrics() -> Route {
    Route::plain("/-/metrics/").for_any_host().on(Method::GET, health::metrics)
}

/// Whether an address that is not in the table was asked for by a person.
pub(crate) fn is_for_a_person(uri: &Uri, headers: &HeaderMap) -> bool {
    failure::is_for_a_person(uri, headers)
}

/// What a person is told instead of a bare failure.
pub(crate) fn failure_in_words(uri: &Uri, headers: &HeaderMap, response: Response) -> Response {
    failure::in_words(Visit::new(uri, headers), response)
}

/// The addresses of public files. Added to the table where they are kept in a folder.
#[cfg(feature = "local-files")]
#[must_use]
pub fn local_public_files(files: Arc<LocalPublicFiles>) -> Route {
    Route::page("/public/{*key}").on(Method::GET, move |request| storage::public(Arc::clone(&files), request))
}

/// The links that a local file store gives out. Added to the table where files are kept in a folder.
#[cfg(feature = "local-files")]
#[must_use]
pub fn local_files(files: Arc<LocalFiles>) -> Route {
    Route::page("/files/{key}/").on(Method::GET, move |request| storage::file(Arc::clone(&files), request))
}
