//! What a page is made of: a list of blocks, each rendered by one template of `templates/manage/`.
//!
//! A page says what is in its tables and forms; what they look like, how they are read aloud, and the CSRF token of each
//! form that is posted are settled here, once.

use askama::Template;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use turnout_core::{
    diff,
    problems::{NON_FIELD, Problems},
    wording::markdown_html,
};

use super::form::Form;

/// What every block is drawn with: what belongs to the reader, not to the page.
#[derive(Clone)]
pub(super) struct Ink {
    /// What proves that a form is one of ours.
    pub(super) csrf: String,
    /// Where the reader's clock stands.
    pub(super) zone: Tz,
}

impl Ink {
    /// A moment as the reader's clock shows it.
    pub(super) fn local(&self, at: &DateTime<Utc>) -> String {
        at.with_timezone(&self.zone).format("%b %-d, %Y, %-I:%M %p %Z").to_string()
    }

    /// A moment for programs.
    fn exact(&self, at: &DateTime<Utc>) -> String {
        at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}

/// A part of a page.
pub(super) enum Block {
    /// Rows and columns.
    Table(Table),
    /// Names with their values.
    Details(Details),
    /// Something to fill in, or a button with what it does.
    Form(FormBlock),
    /// A paragraph.
    Text(String),
    /// Links, one under the other.
    Links(Vec<Link>),
    /// Links beside each other that do something.
    Actions(Vec<Link>),
    /// The heading of what follows.
    Heading(String),
    /// Numbers, large.
    Figures(Vec<Figure>),
    /// Numbers as bars, beside each other.
    Charts(Vec<Chart>),
    /// The way to older and newer rows.
    Pager(Pager),
    /// Words and filters over a list.
    Search(SearchBox),
    /// Something to be noticed.
    Notice(Notice),
    /// Text as it is typed: code, keys, what can be copied.
    Code(Code),
    /// A text that was written in Markdown, as it is read.
    Prose(Prose),
    /// What is different between two texts.
    Difference(Difference),
    /// HTML of our own templates, and of nobody else.
    Raw(String),
}

/// A text that was written in Markdown, as it is read.
pub(super) struct Prose {
    /// What it is.
    pub(super) heading: String,
    html: String,
}

impl Prose {
    /// A text in Markdown. No HTML in it is obeyed.
    pub(super) fn new(heading: impl Into<String>, markdown: &str) -> Self {
        Self { heading: heading.into(), html: markdown_html(markdown) }
    }
}

/// What is different between two texts.
pub(super) struct Difference {
    /// What they are.
    pub(super) heading: String,
    /// The text before.
    pub(super) before: String,
    /// The text after.
    pub(super) after: String,
}

impl Difference {
    /// The lines of both.
    fn lines(&self) -> Vec<diff::Line<'_>> {
        diff::lines(&self.before, &self.after)
    }
}

/// Rows and columns.
#[derive(Default)]
pub(super) struct Table {
    /// What the rows are.
    pub(super) caption: String,
    /// The columns. The first one's cells are the headings of their rows.
    pub(super) columns: Vec<Column>,
    /// The rows, a cell for each column.
    pub(super) rows: Vec<Vec<Cell>>,
    /// What is said where there is no row.
    pub(super) empty: String,
}

/// A column of a table.
pub(super) struct Column {
    /// Its heading.
    pub(super) title: String,
    /// Whether it holds numbers, which stand under each other.
    pub(super) is_number: bool,
    /// Whether its heading is only read aloud.
    pub(super) is_silent: bool,
}

impl Column {
    /// A column of texts.
    pub(super) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), is_number: false, is_silent: false }
    }

    /// A column of numbers.
    pub(super) fn number(title: impl Into<String>) -> Self {
        Self { is_number: true, ..Self::new(title) }
    }

    /// A column of buttons or links, whose heading is only read aloud.
    pub(super) fn silent(title: impl Into<String>) -> Self {
        Self { is_silent: true, ..Self::new(title) }
    }
}

