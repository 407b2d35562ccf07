//! `blast plan`, `blast test`, `blast approve`, `blast start`, `blast stop`, `blast show` and `blast list`.

use std::{fmt::Write as _, fs::File, path::PathBuf, process::ExitCode};

use anyhow::{Context as _, bail, ensure};
use chrono::{DateTime, SecondsFormat, Utc};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use turnout_core::{
    App,
    account::User,
    blast::{self, Audience, Blast, By, Draft, Micros, Outcome, Plan, Progress, Signed, read_list},
    decision::{Decision, Rule},
    ids::{BlastId, SubscriberId},
    page::PageRequest,
    person::Phone,
    ports::maps::Voting,
    sms::segments::Encoding,
};

use super::{over_rows, who};

/// So many rows are read at once.
const AT_ONCE: u32 = 500;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Looks up whom a text is for, decides of each number, counts what it costs, and keeps all that. Sends nothing.
    Plan(Box<PlanArguments>),
    /// Sends the text of a plan to one number, which has to have agreed to texts.
    Test {
        /// The blast.
        #[arg(value_parser = id)]
        id: BlastId,
        /// The number.
        #[arg(long, value_name = "NUMBER", value_parser = phone)]
        to: Phone,
        #[command(flatten)]
        who: Who,
    },
    /// Approves a plan; not by whoever planned it.
    Approve {
        /// The blast.
        #[arg(value_parser = id)]
        id: BlastId,
        /// The plan, by the ten signs that `blast plan` and `blast show` name it by.
        #[arg(long, value_name = "PLAN")]
        plan: String,
        #[command(flatten)]
        who: Account,
    },
    /// Starts what was approved, or goes on with what was stopped.
    Start {
        /// The blast.
        #[arg(value_parser = id)]
        id: BlastId,
        #[command(flatten)]
        who: Who,
    },
    /// Stops a blast that runs: nothing more of it is handed over.
    Stop {
        /// The blast.
        #[arg(value_parser = id)]
        id: BlastId,
        #[command(flatten)]
        who: Who,
    },
    /// Shows a blast and how far it is.
    Show {
        /// The blast.
        #[arg(value_parser = id)]
        id: BlastId,
        /// What became of each number, as CSV.
        #[arg(long, conflicts_with = "json")]
        recipients: bool,
        /// JSON instead of text.
        #[arg(long)]
        json: bool,
    },
    /// Lists blasts.
    List {
        /// Only those after this id: where the page before ended.
        #[arg(long, value_name = "ID", value_parser = id)]
        after: Option<BlastId>,
        /// At most so many.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
        /// JSON instead of a table.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
pub(super) struct PlanArguments {
    /// What it is called.
    #[arg(long)]
    name: String,
    /// What it says.
    #[arg(long, required_unless_present = "text_file", conflicts_with = "text_file")]
    text: Option<String>,
    /// The file that has what it says.
    #[arg(long, value_name = "FILE")]
    text_file: Option<PathBuf>,
    /// Whom it is for: tool in (register, absentee) and state = OH and opted_in and not finished …
    #[arg(long = "where", value_name = "FILTER", required_unless_present = "list", conflicts_with = "list")]
    filter: Option<String>,
    /// Whom it is for: a CSV file with a column `phone`, and perhaps `state` and `zip`.
    #[arg(long, value_name = "FILE")]
    list: Option<PathBuf>,
    /// Shows each the way from home to where to vote, on a map that goes along: election-day or early. The words may have
    /// {dest_name}, {dest_address}, {dest_hours}, {home_address_short} and {locator_url}; a list needs a column `address`.
    #[arg(long, value_name = "WHERE", value_parser = voting)]
    map: Option<Voting>,
    /// Whose text it is, by slug; that of the organization that runs the service without it.
    #[arg(long, value_name = "SLUG")]
    subscriber: Option<String>,
    /// The campaign that it belongs to.
    #[arg(long)]
    campaign: Option<String>,
    /// What all of it may cost, in US dollars.
    #[arg(long, value_name = "DOLLARS", value_parser = dollars)]
    budget: Micros,
    /// What a segment costs, in US dollars: what the carrier charges, with the fees of the networks.
    #[arg(long, value_name = "DOLLARS", value_parser = dollars)]
    price: Micros,
    /// Plans this blast anew, which was not started. Whoever approved it has to look again.
    #[arg(long, value_name = "ID", value_parser = id)]
    id: Option<BlastId>,
    #[command(flatten)]
    who: Account,
    /// JSON instead of text.
    #[arg(long)]
    json: bool,
}

/// Somebody who plans or approves: two accounts tell two persons, as names do not.
#[derive(Debug, Args)]
pub(super) struct Account {
    /// Who does it: the address by which somebody signs in who has an account.
    #[arg(long, value_name = "EMAIL")]
    by: String,
}

impl Account {
    async fn by(&self, app: &App) -> anyhow::Result<By> {
        Ok(named(&who::account(app, &self.by).await?))
    }
}

/// Somebody who does anything else. Nobody has to look for an account before he stops a blast.
#[derive(Debug, Args)]
pub(super) struct Who {
    /// Who does it: the address by which somebody signs in who has an account, or a name.
    #[arg(long, value_name = "EMAIL")]
    by: String,
}

impl Who {
    async fn by(&self, app: &App) -> anyhow::Result<By> {
        let user = who::find(app, &self.by).await?;
        Ok(user.map_or_else(|| By::from(&self.by), |user| named(&user)))
    }
}

/// As on the site.
fn named(user: &User) -> By {
    By::user(user.id, user.display_name().chars().take(100).collect::<String>())
}

fn id(text: &str) -> Result<BlastId, String> {
    BlastId::parse(text).ok_or_else(|| "an id looks like 0b4f7c1e-…; `blast list` shows them".to_owned())
}

fn voting(text: &str) -> Result<Voting, String> {
    Voting::parse(&text.replace('-', "_")).ok_or_else(|| "say election-day or early".to_owned())
}

fn phone(text: &str) -> Result<Phone, String> {
    Phone::parse(text).ok_or_else(|| "a number looks like +16175550123".to_owned())
}

fn dollars(text: &str) -> Result<Micros, String> {
    Micros::parse(text).ok_or_else(|| "an amount looks like 150 or 0.0083".to_owned())
}

pub(super) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    over_rows::print(async |app, _| perform(app, command).await)
}

