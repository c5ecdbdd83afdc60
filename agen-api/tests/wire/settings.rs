//! What a caller may set, for a client and for one call.

use std::time::Duration;

use agen_api::{Client, ErrorKind, Method, RetryPolicy, mock::Waits};
use serde_json::{Value, json};

use super::common::{
    Answer, CANARY, Server, builder, canary::scan, client, failure, in_time, text, trusting,
};

/// The head of the one request that the server has received, without the line break at its end.
fn head(server: &Server) -> String {
    let requests = server.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    requests[0].split_once("\r\n\r\n").unwrap().0.to_owned()
}

#[tokio::test]
async fn one_call_has_headers_and_queries_of_its_own() {
    let server = Server::json(r#"{"items":[],"next_cursor":null}"#);
    let client = server.client();
    let call = client.list_sessions().status("a").header("X-One", "1");
    let call = call
        .query("b c", "d&e")
        .query("n", 7)
        .header("accept", "application/x+json");
    call.send().await.unwrap();
    let head = head(&server);
    assert!(
        head.starts_with("GET /api/v1/sessions?status=a&b%20c=d%26e&n=7 HTTP/1.1\r\n"),
        "{head}"
    );
    assert!(head.contains("\r\nx-one: 1"), "{head}");
    assert!(head.contains("\r\naccept: application/x+json"), "{head}");
    assert_eq!(head.matches("\r\naccept: ").count(), 1, "{head}");
}

#[tokio::test]
async fn one_call_has_a_timeout_of_its_own() {
    let server = Server::script([Answer::silence()]);
    let client = server.client();
    let call = client.list_sessions().timeout(Duration::from_millis(20));
    let error = failure(in_time(call.send()).await);
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
}

#[tokio::test]
async fn the_largest_values_are_no_trouble() {
    let longest = Duration::MAX;
    let policy = RetryPolicy::default()
        .max_retries(u32::MAX)
        .backoff(longest, longest)
        .longest_retry_after(longest);
    let answer = Answer::new("429 Slow", &["retry-after: 18446744073709551615"], "");
    let server = Server::script([answer, Answer::json("[]")]);
    let builder = server.builder().timeout(longest).attempt_timeout(longest);
    let builder = builder.connect_timeout(longest).retry_policy(policy);
    let client = builder.max_response_bytes(usize::MAX).build().unwrap();
    // Longer than any call has time.
    let error = failure(in_time(client.list_events("s").send()).await);
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Status, 1));
    let call = client.list_events("s").timeout(longest);
    assert!(in_time(call.send()).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_one_call_cannot_have_is_refused_and_nothing_goes_out() {
    let server = Server::json("[]");
    let client = server.client();
    let call = || client.list_events("s");
    for (call, reason) in [
        (
            call().header("X-API-Key", "other"),
            "`x-api-key` is the one that carries the key",
        ),
        (
            call().header("Host", "example.com"),
            "`host` says where or how",
        ),
        (
            call().header("Content-Length", "1"),
            "`content-length` says where or how",
        ),
        (
            call().header("Transfer-Encoding", "chunked"),
            "`transfer-encoding` says where or how",
        ),
        (
            call().header("x y", "z"),
            "`x y` has a name that no HTTP header can have",
        ),
        (
            call().header("", "z"),
            "has a name that no HTTP header can have",
        ),
        (
            call().header("x\r\ny", "z"),
            "has a name that no HTTP header can have",
        ),
        (call().header("x", "y\r\nz: a"), "`x` holds a character"),
        (call().query("", "z"), "has no name"),
        (call().timeout(Duration::ZERO), "timeout is zero"),
    ] {
        let error = failure(call.send().await);
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Refused, 0));
        assert!(
            text(&error).starts_with("refused before sending: "),
            "{error}"
        );
        assert!(text(&error).contains(reason), "{error}");
    }
    assert!(server.received().is_empty());
}

#[test]
fn what_a_call_was_given_is_not_shown() {
    let client = client("http://127.0.0.1:1");
    let call = client
        .list_events("s")
        .header("authorization", CANARY)
        .query("q", CANARY);
    scan("a call", &format!("{call:?} {call:#?}"));
}

#[tokio::test]
async fn the_program_names_itself() {
    let server = Server::json("[]");
    let client = server
        .builder()
        .user_agent_prefix("my-app/1.2")
        .build()
        .unwrap();
    client.list_events("s").send().await.unwrap();
    let agent = concat!(
        "\r\nuser-agent: my-app/1.2 agen-api/",
        env!("CARGO_PKG_VERSION")
    );
    assert!(head(&server).contains(agent), "{}", head(&server));
}

