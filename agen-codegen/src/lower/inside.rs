//! References into the inside of something: to a schema that is no component.
//!
//! Such a schema has one type, the one that it has where it stands. Whoever comes first gives it its name,
//! the reference or the place, and both give it the same one. A reference never goes on into what it leads
//! to: that would go as deep as there are references.

use super::{
    form::{Form, form},
    operations::call_names,
    reading::is_nullable,
    schemas::{Context, Schemas, component_name, set_nullable},
};
use crate::{
    document::{Node, reference_pointer, unescape},
    name::Case,
    value::{Value, json},
};

/// The type of a schema inside of something.
pub(super) struct Inner {
    rust: String,
    defined: bool,
    /// Whether a reference leads to it, so that it has no other type anywhere.
    shared: bool,
}

/// How many references without a type of their own lead to one another, at most; what is behind them can
/// be anything.
const LONGEST: usize = 8;

/// Where a reference leads.
enum Target<'a> {
    Component(String),
    Inside(Node<'a>),
}

fn target<'a>(node: &Node<'a>) -> Option<Target<'a>> {
    let mut node = node.clone();
    for _ in 0..32 {
        let Some(reference) = node.text("$ref") else {
            return Some(Target::Inside(node));
        };
        if let Some(component) = component_name(reference) {
            return Some(Target::Component(component));
        }
        node = node.document().at(&reference_pointer(reference)?)?;
    }
    None
}

impl<'a> Schemas<'a> {
    /// Lowers a reference that leads to no component at once. One that leads nowhere can be anything.
    pub(super) fn lower_inside(&mut self, node: &Node<'a>) -> Value {
        let Some(target) = target(node) else {
            return json!({});
        };
        let (mut lowered, null) = match target {
            Target::Component(name) => match self.component(&name).map(str::to_owned) {
                Some(rust) => {
                    let null = node.resolve().is_some_and(|found| is_nullable(&found));
                    (self.mention(&rust), null)
                }
                None => return json!({}),
            },
            Target::Inside(found) if Self::is_named(&found) => {
                let rust = self.shared(&found);
                (self.mention(&rust), is_nullable(&found))
            }
            Target::Inside(found) => (self.follow(&found), false),
        };
        if null {
            set_nullable(&mut lowered);
        }
        lowered
    }

    /// The type that a reference means, where that leads to the inside of something, and it has one.
    pub(super) fn inside(&mut self, node: &Node<'a>) -> Option<String> {
        node.text("$ref")?;
        match target(node)? {
            Target::Component(name) => self.component(&name).map(str::to_owned),
            Target::Inside(found) if Self::is_named(&found) => Some(self.shared(&found)),
            Target::Inside(_) => None,
        }
    }

    fn is_named(node: &Node<'a>) -> bool {
        matches!(form(node), Form::Enum(_) | Form::Union(_) | Form::Object(_))
    }

    /// What a reference leads to, where that has no type of its own.
    fn follow(&mut self, node: &Node<'a>) -> Value {
        if self.following.len() == LONGEST || self.following.contains(&node.pointer) {
            return json!({});
        }
        let context = self.context(node);
        self.following.push(node.pointer.clone());
        let lowered = self.lower(node, Context::Named(&context));
        self.following.pop();
        lowered
    }

    /// The type of a schema that a reference leads to; it is defined later, if nothing else does that.
    fn shared(&mut self, node: &Node<'a>) -> String {
        if let Some(inner) = self.inner.get_mut(&node.pointer) {
            inner.shared = true;
            return inner.rust.clone();
        }
        let context = self.context(node);
        self.pending.push(node.clone());
        self.place(node, Context::Named(&context), true)
    }

    /// Lowers a schema with a type of its own where it stands.
    pub(super) fn lower_named(
        &mut self,
        node: &Node<'a>,
        context: Context<'_>,
        form: Form<'a>,
    ) -> Value {
        let behind_reference = !self.following.is_empty();
        let rust = self.place(node, context, behind_reference);
        self.bring(node, &rust);
        let reference = self.mention(&rust);
        if behind_reference {
            self.pending.push(node.clone());
        } else {
            self.define_once(rust, node, form);
        }
        reference
    }

    /// The type of a schema that stands where a type is called by `context`.
    fn place(&mut self, node: &Node<'a>, context: Context<'_>, shared: bool) -> String {
        if let Some(inner) = self.inner.get_mut(&node.pointer) {
            inner.shared |= shared;
            if inner.shared || !self.copies.has_room_for(node.value) {
                return inner.rust.clone();
            }
        }
        let rust = self.unique(&context.name());
        let inner = Inner {
            rust: rust.clone(),
            defined: false,
            shared,
        };
        self.inner.entry(node.pointer.clone()).or_insert(inner);
        rust
    }

    fn define_once(&mut self, rust: String, node: &Node<'a>, form: Form<'a>) {
        if let Some(inner) = self.inner.get_mut(&node.pointer)
            && inner.rust == rust
            && std::mem::replace(&mut inner.defined, true)
        {
            return;
        }
        self.define_as(rust, node, form);
    }

    /// Defines the types that references lead to, and that stand nowhere else in the client.
    pub(super) fn define_pending(&mut self) {
        while let Some(node) = self.pending.pop() {
            if let Some(inner) = self.inner.get(&node.pointer) {
                self.copies.site.clone_from(&node.pointer);
                self.define_once(inner.rust.clone(), &node, form(&node));
            }
        }
    }

    /// What a type is called where a schema stands, by what it stands in.
    fn context(&self, node: &Node<'a>) -> String {
        let keys: Vec<_> = node.pointer.split('/').skip(1).map(unescape).collect();
        let keys: Vec<&str> = keys.iter().map(|key| &**key).collect();
        let (mut name, rest) = match keys.as_slice() {
            ["components", "schemas", name, rest @ ..] => {
                (self.component(name).unwrap_or_default().to_owned(), rest)
            }
            ["components", _, name, rest @ ..] => (Case::Pascal.plain(name), rest),
            ["paths", path, method, rest @ ..] => match self.call_type(path, method) {
                Some(name) => (name, rest),
                None => (Case::Pascal.plain(path), &keys[2..]),
            },
            all => (String::new(), all),
        };
        let mut rest = rest.iter().copied();
        while let Some(key) = rest.next() {
            match key {
                "properties" | "parameters" => {
                    name.push_str(&Case::Pascal.plain(rest.next().unwrap_or_default()));
                }
                "items" => name.push_str("Item"),
                "additionalProperties" => name.push_str("Value"),
                "requestBody" => name.push_str("Body"),
                "responses" => {
                    name.push_str("Response");
                    let status = rest.next().unwrap_or_default();
                    name.push_str(
                        Some(status)
                            .filter(|status| !status.starts_with('2'))
                            .unwrap_or_default(),
                    );
                }
                // A definition is called by its own name, as a component is.
                "$defs" | "definitions" => {
                    name = Case::Pascal.plain(rest.next().unwrap_or_default());
                }
                "allOf" | "oneOf" | "anyOf" | "content" => drop(rest.next()),
                "schema" => {}
                other => name.push_str(&Case::Pascal.plain(other)),
            }
        }
        name
    }

    /// The name of the type of an operation's call.
    fn call_type(&self, path: &str, method: &str) -> Option<String> {
        let operation = self.document.root().get("paths")?.get(path)?.get(method)?;
        call_names(operation.text("operationId")?).map(|(_, builder)| builder)
    }
}
