//! Arrays: without a word on their items, and with a schema for each place.

use std::collections::HashSet;

use super::{Schema, Work, short};
use crate::{
    rewrite::{Edit, walk::inner},
    value::{Value, json},
};

impl<'d> Work<'d> {
    pub(super) fn items(&mut self, schema: &Schema<'_, 'd>) {
        let object = schema.object;
        let places = match (object.get("prefixItems"), object.get("items")) {
            (Some(Value::Array(places)), _) => ("prefixItems", places.as_slice()),
            (_, Some(Value::Array(places))) => ("items", places.as_slice()),
            _ => return self.missing_items(schema),
        };
        match places {
            (key, []) => {
                self.edits.push(Edit::Remove(schema.inner(key)));
                self.missing_items(schema);
            }
            (key, places) => self.tuple(schema, key, places),
        }
    }

    /// Of an array without `items` nothing is known of what is in it.
    fn missing_items(&mut self, schema: &Schema<'_, 'd>) {
        let is_array = match schema.object.get("type") {
            Some(Value::String(word)) => word == "array",
            Some(Value::Array(words)) => {
                let mut words = words.iter().filter(|word| *word != "null");
                words.next() == Some(&json!("array")) && words.next().is_none()
            }
            _ => false,
        };
        let has_items = matches!(schema.object.get("items"), Some(items) if !items.is_array());
        if !is_array || has_items {
            return;
        }
        if matches!(
            schema.object.get("unevaluatedItems"),
            Some(Value::Object(_))
        ) {
            self.edits.push(Edit::Move(
                schema.inner("unevaluatedItems"),
                schema.inner("items"),
            ));
            return;
        }
        self.set(schema.spot.pointer, "items", json!({}));
        self.report.kind(
            "items-missing",
            schema.spot.pointer,
            "an array has no `items`: they can be anything",
        );
    }

    /// A tuple becomes a list of what its places hold.
    fn tuple(&mut self, schema: &Schema<'_, 'd>, key: &'static str, places: &[Value]) {
        let pointer = schema.spot.pointer;
        let rest = schema.object.get("items");
        let rest = rest.filter(|rest| rest.is_object());
        let mut seen = HashSet::new();
        let mut distinct: Vec<usize> = (0..places.len()).collect();
        distinct.retain(|place| {
            let place = places.get(*place).and_then(short);
            place.is_none_or(|place| seen.insert(place))
        });
        let from = |place: usize| inner(&schema.inner("prefixItems"), &place.to_string());
        let items = schema.inner("items");
        if key == "items" {
            // They make way for the schema of all items.
            let places = schema.inner("prefixItems");
            self.edits.push(Edit::Move(items.clone(), places));
        }
        let text = match (distinct.as_slice(), rest) {
            ([_], None) => {
                self.edits.push(Edit::Move(from(0), items));
                "a tuple is read as a list of any length"
            }
            ([_], Some(rest)) if short(rest).is_some_and(|rest| seen.contains(&rest)) => {
                "a tuple is read as a list of any length"
            }
            (_, Some(_)) => {
                self.set(pointer, "items", json!({}));
                "a tuple is read as a list of anything"
            }
            (distinct, None) => {
                let variants = vec![Value::Null; distinct.len()];
                self.set(pointer, "items", json!({"anyOf": variants}));
                let variants = inner(&items, "anyOf");
                for (index, place) in distinct.iter().enumerate() {
                    let variant = inner(&variants, &index.to_string());
                    self.edits.push(Edit::Move(from(*place), variant));
                }
                "a tuple is read as a list of the union of what its places hold"
            }
        };
        self.edits.push(Edit::Remove(schema.inner("prefixItems")));
        if !schema.has("type") {
            self.set(pointer, "type", json!("array"));
        }
        self.report.place("tuple", &schema.inner(key), text);
    }
}
