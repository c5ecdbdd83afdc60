//! A server of HTTP/1.1 in bytes, so that it can also do what no server should.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What was asked.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// The request line and the headers.
    pub(crate) head: String,
}

impl Request {
    pub(crate) fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap()
    }
}

/// What is answered.
pub(crate) enum Answer {
    /// These bytes, and the end of the connection.
    Bytes(Vec<u8>),
    /// These bytes, and nothing more for as long as the other side waits.
    Open(Vec<u8>),
    /// A body of these chunks, over and over.
    Endless(&'static [u8]),
}

impl Answer {
    pub(crate) fn status(status: u16) -> Self {
        let head =
            format!("HTTP/1.1 {status} Some\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        Self::Bytes(head.into())
    }

    pub(crate) fn redirect(status: u16, to: &str) -> Self {
        let head = format!(
            "HTTP/1.1 {status} There\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        );
        Self::Bytes(head.into())
    }

    pub(crate) fn silence() -> Self {
        Self::Open(Vec::new())
    }
}

pub(crate) fn ok(content_type: &str, body: &str) -> Answer {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    );
    Answer::Bytes(head.into())
}

/// A server that goes on until the test ends.
pub(crate) struct Server {
    port: u16,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    pub(crate) fn start(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        Self::over(Ok, answer)
    }

    /// A server whose streams are made of those of TCP.
    fn over<S: Read + Write>(
        wrap: impl Fn(TcpStream) -> io::Result<S> + Send + Sync + 'static,
        answer: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        let serve = Arc::new(move |stream: TcpStream| -> io::Result<()> {
            stream.set_nodelay(true)?;
            let mut stream = BufReader::new(wrap(stream)?);
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                if stream.read_line(&mut head)? == 0 {
                    return Ok(());
                }
            }
            let request = Request { head };
            seen.lock().unwrap().push(request.clone());
            let stream = stream.get_mut();
            match answer(&request) {
                Answer::Bytes(bytes) => stream.write_all(&bytes),
                Answer::Open(bytes) => {
                    stream.write_all(&bytes)?;
                    // Until the other side goes away.
                    stream.read_to_end(&mut Vec::new()).map(drop)
                }
                Answer::Endless(chunk) => {
                    stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")?;
                    loop {
                        stream.write_all(chunk)?;
                    }
                }
            }
        });
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let serve = Arc::clone(&serve);
                // An error is the other side's going away.
                thread::spawn(move || serve(stream));
            }
        });
        Self { port, requests }
    }

    #[cfg(target_os = "linux")]
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

/// A server of one text over TLS, as `localhost`, and the certificate that it shows.
#[cfg(target_os = "linux")]
pub(crate) fn tls(text: &'static str) -> (Server, String) {
    use base64::Engine;
    use rustls::crypto::ring;
    use rustls::pki_types::PrivateKeyDer;
    use rustls::{ServerConfig, ServerConnection, StreamOwned};

    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let wrap = move |stream| {
        let connection = ServerConnection::new(Arc::clone(&config)).map_err(io::Error::other)?;
        Ok(StreamOwned::new(connection, stream))
    };
    let server = Server::over(wrap, move |_| ok("text/plain", text));
    let der = base64::engine::general_purpose::STANDARD.encode(cert.der());
    let pem = format!("-----BEGIN CERTIFICATE-----\n{der}\n-----END CERTIFICATE-----\n");
    (server, pem)
}
