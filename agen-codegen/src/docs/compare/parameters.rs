//! The parameters of two operations compared.

use crate::{
    diagnostic::quote,
    docs::{
        edits,
        facts::{Parameter, Tree},
        rules,
    },
    document::Node,
    review::Impact,
    value::Value,
};

use super::{
    operations::{Said, Told, part},
    values::{Comparison, Name},
};

impl Comparison<'_> {
    pub(super) fn parameters(&mut self, told: &Told, said: &Said<'_>) {
        let in_path = |path: &str| -> Vec<String> {
            let parts = path.split('{').skip(1);
            parts
                .filter_map(|part| Some(part.split_once('}')?.0.to_owned()))
                .collect()
        };
        let (here, there) = (in_path(&told.path), in_path(&said.path));
        // A parameter of the path is the one that stands where it does.
        let translated = |parameter: &Parameter<Tree>| -> String {
            let at = here.iter().position(|name| *name == parameter.name);
            let other = at
                .and_then(|at| there.get(at))
                .filter(|_| parameter.place == "path");
            other.unwrap_or(&parameter.name).clone()
        };
        let is = |place: &str, name: &str, it: &Parameter<Node<'_>>| {
            let same = if place == "header" {
                it.name.eq_ignore_ascii_case(name)
            } else {
                it.name == name
            };
            same && it.place == place
        };
        let mut used = vec![false; said.parameters.len()];
        let mut missing = Vec::new();
        for parameter in &told.parameters {
            let name = translated(parameter);
            let found = said
                .parameters
                .iter()
                .position(|it| is(&parameter.place, &name, it));
            match found.and_then(|at| Some((at, said.parameters.get(at)?))) {
                Some((at, other)) => {
                    used[at] = true;
                    self.parameter(parameter, other);
                }
                None => missing.push(parameter),
            }
        }
        for parameter in missing {
            let fact = format!("{}.{}", parameter.place, parameter.name);
            let name = Name::new(&quote(&parameter.name), &fact);
            let is_key = said.keys.value().is_some_and(|keys| {
                keys.iter().any(|key| {
                    key.place == parameter.place && key.name.eq_ignore_ascii_case(&parameter.name)
                })
            });
            if is_key {
                continue;
            }
            let moved = said.parameters.iter().enumerate();
            let mut moved = moved.filter(|(at, it)| !used[*at] && it.name == parameter.name);
            if let Some((at, other)) = moved.next() {
                used[at] = true;
                let message = format!(
                    "the parameter {} is in the {} in the document and in the {} on the page",
                    name.noun,
                    part(&other.place),
                    part(&parameter.place)
                );
                let edit = edits::set(&other.at.pointer, format!("in: {}", parameter.place));
                let places = (&other.at, &parameter.at);
                self.add(
                    &rules::PARAMETER_PLACE,
                    Impact::Breaking,
                    &name,
                    message,
                    places,
                    edit,
                );
                self.parameter(parameter, other);
                continue;
            }
            let message = format!(
                "the parameter {} in the {} is on the page, and not in the document",
                name.noun,
                part(&parameter.place)
            );
            let severity = if parameter.required == Some(true) {
                Impact::Breaking
            } else {
                Impact::Compatible
            };
            let text = |text: &str| Value::from(text);
            let mut lines = vec![
                "parameters:".to_owned(),
                format!("  - {}", edits::member("name", &text(&parameter.name))),
                format!("    in: {}", parameter.place),
            ];
            if parameter.required == Some(true) {
                lines.push("    required: true".to_owned());
            }
            let below = edits::below("schema", &parameter.shape, 0);
            lines.extend(below.into_iter().map(|line| format!("    {line}")));
            let edit = edits::set(&said.at.pointer, lines.join("\n"));
            let places = (&said.at, &parameter.at);
            self.add(
                &rules::PARAMETER_MISSING,
                severity,
                &name,
                message,
                places,
                edit,
            );
        }
        if !told.parameters_whole {
            return;
        }
        for (at, parameter) in said.parameters.iter().enumerate() {
            if used[at] {
                continue;
            }
            let fact = format!("{}.{}", parameter.place, parameter.name);
            let name = Name::new(&quote(&parameter.name), &fact);
            let message = format!(
                "the parameter {} in the {} is in the document, and not on the page",
                name.noun,
                part(&parameter.place)
            );
            let places = (&parameter.at, &told.at);
            let edit = edits::remove(&parameter.at.pointer);
            self.add(
                &rules::PARAMETER_NOT_DOCUMENTED,
                Impact::Notable,
                &name,
                message,
                places,
                edit,
            );
        }
    }

    fn parameter(&mut self, told: &Parameter<Tree>, said: &Parameter<Node<'_>>) {
        let fact = format!("{}.{}", told.place, told.name);
        let name = Name::new(&quote(&told.name), &fact);
        if let (Some(page), Some(document)) = (told.required, said.required)
            && page != document
        {
            if document && told.shape.0.ends_early() {
                return self.lacking(&told.shape.0, &name, [quote("required")]);
            }
            let (message, severity) = if page {
                (
                    "is required on the page, and not in the document",
                    Impact::Breaking,
                )
            } else {
                (
                    "is required in the document, and not on the page",
                    Impact::Compatible,
                )
            };
            let message = format!("the parameter {} {message}", name.noun);
            let edit = edits::set(&said.at.pointer, format!("required: {page}"));
            let places = (&said.at, &told.at);
            self.add(
                &rules::REQUIRED_DIFFERS,
                severity,
                &name,
                message,
                places,
                edit,
            );
        }
        self.value(&told.shape, &said.shape, &name, 0);
    }
}
