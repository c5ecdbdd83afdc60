//! What a call tells to a subscriber.

use agen_api::{Method, mock::Waits};

use super::common::{Answer, CANARY, Server, canary, client, failure, scanners::take_traces};

/// The value of a field in a line; none when it is empty.
fn field<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = line.split_once(&format!(" {name}="))?;
    Some(rest.split(" |").next().unwrap_or_default())
}

fn assert_fields(lines: &[String], due: &[(&str, &str)]) {
    let all = lines.concat();
    for (name, value) in due {
        assert_eq!(field(&all, name), Some(*value), "{name} in {lines:#?}");
    }
}

#[tokio::test]
async fn a_call_is_a_span_with_what_is_known_of_it() {
    let answer = Answer::new("200 OK", &["x-request-id: req-1"], "[]");
    let server = Server::script([answer]);
    let client = server.client();
    take_traces();
    client.list_events("ses_1").send().await.unwrap();
    let traces = take_traces();
    assert!(traces[0].starts_with("span INFO call "), "{traces:#?}");
    let port = server.address().port().to_string();
    assert_fields(
        &traces,
        &[
            ("otel.name", "GET /api/v1/sessions/{sessionId}/events"),
            ("otel.kind", "client"),
            ("agen.operation", "list_events"),
            ("agen.request_id", "req-1"),
            ("http.request.method", "GET"),
            ("http.response.status_code", "200"),
            ("url.template", "/api/v1/sessions/{sessionId}/events"),
            (
                "url.full",
                &format!("{}/api/v1/sessions/ses_1/events", server.url()),
            ),
            ("server.address", "127.0.0.1"),
            ("server.port", &port),
        ],
    );
    let all = traces.concat();
    let duration = field(&all, "agen.duration").unwrap();
    assert!(duration.parse::<f64>().unwrap() >= 0.0, "{duration}");
    for absent in [
        "error.type",
        "otel.status_code",
        "http.request.resend_count",
    ] {
        assert_eq!(field(&all, absent), None, "{traces:#?}");
    }
    assert!(!all.contains("event "), "{traces:#?}");
}

#[tokio::test]
async fn a_retry_is_a_warning() {
    let answers = [
        Answer::new("429 Slow", &["retry-after: 3"], ""),
        Answer::reset(),
        Answer::json("[]"),
    ];
    let server = Server::script(answers);
    let client = server.builder().waits(&Waits::default()).build().unwrap();
    take_traces();
    client.list_events("ses_1").send().await.unwrap();
    let traces = take_traces();
    let warnings: Vec<_> = traces
        .iter()
        .filter(|line| line.starts_with("event WARN "))
        .cloned()
        .collect();
    assert_eq!(warnings.len(), 2, "{traces:#?}");
    for (warning, attempt, cause, wait) in [
        (&warnings[0], "1", "429", "3.0"),
        (&warnings[1], "2", "connection", "1.0"),
    ] {
        assert_fields(
            std::slice::from_ref(warning),
            &[
                ("http.request.resend_count", attempt),
                ("error.type", cause),
                ("agen.retry.wait", wait),
            ],
        );
        assert!(warning.contains("is tried again"), "{warning}");
    }
    let rest: Vec<_> = traces
        .into_iter()
        .filter(|line| !line.starts_with("event "))
        .collect();
    assert_fields(
        &rest,
        &[
            ("http.request.resend_count", "2"),
            ("http.response.status_code", "200"),
        ],
    );
}

#[tokio::test]
async fn a_failure_is_told_by_its_kind_or_status() {
    let server = Server::answering("404 Not Found", &["x-request-id: r"], "");
    let client = server.client();
    take_traces();
    failure(
        client
            .request(Method::GET, "/a?b=secret")
            .send_bytes()
            .await,
    );
    let traces = take_traces();
    assert_fields(
        &traces,
        &[
            ("error.type", "404"),
            ("otel.status_code", "ERROR"),
            ("http.response.status_code", "404"),
            ("agen.request_id", "r"),
        ],
    );
    // A query can hold what is nobody's business.
    assert!(!traces.concat().contains("secret"), "{traces:#?}");

    failure(client.list_events("").send().await);
    // Nothing was called.
    assert_eq!(take_traces(), Vec::<String>::new());
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_a_failure() {
    let server = Server::json("{}");
    let client = server.client();
    take_traces();
    failure(client.list_sessions().send().await);
    let due = [
        ("error.type", "decode"),
        ("otel.status_code", "ERROR"),
        ("http.response.status_code", "200"),
    ];
    assert_fields(&take_traces(), &due);
}

#[tokio::test]
async fn a_key_that_the_server_sends_back_is_not_traced() {
    let header = format!("x-request-id: {CANARY}");
    let server = Server::script([Answer::new("429 Slow", &[&header], "")]);
    let client = server.builder().waits(&Waits::default()).build().unwrap();
    take_traces();
    // The scanners look at what is traced.
    failure(client.list_sessions().send().await);
    assert_fields(&take_traces(), &[("agen.request_id", "[API key]")]);
}

#[tokio::test]
async fn a_call_without_a_template_is_named_by_its_method() {
    // The scanners look for the key in what is traced, and nobody listens at this address.
    let nobody = client("http://127.0.0.1:1");
    let call = nobody.request(Method::GET, format!("/a/{CANARY}"));
    canary::scan("the debug text of a call", &format!("{call:?}"));
    failure(call.send_bytes().await);
    let server = Server::json("[]");
    take_traces();
    let client = server.client();
    client
        .request(Method::GET, "/a/b")
        .send_bytes()
        .await
        .unwrap();
    let all = take_traces().concat();
    assert_eq!(field(&all, "otel.name"), Some("GET"), "{all}");
    assert_eq!(field(&all, "url.template"), None, "{all}");
}
