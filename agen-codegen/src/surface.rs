//! The table of the API: a few lines per operation and type, for reviewers.
//!
//! A type that a request can hold has its constructor, `new`, and then a setter for each field that `new`
//! does not take. A union has the types that become one by `From`.

use std::fmt::Write as _;

use crate::polish::{Call, Input, TypeSummary, show, shown_arguments};

/// The part of an operation, as plain text.
pub(crate) fn call(call: &Call) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{} {}", call.method, call.path);
    let arguments = shown_arguments(&call.required_name, &call.inputs);
    let _ = writeln!(
        text,
        "  {}({arguments}) -> {}",
        call.name,
        show(&call.answer)
    );
    if let Some(item) = &call.item {
        let _ = writeln!(text, "    .items(): a stream of {}", show(item));
    }
    for input in &call.inputs {
        let mut words = vec![input.place];
        words.push(if input.field.required {
            "required"
        } else {
            "optional"
        });
        if input.field.nullable {
            words.push("nullable");
        }
        if input.field.constant.is_some() && input.field.required {
            words.push("constant");
        }
        let name = if input.field.required {
            input.name.clone()
        } else {
            format!(".{}({})", input.name, shown(input))
        };
        let wire = if input.wire == input.name {
            String::new()
        } else {
            format!(", `{}` on the wire", input.wire)
        };
        let _ = writeln!(text, "    {name}: {}{wire}", words.join(", "));
    }
    for line in &call.answers {
        let _ = writeln!(text, "    {line}");
    }
    text.push('\n');
    text
}

/// The table, as plain text, of the parts of the operations and of the types.
pub(crate) fn surface(calls: Vec<String>, types: &[TypeSummary]) -> String {
    let mut text = calls.concat();
    for found in types {
        let _ = writeln!(text, "{} {}", found.kind, found.name);
        for line in &found.lines {
            let _ = writeln!(text, "    {line}");
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn shown(input: &Input) -> String {
    show(&input.argument_type())
}
