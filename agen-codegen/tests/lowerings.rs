//! What is done to a document that says too little, or more than a client can do: each pair of the
//! table gives the same client, one with a report and one without.

use agen_codegen::{Lowering, Outcome, Settings, Source, generate, lint, lowerings};

/// A document around a part of one.
fn whole(part: &str) -> String {
    let version = if part.starts_with("openapi:") {
        ""
    } else {
        "openapi: 3.0.3\n"
    };
    format!("{version}{part}info: {{title: T, version: '1'}}\n")
}

fn run(text: &str) -> Outcome {
    let source = Source {
        name: "openapi.yaml",
        text,
    };
    generate(&source, &Settings::default())
}

fn ids(lowered: &[Lowering]) -> Vec<&str> {
    lowered.iter().map(|found| found.id).collect()
}

#[test]
fn each_pair_gives_the_same_client_and_the_first_a_report() {
    let mut count = 0;
    for found in lowerings() {
        let id = found.rule.id;
        let [before, after] = [found.before, found.after].map(|part| run(&whole(part)));
        let surface = |outcome: &Outcome| outcome.output.as_ref().map(|out| in_rust(&out.surface));
        assert!(surface(&before).is_some(), "{id}: {before:#?}");
        assert_eq!(surface(&before), surface(&after), "{id}");
        assert_eq!(ids(&before.lowered), [id]);
        assert_eq!(ids(&after.lowered), [""; 0], "{id}");
        count += 1;
    }
    assert!(count > 0);
}

/// The table of an API without what is called in another way on the wire.
fn in_rust(surface: &str) -> String {
    let parts: Vec<&str> = surface.split(" on the wire").collect();
    let (last, before) = parts.split_last().expect("a text has a part");
    let before = before
        .iter()
        .map(|part| part.rsplit_once(", `").map_or(*part, |(before, _)| before));
    before.chain([*last]).collect()
}

#[test]
fn what_is_done_is_a_warning_of_lint_at_the_same_place() {
    for found in lowerings() {
        let text = whole(found.before);
        let source = Source {
            name: "openapi.yaml",
            text: &text,
        };
        let outcome = run(&text);
        let done = &outcome.lowered[0];
        let warning = lint(&source)
            .into_iter()
            .find(|warning| warning.rule == done.id);
        let warning = warning.expect("lint warns of it");
        assert_eq!(warning.position(&source), done.position(&source));
        assert_eq!(
            (warning.message, warning.help),
            (done.text.clone(), found.help.to_owned())
        );
    }
}

#[test]
fn openapi_yaml_needs_none() {
    assert_eq!(run(include_str!("../../openapi.yaml")).lowered, []);
}

/// A document of schemas alone often says `paths:` and nothing behind it.
#[test]
fn nothing_in_place_of_paths_is_no_path() {
    let schemas =
        "components: {schemas: {Thing: {type: object, properties: {name: {type: string}}}}}\n";
    let outcome = run(&whole(&format!("paths:\n{schemas}")));
    assert_eq!(ids(&outcome.lowered), ["structure-missing"]);
    let output = outcome.output.expect("it is generated from");
    assert_eq!((output.operations, output.types), (0, 1));
    // Without the word, something else may be meant.
    assert!(run(&whole(schemas)).output.is_none());
}

#[test]
fn bounds_of_integers_are_read_as_javascript_rounds_them() {
    let outcome = run(&whole(
        "paths: {}
components:
  schemas:
    Seeds:
      type: object
      properties:
        below: {type: integer, maximum: 9223372036854776000}
        both: {type: integer, minimum: -9223372036854776000, maximum: 9223372036854776000}
        large: {type: integer, minimum: 0, maximum: 18446744073709552000}
        none: {type: integer, minimum: 9223372036854775808}
",
    ));
    let surface = outcome.output.expect("it is generated from").surface;
    for field in [
        "below: Option<i64>",
        "both: Option<i64>",
        "large: Option<u64>",
        "none: Option<u64>",
    ] {
        assert!(surface.contains(field), "{field} is not in {surface}");
    }
}

