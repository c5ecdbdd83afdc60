//! What a caller can name of a client: read off the items that `polish` writes, before they become text.
//!
//! The review compares these, so what it says of a client is what the client has.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Attribute, Fields, FnArg, GenericArgument, ImplItem, Item, ItemImpl, Meta, Pat, PathArguments,
    ReceiverKind, ReturnType, Type, Visibility,
};

use crate::polish::spelled;

/// Types by their names, with what a caller can name of each.
pub(crate) type Group = BTreeMap<String, Declared>;

/// A type, or one of the runtime to which the client adds functions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Declared {
    /// How it is made; nothing where the runtime has it.
    pub(crate) form: Option<Form>,
    pub(crate) deprecated: bool,
    pub(crate) functions: BTreeMap<String, Function>,
    /// The traits that it implements, and `From<..> for ..` of other types that are made of it.
    pub(crate) traits: BTreeSet<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Struct {
        /// The public ones, by name; of a tuple, by number.
        fields: BTreeMap<String, String>,
        /// Whether a caller can write it as a literal, so that every new field breaks.
        literal: bool,
        /// Whether it has fields without names.
        tuple: bool,
    },
    Enum {
        /// What each variant holds, as it is written behind its name.
        variants: BTreeMap<String, String>,
        /// Whether a caller can match without `_`, so that every new variant breaks.
        exhaustive: bool,
    },
    /// Another name of a type.
    Alias(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Function {
    /// `&self` or `self`; nothing where it is none of a value.
    pub(crate) receiver: &'static str,
    /// Names and types.
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) answer: String,
    pub(crate) is_async: bool,
    pub(crate) deprecated: bool,
}

/// What the macros of the runtime add to the type that they are given first.
const MACROS: [(&str, &[&str]); 6] = [
    ("answer_by_status", &[]),
    ("call_settings", &[]),
    ("error_by_status", &[]),
    (
        "open_enum",
        &[
            "AsRef<str>",
            "Deserialize",
            "Display",
            "From<String>",
            "FromStr",
            "Ord",
            "PartialOrd",
            "Serialize",
        ],
    ),
    ("open_struct", &["Deserialize"]),
    ("open_union", &["Deserialize", "Serialize"]),
];

/// The attributes that say something of what is declared.
const ATTRIBUTES: [&str; 3] = ["deprecated", "derive", "non_exhaustive"];

/// Items without documentation and without the bodies of functions, of which [`read`] reads nothing: to parse
/// them would take more than all the rest.
pub(crate) fn outline(code: TokenStream) -> TokenStream {
    outlined(code, false)
}

fn outlined(code: TokenStream, in_impl: bool) -> TokenStream {
    let mut code = code.into_iter();
    let mut kept: Vec<TokenTree> = Vec::new();
    let mut of_impl = false;
    while let Some(tree) = code.next() {
        match tree {
            TokenTree::Punct(sign) if sign.as_char() == '#' => match code.next() {
                Some(TokenTree::Group(attribute)) if !is_told(&attribute) => {}
                next => kept.extend([Some(sign.into()), next].into_iter().flatten()),
            },
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let inside = if in_impl {
                    TokenStream::new()
                } else {
                    let inside = group.stream();
                    // While the group lives, taking its tokens out would copy them.
                    drop(group);
                    outlined(inside, of_impl)
                };
                kept.push(proc_macro2::Group::new(Delimiter::Brace, inside).into());
                of_impl = false;
            }
            TokenTree::Ident(word) => {
                of_impl |= word == "impl";
                kept.push(word.into());
            }
            tree => {
                of_impl &= !matches!(&tree, TokenTree::Punct(sign) if sign.as_char() == ';');
                kept.push(tree);
            }
        }
    }
    kept.into_iter().collect()
}

fn is_told(attribute: &proc_macro2::Group) -> bool {
    match attribute.stream().into_iter().next() {
        Some(TokenTree::Ident(name)) => ATTRIBUTES.iter().any(|told| name == *told),
        _ => false,
    }
}

