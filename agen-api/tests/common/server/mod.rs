//! A server on loopback that speaks raw TCP, so that a test sees every byte and sends any.

mod answer;
mod connection;

use std::{
    collections::VecDeque,
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
    time::Instant,
};

pub(crate) use answer::Answer;
use connection::{Connection, complete};
use rustls::ServerConfig;

use super::canary;

/// A server that gives each request the next answer of its script, and the last one from then on.
///
/// When it is dropped it has read all that was sent to it, and ends the process if the API key stands
/// anywhere but in its header.
pub(crate) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    listening: Option<JoinHandle<()>>,
    tls: bool,
    /// Whether this is no server that a client was told to send its key to.
    stranger: bool,
}

struct Shared {
    script: Mutex<VecDeque<Answer>>,
    seen: Mutex<Seen>,
    /// The connections that are open; whoever serves one has it.
    open: Mutex<Vec<Weak<TcpStream>>>,
    closed: AtomicUsize,
    /// Where the connection comes from that tells the listener to end.
    last: Mutex<Option<SocketAddr>>,
    tls: Option<Arc<ServerConfig>>,
}

/// What a server has received.
#[derive(Default)]
struct Seen {
    connections: Vec<Vec<u8>>,
    requests: Vec<Request>,
}

/// A complete request.
#[derive(Clone)]
pub(crate) struct Request {
    /// Which connection it came on, counted from 0.
    pub(crate) connection: usize,
    /// When its last byte was read.
    pub(crate) at: Instant,
    pub(crate) text: String,
}

impl Server {
    /// Starts a server that sends `answer`, byte for byte, and closes the connection.
    pub(crate) fn raw(answer: impl Into<Vec<u8>>) -> Self {
        Self::script([Answer::raw(answer)])
    }

    /// Starts a server that answers with a status line such as `200 OK`, header lines, and a body, and closes
    /// the connection.
    pub(crate) fn answering(status: &str, headers: &[&str], body: &str) -> Self {
        Self::script([Answer::new(status, headers, body).closing()])
    }

    /// Starts a server that answers 200 with a JSON body.
    pub(crate) fn json(body: &str) -> Self {
        Self::answering("200 OK", &["content-type: application/json"], body)
    }

    /// Starts a server that answers one request after the other.
    pub(crate) fn script(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self::start(answers, None)
    }

    /// Starts a server that no key is meant for: anywhere in what it receives, the key has leaked.
    pub(crate) fn stranger(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self::script(answers).into_stranger()
    }

    /// Starts a server that speaks TLS.
    pub(crate) fn tls(answers: impl IntoIterator<Item = Answer>, tls: Arc<ServerConfig>) -> Self {
        Self::start(answers, Some(tls))
    }

    /// This server, which no key is meant for.
    pub(crate) fn into_stranger(mut self) -> Self {
        self.stranger = true;
        self
    }

    fn start(answers: impl IntoIterator<Item = Answer>, tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let is_tls = tls.is_some();
        let shared = Arc::new(Shared {
            script: Mutex::new(answers.into_iter().collect()),
            seen: Mutex::default(),
            open: Mutex::default(),
            closed: AtomicUsize::default(),
            last: Mutex::default(),
            tls,
        });
        let listening = thread::spawn({
            let shared = Arc::clone(&shared);
            move || shared.listen(&listener)
        });
        Self {
            address,
            shared,
            listening: Some(listening),
            tls: is_tls,
            stranger: false,
        }
    }

    /// Host and port.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address to give a client.
    pub(crate) fn url(&self) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// The complete requests that were received so far, in their order.
    pub(crate) fn requests(&self) -> Vec<String> {
        let seen = self.shared.seen.lock().unwrap();
        seen.requests
            .iter()
            .map(|request| request.text.clone())
            .collect()
    }

