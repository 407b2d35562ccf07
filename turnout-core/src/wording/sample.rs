//! One message of each kind, to look at.

use chrono::NaiveDate;

use crate::{
    address::State,
    ports::maps::Voting,
    ports::wording::{
        ActivatedMail, BallotNextStepsMail, ConfirmMail, FaxMail, FormKind, FormMail, InviteMail, LetterMail,
        MapProblem, MapWords, Message, MoverMail, NewLinkMail, NextStepsMail, OfficeMail, OnlineMail,
        PasswordResetMail, ReportMail, SameDay, Speaker, TextMessage, VerifiedMail, WebhookOffMail,
    },
    register::ToolName,
    report::ReportType,
    webhook::OffReason,
};

/// One message of each kind, about nobody: for previews and tests.
///
/// # Panics
/// Never: its dates exist.
#[must_use]
pub fn sample() -> Vec<Message> {
    let day = NaiveDate::from_ymd_opt(2026, 10, 2).expect("a day that exists");
    let partner = Speaker {
        name: "Voters of Springfield via VoteAmerica".into(),
        is_first_party: false,
        donate_url: "https://www.example.org/donate/".into(),
    };
    let form = FormMail {
        speaker: Speaker { name: "VoteAmerica".into(), is_first_party: true, ..partner.clone() },
        first_name: "José".into(),
        state: Some(State::Al),
        download_url: "https://api.example.org/download/ABEiM0RVZneImaq7zN3u_w/?token=p3Jx0nq6T1mZk2v8y4Qb7w".into(),
        download_until: day,
        mailing_address: vec![
            "Office of the Secretary of State".into(),
            "P.O. Box 5616".into(),
            "Montgomery, AL 36103-5616".into(),
        ],
        mail_deadline: "Postmarked 15 days before Election Day.".into(),
        warnings: "Send a copy of **one** of these:\n\n- a photo ID\n- [another proof](https://www.example.org/proof)"
            .into(),
        check_url: "https://status.example.org/".into(),
        offices_url: "https://www.example.org/local-election-offices/".into(),
    };
    let online = OnlineMail {
        speaker: partner.clone(),
        first_name: "José".into(),
        state: Some(State::Pa),
        check_url: form.check_url.clone(),
        offices_url: form.offices_url.clone(),
    };
    let reminder = FormMail { speaker: partner.clone(), ..form.clone() };
    let next = NextStepsMail {
        speaker: partner.clone(),
        first_name: "José".into(),
        state: Some(State::Nc),
        vote_by_mail_rules: "Any voter may vote by mail; **no reason is needed**.".into(),
        vote_by_mail_url: "https://www.example.org/vote-by-mail/".into(),
        early_voting_starts: "the third Thursday before Election Day".into(),
        early_voting_ends: "the last Saturday before Election Day".into(),
        polling_place_url: "https://places.example.org/".into(),
    };
    let verified = VerifiedMail {
        speaker: partner.clone(),
        first_name: "José".into(),
        register_url: "https://www.example.org/register-to-vote/?first_name=Jos%C3%A9&state=NC".into(),
        vote_by_mail_url: "https://www.example.org/vote-by-mail/?first_name=Jos%C3%A9&state=NC".into(),
    };
    let link = NewLinkMail {
        speaker: partner.clone(),
        download_url: form.download_url.clone(),
        download_until: day,
    };
    let report = ReportMail {
        speaker: partner.clone(),
        kind: ReportType::Register,
        download_url: form.download_url.clone(),
        download_until: day,
    };
    let own = Speaker { is_first_party: false, ..form.speaker.clone() };
    let moved_speaker = own.clone();
    let invite = InviteMail {
        speaker: own.clone(),
        team: "Voters of Springfield".into(),
        accept_url: "https://api.example.org/account/register/ABEiM0RVZneImaq7zN3u_wp3Jx0nq6T1mZk2v8y4Qb7w/"
            .into(),
        until: day,
    };
    let activated = ActivatedMail {
        speaker: own.clone(),
        team: invite.team.clone(),
        portal_url: "https://api.example.org/manage/".into(),
        api_url: "https://api.example.org/v1/openapi.json".into(),
        is_invited: true,
        contact: "hello@example.org".into(),
    };
    let webhook_off = WebhookOffMail {
        speaker: own.clone(),
        team: invite.team.clone(),
        host: "hooks.example.org".into(),
        reason: OffReason::Failing,
        kept_days: Some(30),
        page_url: "https://api.example.org/manage/springfield/webhooks/00112233-4455-6677-8899-aabbccddeeff/"
            .into(),
    };
    let reset = PasswordResetMail {
        speaker: own,
        email: "jose@example.org".into(),
        reset_url:
            "https://api.example.org/manage/password_reset_confirm/ABEiM0RVZneImaq7zN3u_w/p3Jx0nq6T1mZk2v8y4Qb7w/"
                .into(),
    };
    let request = FormMail {
        mailing_address: vec!["Montgomery County Election Office".into(), "Montgomery, AL 36104".into()],
        mail_deadline: "Received 7 days before Election Day.".into(),
        check_url: "https://tracker.example.org/".into(),
        ..form.clone()
    };
    let office = OfficeMail {
        first_name: "José".into(),
        last_name: "Núñez".into(),
        full_name: "José Quincy Núñez".into(),
        state: Some(State::Al),
        contact: "legal@example.org".into(),
        instead_of: Some("clerk@montgomery.example.org".into()),
    };
    let fax = FaxMail {
        speaker: form.speaker.clone(),
        first_name: "José".into(),
        office: request.mailing_address.clone(),
        office_email: Some("clerk@montgomery.example.org".into()),
        office_phone: Some("(334) 555-0100".into()),
        office_fax: Some("(334) 555-0101".into()),
        help_address: "faxes@example.org".into(),
        download_url: Some(form.download_url.clone()),
    };
    let done = FaxMail { download_url: None, ..fax.clone() };
    let ballot = BallotNextStepsMail {
        speaker: partner.clone(),
        first_name: "José".into(),
        state: Some(State::Nc),
        tracker_url: "https://tracker.example.org/".into(),
        id_rules: "Send a copy of **your photo ID** with the ballot.".into(),
        has_drop_boxes: true,
        polling_place_url: "https://places.example.org/".into(),
    };
    let home = vec!["12 Elm Street".to_owned(), "Apt 3".to_owned(), "Montgomery, AL 36104".to_owned()];
    let confirm = ConfirmMail {
        form: form.clone(),
        address: home.clone(),
        confirm_url: "https://www.example.org/register-to-vote/confirm/?id=2f1f&token=8c1d".into(),
        correct_url: "https://www.example.org/register-to-vote/resume/?uuid=2f1f".into(),
    };
    let letter = LetterMail {
        speaker: form.speaker.clone(),
        first_name: "José".into(),
        state: Some(State::Al),
        address: home,
        mail_deadline: form.mail_deadline.clone(),
        office: form.mailing_address.clone(),
        offices_url: form.offices_url.clone(),
        check_url: form.check_url.clone(),
        again_url: verified.register_url.clone(),
    };
    let moved = MoverMail {
        speaker: moved_speaker,
        first_name: "José".into(),
        state: Some(State::Wi),
        mail_deadline: "Postmarked 20 days before Election Day.".into(),
        online_deadline: "20 days before Election Day.".into(),
        in_person_deadline: "The Friday before Election Day.".into(),
        early_voting_starts: "14 days before Election Day".into(),
        early_voting_ends: "the Sunday before Election Day".into(),
        same_day: SameDay { early: false, election_day: true },
        needs_proof: true,
        check_url: form.check_url.clone(),
        offices_url: form.offices_url.clone(),
    };
    let confirm_request = ConfirmMail {
        form: request.clone(),
        confirm_url: "https://www.example.org/vote-by-mail/confirm/?id=2f1f&token=8c1d".into(),
        correct_url: verified.vote_by_mail_url.clone(),
        ..confirm.clone()
    };
    let letter_request = LetterMail {
        mail_deadline: request.mail_deadline.clone(),
        office: request.mailing_address.clone(),
        check_url: request.check_url.clone(),
        again_url: verified.vote_by_mail_url.clone(),
        ..letter.clone()
    };
    vec![
        Message::RegistrationForm(form),
        Message::RegistrationReminder(reminder),
        Message::RegistrationConfirm(confirm.clone()),
        Message::RegistrationConfirmReminder(confirm),
        Message::RegistrationLetterMailed(letter.clone()),
        Message::RegistrationLetterReturned(letter.clone()),
        Message::RegistrationMailChase(letter),
        Message::RegistrationOnline(online),
        Message::RegistrationNextSteps(next),
        Message::MoverFormsMailed(moved.clone()),
        Message::MoverFormsReminder(moved.clone()),
        Message::MoverFormsChase(moved),
        Message::VerifiedNextSteps(verified),
        Message::BallotRequestForm(request.clone()),
        Message::BallotRequestReminder(FormMail { speaker: partner.clone(), ..request }),
        Message::BallotRequestConfirm(confirm_request.clone()),
        Message::BallotRequestConfirmReminder(confirm_request),
        Message::BallotRequestLetterMailed(letter_request.clone()),
        Message::BallotRequestLetterReturned(letter_request.clone()),
        Message::BallotRequestMailChase(letter_request),
        Message::BallotRequestToOffice(office),
        Message::BallotRequestFaxing(fax),
        Message::BallotRequestFaxed(done.clone()),
        Message::BallotRequestNotFaxed(done),
        Message::BallotRequestNextSteps(ballot),
        Message::NewDownloadLink(link),
        Message::ReportReady(report),
        Message::AccountInvite(invite),
        Message::SubscriberActivated(activated),
        Message::PasswordReset(reset),
        Message::WebhookOff(webhook_off),
    ]
}

