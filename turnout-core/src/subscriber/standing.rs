//! What superusers alone decide about a subscriber: whether it runs the service, and the names it has in addresses.

use serde_json::json;

use super::{EditError, Slug, Subscriber, edit::Held};
use crate::{
    app::App,
    change::Change,
    ids::{SlugId, SubscriberId, UserId},
    input::{Input, Reader, Rules},
    ports::store::StoreError,
    problems::{Problem, Problems},
};

/// What the log calls a slug.
const SLUG_KIND: &str = "slug";
/// The most characters of a slug.
const LONGEST_SLUG: usize = 50;
/// What stands in the place of a slug in addresses of the management site: no new subscriber is called so.
pub const RESERVED_SLUGS: [&str; 14] = [
    "login",
    "logout",
    "password_reset",
    "password_reset_confirm",
    "password_reset_complete",
    "profile",
    "subscription",
    "election",
    "absentee_overrides",
    "absentee_dashboard",
    "admin",
    "operations",
    "staff",
    "account",
];

/// Says whether a subscriber is the organization that runs the service: such a one may call the opt-in and opt-out of texts,
/// signs its mails by the service's name, and asks for donations in them.
///
/// # Errors
/// See [`EditError`]: there are no problems.
pub async fn set_first_party(
    app: &App,
    actor: UserId,
    subscriber: SubscriberId,
    is_first_party: bool,
) -> Result<Subscriber, EditError> {
    let held = Held::lock(app, subscriber).await?;
    let after = Subscriber { is_first_party, ..held.before.clone() };
    Ok(held.replace(app, actor, after).await?)
}

/// Gives a subscriber another name in addresses, beside those that it has; `slug` of the input. Its links go on by the one
/// they went by: see [`make_default`].
///
/// # Errors
/// See [`EditError`]: there are problems with what is no slug, one of our own words, or somebody's already.
pub async fn add_slug(
    app: &App,
    actor: UserId,
    subscriber: SubscriberId,
    input: &Input,
) -> Result<Slug, EditError> {
    let mut reader = Reader::whole(input);
    let name = read_slug(&mut reader);
    let Held { mut unit, before, .. } = Held::lock(app, subscriber).await?;
    if let Some(name) = &name
        && unit.subscribers().by_slug(name).await?.is_some()
    {
        reader.complain("slug", slug_is_taken());
    }
    reader.into_problems().into_result()?;
    let Some(name) = name else { return Err(EditError::Problems(Problems::new())) };
    let slug = Slug { id: SlugId(app.ids.uuid()), subscriber: before.id, slug: name, created_at: app.now() };
    match unit.subscribers_mut().insert_slug(&slug).await {
        Err(StoreError::Conflict { .. }) => return Err(Problems::one("slug", slug_is_taken()).into()),
        inserted => inserted?,
    }
    Change::new(app, Some(actor), SLUG_KIND, slug.id, "created")
        .of(slug.subscriber)
        .from_to(None, Some(json!({ "slug": slug.slug })))
        .write(unit.as_mut())
        .await?;
    unit.commit().await?;
    Ok(slug)
}

/// Has the links of a subscriber and its pages of the management site go by this one of its slugs. The others go on to lead
/// its tools to it.
///
/// # Errors
/// See [`EditError`]: there are no problems.
pub async fn make_default(app: &App, actor: UserId, slug: SlugId) -> Result<Subscriber, EditError> {
    let found = app.store.view().await?.subscribers().slug(slug).await?;
    let held = Held::lock(app, found.ok_or(EditError::NotFound)?.subscriber).await?;
    let after = Subscriber { default_slug: Some(slug), ..held.before.clone() };
    Ok(held.replace(app, actor, after).await?)
}

/// Reads `slug`: letters, digits, `-` and `_`, and nothing that our own addresses are made of.
pub(crate) fn read_slug(reader: &mut Reader<'_>) -> Option<String> {
    let slug = reader.text("slug", Rules::required().at_most(LONGEST_SLUG)).value()?;
    if !slug.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
        let what = "Enter a valid 'slug' consisting of letters, numbers, underscores or hyphens.";
        reader.complain("slug", Problem::Other("problem-slug", what.into()));
        return None;
    }
    if RESERVED_SLUGS.contains(&slug.to_ascii_lowercase().as_str()) {
        let what = "This name is a part of our own addresses. Choose another one.";
        reader.complain("slug", Problem::Other("problem-slug-reserved", what.into()));
        return None;
    }
    Some(slug)
}

