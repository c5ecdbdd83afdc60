//! One of the two clients: what its callers can name, and where in the document it comes from.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Settings, THREADS,
    api::{Api, Shape},
    declarations::{self, Declared, Form, Group},
    document::push_segment,
    lower::Lowered,
    name, polish,
};

/// The client of a document.
#[derive(Default)]
pub(super) struct Client {
    /// In the order of their paths and methods.
    pub(super) operations: Vec<Operation>,
    /// By name.
    pub(super) types: BTreeMap<String, Typed>,
    /// The structs of required values of the types.
    pub(super) required: Group,
}

/// What a caller can name of an operation.
pub(super) struct Operation {
    /// JSON pointer of the operation.
    pub(super) pointer: String,
    /// Name of the method of the client.
    pub(super) name: String,
    /// Name of the type of the call.
    pub(super) builder: String,
    pub(super) method: String,
    pub(super) path: String,
    /// The pointers of the values that a caller gives, by their Rust names, where they have any.
    inputs: BTreeMap<String, String>,
    /// The method of the client, the type of the call, and the types beside it.
    pub(super) declared: Group,
    pub(super) mock: Group,
}

/// A type of the document.
pub(super) struct Typed {
    pub(super) declared: Declared,
    /// JSON pointer of its schema.
    pub(super) pointer: String,
    /// Those of its fields and variants, by their Rust names, where they have any.
    pub(super) members: BTreeMap<String, String>,
}

impl Operation {
    /// The pointer of the value that a caller gives under a name; that of the operation where there is none.
    pub(super) fn input(&self, name: &str) -> &str {
        self.inputs.get(name).unwrap_or(&self.pointer)
    }

    pub(super) fn answers(&self) -> String {
        format!("{}/responses", self.pointer)
    }

    /// A type beside the call, or the call itself.
    pub(super) fn of(&self, name: &str) -> Option<&Declared> {
        self.declared.get(name)
    }
}

impl Typed {
    pub(super) fn member(&self, name: &str) -> &str {
        self.members.get(name).unwrap_or(&self.pointer)
    }
}

/// The client of a lowered document. The error is a fault of the generator.
pub(super) fn client(lowered: Lowered, settings: &Settings) -> Result<Client, String> {
    // The other client is made at the same time: where that has less to make, this one has both cores.
    let way = polish::Way {
        settings,
        declaring: true,
        threads: THREADS,
    };
    let (made, api) = polish::polish(lowered, way, &|call| call)?;
    let calls = made.calls;
    let (declared, mocks, mut types) = made.files.declared();
    // Of mocks come those of the operations, in their order, and then the samples of types.
    let mut mocks = mocks.into_iter();
    let operations = calls.into_iter().zip(declared).map(|(call, declared)| {
        let mock = mocks.next().unwrap_or_default();
        let inputs = call.inputs.into_iter();
        let inputs = inputs.map(|input| (input.name, input.field.pointer));
        Operation {
            pointer: call.pointer,
            name: call.name,
            builder: call.builder,
            method: call.method,
            path: call.path,
            inputs: inputs.filter(|(_, pointer)| !pointer.is_empty()).collect(),
            declared,
            mock,
        }
    });
    let operations = operations.collect();
    for samples in mocks {
        declarations::merge(&mut types, samples);
    }
    let (types, required): (Group, Group) = types
        .into_iter()
        .partition(|(name, _)| api.types.contains_key(name));
    let types = types.into_iter().map(|(name, declared)| {
        let typed = typed(&api, &name, declared);
        (name, typed)
    });
    Ok(Client {
        operations,
        types: types.collect(),
        required,
    })
}

fn typed(api: &Api, name: &str, declared: Declared) -> Typed {
    let Some(found) = api.types.get(name) else {
        return Typed {
            declared,
            pointer: String::new(),
            members: BTreeMap::new(),
        };
    };
    let mut members = BTreeMap::new();
    match &found.shape {
        Shape::Struct { fields, .. } => {
            let names = name::fields(fields.keys().map(String::as_str));
            for (name, (wire, field)) in names.into_iter().zip(fields) {
                let mut pointer = field.pointer.clone();
                if pointer.is_empty() {
                    pointer = format!("{}/properties", found.pointer);
                    push_segment(&mut pointer, wire);
                }
                members.insert(name, pointer);
            }
        }
        Shape::Enum { values } => {
            for (index, name) in name::variants(name, values).into_iter().enumerate() {
                members.insert(name, format!("{}/enum/{index}", found.pointer));
            }
        }
        Shape::Union(_) | Shape::Alias | Shape::Same(_) => {}
    }
    Typed {
        declared,
        pointer: found.pointer.clone(),
        members,
    }
}

impl Client {
    /// What each transparent alias of a type of the document stands for.
    pub(super) fn aliases(&self) -> BTreeMap<String, String> {
        let aliases = self.types.iter().filter_map(|(name, found)| {
            let Some(Form::Alias(of)) = &found.declared.form else {
                return None;
            };
            Some((name.clone(), of.clone()))
        });
        let aliases: BTreeMap<String, String> = aliases.collect();
        let end = |first: &String| {
            let (mut seen, mut name) = (BTreeSet::new(), first);
            while let Some(next) = aliases.get(name).filter(|next| seen.insert(*next)) {
                name = next;
            }
            name.clone()
        };
        aliases
            .iter()
            .map(|(name, of)| (name.clone(), end(of)))
            .collect()
    }
}
