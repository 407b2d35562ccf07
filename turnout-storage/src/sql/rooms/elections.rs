//! States and facts about them.

use async_trait::async_trait;
use turnout_core::{
    address::State,
    election::{FieldType, StateInformation, StateProfile},
    ports::store::{Elections, ReadElections, StoreError},
};

use crate::sql::{
    dialect::Dialect,
    is_unfindable,
    moment::{Day, Moment},
    rows::elections::{FieldTypeRow, InformationRow, StateRow},
    session::{Session, query},
    statements::elections as statements,
};

#[async_trait]
impl<D: Dialect> ReadElections for Session<D> {
    async fn states(&mut self) -> Result<Vec<StateProfile>, StoreError> {
        self.all::<StateRow, _>(query(statements::STATES)).await
    }

    async fn state(&mut self, state: State) -> Result<Option<StateProfile>, StoreError> {
        self.optional::<StateRow, _>(query(statements::STATE).bind(state.code())).await
    }

    async fn field_types(&mut self) -> Result<Vec<FieldType>, StoreError> {
        self.all::<FieldTypeRow, _>(query(statements::FIELD_TYPES)).await
    }

    async fn field_type(&mut self, slug: &str) -> Result<Option<FieldType>, StoreError> {
        if is_unfindable(slug) {
            return Ok(None);
        }
        self.optional::<FieldTypeRow, _>(query(statements::FIELD_TYPE).bind(slug)).await
    }

    async fn information(&mut self) -> Result<Vec<StateInformation>, StoreError> {
        self.all::<InformationRow, _>(query(statements::INFORMATION)).await
    }

    async fn information_of_state(&mut self, state: State) -> Result<Vec<StateInformation>, StoreError> {
        let statement = query(statements::INFORMATION_OF_STATE).bind(state.code());
        self.all::<InformationRow, _>(statement).await
    }

    async fn information_of_field(&mut self, slug: &str) -> Result<Vec<StateInformation>, StoreError> {
        if is_unfindable(slug) {
            return Ok(Vec::new());
        }
        self.all::<InformationRow, _>(query(statements::INFORMATION_OF_FIELD).bind(slug)).await
    }

    async fn text(&mut self, state: State, slug: &str) -> Result<Option<String>, StoreError> {
        if is_unfindable(slug) {
            return Ok(None);
        }
        let found = self.values(query(statements::TEXT).bind(state.code()).bind(slug)).await?;
        Ok(found.into_iter().next())
    }
}

#[async_trait]
impl<D: Dialect> Elections for Session<D> {
    async fn put_state(&mut self, profile: &StateProfile) -> Result<(), StoreError> {
        let statement = query(statements::PUT_STATE)
            .bind(profile.code.code())
            .bind(&profile.name)
            .bind(profile.allow_print_and_forward)
            .bind(profile.allow_absentee_print_and_forward)
            .bind(Moment(profile.created_at))
            .bind(Moment(profile.modified_at))
            .bind(profile.code.is_territory());
        self.change_one("state", statement).await
    }

    async fn insert_field_type(&mut self, field_type: &FieldType) -> Result<(), StoreError> {
        let statement = query(statements::INSERT_FIELD_TYPE)
            .bind(field_type.id.0)
            .bind(&field_type.slug)
            .bind(&field_type.long_name)
            .bind(&field_type.help_text)
            .bind(field_type.format.map(|format| format.wire()))
            .bind(Moment(field_type.created_at))
            .bind(Moment(field_type.modified_at));
        self.change_one("field type", statement).await
    }

    async fn update_field_type(&mut self, field_type: &FieldType) -> Result<(), StoreError> {
        let statement = query(statements::UPDATE_FIELD_TYPE)
            .bind(field_type.id.0)
            .bind(&field_type.long_name)
            .bind(&field_type.help_text)
            .bind(field_type.format.map(|format| format.wire()))
            .bind(Moment(field_type.modified_at));
        self.change_one("field type", statement).await
    }

    async fn insert_information(&mut self, information: &StateInformation) -> Result<(), StoreError> {
        let statement = query(statements::INSERT_INFORMATION)
            .bind(information.id.0)
            .bind(information.state.code())
            .bind(information.field_type.0)
            .bind(&information.text)
            .bind(&information.notes)
            .bind(&information.source)
            .bind(information.checked_on.map(Day))
            .bind(Moment(information.created_at))
            .bind(Moment(information.modified_at));
        self.change_one("fact", statement).await
    }

    async fn update_information(&mut self, information: &StateInformation) -> Result<(), StoreError> {
        let statement = query(statements::UPDATE_INFORMATION)
            .bind(information.id.0)
            .bind(&information.text)
            .bind(&information.notes)
            .bind(&information.source)
            .bind(information.checked_on.map(Day))
            .bind(Moment(information.modified_at));
        self.change_one("fact", statement).await
    }
}
