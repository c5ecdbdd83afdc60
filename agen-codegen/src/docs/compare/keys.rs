//! How callers prove who they are, compared.

use crate::{
    diagnostic::quote,
    docs::{
        Edit, edits,
        facts::{Key, Stated},
        rules,
    },
    review::Impact,
    value::Value,
};

use super::{
    operations::{Said, Told, part},
    values::{Comparison, Name},
};

impl Comparison<'_> {
    pub(super) fn keys(&mut self, told: &Told, said: &Said<'_>) {
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
        let edit = self.security(page, said);
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
                edit.clone(),
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
                edit.clone(),
            );
        }
    }

    /// The list of an operation, as it should be: the one way of the page, by the name that it has in the
    /// document, or none. Of several ways a page does not say whether all or any are asked for.
    fn security(&self, page: &[Key], said: &Said<'_>) -> Option<Edit> {
        let key = match page {
            [] => return edits::set(&said.at.pointer, "security: []".to_owned()),
            [key] => key,
            _ => return None,
        };
        let components = self.document.root().get("components")?;
        let mut schemes = components.members("securitySchemes");
        let (name, _) = schemes.find(|(_, scheme)| {
            let same = |text: &str| text.eq_ignore_ascii_case(&key.name);
            scheme.text("type") == Some("apiKey")
                && scheme.text("in") == Some(&key.place)
                && scheme.text("name").is_some_and(same)
        })?;
        let mut yaml = format!("security:\n  - {}: []", edits::scalar(&name.into()));
        if key.optional == Some(true) {
            yaml.push_str("\n  - {}");
        }
        // A list of the document is one of every operation.
        let of_all = said
            .keys_at
            .as_ref()
            .is_some_and(|at| at.pointer == "/security");
        let nobody = !matches!(said.keys, Stated::Is(..));
        let holder = if of_all && nobody {
            ""
        } else {
            &said.at.pointer
        };
        edits::set(holder, yaml)
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
}

/// The scheme of a page in the place of one of the document.
fn scheme(new: &Key, old: &Key) -> Option<Edit> {
    let pointer = match old.scheme.as_deref() {
        Some("apiKey") => old.at.pointer.strip_suffix("/name"),
        _ => None,
    };
    let pointer = pointer.unwrap_or(&old.at.pointer);
    let text = |text: &str| Value::from(text);
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
