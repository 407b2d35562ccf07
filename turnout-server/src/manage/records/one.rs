//! `GET /manage/admin/{kind}/{id}/`: a record, whole; `…/edit/`: what of it may be set.

use turnout_core::{
    App,
    back_office::{self, Edit, EditError, Entity, Record, Shape, Value},
    ids::{JobId, RegionId, UserId},
    official::OfficeWithAddresses,
    ports::store::StoreError,
};

use super::{
    acts,
    cells::{cell, names, title},
    consent, kind, list_path, path, subscribers, users, webhooks,
};
use crate::{
    http::{ApiError, Request},
    manage::{
        Answer,
        blocks::{Block, Button, Cell, Column, Details, FormBlock, Input, InputKind, Link, Table},
        gate::Desk,
        paging::address,
    },
};

/// `GET /manage/admin/{kind}/{id}/`
///
/// # Errors
/// 404 for what is no kind, or no record of it; when the store fails.
pub(in crate::manage) async fn one(request: Request, desk: Desk) -> Answer {
    let (app, entity) = (request.app(), kind(&request)?);
    let shape = entity.shape();
    let record = back_office::look(app, desk.user.id, entity, request.segment("id")).await?;
    let record = record.ok_or_else(ApiError::not_found)?;
    let names = names(app, shape, std::slice::from_ref(&record)).await?;
    let mut pairs: Vec<(String, Cell)> = shape
        .columns
        .iter()
        .zip(&record.values)
        .map(|(column, value)| (column.label.to_owned(), cell(shape, column, value, &names)))
        .collect();
    pairs.push(("Id".to_owned(), Cell::Code(record.key.id.clone())));
    let mut page = desk.page(title(shape, &record)).up(shape.many, list_path(entity));
    if shape.is_personal {
        page = page.lead("It is noted that you looked at this.");
    }
    if shape.is_editable() || matches!(entity, Entity::Users | Entity::Subscribers) {
        let edit = Link::main("Edit", format!("{}edit/", path(entity, &record.key.id)));
        let mut ways = vec![edit];
        if entity == Entity::UpdateWebhooks {
            ways.push(webhooks::way_to_address(&path(entity, &record.key.id)));
        }
        if entity == Entity::Subscribers {
            ways.push(subscribers::way_to_slug(&path(entity, &record.key.id)));
        }
        page = page.push(Block::Actions(ways));
    }
    if entity == Entity::Numbers {
        page = page.push(Block::Actions(vec![consent::way(&path(entity, &record.key.id))]));
    }
    page = page.push(Block::Details(Details { heading: String::new(), pairs }));
    let mut buttons = acts::buttons(entity, &record);
    if entity == Entity::Slugs {
        buttons.extend(subscribers::slug_button(app, &record.key.id).await?);
    }
    if !buttons.is_empty() {
        page = page.push(Block::Table(what_to_do(buttons)));
    }
    if entity == Entity::Regions {
        page = page.extend(offices(app, &record.key.id).await?);
    }
    Ok(page
        .push(Block::Heading("More about it".to_owned()))
        .push(Block::Links(more(entity, &record)))
        .answer())
}