/// What items declare, among them those of the type `current`. The error is a fault of this crate: an item
/// that is not looked into.
pub(crate) fn read(items: &[Item], current: &str) -> Result<Group, String> {
    let mut found = Group::new();
    let group = &mut found;
    for item in items {
        match item {
            Item::Struct(item) => {
                let literal = !has(&item.attrs, "non_exhaustive")
                    && item.fields.iter().all(|field| is_public(&field.vis));
                let fields = item.fields.iter().enumerate();
                let fields = fields.filter(|(_, field)| is_public(&field.vis));
                let fields = fields.map(|(index, field)| {
                    let name = field.ident.as_ref().map(ToString::to_string);
                    (
                        name.unwrap_or_else(|| index.to_string()),
                        spelled(&field.ty),
                    )
                });
                let form = Form::Struct {
                    fields: fields.collect(),
                    literal,
                    tuple: matches!(item.fields, Fields::Unnamed(_)),
                };
                declare(group, item.ident.to_string(), &item.attrs, form);
            }
            Item::Enum(item) => {
                let variants = item.variants.iter().map(|variant| {
                    let types = variant.fields.iter().map(|field| match &field.ident {
                        Some(name) => format!("{name}: {}", spelled(&field.ty)),
                        None => spelled(&field.ty),
                    });
                    let types = types.collect::<Vec<_>>().join(", ");
                    let holds = match &variant.fields {
                        Fields::Unit => String::new(),
                        Fields::Unnamed(_) => format!("({types})"),
                        Fields::Named(_) => format!(" {{ {types} }}"),
                    };
                    (variant.ident.to_string(), holds)
                });
                let form = Form::Enum {
                    variants: variants.collect(),
                    exhaustive: !has(&item.attrs, "non_exhaustive"),
                };
                declare(group, item.ident.to_string(), &item.attrs, form);
            }
            Item::Type(item) => {
                let form = Form::Alias(spelled(&item.ty));
                declare(group, item.ident.to_string(), &item.attrs, form);
            }
            Item::Impl(block) => implement(block, current, group)?,
            Item::Macro(item) => {
                let name = item.mac.path.to_token_stream().to_string();
                let adds = MACROS.iter().find(|(known, _)| *known == name);
                let (_, traits) = adds.ok_or_else(|| format!("`{name}!` adds what is unknown"))?;
                let first = item.mac.tokens.clone().into_iter().next();
                let owner = group.entry(first.map(|tree| tree.to_string()).unwrap_or_default());
                let owner = owner.or_default();
                owner
                    .traits
                    .extend(traits.iter().map(|&name| name.to_owned()));
                if name == "error_by_status" {
                    let of = Function {
                        receiver: "",
                        parameters: vec![("error".to_owned(), "&Error".to_owned())],
                        answer: "Option<Self>".to_owned(),
                        is_async: false,
                        deprecated: false,
                    };
                    owner.functions.insert("of".to_owned(), of);
                }
            }
            _ => return Err("the client has an item of a kind that is unknown".to_owned()),
        }
    }
    Ok(found)
}

/// Puts together what several pieces of code declare of the same types.
pub(crate) fn merge(group: &mut Group, other: Group) {
    for (name, found) in other {
        let declared = group.entry(name).or_default();
        declared.form = found.form.or(declared.form.take());
        declared.deprecated |= found.deprecated;
        declared.functions.extend(found.functions);
        declared.traits.extend(found.traits);
    }
}

fn declare(group: &mut Group, name: String, attributes: &[Attribute], form: Form) {
    let declared = group.entry(name).or_default();
    declared.form = Some(form);
    declared.deprecated = has(attributes, "deprecated");
    for attribute in attributes {
        if let Meta::List(list) = &attribute.meta
            && list.path.is_ident("derive")
        {
            let _ = attribute.parse_nested_meta(|derived| {
                let last = derived.path.segments.last();
                declared
                    .traits
                    .extend(last.map(|last| last.ident.to_string()));
                Ok(())
            });
        }
    }
}