async fn perform(app: &App, command: &Command) -> anyhow::Result<String> {
    match command {
        Command::Plan(arguments) => plan(app, arguments).await,
        Command::Test { id, to, who } => {
            Ok(match blast::test(app, *id, to.clone(), who.by(app).await?).await? {
                Decision::Send => "The text is on its way.\n".to_owned(),
                Decision::HoldUntil(until, rule) => {
                    format!("The text waits until {}: {}\n", moment(until), rule.sentence())
                }
                Decision::Refuse(rule) => {
                    bail!(
                        "the text is not sent ({rule}): {} Have the number write JOIN first",
                        rule.sentence()
                    )
                }
            })
        }
        Command::Approve { id, plan, who } => {
            blast::approve(app, *id, plan, who.by(app).await?).await?;
            Ok(format!("Approved. It begins with: turnout-server blast start {id} --by EMAIL\n"))
        }
        Command::Start { id, who } => {
            blast::start(app, *id, who.by(app).await?).await?;
            Ok(format!(
                "It runs. How far it is: turnout-server blast show {id}. To stop it: turnout-server blast stop {id} \
                 --by EMAIL\n"
            ))
        }
        Command::Stop { id, who } => {
            blast::stop(app, *id, who.by(app).await?).await?;
            Ok("Stopped: nothing more of it is handed over. `blast start` goes on with the rest.\n"
                .to_owned())
        }
        Command::Show { id, recipients, json } => {
            let found = app.store.view().await?.blasts().by_id(*id).await?;
            let blast = found.with_context(|| format!("there is no blast {id}; try `blast list`"))?;
            if *recipients {
                return each(app, *id).await;
            }
            let progress = blast::progress(app, *id).await?;
            Ok(if *json { pretty(&as_json(&blast, Some(&progress))) } else { shown(&blast, &progress) })
        }
        Command::List { after, limit, json } => {
            let page = PageRequest { after: *after, limit: *limit };
            let page = app.store.view().await?.blasts().list(page).await?;
            if *json {
                let blasts: Vec<Value> = page.rows.iter().map(|blast| as_json(blast, None)).collect();
                return Ok(pretty(&json!({ "blasts": blasts, "next": page.next })));
            }
            let mut text = listed(&page.rows);
            if let Some(next) = page.next {
                writeln!(text, "\nThere are more: --after {next}").expect("a String takes every text");
            }
            Ok(text)
        }
    }
}

async fn plan(app: &App, arguments: &PlanArguments) -> anyhow::Result<String> {
    let content = match (&arguments.text, &arguments.text_file) {
        (Some(text), _) => text.clone(),
        (None, Some(file)) => {
            let text = std::fs::read_to_string(file);
            text.with_context(|| format!("{} cannot be read", file.display()))?.trim_end().to_owned()
        }
        (None, None) => bail!("say --text or --text-file"),
    };
    let audience = match (&arguments.filter, &arguments.list) {
        (Some(filter), _) => Audience::Filter(filter.clone()),
        (None, Some(file)) => {
            let open = File::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
            match read_list(open) {
                Ok(list) => Audience::List(list),
                Err(complaints) => bail!("{}:\n{}", file.display(), complaints.join("\n")),
            }
        }
        (None, None) => bail!("say --where or --list"),
    };
    let draft = Draft {
        id: arguments.id,
        name: arguments.name.clone(),
        campaign: arguments.campaign.clone(),
        content,
        map: arguments.map,
        sender: sender(app, arguments.subscriber.as_deref()).await?,
        price: arguments.price,
        budget: arguments.budget,
        by: arguments.who.by(app).await?,
    };
    let plan = blast::plan(app, draft, audience).await?;
    Ok(if arguments.json { pretty(&planned_as_json(&plan)) } else { planned(&plan) })
}

