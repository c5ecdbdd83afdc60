//! What a schema comes to, once references, `allOf` and unions are looked through.

use super::{
    merge::{Merged, agree, kind},
    reading::{is_text, is_union, only_part, only_variant, says, string_values},
    unions::choices,
};
use crate::document::Node;

/// What a schema comes to. `lower` makes types of it, and `rewrite` reports it where something is lost.
pub(crate) enum Form<'a> {
    /// The same as another schema, but for what is no matter of its type.
    Same(Node<'a>),
    /// A string with these values.
    Enum(Vec<String>),
    /// A union; the properties are those that each of its variants has as well.
    Union(Merged<'a>),
    /// An object with properties.
    Object(Merged<'a>),
    /// What its own `type` says.
    Plain,
    /// Nothing that Rust has a type for: the JSON that comes.
    Anything,
}

/// What a schema that is no reference comes to.
pub(crate) fn form<'a>(node: &Node<'a>) -> Form<'a> {
    if is_text(node) {
        return Form::Plain;
    }
    if let Some(values) = string_values(node) {
        return Form::Enum(values);
    }
    if let Some(only) = only_part(node) {
        return Form::Same(only);
    }
    let parts = says(node, "allOf");
    if !parts && !says(node, "properties") {
        if let Some(only) = only_variant(node) {
            return Form::Same(only);
        }
        if !is_union(node) {
            return Form::Plain;
        }
    }
    let merged = Merged::of(node);
    if !merged.others.is_empty() {
        return one_of_the_same(node, &merged);
    }
    if !merged.unions.is_empty() {
        return if choices(&merged).is_some() {
            Form::Union(merged)
        } else {
            Form::Anything
        };
    }
    if !merged.properties.is_empty() {
        return Form::Object(merged);
    }
    match merged.additional.or(merged.object) {
        Some(object) if object.pointer != node.pointer && parts => Form::Same(object),
        _ => Form::Plain,
    }
}

/// What parts come to that are no objects: the one that says most, where all have one type.
fn one_of_the_same<'a>(node: &Node<'a>, merged: &Merged<'a>) -> Form<'a> {
    let mut kinds = merged.others.iter().map(kind);
    let Some(first) = kinds.next().flatten() else {
        return Form::Anything;
    };
    let same = kinds.all(|kind| kind.is_some_and(|kind| agree(first, kind)));
    if !same || merged.object.is_some() || !merged.unions.is_empty() {
        return Form::Anything;
    }
    let rank = |node: &&Node<'a>| {
        let found = node.resolve();
        let says = |key| found.as_ref().is_some_and(|found| says(found, key));
        let whole = kind(node) == Some("integer");
        let reference = node.text("$ref").is_some();
        (
            whole,
            says("enum"),
            says("items"),
            reference,
            says("format"),
        )
    };
    match merged.others.iter().max_by_key(rank) {
        Some(best) if best.pointer != node.pointer => Form::Same(best.clone()),
        _ => Form::Plain,
    }
}
