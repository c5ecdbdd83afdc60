//! The operations of a document of OpenAPI, and the trees of those that a page holds.

use std::collections::BTreeSet;

use crate::{
    document::{Document, Node, reference_pointer},
    media_type,
    value::Value,
};

use super::{
    Lack,
    facts::{Answer, At, Content, Field, Key, Operation, Parameter, Shape, Stated, Tree},
    level::{self, Open, at},
};

/// How many values of a page are read.
const MOST_VALUES: usize = 50_000;

/// How deep values of a page may stand in each other.
const MOST_DEPTH: usize = 60;

pub(super) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Every operation, in the order of the paths. `make` reads a schema.
pub(super) fn operations<'a, C>(
    document: &'a Document,
    open: &Open,
    make: &mut dyn FnMut(Node<'a>) -> C,
) -> Vec<Operation<C>> {
    let mut found = Vec::new();
    for (path, item) in document.root().members("paths") {
        let Some(item) = item.resolve() else {
            continue;
        };
        for (method, operation) in item.entries() {
            if METHODS.contains(&method) && operation.value.is_object() {
                found.push(one(path, &item, method, &operation, open, make));
            }
        }
    }
    found
}

fn one<'a, C>(
    path: &str,
    item: &Node<'a>,
    method: &str,
    node: &Node<'a>,
    open: &Open,
    make: &mut dyn FnMut(Node<'a>) -> C,
) -> Operation<C> {
    let root = node.document().root();
    let is_open = |node: &Node<'_>| open.contains(&node.pointer);
    let servers = [node, item, &root].into_iter().find_map(|holder| {
        let all: Vec<_> = holder.elements("servers").collect();
        (!all.is_empty()).then_some(all)
    });
    let servers = servers.into_iter().flatten().filter_map(|server| {
        let url = server.get("url").filter(|url| !is_open(url))?;
        let text = url.value.as_str()?.trim_end_matches('/').to_owned();
        Some((text, at(&url)))
    });

    let mut parameters: Vec<Parameter<C>> = Vec::new();
    let mut parameters_whole = !is_open(item) && !is_open(node);
    for holder in [node, item] {
        for parameter in holder.elements("parameters") {
            let Some(parameter) = parameter.resolve() else {
                parameters_whole = false;
                continue;
            };
            let text = |key: &str| {
                let node = parameter.get(key).filter(|node| !is_open(node))?;
                node.value.as_str()
            };
            let (Some(name), Some(place)) = (text("name"), text("in")) else {
                parameters_whole = false;
                continue;
            };
            let known = |it: &Parameter<C>| it.name == name && it.place == place;
            if parameters.iter().any(known) {
                continue;
            }
            let required = match parameter.flag("required") || place == "path" {
                false if is_open(&parameter) => None,
                required => Some(required),
            };
            let inside = parameter.members("content").next();
            let inside = inside.and_then(|(_, media)| media.get("schema"));
            let schema = parameter.get("schema").or(inside);
            parameters.push(Parameter {
                place: place.to_owned(),
                name: name.to_owned(),
                required,
                at: at(&parameter),
                shape: make(schema.unwrap_or_else(|| parameter.clone())),
            });
        }
    }

    let body = match node.get("requestBody") {
        Some(body) => match body.resolve() {
            Some(body) => match content(&body, &mut *make) {
                Some(mut content) => {
                    // Pages often leave it out, whatever they mean.
                    let required = body.get("required");
                    content.required = required.and_then(|node| node.value.as_bool());
                    Stated::Is(content, at(&body))
                }
                None => Stated::Unknown,
            },
            None => Stated::Unknown,
        },
        None if is_open(node) => Stated::Unknown,
        None => Stated::Absent,
    };
    let answers = node.members("responses").filter_map(|(status, answer)| {
        let answer = answer.resolve()?;
        let body = match content(&answer, &mut *make) {
            Some(content) => Stated::Is(content, at(&answer)),
            None if is_open(&answer) || answer.get("content").is_some() => Stated::Unknown,
            None => Stated::Absent,
        };
        Some(Answer {
            status: Some(status.to_ascii_uppercase()),
            body,
            at: at(&answer),
        })
    });
    let answers: Vec<_> = answers.collect();
    let answers_whole = !is_open(node)
        && node.get("responses").is_some_and(|it| !is_open(&it))
        && node
            .members("responses")
            .all(|(_, it)| it.resolve().is_some());

    Operation {
        method: method.to_ascii_uppercase(),
        path: path.to_owned(),
        at: at(node),
        servers: servers.collect(),
        keys: keys(node, open),
        keys_at: [node, &root]
            .into_iter()
            .find_map(|holder| holder.get("security"))
            .map(|list| at(&list)),
        parameters,
        parameters_whole,
        body,
        answers,
        answers_whole,
        docs: node
            .get("externalDocs")
            .and_then(|docs| docs.text("url").map(str::to_owned)),
    }
}

