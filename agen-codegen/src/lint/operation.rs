//! The operations of a document, with the parameters that count for each.

use std::collections::{HashMap, HashSet};

use super::grammar::METHODS;
use crate::{diagnostic::quote, document::Node};

/// An operation, with the parameters of its path item.
pub(crate) struct Operation<'a> {
    pub(crate) method: &'static str,
    pub(crate) path: &'a str,
    pub(crate) node: Node<'a>,
    /// The path item.
    pub(crate) item: Node<'a>,
    /// Each once: the last one of a name and place, and one of its own before one of the path item.
    pub(crate) parameters: Vec<Parameter<'a>>,
    /// Those whose name and place a later one in the same list has.
    pub(crate) replaced: Vec<Parameter<'a>>,
    /// Whether every parameter could be read.
    pub(crate) complete: bool,
}

impl<'a> Operation<'a> {
    /// The operation as a message names it.
    pub(crate) fn title(&self) -> String {
        quote(&format!("{} {}", self.method.to_uppercase(), self.path))
    }

    /// Whether it has a parameter of this place and name.
    pub(crate) fn declares(&self, place: &str, name: &str) -> bool {
        let mut found = self.parameters.iter();
        found.any(|parameter| parameter.place == place && parameter.name == name)
    }
}

/// A parameter that counts for an operation.
pub(crate) struct Parameter<'a> {
    pub(crate) name: &'a str,
    /// The field `in`.
    pub(crate) place: &'a str,
    /// Where it is listed.
    pub(crate) site: Node<'a>,
    /// What it is, after references.
    pub(crate) node: Node<'a>,
}

impl Parameter<'_> {
    /// What only one parameter of an operation has: headers know no case.
    fn key(&self) -> (String, &str) {
        let name = match self.place {
            "header" => self.name.to_ascii_lowercase(),
            _ => self.name.to_owned(),
        };
        (name, self.place)
    }
}

/// Every operation of the document that is an object.
pub(crate) fn operations<'a>(root: &Node<'a>) -> Vec<Operation<'a>> {
    let mut operations = Vec::new();
    for (path, item) in root.members("paths") {
        if path.starts_with("x-") {
            continue;
        }
        for method in METHODS {
            let Some(node) = item.get(method).filter(|node| node.value.is_object()) else {
                continue;
            };
            operations.push(parameters(method, path, &item, node));
        }
    }
    operations
}

/// An operation with the parameters that count for it: those of the path item that it does not replace, and
/// its own.
fn parameters<'a>(
    method: &'static str,
    path: &'a str,
    item: &Node<'a>,
    node: Node<'a>,
) -> Operation<'a> {
    let mut complete = [item, &node].into_iter().all(|node| {
        let list = node.get("parameters");
        list.is_none_or(|list| list.value.is_array())
    });
    let mut replaced = Vec::new();
    let mut read = |owner: &Node<'a>| -> Vec<Parameter<'a>> {
        let parameter = |site: Node<'a>| {
            let node = site.resolve()?;
            Some(Parameter {
                name: node.text("name")?,
                place: node.text("in")?,
                site,
                node,
            })
        };
        let all = owner.elements("parameters").map(parameter);
        let all = all.filter_map(|found| {
            complete &= found.is_some();
            found
        });
        let mut places = HashMap::new();
        let mut kept: Vec<Parameter<'a>> = Vec::new();
        for found in all {
            let key = (found.key().0, found.place);
            match places.get(&key).and_then(|at: &usize| kept.get_mut(*at)) {
                Some(first) => replaced.push(std::mem::replace(first, found)),
                None => {
                    places.insert(key, kept.len());
                    kept.push(found);
                }
            }
        }
        kept
    };
    let own = read(&node);
    let mut parameters = read(item);
    let hidden: HashSet<_> = own.iter().map(Parameter::key).collect();
    parameters.retain(|inherited| !hidden.contains(&inherited.key()));
    drop(hidden);
    parameters.extend(own);
    Operation {
        method,
        path,
        node,
        item: item.clone(),
        parameters,
        replaced,
        complete,
    }
}
