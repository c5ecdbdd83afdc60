//! Required fields that are missing.

use super::Work;
use crate::{
    lint::{Kind, fields},
    rewrite::{
        Edit,
        walk::{Position, Spot},
    },
    value::{Map, Value, json},
};

const ID: &str = "structure-missing";

impl Work<'_> {
    pub(super) fn missing(&mut self, spot: &Spot<'_, '_>, kind: Kind, object: &Map) {
        let member = spot.site.position == Position::Member;
        let lacks = |key| !object.contains_key(key);
        let told = match kind {
            // Nothing can be made of them, and nothing depends on them.
            Kind::ExternalDocs if member && lacks("url") => "no `url`: they are left out",
            Kind::Discriminator if member && lacks("propertyName") => {
                "no `propertyName`: it is left out"
            }
            Kind::RequestBody if member && lacks("content") => "no `content`: it is left out",
            _ => {
                for field in fields(kind).iter().filter(|field| field.required) {
                    let value = assumed(kind, field.name).filter(|_| lacks(field.name));
                    let Some((value, told)) = value else { continue };
                    self.edits
                        .push(Edit::Set(spot.pointer.to_owned(), field.name, value));
                    if let Some(told) = told {
                        let text = format!("{} has no `{}`: {told}", kind.any(), field.name);
                        self.report.kind(ID, spot.pointer, text);
                    }
                }
                if kind == Kind::Parameter
                    && lacks("schema")
                    && lacks("content")
                    && !lacks("name")
                    && !lacks("in")
                {
                    self.parameter(spot, object);
                }
                return;
            }
        };
        self.edits.push(Edit::Remove(spot.pointer.to_owned()));
        let text = format!("{} has {told}", kind.any());
        self.report.kind(ID, spot.pointer, text);
    }

    /// A required field that is null.
    pub(super) fn default(&mut self, spot: &Spot<'_, '_>) {
        let kind = spot.site.kind;
        // Where `paths` is not there at all, something else may be meant by the document.
        let no_paths = (kind, spot.site.key) == (Kind::Root, "paths");
        let value = no_paths.then(|| (json!({}), None));
        if let Some((value, told)) = value.or_else(|| assumed(kind, spot.site.key)) {
            self.replace(spot, value);
            let told = told.unwrap_or("it is taken for empty");
            let text = format!("`{}` of {} is null: {told}", spot.site.key, kind.any());
            self.report.kind(ID, spot.pointer, text);
        }
    }

    /// A parameter without a schema. In Swagger 2.0 the words of one stand in the parameter itself.
    fn parameter(&mut self, spot: &Spot<'_, '_>, object: &Map) {
        let is_word = |key: &str| {
            [
                "type", "format", "items", "enum", "default", "minimum", "maximum", "pattern",
            ]
            .contains(&key)
        };
        let words = object.iter().filter(|(key, _)| is_word(key));
        let mut schema: Map = words.map(|(key, value)| (key, value.clone())).collect();
        let told = if schema.contains_key("type") {
            "its own `type` is taken for it"
        } else {
            schema.insert("type".to_owned(), json!("string"));
            "any text is let through"
        };
        self.edits.push(Edit::Set(
            spot.pointer.to_owned(),
            "schema",
            Value::Object(schema),
        ));
        let text = format!("a parameter has no `schema`: {told}");
        self.report.kind(ID, spot.pointer, text);
    }
}

/// What is assumed where a required field is missing, and how that is told. Nothing is told where lint
/// does that.
fn assumed(kind: Kind, key: &str) -> Option<(Value, Option<&'static str>)> {
    let empty = || Some((json!(""), Some("it is taken for empty")));
    match (kind, key) {
        (Kind::Root, "info") => Some((
            json!({"title": "", "version": ""}),
            Some("it is taken for empty"),
        )),
        (Kind::Info, "title" | "version")
        | (Kind::License | Kind::Tag, "name")
        | (Kind::Response, "description") => empty(),
        (Kind::Operation, "responses") => Some((json!({}), None)),
        (Kind::Server, "url") => Some((json!("/"), Some("it is taken for `/`"))),
        (Kind::Flow, "scopes") => Some((json!({}), Some("it is taken for empty"))),
        _ => None,
    }
}

/// An object with what is assumed of it.
pub(super) fn empty(kind: Kind) -> Value {
    let required = fields(kind).iter().filter(|field| field.required);
    let members = required.filter_map(|field| {
        let (value, _) = assumed(kind, field.name)?;
        Some((field.name.to_owned(), value))
    });
    Value::Object(members.collect())
}
