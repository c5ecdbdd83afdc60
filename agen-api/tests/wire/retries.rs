//! What is tried again, how often, and after how long.

use std::time::Duration;

use agen_api::{ClientBuilder, ErrorKind, RetryPolicy, mock::Waits};

use super::common::{Answer, Server, failure, in_time, scanners};

const EVENT: &str = r#"{"id":"evt_1","session_id":"ses_1","type":"user_message","status":"queued",
    "payload":{"type":"user_message","message":"m"}}"#;
const MINUTES: Duration = Duration::from_secs(600);

fn status(status: &str) -> Answer {
    Answer::new(status, &[], "")
}

fn retry_after(status: &str, value: &str) -> Answer {
    Answer::new(status, &[&format!("retry-after: {value}")], "")
}

/// How many requests it takes to get past `first` to a good answer, with `GET` and with `POST`.
async fn requests(first: &Answer) -> (usize, usize) {
    let get = Server::script([first.clone(), Answer::json("[]")]);
    let client = get.builder().waits(&Waits::default()).timeout(MINUTES);
    let got = client.build().unwrap().list_events("s").send().await;
    let tries = get.requests().len();
    assert_eq!(got.is_ok(), tries == 2);
    if let Err(error) = got {
        assert_eq!(failure(Err::<(), _>(error)).attempts() as usize, tries);
    }

    let post = Server::script([first.clone(), Answer::json(EVENT)]);
    let client = post.builder().waits(&Waits::default()).timeout(MINUTES);
    let posted = client.build().unwrap().send_message("s", "m").send().await;
    let posts = post.requests().len();
    assert_eq!(posted.is_ok(), posts == 2);
    if let Err(error) = posted {
        assert_eq!(failure(Err::<(), _>(error)).attempts() as usize, posts);
    }
    // What is sent again is what was sent.
    let sent = post.requests();
    assert!(sent.iter().all(|request| *request == sent[0]), "{sent:?}");
    (tries, posts)
}

#[tokio::test]
async fn what_is_tried_again() {
    let body = |end: &str| Answer::raw(format!("HTTP/1.1 200 OK\r\n{end}"));
    for (name, first, due) in [
        ("408", status("408 Request Timeout"), (2, 1)),
        ("429", status("429 Too Many Requests"), (2, 2)),
        ("500", status("500 Internal Server Error"), (2, 1)),
        ("502", status("502 Bad Gateway"), (2, 1)),
        ("503", status("503 Service Unavailable"), (2, 1)),
        ("504", status("504 Gateway Timeout"), (2, 1)),
        ("500 with time", retry_after("500 Oops", "1"), (2, 1)),
        ("503 with time", retry_after("503 Oops", "1"), (2, 2)),
        ("503 with no time", retry_after("503 Oops", "0"), (2, 2)),
        (
            "503 with a date",
            retry_after("503 Oops", "Sun, 06 Nov 1994 08:49:37 GMT"),
            (2, 2),
        ),
        (
            "503 with something",
            retry_after("503 Oops", "soon"),
            (2, 1),
        ),
        (
            "503 with less than no time",
            retry_after("503 Oops", "-1"),
            (2, 1),
        ),
        (
            "429 with something",
            retry_after("429 Slow", "soon"),
            (2, 2),
        ),
        ("400", status("400 Bad Request"), (1, 1)),
        ("401", status("401 Unauthorized"), (1, 1)),
        ("403", status("403 Forbidden"), (1, 1)),
        ("404 with time", retry_after("404 Not Found", "1"), (1, 1)),
        ("409", status("409 Conflict"), (1, 1)),
        ("422", status("422 Unprocessable"), (1, 1)),
        ("425", status("425 Too Early"), (1, 1)),
        ("501", status("501 Not Implemented"), (1, 1)),
        ("505", status("505 Version"), (1, 1)),
        ("599", status("599 Own"), (1, 1)),
        ("302 with time", retry_after("302 Found", "1"), (1, 1)),
        ("no JSON", Answer::json("["), (1, 1)),
        ("reset", Answer::reset(), (2, 1)),
        ("closed", Answer::raw(""), (2, 1)),
        ("no HTTP", Answer::raw("?\r\n\r\n"), (2, 1)),
        (
            "reset after the head",
            body("content-length: 9\r\n\r\n").then_reset(),
            (2, 1),
        ),
        (
            "too short a body",
            body("content-length: 9\r\n\r\n["),
            (2, 1),
        ),
        (
            "a status, cut off",
            Answer::raw("HTTP/1.1 500 Oops\r\ncontent-length: 9\r\n\r\n<"),
            (2, 1),
        ),
    ] {
        assert_eq!(requests(&first).await, due, "{name}");
        // A connection that ends with the answer changes nothing.
        if matches!(name, "429" | "500" | "503 with time") {
            assert_eq!(requests(&first.closing()).await, due, "{name}, closing");
        }
    }
}

