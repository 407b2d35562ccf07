//! What we say to people.

use chrono::NaiveDate;

use super::maps::Voting;
use crate::{
    address::State, decision::Purpose, error::BoxError, language::Language, register::ToolName,
    report::ReportType, webhook::OffReason,
};

/// Who speaks, and how the mail ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speaker {
    /// The name that signs: `VoteAmerica` or `<name> via VoteAmerica`.
    pub name: String,
    /// Whether the mail ends with a donation request.
    pub is_first_party: bool,
    /// Where one donates; read for the first party only.
    pub donate_url: String,
}

/// What a mail about a form to print may say: of a registration or a ballot request.
#[derive(Clone, PartialEq, Eq)]
pub struct FormMail {
    /// Who speaks.
    pub speaker: Speaker,
    /// The voter's first name.
    pub first_name: String,
    /// The voter's state.
    pub state: Option<State>,
    /// The link to the filled form.
    pub download_url: String,
    /// Until which day the link works, in the file time zone.
    pub download_until: NaiveDate,
    /// Where to mail the form, line by line; empty when no address is known.
    pub mailing_address: Vec<String>,
    /// The mail deadline as the state's fact says it: `Postmarked 15 days before Election Day.`; empty when unknown.
    pub mail_deadline: String,
    /// The state's warnings, Markdown; empty when there are none.
    pub warnings: String,
    /// The state's tool for checking what became of it: the registration, the ballot; empty when unknown.
    pub check_url: String,
    /// Where election offices are listed.
    pub offices_url: String,
}

/// What a mail may say when a state took a registration from us.
#[derive(Clone, PartialEq, Eq)]
pub struct OnlineMail {
    /// Who speaks.
    pub speaker: Speaker,
    /// The voter's first name.
    pub first_name: String,
    /// The voter's state.
    pub state: Option<State>,
    /// The state's tool for checking what became of the registration; empty when unknown.
    pub check_url: String,
    /// Where election offices are listed.
    pub offices_url: String,
}

/// What a mail may say that asks whether a form is to be mailed.
#[derive(Clone, PartialEq, Eq)]
pub struct ConfirmMail {
    /// The form, which the voter may print instead.
    pub form: FormMail,
    /// Where it is to be mailed, line by line.
    pub address: Vec<String>,
    /// The page on which the voter says yes.
    pub confirm_url: String,
    /// Where the address can be corrected; empty when nowhere.
    pub correct_url: String,
}

/// What a mail about a form that was mailed may say.
#[derive(Clone, PartialEq, Eq)]
pub struct LetterMail {
    /// Who speaks.
    pub speaker: Speaker,
    /// The voter's first name.
    pub first_name: String,
    /// The voter's state.
    pub state: Option<State>,
    /// Where it was mailed, line by line.
    pub address: Vec<String>,
    /// The mail deadline as the state's fact says it; empty when unknown.
    pub mail_deadline: String,
    /// The office's address, line by line; empty when unknown.
    pub office: Vec<String>,
    /// Where election offices are listed.
    pub offices_url: String,
    /// The state's tool for checking what became of it: the registration, the ballot; empty when unknown.
    pub check_url: String,
    /// Where the voter can begin again; empty when nowhere.
    pub again_url: String,
}

/// What a mail about blank registration forms may say to somebody who moved.
#[derive(Clone, PartialEq, Eq)]
pub struct MoverMail {
    /// Who speaks.
    pub speaker: Speaker,
    /// The first name.
    pub first_name: String,
    /// The state that they moved to.
    pub state: Option<State>,
    /// The deadline of mailed forms as the state's fact says it; empty when unknown.
    pub mail_deadline: String,
    /// That of registering online, likewise.
    pub online_deadline: String,
    /// That of registering in person, likewise.
    pub in_person_deadline: String,
    /// When early voting begins; empty when unknown, `N/A` when it never does.
    pub early_voting_starts: String,
    /// When early voting ends; empty when unknown.
    pub early_voting_ends: String,
    /// When one can register and vote on the same day.
    pub same_day: SameDay,
    /// Whether a copy of a proof of residence has to go along.
    pub needs_proof: bool,
    /// The state's tool for checking a registration; empty when unknown.
    pub check_url: String,
    /// Where election offices are listed.
    pub offices_url: String,
}

