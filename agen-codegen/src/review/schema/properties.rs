//! Properties of objects.

use serde_json::Value;

use super::{Change, Place, Schemas, View};
use crate::{
    diagnostic::quote,
    document::Node,
    review::{
        ReviewRule,
        compare::{self, Kind},
        names,
        rules::{Direction, rules},
    },
};

rules! {
    REQUEST_NEW_REQUIRED Breaking "new-required-request-property"
        "a required property of a request is new"
        "a request without it, as clients send it today, is refused";
    REQUEST_NEW_REQUIRED_DEFAULT Breaking "new-required-request-property-with-default"
        "a required property of a request is new, and has a default"
        "a request without it is not valid; whether the server puts in the default is left open";
    REQUEST_NEW_OPTIONAL Compatible "new-optional-request-property"
        "an optional property of a request is new"
        "a request without it is still taken";
    REQUEST_REMOVED Notable "request-property-removed"
        "a property of a request is gone"
        "a server passes over it, or refuses requests that still have it";
    REQUEST_REQUIRED Breaking "request-property-became-required"
        "a property of a request has become required"
        "a request without it was taken and is refused";
    REQUEST_REQUIRED_DEFAULT Breaking "request-property-became-required-with-default"
        "a property of a request has become required, and has a default"
        "a request without it is not valid; whether the server puts in the default is left open";
    REQUEST_OPTIONAL Compatible "request-property-became-optional"
        "a property of a request is not required any more"
        "a request with it is still taken";
    RESPONSE_NEW_REQUIRED Compatible "response-required-property-added"
        "a property is new that every response has"
        "clients pass over properties that they do not know";
    RESPONSE_NEW_OPTIONAL Compatible "response-optional-property-added"
        "a property is new that a response can have"
        "clients pass over properties that they do not know";
    RESPONSE_REMOVED Breaking "response-required-property-removed"
        "a property is gone that every response had"
        "clients that read it fail";
    RESPONSE_OPTIONAL_REMOVED Compatible "response-optional-property-removed"
        "a property is gone that a response could have"
        "clients have to do without it already";
    RESPONSE_REQUIRED Compatible "response-property-became-required"
        "a property of a response always comes now"
        "clients that do without it go on doing so";
    RESPONSE_OPTIONAL Breaking "response-property-became-optional"
        "a property of a response does not always come any more"
        "clients that read it fail where it is missing";

    REQUEST_OPTIONAL_READ Compatible "request-optional-property-became-read-only"
        "an optional property of a request is not to be sent any more"
        "the specification tells servers to pass over it";
    REQUEST_OPTIONAL_NOT_READ Compatible "request-optional-property-became-not-read-only"
        "an optional property can be sent in a request"
        "a request without it is still taken";
    REQUEST_REQUIRED_READ Compatible "request-required-property-became-read-only"
        "a required property of a request is not to be sent any more"
        "the specification tells servers to pass over it";
    REQUEST_REQUIRED_NOT_READ Breaking "request-required-property-became-not-read-only"
        "a required property has to be sent in a request"
        "a request without it, as clients send it today, is refused";
    RESPONSE_OPTIONAL_WRITE Compatible "response-optional-property-became-write-only"
        "an optional property does not come in a response any more"
        "clients have to do without it already";
    RESPONSE_OPTIONAL_NOT_WRITE Compatible "response-optional-property-became-not-write-only"
        "an optional property comes in a response"
        "clients pass over properties that they do not know";
    RESPONSE_REQUIRED_WRITE Breaking "response-required-property-became-write-only"
        "a required property does not come in a response any more"
        "clients that read it fail";
    RESPONSE_REQUIRED_NOT_WRITE Compatible "response-required-property-became-not-write-only"
        "a required property comes in a response"
        "clients pass over properties that they do not know";
}

/// What a schema says of properties that it does not name.
enum Others<'a> {
    Any,
    Fit(Node<'a>),
    None,
}

fn others<'a>(view: &View<'a>) -> (Option<Node<'a>>, Others<'a>) {
    let Some(node) = view.get("additionalProperties") else {
        return (None, Others::Any);
    };
    let is_anything = |node: &Node<'_>| {
        let schema = node.resolve();
        schema.is_none_or(|schema| schema.value.as_object().is_some_and(|it| it.is_empty()))
    };
    let others = match node.value {
        Value::Bool(false) => Others::None,
        Value::Object(_) if !is_anything(&node) => Others::Fit(node.clone()),
        _ => Others::Any,
    };
    (Some(node), others)
}

