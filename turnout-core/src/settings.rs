//! What the rules read: plain data, one struct per room. The defaults are those of the contract (`settings.md`, 2026-11).

use chrono::{NaiveTime, TimeDelta};
use chrono_tz::Tz;

use crate::{
    address::{Address, State},
    person::Phone,
    ports::throttle::Quota,
    retention::RetentionSettings,
};

/// All settings.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Where we are on the web.
    pub origins: Origins,
    /// Mail.
    pub email: EmailSettings,
    /// Actions.
    pub action: ActionSettings,
    /// Registrations.
    pub register: RegisterSettings,
    /// Verification.
    pub verifier: VerifierSettings,
    /// Ballot requests.
    pub absentee: AbsenteeSettings,
    /// Faxes.
    pub fax: FaxSettings,
    /// Text messages.
    pub sms: SmsSettings,
    /// Letters.
    pub letter: LetterSettings,
    /// Files.
    pub file: FileSettings,
    /// How often anonymous callers may do what.
    pub rate_limits: RateLimits,
    /// Jobs.
    pub jobs: JobSettings,
    /// Regions and offices.
    pub official: OfficialSettings,
    /// People who moved.
    pub mover: MoverSettings,
    /// Facts about states.
    pub election: ElectionSettings,
    /// Subscriptions.
    pub subscription: SubscriptionSettings,
    /// Accounts.
    pub account: AccountSettings,
    /// Lists.
    pub listing: ListingSettings,
    /// Contact lists.
    pub crm: CrmSettings,
    /// Webhooks.
    pub webhook: WebhookSettings,
    /// How long records are kept.
    pub retention: RetentionSettings,
}

/// Webhooks.
#[derive(Debug, Clone, Copy, Default)]
pub struct WebhookSettings {
    /// Whether endpoints may be hosts that not everybody can reach, and need no TLS: in the embedded run, on this machine.
    pub any_host: bool,
}

/// Contact lists.
#[derive(Debug, Clone)]
pub struct CrmSettings {
    /// Whether voters are passed on: `ACTIONNETWORK_SYNC`.
    pub enabled: bool,
    /// When actions are looked for each day that are on no list, in UTC; never without it: `ACTIONNETWORK_SYNC_DAILY`,
    /// `ACTIONNETWORK_SYNC_HOUR`, `ACTIONNETWORK_SYNC_MINUTE`.
    pub daily_at: Option<NaiveTime>,
    /// How long it is remembered what a list calls a form: `ACTIONNETWORK_FORM_CACHE_TIMEOUT`.
    pub form_lifetime: TimeDelta,
    /// Which deployment this is, `prod` where voters are real: `ENV`.
    pub environment: String,
    /// Of how many in a hundred people a run over all may change whether they are written to:
    /// `ACTIONNETWORK_MOST_CHANGES_PERCENT`.
    pub most_changes_percent: u32,
}

impl Default for CrmSettings {
    fn default() -> Self {
        Self {
            enabled: false,
            daily_at: None,
            form_lifetime: TimeDelta::days(1),
            environment: "local".into(),
            most_changes_percent: 10,
        }
    }
}

/// Where we are on the web.
#[derive(Debug, Clone)]
pub struct Origins {
    /// This server, without a slash at the end: `PRIMARY_ORIGIN`.
    pub primary: String,
    /// The public web site, without a slash at the end: `WWW_ORIGIN`.
    pub www: String,
    /// The book beside it, whose pages show tools in frames as examples: in the embedded run, on this machine.
    pub book: Option<String>,
}

impl Origins {
    /// A page of the public web site, such as `/vote-by-mail/`; empty where there is no such site, as in the embedded
    /// run, whose pages are this server's own.
    #[must_use]
    pub fn www_page(&self, path: &str) -> String {
        if self.www == self.primary { String::new() } else { format!("{}{path}", self.www) }
    }
}

impl Default for Origins {
    fn default() -> Self {
        Self { primary: "http://localhost:9001".into(), www: "http://localhost:8000".into(), book: None }
    }
}

/// Mail.
#[derive(Debug, Clone)]
pub struct EmailSettings {
    /// The address of transactional senders: `DEFAULT_EMAIL_FROM`.
    pub default_from: String,
    /// The sender of mails without a subscriber: `MANAGEMENT_NOTIFICATION_FROM`.
    pub management_from: String,
}

