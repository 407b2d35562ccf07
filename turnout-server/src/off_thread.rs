//! Filling forms and hashing passwords off the runtime's threads, a bounded number at a time.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use tokio::{sync::Semaphore, task::JoinError};
use turnout_core::{
    absentee::StateForm,
    address::State,
    file::{ImageKind, PictureError},
    ports::{
        forms::{FilledForm, FormFields, Forms, FormsError, PacketName, PacketPage, Stamp},
        passwords::{HashError, PasswordCheck, PasswordHasher},
    },
    secret::Password,
};

/// A [`Forms`] or [`PasswordHasher`] that runs another on a blocking thread, so that it never delays a request that only reads.
///
/// More than the bound wait their turn. Needs a tokio runtime.
pub struct OffThread<F> {
    inner: Arc<F>,
    turns: Arc<Semaphore>,
}

impl<F: Send + Sync + 'static> OffThread<F> {
    /// Does at most `at_once` things at the same time, and at least one.
    #[must_use]
    pub fn new(inner: F, at_once: usize) -> Self {
        Self::sharing(Arc::new(inner), at_once)
    }

    /// The same over one that others hold too.
    #[must_use]
    pub fn sharing(inner: Arc<F>, at_once: usize) -> Self {
        Self { inner, turns: Arc::new(Semaphore::new(at_once.max(1))) }
    }

    /// Waits for its turn and does it on a blocking thread.
    async fn turn<T: Send + 'static, W: Future<Output = T>>(
        &self,
        work: impl FnOnce(Arc<F>) -> W + Send + 'static,
    ) -> Result<T, JoinError> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.expect("it is never closed");
        let inner = Arc::clone(&self.inner);
        let runtime = tokio::runtime::Handle::current();
        tokio::task::spawn_blocking(move || {
            let _turn = turn;
            runtime.block_on(work(inner))
        })
        .await
    }
}

/// Why a form was not filled when the thread that filled it broke off.
fn broke_off(error: JoinError) -> FormsError {
    FormsError::Unreadable(error.into())
}

#[async_trait]
impl<F: Forms + 'static> Forms for OffThread<F> {
    async fn fill(
        &self,
        packet: PacketName,
        fields: FormFields,
        stamps: Vec<Stamp>,
    ) -> Result<FilledForm, FormsError> {
        self.turn(async move |inner| inner.fill(packet, fields, stamps).await).await.map_err(broke_off)?
    }

    /// Compiles the packet when nobody asked for it before, so it waits for its turn as well.
    async fn pages(&self, packet: PacketName) -> Result<Vec<PacketPage>, FormsError> {
        self.turn(async move |inner| inner.pages(packet).await).await.map_err(broke_off)?
    }

    /// Unpacks the picture, so it waits for its turn as well.
    async fn picture(&self, picture: Bytes) -> Result<ImageKind, PictureError> {
        let picture = self.turn(async move |inner| inner.picture(picture).await).await;
        picture.unwrap_or(Err(PictureError::Damaged))
    }

    async fn state_form(&self, state: State) -> Result<Option<Arc<StateForm>>, FormsError> {
        self.inner.state_form(state).await
    }
}

/// The password is copied, as the thread may outlive who waits for it; the copy is wiped.
#[async_trait]
impl<P: PasswordHasher + 'static> PasswordHasher for OffThread<P> {
    async fn hash(&self, password: &Password, salt: [u8; 16]) -> Result<String, HashError> {
        let password = Password::new(password.reveal().to_owned());
        let hash = self.turn(async move |inner| inner.hash(&password, salt).await).await;
        hash.unwrap_or(Err(HashError))
    }

    async fn check(&self, password: &Password, encoded: Option<&str>) -> PasswordCheck {
        let (password, encoded) = (Password::new(password.reveal().to_owned()), encoded.map(str::to_owned));
        let check = self.turn(async move |inner| inner.check(&password, encoded.as_deref()).await).await;
        check.unwrap_or(PasswordCheck::Wrong)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        thread,
        time::Duration,
    };

    use turnout_core::ports::forms::FillReport;

    use super::*;

    /// Blocks its thread, and knows how many did so at once.
    #[derive(Default)]
    struct Slow {
        now: Arc<AtomicUsize>,
        most: Arc<AtomicUsize>,
    }

    #[async_trait]
    impl Forms for Slow {
        async fn fill(&self, _: PacketName, _: FormFields, _: Vec<Stamp>) -> Result<FilledForm, FormsError> {
            let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(now, Ordering::SeqCst);
            thread::sleep(Duration::from_millis(20));
            self.now.fetch_sub(1, Ordering::SeqCst);
            Ok(FilledForm { pdf: "paper".into(), report: FillReport::default(), pages: 1 })
        }
    }

    #[tokio::test]
    async fn two_at_once_means_two_even_on_a_runtime_of_one_thread() {
        let slow = Slow::default();
        let most = Arc::clone(&slow.most);
        let forms = OffThread::new(slow, 2);
        let fill = || forms.fill(PacketName::Registration, FormFields::new(), Vec::new());
        let all = futures_util::future::join_all((0..6).map(|_| fill()));
        let filled = all.await;
        assert!(filled.into_iter().all(|one| one.unwrap().pdf == "paper"));
        assert_eq!(most.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn a_password_fits_its_hash_on_another_thread_too() {
        let passwords = OffThread::new(turnout_core::memory::QuickPasswords, 1);
        let password = Password::new("correct horse".into());
        let hash = passwords.hash(&password, [7; 16]).await.unwrap();
        assert_eq!(passwords.check(&password, Some(&hash)).await, PasswordCheck::Right);
        let other = Password::new("wrong horse".into());
        assert_eq!(passwords.check(&other, Some(&hash)).await, PasswordCheck::Wrong);
        assert_eq!(passwords.check(&password, None).await, PasswordCheck::Wrong);
    }

    #[tokio::test]
    async fn every_question_is_handed_on() {
        let paper = turnout_core::memory::PaperForms::new();
        paper.state_form(State::Ga, StateForm { pages: 1, ..StateForm::default() });
        let forms = OffThread::new(paper, 1);
        assert_eq!(forms.pages(PacketName::Registration).await.unwrap().len(), 2);
        assert_eq!(forms.state_form(State::Ga).await.unwrap().unwrap().pages, 1);
        assert!(forms.state_form(State::Ca).await.unwrap().is_none());
    }
}
