//! Slips in the structure of a document by which nothing is lost: null in place of nothing, a value that
//! can be read as what is due, something small that is missing. What leaves the meaning in doubt stays,
//! for lint to refuse.

mod missing;
mod rules;
mod values;

use super::{
    Edit, Lowering,
    report::Report,
    walk::{Position, Spot, above, inner, walk},
};
use crate::{
    diagnostic::quote,
    lint::{Kind, Reading, Shape, field, is_status},
    value::{Value, json},
};

use missing::empty;
pub(super) use rules::TABLE;

struct Work<'d> {
    edits: Vec<Edit>,
    /// What is for an object above the one where it was found.
    late: Vec<Edit>,
    report: Report<'d>,
}

pub(super) fn rewrite(reading: &Reading<'_>, done: &mut Vec<Lowering>) -> Vec<Edit> {
    let document = reading.document;
    let mut work = Work {
        edits: Vec::new(),
        late: Vec::new(),
        report: Report::new(document),
    };
    walk(document, &mut |spot| work.spot(spot));
    work.report.finish(done);
    work.edits.append(&mut work.late);
    work.edits
}

impl Work<'_> {
    fn spot(&mut self, spot: &Spot<'_, '_>) {
        if spot.site.kind == Kind::Responses && spot.site.position == Position::Entry {
            self.status(spot);
        }
        if let (
            Shape::Object(kind) | Shape::Ref(kind) | Shape::FlagOr(kind),
            Value::Object(object),
        ) = (spot.shape, spot.value)
        {
            if !object.contains_key("$ref") {
                self.missing(spot, kind, object);
            }
        } else if spot.value.is_null() {
            self.null(spot);
        } else if !fits(spot) {
            self.wrong(spot);
        }
    }

    /// Null stands for nothing.
    fn null(&mut self, spot: &Spot<'_, '_>) {
        if matches!(spot.shape, Shape::Any) {
            return;
        }
        let (text, edit) = match (spot.site.position, spot.shape) {
            (Position::Member, _) => {
                if is_required(spot) {
                    return self.default(spot);
                }
                let text = format!("{} is null: it is left out", name(spot));
                (text, Edit::Remove(spot.pointer.to_owned()))
            }
            // A list of words is looked at as a whole.
            (Position::Element, Shape::Text | Shape::Any) => return,
            (Position::Element, Shape::Ref(Kind::Schema)) => {
                let text = "a schema in a list is null: it is read as the type `null`".to_owned();
                let schema = json!({"enum": [null]});
                (text, Edit::Replace(spot.pointer.to_owned(), schema))
            }
            (Position::Element, _) => return,
            (Position::Entry, shape) => {
                let empty = match shape {
                    Shape::Object(kind) | Shape::Ref(kind) | Shape::FlagOr(kind) => empty(kind),
                    Shape::Map(_) => json!({}),
                    Shape::List(_) => json!([]),
                    Shape::Text => json!(""),
                    _ => return,
                };
                let text = format!("a member of {} is null: it is read as empty", name(spot));
                (text, Edit::Replace(spot.pointer.to_owned(), empty))
            }
        };
        self.report.kind("structure-null", spot.pointer, text);
        self.edits.push(edit);
    }

    /// A key of `responses` that is no status.
    fn status(&mut self, spot: &Spot<'_, '_>) {
        let key = spot.site.key;
        if is_status(key) {
            return;
        }
        let trimmed = key.trim();
        let others = spot.object;
        let meant = [trimmed.to_uppercase(), trimmed.to_lowercase()]
            .into_iter()
            .find(|key| is_status(key))
            .filter(|meant| others.is_some_and(|others| !others.contains_key(meant)));
        let from = spot.pointer.to_owned();
        let (text, edit) = match meant {
            Some(meant) => (
                format!("{} is read as the status `{meant}`", quote(key)),
                Edit::Move(from, inner(spot.above(), &meant)),
            ),
            None => (
                format!("{} is no status: the response is left out", quote(key)),
                Edit::Remove(from),
            ),
        };
        self.late.push(edit);
        self.report.place("response-status", spot.pointer, text);
    }

    fn replace(&mut self, spot: &Spot<'_, '_>, value: Value) {
        self.edits
            .push(Edit::Replace(spot.pointer.to_owned(), value));
    }

    /// What is read as something else, told once for each field.
    fn tell(&mut self, spot: &Spot<'_, '_>, what: &str) {
        let name = name(spot);
        let text = match spot.site.position {
            Position::Member => format!("{name} is {what}"),
            Position::Entry => format!("a member of {name} is {what}"),
            Position::Element => format!("an element of {name} is {what}"),
        };
        self.report.kind("structure-type", spot.pointer, text);
    }
}

/// The field of a value, without words of the author.
fn name(spot: &Spot<'_, '_>) -> String {
    let site = spot.site;
    match (site.kind, field(site.kind, site.key).is_some()) {
        (Kind::Root, _) if site.key.is_empty() => "the document".to_owned(),
        (kind, true) => format!("`{}` of {}", site.key, kind.any()),
        (kind, false) => kind.any(),
    }
}

fn is_required(spot: &Spot<'_, '_>) -> bool {
    field(spot.site.kind, spot.site.key).is_some_and(|field| field.required)
}

/// Whether a value has its shape, or one that a schema of 3.1 has there. What is in it has been looked
/// at before.
fn fits(spot: &Spot<'_, '_>) -> bool {
    let value = spot.value;
    let key = spot.site.key;
    match spot.shape {
        Shape::Any => true,
        Shape::Text => value.is_string(),
        Shape::Flag => {
            value.is_boolean()
                || matches!(key, "exclusiveMinimum" | "exclusiveMaximum") && value.is_number()
        }
        Shape::Number => value.is_number(),
        Shape::Count => value.as_u64().is_some(),
        Shape::Choice(words) => match value {
            Value::String(word) => {
                words.contains(&&**word) || (spot.site.kind, &**word) == (Kind::Schema, "null")
            }
            Value::Array(_) => spot.site.kind == Kind::Schema,
            _ => false,
        },
        Shape::Object(_) => false,
        Shape::Ref(Kind::Schema) => value.is_boolean() || value.is_array() && key == "items",
        Shape::Ref(_) => false,
        Shape::FlagOr(_) => value.is_boolean(),
        // Words are looked at where their list is.
        Shape::List(Shape::Text) => match value {
            Value::Array(words) => words.iter().all(Value::is_string),
            _ => false,
        },
        Shape::List(_) => value.is_array(),
        Shape::Map(_) => value.is_object(),
    }
}

/// The pointer of the schema whose property the object at a pointer is.
fn owner_of_property(pointer: &str) -> String {
    above(above(pointer)).to_owned()
}
