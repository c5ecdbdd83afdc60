//! Names for operations that have none of their own.

use std::collections::HashMap;

use super::{Edit, Lowering, LoweringRule};
use crate::{
    diagnostic::quote,
    lint::{Operation, Reading},
    lower, name,
    value::Value,
};

pub(super) const TABLE: &[LoweringRule] = &[
    LoweringRule::new(
        "operation-id-missing",
        "an operation has no `operationId` that a name can be made of",
        "the method of the client is called by it, and a name made of the path changes with the path",
        "write an `operationId` of letters and digits",
        [
            "paths:
  /api/v1/sessions/{id}/events.csv:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: Done.}}
",
            "paths:
  /api/v1/sessions/{id}/events.csv:
    get:
      operationId: get_sessions_by_id_events_csv
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: Done.}}
",
        ],
    ),
    LoweringRule::new(
        "operation-id-duplicate",
        "two operations have the same `operationId`, or the same name in Rust",
        "the client would have two methods of the same name, so the second one is called by its path, \
         which can change",
        "give each operation an `operationId` that differs in more than case and punctuation",
        [
            "paths:
  /sessions: {get: {operationId: list, responses: {'204': {description: Done.}}}}
  /users: {get: {operationId: List, responses: {'204': {description: Done.}}}}
",
            "paths:
  /sessions: {get: {operationId: list, responses: {'204': {description: Done.}}}}
  /users: {get: {operationId: get_users, responses: {'204': {description: Done.}}}}
",
        ],
    ),
];

/// The names in Rust that are taken, each with the operation that has it.
#[derive(Default)]
struct Taken<'d> {
    methods: HashMap<String, String>,
    types: HashMap<String, String>,
    operations: Vec<(&'d Operation<'d>, Problem)>,
}

/// What keeps an operation from its own name.
enum Problem {
    Missing,
    Nameless(String),
    Duplicate { id: String, other: String },
}

impl Taken<'_> {
    /// Takes a name for an operation, or says who has it; `Err(None)` where it gives no name.
    fn claim(&mut self, id: &str, title: &str) -> Result<(), Option<String>> {
        let (method, builder) = lower::call_names(id).ok_or(None)?;
        let other = self.methods.get(&method).or(self.types.get(&builder));
        if let Some(other) = other {
            return Err(Some(other.clone()));
        }
        self.methods.insert(method, title.to_owned());
        self.types.insert(builder, title.to_owned());
        Ok(())
    }
}

/// Operations keep their names, the first of two in the order of the paths; then those without get
/// one of their method and path.
pub(super) fn rewrite(reading: &Reading<'_>, done: &mut Vec<Lowering>) -> Vec<Edit> {
    let all = reading.operations();
    let mut taken = Taken::default();
    for operation in all.iter() {
        let problem = match operation.node.value.get("operationId") {
            None => Problem::Missing,
            Some(Value::String(id)) => match taken.claim(id, &operation.title()) {
                Ok(()) => continue,
                Err(None) => Problem::Nameless(id.clone()),
                Err(Some(other)) => Problem::Duplicate {
                    id: id.clone(),
                    other,
                },
            },
            // Another type is a fault of the structure.
            Some(_) => continue,
        };
        taken.operations.push((operation, problem));
    }
    let mut edits = Vec::new();
    for (operation, problem) in std::mem::take(&mut taken.operations) {
        let title = operation.title();
        let Some(name) = names(operation).find(|name| taken.claim(name, &title).is_ok()) else {
            continue;
        };
        let (id, why) = match problem {
            Problem::Missing => ("operation-id-missing", "has no `operationId`".to_owned()),
            Problem::Nameless(id) => (
                "operation-id-missing",
                format!(
                    "has the `operationId` {}, of which no name can be made",
                    quote(&id)
                ),
            ),
            Problem::Duplicate { id, other } => (
                "operation-id-duplicate",
                format!(
                    "has the `operationId` {}, whose name {other} has",
                    quote(&id)
                ),
            ),
        };
        let place = operation.node.get("operationId");
        done.push(Lowering {
            id,
            span: place.map_or_else(|| operation.node.key_span(), |place| place.span()),
            text: format!("{title} {why}: its method is called {}", quote(&name)),
        });
        let pointer = operation.node.pointer.clone();
        edits.push(Edit::Set(pointer, "operationId", Value::String(name)));
    }
    edits
}

/// Names for an operation, the best first: without what stands before every path of an API, with it,
/// and then with a number. There is always another one.
fn names(operation: &Operation<'_>) -> impl Iterator<Item = String> {
    let short = made(operation.method, operation.path, true);
    let full = made(operation.method, operation.path, false);
    let numbered = full.clone();
    let numbered = (2..).map(move |number| format!("{numbered}_{number}"));
    [short, full].into_iter().chain(numbered)
}

/// `get_sessions_by_id` for `GET /api/v1/sessions/{id}`; with `api_v1` in it, where it is not short.
fn made(method: &str, path: &str, short: bool) -> String {
    let mut segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    if short {
        let prefix = segments.iter().take_while(|part| is_prefix(part)).count();
        if prefix < segments.len() {
            segments.drain(..prefix);
        }
    }
    let mut words = vec![method.to_owned()];
    let mut behind_parameter = false;
    for segment in segments {
        let mut rest = segment;
        while let Some((before, (parameter, after))) = rest
            .split_once('{')
            .and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
        {
            // Punctuation between two parameters is no word.
            behind_parameter &= name::snake(before).is_none();
            let word = if behind_parameter { "and" } else { "by" };
            words.extend([before, word, parameter].map(str::to_owned));
            behind_parameter = true;
            rest = after;
        }
        behind_parameter &= name::snake(rest).is_none();
        words.push(rest.to_owned());
    }
    if words.len() == 1 {
        words.push("root".to_owned());
    }
    name::snake(&words.join("-")).unwrap_or_else(|| method.to_owned())
}

/// Whether a segment says nothing of an operation: `api`, or a version such as `v1` or `v2.1`.
fn is_prefix(segment: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let version = segment.strip_prefix(['v', 'V']);
    segment.eq_ignore_ascii_case("api") || version.is_some_and(|all| all.split('.').all(digits))
}

#[cfg(test)]
mod tests {
    use super::made;

    #[test]
    fn a_name_reads_like_the_request() {
        for (method, path, name) in [
            (
                "get",
                "/api/v1/sessions/{sessionId}",
                "get_sessions_by_session_id",
            ),
            ("post", "/v2.1/messages:batchGet", "post_messages_batch_get"),
            (
                "get",
                "/repos/{owner}/{repo}/issues/{n}",
                "get_repos_by_owner_and_repo_issues_by_n",
            ),
            ("get", "/files/{name}.{ext}", "get_files_by_name_and_ext"),
            ("get", "/files/{name}.json", "get_files_by_name_json"),
            ("delete", "/{id}:cancel", "delete_by_id_cancel"),
            ("get", "/", "get_root"),
            ("get", "/api/v1", "get_api_v1"),
            ("get", "/!!!", "get"),
            ("get", "/{", "get"),
            ("put", "/größe/{}", "put_größe_by"),
        ] {
            assert_eq!(made(method, path, true), name, "{path}");
        }
        assert_eq!(made("get", "/api/v1/a", false), "get_api_v1_a");
    }
}
