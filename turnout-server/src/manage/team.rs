//! `/manage/<slug>/users/` and `/manage/<slug>/invite/`: who works for a subscriber, and who is invited to.

use chrono::TimeDelta;
use turnout_core::{
    account::{
        Invite, InviteError, Invited, RemoveError, User, invite, invite_again, remove_member, team, withdraw,
    },
    ids::{InviteId, UserId},
    input::Input as Sent,
    ports::store::StoreError,
};

use super::{
    Answer,
    blocks::{Block, Button, Cell, Column, FormBlock, Input, InputKind, Link, Notice, Table},
    frame::PageOf,
    gate::Desk,
};
use crate::http::{ApiError, Request};

/// What the page of the team is called.
const TEAM: &str = "Team";

/// The team, and who is invited.
///
/// # Errors
/// When the store fails.
pub(super) async fn list(request: Request, desk: Desk) -> Answer {
    let team = team(request.app(), desk.own().id).await?;
    let members = team.members.iter().map(|member| {
        let remove = match member.id == desk.user.id {
            true => Cell::text("You"),
            false => Cell::Links(vec![
                Link::new("Remove", desk.link(&format!("users/{}/remove/", member.id)))
                    .note(member.display_name()),
            ]),
        };
        let name = format!("{} {}", member.first_name, member.last_name);
        let name = if name.trim().is_empty() { "No name yet".to_owned() } else { name.trim().to_owned() };
        vec![Cell::text(name), Cell::text(&member.email), Cell::time(member.last_login), remove]
    });
    let members = Table {
        caption: "Members".into(),
        columns: vec![
            Column::new("Name"),
            Column::new("E-mail"),
            Column::new("Last signed in"),
            Column::silent("What can be done"),
        ],
        rows: members.collect(),
        empty: "Nobody belongs to the team.".into(),
    };
    let invites = team.invites.iter().map(|it| {
        let again =
            Button::new("Send again", desk.link(&format!("invite/{}/again/", it.id))).about(&it.email);
        vec![
            Cell::text(&it.email),
            Cell::Time(it.expires),
            Cell::Buttons(vec![again]),
            Cell::Links(vec![
                Link::new("Withdraw", desk.link(&format!("invite/{}/remove/", it.id))).note(&it.email),
            ]),
        ]
    });
    let invites = Table {
        caption: "Invitations".into(),
        columns: vec![
            Column::new("E-mail"),
            Column::new("Good until"),
            Column::silent("Send again"),
            Column::silent("Withdraw"),
        ],
        rows: invites.collect(),
        empty: "No invitation is open.".into(),
    };
    Ok(desk
        .page(TEAM)
        .lead("Everybody here sees and does the same, and can invite and remove others.")
        .push(Block::Actions(vec![Link::main("Invite somebody", desk.link("invite/create/"))]))
        .push(Block::Table(members))
        .push(Block::Table(invites))
        .answer())
}

/// Asks whether a member is to be removed.
///
/// # Errors
/// 404 for whoever is no other member; when the store fails.
pub(super) async fn ask_to_remove(request: Request, desk: Desk) -> Answer {
    let id = UserId::parse(request.segment("id"));
    let team = team(request.app(), desk.own().id).await?;
    let member = team.members.into_iter().find(|it| Some(it.id) == id && it.id != desk.user.id);
    let Some(member) = member else { return Err(ApiError::not_found()) };
    let who = called(&member);
    let form = FormBlock::new(desk.link(&format!("users/{}/remove/", member.id)), "Remove from the team")
        .lead("The account stays, and whatever it does for other organizations. You can invite the person again.")
        .danger()
        .cancel("Keep", desk.link("users/"));
    Ok(desk.page(format!("Remove {who}?")).up(TEAM, desk.link("users/")).push(Block::Form(form)).answer())
}

fn called(member: &User) -> String {
    let name = member.display_name();
    if name == member.email { name } else { format!("{name} ({})", member.email) }
}

/// Removes a member.
///
/// # Errors
/// 404 for whoever is no other member; when the store fails.
pub(super) async fn remove(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let Some(id) = UserId::parse(request.segment("id")) else { return Err(ApiError::not_found()) };
    match remove_member(app, desk.user.id, desk.own().id, id).await {
        Ok(member) => {
            let notice = format!("{} was removed from the team.", called(&member));
            Ok(desk.back(app, &desk.link("users/"), &notice))
        }
        Err(RemoveError::NotFound | RemoveError::Oneself) => Err(ApiError::not_found()),
        Err(RemoveError::Store(error)) => Err(error.into()),
    }
}

/// Asks for the address of somebody to invite.
///
/// # Errors
/// Never.
pub(super) async fn ask_to_invite(_request: Request, desk: Desk) -> Answer {
    Ok(invitation(&desk, form(&desk)).answer())
}

