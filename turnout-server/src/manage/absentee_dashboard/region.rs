//! `/manage/absentee_dashboard/{state}/{region}/` and below: how one office is reached, and what is known better about that,
//! with history.

use turnout_core::{
    absentee::{
        dashboard::{self, RegionLine, StateLine},
        overrides::{
            OVERRIDE_KIND, OverrideError, OverrideInput, Refusal, RegionSheet, put_override, region_sheet,
            remove_override, restore_override,
        },
    },
    address::State,
    change::Change,
    ids::ChangeId,
    official::Contact,
    page::PageRequest,
    person::Phone,
};

use super::{
    super::{
        Answer,
        absentee_overrides::{refused, region_id, region_name},
        blocks::{Block, Cell, Details, Figure, FormBlock, Input, InputKind, Link},
        gate::{Desk, to},
        history::{self, Subject},
        paging::address,
    },
    APPLICATIONS, SENT, sent_counts, state_of, state_path, takes, way,
};
use crate::http::{ApiError, Request, Response};

/// A region of the dashboard, with everything about its office.
struct Found {
    state: State,
    line: StateLine,
    region: RegionLine,
    sheet: RegionSheet,
}

impl Found {
    /// The region in the path.
    async fn of(request: &Request) -> Result<Self, ApiError> {
        let state = state_of(request)?;
        let id = region_id(request.segment("region")).ok_or_else(ApiError::not_found)?;
        let app = request.app();
        let (line, region) = dashboard::region(app, state, id).await?.ok_or_else(ApiError::not_found)?;
        let mut view = app.store.view().await?;
        let sheet = region_sheet(view.as_mut(), id).await?.ok_or_else(ApiError::not_found)?;
        Ok(Self { state, line, region, sheet })
    }

    fn name(&self) -> String {
        region_name(&self.sheet)
    }

    fn path(&self) -> String {
        format!("{}{}/", state_path(self.state), self.sheet.region.id)
    }

    fn subject(&self) -> Subject {
        let page = self.path();
        Subject {
            kind: OVERRIDE_KIND,
            id: self.sheet.region.id.to_string(),
            name: format!("the override of {}", self.name()),
            history: format!("{page}history/"),
            page,
            can_go_back: |change: &Change| change.before.is_some(),
        }
    }
}

fn phone(number: Option<&Phone>) -> Cell {
    Cell::text(number.map(Phone::national).unwrap_or_default())
}

/// `GET /manage/absentee_dashboard/{state}/{region}/`
///
/// # Errors
/// 404 for a region that is not there; when the store fails.
pub(in crate::manage) async fn show(request: Request, desk: Desk) -> Answer {
    let found = Found::of(&request).await?;
    let (sheet, path) = (&found.sheet, found.path());
    let mut actions = match sheet.known {
        Some(_) => vec![
            Link::main("Change the override", format!("{path}edit/")),
            Link::new("Delete the override", format!("{path}delete/")),
        ],
        None => vec![Link::main("Add an override", format!("{path}new/"))],
    };
    let id = sheet.region.id.to_string();
    actions.push(Link::new("Applications", address(APPLICATIONS, [("region", id.as_str())])));
    let link = sheet.link.as_ref().map_or(Cell::None, |it| Cell::link(&it.url, &it.url));
    let pairs = vec![
        ("Requests go there".to_owned(), Cell::text(way(found.region.method))),
        ("The state takes".to_owned(), Cell::text(takes(&found.line))),
        ("Its own link".to_owned(), link),
    ];
    let sent = SENT.into_iter().zip(sent_counts(&found.region.sent));
    let first = PageRequest { after: None, limit: 10 };
    let (table, next) = history::table(&request, &desk, &found.subject(), first).await?;
    let mut page = desk
        .page(found.name())
        .up(format!("Signing online in {}", found.state.name()), state_path(found.state))
        .push(Block::Actions(actions))
        .push(Block::Details(Details { heading: String::new(), pairs }))
        .push(Block::Figures(sent.map(|(label, count)| Figure::new(label, count)).collect()))
        .push(Block::Details(known(sheet)))
        .push(Block::Details(office("What the supplier says of the office", &sheet.office)))
        .push(Block::Heading("History of the override".to_owned()))
        .push(Block::Table(table));
    if next.is_some() {
        page = page.push(Block::Links(vec![Link::new("All changes", format!("{path}history/"))]));
    }
    Ok(page.answer())
}

