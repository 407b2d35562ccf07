//! `/account/register/{token}/`: accepting an invitation.

use http::header::SET_COOKIE;
use turnout_core::account::{AcceptError, NewSession, OpenedInvite, UserZone, accept, opened_invite};

use super::{
    super::{
        Answer,
        blocks::{Block, FormBlock, Link},
        gate::{LOGIN, TWO_FACTOR, Visitor, agent, to},
    },
    first_name, new_password_inputs, person_inputs,
};
use crate::http::{ApiError, Request, session::Token};

fn form(request: &Request) -> FormBlock {
    let [password, again] = new_password_inputs();
    FormBlock::new(request.path(), "Create my account")
        .inputs(person_inputs("", "", UserZone::default()))
        .inputs([password, again])
}

fn success(request: &Request) -> String {
    format!("/account/register/{}/success/", request.segment("token"))
}

fn expired(visitor: &Visitor) -> Answer {
    let text = "It was not accepted in time. Ask whoever invited you to invite you again.";
    Ok(visitor.page("This invitation has expired").lead(text).answer())
}

/// `GET`
///
/// # Errors
/// When the store fails; 404 for a token of no invitation.
pub(in crate::manage) async fn show(request: Request, visitor: Visitor) -> Answer {
    match opened_invite(request.app(), request.segment("token")).await? {
        OpenedInvite::Open { team, .. } => {
            let lead = format!(
                "You were invited to the team of {team}. Tell us who you are, and choose a password."
            );
            Ok(visitor.page("Create your account").lead(lead).push(Block::Form(form(&request))).answer())
        }
        OpenedInvite::Expired => expired(&visitor),
        OpenedInvite::Used => Ok(to(&success(&request))),
        OpenedInvite::Unknown => Err(ApiError::not_found()),
    }
}

/// `POST`: makes the account, and signs in.
///
/// # Errors
/// When the store fails; 404 for an invitation that is not open.
pub(in crate::manage) async fn submit(request: Request, mut visitor: Visitor) -> Answer {
    let app = request.app();
    let token = Token::new(rand::random());
    let new = NewSession { token_hash: token.hash(), agent: agent(request.headers()) };
    let sent = &visitor.form;
    match accept(app, request.segment("token"), &sent.input(), new).await {
        Ok(signed_in) => {
            let mut answer = to(&success(&request));
            visitor.keys.token = token;
            answer.headers_mut().append(SET_COOKIE, visitor.keys.begin(app, &signed_in.session));
            Ok(answer)
        }
        Err(AcceptError::Problems(problems)) => {
            let form = form(&request).with(&problems, sent);
            Ok(visitor.page("Create your account").push(Block::Form(form)).answer())
        }
        Err(AcceptError::NotOpen) => Err(ApiError::not_found()),
        Err(AcceptError::Used) => Ok(to(&success(&request))),
        Err(AcceptError::AccountExists) => {
            let text = "You have an account already. Sign in with it.";
            Ok(visitor.back(app, LOGIN, text))
        }
        Err(AcceptError::Hash(error)) => Err(ApiError::internal(error)),
        Err(AcceptError::Store(error)) => Err(error.into()),
    }
}

/// `GET /account/register/{token}/success/`: who the person is now, as far as it is that person who asks.
///
/// # Errors
/// When the store fails; 404 for a token of no invitation.
pub(in crate::manage) async fn done(request: Request, visitor: Visitor) -> Answer {
    let is_used = matches!(opened_invite(request.app(), request.segment("token")).await?, OpenedInvite::Used);
    if !is_used {
        return Err(ApiError::not_found());
    }
    let page = match &visitor.known {
        Some((user, _)) => visitor
            .page(format!("Welcome, {}", first_name(user)))
            .lead(format!(
                "Your account is there. You sign in with {}. One thing is left: a second way to prove who you are.",
                user.email
            ))
            .push(Block::Actions(vec![Link::main("Set up the second step", TWO_FACTOR)])),
        None => visitor
            .page("This invitation was accepted")
            .lead("The account is there. Sign in with the address that was invited.")
            .push(Block::Actions(vec![Link::main("Sign in", LOGIN)])),
    };
    Ok(page.answer())
}
