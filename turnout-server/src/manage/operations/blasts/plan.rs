//! `/manage/operations/blasts/new/` and `…/{id}/plan/`: what is sent, to whom, and what it may cost.

use turnout_core::{
    App,
    blast::{self, Audience, Blast, Draft, Micros, PlanError, read_list},
    ids::SubscriberId,
    ports::store::StoreError,
    problems::{Problem, Problems},
};

use super::{LIST, by, named, path};
use crate::{
    http::{ApiError, Request, Response},
    manage::{
        Answer,
        blocks::{Block, FormBlock, Input, InputKind, Link},
        form::SentFile,
        gate::Desk,
    },
};

/// How a filter looks.
const EXAMPLE: &str = "For example: tool in (register, absentee) and state = OH and opted_in and not finished and since \
                       2026-09-01. Clauses are subscriber, tool, state, zip, county, region, opted_in, \
                       opted_in_to_subscriber, finished, since, before; each may begin with \"not\".";

/// `GET /manage/operations/blasts/new/`
///
/// # Errors
/// Never.
pub(in crate::manage) async fn form(_request: Request, desk: Desk) -> Answer {
    Ok(page(&desk, None, fields(None, "")))
}

/// `GET /manage/operations/blasts/{id}/plan/`
///
/// # Errors
/// 404 where there is no such blast; when the store fails.
pub(in crate::manage) async fn form_again(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let blast = named(app, &request).await?;
    let slug = slug(app, blast.sender).await?;
    Ok(page(&desk, Some(&blast), fields(Some(&blast), &slug)))
}

/// The slug by which a sender is named.
async fn slug(app: &App, sender: Option<SubscriberId>) -> Result<String, StoreError> {
    let Some(id) = sender else { return Ok(String::new()) };
    let mut view = app.store.view().await?;
    let slug = match view.subscribers().by_id(id).await?.and_then(|it| it.default_slug) {
        Some(slug) => view.subscribers().slug(slug).await?,
        None => None,
    };
    Ok(slug.map(|it| it.slug).unwrap_or_default())
}

fn page(desk: &Desk, blast: Option<&Blast>, form: FormBlock) -> Response {
    let (title, up) = match blast {
        None => ("Plan a blast".to_owned(), Link::new("Blasts", LIST)),
        Some(blast) => (format!("Plan {} anew", blast.name), Link::new(blast.name.clone(), path(blast.id))),
    };
    let lead = match blast {
        None => "Nothing is sent by a plan. It counts whom the text would reach and what that costs.",
        Some(_) => "What was planned before is gone then, and so is its approval.",
    };
    desk.page(title).up(up.text, up.href).lead(lead).push(Block::Form(form)).answer()
}

fn fields(blast: Option<&Blast>, slug: &str) -> FormBlock {
    let (action, out) = match blast {
        None => (format!("{LIST}new/"), LIST.to_owned()),
        Some(blast) => (format!("{}plan/", path(blast.id)), path(blast.id)),
    };
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    let amount = |amount: Option<Micros>| amount.map(|it| it.to_string()).unwrap_or_default();
    FormBlock::new(action, "Plan it").cancel("Cancel", out).inputs([
        Input::new("name", "Name", InputKind::Text)
            .hint("By which you find it again. Nobody who gets the text sees it.")
            .value(text(blast.map(|it| it.name.as_str()))),
        Input::new("campaign", "Campaign", InputKind::Text)
            .value(text(blast.and_then(|it| it.campaign.as_deref())))
            .optional(),
        Input::new("text", "The text", InputKind::Long)
            .hint("At most 1,600 characters. Each segment of it is paid for.")
            .value(text(blast.map(|it| it.content.as_str()))),
        Input::new("sender", "Whose text it is, by slug", InputKind::Text)
            .hint("Left empty, it is that of the organization that runs the service. A subscriber writes to its own voters only.")
            .value(slug)
            .optional(),
        Input::new("filter", "Whom it is for", InputKind::Long)
            .hint(EXAMPLE)
            .value(text(blast.and_then(|it| it.filter.as_deref())))
            .optional(),
        Input::new("list", "Or a list", InputKind::File)
            .hint("A CSV file with a column phone, and perhaps state and zip. At most 2,000 numbers; choose it again after a mistake.")
            .optional(),
        Input::new("price", "What a segment costs, in dollars", InputKind::Text)
            .hint("What the carrier charges, with the fees of the networks: 0.0083.")
            .value(amount(blast.map(|it| it.price))),
        Input::new("budget", "What all of it may cost, in dollars", InputKind::Text)
            .hint("A plan that costs more cannot be approved.")
            .value(amount(blast.map(|it| it.budget))),
    ])
}

/// `POST /manage/operations/blasts/new/`
///
/// # Errors
/// When the store fails.
pub(in crate::manage) async fn begin(request: Request, desk: Desk) -> Answer {
    planned(&request, &desk, None).await
}

/// `POST /manage/operations/blasts/{id}/plan/`
///
/// # Errors
/// 404 where there is no such blast; when the store fails.
pub(in crate::manage) async fn plan_again(request: Request, desk: Desk) -> Answer {
    let blast = named(request.app(), &request).await?;
    planned(&request, &desk, Some(blast)).await
}