/// What stands in one place of a table, or beside a name.
pub(super) enum Cell {
    /// A text.
    Text(String),
    /// A text that leads somewhere.
    Link {
        /// The text.
        text: String,
        /// Where to.
        href: String,
    },
    /// A moment, told by the reader's clock.
    Time(DateTime<Utc>),
    /// A number.
    Number(i64),
    /// Yes or no.
    Yes(bool),
    /// Text as it is typed.
    Code(String),
    /// A text of several lines.
    Long(String),
    /// A text that was written in Markdown, as it is read.
    Prose(Prose),
    /// A box that chooses the row for a form elsewhere on the page.
    Check {
        /// The form, by its id.
        form: &'static str,
        /// Its name in what is sent; of all rows the same.
        name: &'static str,
        /// What is sent where it is checked.
        value: String,
        /// What it is read aloud as.
        label: String,
    },
    /// Buttons, each a form of its own.
    Buttons(Vec<Button>),
    /// Links beside each other.
    Links(Vec<Link>),
    /// Nothing.
    None,
}

impl Cell {
    /// A text; nothing for an empty one.
    pub(super) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::None } else { Self::Text(text) }
    }

    /// A link.
    pub(super) fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self::Link { text: text.into(), href: href.into() }
    }

    /// A text of several lines; nothing for an empty one.
    pub(super) fn long(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::None } else { Self::Long(text) }
    }

    /// A text in Markdown; nothing for an empty one.
    pub(super) fn prose(markdown: &str) -> Self {
        if markdown.trim().is_empty() { Self::None } else { Self::Prose(Prose::new("", markdown)) }
    }

    /// A moment; nothing for none.
    pub(super) fn time(at: Option<DateTime<Utc>>) -> Self {
        at.map_or(Self::None, Self::Time)
    }
}

/// A button that is a form of its own, sent by POST.
#[derive(Default)]
pub(super) struct Button {
    /// What it says.
    pub(super) label: String,
    /// What it is about, where buttons of many rows say the same: read aloud after the label.
    pub(super) about: String,
    /// Where it is sent.
    pub(super) action: String,
    /// What is sent with it.
    pub(super) fields: Vec<(String, String)>,
    /// Whether it takes something away.
    pub(super) danger: bool,
}

impl Button {
    /// A button.
    pub(super) fn new(label: impl Into<String>, action: impl Into<String>) -> Self {
        Self { label: label.into(), action: action.into(), ..Self::default() }
    }

    /// What it is about, for who does not see its row.
    pub(super) fn about(mut self, about: impl Into<String>) -> Self {
        self.about = about.into();
        self
    }

    /// Sends this with it.
    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.fields.push((name.to_owned(), value.into()));
        self
    }

    /// It takes something away.
    pub(super) fn danger(mut self) -> Self {
        self.danger = true;
        self
    }
}

/// Names with their values.
#[derive(Default)]
pub(super) struct Details {
    /// What they are about.
    pub(super) heading: String,
    /// The pairs, in order.
    pub(super) pairs: Vec<(String, Cell)>,
}

/// A link.
pub(super) struct Link {
    /// Its text.
    pub(super) text: String,
    /// Where it leads.
    pub(super) href: String,
    /// What more there is to say about it.
    pub(super) note: String,
    /// Whether it is the first thing to do on its page.
    pub(super) is_main: bool,
}

impl Link {
    /// A link.
    pub(super) fn new(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into(), note: String::new(), is_main: false }
    }

    /// The first thing to do on its page.
    pub(super) fn main(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { is_main: true, ..Self::new(text, href) }
    }

    /// What more there is to say about it.
    pub(super) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}

/// A number, large.
pub(super) struct Figure {
    /// What is counted.
    pub(super) label: String,
    /// The number, as it is read.
    pub(super) value: String,
    /// What more there is to say about it.
    pub(super) note: String,
    /// Where its parts are listed.
    pub(super) href: Option<String>,
}

