//! Addresses that stay and lead to the tools of the states: `state-redirect/MA/external_tool_ovr` (`flows.md` 23, 2026-11).

use std::fmt;

use chrono::TimeDelta;
use url::Url;

use super::{
    edit::web_address,
    tools::{STATE_TOOLS, addresses},
};
use crate::{
    address::State,
    app::App,
    ports::{files::FileError, public_files::PublicFile, store::StoreError},
};

/// The folder of all of them.
pub const FOLDER: &str = "state-redirect";
/// For how long a browser may go on leading to the same place.
const CACHED: TimeDelta = TimeDelta::minutes(5);

/// Why visitors are sent to a page of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fallback {
    /// The state has no such tool that we know of: there is no fact, or it is empty (quirk Q104).
    NoTool,
    /// What the fact says is no address that visitors may be sent to.
    NoAddress,
}

impl fmt::Display for Fallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoTool => "no tool is known",
            Self::NoAddress => "the fact is no address",
        })
    }
}

/// Where an address leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// The state.
    pub state: State,
    /// The slug of the tool's facts.
    pub slug: &'static str,
    /// Where visitors are sent.
    pub to: Url,
    /// Why that is a page of ours, where it is one.
    pub fallback: Option<Fallback>,
}

impl Redirect {
    /// Under which key of the public files it is published.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{FOLDER}/{}/{}", self.state.code(), self.slug)
    }

    fn file(&self) -> PublicFile {
        PublicFile::redirect(self.to.clone(), CACHED)
    }
}

/// Where each tool of each state leads now: one for every state but the territories, and each tool.
///
/// # Errors
/// When the store fails.
///
/// # Panics
/// When `WWW_ORIGIN` is no address, which the settings see to.
pub async fn redirects(app: &App) -> Result<Vec<Redirect>, StoreError> {
    let mut view = app.store.view().await?;
    let www = Url::parse(&app.settings.origins.www).expect("the site's origin is an address");
    let mut all = Vec::new();
    for tool in STATE_TOOLS {
        let known = addresses(view.as_mut(), tool).await?;
        let page = www.join(tool.page).expect("a path is part of an address");
        for state in State::ALL.iter().copied().filter(|state| !state.is_territory()) {
            let there = known.get(&state).map(|text| {
                let to = web_address(text).ok_or(Fallback::NoAddress)?;
                let is_good = PublicFile::redirect(to.clone(), CACHED).check().is_ok();
                if is_good { Ok(to) } else { Err(Fallback::NoAddress) }
            });
            let (to, fallback) = match there.unwrap_or(Err(Fallback::NoTool)) {
                Ok(to) => (to, None),
                Err(why) => (page.clone(), Some(why)),
            };
            all.push(Redirect { state, slug: tool.slug, to, fallback });
        }
    }
    all.sort_by_key(|it| (it.state.code(), it.slug));
    Ok(all)
}

/// Publishes them all; `each` is told of every one. One that cannot be written keeps none of the others from being tried.
///
/// # Errors
/// The first failure, when all were tried.
pub async fn publish(
    app: &App,
    redirects: &[Redirect],
    mut each: impl FnMut(&Redirect) + Send,
) -> Result<(), FileError> {
    let mut failed = None;
    for redirect in redirects {
        each(redirect);
        if let Err(error) = app.public_files.publish(&redirect.key(), redirect.file()).await {
            failed = failed.or(Some(error));
        }
    }
    failed.map_or(Ok(()), Err)
}

#[cfg(all(test, feature = "memory"))]
mod tests {
    use super::*;
    use crate::{
        conformance::rows,
        election::FieldFormat,
        memory::{World, world},
        ports::store::Store as _,
    };

    async fn with_facts() -> World {
        let world = world();
        let mut unit = world.store.begin().await.expect("a unit");
        for state in [State::Ma, State::Oh, State::Pr] {
            unit.elections_mut().put_state(&rows::state(state)).await.expect("a state");
        }
        let kind = rows::field_type(1, "external_tool_ovr", Some(FieldFormat::Url));
        unit.elections_mut().insert_field_type(&kind).await.expect("a kind");
        let facts = [
            rows::fact(1, State::Ma, 1, " https://ma.example.org/ovr?x=1 "),
            rows::fact(2, State::Oh, 1, "ask at the desk"),
            rows::fact(3, State::Pr, 1, "https://pr.example.org/"),
        ];
        for fact in &facts {
            unit.elections_mut().insert_information(fact).await.expect("a fact");
        }
        unit.commit().await.expect("a commit");
        world
    }

    #[tokio::test]
    async fn every_tool_of_every_state_leads_somewhere_though_rows_are_missing() {
        let world = with_facts().await;
        let all = redirects(&world.app).await.expect("redirects");
        assert_eq!(all.len(), 51 * 5);
        publish(&world.app, &all, |_| {}).await.expect("they are published");
        let leads = |state: &str, slug: &str| {
            let url = world.app.public_files.url(&format!("state-redirect/{state}/{slug}")).expect("a key");
            world.public_files.visit(&url).and_then(|file| file.redirect).map(String::from)
        };
        let at = |text: &str| Some(text.to_owned());
        assert_eq!(leads("MA", "external_tool_ovr"), at("https://ma.example.org/ovr?x=1"));
        assert_eq!(leads("OH", "external_tool_ovr"), at("http://localhost:8000/register-to-vote/"));
        assert_eq!(leads("AK", "external_tool_ovr"), at("http://localhost:8000/register-to-vote/"));
        assert_eq!(leads("MA", "external_tool_polling_place"), at("http://localhost:8000/where-to-vote/"));
        assert_eq!(leads("PR", "external_tool_ovr"), None);
        let why = |state| all.iter().find(|it| it.state == state && it.slug == "external_tool_ovr");
        assert_eq!(why(State::Oh).and_then(|it| it.fallback), Some(Fallback::NoAddress));
        assert_eq!(why(State::Ak).and_then(|it| it.fallback), Some(Fallback::NoTool));
        assert_eq!(why(State::Ma).and_then(|it| it.fallback), None);
    }

    #[tokio::test]
    async fn one_that_cannot_be_written_keeps_no_other_from_it() {
        let world = with_facts().await;
        let all = redirects(&world.app).await.expect("redirects");
        world.public_files.fail_next(1);
        publish(&world.app, &all, |_| {}).await.expect_err("one was not written");
        assert_eq!(world.public_files.keys().len(), all.len() - 1);
        publish(&world.app, &all, |_| {}).await.expect("now it is");
        assert_eq!(world.public_files.keys().len(), all.len());
    }
}
