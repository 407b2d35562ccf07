//! `/manage/absentee_overrides/` and below: on which page of its own the voters of a region ask for a ballot, with history.
//!
//! Florida's regions are not among them: theirs are taken from a list each day (`flows.md` 3.5).

use turnout_core::{
    absentee::{
        LinkOfRegion,
        overrides::{
            LINK_KIND, OverrideError, RegionSheet, put_link, region_sheet, remove_link, restore_link,
            takes_links,
        },
    },
    address::State,
    change::Change,
    ids::{ChangeId, RegionId},
    ports::store::RegionFilter,
    problems::{Problem, Problems},
};

use super::{
    Answer,
    blocks::{Block, Cell, Column, Details, FormBlock, Input, InputKind, Link, Notice, Table},
    gate::{Desk, to},
    history::{self, Subject},
};
use crate::http::{ApiError, Request, Response};

/// Where they are listed.
const LIST: &str = "/manage/absentee_overrides/";

/// What is said of Florida.
const FLORIDA: &str =
    "The pages of Florida's regions are taken from a list each day, so they are not changed here.";

/// The number of a region in an address.
pub(super) fn region_id(text: &str) -> Option<RegionId> {
    text.parse().ok().map(RegionId)
}

/// `GET /manage/absentee_overrides/`
///
/// # Errors
/// When the store fails.
pub(super) async fn list(request: Request, desk: Desk) -> Answer {
    let mut links = request.app().store.view().await?.esign().links().await?;
    links.retain(|it| it.state != Some(State::Fl));
    let row = |it: &LinkOfRegion| {
        let path = format!("{LIST}{}/", it.link.region);
        let name = it.name.clone().unwrap_or_else(|| format!("Region {}", it.link.region));
        let way =
            |text: &str, part: &str| Link::new(text, format!("{path}{part}/")).note(format!("of {name}"));
        vec![
            Cell::link(&name, format!("{path}edit/")),
            Cell::text(it.state.map(State::name).unwrap_or_default()),
            Cell::link(&it.link.url, &it.link.url),
            Cell::Time(it.link.modified_at),
            Cell::Links(vec![way("History", "history"), way("Delete", "delete")]),
        ]
    };
    let mut columns: Vec<Column> = ["Region", "State", "Page", "Last changed"].map(Column::new).into();
    columns.push(Column::silent("What can be done"));
    Ok(desk
        .page("Ballot request links of regions")
        .lead("Where the voters of a region ask for a ballot on a page of its own. Voters of other regions are led to the page of their state.")
        .push(Block::Actions(vec![Link::main("Add a link", format!("{LIST}new/"))]))
        .push(Block::Notice(Notice::plain(FLORIDA)))
        .push(Block::Table(Table {
            caption: "Links, by state and region".to_owned(),
            columns,
            rows: links.iter().map(row).collect(),
            empty: "No region has a link of its own.".to_owned(),
        }))
        .answer())
}

/// `GET /manage/absentee_overrides/new/`: first the state, then its region.
///
/// # Errors
/// When the store fails.
pub(super) async fn new(request: Request, desk: Desk) -> Answer {
    let asked = request.query("state").and_then(|code| State::parse(&code));
    let Some(state) = asked.filter(|state| !state.is_territory()) else { return Ok(choose_state(&desk)) };
    new_page(&request, &desk, state, |form| form).await
}

fn choose_state(desk: &Desk) -> Response {
    let states = State::ALL.iter().filter(|state| !state.is_territory() && **state != State::Fl);
    let links = states.map(|state| Link::new(state.name(), format!("{LIST}new/?state={}", state.code())));
    desk.page("Add a link of a region")
        .up("Ballot request links of regions", LIST)
        .lead("In which state is the region?")
        .push(Block::Notice(Notice::plain(FLORIDA)))
        .push(Block::Links(links.collect()))
        .answer()
}