impl Figure {
    /// A number with thousands apart.
    pub(super) fn new(label: impl Into<String>, value: i64) -> Self {
        Self { label: label.into(), value: thousands(value), note: String::new(), href: None }
    }
}

/// A number with a comma between thousands.
pub(super) fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

/// The same, as templates call it.
fn grouped(number: &i64) -> String {
    thousands(*number)
}

/// Numbers as bars, with the same numbers as a table below.
pub(super) struct Chart {
    /// What is shown.
    pub(super) title: String,
    /// What is counted: the heading of the numbers.
    pub(super) counted: String,
    /// What each bar is about, and how much of it.
    pub(super) points: Vec<(String, i64)>,
}

/// A bar as it is drawn, in hundredths of the width and of the height.
struct Bar {
    x: String,
    y: String,
    width: String,
    height: String,
    says: String,
}

impl Chart {
    fn bars(&self) -> Vec<Bar> {
        let most = self.points.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
        #[expect(clippy::cast_precision_loss, reason = "a bar is a few pixels high")]
        let of = |part: i64, whole: i64| 100.0 * part as f64 / whole as f64;
        let count = i64::try_from(self.points.len()).unwrap_or(1).max(1);
        let bar = |(at, (name, value)): (usize, &(String, i64))| {
            let height = of((*value).max(0), most);
            Bar {
                x: format!("{:.2}", of(i64::try_from(at).unwrap_or(0), count)),
                y: format!("{:.2}", 100.0 - height),
                width: format!("{:.2}", 0.8 * of(1, count)),
                height: format!("{height:.2}"),
                says: format!("{name}: {}", thousands(*value)),
            }
        };
        self.points.iter().enumerate().map(bar).collect()
    }

    /// What is read aloud instead of the bars.
    fn words(&self) -> String {
        let total: i64 = self.points.iter().map(|(_, count)| count).sum();
        match (self.points.first(), self.points.last()) {
            (Some((first, _)), Some((last, _))) => {
                format!("{}, {first} to {last}: {} altogether", self.title, thousands(total))
            }
            _ => self.title.clone(),
        }
    }
}

/// The way to older and newer rows.
#[derive(Default)]
pub(super) struct Pager {
    /// How many there are, in words.
    pub(super) count: String,
    /// The newest rows.
    pub(super) first: Option<String>,
    /// The rows before these.
    pub(super) previous: Option<String>,
    /// The rows after these.
    pub(super) next: Option<String>,
}

/// Words and filters over a list, sent by GET.
pub(super) struct SearchBox {
    /// Where it is sent.
    pub(super) action: String,
    /// What is looked for, and where; there are only filters without it.
    pub(super) label: String,
    /// The words looked for.
    pub(super) query: String,
    /// Choices beside the words.
    pub(super) filters: Vec<Input>,
}

/// How a notice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// Something to know.
    Plain,
    /// Something to beware of.
    Warning,
}

/// Something to be noticed.
pub(super) struct Notice {
    /// How it is meant.
    pub(super) tone: Tone,
    /// What it says.
    pub(super) text: String,
}

impl Notice {
    /// Something to know.
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self { tone: Tone::Plain, text: text.into() }
    }

    /// Something to beware of.
    pub(super) fn warning(text: impl Into<String>) -> Self {
        Self { tone: Tone::Warning, text: text.into() }
    }

    fn class(&self) -> &'static str {
        match self.tone {
            Tone::Plain => "note",
            Tone::Warning => "note warning",
        }
    }
}

/// Text as it is typed.
pub(super) struct Code {
    /// What it is.
    pub(super) label: String,
    /// The text.
    pub(super) text: String,
}

