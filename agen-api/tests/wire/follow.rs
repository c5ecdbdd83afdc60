//! Following a session: what comes, in which order, and when it ends.

use std::{future::Future, pin::pin, task::Context, time::Duration};

use agen_api::{Client, Error, ErrorKind, RetryPolicy, mock::Waits, types::SessionEvent};
use futures_core::Stream;
use serde_json::{Value, json};

use super::common::{Answer, Server, failure, in_time};

/// An event at a second of its own.
fn event(id: u8, kind: &str, status: &str) -> Value {
    json!({
        "id": format!("e{id}"), "session_id": "s", "type": kind, "status": status,
        "payload": {"type": kind}, "created_at": format!("2025-01-31T09:15:{id:02}Z"),
    })
}

fn timeline(events: &[Value]) -> Answer {
    Answer::json(&Value::from(events).to_string())
}

/// A client that tries every call once and does not wait.
fn client(server: &Server) -> (Client, Waits) {
    let waits = Waits::default();
    let client = server
        .builder()
        .waits(&waits)
        .retry_policy(RetryPolicy::none())
        .build();
    (client.unwrap(), waits)
}

/// What a stream of `client` gives until its end, in short.
async fn follow(client: &Client) -> (Vec<String>, Option<Error>) {
    let mut events = client.follow_session("s");
    let mut told = Vec::new();
    while let Some(event) = in_time(events.next()).await {
        match event {
            Ok(SessionEvent { id, status, .. }) => told.push(format!("{id} {status}")),
            Err(error) => {
                assert!(in_time(events.next()).await.is_none());
                return (told, Some(error));
            }
        }
    }
    assert!(in_time(events.next()).await.is_none());
    (told, None)
}

#[tokio::test]
async fn each_new_or_changed_event_comes_once() {
    let queued = event(1, "user_message", "queued");
    let done = event(1, "user_message", "completed");
    let reply = event(2, "agent_message", "processing");
    let replied = event(2, "agent_message", "completed");
    let new = event(3, "a_type_of_tomorrow", "paused");
    let finished = event(4, "session_finished", "completed");
    let server = Server::script([
        timeline(&[]),
        timeline(std::slice::from_ref(&queued)),
        timeline(std::slice::from_ref(&queued)),
        timeline(&[done.clone(), reply]),
        timeline(&[done.clone(), replied.clone(), new.clone()]),
        timeline(&[done, replied, new, finished]),
    ]);
    let (client, waits) = client(&server);
    let (told, error) = follow(&client).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(
        told,
        [
            "e1 queued",
            "e1 completed",
            "e2 processing",
            "e2 completed",
            "e3 paused",
            "e4 completed"
        ]
    );
    assert_eq!(server.requests().len(), 6);
    let seconds: Vec<u64> = waits.taken().iter().map(Duration::as_secs).collect();
    assert_eq!(seconds, [1, 1, 2, 1, 1]);
}

#[tokio::test]
async fn the_newest_first_comes_the_oldest_first() {
    let events = [
        event(3, "session_closed", "completed"),
        event(2, "agent_message", "completed"),
        event(1, "user_message", "completed"),
    ];
    let server = Server::script([timeline(&events)]);
    let (told, error) = follow(&client(&server).0).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(told, ["e1 completed", "e2 completed", "e3 completed"]);
}

