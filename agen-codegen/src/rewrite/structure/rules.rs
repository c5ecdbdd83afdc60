//! The table of what is done.

use crate::rewrite::LoweringRule;

pub(in crate::rewrite) const TABLE: &[LoweringRule] = &[
    LoweringRule::new(
        "structure-null",
        "null stands where the specification has nothing",
        "it is most likely the trace of a value that was not set",
        "give it a value, or remove it",
        [
            "paths:
  /me:
    get: {operationId: get_me, parameters: null, responses: {'204': {description: Done.}}}
",
            "paths:
  /me:
    get: {operationId: get_me, responses: {'204': {description: Done.}}}
",
        ],
    ),
    LoweringRule::new(
        "structure-type",
        "a value is of another type than the specification says",
        "it is read as what was most likely meant, or left out where nothing depends on it",
        "write it as the specification says",
        [
            "paths:
  /me:
    put:
      operationId: put_me
      requestBody: {required: 'true', content: {application/json: {schema: {$ref: '#/components/schemas/Me'}}}}
      responses: {'204': {description: Done.}}
components: {schemas: {Me: {type: object, properties: {name: {type: string}}}}}
",
            "paths:
  /me:
    put:
      operationId: put_me
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Me'}}}}
      responses: {'204': {description: Done.}}
components: {schemas: {Me: {type: object, properties: {name: {type: string}}}}}
",
        ],
    ),
    LoweringRule::new(
        "structure-missing",
        "a field is missing that the specification demands",
        "something has to be assumed in its place",
        "add the field",
        [
            "paths:
  /me: {get: {operationId: get_me, parameters: [{name: as, in: query}], responses: {'204': {description: Done.}}}}
",
            "paths:
  /me:
    get:
      operationId: get_me
      parameters: [{name: as, in: query, schema: {type: string}}]
      responses: {'204': {description: Done.}}
",
        ],
    ),
    LoweringRule::new(
        "response-status",
        "a key of `responses` is no status",
        "no answer could be told to be the one that is described there",
        "write a status such as `200`, a range such as `2XX`, or `default`",
        [
            "paths:
  /me: {get: {operationId: get_me, responses: {2xx: {description: Done.}}}}
",
            "paths:
  /me: {get: {operationId: get_me, responses: {2XX: {description: Done.}}}}
",
        ],
    ),
];
