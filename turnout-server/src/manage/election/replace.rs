//! `/manage/election/replace/` and `…/apply/`: one text in another's place, in every fact that is Markdown or an address,
//! looked at before it is done.

use turnout_core::election::{ReplaceError, Replaced, Replacement, find_to_replace, replace};

use super::{
    super::{
        Answer,
        blocks::{Block, Cell, Column, Difference, Figure, FormBlock, Input, InputKind, Notice, Table},
        gate::Desk,
    },
    PROPOSALS, STATES, fact_path,
};
use crate::{
    http::{ApiError, Request},
    manage::frame::PageOf,
};

const PATH: &str = "/manage/election/replace/";

/// So many facts are shown with what becomes different in them.
const SHOWN: usize = 50;

/// `GET /manage/election/replace/`
///
/// # Errors
/// Never.
pub(in crate::manage) async fn show(_request: Request, desk: Desk) -> Answer {
    Ok(page(&desk).push(Block::Form(form("", ""))).answer())
}

fn page(desk: &Desk) -> PageOf {
    let lead = "Puts one text in another's place, in every fact that is Markdown or an address. You see first what would change.";
    desk.page("Replace a text everywhere").lead(lead)
}

fn form(old: &str, new: &str) -> FormBlock {
    FormBlock::new(PATH, "Show what would change")
        .input(
            Input::new("old", "Text to look for", InputKind::Text)
                .hint("Exactly as it stands there; capital and small letters differ.")
                .value(old),
        )
        .input(
            Input::new("new", "Text in its place", InputKind::Text)
                .hint("Left empty, the text is taken out.")
                .value(new)
                .optional(),
        )
}

/// `POST /manage/election/replace/`: shows what would change.
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn preview(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let (old, new) = (desk.form.exact("old"), desk.form.exact("new"));
    match find_to_replace(app, old, new).await {
        Ok(found) => Ok(page(&desk)
            .push(Block::Form(form(old, new)))
            .extend(told(&found, app.settings.election.second_person))
            .answer()),
        Err(ReplaceError::Wrong(problems)) => {
            Ok(page(&desk).push(Block::Form(form(old, new).with(&problems, &desk.form))).answer())
        }
        Err(error) => Err(refused(error)),
    }
}

/// `POST /manage/election/replace/apply/`: does what was shown, all of it or nothing.
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn apply(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let (old, new) = (desk.form.exact("old"), desk.form.exact("new"));
    let second_person = app.settings.election.second_person;
    match replace(app, Some(desk.user.id), old, new, Some(desk.form.get("seal"))).await {
        Ok(done) => {
            let facts = count(done.facts.len(), "fact", "facts");
            Ok(match done.proposed {
                true => desk.back(
                    app,
                    PROPOSALS,
                    &format!("Proposed for {facts}. Somebody else has to publish it."),
                ),
                false => desk.back(app, STATES, &format!("Replaced in {facts}.")),
            })
        }
        Err(ReplaceError::Overtaken(found)) => {
            let text = "Some facts were changed since you looked. Nothing was replaced; this is what would change now.";
            Ok(page(&desk)
                .push(Block::Notice(Notice::warning(text)))
                .push(Block::Form(form(old, new)))
                .extend(told(&found, second_person))
                .answer())
        }
        Err(ReplaceError::Unfit(found)) => {
            Ok(page(&desk).push(Block::Form(form(old, new))).extend(told(&found, second_person)).answer())
        }
        Err(ReplaceError::Wrong(problems)) => {
            Ok(page(&desk).push(Block::Form(form(old, new).with(&problems, &desk.form))).answer())
        }
        Err(error) => Err(refused(error)),
    }
}

fn refused(error: ReplaceError) -> ApiError {
    match error {
        ReplaceError::Store(error) => error.into(),
        ReplaceError::Wrong(problems) => problems.into(),
        error @ (ReplaceError::Unfit(_) | ReplaceError::Overtaken(_)) => ApiError::internal(error),
    }
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// What would change, and the button that does it.
fn told(found: &Replacement, second_person: bool) -> Vec<Block> {
    if found.facts.is_empty() {
        return vec![Block::Notice(Notice::plain("This text is in no fact."))];
    }
    let whole = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let mut blocks = vec![
        Block::Heading("What would change".to_owned()),
        Block::Figures(vec![
            Figure::new("Facts", whole(found.facts.len())),
            Figure::new("Places", whole(found.occurrences())),
        ]),
    ];
    let row = |it: &Replaced| {
        vec![
            Cell::link(format!("{} in {}", it.name, it.state.name()), fact_path(it.state, &it.slug)),
            Cell::Number(whole(it.occurrences)),
            Cell::text(it.complaint.as_ref().map(ToString::to_string).unwrap_or_default()),
        ]
    };
    blocks.push(Block::Table(Table {
        caption: "Facts in which it is replaced".to_owned(),
        columns: vec![
            Column::new("Fact"),
            Column::number("Places"),
            Column::new("What is wrong with it then"),
        ],
        rows: found.facts.iter().map(row).collect(),
        empty: String::new(),
    }));
    let difference = |it: &Replaced| {
        let heading = format!("{} in {}", it.name, it.state.name());
        Block::Difference(Difference { heading, before: it.before.clone(), after: it.after.clone() })
    };
    blocks.extend(found.facts.iter().take(SHOWN).map(difference));
    if found.facts.len() > SHOWN {
        let rest = count(found.facts.len() - SHOWN, "more fact changes", "more facts change");
        blocks.push(Block::Text(format!("{rest} in the same way.")));
    }
    if !found.is_good() {
        let text = "Some facts could not say that, as their kind wants something else. Nothing is replaced until all of them can.";
        blocks.push(Block::Notice(Notice::warning(text)));
        return blocks;
    }
    let label = if second_person { "Propose all of it" } else { "Replace all of it" };
    let form = FormBlock::new(format!("{PATH}apply/"), label)
        .heading(format!("Replace it in {}", count(found.facts.len(), "fact", "facts")))
        .input(Input::hidden("old", found.old.as_str()))
        .input(Input::hidden("new", found.new.as_str()))
        .input(Input::hidden("seal", found.seal.as_str()));
    blocks.push(Block::Form(form));
    blocks
}
