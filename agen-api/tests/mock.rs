//! A program that uses the API, tested against mocks of it.

#![cfg(feature = "mock")]

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use agen_api::{
    Client, Error, ErrorKind, StatusCode,
    mock::{MockServer, Sample},
    types::*,
};
use serde_json::{Value, json};

/// A key that nothing may show.
const CANARY: &str = "canary-key";

/// What is tested in the first test: it sends both messages, or says how many have gone through.
async fn send_both(client: &Client) -> Result<(), (usize, Error)> {
    for (sent, text) in ["one", "two"].into_iter().enumerate() {
        let call = client.send_message("ses_1", text).send();
        call.await.map_err(|error| (sent, error))?;
    }
    Ok(())
}

#[tokio::test]
async fn the_second_message_fails_with_429() {
    let api = MockServer::start().await;
    api.send_message()
        .times(1)
        .returns(&SessionEvent::sample())
        .await;
    api.send_message()
        .expect(3)
        .response_header("retry-after", "1")
        .fails(429, json!({"message": "slow down"}))
        .await;
    let (sent, error) = send_both(&api.client()).await.unwrap_err();
    assert_eq!(
        (sent, error.status()),
        (1, Some(StatusCode::TOO_MANY_REQUESTS))
    );
    assert_eq!(error.message(), Some("slow down"));
    assert_eq!(error.headers().unwrap()["retry-after"], "1");
    let received = api.received().await;
    assert_eq!(received[0].json::<Value>(), json!({"message": "one"}));
    assert_eq!(received[3].json::<Value>(), json!({"message": "two"}));
    assert_eq!(api.waits().taken(), [Duration::from_secs(1); 2]);
}

#[tokio::test]
async fn every_operation_answers_in_its_type() {
    let api = MockServer::start().await;
    api.create_session().returns(&Session::sample()).await;
    api.list_sessions().returns(&SessionList::sample()).await;
    api.list_events().returns(&Vec::sample()).await;
    api.send_message().returns(&SessionEvent::sample()).await;
    let client = api.client();
    assert_eq!(
        client.create_session(None).send().await.unwrap(),
        Session::sample()
    );
    assert_eq!(
        client.list_sessions().send().await.unwrap(),
        SessionList::sample()
    );
    assert_eq!(
        client.list_events("s").send().await.unwrap(),
        [SessionEvent::sample()]
    );
    assert_eq!(
        client.send_message("s", "m").send().await.unwrap(),
        SessionEvent::sample()
    );
    let paths: Vec<String> = api
        .received()
        .await
        .into_iter()
        .map(|request| format!("{} {}", request.method, request.path))
        .collect();
    assert_eq!(
        paths,
        [
            "POST /api/v1/sessions",
            "GET /api/v1/sessions",
            "GET /api/v1/sessions/s/events",
            "POST /api/v1/sessions/s/messages",
        ]
    );
}

#[tokio::test]
async fn a_path_is_compared_whatever_characters_its_value_has() {
    let ids = [
        "a/b?c#d",
        "../x",
        "%2e%2e",
        "...",
        "a\\b",
        "é \r\nx: y",
        "{sessionId}",
        "a;b:c@d~e+",
    ];
    let api = MockServer::start().await;
    for (number, id) in ids.iter().enumerate() {
        let mut event = SessionEvent::sample();
        event.id = number.to_string();
        api.list_events()
            .session_id(*id)
            .expect(1)
            .returns(&[event])
            .await;
    }
    let client = api.client();
    for (number, id) in ids.iter().enumerate() {
        let events = client.list_events(*id).send().await.unwrap();
        assert_eq!(events[0].id, number.to_string(), "{id}");
    }
    let error = client.list_events("a").send().await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::NOT_IMPLEMENTED));
}

#[tokio::test]
async fn a_mock_answers_the_calls_that_have_its_values() {
    let api = MockServer::start().await;
    let mut page = SessionList::sample();
    page.next_cursor = Some("merged".to_owned());
    api.list_sessions()
        .status("merged & done")
        .user_id("")
        .returns(&page)
        .await;
    api.list_sessions().returns(&SessionList::sample()).await;
    api.create_session()
        .branch_name(None)
        .auto_commit(true)
        .fails(409, json!({"message": "null"}))
        .await;
    api.create_session()
        .branch_name("main")
        .fails(409, json!({"message": "main"}))
        .await;

    let client = api.client();
    let list = client.list_sessions().status("merged & done");
    assert_eq!(
        list.clone()
            .user_id("")
            .include("more")
            .send()
            .await
            .unwrap(),
        page
    );
    assert_eq!(list.send().await.unwrap(), SessionList::sample());
    let message = async |call: agen_api::operations::CreateSession<'_>| {
        call.send().await.unwrap_err().message().unwrap().to_owned()
    };
    assert_eq!(
        message(client.create_session(None).auto_commit(true)).await,
        "null"
    );
    assert_eq!(
        message(client.create_session("main").model("m")).await,
        "main"
    );
    let unexpected = message(client.create_session(None)).await;
    assert!(
        unexpected.starts_with("no mock fits POST /api/v1/sessions; "),
        "{unexpected}"
    );
}

