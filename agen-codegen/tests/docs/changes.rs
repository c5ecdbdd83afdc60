//! Changes of the contract, each of which is one finding.

use agen_codegen::docs::{self};

use crate::{SMALL, SPEC, changed, drift, page, pages, small};

/// Changes of one fact each: where, what, with what, and the one finding: its rule and its fact.
pub(crate) const CHANGES: &[(&str, &str, &str, &str, &str)] = &[
    // What a call is.
    (
        "paths:",
        "  /api/v1/sessions:",
        "  /api/v1/session:",
        "path-differs",
        "",
    ),
    ("paths:", "    post:", "    put:", "method-differs", ""),
    ("paths:", "    get:", "    patch:", "method-differs", ""),
    (
        "paths:",
        "{sessionId}/messages:",
        "{sessionId}/message:",
        "path-differs",
        "",
    ),
    ("messages:", "    post:", "    put:", "method-differs", ""),
    (
        "paths:",
        "{sessionId}/events:",
        "{sessionId}/timeline:",
        "path-differs",
        "",
    ),
    (
        "servers:",
        "https://api.agenhq.com",
        "https://api.example.com",
        "server-differs",
        "server",
    ),
    (
        "securitySchemes:",
        "name: x-api-key",
        "name: x-agen-key",
        "security-differs",
        "security.x-api-key",
    ),
    (
        "securitySchemes:",
        "in: header",
        "in: query",
        "security-differs",
        "security.x-api-key",
    ),
    (
        "security:",
        "  - ApiKey: []",
        "  - {}",
        "security-missing",
        "security.x-api-key",
    ),
    // Parameters.
    (
        "name: status",
        "name: status",
        "name: state",
        "",
        "query.status query.state",
    ),
    (
        "name: status",
        "in: query",
        "in: header",
        "parameter-place-differs",
        "query.status",
    ),
    (
        "name: status",
        "type: string",
        "type: integer",
        "type-differs",
        "query.status",
    ),
    (
        "name: user_id",
        "in: query",
        "in: query\n          required: true",
        "required-differs",
        "query.user_id",
    ),
    (
        "name: user_id",
        "type: string",
        "type: string\n            format: uuid",
        "format-differs",
        "query.user_id",
    ),
    (
        "name: include",
        "type: string",
        "type: string\n            enum: [mr_pipeline_summary]",
        "values-differ",
        "query.include",
    ),
    (
        "name: include",
        "type: string",
        "type: string\n            default: all",
        "default-differs",
        "query.include",
    ),
    (
        "SessionId:\n      name",
        "minLength: 1",
        "minLength: 2",
        "bound-differs",
        "path.sessionId",
    ),
    (
        "SessionId:\n      name",
        "        minLength: 1\n",
        "",
        "bound-differs",
        "path.sessionId",
    ),
    (
        "SessionId:\n      name",
        "type: string",
        "type: integer",
        "type-differs",
        "path.sessionId",
    ),
    // The body of a new session.
    (
        "CreateSessionRequest:\n      type",
        "required: [branch_name]",
        "required: []",
        "required-differs",
        "body.branch_name",
    ),
    (
        "CreateSessionRequest:\n      type",
        "required: [branch_name]",
        "required: [branch_name, model]",
        "required-differs",
        "body.model",
    ),
    (
        "CreateSessionRequest:\n      type",
        "          nullable: true\n",
        "",
        "nullable-differs",
        "body.branch_name",
    ),
    (
        "CreateSessionRequest:\n      type",
        "          default: false\n",
        "",
        "default-differs",
        "body.auto_commit",
    ),
    (
        "CreateSessionRequest:\n      type",
        "default: false",
        "default: true",
        "default-differs",
        "body.auto_commit",
    ),
    (
        "CreateSessionRequest:\n      type",
        "type: boolean",
        "type: string",
        "type-differs",
        "body.auto_commit",
    ),
    (
        "CreateSessionRequest:\n      type",
        "        model:\n",
        "        prompt:\n          type: string\n        model:\n",
        "field-not-documented",
        "body.prompt",
    ),
    (
        "        model:\n          type: string\n          description: Code of the language model, where it should",
        "type: string",
        "type: string\n          nullable: true",
        "nullable-differs",
        "body.model",
    ),
    (
        "        model:\n          type: string\n          description: Code of the language model, where it should",
        "type: string",
        "type: string\n          format: uri",
        "format-differs",
        "body.model",
    ),
    (
        "        model:\n          type: string\n          description: Code of the language model, where it should",
        "        model:\n          type: string\n          description: Code of the language model, where it should differ from the workspace's default.\n",
        "",
        "field-missing",
        "body.model",
    ),
    (
        "operationId: createSession",
        "        required: true\n",
        "",
        "body-required-differs",
        "body",
    ),
    (
        "operationId: createSession",
        "application/json",
        "application/xml",
        "media-type-differs",
        "body",
    ),
    // A message.
    (
        "SendMessageRequest:\n      type",
        "          minLength: 1\n",
        "",
        "bound-differs",
        "body.message",
    ),
    (
        "SendMessageRequest:\n      type",
        "required: [message]",
        "required: []",
        "required-differs",
        "body.message",
    ),
    (
        "SendMessageRequest:\n      type",
        "        client_id:\n          type: string",
        "        client_id:\n          type: array\n          items: {type: string}",
        "type-differs",
        "body.client_id",
    ),
    // A session.
    (
        "    Session:\n",
        "        - title\n",
        "",
        "required-differs",
        "title",
    ),
    (
        "    Session:\n",
        "        - updated_at\n",
        "        - updated_at\n        - model\n",
        "required-differs",
        "model",
    ),
    (
        "    Session:\n",
        "        id:\n          type: string",
        "        id:\n          type: integer",
        "type-differs",
        "id",
    ),
    (
        "    Session:\n",
        "        title:\n          type: string",
        "        title:\n          type: string\n          nullable: true",
        "nullable-differs",
        "title",
    ),
    (
        "    Session:\n",
        "        workspace_id:\n          type: string",
        "        workspace_id:\n          type: string\n          format: uuid",
        "format-differs",
        "workspace_id",
    ),
    (
        "    Session:\n",
        "        user_id:\n          type: string",
        "        user_id:\n          type: number",
        "type-differs",
        "user_id",
    ),
    (
        "    Session:\n",
        "          nullable: true\n",
        "",
        "nullable-differs",
        "branch_name",
    ),
    (
        "    Session:\n",
        "          default: false\n",
        "",
        "default-differs",
        "auto_commit",
    ),
    (
        "    Session:\n",
        "type: boolean",
        "type: integer",
        "type-differs",
        "auto_commit",
    ),
    (
        "    Session:\n",
        "        status:\n          type: string",
        "        status:\n          type: string\n          enum: [active]",
        "values-differ",
        "status",
    ),
    (
        "    Session:\n",
        "        origin:\n          type: string",
        "        origin:\n          type: string\n          default: api",
        "default-differs",
        "origin",
    ),
    (
        "        created_at:\n          type: string\n          format",
        "          format: date-time\n",
        "",
        "format-differs",
        "created_at",
    ),
    (
        "        updated_at:\n          type: string\n          format",
        "format: date-time",
        "format: date",
        "format-differs",
        "updated_at",
    ),
    (
        "        sandbox_id:\n",
        "          nullable: true\n",
        "",
        "nullable-differs",
        "sandbox_id",
    ),
    (
        "        model:\n          type: string\n          description: Code of the language model, where it differs",
        "type: string",
        "type: string\n          nullable: true",
        "nullable-differs",
        "model",
    ),
    (
        "        agent_status:\n",
        "type: string",
        "type: object",
        "type-differs",
        "agent_status",
    ),
    (
        "        agent_status:\n",
        "        agent_status:",
        "        agent_state:\n          type: string\n        agent_status:",
        "field-not-documented",
        "agent_state",
    ),
    (
        "        merged_at:\n",
        "type: string",
        "type: string\n          format: date-time",
        "format-differs",
        "merged_at",
    ),
    (
        "        merged_at:\n",
        "          nullable: true\n",
        "",
        "nullable-differs",
        "merged_at",
    ),
    (
        "        deep_work_id:\n",
        "        deep_work_id:\n          type: string\n          nullable: true\n          description: The deep work item that the session was created from, if any.\n",
        "",
        "field-missing",
        "deep_work_id",
    ),
    (
        "        deep_work_id:\n",
        "          nullable: true\n",
        "",
        "nullable-differs",
        "deep_work_id",
    ),
    // A list of sessions.
    (
        "    SessionList:\n",
        "required: [items, next_cursor]",
        "required: [items]",
        "required-differs",
        "answer.next_cursor",
    ),
    (
        "    SessionList:\n",
        "          nullable: true\n",
        "",
        "nullable-differs",
        "answer.next_cursor",
    ),
    (
        "    SessionList:\n",
        "        next_cursor:",
        "        total:\n          type: integer\n        next_cursor:",
        "field-not-documented",
        "answer.total",
    ),
    // An event.
    (
        "    SessionEvent:\n",
        "payload, status]",
        "payload]",
        "required-differs",
        "status",
    ),
    (
        "    SessionEvent:\n",
        "        client_id:\n          type: string\n          nullable: true\n",
        "        client_id:\n          type: string\n",
        "nullable-differs",
        "client_id",
    ),
    (
        "        created_at:\n          type: string\n          description: When the event happened",
        "type: string",
        "type: string\n          format: date-time",
        "format-differs",
        "created_at",
    ),
    (
        "    SessionEventType:\n",
        "        - agent_file_read\n",
        "",
        "values-differ",
        "type",
    ),
    (
        "    SessionEventType:\n",
        "        - agent_alert_created\n",
        "        - agent_alert_created\n        - agent_slept\n",
        "values-differ",
        "type",
    ),
    (
        "    SessionEventStatus:\n",
        "processing, canceled]",
        "processing]",
        "values-differ",
        "status",
    ),
    (
        "    UserMessagePayload:\n",
        "required: [type, message]",
        "required: [type]",
        "required-differs",
        "message",
    ),
    (
        "    UserMessagePayload:\n",
        "        message:\n          type: string",
        "        message:\n          type: boolean",
        "type-differs",
        "message",
    ),
    (
        "operationId: listEvents",
        "                type: array\n                items:\n                  $ref: '#/components/schemas/SessionEvent'\n",
        "                $ref: '#/components/schemas/SessionEvent'\n",
        "type-differs",
        "answer",
    ),
    // Bounds, and what stands last on a page.
    (
        "    Session:\n",
        "        title:\n          type: string",
        "        title:\n          type: string\n          pattern: '^a+$'",
        "bound-differs",
        "title",
    ),
    (
        "CreateSessionRequest:\n      type",
        "          nullable: true\n",
        "          nullable: true\n          pattern: '^a+$'\n",
        "bound-differs",
        "body.branch_name",
    ),
    (
        "        deep_work_id:\n",
        "          nullable: true\n",
        "          nullable: true\n          enum: [a, null]\n",
        "values-differ",
        "deep_work_id",
    ),
    (
        "        deep_work_id:\n",
        "          nullable: true\n",
        "          nullable: true\n          minLength: 1\n",
        "bound-differs",
        "deep_work_id",
    ),
    (
        "        deep_work_id:\n",
        "          nullable: true\n",
        "          nullable: true\n          maxLength: 9\n",
        "bound-differs",
        "deep_work_id",
    ),
    (
        "        deep_work_id:\n",
        "          nullable: true\n",
        "          nullable: true\n          pattern: '^a+$'\n",
        "bound-differs",
        "deep_work_id",
    ),
];

