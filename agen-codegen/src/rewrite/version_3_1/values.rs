//! What 3.1 says of one value: constants, examples, bounds, and how its text is encoded.

use super::{Schema, Work, types::kind_of};
use crate::{
    media_type,
    rewrite::Edit,
    value::{Value, json},
};

impl<'d> Work<'d> {
    /// A constant becomes an `enum` of one value.
    pub(super) fn constant(&mut self, schema: &Schema<'_, 'd>) {
        let Some(value) = schema.object.get("const") else {
            return;
        };
        let pointer = schema.spot.pointer;
        self.edits.push(Edit::Remove(schema.inner("const")));
        let listed = schema.object.get("type").is_some_and(Value::is_array);
        let scalar = kind_of(value).filter(|kind| !matches!(*kind, "array" | "object"));
        if let Some(kind) = scalar.filter(|_| listed || !schema.has("type")) {
            self.set(pointer, "type", json!(kind));
        }
        // A list or an object that is given whole has a type all the same.
        if scalar.is_some() || value.is_null() {
            self.set(pointer, "enum", json!([value]));
        }
        self.report.kind(
            "const",
            pointer,
            "a constant is read as an `enum` of one value",
        );
    }

    /// The first of several examples is shown.
    pub(super) fn examples(&mut self, schema: &Schema<'_, 'd>) {
        let Some(Value::Array(examples)) = schema.object.get("examples") else {
            return;
        };
        if !examples.is_empty() && !schema.has("example") {
            let first = format!("{}/examples/0", schema.spot.pointer);
            self.edits.push(Edit::Move(first, schema.inner("example")));
        }
        self.edits.push(Edit::Remove(schema.inner("examples")));
        self.report.kind(
            "schema-examples",
            schema.spot.pointer,
            "of the `examples` of a schema the first is shown",
        );
    }

    /// A bound that is a number, and not itself among the values, becomes a bound and a flag. The
    /// tighter of two stays.
    pub(super) fn bounds(&mut self, schema: &Schema<'_, 'd>) {
        let pointer = schema.spot.pointer;
        for (exclusive, inclusive, sign) in [
            ("exclusiveMinimum", "minimum", 1.0),
            ("exclusiveMaximum", "maximum", -1.0),
        ] {
            let Some(bound @ Value::Number(number)) = schema.object.get(exclusive) else {
                continue;
            };
            let other = schema.object.get(inclusive).and_then(Value::as_f64);
            let is_tighter = other
                .zip(number.as_f64())
                .is_none_or(|(other, own)| own * sign >= other * sign);
            if is_tighter {
                self.set(pointer, inclusive, bound.clone());
                self.set(pointer, exclusive, json!(true));
            } else {
                self.edits.push(Edit::Remove(schema.inner(exclusive)));
            }
            self.report.kind(
                "exclusive-bound",
                &schema.inner(exclusive),
                "a number that bounds and is excluded is read as a bound with a flag",
            );
        }
    }

    /// Text that stands for bytes, and bytes.
    pub(super) fn content(&mut self, schema: &Schema<'_, 'd>) {
        let text = |key| schema.object.get(key).and_then(Value::as_str);
        let encoding = text("contentEncoding").map(str::to_ascii_lowercase);
        let format = match (encoding.as_deref(), text("contentMediaType")) {
            (Some("base64" | "base64url"), _) => "byte",
            (Some("binary"), _) => "binary",
            // Another encoding is a text, and so is what is a text without one.
            (None, Some(kind)) if !is_text(kind) => "binary",
            _ => return,
        };
        let pointer = schema.spot.pointer;
        let is_string = match schema.object.get("type") {
            None => true,
            Some(Value::String(word)) => word == "string",
            Some(Value::Array(words)) => {
                words.contains(&json!("string"))
                    && words.iter().filter(|word| *word != "null").count() == 1
            }
            Some(_) => false,
        };
        if !is_string || schema.has("$ref") {
            return;
        }
        if !schema.has("type") {
            self.set(pointer, "type", json!("string"));
        }
        if !schema.has("format") {
            self.set(pointer, "format", json!(format));
        }
        self.report.kind(
            "content-encoding",
            pointer,
            format!("how a text is encoded is read as `format: {format}`"),
        );
    }
}

/// Whether a media type is that of a text that JSON can hold as it is.
fn is_text(media: &str) -> bool {
    let essence = media_type::essence(media);
    essence.starts_with("text/")
        || media_type::is_json(media)
        || ["xml", "yaml", "javascript", "graphql", "jwt", "sql"]
            .iter()
            .any(|end| essence.ends_with(end))
}
