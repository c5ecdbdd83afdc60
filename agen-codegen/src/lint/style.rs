//! What a good contract says beyond what the generator needs.

use std::collections::HashSet;

use super::{Findings, Rule, grammar::Kind, index::Index, reading};
use crate::{
    diagnostic::quote,
    document::{Node, reference_pointer},
};

pub(super) const RULES: &[Rule] = &[
    Rule::warning(
        "description-missing",
        description,
        "an operation, schema or property has no description",
        "it becomes the documentation of the method, type or field",
    ),
    Rule::warning(
        "example-missing",
        example,
        "a JSON body has no example",
        "examples show readers what the fields hold, and tests are made from them",
    ),
    Rule::warning(
        "external-docs-missing",
        external_docs,
        "an operation does not name the page it was read from",
        "the page lets a reader check the operation, and is linked from the method",
    ),
    Rule::warning(
        "servers-missing",
        servers,
        "the document names no server",
        "the client then has no default address, and every user has to know it",
    ),
    Rule::warning(
        "security-missing",
        security,
        "the document asks for no authentication",
        "the client then sends no key",
    ),
    Rule::warning(
        "component-unused",
        unused,
        "nothing refers to a component",
        "it is text that readers study without need, and types that users compile without need",
    ),
    Rule::warning(
        "extension-ignored",
        extension,
        "an extension of another generator",
        "extensions that shape generated code are not read here",
    ),
];

/// Whether a field is there and says something. A field of a wrong type is not complained of twice.
fn says(node: &Node<'_>, field: &str) -> bool {
    let field = node.value.get(field);
    field.is_some_and(|value| value.as_str().is_none_or(|text| !text.trim().is_empty()))
}

/// Everything that is documented in the client is described.
fn description(index: &Index<'_>, findings: &mut Findings<'_>) {
    for operation in index.operations.iter() {
        if !says(&operation.node, "summary") && !says(&operation.node, "description") {
            findings.add(
                operation.node.key_span(),
                "this operation",
                format!("{} has neither summary nor description", operation.title()),
                "add `summary`, and `description` where there is more to say",
            );
        }
    }
    let undescribed = |node: &Node<'_>| {
        // A reference, alone or in `allOf`, is described where it leads.
        let refers = |node: Node<'_>| node.get("$ref").is_some();
        node.value.is_object()
            && !says(node, "description")
            && node.get("$ref").is_none()
            && !node.elements("allOf").any(refers)
    };
    for (name, node) in index.components("schemas") {
        if undescribed(&node) {
            findings.add(
                node.key_span(),
                "this schema",
                format!("the schema {} has no description", quote(name)),
                "add `description`",
            );
        }
    }
    for schema in index.schemas() {
        for (name, node) in schema.members("properties") {
            if undescribed(&node) {
                findings.add(
                    node.key_span(),
                    "this property",
                    format!("the property {} has no description", quote(name)),
                    "add `description`",
                );
            }
        }
    }
}

/// Every JSON body has an example.
fn example(index: &Index<'_>, findings: &mut Findings<'_>) {
    let mut told = HashSet::new();
    for operation in index.operations.iter() {
        let request = operation.node.get("requestBody");
        let bodies = request
            .into_iter()
            .chain(reading::successes(&operation.node));
        for body in bodies.filter_map(|body| body.resolve()) {
            let Some(content) = reading::json_content(&body) else {
                continue;
            };
            if has_example(&content) || !told.insert(content.pointer.clone()) {
                continue;
            }
            findings.add(
                content.key_span(),
                "no example",
                format!("a JSON body of {} has no example", operation.title()),
                "add `example` beside `schema`, or to the schema",
            );
        }
    }
}

/// Whether a media type or anything that its schema is made of has an example.
fn has_example(content: &Node<'_>) -> bool {
    if content.get("example").is_some() || content.get("examples").is_some() {
        return true;
    }
    let mut found = false;
    let mut look = |schema: &Node<'_>| {
        reading::each_branch(schema, &mut |branch| {
            let property = |(_, property): (&str, Node<'_>)| property.get("example").is_some();
            found = found
                || branch.get("example").is_some()
                || branch.members("properties").any(property);
        });
    };
    if let Some(schema) = content.get("schema") {
        look(&schema);
        let items = schema.resolve().and_then(|schema| schema.get("items"));
        if let Some(items) = items {
            look(&items);
        }
    }
    found
}

