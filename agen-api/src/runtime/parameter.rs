//! Values of parameters as text: the default styles of OpenAPI, and percent-encoding.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::Value;

/// Everything but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// `text` with every character encoded that could mean something in a path, a query or a form.
pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// The value of a parameter, by what OpenAPI makes of it.
pub(super) enum Parameter {
    /// Null: the parameter is not sent.
    Absent,
    Scalar(String),
    List(Vec<String>),
    /// Each member is a parameter of its own.
    Members(Vec<(String, String)>),
}

impl Parameter {
    /// # Errors
    /// When the value does not serialize, or holds an array or object inside an array or object.
    pub(super) fn new(value: &impl Serialize) -> Result<Self, String> {
        // By way of the text, since the number of an `f32` is longer once it is an `f64`.
        let unfit = |error| format!("does not serialize: {error}");
        let text = serde_json::to_string(value).map_err(unfit)?;
        // Most values end here, without being read back.
        match text.as_bytes() {
            b"null" => return Ok(Self::Absent),
            [b'-' | b'0'..=b'9' | b't' | b'f', ..] => return Ok(Self::Scalar(text)),
            _ => {}
        }
        let value = serde_json::from_str(&text).map_err(unfit)?;
        Ok(match value {
            Value::Null => Self::Absent,
            Value::Array(items) => Self::List(
                items
                    .into_iter()
                    .map(scalar)
                    .filter_map(Result::transpose)
                    .collect::<Result<_, _>>()?,
            ),
            Value::Object(members) => {
                let mut pairs = Vec::with_capacity(members.len());
                for (name, member) in members {
                    if let Some(text) = scalar(member)? {
                        pairs.push((name, text));
                    }
                }
                Self::Members(pairs)
            }
            value => Self::Scalar(scalar(value)?.unwrap_or_default()),
        })
    }
}

/// The text of a scalar; none for null.
fn scalar(value: Value) -> Result<Option<String>, String> {
    match value {
        Value::Null => Ok(None),
        Value::Bool(value) => Ok(Some(value.to_string())),
        Value::Number(value) => Ok(Some(value.to_string())),
        Value::String(value) => Ok(Some(value)),
        Value::Array(_) | Value::Object(_) => {
            Err("nests an array or object in another, which has no text form here".to_owned())
        }
    }
}

/// A parameter of style `form`, exploded, as it stands in a query or in a form body: an array repeats the
/// name, an object gives each member under its own name. Appends to `target`.
///
/// # Errors
/// Like [`Parameter::new`].
pub(super) fn append_form(
    target: &mut String,
    name: &str,
    value: &impl Serialize,
) -> Result<(), String> {
    let mut append = |name: &str, text: &str| append(target, name, text);
    match Parameter::new(value)? {
        Parameter::Absent => {}
        Parameter::Scalar(text) => append(name, &text),
        Parameter::List(items) => items.iter().for_each(|item| append(name, item)),
        Parameter::Members(members) => members.iter().for_each(|(name, text)| append(name, text)),
    }
    Ok(())
}

/// Appends `name=text` to a query or form.
pub(super) fn append(target: &mut String, name: &str, text: &str) {
    if !target.is_empty() {
        target.push('&');
    }
    target.extend([&encode(name), "=", &encode(text)]);
}

/// A body of type `application/x-www-form-urlencoded`: each member of `body` is a field. None for null.
///
/// # Errors
/// When `body` is no object, or a member is not a scalar or an array of scalars.
pub(super) fn form_body(body: &impl Serialize) -> Result<Option<String>, String> {
    // By way of the text, as in `Parameter::new`.
    let text = serde_json::to_string(body).and_then(|text| serde_json::from_str(&text));
    let members = match text {
        Ok(Value::Object(members)) => members,
        Ok(Value::Null) => return Ok(None),
        Ok(_) => return Err("is not an object".to_owned()),
        Err(error) => return Err(format!("does not serialize: {error}")),
    };
    let mut form = String::new();
    for (name, member) in members {
        if member.is_object() {
            return Err(format!(
                "nests an object in `{name}`, which has no text form here"
            ));
        }
        append_form(&mut form, &name, &member)?;
    }
    Ok(Some(form))
}

/// A parameter of style `simple`, as it stands in a path or a header: an array is joined by commas. None for
/// null.
///
/// # Errors
/// When the value does not serialize, is an object, or nests.
pub(super) fn simple(
    value: &impl Serialize,
    write: impl Fn(&str) -> String,
) -> Result<Option<String>, String> {
    match Parameter::new(value)? {
        Parameter::Absent => Ok(None),
        Parameter::Scalar(text) => Ok(Some(write(&text))),
        Parameter::List(items) => Ok(Some(
            items
                .iter()
                .map(|item| write(item))
                .collect::<Vec<_>>()
                .join(","),
        )),
        Parameter::Members(_) => Err("is an object, which has no text form here".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn query(value: &impl Serialize) -> Result<String, String> {
        let mut query = String::new();
        append_form(&mut query, "n", value).map(|()| query)
    }

    #[test]
    fn a_query_explodes_arrays_and_objects_and_leaves_null_out() {
        assert_eq!(query(&"a b&c=d+é").unwrap(), "n=a%20b%26c%3Dd%2B%C3%A9");
        assert_eq!(query(&0.1_f32).unwrap(), "n=0.1");
        assert_eq!(query(&true).unwrap(), "n=true");
        assert_eq!(query(&None::<u8>).unwrap(), "");
        assert_eq!(query(&json!([1, null, "x"])).unwrap(), "n=1&n=x");
        assert_eq!(
            query(&json!({"a": 1, "b": null, "c&": "d"})).unwrap(),
            "a=1&c%26=d"
        );
        assert!(query(&json!([[1]])).unwrap_err().starts_with("nests"));
        assert!(
            query(&json!({"a": {"b": 1}}))
                .unwrap_err()
                .starts_with("nests")
        );
    }

    #[test]
    fn a_form_has_a_field_per_member() {
        assert_eq!(
            form_body(&json!({"a": "x y", "b": [1, 2], "c": null}))
                .unwrap()
                .unwrap(),
            "a=x%20y&b=1&b=2"
        );
        let floats = std::collections::BTreeMap::from([("f", 0.1_f32)]);
        assert_eq!(form_body(&floats).unwrap().unwrap(), "f=0.1");
        assert_eq!(form_body(&None::<u8>).unwrap(), None);
        assert!(
            form_body(&json!([1]))
                .unwrap_err()
                .contains("is not an object")
        );
        assert!(
            form_body(&json!({"a": {"b": 1}}))
                .unwrap_err()
                .contains("`a`")
        );
    }

    #[test]
    fn a_simple_value_joins_arrays_and_refuses_objects() {
        assert_eq!(
            simple(&json!(["a,b", 1]), encode).unwrap().unwrap(),
            "a%2Cb,1"
        );
        assert_eq!(simple(&json!(null), encode).unwrap(), None);
        assert!(simple(&json!({"a": 1}), encode).is_err());
    }
}
