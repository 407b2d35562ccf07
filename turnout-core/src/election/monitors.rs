//! The tools of the states, watched: which pages somebody is to look at again and again (`flows.md` 23, 2026-11).

use std::collections::{BTreeMap, BTreeSet};

use super::{
    edit::web_address,
    tools::{STATE_TOOLS, addresses},
};
use crate::{
    app::App,
    error::ProviderError,
    ports::{
        monitor::{MonitoredPage, PageMetadata, WatchedPage},
        store::{StoreError, View},
    },
};

/// What has to be done that the monitor watches what it is to watch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MonitorChanges {
    /// Pages that it does not know.
    pub added: Vec<WatchedPage>,
    /// Pages that it has otherwise, or does not watch at present, by its id: as it has them, and as they are to be.
    pub changed: Vec<(MonitoredPage, WatchedPage)>,
    /// Pages that no fact names any more.
    pub stopped: Vec<MonitoredPage>,
    /// How many are as they are to be.
    pub unchanged: usize,
}

impl MonitorChanges {
    /// Whether there is nothing to be done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.stopped.is_empty()
    }
}

/// Why the monitor does not watch what it is to watch.
#[derive(Debug, thiserror::Error)]
pub enum MonitorError {
    /// The monitor; what was done until then stays, and the next run does the rest.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Looks what is to be done.
///
/// # Errors
/// See [`MonitorError`].
pub async fn compare(app: &App) -> Result<MonitorChanges, MonitorError> {
    let mut view = app.store.view().await?;
    let wanted = wanted(view.as_mut()).await?;
    drop(view);
    Ok(changes(wanted, app.monitor.pages().await?))
}

/// Does it.
///
/// # Errors
/// See [`MonitorError`].
pub async fn carry_out(app: &App, changes: &MonitorChanges) -> Result<(), MonitorError> {
    for (before, page) in &changes.changed {
        app.monitor.change(&before.id, page).await?;
    }
    for page in &changes.stopped {
        app.monitor.stop(&page.id).await?;
    }
    for page in &changes.added {
        app.monitor.add(page).await?;
    }
    Ok(())
}

/// One page for each address, whatever states and tools share it (quirk Q104).
async fn wanted(view: &mut dyn View) -> Result<Vec<WatchedPage>, StoreError> {
    // by address: which tools it is of which states
    let mut pages: BTreeMap<String, (BTreeSet<&str>, Vec<usize>)> = BTreeMap::new();
    for (number, tool) in STATE_TOOLS.iter().enumerate() {
        for (state, url) in addresses(view, *tool).await? {
            if web_address(&url).is_none() {
                continue;
            }
            let (states, tools) = pages.entry(url).or_default();
            states.insert(state.code());
            if !tools.contains(&number) {
                tools.push(number);
            }
        }
    }
    Ok(pages.into_iter().map(|(url, (states, tools))| page(url, &states, &tools)).collect())
}

fn page(url: String, states: &BTreeSet<&str>, tools: &[usize]) -> WatchedPage {
    let codes: Vec<String> = states.iter().map(|code| (*code).to_owned()).collect();
    let of = |what: fn(usize) -> &'static str| -> Vec<String> {
        tools.iter().map(|number| what(*number).to_owned()).collect()
    };
    let names = of(|number| STATE_TOOLS[number].name);
    WatchedPage {
        url,
        description: format!("{} {}", listed(&codes), listed(&names)),
        metadata: PageMetadata {
            state_id: codes[0].clone(),
            slugs: of(|number| STATE_TOOLS[number].slug),
            slug_descs: names,
            state_ids: if codes.len() > 1 { codes } else { Vec::new() },
        },
    }
}

/// `A`, `A and B`, `A, B, and C`.
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [one, other] => format!("{one} and {other}"),
        [first @ .., last] => format!("{}, and {last}", first.join(", ")),
    }
}

/// What turns the pages that there are into the wanted ones. Of two for one address the one that is watched stays.
fn changes(wanted: Vec<WatchedPage>, mut there: Vec<MonitoredPage>) -> MonitorChanges {
    let mut wanted: BTreeMap<String, WatchedPage> =
        wanted.into_iter().map(|page| (page.url.clone(), page)).collect();
    let mut changes = MonitorChanges::default();
    there.sort_by(|a, b| (!a.is_active, &a.id).cmp(&(!b.is_active, &b.id)));
    for before in there {
        match wanted.remove(&before.page.url) {
            Some(page) if before.is_active && before.page == page => changes.unchanged += 1,
            Some(page) => changes.changed.push((before, page)),
            None if before.is_active => changes.stopped.push(before),
            None => {}
        }
    }
    changes.added = wanted.into_values().collect();
    changes
}

#[cfg(all(test, feature = "memory"))]
mod tests {
    use super::*;
    use crate::{
        address::State,
        conformance::rows,
        election::FieldFormat,
        memory::{MemoryMonitor, World},
        ports::store::Store as _,
    };

    const OVR: u128 = 1;
    const STATUS: u128 = 2;
    const TRACKER: u128 = 3;

