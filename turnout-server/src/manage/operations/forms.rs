//! `/manage/operations/forms/`: which official forms there are, whether they take what is put on them, and what they look
//! like.

use bytes::Bytes;
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_DISPOSITION},
};
use turnout_core::{
    App,
    absentee::{StateForm, SubmissionType},
    address::State,
    ports::forms::{FillReport, FormsError, PacketName},
    sample_form::{SamplePacket, sample_form},
};

use crate::{
    http::{ApiError, Request, response},
    manage::{
        Answer,
        blocks::{Block, Cell, Column, Details, Notice, Table},
        gate::Desk,
    },
};

/// Where the list is.
const LIST: &str = "/manage/operations/forms/";

/// A signature of nobody's.
const SIGNATURE: &[u8] = include_bytes!("../../commands/forms/signature.png");

fn path(state: State) -> String {
    format!("{LIST}{}/", state.code())
}

/// The state that the path names.
fn named(request: &Request) -> Result<State, ApiError> {
    State::parse(&request.segment("state").to_ascii_uppercase()).ok_or_else(ApiError::not_found)
}

/// `GET /manage/operations/forms/`
///
/// # Errors
/// When the forms cannot be read.
pub(in crate::manage) async fn list(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let mut rows = Vec::new();
    for state in State::ALL.iter().copied() {
        let Some(row) = row(app, state).await? else { continue };
        rows.push(row);
    }
    let table = Table {
        caption: "Ballot request forms".to_owned(),
        columns: ["State", "Questions", "Can be signed online", "Left to the voter"].map(Column::new).into(),
        rows,
        empty: "No form is installed.".to_owned(),
    };
    Ok(desk
        .page("Forms")
        .lead("What is in the forms folder, as it is in force now. A state's page fills its forms for nobody, says what does not fit, and shows them.")
        .push(Block::Table(table))
        .push(Block::Text(
            "New forms are installed with turnout-server forms install, which checks the whole folder first; servers take them within seconds."
                .to_owned(),
        ))
        .answer())
}

/// A line of the list; nothing for a state without a form.
async fn row(app: &App, state: State) -> Result<Option<Vec<Cell>>, ApiError> {
    let form = app.forms.state_form(state).await?;
    let link = Cell::link(state.name(), path(state));
    Ok(match form {
        Some(form) => Some(vec![
            link,
            Cell::Number(i64::try_from(form.answers().len()).unwrap_or(i64::MAX)),
            Cell::Yes(form.sections.is_some() && !form.signatures.is_empty()),
            Cell::Number(i64::try_from(form.manual_fields.len()).unwrap_or(i64::MAX)),
        ]),
        None if has_form(app, state).await? => {
            Some(vec![link, Cell::text("None are known"), Cell::Yes(false), Cell::None])
        }
        None => None,
    })
}

/// Whether there is a ballot request form of a state.
async fn has_form(app: &App, state: State) -> Result<bool, ApiError> {
    let name = PacketName::BallotRequest { state, way: SubmissionType::LeoEmail, tracker: false };
    match app.forms.pages(name).await {
        Ok(_) => Ok(true),
        Err(FormsError::Missing) => Ok(false),
        // that it is there and cannot be used is said by its page
        Err(FormsError::Unreadable(_)) => Ok(true),
        Err(error) => Err(error.into()),
    }
}

