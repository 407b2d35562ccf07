//! `GET /manage/<slug>/`: how often the tools of a subscriber were used, and the way to everything else.

use turnout_core::{
    listing::Tool,
    report::stats::{Figures, figures},
};

use super::{
    Answer,
    blocks::{Block, Chart, Figure, Link, thousands},
    gate::Desk,
    voters, webhooks,
};
use crate::http::Request;

/// The page.
///
/// # Errors
/// When the store fails.
pub(super) async fn show(request: Request, desk: Desk) -> Answer {
    let own = desk.own();
    let figures = figures(request.app(), own.id).await?;
    let lead = match figures.totals.counted_to {
        Some(at) => format!(
            "Counted up to {}, and again every five minutes. The last 24 hours are counted at this moment.",
            desk.local(at)
        ),
        None => "Uses are counted every five minutes, the first time soon.".to_owned(),
    };
    let page = desk
        .page(own.name.clone())
        .lead(lead)
        .extend(webhooks::notices(request.app(), &desk).await?)
        .push(Block::Figures(Tool::ALL.iter().map(|tool| figure(&desk, &figures, *tool)).collect()));
    let charts = charts(&figures);
    let page = if charts.is_empty() {
        page
    } else {
        page.push(Block::Heading("The last 30 days".into()))
            .push(Block::Charts(charts))
            .push(Block::Text("Days begin at midnight UTC.".into()))
    };
    Ok(page.push(Block::Heading("Where to go".into())).push(Block::Links(links(&desk))).answer())
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn figure(desk: &Desk, figures: &Figures, tool: Tool) -> Figure {
    let recent = figures.last_day.get(&tool).copied().unwrap_or_default();
    let href = desk.own().has_data_access().then(|| desk.link(voters::path(tool)));
    let note = match recent {
        0 => "none in the last 24 hours".to_owned(),
        recent => format!("{} in the last 24 hours", thousands(number(recent))),
    };
    Figure { note, href, ..Figure::new(tool.label(), number(figures.totals.of(tool))) }
}

/// Of each tool that was used lately.
fn charts(figures: &Figures) -> Vec<Chart> {
    let chart = |tool: &Tool| {
        let of_day = |(day, counts): &(chrono::NaiveDate, std::collections::BTreeMap<Tool, u64>)| {
            (day.format("%b %-d").to_string(), number(counts.get(tool).copied().unwrap_or_default()))
        };
        let points: Vec<(String, i64)> = figures.days.iter().map(of_day).collect();
        let was_used = points.iter().any(|(_, count)| *count > 0);
        was_used.then(|| Chart { title: tool.label().into(), counted: tool.label().into(), points })
    };
    Tool::ALL.iter().filter_map(chart).collect()
}

fn links(desk: &Desk) -> Vec<Link> {
    let own = desk.own();
    let mut links = Vec::new();
    if own.has_data_access() {
        for tool in Tool::ALL {
            links.push(
                Link::new(tool.label(), desk.link(voters::path(*tool)))
                    .note("each one, to search and to read"),
            );
        }
        links.push(
            Link::new("Exports", desk.link("reports/"))
                .note("all of them, or those of some days, as a table"),
        );
    }
    links.push(
        Link::new("Tools for your site", desk.link("embed/")).note("links and what to put into your pages"),
    );
    links.push(Link::new("Team", desk.link("users/")).note("who works here, and invitations"));
    links.push(Link::new("Settings", desk.link("settings/")).note("name, addresses, texts, other services"));
    if desk.has_subscription {
        links.push(
            Link::new("Subscription", desk.link("subscription/")).note("your plan, and whom we write to"),
        );
    }
    if own.has_api_access {
        links.push(Link::new("API keys", desk.link("keys/")).note("for programs of yours"));
    }
    links
}