impl Default for EmailSettings {
    fn default() -> Self {
        Self {
            default_from: "hello@voteamerica.com".into(),
            management_from: "noreply@voteamerica.com".into(),
        }
    }
}

/// Actions.
#[derive(Debug, Clone)]
pub struct ActionSettings {
    /// When to look whether an action was finished: `ACTION_CHECK_UNFINISHED_DELAY`.
    pub check_unfinished_delay: TimeDelta,
}

impl Default for ActionSettings {
    fn default() -> Self {
        Self { check_unfinished_delay: TimeDelta::seconds(900) }
    }
}

/// Registrations.
#[derive(Debug, Clone)]
pub struct RegisterSettings {
    /// Colorado's id for links to its online registration: `REGISTER_CO_VRD_ID`, when `REGISTER_CO_VRD_ENABLED`.
    pub colorado_id: Option<String>,
    /// Washington's: `REGISTER_WA_VRD_ID`, when `REGISTER_WA_VRD_ENABLED`.
    pub washington_id: Option<String>,
    /// Where a voter goes on with a registration: `REGISTER_RESUME_URL`.
    pub resume_url: String,
    /// How long a resume token is valid: `REGISTER_JWT_EXPIRATION_MINUTES`.
    pub resume_lifetime: TimeDelta,
    /// When the counties that registrars know are published: minute, hour, day, month, weekday, in UTC; never without it:
    /// `PA_COUNTIES_SYNC`, `PA_COUNTIES_CRON_HOUR`, `PA_COUNTIES_CRON_MINUTE`.
    pub counties_at: Option<String>,
    /// When the mail after an online registration goes out: `REGISTER_UPSELL_DELAY_SECONDS`.
    pub next_steps_delay: TimeDelta,
    /// When who was asked whether the form is to be mailed is texted: `REGISTER_LOB_CONFIRM_NAG_SECONDS`.
    pub confirm_nag_delay: TimeDelta,
}

impl Default for RegisterSettings {
    fn default() -> Self {
        Self {
            colorado_id: None,
            washington_id: None,
            resume_url: "http://localhost:8000/register-to-vote/resume/".into(),
            resume_lifetime: TimeDelta::minutes(60),
            counties_at: None,
            next_steps_delay: TimeDelta::seconds(300),
            confirm_nag_delay: TimeDelta::seconds(300),
        }
    }
}

/// Verification.
#[derive(Debug, Clone)]
pub struct VerifierSettings {
    /// When the mail after the state's own tool goes out: `VERIFIER_UPSELL_DELAY_SECONDS`.
    pub next_steps_delay: TimeDelta,
}

impl Default for VerifierSettings {
    fn default() -> Self {
        Self { next_steps_delay: TimeDelta::seconds(60) }
    }
}

/// Ballot requests.
#[derive(Debug, Clone)]
pub struct AbsenteeSettings {
    /// When the mail after an online request goes out: `ABSENTEE_UPSELL_DELAY_SECONDS`.
    pub next_steps_delay: TimeDelta,
    /// When who was asked whether the form is to be mailed is texted: `ABSENTEE_LOB_CONFIRM_NAG_SECONDS`.
    pub confirm_nag_delay: TimeDelta,
    /// Whether offices are mailed: not `ABSENTEE_LEO_EMAIL_DISABLE`.
    pub email_offices: bool,
    /// Who is mailed instead while they are not: `ABSENTEE_LEO_EMAIL_OVERRIDE_ADDRESS`.
    pub office_email_instead_to: Option<String>,
    /// The address from which offices are mailed: `ABSENTEE_LEO_EMAIL_FROM`.
    pub office_email_from: String,
    /// Where answers to mails about faxes go: `ABSENTEE_LEO_FAX_EMAIL_FROM`.
    pub fax_reply_to: String,
    /// When the pages of Florida's counties are taken over each day, in UTC; never without it: `OVBM_SYNC`,
    /// `OVBM_SYNC_HOUR`, `OVBM_SYNC_MINUTE`.
    pub links_sync_at: Option<NaiveTime>,
}

