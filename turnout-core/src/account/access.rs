//! What an account opens is set: its roles, and whether it can be used at all.

use serde_json::{Value, json};

use super::User;
use crate::{
    app::App,
    change::Change,
    ids::UserId,
    ports::store::StoreError,
    problems::{Problem, Problems},
};

/// What an account opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    /// Whether the account can be used.
    pub is_active: bool,
    /// Whether the site is open to the person at all.
    pub is_staff: bool,
    /// Whether the person may do everything.
    pub is_superuser: bool,
    /// Whether the person keeps the facts about elections.
    pub is_election_admin: bool,
    /// Whether the person looks after subscribers.
    pub is_subscriber_admin: bool,
    /// Whether the person looks after signed applications.
    pub is_esign_admin: bool,
}

impl Access {
    /// What somebody's account opens.
    #[must_use]
    pub fn of(user: &User) -> Self {
        Self {
            is_active: user.is_active,
            is_staff: user.is_staff,
            is_superuser: user.is_superuser,
            is_election_admin: user.is_election_admin,
            is_subscriber_admin: user.is_subscriber_admin,
            is_esign_admin: user.is_esign_admin,
        }
    }

    fn json(self) -> Value {
        json!({
            "is_active": self.is_active,
            "is_staff": self.is_staff,
            "is_superuser": self.is_superuser,
            "is_election_admin": self.is_election_admin,
            "is_subscriber_admin": self.is_subscriber_admin,
            "is_esign_admin": self.is_esign_admin,
        })
    }
}

/// Why nothing was set.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// There is no such person.
    #[error("there is no such person")]
    NotFound,
    /// What was wanted has problems.
    #[error("what was wanted has problems")]
    Problems(Problems),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sets what somebody's account opens. Who is shut out by it is signed out everywhere. Nobody takes the way in from himself:
/// somebody has to be left who can give it back.
///
/// # Errors
/// See [`AccessError`].
pub async fn set_access(app: &App, actor: UserId, id: UserId, access: Access) -> Result<User, AccessError> {
    if actor == id {
        let mut problems = Problems::default();
        let own = |text: &str| Problem::Other("problem-own-access", text.to_owned());
        for (field, is_kept) in [
            ("is_active", access.is_active),
            ("is_staff", access.is_staff),
            ("is_superuser", access.is_superuser),
        ] {
            if !is_kept {
                problems.add(field, own("You cannot take this from yourself. Ask another superuser."));
            }
        }
        if !problems.is_empty() {
            return Err(AccessError::Problems(problems));
        }
    }
    let mut unit = app.store.begin().await?;
    let mut user = unit.accounts_mut().lock(id).await?.ok_or(AccessError::NotFound)?;
    let before = Access::of(&user);
    if before == access {
        return Ok(user);
    }
    user.is_active = access.is_active;
    user.is_staff = access.is_staff;
    user.is_superuser = access.is_superuser;
    user.is_election_admin = access.is_election_admin;
    user.is_subscriber_admin = access.is_subscriber_admin;
    user.is_esign_admin = access.is_esign_admin;
    user.modified_at = app.now();
    unit.accounts_mut().update(&user).await?;
    if !access.is_active || !access.is_staff {
        unit.sessions_mut().remove_others(id, None).await?;
    }
    let change = Change::new(app, Some(actor), User::KIND, id, "access changed");
    change.from_to(Some(before.json()), Some(access.json())).write(unit.as_mut()).await?;
    unit.commit().await?;
    Ok(user)
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
    };

    const ANN: UserId = UserId(uuid::Uuid::from_u128(1));
    const BOB: UserId = UserId(uuid::Uuid::from_u128(2));

    const ALL: Access = Access {
        is_active: true,
        is_staff: true,
        is_superuser: true,
        is_election_admin: false,
        is_subscriber_admin: false,
        is_esign_admin: false,
    };

    async fn with_two() -> World {
        let world = world();
        let mut unit = world.store.begin().await.expect("a unit");
        for id in [ANN, BOB] {
            let user =
                User { id, is_active: true, is_subscriber_admin: false, ..rows::user(id.0.as_u128(), 1) };
            unit.accounts_mut().insert(&user).await.expect("a user");
            unit.sessions_mut()
                .insert(&rows::session(id.0.as_u128() + 10, id.0.as_u128(), 5))
                .await
                .expect("a session");
        }
        unit.commit().await.expect("it is kept");
        world
    }

    async fn sessions(world: &World, id: UserId) -> usize {
        let mut view = world.store.view().await.expect("a view");
        view.sessions().of_user(id).await.expect("a read").len()
    }

    #[tokio::test]
    async fn roles_are_set_and_noted_and_who_is_shut_out_is_signed_out() {
        let world = with_two().await;
        let app = &world.app;
        let helper = Access { is_superuser: false, is_election_admin: true, ..ALL };
        let bob = set_access(app, ANN, BOB, helper).await.expect("it is set");
        assert!(bob.manages_elections() && !bob.is_superuser);
        assert_eq!(sessions(&world, BOB).await, 1, "he may go on");
        set_access(app, ANN, BOB, helper).await.expect("nothing to set");
        set_access(app, ANN, BOB, Access { is_active: false, ..helper }).await.expect("it is set");
        assert_eq!((sessions(&world, BOB).await, sessions(&world, ANN).await), (0, 1));
        let nobody = set_access(app, ANN, UserId(uuid::Uuid::nil()), helper).await;
        assert!(matches!(nobody, Err(AccessError::NotFound)));

        let mut view = world.store.view().await.expect("a view");
        let page = PageRequest { after: None, limit: 9 };
        let noted =
            view.changes().page(&ChangeFilter::history("user", BOB), &page).await.expect("a read").rows;
        assert_eq!(noted.len(), 2, "what changes nothing is not noted");
        let elections = |value: &Option<Value>| value.as_ref().map(|it| it["is_election_admin"].clone());
        let first = noted.iter().find(|it| elections(&it.before) == Some(json!(false))).expect("the first");
        assert_eq!((first.by, elections(&first.after)), (Some(ANN), Some(json!(true))));
    }

    #[tokio::test]
    async fn nobody_takes_the_way_in_from_himself() {
        let world = with_two().await;
        for (access, fields) in [
            (Access { is_superuser: false, ..ALL }, vec!["is_superuser"]),
            (Access { is_active: false, is_staff: false, ..ALL }, vec!["is_active", "is_staff"]),
        ] {
            let Err(AccessError::Problems(problems)) = set_access(&world.app, ANN, ANN, access).await else {
                panic!("it was set");
            };
            assert_eq!(problems.iter().map(|(field, _)| field.to_owned()).collect::<Vec<_>>(), fields);
        }
        let more = Access { is_esign_admin: true, ..ALL };
        assert!(set_access(&world.app, ANN, ANN, more).await.expect("it is set").is_esign_admin);
        assert_eq!(sessions(&world, ANN).await, 1);
    }
}
