//! Whether properties are there: new ones, those that are gone, required ones, and those that travel in one
//! direction only.

use std::ops::Range;

use super::{Place, Schemas, View, view::Required};
use crate::{
    diagnostic::quote,
    document::Node,
    review::{
        ReviewRule, compare, names,
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
    REQUEST_REQUIRED_NOT_READ Compatible "request-required-property-became-not-read-only"
        "a required property is not readOnly any more"
        "that it has to be sent now is another finding";
    REQUEST_OPTIONAL_WRITE Compatible "request-optional-property-became-write-only"
        "an optional property of a request does not come back any more"
        "it can be sent as before";
    REQUEST_OPTIONAL_NOT_WRITE Compatible "request-optional-property-became-not-write-only"
        "an optional property of a request can come back"
        "it can be sent as before";
    REQUEST_REQUIRED_WRITE Compatible "request-required-property-became-write-only"
        "a required property of a request does not come back any more"
        "it is sent as before";
    REQUEST_REQUIRED_NOT_WRITE Compatible "request-required-property-became-not-write-only"
        "a required property of a request can come back"
        "it is sent as before";
    RESPONSE_OPTIONAL_WRITE Compatible "response-optional-property-became-write-only"
        "an optional property does not come in a response any more"
        "clients have to do without it already";
    RESPONSE_OPTIONAL_NOT_WRITE Compatible "response-optional-property-became-not-write-only"
        "an optional property comes in a response"
        "clients pass over properties that they do not know";
    RESPONSE_REQUIRED_WRITE Compatible "response-required-property-became-write-only"
        "a required property is writeOnly"
        "that it does not come any more is another finding";
    RESPONSE_REQUIRED_NOT_WRITE Notable "response-required-property-became-not-write-only"
        "a required property comes in a response"
        "what was only ever sent, such as a password, is received, and may be logged or kept";
    RESPONSE_OPTIONAL_READ Compatible "response-optional-property-became-read-only"
        "an optional property of a response is not to be sent any more"
        "it comes as before";
    RESPONSE_OPTIONAL_NOT_READ Compatible "response-optional-property-became-not-read-only"
        "an optional property of a response can be sent"
        "it comes as before";
    RESPONSE_REQUIRED_READ Compatible "response-required-property-became-read-only"
        "a required property of a response is not to be sent any more"
        "it comes as before";
    RESPONSE_REQUIRED_NOT_READ Compatible "response-required-property-became-not-read-only"
        "a required property of a response can be sent"
        "it comes as before";

    HEADER_NEW_REQUIRED Breaking "new-required-request-header-property"
        "a required property of a header of a request is new"
        "a request without it, as clients send it today, is refused";
    HEADER_REQUIRED Breaking "request-header-property-became-required"
        "a property of a header of a request has become required"
        "a request without it was taken and is refused";
    WRITE_ONLY_BECAME_REQUIRED Compatible "response-write-only-property-became-required"
        "a writeOnly property of a response has become required"
        "it does not come";
    WRITE_ONLY_BECAME_OPTIONAL Compatible "response-write-only-property-became-optional"
        "a writeOnly property of a response is not required any more"
        "it does not come";
    WRITE_ONLY_NEW_REQUIRED Compatible "response-required-write-only-property-added"
        "a required property of a response is new, and writeOnly"
        "it does not come";
    WRITE_ONLY_NEW_OPTIONAL Compatible "response-optional-write-only-property-added"
        "an optional property of a response is new, and writeOnly"
        "it does not come";
    WRITE_ONLY_REMOVED Compatible "response-required-write-only-property-removed"
        "a required property of a response is gone that was writeOnly"
        "it did not come";
    WRITE_ONLY_OPTIONAL_REMOVED Compatible "response-optional-write-only-property-removed"
        "an optional property of a response is gone that was writeOnly"
        "it did not come";
}

/// Which of two things a schema says of a property, by the direction in which it then does not travel.
#[derive(Clone, Copy)]
pub(super) enum Only {
    Read,
    Write,
}

impl Only {
    pub(super) const BOTH: [Self; 2] = [Self::Read, Self::Write];

    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Read => "readOnly",
            Self::Write => "writeOnly",
        }
    }

    /// What keeps a value from travelling in a direction.
    pub(super) fn silencing(direction: Direction) -> Self {
        match direction {
            Direction::Request => Self::Read,
            Direction::Response => Self::Write,
        }
    }
}

