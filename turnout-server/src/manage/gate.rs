//! The way into every page: who asks, whether the page is open to them, and whether a form is one of ours.
//!
//! A route of the site is either [`gate`]d or [`open`]. Both give its handler what it needs: a [`Desk`] of somebody who is
//! signed in, or a [`Visitor`]. Who may see what is decided by [`judge`] in core; nothing is said about a page before
//! somebody has signed in (Q71).

use std::{pin::Pin, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use http::{
    HeaderMap, HeaderValue, Method, StatusCode,
    header::{CACHE_CONTROL, SET_COOKIE},
};
use turnout_core::{
    App,
    account::{
        self, Session, SessionStage, User,
        permissions::{Asker, Reach, Verdict, Workplace, judge},
    },
    ports::store::{StoreError, View},
    subscriber::Subscriber,
};

use super::{
    blocks::{Block, Ink, Link},
    form::{Form, SentFile},
    frame::{PageOf, Reader, Surroundings},
    menu::Menu,
};
use crate::{
    http::{
        ApiError, Request, Response, csrf,
        session::{self, CookieName, Cookies, Token},
    },
    public::{Visit, see_other},
};

/// An answer on its way.
type Pending = Pin<Box<dyn Future<Output = Result<Response, ApiError>> + Send>>;

/// How long the next page may be in coming that says something once.
const NOTICE_LIFETIME: TimeDelta = TimeDelta::minutes(2);

/// The name under which a form shows its token.
const CSRF: &str = "csrf";

/// Where one signs in.
pub(super) const LOGIN: &str = "/manage/login/";

/// Where one gets a second factor.
pub(super) const TWO_FACTOR: &str = "/account/two_factor/";

/// The place of somebody who is signed in, with the form that was sent.
pub(super) struct Desk {
    /// Who it is.
    pub(super) user: User,
    /// The subscriber that the person works for; of a page with `{slug}` the one of the page.
    pub(super) subscriber: Option<Subscriber>,
    /// The slug of that subscriber.
    pub(super) slug: Option<String>,
    /// Whether it has a subscription.
    pub(super) has_subscription: bool,
    /// Whether the person belongs to it.
    pub(super) is_member: bool,
    /// Whether its pages are open to the person.
    pub(super) is_at_work: bool,
    /// What was sent.
    pub(super) form: Form,
    /// The session.
    pub(super) session: Session,
    /// What surrounds the pages.
    pub(super) around: Arc<Surroundings>,
    /// How cookies are set, and what the session's is.
    pub(super) keys: Keys,
}

/// Somebody who need not be signed in, with the form that was sent.
pub(super) struct Visitor {
    /// Who it is, as far as the person has come with signing in.
    pub(super) known: Option<(User, Session)>,
    /// What was sent.
    pub(super) form: Form,
    /// What surrounds the pages.
    pub(super) around: Arc<Surroundings>,
    /// How cookies are set, and what forms are bound to.
    pub(super) keys: Keys,
}

/// What forms and notices of somebody are bound to.
#[derive(Clone)]
pub(super) struct Keys {
    /// How cookies are set.
    pub(super) cookies: Cookies,
    /// The token of the session, or of the visit.
    pub(super) token: Token,
}

impl Keys {
    /// 303 to that path, whose page says `notice` once.
    pub(super) fn back(&self, app: &App, path: &str, notice: &str) -> Response {
        let mut response = to(path);
        let sealed = session::sealed(&app.secret, &self.token, notice);
        let cookie = self.cookies.set(CookieName::Notice, &sealed, Some(NOTICE_LIFETIME));
        response.headers_mut().append(SET_COOKIE, cookie);
        response
    }

    /// What makes the browser show the token from now on, as long as the session lasts.
    pub(super) fn begin(&self, app: &App, session: &Session) -> HeaderValue {
        let lifetime = (session.expires - app.now()).max(TimeDelta::zero());
        self.cookies.set(CookieName::Session, &self.token.text(), Some(lifetime))
    }

    /// What makes the browser forget it.
    pub(super) fn end(&self) -> HeaderValue {
        self.cookies.clear(CookieName::Session)
    }
}

impl Desk {
    /// Begins a page.
    pub(super) fn page(&self, title: impl Into<String>) -> PageOf {
        PageOf::new(&self.around, title)
    }

    /// A moment as the reader's clock shows it.
    pub(super) fn local(&self, at: DateTime<Utc>) -> String {
        self.around.ink.local(&at)
    }

    /// 303 to that path, whose page says `notice` once.
    pub(super) fn back(&self, app: &App, path: &str, notice: &str) -> Response {
        self.keys.back(app, path, notice)
    }

    /// The address of a page of the subscriber that the person works for.
    pub(super) fn link(&self, rest: &str) -> String {
        match &self.slug {
            Some(slug) => format!("/manage/{slug}/{rest}"),
            None => "/manage/".to_owned(),
        }
    }

    /// The same desk once the session goes on under another token: its pages set the cookie, and their forms are bound to
    /// it.
    pub(super) fn renewed(mut self, request: &Request, session: Session, token: Token) -> Self {
        self.session = session;
        self.keys.token = token;
        let cookie = self.keys.begin(request.app(), &self.session);
        self.around = surroundings(request, &self.keys, Some(self.asker()), None, vec![cookie]);
        self
    }

    fn asker(&self) -> Asker<'_> {
        let workplace = self.subscriber.as_ref().map(|subscriber| Workplace {
            subscriber,
            slug: self.slug.as_deref(),
            is_member: self.is_member,
            has_subscription: self.has_subscription,
        });
        Asker { user: &self.user, stage: self.session.stage, workplace }
    }

    /// The subscriber of the page.
    ///
    /// # Panics
    /// On a page that is not one of a subscriber's.
    pub(super) fn own(&self) -> &Subscriber {
        self.subscriber.as_ref().expect("the page is one of a subscriber's")
    }
}

