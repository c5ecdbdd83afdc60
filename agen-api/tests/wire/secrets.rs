//! That a key which gets out would be found, by each of the scanners that look for it.

use std::panic;

use super::common::{
    Answer, CANARY, Server, builder,
    canary::{findings, scan},
    scanners, trusting,
};

/// What is reported while `run` runs has to be one finding, about this.
fn assert_found(place: &str, run: impl FnOnce()) {
    scanners::install();
    let found = findings(run);
    assert_eq!(found.len(), 1, "{place}");
    let found = found[0].replace(CANARY, "…");
    assert!(found.contains(place), "{found}");
}

#[test]
fn a_key_in_a_log_a_trace_a_panic_or_an_error_is_found() {
    assert_found("a log record of wire", || log::trace!("x {CANARY} y"));
    assert_found("event", || tracing::trace!("x {CANARY} y"));
    assert_found("event", || tracing::trace!(field = CANARY));
    assert_found("event", || tracing::trace!(field = ?Some(CANARY)));
    assert_found("event", || tracing::trace!(field = ?CANARY.as_bytes()));
    let error = std::io::Error::other(std::io::Error::other(CANARY));
    let error: &(dyn std::error::Error + 'static) = &error;
    assert_found("event", || tracing::trace!(field = error));
    assert_found("span", || {
        drop(tracing::trace_span!("span", field = CANARY))
    });
    assert_found("a field of a span", || {
        let span = tracing::trace_span!("span", field = tracing::field::Empty);
        span.record("field", CANARY);
    });
    assert_found("a panic", || {
        panic::catch_unwind(|| panic!("{CANARY}")).unwrap_err();
    });
    assert_found("here", || {
        scan("here", &format!("{:#?}", CANARY.as_bytes()))
    });
}

#[tokio::test]
async fn the_crates_below_this_one_are_listened_to() {
    let server = Server::https([Answer::json("[]")]);
    let client = server.builder().http(trusting()).build().unwrap();
    client.list_events("s").send().await.unwrap();
    let speakers = scanners::speakers();
    for speaker in ["agen_api", "hyper_util::", "reqwest::", "rustls::"] {
        let heard = speakers.iter().any(|known| known.starts_with(speaker));
        assert!(heard, "{speaker} in {speakers:?}");
    }
}

/// What a server reports that was sent these bytes.
fn reported(server: Server, bytes: &str) -> Vec<String> {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(server.address()).unwrap();
    stream.write_all(bytes.as_bytes()).unwrap();
    // Sent is not received; a connection that is closed in order was read to its end.
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let _ = stream.read_to_end(&mut Vec::new());
    findings(|| drop(server))
}

#[test]
fn a_server_reports_a_key_in_the_wrong_place() {
    let good = format!("GET / HTTP/1.1\r\nx-api-key: {CANARY}\r\na: b\r\n\r\n");
    let server = || Server::script([Answer::json("{}")]);
    assert_eq!(reported(server(), &good), Vec::<String>::new());
    assert_eq!(reported(server(), &good.repeat(2)), Vec::<String>::new());
    for bad in [
        good.replace("GET /", &format!("GET /{CANARY}")),
        good.replace("a: b", &format!("a: {CANARY}")),
        good.replace("x-api-key", "x-other-key"),
        good.replace("x-api-key: ", "x-api-key: Bearer "),
        good.replace("a: b", &format!("x-api-key: {CANARY}")),
        good.replace("a: b", "content-length: 15") + CANARY,
        format!("{good}{CANARY}"),
        CANARY.to_owned(),
    ] {
        assert_eq!(reported(server(), &bad).len(), 1);
    }
    assert_eq!(
        reported(Server::stranger([Answer::json("{}")]), &good).len(),
        1
    );
    let nothing = Server::stranger([Answer::json("{}")]);
    assert_eq!(
        reported(nothing, "GET / HTTP/1.1\r\n\r\n"),
        Vec::<String>::new()
    );
}

#[test]
fn nothing_that_is_shown_holds_the_key() {
    let builder = builder("http://127.0.0.1:1");
    let shown = format!("{builder:?} {builder:#?}");
    let client = builder.build().unwrap();
    let shown = format!("{shown} {client:?} {client:#?}");
    let shown = format!(
        "{shown} {:?} {:?}",
        client.send_message("s", "m"),
        client.list_sessions()
    );
    scan("what is shown", &shown);
    assert!(shown.contains("127.0.0.1:1"), "{shown}");
}