#[test]
fn what_is_refused_has_no_report() {
    let text = whole("paths: {/a: {get: {parameters: [null]}}}\n");
    let outcome = run(&text);
    assert!(outcome.output.is_none());
    assert_eq!(outcome.lowered, []);
}

/// The names of the methods, in the order of the table.
fn methods(paths: &str) -> Vec<String> {
    let output = run(&whole(paths)).output.expect("it can be generated from");
    let lines = output.surface.lines();
    lines
        .filter_map(|line| {
            line.strip_prefix("  ")?
                .split_once("(")?
                .0
                .split(' ')
                .next_back()
        })
        .map(str::to_owned)
        .collect()
}

#[test]
fn names_that_are_made_stay_out_of_the_way_of_those_that_are_given() {
    let paths = "paths:
  /api/v1/a: {get: {responses: {'204': {description: A.}}}}
  /api/v2/a: {get: {responses: {'204': {description: A.}}}}
  /b: {get: {operationId: get_a, responses: {'204': {description: A.}}}}
  /c: {get: {responses: {'204': {description: A.}}}}
  /c/: {get: {responses: {'204': {description: A.}}}}
  # The types of the calls would have one name.
  /d: {get: {operationId: a1, responses: {'204': {description: A.}}}}
  /e: {get: {operationId: a_1, responses: {'204': {description: A.}}}}
";
    assert_eq!(
        methods(paths),
        [
            "get_api_v1_a",
            "get_api_v2_a",
            "get_a",
            "get_c",
            "get_c_2",
            "a1",
            "get_e"
        ]
    );
}

#[test]
fn the_scheme_of_most_operations_is_followed_where_the_document_names_none() {
    let text = whole(
        "security: []
paths:
  /a: {get: {operationId: a, security: [{Basic: []}], responses: {'204': {description: A.}}}}
  /b: {get: {operationId: b, security: [{Key: [], Basic: []}], responses: {'204': {description: A.}}}}
  /c: {get: {operationId: c, security: [{Key: []}], responses: {'204': {description: A.}}}}
  /d: {get: {operationId: d, security: [{Key: []}], responses: {'204': {description: A.}}}}
  /e: {get: {operationId: e, responses: {'204': {description: A.}}}}
components:
  securitySchemes:
    Basic: {type: http, scheme: BASIC}
    Key: {type: apiKey, in: header, name: X-Key}
",
    );
    let outcome = run(&text);
    let found: Vec<_> = outcome
        .lowered
        .iter()
        .map(|done| done.text.as_str())
        .collect();
    assert_eq!(
        found,
        [
            "`GET /a` asks for `Basic` in place of the key: the caller has to add that",
            "`GET /b` asks for `Basic` beside the key: the caller has to add that",
        ]
    );
    let files = outcome.output.expect("it can be generated from").files;
    assert!(files["mod.rs"].contains("header: \"X-Key\""));
    let keyless = files["operations.rs"].matches(".without_key()").count();
    assert_eq!(keyless, 2, "{}", files["operations.rs"]);
}

#[test]
fn what_is_done_in_many_places_is_told_once() {
    let mut properties = String::new();
    for number in 0..5000 {
        properties += &format!("        p{number}: {{type: [string, 'null']}}\n");
    }
    let text = whole(&format!(
        "openapi: 3.1.0\npaths: {{}}\ncomponents:\n  schemas:\n    Wide:\n      type: object\n      \
         properties:\n{properties}"
    ));
    let source = Source {
        name: "openapi.yaml",
        text: &text,
    };
    let told: Vec<_> = lint(&source)
        .into_iter()
        .filter(|found| found.rule == "type-list")
        .collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].position(&source).line, 8);
    let count = "(the first of 5000 places)";
    assert!(told[0].message.ends_with(count), "{}", told[0].message);
}