async fn sender(app: &App, slug: Option<&str>) -> anyhow::Result<Option<SubscriberId>> {
    let Some(slug) = slug else { return Ok(None) };
    let found = app.store.view().await?.subscribers().by_slug(slug).await?;
    ensure!(found.is_some(), "there is no subscriber {slug}");
    Ok(found.map(|subscriber| subscriber.id))
}

fn moment(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn rows(rows: &[(&str, String)]) -> String {
    rows.iter().fold(String::new(), |text, (name, value)| text + &format!("{name:<13} {value}\n"))
}

fn by_rule<'r>(counts: impl IntoIterator<Item = (&'r Rule, &'r u64)>) -> String {
    counts.into_iter().fold(String::new(), |text, (rule, count)| {
        text + &format!("  {count:>9}  {rule}: {}\n", rule.sentence())
    })
}

fn encoding(plan: &Plan) -> &'static str {
    match plan.encoding {
        Encoding::Gsm7 => "GSM-7",
        Encoding::Ucs2 => "UCS-2",
    }
}

fn planned(plan: &Plan) -> String {
    let blast = &plan.blast;
    let (held, refused) = (plan.held.values().sum::<u64>(), plan.refused.values().sum::<u64>());
    let seal = blast.seal.map(|seal| seal.short()).unwrap_or_default();
    let mut text = rows(&[
        ("blast", blast.id.to_string()),
        ("plan", seal.clone()),
        ("found", plan.found.to_string()),
        ("doubled", plan.doubled.to_string()),
        ("no address", plan.without_address.to_string()),
        ("go now", plan.now.to_string()),
        ("wait", held.to_string()),
        ("refused", refused.to_string()),
        ("segments", format!("{} ({}) each", blast.segments, encoding(plan))),
        ("cost", format!("{} of {} USD, at {} a segment", blast.cost(), blast.budget, blast.price)),
    ]);
    for (head, counts) in
        [("\nWait for their hour:\n", &plan.held), ("\nAre not written to:\n", &plan.refused)]
    {
        if !counts.is_empty() {
            text += head;
            text += &by_rule(counts);
        }
    }
    if !plan.suggestions.is_empty() {
        text += "\nOther signs would make it shorter:\n";
        for it in &plan.suggestions {
            text += &format!("  {:?} instead of {:?}\n", it.instead, it.sign);
        }
    }
    text += "\nSome of them:\n";
    for it in &plan.sample {
        let rule = it.rule.map(|rule| format!("  {rule}")).unwrap_or_default();
        text += &format!("  {}  {}{rule}\n", it.number, it.planned.wire());
    }
    text += "\nWhat it says:\n";
    text += &blast.content;
    text += "\n\n";
    text += &match (blast.sendable, plan.is_within_budget()) {
        (0, _) => "Nobody would get it.\n".to_owned(),
        (_, false) => "It costs more than it may, and cannot be approved.\n".to_owned(),
        (_, true) => {
            format!(
                "Somebody else approves it: turnout-server blast approve {} --plan {seal} --by EMAIL\n",
                blast.id
            )
        }
    };
    text
}

fn counts<'r>(counts: impl IntoIterator<Item = (&'r Rule, &'r u64)>) -> Value {
    counts.into_iter().map(|(rule, count)| (rule.id().into_owned(), json!(count))).collect()
}

fn planned_as_json(plan: &Plan) -> Value {
    let sample: Vec<Value> = plan
        .sample
        .iter()
        .map(|it| {
            json!({
                "number": it.number, "planned": it.planned.wire(), "rule": it.rule.map(|rule| rule.id().into_owned()),
            })
        })
        .collect();
    let suggestions: Vec<Value> = plan
        .suggestions
        .iter()
        .map(|it| json!({ "sign": it.sign.to_string(), "instead": it.instead }))
        .collect();
    json!({
        "blast": as_json(&plan.blast, None),
        "found": plan.found,
        "doubled": plan.doubled,
        "without_address": plan.without_address,
        "now": plan.now,
        "held": counts(&plan.held),
        "refused": counts(&plan.refused),
        "encoding": encoding(plan),
        "is_within_budget": plan.is_within_budget(),
        "suggestions": suggestions,
        "sample": sample,
    })
}

