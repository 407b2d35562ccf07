//! The menu: groups of pages, of which each reader sees what is open to them.
//!
//! A page that is to be found without a link on another one has a line in [`ENTRIES`]; a test asks for every address.

use turnout_core::account::permissions::{Asker, Reach, Verdict, judge};

/// A part of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    /// What voters did with a subscriber's tools.
    Voters,
    /// The tools of a subscriber.
    Tools,
    /// Subscribers, for those who look after them.
    Subscriptions,
    /// Facts about elections, offices, signed applications.
    Elections,
    /// What keeps the service going.
    Operations,
    /// The reader's own account.
    Profile,
}

impl Group {
    const ALL: [Self; 6] =
        [Self::Voters, Self::Tools, Self::Subscriptions, Self::Elections, Self::Operations, Self::Profile];

    fn name(self) -> &'static str {
        match self {
            Self::Voters => "Voters",
            Self::Tools => "Tools",
            Self::Subscriptions => "Subscriptions",
            Self::Elections => "Elections",
            Self::Operations => "Operations",
            Self::Profile => "Profile",
        }
    }
}

/// A page in the menu.
pub(super) struct Entry {
    /// Where it stands.
    pub(super) group: Group,
    /// What it is called there.
    pub(super) name: &'static str,
    /// Its address; `{slug}` is that of the subscriber that the reader works for.
    pub(super) path: &'static str,
    /// Whom it is for: as its route has it.
    pub(super) reach: Reach,
}

const fn entry(group: Group, name: &'static str, path: &'static str, reach: Reach) -> Entry {
    Entry { group, name, path, reach }
}

/// Every page in the menu, in its order.
pub(super) const ENTRIES: &[Entry] = &[
    entry(Group::Voters, "Registrations", "/manage/{slug}/register/", Reach::Data),
    entry(Group::Voters, "Ballot requests", "/manage/{slug}/absentee/", Reach::Data),
    entry(Group::Voters, "Status lookups", "/manage/{slug}/verifier/", Reach::Data),
    entry(Group::Voters, "Reminders", "/manage/{slug}/reminder/", Reach::Data),
    entry(Group::Voters, "Polling place lookups", "/manage/{slug}/pollingplace/", Reach::Data),
    entry(Group::Voters, "Exports", "/manage/{slug}/reports/", Reach::Data),
    entry(Group::Tools, "Overview", "/manage/{slug}/", Reach::Member),
    entry(Group::Tools, "Put into your site", "/manage/{slug}/embed/", Reach::Member),
    entry(Group::Tools, "Team", "/manage/{slug}/users/", Reach::Member),
    entry(Group::Tools, "Settings", "/manage/{slug}/settings/", Reach::Member),
    entry(Group::Tools, "Subscription", "/manage/{slug}/subscription/", Reach::Subscription),
    entry(Group::Tools, "API keys", "/manage/{slug}/keys/", Reach::Api),
    entry(Group::Tools, "Webhooks", "/manage/{slug}/webhooks/", Reach::Api),
    entry(Group::Subscriptions, "Leads", "/manage/subscription/leads/", Reach::Subscribers),
    entry(Group::Subscriptions, "Subscribers", "/manage/subscription/subscribers/", Reach::Subscribers),
    entry(Group::Elections, "By state", "/manage/election/state/", Reach::Elections),
    entry(Group::Elections, "By field", "/manage/election/fieldinformationtype/", Reach::Elections),
    entry(Group::Elections, "Changes to publish", "/manage/election/proposals/", Reach::Elections),
    entry(Group::Elections, "Replace a text", "/manage/election/replace/", Reach::Elections),
    entry(Group::Elections, "Ballot request links", "/manage/absentee_overrides/", Reach::Elections),
    entry(Group::Elections, "Signing online", "/manage/absentee_dashboard/", Reach::Esign),
    entry(Group::Elections, "Applications", "/manage/absentee_dashboard/applications/", Reach::Esign),
    entry(Group::Operations, "Blasts", "/manage/operations/blasts/", Reach::Superuser),
    entry(Group::Operations, "Jobs", "/manage/operations/jobs/", Reach::Superuser),
    entry(Group::Operations, "Feature switches", "/manage/operations/switches/", Reach::Superuser),
    entry(Group::Operations, "Who did what", "/manage/operations/changes/", Reach::Superuser),
    entry(Group::Operations, "Forms", "/manage/operations/forms/", Reach::Superuser),
    entry(Group::Operations, "Faxes", "/manage/admin/faxes/", Reach::Superuser),
    entry(Group::Operations, "Letters", "/manage/admin/letters/", Reach::Superuser),
    entry(Group::Operations, "Files", "/manage/admin/files/", Reach::Superuser),
    entry(Group::Operations, "Records", "/manage/admin/", Reach::Superuser),
    entry(Group::Profile, "Name and time zone", "/manage/profile/update_profile/", Reach::Staff),
    entry(Group::Profile, "Organizations", "/manage/profile/change_subscriber/", Reach::Staff),
    entry(Group::Profile, "Password", "/manage/profile/change_password/", Reach::Staff),
    entry(Group::Profile, "Two-factor authentication", "/account/two_factor/", Reach::SignedIn),
    entry(Group::Profile, "Where you are signed in", "/manage/profile/sessions/", Reach::Staff),
];