/// That somebody has it.
pub(crate) fn slug_is_taken() -> Problem {
    Problem::Other("problem-slug-taken", "A subscriber with this slug exists already.".into())
}

#[cfg(all(test, feature = "memory"))]
mod tests {
    use super::*;
    use crate::{
        change::ChangeFilter,
        conformance::rows,
        memory::{World, world},
        page::PageRequest,
        ports::store::Store as _,
        subscriber::KIND,
    };

    const ACTOR: UserId = UserId(uuid::Uuid::from_u128(7));
    const FIRST: SubscriberId = SubscriberId(uuid::Uuid::from_u128(1));

    async fn with_two() -> World {
        let world = world();
        let mut unit = world.store.begin().await.expect("a unit");
        for (number, name) in [(1, "one"), (2, "two")] {
            let new = Subscriber { is_first_party: false, ..rows::subscriber(number, 0) };
            unit.subscribers_mut().insert(&new).await.expect("a subscriber");
            unit.subscribers_mut().insert_slug(&rows::slug(number, name)).await.expect("a slug");
        }
        unit.commit().await.expect("they are kept");
        world
    }

    async fn noted(world: &World) -> Vec<Change> {
        let mut view = world.store.view().await.expect("a view");
        let page = PageRequest { after: None, limit: 10 };
        view.changes().page(&ChangeFilter::default(), &page).await.expect("a read").rows
    }

    #[tokio::test]
    async fn who_runs_the_service_is_set_and_noted_once() {
        let world = with_two().await;
        for _ in 0..2 {
            let after = set_first_party(&world.app, ACTOR, FIRST, true).await.expect("it is set");
            assert!(after.is_first_party);
        }
        let noted = noted(&world).await;
        assert_eq!(noted.len(), 1, "what changes nothing is not noted");
        let it = &noted[0];
        assert_eq!((it.by, it.kind.as_str(), it.subscriber), (Some(ACTOR), KIND, Some(FIRST)));
        let flag = |kept: &Option<serde_json::Value>| kept.as_ref().map(|it| it["is_first_party"].clone());
        assert_eq!((flag(&it.before), flag(&it.after)), (Some(json!(false)), Some(json!(true))));
        let nobody = set_first_party(&world.app, ACTOR, SubscriberId(rows::uuid(9)), true).await;
        assert!(matches!(nobody, Err(EditError::NotFound)));
    }

    #[tokio::test]
    async fn a_slug_is_added_and_then_made_the_default_by_itself() {
        let world = with_two().await;
        let app = &world.app;
        let input = |slug: &str| Input::form(vec![("slug".to_owned(), slug.to_owned())]);
        let slug = add_slug(app, ACTOR, FIRST, &input("first_of-all")).await.expect("it is added");
        let found = async || {
            let mut view = world.store.view().await.expect("a view");
            view.subscribers().by_slug("first_of-all").await.expect("a read").expect("the subscriber")
        };
        assert_eq!(found().await.id, FIRST);
        assert_ne!(found().await.default_slug, Some(slug.id));
        make_default(app, ACTOR, slug.id).await.expect("it is the default");
        assert_eq!(found().await.default_slug, Some(slug.id));
        let noted = noted(&world).await;
        let kinds: Vec<&str> = noted.iter().map(|it| it.kind.as_str()).collect();
        assert!(kinds.len() == 2 && kinds.contains(&"slug") && kinds.contains(&KIND), "{kinds:?}");
        assert!(noted.iter().all(|it| it.by == Some(ACTOR) && it.subscriber == Some(FIRST)));
        let none = make_default(app, ACTOR, SlugId(rows::uuid(9))).await;
        assert!(matches!(none, Err(EditError::NotFound)));
    }

    #[tokio::test]
    async fn what_is_no_slug_or_somebodys_is_not_added() {
        let world = with_two().await;
        let long = "x".repeat(LONGEST_SLUG + 1);
        for wrong in ["", "two", "one", "a b", "ü", "Login", "admin", long.as_str()] {
            let input = Input::form(vec![("slug".to_owned(), wrong.to_owned())]);
            let refused = add_slug(&world.app, ACTOR, FIRST, &input).await;
            assert!(matches!(refused, Err(EditError::Problems(it)) if !it.is_empty()), "{wrong}");
        }
        assert!(noted(&world).await.is_empty());
    }
}
