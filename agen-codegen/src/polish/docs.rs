//! Turns the Markdown of a document into the lines of a doc comment.
//!
//! What rustdoc would take for a test, a link into the crate or HTML is made plain: descriptions
//! are text from elsewhere.

use proc_macro2::TokenStream;
use quote::quote;

/// The doc comment of a description, unless nothing of it can be seen.
pub(super) fn attributes(markdown: &str) -> Option<TokenStream> {
    let lines = lines(markdown);
    (!lines.is_empty()).then(|| comment(lines.iter().map(String::as_str)))
}

/// A doc comment whose text is ours: nothing in it is changed.
pub(super) fn raw(text: &str) -> TokenStream {
    comment(text.lines())
}

/// An attribute for each line: prettyplease writes one with several as a block.
fn comment<'l>(lines: impl Iterator<Item = &'l str>) -> TokenStream {
    let mut tokens = TokenStream::new();
    for line in lines {
        let space = if line.is_empty() { "" } else { " " };
        let line = format!("{space}{line}");
        tokens.extend(quote!(#[doc = #line]));
    }
    tokens
}

/// The first paragraph, in one line.
pub(super) fn first_paragraph(markdown: &str) -> String {
    lines(markdown)
        .iter()
        .take_while(|line| !line.is_empty())
        .map(|line| line.trim())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A value of the document as code, on one line whatever it holds.
pub(super) fn code(value: &str) -> String {
    let plain: String = value
        .chars()
        .map(|c| if is_hidden(c) { ' ' } else { c })
        .collect();
    if plain.trim().is_empty() {
        return "The empty value.".to_owned();
    }
    let longest = plain.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    format!("{ticks}{space}{plain}{space}{ticks}")
}

/// Cleans Markdown; the lines have no white space at their ends, and none is blank at the start or
/// the end.
pub(crate) fn lines(markdown: &str) -> Vec<String> {
    let mut cleaned: Vec<String> = Vec::new();
    let mut fence: Option<(char, usize)> = None;
    // How far the text of the list item stands from the margin, inside of one.
    let mut in_list: Option<usize> = None;
    for line in markdown.lines() {
        let line: String = line
            .chars()
            .map(|c| if c == '\t' { ' ' } else { c })
            .filter(|c| !is_hidden(*c))
            .collect();
        let line = line.trim_end();
        let text = line.trim_start();
        let indent = line.chars().count() - text.chars().count();
        if let Some((mark, length)) = fence {
            if run(text, mark) >= length && text.trim_start_matches(mark).is_empty() {
                fence = None;
                cleaned.push(mark.to_string().repeat(length));
            } else {
                cleaned.push(line.to_owned());
            }
            continue;
        }
        if let Some(mark) = ['`', '~'].into_iter().find(|mark| run(text, *mark) >= 3) {
            let length = run(text, mark);
            fence = Some((mark, length));
            cleaned.push(format!(
                "{}{}",
                mark.to_string().repeat(length),
                fence_language(text.trim_start_matches(mark))
            ));
            continue;
        }
        let item = list_item(text);
        let continues = cleaned.last().is_some_and(|last| !last.is_empty());
        // Four spaces would make a code block, and a code block a test.
        let kept = match (item, in_list) {
            (Some(_), Some(_)) => indent.min(6),
            // What goes on after a line of an item belongs to it, however it is indented.
            (None, Some(width)) if continues || indent > 0 => width,
            _ => 0,
        };
        in_list = match item {
            Some(mark) => Some(kept + mark),
            None => in_list.filter(|_| kept > 0 || text.is_empty()),
        };
        // Nor does a line that goes on after a quotation leave it.
        let quoted = |line: &str| line.trim_start().starts_with('>');
        let goes_on = !text.is_empty() && item.is_none() && !quoted(text);
        let quote = if goes_on && cleaned.last().is_some_and(|last| quoted(last)) {
            "> "
        } else {
            ""
        };
        cleaned.push(
            format!("{}{quote}{}", " ".repeat(kept), inline(text))
                .trim_end()
                .to_owned(),
        );
    }
    if let Some((mark, length)) = fence {
        cleaned.push(mark.to_string().repeat(length));
    }
    while cleaned.first().is_some_and(String::is_empty) {
        cleaned.remove(0);
    }
    while cleaned.last().is_some_and(String::is_empty) {
        cleaned.pop();
    }
    cleaned
}

/// Control characters, and those that change the direction of what follows.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn run(text: &str, mark: char) -> usize {
    text.chars().take_while(|c| *c == mark).count()
}

/// A language that rustdoc does not compile.
fn fence_language(info: &str) -> String {
    let first = info
        .trim()
        .split([',', ' ', '{'])
        .next()
        .unwrap_or_default();
    let plain = !first.is_empty()
        && first
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-#".contains(c));
    let compiled = [
        "rust",
        "rs",
        "ignore",
        "should_panic",
        "no_run",
        "compile_fail",
        "test_harness",
        "standalone_crate",
        "standalone",
    ];
    if plain
        && !compiled.contains(&first)
        && !first.starts_with("edition")
        && !first.starts_with("ignore")
        && !first.starts_with('E')
    {
        first.to_owned()
    } else {
        "text".to_owned()
    }
}

/// The length of the mark of a list item, with the space behind it.
fn list_item(text: &str) -> Option<usize> {
    if ["- ", "* ", "+ "].iter().any(|mark| text.starts_with(mark)) {
        return Some(2);
    }
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let numbered = digits > 0
        && digits < 10
        && text[digits..].starts_with([')', '.'])
        && text[digits + 1..].starts_with(' ');
    numbered.then_some(digits + 2)
}

/// Escapes what rustdoc would read as HTML or as a link into the crate, and makes addresses links.
fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '`' => {
                let ticks = run(rest, '`');
                let after = &rest[ticks..];
                match after.find(&rest[..ticks]) {
                    Some(end) => {
                        out.push_str(&rest[..end + 2 * ticks]);
                        end + 2 * ticks
                    }
                    None => {
                        out.push_str(&"\\`".repeat(ticks));
                        ticks
                    }
                }
            }
            '\\' => {
                let length = 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
                out.push_str(&rest[..length]);
                length
            }
            '[' => match link(rest) {
                Some((length, cleaned)) => {
                    out.push_str(&cleaned);
                    length
                }
                None => {
                    out.push_str("\\[");
                    1
                }
            },
            '<' => match rest.find('>').filter(|end| is_address(&rest[1..*end])) {
                Some(end) => {
                    out.push_str(&rest[..=end]);
                    end + 1
                }
                None => {
                    out.push_str("\\<");
                    1
                }
            },
            'h' if is_address(rest) && !out.ends_with(|c: char| c.is_alphanumeric()) => {
                let end = rest
                    .find(|c: char| c.is_whitespace() || "<>()[]`\"'|".contains(c))
                    .unwrap_or(rest.len());
                let address =
                    rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_']);
                out.push_str(&format!("<{address}>"));
                address.len()
            }
            other => {
                out.push(other);
                other.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    out
}

fn is_address(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://"))
        && !text.chars().take_while(|c| *c != '>').any(|c| c == '<')
}

/// `[text](https://…)`, with the text made plain. A link to anything else becomes its text.
fn link(rest: &str) -> Option<(usize, String)> {
    let close = rest.find("](")?;
    let text = &rest[1..close];
    if text.contains(['[', ']', '`']) {
        return None;
    }
    let target = &rest[close + 2..];
    let end = target.find(')')?;
    let address = target[..end].split_whitespace().next().unwrap_or_default();
    let plain = text.replace('<', "\\<");
    let length = close + 2 + end + 1;
    if is_address(address) && !address.contains(['<', '>']) {
        Some((length, format!("[{plain}]({address})")))
    } else {
        Some((length, plain))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(markdown: &str) -> String {
        lines(markdown).join("\n")
    }

    #[test]
    fn nothing_becomes_a_test() {
        assert_eq!(clean("Text\n\n    let x = 1;\n"), "Text\n\nlet x = 1;");
        assert_eq!(
            clean("```\nfn main() {}\n```"),
            "```text\nfn main() {}\n```"
        );
        assert_eq!(clean("```rust,should_panic\nx\n```"), "```text\nx\n```");
        assert_eq!(clean("~~~ no_run\nx\n~~~"), "~~~text\nx\n~~~");
        assert_eq!(clean("```json\n{}\n```"), "```json\n{}\n```");
    }

    #[test]
    fn an_open_fence_is_closed() {
        assert_eq!(clean("```\nx"), "```text\nx\n```");
    }

    #[test]
    fn lists_keep_their_shape() {
        assert_eq!(
            clean("- a\n  - b\n    more\n\ntext"),
            "- a\n  - b\n    more\n\ntext"
        );
        assert_eq!(clean("> a\nb\n\nc"), "> a\n> b\n\nc");
        assert_eq!(clean("1. a\nb\n\n c\n\nd"), "1. a\n   b\n\n   c\n\nd");
    }

    #[test]
    fn html_links_and_brackets_are_plain() {
        assert_eq!(clean("a <string> of [Foo]"), "a \\<string> of \\[Foo]");
        assert_eq!(clean("`<a>` and `[b]`"), "`<a>` and `[b]`");
        assert_eq!(
            clean("see [the page](/docs) or [this](https://a.b/c)"),
            "see the page or [this](https://a.b/c)"
        );
        assert_eq!(clean("at https://a.b/c, now"), "at <https://a.b/c>, now");
        assert_eq!(clean("at <https://a.b/c>"), "at <https://a.b/c>");
        assert_eq!(clean("one ` tick"), "one \\` tick");
    }

    #[test]
    fn hidden_characters_go() {
        assert_eq!(clean("a\u{202e}b\u{1b}[31mc"), "ab\\[31mc");
    }
}