#[tokio::test]
async fn a_message_after_the_end_starts_the_session_anew() {
    let first = [
        event(1, "session_finished", "completed"),
        event(2, "user_message", "queued"),
    ];
    let mut second = first.to_vec();
    second.push(event(3, "session_finished", "completed"));
    let server = Server::script([timeline(&first), timeline(&second)]);
    let (client, _) = client(&server);
    let end = in_time(client.wait_until_finished("s")).await.unwrap();
    assert_eq!(end.id, "e3");
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn the_wait_grows_while_nothing_happens_and_less_while_the_agent_works() {
    let idle = timeline(&[event(1, "agent_message", "completed")]);
    let busy = timeline(&[event(1, "agent_message", "processing")]);
    let over = timeline(&[event(1, "session_closed", "completed")]);
    for (answer, due) in [
        (&idle, [1, 2, 4, 8, 16, 30, 30]),
        (&busy, [1, 2, 4, 5, 5, 5, 5]),
    ] {
        let mut script = vec![answer.clone(); 7];
        script.push(over.clone());
        let server = Server::script(script);
        let (client, waits) = client(&server);
        in_time(client.wait_until_finished("s")).await.unwrap();
        let seconds: Vec<u64> = waits.taken().iter().map(Duration::as_secs).collect();
        assert_eq!(seconds, due);
    }
}

#[tokio::test]
async fn failures_that_pass_are_survived() {
    let working = timeline(&[event(1, "user_message", "processing")]);
    let over = timeline(&[event(2, "session_finished", "completed")]);
    let server = Server::script([
        working,
        Answer::new("503 Oops", &[], ""),
        Answer::new("429 Slow", &["retry-after: 90"], ""),
        Answer::raw(""),
        over,
    ]);
    let (client, waits) = client(&server);
    let (told, error) = follow(&client).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(told, ["e1 processing", "e2 completed"]);
    let seconds: Vec<u64> = waits.taken().iter().map(Duration::as_secs).collect();
    assert_eq!(seconds, [1, 1, 120, 4]);
}

#[tokio::test]
async fn other_failures_and_too_many_of_them_end_the_stream() {
    let working = timeline(&[event(1, "user_message", "processing")]);
    for (answer, kind, requests) in [
        (Answer::new("404 Gone", &[], ""), ErrorKind::Status, 2),
        (Answer::json("{}"), ErrorKind::Decode, 2),
        (
            Answer::new("429 Slow", &["retry-after: 601"], ""),
            ErrorKind::Status,
            2,
        ),
        (Answer::new("503 Oops", &[], ""), ErrorKind::Status, 22),
    ] {
        let server = Server::script([working.clone(), answer]);
        let (told, error) = follow(&client(&server).0).await;
        assert_eq!(told, ["e1 processing"]);
        let error = failure(Err::<(), _>(error.unwrap()));
        assert_eq!(error.kind(), kind);
        assert_eq!(server.requests().len(), requests);
    }
}

#[tokio::test]
async fn a_first_answer_that_fails_is_an_error_at_once() {
    let server = Server::script([Answer::new("503 Oops", &[], "")]);
    let (client, waits) = client(&server);
    let error = failure(in_time(client.wait_until_finished("s")).await);
    assert_eq!(error.status().unwrap().as_u16(), 503);
    assert_eq!(server.requests().len(), 1);
    assert!(waits.taken().is_empty());
}

#[tokio::test]
async fn a_dropped_future_loses_no_event_and_asks_no_question_twice() {
    let events = [
        event(1, "user_message", "completed"),
        event(2, "session_finished", "completed"),
    ];
    let server = Server::script([timeline(&events)]);
    let (client, _) = client(&server);
    let mut stream = client.follow_session("s");
    // Polled once, so that the question is under way, and dropped.
    let waker = std::task::Waker::noop();
    for _ in 0..2 {
        let next = pin!(stream.next());
        assert!(next.poll(&mut Context::from_waker(waker)).is_pending());
    }
    let mut told = Vec::new();
    while let Some(event) = in_time(stream.next()).await {
        told.push(event.unwrap().id);
    }
    assert_eq!(told, ["e1", "e2"]);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_session_is_named_in_the_path_and_an_empty_name_is_refused() {
    let over = timeline(&[event(1, "session_closed", "completed")]);
    let server = Server::script([over]);
    let (client, _) = client(&server);
    in_time(client.wait_until_finished("a/b")).await.unwrap();
    let line = server.requests().remove(0);
    assert!(
        line.starts_with("GET /api/v1/sessions/a%2Fb/events "),
        "{line}"
    );
    let error = failure(in_time(client.wait_until_finished("")).await);
    assert_eq!(error.kind(), ErrorKind::Refused);
}

#[test]
fn a_stream_can_cross_threads_and_outlives_its_client() {
    fn is_stream<T: Stream + Send + Unpin + 'static>(_: &T) {}
    let stream = super::common::client("http://127.0.0.1:1")
        .follow_session("s")
        .poll_interval(Duration::ZERO, Duration::MAX);
    is_stream(&stream);
    assert!(format!("{stream:?}").starts_with("SessionEvents"));
}
