//! Values of another type than is due.

use serde_json::Number;

use super::{Work, is_required, missing::empty, owner_of_property};
use crate::{
    document::unescape,
    lint::{Kind, Shape, TYPES},
    rewrite::{
        Edit,
        walk::{Position, Spot, inner},
    },
    value::{Value, json, object},
};

impl Work<'_> {
    /// Reads a value as what is due, or leaves it out where it is none of the things that a client
    /// depends on.
    pub(super) fn wrong(&mut self, spot: &Spot<'_, '_>) {
        match spot.shape {
            Shape::Any => {}
            Shape::Text => self.text(spot),
            Shape::Flag => match flag(spot.value) {
                Some(flag) => self.read(spot, json!(flag)),
                None => self.leave_out(spot),
            },
            Shape::Number => match spot.value.as_str().and_then(number) {
                Some(number) => self.read(spot, Value::Number(number)),
                None => self.leave_out(spot),
            },
            Shape::Count => match count(spot.value) {
                Some(count) => self.read(spot, json!(count)),
                None => self.leave_out(spot),
            },
            Shape::Choice(words) => self.word(spot, words),
            Shape::Object(kind) | Shape::Ref(kind) | Shape::FlagOr(kind) => {
                self.object(spot, kind);
            }
            Shape::List(shape) => self.list(spot, shape),
            Shape::Map(shape) => self.map(spot, shape),
        }
    }

    fn read(&mut self, spot: &Spot<'_, '_>, value: Value) {
        let due = match value {
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "a list",
            _ => "an object",
        };
        self.replace(spot, value);
        self.tell(spot, &format!("read as {due}"));
    }

    /// Takes an optional member out of its object.
    fn leave_out(&mut self, spot: &Spot<'_, '_>) {
        if spot.site.position == Position::Member && !is_required(spot) {
            self.edits.push(Edit::Remove(spot.pointer.to_owned()));
            self.tell(spot, "of the wrong type, and is left out");
        }
    }

    fn text(&mut self, spot: &Spot<'_, '_>) {
        // Where it leads is all that it says.
        if spot.site.key == "$ref" {
            return;
        }
        match (spot.value, spot.site.position) {
            (_, Position::Element) => {}
            (Value::Bool(_) | Value::Number(_), _) => {
                self.read(spot, json!(spot.value.to_string()));
            }
            (_, Position::Entry) => self.read(spot, json!("")),
            (_, Position::Member) if is_required(spot) => self.default(spot),
            (_, Position::Member) => self.leave_out(spot),
        }
    }

    /// One of several words.
    fn word(&mut self, spot: &Spot<'_, '_>, words: &[&'static str]) {
        let is_type = (spot.site.kind, spot.site.key) == (Kind::Schema, "type");
        let Value::String(found) = spot.value else {
            if is_type {
                self.leave_out(spot);
            }
            return;
        };
        let found = found.trim();
        let same = words.iter().find(|word| word.eq_ignore_ascii_case(found));
        let meant = same
            .copied()
            .or_else(|| type_meant(found).filter(|_| is_type));
        match meant {
            Some(meant) => {
                self.replace(spot, json!(meant));
                self.tell(spot, &format!("read as `{meant}`"));
                if found.eq_ignore_ascii_case("file")
                    && let Some(schema) = spot.object
                    && !schema.contains_key("format")
                {
                    let schema = spot.above().to_owned();
                    self.edits
                        .push(Edit::Set(schema, "format", json!("binary")));
                }
            }
            None if is_type => {
                self.edits.push(Edit::Remove(spot.pointer.to_owned()));
                self.tell(spot, "no type: any value is let through");
            }
            None => {}
        }
    }

    fn object(&mut self, spot: &Spot<'_, '_>, kind: Kind) {
        let value = spot.value;
        if value.as_array().is_some_and(Vec::is_empty) {
            return self.read(spot, empty(kind));
        }
        if let (Shape::FlagOr(_), Some(flag)) = (spot.shape, flag(value)) {
            return self.read(spot, json!(flag));
        }
        let read = match (kind, value) {
            (Kind::Schema, Value::String(word)) if word.starts_with("#/") => {
                json!({ "$ref": word })
            }
            (Kind::Schema, Value::String(word)) if TYPES.contains(&&**word) => {
                json!({ "type": word })
            }
            (Kind::Discriminator, Value::String(name)) => json!({ "propertyName": name }),
            (Kind::ExternalDocs | Kind::Server, Value::String(url)) => json!({ "url": url }),
            (Kind::Contact | Kind::License | Kind::Tag, Value::String(name)) => {
                json!({ "name": name })
            }
            (Kind::Response, Value::String(text)) => json!({ "description": text }),
            (Kind::Example, value) => json!({ "value": value }),
            (Kind::Header | Kind::Link | Kind::Callback | Kind::Encoding, _)
                if spot.site.position == Position::Entry =>
            {
                json!({})
            }
            (
                Kind::ExternalDocs
                | Kind::Contact
                | Kind::License
                | Kind::Discriminator
                | Kind::Xml,
                _,
            ) => return self.leave_out(spot),
            _ => return,
        };
        self.read(spot, read);
    }

    fn list(&mut self, spot: &Spot<'_, '_>, shape: &Shape) {
        let key = spot.site.key;
        match (shape, spot.value) {
            (Shape::Text, Value::Array(words)) => {
                let words: Vec<Value> = words.iter().filter_map(as_text).collect();
                self.read(spot, Value::Array(words));
            }
            (Shape::Text, Value::Bool(_)) if key == "required" => self.required(spot),
            (Shape::Text, Value::String(flag)) if key == "required" && as_flag(flag).is_some() => {
                self.required(spot);
            }
            (Shape::Text, Value::String(_)) => self.read(spot, json!([spot.value])),
            (Shape::Any, Value::String(_) | Value::Number(_)) if key == "enum" => {
                self.read(spot, json!([spot.value]));
            }
            (Shape::Object(Kind::Server), Value::String(url)) => {
                self.read(spot, json!([{ "url": url }]));
            }
            (_, Value::Object(object)) if object.is_empty() => self.read(spot, json!([])),
            (Shape::Object(_) | Shape::Ref(_) | Shape::Map(_), Value::Object(object)) => {
                let is_one = match key {
                    "parameters" => object.contains_key("name") || object.contains_key("$ref"),
                    _ => true,
                };
                if is_one {
                    self.edits.push(Edit::Wrap(spot.pointer.to_owned()));
                    self.tell(spot, "read as a list of one");
                }
            }
            (Shape::Text | Shape::Any, _) => self.leave_out(spot),
            _ => {}
        }
    }

    /// In older drafts of JSON Schema, a property says itself that it is required.
    fn required(&mut self, spot: &Spot<'_, '_>) {
        let outer = spot.outer;
        let is_property = (outer.kind, outer.key) == (Kind::Schema, "properties")
            && outer.position == Position::Entry;
        if is_property && flag(spot.value) == Some(true) {
            let property = spot.above();
            let name = property.rsplit('/').next().unwrap_or_default();
            let name = unescape(name);
            self.late.push(Edit::Append(
                owner_of_property(property),
                "required",
                json!(name),
            ));
            self.edits.push(Edit::Remove(spot.pointer.to_owned()));
            self.tell(spot, "a boolean: the property is required, or not");
        } else if is_property {
            self.edits.push(Edit::Remove(spot.pointer.to_owned()));
            self.tell(spot, "a boolean: the property is required, or not");
        } else {
            self.leave_out(spot);
        }
    }

    fn map(&mut self, spot: &Spot<'_, '_>, shape: &Shape) {
        let key = spot.site.key;
        match (spot.value, key) {
            (Value::Array(list), _) if list.is_empty() => self.read(spot, json!({})),
            (Value::Array(_), "examples") => {
                let has_one = spot
                    .object
                    .is_some_and(|object| object.contains_key("example"));
                if !has_one && spot.site.kind != Kind::Components {
                    let first = format!("{}/0", spot.pointer);
                    let example = inner(spot.above(), "example");
                    self.edits.push(Edit::Move(first, example));
                }
                self.edits.push(Edit::Remove(spot.pointer.to_owned()));
                self.tell(spot, "a list: the first is shown");
            }
            (Value::Array(words), "scopes") => {
                let words = words.iter().filter_map(Value::as_str);
                let words = words.map(|word| (word.to_owned(), json!("")));
                self.read(spot, Value::Object(words.collect()));
            }
            (Value::String(name), "security") if matches!(shape, Shape::List(_)) => {
                self.read(spot, object([(name, json!([]))]));
            }
            (
                _,
                "examples" | "headers" | "links" | "callbacks" | "mapping" | "encoding"
                | "variables" | "$defs" | "definitions" | "patternProperties" | "webhooks",
            ) => {
                self.leave_out(spot);
            }
            _ => {}
        }
    }
}

