//! The objects of OpenAPI 3.0.3, and what 3.1 adds to them: which fields each has, and what stands in
//! them.
//!
//! Fields of 3.1 that are not here are rewritten before anything is held against this table, or say
//! nothing that a client needs.

use Kind as K;
use Shape::{Any, Choice, Count, Flag, FlagOr, List, Map, Number, Object, Ref, Text};

/// An object of the specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Root,
    Info,
    Contact,
    License,
    Server,
    ServerVariable,
    Components,
    Paths,
    PathItem,
    Operation,
    ExternalDocs,
    Parameter,
    RequestBody,
    MediaType,
    Encoding,
    Responses,
    Response,
    Callback,
    Example,
    Link,
    Header,
    Tag,
    Schema,
    Discriminator,
    Xml,
    SecurityScheme,
    Flows,
    Flow,
}

/// What stands in a field.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    Any,
    Text,
    Flag,
    Number,
    /// A whole number, not below zero.
    Count,
    /// One of several words.
    Choice(&'static [&'static str]),
    Object(Kind),
    /// An object, or a reference to one.
    Ref(Kind),
    /// A boolean, or an object, or a reference to one.
    FlagOr(Kind),
    List(&'static Shape),
    /// An object with keys of the author's choice.
    Map(&'static Shape),
}

/// A field of an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) required: bool,
}

const fn may(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        required: false,
    }
}

const fn must(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        required: true,
    }
}

/// The methods of a path item.
pub(crate) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

const PARAMETERS: Field = may("parameters", List(&Ref(K::Parameter)));
const SERVERS: Field = may("servers", List(&Object(K::Server)));
const SECURITY: Field = may("security", List(&Map(&List(&Text))));
const DESCRIPTION: Field = may("description", Text);
const EXTERNAL_DOCS: Field = may("externalDocs", Object(K::ExternalDocs));
const DEPRECATED: Field = may("deprecated", Flag);
const CONTENT: Shape = Map(&Object(K::MediaType));
const HEADERS: Field = may("headers", Map(&Ref(K::Header)));
const EXAMPLE: Field = may("example", Any);
const EXAMPLES: Field = may("examples", Map(&Ref(K::Example)));
const STYLES: [&str; 7] = [
    "matrix",
    "label",
    "form",
    "simple",
    "spaceDelimited",
    "pipeDelimited",
    "deepObject",
];

/// The field of an object that has a name.
pub(crate) fn field(kind: Kind, name: &str) -> Option<&'static Field> {
    let first = name.as_bytes().first();
    // Nearly all others differ in their first byte, and so need no call.
    let mut fields = fields(kind).iter();
    fields.find(|field| field.name.as_bytes().first() == first && field.name == name)
}

