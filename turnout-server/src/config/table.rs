//! Every variable there is, once: its name, kind, default and meaning. The documents are generated from it.

use super::Role;

/// How the value of a variable is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// Text that must not be shown.
    Secret,
    /// `true` or `false`, and what else `settings.md` takes for them.
    Flag,
    /// A whole number.
    Number,
    /// Parts between commas.
    List,
    /// An address with a scheme.
    Url,
    /// A folder.
    Folder,
}

impl Kind {
    /// The kind in words, for the documents.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Secret => "secret",
            Self::Flag => "true or false",
            Self::Number => "whole number",
            Self::List => "list, by commas",
            Self::Url => "address",
            Self::Folder => "folder",
        }
    }
}

/// One variable of the environment.
#[derive(Debug)]
pub struct Variable {
    /// Its name, as in the Django service where it has one there.
    pub name: &'static str,
    /// How its value is written.
    pub kind: Kind,
    /// What counts when it is not set; empty when nothing does.
    pub default: &'static str,
    /// What counts instead in `all-in-one`, where that differs. `{LISTEN}` is the host and port we listen on.
    pub embedded: Option<&'static str>,
    /// What it is for, with its unit.
    pub meaning: &'static str,
}

impl Variable {
    const fn new(name: &'static str, kind: Kind, default: &'static str, meaning: &'static str) -> Self {
        Self { name, kind, default, embedded: None, meaning }
    }

    const fn embedded(mut self, default: &'static str) -> Self {
        self.embedded = Some(default);
        self
    }

    /// What counts in that role when the variable is not set.
    #[must_use]
    pub fn default_in(&self, role: Role) -> &'static str {
        match self.embedded {
            Some(embedded) if role == Role::AllInOne => embedded,
            _ => self.default,
        }
    }
}

/// Variables that belong together.
#[derive(Debug)]
pub struct Group {
    /// What they are about.
    pub title: &'static str,
    /// The variables.
    pub variables: &'static [Variable],
}

use Kind::{Flag, Folder, List, Number, Secret, Text, Url};