fn form(desk: &Desk) -> FormBlock {
    FormBlock::new(desk.link("invite/create/"), "Invite")
        .input(Input::new("email", "E-mail address", InputKind::Email).autocomplete("off"))
        .cancel("Back to the team", desk.link("users/"))
}

fn invitation(desk: &Desk, form: FormBlock) -> PageOf {
    desk.page("Invite somebody")
        .up(TEAM, desk.link("users/"))
        .lead("Who has no account yet gets a link by mail, to make one. Who has one belongs to the team at once.")
        .push(Block::Form(form))
}

/// Invites somebody.
///
/// # Errors
/// When the store fails.
pub(super) async fn create(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let sent = Sent::form(desk.form.pairs());
    let invited = match invite(app, desk.user.id, desk.own().id, &sent).await {
        Ok(invited) => invited,
        Err(InviteError::Problems(problems)) => {
            return Ok(invitation(&desk, form(&desk).with(&problems, &desk.form)).answer());
        }
        Err(InviteError::Throttled(wait)) => {
            return Ok(invitation(&desk, form(&desk).mistake(too_many(wait), &desk.form)).answer());
        }
        Err(InviteError::NotFound) => return Err(ApiError::not_found()),
        Err(InviteError::Store(error)) => return Err(error.into()),
    };
    let email = desk.form.get("email");
    let notice = match invited {
        Invited::Added(_) => format!("{email} had an account already, and belongs to the team now."),
        Invited::AlreadyMember(_) => format!("{email} belongs to the team already."),
        Invited::Extended(_) => {
            format!("{email} was invited before; that invitation is good for longer now.")
        }
        Invited::Sent(_) => format!("An invitation is on its way to {email}."),
    };
    Ok(desk.back(app, &desk.link("users/"), &notice))
}

fn too_many(wait: TimeDelta) -> String {
    let minutes = (wait.num_seconds().max(0) + 59) / 60;
    let when = if minutes <= 1 { "in a minute".to_owned() } else { format!("in {minutes} minutes") };
    format!("There were many invitations just now. Please try again {when}.")
}

/// An open invitation of the team.
async fn open_invite(request: &Request, desk: &Desk) -> Result<Option<Invite>, StoreError> {
    let id = InviteId::parse(request.segment("id"));
    let team = team(request.app(), desk.own().id).await?;
    Ok(team.invites.into_iter().find(|it| Some(it.id) == id))
}

/// Mails an invitation again, with a new link.
///
/// # Errors
/// 404 for an invitation that is not open; when the store fails.
pub(super) async fn again(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let Some(id) = InviteId::parse(request.segment("id")) else { return Err(ApiError::not_found()) };
    match invite_again(app, desk.user.id, desk.own().id, id).await {
        Ok(invite) => {
            let notice =
                format!("A new invitation is on its way to {}. The link before works no more.", invite.email);
            Ok(desk.back(app, &desk.link("users/"), &notice))
        }
        Err(InviteError::Throttled(wait)) => {
            let page = desk.page("Not sent").up(TEAM, desk.link("users/"));
            Ok(page.push(Block::Notice(Notice::warning(too_many(wait)))).answer())
        }
        Err(InviteError::NotFound | InviteError::Problems(_)) => Err(ApiError::not_found()),
        Err(InviteError::Store(error)) => Err(error.into()),
    }
}

/// Asks whether an invitation is to be withdrawn.
///
/// # Errors
/// 404 for an invitation that is not open; when the store fails.
pub(super) async fn ask_to_withdraw(request: Request, desk: Desk) -> Answer {
    let Some(invite) = open_invite(&request, &desk).await? else { return Err(ApiError::not_found()) };
    let form = FormBlock::new(desk.link(&format!("invite/{}/remove/", invite.id)), "Withdraw the invitation")
        .lead("Its link works no more then, unless it leads to another organization too.")
        .danger()
        .cancel("Keep", desk.link("users/"));
    let title = format!("Withdraw the invitation to {}?", invite.email);
    Ok(desk.page(title).up(TEAM, desk.link("users/")).push(Block::Form(form)).answer())
}

/// Withdraws an invitation.
///
/// # Errors
/// 404 for an invitation that is not open; when the store fails.
pub(super) async fn take_back(request: Request, desk: Desk) -> Answer {
    let app = request.app();
    let Some(id) = InviteId::parse(request.segment("id")) else { return Err(ApiError::not_found()) };
    match withdraw(app, desk.user.id, desk.own().id, id).await {
        Ok(()) => Ok(desk.back(app, &desk.link("users/"), "The invitation was withdrawn.")),
        Err(InviteError::Store(error)) => Err(error.into()),
        Err(_) => Err(ApiError::not_found()),
    }
}