/// When a state lets people register and vote on the same day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SameDay {
    /// While there is early voting.
    pub early: bool,
    /// On election day.
    pub election_day: bool,
}

/// What a mail after an online registration may say.
#[derive(Clone, PartialEq, Eq)]
pub struct NextStepsMail {
    /// Who speaks.
    pub speaker: Speaker,
    /// The voter's first name.
    pub first_name: String,
    /// The voter's state.
    pub state: Option<State>,
    /// The rules for voting by mail, Markdown; empty when unknown.
    pub vote_by_mail_rules: String,
    /// The page for requesting a ballot.
    pub vote_by_mail_url: String,
    /// When early voting begins; empty when unknown.
    pub early_voting_starts: String,
    /// When early voting ends; empty when unknown.
    pub early_voting_ends: String,
    /// The state's polling place tool; empty when unknown.
    pub polling_place_url: String,
}

/// What the mail with a ballot request says to the election office.
#[derive(Clone, PartialEq, Eq)]
pub struct OfficeMail {
    /// The voter's first name.
    pub first_name: String,
    /// The voter's last name.
    pub last_name: String,
    /// The voter's whole name.
    pub full_name: String,
    /// The voter's state.
    pub state: Option<State>,
    /// Whom the office asks about this service.
    pub contact: String,
    /// The office's own address, when somebody else gets the mail instead.
    pub instead_of: Option<String>,
}

/// What a mail about a fax to an election office may say.
#[derive(Clone, PartialEq, Eq)]
pub struct FaxMail {
    /// Who speaks.
    pub speaker: Speaker,
    /// The voter's first name.
    pub first_name: String,
    /// The region and its office's address, line by line; empty when unknown.
    pub office: Vec<String>,
    /// The office's e-mail address.
    pub office_email: Option<String>,
    /// Its telephone, as people write it.
    pub office_phone: Option<String>,
    /// Its fax, likewise.
    pub office_fax: Option<String>,
    /// Whom the voter asks when something is wrong: an e-mail address.
    pub help_address: String,
    /// A link to a copy of the form.
    pub download_url: Option<String>,
}

/// What a mail after an online ballot request may say.
#[derive(Clone, PartialEq, Eq)]
pub struct BallotNextStepsMail {
    /// Who speaks.
    pub speaker: Speaker,
    /// The voter's first name.
    pub first_name: String,
    /// The voter's state.
    pub state: Option<State>,
    /// Where the ballot is tracked; empty when the state has no such tool.
    pub tracker_url: String,
    /// What the voter has to show to vote by mail, Markdown; empty when unknown.
    pub id_rules: String,
    /// Whether the state has drop boxes.
    pub has_drop_boxes: bool,
    /// The state's polling place tool; empty when unknown.
    pub polling_place_url: String,
}

/// What a mail after a voter checked the registration at the state's tool may say.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifiedMail {
    /// Who speaks.
    pub speaker: Speaker,
    /// The voter's first name.
    pub first_name: String,
    /// The page for registering.
    pub register_url: String,
    /// The page for requesting a ballot.
    pub vote_by_mail_url: String,
}

/// What a mail with a new link says.
#[derive(Clone, PartialEq, Eq)]
pub struct NewLinkMail {
    /// Who speaks.
    pub speaker: Speaker,
    /// The new link.
    pub download_url: String,
    /// Until which day it works, in the file time zone.
    pub download_until: NaiveDate,
}

/// What a mail about an export says.
#[derive(Clone, PartialEq, Eq)]
pub struct ReportMail {
    /// Who speaks.
    pub speaker: Speaker,
    /// What it is of.
    pub kind: ReportType,
    /// The link to it.
    pub download_url: String,
    /// Until which day the link works, in the file time zone.
    pub download_until: NaiveDate,
}

/// What an invitation to an account says.
#[derive(Clone, PartialEq, Eq)]
pub struct InviteMail {
    /// Who speaks.
    pub speaker: Speaker,
    /// The subscriber whose team it is.
    pub team: String,
    /// Where the invitation is accepted.
    pub accept_url: String,
    /// Until which day that works, in Coordinated Universal Time.
    pub until: NaiveDate,
}

