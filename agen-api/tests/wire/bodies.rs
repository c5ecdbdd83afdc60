//! Answers whose body is not what it should be: of another kind, too long, too deep.

use std::time::Duration;

use agen_api::ErrorKind;

use super::{
    common::{Answer, Server, failure, text},
    faults::{HEAD, bounded, fault, fault_of, summary},
};

#[tokio::test]
async fn a_failed_status_stays_what_it_is_however_its_body_ends() {
    for (name, answer, summary_due) in [
        (
            "HTML",
            Answer::new("502 Bad Gateway", &["content-type: text/html"], "<html>"),
            (502, 3),
        ),
        (
            "cut off",
            Answer::raw("HTTP/1.1 500 Oops\r\ncontent-length: 9\r\n\r\n<").then_reset(),
            (500, 3),
        ),
        ("empty", Answer::new("401 Unauthorized", &[], ""), (401, 1)),
        (
            "endless",
            Answer::raw("HTTP/1.1 400 Bad\r\n\r\n").then_endless("<".repeat(4096)),
            (400, 1),
        ),
        (
            "deep",
            Answer::new("400 Bad", &[], &"[".repeat(100_000)),
            (400, 1),
        ),
        (
            "no reason at all",
            Answer::raw("HTTP/1.1 499\r\ncontent-length: 0\r\n\r\n"),
            (499, 1),
        ),
    ] {
        let error = fault(answer).await;
        let (status, attempts) = summary_due;
        assert_eq!(
            summary(&error),
            (ErrorKind::Status, Some(status), attempts),
            "{name}: {error}"
        );
        assert!(
            text(&error).contains(": the server gives no reason"),
            "{name}: {error}"
        );
    }
    let dripping = Answer::raw("HTTP/1.1 404 Not Found\r\n\r\n")
        .then_drip(" ".repeat(999), Duration::from_secs(1));
    let error = fault_of(dripping, |builder| {
        builder.timeout(Duration::from_millis(300))
    })
    .await;
    assert_eq!(summary(&error), (ErrorKind::Status, Some(404), 1));
}

