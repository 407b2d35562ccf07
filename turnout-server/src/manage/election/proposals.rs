//! `/manage/election/proposals/` and below: what waits for a second person, to be published or withdrawn.

use turnout_core::{
    election::{
        Proposal,
        edit::{self, EditError, FactSheet, FactText},
        sheet,
    },
    ids::ProposalId,
};

use super::{
    super::{
        Answer,
        blocks::{Block, Cell, Column, Details, Difference, FormBlock, Notice, Prose, Table},
        gate::Desk,
        people::Names,
    },
    PROPOSALS,
    fact::refused,
    fact_name, fact_path,
};
use crate::http::{ApiError, Request};

/// `GET /manage/election/proposals/`
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn list(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let waiting = {
        let mut view = app.store.view().await?;
        sheet::proposals(view.as_mut()).await?
    };
    let names = Names::of(app, waiting.iter().map(|(_, it)| Some(it.by)).collect::<Vec<_>>(), []).await?;
    let row = |(sheet, it): &(FactSheet, Proposal)| {
        vec![
            Cell::link(fact_name(sheet.fact.state, &sheet.field), format!("{PROPOSALS}{}/", it.id)),
            Cell::text(names.name_of(it.by)),
            Cell::Time(it.at),
            Cell::Yes(it.by != desk.user.id && it.base == sheet.fact.modified_at),
        ]
    };
    let lead = match app.settings.election.second_person {
        true => "A change of election data is published by somebody else than who made it.",
        false => {
            "Changes are published at once. What was proposed before that was so can still be published here."
        }
    };
    Ok(desk
        .page("Changes to publish")
        .lead(lead)
        .push(Block::Table(Table {
            caption: "Changes that wait, the oldest first".to_owned(),
            columns: ["Fact", "Proposed by", "When", "You can publish it"].map(Column::new).into(),
            rows: waiting.iter().map(row).collect(),
            empty: "Nothing waits to be published.".to_owned(),
        }))
        .answer())
}

/// The proposal in the path, with its fact.
async fn found(request: &Request) -> Result<(FactSheet, Proposal), ApiError> {
    let id = ProposalId::parse(request.segment("proposal")).ok_or_else(ApiError::not_found)?;
    let mut view = request.app().store.view().await?;
    let all = sheet::proposals(view.as_mut()).await?;
    all.into_iter().find(|(_, it)| it.id == id).ok_or_else(ApiError::not_found)
}

/// `GET /manage/election/proposals/{proposal}/`: what it changes.
///
/// # Errors
/// 404 for a proposal that is not there any more; when the store fails.
pub(in crate::manage) async fn show(request: Request, desk: Desk) -> Answer {
    let (sheet, it) = found(&request).await?;
    let names = Names::of(request.app(), [Some(it.by)], []).await?;
    let (before, after) = (FactText::from(&sheet.fact), FactText::from(&it));
    let day = |text: &FactText| text.checked_on.map(|day| day.to_string()).unwrap_or_default();
    let parts = [
        ("What it says", before.text.clone(), after.text.clone()),
        ("Notes", before.notes.clone(), after.notes.clone()),
        ("Source", before.source.clone(), after.source.clone()),
        ("Checked on", day(&before), day(&after)),
    ];
    let differences = parts.into_iter().filter(|(_, before, after)| before != after);
    let differences = differences.map(|(heading, before, after)| {
        Block::Difference(Difference { heading: heading.to_owned(), before, after })
    });
    let pairs = vec![
        ("Proposed by".to_owned(), Cell::text(names.name_of(it.by))),
        ("When".to_owned(), Cell::Time(it.at)),
    ];
    let name = fact_name(sheet.fact.state, &sheet.field);
    let mut page = desk
        .page(format!("A change of {name}"))
        .up("Changes to publish", PROPOSALS)
        .push(Block::Details(Details { heading: String::new(), pairs }))
        .extend(differences);
    if sheet.field.format == Some(turnout_core::election::FieldFormat::Markdown) && before.text != after.text
    {
        page = page.push(Block::Prose(Prose::new("How it would look", &after.text)));
    }
    let path = format!("{PROPOSALS}{}/", it.id);
    page = match (it.by == desk.user.id, it.base == sheet.fact.modified_at) {
        (true, _) => {
            page.push(Block::Notice(Notice::plain("You proposed this. Somebody else has to publish it.")))
        }
        (false, false) => page.push(Block::Notice(Notice::warning(OVERTAKEN))),
        (false, true) => {
            let form = FormBlock::new(format!("{path}publish/"), "Publish this change");
            page.push(Block::Form(form.lead("Everybody sees it from then on.")))
        }
    };
    let withdraw = FormBlock::new(format!("{path}withdraw/"), "Withdraw this change").danger();
    let lead = "The fact stays as it is. What was proposed is kept in its history.";
    Ok(page.push(Block::Form(withdraw.lead(lead))).answer())
}

/// What is said where the fact changed meanwhile.
const OVERTAKEN: &str =
    "The fact was changed since this was proposed, so it cannot be published. Make the change anew.";

/// `POST /manage/election/proposals/{proposal}/publish/`
///
/// # Errors
/// 404 for a proposal that is not there any more; when the store fails.
pub(in crate::manage) async fn publish(request: Request, desk: Desk) -> Answer {
    let (sheet, it) = found(&request).await?;
    let (app, own) = (request.app(), format!("{PROPOSALS}{}/", it.id));
    Ok(match edit::publish(app, desk.user.id, it.id).await {
        Ok(_) => desk.back(app, PROPOSALS, "Published. Everybody sees it from now on."),
        Err(EditError::Own) => desk.back(app, &own, "You proposed this. Somebody else has to publish it."),
        Err(EditError::Overtaken) => {
            desk.back(app, &fact_path(sheet.fact.state, &sheet.field.slug), OVERTAKEN)
        }
        Err(error) => return Err(refused(error)),
    })
}

/// `POST /manage/election/proposals/{proposal}/withdraw/`
///
/// # Errors
/// 404 for a proposal that is not there any more; when the store fails.
pub(in crate::manage) async fn withdraw(request: Request, desk: Desk) -> Answer {
    let (_, it) = found(&request).await?;
    let app = request.app();
    edit::withdraw(app, desk.user.id, it.id).await.map_err(refused)?;
    Ok(desk.back(app, PROPOSALS, "Withdrawn. The fact stays as it is."))
}
