//! A registration is handed in (`http-api.md` 3.1, `flows.md` 2.1).

use chrono::TimeDelta;
use serde_json::json;
use turnout_core::{
    action::EventType,
    address::{Address, State},
    error::ProviderError,
    ids::{ActionId, RegionId, SlugId, SubscriberId},
    memory::World,
    ports::{
        clock::Clock,
        forms::FillReport,
        regions::{RegionMatch, RegionMatcher},
        store::Store,
    },
    register::{self, Options, Status, SubmitError},
    settings::Settings,
    subscriber::{Plan, Slug, Subscriber, SubscriberStatus},
};

use crate::voter::{
    COMPLETE, INCOMPLETE, NUMBER, allow_print_and_forward, complete, events, forms, input, jobs, kinds,
    minimum, paper, patch, refusal, rows, run_due, seeded, seeded_with, stored, submit, with, with_offices,
};

#[tokio::test]
async fn a_complete_registration_has_a_form_a_mail_and_a_reminder() {
    let world = seeded().await;
    let submitted = submit(&world, complete(), &COMPLETE).await;
    let registration = stored(&world, submitted.registration.id).await;
    assert_eq!(registration, submitted.registration);
    assert_eq!(registration.status, Status::Pending);
    let file = submitted.file.unwrap();
    assert_eq!(registration.result_item, Some(file.id));
    assert!(file.claimed);
    assert_eq!(file.name, "ma-nguyen-registrationform.pdf");
    assert!(file.key.starts_with("260901."), "{}", file.key);
    let paper = paper(&world, &file).await;
    for line in ["last_name: Nguyễn", "date_of_birth: 12/10/1990", "us_citizen: on", "state: MA"] {
        assert!(paper.lines().any(|it| it == line), "{line}: {paper}");
    }
    assert!(paper.lines().any(|it| it == format!("state_id_number: {NUMBER}")), "{paper}");
    // a complete call records no event of its own
    assert_eq!(events(&world, registration.action).await, []);

    let due_now = ["action.finish", "register.notify"];
    let later = ["action.check_unfinished", "file.discard_unclaimed", "register.remind"];
    let now = world.clock.now();
    let all = jobs(&world).await;
    let (now_due, not_yet): (Vec<_>, Vec<_>) = all.iter().partition(|job| job.due_at <= now);
    assert_eq!(now_due.iter().map(|it| it.kind.as_str()).collect::<Vec<_>>(), due_now);
    assert_eq!(not_yet.iter().map(|it| it.kind.as_str()).collect::<Vec<_>>(), later);
    assert_eq!(not_yet[0].due_at - now, TimeDelta::seconds(900));
    // 9:00 of the next day in Boston
    assert_eq!(not_yet[2].due_at, "2026-09-02T13:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap());

    assert_eq!(run_due(&world).await, 2);
    assert_eq!(stored(&world, registration.id).await.status, Status::SentPdf);
    assert_eq!(events(&world, registration.action).await, [EventType::FinishPrint]);
    let mails = world.outbox.take();
    assert_eq!(mails.len(), 1);
    assert_eq!((mails[0].tag, mails[0].to.address.as_str()), ("register.form", "ada@example.org"));
    let link = turnout_core::register::form::download_url(&world.app, &file);
    assert!(mails[0].text.contains(&link), "{}", mails[0].text);

    world.clock.advance(TimeDelta::days(1));
    run_due(&world).await;
    assert_eq!(world.outbox.tags(), ["register.reminder"]);
    assert!(jobs(&world).await.is_empty());
}

#[tokio::test]
async fn an_incomplete_registration_has_a_start_and_no_form() {
    let world = seeded().await;
    let submitted = submit(&world, minimum(), &INCOMPLETE).await;
    let registration = stored(&world, submitted.registration.id).await;
    assert_eq!((registration.status, registration.result_item), (Status::Incomplete, None));
    assert_eq!(registration.us_citizen, Some(false));
    assert_eq!((registration.sms_opt_in, registration.sms_opt_in_subscriber), (None, Some(false)));
    assert!(submitted.file.is_none() && forms(&world).await.is_empty());
    assert_eq!(events(&world, registration.action).await, [EventType::Start]);
    assert_eq!(kinds(&world).await, ["action.check_unfinished"]);
    assert_eq!(world.forms.filled(), 0);
}

#[tokio::test]
async fn a_refused_registration_stores_nothing_and_names_every_field() {
    let world = seeded().await;
    let before = world.store.dump();
    let units = world.store.units_begun();
    let outcome = register::submit(&world.app, &input(json!({"state": "ZZ"})), &COMPLETE).await;
    let body = refusal(outcome.map(|_| ()));
    let required = json!(["This field is required."]);
    assert_eq!(
        body,
        json!({
            "first_name": required, "last_name": required, "address1": required, "city": required,
            "state": ["\"ZZ\" is not a valid choice."], "zipcode": required, "date_of_birth": required,
            "email": required, "us_citizen": required, "is_18_or_over": required,
            "state_id_number": required,
        })
    );
    assert_eq!(world.store.dump(), before);
    assert_eq!(world.store.units_begun(), units, "a refusal needs no writer");
}

#[tokio::test]
async fn the_first_page_needs_less_than_the_whole_form_but_no_wrong_box() {
    let world = seeded().await;
    let body = with(minimum(), json!({"us_citizen": false}));
    let outcome = register::submit(&world.app, &input(body), &INCOMPLETE).await;
    assert_eq!(refusal(outcome), json!({"us_citizen": ["Must be true"]}));
    // the boxes are nationally required, the rest is so of every page
    let outcome = register::submit(&world.app, &input(minimum()), &COMPLETE).await;
    let required = json!(["This field is required."]);
    let missing = json!({"us_citizen": required, "is_18_or_over": required, "state_id_number": required});
    assert_eq!(refusal(outcome), missing);
}

#[tokio::test]
async fn a_null_in_a_minimum_field_is_refused() {
    let world = seeded().await;
    for name in ["first_name", "last_name", "address1", "city", "date_of_birth", "email", "state", "zipcode"]
    {
        let body = with(minimum(), json!({name: null}));
        let outcome = register::submit(&world.app, &input(body), &INCOMPLETE).await;
        assert_eq!(refusal(outcome), json!({name: ["This field may not be null."]}), "{name}");
    }
}

#[tokio::test]
async fn all_states_and_territories_complete() {
    let world = seeded().await;
    for state in State::ALL {
        let body = with(complete(), json!({"state": state.code()}));
        let submitted = submit(&world, body, &COMPLETE).await;
        assert_eq!(submitted.registration.status, Status::Pending, "{state}");
    }
    run_due(&world).await;
    assert_eq!(world.outbox.mails().len(), State::ALL.len());
}

#[tokio::test]
async fn events_of_the_page_are_recorded_after_the_completion() {
    let world = seeded().await;
    let body = with(complete(), json!({"initial_events": ["Restart", "FinishExternal"]}));
    // what is not completed has no events
    world.forms.fail_next(1);
    let outcome = register::submit(&world.app, &input(body.clone()), &COMPLETE).await;
    assert!(matches!(outcome, Err(SubmitError::Form(_))));
    let left = jobs(&world).await;
    assert_eq!(kinds(&world).await, ["action.check_unfinished", "file.discard_unclaimed"]);
    let action = ActionId::parse(left[0].payload["action"].as_str().unwrap());
    assert_eq!(events(&world, action).await, []);

    let submitted = submit(&world, body, &COMPLETE).await;
    let mut recorded = events(&world, submitted.registration.action).await;
    recorded.sort_by_key(|event| event.wire());
    assert_eq!(recorded, [EventType::FinishExternal, EventType::Restart]);
    let next = jobs(&world).await.into_iter().find(|job| job.kind == "register.next_steps").unwrap();
    assert_eq!(next.due_at - world.clock.now(), TimeDelta::seconds(300));
}

#[tokio::test]
async fn events_that_only_the_server_knows_are_refused_by_their_place() {
    let world = seeded().await;
    let body = with(minimum(), json!({"initial_events": ["Start", "FinishLEO", null, 3]}));
    let outcome = register::submit(&world.app, &input(body), &INCOMPLETE).await;
    assert_eq!(
        refusal(outcome),
        json!({"initial_events": {
            "1": ["\"FinishLEO\" is not a valid choice."],
            "2": ["This field may not be null."],
            "3": ["\"3\" is not a valid choice."],
        }})
    );
}

#[tokio::test]
async fn a_form_that_cannot_be_made_leaves_an_incomplete_registration_that_can_be_finished() {
    let world = seeded().await;
    for fails in ["the form", "the file store"] {
        match fails {
            "the form" => world.forms.fail_next(1),
            _ => world.files.fail_next(1),
        }
        let before: Vec<_> = kinds(&world).await;
        assert!(register::submit(&world.app, &input(complete()), &COMPLETE).await.is_err(), "{fails}");
        let new = jobs(&world).await.into_iter().rfind(|job| job.kind == "action.check_unfinished").unwrap();
        assert_eq!(jobs(&world).await.len(), before.len() + 2, "{fails}");
        let action = ActionId::parse(new.payload["action"].as_str().unwrap()).unwrap();
        let mut view = world.store.view().await.unwrap();
        let left = view.registrations().by_action(action).await.unwrap().unwrap();
        assert_eq!((left.status, left.result_item), (Status::Incomplete, None), "{fails}");
        assert_eq!(run_due(&world).await, 0, "{fails}");

        let finished = patch(&world, left.id, complete(), &COMPLETE).await;
        assert_eq!(finished.registration.status, Status::Pending, "{fails}");
        run_due(&world).await;
        assert_eq!(world.outbox.take().len(), 1, "{fails}");
        // the file of the call that failed is deleted in time
        world.clock.advance(TimeDelta::hours(2));
        run_due(&world).await;
        assert_eq!(forms(&world).await.iter().filter(|it| !it.claimed).count(), 0, "{fails}");
        let _ = world.outbox.take();
    }
}

#[tokio::test]
async fn a_report_that_the_form_does_not_show_everything_keeps_nobody_from_completing() {
    let world = seeded().await;
    world.forms.report(FillReport { overflow: vec!["last_name".into()], ..FillReport::default() });
    assert_eq!(submit(&world, complete(), &COMPLETE).await.registration.status, Status::Pending);
}

#[tokio::test]
async fn a_slug_chooses_the_subscriber_and_what_is_unknown_or_disabled_the_default_one() {
    let world = seeded().await;
    rows(&world, async |unit| {
        let model = unit.subscribers().default().await.unwrap().unwrap();
        for (number, slug, status, plan) in [
            (1, "Vote", SubscriberStatus::Active, Plan::Free),
            (2, "gone", SubscriberStatus::Disabled, Plan::Premium),
        ] {
            let id = SubscriberId(uuid::Uuid::from_u128(number));
            let created_at = world.clock.now() + TimeDelta::days(1);
            let subscriber = Subscriber { id, status, plan, created_at, ..model.clone() };
            unit.subscribers_mut().insert(&subscriber).await.unwrap();
            let id = SlugId(uuid::Uuid::from_u128(number));
            let slug = Slug { id, subscriber: subscriber.id, slug: slug.into(), created_at };
            unit.subscribers_mut().insert_slug(&slug).await.unwrap();
        }
    })
    .await;
    let mut view = world.store.view().await.unwrap();
    let default = view.subscribers().default().await.unwrap().unwrap();
    for (slug, chosen, visible) in [
        (Some("Vote"), SubscriberId(uuid::Uuid::from_u128(1)), false),
        (Some("vote"), default.id, true),
        (Some("gone"), default.id, true),
        (Some(""), default.id, true),
        (None, default.id, true),
    ] {
        let options = Options { subscriber: slug.map(Into::into), ..INCOMPLETE };
        let body = with(minimum(), json!({"subscriber": "zz", "action": 7, "status": "Pending"}));
        let registration = submit(&world, body, &options).await.registration;
        assert_eq!(registration.subscriber, Some(chosen), "{slug:?}");
        let mut view = world.store.view().await.unwrap();
        let action = view.actions().by_id(registration.action.unwrap()).await.unwrap().unwrap();
        assert_eq!(action.visible_to_subscriber, visible, "{slug:?}");
    }
}

#[tokio::test]
async fn colorado_and_washington_have_a_link_for_the_record_when_switched_on() {
    let mut settings = Settings::default();
    settings.register.colorado_id = Some("co-7".into());
    settings.register.washington_id = Some("wa 9".into());
    let world = seeded_with(|app| app.with_settings(settings)).await;
    let link = async |world: &World, state: &str| {
        let submitted = submit(world, with(minimum(), json!({"state": state})), &INCOMPLETE).await;
        (submitted.registration.id, submitted.registration.custom_ovr_link)
    };
    let (id, colorado) = link(&world, "CO").await;
    assert_eq!(
        colorado.unwrap(),
        format!(
            "https://www.sos.state.co.us/voter/pages/pub/olvr/verifyNewVoter.xhtml?vrdid=co-7&campaign={id}"
        )
    );
    let (_, washington) = link(&world, "WA").await;
    assert_eq!(washington.unwrap(), "https://olvr.votewa.gov/default.aspx?Org=wa+9");
    assert_eq!(link(&world, "MA").await.1, None);
    assert_eq!(link(&seeded().await, "CO").await.1, None);
}

/// Finds what it is told to.
struct Finds(RegionMatch);

#[async_trait::async_trait]
impl RegionMatcher for Finds {
    async fn find(&self, _: &Address) -> Result<RegionMatch, ProviderError> {
        Ok(self.0.clone())
    }
}

#[tokio::test]
async fn a_match_lists_all_visible_regions_and_stores_the_one_that_fits() {
    let options = Options { match_region: true, ..INCOMPLETE };
    for (found, stored) in [
        (Some(RegionMatch::One(RegionId(2))), Some(RegionId(2))),
        (Some(RegionMatch::Several(vec![RegionId(1), RegionId(2)])), None),
        (Some(RegionMatch::None), None),
        // one that the store does not have
        (Some(RegionMatch::One(RegionId(77))), None),
        // a matcher that is not there is no match
        (None, None),
    ] {
        let world = seeded_with(|app| match found.clone() {
            Some(found) => app.with_regions(Finds(found)),
            None => app,
        })
        .await;
        with_offices(&world).await;
        let submitted = submit(&world, minimum(), &options).await;
        assert_eq!(submitted.registration.matched_region, stored, "{found:?}");
        assert_eq!(submitted.matched_region(), stored);
        let names: Vec<_> = submitted.regions.unwrap().into_iter().filter_map(|it| it.name).collect();
        assert_eq!(names, ["Boston", "Worcester"], "{found:?}");
        assert!(submit(&world, minimum(), &INCOMPLETE).await.regions.is_none());
    }
}

#[tokio::test]
async fn the_form_goes_to_the_regions_office_else_to_the_states() {
    let world = seeded().await;
    with_offices(&world).await;
    for (region, line) in [
        (json!(1), "mailto_line_1: 1 CITY HALL SQ"),
        // a region without an address counts as none
        (json!("0002"), "mailto_line_1: Secretary of the Commonwealth"),
        (json!(null), "mailto_line_1: Secretary of the Commonwealth"),
    ] {
        let submitted = submit(&world, with(complete(), json!({"region": region})), &COMPLETE).await;
        let paper = paper(&world, &submitted.file.unwrap()).await;
        assert!(paper.lines().any(|it| it == line), "{region}: {paper}");
    }
    for (region, complaint) in [
        (json!(99), "Invalid pk \"99\" - object does not exist."),
        (json!("x"), "Incorrect type. Expected pk value, received str."),
        (json!(true), "Invalid pk \"True\" - object does not exist."),
    ] {
        let body = with(complete(), json!({"region": region, "matched_region": region}));
        let outcome = register::submit(&world.app, &input(body), &COMPLETE).await;
        let expected = json!({"region": [complaint], "matched_region": [complaint]});
        assert_eq!(refusal(outcome), expected);
    }
}

#[tokio::test]
async fn a_new_registration_cannot_name_an_address_for_the_printed_form() {
    let world = seeded().await;
    rows(&world, async |unit| allow_print_and_forward(unit, State::Ma).await).await;
    let body = with(minimum(), json!({"request_mailing_city": "Boston"}));
    let outcome = register::submit(&world.app, &input(body), &INCOMPLETE).await;
    let text = "Cannot specify request mailing address if print_and_forward is not enabled for this state";
    assert_eq!(refusal(outcome), json!({"non_field_errors": [text]}));
    // with another mistake the rule about several fields is not looked at
    let body = with(minimum(), json!({"request_mailing_city": "Boston", "zipcode": "1"}));
    let outcome = register::submit(&world.app, &input(body), &INCOMPLETE).await;
    assert_eq!(refusal(outcome), json!({"zipcode": ["Zip codes are 5 digits"]}));
    let body = with(minimum(), json!({"request_mailing_city": "", "request_mailing_state": null}));
    submit(&world, body, &INCOMPLETE).await;
}
