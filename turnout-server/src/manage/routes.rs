//! Every URL of the site, one table.
//!
//! Whom a page is for stands in its line. A test goes through this table by every role, and fails for a line that it does
//! not know.

use http::Method;
use turnout_core::{account::permissions::Reach, listing::Tool};

use super::{
    absentee_dashboard::{self, applications, region},
    absentee_overrides,
    account::{
        app, change_password, change_subscriber, disable, login, logout, password_reset, phone, register,
        sessions, tokens, two_factor, update_profile,
    },
    election::{fact, fields, proposals, replace, states},
    embed,
    gate::{gate, open},
    home, keys, old_admin,
    operations::{blasts, changes, forms, jobs, switches},
    overview,
    records::{self, acts, consent, subscribers as of_records, webhooks as update_webhooks},
    reports, settings,
    subscribers::{self, leads},
    subscription, team, voter, voters, webhooks as endpoints,
};
use crate::http::{Route, Segment};

/// The most bytes of a form with a list of some thousand numbers.
const LIST_OF_NUMBERS: usize = 1 << 20;

/// The table.
#[must_use]
pub fn routes() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    let routes = vec![
        Route::page("/manage/").on(GET, gate(Reach::Staff, home::start)),
        Route::page("/manage/admin/login/").on(GET, old_admin::login),
        Route::page("/manage/admin/logout/").on(GET, old_admin::logout),
        // one's own account
        Route::page("/manage/login/").on(GET, open(login::show)).on(POST, open(login::submit)),
        Route::page("/account/login/").on(GET, old_admin::login),
        Route::page("/manage/logout/").on(GET, open(logout::show)).on(POST, open(logout::submit)),
        Route::page("/manage/password_reset/")
            .on(GET, open(password_reset::show))
            .on(POST, open(password_reset::submit)),
        Route::page("/manage/password_reset/done/").on(GET, open(password_reset::done)),
        Route::page("/manage/password_reset_confirm/{uid}/{token}/")
            .on(GET, open(password_reset::open))
            .on(POST, open(password_reset::confirm)),
        Route::page("/manage/password_reset_complete/").on(GET, open(password_reset::complete)),
        Route::page("/account/register/{token}/")
            .on(GET, open(register::show))
            .on(POST, open(register::submit)),
        Route::page("/account/register/{token}/success/").on(GET, open(register::done)),
        Route::page("/account/two_factor/").on(GET, gate(Reach::SignedIn, two_factor::show)),
        Route::page("/account/two_factor/setup/").on(GET, gate(Reach::SignedIn, two_factor::choose)),
        Route::page("/account/two_factor/setup/complete/")
            .on(GET, gate(Reach::SignedIn, two_factor::complete)),
        Route::page("/account/two_factor/setup/app/")
            .on(GET, gate(Reach::SignedIn, app::show))
            .on(POST, gate(Reach::SignedIn, app::submit)),
        Route::page("/account/two_factor/setup/app/remove/")
            .on(GET, gate(Reach::SignedIn, app::ask))
            .on(POST, gate(Reach::SignedIn, app::remove)),
        Route::page("/account/two_factor/qrcode/").on(GET, gate(Reach::SignedIn, app::qrcode)),
        Route::page("/account/two_factor/setup/phone/")
            .on(GET, gate(Reach::SignedIn, phone::show))
            .on(POST, gate(Reach::SignedIn, phone::submit)),
        Route::page("/account/two_factor/setup/phone/{id}/")
            .on(GET, gate(Reach::SignedIn, phone::ask_code))
            .on(POST, gate(Reach::SignedIn, phone::confirm)),
        Route::page("/account/two_factor/backup/phone/register/")
            .on(GET, gate(Reach::SignedIn, phone::show))
            .on(POST, gate(Reach::SignedIn, phone::submit)),
        Route::page("/account/two_factor/backup/phone/unregister/{id}/")
            .on(GET, gate(Reach::SignedIn, phone::ask_remove))
            .on(POST, gate(Reach::SignedIn, phone::remove)),
        Route::page("/account/two_factor/backup/tokens/")
            .on(GET, gate(Reach::SignedIn, tokens::show))
            .on(POST, gate(Reach::SignedIn, tokens::print)),
        Route::page("/account/two_factor/disable/")
            .on(GET, gate(Reach::SignedIn, disable::show))
            .on(POST, gate(Reach::SignedIn, disable::submit)),
        Route::page("/manage/profile/update_profile/")
            .on(GET, gate(Reach::Staff, update_profile::show))
            .on(POST, gate(Reach::Staff, update_profile::submit)),
        Route::page("/manage/profile/change_password/")
            .on(GET, gate(Reach::Staff, change_password::show))
            .on(POST, gate(Reach::Staff, change_password::submit)),
        Route::page("/manage/profile/change_subscriber/")
            .on(GET, gate(Reach::Staff, change_subscriber::list))
            .on(POST, gate(Reach::Staff, change_subscriber::choose)),
        Route::page("/manage/profile/sessions/")
            .on(GET, gate(Reach::Staff, sessions::list))
            .on(POST, gate(Reach::Staff, sessions::end_others)),
        Route::page("/manage/profile/sessions/{id}/end/").on(POST, gate(Reach::Staff, sessions::end)),
        // what keeps the service going
        Route::page("/manage/operations/jobs/").on(GET, gate(Reach::Superuser, jobs::list)),
        Route::page("/manage/operations/jobs/run_again/").on(POST, gate(Reach::Superuser, jobs::all)),
        Route::page("/manage/operations/jobs/chosen/").on(POST, gate(Reach::Superuser, jobs::chosen)),
        Route::page("/manage/operations/jobs/{id}/").on(GET, gate(Reach::Superuser, jobs::one)),
        Route::page("/manage/operations/jobs/{id}/run_again/").on(POST, gate(Reach::Superuser, jobs::again)),
        Route::page("/manage/operations/jobs/{id}/drop/").on(POST, gate(Reach::Superuser, jobs::take_away)),
        Route::page("/manage/operations/switches/").on(GET, gate(Reach::Superuser, switches::list)),
        Route::page("/manage/operations/switches/{name}/")
            .segments(Segment::Anything)
            .on(GET, gate(Reach::Superuser, switches::one))
            .on(POST, gate(Reach::Superuser, switches::set)),
        Route::page("/manage/operations/switches/{name}/take_back/")
            .segments(Segment::Anything)
            .on(POST, gate(Reach::Superuser, switches::take_back)),
        Route::page("/manage/operations/changes/").on(GET, gate(Reach::Superuser, changes::list)),
        Route::page("/manage/operations/changes/{id}/").on(GET, gate(Reach::Superuser, changes::one)),
        Route::page("/manage/operations/blasts/").on(GET, gate(Reach::Superuser, blasts::list)),
        Route::page("/manage/operations/blasts/new/")
            .body_limit(LIST_OF_NUMBERS)
            .on(GET, gate(Reach::Superuser, blasts::form))
            .on(POST, gate(Reach::Superuser, blasts::begin)),
        Route::page("/manage/operations/blasts/{id}/").on(GET, gate(Reach::Superuser, blasts::one)),
        Route::page("/manage/operations/blasts/{id}/plan/")
            .body_limit(LIST_OF_NUMBERS)
            .on(GET, gate(Reach::Superuser, blasts::form_again))
            .on(POST, gate(Reach::Superuser, blasts::plan_again)),
        Route::page("/manage/operations/blasts/{id}/test/").on(POST, gate(Reach::Superuser, blasts::test)),
        Route::page("/manage/operations/blasts/{id}/approve/")
            .on(POST, gate(Reach::Superuser, blasts::approve)),
        Route::page("/manage/operations/blasts/{id}/start/").on(POST, gate(Reach::Superuser, blasts::start)),
        Route::page("/manage/operations/blasts/{id}/stop/").on(POST, gate(Reach::Superuser, blasts::stop)),
        Route::page("/manage/operations/blasts/{id}/recipients/")
            .on(GET, gate(Reach::Superuser, blasts::recipients)),
        Route::page("/manage/operations/forms/").on(GET, gate(Reach::Superuser, forms::list)),
        Route::page("/manage/operations/forms/{state}/").on(GET, gate(Reach::Superuser, forms::one)),
        Route::page("/manage/operations/forms/{state}/{packet}/")
            .on(GET, gate(Reach::Superuser, forms::preview)),
        // single rows
        Route::page("/manage/admin/").on(GET, gate(Reach::Superuser, records::index)),
        Route::page("/manage/admin/{kind}/")
            .on(GET, gate(Reach::Superuser, records::list))
            .on(POST, gate(Reach::Superuser, records::find)),
        Route::page("/manage/admin/{kind}/{id}/").on(GET, gate(Reach::Superuser, records::one)),
        Route::page("/manage/admin/{kind}/{id}/edit/")
            .on(GET, gate(Reach::Superuser, records::form))
            .on(POST, gate(Reach::Superuser, records::edit)),
        Route::page("/manage/admin/users/{id}/reset_second_factor/")
            .on(POST, gate(Reach::Superuser, acts::reset_second_factor)),
        Route::page("/manage/admin/subscribers/{id}/add_slug/")
            .on(GET, gate(Reach::Superuser, of_records::ask_slug))
            .on(POST, gate(Reach::Superuser, of_records::new_slug)),
        Route::page("/manage/admin/slugs/{id}/make_default/")
            .on(POST, gate(Reach::Superuser, of_records::default_slug)),
        Route::page("/manage/admin/files/{id}/mail_link/").on(POST, gate(Reach::Superuser, acts::mail_link)),
        Route::page("/manage/admin/files/{id}/delete_file/")
            .on(POST, gate(Reach::Superuser, acts::delete_file)),
        Route::page("/manage/admin/numbers/{id}/consent/").on(GET, gate(Reach::Superuser, consent::show)),
        Route::page("/manage/admin/numbers/{id}/consent/stop/")
            .on(POST, gate(Reach::Superuser, consent::stop)),
        Route::page("/manage/admin/numbers/{id}/consent/undo/")
            .on(POST, gate(Reach::Superuser, consent::undo)),
        Route::page("/manage/admin/letters/{id}/send_again/")
            .on(POST, gate(Reach::Superuser, acts::send_letter)),
        Route::page("/manage/admin/faxes/{id}/send_again/").on(POST, gate(Reach::Superuser, acts::send_fax)),
        Route::page("/manage/admin/update-webhooks/new/")
            .on(GET, gate(Reach::Superuser, update_webhooks::new))
            .on(POST, gate(Reach::Superuser, update_webhooks::add)),
        Route::page("/manage/admin/update-webhooks/{id}/address/")
            .on(GET, gate(Reach::Superuser, update_webhooks::readdress_form))
            .on(POST, gate(Reach::Superuser, update_webhooks::readdress)),
        Route::page("/manage/admin/update-webhooks/{id}/call/")
            .on(POST, gate(Reach::Superuser, update_webhooks::call)),
        Route::page("/manage/admin/update-webhooks/{id}/delete/")
            .on(POST, gate(Reach::Superuser, update_webhooks::delete)),
    ];
    let routes = routes.into_iter().chain(of_elections()).chain(of_signing_online()).chain(of_subscribers());
    let routes = routes.chain(of_a_subscriber());
    routes.map(Route::of_an_account).collect()
}