impl Visitor {
    /// Begins a page.
    pub(super) fn page(&self, title: impl Into<String>) -> PageOf {
        PageOf::new(&self.around, title)
    }

    /// 303 to that path, whose page says `notice` once.
    pub(super) fn back(&self, app: &App, path: &str, notice: &str) -> Response {
        self.keys.back(app, path, notice)
    }
}

/// 303 to a path.
pub(super) fn to(path: &str) -> Response {
    see_other(path).map(Into::into)
}

/// A handler behind the gate: it is called for those whom `reach` says, and for forms of ours.
pub(super) fn gate<H, A>(reach: Reach, handler: H) -> impl Fn(Request) -> Pending + Send + Sync + 'static
where
    H: Fn(Request, Desk) -> A + Send + Sync + 'static,
    A: Future<Output = Result<Response, ApiError>> + Send + 'static,
{
    let handler = Arc::new(handler);
    move |request| {
        let handler = Arc::clone(&handler);
        Box::pin(async move {
            let asked = Asked::of(&request).await?;
            let verdict = judge(reach, asked.asker(), request.find_segment("slug"));
            match verdict {
                Verdict::Allowed => {}
                Verdict::SignIn => return Ok(asked.to_login(&request)),
                Verdict::SecondFactor => return Ok(to(TWO_FACTOR)),
                Verdict::NotFound => return Ok(asked.not_found(&request)),
                Verdict::Forbidden => return Ok(asked.forbidden(&request)),
            }
            if let Some(known) = &asked.known {
                account::touch(&asked.app, &known.session).await?;
            }
            let (request, form) = match asked.form(request).await? {
                Ok(sent) => sent,
                Err(refusal) => return Ok(refusal),
            };
            let around = asked.around(&request);
            let desk = asked.desk(form, &around);
            finished(handler(request, desk).await, &around)
        })
    }
}

/// A handler for everybody, with forms of ours.
pub(super) fn open<H, A>(handler: H) -> impl Fn(Request) -> Pending + Send + Sync + 'static
where
    H: Fn(Request, Visitor) -> A + Send + Sync + 'static,
    A: Future<Output = Result<Response, ApiError>> + Send + 'static,
{
    let handler = Arc::new(handler);
    move |request| {
        let handler = Arc::clone(&handler);
        Box::pin(async move {
            let asked = Asked::of(&request).await?;
            let (request, form) = match asked.form(request).await? {
                Ok(sent) => sent,
                Err(refusal) => return Ok(refusal),
            };
            let around = asked.around(&request);
            let known = asked.known.map(|it| (it.user, it.session));
            let visitor = Visitor { known, form, around: Arc::clone(&around), keys: asked.keys };
            finished(handler(request, visitor).await, &around)
        })
    }
}

