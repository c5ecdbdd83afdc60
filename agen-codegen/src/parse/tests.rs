use super::{parse, read_all, usual};
use crate::{
    Diagnostic, Source,
    document::Document,
    value::{Value, json, object},
};

fn read(text: &str) -> Document {
    parse(&Source { name: "a", text }).unwrap_or_else(|problems| panic!("{text:?}: {problems:#?}"))
}

fn refused(text: &str) -> Vec<Diagnostic> {
    let source = Source { name: "a", text };
    let problems = parse(&source).expect_err(text);
    assert!(!problems.is_empty());
    for problem in &problems {
        assert!(problem.render(&source, false).contains(problem.rule));
    }
    problems
}

/// The rule that a text breaks, and the text that is underlined.
fn refusal(text: &str) -> (&'static str, &str) {
    let problem = refused(text).swap_remove(0);
    (problem.rule, &text[problem.primary.span])
}

/// What the places of a pointer's key and value hold.
fn places<'a>(text: &'a str, pointer: &str) -> (&'a str, &'a str) {
    let document = read(text);
    (
        &text[document.key_span(pointer)],
        &text[document.span(pointer)],
    )
}

#[test]
fn places_are_bytes() {
    let text = "größe: \"größer\"\nключ:\n  - 'ü'\n  - {ä: ö, \"a/~b\": 1 }\n  - |\n    lïne\n    two\n\nlast: x\n";
    assert_eq!(places(text, "/größe"), ("größe", "\"größer\""));
    assert_eq!(places(text, "/ключ/0"), ("'ü'", "'ü'"));
    assert_eq!(places(text, "/ключ/1/ä"), ("ä", "ö"));
    assert_eq!(places(text, "/ключ/1/a~1~0b"), ("\"a/~b\"", "1"));
    assert_eq!(places(text, "/ключ/1").1, "{ä: ö, \"a/~b\": 1 }");
    assert_eq!(places(text, "/ключ/2").1, "lïne\n    two");
    assert_eq!(places(text, "/last"), ("last", "x"));
    assert_eq!(places(text, "/last/none"), ("last", "x"));
    assert_eq!(places(text, "").1, text.trim_end());
    let long = format!("a: {}\nb: [é, é]\n", "é".repeat(1000));
    assert_eq!(places(&long, "/b/1").1, "é");
}

#[test]
fn line_ends_and_marks_do_not_shift_places() {
    for text in [
        "a: b\r\nc:\r\n  d: é\r\n",
        "\u{feff}a: b\nc:\n  d: é\n",
        "a: b\rc:\r  d: é\r",
    ] {
        assert_eq!(places(text, "/c/d"), ("d", "é"), "{text:?}");
        assert_eq!(read(text).root().value, &json!({"a": "b", "c": {"d": "é"}}));
    }
}

/// YAML wants all lines of a value to be indented deeper than its key; people do not.
#[test]
fn brackets_and_quotes_may_end_at_the_margin() {
    let text = "é: [ # [\n  x,\n'it''s' ]\nb:\n  - c: {\n    d: \"a\n\\\" }\\\n\", e#: f#g }\n    text: |\n      [ {\n\n      g: \"\n  - - {h: i, \"j\": [\n]}\n  - plain { [\n  - >\n   \"\nlast: x\n";
    let value = json!({
        "é": ["x", "it's"],
        "b": [
            {"c": {"d": "a \" }", "e#": "f#g"}, "text": "[ {\n\ng: \"\n"},
            [{"h": "i", "j": []}],
            "plain { [",
            "\"\n",
        ],
        "last": "x",
    });
    assert_eq!(read(text).root().value, &value);
    assert_eq!(places(text, "/é/1"), ("'it''s'", "'it''s'"));
    assert_eq!(places(text, "/b/0/c/e#"), ("e#", "f#g"));
    assert_eq!(places(text, "/b/1/0/j"), ("\"j\"", "[\n]"));
    assert_eq!(places(text, "/last"), ("last", "x"));
    // What is wrong behind it is still found, in its place.
    assert_eq!(
        refusal("a: {\n  b: c\n}\nd: 1\nd: 2\n"),
        ("duplicate-key", "d")
    );
    let problem = &refused("a:\n  b: {\n  c: d\n}\ne: f: g\n")[0];
    assert_eq!(
        (problem.rule, problem.primary.span.start),
        ("yaml-syntax", 23)
    );
}

#[test]
fn numbers_beyond_64_bits_are_numbers() {
    let text = "a: 18446744073709552000\nb: -9223372036854776000\nc: 18446744073709551615\n";
    let value = json!({"a": 18446744073709552000.0, "b": -9223372036854776000.0, "c": u64::MAX});
    assert_eq!(read(text).root().value, &value);
}

