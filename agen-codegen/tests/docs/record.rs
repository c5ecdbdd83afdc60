//! What is recorded of pages.

use agen_codegen::{
    Source,
    docs::{self, PageState, Record},
};

use crate::{SMALL, drift, pages, settings, small, source};

#[test]
fn a_record_tells_which_pages_changed_and_what_in_them() {
    let old = small();
    let sources: Vec<_> = old.iter().map(source).collect();
    let record = docs::record(None, &sources, "2026-01-31");
    let text = record.to_text();
    for sentence in ["How large", "Words for it", "Put a thing"] {
        assert!(!text.contains(sentence), "{sentence}");
    }
    let parsed = Record::parse(&Source {
        name: "record",
        text: &text,
    })
    .unwrap();
    assert_eq!(parsed, record);
    assert_eq!(parsed.changes(&sources), []);

    let mut new = old.clone();
    new[3].1 = new[3]
        .1
        .replace("string | null", "string")
        .replace("How large", "In which size")
        .replace("parts.tags\nstring[]\n\nWords for it.\n", "");
    new[1].1 = new[1].1.replace("# Put a thing", "# Put one thing");
    new.remove(0);
    new.push(("new.txt".to_owned(), old[3].1.replace("things", "parts")));
    let sources: Vec<_> = new.iter().map(source).collect();
    let changes = parsed.changes(&sources);
    let _guard = settings().bind_to_scope();
    let lines = changes.iter().map(|change| {
        let facts = change
            .facts
            .iter()
            .map(|fact| format!("\n  {}: {:?} -> {:?}", fact.key, fact.before, fact.after));
        let since = change.since.as_deref().unwrap_or("-");
        format!(
            "{:?} {} {since}{}\n",
            change.state,
            change.name,
            facts.collect::<String>()
        )
    });
    insta::assert_snapshot!("changes", lines.collect::<String>());
    assert!(changes.iter().any(|change| change.state == PageState::Gone));

    // What did not change keeps its day.
    let later = docs::record(Some(&parsed), &sources, "2026-02-28");
    let dates: Vec<_> = later
        .pages
        .iter()
        .map(|page| (page.name.as_str(), page.date.as_str()))
        .collect();
    assert_eq!(
        dates,
        [
            ("new.txt", "2026-02-28"),
            ("put-thing.md", "2026-01-31"),
            ("put-thing.older.md", "2026-01-31"),
            ("put-thing.txt", "2026-02-28"),
        ]
    );

    for broken in [
        "",
        "a: 1",
        "pages: [1]",
        &text.replace("required", "optional"),
        &text.replace("date:", "day:"),
    ] {
        let source = Source {
            name: "record",
            text: broken,
        };
        assert!(Record::parse(&source).is_err(), "{broken}");
    }
    let empty = Record::default().to_text();
    assert_eq!(
        Record::parse(&Source {
            name: "record",
            text: &empty
        }),
        Ok(Record::default())
    );
}

#[test]
fn a_record_keeps_what_a_page_that_is_cut_off_lacks() {
    let [text] = [small()[3].clone()];
    let record = docs::record(None, &[source(&text)], "2026-01-31");
    for end in (0..text.1.len()).step_by(7) {
        let cut = (text.0.clone(), text.1[..end].to_owned());
        if drift(SMALL, std::slice::from_ref(&cut)).pages[0]
            .lacks
            .is_empty()
        {
            continue;
        }
        let changes = record.changes(&[source(&cut)]);
        assert!(changes.is_empty(), "{end} {changes:?}");
        let later = docs::record(Some(&record), &[source(&cut)], "2026-02-28");
        assert_eq!(later, record, "{end}");
    }
    // Another name of the page changes nothing.
    let renamed = ("other.txt".to_owned(), text.1.clone());
    assert_eq!(record.changes(&[source(&renamed)]), []);
    let later = docs::record(Some(&record), &[source(&renamed)], "2026-02-28");
    assert_eq!(
        (later.pages.len(), later.pages[0].date.as_str()),
        (1, "2026-01-31")
    );
    // A record without anything in it is none, and is not spoken of as a contract.
    let empty = Record::parse(&Source {
        name: "record",
        text: "",
    })
    .unwrap_err();
    assert!(
        empty
            .iter()
            .all(|it| it.rule == "docs-record" && !it.help.contains("openapi")),
        "{empty:?}"
    );
}

#[test]
fn a_page_that_is_cut_off_or_renamed_has_not_changed() {
    let whole = pages();
    let sources: Vec<_> = whole.iter().map(source).collect();
    let record = docs::record(None, &sources, "2026-01-31");
    for (page, (name, text)) in whole.iter().enumerate() {
        for cut in (text.len() / 2..text.len()).step_by(211) {
            let Some(start) = text.get(..cut) else {
                continue;
            };
            let mut now = whole.clone();
            now[page].1 = start.to_owned();
            let sources: Vec<_> = now.iter().map(source).collect();
            let read = docs::record(None, &sources, "2026-02-28").pages;
            if read.iter().all(|page| page.name != *name || !page.whole) {
                assert_eq!(record.changes(&sources), [], "{name} {cut}");
                let again = docs::record(Some(&record), &sources, "2026-02-28");
                assert_eq!(again, record, "{name} {cut}");
            }
        }
    }
    let mut now = [whole[3].clone()];
    let sources: Vec<_> = now.iter().map(source).collect();
    let record = docs::record(None, &sources, "2026-01-31");
    now[0].0 = "create.txt".to_owned();
    let sources: Vec<_> = now.iter().map(source).collect();
    assert_eq!(record.changes(&sources), []);
    let again = docs::record(Some(&record), &sources, "2026-02-28");
    assert_eq!(again.pages[0].date, "2026-01-31");
    assert_eq!(again.pages[0].facts, record.pages[0].facts);
}