/// An answer that nobody keeps; a refusal of the handler as a page.
fn finished(answer: Result<Response, ApiError>, around: &Arc<Surroundings>) -> Result<Response, ApiError> {
    let mut answer = match answer {
        Err(refusal) if refusal.status() == StatusCode::NOT_FOUND => not_found(around),
        Err(refusal) if refusal.status() == StatusCode::FORBIDDEN => forbidden(around),
        other => other?,
    };
    answer.headers_mut().entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    Ok(answer)
}

fn not_found(around: &Arc<Surroundings>) -> Response {
    PageOf::new(around, "Page not found")
        .lead("There is no such page, or it is not open to you.")
        .push(Block::Links(vec![Link::new("Go to your start page", "/manage/")]))
        .status(StatusCode::NOT_FOUND)
        .answer()
}

fn forbidden(around: &Arc<Surroundings>) -> Response {
    PageOf::new(around, "Not open to you")
        .lead("Your account does not have the role that this page needs. Whoever looks after accounts can give it to you.")
        .push(Block::Links(vec![Link::new("Go to your start page", "/manage/")]))
        .status(StatusCode::FORBIDDEN)
        .answer()
}

/// The subscriber that somebody works for, with what the rules ask about it.
struct Place {
    subscriber: Subscriber,
    slug: Option<String>,
    is_member: bool,
    has_subscription: bool,
}

/// Somebody with a session.
struct Known {
    user: User,
    session: Session,
    place: Option<Place>,
}

/// Who asks, with what.
struct Asked {
    keys: Keys,
    /// Whether the visit begins here.
    is_new: bool,
    /// A session was shown that is none any more.
    has_ended: bool,
    known: Option<Known>,
    app: App,
    notice: Option<String>,
}

impl Asked {
    /// Reads the cookies, and whom they belong to.
    async fn of(request: &Request) -> Result<Self, ApiError> {
        let app = request.app().clone();
        let cookies = Cookies::of(&app.settings.origins.primary);
        let read = |name| cookies.read(request.headers(), name);
        let shown = read(CookieName::Session).filter(|text| !text.is_empty());
        let shown_token = shown.and_then(Token::parse);
        let known = match &shown_token {
            Some(token) => Known::of(&app, token).await?,
            None => None,
        };
        let visit = read(CookieName::Visit).and_then(Token::parse);
        let is_new = known.is_none() && visit.is_none();
        let token = match (shown_token, &known) {
            (Some(token), Some(_)) => token,
            _ => visit.unwrap_or_else(|| Token::new(rand::random())),
        };
        let sealed = read(CookieName::Notice).filter(|it| !it.is_empty());
        let notice = sealed.and_then(|it| session::unsealed(&app.secret, &token, it));
        let has_ended = shown.is_some() && known.is_none();
        Ok(Self { keys: Keys { cookies, token }, is_new, has_ended, known, app, notice })
    }

