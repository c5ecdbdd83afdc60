//! Media types of answers: which one is spoken where there are several, and what `*/*` is taken for.

use std::collections::BTreeMap;

use super::{Edit, Lowering, LoweringRule};
use crate::{
    diagnostic::quote,
    document::Node,
    lint::{Index, Reading},
    lower::successes,
    media_type,
};

pub(super) const TABLE: &[LoweringRule] = &[
    LoweringRule::new(
        "response-media-type",
        "an answer is offered as JSON and in other media types",
        "the call has one type of answer, so JSON is asked for and the others are not",
        "describe JSON alone, or what users of the client are to get",
        [
            "paths:
  /things:
    get:
      operationId: list_things
      responses: {'200': {description: Things., content: {application/json: {schema: {type: integer}}, text/csv: {}}}}
",
            "paths:
  /things:
    get:
      operationId: list_things
      responses: {'200': {description: Things., content: {application/json: {schema: {type: integer}}}}}
",
        ],
    ),
    LoweringRule::new(
        "response-any-type",
        "an answer has a schema, and any media type",
        "a schema that is no string describes JSON, so it is taken for that",
        "write `application/json` in place of `*/*`",
        [
            "paths:
  /things:
    get:
      operationId: list_things
      responses: {'200': {description: Things., content: {'*/*': {schema: {type: integer}}}}}
",
            "paths:
  /things:
    get:
      operationId: list_things
      responses: {'200': {description: Things., content: {application/json: {schema: {type: integer}}}}}
",
        ],
    ),
];

/// Gives `*/*` with a schema of JSON a `application/json` beside it, once for each response, however many
/// operations have it.
pub(super) fn rewrite(reading: &Reading<'_>, done: &mut Vec<Lowering>) -> Vec<Edit> {
    let of_operations = reading.operations().iter().flat_map(|operation| {
        let responses = operation.node.members("responses");
        responses.filter_map(|(_, response)| response.resolve())
    });
    let mut edits = Vec::new();
    for content in contents(of_operations).into_values() {
        let Some(schema) = described_json(&content) else {
            continue;
        };
        done.push(Lowering {
            id: "response-any-type",
            span: content
                .get("*/*")
                .map_or(content.key_span(), |any| any.key_span()),
            text: format!(
                "{} with a schema is taken for {}",
                quote("*/*"),
                quote("application/json")
            ),
        });
        let value = schema.value.clone();
        edits.push(Edit::Set(content.pointer, "application/json", value));
    }
    edits
}

/// Reports which media types of successes are not spoken. Nothing is changed in the document: `lower`
/// prefers JSON.
pub(super) fn report(index: &Index<'_>, done: &mut Vec<Lowering>) {
    let all = index.operations.iter();
    let of_operations = all.flat_map(|operation| successes(&operation.node));
    for content in contents(of_operations).into_values() {
        let others: Vec<&str> = content
            .entries()
            .map(|(found, _)| found)
            .filter(|found| !media_type::is_json(found) && *found != "*/*")
            .collect();
        let has_json = content
            .entries()
            .any(|(found, _)| media_type::is_json(found));
        if !has_json || others.is_empty() {
            continue;
        }
        done.push(Lowering {
            id: "response-media-type",
            span: content.key_span(),
            text: format!(
                "of several media types JSON is asked for, and not {}",
                list(&others)
            ),
        });
    }
}

/// The `content` of each response, by its place.
fn contents<'a>(responses: impl Iterator<Item = Node<'a>>) -> BTreeMap<String, Node<'a>> {
    let contents = responses.filter_map(|response| response.get("content"));
    contents
        .map(|content| (content.pointer.clone(), content))
        .collect()
}

/// What stands under `*/*`, where that can only be JSON.
fn described_json<'a>(content: &Node<'a>) -> Option<Node<'a>> {
    let any = content.get("*/*")?;
    let schema = any.get("schema")?.resolve()?;
    let has = |key| schema.value.get(key).is_some();
    let is_json = match schema.text("type") {
        Some(found) => found != "string",
        None => ["properties", "items", "allOf", "oneOf", "anyOf"]
            .into_iter()
            .any(has),
    };
    let known = content
        .entries()
        .any(|(found, _)| media_type::is_json(found));
    (is_json && !known).then_some(any)
}

/// Media types as a message lists them.
fn list(media_types: &[&str]) -> String {
    const MOST: usize = 4;
    let shown: Vec<String> = media_types
        .iter()
        .take(MOST)
        .map(|found| quote(found))
        .collect();
    match media_types.len().checked_sub(MOST) {
        Some(more @ 1..) => format!("{} and {more} more", shown.join(", ")),
        _ => match shown.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, others)) => format!("{} and {last}", others.join(", ")),
            None => String::new(),
        },
    }
}
