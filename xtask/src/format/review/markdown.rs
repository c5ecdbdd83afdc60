//! A review in Markdown, for a comment on a pull request or the summary of a run.

use agen_codegen::review::{
    Finding, Impact,
    rust::{Level, RustChange},
};

use super::{Shown, decisions, left_out, level, versions};
use crate::commands::review::Reviewed;
use crate::format::markdown::{block, code, prose};
use crate::format::row::{Row, complaints};
use crate::report::count;

/// The longest comment that GitHub takes, in characters; bytes are counted, which are no fewer.
const LONGEST: usize = 65_536;
/// What is kept free for the ends of sections and for what is said of what is left out.
const RESERVE: usize = 2_000;
/// The longest piece of Rust that is shown, in characters.
const LONGEST_CODE: usize = 1_200;
/// How many operations, and changes of the client, one finding names.
const MOST_OPERATIONS: usize = 3;
const MOST_CHANGES: usize = 5;

pub(crate) fn format(reviewed: &Reviewed) -> String {
    let mut page = Page::default();
    let Some(shown) = Shown::new(reviewed) else {
        page.line("### 🚫 The API cannot be reviewed\n");
        page.section("", refused(reviewed).iter().map(complaint), "complaint");
        return page.text;
    };
    let verdict = shown.verdict(|name| format!("`{name}`"));
    let sign = match verdict.tone {
        Impact::Breaking => "🔴",
        Impact::Notable => "🟡",
        Impact::Compatible => "🟢",
    };
    page.line(&format!("### {sign} {}\n", verdict.title()));
    page.line(&format!("{}.\n", prose(&verdict.said)));
    if let Some(said) = shown.without_rust() {
        page.line(&format!("⚠️ {}.\n", prose(&said)));
    }
    let complaints = refused(reviewed);
    page.section("", complaints.iter().map(complaint), "complaint");

    let breaking = shown.of(Impact::Breaking);
    let items = breaking.iter().map(|found| item(&shown, found));
    page.section("#### Breaks callers\n", items, "breaking change");
    let alone = shown.in_rust_alone();
    let items = alone.iter().map(|change| rust(&shown, change, true));
    let title = "#### Breaks callers in Rust alone\n";
    page.section(title, items, "change of the client");

    let notable = shown.of(Impact::Notable);
    let items = notable.iter().map(|found| item(&shown, found));
    page.folded("notable change", items);
    let compatible = shown.of(Impact::Compatible);
    let items = compatible.iter().map(|found| item(&shown, found));
    page.folded("compatible change", items);
    let accepted = shown.accepted();
    let items = accepted.iter().map(|found| item(&shown, found));
    page.folded("accepted change", items);
    let minor = |change: &&RustChange| change.rule.level != Level::Major;
    let others: Vec<_> = shown.changes.iter().filter(minor).collect();
    let items = others.iter().map(|change| rust(&shown, change, false));
    page.folded("change of the client that breaks nobody", items);
    for (number, (fits, said)) in versions::sentences(&reviewed.versions).iter().enumerate() {
        if number == 0 {
            page.line("\n#### Versions\n");
        }
        let sign = match fits {
            Some(true) => "🟢",
            Some(false) => "🟡",
            None => "⚪",
        };
        page.line(&format!("- {sign} {}.", prose(said)));
    }
    let room = LONGEST.saturating_sub(page.text.len() + RESERVE);
    let entry = reviewed.versions.entry.as_ref();
    if let Some(entry) = entry.filter(|entry| entry.len() < room) {
        page.line("\nFor the changelog:\n");
        page.line(&block("markdown", entry));
    }
    page.text
}

/// What is wrong with the documents and the policy.
fn refused(reviewed: &Reviewed) -> Vec<Row> {
    let documents = [&reviewed.base, &reviewed.head].into_iter();
    complaints(documents.chain(&reviewed.policy))
}

fn complaint(row: &Row) -> String {
    let at = row.at.start;
    let place = code(&format!("{}:{}:{}", row.at.file, at.line, at.column));
    let (rule, message) = (code(row.rule), prose(&row.message));
    let help = row.help.as_deref().map(prose).unwrap_or_default();
    format!("- ⚠️ {rule} {message}<br>{place} · {help}\n")
}

