//! Text in Markdown as GitHub reads it, in comments and step summaries: whatever it holds, it stays
//! text. It mentions nobody, links to nothing, and ends no table, list or tag.

use agen_codegen::printable;

/// Text between the marks of Markdown, on one line. What stands in backticks, as messages have names and
/// values, becomes code.
pub(crate) fn prose(text: &str) -> String {
    let mut markdown = String::new();
    let (parts, rest) = quoted(text);
    for (before, inner) in parts {
        markdown.push_str(&escape(before));
        markdown.push_str(&code(inner));
    }
    markdown.push_str(&escape(rest));
    markdown
}

/// What a text has between backticks, each with what stands before it, and the rest. As many backticks end it as
/// have begun it.
pub(crate) fn quoted(text: &str) -> (Vec<(&str, &str)>, &str) {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, inner, after)) = first_quoted(rest) {
        parts.push((before, inner));
        rest = after;
    }
    (parts, rest)
}

fn first_quoted(text: &str) -> Option<(&str, &str, &str)> {
    let (before, _) = text.split_once('`')?;
    let opened = text.get(before.len()..)?;
    let after = opened.trim_start_matches('`');
    let fence = opened.get(..opened.len() - after.len())?;
    let mut at = 0;
    loop {
        at += after.get(at..)?.find('`')?;
        let closing = after.get(at..)?;
        let rest = closing.trim_start_matches('`');
        let length = closing.len() - rest.len();
        if length == fence.len() {
            let inner = after.get(..at)?;
            let padded = inner.strip_prefix(' ').and_then(|it| it.strip_suffix(' '));
            let inner = padded.filter(|_| length > 1).unwrap_or(inner);
            return Some((before, inner, rest));
        }
        at += length;
    }
}

/// Text that is not code, on one line.
///
/// A backslash takes their meaning from the marks of Markdown; what GitHub looks for in the finished
/// page, such as `@name` and `#1`, is broken by a space without width.
fn escape(text: &str) -> String {
    const GAP: &str = "&#8203;";
    let mut markdown = String::new();
    let mut before = ' ';
    for character in printable(text).chars() {
        match character {
            '&' => markdown.push_str("&amp;"),
            '<' => markdown.push_str("&lt;"),
            '>' => markdown.push_str("&gt;"),
            // The mark of a formula cannot be escaped in another way.
            '$' => markdown.push_str("<span>$</span>"),
            '@' | ':' => {
                markdown.push(character);
                markdown.push_str(GAP);
            }
            '#' => {
                markdown.push_str("\\#");
                markdown.push_str(GAP);
            }
            // `www.` begins a link, `GH-1` is one.
            '.' if before.eq_ignore_ascii_case(&'w') => {
                markdown.push_str(GAP);
                markdown.push('.');
            }
            '-' if before.eq_ignore_ascii_case(&'h') => {
                markdown.push_str("\\-");
                markdown.push_str(GAP);
            }
            // Without a meaning, but for that of `1.`.
            ',' | ';' | '/' | '\'' | '"' | '?' | '=' | '%' => markdown.push(character),
            '.' if !before.is_ascii_digit() => markdown.push('.'),
            _ if character.is_ascii_punctuation() => {
                markdown.push('\\');
                markdown.push(character);
            }
            _ => markdown.push(character),
        }
        before = character;
    }
    markdown
}

/// Text as code, on one line, also in a table.
pub(crate) fn code(text: &str) -> String {
    let text = printable(text);
    // A cell ends at a bar even inside of code, where a backslash before it does not show. Outside of a
    // table it does, so that another sign that looks the same is used.
    let text = text.replace('|', "\u{2223}");
    let fence = "`".repeat(longest_run(&text, '`') + 1);
    let space = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() {
        " "
    } else {
        ""
    };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Lines as a block of code, which begins and ends with a line break. The language is a word.
pub(crate) fn block(language: &str, text: &str) -> String {
    let lines: Vec<_> = text.lines().map(printable).collect();
    let longest = lines.iter().map(|line| longest_run(line, '`')).max();
    let fence = "`".repeat(longest.unwrap_or_default().max(2) + 1);
    format!("\n{fence}{language}\n{}\n{fence}\n", lines.join("\n"))
}

/// How many times a character stands in a row, at most.
fn longest_run(text: &str, character: char) -> usize {
    let others = text.split(|other| other != character);
    others.map(str::len).max().unwrap_or_default() / character.len_utf8()
}

#[cfg(test)]
mod tests {
    use super::{block, code, prose};

    #[test]
    fn text_stays_text() {
        for (text, markdown) in [
            (
                "a_b *c* [d](e), 1. f",
                "a\\_b \\*c\\* \\[d\\]\\(e\\), 1\\. f",
            ),
            ("<b>&amp;", "&lt;b&gt;&amp;amp;"),
            ("@team #1", "@&#8203;team \\#&#8203;1"),
            ("https://a.b", "https:&#8203;//a.b"),
            ("www.a.b GH-1", "www&#8203;.a.b GH\\-&#8203;1"),
            ("a|b$c$", "a\\|b<span>$</span>c<span>$</span>"),
            ("a\n\n# b", "a␊␊\\#&#8203; b"),
            ("\u{202e}a\u{1b}[1m", "�a␛\\[1m"),
            ("the `@a` is gone", "the `@a` is gone"),
            ("odd ` @a", "odd \\` @&#8203;a"),
            ("`a` and ``` b``c ``` @d", "`a` and ```b``c``` @&#8203;d"),
            ("``a` @b", "\\`\\`a\\` @&#8203;b"),
        ] {
            assert_eq!(prose(text), markdown, "{text}");
        }
    }

    #[test]
    fn code_ends_where_it_ends() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`a"), "`` `a ``");
        assert_eq!(code("a|b\nc"), "`a∣b␊c`");
        assert_eq!(block("yaml", "a\n````"), "\n`````yaml\na\n````\n`````\n");
    }
}
