//! States and facts about them.

use std::sync::Arc;

use async_trait::async_trait;

use super::rooms::{Rooms, insert, row};
use crate::{
    address::State,
    election::{FieldType, StateInformation, StateProfile},
    ids::FieldTypeId,
    ports::store::{Elections, ReadElections, StoreError},
};

impl Rooms {
    fn slug_of(&self, id: FieldTypeId) -> &str {
        self.field_types.get(&id).map_or("", |it| it.slug.as_str())
    }

    /// The facts that `wanted` says, by state code and slug.
    fn facts(&self, wanted: impl Fn(&StateInformation) -> bool) -> Vec<StateInformation> {
        let mut facts: Vec<_> = self.information.values().filter(|it| wanted(it)).cloned().collect();
        facts.sort_by(|a, b| {
            let key = |it: &StateInformation| it.state.code();
            key(a).cmp(key(b)).then_with(|| self.slug_of(a.field_type).cmp(self.slug_of(b.field_type)))
        });
        facts
    }
}

#[async_trait]
impl ReadElections for Rooms {
    async fn states(&mut self) -> Result<Vec<StateProfile>, StoreError> {
        let mut states: Vec<_> = self.states.values().cloned().collect();
        states.sort_by_key(|it| it.code.code());
        Ok(states)
    }

    async fn state(&mut self, state: State) -> Result<Option<StateProfile>, StoreError> {
        Ok(self.states.get(&state).cloned())
    }

    async fn field_types(&mut self) -> Result<Vec<FieldType>, StoreError> {
        let mut all: Vec<_> = self.field_types.values().cloned().collect();
        all.sort_by(|a, b| a.slug.cmp(&b.slug));
        Ok(all)
    }

    async fn field_type(&mut self, slug: &str) -> Result<Option<FieldType>, StoreError> {
        Ok(self.field_types.values().find(|it| it.slug == slug).cloned())
    }

    async fn information(&mut self) -> Result<Vec<StateInformation>, StoreError> {
        Ok(self.facts(|_| true))
    }

    async fn information_of_state(&mut self, state: State) -> Result<Vec<StateInformation>, StoreError> {
        Ok(self.facts(|it| it.state == state))
    }

    async fn information_of_field(&mut self, slug: &str) -> Result<Vec<StateInformation>, StoreError> {
        Ok(self.facts(|it| self.slug_of(it.field_type) == slug))
    }

    async fn text(&mut self, state: State, slug: &str) -> Result<Option<String>, StoreError> {
        let mut all = self.information.values();
        let found = all.find(|it| it.state == state && self.slug_of(it.field_type) == slug);
        Ok(found.map(|it| it.text.clone()))
    }
}

#[async_trait]
impl Elections for Rooms {
    async fn put_state(&mut self, profile: &StateProfile) -> Result<(), StoreError> {
        Arc::make_mut(&mut self.states).insert(profile.code, profile.clone());
        Ok(())
    }

    async fn insert_field_type(&mut self, field_type: &FieldType) -> Result<(), StoreError> {
        if self.field_types.values().any(|it| it.slug == field_type.slug) {
            return Err(StoreError::Conflict { entity: "field type" });
        }
        insert(&mut self.field_types, field_type.id, field_type, "field type")
    }

    async fn update_field_type(&mut self, field_type: &FieldType) -> Result<(), StoreError> {
        let row = row(&mut self.field_types, &field_type.id, "field type")?;
        row.long_name.clone_from(&field_type.long_name);
        row.help_text.clone_from(&field_type.help_text);
        row.format = field_type.format;
        row.modified_at = field_type.modified_at;
        Ok(())
    }

    async fn insert_information(&mut self, information: &StateInformation) -> Result<(), StoreError> {
        let (state, kind) = (information.state, information.field_type);
        if self.information.values().any(|it| it.state == state && it.field_type == kind) {
            return Err(StoreError::Conflict { entity: "fact" });
        }
        insert(&mut self.information, information.id, information, "fact")
    }

    async fn update_information(&mut self, information: &StateInformation) -> Result<(), StoreError> {
        let row = row(&mut self.information, &information.id, "fact")?;
        row.text.clone_from(&information.text);
        row.notes.clone_from(&information.notes);
        row.source.clone_from(&information.source);
        row.checked_on = information.checked_on;
        row.modified_at = information.modified_at;
        Ok(())
    }
}
