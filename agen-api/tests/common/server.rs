//! A server on loopback that speaks raw TCP, so that a test sees every byte and sends any.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// A server that gives every request the same answer and then closes the connection.
pub(crate) struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts a server that sends `answer`, byte for byte.
    pub(crate) fn raw(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        // The thread ends with the process.
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let request = read_request(&mut stream);
                seen.lock().unwrap().push(request);
                // A client that has read enough goes away.
                let _ = stream.write_all(&answer);
            }
        });
        Self { address, requests }
    }

    /// Starts a server that answers with a status line such as `200 OK`, header lines, and a body.
    pub(crate) fn answering(status: &str, headers: &[&str], body: &str) -> Self {
        let mut answer = format!("HTTP/1.1 {status}\r\nconnection: close\r\n");
        for header in headers {
            answer.push_str(&format!("{header}\r\n"));
        }
        answer.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
        Self::raw(answer)
    }

    /// Starts a server that answers 200 with a JSON body.
    pub(crate) fn json(body: &str) -> Self {
        Self::answering("200 OK", &["content-type: application/json"], body)
    }

    /// The address to give a client.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Everything that was received, a text per connection.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// Reads the head and as much of a body as `content-length` says.
fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase()
                        .strip_prefix("content-length: ")
                        .map(str::to_owned)
                })
                .map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                return text;
            }
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return text,
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
        }
    }
}