impl Default for AbsenteeSettings {
    fn default() -> Self {
        let from = "transmission-staging@voteamerica.com";
        Self {
            next_steps_delay: TimeDelta::seconds(300),
            confirm_nag_delay: TimeDelta::seconds(300),
            email_offices: false,
            office_email_instead_to: None,
            office_email_from: from.into(),
            fax_reply_to: from.into(),
            links_sync_at: None,
        }
    }
}

/// Faxes.
#[derive(Debug, Clone)]
pub struct FaxSettings {
    /// Whether offices are faxed: not `FAX_DISABLE`.
    pub enabled: bool,
    /// Who is faxed instead while they are not; nobody without it: `FAX_OVERRIDE_DEST`.
    pub instead_to: Option<Phone>,
    /// Where the gateway reports: `FAX_GATEWAY_CALLBACK_URL`.
    pub callback_url: String,
}

impl Default for FaxSettings {
    fn default() -> Self {
        let callback_url = "http://localhost:9001/v1/fax/gateway_callback/".into();
        Self { enabled: false, instead_to: None, callback_url }
    }
}

/// Text messages.
#[derive(Debug, Clone)]
pub struct SmsSettings {
    /// For how long the same answer to a text is not repeated: `SMS_AUTOREPLY_THROTTLE_MINUTES`.
    pub autoreply_pause: TimeDelta,
    /// Whether who finished an action and agreed to texts is greeted: `SMS_POST_SIGNUP_ALERT`.
    pub welcomes: bool,
    /// How long after the action that is: `SMS_OPTIN_REMINDER_DELAY`.
    pub welcome_delay: TimeDelta,
    /// After how long a number is greeted again; never without it: `SMS_OPTIN_REMINDER_RESEND_SECONDS`.
    pub welcome_again_after: Option<TimeDelta>,
    /// Whether the carrier is asked for texts that came in; not without it: `SMS_OPTOUT_POLL`.
    pub poll: Option<PollSettings>,
}

/// How the carrier is asked for texts that came in.
#[derive(Debug, Clone)]
pub struct PollSettings {
    /// The number they came in for: `SMS_OPTOUT_NUMBER`.
    pub number: Phone,
    /// How often: `SMS_OPTOUT_POLL_SECONDS`.
    pub every: TimeDelta,
    /// How far it looks back when it is not known up to when the carrier was asked: `SMS_OPTOUT_POLL_MAX`.
    pub look_back: TimeDelta,
}

impl Default for SmsSettings {
    fn default() -> Self {
        Self {
            autoreply_pause: TimeDelta::minutes(720),
            welcomes: false,
            welcome_delay: TimeDelta::seconds(600),
            welcome_again_after: None,
            poll: None,
        }
    }
}

/// Letters.
#[derive(Debug, Clone)]
pub struct LetterSettings {
    /// Whether forms are mailed to voters who ask for it: `PRINT_AND_FORWARD_CONFIRM`.
    pub enabled: bool,
    /// Who they are from, and where they go back to when they cannot be delivered: `RETURN_ADDRESS`.
    pub return_name: String,
    /// Where that is.
    pub return_address: Address,
}

impl Default for LetterSettings {
    fn default() -> Self {
        let return_address = Address {
            address1: Some("PO Box 00000".into()),
            address2: None,
            city: Some("San Francisco".into()),
            state: Some(State::Ca),
            zipcode: Some("12345".into()),
        };
        Self { enabled: false, return_name: "VoteAmerica".into(), return_address }
    }
}

/// Files.
#[derive(Debug, Clone)]
pub struct FileSettings {
    /// The zone of the date in object names: `FILE_TIMEZONE`.
    pub timezone: Tz,
    /// Where a wrong or expired link leads; holds `{item_id}`: `FILE_TOKEN_RESET_URL`.
    pub reset_url: String,
    /// Where the link of a deleted file leads; may hold `{item_id}`, `{filetype}`, `{purge_days}`:
    /// `FILE_TOKEN_PURGED_URL`.
    pub purged_url: String,
    /// After how many days files are deleted; never without it: `FILE_PURGE_DAYS`.
    pub purge_days: Option<u32>,
    /// How long a link to the bytes works: `AWS_STORAGE_PRIVATE_URL_EXPIRATION`.
    pub link_lifetime: TimeDelta,
    /// After how long a file that no record claimed is deleted.
    pub unclaimed_lifetime: TimeDelta,
}