async fn planned(request: &Request, desk: &Desk, blast: Option<Blast>) -> Answer {
    let app = request.app();
    let mut problems = Problems::default();
    let read = read(app, desk, blast.as_ref(), &mut problems).await?;
    let again = |problems: &Problems| {
        page(desk, blast.as_ref(), fields(blast.as_ref(), "").with(problems, &desk.form))
    };
    let Some((draft, audience)) = read else { return Ok(again(&problems)) };
    match blast::plan_later(app, draft, audience).await {
        Ok(blast) => Ok(desk.back(app, &path(blast.id), "The plan is made. Nothing is sent yet.")),
        Err(PlanError::Filter(complaints)) => {
            for complaint in complaints {
                problems.add("filter", other(complaint.to_string()));
            }
            Ok(again(&problems))
        }
        Err(PlanError::NotFound) => Err(ApiError::not_found()),
        Err(error @ (PlanError::Draft(_) | PlanError::Started | PlanError::Overtaken)) => {
            let form = fields(blast.as_ref(), "").mistake(sentence(&error.to_string()), &desk.form);
            Ok(page(desk, blast.as_ref(), form))
        }
        Err(PlanError::Store(error)) => Err(error.into()),
    }
}

fn other(text: String) -> Problem {
    Problem::Other("problem-blast", sentence(&text))
}

/// With a capital letter and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

/// What was sent, with everything that is wrong with it.
async fn read(
    app: &App,
    desk: &Desk,
    blast: Option<&Blast>,
    problems: &mut Problems,
) -> Result<Option<(Draft, Audience)>, StoreError> {
    let given = |name: &str| desk.form.get(name);
    for name in ["name", "text", "price", "budget"] {
        if given(name).is_empty() {
            problems.add(name, Problem::Required);
        }
    }
    let mut amount = |name: &str| {
        let amount = Micros::parse(given(name));
        if amount.is_none() && !given(name).is_empty() {
            problems.add(name, other("an amount looks like 150 or 0.0083".to_owned()));
        }
        amount.unwrap_or_default()
    };
    let (price, budget) = (amount("price"), amount("budget"));
    let sender = match given("sender") {
        "" => None,
        slug => {
            let found = app.store.view().await?.subscribers().by_slug(slug).await?;
            if found.is_none() {
                problems.add("sender", other(format!("there is no subscriber {slug}")));
            }
            found.map(|it| it.id)
        }
    };
    let audience = audience(given("filter"), desk.form.file("list"), problems);
    let Some(audience) = audience.filter(|_| problems.is_empty()) else { return Ok(None) };
    let draft = Draft {
        id: blast.map(|it| it.id),
        name: given("name").to_owned(),
        campaign: Some(given("campaign").to_owned()).filter(|text| !text.is_empty()),
        // as forms send it, with the ends of lines of the network, each of which would be paid for twice
        content: given("text").replace("\r\n", "\n"),
        sender,
        price,
        budget,
        // a map is asked for at the command line, and stays
        map: blast.and_then(|it| it.map),
        by: by(desk),
    };
    Ok(Some((draft, audience)))
}

/// Whom it is for: by the filter or by the list, and not by both.
fn audience(filter: &str, list: Option<&SentFile>, problems: &mut Problems) -> Option<Audience> {
    // a browser sends an empty file where none was chosen
    let list = list.filter(|file| !file.bytes.is_empty() || !file.name.is_empty());
    match (filter, list) {
        ("", None) => {
            problems.add("filter", other("say whom it is for: by a filter, or by a list".to_owned()));
            None
        }
        ("", Some(file)) => match read_list(&*file.bytes) {
            Ok(list) => Some(Audience::List(list)),
            Err(complaints) => {
                for complaint in complaints {
                    problems.add("list", other(complaint));
                }
                None
            }
        },
        (filter, None) => Some(Audience::Filter(filter.to_owned())),
        (_, Some(_)) => {
            problems.add("list", other("there is a filter too: take one of the two away".to_owned()));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blast_is_for_a_filter_or_a_list() {
        let file = |name: &str, text: &'static str| SentFile {
            field: "list".into(),
            name: name.into(),
            bytes: bytes::Bytes::from_static(text.as_bytes()),
        };
        let (none, list) = (file("", ""), file("a.csv", "phone\n+16175557890\n"));
        let (wrong, empty) = (file("a.csv", "phone\nx\ny\n"), file("a.csv", ""));
        for (filter, sent, found, complaints) in [
            ("tool = register", &none, "filter", vec![]),
            ("", &list, "list of 1", vec![]),
            ("", &none, "", vec!["filter"]),
            ("tool = register", &list, "", vec!["list"]),
            ("", &wrong, "", vec!["list"]),
            ("", &empty, "", vec!["list"]),
        ] {
            let mut problems = Problems::default();
            let is = match audience(filter, Some(sent), &mut problems) {
                Some(Audience::Filter(_)) => "filter".to_owned(),
                Some(Audience::List(list)) => format!("list of {}", list.len()),
                None => String::new(),
            };
            assert_eq!(is, found, "{filter}");
            assert_eq!(problems.iter().map(|(field, _)| field).collect::<Vec<_>>(), complaints);
        }
    }

    #[test]
    fn a_clause_becomes_a_sentence() {
        assert_eq!(sentence("there is no subscriber x"), "There is no subscriber x.");
        assert_eq!(sentence("Done."), "Done.");
        assert_eq!(sentence(""), ".");
    }
}
