//! Files are opened, renewed and deleted (`http-api.md` 11.1 and 12, `flows.md` 7).

use chrono::TimeDelta;
use serde_json::{Value, json};
use turnout_core::{
    action::EventType,
    conformance::rows::{file as a_file, upload},
    file::{
        DerivedTokens, FileType, Opened, RenewError, Renewed, SecureUpload, StoredFile, Upload, UploadError,
        UploadType, imported_token_hash, open, renew_link,
    },
    ids::{FileId, small_uuid},
    memory::World,
    ports::{clock::Clock, file_tokens::FileTokens, files::FileStore, store::Store},
    register::Registration,
    settings::Settings,
};

use crate::voter::{
    COMPLETE, complete, events, forms, input, kinds, rows, run_due, seeded, seeded_with, stored, stored_file,
    submit,
};

/// A completed registration whose mail was sent, and its form.
async fn completed(world: &World) -> (Registration, StoredFile) {
    let submitted = submit(world, complete(), &COMPLETE).await;
    run_due(world).await;
    let _ = world.outbox.take();
    (stored(world, submitted.registration.id).await, submitted.file.unwrap())
}

fn token(world: &World, file: &StoredFile) -> String {
    world.app.file_tokens.issue(file).text().to_owned()
}

async fn get(world: &World, id: &str, token: Option<&str>) -> Opened {
    open(&world.app, id, token, true).await.unwrap()
}

async fn renew(world: &World, id: Value) -> Result<Renewed, RenewError> {
    renew_link(&world.app, &input(json!({"id": id}))).await
}

#[tokio::test]
async fn a_link_leads_to_the_bytes_for_a_few_seconds() {
    let world = seeded().await;
    let (registration, file) = completed(&world).await;
    let token = token(&world, &file);
    assert_eq!(token.len(), 22);
    for id in [file.id.to_string(), file.id.0.simple().to_string(), small_uuid(file.id.0)] {
        let Opened::Bytes(url) = get(&world, &id, Some(&token)).await else { panic!("{id}") };
        assert!(url.contains("name=ma-nguyen-registrationform.pdf"), "{url}");
        let now = world.clock.now();
        assert!(world.files.open(&url, now + TimeDelta::seconds(14)).is_some());
        assert!(world.files.open(&url, now + TimeDelta::seconds(15)).is_none());
    }
    let downloads = events(&world, registration.action).await;
    assert_eq!(downloads.iter().filter(|it| **it == EventType::Download).count(), 3);
    let first = stored_file(&world, file.id).await.first_download;
    assert_eq!(first, Some(world.clock.now()));
    world.clock.advance(TimeDelta::minutes(1));
    get(&world, &file.id.to_string(), Some(&token)).await;
    assert_eq!(stored_file(&world, file.id).await.first_download, first, "set once");
    // and the voter is not reminded
    world.clock.advance(TimeDelta::days(1));
    run_due(&world).await;
    assert!(world.outbox.mails().is_empty());
}

#[tokio::test]
async fn a_look_that_does_not_count_records_nothing() {
    let world = seeded().await;
    let (registration, file) = completed(&world).await;
    let token = token(&world, &file);
    let opened = open(&world.app, &file.id.to_string(), Some(&token), false).await.unwrap();
    assert!(matches!(opened, Opened::Bytes(_)));
    assert_eq!(events(&world, registration.action).await, [EventType::FinishPrint]);
    assert_eq!(stored_file(&world, file.id).await.first_download, None);
}

