//! Values of parameters and of forms as text: percent-encoding, and the styles of OpenAPI.

mod style;
#[cfg(test)]
mod tests;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::Value;

pub(crate) use style::Style;
pub(super) use style::{FORM, SIMPLE, append as append_styled, expand};

/// Everything but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What must be encoded also where reserved characters may stand as they are: what a query cannot hold, and
/// what would end a value, or be read as a space.
const UNSAFE: &AsciiSet = &RESERVED
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';');

/// `text` with every character encoded that could mean something in a path, a query or a form.
pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// `text` with its reserved characters as they are, as far as a query can hold them, and what is
/// percent-encoded already.
fn encode_reserved(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.extend(utf8_percent_encode(before, UNSAFE));
        let is_encoded = after.len() >= 2 && after.bytes().take(2).all(|b| b.is_ascii_hexdigit());
        out.push_str(if is_encoded { "%" } else { "%25" });
        rest = after;
    }
    out.extend(utf8_percent_encode(rest, UNSAFE));
    out
}

/// A value as the styles read it: a number or a boolean is the text that it serializes to.
///
/// # Errors
/// When it does not serialize.
fn read(value: &impl Serialize) -> Result<Value, String> {
    // By way of the text, since the number of an `f32` is longer once it is an `f64`.
    let unfit = |error| format!("does not serialize: {error}");
    let text = serde_json::to_string(value).map_err(unfit)?;
    // Most values end here, without being read back.
    match text.as_bytes() {
        b"null" => Ok(Value::Null),
        [b'-' | b'0'..=b'9' | b't' | b'f', ..] => Ok(Value::String(text)),
        _ => serde_json::from_str(&text).map_err(unfit),
    }
}

/// Appends `name=text` to a query or form.
pub(super) fn append(target: &mut String, name: &str, text: &str) {
    if !target.is_empty() {
        target.push('&');
    }
    target.extend([&encode(name), "=", &encode(text)]);
}

/// A body of type `application/x-www-form-urlencoded`: each member of `body` is a field. An array repeats the
/// name, and an object is JSON text (OpenAPI 3.0.4, "Encoding the `x-www-form-urlencoded` Media Type"). None
/// for null.
///
/// # Errors
/// When `body` is no object.
pub(super) fn form_body(body: &impl Serialize) -> Result<Option<String>, String> {
    form_body_styled(body, &[])
}

/// [`form_body`] with fields of another style.
///
/// # Errors
/// When `body` is no object, or like [`append_styled`].
pub(super) fn form_body_styled(
    body: &impl Serialize,
    styles: &[(&str, Style)],
) -> Result<Option<String>, String> {
    // By way of the text, as in `read`.
    let text = serde_json::to_string(body).and_then(|text| serde_json::from_str(&text));
    let members = match text {
        Ok(Value::Object(members)) => members,
        Ok(Value::Null) => return Ok(None),
        Ok(_) => return Err("is not an object".to_owned()),
        Err(error) => return Err(format!("does not serialize: {error}")),
    };
    let mut form = String::new();
    for (name, member) in members {
        let styled = styles.iter().find(|(styled, _)| *styled == name);
        let style = styled.map_or(Style::Field, |(_, style)| *style);
        style::append_value(&mut form, "&", &name, style, &member)
            .map_err(|problem| format!("{problem}, in `{name}`"))?;
    }
    Ok(Some(form))
}