/// Something to fill in.
pub(super) struct FormBlock {
    /// By what boxes in a table belong to it; empty where none do.
    pub(super) id: &'static str,
    /// Its heading; a page of one form has it as its title instead.
    pub(super) heading: String,
    /// What to know before.
    pub(super) lead: String,
    /// Where it is sent by POST.
    pub(super) action: String,
    /// What its button says.
    pub(super) button: String,
    /// What is asked for.
    pub(super) inputs: Vec<Input>,
    /// A button beside the first one: its name in what is sent, and what it says.
    pub(super) beside: Option<(&'static str, String)>,
    /// Whether it takes something away.
    pub(super) danger: bool,
    /// The way out.
    pub(super) cancel: Option<Link>,
    /// What is wrong with all of it together.
    pub(super) mistakes: Vec<String>,
}

impl FormBlock {
    /// A form.
    pub(super) fn new(action: impl Into<String>, button: impl Into<String>) -> Self {
        Self {
            id: "",
            heading: String::new(),
            lead: String::new(),
            action: action.into(),
            button: button.into(),
            inputs: Vec::new(),
            beside: None,
            danger: false,
            cancel: None,
            mistakes: Vec::new(),
        }
    }

    /// By what boxes in a table belong to it.
    pub(super) fn id(mut self, id: &'static str) -> Self {
        self.id = id;
        self
    }

    /// Its heading, on a page of several.
    pub(super) fn heading(mut self, heading: impl Into<String>) -> Self {
        self.heading = heading.into();
        self
    }

    /// What to know before.
    pub(super) fn lead(mut self, lead: impl Into<String>) -> Self {
        self.lead = lead.into();
        self
    }

    /// Asks for one thing more.
    pub(super) fn input(mut self, input: Input) -> Self {
        self.inputs.push(input);
        self
    }

    /// Asks for more things.
    pub(super) fn inputs(mut self, inputs: impl IntoIterator<Item = Input>) -> Self {
        self.inputs.extend(inputs);
        self
    }

    /// A button beside the first one, which sends `name`.
    pub(super) fn beside(mut self, name: &'static str, button: impl Into<String>) -> Self {
        self.beside = Some((name, button.into()));
        self
    }

    /// It takes something away.
    pub(super) fn danger(mut self) -> Self {
        self.danger = true;
        self
    }

    /// The way out.
    pub(super) fn cancel(mut self, text: impl Into<String>, href: impl Into<String>) -> Self {
        self.cancel = Some(Link::new(text, href));
        self
    }

    /// As it was sent, with what is wrong. Secrets are not shown again.
    pub(super) fn with(mut self, problems: &Problems, sent: &Form) -> Self {
        for input in &mut self.inputs {
            input.take(sent);
        }
        for (field, problems) in problems.iter() {
            let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
            match self.inputs.iter_mut().find(|input| input.name == field && field != NON_FIELD) {
                Some(input) => input.errors.extend(texts),
                None => self.mistakes.extend(texts),
            }
        }
        self
    }

    /// As it was sent, with one thing wrong about all of it.
    pub(super) fn mistake(mut self, text: impl Into<String>, sent: &Form) -> Self {
        for input in &mut self.inputs {
            input.take(sent);
        }
        self.mistakes.push(text.into());
        self
    }

    /// As it was sent, with nothing wrong about it.
    pub(super) fn again(self, sent: &Form) -> Self {
        self.with(&Problems::new(), sent)
    }

    /// Whether something is wrong with what was sent.
    pub(super) fn is_wrong(&self) -> bool {
        !self.mistakes.is_empty() || self.inputs.iter().any(|input| !input.errors.is_empty())
    }

    /// Whether it is nothing but a button.
    fn is_bare(&self) -> bool {
        self.heading.is_empty()
            && self.lead.is_empty()
            && self.cancel.is_none()
            && self.inputs.iter().all(|input| matches!(input.kind, InputKind::Hidden))
    }