#[tokio::test]
async fn a_wrong_or_expired_token_leads_to_the_page_that_offers_a_new_link() {
    let world = seeded().await;
    let (registration, file) = completed(&world).await;
    let right = token(&world, &file);
    let reset = Opened::Reset(format!("https://www.voteamerica.com/download/?id={}", file.id));
    let bytes = turnout_core::ids::parse_small_uuid(&right).unwrap();
    let mut longer = right.clone();
    longer.push('A');
    for token in [None, Some(""), Some("zz"), Some(&*bytes.to_string()), Some(&*longer), Some(&right[..21])] {
        assert_eq!(get(&world, &file.id.to_string(), token).await, reset, "{token:?}");
    }
    // the token of another file
    let (_, other) = completed(&world).await;
    let others = world.app.file_tokens.issue(&other).text().to_owned();
    assert_eq!(get(&world, &file.id.to_string(), Some(&others)).await, reset);
    world.clock.set(file.expires - TimeDelta::seconds(1));
    assert!(matches!(get(&world, &file.id.to_string(), Some(&right)).await, Opened::Bytes(_)));
    world.clock.set(file.expires);
    assert_eq!(get(&world, &file.id.to_string(), Some(&right)).await, reset);
    let recorded = events(&world, registration.action).await;
    assert_eq!(recorded.iter().filter(|it| **it == EventType::Download).count(), 1);
}

#[tokio::test]
async fn what_is_no_file_or_was_never_claimed_is_not_found() {
    let world = seeded().await;
    let unknown = FileId(uuid::Uuid::from_u128(9)).to_string();
    for id in ["zz", "", &unknown] {
        assert_eq!(get(&world, id, Some("x")).await, Opened::NotFound, "{id}");
    }
    world.forms.fail_next(1);
    let _ = turnout_core::register::submit(&world.app, &input(complete()), &COMPLETE).await;
    let left = forms(&world).await.remove(0);
    let token = token(&world, &left);
    assert_eq!(get(&world, &left.id.to_string(), Some(&token)).await, Opened::NotFound);
    let outcome = renew(&world, json!(left.id.to_string())).await;
    assert!(matches!(outcome, Err(RenewError::NotFound)));
}

#[tokio::test]
async fn tracking_that_fails_does_not_keep_the_voter_from_the_file() {
    let world = seeded().await;
    let (registration, file) = completed(&world).await;
    let token = token(&world, &file);
    // the registration is gone from its form: nothing to track
    rows(&world, async |unit| {
        let mut it = unit.registrations_mut().lock(registration.id).await.unwrap().unwrap();
        it.result_item = None;
        unit.registrations_mut().update(&it).await.unwrap();
    })
    .await;
    assert!(matches!(get(&world, &file.id.to_string(), Some(&token)).await, Opened::Bytes(_)));
    assert_eq!(events(&world, registration.action).await, [EventType::FinishPrint]);
}

#[tokio::test]
async fn a_new_link_is_mailed_and_the_token_changes_only_after_its_end() {
    let world = seeded().await;
    let (_, file) = completed(&world).await;
    let old = token(&world, &file);
    assert_eq!(renew(&world, json!(small_uuid(file.id.0))).await.unwrap(), Renewed::Sent);
    assert_eq!(kinds(&world).await[0], "file.send_link");
    run_due(&world).await;
    let mails = world.outbox.take();
    assert_eq!((mails.len(), mails[0].tag), (1, "file.new_link"));
    assert!(mails[0].text.contains(&old), "it is still good");
    assert_eq!(stored_file(&world, file.id).await.generation, 1);

    world.clock.set(file.expires);
    run_due(&world).await;
    let _ = world.outbox.take();
    assert_eq!(renew(&world, json!(file.id.to_string())).await.unwrap(), Renewed::Sent);
    run_due(&world).await;
    let renewed = stored_file(&world, file.id).await;
    assert_eq!((renewed.generation, renewed.expires), (2, file.expires + TimeDelta::hours(168)));
    let new = token(&world, &renewed);
    assert!(world.outbox.take()[0].text.contains(&new));
    assert!(matches!(get(&world, &file.id.to_string(), Some(&old)).await, Opened::Reset(_)));
    assert!(matches!(get(&world, &file.id.to_string(), Some(&new)).await, Opened::Bytes(_)));
}

