//! The program against servers on this machine that speak raw TCP.

mod server;

use std::io::{Seek, Write};
use std::process::Command;

use serde_json::{Value, json};
use server::{Answer, Server, ok};

/// What the program prints of each address, and what it says beside.
struct Run {
    status: Option<i32>,
    outcomes: Vec<Value>,
    stderr: String,
}

impl Run {
    /// The one outcome that there should be.
    fn only(&self) -> &Value {
        let [only] = &self.outcomes[..] else {
            panic!("{:#?}", self.outcomes);
        };
        only
    }

    fn why(&self) -> &str {
        let only = self.only();
        assert_eq!(only["outcome"], "failed", "{only:#}");
        assert_ne!(only["help"].as_str().unwrap_or_default(), "", "{only:#}");
        only["why"].as_str().unwrap()
    }
}

/// What is asked of the program: named addresses, without any limit but the usual ones.
fn named(addresses: &[&str]) -> Value {
    json!({"addresses": addresses})
}

fn limited(limits: Value, addresses: &[&str]) -> Value {
    json!({"addresses": addresses, "limits": limits})
}

fn run(addresses: &[&str]) -> Run {
    ask(&mut command(), &named(addresses))
}

/// The program, without the proxies of whoever runs the test.
fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fetch-pages"));
    for proxy in ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"] {
        command.env_remove(proxy).env_remove(proxy.to_lowercase());
    }
    command
}

