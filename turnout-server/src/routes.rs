//! Every URL, one table.
//!
//! Paths end in a slash; the form without it is the same route. What a kind of route refuses, and how, is in
//! [`Access`](crate::http::Access). At the end stands what a person is told when a page fails, so that `http` knows no
//! page.

#[cfg(feature = "local-files")]
use std::sync::Arc;

use http::{HeaderMap, Method, Uri};
use turnout_core::register::ToolName;
#[cfg(feature = "local-files")]
use turnout_storage::files::{LocalFiles, LocalPublicFiles};

use crate::{
    api::{
        absentee, apikey, election, event, fax, health, integration, official, openapi, pollingplace,
        registration, reminder, smsbot, storage, subscriber, verification,
    },
    http::{Facts, Response, Route, Segment, as_kept},
    observe::pulse::Pulse,
    providers::outbox::Outbox,
    public::{
        Visit, assets, confirm, description, download, failure, home, outbox, preview, register, reminders,
        resume, subscribe, unsubscribe,
    },
};

/// The table.
#[must_use]
pub fn all() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    const PUT: Method = Method::PUT;
    const PATCH: Method = Method::PATCH;
    let routes = vec![
        // registration
        Route::open("/v1/registration/register/", "Register")
            .on(POST, registration::register)
            .described(registration::register_operation())
            .once(registration::register_again),
        Route::open("/v1/registration/register/{uuid}/", "Register")
            .on(PUT, registration::update)
            .described(registration::replace_operation())
            .on(PATCH, registration::update)
            .described(registration::update_operation()),
        Route::open("/v1/registration/status/{uuid}/", "Status")
            .on(PUT, registration::status)
            .described(registration::put_status_operation())
            .on(PATCH, registration::status)
            .described(registration::patch_status_operation()),
        Route::open("/v1/registration/resume_token/", "Resume Token")
            .on(GET, registration::resume_token)
            .described(registration::resume_token_operation()),
        Route::with_api_key("/v1/registration/external/request/", "External Request")
            .on(POST, registration::external_request)
            .described(registration::external_request_operation())
            .once(registration::external_request_again),
        Route::open("/v1/registration/confirm-print-and-forward/{action_id}/", "Confirm Print And Forward")
            .on(PUT, registration::confirm_print_and_forward)
            .described(registration::confirm_operation()),
        // partners
        Route::with_api_key("/v1/apikey/check/", "Check")
            .on(GET, apikey::check)
            .described(apikey::check_operation()),
        // ballot requests
        Route::open("/v1/absentee/request/", "Request")
            .on(POST, absentee::request)
            .described(absentee::request_operation())
            .once(absentee::request_again),
        Route::open("/v1/absentee/request/{uuid}/", "Request")
            .on(PUT, absentee::update)
            .described(absentee::replace_operation())
            .on(PATCH, absentee::update)
            .described(absentee::update_operation()),
        Route::read_only("/v1/absentee/state/{code}/", "State")
            .on(GET, absentee::state)
            .described(absentee::state_operation()),
        Route::open("/v1/absentee/confirm-print-and-forward/{action_id}/", "Confirm Print And Forward")
            .on(PUT, absentee::confirm_print_and_forward)
            .described(absentee::confirm_operation()),
        // verification, reminders, polling places
        Route::open("/v1/verification/verify/", "Verify")
            .on(POST, verification::verify)
            .described(verification::verify_operation())
            .once(as_kept),
        Route::open("/v1/reminder/signup/", "Signup")
            .on(POST, reminder::signup)
            .described(reminder::signup_operation())
            .once(as_kept),
        Route::open("/v1/pollingplace/report/", "Report")
            .on(POST, pollingplace::report)
            .described(pollingplace::report_operation())
            .once(as_kept),
        // events
        Route::open("/v1/event/track/", "Track")
            .on(POST, event::track)
            .described(event::track_operation())
            .once(as_kept),
        // election data
        Route::read_only("/v1/election/state/", "State List")
            .of_facts(Facts::States)
            .on(GET, election::states)
            .described(election::states_operation()),
        Route::read_only("/v1/election/state/{code}/", "State")
            .of_facts(Facts::State)
            .on(GET, election::state)
            .described(election::state_operation()),
        Route::read_only("/v1/election/field/", "Field List")
            .of_facts(Facts::Fields)
            .on(GET, election::fields)
            .described(election::fields_operation()),
        Route::read_only("/v1/election/field/{slug}/", "Field")
            .of_facts(Facts::Fields)
            .on(GET, election::field)
            .described(election::field_operation()),
        // election officials
        Route::read_only("/v1/official/state/{code}/", "State Regions")
            .segments(Segment::Word)
            .on(GET, official::state)
            .described(official::state_operation()),
        Route::read_only("/v1/official/region/{external_id}/", "Region")
            .on(GET, official::region)
            .described(official::region_operation()),
        Route::read_only("/v1/official/address/", "Address")
            .without_head()
            .on(GET, official::address)
            .described(official::address_operation()),
        // files
        Route::open("/v1/storage/reset/", "Reset")
            .on(POST, storage::reset)
            .described(storage::reset_operation()),
        Route::open("/v1/storage/secure_upload/", "Secure Upload")
            .body_limit(storage::LARGEST_UPLOAD)
            .on(POST, storage::secure_upload)
            .described(storage::secure_upload_operation())
            .once(as_kept),
        Route::plain("/download/{id}/")
            .segments(Segment::Word)
            .on(GET, storage::download)
            .described(storage::download_operation()),
        // what vendors report
        Route::open("/v1/integration/lob-letter-status/", "Lob Letter Status")
            .of_a_vendor()
            .on(POST, integration::lob_letter_status)
            .described(integration::lob_letter_status_operation()),
        Route::open("/v1/smsbot/twilio/", "Twilio")
            .of_a_vendor()
            .body_limit(smsbot::LARGEST_CALL)
            .on(POST, smsbot::incoming)
            .described(smsbot::incoming_operation()),
        Route::open("/v1/smsbot/twilio-message-status/{uuid}/", "Twilio Message Status")
            .of_a_vendor()
            .body_limit(smsbot::LARGEST_CALL)
            .on(POST, smsbot::message_status)
            .described(smsbot::message_status_operation()),
        Route::open("/v1/integration/sendgrid-events/", "Sendgrid Events")
            .of_a_vendor()
            .body_limit(integration::LARGEST_EVENTS)
            .on(POST, integration::sendgrid_events)
            .described(integration::sendgrid_events_operation()),
        Route::open("/v1/fax/gateway_callback/", "Gateway Callback")
            .of_a_vendor()
            .on(POST, fax::gateway_callback)
            .described(fax::gateway_callback_operation()),
        // what partners' programs say of telephone numbers
        Route::with_api_key("/v1/smsbot/opt-out/", "Opt Out")
            .on(POST, smsbot::opt_out)
            .described(smsbot::opt_out_operation()),
        Route::with_api_key("/v1/smsbot/opt-in/", "Opt In")
            .on(POST, smsbot::opt_in)
            .described(smsbot::opt_in_operation()),
        // subscribers
        Route::open("/v1/subscriber/id/{slug}/", "Subscriber")
            .on(GET, subscriber::by_slug)
            .described(subscriber::by_slug_operation()),
        // the description of all this
        Route::plain("/v1/openapi.json").on(GET, openapi::document).described(openapi::document_operation()),
        Route::page("/docs/api/").on(GET, description::show),
        // pages for voters
        Route::page("/").on(GET, home::home),
        Route::page("/register/{code}/").on(GET, register::show).on(POST, register::submit),
        Route::page("/register/{code}/done/").on(GET, register::done),
        Route::page("/register-to-vote/resume/").on(GET, resume::show),
        Route::page("/register-to-vote/confirm/")
            .on(GET, |request| confirm::show(ToolName::Register, request))
            .on(POST, |request| confirm::say(ToolName::Register, request)),
        Route::page("/vote-by-mail/confirm/")
            .on(GET, |request| confirm::show(ToolName::Absentee, request))
            .on(POST, |request| confirm::say(ToolName::Absentee, request)),
        Route::page("/election-reminders/").on(GET, reminders::show).on(POST, reminders::submit),
        Route::page("/election-reminders/thanks/").on(GET, reminders::thanks),
        Route::page("/download/").on(GET, download::show).on(POST, download::renew),
        Route::page("/download-purged/").on(GET, download::purged),
        Route::page("/unsubscribe/").of_a_vendor().on(GET, unsubscribe::show).on(POST, unsubscribe::say),
        Route::page("/subscribe/").on(GET, subscribe::show).on(POST, subscribe::submit),
        Route::page("/subscribe/thanks/").on(GET, subscribe::thanks),
        Route::page("/assets/{name}/").on(GET, assets::get),
        // health
        Route::plain("/-/alive/").for_any_host().on(GET, health::alive).described(health::alive_operation()),
        Route::plain("/-/health/")
            .for_any_host()
            .on(GET, health::health)
            .described(health::health_operation()),
    ];
    // the management site
    #[cfg(feature = "manage")]
    let routes = routes.into_iter().chain(crate::manage::routes::routes()).collect();
    routes
}