impl Default for FileSettings {
    fn default() -> Self {
        Self {
            timezone: Tz::America__Los_Angeles,
            reset_url: "https://www.voteamerica.com/download/?id={item_id}".into(),
            purged_url: "http://localhost:8000/download-purged/?id={item_id}&filetype={filetype}\
                         &purge_days={purge_days}"
                .into(),
            purge_days: None,
            link_lifetime: TimeDelta::seconds(15),
            unclaimed_lifetime: TimeDelta::hours(1),
        }
    }
}

/// How often anonymous callers may do what. One table; reads are unlimited.
#[derive(Debug, Clone)]
pub struct RateLimits {
    /// Whether anything is limited: `RATE_LIMITS`.
    pub enabled: bool,
    /// Writes per client address: `RATE_LIMIT_WRITES_PER_MINUTE`, `RATE_LIMIT_WRITES_BURST`.
    pub writes_per_address: Quota,
    /// Completions per registration: `RATE_LIMIT_COMPLETIONS_PER_HOUR`.
    pub completions_per_registration: Quota,
    /// New download links per file: `RATE_LIMIT_LINKS_PER_HOUR`.
    pub links_per_file: Quota,
    /// New download links per client address: `RATE_LIMIT_LINKS_PER_CLIENT_PER_HOUR`.
    pub links_per_address: Quota,
    /// Uploads per client address: `RATE_LIMIT_UPLOADS_PER_HOUR`.
    pub uploads_per_address: Quota,
    /// Wishes to subscribe per client address: `RATE_LIMIT_LEADS_PER_HOUR`.
    pub leads_per_address: Quota,
    /// Attempts to sign in to one account: `RATE_LIMIT_SIGN_INS_PER_HOUR`.
    pub sign_ins_per_account: Quota,
    /// Attempts to sign in, or to get a new password, per client address: `RATE_LIMIT_SIGN_INS_PER_CLIENT_PER_HOUR`.
    pub sign_ins_per_address: Quota,
    /// Codes of a second factor that are looked at for one account: `RATE_LIMIT_CODES_PER_HOUR`.
    pub codes_per_account: Quota,
    /// Codes that are texted for one account: `RATE_LIMIT_CODE_TEXTS_PER_HOUR`.
    pub code_texts_per_account: Quota,
    /// Links to a new password for one account, and links of one invitation: `RATE_LIMIT_ACCOUNT_MAILS_PER_HOUR`.
    pub account_mails: Quota,
    /// Messages to one e-mail address: `RATE_LIMIT_SENDS_PER_EMAIL_PER_HOUR`.
    pub sends_per_email: Quota,
    /// Messages to one telephone number: `RATE_LIMIT_SENDS_PER_PHONE_PER_HOUR`.
    pub sends_per_phone: Quota,
    /// Maps for one telephone number: `RATE_LIMIT_MAPS_PER_PHONE_PER_HOUR`.
    pub maps_per_phone: Quota,
    /// Messages in the name of one subscriber: `RATE_LIMIT_SENDS_PER_SUBSCRIBER_PER_HOUR`.
    pub sends_per_subscriber: Quota,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            enabled: true,
            writes_per_address: Quota::per_minute(600, 200),
            completions_per_registration: Quota::per_hour(10),
            links_per_file: Quota::per_hour(5),
            links_per_address: Quota::per_hour(60),
            uploads_per_address: Quota::per_hour(120),
            leads_per_address: Quota::per_hour(10),
            sign_ins_per_account: Quota::per_hour(20),
            sign_ins_per_address: Quota::per_hour(60),
            codes_per_account: Quota::per_hour(20),
            code_texts_per_account: Quota::per_hour(10),
            account_mails: Quota::per_hour(5),
            sends_per_email: Quota::per_hour(60),
            sends_per_phone: Quota::per_hour(60),
            maps_per_phone: Quota::per_hour(10),
            sends_per_subscriber: Quota::per_hour(20_000),
        }
    }
}