async fn new_page(
    request: &Request,
    desk: &Desk,
    state: State,
    fill: impl FnOnce(FormBlock) -> FormBlock + Send,
) -> Answer {
    let page = desk
        .page(format!("Add a link of a region of {}", state.name()))
        .up("Ballot request links of regions", LIST);
    if state == State::Fl {
        return Ok(page.push(Block::Notice(Notice::plain(FLORIDA))).answer());
    }
    let mut view = request.app().store.view().await?;
    let taken: Vec<RegionId> = view.esign().links().await?.iter().map(|it| it.link.region).collect();
    let mut choices = vec![(String::new(), "Choose a region".to_owned())];
    for region in view.officials().regions(state, &RegionFilter::default()).await? {
        if !taken.contains(&region.id) {
            let name = region.name.unwrap_or_else(|| format!("Region {}", region.id));
            choices.push((region.id.to_string(), name));
        }
    }
    let form = FormBlock::new(format!("{LIST}new/?state={}", state.code()), "Save")
        .input(
            Input::new("region", "Region", InputKind::Select(choices))
                .hint("Regions that have a link already are not in this list."),
        )
        .input(url_input(""))
        .cancel("Cancel", LIST);
    Ok(page.push(Block::Form(fill(form))).answer())
}

fn url_input(url: &str) -> Input {
    Input::new("url", "Page", InputKind::Url)
        .hint("Where its voters ask for a ballot: a whole address, with https://.")
        .value(url)
}

/// `POST /manage/absentee_overrides/new/`
///
/// # Errors
/// 404 for a state that is not there; when the store fails.
pub(super) async fn create(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let state =
        request.query("state").and_then(|code| State::parse(&code)).ok_or_else(ApiError::not_found)?;
    let sent = &desk.form;
    let Some(region) = region_id(sent.get("region")) else {
        let problems = Problems::one("region", Problem::Required);
        return new_page(&request, &desk, state, |form| form.with(&problems, sent)).await;
    };
    match put_link(app, desk.user.id, region, sent.get("url")).await {
        Ok(_) => Ok(desk.back(app, LIST, "Saved. Voters of the region are led there from now on.")),
        Err(OverrideError::Wrong(problems)) => {
            new_page(&request, &desk, state, |form| form.with(&problems, sent)).await
        }
        Err(error) => Err(refused(error)),
    }
}

/// What no form can say.
pub(super) fn refused(error: OverrideError) -> ApiError {
    match error {
        OverrideError::NotFound => ApiError::not_found(),
        OverrideError::Wrong(problems) => problems.into(),
        OverrideError::Store(error) => error.into(),
    }
}

/// The region in the path, whose links are changed here.
async fn sheet_of(request: &Request) -> Result<RegionSheet, ApiError> {
    let id = region_id(request.segment("region")).ok_or_else(ApiError::not_found)?;
    let mut view = request.app().store.view().await?;
    let found = region_sheet(view.as_mut(), id).await?;
    found.filter(|it| takes_links(&it.region)).ok_or_else(ApiError::not_found)
}

/// What people call a region.
pub(super) fn region_name(sheet: &RegionSheet) -> String {
    sheet.region.name.clone().unwrap_or_else(|| format!("Region {}", sheet.region.id))
}

fn path_of(sheet: &RegionSheet) -> String {
    format!("{LIST}{}/", sheet.region.id)
}

fn edit_form(sheet: &RegionSheet) -> FormBlock {
    let url = sheet.link.as_ref().map_or("", |it| it.url.as_str());
    FormBlock::new(format!("{}edit/", path_of(sheet)), "Save").input(url_input(url)).cancel("Cancel", LIST)
}

fn edit_page(desk: &Desk, sheet: &RegionSheet, form: FormBlock) -> Response {
    let path = path_of(sheet);
    let mut links = vec![Link::new("History", format!("{path}history/"))];
    if sheet.link.is_some() {
        links.push(Link::new("Delete", format!("{path}delete/")));
    }
    desk.page(format!("Link of {}", region_name(sheet)))
        .up("Ballot request links of regions", LIST)
        .push(Block::Actions(links))
        .push(Block::Form(form))
        .answer()
}

/// `GET /manage/absentee_overrides/{region}/edit/`
///
/// # Errors
/// 404 for a region that is not there, or is one of Florida's; when the store fails.
pub(super) async fn edit(request: Request, desk: Desk) -> Answer {
    let sheet = sheet_of(&request).await?;
    Ok(edit_page(&desk, &sheet, edit_form(&sheet)))
}