/// The fields of an object.
pub(crate) fn fields(kind: Kind) -> &'static [Field] {
    match kind {
        K::Root => {
            const {
                &[
                    must("openapi", Text),
                    must("info", Object(K::Info)),
                    SERVERS,
                    must("paths", Object(K::Paths)),
                    may("components", Object(K::Components)),
                    SECURITY,
                    may("tags", List(&Object(K::Tag))),
                    EXTERNAL_DOCS,
                    may("webhooks", Map(&Object(K::PathItem))),
                    may("jsonSchemaDialect", Text),
                ]
            }
        }
        K::Info => {
            const {
                &[
                    must("title", Text),
                    must("version", Text),
                    may("summary", Text),
                    DESCRIPTION,
                    may("termsOfService", Text),
                    may("contact", Object(K::Contact)),
                    may("license", Object(K::License)),
                ]
            }
        }
        K::Contact => const { &[may("name", Text), may("url", Text), may("email", Text)] },
        K::License => {
            const {
                &[
                    must("name", Text),
                    may("url", Text),
                    may("identifier", Text),
                ]
            }
        }
        K::Server => {
            const {
                &[
                    must("url", Text),
                    DESCRIPTION,
                    may("variables", Map(&Object(K::ServerVariable))),
                ]
            }
        }
        // That `default` is there is a rule of its own.
        K::ServerVariable => {
            const { &[may("enum", List(&Text)), may("default", Text), DESCRIPTION] }
        }
        K::Components => {
            const {
                &[
                    may("schemas", Map(&Ref(K::Schema))),
                    may("responses", Map(&Ref(K::Response))),
                    may("parameters", Map(&Ref(K::Parameter))),
                    EXAMPLES,
                    may("requestBodies", Map(&Ref(K::RequestBody))),
                    HEADERS,
                    may("securitySchemes", Map(&Ref(K::SecurityScheme))),
                    may("links", Map(&Ref(K::Link))),
                    may("callbacks", Map(&Ref(K::Callback))),
                    may("pathItems", Map(&Object(K::PathItem))),
                ]
            }
        }
        K::PathItem => {
            const {
                &[
                    may("$ref", Text),
                    may("summary", Text),
                    DESCRIPTION,
                    may("get", Object(K::Operation)),
                    may("put", Object(K::Operation)),
                    may("post", Object(K::Operation)),
                    may("delete", Object(K::Operation)),
                    may("options", Object(K::Operation)),
                    may("head", Object(K::Operation)),
                    may("patch", Object(K::Operation)),
                    may("trace", Object(K::Operation)),
                    SERVERS,
                    PARAMETERS,
                ]
            }
        }
        K::Operation => {
            const {
                &[
                    may("tags", List(&Text)),
                    may("summary", Text),
                    DESCRIPTION,
                    EXTERNAL_DOCS,
                    may("operationId", Text),
                    PARAMETERS,
                    may("requestBody", Ref(K::RequestBody)),
                    must("responses", Object(K::Responses)),
                    may("callbacks", Map(&Ref(K::Callback))),
                    DEPRECATED,
                    SECURITY,
                    SERVERS,
                ]
            }
        }
        K::ExternalDocs => const { &[must("url", Text), DESCRIPTION] },
        // That there is `schema` or `content` is checked beside the fields.
        K::Parameter => {
            const {
                &[
                    must("name", Text),
                    must("in", Choice(&["path", "query", "header", "cookie"])),
                    DESCRIPTION,
                    may("required", Flag),
                    DEPRECATED,
                    may("allowEmptyValue", Flag),
                    may("style", Choice(&STYLES)),
                    may("explode", Flag),
                    may("allowReserved", Flag),
                    may("schema", Ref(K::Schema)),
                    may("content", CONTENT),
                    EXAMPLE,
                    EXAMPLES,
                ]
            }
        }
        K::RequestBody => const { &[must("content", CONTENT), DESCRIPTION, may("required", Flag)] },
        K::MediaType => {
            const {
                &[
                    may("schema", Ref(K::Schema)),
                    may("encoding", Map(&Object(K::Encoding))),
                    EXAMPLE,
                    EXAMPLES,
                ]
            }
        }
        K::Encoding => {
            const {
                &[
                    may("contentType", Text),
                    HEADERS,
                    may("style", Choice(&STYLES)),
                    may("explode", Flag),
                    may("allowReserved", Flag),
                ]
            }
        }
        K::Response => {
            const {
                &[
                    must("description", Text),
                    HEADERS,
                    may("content", CONTENT),
                    may("links", Map(&Ref(K::Link))),
                ]
            }
        }
        // Their keys are paths, statuses and expressions.
        K::Paths | K::Responses | K::Callback => const { &[] },
        K::Example => {
            const {
                &[
                    may("summary", Text),
                    DESCRIPTION,
                    may("value", Any),
                    may("externalValue", Text),
                ]
            }
        }
        K::Link => {
            const {
                &[
                    may("operationRef", Text),
                    may("operationId", Text),
                    may("parameters", Map(&Any)),
                    may("requestBody", Any),
                    DESCRIPTION,
                    may("server", Object(K::Server)),
                ]
            }
        }
        K::Header => {
            const {
                &[
                    DESCRIPTION,
                    may("required", Flag),
                    DEPRECATED,
                    may("allowEmptyValue", Flag),
                    may("style", Choice(&STYLES)),
                    may("explode", Flag),
                    may("allowReserved", Flag),
                    may("schema", Ref(K::Schema)),
                    may("content", CONTENT),
                    EXAMPLE,
                    EXAMPLES,
                ]
            }
        }
        K::Tag => const { &[must("name", Text), DESCRIPTION, EXTERNAL_DOCS] },
        K::Schema => {
            const {
                &[
                    may("title", Text),
                    may("multipleOf", Number),
                    may("maximum", Number),
                    may("exclusiveMaximum", Flag),
                    may("minimum", Number),
                    may("exclusiveMinimum", Flag),
                    may("maxLength", Count),
                    may("minLength", Count),
                    may("pattern", Text),
                    may("maxItems", Count),
                    may("minItems", Count),
                    may("uniqueItems", Flag),
                    may("maxProperties", Count),
                    may("minProperties", Count),
                    may("required", List(&Text)),
                    may("enum", List(&Any)),
                    may("type", Choice(&TYPES)),
                    may("allOf", List(&Ref(K::Schema))),
                    may("oneOf", List(&Ref(K::Schema))),
                    may("anyOf", List(&Ref(K::Schema))),
                    may("not", Ref(K::Schema)),
                    may("items", Ref(K::Schema)),
                    may("properties", Map(&Ref(K::Schema))),
                    may("additionalProperties", FlagOr(K::Schema)),
                    may("$defs", Map(&Ref(K::Schema))),
                    may("definitions", Map(&Ref(K::Schema))),
                    may("prefixItems", List(&Ref(K::Schema))),
                    may("patternProperties", Map(&Ref(K::Schema))),
                    may("unevaluatedItems", FlagOr(K::Schema)),
                    may("unevaluatedProperties", FlagOr(K::Schema)),
                    DESCRIPTION,
                    may("format", Text),
                    may("default", Any),
                    may("nullable", Flag),
                    may("discriminator", Object(K::Discriminator)),
                    may("readOnly", Flag),
                    may("writeOnly", Flag),
                    may("xml", Object(K::Xml)),
                    EXTERNAL_DOCS,
                    EXAMPLE,
                    DEPRECATED,
                ]
            }
        }
        K::Discriminator => const { &[must("propertyName", Text), may("mapping", Map(&Text))] },
        K::Xml => {
            const {
                &[
                    may("name", Text),
                    may("namespace", Text),
                    may("prefix", Text),
                    may("attribute", Flag),
                    may("wrapped", Flag),
                ]
            }
        }
        K::SecurityScheme => {
            const {
                &[
                    must(
                        "type",
                        Choice(&["apiKey", "http", "oauth2", "openIdConnect", "mutualTLS"]),
                    ),
                    DESCRIPTION,
                    may("name", Text),
                    may("in", Choice(&["query", "header", "cookie"])),
                    may("scheme", Text),
                    may("bearerFormat", Text),
                    may("flows", Object(K::Flows)),
                    may("openIdConnectUrl", Text),
                ]
            }
        }
        K::Flows => {
            const {
                &[
                    may("implicit", Object(K::Flow)),
                    may("password", Object(K::Flow)),
                    may("clientCredentials", Object(K::Flow)),
                    may("authorizationCode", Object(K::Flow)),
                ]
            }
        }
        K::Flow => {
            const {
                &[
                    may("authorizationUrl", Text),
                    may("tokenUrl", Text),
                    may("refreshUrl", Text),
                    must("scopes", Map(&Text)),
                ]
            }
        }
    }
}