/// Facts about elections, and the links on which ballots are asked for.
fn of_elections() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    vec![
        Route::page("/manage/election/state/").on(GET, gate(Reach::Elections, states::list)),
        // whoever may use the site reads what voters are told (Q03)
        Route::page("/manage/election/state/{code}/").on(GET, gate(Reach::Staff, states::show)),
        Route::page("/manage/election/state/{code}/{field}/")
            .on(GET, gate(Reach::Elections, fact::show))
            .on(POST, gate(Reach::Elections, fact::save)),
        Route::page("/manage/election/state/{code}/{field}/history/")
            .on(GET, gate(Reach::Elections, fact::history)),
        Route::page("/manage/election/state/{code}/{field}/history/{change}/")
            .on(GET, gate(Reach::Elections, fact::entry)),
        Route::page("/manage/election/state/{code}/{field}/history/{change}/restore/")
            .on(POST, gate(Reach::Elections, fact::restore)),
        Route::page("/manage/election/fieldinformationtype/").on(GET, gate(Reach::Elections, fields::list)),
        Route::page("/manage/election/fieldinformationtype/{field}/")
            .on(GET, gate(Reach::Elections, fields::show)),
        Route::page("/manage/election/proposals/").on(GET, gate(Reach::Elections, proposals::list)),
        Route::page("/manage/election/proposals/{proposal}/")
            .on(GET, gate(Reach::Elections, proposals::show)),
        Route::page("/manage/election/proposals/{proposal}/publish/")
            .on(POST, gate(Reach::Elections, proposals::publish)),
        Route::page("/manage/election/proposals/{proposal}/withdraw/")
            .on(POST, gate(Reach::Elections, proposals::withdraw)),
        Route::page("/manage/election/replace/")
            .on(GET, gate(Reach::Elections, replace::show))
            .on(POST, gate(Reach::Elections, replace::preview)),
        Route::page("/manage/election/replace/apply/").on(POST, gate(Reach::Elections, replace::apply)),
        Route::page("/manage/absentee_overrides/").on(GET, gate(Reach::Elections, absentee_overrides::list)),
        Route::page("/manage/absentee_overrides/new/")
            .on(GET, gate(Reach::Elections, absentee_overrides::new))
            .on(POST, gate(Reach::Elections, absentee_overrides::create)),
        Route::page("/manage/absentee_overrides/{region}/")
            .on(GET, gate(Reach::Elections, absentee_overrides::lead_on)),
        Route::page("/manage/absentee_overrides/{region}/edit/")
            .on(GET, gate(Reach::Elections, absentee_overrides::edit))
            .on(POST, gate(Reach::Elections, absentee_overrides::save)),
        Route::page("/manage/absentee_overrides/{region}/delete/")
            .on(GET, gate(Reach::Elections, absentee_overrides::ask_to_delete))
            .on(POST, gate(Reach::Elections, absentee_overrides::delete)),
        Route::page("/manage/absentee_overrides/{region}/history/")
            .on(GET, gate(Reach::Elections, absentee_overrides::history)),
        Route::page("/manage/absentee_overrides/{region}/history/{change}/")
            .on(GET, gate(Reach::Elections, absentee_overrides::entry)),
        Route::page("/manage/absentee_overrides/{region}/history/{change}/restore/")
            .on(POST, gate(Reach::Elections, absentee_overrides::restore)),
    ]
}