fn what_to_do(buttons: Vec<(Button, &'static str)>) -> Table {
    let row = |(button, what): (Button, &str)| vec![Cell::text(what), Cell::Buttons(vec![button])];
    Table {
        caption: "What to do with it".to_owned(),
        columns: vec![Column::new("What"), Column::silent("The button")],
        rows: buttons.into_iter().map(row).collect(),
        empty: String::new(),
    }
}

/// Where there is more about a record.
fn more(entity: Entity, record: &Record) -> Vec<Link> {
    let id = record.key.id.as_str();
    let mut links = Vec::new();
    match entity {
        Entity::Subscribers => {
            let of = [
                Entity::Slugs,
                Entity::ApiKeys,
                Entity::Subscriptions,
                Entity::Reports,
                Entity::Files,
                Entity::Letters,
                Entity::Webhooks,
            ];
            links.extend(of.map(|it| Link::new(it.shape().many, address(&list_path(it), [("of", id)]))));
            let done = address("/manage/operations/changes/", [("of", id)]);
            links.push(Link::new("What was done to its things", done));
        }
        Entity::Users => {
            let done = address("/manage/operations/changes/", [("by", id)]);
            links.push(Link::new("What this person did", done));
        }
        Entity::Numbers => {
            let texts = address(&list_path(Entity::Messages), [("of", id)]);
            links.push(Link::new("Texts to and from this number", texts));
        }
        Entity::Blasts => {
            links.push(Link::new("The blast and how far it is", format!("/manage/operations/blasts/{id}/")));
        }
        Entity::Faxes if JobId::parse(id).is_some() => {
            links.push(Link::new("The job that sends it", format!("/manage/operations/jobs/{id}/")));
        }
        Entity::States => {
            let regions = address(&list_path(Entity::Regions), [("of", id)]);
            links.push(Link::new("Regions of this state", regions));
        }
        _ => {}
    }
    let history = [("kind", entity.shape().kind), ("q", id)];
    links.push(Link::new("Who did what with it", address("/manage/operations/changes/", history)));
    links
}

/// The offices of a region and their addresses, which nobody changes here: they come from the supplier's list.
async fn offices(app: &App, id: &str) -> Result<Vec<Block>, StoreError> {
    let Ok(region) = id.parse().map(RegionId) else { return Ok(Vec::new()) };
    let found = app.store.view().await?.officials().offices(region).await?;
    let mut blocks = vec![Block::Heading("Offices".to_owned())];
    if found.is_empty() {
        blocks.push(Block::Text("There are none.".to_owned()));
    }
    blocks.extend(found.into_iter().flat_map(office));
    Ok(blocks)
}

fn office(it: OfficeWithAddresses) -> [Block; 2] {
    let or_none = |text: Option<String>| Cell::text(text.unwrap_or_default());
    let details = Details {
        heading: format!("Office {}", it.office.id),
        pairs: vec![
            ("Hours".to_owned(), or_none(it.office.hours)),
            ("Notes".to_owned(), or_none(it.office.notes)),
            ("Changed by the supplier".to_owned(), Cell::time(it.office.external_updated)),
        ],
    };
    let row = |address: turnout_core::official::OfficeAddress| {
        let state = address.state.map(|state| state.code().to_owned());
        let last = [address.city, state, address.zipcode].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let lines = [address.address, address.address2, address.address3, Some(last)];
        let lines: Vec<String> = lines.into_iter().flatten().filter(|line| !line.is_empty()).collect();
        let purposes = [
            (address.process_domestic_registrations, "registrations"),
            (address.process_absentee_requests, "ballot requests"),
            (address.process_absentee_ballots, "ballots"),
            (address.process_overseas_requests, "requests from overseas"),
            (address.process_overseas_ballots, "ballots from overseas"),
        ];
        let purposes: Vec<&str> =
            purposes.iter().filter(|(takes, _)| *takes).map(|(_, what)| *what).collect();
        let number = |phone: Option<turnout_core::person::Phone>| {
            Cell::text(phone.map(|phone| phone.e164().to_owned()).unwrap_or_default())
        };
        vec![
            Cell::Code(address.id.map(|id| id.to_string()).unwrap_or_default()),
            Cell::Long(lines.join("\n")),
            Cell::text(purposes.join(", ")),
            or_none(address.email),
            number(address.phone),
            number(address.fax),
            or_none(address.website),
        ]
    };
    let addresses = Table {
        caption: format!("Addresses of office {}", it.office.id),
        columns: ["Number", "Address", "Takes", "E-mail", "Telephone", "Fax", "Web site"]
            .map(Column::new)
            .into(),
        rows: it.addresses.into_iter().map(row).collect(),
        empty: "It has none.".to_owned(),
    };
    [Block::Details(details), Block::Table(addresses)]
}

/// The record that the path names, to be edited.
async fn to_edit(request: &Request) -> Result<(Entity, Record), ApiError> {
    let entity = kind(request)?;
    if !entity.shape().is_editable() {
        return Err(ApiError::not_found());
    }
    let mut view = request.app().store.view().await?;
    let record = view.records().one(entity, request.segment("id")).await?;
    Ok((entity, record.ok_or_else(ApiError::not_found)?))
}

/// `GET /manage/admin/{kind}/{id}/edit/`
///
/// # Errors
/// 404 for what is no kind, no record, or nothing that is set by hand; when the store fails.
pub(in crate::manage) async fn form(request: Request, desk: Desk) -> Answer {
    match kind(&request)? {
        Entity::Users => return users::form(&request, &desk).await,
        Entity::Subscribers => return subscribers::form(&request, &desk).await,
        _ => {}
    }
    let (entity, record) = to_edit(&request).await?;
    Ok(page_of(&desk, entity, &record, inputs(entity.shape(), &record)))
}

fn page_of(desk: &Desk, entity: Entity, record: &Record, form: FormBlock) -> crate::http::Response {
    let title = title(entity.shape(), record);
    desk.page(format!("Edit {title}"))
        .up(title, path(entity, &record.key.id))
        .push(Block::Form(form))
        .answer()
}

fn inputs(shape: &Shape, record: &Record) -> FormBlock {
    let here = path(shape.entity, &record.key.id);
    let mut form = FormBlock::new(format!("{here}edit/"), "Save").cancel("Cancel", here);
    for (column, value) in shape.columns.iter().zip(&record.values) {
        let input = match column.edit {
            None => continue,
            Some(Edit::Flag) => {
                let input = Input::new(column.name, column.label, InputKind::Check);
                input.checked(*value == Value::Flag(true))
            }
            Some(Edit::Line { required, .. }) => {
                let input = Input::new(column.name, column.label, InputKind::Text);
                let input = input.value(value.text().unwrap_or_default());
                if required { input } else { input.optional() }
            }
            Some(Edit::Long) => {
                let input = Input::new(column.name, column.label, InputKind::Long);
                input.value(value.text().unwrap_or_default()).optional()
            }
        };
        form = form.input(input);
    }
    form
}

/// `POST /manage/admin/{kind}/{id}/edit/`
///
/// # Errors
/// 404 for what is no kind, no record, or nothing that is set by hand; when the store fails.
pub(in crate::manage) async fn edit(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    match kind(&request)? {
        Entity::Users => {
            let id = UserId::parse(request.segment("id")).ok_or_else(ApiError::not_found)?;
            return users::set(app, &desk, id).await;
        }
        Entity::Subscribers => return subscribers::set(&request, &desk).await,
        _ => {}
    }
    let (entity, record) = to_edit(&request).await?;
    let shape = entity.shape();
    let given = |name: &str| match shape.column(name)?.edit? {
        // a box that is not checked is not sent
        Edit::Flag => Some(desk.form.get(name).to_owned()),
        Edit::Line { .. } | Edit::Long => desk.form.has(name).then(|| desk.form.exact(name).to_owned()),
    };
    match back_office::edit(app, desk.user.id, entity, &record.key.id, given).await {
        Ok(record) => Ok(desk.back(app, &path(entity, &record.key.id), "Saved.")),
        Err(EditError::NotFound) => Err(ApiError::not_found()),
        Err(EditError::Problems(problems)) => {
            let form = inputs(shape, &record).with(&problems, &desk.form);
            Ok(page_of(&desk, entity, &record, form))
        }
        Err(EditError::Store(error)) => Err(error.into()),
    }
}
