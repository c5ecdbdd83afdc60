//! What to write in the document so that it says what the page says.

use crate::{diagnostic::quote, printable, value::Value};

use super::{
    Edit,
    facts::{Answer, Content, Operation, Shape, Stated, Tree},
};

/// How deep the fields of a value are written out.
const MOST_DEPTH: usize = 6;

/// A pointer as an instruction names it: as a whole, however long.
pub(super) fn code(pointer: &str) -> String {
    if pointer.is_empty() {
        return "the document".to_owned();
    }
    format!("`{}`", printable(pointer))
}

/// Sets members of the object at a pointer.
pub(super) fn set(pointer: &str, yaml: String) -> Option<Edit> {
    Some(Edit {
        instruction: format!("in {}, write", code(pointer)),
        pointer: pointer.to_owned(),
        yaml,
    })
}

/// Puts values at the end of the list at a pointer.
pub(super) fn append(pointer: &str, values: &[Value]) -> Option<Edit> {
    let lines: Vec<_> = values
        .iter()
        .map(|it| format!("- {}", scalar(it)))
        .collect();
    Some(Edit {
        instruction: format!("add to the list {}", code(pointer)),
        pointer: pointer.to_owned(),
        yaml: lines.join("\n"),
    })
}

/// Puts a value at the end of the list at a pointer.
pub(super) fn set_element(pointer: &str, yaml: &str) -> Option<Edit> {
    Some(Edit {
        instruction: format!("add to the list {}", code(pointer)),
        pointer: pointer.to_owned(),
        yaml: format!("- {yaml}"),
    })
}

/// Writes the key of a member otherwise, and leaves its value.
pub(super) fn rename(pointer: &str, key: &str) -> Option<Edit> {
    Some(Edit {
        instruction: format!("write the key of {} as", code(pointer)),
        pointer: pointer.to_owned(),
        yaml: format!("{}:", scalar(&Value::String(key.to_owned()))),
    })
}

/// Puts a schema of its own in the place of a reference, or a list of what is referred to.
pub(super) fn instead(pointer: &str, page: &Shape<Tree>, items: Option<&str>) -> Option<Edit> {
    let lines = match items {
        Some(target) => {
            let mut lines = vec!["type: array".to_owned()];
            if page.nullable == Some(true) {
                lines.push("nullable: true".to_owned());
            }
            let target = Value::String(target.to_owned());
            lines.push("items:".to_owned());
            lines.push(format!("  $ref: {target}"));
            lines
        }
        None => shape(page, 0),
    };
    Some(Edit {
        instruction: format!("in place of the reference in {}, write", code(pointer)),
        pointer: pointer.to_owned(),
        yaml: lines.join("\n"),
    })
}

/// Writes a schema anew, or as a reference.
pub(super) fn anew(pointer: &str, page: &Shape<Tree>, target: Option<&str>) -> Option<Edit> {
    let yaml = match target {
        Some(target) => format!("$ref: {}", Value::String(target.to_owned())),
        None => shape(page, 0).join("\n"),
    };
    Some(Edit {
        instruction: format!("in place of what {} says, write", code(pointer)),
        pointer: pointer.to_owned(),
        yaml,
    })
}

/// Takes the member at a pointer away.
pub(super) fn remove(pointer: &str) -> Option<Edit> {
    Some(Edit {
        instruction: format!("remove {}", code(pointer)),
        pointer: pointer.to_owned(),
        yaml: String::new(),
    })
}

/// Puts a name into the list of required ones of a schema, or takes it out.
pub(super) fn require(schema: &str, name: &str, required: bool) -> Option<Edit> {
    let pointer = format!("{schema}/required");
    let instruction = if required {
        format!("add to the list {}", code(&pointer))
    } else {
        format!("remove {} from the list {}", quote(name), code(&pointer))
    };
    Some(Edit {
        instruction,
        pointer,
        yaml: if required {
            format!("- {}", scalar(&Value::String(name.to_owned())))
        } else {
            String::new()
        },
    })
}

/// A value as YAML on one line.
pub(super) fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) => text.clone(),
        // JSON is YAML.
        other => printable(&other.to_string()),
    }
}

/// Whether a text means itself in YAML, without quotes.
fn is_plain(text: &str) -> bool {
    let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let mut signs = text.chars();
    signs
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || "_/".contains(first))
        && signs.all(|sign| sign.is_ascii_alphanumeric() || "_-./{}".contains(sign))
        && !words.contains(&text.to_ascii_lowercase().as_str())
}

/// A member of an object as YAML on one line.
pub(super) fn member(key: &str, value: &Value) -> String {
    format!(
        "{}: {}",
        scalar(&Value::String(key.to_owned())),
        scalar(value)
    )
}

/// The type of a value, with whether it can be null.
pub(super) fn kind(shape: &Shape<Tree>) -> String {
    let mut lines = Vec::new();
    head(shape, &mut lines);
    lines.join("\n")
}

fn head(shape: &Shape<Tree>, lines: &mut Vec<String>) {
    if let Some(kinds) = shape.kinds.value() {
        let names: Vec<_> = kinds.iter().map(|kind| kind.name()).collect();
        match names.as_slice() {
            [one] => lines.push(format!("type: {one}")),
            // 3.0 has no list of types.
            several => {
                lines.push("oneOf:".to_owned());
                lines.extend(several.iter().map(|name| format!("  - type: {name}")));
            }
        }
    }
    if shape.nullable == Some(true) {
        lines.push("nullable: true".to_owned());
    }
}

