//! Lowers what an operation answers.
//!
//! | rewrite | reason |
//! |---|---|
//! | every success status becomes `200` | two of them make progenitor panic where they differ in more than the number |
//! | where successes differ, none has a body | what they hold stands in [`Api`](crate::api::Api), and is chosen by status |
//! | error responses go | they make progenitor panic where they differ; the runtime has one error type, and what they hold stands in [`Api`](crate::api::Api) |

use std::collections::{BTreeMap, BTreeSet};

use super::{
    names_in,
    schemas::{Context, Schemas},
};
use crate::{
    api::{Answer, Case, Content, Holds, Status},
    document::{Document, Node},
    media_type, name,
    value::{Map, Value, json, object},
};

/// More media types than this are not asked for one by one.
const MOST_MEDIA_TYPES: usize = 8;

/// Lowers the answers of all operations, which share the types of equal bodies of errors.
pub(super) struct Answers<'a> {
    /// The schemas of failures that have no name, by [`shared_key`].
    shared: BTreeMap<String, Shared<'a>>,
    /// Bodies that have no type name, by field, and the field of each.
    carried: Map,
    fields: BTreeMap<String, String>,
}

/// A schema without a name of its own that describes failures.
struct Shared<'a> {
    /// The first operation that has it.
    operation: String,
    in_several: bool,
    statuses: BTreeSet<Status>,
    /// The component that it stands in, if all mention the same one.
    component: Option<&'a str>,
    lowered: Option<Value>,
}

/// What an operation answers.
pub(super) struct Lowered {
    pub(super) answer: Answer,
    pub(super) accept: Option<String>,
    pub(super) failures: Vec<Case>,
    /// The response for progenitor.
    pub(super) lowered: Value,
}

/// A response of the document.
struct Response<'a> {
    status: Status,
    /// As it stands in `responses`.
    node: Node<'a>,
    description: Option<&'a str>,
    body: Body<'a>,
}

/// The body of a response: the one that is spoken of those that it has.
enum Body<'a> {
    Empty,
    Json(Node<'a>),
    Text,
    Bytes(&'a str),
}

impl<'a> Body<'a> {
    fn of(response: &Node<'a>) -> Self {
        if let Some((_, media)) = media_type::json(response) {
            return Self::Json(media);
        }
        let mut types = response.members("content").map(|(found, _)| found);
        match types.next() {
            None => Self::Empty,
            Some(first) if is_text(first) && types.all(is_text) => Self::Text,
            Some(first) => Self::Bytes(first),
        }
    }

    /// Whether two bodies are read as one type.
    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Empty, Self::Empty)
            | (Self::Text, Self::Text)
            | (Self::Bytes(_), Self::Bytes(_)) => true,
            (Self::Json(one), Self::Json(other)) => {
                match (one.get("schema"), other.get("schema")) {
                    (None, None) => true,
                    (Some(one), Some(other)) => same_schema(&one, &other),
                    _ => false,
                }
            }
            _ => false,
        }
    }
}

fn same_schema(one: &Node<'_>, other: &Node<'_>) -> bool {
    let (Some(one), Some(other)) = (one.resolve(), other.resolve()) else {
        return false;
    };
    // What stands in a component can be long, and is compared by its place alone.
    let is_inline = |node: &Node<'_>| node.pointer.starts_with("/paths/");
    one.pointer == other.pointer || is_inline(&one) && is_inline(&other) && one.value == other.value
}

/// Whether a media type is text that is read whole: events come one by one.
fn is_text(media_type: &str) -> bool {
    let essence = media_type::essence(media_type);
    essence.starts_with("text/") && essence != "text/event-stream"
}

/// The responses of an operation by status, those that are chosen first in front. What is no status is not
/// among them, and neither is what cannot be read.
fn responses<'a>(operation: &Node<'a>) -> Vec<Response<'a>> {
    let mut found = BTreeMap::new();
    for (key, node) in operation.members("responses") {
        let (Some(status), Some(response)) = (Status::parse(key), node.resolve()) else {
            continue;
        };
        found.entry(status).or_insert_with(|| Response {
            status,
            node,
            description: response.text("description"),
            body: Body::of(&response),
        });
    }
    found.into_values().collect()
}

/// The nodes of the responses of success.
pub(crate) fn successes<'a>(operation: &Node<'a>) -> impl Iterator<Item = Node<'a>> + use<'a> {
    let successes = divided(operation).0.into_iter();
    successes.filter_map(|response| response.node.resolve())
}

/// The responses of success and those of failure. `default` is the success where nothing else can be.
fn divided<'a>(operation: &Node<'a>) -> (Vec<Response<'a>>, Vec<Response<'a>>) {
    let all = responses(operation);
    let known = all
        .iter()
        .any(|response| matches!(response.status.class(), Some(2 | 3)));
    all.into_iter()
        .filter(|response| response.status.class() != Some(1))
        .partition(|response| match response.status.class() {
            Some(class) => class == 2,
            None => !known,
        })
}