/// Ballot requests that are signed online, and the offices they go to.
fn of_signing_online() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    vec![
        Route::page("/manage/absentee_dashboard/").on(GET, gate(Reach::Esign, absentee_dashboard::list)),
        Route::page("/manage/absentee_dashboard/applications/")
            .on(GET, gate(Reach::Esign, applications::list)),
        Route::page("/manage/absentee_dashboard/applications/{application}/")
            .on(GET, gate(Reach::Esign, applications::show)),
        Route::page("/manage/absentee_dashboard/applications/{application}/preview/")
            .on(GET, gate(Reach::Esign, applications::pdf)),
        Route::page("/manage/absentee_dashboard/{state}/")
            .on(GET, gate(Reach::Esign, absentee_dashboard::show)),
        Route::page("/manage/absentee_dashboard/{state}/{region}/").on(GET, gate(Reach::Esign, region::show)),
        Route::page("/manage/absentee_dashboard/{state}/{region}/new/")
            .on(GET, gate(Reach::Esign, region::new))
            .on(POST, gate(Reach::Esign, region::save)),
        Route::page("/manage/absentee_dashboard/{state}/{region}/edit/")
            .on(GET, gate(Reach::Esign, region::edit))
            .on(POST, gate(Reach::Esign, region::save)),
        Route::page("/manage/absentee_dashboard/{state}/{region}/delete/")
            .on(GET, gate(Reach::Esign, region::ask_to_delete))
            .on(POST, gate(Reach::Esign, region::delete)),
        Route::page("/manage/absentee_dashboard/{state}/{region}/history/")
            .on(GET, gate(Reach::Esign, region::history)),
        Route::page("/manage/absentee_dashboard/{state}/{region}/history/{change}/")
            .on(GET, gate(Reach::Esign, region::entry)),
        Route::page("/manage/absentee_dashboard/{state}/{region}/history/{change}/restore/")
            .on(POST, gate(Reach::Esign, region::restore)),
    ]
}

