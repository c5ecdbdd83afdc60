//! What goes out on the wire.

use agen_api::{Error, ErrorKind};

use super::common::{CANARY, Server, assert_no_leak, client};

const SESSION: &str = r#"{"id":"ses_1","title":"t","workspace_id":"w","user_id":"u","branch_name":null,
    "auto_commit":false,"status":"active","origin":"api","created_at":"2025-01-31T09:15:00Z",
    "updated_at":"2025-01-31T09:15:00Z"}"#;
const EVENT: &str = r#"{"id":"evt_1","session_id":"ses_1","type":"user_message","status":"queued",
    "payload":{"type":"user_message","message":"m"}}"#;

/// A request as it was received.
struct Request {
    line: String,
    headers: Vec<String>,
    body: String,
}

/// The one request that the server has received.
fn request(server: &Server) -> Request {
    let requests = server.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    let (head, body) = requests[0].split_once("\r\n\r\n").unwrap();
    let mut lines = head.split("\r\n").map(str::to_owned);
    Request {
        line: lines.next().unwrap(),
        headers: lines.collect(),
        body: body.to_owned(),
    }
}

#[tokio::test]
async fn create_session_sends_null_and_leaves_out_what_was_not_set() {
    let server = Server::json(SESSION);
    let session = server.client().create_session(None).send().await.unwrap();
    assert_eq!(session.id, "ses_1");
    let request = request(&server);
    assert_eq!(request.line, "POST /api/v1/sessions HTTP/1.1");
    assert_eq!(request.body, r#"{"branch_name":null}"#);
}

#[tokio::test]
async fn create_session_sends_what_was_set() {
    let server = Server::json(SESSION);
    server
        .client()
        .create_session("feature/é")
        .auto_commit(false)
        .model("m-1")
        .send()
        .await
        .unwrap();
    let body: serde_json::Value = serde_json::from_str(&request(&server).body).unwrap();
    assert_eq!(
        body,
        serde_json::json!({"branch_name": "feature/é", "auto_commit": false, "model": "m-1"})
    );
}

#[tokio::test]
async fn the_headers_are_these_and_the_key_stands_in_one_of_them() {
    let server = Server::json(EVENT);
    let event = server
        .client()
        .send_message("ses_1", "m")
        .send()
        .await
        .unwrap();
    assert_eq!(event.id, "evt_1");
    let request = request(&server);
    assert_eq!(
        request.line,
        "POST /api/v1/sessions/ses_1/messages HTTP/1.1"
    );
    assert_eq!(request.body, r#"{"message":"m"}"#);
    let mut due = vec![
        "accept: application/json".to_owned(),
        "content-length: 15".to_owned(),
        "content-type: application/json".to_owned(),
        format!("host: {}", server.address()),
        concat!("user-agent: agen-api/", env!("CARGO_PKG_VERSION")).to_owned(),
        format!("x-api-key: {CANARY}"),
    ];
    if cfg!(feature = "gzip") {
        due.push("accept-encoding: gzip".to_owned());
    }
    due.sort();
    let mut headers = request.headers;
    headers.sort();
    assert_eq!(headers, due);
    assert_eq!(server.requests().concat().matches(CANARY).count(), 1);
}

#[tokio::test]
async fn list_sessions_has_no_query_unless_one_is_set() {
    let server = Server::json(r#"{"items":[],"next_cursor":null}"#);
    server.client().list_sessions().send().await.unwrap();
    let request = request(&server);
    assert_eq!(request.line, "GET /api/v1/sessions HTTP/1.1");
    assert_eq!(request.body, "");
    assert!(
        !request
            .headers
            .iter()
            .any(|header| header.starts_with("content-"))
    );
}

#[tokio::test]
async fn a_query_is_percent_encoded() {
    let server = Server::json(r#"{"items":[],"next_cursor":null}"#);
    let call = server
        .client()
        .list_sessions()
        .status("a b&c=d#e+f%é")
        .user_id("")
        .send()
        .await;
    call.unwrap();
    let line = request(&server).line;
    assert_eq!(
        line,
        "GET /api/v1/sessions?status=a%20b%26c%3Dd%23e%2Bf%25%C3%A9&user_id= HTTP/1.1"
    );
}

#[tokio::test]
async fn a_path_value_stays_one_segment() {
    for (id, segment) in [
        ("a/b?c#d", "a%2Fb%3Fc%23d"),
        ("../x", "..%2Fx"),
        ("%2e%2e", "%252e%252e"),
        ("...", "..."),
        ("a\\b", "a%5Cb"),
        ("é \r\nx: y", "%C3%A9%20%0D%0Ax%3A%20y"),
        ("{sessionId}", "%7BsessionId%7D"),
        ("a;b:c@d~e", "a%3Bb%3Ac%40d~e"),
    ] {
        let server = Server::json("[]");
        server.client().list_events(id).send().await.unwrap();
        assert_eq!(
            request(&server).line,
            format!("GET /api/v1/sessions/{segment}/events HTTP/1.1")
        );
    }
}

#[tokio::test]
async fn the_path_of_the_address_is_kept() {
    for suffix in ["/prefix", "/prefix/"] {
        let server = Server::json("[]");
        client(&format!("{}{suffix}", server.url()))
            .list_events("s")
            .send()
            .await
            .unwrap();
        assert_eq!(
            request(&server).line,
            "GET /prefix/api/v1/sessions/s/events HTTP/1.1"
        );
    }
}

#[tokio::test]
async fn arguments_that_cannot_be_sent_are_refused_and_nothing_goes_out() {
    let server = Server::json("[]");
    let client = server.client();
    for (id, reason) in [("", "is empty"), (".", "is `.`"), ("..", "is `..`")] {
        let error = client.list_events(id).send().await.unwrap_err();
        assert_refused(&error, &format!("path parameter `sessionId` {reason}"));
    }
    let error = client.send_message("", "").send().await.unwrap_err();
    assert_refused(&error, "path parameter `sessionId` is empty");
    assert_refused(&error, "argument `message` has 0 characters");
    assert_eq!(server.requests(), Vec::<String>::new());
}

fn assert_refused(error: &Error, text: &str) {
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert_eq!(error.status(), None);
    let operation = error.operation().unwrap();
    assert!(
        error
            .to_string()
            .starts_with(&format!("{operation}: refused before sending: ")),
        "{error}"
    );
    assert!(error.to_string().contains(text), "{error}");
    assert_no_leak(error);
}

#[test]
fn futures_and_clients_can_cross_threads() {
    fn is_send<T: Send>(_: &T) {}
    fn is_shared<T: Send + Sync + Clone + 'static>(_: &T) {}
    let client = client("http://127.0.0.1:1");
    is_shared(&client);
    is_send(&client.create_session(None).send());
    is_send(&client.list_sessions().send());
    is_send(&client.send_message("s", "m").send());
    is_send(&client.list_events("s").send());
}