    fn asker(&self) -> Option<Asker<'_>> {
        let known = self.known.as_ref()?;
        let workplace = known.place.as_ref().map(|place| Workplace {
            subscriber: &place.subscriber,
            slug: place.slug.as_deref(),
            is_member: place.is_member,
            has_subscription: place.has_subscription,
        });
        Some(Asker { user: &known.user, stage: known.session.stage, workplace })
    }

    /// What surrounds the pages of this request.
    fn around(&self, request: &Request) -> Arc<Surroundings> {
        let mut set = self.changes();
        if self.notice.is_some() {
            set.push(self.keys.cookies.clear(CookieName::Notice));
        }
        surroundings(request, &self.keys, self.asker(), self.notice.clone(), set)
    }

    /// The cookies of who comes for the first time, and of a session that has ended.
    fn changes(&self) -> Vec<HeaderValue> {
        let mut set = Vec::new();
        if self.is_new {
            set.push(self.keys.cookies.set(CookieName::Visit, &self.keys.token.text(), None));
        }
        if self.has_ended {
            set.push(self.keys.end());
        }
        set
    }

    fn desk(self, form: Form, around: &Arc<Surroundings>) -> Desk {
        let asker = self.asker();
        let slug = asker.and_then(|asker| asker.workplace?.slug);
        let is_at_work = judge(Reach::Member, asker, slug) == Verdict::Allowed;
        let known = self.known.expect("whom the gate lets in has a session");
        let (user, session) = (known.user, known.session);
        let is_member = known.place.as_ref().is_some_and(|place| place.is_member);
        let has_subscription = known.place.as_ref().is_some_and(|place| place.has_subscription);
        let (subscriber, slug) = known.place.map(|place| (place.subscriber, place.slug)).unzip();
        let (slug, around, keys) = (slug.flatten(), Arc::clone(around), self.keys);
        Desk { user, subscriber, slug, has_subscription, is_member, is_at_work, form, session, around, keys }
    }

    /// The form that was sent; a refusal where it is none of ours.
    async fn form(&self, mut request: Request) -> Result<Result<(Request, Form), Response>, ApiError> {
        if request.method() != Method::POST {
            return Ok(Ok((request, Form::default())));
        }
        let is_from_us = Visit::of(&request).is_from_our_pages(&self.app.settings.origins.primary);
        let sent = request.form_parts().await?.unwrap_or_default();
        let files = sent.files.into_iter().map(|(field, name, bytes)| SentFile { field, name, bytes });
        let form = Form::new(sent.pairs, files.collect());
        let secrets = [Some(&*self.app.secret), self.app.previous_secret.as_deref()];
        if is_from_us && csrf::fits(secrets, &self.keys.token, form.exact(CSRF)) {
            return Ok(Ok((request, form)));
        }
        Ok(Err(self.refused(&request)))
    }

    /// 403 for a form that is none of ours, with the way to one that is.
    fn refused(&self, request: &Request) -> Response {
        if self.has_ended {
            return self.to_login(request);
        }
        let mut again = Vec::new();
        if request.would_answer(&Method::GET) {
            again.push(Link::new("Open the page again", request.path()));
        }
        again.push(Link::new("Go to your start page", "/manage/"));
        let mut answer = PageOf::new(&self.around(request), "This form cannot be used any more")
            .lead("Nothing was changed. The form was opened before you signed in or out, or did not come from this site. Please open the page again and repeat what you did.")
            .push(Block::Links(again))
            .status(StatusCode::FORBIDDEN)
            .answer();
        answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        answer
    }

    fn not_found(&self, request: &Request) -> Response {
        not_found(&self.around(request))
    }

    fn forbidden(&self, request: &Request) -> Response {
        forbidden(&self.around(request))
    }

    /// 303 to where one signs in, and back here afterwards.
    fn to_login(&self, request: &Request) -> Response {
        let is_read = request.method() == Method::GET || request.method() == Method::HEAD;
        let next = match request.uri().path_and_query() {
            Some(address) if is_read => address.as_str(),
            _ if request.would_answer(&Method::GET) => request.path(),
            _ => "/manage/",
        };
        let address = match request.uri().path_and_query() {
            Some(address) if request.path().starts_with(LOGIN) => address.as_str().to_owned(),
            _ => with_next(LOGIN, next),
        };
        if !self.has_ended {
            return to(&address);
        }
        let mut answer =
            self.keys.back(&self.app, &address, "Your session has ended. Please sign in again to go on.");
        for cookie in self.changes() {
            answer.headers_mut().append(SET_COOKIE, cookie);
        }
        answer
    }
}

