//! Which address the client has, for the report, the documentation and the client alike.

use crate::{diagnostic::quote, document::Node, lint::Operation};

/// No address is longer, in bytes, so that values that hold the names of others cannot make one.
const MOST: usize = 4096;

/// What a server comes to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// An absolute address without a slash at its end; none where the document does not say enough.
    pub(crate) url: Option<String>,
    /// What had to be assumed, or why there is no address: half a sentence.
    pub(crate) problem: Option<String>,
}

/// The address of the first of the `servers` of a document, a path item or an operation.
pub(crate) fn address(owner: &Node<'_>) -> Option<Address> {
    owner.elements("servers").next().map(|server| of(&server))
}

/// The address that an operation has other than the document, and where it stands: as far as it is known.
pub(crate) fn other<'a>(
    operation: &Operation<'a>,
    own: Option<&Address>,
) -> Option<(Node<'a>, String)> {
    let owners = [&operation.node, &operation.item];
    let owner = owners
        .into_iter()
        .find(|owner| owner.elements("servers").next().is_some())?;
    let found = address(owner)?;
    let text = || Some(owner.elements("servers").next()?.text("url")?.to_owned());
    let other = match &found.url {
        Some(url) if own.is_some_and(|own| own.url.as_ref() == Some(url)) => return None,
        Some(url) => url.clone(),
        None => text()?,
    };
    Some((owner.get("servers")?, other))
}

fn of(server: &Node<'_>) -> Address {
    let mut assumed = Vec::new();
    let mut url = server.text("url").unwrap_or_default().to_owned();
    for (name, variable) in server.members("variables") {
        // Bounded, whatever the values hold of other names.
        if url.len() > MOST {
            break;
        }
        let placeholder = format!("{{{name}}}");
        if !url.contains(&placeholder) {
            continue;
        }
        let value = variable.text("default").or_else(|| {
            let first = variable.elements("enum").next()?.value.as_str()?;
            assumed.push(format!(
                "the variable {} has no default: it is {}",
                quote(name),
                quote(first)
            ));
            Some(first)
        });
        if let Some(value) = value {
            url = url.replace(&placeholder, value);
        }
    }
    if url.starts_with("//") {
        url.insert_str(0, "https:");
        assumed.push("it has no scheme: `https` is taken".to_owned());
    }
    if let Some(problem) = unusable(&url) {
        return Address {
            url: None,
            problem: Some(format!("{} {problem}", quote(&url))),
        };
    }
    Address {
        url: Some(url.trim_end_matches('/').to_owned()),
        problem: (!assumed.is_empty()).then(|| assumed.join("; ")),
    }
}

/// Why an address cannot be used.
fn unusable(address: &str) -> Option<&'static str> {
    let scheme = |name: &str| {
        let (head, tail) = address.split_at_checked(name.len())?;
        head.eq_ignore_ascii_case(name).then_some(tail)
    };
    let Some(rest) = scheme("https://").or_else(|| scheme("http://")) else {
        return Some("is no absolute http or https address");
    };
    let host = rest.split('/').next().unwrap_or_default();
    if address.contains(['{', '}']) {
        Some("has a variable without a value")
    } else if host.is_empty() || host.starts_with(':') {
        Some("has no host")
    } else if host.contains('@') {
        Some("has a user name or password")
    } else if address.contains(['?', '#']) {
        Some("has a query or a fragment")
    } else if address
        .contains(|c: char| c.is_whitespace() || c.is_control() || "\"<>\\^`|".contains(c))
    {
        Some("holds a character that no address can hold")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Source, parse};

    fn check(servers: &str) -> Option<(Option<String>, String)> {
        let text = format!("servers: {servers}\n");
        let document = parse::parse(&Source {
            name: "a",
            text: &text,
        });
        let address = address(&document.expect("it is YAML").root())?;
        Some((address.url, address.problem.unwrap_or_default()))
    }

    #[test]
    fn an_address_is_absolute_or_none() {
        for (servers, url, problem) in [
            ("[{url: https://a.b/c/}, {url: /d}]", "https://a.b/c", ""),
            ("[{url: HTTP://a}]", "HTTP://a", ""),
            ("[{url: //a.b/}]", "https://a.b", "no scheme"),
            (
                "[{url: 'https://{a}.b', variables: {a: {default: x, enum: [y, x]}}}]",
                "https://x.b",
                "",
            ),
            (
                "[{url: '{a}://b', variables: {a: {enum: [http, https]}, c: {}}}]",
                "http://b",
                "`a` has no default: it is `http`",
            ),
            ("[{url: /}]", "", "`/` is no absolute"),
            ("[{url: ''}]", "", "is no absolute"),
            ("[{url: a.b}]", "", "is no absolute"),
            ("[{}]", "", "is no absolute"),
            ("[{url: 'https://{a}'}]", "", "without a value"),
            (
                "[{url: 'https://{a}', variables: {a: {}}}]",
                "",
                "without a value",
            ),
            ("[{url: https://}]", "", "no host"),
            ("[{url: 'https://:1'}]", "", "no host"),
            ("[{url: 'https://u:p@a'}]", "", "user name"),
            ("[{url: 'https://a?b'}]", "", "query"),
            ("[{url: 'https://a b'}]", "", "character"),
        ] {
            let (found, why) = check(servers).expect("there is a server");
            assert_eq!(found.unwrap_or_default(), url, "{servers}");
            assert!(
                why.contains(problem) && why.is_empty() == problem.is_empty(),
                "{servers}: {why}"
            );
        }
        assert_eq!(check("[]"), None);
    }
}
