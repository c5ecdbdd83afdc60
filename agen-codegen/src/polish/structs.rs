//! Structs with the serde attributes, documentation and constructors that we want, and the aliases
//! that progenitor makes of named strings, arrays and maps.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Item, ItemStruct, parse_quote, visit_mut::VisitMut};

use super::{
    docs, ident, inputs,
    inputs::Input,
    progenitor::Unparsed,
    types::{self, Type},
};
use crate::{
    Settings,
    api::{self, Api, Shape, Type as ApiType},
    name,
    render::Section,
};

#[derive(Default)]
pub(super) struct Structs {
    /// The fields of every struct, by its name.
    pub(super) fields: BTreeMap<String, Fields>,
    /// The types of the variants of a union that have no name, by the union and their field.
    pub(super) carried: BTreeMap<String, BTreeMap<String, Type>>,
    /// What each alias is a name for.
    pub(super) inner: BTreeMap<String, Type>,
    pub(super) summaries: Vec<TypeSummary>,
}

/// The fields of a struct.
pub(super) struct Fields {
    pub(super) named: Vec<Input>,
    /// The map of the fields that the document does not name, where they are kept.
    pub(super) extra: Option<(String, Type)>,
}

/// A type as the surface tells of it.
pub(crate) struct TypeSummary {
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) lines: Vec<String>,
}

/// Adds some of the types that progenitor makes.
pub(super) fn polish(
    made: impl Iterator<Item = Unparsed>,
    carriers: &Carriers<'_>,
    api: &Api,
    settings: &Settings,
    section: &mut Section,
) -> Result<Structs, String> {
    let present = format!("{}::runtime::present", settings.root);
    let mut structs = Structs::default();
    // The `impl` blocks of an alias follow it, and are kept; those of a struct are not.
    let mut in_alias = false;
    for item in made {
        if !in_alias && item.is("impl") {
            continue;
        }
        match item.parse()? {
            Item::Struct(item) => {
                let name = item.ident.to_string();
                in_alias = false;
                section.begin(&name);
                match (api.types.get(&name), carriers.0.get(&name)) {
                    (Some(found), _) if matches!(found.shape, Shape::Struct { .. }) => {
                        structs.add_struct(&name, found, item, api, &present, section)?;
                    }
                    (Some(found), _) if matches!(found.shape, Shape::Alias) => {
                        structs.add_alias(&name, found, item, section)?;
                        in_alias = true;
                    }
                    (None, Some(owner)) => {
                        let named = fields_of(&item)?.into_iter().collect();
                        structs.carried.insert((*owner).to_owned(), named);
                    }
                    _ => {
                        return Err(format!(
                            "progenitor made a type `{name}` that nothing asked for"
                        ));
                    }
                }
            }
            Item::Impl(mut block) => {
                types::Cleaner.visit_item_impl_mut(&mut block);
                section.add_items(vec![Item::Impl(block)])?;
            }
            Item::Mod(_) => in_alias = false,
            _ => return Err("progenitor made a type that is no struct".to_owned()),
        }
    }
    Ok(structs)
}

/// The structs that are for progenitor alone, each with the union that it is for; that for answers is under
/// its own name.
pub(super) struct Carriers<'a>(BTreeMap<String, &'a str>);

impl<'a> Carriers<'a> {
    pub(super) fn new(api: &'a Api) -> Self {
        let of_unions = api.types.keys();
        let of_unions = of_unions.map(|name| (api::carrier(name), name.as_str()));
        let of_answers = api.answers_carrier.iter();
        let of_answers = of_answers.map(|name| (name.clone(), name.as_str()));
        Self(of_unions.chain(of_answers).collect())
    }
}

/// The names and types of the fields of a struct that progenitor made.
fn fields_of(made: &ItemStruct) -> Result<Vec<(String, Type)>, String> {
    let named = made.fields.iter().map(|field| {
        let name = field.ident.as_ref().map(ToString::to_string);
        Ok((name.unwrap_or_default(), Type::read(&field.ty)?))
    });
    named.collect()
}

impl Structs {
    /// Takes what was made elsewhere.
    pub(super) fn append(&mut self, other: Self) {
        self.fields.extend(other.fields);
        self.carried.extend(other.carried);
        self.inner.extend(other.inner);
        self.summaries.extend(other.summaries);
    }

    /// Adds the types that progenitor does not make, since they are other names of some that it made, when
    /// it has made all others.
    pub(super) fn finish(&mut self, api: &Api, section: &mut Section) -> Result<(), String> {
        let made = self.summaries.len();
        let own = api.types.values().filter(|found| !found.by_name);
        let shapes = own.map(|found| &found.shape);
        let expected = shapes
            .filter(|shape| matches!(shape, Shape::Struct { .. } | Shape::Alias))
            .count();
        if made != expected {
            return Err(format!("progenitor made {made} of {expected} types"));
        }
        for (name, found) in &api.types {
            if let Shape::Same(other) = &found.shape {
                section.begin(name);
                self.add_other_name(name, found, other, section)?;
            }
        }
        Ok(())
    }

