//! The formats of `cargo xtask review`, on a change of each kind and on a hostile one.

use crate::common::{NOTES, Run, Workspace, notes_edited};
use insta::assert_snapshot;
use serde_json::Value;

const FORMATS: [&str; 6] = ["human", "markdown", "json", "github", "sarif", "html"];

/// Two files, of which the second has changes of each severity.
fn changed() -> Workspace {
    let workspace = Workspace::new(NOTES);
    let head = notes_edited().replace("https://notes.example\n", "https://api.notes.example\n");
    workspace.write("head.yaml", head);
    workspace
}

fn review(workspace: &Workspace, format: &str) -> Run {
    workspace.run(&["review", "openapi.yaml", "head.yaml", "--format", format])
}

#[test]
fn markdown() {
    let run = review(&changed(), "markdown");
    assert_eq!((run.status, &*run.stderr), (Some(3), ""));
    assert_snapshot!(run.stdout);
}

#[test]
fn github() {
    let run = review(&changed(), "github");
    assert_eq!((run.status, &*run.stderr), (Some(3), ""));
    assert_snapshot!(run.stdout);
    // What is gone stands beside what held it, in the head.
    let first = run.stdout.lines().next().unwrap();
    assert!(
        first.starts_with("::error file=head.yaml,line=47,"),
        "{first}"
    );
}

#[test]
fn sarif() {
    let run = review(&changed(), "sarif");
    assert_eq!((run.status, &*run.stderr), (Some(3), ""));
    let log: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    let on_the_wire = |result: &&Value| {
        let rule = result["ruleId"].as_str().unwrap();
        !rule.starts_with("rust-") && rule != "version-too-low"
    };
    let results: Vec<_> = results.iter().filter(on_the_wire).collect();
    let levels: Vec<_> = results.iter().map(|result| &result["level"]).collect();
    assert_eq!(levels, ["error", "warning", "note", "note"]);
    for result in results {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let print = result["partialFingerprints"]["agen/v1"].as_str().unwrap();
        assert_eq!(print.len(), 12);
        let at = &result["locations"][0]["physicalLocation"];
        assert_eq!(at["artifactLocation"]["uri"], "head.yaml");
        assert!(at["region"]["startLine"].as_u64() > Some(0));
        assert!(result.get("suppressions").is_none());
    }
}

#[test]
fn results_have_fingerprints_of_their_own() {
    let workspace = Workspace::new(NOTES);
    let key = "      parameters:\n";
    let more = ["one", "two"].map(|name| {
        format!("        - {{name: {name}, in: query, required: true, schema: {{type: string}}}}\n")
    });
    let head = NOTES.replace(key, &format!("{key}{}", more.concat()));
    workspace.write("head.yaml", head);
    let run = review(&workspace, "sarif");
    let log: Value = serde_json::from_str(&run.stdout).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let prints = results
        .iter()
        .map(|result| &result["partialFingerprints"]["agen/v1"]);
    let mut prints: Vec<_> = prints.map(Value::to_string).collect();
    let all = prints.len();
    assert!(all > 4, "{}", run.stdout);
    prints.sort();
    prints.dedup();
    assert_eq!(prints.len(), all);
}

#[test]
fn html_stands_alone() {
    let run = review(&changed(), "html");
    assert_eq!((run.status, &*run.stderr), (Some(3), ""));
    let page = &run.stdout;
    assert!(page.starts_with("<!DOCTYPE html>"));
    // No script, and nothing that is loaded from anywhere.
    for loading in [
        "<script", "<link", "<img", "<iframe", "src=", "url(", "@import", "style=\"",
    ] {
        assert!(!page.contains(loading), "{loading}");
    }
    let policy = "default-src 'none'; style-src 'sha256-";
    assert!(page.contains(&policy.replace('\'', "&#39;")) || page.contains(policy));
    for part in [
        "<h1>Breaks callers</h1>",
        "name=\"viewport\"",
        "prefers-color-scheme: dark",
        "<code>GET /notes/{note_id}</code>",
        "the response property <code>Note.author</code> is gone",
        "openapi.yaml:51",
        ">author:</span>",
    ] {
        assert!(page.contains(part), "{part}:\n{page}");
    }
    // A change of the client stands in one place.
    let client = "id=\"rust\"";
    assert_eq!(page.matches(client).count(), 1);
    assert_eq!(page.matches("let author: String = note.author;").count(), 1);
    // Each way inside leads somewhere.
    for link in page.split("href=\"#").skip(1) {
        let target = link.split('"').next().unwrap();
        assert!(page.contains(&format!("id=\"{target}\"")), "{target}");
    }
}

