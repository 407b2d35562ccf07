//! Who works for whom.

use turnout_core::account::{self, ProfileError, RemoveError, UserZone};

use super::*;

async fn names(world: &World, id: UserId) -> Vec<String> {
    let page = PageRequest { after: None, limit: 10 };
    let page = account::workplaces(&world.app, &user(world, id).await, &page).await.unwrap();
    page.rows.into_iter().map(|it| it.name).collect()
}

#[tokio::test]
async fn a_member_is_removed_by_others_alone() {
    let world = world().await;
    let bo = insert(&world, 2, |it| it.active_subscriber = Some(subscriber(1))).await;
    voter::rows(&world, async |unit| {
        associate(unit, 2, 1).await;
        associate(unit, 2, 2).await;
    })
    .await;
    let members = account::team(&world.app, subscriber(1)).await.unwrap().members;
    assert_eq!(members.iter().map(|it| it.id).collect::<Vec<_>>(), [user_id(1), bo]);
    let remove = async |of, who| account::remove_member(&world.app, user_id(1), subscriber(of), who).await;
    assert!(matches!(remove(1, user_id(1)).await, Err(RemoveError::Oneself)));
    assert!(matches!(remove(3, bo).await, Err(RemoveError::NotFound)), "not of that team");
    remove(1, bo).await.unwrap();
    assert!(matches!(remove(1, bo).await, Err(RemoveError::NotFound)));
    assert_eq!(user(&world, bo).await.active_subscriber, None);
    assert_eq!(names(&world, bo).await, ["Subscriber 2"], "elsewhere they stay");
    assert_eq!(acts(&world, bo).await, ["left"]);
}

#[tokio::test]
async fn one_works_for_active_subscribers_of_ones_own() {
    let world = world().await;
    voter::rows(&world, async |unit| {
        associate(unit, 1, 2).await;
        let mut disabled = rows::subscriber(4, 0);
        disabled.status = SubscriberStatus::Disabled;
        unit.subscribers_mut().insert(&disabled).await.unwrap();
        associate(unit, 1, 4).await;
    })
    .await;
    assert_eq!(names(&world, user_id(1)).await, ["Subscriber 1", "Subscriber 2"]);
    let work = async |who, of| account::work_for(&world.app, who, subscriber(of)).await;
    assert_eq!(work(user_id(1), 2).await.unwrap().name, "Subscriber 2");
    assert_eq!(user(&world, user_id(1)).await.active_subscriber, Some(subscriber(2)));
    for other in [3, 4, 5] {
        assert!(matches!(work(user_id(1), other).await, Err(ProfileError::NotFound)), "{other}");
    }
    let manager = insert(&world, 2, |it| it.is_subscriber_admin = true).await;
    assert_eq!(names(&world, manager).await.len(), 4);
    work(manager, 4).await.unwrap();
}

#[tokio::test]
async fn a_profile_has_names_and_a_zone() {
    let world = world().await;
    let update =
        async |pairs: &[(&str, &str)]| account::update_profile(&world.app, user_id(1), &form(pairs)).await;
    let all = [
        ("first_name", " Ann "),
        ("last_name", "Lee"),
        ("time_zone", "US/Hawaii"),
        ("email", "x@example.org"),
    ];
    let ann = update(&all).await.unwrap();
    assert_eq!((ann.display_name().as_str(), ann.time_zone), ("Ann Lee", UserZone::Hawaii));
    assert_eq!(ann.email, "Ann@example.org", "it is how one signs in");
    assert_eq!(user(&world, user_id(1)).await, ann);
    let long = "x".repeat(201);
    let refused = update(&[("first_name", &long), ("last_name", &long), ("time_zone", "Mars")]).await;
    assert!(matches!(refused, Err(ProfileError::Problems(it))
        if ["first_name", "last_name", "time_zone"].iter().all(|field| it.has(field))));
    assert_eq!(update(&[]).await.unwrap().display_name(), "Ann@example.org");
}

#[tokio::test]
async fn closing_an_account_ends_its_sessions() {
    let world = world().await;
    ann(&world).await;
    let closed = account::set_active(&world.app, Some(user_id(1)), user_id(1), false).await.unwrap().unwrap();
    assert!(!closed.is_active && session(&world, 1).await.is_none());
    assert!(sign_in(&world, "ann@example.org", PASSWORD, 1).await.is_err());
    account::set_active(&world.app, None, user_id(1), true).await.unwrap();
    sign_in(&world, "ann@example.org", PASSWORD, 1).await.unwrap();
    assert!(account::set_active(&world.app, None, user_id(9), true).await.unwrap().is_none());
}
