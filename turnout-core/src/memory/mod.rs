//! A working world in RAM, for tests and small programs: feature `memory`.
//!
//! Every port has one implementation here, with handles to look at what it was asked and to make it fail. All
//! handles are cheap to clone and share what they hold. Nothing outlives the process; what must, is in
//! `turnout-storage`.

mod addresses;
mod cache;
mod chat;
mod clock;
mod crm;
mod faxes;
mod files;
mod forms;
mod http;
mod ids;
mod letters;
mod links;
mod maps;
mod movers;
mod outbox;
mod passwords;
mod public_files;
mod publishing;
mod registrar;
mod store;
mod texts;
mod throttle;
mod wake;
mod world;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use addresses::PostOffice;
pub use cache::MemoryCache;
pub use chat::ChatRoom;
pub use clock::FrozenClock;
pub use crm::{ContactList, ListTrouble};
pub use faxes::FaxTray;
pub use files::MemoryFiles;
pub use forms::PaperForms;
pub use http::ScriptedHttp;
pub use ids::SeededIds;
pub use letters::{MailHouse, Trouble};
pub use links::ShortLinks;
pub use maps::Atlas;
pub use movers::MemoryMovers;
pub use outbox::Outbox;
pub use passwords::QuickPasswords;
pub use public_files::MemoryPublicFiles;
pub use publishing::{BuildLog, MemoryMonitor, PurgeLog};
pub use registrar::{MemoryRegistrar, Taken};
pub use store::MemoryStore;
pub use texts::TextOutbox;
pub use throttle::MemoryThrottle;
pub use wake::MemoryWake;
pub use world::{World, world};

/// What is inside, even after a panic elsewhere: a test that failed must not fail the others.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How often something is still to fail. Counts down.
fn fails(left: &Mutex<u32>) -> bool {
    let mut left = locked(left);
    let fails = *left > 0;
    *left = left.saturating_sub(1);
    fails
}