/// Text that means something in each of the formats, as a name that YAML can hold.
const HOSTILE: &str = "</script><img src=x onerror=alert(1)>`@team`|#1 https://evil.example \
                       \u{202e}\u{1b}[31m\n::error file=a::b\n</details>\n\n# title $x$ &amp; ```";

#[test]
fn nothing_of_a_document_is_more_than_text() {
    let name = serde_json::to_string(HOSTILE).unwrap();
    let (base, head) = (
        NOTES.replace("        author:", &format!("        {name}:")),
        NOTES
            .replace("https://notes.example\n", &format!("{name}\n"))
            .replace("operationId: get_note", &format!("operationId: {name}")),
    );
    assert!(base != NOTES && head.contains("operationId: \"<"));
    let workspace = Workspace::new(&base);
    workspace.write("head.yaml", head);
    for format in FORMATS {
        let sides = ["review", "openapi.yaml", "head.yaml"];
        let run = workspace.run(&[&sides[..], &["--fail-on", "any", "--format", format]].concat());
        let out = &run.stdout;
        assert_eq!(run.status, Some(3), "{format}: {}", run.stderr);
        assert!(out.contains("alert"), "{format}");
        for (stream, text) in [("stdout", out), ("stderr", &run.stderr)] {
            for sign in ['\u{1b}', '\u{202e}'] {
                assert!(!text.contains(sign), "{format}, {stream}: {sign:?}");
            }
        }
        match format {
            "github" => {
                let forged = |l: &&str| {
                    !l.starts_with("::error file=head.yaml,")
                        && !l.starts_with("::warning file=head.yaml,")
                };
                assert_eq!(out.lines().find(forged), None);
            }
            "html" => {
                assert!(!out.contains("<script") && !out.contains("</script"));
                assert!(!out.contains("<img"));
                assert_eq!(
                    out.matches("<details").count(),
                    out.matches("</details>").count()
                );
            }
            "markdown" => {
                let lines = |mark: &str| out.lines().filter(|l| l.starts_with(mark)).count();
                assert_eq!(lines("</details>"), lines("<details>"));
                assert_eq!(lines("# title"), 0);
                assert_eq!(text_outside_code(out, '@'), "");
                assert!(!text_outside_code(out, '<').contains("img"));
                assert!(!text_outside_code(out, ':').contains("://evil"));
            }
            "json" | "sarif" => drop(serde_json::from_str::<Value>(out).unwrap()),
            _ => assert!(
                !out.lines()
                    .any(|l| l.starts_with("::") || l.starts_with("# title"))
            ),
        }
    }
}

/// What follows on each of a sign, outside of code; nothing where a space without width does.
fn text_outside_code(markdown: &str, sign: char) -> String {
    let mut outside = String::new();
    for line in markdown.lines() {
        let mut rest = line;
        while let Some(start) = rest.find('`') {
            outside.push_str(&rest[..start]);
            let run = rest[start..].len() - rest[start..].trim_start_matches('`').len();
            if rest[..start].ends_with('\\') {
                rest = &rest[start + 1..];
                continue;
            }
            let after = &rest[start + run..];
            let fence = "`".repeat(run);
            let mut from = 0;
            let end = loop {
                let Some(at) = after[from..].find(&fence).map(|at| at + from) else {
                    break after.len();
                };
                let length = after[at..].len() - after[at..].trim_start_matches('`').len();
                if length == run {
                    break at + run;
                }
                from = at + length;
            };
            rest = &after[end..];
        }
        outside.push_str(rest);
        outside.push('\n');
    }
    let parts = outside.split(sign).skip(1);
    let parts = parts.filter(|part| !part.starts_with("&#8203;"));
    parts
        .map(|part| part.chars().take(12).collect::<String>())
        .collect()
}

#[test]
fn large_reviews_are_bounded() {
    let parameter = |at: usize, required: bool| {
        format!(
            "        - {{name: p{at}, in: query, required: {required}, schema: {{type: string}}}}\n"
        )
    };
    let document = |required| {
        let parameters: String = (0..400).map(|at| parameter(at, required)).collect();
        format!(
            "openapi: 3.0.3\ninfo: {{title: a, version: '1'}}\npaths:\n  /a:\n    get:\n      \
             responses: {{'204': {{description: Done}}}}\n      parameters:\n{parameters}"
        )
    };
    let workspace = Workspace::new(&document(false));
    workspace.write("head.yaml", document(true));
    let markdown = review(&workspace, "markdown").stdout;
    assert!(markdown.chars().count() <= 65_536, "{}", markdown.len());
    assert!(markdown.contains("more breaking changes left out"));
    let html = review(&workspace, "html").stdout;
    assert!(html.len() < 2 << 20, "{}", html.len());
    assert!(html.contains("200 more changes left out"));
    let github = review(&workspace, "github").stdout;
    assert_eq!(github.lines().filter(|l| l.starts_with("::")).count(), 10);
    let human = review(&workspace, "human").stdout;
    assert!(human.lines().count() < 1000);
}