/// Jobs.
#[derive(Debug, Clone)]
pub struct JobSettings {
    /// How many jobs of a kind that runs together a worker takes at once, as one.
    pub together: u32,
    /// How long a worker may hold a job before another takes it.
    pub lease: TimeDelta,
    /// How often a job is tried before it is given up.
    pub attempts: u32,
    /// How long finished jobs are kept.
    pub keep_finished: TimeDelta,
}

impl Default for JobSettings {
    fn default() -> Self {
        Self { together: 8, lease: TimeDelta::minutes(5), attempts: 12, keep_finished: TimeDelta::days(7) }
    }
}

/// Regions and offices.
#[derive(Debug, Clone, Default)]
pub struct OfficialSettings {
    /// When the supplier's list is fetched each day, in UTC; never without it: `USVF_SYNC`, `USVF_SYNC_HOUR`,
    /// `USVF_SYNC_MINUTE`.
    pub sync_at: Option<NaiveTime>,
    /// Whether geocoders are asked where the offices are whose place the list does not say: `USVF_GEOCODE`.
    pub geocode: bool,
    /// Whether the team hears what is wrong with the list, and what it lacks: `SLACK_DATA_ERROR_ENABLED`.
    pub notifies_of_gaps: bool,
}

/// People who moved.
#[derive(Debug, Clone)]
pub struct MoverSettings {
    /// What their source is called: the subscriber of their letters, and in the names of the contact list's fields:
    /// `MOVER_SOURCE`.
    pub source: String,
    /// Every how many hours it is asked, and letters are made; never without it: `MOVER_PULL_HOURS`, when `MOVER_ID`.
    pub pull_hours: Option<u32>,
}

impl Default for MoverSettings {
    fn default() -> Self {
        Self { source: "moverleadsource".into(), pull_hours: None }
    }
}

/// Facts about states.
#[derive(Debug, Clone, Default)]
pub struct ElectionSettings {
    /// Whether a change is published by another person than who made it: `ELECTION_SECOND_PERSON`.
    pub second_person: bool,
    /// When addresses that lead to the tools of states are published: minute, hour, day, month, weekday, in UTC; never without
    /// it: `STATE_TOOL_REDIRECT_SYNC`, `STATE_TOOL_REDIRECT_CRON_HOUR`, `STATE_TOOL_REDIRECT_CRON_MINUTE`.
    pub redirects_at: Option<String>,
    /// Whether the tools of states are watched: `UPTIME_URL`.
    pub monitors_tools: bool,
    /// The environment whose tags a CDN is to forget when facts change; it is told nothing without it: `ENV`, while
    /// `CLOUDFLARE_ENABLED`.
    pub cdn_environment: Option<String>,
}

/// Subscriptions.
#[derive(Debug, Clone, Default)]
pub struct SubscriptionSettings {
    /// Whether the team hears of new wishes to subscribe: `SLACK_SUBSCRIBER_INTEREST_ENABLED`.
    pub notifies_of_leads: bool,
}

/// Accounts.
#[derive(Debug, Clone)]
pub struct AccountSettings {
    /// For how long an invitation can be accepted: `INVITE_EXPIRATION_DAYS`.
    pub invite_lifetime: TimeDelta,
    /// The number that texts the codes of the second factor; nobody is texted a code, and no code of a telephone is taken,
    /// without it: `TWO_FACTOR_SMS_NUMBER`.
    pub code_number: Option<Phone>,
    /// For how long somebody stays signed in, whatever they do: `SESSION_LIFETIME_HOURS`.
    pub session_lifetime: TimeDelta,
}

impl Default for AccountSettings {
    fn default() -> Self {
        Self {
            invite_lifetime: TimeDelta::days(7),
            code_number: None,
            session_lifetime: TimeDelta::hours(336),
        }
    }
}

/// Lists.
#[derive(Debug, Clone)]
pub struct ListingSettings {
    /// How many entries a page of a list has: `MANAGEMENT_ACTION_PAGINATION_SIZE`.
    pub page_size: u32,
}

impl Default for ListingSettings {
    fn default() -> Self {
        Self { page_size: 50 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_that_is_not_there_has_no_pages() {
        let mut origins = Origins::default();
        assert_eq!(origins.www_page("/donate/"), "http://localhost:8000/donate/");
        origins.www.clone_from(&origins.primary);
        assert_eq!(origins.www_page("/donate/"), "");
    }
}