    fn add_struct(
        &mut self,
        name: &str,
        found: &ApiType,
        made: ItemStruct,
        api: &Api,
        present: &str,
        section: &mut Section,
    ) -> Result<(), String> {
        let Shape::Struct {
            fields,
            keeps_unknown,
        } = &found.shape
        else {
            return Ok(());
        };
        let mut inputs = Vec::new();
        let mut lines = Vec::new();
        let mut extra = None;
        let mut written = Vec::new();
        let reading = if *keeps_unknown {
            Reading::Open
        } else {
            Reading::Derived { present }
        };
        let names = name::fields(fields.keys().map(String::as_str));
        let mut by_number: BTreeMap<String, Type> = fields_of(&made)?.into_iter().collect();
        let mut all: Vec<_> = fields.iter().zip(&names).enumerate().collect();
        all.sort_by_key(|(_, (_, name))| *name);
        for (index, ((wire, field), own)) in all {
            let Some(made) = by_number.remove(&api::numbered(index)) else {
                return Err(format!("progenitor made no field `{wire}` of `{name}`"));
            };
            let mut base = types::without_option(&made).clone();
            // Of a type that holds itself the box can stand around the option.
            if let Some(inner) =
                types::inside("Box", &base).and_then(|inner| types::inside("Option", inner))
            {
                base = inner.clone().in_a("Box");
            }
            let input = Input::new(api, own, wire, "body", base, field);
            let (tokens, shown) = field_tokens(&input, &reading);
            written.push(tokens);
            lines.push(shown);
            inputs.push(input);
        }
        if let Some(ty) = by_number.remove("extra").filter(|_| *keeps_unknown) {
            let free = ["extra", "extra_fields", "unknown_fields"]
                .into_iter()
                .find(|free| !names.iter().any(|name| name == free));
            let name = free.unwrap_or("other_unknown_fields");
            let ident = ident(name);
            written.push(quote! {
                /// Fields that the document does not name, as they came.
                #[serde(flatten)]
                pub #ident: #ty,
            });
            lines.push(format!("{name}: {}", types::show(&ty)));
            extra = Some((name.to_owned(), ty));
        }
        if !by_number.is_empty() || *keeps_unknown != extra.is_some() {
            return Err(format!(
                "progenitor made other fields of `{name}` than the document names"
            ));
        }

        let docs = type_docs(name, found.description.as_deref());
        let deprecated = found.deprecated.then(|| quote!(#[deprecated]));
        let ident = ident(name);
        let derived = matches!(reading, Reading::Derived { .. });
        let deserialize = derived.then(|| quote!(, ::serde::Deserialize));
        let mut items = quote! {
            #docs
            #deprecated
            #[derive(Clone, Debug, PartialEq, ::serde::Serialize #deserialize)]
            #[non_exhaustive]
            pub struct #ident { #(#written)* }
        };
        if let Some((extra, _)) = &extra {
            let extra = super::ident(extra);
            let members = inputs.iter().map(member);
            items.extend(quote!(open_struct!(#ident, unknown = #extra, { #(#members),* });));
        }
        if found.sent {
            let struct_name = inputs::required_name(name, |wanted| api.types.contains_key(wanted));
            let extra = extra.as_ref().map(|(extra, _)| super::ident(extra));
            items.extend(constructor(name, &struct_name, &inputs, extra.as_ref()));
            lines.push(format!(
                "new({})",
                inputs::shown_arguments(&struct_name, &inputs)
            ));
        }
        section.add(items)?;
        self.fields.insert(
            name.to_owned(),
            Fields {
                named: inputs,
                extra,
            },
        );
        self.summaries.push(TypeSummary {
            name: name.to_owned(),
            kind: "struct",
            lines,
        });
        Ok(())
    }

    /// Another name of a type is no type of its own.
    fn add_other_name(
        &mut self,
        name: &str,
        found: &ApiType,
        other: &str,
        section: &mut Section,
    ) -> Result<(), String> {
        let docs = type_docs(name, found.description.as_deref());
        let deprecated = found.deprecated.then(|| quote!(#[deprecated]));
        let (own, of) = (ident(name), ident(other));
        section.add(quote!(#docs #deprecated pub type #own = #of;))?;
        self.summaries.push(TypeSummary {
            name: name.to_owned(),
            kind: "alias",
            lines: vec![other.to_owned()],
        });
        Ok(())
    }

    fn add_alias(
        &mut self,
        name: &str,
        found: &ApiType,
        mut made: ItemStruct,
        section: &mut Section,
    ) -> Result<(), String> {
        let docs = type_docs(name, found.description.as_deref());
        let docs: ItemStruct = parse_quote!(#docs struct Documented;);
        made.attrs
            .retain(|attribute| !attribute.path().is_ident("doc"));
        made.attrs.splice(0..0, docs.attrs);
        let inner = made.fields.iter().next();
        let inner = inner.map(|field| Type::read(&field.ty)).transpose()?;
        types::Cleaner.visit_item_struct_mut(&mut made);
        self.inner
            .extend(inner.clone().map(|inner| (name.to_owned(), inner)));
        let inner = inner.map(|inner| types::show(&inner)).unwrap_or_default();
        let ident = made.ident.clone();
        let mut items = vec![Item::Struct(made)];
        if inner == "String" {
            items.push(parse_quote! {
                impl From<&str> for #ident {
                    fn from(text: &str) -> Self {
                        Self(text.to_owned())
                    }
                }
            });
        }
        section.add_items(items)?;
        self.summaries.push(TypeSummary {
            name: name.to_owned(),
            kind: "alias",
            lines: vec![inner],
        });
        Ok(())
    }
}

/// How a struct is read.
enum Reading<'a> {
    /// By serde's derive, with the path of the runtime's `present`.
    Derived { present: &'a str },
    /// By the runtime's `open_struct!`, since it keeps unknown members.
    Open,
}

/// A field as `open_struct!` takes it.
fn member(input: &Input) -> TokenStream {
    let (wire, ident) = (&input.wire, ident(&input.name));
    let presence = match &input.field {
        field if field.required => quote!(required),
        field if field.nullable || field.any => quote!(present),
        _ => quote!(optional),
    };
    quote!(#wire => #presence #ident)
}

/// A field as it is written, and as the surface shows it.
fn field_tokens(input: &Input, reading: &Reading<'_>) -> (TokenStream, String) {
    let Input {
        name, wire, field, ..
    } = input;
    let docs = input.field_docs();
    let ident = ident(name);
    // What can be anything can be null without an `Option`.
    let nullable = field.nullable && !field.any;
    let mut ty = input.base.clone();
    if nullable {
        ty = ty.in_a("Option");
    }
    if !field.required {
        ty = ty.in_a("Option");
    }
    let rename = (wire != name).then(|| quote!(rename = #wire,));
    let read = match reading {
        Reading::Open => quote!(),
        Reading::Derived { .. } if field.required && nullable => {
            quote!(deserialize_with = "::serde::Deserialize::deserialize",)
        }
        Reading::Derived { .. } if field.required => quote!(),
        Reading::Derived { present } if field.nullable || field.any => {
            quote!(default, deserialize_with = #present,)
        }
        Reading::Derived { .. } => quote!(default,),
    };
    let written = (!field.required).then(|| quote!(skip_serializing_if = "Option::is_none"));
    let options = quote!(#rename #read #written);
    let serde = (!options.is_empty()).then(|| quote!(#[serde(#options)]));
    let shown = format!("{}: {}", name, types::show(&ty));
    (quote!(#docs #serde pub #ident: #ty,), shown)
}

/// `new` with what is required, and a setter for each of the rest.
fn constructor(
    name: &str,
    struct_name: &str,
    inputs: &[Input],
    extra: Option<&proc_macro2::Ident>,
) -> TokenStream {
    let arguments: Vec<&Input> = inputs.iter().filter(|input| input.is_argument()).collect();
    let required = inputs::required(name, struct_name, &arguments);
    let values = initial(inputs, &required.values);
    let extra = extra.map(|extra| quote!(#extra: Default::default(),));
    let parameters = &required.parameters;
    let setters = inputs
        .iter()
        .filter(|input| !input.field.required)
        .map(|input| {
            let field = ident(&input.name);
            let mut input = input.clone();
            if input.name == "new" {
                input.name.push('_');
            }
            let setter = input.setter(&quote!(self.#field));
            quote!(#[must_use] #setter)
        });
    let docs = docs::raw(&format!(
        "A `{name}` of what is required; nothing else is set."
    ));
    let definition = required.definition;
    let name = ident(name);
    let default = arguments.is_empty().then(|| {
        quote! {
            impl Default for #name {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    quote! {
        #default
        impl #name {
            #docs
            pub fn new(#parameters) -> Self {
                Self { #values #extra }
            }
            #(#setters)*
        }
        #definition
    }
}

/// The fields of a struct of which only the required values are set.
pub(super) fn initial(inputs: &[Input], required: &[TokenStream]) -> TokenStream {
    let mut required = required.iter();
    let fields = inputs.iter().map(|input| {
        let field = ident(&input.name);
        let value = match input.constant() {
            Some(constant) => constant,
            None if input.field.required => required.next().cloned().unwrap_or_default(),
            None => quote!(None),
        };
        super::field_value(&field, &value)
    });
    quote!(#(#fields)*)
}

/// Documentation of a type: its description, or its name where it has none.
pub(super) fn type_docs(name: &str, description: Option<&str>) -> TokenStream {
    let described = description.and_then(docs::attributes);
    described.unwrap_or_else(|| docs::raw(&format!("`{name}`; the document does not describe it.")))
}