/// The types of a schema.
pub(crate) const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

impl Kind {
    /// The object as a message names it.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            K::Root => "document",
            K::Info => "`info`",
            K::Contact => "`contact`",
            K::License => "`license`",
            K::Server => "server",
            K::ServerVariable => "server variable",
            K::Components => "`components`",
            K::Paths => "`paths`",
            K::PathItem => "path item",
            K::Operation => "operation",
            K::ExternalDocs => "`externalDocs`",
            K::Parameter => "parameter",
            K::RequestBody => "request body",
            K::MediaType => "media type",
            K::Encoding => "encoding",
            K::Responses => "`responses`",
            K::Response => "response",
            K::Callback => "callback",
            K::Example => "example",
            K::Link => "link",
            K::Header => "header",
            K::Tag => "tag",
            K::Schema => "schema",
            K::Discriminator => "discriminator",
            K::Xml => "`xml`",
            K::SecurityScheme => "security scheme",
            K::Flows => "`flows`",
            K::Flow => "flow",
        }
    }

    /// The object with its article, as a message names one of several.
    pub(crate) fn any(self) -> String {
        let noun = self.noun();
        let article = match noun.chars().next() {
            Some('`') => "",
            Some('a' | 'e' | 'i' | 'o') => "an ",
            _ => "a ",
        };
        format!("{article}{noun}")
    }

    /// The object of `components` that holds such objects, where there is one.
    pub(crate) fn section(self) -> Option<&'static str> {
        Some(match self {
            K::Schema => "schemas",
            K::Response => "responses",
            K::Parameter => "parameters",
            K::Example => "examples",
            K::RequestBody => "requestBodies",
            K::Header => "headers",
            K::SecurityScheme => "securitySchemes",
            K::Link => "links",
            K::Callback => "callbacks",
            _ => return None,
        })
    }
}
