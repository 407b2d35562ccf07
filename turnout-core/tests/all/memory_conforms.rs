//! The memory world passes the suites of its ports.

use chrono::TimeDelta;
use turnout_core::{
    address::{Address, State},
    conformance::{
        addresses::Verifiable,
        crm::Lists,
        rows::{at, registration},
        state_registrar::{Deed, FIRST_NAME, LICENSE, SSN4, StateOffice},
    },
    error::{ProviderError, ProviderErrorKind},
    file::DerivedTokens,
    memory::{
        ContactList, FaxTray, FrozenClock, MailHouse, MemoryCache, MemoryFiles, MemoryPublicFiles,
        MemoryRegistrar, MemoryStore, MemoryThrottle, MemoryWake, PostOffice, ScriptedHttp, TextOutbox,
    },
    ports::{
        addresses::Deliverability,
        state_registrar::{Application, RefusalCode, Refused, Remedy, StateRegistrar},
    },
    secret::StateIdNumber,
};

async fn open() -> MemoryStore {
    MemoryStore::new()
}

turnout_core::actions_conformance!(open);
turnout_core::registrations_conformance!(open);
turnout_core::subscribers_conformance!(open);
turnout_core::subscriptions_conformance!(open);
turnout_core::elections_conformance!(open);
turnout_core::officials_conformance!(open);
turnout_core::office_lists_conformance!(open);
turnout_core::files_rows_conformance!(open);
turnout_core::previews_conformance!(open);
turnout_core::update_webhooks_conformance!(open);
turnout_core::uploads_conformance!(open);
turnout_core::api_keys_conformance!(open);
turnout_core::bulk_conformance!(open);
turnout_core::ballot_requests_conformance!(open);
turnout_core::blasts_conformance!(open);
turnout_core::edits_conformance!(open);
turnout_core::esign_conformance!(open);
turnout_core::faxes_conformance!(open);
turnout_core::letters_conformance!(open);
turnout_core::search_conformance!(open);
turnout_core::lookups_conformance!(open);
turnout_core::listings_conformance!(open);
turnout_core::consents_conformance!(open);
turnout_core::contact_links_conformance!(open);
turnout_core::mails_conformance!(open);
turnout_core::messages_conformance!(open);
turnout_core::movers_conformance!(open);
turnout_core::reminders_conformance!(open);
turnout_core::reports_conformance!(open);
turnout_core::polling_places_conformance!(open);
turnout_core::records_conformance!(open);
turnout_core::suppressions_conformance!(open);
turnout_core::switches_conformance!(open);
turnout_core::keyed_calls_conformance!(open);
turnout_core::accounts_conformance!(open);
turnout_core::sessions_conformance!(open);
turnout_core::subjects_conformance!(open);
turnout_core::changes_conformance!(open);
turnout_core::voters_conformance!(open);
turnout_core::webhooks_conformance!(open);
turnout_core::jobs_conformance!(open);
turnout_core::job_lines_conformance!(open);
turnout_core::units_conformance!(open);

async fn texts() -> TextOutbox {
    TextOutbox::new()
}
turnout_core::sms_sender_conformance!(sms_sender, texts);
turnout_core::sms_log_conformance!(sms_log, texts);

async fn fax_tray() -> FaxTray {
    FaxTray::new()
}
turnout_core::fax_sender_conformance!(fax_sender, fax_tray);

async fn files() -> MemoryFiles {
    MemoryFiles::new()
}
turnout_core::file_store_conformance!(files);

async fn public_files() -> (MemoryPublicFiles, MemoryPublicFiles) {
    let files = MemoryPublicFiles::new();
    (files.clone(), files)
}
turnout_core::public_files_conformance!(public_files);

async fn tokens() -> DerivedTokens {
    DerivedTokens::new(b"a secret", TimeDelta::hours(168)).with_previous(b"the one before")
}
turnout_core::file_tokens_conformance!(tokens);
turnout_core::imported_file_tokens_conformance!(tokens);