/// A link of the menu.
pub(super) struct MenuLink {
    /// Its text.
    pub(super) text: &'static str,
    /// Where it leads.
    pub(super) href: String,
    /// Whether the reader is there: the value of `aria-current`.
    pub(super) current: Option<&'static str>,
}

/// The menu as one reader sees it on one page.
#[derive(Default)]
pub(super) struct Menu {
    /// The groups; each leads to its first page.
    pub(super) groups: Vec<MenuLink>,
    /// The pages of the group that the reader is in.
    pub(super) pages: Vec<MenuLink>,
}

impl Menu {
    /// What is open to somebody who is at that path.
    pub(super) fn of(asker: Asker<'_>, path: &str) -> Self {
        let slug = asker.workplace.and_then(|place| place.slug);
        let is_open = |entry: &&Entry| judge(entry.reach, Some(asker), slug) == Verdict::Allowed;
        let href = |entry: &Entry| entry.path.replace("{slug}", slug.unwrap_or_default());
        let open: Vec<(&Entry, String)> =
            ENTRIES.iter().filter(is_open).map(|entry| (entry, href(entry))).collect();
        let here = open
            .iter()
            .filter(|(_, href)| path.starts_with(href.as_str()) || path == href.trim_end_matches('/'))
            .max_by_key(|(_, href)| href.len());
        let group = here.map(|(entry, _)| entry.group);
        let groups = Group::ALL.into_iter().filter_map(|it| {
            let (_, href) = open.iter().find(|(entry, _)| entry.group == it)?;
            let current = (group == Some(it)).then_some("true");
            Some(MenuLink { text: it.name(), href: href.clone(), current })
        });
        let link = |(entry, href): &(&Entry, String)| {
            let is_here = here.is_some_and(|(_, here)| here == href);
            let is_exact = path.trim_end_matches('/') == href.trim_end_matches('/');
            let current = is_here.then_some(if is_exact { "page" } else { "true" });
            MenuLink { text: entry.name, href: href.clone(), current }
        };
        let pages = open.iter().filter(|(entry, _)| Some(entry.group) == group).map(link).collect();
        Self { groups: groups.collect(), pages }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use http::Method;
    use turnout_core::{
        account::{SessionStage, User},
        ids::UserId,
    };
    use uuid::Uuid;

    use super::{super::routes::routes, *};

    fn is_of(line: &str, path: &str) -> bool {
        let (line, path): (Vec<_>, Vec<_>) = (line.split('/').collect(), path.split('/').collect());
        let fits =
            |(line, path): (&&str, &&str)| line == path || (line.starts_with('{') && *line != "{slug}");
        line.len() == path.len() && line.iter().zip(&path).all(fits)
    }

    #[test]
    fn every_entry_leads_to_a_page_that_can_be_read() {
        let table = routes();
        for Entry { path, reach, .. } in ENTRIES {
            let is_there = table.iter().any(|route| is_of(route.path(), path) && route.answers(&Method::GET));
            assert!(is_there, "{path}");
            assert_eq!(path.contains("{slug}"), reach.is_of_a_subscriber(), "{path}");
        }
    }

    fn names(links: &[MenuLink]) -> Vec<(&'static str, Option<&'static str>)> {
        links.iter().map(|link| (link.text, link.current)).collect()
    }

    #[test]
    fn a_reader_sees_what_is_open_to_them_and_where_they_are() {
        let mut user = User::new(UserId(Uuid::nil()), "ann@example.org".into(), DateTime::UNIX_EPOCH);
        let see = |user: &User, stage, path| Menu::of(Asker { user, stage, workplace: None }, path);
        let menu = see(&user, SessionStage::SignedIn, "/account/two_factor/setup/");
        assert_eq!(names(&menu.groups), [("Profile", Some("true"))]);
        assert_eq!(names(&menu.pages), [("Two-factor authentication", Some("true"))]);

        user.is_election_admin = true;
        let menu = see(&user, SessionStage::Verified, "/manage/election/state/");
        assert_eq!(names(&menu.groups), [("Elections", Some("true")), ("Profile", None)]);
        assert_eq!(names(&menu.pages)[0], ("By state", Some("page")));
        assert!(menu.pages[1..].iter().all(|link| link.current.is_none()));
        let menu = see(&user, SessionStage::Verified, "/manage/nobody/");
        assert!(menu.pages.is_empty() && menu.groups.iter().all(|link| link.current.is_none()));
        assert!(see(&user, SessionStage::Password, "/manage/").groups.is_empty());
    }
}