fn ask(command: &mut Command, request: &Value) -> Run {
    let mut request_file = tempfile::tempfile().unwrap();
    request_file
        .write_all(request.to_string().as_bytes())
        .unwrap();
    request_file.rewind().unwrap();
    let output = command.stdin(request_file).output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let lines = stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let mut outcomes: Vec<Value> = lines.collect();
    outcomes.sort_by_key(|found| found["index"].as_u64().unwrap());
    Run {
        status: output.status.code(),
        outcomes,
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn a_page_is_fetched_as_markdown_and_nothing_is_told_of_who_asks() {
    let server = Server::start(|request| match request.path() {
        "/a/b.md" => ok("text/markdown", "# B\n"),
        _ => Answer::status(404),
    });
    let page = server.address("/a/b#part");
    let run = run(&[&page]);
    assert_eq!(run.status, Some(0));
    assert_eq!(run.stderr, "");
    let only = run.only();
    assert_eq!(only["outcome"], "page");
    assert_eq!(only["address"], server.address("/a/b"));
    assert_eq!(only["text"], "# B\n");
    let requests = server.requests();
    let [request] = &requests[..] else {
        panic!("{requests:?}");
    };
    let head = request.head.to_ascii_lowercase();
    for name in [
        "accept-encoding: gzip",
        "authorization",
        "cookie",
        "referer",
        "x-api-key",
    ] {
        assert!(!head.contains(name), "{head}");
    }
    assert!(head.contains("user-agent: fetch-pages/"), "{head}");
}

#[test]
fn the_page_itself_where_there_is_no_markdown() {
    for status in [404, 500] {
        let server = Server::start(move |request| match request.path() {
            "/page" => ok("text/html", "<h1>Page</h1>"),
            _ => Answer::status(status),
        });
        let run = run(&[&server.address("/page")]);
        assert_eq!(run.only()["text"], "<h1>Page</h1>");
        assert_eq!(server.requests().len(), 2);
    }
}

#[test]
fn an_answer_that_is_no_page() {
    for status in [401, 404, 429, 500, 503, 304] {
        let server = Server::start(move |_| Answer::status(status));
        let run = run(&[&server.address("/page.md")]);
        let why = run.why();
        assert!(why.ends_with(&format!("answers {status}")), "{why}");
        assert_eq!(run.status, Some(0));
    }
}

#[test]
fn redirects_are_followed_on_the_host_that_was_named() {
    let server = Server::start(|request| match request.path() {
        "/a.md" => Answer::redirect(301, "b/c.md"),
        "/b/c.md" => Answer::redirect(308, "/d.md"),
        "/d.md" => ok("text/plain", "there"),
        "/loop.md" => Answer::redirect(302, "/loop.md"),
        "/file.md" => Answer::redirect(302, "file:///etc/passwd"),
        "/nowhere.md" => Answer::redirect(302, "http://"),
        _ => Answer::status(404),
    });
    assert_eq!(run(&[&server.address("/a.md")]).only()["text"], "there");
    let before = server.requests().len();
    let why = run(&[&server.address("/loop.md")]).why().to_owned();
    assert!(why.contains("redirects more than 5 times"), "{why}");
    assert_eq!(server.requests().len() - before, 6);
    let why = run(&[&server.address("/file.md")]).why().to_owned();
    assert!(why.contains("`file` is not fetched"), "{why}");
    let why = run(&[&server.address("/nowhere.md")]).why().to_owned();
    assert!(why.contains("is no address"), "{why}");
}

#[test]
fn a_redirect_to_another_host_is_not_followed() {
    let other = Server::start(|_| ok("text/plain", "elsewhere"));
    // Another port is another host, and so is another name of this machine.
    let by_name = other.address("/x").replace("127.0.0.1", "localhost");
    for to in [other.address("/x"), by_name] {
        let server = Server::start(move |_| Answer::redirect(302, &to));
        let why = run(&[&server.address("/a.md")]).why().to_owned();
        assert!(why.contains("redirects to another host"), "{why}");
    }
    assert!(other.requests().is_empty());
}

#[test]
fn a_server_that_never_answers_is_given_up() {
    let silent = Server::start(|_| Answer::silence());
    let run = ask(
        &mut command(),
        &limited(json!({"page_ms": 50}), &[&silent.address("/a.md")]),
    );
    assert_eq!(run.why(), "it did not come whole within 50ms");
    // All pages together.
    let pages: Vec<_> = (0..20)
        .map(|n| silent.address(&format!("/{n}.md")))
        .collect();
    let pages: Vec<_> = pages.iter().map(String::as_str).collect();
    let run = ask(&mut command(), &limited(json!({"total_ms": 50}), &pages));
    assert_eq!(run.outcomes.len(), 20);
    for outcome in &run.outcomes {
        assert_eq!(outcome["why"], "all pages together took longer than 50ms");
    }
}

#[test]
fn an_answer_that_comes_without_end_or_is_cut_off() {
    // A byte at a time, so that the time is over long before the size is reached.
    let drip = Server::start(|_| Answer::Endless(b"1\r\na\r\n"));
    let run = ask(
        &mut command(),
        &limited(json!({"page_ms": 100}), &[&drip.address("/a.md")]),
    );
    assert_eq!(run.why(), "it did not come whole within 100ms");
    let flood = Server::start(|_| Answer::Endless(b"5\r\nabcde\r\n"));
    let run = ask(
        &mut command(),
        &limited(json!({"page_bytes": 1000}), &[&flood.address("/a.md")]),
    );
    assert_eq!(run.why(), "it is larger than 1000 bytes");
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc";
    let cut = Server::start(|_| Answer::Bytes(head.into()));
    let run = self::run(&[&cut.address("/a.md")]);
    assert!(run.why().contains("the exchange with"), "{}", run.why());
    let garbage = Server::start(|_| Answer::Bytes(b"\x1b[2J\x1b]0;title\x07\r\n\r\n".into()));
    let run = self::run(&[&garbage.address("/a.md")]);
    assert!(run.why().contains("the exchange with"), "{}", run.why());
}

#[test]
fn a_page_is_no_larger_than_the_limit() {
    let server = Server::start(|_| ok("text/plain", "0123456789"));
    let page = server.address("/a.md");
    let other = server.address("/b.md");
    assert_eq!(
        ask(
            &mut command(),
            &limited(json!({"page_bytes": 10}), &[&page])
        )
        .only()["outcome"],
        "page"
    );
    let found = ask(&mut command(), &limited(json!({"page_bytes": 9}), &[&page]));
    assert_eq!(found.why(), "it is larger than 9 bytes");
    // What is promised is not waited for.
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n";
    let large = Server::start(|_| Answer::Open(head.into()));
    let found = run(&[&large.address("/a.md")]);
    assert_eq!(found.why(), "it is larger than 8388608 bytes");
    // One of two fits.
    let found = ask(
        &mut command(),
        &limited(json!({"total_bytes": 15}), &[&page, &other]),
    );
    let outcomes: Vec<_> = found
        .outcomes
        .iter()
        .map(|found| &found["outcome"])
        .collect();
    assert_eq!(outcomes.iter().filter(|found| **found == "page").count(), 1);
    let failed = found
        .outcomes
        .iter()
        .find(|found| found["outcome"] == "failed");
    let why = failed.unwrap()["why"].as_str().unwrap();
    assert_eq!(why, "all pages together are larger than 15 bytes");
}

#[test]
fn only_texts_in_utf_8_are_pages() {
    let server = Server::start(|request| match request.path() {
        "/latin.md" => {
            Answer::Bytes(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\ncaf\xE9".to_vec())
        }
        "/packed.md" => Answer::Bytes(
            b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n\x1f\x8b"
                .to_vec(),
        ),
        "/picture.md" => ok("image/png", "png"),
        "/data.json" => ok("application/json; charset=utf-8", "{}"),
        _ => Answer::status(404),
    });
    let why = |path: &str| run(&[&server.address(path)]).why().to_owned();
    assert_eq!(why("/latin.md"), "it is not UTF-8, from byte 3 on");
    assert!(why("/packed.md").contains("`gzip`, which was not asked for"));
    assert_eq!(why("/picture.md"), "it is no text but `image/png`");
    let json = run(&[&server.address("/data.json")]);
    assert_eq!(json.only()["text"], "{}");
}

#[test]
fn what_is_not_fetched_at_all() {
    for (address, expected) in [
        ("file:///etc/passwd", "`file` is not fetched"),
        ("http://192.0.2.1/", "over `http`"),
        ("https://me:secret@docs.example.com/", "none is sent"),
        ("ftp://docs.example.com/", "`ftp` is not fetched"),
        ("page", "is no address"),
    ] {
        let run = run(&[address]);
        assert!(run.why().contains(expected), "{address}: {}", run.why());
        assert!(!format!("{:?}", run.outcomes).contains("secret"));
    }
}

#[test]
fn a_host_that_is_not_there() {
    // The name is reserved for this: RFC 6761.
    let run = run(&["https://docs.invalid/llms.txt"]);
    let why = run.why();
    assert!(
        why.contains("no address is known for the host `docs.invalid`")
            || why.contains("could not be reached"),
        "{why}"
    );
    // A port on which nobody listens any more.
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let run = self::run(&[&format!("http://127.0.0.1:{port}/a.md")]);
    assert!(run.why().contains("the exchange with"), "{}", run.why());
}

#[test]
fn of_what_an_index_lists_the_pages_of_its_host_are_fetched() {
    let other = Server::start(|_| ok("text/plain", "elsewhere"));
    let server = Server::start(|request| match request.path() {
        "/docs/a.md" => ok("text/markdown", "# A"),
        "/docs/b.md" => ok("text/markdown", "# B"),
        "/docs/logo.md" => ok("image/png", "png"),
        _ => Answer::status(404),
    });
    let of = server.address("/docs/llms.txt");
    let (a, elsewhere) = (server.address("/docs/a.md"), other.address("/x.md"));
    let plain = "http://docs.example.com/x.md";
    let listed = [
        &*a,
        "/docs/b",
        "a.md#there",
        "gone.md",
        "logo.md",
        &elsewhere,
        plain,
        "llms.txt",
    ];
    let run = ask(&mut command(), &json!({"addresses": listed, "of": of}));
    let site = server.address("");
    let text = |found: &Value, key: &str| {
        let text = found[key].as_str().unwrap_or_default();
        text.replace(&site, "")
    };
    let told = run.outcomes.iter().map(|found| {
        let said = text(found, "text") + &text(found, "why");
        format!(
            "{} {}: {said}",
            text(found, "outcome"),
            text(found, "address")
        )
    });
    let told: Vec<_> = told.collect();
    let host = elsewhere.replace("http://", "").replace("/x.md", "");
    let skipped =
        format!("skipped {host}: the index lists 1 of its pages, but only its own host is asked");
    assert_eq!(
        told,
        [
            "page /docs/a.md: # A",
            "page /docs/b: # B",
            "failed /docs/gone.md: `/docs/gone.md` answers 404",
            "skipped /docs/logo.md: it is no text but `image/png`",
            "skipped http://docs.example.com/x.md: the index lists it, but a page that comes over `http` \
         may have been changed on the way",
            &skipped,
        ]
    );
    assert!(other.requests().is_empty());
}

#[test]
fn more_pages_than_are_fetched() {
    let server = Server::start(|_| ok("text/plain", "page"));
    let pages: Vec<_> = (0..50)
        .map(|n| server.address(&format!("/{n}.md")))
        .collect();
    let pages: Vec<_> = pages.iter().map(String::as_str).collect();
    let run = ask(&mut command(), &limited(json!({"pages": 10}), &pages));
    let of = |outcome: &str| {
        run.outcomes
            .iter()
            .filter(|found| found["outcome"] == outcome)
            .count()
    };
    assert_eq!((of("page"), of("failed")), (10, 1));
    assert_eq!(
        run.outcomes[10]["why"],
        "it names 50 pages, of which the last 40 are beyond what is fetched in one run"
    );
    assert_eq!(server.requests().len(), 10);
}

#[test]
fn a_proxy_does_not_see_what_goes_to_this_machine() {
    let proxy = Server::start(|_| Answer::status(502));
    let server = Server::start(|_| ok("text/plain", "direct"));
    let mut command = self::command();
    for name in ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "http_proxy"] {
        command.env(name, proxy.address(""));
    }
    assert_eq!(
        ask(&mut command, &named(&[&server.address("/a.md")])).only()["text"],
        "direct"
    );
    assert!(proxy.requests().is_empty());
    // For another host it is asked for a tunnel, as by cargo and git.
    let mut command = self::command();
    command.env("HTTPS_PROXY", proxy.address(""));
    let run = ask(&mut command, &named(&["https://docs.invalid/a.md"]));
    assert!(run.why().contains("the exchange with"), "{}", run.why());
    let requests = proxy.requests();
    assert!(
        requests[0].head.starts_with("CONNECT docs.invalid:443 "),
        "{requests:?}"
    );
}

/// Where the store of certificates can be named for one program.
#[cfg(target_os = "linux")]
#[test]
fn a_certificate_has_to_be_one_that_this_machine_trusts() {
    let (server, certificate) = server::tls("text over TLS");
    let store = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(store.path(), certificate).unwrap();
    let page = format!("https://localhost:{}/a.md", server.port());
    let mut trusting = command();
    trusting
        .env("SSL_CERT_FILE", store.path())
        .env_remove("SSL_CERT_DIR");
    assert_eq!(
        ask(&mut trusting, &named(&[&page])).only()["text"],
        "text over TLS"
    );
    let run = run(&[&page]);
    assert!(run.why().contains("cannot be trusted"), "{}", run.why());
}

#[test]
fn a_request_that_is_none() {
    for request in [
        json!({}),
        json!([]),
        json!({"addresses": [1]}),
        json!({"addresses": [], "of": "x"}),
    ] {
        let run = ask(&mut command(), &request);
        assert_eq!(run.status, Some(1));
        assert!(run.stderr.contains("standard input"), "{}", run.stderr);
        assert!(run.outcomes.is_empty());
    }
}