/// All of them.
pub const TABLE: &[Group] = &[
    Group {
        title: "Core",
        variables: &[
            Variable::new("DEBUG", Flag, "false", "a machine of a developer; false means production, which refuses unsafe settings")
                .embedded("true"),
            Variable::new("SECRET_KEY", Secret, "", "signs resume tokens and is what file links are derived from; when absent outside production, one is made and kept in `TURNOUT_DATA_DIR/secret.key`"),
            Variable::new("SECRET_KEY_PREVIOUS", Secret, "", "the key before the last rotation: its links and tokens still work"),
            Variable::new("TURNOUT_DATA_DIR", Folder, "var", "where the embedded run keeps files, outbox and key"),
            Variable::new("TURNOUT_FORMS_DIR", Folder, "", "the official forms; without it our own sample form is drawn"),
            Variable::new("TURNOUT_LOG", Text, "info", "what is logged: a level, or `target=level` parts between commas"),
            Variable::new("DJANGO_LOGGING_LEVEL", Text, "", "another name of TURNOUT_LOG, which wins: `DEBUG`, `INFO`, `WARNING`, `ERROR`, `CRITICAL`"),
        ],
    },
    Group {
        title: "HTTP",
        variables: &[
            Variable::new("HOST", Text, "127.0.0.1", "the IP address to listen on"),
            Variable::new("PORT", Number, "8000", "the port to listen on"),
            Variable::new("ALLOWED_HOSTS", List, "localhost", "the Host headers we answer to; `*` is any, `.example.org` a domain with everything under it")
                .embedded("localhost,127.0.0.1,[::1]"),
            Variable::new("PRIMARY_ORIGIN", Url, "http://localhost:9001", "this server as the world sees it; HTTPS is known from it")
                .embedded("http://{LISTEN}"),
            Variable::new("WWW_ORIGIN", Url, "http://localhost:8000", "the public web site, where its tools are")
                .embedded("http://{LISTEN}"),
            Variable::new("TRUSTED_PROXIES", List, "", "networks whose X-Forwarded-For is believed: `10.0.0.0/8,192.0.2.1`"),
            Variable::new("TRUSTED_CLIENT_HEADER", Text, "", "the header in which those proxies name the client instead: `CF-Connecting-IP`"),
            Variable::new("TURNOUT_DEV_PAGES", Flag, "false", "shows the pages under `/dev/` although HOST is beyond this machine; never in production"),
        ],
    },
    Group {
        title: "Rate limits",
        variables: &[
            Variable::new("RATE_LIMITS", Flag, "on", "whether anonymous callers are limited; production refuses `off`"),
            Variable::new("RATE_LIMIT_WRITES_PER_MINUTE", Number, "600", "writes per minute and client address"),
            Variable::new("RATE_LIMIT_WRITES_BURST", Number, "200", "writes at once per client address"),
            Variable::new("RATE_LIMIT_COMPLETIONS_PER_HOUR", Number, "10", "completions per hour and registration"),
            Variable::new("RATE_LIMIT_LINKS_PER_HOUR", Number, "5", "new download links per hour and file"),
        ],
    },
    Group {
        title: "Database",
        variables: &[
            Variable::new("DATABASE_URL", Url, "sqlite://var/turnout.db", "where rows are kept: `sqlite://PATH`; a PATH that begins with `/` is absolute")
                .embedded("sqlite://{DATA}/turnout.db"),
            Variable::new("SQLITE_SYNCHRONOUS", Text, "FULL", "`FULL` survives a power cut; `NORMAL` is faster and may lose the last moments, outside production only"),
        ],
    },
    Group {
        title: "Files",
        variables: &[
            Variable::new("FILE_EXPIRATION_HOURS", Number, "168", "how many hours a link to a file works"),
            Variable::new("FILE_TIMEZONE", Text, "America/Los_Angeles", "the zone of the date in file names"),
            Variable::new("FILE_TOKEN_RESET_URL", Url, "https://www.voteamerica.com/download/?id={item_id}", "where a wrong or expired link leads; must hold `{item_id}`")
                .embedded("{PRIMARY_ORIGIN}/download/?id={item_id}"),
            Variable::new("FILE_TOKEN_PURGED_URL", Url, "http://localhost:8000/download-purged/?id={item_id}&filetype={filetype}&purge_days={purge_days}", "where the link of a deleted file leads; may hold `{item_id}`, `{filetype}`, `{purge_days}`")
                .embedded("{PRIMARY_ORIGIN}/download-purged/?id={item_id}&filetype={filetype}&purge_days={purge_days}"),
            Variable::new("FILE_PURGE_DAYS", Number, "", "after how many days files are deleted; unset or 0 is never"),
            Variable::new("AWS_STORAGE_PRIVATE_URL_EXPIRATION", Number, "15", "how many seconds the link to the bytes works"),
        ],
    },
    Group {
        title: "E-mail",
        variables: &[
            Variable::new("SMTP_URL", Secret, "", "the mail server: `smtps://user:password@host:465`, or `smtp://user:password@host:587?tls=required` for STARTTLS"),
            Variable::new("SENDGRID_API_KEY", Secret, "", "sends by smtp.sendgrid.net when SMTP_URL is not set"),
            Variable::new("EMAIL_SEND_TIMEOUT", Number, "60", "how many seconds a mail server may take"),
            Variable::new("DEFAULT_EMAIL_FROM", Text, "hello@voteamerica.com", "the address of transactional mail"),
            Variable::new("MANAGEMENT_NOTIFICATION_FROM", Text, "noreply@voteamerica.com", "the sender of mail without a subscriber"),
        ],
    },
    Group {
        title: "Actions and registrations",
        variables: &[
            Variable::new("ACTION_CHECK_UNFINISHED_DELAY", Number, "900", "after how many seconds we look whether an action was finished"),
            Variable::new("REGISTER_CO_VRD_ENABLED", Flag, "false", "links to Colorado's online registration carry REGISTER_CO_VRD_ID"),
            Variable::new("REGISTER_CO_VRD_ID", Text, "", "Colorado's id of the drive"),
            Variable::new("REGISTER_WA_VRD_ENABLED", Flag, "false", "links to Washington's online registration carry REGISTER_WA_VRD_ID"),
            Variable::new("REGISTER_WA_VRD_ID", Text, "", "Washington's id of the drive"),
            Variable::new("REGISTER_RESUME_URL", Url, "http://localhost:8000/register-to-vote/resume/", "where a voter goes on with a registration")
                .embedded("{PRIMARY_ORIGIN}/register-to-vote/resume/"),
            Variable::new("REGISTER_JWT_EXPIRATION_MINUTES", Number, "60", "how many minutes a resume token works"),
            Variable::new("REGISTER_UPSELL_DELAY_SECONDS", Number, "300", "how many seconds after an online registration the mail about what is next goes out"),
        ],
    },
    Group {
        title: "Deployment",
        variables: &[
            Variable::new("CLOUD_STACK", Text, "local", "the stack's name"),
            Variable::new("CLOUD_DETAIL", Text, "", "more about the stack"),
            Variable::new("ENV", Text, "", "the environment's name, the prefix of Cache-Tag; unset is that of CLOUD_STACK"),
            Variable::new("TAG", Text, "", "the release"),
            Variable::new("BUILD", Text, "0", "the build"),
        ],
    },
];

