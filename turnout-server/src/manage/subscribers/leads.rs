//! `/manage/subscription/leads/` and below: organizations that want to become subscribers, made subscribers or declined.

use turnout_core::{
    back_office::RecordKey,
    change::Change,
    ids::InterestId,
    input::Input as Sent,
    problems::Problems,
    search::SearchQuery,
    subscription::{Interest, InterestStatus, ReviewError, activate, leads, reject},
};

use super::{
    super::{
        Answer,
        blocks::{Block, Cell, Column, Details, FormBlock, Input, InputKind, Link, Notice, SearchBox, Table},
        gate::Desk,
        history::{self, Subject},
        paging::Paging,
    },
    LEADS, SUBSCRIBERS, contact, link, text,
};
use crate::http::{ApiError, Request, Response};

fn path_of(id: InterestId) -> String {
    format!("{LEADS}{id}/")
}

fn name_of(it: &Interest) -> String {
    it.organization_name.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| "No name".to_owned())
}

/// `GET /manage/subscription/leads/`: those that wait, or with `status` others; with `q` those that are found by its words.
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn list(request: Request, desk: Desk) -> Answer {
    let asked = request.query("status").unwrap_or_default();
    let status = InterestStatus::parse(&asked).unwrap_or(InterestStatus::Pending);
    let paging = Paging::of(&request);
    let page = paging.request(|text| {
        let key = RecordKey::parse(text)?;
        Some((key.at, InterestId::parse(&key.id)?))
    });
    let q = request.query("q").unwrap_or_default().trim().to_owned();
    let found = leads(request.app(), status, &SearchQuery::parse(&q), page).await?;
    let row = |it: &Interest| {
        vec![
            Cell::link(name_of(it), path_of(it.id)),
            link(it.website.as_deref()),
            Cell::text(it.plan.label()),
            Cell::Time(it.created_at),
        ]
    };
    let choices = InterestStatus::ALL.iter().map(|it| (it.wire().to_owned(), it.label().to_owned()));
    let search = SearchBox {
        action: LEADS.to_owned(),
        label: "Organization, website, name or e-mail".to_owned(),
        query: q.clone(),
        filters: vec![
            Input::new("status", "Status", InputKind::Select(choices.collect())).value(status.wire()),
        ],
    };
    let next = found.next.map(|(at, id)| RecordKey { at, id: id.to_string() }.cursor());
    let pager = paging.pager(LEADS, &[("q", q.as_str()), ("status", status.wire())], String::new(), next);
    Ok(desk
        .page("Leads")
        .lead("Organizations that asked to become subscribers.")
        .push(Block::Search(search))
        .push(Block::Table(Table {
            caption: format!("{}, the newest first", status.label()),
            columns: ["Organization", "Website", "Plan", "Asked"].map(Column::new).into(),
            rows: found.rows.iter().map(row).collect(),
            empty: "There is no such lead.".to_owned(),
        }))
        .extend(pager)
        .answer())
}

/// The lead in the path.
async fn lead_of(request: &Request) -> Result<Interest, ApiError> {
    let id = InterestId::parse(request.segment("lead")).ok_or_else(ApiError::not_found)?;
    let found = request.app().store.view().await?.subscriptions().interest(id).await?;
    found.ok_or_else(ApiError::not_found)
}

/// `GET /manage/subscription/leads/{lead}/`
///
/// # Errors
/// 404 for a lead that is not there; when the store fails.
pub(in crate::manage) async fn show(request: Request, desk: Desk) -> Answer {
    let it = lead_of(&request).await?;
    let path = path_of(it.id);
    let mut organization = vec![
        ("Website".to_owned(), link(it.website.as_deref())),
        ("Plan".to_owned(), Cell::text(it.plan.label())),
        ("EIN".to_owned(), text(it.ein.as_deref())),
        ("Texts to voters".to_owned(), Cell::text(it.sms_mode.label())),
        ("Status".to_owned(), Cell::text(it.status.label())),
        ("Asked".to_owned(), Cell::Time(it.created_at)),
    ];
    if let Some(reason) = it.reject_reason.as_deref().filter(|reason| !reason.is_empty()) {
        organization.push(("Why it was rejected".to_owned(), Cell::long(reason)));
    }
    let mut page = desk.page(name_of(&it)).up("Leads", LEADS);
    if it.is_consumed() {
        page = page.push(Block::Notice(Notice::plain(CONSUMED)));
    } else {
        page = page.push(Block::Actions(vec![
            Link::main("Activate", format!("{path}activate/")),
            Link::new("Reject", format!("{path}reject/")),
        ]));
    }
    let changes = history::last(&request, &desk, &subject(&it)).await?;
    Ok(page
        .push(Block::Details(Details { heading: "Organization".to_owned(), pairs: organization }))
        .push(Block::Details(Details { heading: "Who asked".to_owned(), pairs: contact(&it.contact) }))
        .push(changes)
        .answer())
}

/// `GET /manage/subscription/leads/{lead}/history/{change}/`
///
/// # Errors
/// 404 for a change that is not one of this lead; when the store fails.
pub(in crate::manage) async fn entry(request: Request, desk: Desk) -> Answer {
    let it = lead_of(&request).await?;
    Ok(history::entry(&request, &desk, &subject(&it)).await?.up(name_of(&it), path_of(it.id)).answer())
}

