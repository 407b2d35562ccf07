//! A CDN, a monitor of pages and builds of sites, all of which only keep what they were told.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use url::Url;

use super::{fails, locked};
use crate::{
    error::{ProviderError, ProviderErrorKind},
    ports::{
        builds::SiteBuilds,
        cdn::CachePurger,
        monitor::{MonitoredPage, PageMonitor, WatchedPage},
    },
};

fn unreachable(name: &'static str) -> ProviderError {
    ProviderError::new(name, ProviderErrorKind::Unreachable)
}

/// Keeps which tags were purged, call by call.
#[derive(Clone, Default)]
pub struct PurgeLog {
    calls: Arc<Mutex<Vec<Vec<String>>>>,
    failures: Arc<Mutex<u32>>,
}

impl PurgeLog {
    /// Nothing was purged yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes out the calls so far, oldest first.
    #[must_use]
    pub fn take(&self) -> Vec<Vec<String>> {
        std::mem::take(&mut *locked(&self.calls))
    }

    /// The next `times` calls fail: nobody answers.
    pub fn fail_next(&self, times: u32) {
        *locked(&self.failures) = times;
    }
}

#[async_trait]
impl CachePurger for PurgeLog {
    async fn purge(&self, tags: &[String]) -> Result<(), ProviderError> {
        if fails(&self.failures) {
            return Err(unreachable("cdn"));
        }
        locked(&self.calls).push(tags.to_vec());
        Ok(())
    }
}

/// Keeps which hooks were called.
#[derive(Clone, Default)]
pub struct BuildLog {
    calls: Arc<Mutex<Vec<String>>>,
    failing: Arc<Mutex<Option<String>>>,
}

impl BuildLog {
    /// Nothing was built yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes out the hooks that were called so far, oldest first.
    #[must_use]
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *locked(&self.calls))
    }

    /// From now on nobody answers at this address; everywhere with none.
    pub fn fail_at(&self, hook: Option<&str>) {
        *locked(&self.failing) = hook.map(str::to_owned);
    }
}

#[async_trait]
impl SiteBuilds for BuildLog {
    async fn begin(&self, hook: &Url) -> Result<(), ProviderError> {
        if locked(&self.failing).as_deref() == Some(hook.as_str()) {
            return Err(unreachable("builds"));
        }
        locked(&self.calls).push(hook.to_string());
        Ok(())
    }
}

/// Keeps what it is to watch. Ids are numbers, from 1.
#[derive(Clone, Default)]
pub struct MemoryMonitor {
    pages: Arc<Mutex<BTreeMap<String, MonitoredPage>>>,
    failures: Arc<Mutex<u32>>,
}

impl MemoryMonitor {
    /// Watches nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Everything it has, watched or not, by id.
    #[must_use]
    pub fn all(&self) -> Vec<MonitoredPage> {
        locked(&self.pages).values().cloned().collect()
    }

    /// The next `times` calls fail: nobody answers.
    pub fn fail_next(&self, times: u32) {
        *locked(&self.failures) = times;
    }

    fn answer(&self) -> Result<(), ProviderError> {
        if fails(&self.failures) { Err(unreachable("monitor")) } else { Ok(()) }
    }

    fn put(&self, id: &str, is_active: bool, page: WatchedPage) {
        locked(&self.pages).insert(id.to_owned(), MonitoredPage { id: id.to_owned(), is_active, page });
    }
}

#[async_trait]
impl PageMonitor for MemoryMonitor {
    async fn pages(&self) -> Result<Vec<MonitoredPage>, ProviderError> {
        self.answer()?;
        Ok(self.all())
    }

    async fn add(&self, page: &WatchedPage) -> Result<(), ProviderError> {
        self.answer()?;
        let id = format!("{:04}", self.all().len() + 1);
        self.put(&id, true, page.clone());
        Ok(())
    }

    async fn change(&self, id: &str, page: &WatchedPage) -> Result<(), ProviderError> {
        self.answer()?;
        self.put(id, true, page.clone());
        Ok(())
    }

    async fn stop(&self, id: &str) -> Result<(), ProviderError> {
        self.answer()?;
        let found = self.all().into_iter().find(|it| it.id == id);
        let found = found.ok_or_else(|| ProviderError::new("monitor", ProviderErrorKind::Rejected))?;
        self.put(id, false, found.page);
        Ok(())
    }
}
