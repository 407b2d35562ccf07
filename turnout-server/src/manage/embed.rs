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
    let pages = tool_pages(origins, slug);
    let links =
        pages.iter().map(|page| Link::new(page.name, page.address.clone()).note(page.address.clone()));
    let mut page = desk
        .page("Put into your site")
        .lead("Whoever comes by these is your voter: you see what they did, and they hear from you.")
        .push(Block::Heading("Links".into()))
        .push(Block::Text("For mails, texts and pages of any kind.".into()))
        .push(Block::Links(links.collect()));
    if origins.www == origins.primary {
        let sites = frame_sites(desk.own());
        page = page.push(Block::Notice(Notice::plain(match sites.first() {
            Some(_) => format!(
                "Frames work on pages of these sites: {}. They follow the home page in your settings.",
                sites.join(", ")
            ),
            None => "Frames work once your settings name a home page, and then on its pages.".to_owned(),
        })));
    }
    page = page.push(Block::Heading("In a page of yours".into())).extend(pages.iter().flat_map(code));
    let preview = Preview { src: format!("/?subscriber={slug}"), title: "Preview of the registration form" };
    let html = preview.render().expect("our templates call nothing that fails");
    Ok(page
        .push(Block::Heading("What it looks like".into()))
        .push(Block::Text(
            "The registration form of this server. Look around in it; what you send from here is not taken.".into(),
        ))
        .push(Block::Raw(html))
        .push(Block::Heading("Without a page of ours".into()))
        .push(Block::Text(
            "Every tool may have a form of your own making, which sends what was entered to this server; reminders have \
             only that."
                .into(),
        ))
        .push(Block::Links(vec![Link::new("What programs can ask", "/docs/api/")]))
        .answer())
}

fn code(page: &ToolPage) -> [Block; 2] {
    let code = |what: &str, text| Block::Code(Code { label: format!("{}, {what}", page.name), text });
    [code("as a link", page.link()), code("in a frame", page.frame())]
}