#[test]
fn one_changed_fact_is_one_finding() {
    let pages = pages();
    assert!(CHANGES.len() >= 60);
    let mut wrong = Vec::new();
    for (behind, what, with, rule, fact) in CHANGES {
        let spec = changed(behind, what, with);
        let drift = drift(&spec, &pages);
        let found: Vec<_> = drift
            .findings
            .iter()
            .map(|found| (found.rule.id, found.fact.as_str()))
            .collect();
        let fits = match (*rule, found.as_slice()) {
            // One name in the place of another: the one is missing, and the other is not documented.
            ("", [one, other]) => {
                let facts: Vec<_> = fact.split(' ').collect();
                let rules = ["parameter-missing", "parameter-not-documented"];
                [*one, *other]
                    .iter()
                    .all(|(rule, fact)| rules.contains(rule) && facts.contains(fact))
            }
            (rule, [(id, at)]) => id == &rule && (at == fact || at.ends_with(&format!(".{fact}"))),
            _ => false,
        };
        if !fits {
            wrong.push(format!(
                "{what:?} -> {with:?}: {rule} {fact}, found {found:#?}"
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}\n{}",
        wrong.len(),
        CHANGES.len(),
        wrong.join("\n")
    );
}

#[test]
fn one_changed_fact_is_found_in_each_form_alone() {
    for name in [
        "create-sessions.txt",
        "create-sessions.html",
        "create-sessions.md",
        "create-sessions.older.md",
    ] {
        let pages = [(name.to_owned(), page(name))];
        let mut count = 0;
        let all = CHANGES.iter().filter(|(behind, _, with, ..)| {
            let of = [
                "CreateSessionRequest",
                "Session:\n ",
                "    Session:\n",
                "sandbox_id",
                "merged_at",
                "deep_work_id",
                "servers:",
                "securitySchemes:",
            ];
            of.iter()
                .any(|start| behind.trim_start().starts_with(start.trim_start()))
                && !with.contains("enum: [active")
        });
        for (behind, what, with, rule, _) in all {
            let drift = drift(&changed(behind, what, with), &pages);
            let found: Vec<_> = drift.findings.iter().map(|found| found.rule.id).collect();
            assert_eq!(found, [*rule], "{name}: {what:?} -> {with:?}");
            count += 1;
        }
        assert!(count >= 20, "{name}: {count}");
    }
}

#[test]
fn a_contract_of_3_1_is_compared_in_its_own_words() {
    let pages = small();
    let spec = SMALL.replace("openapi: 3.0.3", "openapi: 3.1.0");
    for note in [
        "{type: [string, 'null']}",
        "{anyOf: [{type: string}, {type: 'null'}]}",
    ] {
        let spec = spec.replace("{type: string, nullable: true}", note);
        let drift_now = drift(&spec, &pages);
        assert_eq!(drift_now.spec, [], "{note}");
        assert!(drift_now.compared);
        assert_eq!(drift_now.findings, [], "{note}");
        // The place is that of the text as it is.
        let spec = spec.replace("enum: [small, large]", "const: small");
        let found = drift(&spec, &pages).findings;
        let place = found[0].spec.clone().unwrap();
        assert_eq!((found.len(), found[0].rule.id), (1, "values-differ"));
        assert!(place.pointer.ends_with("/size/const"), "{place:?}");
        assert_eq!(&spec[place.span], "const");
    }
}

#[test]
fn how_callers_prove_who_they_are_is_compared() {
    let pages = small();
    let found = |spec: &str, page: &(String, String)| -> Vec<_> {
        let found = drift(spec, std::slice::from_ref(page)).findings;
        let line = |it: docs::Finding| {
            let edit = it.edit.map(|edit| (edit.instruction, edit.yaml));
            (it.rule.id, it.fact, edit)
        };
        found.into_iter().map(line).collect()
    };
    let [markdown, text] = [&pages[1], &pages[3]];
    // A call may go without.
    let optional = SMALL.replace("    put:\n", "    put:\n      security: [{key: []}, {}]\n");
    let list = "/paths/~1things~1{id}/put/security";
    for page in [markdown, text] {
        let edit = (
            format!("remove `{{}}` from the list `{list}`"),
            String::new(),
        );
        let wanted = ("security-differs", "security".to_owned(), Some(edit));
        assert_eq!(found(&optional, page), [wanted], "{}", page.0);
    }
    let with = |page: &(String, String), what: &str, other: &str| {
        assert!(page.1.contains(what), "{what}");
        (page.0.clone(), page.1.replace(what, other))
    };
    let page = with(markdown, "  - key: []\n", "  - key: []\n  - {}\n");
    let wanted = ("security-differs", "security".to_owned(), None);
    assert_eq!(found(SMALL, &page), [wanted]);
    assert_eq!(found(&optional, &page), []);

    // The same header, written in another way.
    let spec = SMALL.replace("name: x-key", "name: Authorization");
    let bearer = (
        "security-differs",
        "security.Authorization".to_owned(),
        Some((
            "in place of what `/components/securitySchemes/key` says, write".to_owned(),
            "type: http\nscheme: bearer".to_owned(),
        )),
    );
    let old = "type: apiKey\n      in: header\n      name: x-key";
    let page = with(markdown, old, "type: http\n      scheme: bearer");
    assert_eq!(found(&spec, &page), std::slice::from_ref(&bearer));
    let page = with(text, "x-key: <api-key>", "Authorization: Bearer <token>");
    let page = with(&page, "x-key", "Authorization");
    assert_eq!(found(&spec, &page), [bearer]);
    let spec = SMALL.replace(
        "{type: apiKey, in: header, name: x-key}",
        "{type: http, scheme: Bearer}",
    );
    assert_eq!(found(&spec, &page), []);
}

#[test]
fn null_among_options_is_no_text() {
    let spec = SMALL.replace(
        "enum: [small, large]",
        "nullable: true, enum: [small, large, null]",
    );
    let (name, text) = small()[3].clone();
    let text = text
        .replace("enum<string>", "enum<string> | null")
        .replace("small,\nlarge\n", "small,\nlarge,\nnull\n");
    assert_eq!(drift(&spec, &[(name, text)]).findings, []);
}

#[test]
fn an_operation_that_the_document_lacks_is_no_other_one() {
    let found = |spec: &str, pages: &[(String, String)]| -> Vec<_> {
        let findings = drift(spec, pages).findings.into_iter();
        findings.map(|it| (it.rule.id, it.subjects)).collect()
    };
    let missing = |subject: &str| vec![("operation-missing", vec![subject.to_owned()])];
    let start = SPEC.find("    post:\n").unwrap();
    let end = start + SPEC[start..].find("    get:\n").unwrap();
    let without = format!("{}{}", &SPEC[..start], &SPEC[end..]);
    // The path is still there, with another method.
    for name in [
        "create-sessions.txt",
        "create-sessions.html",
        "create-sessions.md",
    ] {
        for called in [name, "page.txt"] {
            let pages = [(called.to_owned(), page(name))];
            assert_eq!(found(&without, &pages), missing("POST /api/v1/sessions"));
        }
    }
    // The path is like another one, with the same method, and some names are the same.
    let widget = "POST\n/\napi\n/\nv1\n/\nwidgets\nMake a widget\n\nBody\nid\nstring\nrequired\n\nWhich.\n\n\
        Response\nid\nstring\nrequired\n\nWhich.\n\nmodel\nstring\n\nOf which sort.\n\ncreated_at\nstring\n\nWhen.\n";
    let pages = [("widgets.txt".to_owned(), widget.to_owned())];
    assert_eq!(found(SPEC, &pages), missing("POST /api/v1/widgets"));
    // With nothing in them, all of the path has to be the same.
    let spec = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /things/{id}/lock:\n    post: {responses: {'204': {description: Done}}}\n";
    for path in [
        "/things/{id}/unlock",
        "/things/{id}/start",
        "/parts/{id}/lock",
    ] {
        let text = format!(
            "# Do it\n\n````yaml POST {path}\nopenapi: 3.0.3\npaths:\n  {path}:\n    post: {{responses: {{'204': {{description: Done}}}}}}\n````\n"
        );
        let pages = [("do-it.md".to_owned(), text)];
        assert_eq!(found(spec, &pages), missing(&format!("POST {path}")));
    }
    // What is the same but for its path or its method is the same, whatever the page is called.
    for (what, with, rule) in [
        ("  /api/v1/sessions:", "  /v1/sessions:", "path-differs"),
        ("  /api/v1/sessions:", "  /work/items:", "path-differs"),
        ("    post:", "    put:", "method-differs"),
    ] {
        let pages = [("page.txt".to_owned(), page("create-sessions.txt"))];
        let found = found(&changed("paths:", what, with), &pages);
        assert_eq!(found, [(rule, vec!["POST /api/v1/sessions".to_owned()])]);
    }
}

#[test]
fn what_comes_back_is_compared() {
    let pages = [("page.txt".to_owned(), page("create-sessions.txt"))];
    let answer = "        2XX:\n          description: The session that was created.\n";
    let added = |status: &str| {
        format!(
            "{answer}          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/Session'\n        {status}:\n          description: More\n          x-rest:\n"
        )
    };
    let mut changes = Vec::new();
    for status in ["'202'", "'400'", "'404'", "4XX", "default"] {
        changes.push((answer, added(status), "status-not-documented"));
    }
    for status in ["'404'", "4XX"] {
        let with = answer.replace("2XX", status);
        changes.push((answer, with, "status-differs"));
    }
    for media in ["text/plain", "application/xml", "multipart/form-data"] {
        let with = format!("{answer}          content:\n            {media}:\n");
        let what = "        2XX:\n          description: The session that was created.\n          content:\n            application/json:\n";
        changes.push((what, with, "media-type-differs"));
    }
    let body = "      requestBody:\n        required: true\n";
    changes.push((
        body,
        body.replace("        required: true\n", ""),
        "body-required-differs",
    ));
    for (what, with, rule) in changes {
        assert!(SPEC.contains(what), "{what}");
        let spec = SPEC.replacen(what, &with, 1);
        let drift = drift(&spec, &pages);
        let found: Vec<_> = drift
            .findings
            .iter()
            .map(|it| (it.rule.id, it.edit.is_some()))
            .collect();
        assert_eq!(found, [(rule, true)], "{with}");
    }
    // A default without any success beside it is that of success as well.
    let export = [("page.md".to_owned(), page("create-sessions.md"))];
    let spec = SPEC.replacen(
        answer,
        &format!("        default: {{description: More}}\n{answer}"),
        1,
    );
    let found = drift(&spec, &export).findings;
    let found: Vec<_> = found
        .iter()
        .map(|it| (it.rule.id, it.spec.as_ref().unwrap().pointer.as_str()))
        .collect();
    let at = "/paths/~1api~1v1~1sessions/post/responses/default";
    assert_eq!(found, [("answer-missing", at)]);
    // Statuses above the sample can be chosen on the page, whatever they hold.
    let tabs = (
        "page.txt".to_owned(),
        pages[0]
            .1
            .replacen("\n{\n  \"id\"", "\n200\n404\n{\n  \"id\"", 1),
    );
    let spec = SPEC.replacen(answer, &added("'404'"), 1);
    assert_eq!(drift(&spec, &[tabs]).findings, []);
}

#[test]
fn a_list_of_anything_is_no_list_of_texts() {
    let spec = SMALL.replace(
        "tags: {type: array, items: {type: string}}",
        "tags: {type: array}",
    );
    for page in small() {
        let found = drift(&spec, std::slice::from_ref(&page)).findings;
        let found: Vec<_> = found
            .iter()
            .map(|it| (it.rule.id, it.fact.as_str()))
            .collect();
        assert_eq!(
            found,
            [("type-differs", "answer.parts[].tags[]")],
            "{}",
            page.0
        );
    }
}
