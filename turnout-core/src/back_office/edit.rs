//! What may be set of a record is set, and noted.

use serde_json::Map;

use super::{Edit, Entity, Record, Value, look::about};
use crate::{
    app::App,
    election::published,
    ids::UserId,
    ports::store::StoreError,
    problems::{Problem, Problems},
};

/// Why nothing was set.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// There is no such record.
    #[error("there is no such record")]
    NotFound,
    /// What was given has problems.
    #[error("what was given has problems")]
    Problems(Problems),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sets what may be set of a record: `given` tells what was typed for a column, if it was given. A flag is set by any text
/// but `false`, as boxes of forms are. Says what it is then; nothing is noted where nothing is changed.
///
/// # Errors
/// See [`EditError`].
pub async fn edit(
    app: &App,
    actor: UserId,
    entity: Entity,
    id: &str,
    given: impl Fn(&str) -> Option<String> + Send + Sync,
) -> Result<Record, EditError> {
    let shape = entity.shape();
    let mut problems = Problems::default();
    let mut wanted: Vec<(&'static str, Value)> = Vec::new();
    for column in shape.columns {
        let (Some(edit), Some(text)) = (column.edit, given(column.name)) else { continue };
        match check(edit, &text) {
            Ok(value) => wanted.push((column.name, value)),
            Err(problem) => problems.add(column.name, problem),
        }
    }
    if !problems.is_empty() {
        return Err(EditError::Problems(problems));
    }
    let mut unit = app.store.begin().await?;
    let mut record = unit.records_mut().lock(entity, id).await?.ok_or(EditError::NotFound)?;
    let (mut before, mut after) = (Map::new(), Map::new());
    let (id, now) = (record.key.id.clone(), app.now());
    for (name, value) in wanted {
        let old = record.value(shape, name);
        // a box that was never set and is not checked stays so
        if *old == value || (*old == Value::Nothing && value == Value::Flag(false)) {
            continue;
        }
        before.insert(name.to_owned(), old.json());
        after.insert(name.to_owned(), value.json());
        unit.records_mut().set(entity, &id, name, &value, now).await?;
    }
    if after.is_empty() {
        return Ok(record);
    }
    let change = about(app, actor, shape, &record, "changed");
    change.from_to(Some(before.into()), Some(after.into())).write(unit.as_mut()).await?;
    if entity == Entity::FieldTypes {
        published::field_types(app, unit.as_mut()).await?;
    }
    if let Some(changed) = unit.records_mut().lock(entity, &id).await? {
        record = changed;
    }
    unit.commit().await?;
    Ok(record)
}

fn check(edit: Edit, text: &str) -> Result<Value, Problem> {
    if text.contains('\0') {
        return Err(Problem::NullCharacters);
    }
    let trimmed = text.trim();
    match edit {
        Edit::Flag => Ok(Value::Flag(!trimmed.is_empty() && trimmed != "false")),
        Edit::Line { required: true, .. } if trimmed.is_empty() => Err(Problem::Blank),
        Edit::Line { most, .. } if trimmed.chars().count() > most => Err(Problem::TooLong(most)),
        Edit::Line { .. } | Edit::Long if trimmed.is_empty() => Ok(Value::Nothing),
        Edit::Line { .. } => Ok(Value::Text(trimmed.to_owned())),
        // as forms send it, with the ends of lines of the network
        Edit::Long => Ok(Value::Text(text.trim_end().replace("\r\n", "\n"))),
    }
}

#[cfg(all(test, feature = "memory"))]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        address::State, change::ChangeFilter, conformance::rows, memory::world, page::PageRequest,
        ports::store::Store as _,
    };

    const ACTOR: UserId = UserId(uuid::Uuid::from_u128(7));

    #[tokio::test]
    async fn what_is_set_is_noted_with_what_it_was() {
        let world = world();
        let app = &world.app;
        let mut unit = world.store.begin().await.expect("a unit");
        unit.elections_mut().put_state(&rows::state(State::Oh)).await.expect("a state");
        unit.elections_mut()
            .insert_field_type(&rows::field_type(1, "deadline", None))
            .await
            .expect("a field type");
        unit.commit().await.expect("it is kept");

        let off = |name: &str| Some(if name == "name" { "Utopia" } else { "" }.to_owned());
        let record = edit(app, ACTOR, Entity::States, "OH", off).await.expect("it is set");
        let shape = Entity::States.shape();
        assert_eq!(record.value(shape, "allow_print_and_forward"), &Value::Flag(false));
        assert_eq!(record.value(shape, "name").text(), Some("Ohio"), "what may not be set stays");
        edit(app, ACTOR, Entity::States, "OH", off).await.expect("nothing to set");
        let long = |name: &str| (name == "long_name").then(|| "x".repeat(201));
        let refused = edit(app, ACTOR, Entity::FieldTypes, "deadline", long).await;
        assert!(matches!(refused, Err(EditError::Problems(_))));
        let gone = edit(app, ACTOR, Entity::States, "ZZ", off).await;
        assert!(matches!(gone, Err(EditError::NotFound)));

        let mut view = world.store.view().await.expect("a view");
        let page = PageRequest { after: None, limit: 10 };
        let noted = view.changes().page(&ChangeFilter::default(), &page).await.expect("a read").rows;
        assert_eq!(noted.len(), 1, "what changes nothing is not noted");
        assert_eq!((noted[0].kind.as_str(), noted[0].subject.as_str()), ("state", "OH"));
        assert_eq!(noted[0].before, Some(json!({"allow_print_and_forward": true})));
        assert_eq!(noted[0].after, Some(json!({"allow_print_and_forward": false})));
    }

    #[test]
    fn a_text_is_cut_to_what_it_says() {
        let line = Edit::Line { most: 5, required: false };
        for (edit, text, value) in [
            (line, " a ", Ok(Value::Text("a".into()))),
            (line, "  ", Ok(Value::Nothing)),
            (line, "123456", Err(Problem::TooLong(5))),
            (line, "a\0", Err(Problem::NullCharacters)),
            (Edit::Line { most: 5, required: true }, " ", Err(Problem::Blank)),
            (Edit::Long, "a\r\nb\r\n", Ok(Value::Text("a\nb".into()))),
            (Edit::Flag, "on", Ok(Value::Flag(true))),
            (Edit::Flag, "false", Ok(Value::Flag(false))),
            (Edit::Flag, "", Ok(Value::Flag(false))),
        ] {
            assert_eq!(check(edit, text), value, "{text:?}");
        }
    }
}
