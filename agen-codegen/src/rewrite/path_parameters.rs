//! Parameters that a path names and nobody declares.

use std::collections::{BTreeMap, HashSet};

use super::{Edit, Lowering, LoweringRule};
use crate::{
    diagnostic::quote,
    lint::{Operation, Reading, brace_span},
    path::{Target, template},
    value::json,
};

pub(super) const TABLE: &[LoweringRule] = &[LoweringRule::new(
    "path-parameter-missing",
    "a path names a parameter that is not declared",
    "what can stand there is not said, so any text can",
    "add it to `parameters` of the path: `{ name: …, in: path, required: true, schema: { type: string } }`",
    [
        "paths:
  /sessions/{id}:
    get: {operationId: get_session, responses: {'204': {description: Done.}}}
",
        "paths:
  /sessions/{id}:
    get:
      operationId: get_session
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: Done.}}
",
    ],
)];

/// Each operation gets the parameters that its path names and that it does not have, as texts. One that stands
/// in a query of the path may be declared by its name there.
pub(super) fn rewrite(reading: &Reading<'_>, done: &mut Vec<Lowering>) -> Vec<Edit> {
    let document = reading.document;
    let root = document.root();
    let all = reading.operations();
    let mut paths: BTreeMap<&str, Vec<&Operation<'_>>> = BTreeMap::new();
    // A parameter that cannot be read may be the one that is missing.
    for operation in all.iter().filter(|operation| operation.complete) {
        paths.entry(operation.path).or_default().push(operation);
    }
    let mut edits = Vec::new();
    for (path, item) in root.members("paths") {
        let Some(operations) = paths.get(path) else {
            continue;
        };
        let target = Target::new(path);
        let mut seen = HashSet::new();
        for (name, inside) in template(path).unwrap_or_default() {
            if !seen.insert(name) {
                continue;
            }
            let in_query = target.query_name(name);
            let mut methods = Vec::new();
            for operation in operations {
                if operation.declares("path", name)
                    || in_query.is_some_and(|name| operation.declares("query", name))
                {
                    continue;
                }
                methods.push(operation.method.to_uppercase());
                let parameter = json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}});
                let pointer = operation.node.pointer.clone();
                edits.push(Edit::Append(pointer, "parameters", parameter));
            }
            if !methods.is_empty() {
                done.push(Lowering {
                    id: "path-parameter-missing",
                    span: brace_span(&item.key_span(), path, &inside),
                    text: format!(
                        "the path parameter {} is not declared for {} {}: it is taken for a string",
                        quote(name),
                        methods.join(", "),
                        quote(path),
                    ),
                });
            }
        }
    }
    edits
}