/// Every operation names its page.
fn external_docs(index: &Index<'_>, findings: &mut Findings<'_>) {
    for operation in index.operations.iter() {
        if operation.node.get("externalDocs").is_none() {
            findings.add(
                operation.node.key_span(),
                "this operation",
                format!("{} names no page of documentation", operation.title()),
                "add `externalDocs: { url: … }` with the address of the page",
            );
        }
    }
}

/// The place of a complaint about something that the whole document lacks.
fn top(index: &Index<'_>) -> std::ops::Range<usize> {
    let field = index.root.get("openapi");
    field.map_or_else(|| index.root.span(), |field| field.key_span())
}

/// The document names a server.
fn servers(index: &Index<'_>, findings: &mut Findings<'_>) {
    let servers = index.root.get("servers");
    let none = |node: &Node<'_>| node.value.as_array().is_some_and(Vec::is_empty);
    if index.root.value.is_object() && servers.as_ref().is_none_or(none) {
        findings.add(
            servers.map_or_else(|| top(index), |servers| servers.key_span()),
            "",
            "the document names no server",
            "add `servers: [{ url: https://… }]`",
        );
    }
}

/// The document asks for authentication.
fn security(index: &Index<'_>, findings: &mut Findings<'_>) {
    let stated =
        |operation: &super::operation::Operation<'_>| operation.node.get("security").is_some();
    let asked = index.root.get("security").is_some() || !index.root.value.is_object();
    if !asked && !index.operations.iter().any(stated) {
        findings.add(
            top(index),
            "",
            "the document asks for no authentication",
            "add `security` and the scheme in `components/securitySchemes`; for an open API write \
             `security: []`",
        );
    }
}

/// Every component is used.
fn unused(index: &Index<'_>, findings: &mut Findings<'_>) {
    let mut used: HashSet<String> = HashSet::new();
    for reference in &index.references {
        let Some(target) = reference_pointer(reference.target) else {
            continue;
        };
        // What is used by itself alone is not used.
        let inside = reference.node.pointer.strip_prefix(&*target);
        if !inside.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
            used.insert(component_of(&target));
        }
    }
    for visit in index.all(Kind::Discriminator) {
        for (_, node) in visit.node.members("mapping") {
            if let Some(text) = node.value.as_str() {
                let pointer = reference_pointer(text).map(std::borrow::Cow::into_owned);
                used.insert(pointer.unwrap_or_else(|| format!("/components/schemas/{text}")));
            }
        }
    }
    let operations = index.operations.iter().map(|operation| &operation.node);
    for owner in operations.chain([&index.root]) {
        for requirement in owner.elements("security") {
            for (name, _) in requirement.entries() {
                let mut pointer = "/components/securitySchemes".to_owned();
                crate::document::push_segment(&mut pointer, name);
                used.insert(pointer);
            }
        }
    }
    let Some(components) = index.root.get("components") else {
        return;
    };
    for (section, all) in components
        .entries()
        .filter(|(key, _)| !key.starts_with("x-"))
    {
        for (name, node) in all.entries() {
            let readable = node.value.is_object();
            if !readable || used.contains(&node.pointer) || is_heir(&node) {
                continue;
            }
            findings.add(
                node.key_span(),
                "not used",
                format!(
                    "nothing refers to {} in `components/{section}`",
                    quote(name)
                ),
                "remove it, or refer to it",
            );
        }
    }
}

/// The component that a pointer leads to or into.
fn component_of(pointer: &str) -> String {
    let end = pointer.match_indices('/').nth(3).map(|(end, _)| end);
    pointer
        .get(..end.unwrap_or(pointer.len()))
        .unwrap_or_default()
        .to_owned()
}

/// Whether a schema merges one with a discriminator, which finds it by its name.
fn is_heir(node: &Node<'_>) -> bool {
    let mut parents = node.elements("allOf").filter_map(|branch| {
        branch.get("$ref")?;
        branch.resolve()
    });
    parents.any(|parent| parent.get("discriminator").is_some())
}

/// No extension is written for another generator.
fn extension(index: &Index<'_>, findings: &mut Findings<'_>) {
    for visit in &index.visits {
        let keys = visit.node.value.as_object().into_iter().flatten();
        for (key, _) in keys {
            if !key.starts_with("x-dropshot-") && key != "x-rust-type" {
                continue;
            }
            if let Some(node) = visit.node.get(key) {
                findings.add(
                    node.key_span(),
                    "ignored",
                    format!("the extension {} is ignored", quote(key)),
                    "remove it",
                );
            }
        }
    }
}