/// What an administrator knows better.
fn known(sheet: &RegionSheet) -> Details {
    let heading = "Override".to_owned();
    let Some(it) = &sheet.known else {
        let pairs = vec![("Override".to_owned(), Cell::text("None: what the supplier says holds"))];
        return Details { heading, pairs };
    };
    let only = it.method.map_or("As the state allows: e-mail, else fax", way);
    let pairs = vec![
        ("Requests go there".to_owned(), Cell::text(only)),
        ("E-mail".to_owned(), Cell::text(it.email.clone().unwrap_or_default())),
        ("Phone".to_owned(), phone(it.phone.as_ref())),
        ("Fax".to_owned(), phone(it.fax.as_ref())),
        ("Notes".to_owned(), Cell::long(it.notes.clone().unwrap_or_default())),
        ("Last changed".to_owned(), Cell::Time(it.modified_at)),
    ];
    Details { heading, pairs }
}

fn office(heading: &str, it: &Contact) -> Details {
    let address = it.address.as_ref().map(|address| address.lines().join("\n")).unwrap_or_default();
    let pairs = vec![
        ("E-mail".to_owned(), Cell::text(it.email.clone().unwrap_or_default())),
        ("Phone".to_owned(), phone(it.phone.as_ref())),
        ("Fax".to_owned(), phone(it.fax.as_ref())),
        ("Address".to_owned(), Cell::long(address)),
    ];
    Details { heading: heading.to_owned(), pairs }
}

/// The form of an override. A way that the state does not take cannot be chosen; one for which only the contact is missing
/// can, together with the contact.
fn form(found: &Found, action: &str) -> FormBlock {
    let sheet = &found.sheet;
    let OverrideInput { method, email, phone, fax, notes } =
        sheet.known.as_ref().map(OverrideInput::from).unwrap_or_default();
    let mut choices = vec![(String::new(), "As the state allows: e-mail, else fax".to_owned())];
    let mut closed = Vec::new();
    for (method, refusal) in sheet.options() {
        let reason = refusal.map(|it| format!(" ({})", it.text())).unwrap_or_default();
        choices.push((method.wire().to_owned(), format!("{}{reason}", way(method))));
        if refusal == Some(Refusal::NotPermitted) {
            closed.push(method.wire().to_owned());
        }
    }
    let known = |what: Option<String>| match what {
        Some(text) => format!("The supplier says {text}. Left empty, that holds."),
        None => "The supplier knows none.".to_owned(),
    };
    let office = &sheet.office;
    let number = |it: &Option<Phone>| known(it.as_ref().map(Phone::national));
    FormBlock::new(format!("{}{action}/", found.path()), "Save")
        .input(
            Input::new("method", "How requests go there", InputKind::Radio(choices))
                .hint("A way without a known contact needs one below.")
                .value(method)
                .closed(closed)
                .optional(),
        )
        .input(
            Input::new("email", "E-mail", InputKind::Email)
                .hint(known(office.email.clone()))
                .value(email)
                .optional(),
        )
        .input(
            Input::new("phone", "Phone", InputKind::Tel).hint(number(&office.phone)).value(phone).optional(),
        )
        .input(Input::new("fax", "Fax", InputKind::Tel).hint(number(&office.fax)).value(fax).optional())
        .input(Input::new("notes", "Notes", InputKind::Long).value(notes).optional())
        .cancel("Cancel", found.path())
}

fn form_page(desk: &Desk, found: &Found, form: FormBlock) -> Response {
    desk.page(format!("Override of {}", found.name()))
        .up(found.name(), found.path())
        .lead("What is known better about the office than the supplier says.")
        .push(Block::Form(form))
        .answer()
}

/// `GET /manage/absentee_dashboard/{state}/{region}/new/`
///
/// # Errors
/// 404 for a region that is not there; when the store fails.
pub(in crate::manage) async fn new(request: Request, desk: Desk) -> Answer {
    let found = Found::of(&request).await?;
    if found.sheet.known.is_some() {
        return Ok(to(&format!("{}edit/", found.path())));
    }
    Ok(form_page(&desk, &found, form(&found, "new")))
}

