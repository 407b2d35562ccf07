//! What a voter can do in each state, as a partner's program shows it: Markdown (`http-api.md` 3.4).

use crate::{
    address::State,
    ports::store::{StoreError, View},
};

/// States to whose voters we can give no form (`http-api.md` 3.4, 2026-11).
const INELIGIBLE: [State; 3] = [State::Nd, State::Nh, State::Wy];

/// How voters of a state can register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Flow {
    /// Online under this address, or on paper.
    OnlineOrPrint(String),
    /// On paper alone.
    PrintOnly,
    /// Neither online nor by the national form.
    Ineligible,
}

/// The way of a state, and what to tell its voters. The state's own texts stand in it as they are stored.
pub(super) async fn of(view: &mut dyn View, state: State) -> Result<(Flow, String), StoreError> {
    let link = fact(view, state, "external_tool_ovr").await?;
    let heading = format!("# Register to vote in {}", state.name());
    if let Some(link) = link {
        let mut parts = vec![heading, ONLINE.replace("{state}", state.name())];
        let id = fact(view, state, "id_requirements_ovr").await?;
        parts.extend(id.filter(|text| !text.eq_ignore_ascii_case("N/A")));
        if let Some(directions) = fact(view, state, "registration_ovr_directions").await? {
            parts.extend(["## How to register online".to_owned(), directions]);
        }
        return Ok((Flow::OnlineOrPrint(link), parts.join("\n\n")));
    }
    if !INELIGIBLE.contains(&state) {
        let text = ON_PAPER.replace("{state}", state.name());
        return Ok((Flow::PrintOnly, [heading, text].join("\n\n")));
    }
    let directions = fact(view, state, "registration_directions").await?;
    let parts: Vec<String> = std::iter::once(heading).chain(directions).collect();
    Ok((Flow::Ineligible, parts.join("\n\n")))
}

/// A fact about a state, if there is a text.
async fn fact(view: &mut dyn View, state: State, slug: &str) -> Result<Option<String>, StoreError> {
    let text = view.elections().text(state, slug).await?.unwrap_or_default();
    Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}

const ONLINE: &str = "{state} lets you register online, which is the quickest way. If you cannot, or would rather not, \
                      register by mail: we fill in a form for you, and you print, sign and mail it.";

const ON_PAPER: &str = "In {state} you register on paper. We fill in the form for you. Then you:\n\n\
                        1. print it,\n2. sign it,\n3. mail it to your election office, whose address is on the form.";