/// What a new subscriber's first user is told.
#[derive(Clone, PartialEq, Eq)]
pub struct ActivatedMail {
    /// Who speaks.
    pub speaker: Speaker,
    /// The subscriber.
    pub team: String,
    /// Where one signs in.
    pub portal_url: String,
    /// Where programs find what they can ask us; empty for a subscriber without access to the API.
    pub api_url: String,
    /// Whether an invitation to make an account comes in another mail.
    pub is_invited: bool,
    /// Whom one asks: an e-mail address.
    pub contact: String,
}

/// What the mail with a link to a new password says.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordResetMail {
    /// Who speaks.
    pub speaker: Speaker,
    /// By which address the person signs in.
    pub email: String,
    /// Where the new password is set.
    pub reset_url: String,
}

/// What those who work for a subscriber are told of a webhook that was switched off.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookOffMail {
    /// Who speaks.
    pub speaker: Speaker,
    /// The subscriber.
    pub team: String,
    /// The host that was called. The whole address may hold what is secret.
    pub host: String,
    /// Why it was switched off.
    pub reason: OffReason,
    /// For how many days what happens meanwhile is kept; for good without it.
    pub kept_days: Option<u32>,
    /// Its page.
    pub page_url: String,
}

/// Everything we say by mail, by the ids of `flows.md` 10; S6 is our own.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Message {
    /// R1: print and mail your form.
    RegistrationForm(FormMail),
    /// R2: the same, a day later, when the form was not downloaded.
    RegistrationReminder(FormMail),
    /// R3: shall we mail you your form?
    RegistrationConfirm(ConfirmMail),
    /// R4: the same, a day later, when the voter has not said so.
    RegistrationConfirmReminder(ConfirmMail),
    /// R5: your form is about to arrive.
    RegistrationLetterMailed(LetterMail),
    /// R6: it came back.
    RegistrationLetterReturned(LetterMail),
    /// R9: two weeks later, check your registration.
    RegistrationMailChase(LetterMail),
    /// R8: your state has your registration.
    RegistrationOnline(OnlineMail),
    /// R7: you have registered online; here is what is next.
    RegistrationNextSteps(NextStepsMail),
    /// M1: blank forms for who moved are about to arrive.
    MoverFormsMailed(MoverMail),
    /// M2: three days later, do not forget to send one on.
    MoverFormsReminder(MoverMail),
    /// M3: four weeks later, check your registration.
    MoverFormsChase(MoverMail),
    /// V1: you have checked your registration; here is what is next.
    VerifiedNextSteps(VerifiedMail),
    /// A1: print and mail your ballot request form.
    BallotRequestForm(FormMail),
    /// A2: the same, a day later, when the form was not downloaded.
    BallotRequestReminder(FormMail),
    /// A3: shall we mail you your form?
    BallotRequestConfirm(ConfirmMail),
    /// A4: the same, a day later, when the voter has not said so.
    BallotRequestConfirmReminder(ConfirmMail),
    /// A9: your form is about to arrive.
    BallotRequestLetterMailed(LetterMail),
    /// A10: it came back.
    BallotRequestLetterReturned(LetterMail),
    /// A12: two weeks later, see what became of it.
    BallotRequestMailChase(LetterMail),
    /// A5: the form, to the election office.
    BallotRequestToOffice(OfficeMail),
    /// A6: your form is being faxed.
    BallotRequestFaxing(FaxMail),
    /// A7: it was faxed.
    BallotRequestFaxed(FaxMail),
    /// A8: it could not be faxed.
    BallotRequestNotFaxed(FaxMail),
    /// A11: you have asked for a ballot online; here is what is next.
    BallotRequestNextSteps(BallotNextStepsMail),
    /// S1: here is your new download link.
    NewDownloadLink(NewLinkMail),
    /// S2: here is your export.
    ReportReady(ReportMail),
    /// S3: you are invited to a team.
    AccountInvite(InviteMail),
    /// S4: your organization has an account now.
    SubscriberActivated(ActivatedMail),
    /// S5: here you set a new password.
    PasswordReset(PasswordResetMail),
    /// S6: a webhook of your organization was switched off.
    WebhookOff(WebhookOffMail),
}

