//! Who is invited, and who accepts.

use turnout_core::account::{self, AcceptError, InviteError, Invited, OpenedInvite, UserZone};

use super::*;

async fn invite(world: &World, email: &str, to: u128) -> Invited {
    account::invite(&world.app, user_id(1), subscriber(to), &form(&[("email", email)])).await.unwrap()
}

/// The last part of the address of a link.
fn token(link: &str) -> String {
    let token = link.strip_prefix("http://localhost:9001/account/register/").unwrap();
    token.strip_suffix('/').unwrap().to_owned()
}

fn profile() -> Input {
    form(&[
        ("first_name", "Bo"),
        ("last_name", "Núñez"),
        ("time_zone", "US/Pacific"),
        ("password", PASSWORD),
        ("password_again", PASSWORD),
    ])
}

async fn accept(world: &World, token: &str) -> Result<SignedIn, AcceptError> {
    account::accept(&world.app, token, &profile(), new(5)).await
}

async fn is_member(world: &World, user: UserId, of: u128) -> bool {
    world.store.view().await.unwrap().accounts().is_member(user, subscriber(of)).await.unwrap()
}

#[tokio::test]
async fn an_invitation_is_mailed_and_becomes_an_account() {
    let world = world().await;
    let Invited::Sent(id) = invite(&world, "bo@example.org", 2).await else { panic!("it is new") };
    let token = token(&link(&world, "account.invite").await);
    assert!(!world.store.dump().contains(&token[22..]), "it is in no row");
    let OpenedInvite::Open { invite, team } = account::opened_invite(&world.app, &token).await.unwrap()
    else {
        panic!("it is open")
    };
    assert_eq!((invite.id, team.as_str()), (id, "Subscriber 2"));
    let SignedIn { user, session } = accept(&world, &token).await.unwrap();
    assert_eq!((user.email.as_str(), user.display_name().as_str()), ("bo@example.org", "Bo Núñez"));
    assert_eq!((user.time_zone, user.is_staff), (UserZone::Pacific, true));
    assert_eq!(user.active_subscriber, Some(subscriber(2)));
    assert_eq!(session.stage, account::SessionStage::SignedIn);
    assert!(is_member(&world, user.id, 2).await && !is_member(&world, user.id, 1).await);
    assert!(matches!(account::opened_invite(&world.app, &token).await.unwrap(), OpenedInvite::Used));
    assert!(matches!(accept(&world, &token).await, Err(AcceptError::Used)));
    sign_in(&world, "bo@example.org", PASSWORD, 6).await.unwrap();
}

#[tokio::test]
async fn whoever_has_an_account_is_added_without_a_mail() {
    let world = world().await;
    assert_eq!(invite(&world, "ANN@example.org", 2).await, Invited::Added(user_id(1)));
    assert_eq!(invite(&world, "ann@example.org", 2).await, Invited::AlreadyMember(user_id(1)));
    assert!(is_member(&world, user_id(1), 2).await);
    assert_eq!(user(&world, user_id(1)).await.active_subscriber, Some(subscriber(1)), "as it was");
    let idle = insert(&world, 2, |_| {}).await;
    assert_eq!(invite(&world, "user2@example.org", 3).await, Invited::Added(idle));
    assert_eq!(user(&world, idle).await.active_subscriber, Some(subscriber(3)));
    voter::run_due(&world).await;
    assert!(world.outbox.take().is_empty());
    let none = account::invite(&world.app, user_id(1), subscriber(1), &form(&[("email", "x")])).await;
    assert!(matches!(none, Err(InviteError::Problems(it)) if it.has("email")));
}

#[tokio::test]
async fn one_invitation_leads_to_several_teams() {
    let world = world().await;
    let Invited::Sent(id) = invite(&world, "bo@example.org", 1).await else { panic!("it is new") };
    let token = token(&link(&world, "account.invite").await);
    world.clock.advance(TimeDelta::days(6));
    assert_eq!(invite(&world, "BO@example.org", 2).await, Invited::Extended(id));
    voter::run_due(&world).await;
    assert!(world.outbox.take().is_empty());
    world.clock.advance(TimeDelta::days(6));
    let user = accept(&world, &token).await.unwrap().user;
    assert_eq!(user.active_subscriber, Some(subscriber(2)));
    assert!(is_member(&world, user.id, 1).await && is_member(&world, user.id, 2).await);
}

#[tokio::test]
async fn accepting_one_accepts_all_that_are_open_to_the_same_address() {
    let world = world().await;
    invite(&world, "bo@example.org", 1).await;
    world.clock.advance(TimeDelta::days(7));
    invite(&world, "bo@example.org", 2).await;
    voter::run_due(&world).await;
    assert_eq!(world.outbox.take().len(), 1, "the first one was over before it was mailed");
    // an open one beside it, as the service before may have left some
    voter::rows(&world, async |unit| {
        let other = account::Invite {
            expires: world.app.now() + TimeDelta::days(1),
            ..rows::invite(90, "Bo@example.org", 3, 0)
        };
        unit.accounts_mut().insert_invite(&other).await.unwrap();
        let association = account::InviteAssociation {
            id: turnout_core::ids::AssociationId(rows::uuid(91)),
            subscriber: subscriber(3),
            invite: other.id,
            created_at: rows::at(0),
        };
        unit.accounts_mut().add_to_invite(&association).await.unwrap();
    })
    .await;
    let open = world
        .store
        .view()
        .await
        .unwrap()
        .accounts()
        .open_invites(subscriber(2), world.app.now())
        .await
        .unwrap();
    account::invite_again(&world.app, user_id(1), subscriber(2), open[0].id).await.unwrap();
    let token = token(&link(&world, "account.invite").await);
    let user = accept(&world, &token).await.unwrap().user;
    assert!(!is_member(&world, user.id, 1).await, "that one was over");
    assert!(is_member(&world, user.id, 2).await && is_member(&world, user.id, 3).await);
    let all = world.store.view().await.unwrap().accounts().invites_to("bo@example.org").await.unwrap();
    assert_eq!(all.len(), 3);
    assert!(all.iter().all(|it| it.consumed_at.is_some()));
    assert_eq!(all.iter().filter(|it| it.user == Some(user.id)).count(), 1);
}

