//! References to schemas that are not there. Nothing is changed in the document: lowering takes such a
//! value for any JSON.

use super::{Lowering, LoweringRule};
use crate::{
    diagnostic::quote,
    lint::{Index, lost},
};

pub(super) const TABLE: &[LoweringRule] = &[LoweringRule::new(
    "schema-missing",
    "a reference to a schema leads to nothing, or out of the document",
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
)];

pub(super) fn report(index: &Index<'_>, done: &mut Vec<Lowering>) {
    done.extend(lost(index).map(|(span, target)| Lowering {
        id: "schema-missing",
        span,
        text: format!(
            "{} is no schema of this document: its value can be any JSON",
            quote(target)
        ),
    }));
}
