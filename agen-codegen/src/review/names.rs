//! How messages call the things that are compared.

use crate::{
    diagnostic::{printable, quote},
    document::{Document, Node, unescape},
    value::Value,
};

/// A value as a message shows it.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::String(text) => quote(text),
        other => quote(&other.to_string()),
    }
}

/// The text of a member, or its default, as a message shows it.
pub(super) fn text(node: &Node<'_>, key: &str, default: &str) -> String {
    quote(node.text(key).unwrap_or(default))
}

/// An operation, in one line that is fit for a terminal.
pub(super) fn operation(method: &str, path: &str) -> String {
    const LONGEST: usize = 120;
    let title = printable(&format!("{} {path}", method.to_uppercase()));
    if title.chars().nth(LONGEST).is_none() {
        return title;
    }
    let mut cut: String = title.chars().take(LONGEST).collect();
    cut.push('…');
    cut
}

/// A schema by the name of its component or parameter, and the way from there: `Note.tags[]`. Empty
/// for one that has no name, such as the body of a request that is written where it is used.
pub(super) fn schema(document: &Document, pointer: &str) -> String {
    let (owner, below) = owner(pointer);
    let mut name = match owner {
        Owner::Component(name) => unescape(name).into_owned(),
        Owner::Holder(holder) => parameter(document, holder).unwrap_or_default(),
    };
    let mut segments = below.split('/').skip(1);
    while let Some(segment) = segments.next() {
        match segment {
            "properties" => {
                if !name.is_empty() {
                    name.push('.');
                }
                name.push_str(&unescape(segments.next().unwrap_or_default()));
            }
            "items" => name.push_str("[]"),
            "additionalProperties" => name.push_str("{}"),
            "oneOf" | "anyOf" => {
                let index = segments
                    .next()
                    .and_then(|index| index.parse::<usize>().ok());
                name.push_str(&format!("<{}>", index.unwrap_or_default() + 1));
            }
            _ => {}
        }
    }
    name
}

/// The schema of the head by its name, with that of the base where another component has taken its place.
pub(super) fn pair(
    documents: [&Document; 2],
    pointers: [&str; 2],
    name: impl Fn(String) -> String,
) -> String {
    let [base, head] = [0, 1].map(|side| schema(documents[side], pointers[side]));
    let swapped = match pointers.map(|pointer| owner(pointer).0) {
        [Owner::Component(old), Owner::Component(new)] => old != new,
        _ => false,
    };
    let head = name(head);
    if swapped {
        format!("{head} in the place of {}", name(base))
    } else {
        head
    }
}

/// The name of a parameter or a header.
fn parameter(document: &Document, pointer: &str) -> Option<String> {
    let node = document.at(pointer)?;
    if let Some(name) = node.text("name") {
        return Some(name.to_owned());
    }
    let (above, name) = pointer.rsplit_once('/')?;
    above
        .ends_with("/headers")
        .then(|| unescape(name).into_owned())
}

enum Owner<'p> {
    /// The key of a schema in `components`.
    Component(&'p str),
    /// The pointer of what holds the outermost schema.
    Holder(&'p str),
}

/// What a schema belongs to, and the pointer from there.
fn owner(pointer: &str) -> (Owner<'_>, &str) {
    if let Some(below) = pointer.strip_prefix("/components/schemas/") {
        let end = below.find('/').unwrap_or(below.len());
        let (name, below) = below.split_at(end);
        return (Owner::Component(name), below);
    }
    let schema = pointer.match_indices("/schema").find(|(at, key)| {
        let rest = pointer.get(at + key.len()..).unwrap_or_default();
        rest.is_empty() || rest.starts_with('/')
    });
    let (holder, below) = match schema {
        Some((at, _)) => pointer.split_at(at),
        None => (pointer, ""),
    };
    (Owner::Holder(holder), below)
}