impl<'a> Answers<'a> {
    /// Reads which bodies of errors the operations share.
    pub(super) fn new(document: &'a Document) -> Self {
        let mut shared = BTreeMap::new();
        for (_, item) in document.root().members("paths") {
            for (_, operation) in item.entries() {
                for failure in divided(&operation).1 {
                    count(&mut shared, &operation, &failure);
                }
            }
        }
        Self {
            shared,
            carried: Map::new(),
            fields: BTreeMap::new(),
        }
    }

    /// What an operation answers; `builder` is the name of the type of its call.
    pub(super) fn lower(
        &mut self,
        schemas: &mut Schemas<'a>,
        builder: &str,
        operation: &Node<'a>,
    ) -> Lowered {
        let (successes, failures) = divided(operation);
        let accept = accept(&successes);
        let empty = json!({"description": ""});
        let (answer, lowered) = match successes.as_slice() {
            // A redirect is an error, and there is no other success.
            [] if failures
                .iter()
                .any(|failure| failure.status.class() == Some(3)) =>
            {
                (Answer::Empty, empty)
            }
            // Nothing is known of success, so its body is not thrown away.
            [] => (Answer::Bytes, empty),
            [first, others @ ..] if others.iter().all(|other| other.body.same(&first.body)) => {
                match &first.body {
                    Body::Empty => (Answer::Empty, empty),
                    Body::Text => (Answer::Text, empty),
                    Body::Bytes(media_type) => (Answer::Download((*media_type).to_owned()), empty),
                    Body::Json(media) => {
                        let lowered = json_body(schemas, media, &format!("{builder}Response"));
                        let content = object([("application/json", object([("schema", lowered)]))]);
                        let response = [("description", json!("")), ("content", content)];
                        (Answer::Json, object(response))
                    }
                }
            }
            all => (
                Answer::ByStatus(self.successes(schemas, builder, all)),
                empty,
            ),
        };
        // A failure that is described without JSON says no more than status and bytes.
        let is_described = failures
            .iter()
            .any(|failure| matches!(failure.body, Body::Json(_)));
        let failures = failures
            .iter()
            .map(|failure| self.failure(schemas, builder, failure, is_described));
        Lowered {
            answer,
            accept,
            failures: failures.collect(),
            lowered,
        }
    }

    fn successes(
        &mut self,
        schemas: &mut Schemas<'a>,
        builder: &str,
        successes: &[Response<'a>],
    ) -> Vec<Case> {
        let mut cases: Vec<Case> = Vec::new();
        for (index, response) in successes.iter().enumerate() {
            let before = successes.iter().take(index);
            let same = before
                .zip(&cases)
                .find(|(other, _)| other.body.same(&response.body));
            let content = match same {
                Some((_, case)) => case.content.clone(),
                None => self.content(schemas, &response.body, |schemas, media| {
                    let context = format!("{builder}{}", response.status.name());
                    json_body(schemas, media, &context)
                }),
            };
            cases.push(case(response, content));
        }
        cases
    }

    fn failure(
        &mut self,
        schemas: &mut Schemas<'a>,
        builder: &str,
        failure: &Response<'a>,
        is_described: bool,
    ) -> Case {
        if !is_described {
            return case(failure, Content::Empty);
        }
        let shared = shared_key(failure).and_then(|key| self.shared.get_mut(&key));
        let content = match (shared, &failure.body) {
            (Some(shared), Body::Json(media)) => {
                let lowered = match &shared.lowered {
                    Some(lowered) => lowered.clone(),
                    None => {
                        let lowered = json_body(schemas, media, &shared.context(builder));
                        shared.lowered = Some(lowered.clone());
                        lowered
                    }
                };
                Content::Json(self.holds(lowered))
            }
            (_, body) => self.content(schemas, body, |schemas, media| {
                json_body(schemas, media, "")
            }),
        };
        case(failure, content)
    }

    fn content(
        &mut self,
        schemas: &mut Schemas<'a>,
        body: &Body<'a>,
        json: impl FnOnce(&mut Schemas<'a>, &Node<'a>) -> Value,
    ) -> Content {
        match body {
            Body::Empty => Content::Empty,
            Body::Text => Content::Text,
            Body::Bytes(media_type) => Content::Bytes((*media_type).to_owned()),
            Body::Json(media) => {
                let lowered = json(schemas, media);
                Content::Json(self.holds(lowered))
            }
        }
    }

    /// The type of a lowered body: its name, or the field that carries it.
    fn holds(&mut self, lowered: Value) -> Holds {
        if lowered.get("$ref").is_some()
            && let Some(name) = names_in(&lowered).pop()
        {
            return Holds::Named(name);
        }
        let text = lowered.to_string();
        if let Some(field) = self.fields.get(&text) {
            return Holds::Carried(field.clone());
        }
        let field = format!("v{}", self.fields.len());
        self.fields.insert(text, field.clone());
        self.carried.insert(field.clone(), lowered);
        Holds::Carried(field)
    }

    /// Adds the struct that carries what has no name, and gives its name.
    pub(super) fn finish(self, schemas: &mut Schemas<'a>) -> Option<String> {
        if self.carried.is_empty() {
            return None;
        }
        let name = schemas.unique("AnswersCarrier");
        let required: Vec<String> = self.carried.keys().map(str::to_owned).collect();
        let lowered = json!({"type": "object", "required": required, "properties": self.carried});
        schemas.lowered.insert(name.clone(), lowered);
        Some(name)
    }
}

impl Shared<'_> {
    /// What a type is called that this schema becomes.
    fn context(&self, builder: &str) -> String {
        if let Some(component) = self.component.and_then(name::pascal) {
            return component;
        }
        let only = self.statuses.first().filter(|_| self.statuses.len() == 1);
        let status = only.map(|status| status.name());
        match (self.in_several, status) {
            (false, Some(status)) => format!("{builder}{status}"),
            (false, None) => format!("{builder}Failure"),
            (true, Some(status)) => format!("{status}Body"),
            (true, None) => "FailureBody".to_owned(),
        }
    }
}

