//! The styles of OpenAPI (3.0.4 and 3.1.1, "Style Values"), which are expansions of URI templates
//! (RFC 6570) where that has them.
//!
//! What the specification leaves open is written so:
//!
//! | value | text |
//! |---|---|
//! | null, an empty array, an empty object | nothing: the parameter is not sent |
//! | an array or object inside of another, but for the next lines | its JSON text |
//! | an array that is a member of an exploded object of style `form` | the member's name once per item |
//! | inside of a `deepObject` | one more pair of brackets; an array numbers its items: `a[b][0]=x` |
//! | a `deepObject` that is an array | the same: `a[0]=x` |
//! | a scalar of a style that has no form for it | as in style `form` |
//! | several cookies of one parameter | `; ` between them, as a header has it, in place of `&` |

use serde::Serialize;
use serde_json::Value;

use super::{encode, encode_reserved, read};

/// How the value of a parameter is written. Generated code names it where it is not the usual one of
/// the place.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Style {
    /// `a,b`. In a path or a header.
    Simple { explode: bool },
    /// `.a,b`. In a path.
    Label { explode: bool },
    /// `;name=a,b`. In a path.
    Matrix { explode: bool },
    /// `name=a,b`, or exploded `name=a&name=b`. In a query, a form or a cookie.
    Form { explode: bool },
    /// `name=a&name=b`, and an object as JSON text. In a form.
    Field,
    /// `name=a%20b`.
    SpaceDelimited,
    /// `name=a%7Cb`.
    PipeDelimited,
    /// `name[a]=1&name[b]=2`, with the brackets percent-encoded.
    DeepObject,
    /// The value as JSON text: a parameter that is described by `content`.
    Json,
    /// A style whose values keep what they have of reserved characters, unless it would end the value,
    /// and of percent-encoded ones: `allowReserved`.
    Reserved(&'static Style),
}

/// The usual style of a query.
pub(in super::super) const FORM: Style = Style::Form { explode: true };
/// The usual style of a path and of a header.
pub(in super::super) const SIMPLE: Style = Style::Simple { explode: false };

/// Appends a parameter to a query or form, or with `; ` as `separator` to the value of the header `cookie`.
///
/// # Errors
/// When the value does not serialize, or an item of it holds the character that separates them and that has
/// no other form: nobody could tell the items apart.
pub(in super::super) fn append(
    target: &mut String,
    separator: &str,
    name: &str,
    style: Style,
    value: &impl Serialize,
) -> Result<(), String> {
    let value = match unreserved(style) {
        Style::Json => json(value)?,
        _ => read(value)?,
    };
    append_value(target, separator, name, style, &value)
}

/// [`append`] for a value that is JSON already.
pub(super) fn append_value(
    target: &mut String,
    separator: &str,
    name: &str,
    style: Style,
    value: &Value,
) -> Result<(), String> {
    let write = match style {
        Style::Reserved(_) => encode_reserved,
        _ => encode,
    };
    let mut put = |name: &str, text: &str| {
        if !target.is_empty() {
            target.push_str(separator);
        }
        target.extend([name, "=", text]);
    };
    let style = unreserved(style);
    let several = matches!(value, Value::Array(_) | Value::Object(_));
    if let Some(separator) = joint(style).filter(|_| several) {
        let parts = parts(value, false, &|text| joined(text, separator, write))?;
        if !parts.is_empty() {
            let (_, on_the_wire) = separator;
            put(&encode(name), &parts.join(on_the_wire));
        }
        return Ok(());
    }
    match (style, value) {
        (_, Value::Null) => {}
        (Style::DeepObject, Value::Array(_) | Value::Object(_)) => {
            deep(encode(name), value, &mut |name, text| {
                put(name, &write(text));
            });
        }
        (Style::Field | Style::Json, Value::Object(_)) | (Style::Json, Value::Array(_)) => {
            put(&encode(name), &write(&value.to_string()));
        }
        (_, Value::Object(members)) => {
            for (name, member) in members {
                let items = match member {
                    Value::Array(items) => items.as_slice(),
                    other => std::slice::from_ref(other),
                };
                for text in items.iter().filter_map(text) {
                    put(&encode(name), &write(&text));
                }
            }
        }
        (_, Value::Array(items)) => {
            for text in items.iter().filter_map(text) {
                put(&encode(name), &write(&text));
            }
        }
        (_, scalar) => put(&encode(name), &write(&text(scalar).unwrap_or_default())),
    }
    Ok(())
}

