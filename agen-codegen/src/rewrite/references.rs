//! References to schemas of other documents, and to things of another kind.

use super::{Edit, Lowering, LoweringRule, walk::inner};
use crate::{
    diagnostic::quote,
    lint::{Index, astray, lost},
    value::json,
};

pub(super) const TABLE: &[LoweringRule] = &[
    LoweringRule::new(
    "schema-elsewhere",
    "a reference to a schema leads out of the document",
    "the generator reads one document alone, so nothing is known of the value: it can be any JSON",
    "define the schema in `components/schemas`, and refer to it there",
    [
        "paths:
  /a:
    get:
      operationId: a
      responses:
        '200': {description: A., content: {application/json: {schema: {$ref: 'common.yaml#/Page'}}}}
",
        "paths:
  /a:
    get:
      operationId: a
      responses:
        '200': {description: A., content: {application/json: {schema: {}}}}
",
    ],
),
    LoweringRule::new(
        "reference-other-kind",
        "a reference expects a schema and leads to something else, or a response or a body and leads to a schema",
        "a schema where a response or a body is due says what is in it; of anything else where a schema is due \
         nothing is known, so the value can be any JSON",
        "name a thing of the kind that is expected, or write it out",
        [
            "paths:
  /a:
    get:
      operationId: a
      responses: {'200': {$ref: '#/components/schemas/A'}}
components: {schemas: {A: {type: object, properties: {x: {type: string}}}}}
",
            "paths:
  /a:
    get:
      operationId: a
      responses:
        '200': {description: A., content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
components: {schemas: {A: {type: object, properties: {x: {type: string}}}}}
",
        ],
    ),
];

pub(super) fn rewrite(index: &Index<'_>, done: &mut Vec<Lowering>) -> Vec<Edit> {
    // Lowering takes what is not there for any JSON: nothing is changed for it.
    done.extend(lost(index).map(|(span, target)| Lowering {
        id: "schema-elsewhere",
        span,
        text: format!(
            "{} is no schema of this document: its value can be any JSON",
            quote(target)
        ),
    }));
    let mut edits = Vec::new();
    for found in astray(index) {
        let pointer = found.node.pointer;
        edits.push(Edit::Remove(inner(&pointer, "$ref")));
        let text = if found.is_schema {
            format!(
                "{} is no schema: its value can be any JSON",
                quote(found.target)
            )
        } else {
            let content = json!({"application/json": {"schema": {"$ref": found.target}}});
            edits.push(Edit::Set(pointer.clone(), "content", content));
            edits.push(Edit::Set(pointer, "description", json!("")));
            format!(
                "{} is a schema: it is taken for what is in the body",
                quote(found.target)
            )
        };
        done.push(Lowering {
            id: "reference-other-kind",
            span: found.span,
            text,
        });
    }
    edits
}
