//! Creates a session, sends it a message and prints its timeline.
//!
//! With `AGEN_API_KEY` set, this talks to the real API and starts real work. Without it, it talks to a server
//! that it starts itself on loopback and whose answers are fixed.
//!
//! ```sh
//! cargo run -p agen-api --example create_session
//! ```

use std::{
    env,
    error::Error,
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    thread,
};

use agen_api::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let client = if env::var_os("AGEN_API_KEY").is_some() {
        Client::from_env()?
    } else {
        let address = start_server()?;
        println!("AGEN_API_KEY is not set: talking to a server with fixed answers at {address}");
        Client::builder()
            .api_key("example")
            .base_url(address)
            .build()?
    };

    let session = client
        .create_session("feature/login")
        .auto_commit(true)
        .send()
        .await?;
    println!("created session {} ({})", session.id, session.status);

    let message = client
        .send_message(&session.id, "Make the login page remember me")
        .send()
        .await?;
    println!("sent message {} ({})", message.id, message.status);

    for event in client.list_events(&session.id).send().await? {
        println!("{}: {} ({})", event.id, event.type_, event.status);
    }
    Ok(())
}

/// Starts the server in a thread of its own and gives its address.
fn start_server() -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = format!("http://{}", listener.local_addr()?);
    thread::spawn(move || {
        for stream in listener.incoming() {
            if let Err(error) = stream.and_then(answer) {
                eprintln!("the server of this example failed: {error}");
            }
        }
    });
    Ok(address)
}

/// Reads one request and answers it by its path.
fn answer(stream: TcpStream) -> io::Result<()> {
    let mut reader = BufReader::new(&stream);
    let mut first_line = String::new();
    reader.read_line(&mut first_line)?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
    }
    io::copy(&mut reader.take(length), &mut io::sink())?;

    let path = first_line.split(' ').nth(1).unwrap_or_default();
    let body = if path.ends_with("/messages") {
        MESSAGE.to_owned()
    } else if path.ends_with("/events") {
        format!("[{MESSAGE},{REPLY}]")
    } else {
        SESSION.to_owned()
    };
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
    write!(
        &stream,
        "{head}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

const SESSION: &str = r#"{
    "id": "ses_1", "title": "Remember me on the login page", "workspace_id": "wsp_1", "user_id": "usr_1",
    "branch_name": "feature/login", "auto_commit": true, "status": "active", "origin": "api",
    "created_at": "2025-01-31T09:15:00Z", "updated_at": "2025-01-31T09:15:00Z"
}"#;

const MESSAGE: &str = r#"{
    "id": "evt_1", "session_id": "ses_1", "type": "user_message", "status": "queued",
    "payload": {"type": "user_message", "message": "Make the login page remember me"},
    "created_at": "2025-01-31T09:15:01Z", "updated_at": "2025-01-31T09:15:01Z"
}"#;

const REPLY: &str = r#"{
    "id": "evt_2", "session_id": "ses_1", "type": "agent_message", "status": "completed",
    "payload": {"type": "agent_message"},
    "created_at": "2025-01-31T09:15:02Z", "updated_at": "2025-01-31T09:15:02Z"
}"#;