/// The content that is spoken: JSON where there is any, else the first.
fn content<'a, C>(holder: &Node<'a>, make: &mut dyn FnMut(Node<'a>) -> C) -> Option<Content<C>> {
    let (media, node) = media_type::json(holder).or_else(|| holder.members("content").next())?;
    let media_at = at(&node);
    let schema = node.get("schema").unwrap_or(node);
    Some(Content {
        required: None,
        media: Some(media_type::essence(media)),
        media_at: Some(media_at),
        shape: make(schema),
    })
}

/// How a scheme writes its value: OAuth and OpenID send theirs as bearers.
pub(super) fn written(scheme: &Node<'_>) -> Option<String> {
    match scheme.text("type")? {
        "apiKey" => Some("apiKey".to_owned()),
        "oauth2" | "openIdConnect" => Some("bearer".to_owned()),
        "http" => scheme.text("scheme").map(str::to_ascii_lowercase),
        _ => None,
    }
}

/// What a caller may prove itself by, over all alternatives.
fn keys(node: &Node<'_>, open: &Open) -> Stated<Vec<Key>> {
    let root = node.document().root();
    let holder = if node.get("security").is_some() {
        node
    } else {
        &root
    };
    let Some(security) = holder.get("security") else {
        let cut = open.contains(&node.pointer) || open.contains("");
        return if cut { Stated::Unknown } else { Stated::Absent };
    };
    if open.contains(&security.pointer) {
        return Stated::Unknown;
    }
    let mut keys: Vec<Key> = Vec::new();
    let mut seen = BTreeSet::new();
    let optional = holder
        .elements("security")
        .any(|alternative| alternative.entries().next().is_none());
    for alternative in holder.elements("security") {
        for (name, _) in alternative.entries() {
            if !seen.insert(name) {
                continue;
            }
            let mut pointer = "/components/securitySchemes".to_owned();
            crate::document::push_segment(&mut pointer, name);
            let scheme = node.document().at(&pointer).and_then(|node| node.resolve());
            // A scheme that is not there makes the rest of the list unknown.
            let Some(scheme) = scheme else {
                return Stated::Unknown;
            };
            let (place, name, place_of) = match scheme.text("type") {
                Some("apiKey") => match (scheme.text("in"), scheme.get("name")) {
                    (Some(place), Some(name)) if !open.contains(&name.pointer) => {
                        let text = name.value.as_str().unwrap_or_default().to_owned();
                        (place, text, at(&name))
                    }
                    _ => return Stated::Unknown,
                },
                Some("http" | "oauth2" | "openIdConnect") => {
                    ("header", "Authorization".to_owned(), at(&scheme))
                }
                _ => return Stated::Unknown,
            };
            keys.push(Key {
                place: place.to_owned(),
                name,
                scheme: written(&scheme),
                optional: Some(optional),
                at: place_of,
            });
        }
    }
    if keys.is_empty() {
        return Stated::Absent;
    }
    Stated::Is(keys, at(&security))
}

/// Whether a schema lets every value be: `{}`, `true`, or nothing but words about it.
fn says_nothing(node: &Node<'_>) -> bool {
    const WORDS: [&str; 8] = [
        "title",
        "description",
        "example",
        "examples",
        "deprecated",
        "readOnly",
        "writeOnly",
        "nullable",
    ];
    match node.value {
        Value::Bool(all) => *all,
        Value::Object(_) => node.entries().all(|(key, child)| {
            WORDS.contains(&key)
                || key.starts_with("x-")
                || (key == "type" && child.value.as_str() == Some("any"))
        }),
        _ => false,
    }
}