/// What is the same for the schemas of failures that share a type: their text, or their place where that is a
/// component. None for a schema that has a name.
fn shared_key(failure: &Response<'_>) -> Option<String> {
    let Body::Json(media) = &failure.body else {
        return None;
    };
    let schema = media.get("schema")?;
    match (schema.text("$ref"), failure.node.text("$ref")) {
        (Some(_), _) => None,
        (None, Some(_)) => Some(schema.pointer),
        (None, None) => Some(schema.value.to_string()),
    }
}

fn count<'a>(
    shared: &mut BTreeMap<String, Shared<'a>>,
    operation: &Node<'a>,
    failure: &Response<'a>,
) {
    let Some(key) = shared_key(failure) else {
        return;
    };
    let reference = failure.node.text("$ref");
    let component =
        reference.and_then(|reference| reference.strip_prefix("#/components/responses/"));
    let found = shared.entry(key).or_insert_with(|| Shared {
        operation: operation.pointer.clone(),
        in_several: false,
        statuses: BTreeSet::new(),
        component,
        lowered: None,
    });
    found.in_several |= found.operation != operation.pointer;
    found.statuses.insert(failure.status);
    if found.component != component {
        found.component = None;
    }
}

fn json_body<'a>(schemas: &mut Schemas<'a>, media: &Node<'a>, context: &str) -> Value {
    let lowered = media.get("schema").map_or(json!({}), |schema| {
        schemas.lower(&schema, Context::Named(context))
    });
    schemas.note_example(&lowered, media);
    lowered
}

fn case(response: &Response<'_>, content: Content) -> Case {
    let description = response.description.map(str::trim);
    Case {
        status: response.status,
        description: description
            .filter(|text| !text.is_empty())
            .map(str::to_owned),
        content,
    }
}

/// The media types to ask for, where they are others than the form of the answer implies: `application/json`,
/// any text, or anything.
fn accept(successes: &[Response<'_>]) -> Option<String> {
    let mut wanted: Vec<&str> = Vec::new();
    let mut is_usual = true;
    for response in successes {
        let response = response.node.resolve()?;
        let spoken = media_type::json(&response).map(|(media_type, _)| media_type);
        let all = || response.members("content").map(|(found, _)| found);
        let spoken: Vec<&str> = match spoken {
            Some(json) if media_type::essence(json) == "application/json" => {
                vec!["application/json"]
            }
            Some(json) => vec![json],
            None => all().take(MOST_MEDIA_TYPES + 1).collect(),
        };
        is_usual &= spoken == ["application/json"];
        for media_type in spoken {
            if !wanted.contains(&media_type) {
                wanted.push(media_type);
            }
        }
    }
    let is_sent = |media_type: &&str| {
        let plain = media_type
            .bytes()
            .all(|byte| matches!(byte, b' '..=b'~') && byte != b',');
        plain && media_type.len() <= 128 && media_type.contains('/')
    };
    is_usual |= wanted == ["*/*"];
    (!is_usual
        && !wanted.is_empty()
        && wanted.len() <= MOST_MEDIA_TYPES
        && wanted.iter().all(is_sent))
    .then(|| wanted.join(", "))
}