impl Message {
    /// What for it is written to a voter.
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        match self {
            Self::RegistrationForm(_)
            | Self::RegistrationConfirm(_)
            | Self::RegistrationOnline(_)
            | Self::BallotRequestForm(_)
            | Self::BallotRequestConfirm(_)
            | Self::BallotRequestToOffice(_)
            | Self::BallotRequestFaxing(_)
            | Self::BallotRequestFaxed(_)
            | Self::BallotRequestNotFaxed(_)
            | Self::NewDownloadLink(_)
            | Self::ReportReady(_)
            | Self::AccountInvite(_)
            | Self::SubscriberActivated(_)
            | Self::PasswordReset(_)
            | Self::WebhookOff(_) => Purpose::Service,
            Self::RegistrationReminder(_)
            | Self::RegistrationConfirmReminder(_)
            | Self::BallotRequestReminder(_)
            | Self::BallotRequestConfirmReminder(_)
            | Self::MoverFormsReminder(_) => Purpose::Reminder,
            Self::RegistrationLetterMailed(_)
            | Self::RegistrationLetterReturned(_)
            | Self::BallotRequestLetterMailed(_)
            | Self::BallotRequestLetterReturned(_)
            | Self::MoverFormsMailed(_) => Purpose::Progress,
            Self::RegistrationMailChase(_) | Self::BallotRequestMailChase(_) | Self::MoverFormsChase(_) => {
                Purpose::Chase
            }
            Self::RegistrationNextSteps(_) | Self::VerifiedNextSteps(_) | Self::BallotRequestNextSteps(_) => {
                Purpose::NextSteps
            }
        }
    }

    /// What kind of message it is, for statistics and previews.
    #[must_use]
    pub fn tag(&self) -> &'static str {
        match self {
            Self::RegistrationForm(_) => "register.form",
            Self::RegistrationReminder(_) => "register.reminder",
            Self::RegistrationConfirm(_) => "register.confirm",
            Self::RegistrationConfirmReminder(_) => "register.confirm_reminder",
            Self::RegistrationLetterMailed(_) => "register.letter_mailed",
            Self::RegistrationLetterReturned(_) => "register.letter_returned",
            Self::RegistrationMailChase(_) => "register.mail_chase",
            Self::RegistrationOnline(_) => "register.online",
            Self::RegistrationNextSteps(_) => "register.next_steps",
            Self::MoverFormsMailed(_) => "mover.forms_mailed",
            Self::MoverFormsReminder(_) => "mover.forms_reminder",
            Self::MoverFormsChase(_) => "mover.forms_chase",
            Self::VerifiedNextSteps(_) => "verifier.next_steps",
            Self::BallotRequestForm(_) => "absentee.form",
            Self::BallotRequestReminder(_) => "absentee.reminder",
            Self::BallotRequestConfirm(_) => "absentee.confirm",
            Self::BallotRequestConfirmReminder(_) => "absentee.confirm_reminder",
            Self::BallotRequestLetterMailed(_) => "absentee.letter_mailed",
            Self::BallotRequestLetterReturned(_) => "absentee.letter_returned",
            Self::BallotRequestMailChase(_) => "absentee.mail_chase",
            Self::BallotRequestToOffice(_) => "absentee.to_office",
            Self::BallotRequestFaxing(_) => "absentee.faxing",
            Self::BallotRequestFaxed(_) => "absentee.faxed",
            Self::BallotRequestNotFaxed(_) => "absentee.not_faxed",
            Self::BallotRequestNextSteps(_) => "absentee.next_steps",
            Self::NewDownloadLink(_) => "file.new_link",
            Self::ReportReady(_) => "report.ready",
            Self::AccountInvite(_) => "account.invite",
            Self::SubscriberActivated(_) => "subscription.activated",
            Self::PasswordReset(_) => "account.password_reset",
            Self::WebhookOff(_) => "webhook.switched_off",
        }
    }
}

