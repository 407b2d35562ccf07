//! The memory world passes the suites of its ports.

use turnout_core::memory::MemoryStore;

async fn open() -> MemoryStore {
    MemoryStore::new()
}

turnout_core::actions_conformance!(open);
turnout_core::registrations_conformance!(open);
turnout_core::subscribers_conformance!(open);
turnout_core::elections_conformance!(open);
turnout_core::officials_conformance!(open);
turnout_core::files_rows_conformance!(open);
turnout_core::jobs_conformance!(open);
turnout_core::units_conformance!(open);