    async fn world(facts: &[(State, u128, &str)]) -> (World, MemoryMonitor) {
        let monitor = MemoryMonitor::new();
        let world = World::with(|app| app.with_monitor(monitor.clone()));
        let mut unit = world.store.begin().await.expect("a unit");
        let slugs = [
            (OVR, "external_tool_ovr"),
            (STATUS, "external_tool_verify_status"),
            (TRACKER, "external_tool_absentee_ballot_tracker"),
        ];
        for (number, slug) in slugs {
            let kind = rows::field_type(number, slug, Some(FieldFormat::Url));
            unit.elections_mut().insert_field_type(&kind).await.expect("a kind");
        }
        for (number, (state, kind, text)) in (1..).zip(facts) {
            unit.elections_mut().put_state(&rows::state(*state)).await.expect("a state");
            let fact = rows::fact(number, *state, *kind, text);
            unit.elections_mut().insert_information(&fact).await.expect("a fact");
        }
        unit.commit().await.expect("a commit");
        (world, monitor)
    }

    async fn sync(world: &World) -> MonitorChanges {
        let changes = compare(&world.app).await.expect("changes");
        carry_out(&world.app, &changes).await.expect("they are carried out");
        changes
    }

    #[tokio::test]
    async fn an_address_is_watched_once_for_all_states_and_tools_that_share_it() {
        let (world, monitor) = world(&[
            (State::Ma, OVR, "https://one.example.org/"),
            (State::Ma, STATUS, "https://one.example.org/"),
            (State::Ma, TRACKER, "https://one.example.org/"),
            (State::Oh, OVR, "https://one.example.org/"),
            (State::Ak, OVR, "https://two.example.org/"),
            (State::Al, OVR, ""),
            (State::Ar, OVR, "none"),
            (State::Pr, OVR, "https://pr.example.org/"),
        ])
        .await;
        assert_eq!(sync(&world).await.added.len(), 2);
        let all = monitor.all();
        let told: Vec<&str> = all.iter().map(|it| it.page.description.as_str()).collect();
        assert_eq!(
            told,
            [
                "MA and OH Online Voter Registration, Voter Registration Status Verifier, and Absentee Ballot Tracker",
                "AK Online Voter Registration",
            ]
        );
        let shared = &all[0].page.metadata;
        assert_eq!(
            (shared.state_id.as_str(), shared.state_ids.as_slice()),
            ("MA", &["MA".to_owned(), "OH".into()][..])
        );
        assert_eq!(all[1].page.metadata.state_ids, [""; 0]);
        let again = sync(&world).await;
        assert!(again.is_empty() && again.unchanged == 2, "{again:?}");
    }

    #[tokio::test]
    async fn what_changed_is_changed_what_is_gone_stops_and_what_comes_back_is_watched_again() {
        let (world, monitor) = world(&[
            (State::Ma, OVR, "https://ma.example.org/"),
            (State::Oh, OVR, "https://oh.example.org/"),
        ])
        .await;
        sync(&world).await;
        let mut unit = world.store.begin().await.expect("a unit");
        let mut facts = unit.elections().information().await.expect("facts");
        facts[0].text = "https://oh.example.org/".into();
        unit.elections_mut().update_information(&facts[0]).await.expect("a change");
        unit.commit().await.expect("a commit");
        let changes = sync(&world).await;
        assert_eq!((changes.changed.len(), changes.stopped.len(), changes.added.len()), (1, 1, 0));
        facts[0].text = "https://ma.example.org/".into();
        let mut unit = world.store.begin().await.expect("a unit");
        unit.elections_mut().update_information(&facts[0]).await.expect("a change");
        unit.commit().await.expect("a commit");
        let changes = sync(&world).await;
        assert_eq!((changes.changed.len(), changes.stopped.len(), changes.added.len()), (2, 0, 0));
        assert!(monitor.all().iter().all(|it| it.is_active));
    }

    #[tokio::test]
    async fn a_run_that_broke_off_is_ended_by_the_next_and_adds_nothing_twice() {
        let (world, monitor) = world(&[
            (State::Ma, OVR, "https://ma.example.org/"),
            (State::Oh, OVR, "https://oh.example.org/"),
        ])
        .await;
        let changes = compare(&world.app).await.expect("changes");
        world.app.monitor.add(&changes.added[0]).await.expect("one is added");
        monitor.fail_next(1);
        carry_out(&world.app, &changes).await.expect_err("nobody answers");
        let rest = sync(&world).await;
        assert_eq!((rest.added.len(), rest.unchanged), (1, 1));
        assert_eq!(monitor.all().len(), 2);
    }

    #[test]
    fn of_two_for_one_address_the_watched_one_stays() {
        let page = page("https://a.org/".into(), &["MA"].into(), &[0]);
        let there = |id: &str, is_active| MonitoredPage { id: id.into(), is_active, page: page.clone() };
        let found = changes(vec![page.clone()], vec![there("1", false), there("2", true), there("3", true)]);
        assert_eq!(found.unchanged, 1);
        assert_eq!(found.stopped, [there("3", true)]);
        assert!(found.changed.is_empty() && found.added.is_empty());
    }
}