#[test]
fn json_is_read() {
    let text = "{\n\t\"a\": [1, 2.5, -3e2, true, null, \"x\\u00e9\\/\"],\n\t\"b\": {}\n}";
    let value = json!({"a": [1, 2.5, -300.0, true, (Value::Null), "xé/"], "b": {}});
    assert_eq!(read(text).root().value, &value);
    assert_eq!(places(text, "/a/5"), ("\"x\\u00e9\\/\"", "\"x\\u00e9\\/\""));
    let key = "k".repeat(2000);
    let text = format!("{{\"{key}\": \"\\ud83d\\ude00\"}}");
    assert_eq!(read(&text).root().value, &object([(&key, json!("😀"))]));
    let text = r#"{"\ud83d\ude00": 1, "\ud83d\ude01": 2, "z": "\\ud83d"}"#;
    assert_eq!(
        read(text).root().value,
        &json!({"😀": 1, "😁": 2, "z": "\\ud83d"})
    );
    assert_eq!(places(text, "/z").1, r#""\\ud83d""#);
}

#[test]
fn keys_are_strings() {
    let text = "200: a\ntrue: b\n1.5: c\n'x': d\nnull: e\n";
    let value = json!({"200": "a", "true": "b", "1.5": "c", "x": "d", "null": "e"});
    assert_eq!(read(text).root().value, &value);
    assert_eq!(places(text, "/200"), ("200", "a"));
}

#[test]
fn an_alias_has_the_place_of_its_anchor() {
    let text = "a: &x\n  b: c\nd: *x\ne: [*x, &y z, *y]\n";
    let value = json!({"a": {"b": "c"}, "d": {"b": "c"}, "e": [{"b": "c"}, "z", "z"]});
    assert_eq!(read(text).root().value, &value);
    assert_eq!(places(text, "/d/b"), ("b", "c"));
    assert_eq!(places(text, "/d"), ("d", "&x\n  b: c"));
    assert_eq!(places(text, "/e/2").1, "&y z");
}

#[test]
fn duplicates_are_all_found_with_both_places() {
    let text = "a: 1\nb: {c: 1, \"c\": 2, c: 3}\na: 2\n";
    let found: Vec<_> = refused(text)
        .into_iter()
        .map(|problem| {
            assert_eq!(problem.rule, "duplicate-key");
            (problem.primary.span.start, problem.related[0].span.start)
        })
        .collect();
    assert_eq!(found, [(15, 9), (23, 9), (29, 0)]);
}

#[test]
fn what_is_no_tree_of_json_values_is_refused() {
    assert_eq!(refusal("a: [1\n").0, "yaml-syntax");
    assert_eq!(refusal("a: b: c\n").0, "yaml-syntax");
    assert_eq!(refusal("a: *none\n").0, "yaml-syntax");
    assert_eq!(refusal("a: b\n---\nc: d\n"), ("yaml-syntax", "---"));
    assert_eq!(refusal("? [a]\n: b\n").0, "yaml-syntax");
    assert_eq!(refusal(": b\n").0, "yaml-syntax");
    assert_eq!(refusal("a: &x b\n*x : c\n"), ("yaml-syntax", "*x"));
    assert_eq!(refusal("a: &x {}\nb:\n  <<: *x\n"), ("yaml-syntax", "<<"));
    assert_eq!(refusal("a: !!binary aGk=\n").0, "yaml-syntax");
    assert_eq!(refusal("a: !own [b]\n").0, "yaml-syntax");
    for number in [".inf", "-.INF", ".nan", "1e999"] {
        assert_eq!(refusal(&format!("a: {number}\n")), ("yaml-syntax", number));
    }
    assert_eq!(refusal("{\"a\": 1e999\"b\"}"), ("yaml-syntax", "1e999"));
    for nothing in ["", "\u{feff}", "\n\n", "# only this\n", "---\n", "---\n..."] {
        assert_eq!(refused(nothing)[0].rule, "document-empty", "{nothing:?}");
    }
}

#[test]
fn bounds_are_kept() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    read(&nested(100));
    for depth in [101, 1000, 1_000_000] {
        assert_eq!(refused(&nested(depth))[0].rule, "document-too-deep");
    }
    let blocks: String = (0..200).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
    assert_eq!(refused(&blocks)[0].rule, "document-too-deep");
    let deep = format!(
        "a: &x {}\nb: {}*x{}\n",
        nested(60),
        "[".repeat(60),
        "]".repeat(60)
    );
    assert_eq!(refused(&deep)[0].rule, "document-too-deep");

    let mut bomb = "a0: &a0 [x]\n".to_owned();
    for level in 1..30 {
        let one = format!("*a{},", level - 1);
        bomb += &format!("a{level}: &a{level} [{}]\n", one.repeat(10));
    }
    assert_eq!(refused(&bomb)[0].rule, "alias-expansion");
    let long = format!(
        "a: &a {}\nb: [{}]\n",
        "x".repeat(1 << 20),
        "*a, ".repeat(1000)
    );
    assert_eq!(refused(&long)[0].rule, "alias-expansion");
    assert_eq!(refusal("a: &a\n  b: *a\n"), ("alias-expansion", "*a"));

    let key = |length: usize| "k".repeat(length);
    read(&format!("? {}\n: {{{}: 1}}\n", key(1024), key(1000)));
    let long = format!("? {}\n: a: 1\n  ? {}\n  : 1\n", key(1025), key(1024));
    assert_eq!(refusal(&long), ("document-too-deep", &*key(1024)));
    let long = format!(
        "a: &a {{{}: 1}}\nb:\n  ? {}\n  : *a\n",
        key(1000),
        key(1500)
    );
    assert_eq!(refusal(&long), ("document-too-deep", "*a"));

    let values = "- 1\n".repeat(2_000_001);
    assert_eq!(refusal(&values), ("document-too-large", "1"));
    let large = " ".repeat((16 << 20) + 1);
    assert_eq!(refused(&large)[0].rule, "document-too-large");
}

