//! Schemas, at any depth, in the direction in which they are used.

mod bounds;
mod changes;
mod conjuncts;
mod presence;
mod properties;
mod special;
mod types;
mod unions;
mod values;
mod view;

use crate::{diagnostic::quote, document::Node};

use super::{
    Impact, ReviewRule,
    compare::{self, Comparison, Kind, Pair, Step},
    names,
};

pub(super) use changes::rules;
use changes::{Change, Place};
pub(super) use presence::RULES as PROPERTY_RULES;
use view::View;

/// How a schema is used: what a change of it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Context {
    place: Place,
    /// Whether values are written as text, so that `1` is a number as well as a string.
    text: bool,
    /// Whether the value does not travel in this direction, since it is readOnly or writeOnly.
    silent: bool,
    /// Whether it is part of a header that a client sends.
    header: bool,
}

impl Context {
    pub(super) const HEADER: Self = Self::new(Place::ResponseHeader, true);

    const fn new(place: Place, text: bool) -> Self {
        Self {
            place,
            text,
            silent: false,
            header: false,
        }
    }

    /// A parameter, which may be a header.
    pub(super) fn parameter(header: bool) -> Self {
        Self {
            header,
            ..Self::new(Place::RequestParameter, true)
        }
    }

    /// The body of a request.
    pub(super) fn request(text: bool) -> Self {
        Self::new(Place::RequestBody, text)
    }

    /// The body of a response.
    pub(super) fn response(text: bool) -> Self {
        Self::new(Place::ResponseBody, text)
    }

    fn inside(self) -> Self {
        Self {
            place: self.place.inside(),
            ..self
        }
    }
}

/// Has the schemas of two media types compared; of a body that has none it can be told by itself.
pub(super) fn media_type<'a>(
    comparison: &mut Comparison<'a>,
    step: Step,
    base: &Node<'a>,
    head: &Node<'a>,
    context: Context,
) {
    if let (Some(old), Some(new)) = (base.get("schema"), head.get("schema")) {
        comparison.pair(step, Kind::Schema(context), &old, &new);
    }
}

/// Notes that a parameter takes a list of what was its only value, which is written in the same way.
pub(super) fn became_list<'a>(
    comparison: &mut Comparison<'a>,
    step: Step,
    base: &Node<'a>,
    head: &Node<'a>,
    message: String,
) {
    let rule = Change::TypeGeneralized.rule(Place::RequestParameter);
    comparison.found(step, rule, Some(base), Some(head), message);
}

/// The rule for a parameter that is deprecated, or not any more; its schema can say the same.
pub(super) fn deprecated(now: bool) -> &'static ReviewRule {
    let change = if now {
        Change::Deprecated
    } else {
        Change::Reactivated
    };
    change.rule(Place::RequestParameter)
}

/// Two schemas that are compared.
struct Schemas<'c, 'a> {
    comparison: &'c mut Comparison<'a>,
    step: Step,
    context: Context,
    base: View<'a>,
    head: View<'a>,
}

impl<'a> Schemas<'_, 'a> {
    /// Notes a change at two places; where there is none, the schema itself is the place.
    fn change(
        &mut self,
        change: Change,
        base: Option<&Node<'a>>,
        head: Option<&Node<'a>>,
        what: &str,
    ) {
        let place = self.context.place;
        let general = change.rule(place);
        let silent = self
            .context
            .silent
            .then(|| special::of_silent(change, place));
        let header = self
            .context
            .header
            .then(|| special::of_header(change, place));
        let rule = silent.or(header).flatten().unwrap_or(general);
        let message = format!("{} {what}", self.noun());
        let base = base.unwrap_or(&self.base.node);
        let head = head.unwrap_or(&self.head.node);
        let found = compare::Change {
            name: changes::identity(change, place),
            rule,
            rank: self.rank(),
            severity: self.weight(rule.severity),
            places: [Some(base), Some(head)],
            shown: [None, None],
            message,
        };
        self.comparison.add(self.step, found);
    }

    /// Of the places in which a schema is used, the first one names a change, and one in which the value
    /// travels before all others.
    fn rank(&self) -> usize {
        let place = self.context.place as usize;
        if self.context.silent {
            place + 100
        } else {
            place
        }
    }

    /// The severity of a change of a value that may not travel at all.
    fn weight(&self, severity: Impact) -> Impact {
        if self.context.silent {
            Impact::Compatible
        } else {
            severity
        }
    }

    /// Has two schemas inside of these compared.
    fn inside(&mut self, base: &Node<'a>, head: &Node<'a>) {
        let kind = Kind::Schema(self.context.inside());
        self.comparison.pair(self.step, kind, base, head);
    }

    /// The schema as a message names it.
    fn noun(&self) -> String {
        let name = names::schema(self.comparison.head, &self.head.node.pointer);
        let noun = self.context.place.noun();
        if name.is_empty() {
            noun.to_owned()
        } else {
            let documents = [self.comparison.base, self.comparison.head];
            let pointers = [&self.base, &self.head].map(|view| &*view.node.pointer);
            let quoted = names::pair(documents, pointers, |name| quote(&name));
            format!("{noun} {quoted}")
        }
    }
}

/// Compares two schemas.
pub(super) fn compare<'a>(comparison: &mut Comparison<'a>, pair: &Pair<'a>, context: Context) {
    let mut schemas = Schemas {
        comparison,
        step: pair.step,
        context,
        base: View::new(&pair.base),
        head: View::new(&pair.head),
    };
    schemas.deprecation();
    schemas.nullability();
    schemas.default();
    schemas.conjuncts();
    let several = schemas.lists_of_types();
    if !several && schemas.unions() {
        return;
    }
    let differ = !several && schemas.kinds();
    schemas.listed();
    if differ {
        // Of two types that have nothing in common there is no more to say.
        return;
    }
    schemas.pattern();
    schemas.bounds();
    schemas.list();
    schemas.properties();
    schemas.negation();
}