/// Who sends the samples of texts: a long name, as such are.
pub const SAMPLE_SENDER: &str = "Voters of Springfield via VoteAmerica";

/// One text of each kind, about nobody: for previews and tests.
#[must_use]
pub fn sample_texts() -> Vec<TextMessage> {
    let email = || "jose@example.org".to_owned();
    let url = |path: &str| format!("https://go.example.org/{path}");
    let mut all: Vec<TextMessage> =
        [Some(ToolName::Register), Some(ToolName::Absentee), Some(ToolName::Verify), None]
            .map(TextMessage::Welcome)
            .into();
    for form in [FormKind::Registration, FormKind::BallotRequest] {
        all.extend([
            TextMessage::Unfinished(form, url("k3x9")),
            TextMessage::FormReminder(form, email()),
            TextMessage::ConfirmReminder(form, email()),
            TextMessage::ConfirmNag(form, email()),
            TextMessage::LetterMailed(form),
            TextMessage::LetterReturned(form),
        ]);
    }
    all.extend([
        TextMessage::RegistrationNextSteps(url("m2p7")),
        TextMessage::BallotRequestNextSteps(None),
        TextMessage::BallotRequestNextSteps(Some("https://tracker.example.org/".into())),
        TextMessage::VerifiedRegister(url("q8r1")),
        TextMessage::VerifiedVoteByMail(url("m2p7")),
        TextMessage::SignInCode("042137".into()),
        TextMessage::Help,
        TextMessage::JoinSuccess,
        TextMessage::Joined,
        TextMessage::AutoReply,
        TextMessage::AutoReplyStopped,
    ]);
    let map = MapWords {
        voting: Voting::ElectionDay,
        name: "SPRINGFIELD PUBLIC LIBRARY".into(),
        address: "326 S 7TH ST, SPRINGFIELD, IL 62701".into(),
        hours: "6am - 7pm".into(),
        link: Some(url("w4v2")),
        picture: true,
    };
    all.extend([
        TextMessage::Map(map.clone()),
        TextMessage::Map(MapWords { voting: Voting::Early, picture: false, ..map }),
        TextMessage::MapSent(Voting::ElectionDay),
        TextMessage::MapSent(Voting::Early),
        TextMessage::MapProblem(Voting::ElectionDay, MapProblem::NoVoter),
        TextMessage::MapProblem(Voting::Early, MapProblem::UnknownAddress),
        TextMessage::MapProblem(Voting::ElectionDay, MapProblem::NoPlace),
        TextMessage::MapProblem(Voting::Early, MapProblem::NoPlace),
        TextMessage::MapProblem(Voting::ElectionDay, MapProblem::NoLocator),
    ]);
    all
}