#[test]
fn what_is_lost_is_told_for_each_place_up_to_a_number_that_somebody_reads() {
    let mut schemas = String::new();
    for number in 0..150 {
        schemas += &format!("    S{number}: {{prefixItems: [{{type: string}}]}}\n");
    }
    let text = format!("openapi: 3.1.0\npaths: {{}}\ncomponents:\n  schemas:\n{schemas}");
    let lowered = run(&whole(&text)).lowered;
    assert_eq!(lowered.len(), 101);
    let rest = lowered.iter().filter(|done| done.text.contains("of 50"));
    assert_eq!(rest.count(), 1);
}

#[test]
fn a_property_that_says_itself_that_it_is_required_is() {
    let text = whole(
        "paths: {}
components:
  schemas:
    A:
      type: object
      properties:
        name: {type: string, required: true}
        size: {type: integer, required: false}
        inner:
          type: object
          required: true
          properties: {deep: {type: integer, required: 'true'}}
",
    );
    let surface = run(&text).output.expect("it can be generated from").surface;
    for field in [
        "name: String",
        "size: Option<i64>",
        "inner: AInner",
        "deep: i64",
    ] {
        assert!(surface.contains(field), "{field} is not in {surface}");
    }
}

#[test]
fn an_extension_or_an_example_is_the_authors() {
    let part = "openapi: 3.1.0
x-schema: {type: [string, 'null'], const: 1}
paths: {}
components:
  schemas:
    A:
      type: object
      example: {type: [string, 'null'], prefixItems: [1], description: null}
      default: {const: 1, examples: [1]}
      enum: [{const: 1}]
      x-more: {items: [true], required: true}
";
    assert_eq!(run(&whole(part)).lowered, []);
}

#[test]
fn schemas_that_hold_each_other_in_a_list_of_types_are_read_in_time() {
    let mut schema = "{type: string}".to_owned();
    for _ in 0..22 {
        schema = format!(
            "{{type: [array, object], items: {{prefixItems: [{schema}, {{type: string}}]}}, \
             patternProperties: {{a: true}}}}"
        );
    }
    let part = format!("openapi: 3.1.0\npaths: {{}}\ncomponents: {{schemas: {{A: {schema}}}}}\n");
    let outcome = run(&whole(&part));
    assert!(outcome.output.is_some(), "{:?}", outcome.diagnostics);
}

#[test]
fn references_into_the_inside_end_however_they_lead() {
    let mut schemas = String::new();
    for number in 0..300 {
        let next = (number + 1) % 300;
        schemas += &format!(
            "    A{number}:
      type: object
      properties:
        object: {{type: object, properties: {{x: {{$ref: '#/components/schemas/A{next}/properties/object'}}}}}}
        list: {{type: array, items: {{$ref: '#/components/schemas/A{next}/properties/list'}}}}
        map: {{type: object, additionalProperties: {{allOf: [{{$ref: '#/components/schemas/A{next}/properties/map'}}]}}}}
        union: {{oneOf: [{{$ref: '#/components/schemas/A{next}/properties/union'}}, {{type: integer}}]}}
"
        );
    }
    let text = whole(&format!(
        "paths: {{/a: {{get: {{operationId: a, responses: {{'200': {{description: A., content: {{application/json: {{schema: {{$ref: '#/components/schemas/A7/properties/object'}}}}}}}}}}}}}}}}
components:
  schemas:
{schemas}"
    ));
    let outcome = run(&text);
    // The unions lead back to themselves, and are refused.
    assert!(
        outcome
            .diagnostics
            .iter()
            .any(|found| found.rule == "reference-cycle")
    );
    let text = text
        .lines()
        .filter(|line| !line.contains("union:"))
        .collect::<Vec<_>>()
        .join("\n");
    let output = run(&text).output.expect("it can be generated from");
    assert!(output.surface.contains("a() -> A7Object"));
    assert!(output.surface.len() < 200_000);
}