    fn sends_files(&self) -> bool {
        self.inputs.iter().any(|input| matches!(input.kind, InputKind::File))
    }
}

/// How something is entered.
pub(super) enum InputKind {
    /// A line.
    Text,
    /// An e-mail address.
    Email,
    /// A URL.
    Url,
    /// A secret; never shown again.
    Password,
    /// A date.
    Date,
    /// A telephone number.
    Tel,
    /// A whole number.
    Number,
    /// Several lines.
    Long,
    /// A box to check.
    Check,
    /// One of a few: value and words.
    Radio(Vec<(String, String)>),
    /// One of many: value and words.
    Select(Vec<(String, String)>),
    /// Nothing to enter.
    Hidden,
    /// A file.
    File,
    /// The digits that a telephone shows; never shown again.
    Code,
}

/// One thing that is asked for.
pub(super) struct Input {
    /// Its name in what is sent.
    pub(super) name: &'static str,
    /// What it is.
    pub(super) label: String,
    /// What to know before.
    pub(super) hint: Option<String>,
    /// How it is entered.
    pub(super) kind: InputKind,
    /// What was entered; of a box `true` or nothing.
    pub(super) value: String,
    /// What is wrong with it.
    pub(super) errors: Vec<String>,
    /// Whether it may not be left out.
    pub(super) required: bool,
    /// What the browser may fill in.
    pub(super) autocomplete: Option<&'static str>,
    /// Its id, where two forms of a page ask for the same.
    pub(super) id: String,
    /// Those of its choices that cannot be chosen now.
    pub(super) closed: Vec<String>,
}

impl Input {
    /// Something that has to be entered; a box may stay empty.
    pub(super) fn new(name: &'static str, label: impl Into<String>, kind: InputKind) -> Self {
        let required = !matches!(kind, InputKind::Check | InputKind::Hidden);
        let (label, id) = (label.into(), name.to_owned());
        let (hint, value, errors, autocomplete) = (None, String::new(), Vec::new(), None);
        Self { name, label, hint, kind, value, errors, required, autocomplete, id, closed: Vec::new() }
    }

    /// A value that is sent and not seen.
    pub(super) fn hidden(name: &'static str, value: impl Into<String>) -> Self {
        Self::new(name, "", InputKind::Hidden).value(value)
    }

    /// What to know before.
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What is in it at first.
    pub(super) fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// Whether the box is checked at first.
    pub(super) fn checked(self, is_checked: bool) -> Self {
        self.value(if is_checked { "true" } else { "" })
    }

    /// It may be left out.
    pub(super) fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// What the browser may fill in.
    pub(super) fn autocomplete(mut self, what: &'static str) -> Self {
        self.autocomplete = Some(what);
        self
    }

    /// Those of its choices that cannot be chosen now.
    pub(super) fn closed(mut self, choices: Vec<String>) -> Self {
        self.closed = choices;
        self
    }

    /// Takes what was sent, unless it is a secret or nothing that can be entered.
    fn take(&mut self, sent: &Form) {
        match self.kind {
            InputKind::Password | InputKind::Code | InputKind::File | InputKind::Hidden => {}
            InputKind::Check => {
                self.value = if sent.is_checked(self.name) { "true" } else { "" }.to_owned();
            }
            _ => sent.get(self.name).clone_into(&mut self.value),
        }
    }

    /// What describes it, by id.
    fn described_by(&self) -> Option<String> {
        let mut ids = Vec::new();
        if self.hint.is_some() {
            ids.push(format!("{}-hint", self.id));
        }
        if !self.errors.is_empty() {
            ids.push(format!("{}-error", self.id));
        }
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    /// Where its mistake leads: of several choices the first.
    fn target(&self) -> String {
        match &self.kind {
            InputKind::Radio(_) => format!("{}-0", self.id),
            _ => self.id.clone(),
        }
    }

    /// `type` and `inputmode` of a line.
    fn line(&self) -> (&'static str, &'static str) {
        match self.kind {
            InputKind::Email => ("email", "email"),
            InputKind::Url => ("url", "url"),
            InputKind::Password => ("password", "text"),
            InputKind::Date => ("date", "text"),
            InputKind::Tel => ("tel", "tel"),
            InputKind::Number | InputKind::Code => ("text", "numeric"),
            InputKind::File => ("file", "text"),
            _ => ("text", "text"),
        }
    }
}

/// A block as its template sees it.
#[derive(Template)]
#[template(path = "manage/table.html")]
struct TableView<'a>(&'a Table, &'a Ink);

#[derive(Template)]
#[template(path = "manage/details.html")]
struct DetailsView<'a>(&'a Details, &'a Ink);

#[derive(Template)]
#[template(path = "manage/form.html")]
struct FormView<'a>(&'a FormBlock, &'a Ink);

#[derive(Template)]
#[template(path = "manage/text.html")]
struct TextView<'a>(&'a str);

#[derive(Template)]
#[template(path = "manage/links.html")]
struct LinksView<'a>(&'a [Link]);

