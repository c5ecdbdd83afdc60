//! Which addresses are fetched, and how a message names them.

use url::{Host, Url};

use crate::Failed;

/// How many characters of an address a message shows.
const SHOWN: usize = 200;

/// An address that the user named or a page lists, if it is one to fetch.
///
/// That is `https` to any host, and `http` to this machine alone, without a user and a password in it. The
/// fragment is taken off, since it is no part of what is asked for.
pub(crate) fn parse(text: &str, base: Option<&Url>) -> Result<Url, Failed> {
    let parsed = Url::options().base_url(base).parse(text);
    let mut url = parsed.map_err(|error| {
        let why = format!("`{}` is no address: {error}", shown(text));
        Failed::new(
            why,
            "name it in full, such as `https://docs.example.com/page`",
        )
    })?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Failed::new(
            "a user or a password stands in the address, and none is sent",
            "take out what stands before the `@`",
        ));
    }
    match url.scheme() {
        "https" if url.host().is_some() => {}
        "http" if is_loopback(&url) => {}
        "http" => {
            return Err(Failed::new(
                "a page that comes over `http` may have been changed on the way",
                "name it with `https`; `http` is for servers on this machine",
            ));
        }
        other => {
            return Err(Failed::new(
                format!("`{}` is not fetched", shown(other)),
                "name it with `https`, or give the path of a file without a scheme",
            ));
        }
    }
    url.set_fragment(None);
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Where the text of a page may be, the best first: sites serve a page as Markdown at its address plus
/// `.md`. An address that names a kind of file is asked for as it is.
pub(crate) fn candidates(page: &Url) -> Vec<Url> {
    const KINDS: &[&str] = &[
        "md", "mdx", "markdown", "txt", "html", "htm", "yaml", "yml", "json", "xml",
    ];
    let path = page.path();
    let name = path.rsplit('/').next().unwrap_or_default();
    let kind = name.rsplit_once('.').map(|(_, kind)| kind);
    let is_file =
        kind.is_some_and(|kind| KINDS.iter().any(|known| kind.eq_ignore_ascii_case(known)));
    if name.is_empty() || is_file {
        return vec![page.clone()];
    }
    let mut markdown = page.clone();
    markdown.set_path(&format!("{path}.md"));
    vec![markdown, page.clone()]
}

/// The host of an address, with its port where that is not the usual one.
pub(crate) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => shown(&format!("{host}:{port}")),
        None => shown(host),
    }
}

/// A piece of an address as a message shows it, without what may be a password.
pub(crate) fn shown(text: &str) -> String {
    let text = match text.split_once("://") {
        Some((scheme, rest)) => {
            let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
            let (authority, path) = rest.split_at(end);
            let host = authority.rsplit('@').next().unwrap_or_default();
            format!("{scheme}://{host}{path}")
        }
        None => text.to_owned(),
    };
    let mut shown: String = text.chars().take(SHOWN).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_this_machine() {
        for text in [
            "https://docs.example.com/a",
            "http://127.0.0.1:8080/a",
            "http://[::1]/a",
            "http://localhost/",
            "HTTP://127.9.9.9/",
        ] {
            assert!(parse(text, None).is_ok(), "{text}");
        }
        for (text, why) in [
            ("http://docs.example.com/a", "over `http`"),
            ("http://localhost.example.com/", "over `http`"),
            ("http://127.0.0.1.example.com/", "over `http`"),
            ("file:///etc/passwd", "`file` is not fetched"),
            ("data:text/plain,hello", "`data` is not fetched"),
            ("https://", "is no address"),
            ("docs.example.com/a", "is no address"),
            ("https://me:secret@docs.example.com/", "none is sent"),
            ("https://me@docs.example.com/", "none is sent"),
        ] {
            let failed = parse(text, None).unwrap_err();
            assert!(failed.why.contains(why), "{text}: {}", failed.why);
            assert!(!failed.why.contains("secret"), "{}", failed.why);
        }
    }

    #[test]
    fn links_are_read_as_the_page_has_them() {
        let base = parse("https://docs.example.com/guide/llms.txt", None).unwrap();
        for (text, whole) in [
            ("b.md#c", "https://docs.example.com/guide/b.md"),
            ("/b", "https://docs.example.com/b"),
            ("//other.example/b", "https://other.example/b"),
            ("https://docs.example.com:443/", "https://docs.example.com/"),
        ] {
            assert_eq!(parse(text, Some(&base)).unwrap().as_str(), whole);
        }
        assert!(parse("javascript:alert(1)", Some(&base)).is_err());
    }

    #[test]
    fn a_page_is_asked_for_as_markdown() {
        for (text, paths) in [
            ("https://a.example/b/c", &["/b/c.md", "/b/c"][..]),
            ("https://a.example/v1.2", &["/v1.2.md", "/v1.2"]),
            ("https://a.example/b/c.md", &["/b/c.md"]),
            ("https://a.example/llms.txt", &["/llms.txt"]),
            ("https://a.example/openapi.JSON", &["/openapi.JSON"]),
            ("https://a.example/b/", &["/b/"]),
            ("https://a.example", &["/"]),
        ] {
            let page = parse(text, None).unwrap();
            let found = candidates(&page);
            let found: Vec<_> = found.iter().map(Url::path).collect();
            assert_eq!(found, paths);
        }
    }

    #[test]
    fn what_a_message_shows_of_an_address() {
        assert_eq!(
            shown("https://me:secret@a.example/b"),
            "https://a.example/b"
        );
        assert_eq!(shown("https://a.example/@b"), "https://a.example/@b");
        assert_eq!(shown(&"a".repeat(300)).chars().count(), SHOWN + 1);
    }
}
