//! Two operations compared: what a page states of one, and what the document says.

use crate::{diagnostic::quote, document::Node, review::Impact};

use crate::docs::{
    Edit, edits,
    facts::{Answer, At, Content, Key, Operation, Stated, Tree},
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
            self.add(
                &rules::METHOD_DIFFERS,
                Impact::Breaking,
                &whole,
                message,
                places,
                None,
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
                yaml: format!(
                    "{}:",
                    edits::scalar(&serde_json::Value::String(told.path.clone()))
                ),
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
        let server = edits::member("url", &serde_json::Value::String(first.clone()));
        let edit = edits::set("/servers", format!("- {server}"));
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

    fn keys(&mut self, told: &Told, said: &Said<'_>) {
        let empty = Vec::new();
        let (page, at) = match &told.keys {
            Stated::Unknown => return,
            Stated::Absent => (&empty, &told.at),
            Stated::Is(keys, at) => (keys, at),
        };
        let (document, place) = match &said.keys {
            Stated::Unknown => return,
            Stated::Absent => (&empty, said.keys_at.as_ref().unwrap_or(&said.at)),
            Stated::Is(keys, at) => (keys, at),
        };
        let without = |all: &[Key], others: &[Key]| -> Vec<Key> {
            let rest = all
                .iter()
                .filter(|key| !others.iter().any(|other| other.is(key)));
            rest.cloned().collect()
        };
        self.optional(page, document, told, said);
        for (new, old) in document.iter().filter_map(|old| {
            let new = page.iter().find(|new| new.is(old))?;
            Some((new, old))
        }) {
            let (Some(one), Some(other)) = (&new.scheme, &old.scheme) else {
                continue;
            };
            if one == other {
                continue;
            }
            let message = format!(
                "the value of {} in the {} is written as {} in the document and as {} on the page",
                quote(&old.name),
                part(&old.place),
                quote(other),
                quote(one)
            );
            let name = Name::new("", &format!("security.{}", new.name));
            self.add(
                &rules::SECURITY_DIFFERS,
                Impact::Breaking,
                &name,
                message,
                (&old.at, &new.at),
                scheme(new, old),
            );
        }
        let (new, gone) = (without(page, document), without(document, page));
        let noun = |key: &Key| format!("{} in the {}", quote(&key.name), part(&key.place));
        if let ([new], [gone]) = (new.as_slice(), gone.as_slice()) {
            let message = format!(
                "who calls is proved by {} in the document and by {} on the page",
                noun(gone),
                noun(new)
            );
            let name = Name::new("", &format!("security.{}", new.name));
            let edit = scheme(new, gone);
            let places = (&gone.at, &new.at);
            self.add(
                &rules::SECURITY_DIFFERS,
                Impact::Breaking,
                &name,
                message,
                places,
                edit,
            );
            return;
        }
        for key in &new {
            let message = format!(
                "who calls is proved by {} on the page, and not in the document",
                noun(key)
            );
            let name = Name::new("", &format!("security.{}", key.name));
            self.add(
                &rules::SECURITY_MISSING,
                Impact::Breaking,
                &name,
                message,
                (place, &key.at),
                None,
            );
        }
        // The page may show the value among its headers.
        let sent = |key: &Key| {
            let mut all = told.parameters.iter();
            all.any(|it| it.place == key.place && it.name.eq_ignore_ascii_case(&key.name))
        };
        for key in gone.iter().filter(|key| !sent(key)) {
            let message = format!(
                "who calls is proved by {} in the document, and not on the page",
                noun(key)
            );
            let name = Name::new("", &format!("security.{}", key.name));
            self.add(
                &rules::SECURITY_NOT_DOCUMENTED,
                Impact::Notable,
                &name,
                message,
                (&key.at, at),
                None,
            );
        }
    }

    /// Compares whether a call may go without any of the keys.
    fn optional(&mut self, page: &[Key], document: &[Key], told: &Told, said: &Said<'_>) {
        let (Some(new), Some(old)) = (page.first(), document.first()) else {
            return;
        };
        let (Some(one), Some(other)) = (new.optional, old.optional) else {
            return;
        };
        if one == other {
            return;
        }
        let word = |optional| if optional { "may" } else { "has to" };
        let message = format!(
            "who calls {} prove who it is in the document, and {} on the page",
            word(other),
            word(one)
        );
        let list = said.keys.at().unwrap_or(&said.at);
        // A list of the operation is its own; that of the document is one of all operations.
        let own = list.pointer.starts_with(&said.at.pointer);
        let edit = own.then(|| Edit {
            instruction: format!(
                "{} the list {}",
                if one { "add to" } else { "remove `{}` from" },
                edits::code(&list.pointer)
            ),
            pointer: list.pointer.clone(),
            yaml: if one { "- {}" } else { "" }.to_owned(),
        });
        let severity = if one {
            Impact::Compatible
        } else {
            Impact::Breaking
        };
        let places = (list, told.keys.at().unwrap_or(&told.at));
        let name = Name::new("", "security");
        self.add(
            &rules::SECURITY_DIFFERS,
            severity,
            &name,
            message,
            places,
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
                let media = page.media.as_deref().unwrap_or("application/json");
                let mut lines = vec![
                    "requestBody:".to_owned(),
                    "  content:".to_owned(),
                    format!("    {media}:"),
                ];
                let below = edits::below("schema", &page.shape, 0);
                lines.extend(below.into_iter().map(|line| format!("      {line}")));
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

    fn content(
        &mut self,
        page: &Content<Tree>,
        document: &Content<Node<'_>>,
        places: (&At, &At),
        name: &Name,
    ) {
        if let (Some(told), Some(said)) = (&page.media, &document.media)
            && told != said
        {
            let message = format!(
                "{} is {} in the document and {} on the page",
                name.noun,
                quote(said),
                quote(told)
            );
            self.add(
                &rules::MEDIA_TYPE,
                Impact::Breaking,
                name,
                message,
                places,
                None,
            );
        }
        self.value(&page.shape, &document.shape, name, 0);
    }

    fn answers(&mut self, told: &Told, said: &Said<'_>) {
        let find = |status: &str| {
            said.answers
                .iter()
                .position(|it| it.status.as_deref() == Some(status))
        };
        let success = |it: &Answer<Node<'_>>| {
            it.status
                .as_ref()
                .is_some_and(|status| status.starts_with('2'))
        };
        let is_success = |it: &Answer<Tree>| {
            it.status
                .as_ref()
                .is_some_and(|status| status.starts_with('2'))
        };
        // The one of which no number is known, and a default without any success beside it.
        let alone = !told.answers.iter().any(is_success);
        let mut used = vec![false; said.answers.len()];
        for answer in &told.answers {
            let name = Name::new("the answer", "answer");
            let status = answer
                .status
                .as_deref()
                .filter(|status| !(*status == "DEFAULT" && alone));
            let found = match status {
                None => said
                    .answers
                    .iter()
                    .position(success)
                    .or_else(|| find("DEFAULT")),
                Some(status) => {
                    let range = format!("{}XX", status.get(..1).unwrap_or_default());
                    find(status)
                        .or_else(|| find(&range))
                        .or_else(|| find("DEFAULT"))
                }
            };
            let other = status.is_some_and(|status| status.starts_with('2')) && found.is_none();
            let success = other
                .then(|| said.answers.iter().position(success))
                .flatten();
            match found
                .or(success)
                .and_then(|at| Some((at, said.answers.get(at)?)))
            {
                Some((at, document)) => {
                    if let Some(status) = status.filter(|_| success.is_some() && !used[at]) {
                        let message = format!(
                            "success has the status {} in the document and {} on the page",
                            quote(document.status.as_deref().unwrap_or_default()),
                            quote(status)
                        );
                        let places = (&document.at, &answer.at);
                        self.add(
                            &rules::STATUS_DIFFERS,
                            Impact::Breaking,
                            &name,
                            message,
                            places,
                            None,
                        );
                    }
                    used[at] = true;
                    self.answer(answer, document, &name);
                }
                None => {
                    let status = status.unwrap_or("default");
                    let message = format!(
                        "the status {} is on the page, and not in the document",
                        quote(status)
                    );
                    let name = Name::new("", &format!("answer.{status}"));
                    let places = (&said.at, &answer.at);
                    self.add(
                        &rules::STATUS_MISSING,
                        Impact::Notable,
                        &name,
                        message,
                        places,
                        None,
                    );
                }
            }
        }
        if !told.answers_whole {
            return;
        }
        for (at, answer) in said.answers.iter().enumerate() {
            let status = answer.status.as_deref().unwrap_or_default();
            if used[at] || status == "DEFAULT" {
                continue;
            }
            let message = format!(
                "the status {} is in the document, and not on the page",
                quote(status)
            );
            let name = Name::new("", &format!("answer.{status}"));
            let places = (&answer.at, &told.at);
            let edit = edits::remove(&answer.at.pointer);
            self.add(
                &rules::STATUS_NOT_DOCUMENTED,
                Impact::Compatible,
                &name,
                message,
                places,
                edit,
            );
        }
    }

    fn answer(&mut self, told: &Answer<Tree>, said: &Answer<Node<'_>>, name: &Name) {
        match (&told.body, &said.body) {
            (Stated::Is(page, at), Stated::Is(document, place)) => {
                self.content(page, document, (place, at), name);
            }
            (Stated::Is(_, at), Stated::Absent) => {
                let message =
                    "the page describes what comes back, and the document does not".to_owned();
                self.add(
                    &rules::ANSWER_MISSING,
                    Impact::Compatible,
                    name,
                    message,
                    (&said.at, at),
                    None,
                );
            }
            (Stated::Absent, Stated::Is(_, place)) => {
                let message =
                    "the document describes what comes back, and the page says that nothing does"
                        .to_owned();
                self.add(
                    &rules::ANSWER_NOT_DOCUMENTED,
                    Impact::Notable,
                    name,
                    message,
                    (place, &told.at),
                    None,
                );
            }
            _ => {}
        }
    }
}

/// The scheme of a page in the place of one of the document.
fn scheme(new: &Key, old: &Key) -> Option<Edit> {
    let pointer = match old.scheme.as_deref() {
        Some("apiKey") => old.at.pointer.strip_suffix("/name"),
        _ => None,
    };
    let pointer = pointer.unwrap_or(&old.at.pointer);
    let text = |text: &str| serde_json::Value::String(text.to_owned());
    let yaml = match new.scheme.as_deref().filter(|scheme| *scheme != "apiKey") {
        Some(scheme) => format!("type: http\n{}", edits::member("scheme", &text(scheme))),
        None => format!(
            "type: apiKey\nin: {}\n{}",
            new.place,
            edits::member("name", &text(&new.name))
        ),
    };
    let mut edit = edits::set(pointer, yaml)?;
    if new.scheme.is_some() && old.scheme.is_some() && new.scheme != old.scheme {
        edit.instruction = format!("in place of what {} says, write", edits::code(pointer));
    }
    Some(edit)
}

/// A part of a request in words.
pub(super) fn part(place: &str) -> &str {
    match place {
        "header" => "head",
        other => other,
    }
}