/// The places where a value is not as a JSON schema says, of the keywords that the schemas of `xtask` use.
pub(crate) fn mismatches(
    root: &Value,
    schema: &Value,
    value: &Value,
    at: &str,
    wrong: &mut Vec<String>,
) {
    let known = [
        "$ref",
        "$schema",
        "$defs",
        "additionalProperties",
        "anyOf",
        "description",
        "enum",
        "items",
        "minimum",
        "properties",
        "required",
        "title",
        "type",
    ];
    for keyword in schema.as_object().unwrap().keys() {
        assert!(known.contains(&&**keyword), "{keyword} is not looked at");
    }
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.strip_prefix('#').unwrap()).unwrap();
        return mismatches(root, target, value, at, wrong);
    }
    if let Some(any) = schema["anyOf"].as_array() {
        let fits = |schema: &&Value| {
            let mut wrong = Vec::new();
            mismatches(root, schema, value, at, &mut wrong);
            wrong.is_empty()
        };
        if !any.iter().any(|schema| fits(&schema)) {
            wrong.push(format!("{at}: none of the alternatives"));
        }
        return;
    }
    let types: Vec<_> = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    let is = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64(),
        "null" => value.is_null(),
        other => panic!("{other} is no type"),
    };
    if !types.is_empty() && !types.into_iter().any(is) {
        wrong.push(format!("{at}: {value} is of another type"));
    }
    if schema["enum"]
        .as_array()
        .is_some_and(|values| !values.contains(value))
    {
        wrong.push(format!("{at}: {value} is none of the values"));
    }
    for element in value.as_array().into_iter().flatten() {
        mismatches(root, &schema["items"], element, &format!("{at}[]"), wrong);
    }
    let Some(members) = value.as_object() else {
        return;
    };
    for key in schema["required"].as_array().into_iter().flatten() {
        if !members.contains_key(key.as_str().unwrap()) {
            wrong.push(format!("{at}: {key} is missing"));
        }
    }
    for (key, member) in members {
        match schema["properties"].get(key) {
            Some(schema) => mismatches(root, schema, member, &format!("{at}.{key}"), wrong),
            None => wrong.push(format!("{at}: nothing is said of {key}")),
        }
    }
}

#[test]
fn json_is_as_its_schema_says() {
    let schema =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/review.schema.json"));
    let schema: Value = serde_json::from_str(&schema.unwrap()).unwrap();
    let check = |value: &Value| {
        let mut wrong = Vec::new();
        mismatches(&schema, &schema, value, "$", &mut wrong);
        wrong
    };
    let workspace = changed();
    let object = |workspace: &Workspace| -> Value {
        serde_json::from_str(&review(workspace, "json").stdout).unwrap()
    };
    let mut first = object(&workspace);
    assert_eq!(check(&first), [""; 0]);
    // With a policy that decides of two findings and has an entry too many.
    let [print, rule] = ["fingerprint", "rule"].map(|key| {
        let finding = &first["findings"][usize::from(key == "rule")];
        finding[key].as_str().unwrap().to_owned()
    });
    workspace.write(
        "head.review.yaml",
        format!(
            "accept:\n  - {{fingerprint: {print}, reason: Unused., until: 9999-12-31}}\n  - \
             {{fingerprint: abc, reason: Old., until: 9999-12-31}}\nseverity:\n  - {{rule: {rule}, \
             severity: breaking, reason: Here it is.}}\n"
        ),
    );
    let decided = object(&workspace);
    assert_eq!(check(&decided), [""; 0]);
    assert_eq!(decided["counts"]["accepted"], 1);
    assert_eq!(decided["diagnostics"][0]["rule"], "review-policy-unused");
    workspace.write("head.yaml", "paths: {");
    let refused = object(&workspace);
    assert_eq!(check(&refused), [""; 0]);
    assert_eq!(refused["verdict"], "refused");
    // What the schema does not say is noticed.
    first["findings"][0]["severity"] = "grave".into();
    first["more"] = 1.into();
    assert_eq!(check(&first).len(), 2);
}
