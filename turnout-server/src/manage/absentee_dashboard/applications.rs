//! `/manage/absentee_dashboard/applications/` and below: what voters signed online and what went to offices at once, across
//! all subscribers, behind the same gate as every page (Q02).

use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_DISPOSITION, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS},
};
use turnout_core::{
    absentee::{
        Application, HandOver, SentKey,
        dashboard::applications,
        preview::{Filed, PreviewError, application, preview},
    },
    action::Event,
    address::Address,
    back_office::RecordKey,
    ids::{ActionId, BallotRequestId},
    person::Phone,
    search::SearchQuery,
};

use super::{
    super::{
        Answer,
        absentee_overrides::region_id,
        blocks::{Block, Cell, Column, Details, Link, Notice, SearchBox, Table},
        gate::Desk,
        paging::Paging,
        people::Names,
    },
    APPLICATIONS, STATES, state_path, way,
};
use crate::http::{ApiError, Request, response};

/// What whoever looks at applications has to know.
const CONFIDENTIAL: &str = "These are voters' own applications, of every subscriber. Look only at what your work needs, and pass nothing on. Who opens a preview is noted.";

fn name_of(name: &turnout_core::person::PersonName) -> String {
    let name = name.full();
    if name.trim().is_empty() { "No name".to_owned() } else { name }
}

fn sent_by(by: HandOver) -> &'static str {
    way(by.method())
}

/// `GET /manage/absentee_dashboard/applications/`
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn list(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let q = request.query("q").unwrap_or_default();
    let region = request.query("region").as_deref().and_then(region_id);
    let paging = Paging::of(&request);
    let page = paging.request(|text| {
        let key = RecordKey::parse(text)?;
        Some(SentKey { at: key.at, action: ActionId::parse(&key.id)? })
    });
    let found = applications(app, &SearchQuery::parse(&q), region, page).await?;
    let region_text = region.map(|id| id.to_string()).unwrap_or_default();
    let row = |it: &Application| {
        vec![
            Cell::link(name_of(&it.name), format!("{APPLICATIONS}{}/", it.request)),
            Cell::text(it.email.clone().unwrap_or_default()),
            Cell::text(it.state.map(|state| state.code()).unwrap_or_default()),
            Cell::text(it.region_name.clone().unwrap_or_default()),
            Cell::Time(it.sent.at),
            Cell::text(sent_by(it.by)),
            Cell::text(it.subscriber_name.clone().unwrap_or_default()),
        ]
    };
    let columns = ["Voter", "E-mail", "State", "Region", "Sent", "How", "Subscriber"];
    let mut page = desk
        .page("Applications")
        .up("Signing online", STATES)
        .lead("Ballot requests that voters signed online and that went to an office by e-mail or fax.")
        .push(Block::Notice(Notice::warning(CONFIDENTIAL)))
        .push(Block::Search(SearchBox {
            action: APPLICATIONS.to_owned(),
            label: "Name or e-mail address".to_owned(),
            query: q.clone(),
            filters: vec![super::super::blocks::Input::hidden("region", region_text.as_str())],
        }));
    if let Some(id) = region {
        let region = app.store.view().await?.officials().region(id).await?;
        let name = region.and_then(|it| it.name).unwrap_or_else(|| format!("region {id}"));
        page = page
            .push(Block::Text(format!("Only those to {name}.")))
            .push(Block::Links(vec![Link::new("Show those to all regions", APPLICATIONS)]));
    }
    let is_cut = found.rows.is_empty() && found.next.is_some();
    let empty = match is_cut {
        true => "None was found so far. There are older ones: go on to the next page.",
        false => "No application was found.",
    };
    page = page.push(Block::Table(Table {
        caption: "Applications, those sent last first".to_owned(),
        columns: columns.map(Column::new).into(),
        rows: found.rows.iter().map(row).collect(),
        empty: empty.to_owned(),
    }));
    let next = found.next.map(|it| RecordKey { at: it.at, id: it.action.to_string() }.cursor());
    let filters = [("q", q.as_str()), ("region", region_text.as_str())];
    Ok(page.extend(paging.pager(APPLICATIONS, &filters, String::new(), next)).answer())
}

/// The application in the path.
fn id_of(request: &Request) -> Result<BallotRequestId, ApiError> {
    BallotRequestId::parse(request.segment("application")).ok_or_else(ApiError::not_found)
}

