//! An App of nothing but memory, and the handles to everything in it.

use std::sync::Arc;

use chrono::TimeDelta;

use super::{
    Atlas, ChatRoom, ContactList, FrozenClock, MailHouse, MemoryCache, MemoryFiles, MemoryPublicFiles,
    MemoryStore, MemoryThrottle, MemoryWake, Outbox, PaperForms, PostOffice, QuickPasswords, SeededIds,
    ShortLinks, TextOutbox,
};
use crate::{
    app::{App, AppBuilder},
    switch::StoredRollouts,
};

/// An App whose ports are all in RAM, and the handles to look at them, turn the clock and make things fail.
#[derive(Clone)]
pub struct World {
    /// What the use-cases take.
    pub app: App,
    /// Rows.
    pub store: MemoryStore,
    /// What time it is; at first 9:00 in Los Angeles on September 1, 2026.
    pub clock: FrozenClock,
    /// Ids.
    pub ids: SeededIds,
    /// Files.
    pub files: MemoryFiles,
    /// Files for everybody.
    pub public_files: MemoryPublicFiles,
    /// Forms.
    pub forms: PaperForms,
    /// Mail.
    pub outbox: Outbox,
    /// Text messages.
    pub texts: TextOutbox,
    /// Short links.
    pub links: ShortLinks,
    /// Polling places, and maps to them.
    pub atlas: Atlas,
    /// Polling places of states with the switch `locate_use_dnc_data`.
    pub own_atlas: Atlas,
    /// Letters.
    pub mail_house: MailHouse,
    /// Whether mail arrives.
    pub post_office: PostOffice,
    /// Where the team talks.
    pub chat: ChatRoom,
    /// Contact lists: nobody has an account there until they are opened.
    pub contacts: ContactList,
    /// The cache.
    pub cache: MemoryCache,
    /// The throttle.
    pub throttle: MemoryThrottle,
    /// Rings when a job is due.
    pub wake: MemoryWake,
}

/// A world with the default settings and no rows.
#[must_use]
pub fn world() -> World {
    World::with(|app| app)
}

impl World {
    /// A world with no rows, in which `change` has replaced settings or ports. Regions are disabled unless it
    /// sets them.
    #[must_use]
    pub fn with(change: impl FnOnce(AppBuilder) -> AppBuilder) -> Self {
        let clock = FrozenClock::at("2026-09-01T16:00:00Z".parse().expect("it is a moment"));
        let ids = SeededIds::new(1);
        let wake = MemoryWake::new();
        let store = MemoryStore::new().with_wake(Arc::new(wake.clone()));
        let files = MemoryFiles::new();
        let public_files = MemoryPublicFiles::new();
        let forms = PaperForms::new();
        let outbox = Outbox::new();
        let texts = TextOutbox::new();
        let links = ShortLinks::new();
        let atlas = Atlas::new();
        let own_atlas = Atlas::new();
        let mail_house = MailHouse::new(clock.clone());
        let post_office = PostOffice::new();
        let chat = ChatRoom::new();
        let contacts = ContactList::new(clock.clone());
        contacts.close(true);
        let cache = MemoryCache::new(clock.clone());
        let throttle = MemoryThrottle::new(clock.clone());
        let rollouts = StoredRollouts::new(Arc::new(store.clone()), Arc::new(clock.clone()));
        let builder = App::builder(store.clone(), clock.clone(), ids.clone(), b"a world in memory")
            .with_files(files.clone())
            .with_public_files(public_files.clone())
            .with_forms(forms.clone())
            .with_email(outbox.clone())
            .with_sms(texts.clone())
            .with_links(links.clone())
            .with_locator(atlas.clone())
            .with_own_locator(own_atlas.clone())
            .with_map(atlas.clone())
            .with_letters(mail_house.clone())
            .with_addresses(post_office.clone())
            .with_rollouts(rollouts.with_lifetime(TimeDelta::zero()))
            .with_chat(chat.clone())
            .with_crm(contacts.clone())
            .with_cache(cache.clone())
            .with_throttle(throttle.clone())
            .with_passwords(QuickPasswords);
        let app = change(builder).build();
        Self {
            app,
            store,
            clock,
            ids,
            files,
            public_files,
            forms,
            outbox,
            texts,
            links,
            atlas,
            own_atlas,
            mail_house,
            post_office,
            chat,
            contacts,
            cache,
            throttle,
            wake,
        }
    }
}
