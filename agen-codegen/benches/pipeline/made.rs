//! Documents that are made here.

use std::fmt::Write as _;

/// A document in which operations of four kinds take turns, with two types each.
pub(crate) fn operations(operations: u32) -> String {
    let mut paths = String::new();
    let mut schemas = String::new();
    for index in 0..operations {
        let (method, body) = match index % 4 {
            0 => ("get", ""),
            1 => ("post", BODY),
            2 => ("put", BODY),
            _ => ("delete", ""),
        };
        let body = body.replace("INDEX", &index.to_string());
        write!(
            paths,
            "  /resources{index}/{{itemId}}/parts:
    {method}:
      operationId: {method}Resource{index}
      summary: Works on the parts of resource {index}.
      externalDocs: {{url: 'https://example.com/docs/resources/{index}'}}
      description: |-
        The parts are given back in the order in which they were added.
      parameters:
        - {{name: itemId, in: path, required: true, description: Identifier of the item., schema: {{type: string}}}}
        - {{name: limit, in: query, description: How many at most., schema: {{type: integer, format: int32}}}}
        - {{name: state, in: query, description: Only parts in this state., schema: {{type: string}}}}
{body}      responses:
        '200':
          description: The resource.
          content: {{application/json: {{schema: {{$ref: '#/components/schemas/Resource{index}'}}}}}}
"
        )
        .expect("a string takes all text");
        write!(
            schemas,
            "    Resource{index}:
      type: object
      description: A resource of kind {index}.
      required: [id, name, state, parts]
      example: {{id: r_1, name: First, state: active, parts: [a, b]}}
      properties:
        id: {{type: string, description: Identifier.}}
        name: {{type: string, description: Shown to people.}}
        state: {{$ref: '#/components/schemas/State{index}'}}
        size: {{type: integer, description: Size in bytes.}}
        owner: {{type: string, nullable: true, description: Who owns it.}}
        created_at: {{type: string, format: date-time, description: When it was made.}}
        parts: {{type: array, description: What it is made of., items: {{type: string}}}}
    State{index}:
      type: string
      description: How resource {index} is.
      enum: [active, paused, archived]
"
        )
        .expect("a string takes all text");
    }
    document(&format!(
        "paths:\n{paths}components:\n  schemas:\n{schemas}"
    ))
}

/// A document of paths and components.
fn document(content: &str) -> String {
    format!(
        "openapi: 3.0.3\ninfo: {{title: Made, version: '1'}}\nservers: [{{url: 'https://example.com'}}]\n\
         security: []\n{content}"
    )
}

const BODY: &str = "      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/ResourceINDEX'}}}
";

/// A document of schemas alone.
fn schemas(schemas: &str) -> String {
    document(&format!("paths: {{}}\ncomponents:\n  schemas:\n{schemas}"))
}

fn lines(count: u32, line: impl Fn(u32) -> String) -> String {
    (0..count).map(line).collect()
}

/// Makes a document with so many of something.
pub(crate) type Shape = fn(u32) -> String;

/// Documents that have very many of one thing, each with how many.
pub(crate) const SHAPES: [(&str, u32, Shape); 9] = [
    ("schemas", 10_000, |count| {
        schemas(&lines(count, |number| {
            format!(
                "    S{number}: {{type: object, required: [a], properties: {{a: {{type: string}}, b: {{type: integer}}}}}}\n"
            )
        }))
    }),
    ("properties of one schema", 5_000, |count| {
        let properties = lines(count, |number| {
            format!("        p{number}: {{type: string}}\n")
        });
        schemas(&format!(
            "    S:\n      type: object\n      properties:\n{properties}"
        ))
    }),
    ("parameters of one operation", 5_000, |count| {
        let parameters = lines(count, |number| {
            format!("        - {{name: p{number}, in: query, schema: {{type: string}}}}\n")
        });
        document(&format!(
            "paths:\n  /a:\n    get:\n      operationId: a\n      parameters:\n{parameters}      responses: {{'204': {{description: Done}}}}\n"
        ))
    }),
    ("values of one enum", 20_000, |count| {
        let values = lines(count, |number| format!("        - v{number}\n"));
        schemas(&format!(
            "    S:\n      type: string\n      enum:\n{values}"
        ))
    }),
    ("variants of one union", 2_000, |count| {
        let variants = lines(count, |number| {
            format!("        - {{$ref: '#/components/schemas/S{number}'}}\n")
        });
        let members = lines(count, |number| {
            format!(
                "    S{number}: {{type: object, required: [p{number}], properties: {{p{number}: {{type: string}}}}}}\n"
            )
        });
        schemas(&format!("    U:\n      oneOf:\n{variants}{members}"))
    }),
    ("inline variants of one union", 2_000, |count| {
        let variants = lines(count, |number| {
            format!(
                "        - {{type: object, required: [type], properties: {{type: {{type: string, enum: [t{number}]}}}}}}\n"
            )
        });
        schemas(&format!("    U:\n      oneOf:\n{variants}"))
    }),
    ("structs in a chain", 10_000, |count| {
        schemas(&lines(count, |number| {
            let next = (number + 1).min(count - 1);
            format!(
                "    S{number}: {{type: object, properties: {{next: {{$ref: '#/components/schemas/S{next}'}}}}}}\n"
            )
        }))
    }),
    ("structs in a ring", 10_000, |count| {
        schemas(&lines(count, |number| {
            let next = (number + 1) % count;
            format!(
                "    S{number}: {{type: object, required: [next], properties: {{next: {{type: array, items: {{$ref: '#/components/schemas/S{next}'}}}}}}}}\n"
            )
        }))
    }),
    ("aliases in a chain", 10_000, |count| {
        schemas(&lines(count, |number| match number + 1 {
            next if next == count => format!("    S{number}: {{type: string}}\n"),
            next => format!(
                "    S{number}: {{type: array, items: {{$ref: '#/components/schemas/S{next}'}}}}\n"
            ),
        }))
    }),
];
