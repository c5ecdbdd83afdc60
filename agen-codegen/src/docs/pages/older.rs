//! The older Markdown export, in which one operation stands under `paths` with its references written out.

use crate::document::Node;

use crate::docs::{
    facts::{Answer, Content, Key, Operation, Parameter, Shape, Stated, Tree},
    level::{Open, at},
    openapi::{self, Grower},
};

/// Whether a document is of this form.
pub(super) fn is(root: &Node<'_>) -> bool {
    root.get("paths")
        .is_some_and(|paths| paths.text("path").is_some() || paths.text("method").is_some())
}

/// The operation, as far as it is there.
pub(super) fn operation(root: &Node<'_>, grower: &mut Grower<'_>) -> Option<Operation<Tree>> {
    let paths = root.get("paths")?;
    let (path, method) = (paths.get("path")?, paths.text("method")?);
    let is_open = |node: &Node<'_>, open: &Open| open.contains(&node.pointer);
    if is_open(&path, grower.open) {
        return None;
    }
    let servers = paths.elements("servers").filter_map(|server| {
        let url = server.get("url").filter(|url| !is_open(url, grower.open))?;
        let text = url.value.as_str()?.trim_end_matches('/').to_owned();
        Some((text, at(&url)))
    });
    let servers = servers.collect();
    let request = paths.get("request");
    let mut parameters = Vec::new();
    let mut whole = false;
    if let Some(all) = request
        .as_ref()
        .and_then(|request| request.get("parameters"))
    {
        whole = !is_open(&all, grower.open);
        for (place, named) in all.entries() {
            for (name, parameter) in named.entries() {
                let schema = parameter.elements("schema").next();
                let required = schema.as_ref().map(|schema| schema.flag("required"));
                let required = required.or((place == "path").then_some(true));
                let cut = schema
                    .as_ref()
                    .is_none_or(|schema| is_open(schema, grower.open));
                parameters.push(Parameter {
                    place: place.to_owned(),
                    name: name.to_owned(),
                    required: required.filter(|required| *required || !cut),
                    at: at(&parameter),
                    shape: array(&parameter, "schema", grower),
                });
            }
        }
    }
    let mut body = match request.as_ref().and_then(|request| request.get("body")) {
        Some(body) => content(&body, grower),
        None => Stated::Unknown,
    };
    if let Stated::Is(body, _) = &mut body {
        body.required = body.by_fields();
    }
    let mut answers = Vec::new();
    for (status, answer) in paths.members("response") {
        answers.push(Answer {
            status: Some(status.to_ascii_uppercase()),
            body: content(&answer, grower),
            at: at(&answer),
        });
    }
    let answers_whole = paths
        .get("response")
        .is_some_and(|response| !is_open(&response, grower.open));
    Some(Operation {
        method: method.to_ascii_uppercase(),
        path: path.value.as_str()?.to_owned(),
        at: at(&path),
        servers,
        keys_at: None,
        keys: request.map_or(Stated::Unknown, |request| keys(&request, grower)),
        parameters,
        parameters_whole: whole,
        body,
        answers,
        answers_whole,
        docs: None,
    })
}

/// The value that an array of schemas describes: one is that one, several are alternatives.
fn array(holder: &Node<'_>, key: &str, grower: &mut Grower<'_>) -> Tree {
    let all: Vec<_> = holder.elements(key).collect();
    match all.as_slice() {
        [one] => grower.tree(one),
        several => {
            let mut shape: Shape<Tree> = Shape::unknown(at(holder));
            shape.options = several.iter().map(|one| grower.tree(one)).collect();
            shape.options_whole = !holder
                .get(key)
                .is_none_or(|list| grower.open.contains(&list.pointer));
            Tree::new(shape)
        }
    }
}

fn content(holder: &Node<'_>, grower: &mut Grower<'_>) -> Stated<Content<Tree>> {
    // Something has to be there for what has no content.
    let real = |media: &&str| !media.starts_with("_mintlify");
    let mut all: Vec<_> = holder.entries().filter(|(media, _)| real(media)).collect();
    all.sort_by_key(|(media, _)| !crate::media_type::is_json(media));
    let Some((media, node)) = all.first() else {
        return if grower.open.contains(&holder.pointer) {
            Stated::Unknown
        } else {
            Stated::Absent
        };
    };
    let content = Content {
        required: None,
        media: Some(crate::media_type::essence(media)),
        media_at: None,
        shape: array(node, "schemaArray", grower),
    };
    Stated::Is(content, at(holder))
}

fn keys(request: &Node<'_>, grower: &Grower<'_>) -> Stated<Vec<Key>> {
    let Some(security) = request.get("security") else {
        return Stated::Unknown;
    };
    if grower.open.contains(&security.pointer) {
        return Stated::Unknown;
    }
    let mut keys: Vec<Key> = Vec::new();
    for scheme in request.elements("security") {
        for (place, named) in scheme.members("parameters") {
            for (name, key) in named.entries() {
                let key = Key {
                    place: place.to_owned(),
                    name: name.to_owned(),
                    scheme: openapi::written(&key),
                    optional: None,
                    at: at(&key),
                };
                if !keys.iter().any(|known| known.is(&key)) {
                    keys.push(key);
                }
            }
        }
    }
    if keys.is_empty() {
        Stated::Absent
    } else {
        Stated::Is(keys, at(&security))
    }
}
