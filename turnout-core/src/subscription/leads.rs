//! Wishes to subscribe are found by words (`domain.md` 1, Interest).

use chrono::{DateTime, Utc};

use super::{Interest, InterestStatus};
use crate::{
    app::App,
    ids::InterestId,
    page::{Page, PageRequest},
    person::PersonName,
    ports::store::StoreError,
    search::{SearchQuery, Terms},
};

/// How far one call looks for wishes with some words, and how many it reads at once.
const LOOK_AT: usize = 5_000;
const AT_ONCE: u32 = 500;

/// The place of a wish among all.
type Key = (DateTime<Utc>, InterestId);

/// What a wish is found by: the organization, its home page, who asked, and that person's e-mail address.
fn terms(it: &Interest) -> Terms {
    let texts = [&it.organization_name, &it.website];
    let organization = Terms::of_texts(texts.into_iter().flatten().map(String::as_str));
    let name = PersonName {
        first: it.contact.first_name.clone(),
        last: it.contact.last_name.clone(),
        ..PersonName::default()
    };
    let person = Terms::of(&name, it.contact.email.as_deref());
    Terms::from_text(format!("{} {}", organization.text(), person.text()))
}

/// The wishes that have come so far, newest first, of those whom a query finds. There may be more although the page is not
/// full: one call looks at no more than some thousand.
///
/// # Errors
/// When the store fails.
pub async fn leads(
    app: &App,
    status: InterestStatus,
    query: &SearchQuery,
    page: PageRequest<Key>,
) -> Result<Page<Interest, Key>, StoreError> {
    let mut view = app.store.view().await?;
    if query.words().is_empty() {
        return view.subscriptions().interests(status, &page).await;
    }
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let (mut after, mut looked) = (page.after, 0);
    let mut found = Vec::new();
    loop {
        let some = PageRequest { after, limit: AT_ONCE };
        let some = view.subscriptions().interests(status, &some).await?;
        looked += some.rows.len();
        let next = some.next;
        found.extend(some.rows.into_iter().filter(|it| query.finds(&terms(it))));
        if found.len() > limit {
            return Ok(Page::cut(found, page.limit, |it| (it.created_at, it.id)));
        }
        if next.is_none() || looked >= LOOK_AT {
            return Ok(Page { rows: found, next });
        }
        after = next;
    }
}

#[cfg(all(test, feature = "memory"))]
mod tests {
    use super::*;
    use crate::{conformance::rows, memory::world, ports::store::Store as _};

    #[tokio::test]
    async fn a_lead_is_found_by_words_of_it_and_page_by_page() {
        let world = world();
        let mut unit = world.store.begin().await.expect("a unit");
        let other = |number: u128| Interest {
            organization_name: Some(format!("Néw Shelbyville {number}")),
            website: Some("https://shelbyville.example.net".to_owned()),
            contact: crate::subscription::Contact {
                first_name: Some("Zoë".to_owned()),
                last_name: Some("Groß".to_owned()),
                email: Some("zoe@example.net".to_owned()),
                phone: None,
            },
            ..rows::interest(number, i64::try_from(number).expect("a small number"))
        };
        // more than are read at once, and the one of Springfield is older than all of them
        unit.subscriptions_mut().insert_interest(&rows::interest(1, 0)).await.expect("a lead");
        for number in 2..=u128::from(AT_ONCE) + 3 {
            unit.subscriptions_mut().insert_interest(&other(number)).await.expect("a lead");
        }
        unit.commit().await.expect("they are kept");

        let find = async |text: &str, after| {
            let page = PageRequest { after, limit: 2 };
            let query = SearchQuery::parse(text);
            leads(&world.app, InterestStatus::Pending, &query, page).await.expect("a read")
        };
        for text in ["springf", "VOTERS of", "voters springfield"] {
            let found = find(text, None).await;
            assert_eq!(found.rows.iter().map(|it| it.id.0).collect::<Vec<_>>(), [rows::uuid(1)], "{text}");
            assert_eq!(found.next, None, "{text}");
        }
        for text in ["new", "shelbyville.example.net", "zoe gross", "zoe@example.net"] {
            let first = find(text, None).await;
            assert_eq!(first.rows.len(), 2, "{text}");
            let second = find(text, first.next).await;
            assert_eq!(second.rows.len(), 2, "{text}");
            assert!(second.rows[0].created_at < first.rows[1].created_at, "{text}");
        }
        for text in ["springfield zoe", "elbyville", "zoe@example.com"] {
            assert!(find(text, None).await.rows.is_empty(), "{text}");
        }
    }
}