fn signed(signed: Option<&Signed>) -> String {
    signed.map_or_else(|| "-".to_owned(), |it| format!("{} by {}", moment(it.at), it.by))
}

fn shown(blast: &Blast, progress: &Progress) -> String {
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let approved = match (&blast.approved, blast.is_approved()) {
        (Some(_), false) => format!("{}, but of another plan", signed(blast.approved.as_ref())),
        (approved, _) => signed(approved.as_ref()),
    };
    let mut text = rows(&[
        ("id", blast.id.to_string()),
        ("name", blast.name.clone()),
        ("campaign", or_none(blast.campaign.clone())),
        ("status", blast.status.wire().to_owned()),
        ("plan", or_none(blast.seal.map(|seal| seal.short()))),
        ("subscriber", or_none(blast.sender.map(|id| id.to_string()))),
        ("for", blast.filter.clone().unwrap_or_else(|| "a list".to_owned())),
        ("numbers", blast.sendable.to_string()),
        ("cost", format!("{} of {} USD", blast.cost(), blast.budget)),
        ("planned", signed(blast.planned.as_ref())),
        ("tested", signed(blast.tested.as_ref())),
        ("approved", approved),
        ("started", signed(blast.started.as_ref())),
        ("stopped", signed(blast.stopped.as_ref())),
        ("finished", or_none(blast.finished_at.map(moment))),
    ]);
    text.push('\n');
    for (outcome, count) in &progress.0 {
        let rule = outcome.rule().map(|rule| format!("  {rule}: {}", rule.sentence()));
        let failure = outcome.failure().map(|it| format!("  {}: {}", it.wire(), it.label()));
        let why = rule.or(failure).unwrap_or_default();
        text += &format!("  {count:>9}  {}{why}\n", outcome.name());
    }
    text += "\n";
    text += &blast.content;
    text.push('\n');
    text
}

fn as_json(blast: &Blast, progress: Option<&Progress>) -> Value {
    let signed =
        |signed: &Option<Signed>| signed.as_ref().map(|it| json!({ "by": it.by, "at": moment(it.at) }));
    let mut value = json!({
        "id": blast.id,
        "name": blast.name,
        "campaign": blast.campaign,
        "content": blast.content,
        "status": blast.status.wire(),
        "plan": blast.seal.map(|seal| seal.short()),
        "subscriber": blast.sender,
        "filter": blast.filter,
        "numbers": blast.sendable,
        "segments": blast.segments,
        "price": blast.price.to_string(),
        "cost": blast.cost().to_string(),
        "budget": blast.budget.to_string(),
        "is_approved": blast.is_approved(),
        "planned": signed(&blast.planned),
        "tested": signed(&blast.tested),
        "approved": signed(&blast.approved),
        "started": signed(&blast.started),
        "stopped": signed(&blast.stopped),
        "finished": blast.finished_at.map(moment),
    });
    if let Some(progress) = progress {
        let named = |name: &str| progress.named(name);
        value["progress"] = json!({
            "waiting": named("waiting"),
            "held": named("held"),
            "sent": named("sent"),
            "delivered": named("delivered"),
            "failed": named("failed"),
            "refused": named("refused"),
            "unknown": named("unknown"),
        });
    }
    value
}

fn listed(blasts: &[Blast]) -> String {
    if blasts.is_empty() {
        return "No such blasts.\n".to_owned();
    }
    let rows: Vec<[String; 5]> = blasts
        .iter()
        .map(|blast| {
            [
                blast.id.to_string(),
                blast.status.wire().to_owned(),
                blast.sendable.to_string(),
                moment(blast.created_at),
                blast.name.clone(),
            ]
        })
        .collect();
    over_rows::table(["ID", "STATUS", "NUMBERS", "MADE", "NAME"], &rows)
}

/// What became of each, as CSV.
async fn each(app: &App, id: BlastId) -> anyhow::Result<String> {
    let mut written = csv::Writer::from_writer(Vec::new());
    written.write_record(["message", "phone", "outcome", "rule", "failure"])?;
    let mut after = None;
    loop {
        let page = PageRequest { after, limit: AT_ONCE };
        let page = app.store.report_view().await?.blasts().reached(id, app.now(), page).await?;
        for (recipient, reached) in &page.rows {
            let outcome = Outcome::of(reached);
            let rule = outcome.rule().map(|rule| rule.id().into_owned()).unwrap_or_default();
            let failure = outcome.failure().map(|it| it.wire()).unwrap_or_default();
            written.write_record([
                recipient.id.to_string().as_str(),
                recipient.phone.e164(),
                outcome.name(),
                rule.as_str(),
                failure,
            ])?;
        }
        after = page.next;
        if after.is_none() {
            let bytes = written.into_inner().context("the rows cannot be written")?;
            return String::from_utf8(bytes).context("the rows are no text");
        }
    }
}
