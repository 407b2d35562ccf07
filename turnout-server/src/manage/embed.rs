//! `GET /manage/<slug>/embed/`: what a subscriber puts into its own pages.

use askama::Template;
use turnout_core::subscriber::{ToolPage, frame_sites, tool_pages};

use super::{
    Answer,
    blocks::{Block, Code, Link, Notice},
    gate::Desk,
};
use crate::http::Request;

/// A page of ours in a frame. Forms in it lead from page to page, but what is sent from there is refused, as it does not come
/// from our pages: nobody is registered by trying.
#[derive(Template)]
#[template(path = "manage/preview.html")]
struct Preview {
    src: String,
    title: &'static str,
}

/// Links, code, and what it looks like.
///
/// # Errors
/// Never.
pub(super) async fn show(request: Request, desk: Desk) -> Answer {
    let origins = &request.app().settings.origins;
    let slug = desk.slug.as_deref().unwrap_or_default();
    let has_site = origins.www != origins.primary;
    let pages = tool_pages(origins, slug);
    let links =
        pages.iter().map(|page| Link::new(page.name, page.address.clone()).note(page.address.clone()));
    let mut page = desk
        .page("Put into your site")
        .lead("Whoever comes by these is your voter: you see what they did, and they hear from you.")
        .push(Block::Heading("Links".into()))
        .push(Block::Text("For mails, texts and pages of any kind.".into()))
        .push(Block::Links(links.collect()))
        .push(Block::Text(if has_site {
            "Absentee ballots and voting by mail are one tool, with one page.".into()
        } else {
            "The other tools have no page here, as there is no public site beside this server.".into()
        }))
        .push(Block::Heading("In a page of yours".into()))
        .push(Block::Notice(Notice::plain(frames_work(&origins.primary, &frame_sites(desk.own())))))
        .extend(pages.iter().flat_map(code))
        .push(Block::Heading("What it looks like".into()))
        .push(Block::Text(
            "The forms of this server. Look around in them; what you send from here is not taken.".into(),
        ));
    for (path, title) in [
        ("/", "Preview of the registration form"),
        ("/election-reminders/", "Preview of the form for election reminders"),
    ] {
        let preview = Preview { src: format!("{path}?subscriber={slug}"), title };
        page = page.push(Block::Raw(preview.render().expect("our templates call nothing that fails")));
    }
    Ok(page
        .push(Block::Heading("Without a page of ours".into()))
        .push(Block::Text(
            "Every tool may have a form of your own making, which sends what was entered to this server."
                .into(),
        ))
        .push(Block::Links(vec![Link::new("What programs can ask", "/docs/api/")]))
        .answer())
}

/// Where the browser shows frames with pages of this server.
fn frames_work(primary: &str, sites: &[String]) -> String {
    if sites.is_empty() {
        return format!(
            "Frames with pages of {primary} work once your settings name a home page, and then on its pages."
        );
    }
    format!(
        "Frames with pages of {primary} work on pages of these sites: {}. They follow the home page in your settings.",
        sites.join(", ")
    )
}

fn code(page: &ToolPage) -> [Block; 2] {
    let code = |what: &str, text| Block::Code(Code { label: format!("{}, {what}", page.name), text });
    [code("as a link", page.link()), code("in a frame", page.frame())]
}
