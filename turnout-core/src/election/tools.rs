//! The tools of states that we send voters on to: which facts name them, what they are called, and which page of ours does
//! as well (`flows.md` 23, 2026-11).

use std::collections::BTreeMap;

use crate::{
    address::State,
    ports::store::{StoreError, View},
};

/// A tool that states have on the web.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateTool {
    /// The slug of the facts that name it.
    pub slug: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// The page of the public web site for voters of states that have no such tool.
    pub page: &'static str,
}

/// All of them.
pub const STATE_TOOLS: [StateTool; 5] = [
    StateTool { slug: "external_tool_polling_place", name: "Polling Place Lookup", page: "/where-to-vote/" },
    StateTool { slug: "external_tool_ovr", name: "Online Voter Registration", page: "/register-to-vote/" },
    StateTool {
        slug: "external_tool_verify_status",
        name: "Voter Registration Status Verifier",
        page: "/am-i-registered-to-vote/",
    },
    StateTool {
        slug: "external_tool_vbm_application",
        name: "Absentee Ballot Request",
        page: "/vote-by-mail/",
    },
    StateTool {
        slug: "external_tool_absentee_ballot_tracker",
        name: "Absentee Ballot Tracker",
        page: "/vote-by-mail/",
    },
];

/// What a tool's fact says, by state; states without the row, or with an empty text, are left out.
pub(super) async fn addresses(
    view: &mut dyn View,
    tool: StateTool,
) -> Result<BTreeMap<State, String>, StoreError> {
    let facts = view.elections().information_of_field(tool.slug).await?;
    let named = facts.into_iter().filter(|fact| !fact.state.is_territory());
    let named = named.map(|fact| (fact.state, fact.text.trim().to_owned()));
    Ok(named.filter(|(_, text)| !text.is_empty()).collect())
}