#[tokio::test]
async fn a_wish_for_a_link_is_refused_by_what_is_wrong_with_it() {
    let world = seeded().await;
    let none = renew_link(&world.app, &input(json!({}))).await;
    assert!(matches!(none, Err(RenewError::Missing)));
    for missing in [json!(null), json!("")] {
        assert!(matches!(renew(&world, missing.clone()).await, Err(RenewError::Missing)), "{missing}");
    }
    for wrong in [json!("zz"), json!(5), json!(true), json!([]), json!({"a": 1})] {
        assert!(matches!(renew(&world, wrong.clone()).await, Err(RenewError::NotAnId)), "{wrong}");
    }
    let unknown = json!("00000000-0000-4000-8000-000000000000");
    assert!(matches!(renew(&world, unknown).await, Err(RenewError::NotFound)));
}

#[tokio::test]
async fn five_new_links_an_hour_are_enough() {
    let world = seeded().await;
    let (_, file) = completed(&world).await;
    let id = json!(file.id.to_string());
    for _ in 0..5 {
        renew(&world, id.clone()).await.unwrap();
    }
    let Err(RenewError::Throttled(wait)) = renew(&world, id.clone()).await else { panic!("it was taken") };
    assert_eq!(wait, TimeDelta::minutes(12));
    world.clock.advance(wait);
    renew(&world, id).await.unwrap();
}

#[tokio::test]
async fn a_file_without_an_address_to_write_to_gets_no_mail() {
    let world = seeded().await;
    let (_, file) = completed(&world).await;
    rows(&world, async |unit| {
        let mut file = unit.files_mut().lock(file.id).await.unwrap().unwrap();
        file.email = None;
        unit.files_mut().update(&file).await.unwrap();
    })
    .await;
    assert_eq!(renew(&world, json!(file.id.to_string())).await.unwrap(), Renewed::Sent);
    assert!(!kinds(&world).await.contains(&"file.send_link".to_owned()));
}

#[tokio::test]
async fn old_forms_are_deleted_and_their_links_say_so() {
    let mut settings = Settings::default();
    settings.file.purge_days = Some(30);
    let world = seeded_with(|app| app.with_settings(settings)).await;
    let (registration, old) = completed(&world).await;
    let token = token(&world, &old);
    world.clock.advance(TimeDelta::days(30));
    let (_, young) = completed(&world).await;
    let purge = async || {
        rows(&world, async |unit| {
            let job = turnout_core::file::jobs::Purge {}.job(&world.app);
            unit.jobs_mut().enqueue(&job).await.unwrap();
        })
        .await;
        run_due(&world).await;
    };
    purge().await;
    assert_eq!(stored_file(&world, old.id).await.purged, None, "30 days are not over 30 days");
    world.clock.advance(TimeDelta::seconds(1));
    // nobody is sent to bytes that are about to go, and as long as they are there they are not forgotten
    world.files.fail_next(1);
    purge().await;
    let noted = stored_file(&world, old.id).await;
    assert_eq!((noted.purged, &noted.key), (Some(world.clock.now()), &old.key));
    assert!(matches!(get(&world, &old.id.to_string(), Some(&token)).await, Opened::Purged(_)));
    assert_eq!(world.files.keys().len(), 2);
    world.clock.advance(TimeDelta::minutes(2));
    run_due(&world).await;
    let gone = stored_file(&world, old.id).await;
    assert_eq!((gone.purged, gone.key.as_str()), (noted.purged, ""));
    assert_eq!(world.files.keys(), [young.key]);
    let url = format!(
        "http://localhost:8000/download-purged/?id={}&filetype=Registration%20Form&purge_days=30",
        old.id
    );
    for token in [Some(&*token), Some("wrong"), None] {
        assert_eq!(get(&world, &old.id.to_string(), token).await, Opened::Purged(url.clone()), "{token:?}");
    }
    assert_eq!(renew(&world, json!(old.id.to_string())).await.unwrap(), Renewed::Purged(url));
    // completing again makes a new file
    let again = crate::voter::patch(&world, registration.id, complete(), &COMPLETE).await;
    assert_ne!(again.file.unwrap().id, old.id);
}

