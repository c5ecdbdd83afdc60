//! What the client costs, beside the same thing written by hand, in one run.
//!
//! `cargo bench -p agen-api` prints, for each of the following, the median time of the client, that of the
//! peer, and the median of their ratios: below 1 the client is the faster one. A call and the sessions are to
//! stay within 1.05, and the events within 1.
//!
//! - `list_sessions`, `create_session`: a call on a connection that is kept alive, with a small answer, to a
//!   server on loopback without TLS. The peer is reqwest and serde_json: the key as a header, the status
//!   checked, the body decoded to a struct. The server runs on the same thread, so that the system's choice of
//!   a core for it is no part of the time; its own work and the system's are in the time of both sides.
//! - `10,000 sessions`: a page of them, decoded. The peer is a struct with the same types of fields, and
//!   serde's derive, that drops what it does not know. A second peer reads timestamps as text, which tells
//!   what those cost.
//! - `10,000 events`: a timeline with every documented type of event in turn, and one that is not documented.
//!   The peer is `serde_json::Value`.
//!
//! The two sides take turns in short blocks, in an order that changes with each, so that whatever else the
//! machine does falls on both.

use std::{
    fmt::Debug,
    hint::black_box,
    io,
    time::{Duration, Instant},
};

use agen_api::{
    Client,
    types::{SessionEvent, SessionEventPayload, SessionEventType, SessionList},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime::{Builder, Runtime},
};

/// Pairs of blocks per line: as many as fit into this time.
const BUDGET: Duration = Duration::from_secs(6);

/// Calls in a block.
const CALLS: u32 = 100;

const KEY: &str = "key";

fn main() {
    println!("{:<34}{:>12}{:>12}{:>8}", "", "client", "peer", "ratio");
    calls();
    let page = page(10_000).to_string();
    decode::<SessionList, peer::SessionList>("10,000 sessions", &page);
    decode::<SessionList, peer::TextSessionList>("10,000 sessions, peer's times text", &page);
    let timeline = timeline(10_000).to_string();
    check(&timeline);
    decode::<Vec<SessionEvent>, Value>("10,000 events, peer is Value", &timeline);
}

fn calls() {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be made");
    let url = runtime
        .block_on(server())
        .expect("there is a loopback interface");
    let client = Client::builder()
        .api_key(KEY)
        .base_url(&url)
        .build()
        .expect("the server has an address");
    let peer = peer::Client::new(url);
    compare(
        "list_sessions",
        || block(&runtime, async || client.list_sessions().send().await),
        || block(&runtime, async || peer.list_sessions().await),
    );
    compare(
        "create_session",
        || block(&runtime, async || client.create_session("b").send().await),
        || block(&runtime, async || peer.create_session("b").await),
    );
}

/// The time of a call, from a block of them.
fn block<T, E: Debug>(runtime: &Runtime, call: impl AsyncFn() -> Result<T, E>) -> Duration {
    let calls = async {
        for _ in 0..CALLS {
            drop(black_box(call().await.expect("the server answers")));
        }
    };
    timed(|| runtime.block_on(calls)) / CALLS
}

/// Decodes `text` to both types. What they are made of is freed outside of the time.
fn decode<Ours: DeserializeOwned, Theirs: DeserializeOwned>(name: &str, text: &str) {
    fn once<T: DeserializeOwned>(text: &str) -> Duration {
        let mut decoded = None;
        let time = timed(|| decoded = serde_json::from_slice::<T>(text.as_bytes()).ok());
        assert!(black_box(decoded).is_some(), "the text fits");
        time
    }
    compare(name, || once::<Ours>(text), || once::<Theirs>(text));
}

