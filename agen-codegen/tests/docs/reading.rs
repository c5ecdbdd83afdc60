//! How pages are read.

use agen_codegen::docs::{self, Drift};

use crate::{SMALL, drift};

/// The smaller document against its rendered page, with one text of that exchanged.
fn rendered(what: &str, with: &str) -> Drift {
    let page = include_str!("small/put-thing.txt");
    assert!(page.contains(what), "{what:?}");
    let pages = [("put-thing.txt".to_owned(), page.replacen(what, with, 1))];
    drift(SMALL, &pages)
}

#[test]
fn a_field_that_is_not_understood_is_no_agreement_and_no_absence() {
    let query = "dry\nboolean\ndefault:false\n\n";
    for field in [
        "limit\nSession\n\nHow many.\n\n",
        "limit\nSession[]\nrequired\n\nHow many.\n\n",
        "limit\nmap<string, any>\n\nHow many.\n\n",
        "page size\nstring\n\nHow many.\n\n",
        "page size\nSome thing\ndefault:3\n\nHow many.\n\n",
        "\u{200b}created>\nstring\n\nSince when.\n\n",
    ] {
        for with in [format!("{query}{field}"), format!("\n{field}{query}")] {
            let drift = rendered(query, &with);
            let lacks = &drift.pages[0].lacks;
            assert!(
                lacks.len() == 1 && lacks[0].message.contains("not understood"),
                "{field:?} {lacks:?}"
            );
            assert!(drift.findings.is_empty(), "{field:?} {:?}", drift.findings);
        }
    }
    // One of the document, in a value of the answer: it is there, and so are its markers.
    for field in ["parts.code\ninteger\nrequired\n", "note\nstring | null\n"] {
        let name = field.lines().next().unwrap();
        let drift = rendered(field, &format!("{name}\nCode\nrequired\n"));
        let lacks = &drift.pages[0].lacks;
        let told = |lack: &docs::Lack| {
            lack.message
                .contains("a name or a type that is not understood")
        };
        assert!(lacks.iter().any(told), "{field:?} {lacks:?}");
        assert!(drift.findings.is_empty(), "{field:?} {:?}", drift.findings);
    }
}

#[test]
fn words_below_a_field_are_no_field() {
    for words in [
        "Words for it.\nAnd more of them.\n",
        "string\n\nWords.\n",
        "Note\n\nsmall\n",
        "Example:\n\"small\"\n",
        "More words\nof two lines\n",
    ] {
        let drift = rendered("Words for it.\n", words);
        assert!(
            drift.pages[0].lacks.is_empty(),
            "{words:?} {:?}",
            drift.pages[0].lacks
        );
        assert!(drift.findings.is_empty(), "{words:?} {:?}", drift.findings);
    }
}

#[test]
fn other_words_for_types_are_understood() {
    for (what, with) in [
        ("dry\nboolean", "dry\nbool"),
        ("count\ninteger", "count\nint"),
        ("parts.tags\nstring[]", "parts.tags\n(string)[]"),
    ] {
        let drift = rendered(what, with);
        assert!(
            drift.pages[0].lacks.is_empty(),
            "{with:?} {:?}",
            drift.pages[0].lacks
        );
        assert!(drift.findings.is_empty(), "{with:?} {:?}", drift.findings);
    }
    let drift = rendered("parts.tags\nstring[]", "parts.tags\n(string | null)[]");
    let found: Vec<_> = drift
        .findings
        .iter()
        .map(|it| (it.rule.id, it.fact.as_str()))
        .collect();
    assert!(
        matches!(found.as_slice(), [("nullable-differs", _)]),
        "{found:?}"
    );
}

#[test]
fn several_shapes_are_seen_in_every_way_that_they_are_listed() {
    for listed in [
        "Option 1\nOption 2\n",
        "- Option 1\n- Option 2\n",
        "* Option 1\n* Option 2\n",
        "Option 1Option 2\n",
        "Option 1 · object\nOption 2 · object\n",
    ] {
        let drift = rendered("What it has.\n", &format!("What it has.\n\n{listed}"));
        let lacks = &drift.pages[0].lacks;
        assert!(
            lacks.len() == 1 && lacks[0].message.contains("has 2 shapes"),
            "{listed:?} {lacks:?}"
        );
    }
    let drift = rendered("What it has.\n", "Option 2 is the best of all\n");
    assert!(drift.pages[0].lacks.is_empty());
}

/// The smaller document against its Markdown export, with texts of that exchanged.
fn exported(changes: &[(&str, &str)]) -> Drift {
    let mut page = include_str!("small/put-thing.md").to_owned();
    for (what, with) in changes {
        assert!(page.contains(what), "{what:?}");
        page = page.replacen(what, with, 1);
    }
    drift(SMALL, &[("put-thing.md".to_owned(), page)])
}