/// The mails that were not sent, and everything we say, about nobody. Added to the table where mail is simulated and pages
/// of developers are shown.
#[must_use]
pub fn dev(kept: &Outbox, words: &preview::Words) -> Vec<Route> {
    const GET: Method = Method::GET;
    let (list, show, html, json) = (kept.clone(), kept.clone(), kept.clone(), kept.clone());
    let (all, one, part) = (words.clone(), words.clone(), words.clone());
    vec![
        Route::page("/dev/outbox/").on(GET, move |request| outbox::list(list.clone(), request)),
        Route::page("/dev/outbox/{id}/").on(GET, move |request| outbox::show(show.clone(), request)),
        Route::page("/dev/outbox/{id}/html/").on(GET, move |request| outbox::html(html.clone(), request)),
        Route::page("/dev/outbox.json/").on(GET, move |request| outbox::json(json.clone(), request)),
        Route::page("/dev/mail/").on(GET, move |request| preview::list(all.clone(), request)),
        Route::page("/dev/mail/{tag}/{language}/")
            .on(GET, move |request| preview::show(one.clone(), request)),
        Route::page("/dev/mail/{tag}/{language}/html/")
            .on(GET, move |request| preview::html(part.clone(), request)),
    ]
}

/// What the process measures. Added to the table where that was asked for.
#[must_use]
pub fn metrics() -> Route {
    Route::plain("/-/metrics/").for_any_host().on(Method::GET, health::metrics)
}

/// What is told at a port that the world does not reach: metrics, and how a process is whose loop has that pulse.
#[must_use]
pub fn for_operators(pulse: &Pulse) -> Vec<Route> {
    const GET: Method = Method::GET;
    let pulse = pulse.clone();
    vec![
        Route::plain("/metrics/").for_any_host().on(GET, health::metrics),
        metrics(),
        Route::plain("/-/alive/")
            .for_any_host()
            .on(GET, move |request| health::alive_while(pulse.clone(), request)),
        Route::plain("/-/health/").for_any_host().on(GET, health::health),
    ]
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
