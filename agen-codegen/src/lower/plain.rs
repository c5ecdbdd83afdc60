//! Lowers schemas that have no type of their own: strings, numbers, arrays, maps.

use super::{
    reading::{is_any, is_text},
    schemas::{Context, Schemas},
};
use crate::{
    document::Node,
    value::{Value, json},
};

impl<'a> Schemas<'a> {
    /// A schema without a type name of its own.
    pub(super) fn plain(&mut self, node: &Node<'a>, context: Context<'_>) -> Value {
        match node.text("type") {
            Some("string") => match node.text("format") {
                Some(format @ ("date" | "date-time")) => {
                    json!({"type": "string", "format": format})
                }
                _ => json!({"type": "string"}),
            },
            Some("integer") => json!({"type": "integer", "format": integer(node)}),
            Some("number") => match node.text("format") {
                Some("float") => json!({"type": "number", "format": "float"}),
                _ => json!({"type": "number", "format": "double"}),
            },
            Some("boolean") => json!({"type": "boolean"}),
            Some("array") => self.array(node, context),
            None if node.value.get("items").is_some() => self.array(node, context),
            Some("object") => self.map(node, context),
            None if node.value.get("additionalProperties").is_some() => self.map(node, context),
            None if is_text(node) => json!({"type": "string"}),
            _ => json!({}),
        }
    }

    fn array(&mut self, node: &Node<'a>, context: Context<'_>) -> Value {
        let items = match node.get("items") {
            Some(items) => self.lower(&items, Context::Inside(&context, "Item")),
            None => json!({}),
        };
        json!({"type": "array", "items": items})
    }

    fn map(&mut self, node: &Node<'a>, context: Context<'_>) -> Value {
        match node
            .get("additionalProperties")
            .filter(|schema| schema.value.is_object() && !is_any(schema))
        {
            Some(schema) => {
                let values = self.lower(&schema, Context::Inside(&context, "Value"));
                json!({"type": "object", "additionalProperties": values})
            }
            None => json!({"type": "object"}),
        }
    }
}

/// The format of the type that an integer has: the one that the document names, `int64` where it names
/// none, and a wider one where a bound or an example would not fit. Beyond `u64` there is none.
fn integer(node: &Node<'_>) -> &'static str {
    const TYPES: [(&str, i128, i128); 5] = [
        ("int32", i32::MIN as i128, i32::MAX as i128),
        ("uint32", 0, u32::MAX as i128),
        ("int64", i64::MIN as i128, i64::MAX as i128),
        ("uint64", 0, u64::MAX as i128),
        ("int64", i128::MIN, i128::MAX),
    ];
    let said = ["minimum", "maximum", "example", "default"];
    let numbers = said.iter().filter_map(|key| node.value.get(key));
    let values = node.value.get("enum").and_then(Value::as_array);
    let numbers = numbers.chain(values.into_iter().flatten());
    let numbers: Vec<i128> = numbers.filter_map(whole).collect();
    let format = node.text("format").unwrap_or("int64");
    let named = TYPES.iter().find(|(name, ..)| *name == format);
    let wider = TYPES.iter().skip(2);
    let mut all = named.into_iter().chain(wider);
    let fits = |(_, least, most): &&(&str, i128, i128)| {
        numbers
            .iter()
            .all(|number| (least..=most).contains(&number))
    };
    all.find(fits).map_or("int64", |(name, ..)| name)
}

fn whole(value: &Value) -> Option<i128> {
    // JavaScript, which writes many documents, has no nearer numbers to the ends of `i64` and `u64`.
    if value.as_u64() == Some(9_223_372_036_854_776_000) {
        return Some(i64::MAX.into());
    }
    if value.as_f64() == Some(u64::MAX as f64) {
        return Some(u64::MAX.into());
    }
    let whole = value.as_i64().map(i128::from);
    let whole = whole.or_else(|| value.as_u64().map(i128::from));
    // A cast stops at the ends.
    whole.or_else(|| value.as_f64().map(|number| number as i128))
}