/// The variable of that name.
#[must_use]
pub fn variable(name: &str) -> Option<&'static Variable> {
    all().find(|variable| variable.name == name)
}

/// Every variable, in the order of the table.
pub fn all() -> impl Iterator<Item = &'static Variable> {
    TABLE.iter().flat_map(|group| group.variables)
}

/// `docs/configuration.md`.
#[must_use]
pub fn as_book_page() -> String {
    let mut page = "# Configuration\n\n\
        Settings come from the environment, and from `.env` in the working folder; the environment wins, and an empty\n\
        value counts as not set. This page is made from `turnout-server/src/config/table.rs`.\n"
        .to_owned();
    for group in TABLE {
        page += &format!(
            "\n## {}\n\n| variable | kind | default | in `all-in-one` | meaning |\n|---|---|---|---|---|\n",
            group.title
        );
        for Variable { name, kind, default, embedded, meaning } in group.variables {
            let code = |text: &str| if text.is_empty() { "–".to_owned() } else { format!("`{text}`") };
            let embedded = embedded.map_or("the same".to_owned(), code);
            page += &format!("| `{name}` | {} | {} | {embedded} | {meaning} |\n", kind.name(), code(default));
        }
    }
    page + "\n`{LISTEN}` is the host and port we listen on, `{DATA}` is TURNOUT_DATA_DIR, `{PRIMARY_ORIGIN}` that \
            setting.\n\nProduction (`DEBUG` false) refuses to start without SECRET_KEY or a mail sender, and with \
            RATE_LIMITS off,\nSQLITE_SYNCHRONOUS=NORMAL or TURNOUT_DEV_PAGES.\n"
}

/// `.env.example`: every variable, commented out, with its default.
#[must_use]
pub fn as_dotenv_example() -> String {
    let mut text =
        "# Copy to .env and uncomment what you change. Made from turnout-server/src/config/table.rs.\n"
            .to_owned();
    for group in TABLE {
        text += &format!("\n# --- {}\n", group.title);
        for Variable { name, default, meaning, .. } in group.variables {
            text += &format!("\n# {}\n# {name}={default}\n", meaning.replace('`', ""));
        }
    }
    text
}