#[tokio::test]
async fn what_no_mock_fits_is_told_with_what_there_is() {
    let api = MockServer::start().await;
    let client = api.client();
    let error = client.list_sessions().status("a").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Status);
    assert_eq!(
        error.to_string(),
        "list_sessions: 501 Not Implemented: no mock fits GET /api/v1/sessions?status=a; there is no mock at all"
    );
    api.list_sessions()
        .times(1)
        .returns(&SessionList::sample())
        .await;
    api.send_message()
        .session_id("ses_1")
        .message("hello")
        .returns(&SessionEvent::sample())
        .await;
    client.list_sessions().send().await.unwrap();
    let error = client
        .send_message("ses_2", "hello")
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        error.message(),
        Some(
            "no mock fits POST /api/v1/sessions/ses_2/messages; the mocks are: list_sessions (used up after 1); \
             send_message with sessionId \"ses_1\", message \"hello\"; the body was {\"message\":\"hello\"}"
        )
    );
}

#[tokio::test]
async fn what_is_expected_is_checked_when_asked_for_and_at_the_end() {
    let api = MockServer::start().await;
    api.list_events()
        .session_id("s")
        .expect(2)
        .returns(&[])
        .await;
    api.create_session()
        .expect(0)
        .returns(&Session::sample())
        .await;
    let failure = |check: &mut dyn FnMut()| {
        let panic = catch_unwind(AssertUnwindSafe(check)).err()?;
        panic.downcast::<String>().ok().map(|text| *text)
    };
    let expected = "mocks have not had the requests that they expect:\n\
                    list_events with sessionId \"s\": 2 expected, 1 came";
    let client = api.client();
    client.list_events("s").send().await.unwrap();
    assert_eq!(failure(&mut || api.verify()).as_deref(), Some(expected));
    client.list_events("s").send().await.unwrap();
    assert_eq!(failure(&mut || api.verify()), None);
    client.create_session(None).send().await.unwrap();
    let mut api = Some(api);
    let text = failure(&mut || drop(api.take())).unwrap();
    assert!(
        text.ends_with("create_session: 0 expected, 1 came"),
        "{text}"
    );
}

#[tokio::test]
async fn a_session_is_followed_to_its_end_in_no_time() {
    let mut finished = SessionEvent::sample();
    finished.id = "evt_2".to_owned();
    finished.type_ = SessionEventType::SessionFinished;
    let api = MockServer::start().await;
    api.list_events()
        .times(3)
        .returns(&[SessionEvent::sample()])
        .await;
    api.list_events()
        .returns(&[SessionEvent::sample(), finished.clone()])
        .await;
    let last = api.client().wait_until_finished("ses_1").await.unwrap();
    assert_eq!(last, finished);
    assert!(api.waits().taken().len() >= 3, "{:?}", api.waits());
}

#[tokio::test]
async fn a_client_of_ones_own_settings_reaches_the_server_and_shows_no_key() {
    let api = MockServer::start().await;
    api.list_events().returns(&[]).await;
    let client = api.builder().api_key(CANARY).build().unwrap();
    client.list_events("s").send().await.unwrap();
    let received = api.received().await;
    assert_eq!(received[0].headers["x-api-key"], CANARY);
    let shown = format!("{received:?} {api:?}");
    assert!(!shown.contains(CANARY), "{shown}");
}

#[tokio::test]
async fn a_mock_that_makes_no_sense_panics_with_the_reason() {
    let api = MockServer::start().await;
    let reason = |make: &dyn Fn()| {
        let panic = catch_unwind(AssertUnwindSafe(make)).unwrap_err();
        match panic.downcast::<String>() {
            Ok(text) => *text,
            Err(panic) => (*panic.downcast::<&str>().unwrap()).to_owned(),
        }
    };
    let text = reason(&|| drop(api.list_sessions().times(0)));
    assert!(text.starts_with("a mock that answers 0 times"), "{text}");
    let text = reason(&|| drop(api.list_sessions().response_header("a b", "c")));
    assert_eq!(text, "\"a b\": \"c\" is no header of HTTP");
    for status in [0, 200, 600] {
        let text = reason(&|| {
            let waker = std::task::Waker::noop();
            let fails = std::pin::pin!(api.list_sessions().fails(status, ()));
            let _ = fails.poll(&mut std::task::Context::from_waker(waker));
        });
        assert!(
            text.starts_with(&format!("{status} is no status of a failure")),
            "{text}"
        );
    }
}
