//! What surrounds a page: who reads it, the menu, what is said once; and the headers of its answer.

use std::sync::Arc;

use askama::Template;
use http::{
    HeaderValue, StatusCode,
    header::{REFERRER_POLICY, SET_COOKIE, X_FRAME_OPTIONS},
};

use super::{
    blocks::{Block, Ink, Link},
    menu::Menu,
};
use crate::{
    http::Response,
    public::{Keep, assets, page},
};

/// The one who reads a page.
pub(super) struct Reader {
    /// How the person is called.
    pub(super) name: String,
    /// The subscriber that the person works for.
    pub(super) subscriber: Option<String>,
    /// What is open to the person.
    pub(super) menu: Menu,
}

/// What surrounds the pages of one request.
pub(super) struct Surroundings {
    /// What belongs to the reader.
    pub(super) ink: Ink,
    /// Who is signed in.
    pub(super) reader: Option<Reader>,
    /// What is said once.
    pub(super) notice: Option<String>,
    /// The cookies that a page sets.
    pub(super) cookies: Vec<HeaderValue>,
}

/// A page that is being put together.
#[must_use = "a page is an answer once `answer` was called"]
pub(super) struct PageOf {
    around: Arc<Surroundings>,
    title: String,
    lead: String,
    up: Option<Link>,
    blocks: Vec<Block>,
    status: StatusCode,
}

#[derive(Template)]
#[template(path = "manage/page.html")]
struct PageView<'a> {
    around: &'a Surroundings,
    title: &'a str,
    /// The title of the document, which says first when something is wrong.
    full_title: String,
    lead: &'a str,
    up: Option<&'a Link>,
    blocks: Vec<String>,
    styles: [String; 2],
    icon: String,
}

impl PageOf {
    /// Begins a page.
    pub(super) fn new(around: &Arc<Surroundings>, title: impl Into<String>) -> Self {
        Self {
            around: Arc::clone(around),
            title: title.into(),
            lead: String::new(),
            up: None,
            blocks: Vec::new(),
            status: StatusCode::OK,
        }
    }

    /// What the page is about, in a sentence or two.
    pub(super) fn lead(mut self, lead: impl Into<String>) -> Self {
        self.lead = lead.into();
        self
    }

    /// Where the page belongs: a link above its title.
    pub(super) fn up(mut self, text: impl Into<String>, href: impl Into<String>) -> Self {
        self.up = Some(Link::new(text, href));
        self
    }

    /// Adds a block.
    pub(super) fn push(mut self, block: Block) -> Self {
        self.blocks.push(block);
        self
    }

    /// Adds blocks.
    pub(super) fn extend(mut self, blocks: impl IntoIterator<Item = Block>) -> Self {
        self.blocks.extend(blocks);
        self
    }

    /// Another status than 200, or than 400 where a form has mistakes.
    pub(super) fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The page as an answer. Nobody keeps it, frames it, or learns its address.
    pub(super) fn answer(mut self) -> Response {
        let is_wrong = self.blocks.iter().any(|block| matches!(block, Block::Form(form) if form.is_wrong()));
        if is_wrong && self.status == StatusCode::OK {
            self.status = StatusCode::BAD_REQUEST;
        }
        let mark = if is_wrong { "Error: " } else { "" };
        let view = PageView {
            around: &self.around,
            title: &self.title,
            full_title: format!("{mark}{} – Turnout", self.title),
            lead: &self.lead,
            up: self.up.as_ref(),
            blocks: self.blocks.iter().map(|block| block.html(&self.around.ink)).collect(),
            styles: ["turnout.css", "manage.css"].map(assets::address),
            icon: assets::address("icon.svg"),
        };
        let mut response: Response = page(self.status, Keep::Never, &view).map(Into::into);
        let headers = response.headers_mut();
        headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        for cookie in &self.around.cookies {
            headers.append(SET_COOKIE, cookie.clone());
        }
        response
    }
}