#[test]
fn a_page_that_lets_any_value_be_says_another_type() {
    let typed = |drift: &Drift, name: &str| {
        let found: Vec<_> = drift.findings.iter().map(|it| it.rule.id).collect();
        assert_eq!(found, ["type-differs"], "{name} {:?}", drift.findings);
    };
    typed(&rendered("parts.tags\nstring[]", "parts.tags\nany"), "tags");
    typed(&rendered("note\nstring | null", "note\nany"), "note");
    for any in ["{}", "true", "{description: A number.}"] {
        let with = format!("code: {any}");
        typed(&exported(&[("code: {type: integer}", &with)]), any);
    }
    // Several types are shown as one word.
    let page = include_str!("small/put-thing.txt").replace("note\nstring | null", "note\nany");
    let spec = SMALL.replace(
        "note: {type: string, nullable: true}",
        "note: {oneOf: [{type: string}, {type: object, properties: {a: {type: string}}}]}",
    );
    let drift = drift(&spec, &[("put-thing.txt".to_owned(), page)]);
    assert!(drift.findings.is_empty(), "{:?}", drift.findings);
}

#[test]
fn what_an_export_refers_to_and_does_not_hold_is_lacking() {
    let answer = "'200':\n          content:\n            application/json:\n              schema: {$ref: '#/components/schemas/Thing'}";
    for (what, with) in [
        (
            "        - name: dry\n",
            "        - $ref: '#/components/parameters/dry'\n        - name: dry\n",
        ),
        (answer, "'200': {$ref: '#/components/responses/Thing'}"),
        ("  - key: []", "  - other: []"),
    ] {
        let drift = exported(&[(what, with)]);
        let lacks = &drift.pages[0].lacks;
        assert!(
            lacks.len() == 1 && lacks[0].message.starts_with("a reference leads nowhere"),
            "{with} {lacks:?}"
        );
        assert!(drift.findings.is_empty(), "{with} {:?}", drift.findings);
    }
    let page = include_str!("small/put-thing.md");
    let two = format!("{page}\n\n{page}");
    let drift = drift(SMALL, &[("put-thing.md".to_owned(), two)]);
    let lacks = &drift.pages[0].lacks;
    assert!(
        lacks.len() == 1 && lacks[0].message.contains("another document"),
        "{lacks:?}"
    );
}

#[test]
fn a_table_of_contents_hides_no_section() {
    let names =
        "On this page\nAuthorizations\nPath Parameters\nQuery Parameters\nBody\nResponse\n\n";
    let plain = rendered("Authorizations\n", "Authorizations\n");
    let drift = rendered("Authorizations\n", &format!("{names}Authorizations\n"));
    assert!(
        drift.pages[0].lacks.is_empty(),
        "{:?}",
        drift.pages[0].lacks
    );
    assert!(drift.findings.is_empty(), "{:?}", drift.findings);
    assert_eq!(drift.pages[0].facts, plain.pages[0].facts);
}

#[test]
fn the_name_of_a_schema_is_no_button_and_no_description() {
    for between in [
        "",
        "Copy page\n\n",
        "Copy page\nOne thing of many.\n\nobject\n",
    ] {
        let page = format!(
            "Schemas\nThing\n{between}\nid\nstring<uuid>\nrequired\n\nnote\nstring | null\n\nparts\nobject[]\nrequired\n\nPowered by Mintlify\n"
        );
        let drift = drift(SMALL, &[("page.txt".to_owned(), page)]);
        assert_eq!(drift.pages[0].subjects, ["Thing"], "{between:?}");
        assert!(
            drift.findings.is_empty(),
            "{between:?} {:?}",
            drift.findings
        );
    }
}

