//! Every way in which a connection can fail. Each ends in the error that it should be, after as many tries as
//! it should take, and within the time of the call: a client that hung would get a timeout in place of the
//! error that is expected.

use std::{error::Error as _, time::Duration};

use agen_api::{ClientBuilder, Error, ErrorKind, RetryPolicy, mock::Waits};

use super::common::{Answer, Server, builder, failure, in_time, text, trusting};

pub(super) const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";

/// A builder whose client does not wait between tries, and has 20 seconds for a call; the waits that it does
/// not wait for are taken off them.
pub(super) fn bounded(builder: ClientBuilder) -> ClientBuilder {
    builder
        .waits(&Waits::default())
        .timeout(Duration::from_secs(20))
}

/// The error of a `GET` that gets this answer, whenever it asks.
pub(super) async fn fault(answer: Answer) -> Error {
    fault_of(answer, |builder| builder).await
}

pub(super) async fn fault_of(
    answer: Answer,
    set: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> Error {
    let mut server = Server::script([answer]);
    let client = set(bounded(server.builder())).build().unwrap();
    let error = failure(in_time(client.list_sessions().send()).await);
    drop(client);
    server.stop();
    let (requests, attempts) = (server.requests().len(), error.attempts() as usize);
    // A try that has no time left may end before it has sent anything.
    assert!(requests <= attempts, "{requests} requests: {error}");
    assert!(
        requests == attempts || error.kind() == ErrorKind::Timeout,
        "{requests} requests: {error}"
    );
    error
}

/// Kind, status and tries of an error.
pub(super) fn summary(error: &Error) -> (ErrorKind, Option<u16>, u32) {
    let status = error.status().map(|status| status.as_u16());
    (error.kind(), status, error.attempts())
}

#[tokio::test]
async fn no_connection() {
    // Nobody listens here, and nobody else can get the port.
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    let any = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    socket.bind(&any.into()).unwrap();
    let address = socket.local_addr().unwrap().as_socket().unwrap();
    let address = format!("http://{address}");
    let client = bounded(builder(&address)).build().unwrap();
    for error in [
        failure(client.list_sessions().send().await),
        failure(client.send_message("s", "m").send().await),
    ] {
        assert_eq!(summary(&error), (ErrorKind::Connection, None, 3));
        let start = format!("no connection to {address}: ");
        assert!(text(&error).starts_with(&start), "{error}");
        assert!(text(&error).ends_with(" (tried 3 times)"), "{error}");
        assert!(error.source().is_some());
    }
}

#[tokio::test]
async fn a_connection_that_breaks_before_the_answer() {
    for (name, answer) in [
        ("reset", Answer::reset()),
        ("closed", Answer::raw("")),
        ("reset in the head", Answer::raw("HTTP/1.1 20").then_reset()),
        ("closed in the head", Answer::raw(HEAD)),
        ("no HTTP", Answer::raw("220 smtp.example.com ESMTP\r\n\r\n")),
        (
            "no text",
            Answer::raw([0x16, 0x03, 0, 0xff, 0xfe, b'\r', b'\n', b'\r', b'\n']),
        ),
        ("HTTP/2", Answer::raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")),
        ("no status", Answer::raw("HTTP/1.1 abc\r\n\r\n")),
        (
            "two lengths",
            Answer::raw(format!(
                "{HEAD}content-length: 1\r\ncontent-length: 2\r\n\r\n[]"
            )),
        ),
        (
            "no length",
            Answer::raw(format!("{HEAD}content-length: -1\r\n\r\n[]")),
        ),
        (
            "too many headers",
            Answer::raw(format!("{HEAD}{}\r\n[]", "a: b\r\n".repeat(1000))),
        ),
        (
            "too long a header",
            Answer::raw(format!("{HEAD}a: {}\r\n\r\n[]", "b".repeat(1 << 20))),
        ),
        (
            "endless headers",
            Answer::raw(HEAD).then_endless("a: b\r\n".repeat(1000)),
        ),
        (
            "endless header",
            Answer::raw(format!("{HEAD}a: ")).then_endless("b".repeat(4096)),
        ),
    ] {
        let error = fault(answer).await;
        assert_eq!(
            summary(&error),
            (ErrorKind::Connection, None, 3),
            "{name}: {error}"
        );
        let start = "the connection broke before the answer of http://127.0.0.1:";
        assert!(text(&error).starts_with(start), "{name}: {error}");
    }
}

#[tokio::test]
async fn a_connection_that_breaks_in_the_answer() {
    let chunked = format!("{HEAD}transfer-encoding: chunked\r\n\r\n");
    for (name, answer) in [
        (
            "reset after the head",
            Answer::raw(format!("{HEAD}content-length: 9\r\n\r\n")).then_reset(),
        ),
        (
            "reset in the body",
            Answer::raw(format!("{HEAD}content-length: 9\r\n\r\n[")).then_reset(),
        ),
        (
            "too short a body",
            Answer::raw(format!("{HEAD}content-length: 9\r\n\r\n[")),
        ),
        ("truncated chunk", Answer::raw(format!("{chunked}5\r\n["))),
        (
            "reset in a chunk",
            Answer::raw(format!("{chunked}5\r\n[")).then_reset(),
        ),
        ("no last chunk", Answer::raw(format!("{chunked}1\r\n[\r\n"))),
        (
            "bad size of a chunk",
            Answer::raw(format!("{chunked}1\r\n[\r\nxyz\r\n")),
        ),
        (
            "too large a chunk",
            Answer::raw(format!("{chunked}1\r\n[\r\n{}\r\n", "f".repeat(17))),
        ),
        (
            "endless size of a chunk",
            Answer::raw(format!("{chunked}1\r\n[\r\n1;")).then_endless("a".repeat(4096)),
        ),
        (
            "endless trailers",
            Answer::raw(format!("{chunked}1\r\n[\r\n0\r\n")).then_endless("a: b\r\n".repeat(999)),
        ),
        (
            "bad end of a chunk",
            Answer::raw(format!("{chunked}1\r\n[]\r\n0\r\n\r\n")),
        ),
    ] {
        let error = fault(answer).await;
        assert_eq!(
            summary(&error),
            (ErrorKind::Connection, Some(200), 3),
            "{name}: {error}"
        );
        let start = "the connection broke in the middle of the answer of http://127.0.0.1:";
        assert!(text(&error).starts_with(start), "{name}: {error}");
        assert!(
            error
                .to_string()
                .ends_with("(status 200 OK, tried 3 times)"),
            "{name}: {error}"
        );
        assert!(b"[]".starts_with(error.body().unwrap()), "{name}");
    }
}

#[tokio::test]
async fn no_answer_in_time() {
    let short = |builder: ClientBuilder| builder.timeout(Duration::from_millis(300));
    let second = Duration::from_secs(1);
    for (name, answer) in [
        ("silence", Answer::silence()),
        ("silence in the head", Answer::raw(HEAD).then_silence()),
        ("a byte a second", Answer::raw("").then_drip(HEAD, second)),
        (
            "bytes that come in time",
            Answer::raw("").then_drip(HEAD.repeat(99), second / 200),
        ),
        (
            "endless preliminaries",
            Answer::raw("").then_endless("HTTP/1.1 100 Continue\r\n\r\n"),
        ),
    ] {
        let error = fault_of(answer, short).await;
        assert_eq!(
            summary(&error),
            (ErrorKind::Timeout, None, 1),
            "{name}: {error}"
        );
        assert!(
            text(&error).starts_with("no answer from http://127.0.0.1:"),
            "{name}: {error}"
        );
    }
    let head = format!("{HEAD}content-length: 9999\r\n\r\n[");
    for (name, answer) in [
        ("silence", Answer::raw(head.clone()).then_silence()),
        (
            "a byte a second",
            Answer::raw(head.clone()).then_drip("[".repeat(99), second),
        ),
        (
            "bytes that come in time",
            Answer::raw(head).then_drip("[".repeat(9998), second / 200),
        ),
    ] {
        let error = fault_of(answer, short).await;
        assert_eq!(
            summary(&error),
            (ErrorKind::Timeout, Some(200), 1),
            "{name}: {error}"
        );
        let start = "no complete answer from http://127.0.0.1:";
        assert!(text(&error).starts_with(start), "{name}: {error}");
        assert!(error.body().unwrap().starts_with(b"["), "{name}");
    }
}

#[tokio::test]
async fn no_answer_to_a_try_in_time() {
    let impatient = |builder: ClientBuilder| builder.attempt_timeout(Duration::from_millis(20));
    let set = |builder: ClientBuilder| {
        let at_once = RetryPolicy::default().backoff(Duration::ZERO, Duration::ZERO);
        impatient(builder.retry_policy(at_once)).timeout(Duration::from_secs(1))
    };
    let error = fault_of(Answer::silence(), set).await;
    assert_eq!(summary(&error), (ErrorKind::Timeout, None, 3));

    // A call that cannot be tried again is not given up for another try.
    let body = r#"{"id":"e","session_id":"s","type":"t","status":"queued","payload":null}"#;
    let answer = format!("{HEAD}content-length: {}\r\n\r\n{body}", body.len());
    let slow = Answer::raw("").then_drip(answer, Duration::from_millis(1));
    let server = Server::script([slow]);
    let client = impatient(bounded(server.builder())).build().unwrap();
    client.send_message("s", "m").send().await.unwrap();
    assert_eq!(server.requests().len(), 1);

    // A try that is given up is not the end of the call.
    let server = Server::script([Answer::silence(), Answer::json("[]")]);
    let client = impatient(bounded(server.builder())).build().unwrap();
    assert!(client.list_events("s").send().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_follows_an_answer_is_not_the_next_one() {
    let known = Answer::json("[]");
    let surplus = Answer::json(r#"[{"id":"of nobody"}]"#);
    let server = Server::script([known.followed_by(&surplus), Answer::json("[]")]);
    let client = bounded(server.builder()).build().unwrap();
    for _ in 0..2 {
        assert!(client.list_events("s").send().await.unwrap().is_empty());
    }
    let connections: Vec<_> = server
        .log()
        .iter()
        .map(|request| request.connection)
        .collect();
    assert_eq!(connections, [0, 1]);
}

#[tokio::test]
async fn tls_that_fails() {
    let plain = Server::stranger([Answer::raw("HTTP/1.1 400 Bad Request\r\n\r\n")]);
    let https = plain.url().replace("http:", "https:");
    let client = bounded(builder(&https)).http(trusting()).build().unwrap();
    let error = failure(in_time(client.list_sessions().send()).await);
    assert_eq!(summary(&error), (ErrorKind::Connection, None, 3));
    assert!(
        text(&error).starts_with(&format!("no connection to {https}: ")),
        "{error}"
    );

    // The store of this machine does not know the certificate.
    let server = Server::https([Answer::json("[]")]).into_stranger();
    let client = bounded(server.builder()).build().unwrap();
    let error = failure(in_time(client.send_message("s", "m").send()).await);
    assert_eq!(summary(&error), (ErrorKind::Connection, None, 3));
    assert!(text(&error).contains("certificate"), "{error}");
    assert!(server.received().concat().is_empty());

    // A handshake that nobody answers is no connection either, so that even a POST is tried again.
    let silent = Server::stranger([Answer::silence()]);
    let https = silent.url().replace("http:", "https:");
    let short = bounded(builder(&https)).connect_timeout(Duration::from_millis(50));
    let client = short.http(trusting()).build().unwrap();
    let error = failure(in_time(client.send_message("s", "m").send()).await);
    assert_eq!(summary(&error), (ErrorKind::Timeout, None, 3));
    assert_eq!(
        text(&error),
        format!("no connection to {https} in time (tried 3 times)")
    );
}

#[tokio::test]
async fn a_body_of_a_failure_that_does_not_come_does_not_hold_up_the_call() {
    let stalled = Answer::raw("HTTP/1.1 429 Slow\r\nretry-after: 0\r\ncontent-length: 9\r\n\r\n{")
        .then_silence();
    let server = Server::script([stalled, Answer::json("[]")]);
    let client = server.builder().waits(&Waits::default()).build().unwrap();
    in_time(client.list_events("s").send()).await.unwrap();
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_try_is_not_cut_short_where_no_other_has_as_much_time() {
    let late = Answer::raw("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n")
        .then_drip("\r\n[]", Duration::from_millis(30));
    let server = Server::script([late]);
    // With the wait before it, another try would come too late.
    let wait = Duration::from_secs(9);
    let client = server
        .builder()
        .timeout(Duration::from_secs(9))
        .attempt_timeout(Duration::from_millis(20))
        .retry_policy(RetryPolicy::default().backoff(wait, wait));
    let client = client.build().unwrap();
    in_time(client.list_events("s").send()).await.unwrap();
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_url_that_is_too_long_is_refused_and_nothing_goes_out() {
    let server = Server::json("[]");
    let client = server.builder().waits(&Waits::default()).build().unwrap();
    let error = failure(client.list_events("a".repeat(70_000)).send().await);
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Refused, 0));
    assert!(
        text(&error).contains("the request cannot be made"),
        "{error}"
    );
    assert!(server.requests().is_empty());
}