/// What a `GET` that always gets this answer waits for, in milliseconds, and its error's `Retry-After`.
async fn waits(
    answer: Answer,
    set: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> (Vec<u128>, Option<Duration>) {
    let server = Server::script([answer]);
    let waits = Waits::default();
    let client = set(server.builder().waits(&waits)).build().unwrap();
    let error = failure(client.list_events("s").send().await);
    assert_eq!(error.kind(), ErrorKind::Status);
    let taken: Vec<_> = waits.taken().iter().map(Duration::as_millis).collect();
    assert_eq!(error.attempts() as usize, taken.len() + 1);
    assert_eq!(server.requests().len(), taken.len() + 1);
    (taken, error.retry_after())
}

#[tokio::test]
async fn the_waits_double_up_to_eight_seconds() {
    let set = |builder: ClientBuilder| builder;
    assert_eq!(
        waits(status("500 Oops"), set).await,
        (vec![500, 1000], None)
    );
    let set = |builder: ClientBuilder| {
        let policy = RetryPolicy::default().max_retries(6);
        builder.timeout(MINUTES).retry_policy(policy)
    };
    let taken = waits(status("500 Oops"), set).await.0;
    assert_eq!(taken, [500, 1000, 2000, 4000, 8000, 8000]);
    let set = |builder: ClientBuilder| {
        let policy = RetryPolicy::default().max_retries(3);
        let (first, longest) = (Duration::from_millis(100), Duration::from_millis(250));
        builder.retry_policy(policy.backoff(first, longest))
    };
    assert_eq!(waits(status("500 Oops"), set).await.0, [100, 200, 250]);
}

#[tokio::test]
async fn the_server_says_how_long_to_wait() {
    let seconds = |seconds| Some(Duration::from_secs(seconds));
    for (value, taken, read) in [
        ("1", vec![1000, 1000], seconds(1)),
        ("3", vec![3000, 3000], seconds(3)),
        (" 60 ", vec![60_000, 60_000], seconds(60)),
        // Less than the back-off is no reason to come back sooner.
        ("0", vec![500, 1000], seconds(0)),
        ("Sun, 06 Nov 1994 08:49:37 GMT", vec![500, 1000], seconds(0)),
        (
            "Sunday, 06-Nov-94 08:49:37 GMT",
            vec![500, 1000],
            seconds(0),
        ),
        ("Sun Nov  6 08:49:37 1994", vec![500, 1000], seconds(0)),
        ("soon", vec![500, 1000], None),
        ("", vec![500, 1000], None),
        ("1.5", vec![500, 1000], None),
        ("-1", vec![500, 1000], None),
        // More than a minute is for the caller to wait.
        ("61", vec![], seconds(61)),
        ("18446744073709551615", vec![], seconds(u64::MAX)),
        ("99999999999999999999999", vec![], seconds(u64::MAX)),
    ] {
        let set = |builder: ClientBuilder| builder.timeout(MINUTES);
        let answer = retry_after("429 Too Many Requests", value);
        assert_eq!(waits(answer, set).await, (taken, read), "{value}");
    }
    // The three forms of a date that is far away.
    for date in [
        "Mon, 31 Dec 2046 23:59:59 GMT",
        "Monday, 31-Dec-46 23:59:59 GMT",
        "Mon Dec 31 23:59:59 2046",
    ] {
        let answer = retry_after("503 Service Unavailable", date);
        let (taken, read) = waits(answer, |builder| builder).await;
        assert_eq!(taken, Vec::<u128>::new(), "{date}");
        assert!(read.unwrap() > Duration::from_secs(61), "{date}: {read:?}");
    }
    let set = |builder: ClientBuilder| {
        let policy = RetryPolicy::default().longest_retry_after(Duration::from_secs(2));
        builder.retry_policy(policy)
    };
    assert_eq!(
        waits(retry_after("429 Slow", "2"), set).await.0,
        [2000, 2000]
    );
    assert_eq!(
        waits(retry_after("429 Slow", "3"), set).await.0,
        Vec::<u128>::new()
    );
}

#[tokio::test]
async fn no_wait_is_begun_that_would_outlast_the_call() {
    for (timeout, taken) in [(400, vec![]), (1400, vec![500]), (9000, vec![500, 1000])] {
        let set = |builder: ClientBuilder| builder.timeout(Duration::from_millis(timeout));
        assert_eq!(waits(status("500 Oops"), set).await.0, taken, "{timeout}");
    }
    let set = |builder: ClientBuilder| builder.timeout(Duration::from_secs(20));
    let (taken, read) = waits(retry_after("429 Slow", "30"), set).await;
    assert_eq!((taken, read), (vec![], Some(Duration::from_secs(30))));

    // The wait takes most of the time, and the second try ends with the rest of it.
    let server = Server::script([status("500 Oops"), Answer::silence()]);
    let client = server.builder().waits(&Waits::default());
    let client = client.timeout(Duration::from_millis(1000)).build().unwrap();
    let error = failure(in_time(client.list_events("s").send()).await);
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 2));
}