impl<'a> Schemas<'_, 'a> {
    pub(super) fn properties(&mut self) {
        let (old, new) = (self.base.properties(), self.head.properties());
        self.comparison.spend(old.len() + new.len());
        let (was, is) = (self.base.required(), self.head.required());
        for (name, property) in &old {
            let required = was.contains_key(name);
            match new.get(name) {
                Some(other) => {
                    let required = [required, is.contains_key(name)];
                    self.property(name, property, other, required);
                }
                None => self.removed(name, property, required),
            }
        }
        for (name, property) in &new {
            if !old.contains_key(name) {
                self.added(name, property, is.contains_key(name));
            }
        }
        // Names that are required and described nowhere.
        let said = |name: &&str| old.contains_key(*name) || new.contains_key(*name);
        for (name, node) in is.iter().filter(|(name, _)| !said(name)) {
            if !was.contains_key(name) {
                let base = self.base.node.clone();
                self.requirement(name, true, [&base, node], &[]);
            }
        }
        for (name, node) in was.iter().filter(|(name, _)| !said(name)) {
            if !is.contains_key(name) {
                let head = self.head.node.clone();
                self.requirement(name, false, [node, &head], &[]);
            }
        }
        self.others();
    }

    /// Compares a property that both have.
    fn property(&mut self, name: &str, base: &Node<'a>, head: &Node<'a>, required: [bool; 2]) {
        let same = self.comparison.same(base, head);
        let mut context = self.context.inside();
        let mut views = Vec::new();
        if !same || required[0] != required[1] {
            let resolved = [base, head].map(Node::resolve);
            views = resolved.iter().flatten().map(View::new).collect();
        }
        if let [old, new] = &views[..] {
            let key = match self.context.place.direction() {
                Direction::Request => "readOnly",
                Direction::Response => "writeOnly",
            };
            let silent = [old, new].map(|view| view.flag(key));
            context.silent |= silent == [true, true];
            if silent[0] != silent[1] {
                self.travel(name, base, head, required, silent[1]);
            }
        }
        if !same {
            let kind = Kind::Schema(context);
            self.comparison.pair(self.step, kind, base, head);
        }
        if required[0] != required[1] {
            let silent = self.context.silent;
            self.context.silent |= context.silent;
            self.requirement(name, required[1], [base, head], &views);
            self.context.silent = silent;
        }
    }

    /// A property has become required, or optional.
    fn requirement(&mut self, name: &str, now: bool, at: [&Node<'a>; 2], views: &[View<'a>]) {
        let has_default = views
            .last()
            .is_some_and(|head| head.get("default").is_some());
        let rule = match (self.context.place.direction(), now, has_default) {
            (Direction::Request, true, true) => &REQUEST_REQUIRED_DEFAULT,
            (Direction::Request, true, false) => &REQUEST_REQUIRED,
            (Direction::Request, false, _) => &REQUEST_OPTIONAL,
            (Direction::Response, true, _) => &RESPONSE_REQUIRED,
            (Direction::Response, false, _) => &RESPONSE_OPTIONAL,
        };
        let what = if now {
            "has become required"
        } else {
            "is not required any more"
        };
        self.presence(rule, name, [Some(at[0]), Some(at[1])], what);
    }

    /// A property is sent, or comes, or does not any more.
    fn travel(
        &mut self,
        name: &str,
        base: &Node<'a>,
        head: &Node<'a>,
        required: [bool; 2],
        now: bool,
    ) {
        let required = required == [true, true];
        let (rule, what) = match (self.context.place.direction(), required, now) {
            (Direction::Request, false, true) => (&REQUEST_OPTIONAL_READ, "is readOnly"),
            (Direction::Request, true, true) => (&REQUEST_REQUIRED_READ, "is readOnly"),
            (Direction::Request, false, false) => {
                (&REQUEST_OPTIONAL_NOT_READ, "is not readOnly any more")
            }
            (Direction::Request, true, false) => {
                (&REQUEST_REQUIRED_NOT_READ, "is not readOnly any more")
            }
            (Direction::Response, false, true) => (&RESPONSE_OPTIONAL_WRITE, "is writeOnly"),
            (Direction::Response, true, true) => (&RESPONSE_REQUIRED_WRITE, "is writeOnly"),
            (Direction::Response, false, false) => {
                (&RESPONSE_OPTIONAL_NOT_WRITE, "is not writeOnly any more")
            }
            (Direction::Response, true, false) => {
                (&RESPONSE_REQUIRED_NOT_WRITE, "is not writeOnly any more")
            }
        };
        self.presence(rule, name, [Some(base), Some(head)], what);
    }

    fn removed(&mut self, name: &str, property: &Node<'a>, required: bool) {
        let rule = match (self.context.place.direction(), required) {
            (Direction::Request, _) => &REQUEST_REMOVED,
            (Direction::Response, true) => &RESPONSE_REMOVED,
            (Direction::Response, false) => &RESPONSE_OPTIONAL_REMOVED,
        };
        self.alone(rule, name, property, [Some(property), None], "is gone");
    }

    fn added(&mut self, name: &str, property: &Node<'a>, required: bool) {
        let has_default = || {
            let schema = property.resolve();
            schema.is_some_and(|schema| View::new(&schema).get("default").is_some())
        };
        let rule = match (self.context.place.direction(), required) {
            (Direction::Request, true) if has_default() => &REQUEST_NEW_REQUIRED_DEFAULT,
            (Direction::Request, true) => &REQUEST_NEW_REQUIRED,
            (Direction::Request, false) => &REQUEST_NEW_OPTIONAL,
            (Direction::Response, true) => &RESPONSE_NEW_REQUIRED,
            (Direction::Response, false) => &RESPONSE_NEW_OPTIONAL,
        };
        let kind = if required { "required" } else { "optional" };
        let what = format!("is new, and {kind}");
        self.alone(rule, name, property, [None, Some(property)], &what);
    }

    /// Notes a property that one side has. It weighs nothing where it does not travel.
    fn alone(
        &mut self,
        rule: &'static ReviewRule,
        name: &str,
        property: &Node<'a>,
        places: [Option<&Node<'a>>; 2],
        what: &str,
    ) {
        let key = match self.context.place.direction() {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        };
        let schema = property.resolve();
        let silent = self.context.silent;
        self.context.silent |= schema.is_some_and(|schema| View::new(&schema).flag(key));
        self.presence(rule, name, places, what);
        self.context.silent = silent;
    }

    /// Notes what is said of a property as part of its object.
    fn presence(
        &mut self,
        rule: &'static ReviewRule,
        name: &str,
        places: [Option<&Node<'a>>; 2],
        what: &str,
    ) {
        let document = self.comparison.head;
        let owner = names::schema(document, &self.head.node.pointer);
        let full = if owner.is_empty() || owner.ends_with('.') {
            format!("{owner}{name}")
        } else {
            format!("{owner}.{name}")
        };
        let direction = match self.context.place {
            Place::RequestParameter | Place::ParameterProperty => "parameter",
            place => match place.direction() {
                Direction::Request => "request",
                Direction::Response => "response",
            },
        };
        let message = format!("the {direction} property {} {what}", quote(&full));
        let change = compare::Change {
            name: rule.id,
            rule,
            rank: self.context.place as usize,
            severity: self.weight(rule.severity),
            places,
            message,
        };
        self.comparison.add(self.step, change);
    }

    /// Compares what is said of properties that have no name.
    fn others(&mut self) {
        let is_object = |view: &View<'_>| view.kind() == Some("object");
        if !is_object(&self.base) || !is_object(&self.head) {
            return;
        }
        let ((old, was), (new, is)) = (others(&self.base), others(&self.head));
        let (change, what) = match (was, is) {
            (Others::Fit(old), Others::Fit(new)) => return self.inside(&old, &new),
            (Others::Any, Others::Any) | (Others::None, Others::None) => return,
            (_, Others::None) => (
                Change::PropertiesForbidden,
                "may not have other properties any more",
            ),
            (Others::None, _) => (Change::PropertiesAllowed, "may have other properties"),
            (Others::Any, Others::Fit(_)) => (
                Change::PropertiesRestricted,
                "may have other properties of one schema only",
            ),
            (Others::Fit(_), Others::Any) => (
                Change::PropertiesGeneralized,
                "may have other properties of any kind",
            ),
        };
        self.change(change, old.as_ref(), new.as_ref(), what);
    }
}