/// `GET /manage/absentee_dashboard/applications/{application}/`
///
/// # Errors
/// 404 for a request that did not go to an office; when the store fails.
pub(in crate::manage) async fn show(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let id = id_of(&request)?;
    let filed = application(app, id).await?.ok_or_else(ApiError::not_found)?;
    let it = &filed.request;
    let region = match it.region {
        Some(region) => app.store.view().await?.officials().region(region).await?,
        None => None,
    };
    let region = match (it.region, it.address.state) {
        (Some(id), Some(state)) => {
            let name = region.and_then(|it| it.name).unwrap_or_else(|| format!("Region {id}"));
            Cell::link(name, format!("{}{id}/", state_path(state)))
        }
        _ => Cell::None,
    };
    let names = Names::of(app, [], [it.subscriber]).await?;
    let mut page = desk
        .page(name_of(&it.name))
        .up("Applications", APPLICATIONS)
        .push(Block::Notice(Notice::warning(CONFIDENTIAL)));
    page = match filed.can_preview {
        true => page.push(Block::Actions(vec![
            Link::main("Open the preview (PDF)", format!("{APPLICATIONS}{id}/preview/"))
                .note("in which the identification number reads XXXX"),
        ])),
        false => page.push(Block::Notice(Notice::plain(
            "There is no preview: the signature or the form was deleted.",
        ))),
    };
    Ok(page
        .push(Block::Details(voter(&filed)))
        .push(Block::Details(Details {
            heading: "Where it went".to_owned(),
            pairs: vec![
                ("Region".to_owned(), region),
                ("Sent".to_owned(), Cell::Time(filed.at)),
                ("How".to_owned(), Cell::text(sent_by(filed.by))),
                ("Subscriber".to_owned(), names.subscriber(it.subscriber)),
            ],
        }))
        .push(Block::Table(Table {
            caption: "What happened, the oldest first".to_owned(),
            columns: ["When", "What"].map(Column::new).into(),
            rows: filed.events.iter().map(event).collect(),
            empty: "Nothing is kept of what happened.".to_owned(),
        }))
        .answer())
}

fn event(it: &Event) -> Vec<Cell> {
    vec![Cell::Time(it.created_at), Cell::text(it.kind.wire())]
}

fn voter(filed: &Filed) -> Details {
    let it = &filed.request;
    let lines = |address: &Address| Cell::long(address.lines().join("\n"));
    let day = it.date_of_birth.map(|day| day.format("%b %-d, %Y").to_string());
    let pairs = vec![
        ("Name".to_owned(), Cell::text(name_of(&it.name))),
        ("Date of birth".to_owned(), Cell::text(day.unwrap_or_default())),
        ("E-mail".to_owned(), Cell::text(it.email.clone().unwrap_or_default())),
        ("Phone".to_owned(), Cell::text(it.phone.as_ref().map(Phone::national).unwrap_or_default())),
        ("Address".to_owned(), lines(&it.address)),
        ("Mailing address".to_owned(), lines(&it.mailing_address)),
        ("Asked for".to_owned(), Cell::Time(it.created_at)),
        ("Status".to_owned(), Cell::text(it.status.label())),
    ];
    Details { heading: "The voter".to_owned(), pairs }
}

/// `GET /manage/absentee_dashboard/applications/{application}/preview/`: the form as a PDF, without the voter's number.
///
/// # Errors
/// 404 for a request that did not go to an office; when a store fails, or the form cannot be filled.
pub(in crate::manage) async fn pdf(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let id = id_of(&request)?;
    let pdf = match preview(app, desk.user.id, id).await {
        Ok(pdf) => pdf,
        Err(PreviewError::NotFound) => return Err(ApiError::not_found()),
        Err(PreviewError::Gone) => {
            let path = format!("{APPLICATIONS}{id}/");
            return Ok(desk.back(
                app,
                &path,
                "There is no preview any more: the signature or the form was deleted.",
            ));
        }
        Err(PreviewError::Forms(error)) => return Err(error.into()),
        Err(PreviewError::File(error)) => return Err(error.into()),
        Err(PreviewError::Store(error)) => return Err(error.into()),
    };
    let mut answer = response::bytes(StatusCode::OK, "application/pdf", pdf);
    let headers = answer.headers_mut();
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("inline; filename=\"preview.pdf\""));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    Ok(answer)
}