#[tokio::test]
async fn a_wait_is_waited_for() {
    let server = Server::script([retry_after("429 Slow", "1"), Answer::json("[]")]);
    let client = server.builder().build().unwrap();
    client.list_events("s").send().await.unwrap();
    let log = server.log();
    assert_eq!(log.len(), 2);
    assert!(log[1].at - log[0].at >= Duration::from_secs(1));
}

#[tokio::test]
async fn nothing_is_tried_again_where_that_is_switched_off() {
    let server = Server::script([status("500 Oops")]);
    let waits = Waits::default();
    let client = server.builder().waits(&waits).build().unwrap();
    let error = failure(client.list_events("s").no_retries().send().await);
    assert_eq!((error.attempts(), server.requests().len()), (1, 1));

    let never = server
        .builder()
        .waits(&waits)
        .retry_policy(RetryPolicy::none());
    let error = failure(never.build().unwrap().list_events("s").send().await);
    assert_eq!((error.attempts(), server.requests().len()), (1, 2));
    assert!(waits.taken().is_empty());
    assert!(!error.to_string().contains("tried"), "{error}");
}

/// The connection of each request.
fn connections(server: &Server) -> Vec<usize> {
    let log = server.log();
    log.iter().map(|request| request.connection).collect()
}

#[tokio::test]
async fn a_post_that_was_acted_on_is_sent_once() {
    for end in [Answer::raw(""), Answer::reset(), Answer::raw("HTTP/1.1 2")] {
        let mut fresh = Server::script([end.clone(), Answer::json(EVENT)]);
        let client = fresh.builder().waits(&Waits::default()).build().unwrap();
        let error = failure(client.send_message("s", "m").send().await);
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 1));
        drop(client);
        fresh.stop();
        assert_eq!(fresh.requests().len(), 1);

        let mut reused = Server::script([Answer::json("[]"), end, Answer::json(EVENT)]);
        let client = reused.builder().waits(&Waits::default()).build().unwrap();
        client.list_events("s").send().await.unwrap();
        let error = failure(client.send_message("s", "m").send().await);
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 1));
        drop(client);
        reused.stop();
        assert_eq!(connections(&reused), [0, 0]);
    }
}

#[tokio::test]
async fn a_connection_that_was_closed_while_idle_is_not_used() {
    let server = Server::script([
        Answer::json("[]").then_close(),
        Answer::json(EVENT).then_close(),
        Answer::json("[]"),
    ]);
    let waits = Waits::default();
    let client = server.builder().waits(&waits).build().unwrap();
    let closed = async |count| {
        while server.closed() < count {
            tokio::task::yield_now().await;
        }
        // Each of these lets the client look at its connections.
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
    };
    client.list_events("s").send().await.unwrap();
    closed(1).await;
    client.send_message("s", "m").send().await.unwrap();
    closed(2).await;
    client.list_events("s").send().await.unwrap();
    assert_eq!(connections(&server), [0, 1, 2]);
    assert!(waits.taken().is_empty());
}

#[tokio::test]
async fn a_connection_that_is_closed_while_a_request_goes_out() {
    let server = Server::script([Answer::json("[]").then_close(), Answer::json("[]")]);
    let client = server.builder().waits(&Waits::default()).build().unwrap();
    client.list_events("s").send().await.unwrap();
    // The client has no chance to learn of it.
    while server.closed() < 1 {
        std::thread::yield_now();
    }
    client.list_events("s").send().await.unwrap();
    assert_eq!(connections(&server), [0, 1]);

    let server = Server::script([Answer::json("[]").then_close(), Answer::json(EVENT)]);
    let client = server.builder().waits(&Waits::default()).build().unwrap();
    client.list_events("s").send().await.unwrap();
    while server.closed() < 1 {
        std::thread::yield_now();
    }
    // Whether it was sent depends on when the client sees the end; it is never sent twice.
    match client.send_message("s", "m").send().await {
        Ok(_) => assert_eq!(connections(&server), [0, 1]),
        error => {
            let error = failure(error);
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connection, 1));
            assert_eq!(connections(&server), [0]);
        }
    }
}

/// Calls, and drops the call once `reached` says so; the client is dropped, too.
async fn drop_call(server: &Server, mut reached: impl FnMut() -> bool) {
    let client = server.builder().build().unwrap();
    let until = async {
        while !reached() {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        result = client.list_events("s").send() => panic!("{result:?}"),
        () = until => {}
    }
}

#[tokio::test]
async fn a_call_that_is_dropped_sends_nothing_more() {
    let mut unanswered = Server::script([Answer::silence()]);
    drop_call(&unanswered, || !unanswered.requests().is_empty()).await;
    unanswered.stop();
    assert_eq!(unanswered.requests().len(), 1);

    let mut waiting = Server::script([retry_after("429 Slow", "50")]);
    let waits = || scanners::take_traces().concat().contains("is tried again");
    drop_call(&waiting, waits).await;
    waiting.stop();
    assert_eq!(waiting.requests().len(), 1);
}
