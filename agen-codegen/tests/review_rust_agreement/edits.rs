//! Edits of `openapi.yaml`, of every kind.

use serde_json::{Value, json};

/// A name, and what is done to the document.
pub(crate) type Edit = (&'static str, fn(&mut Value));

const SESSIONS: &str = "/paths/~1api~1v1~1sessions";
const EVENTS: &str = "/paths/~1api~1v1~1sessions~1{sessionId}~1events";
const MESSAGES: &str = "/paths/~1api~1v1~1sessions~1{sessionId}~1messages";
const SCHEMAS: &str = "/components/schemas";

fn at<'d>(document: &'d mut Value, pointer: &str) -> &'d mut Value {
    document.pointer_mut(pointer).expect(pointer)
}

/// Takes a member away, and gives it.
fn take(document: &mut Value, pointer: &str) -> Value {
    let (owner, key) = pointer.rsplit_once('/').unwrap();
    let owner = at(document, owner).as_object_mut().unwrap();
    let key = key.replace("~1", "/");
    owner.remove(&key).expect(pointer)
}

fn put(document: &mut Value, pointer: &str, value: Value) {
    let (owner, key) = pointer.rsplit_once('/').unwrap();
    let key = key.replace("~1", "/");
    at(document, owner)[key] = value;
}

fn push(document: &mut Value, pointer: &str, value: Value) {
    at(document, pointer).as_array_mut().unwrap().push(value);
}

/// Takes a text out of a list.
fn drop_text(document: &mut Value, pointer: &str, text: &str) {
    let list = at(document, pointer).as_array_mut().unwrap();
    let before = list.len();
    list.retain(|value| value != text);
    assert_eq!(list.len() + 1, before);
}

fn query(name: &str, required: bool, schema: Value) -> Value {
    json!({"name": name, "in": "query", "required": required, "schema": schema})
}

fn of(schema: &str, rest: &str) -> String {
    format!("{SCHEMAS}/{schema}{rest}")
}

/// Calls the references to a schema by another name, everywhere.
fn refer(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::String(text) if text == &format!("#{}", of(from, "")) => {
            *text = format!("#{}", of(to, ""));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| refer(item, from, to)),
        Value::Object(members) => members.values_mut().for_each(|item| refer(item, from, to)),
        _ => {}
    }
}

fn parameters() -> String {
    format!("{SESSIONS}/get/parameters")
}

fn answer(operation: &str) -> String {
    format!("{operation}/responses/2XX/content/application~1json/schema")
}