#[derive(Template)]
#[template(path = "manage/actions.html")]
struct ActionsView<'a>(&'a [Link]);

#[derive(Template)]
#[template(path = "manage/heading.html")]
struct HeadingView<'a>(&'a str);

#[derive(Template)]
#[template(path = "manage/figures.html")]
struct FiguresView<'a>(&'a [Figure]);

#[derive(Template)]
#[template(path = "manage/chart.html")]
struct ChartView<'a>(&'a Chart);

#[derive(Template)]
#[template(path = "manage/pager.html")]
struct PagerView<'a>(&'a Pager);

#[derive(Template)]
#[template(path = "manage/search.html")]
struct SearchView<'a>(&'a SearchBox);

#[derive(Template)]
#[template(path = "manage/notice.html")]
struct NoticeView<'a>(&'a Notice);

#[derive(Template)]
#[template(path = "manage/code.html")]
struct CodeView<'a>(&'a Code);

#[derive(Template)]
#[template(path = "manage/prose.html")]
struct ProseView<'a>(&'a Prose);

#[derive(Template)]
#[template(path = "manage/difference.html")]
struct DifferenceView<'a>(&'a Difference);

impl Block {
    /// The block as HTML.
    pub(super) fn html(&self, ink: &Ink) -> String {
        match self {
            Self::Table(it) => drawn(&TableView(it, ink)),
            Self::Details(it) => drawn(&DetailsView(it, ink)),
            Self::Form(it) => drawn(&FormView(it, ink)),
            Self::Text(it) => drawn(&TextView(it)),
            Self::Links(it) => drawn(&LinksView(it)),
            Self::Actions(it) => drawn(&ActionsView(it)),
            Self::Heading(it) => drawn(&HeadingView(it)),
            Self::Figures(it) => drawn(&FiguresView(it)),
            Self::Charts(all) => {
                let charts: String = all.iter().map(|it| drawn(&ChartView(it))).collect();
                format!("<div class=\"charts\">{charts}</div>")
            }
            Self::Pager(it) => drawn(&PagerView(it)),
            Self::Search(it) => drawn(&SearchView(it)),
            Self::Notice(it) => drawn(&NoticeView(it)),
            Self::Code(it) => drawn(&CodeView(it)),
            Self::Prose(it) => drawn(&ProseView(it)),
            Self::Difference(it) => drawn(&DifferenceView(it)),
            Self::Raw(html) => html.clone(),
        }
    }
}

fn drawn(template: &impl Template) -> String {
    template.render().expect("our templates call nothing that fails")
}

#[cfg(test)]
mod tests {
    use turnout_core::problems::Problem;

    use super::*;

    fn ink() -> Ink {
        Ink { csrf: "t0ken".into(), zone: Tz::US__Hawaii }
    }

    fn form() -> FormBlock {
        FormBlock::new("/manage/x/", "Save").inputs([
            Input::new("name", "Name", InputKind::Text).hint("As voters know you."),
            Input::new("password", "Password", InputKind::Password),
            Input::new("is_open", "Open", InputKind::Check),
            Input::new(
                "way",
                "Way",
                InputKind::Radio(vec![("a".into(), "A".into()), ("b".into(), "B".into())]),
            ),
        ])
    }

