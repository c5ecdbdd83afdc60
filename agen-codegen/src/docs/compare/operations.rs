//! Two operations compared: what a page states of one, and what the document says.

use crate::{diagnostic::quote, document::Node, review::Impact, value::Value};

use crate::docs::{
    Edit, edits,
    facts::{Operation, Stated, Tree},
    openapi::METHODS,
    rules,
};

use super::{
    matching::Apart,
    values::{Comparison, Direction, Name},
};

pub(super) type Told = Operation<Tree>;
pub(super) type Said<'a> = Operation<Node<'a>>;

impl Comparison<'_> {
    pub(super) fn operation(&mut self, told: &Told, said: &Said<'_>, apart: Apart) {
        self.identity(told, said, apart);
        self.server(told, said);
        self.keys(told, said);
        self.direction = Direction::Request;
        self.parameters(told, said);
        self.body(told, said);
        self.direction = Direction::Response;
        self.answers(told, said);
    }

    fn identity(&mut self, told: &Told, said: &Said<'_>, apart: Apart) {
        let places = (&said.at, &told.at);
        let whole = Name::new("", "");
        if apart.method {
            let message = format!(
                "{} is called with {} on the page",
                quote(&said.name()),
                quote(&told.method)
            );
            let method = told.method.to_ascii_lowercase();
            let item = said.at.pointer.rsplit_once('/').map(|(item, _)| item);
            let item = item.and_then(|item| self.document.at(item));
            let edit = match item {
                Some(item) if item.get(&method).is_none() => {
                    edits::rename(&said.at.pointer, &method)
                }
                _ => None,
            };
            self.add(
                &rules::METHOD_DIFFERS,
                Impact::Breaking,
                &whole,
                message,
                places,
                edit,
            );
        }
        if apart.path {
            // The key of the path, which all its operations share.
            let mut at = said.at.clone();
            if let Some((path, _)) = at.pointer.rsplit_once('/') {
                at.pointer = path.to_owned();
            }
            let message = format!("{} is {} on the page", quote(&said.path), quote(&told.path));
            let item = self.document.at(&at.pointer);
            let others = item.is_some_and(|item| {
                let all = item.entries().filter(|(key, _)| METHODS.contains(key));
                all.count() > 1
            });
            let (instruction, pointer) = if others {
                let moved = edits::code(&said.at.pointer);
                (format!("move {moved} alone below"), &said.at.pointer)
            } else {
                let key = edits::code(&at.pointer);
                (format!("write the key of {key} as"), &at.pointer)
            };
            let edit = Some(Edit {
                instruction,
                pointer: pointer.clone(),
                yaml: format!("{}:", edits::scalar(&Value::String(told.path.clone()))),
            });
            self.add(
                &rules::PATH_DIFFERS,
                Impact::Breaking,
                &whole,
                message,
                (&at, &told.at),
                edit,
            );
        }
        if apart.names {
            let message = format!(
                "the parameters of {} have other names on the page: {}",
                quote(&said.path),
                quote(&told.path)
            );
            self.add(
                &rules::PATH_PARAMETER_NAME,
                Impact::Compatible,
                &whole,
                message,
                places,
                None,
            );
        }
    }

    fn server(&mut self, told: &Told, said: &Said<'_>) {
        let Some((first, at)) = told.servers.first() else {
            return;
        };
        let fits = |one: &str| {
            let plain = one.trim_end_matches('/');
            said.servers.iter().any(|(server, _)| {
                server.contains('{')
                    || server == plain
                    || format!("{server}{}", said.path) == format!("{plain}{}", told.path)
            })
        };
        if told.servers.iter().any(|(server, _)| fits(server)) {
            return;
        }
        let place = said.servers.first().map_or(&said.at, |(_, at)| at);
        let message = match said.servers.first() {
            Some((server, _)) => format!(
                "the address is {} in the document and {} on the page",
                quote(server),
                quote(first)
            ),
            None => format!(
                "the address is {} on the page, and the document has none",
                quote(first)
            ),
        };
        let server = edits::member("url", &Value::String(first.clone()));
        let edit = match said.servers.as_slice() {
            [] => edits::set("", format!("servers:\n  - {server}")),
            [(_, at)] => edits::set(at.pointer.trim_end_matches("/url"), server),
            [(_, at), ..] => {
                let list = at.pointer.trim_end_matches("/0/url");
                edits::set_element(list, &server)
            }
        };
        let name = Name::new("", "server");
        self.add(
            &rules::SERVER_DIFFERS,
            Impact::Breaking,
            &name,
            message,
            (place, at),
            edit,
        );
    }

    fn body(&mut self, told: &Told, said: &Said<'_>) {
        let name = Name::new("the body", "body");
        match (&told.body, &said.body) {
            (Stated::Is(page, at), Stated::Is(document, place)) => {
                let other = document.required.unwrap_or(false);
                if let Some(one) = page.required.filter(|one| *one != other) {
                    let message = format!(
                        "the body is {} on the page, and {} in the document",
                        if one { "required" } else { "optional" },
                        if other { "required" } else { "optional" }
                    );
                    let severity = if one {
                        Impact::Breaking
                    } else {
                        Impact::Compatible
                    };
                    let edit = edits::set(&place.pointer, format!("required: {one}"));
                    self.add(
                        &rules::BODY_REQUIRED,
                        severity,
                        &name,
                        message,
                        (place, at),
                        edit,
                    );
                }
                self.content(page, document, (place, at), &name);
            }
            (Stated::Is(page, at), Stated::Absent) => {
                let message =
                    "the page has a body of the request, and the document has none".to_owned();
                let mut lines = vec!["requestBody:".to_owned()];
                if page.required == Some(true) {
                    lines.push("  required: true".to_owned());
                }
                let content = edits::content(page).into_iter();
                lines.extend(content.map(|line| format!("  {line}")));
                let edit = edits::set(&said.at.pointer, lines.join("\n"));
                self.add(
                    &rules::BODY_MISSING,
                    Impact::Notable,
                    &name,
                    message,
                    (&said.at, at),
                    edit,
                );
            }
            (Stated::Absent, Stated::Is(_, place)) => {
                let message =
                    "the document has a body of the request, and the page has none".to_owned();
                let edit = edits::remove(&format!("{}/requestBody", said.at.pointer));
                self.add(
                    &rules::BODY_NOT_DOCUMENTED,
                    Impact::Notable,
                    &name,
                    message,
                    (place, &told.at),
                    edit,
                );
            }
            _ => {}
        }
    }
}

/// A part of a request in words.
pub(super) fn part(place: &str) -> &str {
    match place {
        "header" => "head",
        other => other,
    }
}
