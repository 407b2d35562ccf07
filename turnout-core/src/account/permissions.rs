//! Who may see what (`flows.md` 20.1).

use super::{SessionStage, User};
use crate::subscriber::{Subscriber, SubscriberStatus};

/// Whom a page is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Whoever is signed in, with a second factor or before they have one.
    SignedIn,
    /// Everybody who may use the site.
    Staff,
    /// Members of the subscriber of the page.
    Member,
    /// Members of a subscriber that sees its voters.
    Data,
    /// Members of a subscriber that has keys for programs.
    Api,
    /// Members of a subscriber that has a subscription.
    Subscription,
    /// Those who look after subscribers.
    Subscribers,
    /// Those who keep the facts about elections.
    Elections,
    /// Those who look after signed applications.
    Esign,
    /// Either of those two.
    ElectionsOrEsign,
    /// Those who may do everything.
    Superuser,
}

impl Reach {
    /// Every one.
    pub const ALL: &'static [Self] = &[
        Self::SignedIn,
        Self::Staff,
        Self::Member,
        Self::Data,
        Self::Api,
        Self::Subscription,
        Self::Subscribers,
        Self::Elections,
        Self::Esign,
        Self::ElectionsOrEsign,
        Self::Superuser,
    ];

    /// Whether the page is one of a subscriber's, whose slug stands in its path.
    #[must_use]
    pub fn is_of_a_subscriber(self) -> bool {
        matches!(self, Self::Member | Self::Data | Self::Api | Self::Subscription)
    }
}

/// What somebody who asks for a page is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Here it is.
    Allowed,
    /// Sign in first. Nothing is said about whether there is such a page (Q71).
    SignIn,
    /// A second factor is needed first.
    SecondFactor,
    /// There is no such page for you.
    NotFound,
    /// The page is for others.
    Forbidden,
}

/// The subscriber that somebody works for at the moment.
#[derive(Debug, Clone, Copy)]
pub struct Workplace<'a> {
    /// The subscriber.
    pub subscriber: &'a Subscriber,
    /// Its default slug; without one it has no pages.
    pub slug: Option<&'a str>,
    /// Whether the person is one of its members.
    pub is_member: bool,
    /// Whether it has a subscription.
    pub has_subscription: bool,
}

impl Workplace<'_> {
    /// Whether the person may work for it: those who look after subscribers for every one, others for active ones that they
    /// belong to.
    #[must_use]
    pub fn is_allowed_to(&self, user: &User) -> bool {
        user.manages_subscribers() || (self.is_member && self.subscriber.status == SubscriberStatus::Active)
    }
}

/// Who asks for a page.
#[derive(Debug, Clone, Copy)]
pub struct Asker<'a> {
    /// The person.
    pub user: &'a User,
    /// How far it has come with signing in.
    pub stage: SessionStage,
    /// The subscriber that it works for.
    pub workplace: Option<Workplace<'a>>,
}

/// What somebody who asks for a page is told; `slug` is what stands in the path of a page of a subscriber.
#[must_use]
pub fn judge(reach: Reach, asker: Option<Asker<'_>>, slug: Option<&str>) -> Verdict {
    let signed_in = |asker: &Asker<'_>| asker.user.is_active && asker.stage != SessionStage::Password;
    let Some(asker) = asker.filter(signed_in) else { return Verdict::SignIn };
    if reach == Reach::SignedIn {
        return Verdict::Allowed;
    }
    let user = asker.user;
    if !user.is_staff {
        return Verdict::Forbidden;
    }
    if asker.stage != SessionStage::Verified {
        return Verdict::SecondFactor;
    }
    let role = |has_it: bool| if has_it { Verdict::Allowed } else { Verdict::Forbidden };
    match reach {
        Reach::SignedIn | Reach::Staff => Verdict::Allowed,
        Reach::Member | Reach::Data | Reach::Api | Reach::Subscription => {
            at_work(reach, &asker, slug).map_or(Verdict::NotFound, |()| Verdict::Allowed)
        }
        Reach::Subscribers => role(user.manages_subscribers()),
        Reach::Elections => role(user.manages_elections()),
        Reach::Esign => role(user.manages_esign()),
        Reach::ElectionsOrEsign => role(user.manages_elections() || user.manages_esign()),
        Reach::Superuser => role(user.is_superuser),
    }
}