/// Everything that a page says of a value, as a schema.
pub(super) fn schema(tree: &Tree, depth: usize) -> Vec<String> {
    shape(&tree.0, depth)
}

fn shape(shape: &Shape<Tree>, depth: usize) -> Vec<String> {
    let mut lines = Vec::new();
    head(shape, &mut lines);
    if let Stated::Is(format, _) = &shape.format {
        lines.push(member("format", &Value::String(format.clone())));
    }
    if let Stated::Is(default, _) = &shape.default {
        lines.push(member("default", default));
    }
    if let Stated::Is(values, _) = &shape.values {
        lines.push("enum:".to_owned());
        lines.extend(values.iter().map(|value| format!("  - {}", scalar(value))));
    }
    for (key, (value, _)) in &shape.bounds {
        lines.push(member(key, value));
    }
    if depth < MOST_DEPTH {
        let required = shape
            .fields
            .iter()
            .filter(|(_, field)| field.required == Some(true));
        let required: Vec<_> = required.map(|(name, _)| name).collect();
        if !required.is_empty() {
            lines.push("required:".to_owned());
            let names = required.iter().map(|name| Value::String((*name).clone()));
            lines.extend(names.map(|name| format!("  - {}", scalar(&name))));
        }
        if !shape.fields.is_empty() {
            lines.push("properties:".to_owned());
        }
        for (name, field) in &shape.fields {
            let inner = below(name, &field.shape, depth + 1);
            lines.extend(inner.into_iter().map(|line| format!("  {line}")));
        }
        if let Some(items) = &shape.items {
            lines.extend(below("items", items, depth + 1));
        }
        if !shape.options.is_empty() {
            lines.push("oneOf:".to_owned());
        }
        for option in &shape.options {
            let inner = schema(option, depth + 1);
            let inner = if inner.is_empty() {
                vec!["{}".to_owned()]
            } else {
                inner
            };
            for (index, line) in inner.into_iter().enumerate() {
                let mark = if index == 0 { "  - " } else { "    " };
                lines.push(format!("{mark}{line}"));
            }
        }
    }
    lines
}

/// A schema below a key.
pub(super) fn below(key: &str, tree: &Tree, depth: usize) -> Vec<String> {
    let key = scalar(&Value::String(key.to_owned()));
    let inner = schema(tree, depth);
    if inner.is_empty() {
        return vec![format!("{key}: {{}}")];
    }
    let mut lines = vec![format!("{key}:")];
    lines.extend(inner.into_iter().map(|line| format!("  {line}")));
    lines
}

/// An operation as it could stand below `paths`, without what is in its values.
pub(super) fn operation(told: &Operation<Tree>) -> String {
    let text = |text: &str| Value::String(text.to_owned());
    let path = scalar(&text(&told.path));
    let mut lines = vec![
        format!("{path}:"),
        format!("  {}:", told.method.to_ascii_lowercase()),
    ];
    if !told.parameters.is_empty() {
        lines.push("    parameters:".to_owned());
    }
    for parameter in &told.parameters {
        lines.push(format!(
            "      - {}",
            member("name", &text(&parameter.name))
        ));
        lines.push(format!("        in: {}", parameter.place));
        if parameter.required == Some(true) {
            lines.push("        required: true".to_owned());
        }
        let below = below("schema", &parameter.shape, 0);
        lines.extend(below.into_iter().map(|line| format!("        {line}")));
    }
    let indented = |lines: Vec<String>, indent: &str| -> Vec<String> {
        let lines = lines.into_iter();
        lines.map(|line| format!("{indent}{line}")).collect()
    };
    if let Some(body) = told.body.value() {
        lines.push("    requestBody:".to_owned());
        if body.required == Some(true) {
            lines.push("      required: true".to_owned());
        }
        lines.extend(indented(content(body), "      "));
    }
    lines.push("    responses:".to_owned());
    for answer in &told.answers {
        let status = answer.status.as_deref().unwrap_or("2XX");
        let status = status.replace("DEFAULT", "default");
        lines.extend(indented(self::answer(answer, &status), "      "));
    }
    lines.join("\n")
}

/// An answer as it could stand below `responses`.
pub(super) fn answer(told: &Answer<Tree>, status: &str) -> Vec<String> {
    let mut lines = vec![
        format!("{}:", scalar(&Value::String(status.to_owned()))),
        "  description: ''".to_owned(),
    ];
    if let Some(body) = told.body.value() {
        lines.extend(content(body).into_iter().map(|line| format!("  {line}")));
    }
    lines
}

/// The content of a body, without whether it has to be sent.
pub(super) fn content(told: &Content<Tree>) -> Vec<String> {
    let media = told.media.as_deref().unwrap_or("application/json");
    let media = scalar(&Value::String(media.to_owned()));
    let mut lines = vec!["content:".to_owned(), format!("  {media}:")];
    let below = below("schema", &told.shape, 0);
    lines.extend(below.into_iter().map(|line| format!("    {line}")));
    lines
}