/// Which of the two forms a text is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormKind {
    /// A registration.
    Registration,
    /// A request for an absentee ballot.
    BallotRequest,
}

/// What is said with a map. No `Debug`: it says where a voter votes.
#[derive(Clone, PartialEq, Eq)]
pub struct MapWords {
    /// Which place it is.
    pub voting: Voting,
    /// What the place is called; may be empty.
    pub name: String,
    /// Its address, in one line; may be empty.
    pub address: String,
    /// When it is open; may be empty.
    pub hours: String,
    /// Where there is more.
    pub link: Option<String>,
    /// Whether the map goes with it: it could not be drawn otherwise.
    pub picture: bool,
}

/// Why there is no map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapProblem {
    /// No address was given, and no voter with this number is known.
    NoVoter,
    /// Nobody knows where that address is.
    UnknownAddress,
    /// No place is known for that address.
    NoPlace,
    /// Who knows places does not answer.
    NoLocator,
}

/// Everything we say by text message (`flows.md` 8 and 11). Addresses of web pages are as short as they come here.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TextMessage {
    /// The first one to a number, after this tool.
    Welcome(Option<ToolName>),
    /// Who began has not finished, and can go on there.
    Unfinished(FormKind, String),
    /// The form waits to be downloaded; the link was mailed to this address.
    FormReminder(FormKind, String),
    /// The form waits for a yes to be mailed; the link was mailed to this address a day ago.
    ConfirmReminder(FormKind, String),
    /// The same a few minutes after that mail.
    ConfirmNag(FormKind, String),
    /// The form that we mailed is about to arrive.
    LetterMailed(FormKind),
    /// It came back.
    LetterReturned(FormKind),
    /// After registering online: where one asks for a ballot.
    RegistrationNextSteps(String),
    /// After asking for a ballot online: where it is tracked, if the state shows that.
    BallotRequestNextSteps(Option<String>),
    /// After checking a registration: where one registers.
    VerifiedRegister(String),
    /// After checking a registration: where one asks for a ballot.
    VerifiedVoteByMail(String),
    /// A code by which somebody with an account signs in.
    SignInCode(String),
    /// The answer to HELP.
    Help,
    /// The answer to JOIN.
    JoinSuccess,
    /// The first one to who opted in elsewhere.
    Joined,
    /// The answer to anything else.
    AutoReply,
    /// The same to who has opted out.
    AutoReplyStopped,
    /// The answer to PPMAP or EVMAP.
    Map(MapWords),
    /// What is kept of that: only that there was one.
    MapSent(Voting),
    /// The answer where there is no map.
    MapProblem(Voting, MapProblem),
}