/// `POST /manage/absentee_overrides/{region}/edit/`
///
/// # Errors
/// 404 for a region that is not there, or is one of Florida's; when the store fails.
pub(super) async fn save(request: Request, desk: Desk) -> Answer {
    let sheet = sheet_of(&request).await?;
    let app = request.app();
    match put_link(app, desk.user.id, sheet.region.id, desk.form.get("url")).await {
        Ok(true) => Ok(desk.back(app, LIST, "Saved. Voters of the region are led there from now on.")),
        Ok(false) => Ok(desk.back(app, LIST, "It is that page already: nothing was changed.")),
        Err(OverrideError::Wrong(problems)) => {
            Ok(edit_page(&desk, &sheet, edit_form(&sheet).with(&problems, &desk.form)))
        }
        Err(error) => Err(refused(error)),
    }
}

/// `GET /manage/absentee_overrides/{region}/delete/`: asks first.
///
/// # Errors
/// 404 where there is no link; when the store fails.
pub(super) async fn ask_to_delete(request: Request, desk: Desk) -> Answer {
    let sheet = sheet_of(&request).await?;
    let link = sheet.link.clone().ok_or_else(ApiError::not_found)?;
    let pairs = vec![
        ("Region".to_owned(), Cell::text(region_name(&sheet))),
        ("Page".to_owned(), Cell::link(&link.url, &link.url)),
    ];
    let form = FormBlock::new(format!("{}delete/", path_of(&sheet)), "Delete the link")
        .lead("Voters of the region are led to the page of their state from then on. The history of the link stays.")
        .danger()
        .cancel("Cancel", LIST);
    Ok(desk
        .page(format!("Delete the link of {}?", region_name(&sheet)))
        .up("Ballot request links of regions", LIST)
        .push(Block::Details(Details { heading: String::new(), pairs }))
        .push(Block::Form(form))
        .answer())
}

/// `POST /manage/absentee_overrides/{region}/delete/`
///
/// # Errors
/// 404 where there is no link; when the store fails.
pub(super) async fn delete(request: Request, desk: Desk) -> Answer {
    let sheet = sheet_of(&request).await?;
    let app = request.app();
    remove_link(app, desk.user.id, sheet.region.id).await.map_err(refused)?;
    Ok(desk.back(app, LIST, "Deleted. Voters of the region are led to the page of their state."))
}

fn subject(sheet: &RegionSheet) -> Subject {
    let path = path_of(sheet);
    Subject {
        kind: LINK_KIND,
        id: sheet.region.id.to_string(),
        name: format!("the link of {}", region_name(sheet)),
        page: format!("{path}edit/"),
        history: format!("{path}history/"),
        can_go_back: |change: &Change| change.before.is_some(),
    }
}

/// `GET /manage/absentee_overrides/{region}/history/`
///
/// # Errors
/// 404 for a region that is not there, or is one of Florida's; when the store fails.
pub(super) async fn history(request: Request, desk: Desk) -> Answer {
    let sheet = sheet_of(&request).await?;
    Ok(history::list(&request, &desk, &subject(&sheet)).await?.answer())
}

/// `GET /manage/absentee_overrides/{region}/history/{change}/`
///
/// # Errors
/// 404 for a change that is not one of this link; when the store fails.
pub(super) async fn entry(request: Request, desk: Desk) -> Answer {
    let sheet = sheet_of(&request).await?;
    Ok(history::entry(&request, &desk, &subject(&sheet)).await?.answer())
}

/// `POST /manage/absentee_overrides/{region}/history/{change}/restore/`
///
/// # Errors
/// 404 for a change that is not one of this link; when the store fails.
pub(super) async fn restore(request: Request, desk: Desk) -> Answer {
    let sheet = sheet_of(&request).await?;
    let app = request.app();
    let Some(change) = ChangeId::parse(request.segment("change")) else { return Err(ApiError::not_found()) };
    match restore_link(app, desk.user.id, sheet.region.id, change).await {
        Ok(_) => Ok(desk.back(app, LIST, "The earlier link is back.")),
        Err(OverrideError::Wrong(problems)) => {
            Ok(desk.back(app, &format!("{}edit/", path_of(&sheet)), &history::unfit(&problems)))
        }
        Err(error) => Err(refused(error)),
    }
}

/// `GET /manage/absentee_overrides/{region}/`: the way to where it is changed.
///
/// # Errors
/// Never.
pub(super) async fn lead_on(request: Request, _desk: Desk) -> Answer {
    Ok(match region_id(request.segment("region")) {
        Some(region) => to(&format!("{LIST}{region}/edit/")),
        None => to(LIST),
    })
}