/// Files and uploads that were made long ago, with their bytes.
async fn many_old(world: &World, count: u128) {
    let long_ago = world.clock.now() - TimeDelta::days(100);
    rows(world, async |unit| {
        for number in 0..count {
            let file = StoredFile { created_at: long_ago, ..a_file(1_000 + number, FileType::RegForm, 0) };
            let upload = SecureUpload { created_at: long_ago, ..upload(1_000 + number, 0) };
            unit.files_mut().insert(&file).await.unwrap();
            unit.uploads_mut().insert(&upload).await.unwrap();
        }
    })
    .await;
    for number in 0..count {
        for key in [a_file(1_000 + number, FileType::RegForm, 0).key, upload(1_000 + number, 0).key] {
            world.files.put(&key, "bytes".into(), "text/plain").await.unwrap();
        }
    }
}

async fn purge(world: &World) {
    rows(world, async |unit| {
        unit.jobs_mut().enqueue(&turnout_core::file::jobs::Purge {}.job(&world.app)).await.unwrap();
    })
    .await;
    run_due(world).await;
}

async fn left(world: &World) -> (usize, usize) {
    let mut view = world.store.view().await.unwrap();
    let files = view.files().undeleted(100_000).await.unwrap().len();
    (files, view.uploads().undeleted(100_000).await.unwrap().len())
}