#[test]
fn nothing_of_a_hostile_text_reaches_the_terminal() {
    for hostile in [
        "\u{1b}[31m",
        "\0",
        "\u{7}",
        "\u{9b}31m",
        "\u{202e}",
        "\r",
        "\t",
        "\u{2028}",
    ] {
        for text in [
            format!("a{hostile}: {{b: 1, b{hostile}: [\n"),
            format!("\"k{hostile}\": 1\n\"k{hostile}\": 2\n"),
            format!("{hostile}: 1\n{hostile}: 2\n"),
            format!("a: !{hostile}x y\n"),
        ] {
            let source = Source {
                name: hostile,
                text: &text,
            };
            for problem in parse(&source).err().into_iter().flatten() {
                let shown = problem.render(&source, false);
                let bad = |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{2028}".contains(c);
                assert!(!shown.contains(bad), "{shown:?}");
            }
        }
    }
}

/// A document in which every part of YAML stands that is read in one pass.
const USUAL: &str = r#"# A comment.
openapi: 3.0.3 # and another

info: {title: "T\u00e9 \"a\"", version: '1''s', x: [a b, -1, {c: d, e: [], }, "f"], "g": {} }
größe:
  - |
    one
      two

    three
  - >-
    one
    two

    three
     four
  - >+

    one

  -
    a: b
  - - 1
    - 2.5
  -
empty:
paths:
- plain that
  goes on

  and on
- "quoted \
   and
   folded"
- [ # here
  a,
  b # there
]
- a: c
  # d
  e: ~
  'f' : TRUE
  "200": 0x1f
numbers: [007, 18446744073709551615, 1e3, .5, +1, 1_0, -0, 2020-01-01]
"#;

/// Holds the reader of what is usual to those of all of YAML; whether it has read the text.
fn is_read_the_same(text: &str) -> bool {
    let Some(usual) = usual::read(text, 3) else {
        return false;
    };
    let all = read_all(text, 3).unwrap_or_else(|problems| panic!("{text:?}: {problems:#?}"));
    assert_eq!(usual.1, all.1, "{text:?}");
    assert_eq!(format!("{:?}", usual.0), format!("{:?}", all.0), "{text:?}");
    true
}

#[test]
fn what_is_read_in_one_pass_is_what_all_of_yaml_makes_of_it() {
    assert!(is_read_the_same(USUAL));
    assert!(is_read_the_same(&format!("---\n{USUAL}")));
    const JUNK: [&str; 29] = [
        " ", "  ", "\n", "\n\n", "\n \n", "\t", ":", ": ", "- ", "#", " # ", ",", "[", "]", "{",
        "}", "'", "\"", "|\n", ">", "?", "&", "*a", "!", "%", "\\", "---\n", "\u{a0}", "\u{2028}",
    ];
    let mut read = 0;
    for (number, (at, _)) in USUAL.char_indices().enumerate() {
        let (before, after) = USUAL.split_at(at);
        // In three lines, all of it; in the whole text, which takes longer, one of it in each place.
        let line = before.rfind('\n').map_or(0, |end| end + 1);
        let lines: String = after.split_inclusive('\n').take(3).collect();
        for junk in JUNK.iter().skip(number % 5).step_by(5) {
            let text = format!("{}{junk}{lines}", &USUAL[line..at]);
            read += usize::from(is_read_the_same(&text));
        }
        let junk = JUNK[number % JUNK.len()];
        read += usize::from(is_read_the_same(&format!("{before}{junk}{after}")));
    }
    assert!(read > 500, "{read}");
}