    /// The complete requests with what is known of them.
    pub(crate) fn log(&self) -> Vec<Request> {
        self.shared.seen.lock().unwrap().requests.clone()
    }

    /// Everything that was received so far, for each connection. With TLS, what was in it.
    pub(crate) fn received(&self) -> Vec<Vec<u8>> {
        self.shared.seen.lock().unwrap().connections.clone()
    }

    /// How many connections are closed.
    pub(crate) fn closed(&self) -> usize {
        self.shared.closed.load(Ordering::Acquire)
    }

    /// Waits until everything that was sent has been read, and no connection is open.
    pub(crate) fn stop(&mut self) {
        let Some(listening) = self.listening.take() else {
            return;
        };
        let knock = {
            let mut last = self.shared.last.lock().unwrap();
            let knock = TcpStream::connect(self.address).unwrap();
            *last = Some(knock.local_addr().unwrap());
            knock
        };
        // A panic in a thread of the server has been printed.
        let _ = listening.join();
        drop(knock);
    }

    /// What is wrong with where the key stands; none if nothing is.
    fn finding(&self) -> Option<String> {
        let seen = self.shared.seen.lock().unwrap();
        let count = |bytes: &[u8]| {
            let key = canary::CANARY.as_bytes();
            bytes
                .windows(key.len())
                .filter(|window| *window == key)
                .count()
        };
        let header = format!("\r\nx-api-key: {}\r\n", canary::CANARY);
        let due = if self.stranger {
            0
        } else {
            let heads = seen
                .connections
                .iter()
                .map(|bytes| count_heads(bytes, &header));
            heads.sum()
        };
        let found: usize = seen.connections.iter().map(|bytes| count(bytes)).sum();
        (found != due).then(|| {
            let received: Vec<_> = seen
                .connections
                .iter()
                .map(|bytes| String::from_utf8_lossy(bytes))
                .collect();
            format!(
                "the API key stands {found} times and not {due} times in {received:#?}, received by {}",
                self.address
            )
        })
    }
}

/// How many requests of a connection have this line in their head; the last one may be incomplete.
fn count_heads(bytes: &[u8], line: &str) -> usize {
    let mut rest = bytes;
    let mut count = 0;
    while !rest.is_empty() {
        let (request, more) = rest.split_at(complete(rest).unwrap_or(rest.len()));
        let request = String::from_utf8_lossy(request);
        let head = request.split_inclusive("\r\n\r\n").next();
        count += usize::from(head.is_some_and(|head| head.contains(line)));
        rest = more;
    }
    count
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
        if let Some(finding) = self.finding() {
            canary::report(&finding);
        }
    }
}

impl Shared {
    fn listen(self: Arc<Self>, listener: &TcpListener) {
        let mut serving = Vec::new();
        loop {
            let (stream, peer) = listener.accept().unwrap();
            if *self.last.lock().unwrap() == Some(peer) {
                break;
            }
            let stream = Arc::new(stream);
            self.open.lock().unwrap().push(Arc::downgrade(&stream));
            let mut seen = self.seen.lock().unwrap();
            let connection = Connection::new(seen.connections.len(), Arc::clone(&self), stream);
            seen.connections.push(Vec::new());
            drop(seen);
            let shared = Arc::clone(&self);
            serving.push(thread::spawn(move || {
                connection.serve();
                shared.closed.fetch_add(1, Ordering::Release);
            }));
        }
        for stream in self.open.lock().unwrap().drain(..) {
            if let Some(stream) = stream.upgrade() {
                // What was received can still be read.
                let _ = stream.shutdown(Shutdown::Both);
            }
        }
        for thread in serving {
            let _ = thread.join();
        }
    }

    /// The next answer; the last one stays.
    fn answer(&self) -> Answer {
        let mut script = self.script.lock().unwrap();
        let last = script.front().cloned();
        if script.len() > 1 {
            script.pop_front();
        }
        last.unwrap_or_else(Answer::reset)
    }
}