fn flag(value: &Value) -> Option<bool> {
    value
        .as_str()
        .and_then(as_flag)
        .or_else(|| value.as_bool())
        .or_else(|| match value.as_u64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        })
}

fn as_flag(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" => Some(true),
        "false" | "no" => Some(false),
        _ => None,
    }
}

fn number(text: &str) -> Option<Number> {
    text.trim().parse().ok()
}

fn count(value: &Value) -> Option<u64> {
    let whole = |number: f64| {
        // Above that a number is not exact any more.
        const MOST: f64 = 9_007_199_254_740_992.0;
        let fits = number.fract() == 0.0 && (0.0..=MOST).contains(&number);
        fits.then(|| format!("{number:.0}").parse().ok()).flatten()
    };
    match value {
        Value::String(text) => number(text).and_then(|number| count(&Value::Number(number))),
        Value::Number(number) => number.as_u64().or_else(|| whole(number.as_f64()?)),
        _ => None,
    }
}

fn as_text(value: &Value) -> Option<Value> {
    match value {
        Value::String(_) => Some(value.clone()),
        Value::Bool(_) | Value::Number(_) => Some(json!(value.to_string())),
        _ => None,
    }
}

/// What other languages call a type.
fn type_meant(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "int" | "int32" | "int64" | "long" | "short" => "integer",
        "float" | "double" | "decimal" | "numeric" => "number",
        "bool" => "boolean",
        "str" | "text" | "char" | "varchar" | "date" | "datetime" | "date-time" | "uuid"
        | "file" => "string",
        "list" => "array",
        "map" | "dict" | "hash" | "hashmap" | "dictionary" => "object",
        _ => return None,
    })
}