async fn timed_cache() -> (MemoryCache, FrozenClock) {
    let clock = FrozenClock::at(at(0));
    (MemoryCache::new(clock.clone()), clock)
}
async fn cache() -> MemoryCache {
    timed_cache().await.0
}
turnout_core::cache_conformance!(cache, timed_cache);

async fn timed_throttle() -> (MemoryThrottle, FrozenClock) {
    let clock = FrozenClock::at(at(0));
    (MemoryThrottle::new(clock.clone()), clock)
}
async fn throttle() -> MemoryThrottle {
    timed_throttle().await.0
}
turnout_core::throttle_conformance!(throttle, timed_throttle);

async fn wake() -> MemoryWake {
    MemoryWake::new()
}
turnout_core::wake_conformance!(wake);

async fn scripted_http() -> (ScriptedHttp, ScriptedHttp) {
    let http = ScriptedHttp::new();
    (http.clone(), http)
}
turnout_core::http_client_conformance!(scripted_http);

async fn frozen_timer() -> FrozenClock {
    FrozenClock::at(at(0))
}
turnout_core::timer_conformance!(frozen_timer);

async fn post_office() -> Verifiable<PostOffice> {
    let address = |street: &str| Address {
        address1: Some(street.into()),
        city: Some("Springfield".into()),
        state: Some(State::Ma),
        zipcode: Some("01103".into()),
        ..Address::default()
    };
    let (good, nearly, bad) = (address("12 Elm St"), address("12 Elms St"), address("0 Nowhere Rd"));
    let verifier = PostOffice::new();
    verifier.knows(&good, Deliverability::Deliverable);
    verifier.knows(&nearly, Deliverability::Corrected(good.clone()));
    Verifiable { verifier, good, nearly, bad }
}
turnout_core::address_verifier_conformance!(addresses, post_office);

async fn mail_house() -> MailHouse {
    MailHouse::new(FrozenClock::at(at(0)))
}
turnout_core::letter_sender_conformance!(letters_sent, mail_house);

struct Office(MemoryRegistrar);

impl StateOffice for Office {
    fn registrar(&self) -> &dyn StateRegistrar {
        &self.0
    }

    fn whole(&self) -> Application {
        let mut registration = registration();
        registration.name.first = Some(FIRST_NAME.into());
        Application {
            registration,
            region: None,
            license: Some(StateIdNumber::new(LICENSE.into())),
            ssn4: Some(StateIdNumber::new(SSN4.into())),
            signature: None,
        }
    }

    fn will(&self, deed: Deed) {
        let no = |code, remedy| Refused::new(code, remedy, "as the test says");
        let failed = |kind| Refused::from(ProviderError::new("memory", kind));
        match deed {
            Deed::Takes => {}
            Deed::RefusesTheLicense => self.0.refuse(no(RefusalCode::DlInvalid, Remedy::AskAgain)),
            Deed::RefusesTheSignature => self.0.refuse(no(RefusalCode::SignatureInvalid, Remedy::AskAgain)),
            Deed::Refuses => self.0.refuse(no(RefusalCode::UnknownError, Remedy::Paper)),
            Deed::AsksForRest => self.0.refuse(failed(ProviderErrorKind::Throttled)),
            Deed::Fails | Deed::IsSilent => self.0.refuse(failed(ProviderErrorKind::Unreachable)),
            Deed::Babbles => self.0.refuse(failed(ProviderErrorKind::Unintelligible)),
        }
    }

    fn reached(&self) -> usize {
        self.0.applications().len()
    }
}

async fn office() -> Office {
    Office(MemoryRegistrar::new(State::Ma))
}
turnout_core::state_registrar_conformance!(office);

async fn contact_lists() -> Lists<ContactList, FrozenClock> {
    let clock = FrozenClock::at("2026-11-03T12:00:00Z".parse().unwrap());
    Lists { lists: ContactList::new(clock.clone()), clock }
}
turnout_core::crm_sync_conformance!(contacts_kept, contact_lists);
