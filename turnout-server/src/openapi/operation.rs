//! One operation of the API, as it is described beside its handler.

use http::StatusCode;
use serde_json::{Value, json};
use turnout_core::asked::{Field, Kind};

use super::shape::{Shape, Shapes};

/// What a method of a route does: what it is given, and everything it may answer.
///
/// What every route answers that is guarded alike (406, 429, 500 …) is added where the document is made.
pub struct Operation {
    pub(super) id: &'static str,
    pub(super) summary: &'static str,
    pub(super) description: &'static str,
    pub(super) parameters: Vec<Parameter>,
    pub(super) body: Option<Body>,
    pub(super) answers: Vec<Answer>,
    pub(super) links: Vec<Link>,
    pub(super) touches_store: bool,
}

/// Something in the path or the query.
pub(super) struct Parameter {
    pub(super) place: &'static str,
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    pub(super) schema: Value,
}

/// What a body is.
pub(super) enum Body {
    /// Names and values, as JSON or as a form.
    Fields { name: &'static str, fields: Vec<Field>, closed: bool },
    /// Names and values as a URL-encoded form, and no other way.
    Form { name: &'static str, fields: Vec<Field> },
    /// A list of names and values, as JSON.
    List { name: &'static str, fields: Vec<Field> },
    /// A picture.
    Picture,
}

/// One status with its body.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) description: &'static str,
    pub(super) content: Content,
}

/// What an answer holds.
pub(super) enum Content {
    Nothing,
    /// An empty body, and the address in `Location`.
    Redirect,
    Text,
    Html,
    Xml,
    Json(fn(&mut Shapes) -> Value),
    /// The complaints about the fields of the body.
    Complaints,
}

/// What can be done with an answer.
pub(super) struct Link {
    pub(super) name: &'static str,
    pub(super) operation: &'static str,
    pub(super) parameters: Value,
    pub(super) body: Option<Value>,
}

impl Operation {
    /// An operation by its id, which is unique, and in a few words.
    #[must_use]
    pub fn new(id: &'static str, summary: &'static str) -> Self {
        Self {
            id,
            summary,
            description: "",
            parameters: Vec::new(),
            body: None,
            answers: Vec::new(),
            links: Vec::new(),
            touches_store: true,
        }
    }

    /// What else there is to know, Markdown.
    #[must_use]
    pub fn says(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }

    /// Answers without the store, so it does not fail with it.
    #[must_use]
    pub fn without_store(mut self) -> Self {
        self.touches_store = false;
        self
    }

    /// A segment of the path.
    #[must_use]
    pub fn segment(self, name: &'static str, description: &'static str, schema: Value) -> Self {
        self.parameter("path", name, description, schema)
    }

    /// A segment that is a UUID.
    #[must_use]
    pub fn uuid(self, name: &'static str, description: &'static str) -> Self {
        self.segment(name, description, json!({ "type": "string", "format": "uuid" }))
    }

    /// A text in the query.
    #[must_use]
    pub fn query(self, name: &'static str, description: &'static str) -> Self {
        self.parameter("query", name, description, json!({ "type": "string" }))
    }

    /// One of these texts in the query.
    #[must_use]
    pub fn query_of(self, name: &'static str, description: &'static str, texts: &[&str]) -> Self {
        self.parameter("query", name, description, json!({ "type": "string", "enum": texts }))
    }

    /// A text in the query of which these mean something; any other is passed over.
    #[must_use]
    pub fn query_like(self, name: &'static str, description: &'static str, texts: &[&str]) -> Self {
        let schema = json!({ "anyOf": [{ "enum": texts }, { "type": "string" }] });
        self.parameter("query", name, description, schema)
    }

    /// A switch in the query, which only `true` turns on.
    #[must_use]
    pub fn switch(self, name: &'static str, description: &'static str) -> Self {
        self.query_like(name, description, &["true"])
    }

    fn parameter(
        mut self,
        place: &'static str,
        name: &'static str,
        description: &'static str,
        schema: Value,
    ) -> Self {
        self.parameters.push(Parameter { place, name, description, schema });
        self
    }

    /// Whether it reads a parameter of the query.
    #[must_use]
    pub fn has_query(&self, name: &str) -> bool {
        self.parameters.iter().any(|it| it.place == "query" && it.name == name)
    }

    /// Reads fields; the shape of the body gets that name. Refuses with complaints about them.
    #[must_use]
    pub fn reads(self, name: &'static str, fields: Vec<Field>) -> Self {
        let mut operation = self.takes(name, fields);
        operation.answers.push(Answer {
            status: StatusCode::BAD_REQUEST,
            description: "Something is wrong with the body; nothing was stored",
            content: Content::Complaints,
        });
        operation
    }

    /// Takes fields, and complains of none.
    #[must_use]
    pub fn takes(mut self, name: &'static str, fields: Vec<Field>) -> Self {
        self.body = Some(Body::Fields { name, fields, closed: false });
        self
    }

    /// Takes fields of a URL-encoded form, whose shape gets that name, and complains of none.
    #[must_use]
    pub fn takes_form(mut self, name: &'static str, fields: Vec<Field>) -> Self {
        self.body = Some(Body::Form { name, fields });
        self
    }

    /// Takes a list, as JSON, of fields whose shape gets that name, and complains of none of them.
    #[must_use]
    pub fn takes_list(mut self, name: &'static str, fields: Vec<Field>) -> Self {
        self.body = Some(Body::List { name, fields });
        self
    }

    /// Takes no names that it does not know.
    #[must_use]
    pub fn and_no_others(mut self) -> Self {
        if let Some(Body::Fields { closed, .. }) = &mut self.body {
            *closed = true;
        }
        self
    }

    /// Takes fewer choices in a field than it understands.
    #[must_use]
    pub fn only(mut self, name: &str, choices: &[&'static str]) -> Self {
        if let Some(Body::Fields { fields, .. }) = &mut self.body {
            for field in fields.iter_mut().filter(|field| field.name == name) {
                field.kind = Kind::Choice(choices.to_vec());
            }
        }
        self
    }

    /// Reads a picture.
    #[must_use]
    pub fn reads_picture(mut self) -> Self {
        self.body = Some(Body::Picture);
        self
    }

    /// Answers with a shape. A status that was said before gets one more.
    #[must_use]
    pub fn answers<T: Shape>(mut self, status: StatusCode, description: &'static str) -> Self {
        self.answers.push(Answer { status, description, content: Content::Json(T::schema) });
        self
    }

    /// Answers with an empty body.
    #[must_use]
    pub fn answers_nothing(mut self, status: StatusCode, description: &'static str) -> Self {
        self.answers.push(Answer { status, description, content: Content::Nothing });
        self
    }

    /// Answers with a plain text.
    #[must_use]
    pub fn answers_text(mut self, status: StatusCode, description: &'static str) -> Self {
        self.answers.push(Answer { status, description, content: Content::Text });
        self
    }

    /// Answers with a page.
    #[must_use]
    pub fn answers_page(mut self, status: StatusCode, description: &'static str) -> Self {
        self.answers.push(Answer { status, description, content: Content::Html });
        self
    }

    /// Answers with XML.
    #[must_use]
    pub fn answers_xml(mut self, status: StatusCode, description: &'static str) -> Self {
        self.answers.push(Answer { status, description, content: Content::Xml });
        self
    }

    /// Sends the caller on.
    #[must_use]
    pub fn redirects(mut self, description: &'static str) -> Self {
        self.answers.push(Answer { status: StatusCode::FOUND, description, content: Content::Redirect });
        self
    }

    /// What can be done with a part of its answer: a parameter of another operation, and where it stands
    /// (`$response.body#/uuid`).
    #[must_use]
    pub fn leads_to(mut self, operation: &'static str, parameter: &'static str, value: &'static str) -> Self {
        let parameters = json!({ parameter: value });
        self.links.push(Link { name: operation, operation, parameters, body: None });
        self
    }

    /// The same for the body of another operation.
    #[must_use]
    pub fn leads_to_body(mut self, operation: &'static str, body: Value) -> Self {
        self.links.push(Link { name: operation, operation, parameters: json!({}), body: Some(body) });
        self
    }
}
