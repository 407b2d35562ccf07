//! `GET /manage/operations/blasts/{id}/`: a plan and what it comes to, or how far it is; and what can be done now.

use std::collections::BTreeMap;

use turnout_core::{
    App,
    blast::{self, Blast, BlastStatus, Plan, Planned, Progress, Signed},
    decision::Rule,
    ids::UserId,
    ports::store::StoreError,
    sms::segments::Encoding,
};

use super::{LIST, named, path, recipients, words};
use crate::{
    http::Request,
    manage::{
        Answer,
        blocks::{
            Block, Cell, Code, Column, Details, Figure, FormBlock, Input, InputKind, Link, Notice, Table,
        },
        frame::PageOf,
        gate::Desk,
        operations::changes,
        people::Names,
    },
};

/// `GET /manage/operations/blasts/{id}/`
///
/// # Errors
/// 404 where there is no such blast; when the store fails.
pub(in crate::manage) async fn one(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let blast = named(app, &request).await?;
    Ok(page(app, &desk, &blast, None).await?.answer())
}

/// The page, with the form of the test as it was sent if something is wrong with it.
///
/// # Errors
/// When the store fails.
pub(super) async fn page(
    app: &App,
    desk: &Desk,
    blast: &Blast,
    test: Option<FormBlock>,
) -> Result<PageOf, StoreError> {
    let signed = [&blast.planned, &blast.tested, &blast.approved, &blast.started, &blast.stopped];
    let users: Vec<Option<UserId>> = signed.iter().map(|it| it.as_ref()?.user).collect();
    let names = Names::of(app, users, [blast.sender]).await?;
    let mut page = desk.page(blast.name.clone()).up("Blasts", LIST).lead(format!("{}.", words(blast.status)));
    page = page.extend(what_now(desk, blast, test));
    if blast.run > 0 {
        page = page.push(Block::Heading("How far it is".to_owned()));
        page = page.push(Block::Figures(progress(&blast::progress(app, blast.id).await?)));
    }
    if blast.status != BlastStatus::Planning {
        page = page.extend(plan(&blast::overview(app, blast).await?));
        let each = Link::new("What became of each number", format!("{}recipients/", path(blast.id)));
        page = page.push(Block::Links(vec![each]));
    }
    page = page
        .push(Block::Code(Code { label: "What it says".to_owned(), text: blast.content.clone() }))
        .push(Block::Details(details(desk, blast, &names)));
    Ok(page.push(Block::Table(changes::latest(app, "blast", &blast.id.to_string()).await?)))
}

/// What can be done with it, and what stands in the way.
fn what_now(desk: &Desk, blast: &Blast, test: Option<FormBlock>) -> Vec<Block> {
    let mut blocks = Vec::new();
    let here = path(blast.id);
    let anew = || Link::new("Plan it anew", format!("{here}plan/"));
    match blast.status {
        BlastStatus::Planning => {
            let text = "Whom it is for is being looked up. Open this page again in a moment. If it stays so, plan it anew.";
            blocks.push(Block::Notice(Notice::plain(text)));
            blocks.push(Block::Actions(vec![anew()]));
        }
        BlastStatus::Planned | BlastStatus::Approved => {
            blocks.push(Block::Actions(vec![anew()]));
            blocks.push(Block::Form(test.unwrap_or_else(|| test_form(blast))));
            blocks.push(match hindrance(desk, blast) {
                Some(text) => Block::Notice(Notice::warning(text)),
                None if blast.is_approved() => Block::Form(start_form(blast, "Start it")),
                None => Block::Form(approve_form(blast)),
            });
        }
        BlastStatus::Running => {
            let stop = FormBlock::new(format!("{here}stop/"), "Stop it now")
                .heading("Stop")
                .lead("No more texts of it are handed over from then on. What is sent is sent.")
                .danger();
            blocks.push(Block::Form(stop));
        }
        BlastStatus::Stopped => blocks.push(Block::Form(start_form(blast, "Go on with the rest"))),
        BlastStatus::Done => {}
    }
    blocks
}

/// Why a plan cannot be approved, or not by the reader.
fn hindrance(desk: &Desk, blast: &Blast) -> Option<&'static str> {
    if blast.sendable == 0 {
        return Some("Nobody would get it, so it cannot be approved.");
    }
    if blast.cost() > blast.budget {
        return Some(
            "It costs more than it may, so it cannot be approved. Plan it anew for fewer, or with more to spend.",
        );
    }
    let is_own = blast.planned.as_ref().is_some_and(|planned| planned.user == Some(desk.user.id));
    if is_own && !blast.is_approved() {
        return Some(
            "You planned it, so somebody else has to approve it. Send them the address of this page.",
        );
    }
    None
}

/// The form by which the text is sent to one number first.
pub(super) fn test_form(blast: &Blast) -> FormBlock {
    FormBlock::new(format!("{}test/", path(blast.id)), "Send the test")
        .heading("Test it")
        .lead("The text goes to one number, outside of the blast. The number has to have agreed to texts.")
        .input(Input::new("to", "Telephone number", InputKind::Tel).autocomplete("tel"))
}

fn approve_form(blast: &Blast) -> FormBlock {
    let seal = blast.seal.map(|seal| seal.to_string()).unwrap_or_default();
    let cost = format!(
        "{} numbers, {} of at most {} dollars. You approve exactly these words and these numbers.",
        blast.sendable,
        blast.cost(),
        blast.budget
    );
    FormBlock::new(format!("{}approve/", path(blast.id)), "Approve this plan")
        .heading("Approve it")
        .lead(cost)
        .input(Input::hidden("plan", seal))
}

