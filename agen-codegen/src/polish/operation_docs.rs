//! The documentation of an operation: what it does, its method and path, its arguments, errors and
//! scopes, an example, and the page it was read from.

use super::{docs, example, inputs::Input, operations::Shaped};
use crate::{
    Settings,
    api::{Content, Holds, Operation},
};

impl Shaped<'_> {
    pub(super) fn docs(&self, settings: &Settings) -> String {
        let operation = self.operation;
        let mut parts = Vec::new();
        match (&operation.summary, &operation.description) {
            (Some(summary), Some(description)) if summary != description => {
                parts.push(docs::lines(summary).join("\n"));
                parts.push(docs::lines(description).join("\n"));
            }
            (Some(text), _) | (None, Some(text)) => parts.push(docs::lines(text).join("\n")),
            (None, None) => {}
        }
        let request = format!("{} {}", operation.method, operation.path);
        parts.push(docs::code(request.trim_end()));
        let (arguments, setters): (Vec<&Input>, Vec<&Input>) = self
            .inputs()
            .into_iter()
            .filter(|input| input.field.constant.is_none() || !input.field.required)
            .partition(|input| input.field.required);
        for (title, inputs) in [("# Arguments", arguments), ("# Options", setters)] {
            if !inputs.is_empty() {
                let lines: Vec<String> = inputs.iter().map(|input| argument_line(input)).collect();
                parts.push(format!("{title}\n\n{}", lines.join("\n")));
            }
        }
        if operation.pages.is_some() {
            parts.push(format!(
                "# Pages\n\nAn answer is a page of a list. [`items`]({}::items) follows it to its end.",
                operation.builder
            ));
        }
        if let Some(description) = self.flat_body_description() {
            parts.push(format!("Body: {}", docs::first_paragraph(description)));
        }
        parts.extend(self.failures());
        if let Some(scopes) = &operation.scopes {
            let names: Vec<String> = scopes
                .any_of
                .iter()
                .map(|scope| docs::code(scope))
                .collect();
            let source = if scopes.stated {
                ""
            } else {
                " This is inferred from other operations; the page does not say."
            };
            parts.push(format!(
                "# Scopes\n\nThe API key needs one of {}.{source}",
                names.join(", ")
            ));
        }
        parts.extend(authentication(operation));
        if let Some(server) = &operation.server {
            parts.push(format!(
                "# Address\n\nThe API has this operation at {}. A call goes to the address of the client: make one \
                 with that address as `base_url` for it.",
                docs::code(server)
            ));
        }
        parts.push(format!("# Example\n\n{}", example::example(self, settings)));
        if let Some(page) = &operation.page {
            parts.push(docs::lines(&format!("Read from {page}")).join("\n"));
        }
        parts.join("\n\n")
    }

    /// The failures that the document describes.
    fn failures(&self) -> Option<String> {
        let failures = &self.operation.failures;
        if failures.is_empty() {
            return None;
        }
        let lines = failures.iter().map(|failure| {
            let status = docs::code(&failure.status.shown());
            match &failure.content {
                Content::Json(Holds::Named(body)) => {
                    format!("- {status}: [`types::{body}`](super::types::{body})")
                }
                _ => format!("- {status}"),
            }
        });
        let lines = lines.collect::<Vec<_>>().join("\n");
        let read = self.answers.failure.as_ref();
        let read = read.map(|name| format!("\n\n[`{name}`] tells them apart."));
        Some(format!(
            "# Documented error statuses\n\n{lines}{}",
            read.unwrap_or_default()
        ))
    }
}

/// What the client does not do of what an operation asks for; nothing where its key suffices.
fn authentication(operation: &Operation) -> Option<String> {
    let asked = &operation.asked;
    let others: Vec<String> = asked.others.iter().map(|name| docs::code(name)).collect();
    let text = match (asked.key, others.as_slice()) {
        (None | Some(true), []) => return None,
        (Some(false), []) => "None is asked for, and the key is not sent.".to_owned(),
        (key, others) => format!(
            "The API asks for {}{}, which the caller adds with `header` or `query`.",
            others.join(" and "),
            match key {
                None => "",
                Some(true) => " beside the key",
                Some(false) => " in place of the key",
            },
        ),
    };
    Some(format!("# Authentication\n\n{text}"))
}

fn argument_line(input: &Input) -> String {
    let described = input
        .field
        .description
        .as_deref()
        .map(docs::first_paragraph)
        .unwrap_or_default();
    let notes = input.notes().join(" ");
    let text = [described, notes]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    if text.is_empty() {
        format!("- `{}`", input.name)
    } else {
        format!("- `{}`: {text}", input.name)
    }
}