#[tokio::test]
async fn an_invitation_ends_and_is_mailed_again() {
    let world = world().await;
    let Invited::Sent(id) = invite(&world, "bo@example.org", 2).await else { panic!("it is new") };
    let first = token(&link(&world, "account.invite").await);
    let again = async |of| account::invite_again(&world.app, user_id(1), subscriber(of), id).await;
    assert!(matches!(again(1).await, Err(InviteError::NotFound)), "it is another team's");
    world.clock.advance(TimeDelta::days(6));
    again(2).await.unwrap();
    let second = token(&link(&world, "account.invite").await);
    assert!(matches!(account::opened_invite(&world.app, &first).await.unwrap(), OpenedInvite::Unknown));
    assert!(matches!(accept(&world, &first).await, Err(AcceptError::NotOpen)));
    world.clock.advance(TimeDelta::days(6));
    assert!(matches!(account::opened_invite(&world.app, &second).await.unwrap(), OpenedInvite::Open { .. }));
    world.clock.advance(TimeDelta::days(1));
    assert!(matches!(account::opened_invite(&world.app, &second).await.unwrap(), OpenedInvite::Expired));
    assert!(matches!(accept(&world, &second).await, Err(AcceptError::NotOpen)));
    assert!(matches!(again(2).await, Err(InviteError::NotFound)));
}

#[tokio::test]
async fn an_invitation_that_is_withdrawn_leads_elsewhere_or_nowhere() {
    let world = world().await;
    let Invited::Sent(id) = invite(&world, "bo@example.org", 1).await else { panic!("it is new") };
    let token = token(&link(&world, "account.invite").await);
    invite(&world, "bo@example.org", 2).await;
    let withdraw = async |of| account::withdraw(&world.app, user_id(1), subscriber(of), id).await;
    assert!(matches!(withdraw(3).await, Err(InviteError::NotFound)));
    withdraw(2).await.unwrap();
    let OpenedInvite::Open { team, .. } = account::opened_invite(&world.app, &token).await.unwrap() else {
        panic!("it is open")
    };
    assert_eq!(team, "Subscriber 1");
    withdraw(1).await.unwrap();
    assert!(matches!(account::opened_invite(&world.app, &token).await.unwrap(), OpenedInvite::Expired));
    assert!(account::team(&world.app, subscriber(1)).await.unwrap().invites.is_empty());
}

#[tokio::test]
async fn a_link_of_the_service_before_opens_its_invitation_until_another_is_mailed() {
    let world = world().await;
    let old = "ABEiM0RVZneImaq7zN3u_w";
    voter::rows(&world, async |unit| {
        let invite = account::Invite {
            imported_token_hash: Some(turnout_core::file::imported_token_hash(old)),
            expires: world.app.now() + TimeDelta::days(1),
            ..rows::invite(90, "bo@example.org", 1, 0)
        };
        unit.accounts_mut().insert_invite(&invite).await.unwrap();
        let association = account::InviteAssociation {
            id: turnout_core::ids::AssociationId(rows::uuid(91)),
            subscriber: subscriber(1),
            invite: invite.id,
            created_at: rows::at(0),
        };
        unit.accounts_mut().add_to_invite(&association).await.unwrap();
    })
    .await;
    assert!(matches!(account::opened_invite(&world.app, old).await.unwrap(), OpenedInvite::Open { .. }));
    for wrong in ["", "ABEiM0RVZneImaq7zN3u_Q", "00112233445566778899aabbccddeeff"] {
        assert!(matches!(account::opened_invite(&world.app, wrong).await.unwrap(), OpenedInvite::Unknown));
    }
    let id = turnout_core::ids::InviteId(rows::uuid(90));
    account::invite_again(&world.app, user_id(1), subscriber(1), id).await.unwrap();
    assert!(matches!(account::opened_invite(&world.app, old).await.unwrap(), OpenedInvite::Unknown));
}

#[tokio::test]
async fn nobody_gets_a_second_account() {
    let world = world().await;
    invite(&world, "bo@example.org", 2).await;
    let token = token(&link(&world, "account.invite").await);
    let weak =
        form(&[("password", "bo@example.org"), ("password_again", "bo@example.org"), ("time_zone", "Mars")]);
    let refused = account::accept(&world.app, &token, &weak, new(5)).await;
    assert!(matches!(refused, Err(AcceptError::Problems(it)) if it.has("password") && it.has("time_zone")));
    account::create_user(&world.app, "BO@example.org", false).await.unwrap();
    assert!(matches!(accept(&world, &token).await, Err(AcceptError::AccountExists)));
}