#[test]
fn what_a_page_ends_with_is_read() {
    let page = include_str!("small/put-thing.txt");
    let end = page.find("What was written on it.").unwrap();
    let ending = |spec: &str, with: &str| {
        let text = format!("{}{with}", &page[..end]);
        let drift = drift(spec, &[("put-thing.txt".to_owned(), text)]);
        let found: Vec<_> = drift.findings.iter().map(|it| it.rule.id).collect();
        let lacks = drift.pages[0].lacks.iter().map(|it| it.message.clone());
        (found, lacks.collect::<Vec<_>>())
    };
    let note = "note: {type: string, nullable: true}";
    let with = |what: &str| {
        SMALL.replace(
            note,
            &format!("note: {{type: string, nullable: true, {what}}}"),
        )
    };
    // Without a line break, without a description: the type is all that there is.
    for text in [
        "",
        "A description.",
        "A description.\n",
        "deprecated",
        "deprecated\n",
    ] {
        assert_eq!(ending(SMALL, text), (vec![], vec![]), "{text:?}");
    }
    let bare = page[..end].trim_end().to_owned();
    let read = drift(SMALL, &[("put-thing.txt".to_owned(), bare.clone())]);
    assert_eq!(
        (read.findings, read.pages[0].lacks.clone()),
        (vec![], vec![])
    );
    // What may follow is not known, and no difference.
    for what in ["format: uri", "default: a", "enum: [a]", "maxLength: 9"] {
        let (found, lacks) = ending(&with(what), "");
        assert_eq!(found, [""; 0], "{what}");
        assert!(
            lacks.len() == 1 && lacks[0].contains("the page ends with `note`"),
            "{what} {lacks:?}"
        );
    }
    let required = SMALL.replace("required: [id, parts]", "required: [id, parts, note]");
    assert_eq!(ending(&required, "").1.len(), 1);
    assert_eq!(
        ending(&required, "A description.\n").0,
        ["required-differs"]
    );
    // Values at the end are all that there are, with or without a line break behind the last.
    let listed = "What it is.\n\nAvailable options:\nwide,\nnarrow";
    let spec = with("enum: [wide, narrow, null]");
    for text in [listed.to_owned(), format!("{listed}\n")] {
        assert_eq!(ending(&spec, &text), (vec![], vec![]), "{text:?}");
        assert_eq!(
            ending(&with("enum: [wide, flat]"), &text).0,
            ["values-differ"]
        );
    }
    // But a part of a value is none.
    let (found, lacks) = ending(&spec, "What it is.\n\nAvailable options:\nwide,\nnar");
    assert_eq!(found, [""; 0]);
    assert!(
        lacks.len() == 1 && lacks[0].contains("`narrow`"),
        "{lacks:?}"
    );
    let (found, lacks) = ending(&spec, "What it is.\n\nAvailable options:\nwide,\n");
    assert_eq!(found, [""; 0]);
    assert_eq!(lacks.len(), 1, "{lacks:?}");
}

#[test]
fn a_sample_that_says_otherwise_than_its_page_is_told() {
    for (what, with, told) in [
        (
            "  \"id\": \"<string>\",\n",
            "",
            "`id` is required, and its sample",
        ),
        ("{\"code\": 123, ", "{", "`parts[].code` is required"),
        ("\"size\": \"small\", ", "", "`size` is required"),
        (
            "  --header 'x-key: <api-key>' \\\n",
            "",
            "how a caller proves who it is",
        ),
        (
            "'Content-Type: application/json'",
            "'Content-Type: text/plain'",
            "`text/plain`",
        ),
        (
            "  \"note\": \"<string>\"\n}",
            "  \"note\": oops\n}",
            "is no JSON",
        ),
    ] {
        let drift = rendered(what, with);
        let lacks = &drift.pages[0].lacks;
        assert!(
            lacks.iter().any(|it| it.message.contains(told)),
            "{with:?} {lacks:?}"
        );
        assert!(drift.findings.is_empty(), "{with:?} {:?}", drift.findings);
    }
}

#[test]
fn the_button_above_fields_has_many_names() {
    for button in [
        "Hide child attributes",
        "Show properties",
        "Hide items",
        "Show attributes",
    ] {
        let drift = rendered("Show child attributes", button);
        assert!(drift.findings.is_empty(), "{button} {:?}", drift.findings);
        assert!(
            drift.pages[0].lacks.is_empty(),
            "{button} {:?}",
            drift.pages[0].lacks
        );
    }
}

#[test]
fn what_a_site_puts_around_a_page_is_none_of_it() {
    let page = include_str!("small/put-thing.txt");
    let sharp = "var options = new RestClientOptions(url)\n{\n  Timeout = 1\n};\n";
    let answer = "{\n  \"id\"";
    let texts = [
        page.replace(answer, &format!("{sharp}{answer}")),
        format!("{}\n\nPrevious\nNext\n", page.trim_end()),
        format!(
            "{}\n\nAccounts\nPrevious\n\nWebhooks\nNext\n",
            page.trim_end()
        ),
    ];
    for text in texts {
        let drift = drift(SMALL, &[("put-thing.txt".to_owned(), text)]);
        let read = (&drift.findings, &drift.pages[0].lacks);
        assert_eq!(read, (&vec![], &vec![]));
    }
}

#[test]
fn a_path_can_end_with_a_slash() {
    let page = include_str!("small/put-thing.txt");
    let page = page.replace("{id}?", "{id}/?");
    let spec = SMALL.replace("/things/{id}:", "/things/{id}/:");
    // The samples stand elsewhere, so what comes next can be any of these.
    for next in ["Put a thing\n", "", "Copy\n"] {
        let text = page.replacen("{id}\nPut a thing\n", &format!("{{id}}\n/\n{next}"), 1);
        let drift = drift(&spec, &[("put-thing.txt".to_owned(), text)]);
        let read = (&drift.findings, &drift.pages[0].lacks);
        assert_eq!(read, (&vec![], &vec![]), "{next:?}");
    }
}