fn implement(block: &ItemImpl, current: &str, group: &mut Group) -> Result<(), String> {
    let of = last_name(&block.self_ty).unwrap_or_default();
    let Some((path, _)) = &block.trait_ else {
        let owner = group.entry(of.clone()).or_default();
        for item in &block.items {
            match item {
                ImplItem::Fn(function) if is_public(&function.vis) => {
                    let name = function.sig.ident.to_string();
                    let read = self::function(&function.sig, &function.attrs);
                    owner.functions.insert(name, read);
                }
                ImplItem::Fn(_) => {}
                _ => return Err(format!("`{of}` has a member of a kind that is unknown")),
            }
        }
        return Ok(());
    };
    let Some(last) = path.segments.last() else {
        return Ok(());
    };
    let name = spelled(last);
    let argument = match &last.arguments {
        PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(found) => last_name(found),
                _ => None,
            })
        }
        _ => None,
    };
    // What a type is turned into can be a type of another crate.
    if of != current && argument.is_some_and(|argument| argument == current) {
        let name = format!("{name} for {}", spelled(&block.self_ty));
        let owner = group.entry(current.to_owned()).or_default();
        owner.traits.insert(name);
    } else {
        group.entry(of).or_default().traits.insert(name);
    }
    Ok(())
}

fn function(signature: &syn::Signature, attributes: &[Attribute]) -> Function {
    let mut receiver = "";
    let mut parameters = Vec::new();
    for input in &signature.inputs {
        match input {
            FnArg::Receiver(found) if matches!(found.kind, ReceiverKind::Reference(..)) => {
                receiver = "&self"
            }
            FnArg::Receiver(_) => receiver = "self",
            FnArg::Typed(typed) => {
                let name = match &*typed.pat {
                    Pat::Ident(name) => name.ident.to_string(),
                    other => spelled(other),
                };
                parameters.push((name, spelled(&typed.ty)));
            }
        }
    }
    Function {
        receiver,
        parameters,
        answer: match &signature.output {
            ReturnType::Default => "()".to_owned(),
            ReturnType::Type(_, answer) => spelled(answer),
        },
        is_async: signature.asyncness.is_some(),
        deprecated: has(attributes, "deprecated"),
    }
}

/// The last name of the path of a type, without its arguments.
fn last_name(of: &Type) -> Option<String> {
    match of {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        Type::Reference(reference) => last_name(&reference.elem),
        _ => None,
    }
}

fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.path().is_ident(name))
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

impl Function {
    /// How it is declared.
    pub(crate) fn shown(&self, name: &str) -> String {
        let receiver = (!self.receiver.is_empty()).then(|| self.receiver.to_owned());
        let parameters = self.parameters.iter();
        let parameters = parameters.map(|(name, ty)| format!("{name}: {ty}"));
        let all: Vec<String> = receiver.into_iter().chain(parameters).collect();
        let asynchronous = if self.is_async { "async " } else { "" };
        let answer = match self.answer.as_str() {
            "()" => String::new(),
            answer => format!(" -> {answer}"),
        };
        format!("pub {asynchronous}fn {name}({}){answer}", all.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use quote::ToTokens;
    use syn::Item;

    use super::{outline, read};
    use crate::{Settings, Source, generate};

    #[test]
    fn an_outline_declares_what_the_code_declares() {
        let documents = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/documents");
        let mut functions = 0;
        for entry in fs::read_dir(documents).expect("there are documents") {
            let text = fs::read_to_string(entry.expect("it can be listed").path());
            let source = Source {
                name: "document",
                text: &text.expect("it can be read"),
            };
            let settings = Settings {
                skip_broken: true,
                ..Settings::default()
            };
            let output = generate(&source, &settings).output;
            for file in output.expect("most of it is sound").files.values() {
                let file = syn::parse_file(file).expect("it is Rust");
                let is_declared =
                    |item: &Item| !matches!(item, Item::Use(_) | Item::Mod(_) | Item::Const(_));
                for item in file.items.into_iter().filter(is_declared) {
                    let outlined: syn::File =
                        syn::parse2(outline(item.to_token_stream())).expect("it is Rust still");
                    let whole = read(&[item], "").expect("every kind of item is known");
                    let declared = whole.values().map(|declared| declared.functions.len());
                    functions += declared.sum::<usize>();
                    assert_eq!(read(&outlined.items, ""), Ok(whole));
                }
            }
        }
        assert!(functions > 500, "only {functions} were compared");
    }
}
