//! From a wish to subscribe to a subscriber, and what those who look after subscribers change of one.

use serde_json::Value;
use turnout_core::{
    change::{Change, ChangeFilter},
    conformance::rows,
    ids::{SubscriberId, UserId},
    input::Input,
    jobs::step,
    memory::{World, world},
    page::PageRequest,
    settings::Settings,
    subscriber::{self, Editor, KEY_MASK, Plan, SmsMode, Subscriber, SubscriberStatus},
    subscription::{
        ContactError, ExternalTool, Interest, InterestStatus, ReviewError, SignUpError, Subscription,
        activate, change_contact, change_subscription, reject, sign_up,
    },
};

fn form(pairs: &[(&str, &str)]) -> Input {
    Input::form(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

fn ann() -> UserId {
    UserId(rows::uuid(41))
}

const WISH: [(&str, &str); 8] = [
    ("organization_name", "Voters of Springfield"),
    ("website", "voters.example.org"),
    ("first_name", "Ada"),
    ("last_name", "Núñez"),
    ("email", "ada@example.org"),
    ("phone", "617-555-7890"),
    ("plan", "nonprofit"),
    ("ein", "12-3456789"),
];

async fn changes(world: &World, kind: &str, subject: impl std::fmt::Display) -> Vec<Change> {
    let mut view = world.app.store.view().await.unwrap();
    let filter = ChangeFilter::history(kind, subject);
    view.changes().page(&filter, &PageRequest { after: None, limit: 50 }).await.unwrap().rows
}

/// Neither a person nor a key is in the record of changes.
fn tells_no_person(changes: &[Change]) -> bool {
    let text = format!("{changes:?}");
    ["Ada", "Núñez", "ada@", "7890", "hush"].iter().all(|private| !text.contains(private))
}

#[tokio::test]
async fn a_wish_is_kept_for_review_and_the_team_hears_of_it_where_it_wants_to() {
    for notifies in [false, true] {
        let mut settings = Settings::default();
        settings.subscription.notifies_of_leads = notifies;
        let world = World::with(|app| app.with_settings(settings));
        let wish = sign_up(&world.app, &form(&WISH), "192.0.2.1").await.unwrap();
        assert_eq!(
            (wish.status, wish.plan, wish.sms_mode),
            (InterestStatus::Pending, Plan::Nonprofit, SmsMode::BoxUnchecked)
        );
        assert_eq!(wish.website.as_deref(), Some("https://voters.example.org"));
        let mut view = world.app.store.view().await.unwrap();
        assert_eq!(view.subscriptions().interest(wish.id).await.unwrap().as_ref(), Some(&wish));
        drop(view);
        step::run_all_due(&world.app).await.unwrap();
        assert_eq!(world.chat.take().len(), usize::from(notifies));
        let noted = changes(&world, Interest::KIND, wish.id).await;
        assert!(noted.len() == 1 && noted[0].act == "created" && tells_no_person(&noted));
    }
}

#[tokio::test]
async fn a_wish_that_lacks_something_is_refused_with_everything_that_is_wrong() {
    let world = world();
    let refused = |outcome: Result<Interest, SignUpError>| match outcome {
        Err(SignUpError::Problems(problems)) => problems,
        _ => panic!("it was taken"),
    };
    let nothing = refused(sign_up(&world.app, &form(&[]), "x").await);
    for field in ["organization_name", "website", "first_name", "last_name", "email", "plan"] {
        assert!(nothing.has(field), "{field}");
    }
    assert!(!nothing.has("phone") && !nothing.has("ein") && !nothing.has("sms_mode"));
    let changed = |name: &str, value: &'static str| {
        let pairs = WISH.map(|(it, old)| (it, if it == name { value } else { old }));
        form(&pairs)
    };
    for (field, value) in
        [("plan", "free"), ("website", "no site"), ("ein", ""), ("phone", "12"), ("email", "x")]
    {
        let problems = refused(sign_up(&world.app, &changed(field, value), "x").await);
        assert!(problems.has(field), "{field}");
    }
    assert!(!world.store.dump().contains("Springfield"));
}

#[tokio::test]
async fn one_sender_leaves_so_many_wishes_an_hour() {
    let world = world();
    for _ in 0..10 {
        sign_up(&world.app, &form(&WISH), "192.0.2.1").await.unwrap();
    }
    assert!(matches!(sign_up(&world.app, &form(&WISH), "192.0.2.1").await, Err(SignUpError::Throttled(_))));
    sign_up(&world.app, &form(&WISH), "192.0.2.2").await.unwrap();
    world.clock.advance(chrono::TimeDelta::hours(1));
    sign_up(&world.app, &form(&WISH), "192.0.2.1").await.unwrap();
}

const ACTIVATION: [(&str, &str); 4] = [
    ("name", "Voters of Springfield"),
    ("url", "https://voters.example.org"),
    ("slug", "springfield"),
    ("email", "first@example.org"),
];

async fn activated() -> (World, Interest, Subscriber) {
    let world = world();
    let mut unit = world.app.store.begin().await.unwrap();
    unit.accounts_mut().insert(&rows::user(41, 0)).await.unwrap();
    unit.commit().await.unwrap();
    let wish = sign_up(&world.app, &form(&WISH), "x").await.unwrap();
    let subscriber = activate(&world.app, ann(), wish.id, &form(&ACTIVATION)).await.unwrap();
    world.clock.advance(chrono::TimeDelta::minutes(1));
    (world, wish, subscriber)
}

#[tokio::test]
async fn a_subscriber_is_made_of_a_wish_and_its_first_user_is_invited() {
    let (world, wish, made) = activated().await;
    let mut view = world.app.store.view().await.unwrap();
    let found = view.subscribers().by_slug("springfield").await.unwrap().unwrap();
    assert_eq!((found.id, found.plan, found.status), (made.id, Plan::Nonprofit, SubscriberStatus::Active));
    let subscription = view.subscriptions().by_subscriber(made.id).await.unwrap().unwrap();
    assert_eq!((subscription.interest, subscription.plan), (Some(wish.id), Plan::Nonprofit));
    assert_eq!((&subscription.contact, &subscription.ein), (&wish.contact, &wish.ein));
    let invites = view.accounts().invites_to("first@example.org").await.unwrap();
    assert_eq!((invites.len(), invites[0].primary), (1, made.id));
    assert!(view.subscriptions().interest(wish.id).await.unwrap().unwrap().is_consumed());
    drop(view);
    let noted = changes(&world, Interest::KIND, wish.id).await;
    assert!(noted.iter().any(|it| it.act == "activated" && it.by == Some(ann())) && tells_no_person(&noted));
    for (kind, id) in
        [(subscriber::KIND, made.id.to_string()), (Subscription::KIND, subscription.id.to_string())]
    {
        let noted = changes(&world, kind, id).await;
        assert_eq!(noted[0].act, "created", "{kind}");
        assert!(tells_no_person(&noted));
    }
    // nothing more can be done with it
    let again = activate(&world.app, ann(), wish.id, &form(&ACTIVATION)).await;
    assert!(matches!(again, Err(ReviewError::Consumed)));
    let declined = reject(&world.app, ann(), wish.id, &form(&[("reject_reason", "x")])).await;
    assert!(matches!(declined, Err(ReviewError::Consumed)));
}

#[tokio::test]
async fn a_slug_is_of_one_subscriber_alone_and_none_of_our_own_words() {
    let (world, ..) = activated().await;
    let wish = sign_up(&world.app, &form(&WISH), "x").await.unwrap();
    for slug in ["springfield", "login", "Admin", "with blank", "a/b", "é", ""] {
        let pairs = ACTIVATION.map(|(name, value)| (name, if name == "slug" { slug } else { value }));
        let refused = activate(&world.app, ann(), wish.id, &form(&pairs)).await;
        assert!(matches!(refused, Err(ReviewError::Problems(problems)) if problems.has("slug")), "{slug:?}");
    }
    let mut view = world.app.store.view().await.unwrap();
    assert!(!view.subscriptions().interest(wish.id).await.unwrap().unwrap().is_consumed());
}

#[tokio::test]
async fn a_wish_that_is_declined_keeps_why_and_can_be_activated_later() {
    let world = world();
    let wish = sign_up(&world.app, &form(&WISH), "x").await.unwrap();
    let refused = reject(&world.app, ann(), wish.id, &form(&[("reject_reason", " ")])).await;
    assert!(matches!(refused, Err(ReviewError::Problems(problems)) if problems.has("reject_reason")));
    let declined =
        reject(&world.app, ann(), wish.id, &form(&[("reject_reason", "No voters.")])).await.unwrap();
    assert_eq!(
        (declined.status, declined.reject_reason.as_deref()),
        (InterestStatus::Rejected, Some("No voters."))
    );
    assert!(world.outbox.mails().is_empty(), "nobody is written to");
    activate(&world.app, ann(), wish.id, &form(&ACTIVATION)).await.unwrap();
}

async fn key(world: &World, of: SubscriberId) -> Option<String> {
    let mut view = world.app.store.view().await.unwrap();
    let key = view.subscriptions().integration_key(of, ExternalTool::ActionNetwork).await.unwrap();
    key.map(|key| key.reveal().to_owned())
}

#[tokio::test]
async fn those_who_look_after_subscribers_change_all_of_their_settings() {
    let (world, _, made) = activated().await;
    let base = [
        ("name", "Voters"),
        ("url", "https://voters.example.org"),
        ("email", "hello@voters.example.org"),
        ("sms_mode", "none"),
        ("status", "disabled"),
        ("has_api_access", "true"),
        ("language", "es"),
    ];
    let edit = async |more: &[(&str, &str)]| {
        let pairs: Vec<_> = base.iter().chain(more).copied().collect();
        subscriber::edit(&world.app, ann(), made.id, Editor::Staff, &form(&pairs)).await
    };
    let after = edit(&[("sync_actionnetwork", "true"), ("actionnetwork_key", "hush")]).await.unwrap();
    assert_eq!(
        (after.status, after.has_api_access, after.sms_mode()),
        (SubscriberStatus::Disabled, true, SmsMode::None)
    );
    assert_eq!(key(&world, made.id).await.as_deref(), Some("hush"));
    edit(&[("sync_actionnetwork", "true"), ("actionnetwork_key", KEY_MASK)]).await.unwrap();
    assert_eq!(key(&world, made.id).await.as_deref(), Some("hush"), "the mask keeps it");
    let noted = changes(&world, subscriber::KIND, made.id).await;
    assert_eq!(noted.len(), 2, "what is as it was makes no note");
    assert!(tells_no_person(&noted));
    assert_eq!(noted[0].after.as_ref().and_then(|it| it.get("sync_actionnetwork")), Some(&Value::Bool(true)));
    edit(&[]).await.unwrap();
    assert_eq!(key(&world, made.id).await, None, "unchecking deletes it");
    for (more, field) in [
        (vec![("sync_actionnetwork", "true")], "actionnetwork_key"),
        (vec![("actionnetwork_key", "hush")], "sync_actionnetwork"),
        (vec![("status", "asleep")], "status"),
    ] {
        let refused = edit(&more).await;
        assert!(
            matches!(refused, Err(subscriber::EditError::Problems(problems)) if problems.has(field)),
            "{field}"
        );
    }
}

#[tokio::test]
async fn a_subscription_is_changed_by_staff_as_a_whole_and_by_its_own_people_in_its_contact() {
    let (world, _, made) = activated().await;
    let own = form(&[("primary_contact_first_name", "Grace"), ("plan", "premium")]);
    let after = change_contact(&world.app, ann(), made.id, &own).await.unwrap();
    assert_eq!((after.contact.first_name.as_deref(), after.plan), (Some("Grace"), Plan::Nonprofit));
    let all = form(&[
        ("primary_contact_last_name", "Hopper"),
        ("plan", "free"),
        ("ein", "98-7654321"),
        ("expires", "2027-01-31"),
        ("internal_notes", "pays late"),
    ]);
    let after = change_subscription(&world.app, ann(), made.id, &all).await.unwrap();
    assert_eq!((after.plan, after.internal_notes.as_deref()), (Plan::Free, Some("pays late")));
    let mut view = world.app.store.view().await.unwrap();
    let subscriber = view.subscribers().by_id(made.id).await.unwrap().unwrap();
    assert!(!subscriber.has_data_access(), "the plan of the subscription is that of the subscriber");
    drop(view);
    let noted = changes(&world, Subscription::KIND, after.id).await;
    assert_eq!(noted.len(), 3);
    assert!(!format!("{noted:?}").contains("pays late") && !format!("{noted:?}").contains("Hopper"));
    let bad = form(&[("plan", "gold"), ("expires", "soon")]);
    let refused = change_subscription(&world.app, ann(), made.id, &bad).await;
    assert!(
        matches!(refused, Err(ContactError::Problems(problems)) if problems.has("plan") && problems.has("expires"))
    );
    let nobody = change_subscription(&world.app, ann(), SubscriberId(rows::uuid(99)), &all).await;
    assert!(matches!(nobody, Err(ContactError::NotFound)));
}
