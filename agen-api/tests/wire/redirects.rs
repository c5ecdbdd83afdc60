//! No redirect is followed, wherever it leads, so that the key stays where it was sent.

use agen_api::{Client, ErrorKind};

use super::common::{Answer, Server, failure, text, trusting};

const STATUSES: [&str; 5] = [
    "301 Moved Permanently",
    "302 Found",
    "303 See Other",
    "307 Temporary Redirect",
    "308 Permanent Redirect",
];

/// Where a redirect leads: a name for it, and the address and the server that are there, unless it is the
/// origin itself.
type Target = (&'static str, Option<(String, Server)>);

fn targets() -> Vec<Target> {
    let stranger = || Server::stranger([Answer::json("[]")]);
    let (port, host) = (stranger(), stranger());
    let tls = Server::https([Answer::json("[]")]).into_stranger();
    vec![
        ("same origin", None),
        ("http, other port", Some((port.url(), port))),
        (
            "http, other host",
            Some((host.url().replace("127.0.0.1", "localhost"), host)),
        ),
        ("https", Some((tls.url(), tls))),
    ]
}

/// Tries every status, target and method from the servers that `start` makes.
async fn try_all(start: fn([Answer; 1]) -> Server, client: fn(&Server) -> Client) {
    for status in STATUSES {
        for (name, target) in targets() {
            let origin = target.as_ref().map_or("", |(origin, _)| origin.as_str());
            let location = format!("location: {origin}/elsewhere?q=1#f");
            let first = start([Answer::new(status, &[&location], "")]);
            let client = client(&first);
            for error in [
                failure(client.list_sessions().send().await),
                failure(client.send_message("s", "m").send().await),
            ] {
                assert_eq!((error.kind(), error.attempts()), (ErrorKind::Redirect, 1));
                assert_eq!(error.status().unwrap().as_str(), &status[..3]);
                let own = first.url();
                let origin = if origin.is_empty() { &own } else { origin };
                let points = format!("the server points to {origin}/elsewhere, which was not");
                assert!(text(&error).contains(&points), "{name}: {error}");
                assert!(error.to_string().contains("AGEN_BASE_URL"), "{error}");
            }
            let requests = first.requests();
            assert_eq!(requests.len(), 2, "{status}, {name}");
            for request in requests {
                assert!(
                    !request.to_ascii_lowercase().contains("\r\nreferer"),
                    "{request}"
                );
            }
            if let Some((_, mut server)) = target {
                server.stop();
                // Not even a connection was made.
                assert!(server.received().is_empty(), "{status}, {name}");
            }
        }
    }
}

#[tokio::test]
async fn from_http_to_anywhere() {
    try_all(Server::script, Server::client).await;
}

#[tokio::test]
async fn from_https_to_anywhere() {
    try_all(Server::https, |server| {
        server.builder().http(trusting()).build().unwrap()
    })
    .await;
}

#[tokio::test]
async fn from_anywhere_with_an_own_builder_that_would_follow() {
    fn following(server: &Server) -> Client {
        let own = trusting()
            .redirect(reqwest::redirect::Policy::limited(10))
            .referer(true);
        server.builder().http(own).build().unwrap()
    }
    try_all(Server::script, following).await;
    try_all(Server::https, following).await;
}

#[tokio::test]
async fn a_redirect_says_where_it_points_without_secrets() {
    for (location, shown) in [
        (
            "http://user:pass@127.0.0.1/a?b#c",
            "points to http://127.0.0.1/a, which",
        ),
        ("//127.0.0.1:1/a", "points to http://127.0.0.1:1/a, which"),
        ("data:text/plain,x", "names no address"),
        ("http://", "names no address"),
        ("\u{e9}", "points to http://127.0.0.1:"),
        ("", "points to http://127.0.0.1:"),
    ] {
        let server = Server::answering("302 Found", &[&format!("location: {location}")], "");
        let error = failure(server.client().list_sessions().send().await);
        assert!(text(&error).contains(shown), "{location}: {error}");
        assert!(!format!("{error} {error:?}").contains("pass"), "{error:?}");
    }
    let server = Server::answering("302 Found", &[], "");
    let error = failure(server.client().list_sessions().send().await);
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert!(text(&error).contains("names no address"), "{error}");
    for status in ["300 Multiple Choices", "304 Not Modified"] {
        let server = Server::answering(status, &["location: /a"], "");
        let error = failure(server.client().list_sessions().send().await);
        assert_eq!(error.kind(), ErrorKind::Status);
    }
}