/// Prints the line of a comparison.
fn compare(name: &str, ours: impl Fn() -> Duration, theirs: impl Fn() -> Duration) {
    // Connections are made, and memory is there.
    let _ = (ours(), theirs());
    let (mut our_times, mut their_times, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let start = Instant::now();
    while ratios.len() < 5 || start.elapsed() < BUDGET {
        let (our_time, their_time) = if ratios.len().is_multiple_of(2) {
            let first = ours();
            (first, theirs())
        } else {
            let first = theirs();
            (ours(), first)
        };
        our_times.push(our_time.as_secs_f64());
        their_times.push(their_time.as_secs_f64());
        ratios.push(our_time.as_secs_f64() / their_time.as_secs_f64());
    }
    println!(
        "{name:<34}{:>12}{:>12}{:>8.3}",
        shown(median(our_times)),
        shown(median(their_times)),
        median(ratios),
    );
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn shown(seconds: f64) -> String {
    if seconds < 1e-3 {
        format!("{:.2} us", seconds * 1e6)
    } else {
        format!("{:.2} ms", seconds * 1e3)
    }
}

/// What is written by hand.
mod peer {
    use super::*;

    pub(super) struct Client {
        http: reqwest::Client,
        url: String,
    }

    #[derive(Serialize)]
    struct NewSession<'a> {
        branch_name: Option<&'a str>,
    }

    impl Client {
        pub(super) fn new(url: String) -> Self {
            // reqwest brings no provider of its own, as it is built here.
            let _ = rustls::crypto::ring::default_provider().install_default();
            // As the client does it for this machine.
            let http = reqwest::Client::builder()
                .no_proxy()
                .build()
                .expect("there is a provider");
            Self { http, url }
        }

        pub(super) async fn list_sessions(
            &self,
        ) -> Result<SessionList, Box<dyn std::error::Error>> {
            let url = format!("{}/api/v1/sessions", self.url);
            let call = self.http.get(url).header("x-api-key", KEY);
            let answer = call.send().await?.error_for_status()?.bytes().await?;
            Ok(serde_json::from_slice(&answer)?)
        }

        pub(super) async fn create_session(
            &self,
            branch_name: &str,
        ) -> Result<Session, Box<dyn std::error::Error>> {
            let url = format!("{}/api/v1/sessions", self.url);
            let body = serde_json::to_vec(&NewSession {
                branch_name: Some(branch_name),
            })?;
            let call = self.http.post(url).header("x-api-key", KEY);
            let call = call.header("content-type", "application/json").body(body);
            let answer = call.send().await?.error_for_status()?.bytes().await?;
            Ok(serde_json::from_slice(&answer)?)
        }
    }

    /// `Time` is the type of a timestamp.
    macro_rules! page {
        ($list:ident, $session:ident, $time:ty) => {
            #[derive(Deserialize)]
            #[expect(dead_code, reason = "it is decoded and dropped")]
            pub(super) struct $list {
                items: Vec<$session>,
                next_cursor: Option<String>,
            }

            #[derive(Deserialize)]
            #[expect(dead_code, reason = "it is decoded and dropped")]
            pub(super) struct $session {
                agent_status: Option<String>,
                auto_commit: bool,
                branch_name: Option<String>,
                created_at: $time,
                #[serde(default, deserialize_with = "present")]
                deep_work_id: Option<Option<String>>,
                id: String,
                #[serde(default, deserialize_with = "present")]
                merged_at: Option<Option<String>>,
                model: Option<String>,
                origin: String,
                #[serde(default, deserialize_with = "present")]
                sandbox_id: Option<Option<String>>,
                status: String,
                title: String,
                updated_at: $time,
                user_id: String,
                workspace_id: String,
            }
        };
    }

    page!(SessionList, Session, DateTime<Utc>);
    page!(TextSessionList, TextSession, String);

    fn present<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<String>>, D::Error> {
        Option::deserialize(deserializer).map(Some)
    }
}

/// A page of sessions that differ in length and in what is null or absent.
fn page(length: usize) -> Value {
    let items: Vec<Value> = (0..length).map(session).collect();
    json!({"items": items, "next_cursor": null})
}

fn session(index: usize) -> Value {
    let mut session = json!({
        "id": format!("ses_{index:024}"),
        "workspace_id": "ws_01jqz5x8t7k2m4n6p8r0s2v4w6",
        "user_id": format!("usr_{:024}", index % 50),
        "title": format!("Make the login page remember me{}", ", please".repeat(index % 4)),
        "status": "active",
        "agent_status": "idle",
        "origin": "api",
        "branch_name": format!("feature/login-{index}"),
        "auto_commit": index.is_multiple_of(2),
        "model": "claude-sonnet",
        "sandbox_id": format!("sbx_{index:024}"),
        "deep_work_id": null,
        "created_at": format!("2025-01-{:02}T09:{:02}:07.{:03}Z", index % 28 + 1, index % 60, index % 1000),
        "updated_at": format!("2025-02-{:02}T10:{:02}:41.{:03}Z", index % 28 + 1, index % 60, index % 1000),
    });
    if index.is_multiple_of(3) {
        session["branch_name"] = Value::Null;
        session["merged_at"] = "2025-02-01T00:00:00.000Z".into();
    }
    session
}

/// A timeline in which every type of event takes its turn, with payloads of four sizes.
fn timeline(length: usize) -> Value {
    let event = |index: usize| {
        let (kind, size) = (TYPES[index % TYPES.len()], index % 4);
        let mut payload = json!({"type": kind});
        if kind == "user_message" {
            payload["message"] = "Make the login page remember me. "
                .repeat(index % 8 + 1)
                .into();
        }
        if size > 0 {
            payload["path"] = format!("src/pages/login-{index}.rs").into();
            payload["success"] = true.into();
        }
        if size > 1 {
            payload["content"] = "    let remembered = session.remember(&user);\n"
                .repeat(index % 16)
                .into();
        }
        if size > 2 {
            let hunk = |line: usize| json!({"line": line, "score": 0.5, "text": "- old\n+ new", "by": null});
            payload["hunks"] = (0..index % 12).map(hunk).collect();
        }
        json!({
            "id": format!("evt_{index:024}"),
            "session_id": "ses_01jqz5x8t7k2m4n6p8r0s2v4w6",
            "type": kind,
            "status": "completed",
            "payload": payload,
            "client_id": null,
            "created_at": "2025-01-31T09:15:07.123Z",
            "updated_at": "2025-01-31T09:15:07.123Z",
        })
    };
    (0..length).map(event).collect()
}

/// Sees to it that the timeline is what it is said to be.
fn check(timeline: &str) {
    let events: Vec<SessionEvent> = serde_json::from_str(timeline).expect("the timeline fits");
    for (event, kind) in events.iter().zip(TYPES) {
        assert_eq!(event.type_.as_str(), *kind);
        let unknown = matches!(event.type_, SessionEventType::Unknown(_));
        assert_eq!(unknown, *kind == "not_documented", "{kind}");
        let message = matches!(event.payload, SessionEventPayload::UserMessage(_));
        assert_eq!(message, *kind == "user_message", "{kind}");
    }
}

const TYPES: &[&str] = &[
    "user_message",
    "agent_message",
    "system_message",
    "session_finished",
    "session_closed",
    "merge_request_merged",
    "merge_request_closed",
    "agent_file_tree_browse",
    "agent_file_read",
    "agent_file_edit",
    "agent_file_create",
    "agent_file_remove",
    "agent_file_move",
    "agent_file_copy",
    "agent_file_read_range",
    "agent_read_around_match",
    "agent_search_files",
    "agent_search_files_v2",
    "agent_plan_execution_update",
    "agent_ask_user",
    "user_ask_user_response",
    "agent_branch_diff",
    "agent_uncommitted_changes",
    "agent_conflict_state",
    "agent_check_target_branch_mergeability",
    "agent_merge_remote_branch",
    "agent_pull_from_remote",
    "agent_push_to_remote",
    "agent_abort_conflict_resolution",
    "agent_rollback_uncommitted_changes",
    "agent_http_request",
    "agent_web_browse",
    "agent_run_repository_command",
    "agent_alert_created",
    "not_documented",
];

/// Starts a server that answers every request at once and keeps its connections, and gives its address.
async fn server() -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    Ok(format!("http://{address}"))
}

async fn serve(stream: TcpStream) -> io::Result<()> {
    let answer = |body: Value| {
        let body = body.to_string();
        format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let (list, created) = (answer(page(1)), answer(session(1)));
    stream.set_nodelay(true)?;
    let mut received = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        stream.readable().await?;
        match stream.try_read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => received.extend(&buffer[..length]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
        // A request is told by its first and last bytes, an answer fits into the socket's buffer.
        let answer = match received.as_slice() {
            [b'G', .., b'\r', b'\n', b'\r', b'\n'] => &list,
            [b'P', .., b'}'] => &created,
            _ => continue,
        };
        stream.try_write(answer.as_bytes())?;
        received.clear();
    }
}