/// Subscribers, for those who look after them.
fn of_subscribers() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    vec![
        Route::page("/manage/subscription/leads/").on(GET, gate(Reach::Subscribers, leads::list)),
        Route::page("/manage/subscription/leads/{lead}/").on(GET, gate(Reach::Subscribers, leads::show)),
        Route::page("/manage/subscription/leads/{lead}/activate/")
            .on(GET, gate(Reach::Subscribers, leads::ask_to_activate))
            .on(POST, gate(Reach::Subscribers, leads::make_subscriber)),
        Route::page("/manage/subscription/leads/{lead}/reject/")
            .on(GET, gate(Reach::Subscribers, leads::ask_to_reject))
            .on(POST, gate(Reach::Subscribers, leads::decline)),
        Route::page("/manage/subscription/leads/{lead}/history/{change}/")
            .on(GET, gate(Reach::Subscribers, leads::entry)),
        Route::page("/manage/subscription/subscribers/")
            .on(GET, gate(Reach::Subscribers, subscribers::list::list)),
        Route::page("/manage/subscription/subscribers/{subscriber}/edit/")
            .on(GET, gate(Reach::Subscribers, subscribers::settings::edit))
            .on(POST, gate(Reach::Subscribers, subscribers::settings::save)),
        Route::page("/manage/subscription/subscribers/{subscriber}/history/")
            .on(GET, gate(Reach::Subscribers, subscribers::settings::history)),
        Route::page("/manage/subscription/subscribers/{subscriber}/history/{change}/")
            .on(GET, gate(Reach::Subscribers, subscribers::settings::entry)),
        Route::page("/manage/subscription/subscribers/{subscriber}/history/{change}/restore/")
            .on(POST, gate(Reach::Subscribers, subscribers::settings::restore)),
        Route::page("/manage/subscription/subscribers/{subscriber}/edit_subscription/")
            .on(GET, gate(Reach::Subscribers, subscribers::subscription::edit))
            .on(POST, gate(Reach::Subscribers, subscribers::subscription::save)),
        Route::page("/manage/subscription/subscribers/{subscriber}/subscription_history/")
            .on(GET, gate(Reach::Subscribers, subscribers::subscription::history)),
        Route::page("/manage/subscription/subscribers/{subscriber}/subscription_history/{change}/")
            .on(GET, gate(Reach::Subscribers, subscribers::subscription::entry)),
        Route::page("/manage/subscription/subscribers/{subscriber}/subscription_history/{change}/restore/")
            .on(POST, gate(Reach::Subscribers, subscribers::subscription::restore)),
    ]
}

