//! The example in the documentation of an operation: compiled, never run.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::{
    inputs,
    inputs::Input,
    operations::Shaped,
    types::{self, Type},
};
use crate::{Settings, api::Answer, value::Value};

/// A fenced block that calls the operation with the values of the document's examples. What has no
/// literal is a variable, declared on a hidden line.
pub(super) fn example(call: &Shaped<'_>, settings: &Settings) -> String {
    let root = &settings.public_root;
    let inputs = call.inputs();
    let arguments: Vec<&Input> = inputs
        .iter()
        .copied()
        .filter(|input| input.is_argument())
        .collect();
    let mut variables = Vec::new();
    let many = arguments.len() > inputs::MOST_ARGUMENTS;

    let values: Vec<String> = arguments
        .iter()
        .map(|input| {
            let given = call
                .body_example()
                .filter(|_| input.place == "body")
                .and_then(|body| body.get(&input.wire));
            let value = literal(input, given.or(input.field.example.as_ref()), many);
            value.unwrap_or_else(|| {
                variables.push(format!(
                    "{}: {}",
                    input.name,
                    variable_type(input, root, many)
                ));
                input.name.clone()
            })
        })
        .collect();

    let mut lines = Vec::new();
    let given = if many {
        let fields = arguments.iter().zip(&values).map(|(input, value)| {
            if *value == input.name {
                format!("    {value},")
            } else {
                format!("    {}: {value},", input.name)
            }
        });
        let fields: Vec<String> = fields.collect();
        let name = &call.required_name;
        lines.push(format!("use {root}::operations::{name};\n"));
        format!("{name} {{\n{}\n}}", fields.join("\n"))
    } else {
        values.join(", ")
    };
    let setters: Vec<String> = inputs
        .iter()
        .filter(|input| !input.field.required && input.place == "body")
        .filter_map(|input| {
            let given = call.body_example()?.get(&input.wire)?;
            Some(format!(
                ".{}({})",
                input.name,
                literal(input, Some(given), false)?
            ))
        })
        .collect();
    let binding = match call.operation.answer {
        Answer::Empty => String::new(),
        _ => format!("let {} = ", result_name(&call.answers.answer)),
    };
    let chain = format!(
        "client.{}({given}){}.send().await?;",
        call.operation.name,
        setters.join("")
    );
    let chain = if binding.len() + chain.len() <= 92 || many {
        chain
    } else {
        let setters: Vec<String> = setters
            .iter()
            .map(|setter| format!("\n    {setter}"))
            .collect();
        format!(
            "client\n    .{}({given}){}\n    .send()\n    .await?;",
            call.operation.name,
            setters.join("")
        )
    };
    lines.push(format!("{binding}{chain}"));

    let variables: String = variables
        .iter()
        .map(|variable| format!(", {variable}"))
        .collect();
    format!(
        "```no_run\n# async fn example(client: {root}::Client{variables}) -> Result<(), {root}::Error> {{\n{}\n# Ok(())\n# }}\n```",
        lines.join("\n")
    )
}

/// The value as a Rust literal, where the type has one. `stored` is set where the value is put into
/// a field instead of being given to a function that converts it.
fn literal(input: &Input, example: Option<&Value>, stored: bool) -> Option<String> {
    let plain = |text: String| {
        if stored && input.field.nullable {
            format!("Some({text})")
        } else {
            text
        }
    };
    if input.field.nullable && example == Some(&Value::Null) {
        return Some("None".to_owned());
    }
    if types::is_string(&input.base) || (input.named && is_text(example)) && !stored {
        let text = match example {
            Some(Value::String(text))
                if text.chars().count() <= 80 && !text.chars().any(char::is_control) =>
            {
                text.clone()
            }
            _ if types::is_string(&input.base) => input.name.clone(),
            _ => return None,
        };
        let quoted = proc_macro2::Literal::string(&text).to_string();
        return Some(if stored {
            plain(format!("{quoted}.to_owned()"))
        } else {
            quoted
        });
    }
    let kind = types::name_of(&input.base)?;
    let text = match (kind, example) {
        ("bool", Some(Value::Bool(value))) => value.to_string(),
        ("bool", _) => "true".to_owned(),
        ("i64" | "i32" | "u32" | "u64", Some(Value::Number(number))) if fits(kind, number) => {
            number.to_string()
        }
        ("i64" | "i32" | "u32" | "u64", _) => "1".to_owned(),
        ("f64" | "f32", Some(Value::Number(number))) => format!("{:?}", number.as_f64()?),
        ("f64" | "f32", _) => "1.0".to_owned(),
        _ => return None,
    };
    Some(plain(text))
}

/// Named types that can be made of text are the enums and the names for strings; for the others a
/// text example does not stand.
fn is_text(example: Option<&Value>) -> bool {
    example.is_some_and(Value::is_string)
}

fn fits(kind: &str, number: &serde_json::Number) -> bool {
    match kind {
        "i32" => number
            .as_i64()
            .is_some_and(|value| i32::try_from(value).is_ok()),
        "u32" => number
            .as_u64()
            .is_some_and(|value| u32::try_from(value).is_ok()),
        "u64" => number.as_u64().is_some(),
        _ => number.as_i64().is_some(),
    }
}

/// The type of a variable in an example, with the path that a user writes.
fn variable_type(input: &Input, root: &str, stored: bool) -> String {
    let base = if stored { &input.base } else { input.unboxed() };
    let tokens: TokenStream = if input.field.nullable {
        quote!(Option<#base>)
    } else {
        base.to_token_stream()
    };
    let ty = types::spelled(&tokens);
    if input.place == "file" {
        return ty.replace("Part", &format!("{root}::Part"));
    }
    ty.replace("types::", &format!("{root}::types::"))
        .replace("Bytes", &format!("{root}::Bytes"))
}

/// A name for the answer, after its type.
fn result_name(answer: &Type) -> String {
    let of = |ty: &Type| {
        types::name_of(ty)
            .and_then(crate::name::snake)
            .unwrap_or_else(|| "answer".to_owned())
    };
    match types::inside("Vec", answer) {
        Some(item) => format!("{}s", of(item)),
        None => of(answer),
    }
}
