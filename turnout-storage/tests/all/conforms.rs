//! The suites of the core's ports, run on what this crate has.

use std::sync::Arc;

use turnout_core::{conformance::rows::at, memory::FrozenClock};
use turnout_storage::in_process::{LocalCache, LocalThrottle, LocalWake};

#[cfg(feature = "sqlite")]
mod sqlite {
    use turnout_core::conformance::Guarded;
    use turnout_storage::sqlite::{SqliteOptions, SqliteStore};

    async fn open() -> Guarded<SqliteStore, tempfile::TempDir> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("turnout.db");
        let store = SqliteStore::open(path, SqliteOptions::default()).await.unwrap();
        store.migrate(|_| {}).await.unwrap();
        Guarded::new(store, folder)
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
}

#[cfg(feature = "postgres")]
mod postgres {
    use turnout_core::conformance::Guarded;
    use turnout_storage::postgres::{PgOptions, PgStore};

    use crate::postgres_server::Database;

    async fn open() -> Guarded<PgStore, Database> {
        let database = Database::migrated().await;
        Guarded::new(database.open(PgOptions::default()), database)
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
}

#[cfg(feature = "local-files")]
mod local_files {
    use super::*;
    use turnout_core::{
        conformance::{Guarded, public_files::Visitor},
        ports::public_files::PublicFile,
    };
    use turnout_storage::files::{LocalFiles, LocalPublicFiles};

    async fn open() -> Guarded<LocalFiles, tempfile::TempDir> {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(FrozenClock::at(at(0)));
        let origin = "https://example.org".parse().unwrap();
        let secret = b"a secret of at least thirty-two bytes";
        let files = LocalFiles::open(folder.path().join("files"), origin, secret, clock).unwrap();
        Guarded::new(files, folder)
    }

    turnout_core::file_store_conformance!(open);

    /// Asks the folder what the server would answer with.
    struct Anybody(Arc<LocalPublicFiles>);

    #[async_trait::async_trait]
    impl Visitor for Anybody {
        async fn visit(&self, url: &str) -> Option<PublicFile> {
            self.0.get(url.strip_prefix("https://example.org/public/").unwrap()).await.unwrap()
        }
    }

    async fn public() -> (Arc<LocalPublicFiles>, Guarded<Anybody, tempfile::TempDir>) {
        let folder = tempfile::tempdir().unwrap();
        let origin = "https://example.org".parse().unwrap();
        let files = Arc::new(LocalPublicFiles::open(folder.path().join("public"), origin).unwrap());
        (Arc::clone(&files), Guarded::new(Anybody(files), folder))
    }

    turnout_core::public_files_conformance!(public);
}

async fn timed_cache() -> (LocalCache, FrozenClock) {
    let clock = FrozenClock::at(at(0));
    (LocalCache::new(1_000_000, Arc::new(clock.clone())), clock)
}
async fn cache() -> LocalCache {
    timed_cache().await.0
}
turnout_core::cache_conformance!(cache, timed_cache);

async fn timed_throttle() -> (LocalThrottle, FrozenClock) {
    let clock = FrozenClock::at(at(0));
    (LocalThrottle::new(Arc::new(clock.clone())), clock)
}
async fn throttle() -> LocalThrottle {
    timed_throttle().await.0
}
turnout_core::throttle_conformance!(throttle, timed_throttle);

async fn wake() -> LocalWake {
    LocalWake::new()
}
turnout_core::wake_conformance!(wake);
