//! A mail house that prints nothing.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;

use super::locked;
use crate::{
    error::{ProviderError, ProviderErrorKind},
    ids::{ActionId, LetterId},
    ports::{
        clock::Clock,
        letters::{LetterSender, OutgoingLetter, TakenLetter},
    },
};

/// Keeps every letter instead of printing it.
#[derive(Clone)]
pub struct MailHouse {
    clock: Arc<dyn Clock>,
    inside: Arc<Mutex<Inside>>,
}

#[derive(Default)]
struct Inside {
    letters: Vec<(TakenLetter, OutgoingLetter)>,
    called_off: Vec<String>,
    keys: HashMap<LetterId, TakenLetter>,
    counted: u32,
    troubles: Vec<Trouble>,
}

/// What goes wrong with a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// It is not taken.
    Refused(ProviderErrorKind),
    /// It is taken, and the answer is lost.
    Unanswered,
}

impl MailHouse {
    /// Has no letter yet.
    #[must_use]
    pub fn new(clock: impl Clock + 'static) -> Self {
        Self { clock: Arc::new(clock), inside: Arc::default() }
    }

    /// The letters so far, the first one first; not those that were called off.
    #[must_use]
    pub fn letters(&self) -> Vec<OutgoingLetter> {
        let inside = locked(&self.inside);
        inside.there().map(|(_, letter)| letter.clone()).collect()
    }

    /// The ids of those letters, as the mail house calls them.
    #[must_use]
    pub fn taken(&self) -> Vec<String> {
        locked(&self.inside).there().map(|(taken, _)| taken.id.clone()).collect()
    }

    /// The letters that were called off, as the mail house calls them.
    #[must_use]
    pub fn called_off(&self) -> Vec<String> {
        locked(&self.inside).called_off.clone()
    }

    /// What goes wrong with the next letters, one after the other.
    pub fn meets(&self, troubles: impl IntoIterator<Item = Trouble>) {
        locked(&self.inside).troubles.extend(troubles);
    }

    /// So much time passes that it knows no letter again by its id.
    pub fn forgets_ids(&self) {
        locked(&self.inside).keys.clear();
    }
}

impl Inside {
    fn there(&self) -> impl Iterator<Item = &(TakenLetter, OutgoingLetter)> {
        self.letters.iter().filter(|(taken, _)| !self.called_off.contains(&taken.id))
    }
}

fn failed(kind: ProviderErrorKind) -> ProviderError {
    ProviderError::new("mail house", kind)
}

#[async_trait]
impl LetterSender for MailHouse {
    async fn send(&self, letter: &OutgoingLetter) -> Result<TakenLetter, ProviderError> {
        let now = self.clock.now();
        let mut inside = locked(&self.inside);
        let trouble = if inside.troubles.is_empty() { None } else { Some(inside.troubles.remove(0)) };
        if let Some(Trouble::Refused(kind)) = trouble {
            return Err(failed(kind));
        }
        let taken = match inside.keys.get(&letter.id) {
            Some(taken) => taken.clone(),
            None => {
                inside.counted += 1;
                let taken = TakenLetter { id: format!("ltr_{:016x}", inside.counted), at: now };
                inside.keys.insert(letter.id, taken.clone());
                inside.letters.push((taken.clone(), letter.clone()));
                taken
            }
        };
        if trouble == Some(Trouble::Unanswered) {
            return Err(failed(ProviderErrorKind::Unreachable));
        }
        Ok(taken)
    }

    async fn of_action(&self, action: ActionId) -> Result<Vec<TakenLetter>, ProviderError> {
        let inside = locked(&self.inside);
        let of = inside.there().filter(|(_, letter)| letter.action == action);
        Ok(of.map(|(taken, _)| taken.clone()).collect())
    }

    async fn call_off(&self, id: &str) -> Result<(), ProviderError> {
        let mut inside = locked(&self.inside);
        if !inside.there().any(|(taken, _)| taken.id == id) {
            return Err(failed(ProviderErrorKind::Rejected));
        }
        inside.called_off.push(id.to_owned());
        Ok(())
    }
}