#[tokio::test]
async fn however_many_files_are_old_all_go_and_a_run_that_fails_goes_on_later() {
    let mut settings = Settings::default();
    settings.file.purge_days = Some(30);
    let world = seeded_with(|app| app.with_settings(settings)).await;
    many_old(&world, 2_600).await;
    world.files.put("somebody-elses", "bytes".into(), "text/plain").await.unwrap();
    world.files.fail_next(1);
    purge(&world).await;
    assert_eq!(left(&world).await, (100, 100), "what was noted is still to be deleted");
    world.clock.advance(TimeDelta::minutes(2));
    // the run takes 5,000 and leaves the rest to another, which is due at once
    run_due(&world).await;
    assert_eq!(left(&world).await, (0, 0));
    assert_eq!(world.files.keys(), ["somebody-elses"]);
    let mut view = world.store.view().await.unwrap();
    assert!(view.uploads().unpurged(UploadType::ALL, world.clock.now(), 1).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_was_noted_is_deleted_even_when_no_more_is_to_be_noted() {
    let mut settings = Settings::default();
    settings.file.purge_days = None;
    let world = seeded_with(|app| app.with_settings(settings)).await;
    many_old(&world, 3).await;
    rows(&world, async |unit| {
        let mut file = unit.files_mut().lock(FileId(uuid::Uuid::from_u128(1_000))).await.unwrap().unwrap();
        file.purged = Some(world.clock.now());
        unit.files_mut().update(&file).await.unwrap();
    })
    .await;
    purge(&world).await;
    assert_eq!(world.files.keys().len(), 5);
    assert_eq!(left(&world).await, (0, 0));
}

#[tokio::test]
async fn a_purged_row_with_a_key_that_is_none_is_left_and_keeps_nothing_else_from_going() {
    let mut settings = Settings::default();
    settings.file.purge_days = Some(30);
    let world = seeded_with(|app| app.with_settings(settings)).await;
    many_old(&world, 3).await;
    rows(&world, async |unit| {
        let mut file = unit.files_mut().lock(FileId(uuid::Uuid::from_u128(1_001))).await.unwrap().unwrap();
        file.key = "a name/of another service".into();
        unit.files_mut().update(&file).await.unwrap();
    })
    .await;
    purge(&world).await;
    assert_eq!(left(&world).await, (1, 0));
    assert_eq!(world.files.keys(), [a_file(1_001, FileType::RegForm, 0).key], "its bytes had another key");
}

#[tokio::test]
async fn an_upload_whose_bytes_cannot_be_kept_is_an_error_and_goes_with_the_next_purge() {
    let world = seeded().await;
    let png = b"\xFF\xD8\xFF\xC0\x00\x09\x08\x00\x05\x00\x07\x01x\xFF\xDA\x00\x02\xFF\xD9";
    let begin =
        async || Upload::begin(&world.app, Some("Signature"), Some("image/jpeg"), "somebody").await.unwrap();
    world.files.fail_next(1);
    let failed = begin().await.keep(&world.app, png[..].into()).await;
    assert!(matches!(failed, Err(UploadError::File(_))));
    assert_eq!(left(&world).await, (0, 1), "no bytes are lost sight of");
    let id = begin().await.keep(&world.app, png[..].into()).await.unwrap();
    purge(&world).await;
    assert_eq!(left(&world).await, (0, 0));
    let kept = world.store.view().await.unwrap().uploads().by_id(id).await.unwrap().unwrap();
    assert_eq!((kept.purged, world.files.keys()), (None, vec![kept.key]));
}

#[tokio::test]
async fn without_a_number_of_days_nothing_is_ever_deleted() {
    let world = seeded().await;
    let (_, file) = completed(&world).await;
    world.clock.advance(TimeDelta::days(10_000));
    rows(&world, async |unit| {
        let job = turnout_core::file::jobs::Purge {}.job(&world.app);
        unit.jobs_mut().enqueue(&job).await.unwrap();
    })
    .await;
    run_due(&world).await;
    assert_eq!(stored_file(&world, file.id).await.purged, None);
}

#[tokio::test]
async fn the_link_of_an_imported_file_opens_it_until_a_new_one_is_needed() {
    let world = seeded().await;
    let (_, file) = completed(&world).await;
    let old = "ABEiM0RVZneImaq7zN3u_w";
    rows(&world, async |unit| {
        let mut file = unit.files_mut().lock(file.id).await.unwrap().unwrap();
        file.imported_token_hash = Some(imported_token_hash(old));
        unit.files_mut().update(&file).await.unwrap();
    })
    .await;
    let id = file.id.to_string();
    assert!(matches!(get(&world, &id, Some(old)).await, Opened::Bytes(_)));
    let uuid = turnout_core::ids::parse_small_uuid(old).unwrap().to_string();
    assert!(matches!(get(&world, &id, Some(&uuid)).await, Opened::Reset(_)));

    // asked for before its end: the mail carries one of ours, and both open
    assert_eq!(renew(&world, json!(id)).await.unwrap(), Renewed::Sent);
    run_due(&world).await;
    let ours = token(&world, &stored_file(&world, file.id).await);
    assert!(world.outbox.take()[0].text.contains(&ours));
    for token in [old, &ours] {
        assert!(matches!(get(&world, &id, Some(token)).await, Opened::Bytes(_)), "{token}");
    }

    world.clock.set(file.expires);
    run_due(&world).await;
    let _ = world.outbox.take();
    assert!(matches!(get(&world, &id, Some(old)).await, Opened::Reset(_)));
    assert_eq!(renew(&world, json!(id)).await.unwrap(), Renewed::Sent);
    let renewed = stored_file(&world, file.id).await;
    assert_eq!(renewed.imported_token_hash, None);
    assert!(matches!(get(&world, &id, Some(old)).await, Opened::Reset(_)));
    assert!(matches!(get(&world, &id, Some(&token(&world, &renewed))).await, Opened::Bytes(_)));
}

#[tokio::test]
async fn tokens_of_the_key_before_the_last_rotation_still_open() {
    let world = seeded().await;
    let (_, file) = completed(&world).await;
    let lifetime = TimeDelta::hours(168);
    let old = DerivedTokens::new(b"old", lifetime);
    let rotated = DerivedTokens::new(b"new", lifetime).with_previous(b"old");
    let fresh = DerivedTokens::new(b"new", lifetime);
    let now = world.clock.now();
    assert!(rotated.check(&file, old.issue(&file).text(), now));
    assert!(rotated.check(&file, fresh.issue(&file).text(), now));
    assert!(!fresh.check(&file, old.issue(&file).text(), now));
}
