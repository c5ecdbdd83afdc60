//! What a call that fails tells, and what it keeps to itself.

mod common;

use std::{error::Error as _, net::TcpListener, time::Duration};

use agen_api::{Client, Error, ErrorKind};
use common::{CANARY, Server, assert_no_leak};

async fn failure(server: &Server) -> Error {
    let error = server.client().list_sessions().send().await.unwrap_err();
    assert_no_leak(&error);
    error
}

/// The text of an error behind the name of its operation.
fn text(error: &Error) -> String {
    error.to_string().split_once(": ").unwrap().1.to_owned()
}

#[tokio::test]
async fn no_redirect_is_followed() {
    for status in [
        "301 Moved",
        "302 Found",
        "303 See Other",
        "307 Temporary",
        "308 Permanent",
    ] {
        let second = TcpListener::bind("127.0.0.1:0").unwrap();
        second.set_nonblocking(true).unwrap();
        let location = format!(
            "location: http://user:pass@{}/elsewhere?q=1#f",
            second.local_addr().unwrap()
        );
        let first = Server::answering(status, &[&location], "");
        let client = first.client();
        for error in [
            client.list_sessions().send().await.unwrap_err(),
            client.send_message("s", "m").send().await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::Redirect);
            assert_eq!(error.status().unwrap().as_str(), &status[..3]);
            let shown = format!(
                "the server points to http://{}/elsewhere, which",
                second.local_addr().unwrap()
            );
            assert!(error.to_string().contains(&shown), "{error}");
            assert!(error.to_string().contains("AGEN_BASE_URL"), "{error}");
            assert_no_leak(&error);
        }
        assert_eq!(first.requests().len(), 2);
        // Not even a connection was made.
        assert_eq!(
            second.accept().unwrap_err().kind(),
            std::io::ErrorKind::WouldBlock
        );
    }
}

#[tokio::test]
async fn a_redirect_on_the_same_origin_is_not_followed_either() {
    let server = Server::answering("302 Found", &["location: /login?next=x"], "");
    let error = failure(&server).await;
    assert!(
        error
            .to_string()
            .contains(&format!("points to {}/login, which", server.url())),
        "{error}"
    );
    assert_eq!(server.requests().len(), 1);
    let server = Server::answering("302 Found", &[], "");
    assert!(
        failure(&server)
            .await
            .to_string()
            .contains("names no address")
    );
    let server = Server::answering("304 Not Modified", &["location: data:text/plain,x"], "");
    assert!(
        failure(&server)
            .await
            .to_string()
            .contains("names no address")
    );
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

#[tokio::test]
async fn a_body_above_the_limit_is_not_read_to_its_end() {
    let said = Server::raw("HTTP/1.1 200 OK\r\ncontent-length: 33554433\r\n\r\n[");
    let mut endless = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..33 {
        endless.extend_from_slice(b"100000\r\n");
        endless.resize(endless.len() + 0x10_0000, b' ');
        endless.extend_from_slice(b"\r\n");
    }
    for server in [said, Server::raw(endless)] {
        let error = failure(&server).await;
        assert_eq!(error.kind(), ErrorKind::TooLarge);
        assert_eq!(error.status().unwrap().as_u16(), 200);
        assert!(
            text(&error).starts_with("the body of the answer is longer than 33554432 bytes"),
            "{error}"
        );
        assert!(error.body().unwrap().len() <= 64 * 1024);
    }
}

#[tokio::test]
async fn a_broken_connection_says_how_far_it_came() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let error = common::client(&address)
        .list_sessions()
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(
        text(&error).starts_with(&format!("no connection to {address}: ")),
        "{error}"
    );
    assert!(error.source().is_some());
    assert_no_leak(&error);

    let error = failure(&Server::raw("")).await;
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Connection, None)
    );
    assert!(
        text(&error).starts_with("the connection broke before the answer of"),
        "{error}"
    );

    let error = failure(&Server::raw(
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\nx-request-id: r\r\n\r\n[",
    ))
    .await;
    assert_eq!(
        (error.kind(), error.request_id()),
        (ErrorKind::Connection, Some("r"))
    );
    assert_eq!(error.status().unwrap().as_u16(), 200);
    assert!(
        text(&error).starts_with("the connection broke in the middle of the answer of"),
        "{error}"
    );
    assert_eq!(error.body(), Some(&b"["[..]));

    let error = failure(&Server::raw(
        "HTTP/1.1 500 Oops\r\ncontent-length: 99\r\n\r\nhalf",
    ))
    .await;
    assert_eq!(
        (error.kind(), error.body()),
        (ErrorKind::Status, Some(&b"half"[..]))
    );
}

#[tokio::test]
async fn a_server_that_does_not_answer_ends_in_a_timeout() {
    // The kernel accepts the connection; nobody answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = Client::builder()
        .api_key(CANARY)
        .base_url(format!("http://{}", silent.local_addr().unwrap()))
        .timeout(Duration::from_millis(20))
        .build()
        .unwrap();
    let error = client.list_sessions().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(
        text(&error).starts_with("no answer from http://127.0.0.1:"),
        "{error}"
    );
    assert_no_leak(&error);
}

#[test]
fn a_client_that_cannot_work_is_not_made() {
    let built = |key: &str, url: &str| {
        let error = Client::builder()
            .api_key(key)
            .base_url(url)
            .build()
            .unwrap_err();
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
    let zero = Client::builder()
        .api_key(CANARY)
        .base_url("http://localhost:1")
        .timeout(Duration::ZERO);
    assert!(
        zero.build()
            .unwrap_err()
            .to_string()
            .starts_with("timeout is zero")
    );
}