/// The pages of a subscriber's own people.
fn of_a_subscriber() -> Vec<Route> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    let list = |tool: Tool| gate(Reach::Data, move |request, desk| voters::list(tool, request, desk));
    let one = |tool: Tool| gate(Reach::Data, move |request, desk| voter::show(tool, request, desk));
    vec![
        Route::page("/manage/{slug}/").on(GET, gate(Reach::Member, overview::show)),
        Route::page("/manage/{slug}/register/").on(GET, list(Tool::Register)),
        Route::page("/manage/{slug}/register/{uuid}/").on(GET, one(Tool::Register)),
        Route::page("/manage/{slug}/absentee/").on(GET, list(Tool::Absentee)),
        Route::page("/manage/{slug}/absentee/{uuid}/").on(GET, one(Tool::Absentee)),
        Route::page("/manage/{slug}/verifier/").on(GET, list(Tool::Verify)),
        Route::page("/manage/{slug}/verifier/{uuid}/").on(GET, one(Tool::Verify)),
        Route::page("/manage/{slug}/reminder/").on(GET, list(Tool::Remind)),
        Route::page("/manage/{slug}/reminder/{uuid}/").on(GET, one(Tool::Remind)),
        Route::page("/manage/{slug}/pollingplace/").on(GET, list(Tool::Locate)),
        Route::page("/manage/{slug}/pollingplace/{uuid}/").on(GET, one(Tool::Locate)),
        Route::page("/manage/{slug}/reports/").on(GET, gate(Reach::Data, reports::list)),
        Route::page("/manage/{slug}/reports/create/")
            .on(GET, gate(Reach::Data, reports::ask))
            .on(POST, gate(Reach::Data, reports::create)),
        Route::page("/manage/{slug}/reports/{id}/again/").on(POST, gate(Reach::Data, reports::again)),
        Route::page("/manage/{slug}/reports/{id}/download/").on(GET, gate(Reach::Data, reports::download)),
        Route::page("/manage/{slug}/embed/").on(GET, gate(Reach::Member, embed::show)),
        Route::page("/manage/{slug}/users/").on(GET, gate(Reach::Member, team::list)),
        Route::page("/manage/{slug}/users/{id}/remove/")
            .on(GET, gate(Reach::Member, team::ask_to_remove))
            .on(POST, gate(Reach::Member, team::remove)),
        Route::page("/manage/{slug}/invite/create/")
            .on(GET, gate(Reach::Member, team::ask_to_invite))
            .on(POST, gate(Reach::Member, team::create)),
        Route::page("/manage/{slug}/invite/{id}/again/").on(POST, gate(Reach::Member, team::again)),
        Route::page("/manage/{slug}/invite/{id}/remove/")
            .on(GET, gate(Reach::Member, team::ask_to_withdraw))
            .on(POST, gate(Reach::Member, team::take_back)),
        Route::page("/manage/{slug}/settings/")
            .on(GET, gate(Reach::Member, settings::show))
            .on(POST, gate(Reach::Member, settings::save)),
        Route::page("/manage/{slug}/subscription/")
            .on(GET, gate(Reach::Subscription, subscription::show))
            .on(POST, gate(Reach::Subscription, subscription::save)),
        Route::page("/manage/{slug}/keys/").on(GET, gate(Reach::Api, keys::list)),
        Route::page("/manage/{slug}/keys/create/")
            .on(GET, gate(Reach::Api, keys::ask))
            .on(POST, gate(Reach::Api, keys::create)),
        Route::page("/manage/{slug}/keys/{id}/deactivate/")
            .on(GET, gate(Reach::Api, keys::ask_to_deactivate))
            .on(POST, gate(Reach::Api, keys::deactivate)),
        Route::page("/manage/{slug}/webhooks/").on(GET, gate(Reach::Api, endpoints::list)),
        Route::page("/manage/{slug}/webhooks/create/")
            .on(GET, gate(Reach::Api, endpoints::ask))
            .on(POST, gate(Reach::Api, endpoints::create)),
        Route::page("/manage/{slug}/webhooks/{id}/").on(GET, gate(Reach::Api, endpoints::show)),
        Route::page("/manage/{slug}/webhooks/{id}/edit/")
            .on(GET, gate(Reach::Api, endpoints::edit))
            .on(POST, gate(Reach::Api, endpoints::save)),
        Route::page("/manage/{slug}/webhooks/{id}/rotate/")
            .on(GET, gate(Reach::Api, endpoints::ask_to_rotate))
            .on(POST, gate(Reach::Api, endpoints::rotate)),
        Route::page("/manage/{slug}/webhooks/{id}/pause/").on(POST, gate(Reach::Api, endpoints::pause)),
        Route::page("/manage/{slug}/webhooks/{id}/resume/").on(POST, gate(Reach::Api, endpoints::resume)),
        Route::page("/manage/{slug}/webhooks/{id}/test/").on(POST, gate(Reach::Api, endpoints::test)),
        Route::page("/manage/{slug}/webhooks/{id}/replay/")
            .on(GET, gate(Reach::Api, endpoints::ask_to_replay))
            .on(POST, gate(Reach::Api, endpoints::replay)),
        Route::page("/manage/{slug}/webhooks/{id}/remove/")
            .on(GET, gate(Reach::Api, endpoints::ask_to_remove))
            .on(POST, gate(Reach::Api, endpoints::remove)),
        Route::page("/manage/{slug}/webhooks/{id}/deliveries/{delivery}/again/")
            .on(POST, gate(Reach::Api, endpoints::again)),
    ]
}