/// The text of a parameter in a path or a header. None where it is not sent: for null, and for an array or
/// object without anything in it.
///
/// # Errors
/// Like [`append`].
pub(in super::super) fn expand(
    name: &str,
    style: Style,
    value: &impl Serialize,
    write: fn(&str) -> String,
) -> Result<Option<String>, String> {
    let value = match style {
        Style::Json => json(value)?,
        _ => read(value)?,
    };
    let explode = matches!(
        style,
        Style::Simple { explode: true }
            | Style::Label { explode: true }
            | Style::Matrix { explode: true }
    );
    let several = matches!(value, Value::Array(_) | Value::Object(_));
    let dots = several && matches!(style, Style::Label { explode: true });
    let parts = parts(&value, explode, &|text| match dots {
        true => joined(text, ('.', "."), write),
        false => Ok(write(text)),
    })?;
    if parts.is_empty() {
        return Ok(None);
    }
    // RFC 6570, section 3.2.7: an empty value has no `=`.
    let matrix = |name: &str, text: &str| match text {
        "" => format!(";{name}"),
        text => format!(";{name}={text}"),
    };
    Ok(Some(match style {
        Style::Label { .. } if dots => format!(".{}", parts.join(".")),
        Style::Label { .. } => format!(".{}", parts.join(",")),
        Style::Matrix { .. } if explode && value.is_object() => {
            let member = |part: &String| match part.split_once('=') {
                Some((name, text)) => matrix(name, text),
                None => matrix(part, ""),
            };
            parts.iter().map(member).collect()
        }
        Style::Matrix { .. } if explode => {
            let name = write(name);
            parts.iter().map(|text| matrix(&name, text)).collect()
        }
        Style::Matrix { .. } => matrix(&write(name), &parts.join(",")),
        _ => parts.join(","),
    }))
}

fn unreserved(style: Style) -> Style {
    match style {
        Style::Reserved(style) => *style,
        style => style,
    }
}

/// What stands between the values of a style that joins them: as a character, and on the wire.
fn joint(style: Style) -> Option<(char, &'static str)> {
    match style {
        Style::Form { explode: false } => Some((',', ",")),
        Style::SpaceDelimited => Some((' ', "%20")),
        Style::PipeDelimited => Some(('|', "%7C")),
        _ => None,
    }
}

/// A value that is to stand beside others with `separator` between them.
fn joined(
    text: &str,
    (separator, on_the_wire): (char, &str),
    write: fn(&str) -> String,
) -> Result<String, String> {
    if separator == ',' {
        // Also where reserved characters stay as they are.
        return Ok(write(text).replace(',', "%2C"));
    }
    if text.contains(separator) {
        return Err(format!(
            "holds `{separator}` in a value, which separates the values of this parameter and is written \
             `{on_the_wire}` in any case"
        ));
    }
    Ok(write(text))
}

/// The texts that a value consists of: the items of an array, and the members of an object, each as
/// `name=value` where they are exploded and otherwise in two.
fn parts(
    value: &Value,
    explode: bool,
    write: &dyn Fn(&str) -> Result<String, String>,
) -> Result<Vec<String>, String> {
    match value {
        Value::Array(items) => items
            .iter()
            .filter_map(text)
            .map(|text| write(&text))
            .collect(),
        Value::Object(members) => {
            let mut parts = Vec::with_capacity(members.len() * 2);
            for (name, member) in members {
                let Some(text) = text(member) else { continue };
                let (name, text) = (write(name)?, write(&text)?);
                if explode {
                    parts.push(format!("{name}={text}"));
                } else {
                    parts.extend([name, text]);
                }
            }
            Ok(parts)
        }
        scalar => text(scalar).map(|text| write(&text)).into_iter().collect(),
    }
}

/// Each scalar inside of a value, under the name of the parameter with the way to it in brackets.
fn deep(name: String, value: &Value, put: &mut dyn FnMut(&str, &str)) {
    let inner = |key: &str| format!("{name}%5B{}%5D", encode(key));
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                deep(inner(&index.to_string()), item, put);
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                deep(inner(key), member, put);
            }
        }
        scalar => {
            if let Some(text) = text(scalar) {
                put(&name, &text);
            }
        }
    }
}

/// A value in one text: JSON where it is no scalar, and none where it is null.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        value => Some(value.to_string()),
    }
}

/// The JSON text of a value, as a string; null for null.
fn json(value: &impl Serialize) -> Result<Value, String> {
    match serde_json::to_string(value) {
        Ok(text) if text == "null" => Ok(Value::Null),
        Ok(text) => Ok(Value::String(text)),
        Err(error) => Err(format!("does not serialize: {error}")),
    }
}