impl<'a> Schemas<'_, 'a> {
    /// A property has become required, or optional. `required` is what either side requires.
    pub(super) fn requirement(
        &mut self,
        name: &str,
        required: [&Required<'a>; 2],
        at: [&Node<'a>; 2],
        has_default: bool,
    ) {
        let now = required[1].contains_key(name);
        let rule = match (self.context.place.direction(), now) {
            (Direction::Request, true) if has_default => &REQUEST_REQUIRED_DEFAULT,
            (Direction::Request, true) => &REQUEST_REQUIRED,
            (Direction::Request, false) => &REQUEST_OPTIONAL,
            (Direction::Response, true) => &RESPONSE_REQUIRED,
            (Direction::Response, false) => &RESPONSE_OPTIONAL,
        };
        let what = if now {
            "has become required"
        } else {
            "is not required any more"
        };
        // What differs is the list of names, and not the property.
        let shown = [
            self.base.requires(required[0], name),
            self.head.requires(required[1], name),
        ];
        self.noted(rule, name, [Some(at[0]), Some(at[1])], shown, what);
    }

    /// A property is readOnly or writeOnly, or is not any more.
    pub(super) fn travel(
        &mut self,
        name: &str,
        at: [&Node<'a>; 2],
        required: [bool; 2],
        (only, now): (Only, bool),
    ) {
        let direction = self.context.place.direction();
        let rule = match (direction, only, required[1], now) {
            (Direction::Request, Only::Read, false, true) => &REQUEST_OPTIONAL_READ,
            (Direction::Request, Only::Read, false, false) => &REQUEST_OPTIONAL_NOT_READ,
            (Direction::Request, Only::Read, true, true) => &REQUEST_REQUIRED_READ,
            (Direction::Request, Only::Read, true, false) => &REQUEST_REQUIRED_NOT_READ,
            (Direction::Request, Only::Write, false, true) => &REQUEST_OPTIONAL_WRITE,
            (Direction::Request, Only::Write, false, false) => &REQUEST_OPTIONAL_NOT_WRITE,
            (Direction::Request, Only::Write, true, true) => &REQUEST_REQUIRED_WRITE,
            (Direction::Request, Only::Write, true, false) => &REQUEST_REQUIRED_NOT_WRITE,
            (Direction::Response, Only::Read, false, true) => &RESPONSE_OPTIONAL_READ,
            (Direction::Response, Only::Read, false, false) => &RESPONSE_OPTIONAL_NOT_READ,
            (Direction::Response, Only::Read, true, true) => &RESPONSE_REQUIRED_READ,
            (Direction::Response, Only::Read, true, false) => &RESPONSE_REQUIRED_NOT_READ,
            (Direction::Response, Only::Write, false, true) => &RESPONSE_OPTIONAL_WRITE,
            (Direction::Response, Only::Write, false, false) => &RESPONSE_OPTIONAL_NOT_WRITE,
            (Direction::Response, Only::Write, true, true) => &RESPONSE_REQUIRED_WRITE,
            (Direction::Response, Only::Write, true, false) => &RESPONSE_REQUIRED_NOT_WRITE,
        };
        let places = [Some(at[0]), Some(at[1])];
        let key = only.key();
        let what = if now {
            format!("is {key}")
        } else {
            format!("is not {key} any more")
        };
        self.presence(rule, name, places, &what);
        match (direction, only, now) {
            (Direction::Request, Only::Read, false) if required == [true, true] => {
                let what = "has to be sent, since it is not readOnly any more";
                self.presence(&REQUEST_REQUIRED, name, places, what);
            }
            (Direction::Response, Only::Write, true) if required[0] => {
                let what = "does not come any more, since it is writeOnly";
                self.presence(&RESPONSE_REMOVED, name, places, what);
            }
            _ => {}
        }
    }

    /// A property is gone, or has another name now.
    pub(super) fn removed(
        &mut self,
        name: &str,
        property: &Node<'a>,
        required: bool,
        now: Option<&str>,
    ) {
        let rule = match (self.context.place.direction(), required) {
            (Direction::Request, _) => &REQUEST_REMOVED,
            (Direction::Response, true) => &RESPONSE_REMOVED,
            (Direction::Response, false) => &RESPONSE_OPTIONAL_REMOVED,
        };
        let now = now.map(|now| format!("; {} stands in its place", quote(now)));
        let what = format!("is gone{}", now.unwrap_or_default());
        self.alone(rule, name, property, [Some(property), None], &what);
    }

    /// A property is new, or had another name before.
    pub(super) fn added(
        &mut self,
        name: &str,
        property: &Node<'a>,
        required: bool,
        before: Option<&str>,
    ) {
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
        let before = before.map(|before| format!("; it stands in the place of {}", quote(before)));
        let what = format!("is new, and {kind}{}", before.unwrap_or_default());
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
        let key = Only::silencing(self.context.place.direction()).key();
        let schema = property.resolve();
        let silent = self.context.silent;
        self.context.silent |= schema.is_some_and(|schema| View::new(&schema).flag(key));
        self.presence(rule, name, places, what);
        self.context.silent = silent;
    }

    fn presence(
        &mut self,
        rule: &'static ReviewRule,
        name: &str,
        places: [Option<&Node<'a>>; 2],
        what: &str,
    ) {
        self.noted(rule, name, places, [None, None], what);
    }

    /// Notes what is said of a property as part of its object.
    fn noted(
        &mut self,
        rule: &'static ReviewRule,
        name: &str,
        places: [Option<&Node<'a>>; 2],
        shown: [Option<Range<usize>>; 2],
        what: &str,
    ) {
        let full = |owner: String| {
            if owner.is_empty() || owner.ends_with('.') {
                quote(&format!("{owner}{name}"))
            } else {
                quote(&format!("{owner}.{name}"))
            }
        };
        let documents = [self.comparison.base, self.comparison.head];
        let pointers = [&self.base, &self.head].map(|view| &*view.node.pointer);
        let full = match places {
            [Some(_), None] => full(names::schema(documents[0], pointers[0])),
            [None, _] => full(names::schema(documents[1], pointers[1])),
            [Some(_), Some(_)] => names::pair(documents, pointers, full),
        };
        let direction = match self.context.place {
            Place::RequestParameter | Place::ParameterProperty => "parameter",
            place => match place.direction() {
                Direction::Request => "request",
                Direction::Response => "response",
            },
        };
        let message = format!("the {direction} property {full} {what}");
        let header = self.context.header.then(|| of_header(rule));
        let silent = self.context.silent.then(|| of_silent(rule));
        let change = compare::Change {
            name: rule.id,
            rule: header.or(silent).flatten().unwrap_or(rule),
            rank: self.rank(),
            severity: self.weight(rule.severity),
            places,
            shown,
            message,
        };
        self.comparison.add(self.step, change);
    }
}

/// What a rule is called inside of a header that a client sends.
fn of_header(rule: &'static ReviewRule) -> Option<&'static ReviewRule> {
    let names = [
        (&REQUEST_NEW_REQUIRED, &HEADER_NEW_REQUIRED),
        (&REQUEST_REQUIRED, &HEADER_REQUIRED),
    ];
    counterpart(&names, rule)
}

/// What a rule is called for a property that does not travel in this direction.
fn of_silent(rule: &'static ReviewRule) -> Option<&'static ReviewRule> {
    let names = [
        (&RESPONSE_REQUIRED, &WRITE_ONLY_BECAME_REQUIRED),
        (&RESPONSE_OPTIONAL, &WRITE_ONLY_BECAME_OPTIONAL),
        (&RESPONSE_NEW_REQUIRED, &WRITE_ONLY_NEW_REQUIRED),
        (&RESPONSE_NEW_OPTIONAL, &WRITE_ONLY_NEW_OPTIONAL),
        (&RESPONSE_REMOVED, &WRITE_ONLY_REMOVED),
        (&RESPONSE_OPTIONAL_REMOVED, &WRITE_ONLY_OPTIONAL_REMOVED),
    ];
    counterpart(&names, rule)
}

fn counterpart(
    names: &[(&'static ReviewRule, &'static ReviewRule)],
    rule: &'static ReviewRule,
) -> Option<&'static ReviewRule> {
    let mut names = names.iter();
    let found = names.find(|(general, _)| std::ptr::eq(*general, rule));
    found.map(|(_, own)| *own)
}