/// The subscriber that somebody works for, and may.
fn place_of(asker: Asker<'_>) -> Option<Workplace<'_>> {
    asker.workplace.filter(|place| place.is_allowed_to(asker.user))
}

/// What surrounds the pages of a request of somebody with that token.
fn surroundings(
    request: &Request,
    keys: &Keys,
    asker: Option<Asker<'_>>,
    notice: Option<String>,
    cookies: Vec<HeaderValue>,
) -> Arc<Surroundings> {
    let csrf = csrf::token(&request.app().secret, &keys.token, rand::random());
    let full = asker.filter(|it| it.stage != SessionStage::Password);
    let zone = full.map_or(Tz::US__Eastern, |asker| asker.user.time_zone.tz());
    let reader = full.map(|asker| Reader {
        name: asker.user.display_name(),
        subscriber: place_of(asker).map(|place| place.subscriber.name.clone()),
        menu: Menu::of(asker, request.path()),
    });
    Arc::new(Surroundings { ink: Ink { csrf, zone }, reader, notice, cookies })
}

impl Known {
    /// Whom a token belongs to, if to anybody.
    async fn of(app: &App, token: &Token) -> Result<Option<Self>, StoreError> {
        let mut view = app.store.view().await?;
        let Some(session) = view.sessions().by_token(&token.hash()).await? else { return Ok(None) };
        if session.expires <= app.now() {
            return Ok(None);
        }
        let Some(user) = view.accounts().by_id(session.user).await?.filter(|it| it.is_active) else {
            return Ok(None);
        };
        let place = Place::of(view.as_mut(), &user).await?;
        Ok(Some(Self { user, session, place }))
    }
}

impl Place {
    /// The subscriber that somebody works for.
    async fn of(view: &mut dyn View, user: &User) -> Result<Option<Self>, StoreError> {
        let Some(id) = user.active_subscriber else { return Ok(None) };
        let Some(subscriber) = view.subscribers().by_id(id).await? else { return Ok(None) };
        let slug = match subscriber.default_slug {
            Some(slug) => view.subscribers().slug(slug).await?.map(|it| it.slug),
            None => None,
        };
        let is_member = view.accounts().is_member(user.id, id).await?;
        let has_subscription = view.accounts().has_subscription(id).await?;
        Ok(Some(Self { subscriber, slug, is_member, has_subscription }))
    }
}

/// A path of ours with the page to go to afterwards; the start page is gone to anyway.
pub(super) fn with_next(path: &str, next: &str) -> String {
    match local(next) {
        Some(next) if next != "/manage/" => {
            let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
            format!("{path}?next={next}")
        }
        _ => path.to_owned(),
    }
}

/// An address of the site, as it may stand in `?next=`; nothing for one that leads elsewhere.
pub(super) fn local(address: &str) -> Option<&str> {
    let is_ours = address.starts_with("/manage/") || address.starts_with("/account/");
    let is_plain = address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (is_ours && is_plain && !address.contains("..")).then_some(address)
}

/// The program at the other end, in a word or two, as far as it says so: `Firefox on Windows`.
pub(super) fn agent(headers: &HeaderMap) -> String {
    let said = headers.get(http::header::USER_AGENT).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let first = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| said.contains(mark)).map(|(_, name)| *name)
    };
    let browser = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"),
        ("Chrome", "Chrome"),
        ("CriOS", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => "An unknown program".to_owned(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_the_site_are_gone_back_to() {
        for good in ["/manage/", "/manage/vote/register/?q=a%20b", "/account/two_factor/"] {
            assert_eq!(local(good), Some(good));
        }
        for bad in [
            "",
            "manage/",
            "//evil.example/manage/",
            "https://evil.example/",
            "/\\evil.example",
            "/manage/\\..",
            "/manage/../evil",
            "/register/CA/",
            "/manage/\r\nSet-Cookie: x",
            "/manage/a b",
            "/manage/é",
        ] {
            assert_eq!(local(bad), None, "{bad}");
            assert_eq!(with_next(LOGIN, bad), LOGIN);
        }
        assert_eq!(with_next(LOGIN, "/manage/a/?q=1&b"), "/manage/login/?next=%2Fmanage%2Fa%2F%3Fq%3D1%26b");
        assert_eq!(with_next(LOGIN, "/manage/"), LOGIN);
    }

    #[test]
    fn a_browser_is_called_by_its_name() {
        for (said, name) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            ("curl/8.0", "An unknown program"),
            ("<script>", "An unknown program"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(http::header::USER_AGENT, said.parse().unwrap());
            assert_eq!(agent(&headers), name);
        }
        assert_eq!(agent(&HeaderMap::new()), "An unknown program");
    }
}