/// What the operations of a page refer to and is not there: parameters, bodies, answers, and the ways to
/// prove who calls.
pub(super) fn dangling(document: &Document) -> Vec<Lack> {
    let root = document.root();
    let mut lacks = Vec::new();
    let mut check = |node: &Node<'_>| {
        if node.resolve().is_none() {
            let told = node.text("$ref").unwrap_or_default();
            lacks.push(Lack {
                message: format!(
                    "a reference leads nowhere: to {}",
                    crate::diagnostic::quote(told)
                ),
                span: at(node).span,
            });
        }
    };
    let mut holders = vec![root.clone()];
    for (_, item) in root.members("paths") {
        check(&item);
        let Some(item) = item.resolve() else {
            continue;
        };
        let methods = item.entries().filter(|(key, _)| METHODS.contains(key));
        holders.extend(methods.map(|(_, operation)| operation));
        holders.push(item);
    }
    for holder in &holders {
        holder.elements("parameters").for_each(|it| check(&it));
        holder.get("requestBody").iter().for_each(&mut check);
        holder.members("responses").for_each(|(_, it)| check(&it));
    }
    for alternative in holders.iter().flat_map(|it| it.elements("security")) {
        for (name, scheme) in alternative.entries() {
            let mut pointer = "/components/securitySchemes".to_owned();
            crate::document::push_segment(&mut pointer, name);
            let found = document.at(&pointer).and_then(|node| node.resolve());
            if found.is_none() {
                lacks.push(Lack {
                    message: format!(
                        "a reference leads nowhere: to the security scheme {}",
                        crate::diagnostic::quote(name)
                    ),
                    span: at(&scheme).span,
                });
            }
        }
    }
    lacks
}

/// Makes trees of the schemas of a page, as many and as deep as there is room for.
pub(super) struct Grower<'o> {
    pub(super) open: &'o Open,
    left: usize,
    pub(super) lacks: Vec<Lack>,
}

impl<'o> Grower<'o> {
    pub(super) fn new(open: &'o Open) -> Self {
        Self {
            open,
            left: MOST_VALUES,
            lacks: Vec::new(),
        }
    }

    pub(super) fn tree(&mut self, node: &Node<'_>) -> Tree {
        self.grow(node, &mut Vec::new())
    }

    fn grow(&mut self, node: &Node<'_>, above: &mut Vec<String>) -> Tree {
        let place = at(node);
        if self.left == 0 {
            return Tree::new(Shape::unknown(place));
        }
        self.left -= 1;
        if self.left == 0 {
            self.lack(
                &place,
                format!("the page holds more than {MOST_VALUES} values; the rest was not read"),
            );
        }
        let Some(target) = node.resolve() else {
            let told = node.text("$ref").and_then(reference_pointer);
            let told = told.map_or("another document".to_owned(), |pointer| {
                crate::diagnostic::quote(&pointer)
            });
            self.lack(&place, format!("a reference leads nowhere: to {told}"));
            return Tree::new(Shape::unknown(place));
        };
        if above.contains(&target.pointer) {
            // It holds itself: one round says everything.
            return Tree::new(Shape::unknown(place));
        }
        if above.len() >= MOST_DEPTH {
            self.lack(&place, format!("values stand more than {MOST_DEPTH} deep in each other; what is below was not read"));
            return Tree::new(Shape::unknown(place));
        }
        let Some(level) = level::read(node, self.open) else {
            return Tree::new(Shape::unknown(place));
        };
        let is_schema = !above.is_empty() || node.pointer.ends_with("/schema");
        let any = is_schema && says_nothing(&target) && !self.open.contains(&target.pointer);
        above.push(target.pointer);
        let mut shape: Shape<Tree> = Shape::unknown(place);
        shape.kinds = level.kinds;
        shape.any = any.then(|| shape.at.clone());
        shape.nullable = level.nullable.filter(|_| !any);
        shape.format = level.format;
        shape.default = level.default;
        shape.values = level.values;
        shape.bounds = level.bounds;
        shape.bounds_known = level.bounds_known;
        shape.fields_whole = level.fields_whole;
        shape.options_whole = level.options_whole;
        for (name, field) in level.fields {
            let field = Field {
                required: field.required,
                at: field.at,
                shape: self.grow(&field.shape, above),
            };
            shape.fields.insert(name, field);
        }
        shape.items = level.items.map(|items| self.grow(&items, above));
        shape.options = level
            .options
            .iter()
            .map(|option| self.grow(option, above))
            .collect();
        above.pop();
        Tree::new(shape)
    }

    fn lack(&mut self, at: &At, message: String) {
        const MOST_LACKS: usize = 100;
        if self.lacks.len() < MOST_LACKS {
            self.lacks.push(Lack {
                message,
                span: at.span.clone(),
            });
        }
    }
}
