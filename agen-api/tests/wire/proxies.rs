//! What a proxy sees.

use agen_api::{ErrorKind, mock::Waits};

use super::common::{Answer, CANARY, Server, failure, trusting};

#[tokio::test]
async fn a_proxy_sees_no_key_of_what_goes_to_https() {
    let origin = Server::https([Answer::json("[]")]);
    let proxy = Server::stranger([Answer::tunnel(origin.address())]);
    let own = trusting().proxy(reqwest::Proxy::all(proxy.url()).unwrap());
    let client = origin.builder().http(own).build().unwrap();
    client.list_events("s").send().await.unwrap();
    let address = origin.address();
    let connect = format!("CONNECT {address} HTTP/1.1\r\nhost: {address}\r\n");
    let head = &proxy.requests()[0];
    assert!(
        head.to_ascii_lowercase()
            .starts_with(&connect.to_ascii_lowercase()),
        "{head}"
    );
    // What follows is a handshake, and nothing that can be read.
    let received = proxy.received().concat();
    assert_eq!(received[head.len()..head.len() + 2], [0x16, 0x03]);
    assert_eq!(origin.requests()[0].matches(CANARY).count(), 1);
}

#[tokio::test]
async fn a_proxy_that_refuses_sees_no_key_either() {
    for answer in [
        Answer::new(
            "407 Proxy Authentication Required",
            &["proxy-authenticate: Basic"],
            "",
        ),
        Answer::new("302 Found", &["location: http://127.0.0.1:1/"], ""),
        Answer::new("502 Bad Gateway", &[], "<html>"),
        Answer::raw("no HTTP\r\n\r\n"),
        Answer::reset(),
    ] {
        let origin = Server::https([Answer::json("[]")]);
        let proxy = Server::stranger([answer]);
        let own = trusting().proxy(
            reqwest::Proxy::all(proxy.url())
                .unwrap()
                .basic_auth("u", "p"),
        );
        let client = origin.builder().http(own).waits(&Waits::default());
        let error = failure(client.build().unwrap().send_message("s", "m").send().await);
        // Nothing has left that the server could have acted on.
        assert_eq!(
            (error.kind(), error.attempts()),
            (ErrorKind::Connection, 3),
            "{error}"
        );
        assert_eq!(proxy.requests().len(), 3);
        assert!(origin.received().is_empty());
    }
}

#[tokio::test]
async fn plain_http_to_this_machine_goes_through_no_proxy() {
    let origin = Server::script([Answer::json("[]")]);
    let mut proxy = Server::stranger([Answer::json("[]")]);
    let own = trusting().proxy(reqwest::Proxy::all(proxy.url()).unwrap());
    let client = origin.builder().http(own).build().unwrap();
    client.list_events("s").send().await.unwrap();
    assert_eq!(origin.requests().len(), 1);
    proxy.stop();
    assert!(proxy.received().is_empty());
}