fn start_form(blast: &Blast, button: &str) -> FormBlock {
    let lead = format!("The texts go to {} numbers, each when it may be written to.", blast.sendable);
    FormBlock::new(format!("{}start/", path(blast.id)), button).heading("Start").lead(lead)
}

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn progress(progress: &Progress) -> Vec<Figure> {
    let mut by_words: Vec<(&str, u64)> = Vec::new();
    for (outcome, number) in &progress.0 {
        let words = recipients::words(*outcome);
        match by_words.iter_mut().find(|(it, _)| *it == words) {
            Some((_, sum)) => *sum += number,
            None => by_words.push((words, *number)),
        }
    }
    by_words.into_iter().map(|(words, number)| Figure::new(words, count(number))).collect()
}

/// What a plan comes to.
fn plan(plan: &Plan) -> Vec<Block> {
    let blast = &plan.blast;
    let sum = |counts: &BTreeMap<Rule, u64>| count(counts.values().sum());
    let mut blocks = vec![
        Block::Heading("The plan".to_owned()),
        Block::Figures(vec![
            Figure::new("Numbers found", count(plan.found)),
            Figure::new("Would go at once", count(plan.now)),
            Figure::new("Would wait", sum(&plan.held)),
            Figure::new("Not written to", sum(&plan.refused)),
        ]),
    ];
    for (caption, counts) in [("Why some wait", &plan.held), ("Why some are not written to", &plan.refused)] {
        if !counts.is_empty() {
            blocks.push(Block::Table(rules(caption, counts)));
        }
    }
    let encoding = match plan.encoding {
        Encoding::Gsm7 => "GSM-7",
        Encoding::Ucs2 => "UCS-2",
    };
    blocks.push(Block::Details(Details {
        heading: "What it costs".to_owned(),
        pairs: vec![
            ("Segments of each text".to_owned(), Cell::text(format!("{} ({encoding})", blast.segments))),
            ("A segment".to_owned(), Cell::text(format!("${}", blast.price))),
            ("All of it".to_owned(), Cell::text(format!("${}", blast.cost()))),
            ("It may cost".to_owned(), Cell::text(format!("${}", blast.budget))),
        ],
    }));
    if !plan.suggestions.is_empty() {
        let row = |it: &turnout_core::sms::segments::Suggestion| {
            vec![Cell::Code(it.sign.to_string()), Cell::Code(it.instead.to_owned())]
        };
        blocks.push(Block::Table(Table {
            caption: "Other signs would make it shorter".to_owned(),
            columns: ["Sign", "Instead"].map(Column::new).into(),
            rows: plan.suggestions.iter().map(row).collect(),
            empty: String::new(),
        }));
    }
    let row = |it: &blast::Sample| {
        let planned = match it.planned {
            Planned::Send => "Would go at once",
            Planned::Hold => "Would wait",
            Planned::Refuse => "Not written to",
        };
        let why = it.rule.map(|rule| rule.sentence().into_owned()).unwrap_or_default();
        vec![Cell::text(&it.number), Cell::text(planned), Cell::text(why)]
    };
    blocks.push(Block::Table(Table {
        caption: "Some of the numbers".to_owned(),
        columns: ["Number", "Planned", "Why"].map(Column::new).into(),
        rows: plan.sample.iter().map(row).collect(),
        empty: "It is for nobody.".to_owned(),
    }));
    blocks
}

fn rules(caption: &str, counts: &BTreeMap<Rule, u64>) -> Table {
    let row = |(rule, number): (&Rule, &u64)| {
        vec![
            Cell::text(rule.sentence().into_owned()),
            Cell::Number(count(*number)),
            Cell::Code(rule.to_string()),
        ]
    };
    Table {
        caption: caption.to_owned(),
        columns: vec![Column::new("Why"), Column::number("Numbers"), Column::new("Rule")],
        rows: counts.iter().map(row).collect(),
        empty: String::new(),
    }
}

fn details(desk: &Desk, blast: &Blast, names: &Names) -> Details {
    let signed = |signed: &Option<Signed>| match signed {
        Some(it) => Cell::text(format!("{} by {}", desk.local(it.at), it.by)),
        None => Cell::None,
    };
    let pair = |name: &str, cell: Cell| (name.to_owned(), cell);
    let sender = match blast.sender {
        Some(_) => names.subscriber(blast.sender),
        None => Cell::text("The organization that runs the service"),
    };
    let approved = match (&blast.approved, blast.is_approved()) {
        (Some(it), false) => Cell::text(format!("{} by {}, but of another plan", desk.local(it.at), it.by)),
        (approved, _) => signed(approved),
    };
    Details {
        heading: "About it".to_owned(),
        pairs: vec![
            pair("Campaign", Cell::text(blast.campaign.clone().unwrap_or_default())),
            pair("Sender", sender),
            pair("Whom it is for", blast.filter.clone().map_or(Cell::text("A list"), Cell::Code)),
            pair("Plan", Cell::Code(blast.seal.map(|seal| seal.short()).unwrap_or_default())),
            pair("Planned", signed(&blast.planned)),
            pair("Tested", signed(&blast.tested)),
            pair("Approved", approved),
            pair("Started", signed(&blast.started)),
            pair("Stopped", signed(&blast.stopped)),
            pair("Finished", Cell::time(blast.finished_at)),
            pair("Id", Cell::Code(blast.id.to_string())),
        ],
    }
}