impl TextMessage {
    /// What for it is said.
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        match self {
            Self::Welcome(_) | Self::Joined => Purpose::Welcome,
            Self::Unfinished(..) | Self::ConfirmNag(..) => Purpose::Unfinished,
            Self::FormReminder(..) | Self::ConfirmReminder(..) => Purpose::Reminder,
            Self::LetterMailed(_) | Self::LetterReturned(_) => Purpose::Progress,
            Self::RegistrationNextSteps(_)
            | Self::BallotRequestNextSteps(_)
            | Self::VerifiedRegister(_)
            | Self::VerifiedVoteByMail(_) => Purpose::NextSteps,
            Self::SignInCode(_) => Purpose::Code,
            Self::Help
            | Self::JoinSuccess
            | Self::AutoReply
            | Self::AutoReplyStopped
            | Self::Map(_)
            | Self::MapSent(_)
            | Self::MapProblem(..) => Purpose::Reply,
        }
    }

    /// What kind of text it is, for statistics and previews.
    #[must_use]
    pub fn tag(&self) -> &'static str {
        use FormKind::{BallotRequest, Registration};
        match self {
            Self::Welcome(Some(ToolName::Register)) => "welcome.register",
            Self::Welcome(Some(ToolName::Absentee)) => "welcome.absentee",
            Self::Welcome(Some(ToolName::Verify)) => "welcome.verify",
            Self::Welcome(_) => "welcome.other",
            Self::Unfinished(Registration, _) => "unfinished.register",
            Self::Unfinished(BallotRequest, _) => "unfinished.absentee",
            Self::FormReminder(Registration, _) => "reminder.register",
            Self::FormReminder(BallotRequest, _) => "reminder.absentee",
            Self::ConfirmReminder(Registration, _) => "confirm_reminder.register",
            Self::ConfirmReminder(BallotRequest, _) => "confirm_reminder.absentee",
            Self::ConfirmNag(Registration, _) => "nag.register",
            Self::ConfirmNag(BallotRequest, _) => "nag.absentee",
            Self::LetterMailed(Registration) => "letter_mailed.register",
            Self::LetterMailed(BallotRequest) => "letter_mailed.absentee",
            Self::LetterReturned(Registration) => "letter_returned.register",
            Self::LetterReturned(BallotRequest) => "letter_returned.absentee",
            Self::RegistrationNextSteps(_) => "next_steps.register",
            Self::BallotRequestNextSteps(_) => "next_steps.absentee",
            Self::VerifiedRegister(_) => "verified.register",
            Self::VerifiedVoteByMail(_) => "verified.absentee",
            Self::SignInCode(_) => "account.code",
            Self::Help => "bot.help",
            Self::JoinSuccess => "bot.join_success",
            Self::Joined => "bot.joined",
            Self::AutoReply => "bot.autoreply",
            Self::AutoReplyStopped => "bot.autoreply_stopped",
            Self::Map(MapWords { voting: Voting::ElectionDay, .. }) => "map.election_day",
            Self::Map(MapWords { voting: Voting::Early, .. }) => "map.early",
            Self::MapSent(Voting::ElectionDay) => "map.sent_election_day",
            Self::MapSent(Voting::Early) => "map.sent_early",
            Self::MapProblem(_, MapProblem::NoVoter) => "map.no_voter",
            Self::MapProblem(_, MapProblem::UnknownAddress) => "map.unknown_address",
            Self::MapProblem(Voting::ElectionDay, MapProblem::NoPlace) => "map.no_place_election_day",
            Self::MapProblem(Voting::Early, MapProblem::NoPlace) => "map.no_place_early",
            Self::MapProblem(_, MapProblem::NoLocator) => "map.no_locator",
        }
    }
}

/// A text message in words. No `Debug`: it may name a voter's address.
#[derive(Clone, PartialEq, Eq)]
pub struct RenderedText {
    /// What it says.
    pub text: String,
    /// The language it is in, a BCP 47 tag: the one asked for or what it falls back to.
    pub language: String,
}

/// A message in words.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The subject.
    pub subject: String,
    /// The HTML part, a whole document.
    pub html: String,
    /// The plain-text part.
    pub text: String,
    /// The language it is in, a BCP 47 tag: the one asked for or what it falls back to.
    pub language: String,
}

/// A message that cannot be put into words.
#[derive(Debug, thiserror::Error)]
#[error("the message cannot be put into words")]
pub struct WordingError(#[source] pub BoxError);

/// Puts messages into words. The default is ours ([`crate::wording`]); an organization brings its own voice.
///
/// ```
/// use turnout_core::{language::Language, ports::wording::{Message, Rendered, Wording, WordingError}};
///
/// /// A person of few words.
/// struct Terse;
/// impl Wording for Terse {
///     fn render(&self, message: &Message, _: &Language) -> Result<Rendered, WordingError> {
///         let text = message.tag().to_owned();
///         Ok(Rendered { subject: text.clone(), html: text.clone(), text, language: "en".into() })
///     }
/// }
/// ```
pub trait Wording: Send + Sync {
    /// The message in that language, or in English where it does not exist.
    fn render(&self, message: &Message, language: &Language) -> Result<Rendered, WordingError>;

    /// The text message in that language, or in English where it does not exist; `sender` is the name that it begins with.
    /// In our own words unless an organization has others.
    fn text(
        &self,
        message: &TextMessage,
        sender: &str,
        language: &Language,
    ) -> Result<RenderedText, WordingError> {
        crate::wording::OwnWording::new().text(message, sender, language)
    }

    /// The languages that exist, to be looked at.
    fn languages(&self) -> Vec<Language> {
        crate::wording::OwnWording::new().languages()
    }
}
