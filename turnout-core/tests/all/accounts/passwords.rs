//! Passwords are changed.

use turnout_core::account::{self, PasswordError};

use super::*;

/// The last two parts of the address of a link.
fn parts(link: &str) -> (String, String) {
    let mut parts = link.trim_end_matches('/').rsplit('/');
    let (token, uid) = (parts.next().unwrap(), parts.next().unwrap());
    assert!(link.starts_with("http://localhost:9001/manage/password_reset_confirm/"), "{link}");
    (uid.to_owned(), token.to_owned())
}

fn twice(password: &str) -> Input {
    form(&[("password", password), ("password_again", password)])
}

async fn ask(world: &World, email: &str) -> Result<(), PasswordError> {
    account::request_reset(&world.app, &form(&[("email", email)]), "192.0.2.7").await
}

#[tokio::test]
async fn a_link_by_mail_sets_a_password_once_and_ends_all_sessions() {
    let world = world().await;
    ann(&world).await;
    ask(&world, "ANN@EXAMPLE.ORG").await.unwrap();
    let (uid, token) = parts(&link(&world, "account.password_reset").await);
    assert!(!world.store.dump().contains(&token), "it is in no row");
    assert_eq!(account::opened_reset(&world.app, &uid, &token).await.unwrap().unwrap().id, user_id(1));
    let reset = async |input| account::reset_password(&world.app, &uid, &token, &input).await;
    let weak = reset(twice("password")).await;
    assert!(matches!(weak, Err(PasswordError::Problems(it)) if it.has("password")));
    reset(twice(OTHER)).await.unwrap();
    assert!(matches!(reset(twice(PASSWORD)).await, Err(PasswordError::Void)), "it is good once");
    assert!(account::opened_reset(&world.app, &uid, &token).await.unwrap().is_none());
    assert!(session(&world, 1).await.is_none());
    assert!(sign_in(&world, "ann@example.org", PASSWORD, 2).await.is_err());
    sign_in(&world, "ann@example.org", OTHER, 3).await.unwrap();
}

#[tokio::test]
async fn everybody_hears_the_same_and_only_those_with_an_account_are_mailed() {
    let world = world().await;
    ask(&world, "nobody@example.org").await.unwrap();
    let closed = insert(&world, 2, |_| {}).await;
    account::set_active(&world.app, None, closed, false).await.unwrap();
    ask(&world, "user2@example.org").await.unwrap();
    voter::run_due(&world).await;
    assert!(world.outbox.take().is_empty());
    assert!(matches!(ask(&world, "no address").await, Err(PasswordError::Problems(it)) if it.has("email")));
    for _ in 0..5 {
        ask(&world, "ann@example.org").await.unwrap();
    }
    assert!(matches!(ask(&world, "Ann@example.org").await, Err(PasswordError::Throttled(_))));
}

#[tokio::test]
async fn a_link_is_void_after_a_day_and_where_nobody_asked_for_it() {
    let world = world().await;
    ask(&world, "ann@example.org").await.unwrap();
    let (uid, token) = parts(&link(&world, "account.password_reset").await);
    let is_good =
        async |uid: &str, token: &str| account::opened_reset(&world.app, uid, token).await.unwrap().is_some();
    let other = insert(&world, 2, |_| {}).await;
    let other = turnout_core::ids::small_uuid(other.0);
    for (uid, token) in [(other.as_str(), token.as_str()), ("", ""), (&uid, ""), ("zz", &token), (&uid, &uid)]
    {
        assert!(!is_good(uid, token).await, "{uid} {token}");
    }
    assert!(is_good(&uid, &token).await);
    world.clock.advance(TimeDelta::days(1));
    assert!(!is_good(&uid, &token).await);
}

#[tokio::test]
async fn a_password_that_is_changed_is_really_saved_and_ends_the_other_sessions() {
    let world = world().await;
    let own = ann(&world).await;
    sign_in(&world, "ann@example.org", PASSWORD, 2).await.unwrap();
    ask(&world, "ann@example.org").await.unwrap();
    let (uid, token) = parts(&link(&world, "account.password_reset").await);
    let change = async |old: &str, one: &str, again: &str| {
        let input = form(&[("old_password", old), ("password", one), ("password_again", again)]);
        account::change_password(&world.app, &own, &input).await
    };
    let wrong = change(OTHER, "short", "short").await;
    assert!(
        matches!(wrong, Err(PasswordError::Problems(it)) if it.has("old_password") && it.has("password"))
    );
    let differs = change(PASSWORD, OTHER, "nine purple lantern").await;
    assert!(matches!(differs, Err(PasswordError::Problems(it)) if it.has("password_again")));
    change(PASSWORD, OTHER, OTHER).await.unwrap();
    assert!(session(&world, 1).await.is_some() && session(&world, 2).await.is_none());
    assert!(account::opened_reset(&world.app, &uid, &token).await.unwrap().is_none(), "links are void");
    assert!(sign_in(&world, "ann@example.org", PASSWORD, 3).await.is_err());
    sign_in(&world, "ann@example.org", OTHER, 3).await.unwrap();
    assert!(acts(&world, user_id(1)).await.contains(&"changed_password".to_owned()));
}

#[tokio::test]
async fn an_account_that_is_made_at_the_terminal_gets_its_password_by_a_link() {
    let world = world().await;
    let made = account::create_user(&world.app, " root@example.org ", true).await.unwrap();
    assert!(made.user.is_superuser && made.user.password.is_none());
    let (uid, token) = parts(&made.link);
    account::reset_password(&world.app, &uid, &token, &twice(OTHER)).await.unwrap();
    let signed_in = sign_in(&world, "root@example.org", OTHER, 1).await.unwrap();
    assert!(signed_in.user.is_superuser && signed_in.user.is_staff);
    assert!(matches!(
        account::create_user(&world.app, "ROOT@example.org", false).await,
        Err(account::CreateUserError::Exists)
    ));
    assert!(matches!(
        account::create_user(&world.app, "root", false).await,
        Err(account::CreateUserError::NotAnAddress)
    ));
}