#[test]
fn plain_http_is_for_the_host_that_was_named() {
    let built = |address: &str, host: &str| builder(address).allow_plain_http(host).build();
    assert!(built("http://api.test", "api.test").is_ok());
    assert!(built("http://api.test:8080/v1", "api.test").is_ok());
    for (address, host) in [
        ("http://other.test", "api.test"),
        ("http://api.test.example.com", "api.test"),
        ("http://sub.api.test", "api.test"),
        ("http://api.test", "*"),
        ("http://api.test", "test"),
    ] {
        let error = failure(built(address, host));
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("plain http"), "{error}");
    }
    for host in ["", "http://api.test", "api.test/a"] {
        let error = failure(built("http://api.test", host));
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(
            error.to_string().starts_with("allow_plain_http is not"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn an_own_http_client_keeps_to_the_rules() {
    let server = Server::json("[]");
    let own = trusting()
        .connection_verbose(true)
        .user_agent("own/1")
        .default_headers(
            [(reqwest::header::VIA, "own".parse().unwrap())]
                .into_iter()
                .collect(),
        );
    let client = server.builder().http(own).build().unwrap();
    client.list_events("s").send().await.unwrap();
    let head = head(&server);
    assert!(head.contains("\r\nvia: own"), "{head}");
    assert!(head.contains("\r\nuser-agent: agen-api/"), "{head}");
    assert_eq!(head.matches("\r\nuser-agent: ").count(), 1, "{head}");

    // The address is https, so an own client that would speak http is not asked to.
    let plain = builder("https://127.0.0.1:1").http(trusting().https_only(false));
    assert!(plain.build().is_ok());
}

#[tokio::test]
async fn an_own_http_client_has_no_key_of_its_own() {
    let server = Server::json("[]");
    let header = reqwest::header::HeaderName::from_static("x-api-key");
    let own =
        trusting().default_headers([(header, "other".parse().unwrap())].into_iter().collect());
    let client = server.builder().http(own).build().unwrap();
    client.list_events("s").send().await.unwrap();
    let head = head(&server);
    assert_eq!(head.matches("\r\nx-api-key: ").count(), 1, "{head}");
    assert!(head.contains(CANARY), "{head}");
}

#[tokio::test]
async fn a_call_that_the_document_does_not_have() {
    let server = Server::script([Answer::json(r#"{"a":1}"#)]);
    let client = server.client();
    let call = client
        .request(Method::PATCH, "/api/v1/sessions/s%2F1?a=b")
        .json(&json!({"c": null}));
    let answer: Value = call
        .query("d", "e")
        .header("x-f", "g")
        .send()
        .await
        .unwrap();
    assert_eq!(answer, json!({"a": 1}));
    let bytes = client
        .request(Method::DELETE, "/x")
        .send_bytes()
        .await
        .unwrap();
    assert_eq!(bytes, r#"{"a":1}"#);
    let requests = server.requests();
    assert!(
        requests[0].starts_with("PATCH /api/v1/sessions/s%2F1?a=b&d=e HTTP/1.1\r\n"),
        "{requests:?}"
    );
    assert!(
        requests[0].contains("\r\ncontent-type: application/json\r\n"),
        "{requests:?}"
    );
    assert!(requests[0].contains("\r\nx-f: g\r\n"), "{requests:?}");
    assert!(
        requests[0].ends_with("\r\n\r\n{\"c\":null}"),
        "{requests:?}"
    );
    assert!(
        requests[1].starts_with("DELETE /x HTTP/1.1\r\n"),
        "{requests:?}"
    );
    assert!(
        requests[1].contains(&format!("\r\nx-api-key: {CANARY}\r\n")),
        "{requests:?}"
    );
}

#[tokio::test]
async fn a_call_that_the_document_does_not_have_keeps_to_the_rules() {
    for (method, tries) in [
        (Method::GET, 3),
        (Method::HEAD, 3),
        (Method::PUT, 3),
        (Method::DELETE, 3),
        (Method::POST, 1),
        (Method::PATCH, 1),
    ] {
        let server = Server::answering("500 Oops", &[], "");
        let client = server.builder().waits(&Waits::default()).build().unwrap();
        let error = failure(client.request(method.clone(), "/a").send_bytes().await);
        assert_eq!(
            (error.kind(), error.attempts()),
            (ErrorKind::Status, tries),
            "{method}"
        );
        assert_eq!(error.operation(), Some(&*format!("{method} /a")));
        let call = client.request(method, "/a").no_retries();
        assert_eq!(failure(call.send_bytes().await).attempts(), 1);
    }
    let server = Server::json("[1]");
    let client = server.client();
    let error = failure(client.request(Method::GET, "/a").send::<Vec<bool>>().await);
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(
        text(&error).starts_with("the answer does not fit at [0]: "),
        "{error}"
    );
}

#[tokio::test]
async fn a_path_that_would_lead_elsewhere_is_refused() {
    let server = Server::json("{}");
    let client: Client = server.client();
    for path in [
        "",
        "a",
        "@example.com/",
        "https://example.com/",
        "/../a",
        "/%2E%2e/a",
        "/{id}",
        "/a\r\nb: c",
        "/a#b",
    ] {
        let error = failure(client.request(Method::GET, path).send::<Value>().await);
        assert_eq!(
            (error.kind(), error.attempts()),
            (ErrorKind::Refused, 0),
            "{path}"
        );
    }
    assert!(server.received().is_empty());
    client
        .request(Method::GET, "//example.com/a")
        .send::<Value>()
        .await
        .unwrap();
    assert!(
        head(&server).starts_with("GET //example.com/a HTTP/1.1\r\n"),
        "{}",
        head(&server)
    );
}