/// `GET /manage/operations/forms/{state}/`: each packet is filled for nobody.
///
/// # Errors
/// 404 for no state; when there is nobody who fills forms.
pub(in crate::manage) async fn one(request: Request, desk: Desk) -> Answer {
    let (app, state) = (request.app(), named(&request)?);
    let form = app.forms.state_form(state).await?;
    let (mut rows, mut is_wrong) = (Vec::new(), false);
    for packet in SamplePacket::ALL.iter().copied() {
        let filled = sample_form(app, state, packet, Bytes::from_static(SIGNATURE)).await;
        let preview = Cell::link("Preview as PDF", format!("{}{}/", path(state), packet.wire()));
        let (pages, told, preview) = match filled {
            Ok(filled) => {
                is_wrong |= !filled.report.is_complete();
                let pages = Cell::Number(i64::try_from(filled.pages).unwrap_or(i64::MAX));
                (pages, Cell::Long(remarks(&filled.report)), preview)
            }
            Err(FormsError::Missing) => (Cell::None, Cell::text("There is no such form."), Cell::None),
            Err(error @ FormsError::Unreadable(_)) => {
                is_wrong = true;
                (Cell::None, Cell::text(reason(&error)), Cell::None)
            }
            Err(error) => return Err(error.into()),
        };
        rows.push(vec![Cell::text(packet.label()), pages, told, preview]);
    }
    let mut page = desk.page(format!("Forms of {}", state.name())).up("Forms", LIST);
    if is_wrong {
        let text = "Something would not be printed as voters give it. The table says what.";
        page = page.push(Block::Notice(Notice::warning(text)));
    }
    let table = Table {
        caption: "What voters and offices get, filled for nobody".to_owned(),
        columns: vec![
            Column::new("What it is"),
            Column::number("Pages"),
            Column::new("Check report"),
            Column::new("Preview"),
        ],
        rows,
        empty: String::new(),
    };
    page = page.push(Block::Table(table));
    if let Some(form) = form {
        page = page.push(Block::Details(questions(&form)));
    }
    Ok(page.answer())
}

/// Why a form cannot be used, with what is behind it.
fn reason(error: &FormsError) -> String {
    let mut text = error.to_string();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

/// What did not go onto the paper as given.
fn remarks(report: &FillReport) -> String {
    let lists = [
        ("Set smaller to fit", &report.shrunk),
        ("Too long for the field", &report.overflow),
        ("Cut at the field's greatest length", &report.truncated),
        ("With a letter that no font has", &report.missing_glyph),
        ("Given what the field does not know", &report.bad_state),
    ];
    let lists = lists.into_iter().filter(|(_, names)| !names.is_empty());
    let lines: Vec<String> = lists.map(|(what, names)| format!("{what}: {}", names.join(", "))).collect();
    if lines.is_empty() { "Everything fits.".to_owned() } else { lines.join("\n") }
}

/// What a state asks.
fn questions(form: &StateForm) -> Details {
    let list = |names: &[String]| Cell::text(names.join(", "));
    let answers: Vec<String> = form.answers().into_iter().map(|(slug, _)| slug.to_owned()).collect();
    let automatic: Vec<String> = form.auto_fields.iter().map(|field| field.slug().to_owned()).collect();
    let signed: Vec<String> = form.signatures.keys().map(ToString::to_string).collect();
    Details {
        heading: "What the state asks".to_owned(),
        pairs: vec![
            ("Questions".to_owned(), list(&answers)),
            ("Filled by itself".to_owned(), list(&automatic)),
            ("Left to the voter".to_owned(), list(&form.manual_fields)),
            ("Signed on page".to_owned(), list(&signed)),
            (
                "What the voter declares".to_owned(),
                form.signature_statement.clone().map_or(Cell::None, Cell::Long),
            ),
        ],
    }
}

/// `GET /manage/operations/forms/{state}/{packet}/`: the packet as a PDF.
///
/// # Errors
/// 404 where there is no such form; when it cannot be filled.
pub(in crate::manage) async fn preview(request: Request, _desk: Desk) -> Answer {
    let (app, state) = (request.app(), named(&request)?);
    let packet = SamplePacket::parse(request.segment("packet")).ok_or_else(ApiError::not_found)?;
    let filled = match sample_form(app, state, packet, Bytes::from_static(SIGNATURE)).await {
        Err(FormsError::Missing) => return Err(ApiError::not_found()),
        filled => filled?,
    };
    let mut answer = response::bytes(StatusCode::OK, "application/pdf", filled.pdf);
    let headers = answer.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("inline; filename=\"preview.pdf\""));
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_says_what_would_not_be_printed_as_given() {
        assert_eq!(remarks(&FillReport::default()), "Everything fits.");
        let report = FillReport {
            unknown: vec!["x".into()],
            overflow: vec!["name".into(), "city".into()],
            bad_state: vec!["party".into()],
            ..FillReport::default()
        };
        assert_eq!(
            remarks(&report),
            "Too long for the field: name, city\nGiven what the field does not know: party"
        );
    }
}
