//! What a call that fails tells, and what it keeps to itself.

use std::time::Duration;

use agen_api::{Client, Error, ErrorKind};

use super::common::{self, CANARY, Server, assert_no_leak, builder, text};

async fn failure(server: &Server) -> Error {
    common::failure(server.client().list_sessions().send().await)
}

#[tokio::test]
async fn a_failed_status_has_the_servers_words_and_what_was_received() {
    for body in [
        r#"{"message":"No such\nuser"}"#,
        r#"{"error":"No such\nuser"}"#,
        r#"{"error":{"message":"No such\nuser","code":7}}"#,
        r#"{"detail":"No such\nuser","title":"x"}"#,
        r#"{"title":"No such\nuser"}"#,
    ] {
        let server = Server::answering(
            "404 Not Found",
            &["x-request-id: req-1", "x-other: o"],
            body,
        );
        let error = failure(&server).await;
        assert_eq!(error.kind(), ErrorKind::Status);
        assert_eq!(error.message(), Some("No such\\u{a}user"));
        assert_eq!(
            text(&error),
            "404 Not Found: No such\\u{a}user (request id req-1)"
        );
        assert_eq!(error.operation().map(str::is_empty), Some(false));
        assert_eq!(error.request_id(), Some("req-1"));
        assert_eq!(error.headers().unwrap()["x-other"], "o");
        assert_eq!(error.body(), Some(body.as_bytes()));
        assert_eq!(
            error.json::<serde_json::Value>().unwrap().to_string().len(),
            body.len()
        );
        assert_eq!(error.json::<u8>(), None);
    }
}

#[tokio::test]
async fn a_body_that_is_not_json_is_kept_and_not_shown() {
    let html = format!("<html>{}</html>", "x".repeat(100_000));
    let server = Server::answering("502 Bad Gateway", &["content-type: text/html"], &html);
    let error = failure(&server).await;
    assert_eq!(text(&error), "502 Bad Gateway: the server gives no reason");
    assert_eq!(error.message(), None);
    assert_eq!(error.body().unwrap(), &html.as_bytes()[..64 * 1024]);
    let server = Server::answering("401 Unauthorized", &[], "");
    assert_eq!(
        text(&failure(&server).await),
        "401 Unauthorized: the server gives no reason (check the API key)"
    );
}

#[tokio::test]
async fn a_key_that_the_server_sends_back_is_not_shown() {
    let body = format!(r#"{{"message":"Invalid key {CANARY}"}}"#);
    let server = Server::answering(
        "401 Unauthorized",
        &[&format!("x-request-id: {CANARY}")],
        &body,
    );
    let error = failure(&server).await;
    assert_eq!(error.message(), Some("Invalid key [API key]"));
    let server = Server::answering(
        "302 Found",
        &[&format!("location: http://127.0.0.1/{CANARY}")],
        "",
    );
    assert_eq!(failure(&server).await.kind(), ErrorKind::Redirect);
    let server = Server::json(&format!(r#"{{"items":"{CANARY}","next_cursor":null}}"#));
    assert_eq!(failure(&server).await.kind(), ErrorKind::Decode);
    let server = Server::answering("200 OK", &[&format!("content-type: text/{CANARY}")], "no");
    assert_eq!(failure(&server).await.kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn a_server_cannot_write_more_than_a_line() {
    let body = format!(r#"{{"message":"{}"}}"#, "a\\u001b[2J\\n".repeat(1000));
    let error = failure(&Server::answering("400 Bad Request", &[], &body)).await;
    assert!(
        error.to_string().len() < 4000,
        "{}",
        error.to_string().len()
    );
    assert!(!error.to_string().contains('\u{1b}'));
}

#[tokio::test]
async fn a_decode_error_names_the_place_and_keeps_the_answer() {
    let good = r#"{"id":"s","title":"t","workspace_id":"w","user_id":"u","branch_name":null,"auto_commit":false,
        "status":"a","origin":"api","created_at":"2025-01-31T09:15:00Z","updated_at":"2025-01-31T09:15:00Z"}"#;
    let bad = good.replacen("2025-01-31T09:15:00Z", "yesterday", 1);
    let body = format!(r#"{{"next_cursor":null,"items":[{good},{bad}]}}"#);
    let server = Server::answering("201 Created", &["request-id: r"], &body);
    let error = failure(&server).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(
        text(&error).starts_with("the answer does not fit at items[1].created_at: "),
        "{error}"
    );
    assert!(
        error
            .to_string()
            .ends_with("(status 201 Created, request id r)"),
        "{error}"
    );
    assert_eq!(error.status().unwrap().as_u16(), 201);
    assert_eq!(error.body(), Some(body.as_bytes()));

    let body = good.replace(r#""user_id":"u","#, "");
    let server = Server::json(&format!(r#"{{"items":[{body}],"next_cursor":null}}"#));
    let error = failure(&server).await;
    assert!(
        text(&error).starts_with("the answer does not fit at items[0]: missing field `user_id`"),
        "{error}"
    );
}

#[tokio::test]
async fn a_successful_answer_that_is_not_json_is_told_as_such() {
    let error = failure(&Server::answering("204 No Content", &[], "")).await;
    assert_eq!(
        text(&error),
        "the answer has no body, where JSON is due (status 204 No Content)"
    );
    let error = failure(&Server::answering(
        "200 OK",
        &["content-type: text/html"],
        "<html>",
    ))
    .await;
    assert_eq!(
        text(&error),
        "the answer is not JSON but text/html (status 200 OK)"
    );
    let error = failure(&Server::json(r#"{"items":[{"id":"#)).await;
    assert!(
        text(&error).starts_with("the answer does not fit at items[0].id: EOF"),
        "{error}"
    );
}

#[test]
fn a_client_that_cannot_work_is_not_made() {
    let built = |key: &str, url: &str| {
        let error = builder(url).api_key(key).build().unwrap_err();
        assert_eq!(
            (error.kind(), error.operation(), error.status()),
            (ErrorKind::Configuration, None, None)
        );
        assert_no_leak(&error);
        error.to_string()
    };
    assert!(built("", "http://localhost:1").starts_with("api_key is empty"));
    assert!(
        built(&format!("{CANARY}\n"), "http://localhost:1")
            .starts_with("api_key begins or ends with")
    );
    assert!(
        built(&format!("{CANARY}\r\nx: y"), "http://localhost:1")
            .starts_with("api_key holds a character")
    );
    assert!(
        built(CANARY, &format!("http://{CANARY}.example.com"))
            .starts_with("base_url is plain http")
    );
    assert!(built(CANARY, CANARY).starts_with("base_url is not a URL"));
    let error = Client::builder().build().unwrap_err();
    assert!(error.to_string().starts_with("api_key is not set"));
    let zero = builder("http://localhost:1").timeout(Duration::ZERO);
    assert!(
        zero.build()
            .unwrap_err()
            .to_string()
            .starts_with("timeout is zero")
    );
}

#[tokio::test]
async fn an_empty_name_of_a_request_does_not_hide_another() {
    let headers = ["x-request-id:", "request-id: r-2"];
    let server = Server::answering(
        "404 Not Found",
        &headers,
        r#"{"message":" ","error":"Gone"}"#,
    );
    let error = failure(&server).await;
    assert_eq!(error.request_id(), Some("r-2"));
    assert_eq!(error.message(), Some("Gone"));
}