pub(crate) const EDITS: &[Edit] = &[
    ("operation added", |d| {
        let like = at(d, &format!("{SESSIONS}/get")).clone();
        put(d, &format!("{EVENTS}/delete"), like);
        put(
            d,
            &format!("{EVENTS}/delete/operationId"),
            json!("clearEvents"),
        );
        let own = at(d, &format!("{EVENTS}/get/parameters")).clone();
        put(d, &format!("{EVENTS}/delete/parameters"), own);
    }),
    ("operation removed", |d| drop(take(d, EVENTS))),
    ("operation renamed", |d| {
        put(
            d,
            &format!("{SESSIONS}/post/operationId"),
            json!("startSession"),
        );
    }),
    ("path changed", |d| {
        let item = take(d, SESSIONS);
        put(d, "/paths/~1api~1v2~1sessions", item);
    }),
    ("method changed", |d| {
        let operation = take(d, &format!("{SESSIONS}/post"));
        put(d, &format!("{SESSIONS}/put"), operation);
    }),
    ("optional parameter added", |d| {
        push(
            d,
            &parameters(),
            query("limit", false, json!({"type": "integer"})),
        );
    }),
    ("required parameter added", |d| {
        push(
            d,
            &parameters(),
            query("workspace", true, json!({"type": "string"})),
        );
    }),
    ("optional header added", |d| {
        let header = json!({"name": "x-trace", "in": "header", "schema": {"type": "string"}});
        push(d, &parameters(), header);
    }),
    ("parameter removed", |d| {
        at(d, &parameters()).as_array_mut().unwrap().remove(1);
    }),
    ("parameter renamed", |d| {
        put(d, &format!("{}/0/name", parameters()), json!("state"));
    }),
    ("parameter of another type", |d| {
        put(
            d,
            &format!("{}/1/schema/type", parameters()),
            json!("integer"),
        );
    }),
    ("parameters in another order", |d| {
        at(d, &parameters()).as_array_mut().unwrap().reverse();
    }),
    ("parameter became required", |d| {
        put(d, &format!("{}/1/required", parameters()), json!(true));
    }),
    ("parameter out of its component", |d| {
        let parameter = at(d, "/components/parameters/SessionId").clone();
        *at(d, &format!("{EVENTS}/get/parameters")) = json!([parameter]);
    }),
    ("optional property added to a request", |d| {
        let pointer = of("CreateSessionRequest", "/properties/title");
        put(d, &pointer, json!({"type": "string"}));
    }),
    ("required property added to a request", |d| {
        let pointer = of("CreateSessionRequest", "/properties/title");
        put(d, &pointer, json!({"type": "string"}));
        push(d, &of("CreateSessionRequest", "/required"), json!("title"));
    }),
    ("property removed from a request", |d| {
        take(d, &of("CreateSessionRequest", "/properties/model"));
    }),
    ("property of a request renamed", |d| {
        let model = take(d, &of("CreateSessionRequest", "/properties/model"));
        put(
            d,
            &of("CreateSessionRequest", "/properties/model_code"),
            model,
        );
    }),
    ("property of a request became required", |d| {
        push(d, &of("CreateSessionRequest", "/required"), json!("model"));
    }),
    ("property of a request became optional", |d| {
        take(d, &of("SendMessageRequest", "/required"));
    }),
    ("property of a request became nullable", |d| {
        put(
            d,
            &of("CreateSessionRequest", "/properties/auto_commit/nullable"),
            json!(true),
        );
    }),
    ("text of a request became nullable", |d| {
        put(
            d,
            &of("SendMessageRequest", "/properties/message/nullable"),
            json!(true),
        );
    }),
    ("property of a request is not nullable any more", |d| {
        take(
            d,
            &of("CreateSessionRequest", "/properties/branch_name/nullable"),
        );
    }),
    ("property of a request of another type", |d| {
        put(
            d,
            &of("CreateSessionRequest", "/properties/model/type"),
            json!("integer"),
        );
    }),
    ("body of a request became optional", |d| {
        put(
            d,
            &format!("{SESSIONS}/post/requestBody/required"),
            json!(false),
        );
    }),
    ("body of a request as a form", |d| {
        let content = format!("{SESSIONS}/post/requestBody/content");
        let json = take(d, &format!("{content}/application~1json"));
        put(
            d,
            &format!("{content}/application~1x-www-form-urlencoded"),
            json,
        );
    }),
    ("optional property added to an answer", |d| {
        put(
            d,
            &of("Session", "/properties/owner"),
            json!({"type": "string"}),
        );
    }),
    ("property removed from an answer", |d| {
        take(d, &of("Session", "/properties/title"));
        drop_text(d, &of("Session", "/required"), "title");
    }),
    ("property of an answer renamed", |d| {
        let title = take(d, &of("Session", "/properties/title"));
        put(d, &of("Session", "/properties/heading"), title);
        drop_text(d, &of("Session", "/required"), "title");
        push(d, &of("Session", "/required"), json!("heading"));
    }),
    ("property of an answer became optional", |d| {
        drop_text(d, &of("Session", "/required"), "title");
    }),
    ("property of an answer became required", |d| {
        push(d, &of("Session", "/required"), json!("model"));
    }),
    ("property of an answer became nullable", |d| {
        put(d, &of("Session", "/properties/title/nullable"), json!(true));
    }),
    ("property of an answer is not nullable any more", |d| {
        take(d, &of("Session", "/properties/branch_name/nullable"));
    }),
    ("property of an answer of another type", |d| {
        *at(d, &of("Session", "/properties/auto_commit")) = json!({"type": "string"});
    }),
    ("format removed", |d| {
        drop(take(d, &of("Session", "/properties/created_at/format")))
    }),
    ("format added", |d| {
        put(
            d,
            &of("SessionEvent", "/properties/created_at/format"),
            json!("date-time"),
        );
    }),
    ("unknown format added", |d| {
        put(
            d,
            &of("Session", "/properties/title/format"),
            json!("headline"),
        );
    }),
    ("value of an enum added", |d| {
        push(d, &of("SessionEventStatus", "/enum"), json!("paused"));
    }),
    ("value of an enum removed", |d| {
        drop_text(d, &of("SessionEventStatus", "/enum"), "canceled");
    }),
    ("enum became any text", |d| {
        drop(take(d, &of("SessionEventStatus", "/enum")))
    }),
    ("text became an enum", |d| {
        put(
            d,
            &of("Session", "/properties/status/enum"),
            json!(["active", "closed"]),
        );
    }),
    ("values and required names in another order", |d| {
        at(d, &of("SessionEventStatus", "/enum"))
            .as_array_mut()
            .unwrap()
            .reverse();
        at(d, &of("Session", "/required"))
            .as_array_mut()
            .unwrap()
            .reverse();
    }),
    ("variant of a union added", |d| {
        let schema = json!({"type": "object", "required": ["type", "branch"], "properties":
            {"type": {"type": "string"}, "branch": {"type": "string"}}});
        put(d, &of("BranchPayload", ""), schema);
        let name = "#/components/schemas/BranchPayload";
        push(
            d,
            &of("SessionEventPayload", "/oneOf"),
            json!({"$ref": name}),
        );
        let mapping = of(
            "SessionEventPayload",
            "/discriminator/mapping/agent_branch_diff",
        );
        put(d, &mapping, json!(name));
    }),
    ("variant of a union is another", |d| {
        let name = "#/components/schemas/SendMessageRequest";
        *at(d, &of("SessionEventPayload", "/oneOf/0")) = json!({"$ref": name});
        put(
            d,
            &of("SessionEventPayload", "/discriminator/mapping/user_message"),
            json!(name),
        );
    }),
    ("discriminator removed", |d| {
        take(d, &of("SessionEventPayload", "/discriminator"));
    }),
    ("default changed", |d| {
        put(
            d,
            &of("CreateSessionRequest", "/properties/auto_commit/default"),
            json!(true),
        );
    }),
    ("component renamed", |d| {
        let session = take(d, &of("Session", ""));
        put(d, &of("AgentSession", ""), session);
        refer(d, "Session", "AgentSession");
    }),
    ("property moved into a component", |d| {
        let title = take(d, &of("Session", "/properties/title"));
        put(d, &of("Title", ""), title);
        let name = json!({"$ref": "#/components/schemas/Title"});
        put(d, &of("Session", "/properties/title"), name);
    }),
    ("descriptions only", |d| {
        put(d, &of("Session", "/description"), json!("Another text."));
        put(d, &format!("{SESSIONS}/get/summary"), json!("All sessions"));
    }),
    ("operation deprecated", |d| {
        put(d, &format!("{SESSIONS}/get/deprecated"), json!(true));
    }),
    ("type deprecated", |d| {
        put(d, &of("Session", "/deprecated"), json!(true))
    }),
    ("another way to authenticate", |d| {
        *at(d, "/components/securitySchemes/ApiKey") = json!({"type": "http", "scheme": "bearer"});
    }),
    ("another server", |d| {
        put(d, "/servers/0/url", json!("https://api.example.com"))
    }),
    ("bounds changed", |d| {
        put(
            d,
            &of("SendMessageRequest", "/properties/message/maxLength"),
            json!(1000),
        );
        take(d, "/components/parameters/SessionId/schema/minLength");
    }),
    ("other properties refused", |d| {
        put(d, &of("Session", "/additionalProperties"), json!(false));
    }),
    ("constant has a second value", |d| {
        push(
            d,
            &of("UserMessagePayload", "/properties/type/enum"),
            json!("message"),
        );
    }),
    ("items of an array are others", |d| {
        *at(d, &format!("{}/items", answer(&format!("{EVENTS}/get")))) = json!({"type": "string"});
        take(
            d,
            &format!("{EVENTS}/get/responses/2XX/content/application~1json/example"),
        );
    }),
    ("pages described", |d| {
        push(
            d,
            &parameters(),
            query("cursor", false, json!({"type": "string"})),
        );
        let pages = json!({"cursor": "cursor", "next": "next_cursor", "items": "items"});
        put(d, &format!("{SESSIONS}/get/x-agen-pagination"), pages);
    }),
    ("status of success added", |d| {
        put(
            d,
            &format!("{SESSIONS}/post/responses/202"),
            json!({"description": "Later."}),
        );
    }),
    ("failure described", |d| {
        let schema = json!({"type": "object", "properties": {"detail": {"type": "string"}}});
        let response =
            json!({"description": "None.", "content": {"application/json": {"schema": schema}}});
        put(d, &format!("{EVENTS}/get/responses/404"), response);
    }),
    ("answer is text", |d| {
        put(
            d,
            &format!("{MESSAGES}/post/responses/2XX/content"),
            json!({"text/plain": {}}),
        );
    }),
    ("answer without a body", |d| {
        take(d, &format!("{MESSAGES}/post/responses/2XX/content"));
    }),
];