/// A finding as an item of a list.
fn item(shown: &Shown<'_>, found: &Finding) -> String {
    let mut text = format!("- **{}**", prose(&found.message));
    let mut facts = vec![code(&shown.place_of(found)), code(found.rule.id)];
    let named: Vec<_> = found.operations.iter().take(MOST_OPERATIONS).collect();
    if !named.is_empty() {
        let codes: Vec<_> = named.iter().map(|name| code(name)).collect();
        let mut operations = format!("in {}", codes.join(", "));
        if found.operation_count > named.len() {
            operations.push_str(&format!(
                " and {} more",
                found.operation_count - named.len()
            ));
        }
        facts.push(operations);
    }
    facts.push(format!("fingerprint {}", code(&found.fingerprint)));
    text.push_str(&format!("<br>{}", prose(found.rule.why)));
    for said in decisions(found) {
        text.push_str(&format!("<br>⚖️ {}", prose(&said)));
    }
    text.push_str(&format!("<br><sub>{}</sub>\n", facts.join(" · ")));
    let changes = shown.breaking_in_rust(found);
    // The others stand in a section of their own.
    if found.severity == Impact::Breaking && found.accepted.is_none() {
        for change in changes.iter().take(MOST_CHANGES) {
            text.push_str(&indented(&rust(shown, change, false)));
        }
        if let Some(rest) = left_out(changes.len(), MOST_CHANGES, "change of the client") {
            text.push_str(&format!("  - *{rest}*\n"));
        }
    }
    text
}

/// A change of the client as an item of a list, with the line of a caller.
fn rust(shown: &Shown<'_>, change: &RustChange, placed: bool) -> String {
    let mut facts = vec![code(change.rule.id), level(change.rule.level).to_owned()];
    if placed {
        let at = shown.place(change.base.as_ref(), change.head.as_ref());
        facts.insert(0, code(&at));
    }
    let (message, facts) = (prose(&change.message), facts.join(" · "));
    let mut text = format!("- {message} <sub>{facts}</sub>\n");
    let marked = |mark: char, text: &str| {
        let cut: String = text.chars().take(LONGEST_CODE).collect();
        let lines = cut.lines().map(|line| format!("{mark} {line}\n"));
        lines.collect::<String>()
    };
    let (before, after) = match &change.caller {
        Some(caller) => (Some(&caller.before), caller.after.as_ref()),
        None => (change.before.as_ref(), change.after.as_ref()),
    };
    let mut lines = before.map(|text| marked('-', text)).unwrap_or_default();
    lines.push_str(&after.map(|text| marked('+', text)).unwrap_or_default());
    if !lines.is_empty() {
        text.push_str(&indented(&block("diff", &lines)));
    }
    text
}

/// Lines that belong to the item of a list above them.
fn indented(text: &str) -> String {
    let lines = text.lines();
    lines
        .map(|line| {
            if line.is_empty() {
                "\n".to_owned()
            } else {
                format!("  {line}\n")
            }
        })
        .collect()
}

/// A page that has an end.
#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A title and a list, as far as there is room; nothing where there is nothing to list.
    fn section(&mut self, title: &str, items: impl ExactSizeIterator<Item = String>, noun: &str) {
        if items.len() == 0 {
            return;
        }
        if !title.is_empty() {
            self.line(title);
        }
        self.items(items, noun);
        self.text.push('\n');
    }

    /// A list that is opened by a click.
    fn folded(&mut self, noun: &str, items: impl ExactSizeIterator<Item = String>) {
        let all = items.len();
        if all == 0 {
            return;
        }
        let title = count_of(all, noun);
        self.line(&format!("<details>\n<summary>{title}</summary>\n"));
        self.items(items, noun);
        self.line("\n</details>\n");
    }

    fn items(&mut self, items: impl ExactSizeIterator<Item = String>, noun: &str) {
        let all = items.len();
        let mut done = 0;
        for item in items {
            if self.text.len() + item.len() + RESERVE > LONGEST {
                break;
            }
            self.text.push_str(&item);
            done += 1;
        }
        if done < all {
            let rest = count_of(all - done, &format!("more {noun}"));
            self.line(&format!("- *{rest} left out*"));
        }
    }
}

/// `2 changes that …`: the plural goes to the noun, and not to the end.
fn count_of(number: usize, noun: &str) -> String {
    match noun.split_once(" of the client") {
        Some((noun, rest)) => format!("{} of the client{rest}", count(number, noun)),
        None => count(number, noun),
    }
}
