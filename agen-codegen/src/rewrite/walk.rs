//! A walk over everything in a document that the specification gives a shape. What an example, a default
//! or an extension holds is the author's, and is not gone into.

use crate::{
    document::{Document, push_segment},
    lint::{Kind, Shape, field},
    value::{Map, Value},
};

/// How a value stands in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// It is the value of the field.
    Member,
    /// It stands under a key of the author's choice.
    Entry,
    /// It is an element of a list.
    Element,
}

/// The field in which a value stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'a> {
    /// The object that has the field.
    pub(super) kind: Kind,
    /// Its key; the one of a path, a status or an expression where those are the keys.
    pub(super) key: &'a str,
    pub(super) position: Position,
}

/// A value that has a shape.
#[derive(Clone, Copy)]
pub(super) struct Spot<'w, 'a> {
    pub(super) pointer: &'w str,
    pub(super) value: &'a Value,
    pub(super) shape: Shape,
    pub(super) site: Site<'a>,
    /// The field in which the object stands that has the field.
    pub(super) outer: Site<'a>,
    /// That object.
    pub(super) object: Option<&'a Map>,
}

impl Spot<'_, '_> {
    /// The pointer of a member.
    pub(super) fn inner(&self, key: &str) -> String {
        inner(self.pointer, key)
    }

    /// The pointer of the value above.
    pub(super) fn above(&self) -> &str {
        above(self.pointer)
    }
}

/// The pointer of a member of the value at a pointer.
pub(super) fn inner(pointer: &str, key: &str) -> String {
    let mut inner = pointer.to_owned();
    push_segment(&mut inner, key);
    inner
}

/// The pointer of the value that the one at a pointer stands in.
pub(super) fn above(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(above, _)| above)
}

/// Shows every value that has a shape, what is in it before itself.
pub(super) fn walk<'a>(document: &'a Document, take: &mut dyn FnMut(&Spot<'_, 'a>)) {
    let site = Site {
        kind: Kind::Root,
        key: "",
        position: Position::Member,
    };
    let mut walk = Walk {
        pointer: String::new(),
        take,
    };
    let root = document.root().value;
    walk.value(root, Shape::Object(Kind::Root), site, site, None);
}

struct Walk<'t, 'a> {
    pointer: String,
    take: &'t mut dyn FnMut(&Spot<'_, 'a>),
}

impl<'a> Walk<'_, 'a> {
    fn value(
        &mut self,
        value: &'a Value,
        shape: Shape,
        site: Site<'a>,
        outer: Site<'a>,
        object: Option<&'a Map>,
    ) {
        let at = |position| Site { position, ..site };
        match (shape, value) {
            (
                Shape::Object(kind) | Shape::Ref(kind) | Shape::FlagOr(kind),
                Value::Object(members),
            ) => self.object(members, kind, shape, site),
            (Shape::List(shape), Value::Array(list)) => {
                self.list(list, *shape, at(Position::Element), outer, object);
            }
            // The older way to say which item stands where.
            (Shape::Ref(Kind::Schema), Value::Array(list)) => {
                self.list(list, shape, at(Position::Element), outer, object);
            }
            // Where one stands for a list of one.
            (Shape::List(shape), Value::Object(_)) => {
                self.value(value, *shape, at(Position::Element), outer, object);
            }
            (Shape::Map(shape), Value::Object(members)) => {
                for (key, value) in members {
                    self.below(key, |walk| {
                        walk.value(value, *shape, at(Position::Entry), outer, object);
                    });
                }
            }
            _ => {}
        }
        (self.take)(&Spot {
            pointer: &self.pointer,
            value,
            shape,
            site,
            outer,
            object,
        });
    }

    fn list(
        &mut self,
        list: &'a [Value],
        shape: Shape,
        site: Site<'a>,
        outer: Site<'a>,
        object: Option<&'a Map>,
    ) {
        for (index, value) in list.iter().enumerate() {
            self.below(&index.to_string(), |walk| {
                walk.value(value, shape, site, outer, object);
            });
        }
    }

    fn object(&mut self, members: &'a Map, kind: Kind, shape: Shape, outer: Site<'a>) {
        // What stands beside a reference to a schema can be a schema too.
        let is_reference = members.contains_key("$ref") && kind != Kind::Schema;
        if is_reference && matches!(shape, Shape::Ref(_)) {
            return;
        }
        for (key, value) in members {
            let field = field(kind, key);
            let (shape, position) = match (field, kind) {
                (Some(field), _) => (field.shape, Position::Member),
                (None, _) if key.starts_with("x-") => continue,
                (None, Kind::Paths | Kind::Callback) => {
                    (Shape::Object(Kind::PathItem), Position::Entry)
                }
                (None, Kind::Responses) => (Shape::Ref(Kind::Response), Position::Entry),
                _ => continue,
            };
            let site = Site {
                kind,
                key,
                position,
            };
            self.below(key, |walk| {
                walk.value(value, shape, site, outer, Some(members))
            });
        }
    }

    fn below(&mut self, key: &str, walk: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        push_segment(&mut self.pointer, key);
        walk(self);
        self.pointer.truncate(length);
    }
}