#[tokio::test]
async fn a_body_that_is_not_what_is_due() {
    let deep = "[".repeat(100_000);
    let list = |items: &str| Answer::json(&format!(r#"{{"next_cursor":null,"items":[{items}]}}"#));
    let mut bytes = format!("{HEAD}content-length: 5\r\n\r\n").into_bytes();
    bytes.extend_from_slice(b"{\"\xff\":");
    for (name, answer, reason) in [
        (
            "no body",
            Answer::raw("HTTP/1.1 204 No Content\r\n\r\n"),
            "has no body, where JSON is due",
        ),
        (
            "empty body",
            Answer::json(""),
            "has no body, where JSON is due",
        ),
        ("a cut", Answer::json("[{"), "does not fit"),
        ("wrong type", Answer::json("[]"), "does not fit"),
        (
            "wrong type at depth",
            list(r#"{"id":[]}"#),
            "does not fit at items[0].id: ",
        ),
        ("depth", Answer::json(&deep), "does not fit"),
        ("depth in a field", list(&deep), "does not fit at items"),
        (
            "two values",
            Answer::json(r#"{"next_cursor":null,"items":[]}{}"#),
            "does not fit: trailing",
        ),
        ("no UTF-8", Answer::raw(bytes), "does not fit"),
        (
            "UTF-16",
            Answer::new("200 OK", &[], "\u{feff}{\0}\0"),
            "does not fit",
        ),
    ] {
        let error = fault(answer).await;
        let status = if name == "no body" { 204 } else { 200 };
        assert_eq!(
            summary(&error),
            (ErrorKind::Decode, Some(status), 1),
            "{name}: {error}"
        );
        assert!(
            text(&error).starts_with(&format!("the answer {reason}")),
            "{name}: {error}"
        );
    }
}

#[tokio::test]
async fn an_item_of_the_wrong_kind_is_named() {
    for item in ["1", "\"x\"", "null", "[]"] {
        let error = fault(Answer::json(&format!(r#"{{"items":[{item}]}}"#))).await;
        let start = "the answer does not fit at items[0]: invalid type: ";
        assert!(text(&error).starts_with(start), "{item}: {error}");
    }
}

#[tokio::test]
async fn depth_in_a_value_that_nobody_knows() {
    for depth in [100, 100_000] {
        let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let event = format!(
            r#"{{"id":"e","session_id":"s","type":"t","status":"queued","payload":{deep}}}"#
        );
        let server = Server::json(&format!("[{event}]"));
        let client = bounded(server.builder()).build().unwrap();
        // What is as deep as this is kept, or is an error; it does not overflow the stack.
        match client.list_events("s").send().await {
            Ok(events) => assert_eq!((events.len(), depth), (1, 100)),
            Err(error) => assert_eq!(
                (failure(Err::<(), _>(error)).kind(), depth),
                (ErrorKind::Decode, 100_000)
            ),
        }
    }
}

#[tokio::test]
async fn a_body_longer_than_the_limit() {
    let space = " ".repeat(1 << 20);
    let chunk = format!("100000\r\n{space}\r\n");
    for (name, answer) in [
        (
            "said",
            Answer::raw(format!("{HEAD}content-length: {}\r\n\r\n", 100 << 20))
                .then_endless(space.clone()),
        ),
        (
            "absurd",
            Answer::raw(format!("{HEAD}content-length: {}\r\n\r\n", u64::MAX - 2)).then_silence(),
        ),
        (
            "chunked",
            Answer::raw(format!("{HEAD}transfer-encoding: chunked\r\n\r\n")).then_endless(chunk),
        ),
        (
            "until the end",
            Answer::raw(format!("{HEAD}\r\n")).then_endless(space),
        ),
    ] {
        let error = fault(answer).await;
        assert_eq!(
            summary(&error),
            (ErrorKind::TooLarge, Some(200), 1),
            "{name}: {error}"
        );
        let start = format!("the body of the answer is longer than {} bytes", 32 << 20);
        assert!(text(&error).starts_with(&start), "{name}: {error}");
        assert!(error.body().unwrap().len() <= 64 * 1024, "{name}");
    }
}

#[tokio::test]
async fn a_body_longer_than_the_limit_of_the_caller() {
    let server = Server::json("[    ]");
    let limited = |limit| {
        let builder = bounded(server.builder());
        builder.max_response_bytes(limit).build().unwrap()
    };
    assert!(limited(6).list_events("s").send().await.unwrap().is_empty());
    let error = failure(limited(5).list_events("s").send().await);
    assert_eq!(summary(&error), (ErrorKind::TooLarge, Some(200), 1));
    assert!(text(&error).contains("longer than 5 bytes"), "{error}");
    // The limit is not one of the errors that a server sends.
    let server = Server::answering("404 Not Found", &[], r#"{"message":"gone"}"#);
    let client = bounded(server.builder()).max_response_bytes(1).build();
    let error = failure(client.unwrap().list_events("s").send().await);
    assert_eq!(error.message(), Some("gone"));
}

/// 200 MiB of white space in gzip, in less than 1 MiB.
fn bomb() -> Vec<u8> {
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    let mut block = Vec::with_capacity(64 * 1024);
    // A full flush ends a block that says nothing of what came before, so that it can be repeated.
    flate2::Compress::new(flate2::Compression::fast(), false)
        .compress_vec(
            &vec![b' '; 1 << 20],
            &mut block,
            flate2::FlushCompress::Full,
        )
        .unwrap();
    bytes.extend(block.repeat(200));
    assert!(bytes.len() < 1 << 20, "{}", bytes.len());
    bytes
}

#[tokio::test]
async fn a_gzip_bomb() {
    let bomb = bomb();
    let head = format!(
        "{HEAD}content-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        bomb.len()
    );
    let error = fault(Answer::raw([head.into_bytes(), bomb].concat())).await;
    // Without the feature nothing is unpacked, and nothing was asked for that would have to be.
    let due = if cfg!(feature = "gzip") {
        ErrorKind::TooLarge
    } else {
        ErrorKind::Decode
    };
    assert_eq!(summary(&error), (due, Some(200), 1), "{error}");
}
