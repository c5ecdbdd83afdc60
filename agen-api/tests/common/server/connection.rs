//! One connection of a server: requests are read and recorded, and answered down to how the connection ends.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use rustls::{ServerConnection, StreamOwned};

use super::{
    Request, Shared,
    answer::{Answer, End},
};

/// A connection that a client has made.
pub(super) struct Connection {
    number: usize,
    shared: Arc<Shared>,
    tcp: Tcp,
}

impl Connection {
    pub(super) fn new(number: usize, shared: Arc<Shared>, stream: Arc<TcpStream>) -> Self {
        Self {
            number,
            shared,
            tcp: Tcp(stream),
        }
    }

    /// Reads requests and answers them until one side ends.
    pub(super) fn serve(self) {
        let tcp = Tcp(Arc::clone(&self.tcp.0));
        let mut stream: Box<dyn Stream> = match &self.shared.tls {
            None => Box::new(tcp),
            Some(tls) => {
                let tls = ServerConnection::new(Arc::clone(tls)).unwrap();
                Box::new(StreamOwned::new(tls, tcp))
            }
        };
        let mut unread = Vec::new();
        while let Some(text) = self.request(&mut *stream, &mut unread) {
            let answer = self.shared.answer();
            let request = Request {
                connection: self.number,
                at: Instant::now(),
                text,
            };
            self.shared.seen.lock().unwrap().requests.push(request);
            // A client that has read enough goes away.
            if !self.give(&answer, &mut *stream).unwrap_or(false) {
                return;
            }
        }
    }

    /// Reads a request; none when the client is gone before its end.
    fn request(&self, stream: &mut dyn Stream, unread: &mut Vec<u8>) -> Option<String> {
        loop {
            if let Some(length) = complete(unread) {
                let rest = unread.split_off(length);
                let request = std::mem::replace(unread, rest);
                return Some(String::from_utf8_lossy(&request).into_owned());
            }
            let read = self.read(stream).ok().filter(|read| !read.is_empty())?;
            unread.extend_from_slice(&read);
        }
    }

    /// Reads what is there, and records it.
    fn read(&self, stream: &mut dyn Stream) -> io::Result<Vec<u8>> {
        let mut buffer = vec![0; 16 * 1024];
        let length = stream.read(&mut buffer)?;
        buffer.truncate(length);
        self.shared.seen.lock().unwrap().connections[self.number].extend_from_slice(&buffer);
        Ok(buffer)
    }

    /// Gives an answer, and says whether the connection stays open.
    fn give(&self, answer: &Answer, stream: &mut dyn Stream) -> io::Result<bool> {
        stream.write_all(&answer.bytes)?;
        stream.flush()?;
        match &answer.end {
            End::Open => return Ok(true),
            End::Close => {}
            End::Reset => {
                socket2::SockRef::from(&*self.tcp.0).set_linger(Some(Duration::ZERO))?;
            }
            End::Silence => while !self.read(stream)?.is_empty() {},
            End::Drip(bytes, pace) => {
                for byte in bytes {
                    stream.write_all(&[*byte])?;
                    if self.wait(*pace, stream)? {
                        break;
                    }
                }
            }
            End::Endless(bytes) => loop {
                stream.write_all(bytes)?;
            },
            End::Tunnel(target) => self.tunnel(*target, stream)?,
        }
        Ok(false)
    }

    /// Waits for the client as long as this, and says whether it is gone.
    fn wait(&self, time: Duration, stream: &mut dyn Stream) -> io::Result<bool> {
        self.tcp.0.set_read_timeout(Some(time))?;
        let gone = match self.read(stream) {
            Ok(bytes) => bytes.is_empty(),
            Err(error) => !matches!(
                error.kind(),
                io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
            ),
        };
        self.tcp.0.set_read_timeout(None)?;
        Ok(gone)
    }

    /// Passes on what comes, in both directions, until one side ends.
    fn tunnel(&self, target: SocketAddr, stream: &mut dyn Stream) -> io::Result<()> {
        let mut there = TcpStream::connect(target)?;
        let (mut from, mut to) = (there.try_clone()?, Tcp(Arc::clone(&self.tcp.0)));
        let back = thread::spawn(move || {
            let _ = io::copy(&mut from, &mut to);
            let _ = to.0.shutdown(Shutdown::Both);
        });
        while let Ok(bytes) = self.read(stream)
            && !bytes.is_empty()
        {
            there.write_all(&bytes)?;
        }
        there.shutdown(Shutdown::Both)?;
        let _ = back.join();
        Ok(())
    }
}

/// Length of the request that `bytes` begin with: its head, and a body as long as `content-length` says. The
/// first message of a TLS handshake, where no TLS is spoken, counts as a request.
pub(super) fn complete(bytes: &[u8]) -> Option<usize> {
    if let [0x16, 0x03, _, high, low, rest @ ..] = bytes {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        return (rest.len() >= length).then_some(5 + length);
    }
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let body = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().unwrap());
    (bytes.len() >= end + body).then_some(end + body)
}

trait Stream: Read + Write {}

impl<T: Read + Write> Stream for T {}

/// A connection that several can hold, and that ends when the last of them lets go.
struct Tcp(Arc<TcpStream>);

impl Read for Tcp {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        (&*self.0).read(buffer)
    }
}

impl Write for Tcp {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (&*self.0).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        (&*self.0).flush()
    }
}