fn subject(it: &Interest) -> Subject {
    let page = path_of(it.id);
    Subject {
        kind: Interest::KIND,
        id: it.id.to_string(),
        name: name_of(it),
        history: format!("{page}history/"),
        page,
        can_go_back: |_: &Change| false,
    }
}

/// What is said of a lead of which a subscriber was made.
const CONSUMED: &str = "A subscriber was made of this lead. Nothing more can be done with it.";

fn activation(it: &Interest) -> FormBlock {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    FormBlock::new(format!("{}activate/", path_of(it.id)), "Make it a subscriber")
        .lead("Its subscription has the plan, the contact and the EIN of the lead. The first user is invited by e-mail.")
        .input(Input::new("name", "Name", InputKind::Text).value(text(&it.organization_name)))
        .input(Input::new("url", "Website", InputKind::Url).value(text(&it.website)))
        .input(
            Input::new("slug", "Slug", InputKind::Text)
                .hint("The name in its addresses: letters, digits, - and _. No other subscriber has the same."),
        )
        .input(
            Input::new("email", "E-mail of its first user", InputKind::Email).value(text(&it.contact.email)),
        )
        .cancel("Cancel", path_of(it.id))
}

fn activation_page(desk: &Desk, it: &Interest, form: FormBlock) -> Response {
    desk.page(format!("Activate {}", name_of(it)))
        .up(name_of(it), path_of(it.id))
        .push(Block::Form(form))
        .answer()
}

/// `GET /manage/subscription/leads/{lead}/activate/`
///
/// # Errors
/// 404 for a lead that is not there; when the store fails.
pub(in crate::manage) async fn ask_to_activate(request: Request, desk: Desk) -> Answer {
    let it = lead_of(&request).await?;
    if it.is_consumed() {
        return Ok(desk.back(request.app(), &path_of(it.id), CONSUMED));
    }
    Ok(activation_page(&desk, &it, activation(&it)))
}

/// What a use-case reads of a form: everything but the token.
fn input(desk: &Desk) -> Sent {
    Sent::form(desk.form.pairs())
}

/// `POST /manage/subscription/leads/{lead}/activate/`
///
/// # Errors
/// 404 for a lead that is not there; when the store fails.
pub(in crate::manage) async fn make_subscriber(request: Request, desk: Desk) -> Answer {
    let it = lead_of(&request).await?;
    let app = request.app();
    match activate(app, desk.user.id, it.id, &input(&desk)).await {
        Ok(subscriber) => {
            let notice = format!("{} is a subscriber now, and its first user is invited.", subscriber.name);
            Ok(desk.back(app, SUBSCRIBERS, &notice))
        }
        Err(ReviewError::Problems(problems)) => {
            Ok(activation_page(&desk, &it, activation(&it).with(&problems, &desk.form)))
        }
        Err(ReviewError::Invite(error)) => {
            let text = format!("Nothing was changed, as the first user cannot be invited: {error}.");
            Ok(activation_page(&desk, &it, activation(&it).mistake(text, &desk.form)))
        }
        Err(error) => refused(&request, &desk, &it, error),
    }
}

fn refused(request: &Request, desk: &Desk, it: &Interest, error: ReviewError) -> Answer {
    match error {
        ReviewError::NotFound => Err(ApiError::not_found()),
        ReviewError::Consumed => Ok(desk.back(request.app(), &path_of(it.id), CONSUMED)),
        ReviewError::Problems(problems) => Err(problems.into()),
        ReviewError::Store(error) => Err(error.into()),
        error @ ReviewError::Invite(_) => Err(ApiError::internal(error)),
    }
}

fn rejection_page(desk: &Desk, it: &Interest, problems: &Problems) -> Response {
    let form = FormBlock::new(format!("{}reject/", path_of(it.id)), "Reject the lead")
        .lead("Nobody is written to: tell the organization yourself where it should know.")
        .input(
            Input::new("reject_reason", "Why", InputKind::Long)
                .hint("For ourselves: it is kept with the lead.")
                .value(it.reject_reason.clone().unwrap_or_default()),
        )
        .danger()
        .cancel("Cancel", path_of(it.id));
    let form = if problems.is_empty() { form } else { form.with(problems, &desk.form) };
    desk.page(format!("Reject {}", name_of(it)))
        .up(name_of(it), path_of(it.id))
        .push(Block::Form(form))
        .answer()
}

/// `GET /manage/subscription/leads/{lead}/reject/`
///
/// # Errors
/// 404 for a lead that is not there; when the store fails.
pub(in crate::manage) async fn ask_to_reject(request: Request, desk: Desk) -> Answer {
    let it = lead_of(&request).await?;
    if it.is_consumed() {
        return Ok(desk.back(request.app(), &path_of(it.id), CONSUMED));
    }
    Ok(rejection_page(&desk, &it, &Problems::new()))
}

/// `POST /manage/subscription/leads/{lead}/reject/`
///
/// # Errors
/// 404 for a lead that is not there; when the store fails.
pub(in crate::manage) async fn decline(request: Request, desk: Desk) -> Answer {
    let it = lead_of(&request).await?;
    let app = request.app();
    match reject(app, desk.user.id, it.id, &input(&desk)).await {
        Ok(_) => Ok(desk.back(app, LEADS, &format!("The lead of {} is rejected.", name_of(&it)))),
        Err(ReviewError::Problems(problems)) => Ok(rejection_page(&desk, &it, &problems)),
        Err(error) => refused(&request, &desk, &it, error),
    }
}
