//! The table of what is done.

use crate::rewrite::LoweringRule;

/// The client is the same either way.
const SAME: &str = "nothing has to be done; a document of OpenAPI 3.0 says it in the other way";

pub(in crate::rewrite) const TABLE: &[LoweringRule] = &[
    LoweringRule::new(
        "type-list",
        "a schema has a list of types, or the type `null`",
        "a type of the client holds one thing: null makes it optional, and several types make a union",
        SAME,
        [
            "openapi: 3.1.1
paths:
  /me:
    get:
      operationId: get_me
      responses: {'200': {description: Me., content: {application/json: {schema: {$ref: '#/components/schemas/Me'}}}}}
components:
  schemas:
    Me: {type: object, required: [name], properties: {name: {type: [string, 'null']}}}
",
            "paths:
  /me:
    get:
      operationId: get_me
      responses: {'200': {description: Me., content: {application/json: {schema: {$ref: '#/components/schemas/Me'}}}}}
components:
  schemas:
    Me: {type: object, required: [name], properties: {name: {type: string, nullable: true}}}
",
        ],
    ),
    LoweringRule::new(
        "const",
        "a schema has one value",
        "a text that never changes is sent without being asked for, as an `enum` of one value is",
        SAME,
        [
            "openapi: 3.1.1
paths:
  /me:
    get:
      operationId: get_me
      responses: {'200': {description: Me., content: {application/json: {schema: {$ref: '#/components/schemas/Me'}}}}}
components:
  schemas:
    Me: {type: object, properties: {kind: {const: user}}}
",
            "paths:
  /me:
    get:
      operationId: get_me
      responses: {'200': {description: Me., content: {application/json: {schema: {$ref: '#/components/schemas/Me'}}}}}
components:
  schemas:
    Me: {type: object, properties: {kind: {type: string, enum: [user]}}}
",
        ],
    ),
    LoweringRule::new(
        "schema-examples",
        "a schema has several examples",
        "the documentation of a field shows one",
        SAME,
        [
            "openapi: 3.1.1
paths:
  /me:
    get:
      operationId: get_me
      parameters: [{name: as, in: query, schema: {type: string, examples: [me, you]}}]
      responses: {'204': {description: Done.}}
",
            "paths:
  /me:
    get:
      operationId: get_me
      parameters: [{name: as, in: query, schema: {type: string, example: me}}]
      responses: {'204': {description: Done.}}
",
        ],
    ),
    LoweringRule::new(
        "exclusive-bound",
        "a bound that is excluded is a number",
        "it is a flag beside the bound in OpenAPI 3.0",
        SAME,
        [
            "openapi: 3.1.1
paths:
  /all:
    get:
      operationId: get_all
      parameters: [{name: limit, in: query, schema: {type: integer, exclusiveMinimum: 0}}]
      responses: {'204': {description: Done.}}
",
            "paths:
  /all:
    get:
      operationId: get_all
      parameters: [{name: limit, in: query, schema: {type: integer, minimum: 0, exclusiveMinimum: true}}]
      responses: {'204': {description: Done.}}
",
        ],
    ),
    LoweringRule::new(
        "content-encoding",
        "a schema says how bytes are written as a text, or that they are bytes",
        "OpenAPI 3.0 says it by the `format`",
        SAME,
        [
            "openapi: 3.1.1
paths:
  /me:
    get:
      operationId: get_me
      parameters: [{name: key, in: query, schema: {type: string, contentEncoding: base64}}]
      responses: {'204': {description: Done.}}
",
            "paths:
  /me:
    get:
      operationId: get_me
      parameters: [{name: key, in: query, schema: {type: string, format: byte}}]
      responses: {'204': {description: Done.}}
",
        ],
    ),
    LoweringRule::new(
        "boolean-schema",
        "a boolean stands for a schema",
        "`true` lets every value through; where it is `false` there is no value to be read",
        SAME,
        [
            "openapi: 3.1.1
paths:
  /me:
    get:
      operationId: get_me
      responses: {'200': {description: Me., content: {application/json: {schema: true}}}}
",
            "paths:
  /me:
    get:
      operationId: get_me
      responses: {'200': {description: Me., content: {application/json: {schema: {}}}}}
",
        ],
    ),
    LoweringRule::new(
        "reference-siblings",
        "something that changes the schema stands beside a `$ref`",
        "OpenAPI 3.0 ignores it there, and merges it in an `allOf`",
        SAME,
        [
            "openapi: 3.1.1
paths:
  /me:
    get:
      operationId: get_me
      responses: {'200': {description: Me., content: {application/json: {schema: {$ref: '#/components/schemas/Me'}}}}}
components:
  schemas:
    Base: {type: object, properties: {id: {type: string}}}
    Me: {$ref: '#/components/schemas/Base', properties: {name: {type: string}}}
",
            "paths:
  /me:
    get:
      operationId: get_me
      responses: {'200': {description: Me., content: {application/json: {schema: {$ref: '#/components/schemas/Me'}}}}}
components:
  schemas:
    Base: {type: object, properties: {id: {type: string}}}
    Me: {allOf: [{$ref: '#/components/schemas/Base'}], properties: {name: {type: string}}}
",
        ],
    ),
    LoweringRule::new(
        "reference-by-name",
        "a reference names an anchor or an identifier of a schema",
        "in OpenAPI 3.0 a reference is the path to a thing",
        SAME,
        [
            "openapi: 3.1.1
paths:
  /me:
    get:
      operationId: get_me
      responses: {'200': {description: Me., content: {application/json: {schema: {$ref: '#me'}}}}}
components:
  schemas:
    Me: {$anchor: me, type: object, properties: {name: {type: string}}}
",
            "paths:
  /me:
    get:
      operationId: get_me
      responses: {'200': {description: Me., content: {application/json: {schema: {$ref: '#/components/schemas/Me'}}}}}
components:
  schemas:
    Me: {type: object, properties: {name: {type: string}}}
",
        ],
    ),
    LoweringRule::new(
        "items-missing",
        "an array does not say what its items are",
        "any JSON can stand there",
        "add `items`; `items: {}` allows anything",
        [
            "paths:
  /all:
    get:
      operationId: get_all
      responses: {'200': {description: All., content: {application/json: {schema: {type: array}}}}}
",
            "paths:
  /all:
    get:
      operationId: get_all
      responses: {'200': {description: All., content: {application/json: {schema: {type: array, items: {}}}}}}
",
        ],
    ),
    LoweringRule::new(
        "tuple",
        "each place of an array has its own schema",
        "the client has a list, whose items are of one type each: the union of those of the places",
        "describe an object, if the API can change; or leave it as it is",
        [
            "openapi: 3.1.1
paths:
  /place:
    get:
      operationId: get_place
      responses:
        '200':
          description: Where.
          content: {application/json: {schema: {type: array, prefixItems: [{type: number}, {type: number}], items: false}}}
",
            "paths:
  /place:
    get:
      operationId: get_place
      responses: {'200': {description: Where., content: {application/json: {schema: {type: array, items: {type: number}}}}}}
",
        ],
    ),
    LoweringRule::new(
        "pattern-properties",
        "the keys of an object follow a pattern",
        "the client has a map for all keys; beside named properties, it keeps the others as JSON",
        "say it with `additionalProperties`",
        [
            "openapi: 3.1.1
paths:
  /sizes:
    get:
      operationId: get_sizes
      responses:
        '200':
          description: Sizes.
          content: {application/json: {schema: {type: object, patternProperties: {'^[a-z]+$': {type: integer}}}}}
",
            "paths:
  /sizes:
    get:
      operationId: get_sizes
      responses:
        '200':
          description: Sizes.
          content: {application/json: {schema: {type: object, additionalProperties: {type: integer}}}}
",
        ],
    ),
    LoweringRule::new(
        "conditional-schema",
        "a schema adds something on a condition",
        "whether a field is there would depend on a value: the type has those that are there in any case",
        "list the fields as optional `properties`, or describe the cases with `oneOf`",
        [
            "openapi: 3.1.1
paths:
  /me:
    get:
      operationId: get_me
      responses: {'200': {description: Me., content: {application/json: {schema: {$ref: '#/components/schemas/Me'}}}}}
components:
  schemas:
    Me:
      type: object
      properties: {name: {type: string}}
      if: {required: [name]}
      then: {properties: {age: {type: integer}}}
",
            "paths:
  /me:
    get:
      operationId: get_me
      responses: {'200': {description: Me., content: {application/json: {schema: {$ref: '#/components/schemas/Me'}}}}}
components:
  schemas:
    Me: {type: object, properties: {name: {type: string}}}
",
        ],
    ),
    LoweringRule::new(
        "webhooks",
        "the document describes webhooks",
        "they are calls that the API makes to a server of its user; the client makes calls to the API",
        "nothing has to be done; their schemas in the components are types of the client",
        [
            "openapi: 3.1.1
paths:
  /me: {get: {operationId: get_me, responses: {'204': {description: Done.}}}}
webhooks:
  changed: {post: {responses: {'204': {description: Done.}}}}
",
            "paths:
  /me: {get: {operationId: get_me, responses: {'204': {description: Done.}}}}
",
        ],
    ),
    LoweringRule::new(
        "paths-missing",
        "the document has no `paths`",
        "it describes webhooks or components alone, so there is nothing to be called",
        "add `paths`, or `paths: {}`",
        [
            "openapi: 3.1.1
components: {schemas: {Me: {type: object, properties: {name: {type: string}}}}}
",
            "paths: {}
components: {schemas: {Me: {type: object, properties: {name: {type: string}}}}}
",
        ],
    ),
];
