//! The server: which mocks there are, and what came in.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

use reqwest::StatusCode;
use serde_json::json;
use wiremock::{Request, ResponseTemplate};

use super::{
    super::{Client, ClientBuilder},
    CONTENT_TYPE, Mock, Received, Reply, Waits,
    filter::Template,
};

/// The key of the clients that the server makes.
const KEY: &str = "mock-key";

/// A server on this machine that plays the API, with a method per operation that begins a [`Mock`] of it.
///
/// A request is answered by the first mock that fits and is not used up, in the order in which they were
/// set; where paths of two operations fit, the mocks of the one with fewer parameters in it go first, as
/// OpenAPI has it. One that none fits gets the status 501, and a message that says what came and which mocks there are.
/// The key of a request is not checked.
///
/// When the server goes out of scope, it panics where a mock has not had the requests that it
/// [expects](Mock::expect).
pub struct MockServer {
    server: wiremock::MockServer,
    mocks: Arc<Mutex<Vec<Mounted>>>,
    waits: Waits,
}

/// A mock in its place.
struct Mounted {
    /// The operation and the filters.
    shown: String,
    times: Option<u64>,
    expected: Option<u64>,
    answered: u64,
}

impl MockServer {
    /// Starts a server without a mock, on a free port.
    pub async fn start() -> Self {
        let server = wiremock::MockServer::start().await;
        let mocks = Arc::new(Mutex::new(Vec::new()));
        let known = Arc::clone(&mocks);
        wiremock::Mock::given(wiremock::matchers::any())
            .respond_with(move |request: &Request| unexpected(request, &lock(&known)))
            .with_priority(u8::MAX)
            .mount(&server)
            .await;
        Self {
            server,
            mocks,
            waits: Waits::default(),
        }
    }

    /// The address, such as `http://127.0.0.1:4372`.
    pub fn url(&self) -> String {
        self.server.uri()
    }

    /// A client of this server.
    pub fn client(&self) -> Client {
        match self.builder().build() {
            Ok(client) => client,
            Err(error) => panic!("no client of the mock server can be made: {error}"),
        }
    }

    /// Settings of a client of this server: its address, a key that means nothing, and [waits](Self::waits)
    /// that take no time.
    pub fn builder(&self) -> ClientBuilder {
        Client::builder()
            .api_key(KEY)
            .base_url(self.url())
            .waits(&self.waits)
    }

    /// The waits of the clients of this server, before they try again or ask again.
    pub fn waits(&self) -> &Waits {
        &self.waits
    }

    /// Every request that came in so far, answered by a mock or not, the first one first.
    pub async fn received(&self) -> Vec<Received> {
        let requests = self.server.received_requests().await.unwrap_or_default();
        requests.into_iter().map(Received::new).collect()
    }

    /// Checks that each mock has had the requests that it [expects](Mock::expect).
    ///
    /// # Panics
    /// When one has not; the text names each of them.
    pub fn verify(&self) {
        let wrong: Vec<String> = lock(&self.mocks)
            .iter()
            .filter_map(|mock| {
                let expected = mock.expected.filter(|count| *count != mock.answered)?;
                Some(format!(
                    "{}: {expected} expected, {} came",
                    mock.shown, mock.answered
                ))
            })
            .collect();
        assert!(
            wrong.is_empty(),
            "mocks have not had the requests that they expect:\n{}",
            wrong.join("\n")
        );
    }
}

impl Drop for MockServer {
    fn drop(&mut self) {
        if !thread::panicking() {
            self.verify();
        }
    }
}

impl fmt::Debug for MockServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockServer")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

/// Puts a mock in its place, with its answer.
pub(super) async fn mount<C>(mock: Mock<'_, C>, reply: Reply) {
    let Mock {
        server,
        operation,
        method,
        path,
        filters,
        times,
        expected,
        delay,
        headers,
        ..
    } = mock;
    let shown: Vec<String> = filters.iter().map(ToString::to_string).collect();
    let shown = match shown.as_slice() {
        [] => operation.to_owned(),
        shown => format!("{operation} with {}", shown.join(", ")),
    };
    let template = Template::new(path, &filters);
    let mut answer = ResponseTemplate::new(reply.status)
        .set_body_bytes(reply.body)
        .set_delay(delay)
        .append_headers(headers.iter());
    if let Some(content_type) = reply
        .content_type
        .filter(|_| !headers.contains_key(CONTENT_TYPE))
    {
        answer = answer.insert_header(CONTENT_TYPE, content_type);
    }
    let index = {
        let mut mocks = lock(&server.mocks);
        mocks.push(Mounted {
            shown,
            times,
            expected,
            answered: 0,
        });
        mocks.len() - 1
    };
    let mocks = Arc::clone(&server.mocks);
    let fits = move |request: &Request| {
        request.method.as_str() == method
            && template.fits(request.url.path())
            && filters.iter().all(|filter| filter.fits(request))
    };
    let mut mock = wiremock::Mock::given(fits).respond_with(move |_: &Request| {
        if let Some(mock) = lock(&mocks).get_mut(index) {
            mock.answered += 1;
        }
        answer.clone()
    });
    // 1 is the first; the last is for what nothing fits.
    let parameters = u8::try_from(path.matches('{').count()).unwrap_or(u8::MAX);
    mock = mock.with_priority(parameters.clamp(0, u8::MAX - 2) + 1);
    if let Some(times) = times {
        mock = mock.up_to_n_times(times);
    }
    mock.mount(&server.server).await;
}

fn lock(mocks: &Mutex<Vec<Mounted>>) -> MutexGuard<'_, Vec<Mounted>> {
    mocks.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The answer to a request that no mock fits. The client shows the beginning of its message.
fn unexpected(request: &Request, mocks: &[Mounted]) -> ResponseTemplate {
    let mocks: Vec<String> = mocks
        .iter()
        .map(|mock| match mock.times {
            Some(times) if mock.answered >= times => {
                format!("{} (used up after {times})", mock.shown)
            }
            _ => mock.shown.clone(),
        })
        .collect();
    let mocks = if mocks.is_empty() {
        "there is no mock at all".to_owned()
    } else {
        format!("the mocks are: {}", mocks.join("; "))
    };
    let Received {
        method, path, body, ..
    } = Received::new(request.clone());
    let query = request.url.query();
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    let body = match String::from_utf8_lossy(&body) {
        body if body.is_empty() => String::new(),
        body => format!("; the body was {body}"),
    };
    let message = format!("no mock fits {method} {path}{query}; {mocks}{body}");
    ResponseTemplate::new(StatusCode::NOT_IMPLEMENTED).set_body_json(json!({"message": message}))
}