/// Whether a page of that subscriber is there for somebody.
fn at_work(reach: Reach, asker: &Asker<'_>, slug: Option<&str>) -> Option<()> {
    let place = asker.workplace.filter(|place| place.is_allowed_to(asker.user))?;
    let is_there = slug.is_some() && place.slug == slug;
    let has_it = match reach {
        Reach::Data => place.subscriber.has_data_access(),
        Reach::Api => place.subscriber.has_api_access,
        Reach::Subscription => place.has_subscription,
        _ => true,
    };
    (is_there && has_it).then_some(())
}

#[cfg(test)]
pub(super) mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::{super::UserZone, *};
    use crate::{
        ids::{SubscriberId, UserId},
        subscriber::Plan,
    };

    /// Somebody who may use the site, and nothing else.
    pub(in crate::account) fn user(change: impl FnOnce(&mut User)) -> User {
        let mut user = User {
            id: UserId(Uuid::from_u128(1)),
            email: "ann@example.org".into(),
            password: None,
            first_name: String::new(),
            last_name: String::new(),
            is_staff: true,
            is_active: true,
            is_superuser: false,
            is_election_admin: false,
            is_subscriber_admin: false,
            is_esign_admin: false,
            time_zone: UserZone::Eastern,
            active_subscriber: None,
            last_login: None,
            generation: 0,
            reset_expires: None,
            created_at: DateTime::UNIX_EPOCH,
            modified_at: DateTime::UNIX_EPOCH,
        };
        change(&mut user);
        user
    }

    fn subscriber() -> Subscriber {
        let id = SubscriberId(Uuid::from_u128(2));
        let new = Subscriber::new(id, "Vote Now".into(), String::new(), DateTime::UNIX_EPOCH);
        Subscriber { has_api_access: true, ..new }
    }

    const SLUG: Option<&str> = Some("votenow");

    fn asks(
        reach: Reach,
        user: &User,
        stage: SessionStage,
        subscriber: Option<(&Subscriber, bool)>,
    ) -> Verdict {
        let workplace = subscriber.map(|(subscriber, is_member)| Workplace {
            subscriber,
            slug: SLUG,
            is_member,
            has_subscription: true,
        });
        judge(reach, Some(Asker { user, stage, workplace }), SLUG)
    }

    /// What a role is told by each reach, in the order of [`Reach::ALL`].
    type Told = [Verdict; 11];
    /// A role: how it is called, who has it, for whom they work, and what they are told.
    type Row<'a> = (&'a str, &'a User, Option<(&'a Subscriber, bool)>, Told);

    #[test]
    fn each_role_sees_what_is_its_own() {
        use Verdict::{Allowed as Yes, Forbidden as No, NotFound as Not};
        let own = subscriber();
        let member = Some((&own, true));
        let superuser = user(|it| it.is_superuser = true);
        let elections = user(|it| it.is_election_admin = true);
        let subscribers = user(|it| it.is_subscriber_admin = true);
        let esign = user(|it| it.is_esign_admin = true);
        let guest = user(|it| it.is_staff = false);
        let table: [Row<'_>; 9] = [
            ("a member", &user(|_| {}), member, [Yes, Yes, Yes, Yes, Yes, Yes, No, No, No, No, No]),
            ("staff of nobody", &user(|_| {}), None, [Yes, Yes, Not, Not, Not, Not, No, No, No, No, No]),
            ("not staff", &guest, member, [Yes, No, No, No, No, No, No, No, No, No, No]),
            ("elections", &elections, None, [Yes, Yes, Not, Not, Not, Not, No, Yes, No, Yes, No]),
            ("e-sign", &esign, None, [Yes, Yes, Not, Not, Not, Not, No, No, Yes, Yes, No]),
            ("subscribers", &subscribers, None, [Yes, Yes, Not, Not, Not, Not, Yes, No, No, No, No]),
            (
                "subscribers, at work for one",
                &subscribers,
                Some((&own, false)),
                [Yes, Yes, Yes, Yes, Yes, Yes, Yes, No, No, No, No],
            ),
            ("superuser", &superuser, None, [Yes, Yes, Not, Not, Not, Not, Yes, Yes, Yes, Yes, Yes]),
            ("elections, a member", &elections, member, [Yes, Yes, Yes, Yes, Yes, Yes, No, Yes, No, Yes, No]),
        ];
        for (name, user, place, told) in table {
            for (reach, told) in Reach::ALL.iter().zip(told) {
                assert_eq!(asks(*reach, user, SessionStage::Verified, place), told, "{name}: {reach:?}");
            }
        }
    }

    #[test]
    fn who_has_not_signed_in_is_told_nothing_else() {
        let own = subscriber();
        let superuser = user(|it| it.is_superuser = true);
        let gone = user(|it| (it.is_superuser, it.is_active) = (true, false));
        for reach in Reach::ALL {
            for slug in [SLUG, Some("other"), None] {
                assert_eq!(judge(*reach, None, slug), Verdict::SignIn, "{reach:?}");
            }
            let half = asks(*reach, &superuser, SessionStage::Password, Some((&own, true)));
            assert_eq!(half, Verdict::SignIn, "{reach:?}: the code is awaited");
            let gone = asks(*reach, &gone, SessionStage::Verified, Some((&own, true)));
            assert_eq!(gone, Verdict::SignIn, "{reach:?}: the account is closed");
        }
    }

    #[test]
    fn who_has_no_second_factor_gets_one_before_anything_else() {
        let own = subscriber();
        let superuser = user(|it| it.is_superuser = true);
        for reach in Reach::ALL {
            let told = asks(*reach, &superuser, SessionStage::SignedIn, Some((&own, true)));
            let page = if *reach == Reach::SignedIn { Verdict::Allowed } else { Verdict::SecondFactor };
            assert_eq!(told, page, "{reach:?}");
        }
    }

    #[test]
    fn pages_of_a_subscriber_are_there_for_its_own_active_members_under_its_default_slug() {
        let own = subscriber();
        let disabled = Subscriber { status: SubscriberStatus::Disabled, ..subscriber() };
        let (member, manager) = (user(|_| {}), user(|it| it.is_subscriber_admin = true));
        for reach in Reach::ALL.iter().filter(|reach| reach.is_of_a_subscriber()) {
            let told = |user: &User, subscriber, is_member| {
                asks(*reach, user, SessionStage::Verified, Some((subscriber, is_member)))
            };
            assert_eq!(told(&member, &own, true), Verdict::Allowed);
            assert_eq!(told(&member, &own, false), Verdict::NotFound, "{reach:?}: no member");
            assert_eq!(told(&member, &disabled, true), Verdict::NotFound, "{reach:?}: disabled");
            assert_eq!(told(&manager, &disabled, false), Verdict::Allowed, "{reach:?}: a manager");
            let place = |slug| Workplace { subscriber: &own, slug, is_member: true, has_subscription: true };
            for (of_it, asked) in [(SLUG, Some("other")), (SLUG, None), (None, SLUG), (None, None)] {
                let workplace = Some(place(of_it));
                let asker = Asker { user: &member, stage: SessionStage::Verified, workplace };
                assert_eq!(judge(*reach, Some(asker), asked), Verdict::NotFound, "{of_it:?} {asked:?}");
            }
        }
    }

    #[test]
    fn what_a_subscriber_does_not_have_is_not_there() {
        let free = Subscriber { plan: Plan::Free, ..subscriber() };
        let no_keys = Subscriber { has_api_access: false, ..subscriber() };
        let member = user(|_| {});
        let told = |reach, subscriber| {
            let workplace =
                Some(Workplace { subscriber, slug: SLUG, is_member: true, has_subscription: false });
            judge(reach, Some(Asker { user: &member, stage: SessionStage::Verified, workplace }), SLUG)
        };
        assert_eq!(told(Reach::Data, &free), Verdict::NotFound);
        assert_eq!(told(Reach::Api, &free), Verdict::Allowed);
        assert_eq!(told(Reach::Api, &no_keys), Verdict::NotFound);
        assert_eq!(told(Reach::Data, &no_keys), Verdict::Allowed);
        assert_eq!(told(Reach::Subscription, &free), Verdict::NotFound);
        assert_eq!(told(Reach::Member, &free), Verdict::Allowed);
    }
}