/// `GET /manage/absentee_dashboard/{state}/{region}/edit/`
///
/// # Errors
/// 404 for a region that is not there; when the store fails.
pub(in crate::manage) async fn edit(request: Request, desk: Desk) -> Answer {
    let found = Found::of(&request).await?;
    if found.sheet.known.is_none() {
        return Ok(to(&format!("{}new/", found.path())));
    }
    Ok(form_page(&desk, &found, form(&found, "edit")))
}

/// `POST /manage/absentee_dashboard/{state}/{region}/new/` and `…/edit/`
///
/// # Errors
/// 404 for a region that is not there; when the store fails.
pub(in crate::manage) async fn save(request: Request, desk: Desk) -> Answer {
    let found = Found::of(&request).await?;
    let (app, sent) = (request.app(), &desk.form);
    let text = |name: &str| sent.get(name).to_owned();
    let input = OverrideInput {
        method: text("method"),
        email: text("email"),
        phone: text("phone"),
        fax: text("fax"),
        notes: text("notes"),
    };
    match put_override(app, desk.user.id, found.sheet.region.id, &input).await {
        Ok(true) => Ok(desk.back(app, &found.path(), "Saved. Requests go there so from now on.")),
        Ok(false) => Ok(desk.back(app, &found.path(), "It says that already: nothing was changed.")),
        Err(OverrideError::Wrong(problems)) => {
            let action = if found.sheet.known.is_some() { "edit" } else { "new" };
            Ok(form_page(&desk, &found, form(&found, action).with(&problems, sent)))
        }
        Err(error) => Err(refused(error)),
    }
}

/// `GET /manage/absentee_dashboard/{state}/{region}/delete/`: asks first.
///
/// # Errors
/// 404 where there is no override; when the store fails.
pub(in crate::manage) async fn ask_to_delete(request: Request, desk: Desk) -> Answer {
    let found = Found::of(&request).await?;
    if found.sheet.known.is_none() {
        return Err(ApiError::not_found());
    }
    let form = FormBlock::new(format!("{}delete/", found.path()), "Delete the override")
        .lead("What the supplier says of the office holds from then on. The history of the override stays.")
        .danger()
        .cancel("Cancel", found.path());
    Ok(desk
        .page(format!("Delete the override of {}?", found.name()))
        .up(found.name(), found.path())
        .push(Block::Details(known(&found.sheet)))
        .push(Block::Form(form))
        .answer())
}

/// `POST /manage/absentee_dashboard/{state}/{region}/delete/`
///
/// # Errors
/// 404 where there is no override; when the store fails.
pub(in crate::manage) async fn delete(request: Request, desk: Desk) -> Answer {
    let found = Found::of(&request).await?;
    let app = request.app();
    remove_override(app, desk.user.id, found.sheet.region.id).await.map_err(refused)?;
    Ok(desk.back(app, &found.path(), "Deleted. What the supplier says of the office holds."))
}

/// `GET /manage/absentee_dashboard/{state}/{region}/history/`
///
/// # Errors
/// 404 for a region that is not there; when the store fails.
pub(in crate::manage) async fn history(request: Request, desk: Desk) -> Answer {
    let found = Found::of(&request).await?;
    Ok(history::list(&request, &desk, &found.subject()).await?.answer())
}

/// `GET /manage/absentee_dashboard/{state}/{region}/history/{change}/`
///
/// # Errors
/// 404 for a change that is not one of this override; when the store fails.
pub(in crate::manage) async fn entry(request: Request, desk: Desk) -> Answer {
    let found = Found::of(&request).await?;
    Ok(history::entry(&request, &desk, &found.subject()).await?.answer())
}

/// `POST /manage/absentee_dashboard/{state}/{region}/history/{change}/restore/`
///
/// # Errors
/// 404 for a change that is not one of this override; when the store fails.
pub(in crate::manage) async fn restore(request: Request, desk: Desk) -> Answer {
    let found = Found::of(&request).await?;
    let app = request.app();
    let change = ChangeId::parse(request.segment("change")).ok_or_else(ApiError::not_found)?;
    match restore_override(app, desk.user.id, found.sheet.region.id, change).await {
        Ok(_) => Ok(desk.back(app, &found.path(), "What the override said before is back.")),
        Err(OverrideError::Wrong(problems)) => Ok(desk.back(app, &found.path(), &history::unfit(&problems))),
        Err(error) => Err(refused(error)),
    }
}