    #[test]
    fn numbers_are_read_in_thousands() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567")] {
            assert_eq!(thousands(number), text);
        }
        assert!(thousands(i64::MIN).starts_with("-9,223,"));
    }

    #[test]
    fn what_is_wrong_is_said_at_the_top_and_at_its_field_and_no_secret_comes_back() {
        let mut problems = Problems::new();
        problems.add("name", Problem::Blank);
        problems.add("way", Problem::Required);
        problems.add("elsewhere", Problem::Email);
        let sent = [("name", "<Zoë>"), ("password", "s3cret"), ("is_open", "true"), ("way", "b")];
        let sent =
            Form::new(sent.map(|(name, value)| (name.to_owned(), value.to_owned())).into(), Vec::new());
        let html = Block::Form(form().with(&problems, &sent)).html(&ink());
        for part in [
            "<a href=\"#name\">Name</a>: This field may not be blank.",
            "<a href=\"#way-0\">Way</a>",
            "<li>Enter a valid email address.</li>",
            "aria-describedby=\"name-hint name-error\" aria-invalid=\"true\"",
            "id=\"name-error\"",
            "value=\"&#60;Zoë&#62;\"",
            "name=\"is_open\" value=\"true\" checked",
            "value=\"b\" checked",
            "name=\"csrf\" value=\"t0ken\"",
        ] {
            assert!(html.contains(part), "{part} is missing: {html}");
        }
        assert!(!html.contains("s3cret"), "{html}");
    }

    #[test]
    fn a_form_that_is_only_a_button_is_not_framed() {
        let bare = FormBlock::new("/manage/x/", "Go").input(Input::hidden("step", "go"));
        assert!(Block::Form(bare).html(&ink()).contains("<form class=\"bare\""));
        assert!(Block::Form(form()).html(&ink()).contains("<form class=\"card fill\""));
    }

    #[test]
    fn a_filter_may_be_left_as_it_is() {
        let choices = vec![(String::new(), "All states".to_owned()), ("OH".to_owned(), "Ohio".to_owned())];
        let state = || Input::new("state", "State", InputKind::Select(choices.clone()));
        let from = Input::new("from", "From", InputKind::Date).optional();
        let search = SearchBox {
            action: "/manage/x/".into(),
            label: "Name".into(),
            query: String::new(),
            filters: vec![state(), from],
        };
        let html = Block::Search(search).html(&ink());
        assert!(html.contains("name=\"state\"") && !html.contains(" required"), "no browser insists: {html}");
        assert!(!html.contains("(optional)"), "{html}");
        let html = Block::Form(FormBlock::new("/manage/x/", "Go").input(state())).html(&ink());
        assert!(html.contains("name=\"state\" required"), "{html}");
    }

    #[test]
    fn a_table_says_what_its_rows_are_and_what_it_lacks() {
        let table = |rows| {
            let columns = vec![Column::new("Who"), Column::number("Times"), Column::silent("Act")];
            Block::Table(Table { caption: "People".into(), columns, rows, empty: "Nobody.".into() })
                .html(&ink())
        };
        assert!(table(Vec::new()).contains("<p>Nobody.</p>"));
        let button = Button::new("Remove", "/manage/x/").about("Ann").with("id", "7");
        let html = table(vec![vec![Cell::text("A & B"), Cell::Number(1200), Cell::Buttons(vec![button])]]);
        for part in [
            "<caption>People</caption>",
            "<th scope=\"row\">A &#38; B</th>",
            "<td class=\"number\">1,200</td>",
            "<span class=\"aside\">Act</span>",
            "name=\"csrf\" value=\"t0ken\"",
            "name=\"id\" value=\"7\"",
            "Remove<span class=\"aside\"> Ann</span>",
        ] {
            assert!(html.contains(part), "{part} is missing: {html}");
        }
    }

    #[test]
    fn a_moment_is_told_by_the_readers_clock_and_to_programs() {
        let at = "2026-11-03T12:00:00Z".parse().ok();
        let details = Details { heading: String::new(), pairs: vec![("At".into(), Cell::time(at))] };
        let html = Block::Details(details).html(&ink());
        let time = "<time datetime=\"2026-11-03T12:00:00Z\">Nov 3, 2026, 2:00 AM HST</time>";
        assert!(html.contains(time), "{html}");
    }
}
