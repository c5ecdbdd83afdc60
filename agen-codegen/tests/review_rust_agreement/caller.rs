//! A caller that uses everything that a generated client has: it names each type, field, variant and
//! function, with the exact types, as a program against that client can.
//!
//! It is read off the generated files, and knows nothing of how the review reads a client.

use std::{collections::BTreeMap, fmt::Write as _};

use quote::{ToTokens, quote};
use syn::{Fields, FnArg, ImplItem, Item, ReturnType, Type, Visibility, visit_mut::VisitMut};

const HEAD: &str = "#![allow(warnings)]\n";

/// What a file is called from: the names that its texts have.
const MODULES: [(&str, &str); 5] = [
    (
        "operations.rs",
        "use api::{Bytes, Client, Download, Error, Failure, IntoNullableString, ItemStream, Part, StatusCode, types, operations::*};\n",
    ),
    (
        "types/structs.rs",
        "use api::{IntoNullableString, UnknownValue, types::*};\n",
    ),
    ("types/enums.rs", "use api::{UnknownValue, types::*};\n"),
    ("types/unions.rs", "use api::types::*;\n"),
    (
        "mock.rs",
        "use api::{Bytes, IntoNullableString, Part, operations, types, mock::{Mock, MockServer, Sample}};\n",
    ),
];

/// The text of the caller's library.
pub(crate) fn caller(files: &BTreeMap<String, String>) -> String {
    let mut text = HEAD.to_owned();
    for (number, (file, uses)) in MODULES.iter().enumerate() {
        let Some(code) = files.get(*file) else {
            continue;
        };
        let mut writer = Writer::default();
        for item in syn::parse_file(code).unwrap().items {
            writer.item(&item);
        }
        write!(text, "pub mod m{number} {{\n{uses}{}}}\n", writer.text).unwrap();
    }
    text
}

#[derive(Default)]
struct Writer {
    text: String,
    count: usize,
}

/// `Self` is no word outside of an `impl`.
struct Named<'t>(&'t Type);

impl VisitMut for Named<'_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if matches!(ty, Type::Path(path) if path.path.is_ident("Self")) {
            *ty = self.0.clone();
            return;
        }
        syn::visit_mut::visit_type_mut(self, ty);
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// What the derives and macros of the client add.
fn bound(name: &str) -> &str {
    match name {
        "Debug" => "std::fmt::Debug",
        "Display" => "std::fmt::Display",
        "Hash" => "std::hash::Hash",
        "Serialize" => "serde::Serialize",
        "Deserialize" => "serde::de::DeserializeOwned",
        "FromStr" => "std::str::FromStr",
        "AsRef" => "AsRef<str>",
        other => other,
    }
}

impl Writer {
    fn function(&mut self, generics: &str, signature: &str, body: impl ToTokens) {
        let (number, body) = (self.count, body.to_token_stream());
        self.count += 1;
        writeln!(
            self.text,
            "pub fn f{number}{generics}{signature} {{ {body} }}"
        )
        .unwrap();
    }

    fn has(&mut self, of: &str, bounds: &str) {
        let body = format!("fn has<T: {bounds}>() {{}} has::<{of}>()");
        self.function("", "()", body.parse::<proc_macro2::TokenStream>().unwrap());
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Struct(item) => {
                let name = &item.ident;
                let lifetime = !item.generics.params.is_empty();
                let of = if lifetime {
                    format!("{name}<'static>")
                } else {
                    name.to_string()
                };
                self.derives(&of, &item.attrs);
                let public: Vec<_> = item
                    .fields
                    .iter()
                    .filter(|field| is_public(&field.vis))
                    .collect();
                for (index, field) in public.iter().enumerate() {
                    let ty = &field.ty;
                    let signature = format!("(this: {of}) -> {}", quote!(#ty));
                    match &field.ident {
                        Some(field) => self.function("", &signature, quote!(this.#field)),
                        None => {
                            let field = syn::Index::from(index);
                            self.function("", &signature, quote!(this.#field));
                        }
                    }
                }
                let open = item
                    .attrs
                    .iter()
                    .any(|found| found.path().is_ident("non_exhaustive"));
                if !open && public.len() == item.fields.len() {
                    self.literal(item);
                }
            }
            Item::Enum(item) => {
                let name = &item.ident;
                self.derives(&name.to_string(), &item.attrs);
                for variant in &item.variants {
                    let ident = &variant.ident;
                    let types: Vec<_> = variant.fields.iter().map(|field| &field.ty).collect();
                    let places: Vec<_> = (0..types.len())
                        .map(|at| quote::format_ident!("p{at}"))
                        .collect();
                    let value = match &variant.fields {
                        Fields::Unit => quote!(#name::#ident),
                        Fields::Unnamed(_) => quote!(#name::#ident(#(#places),*)),
                        Fields::Named(fields) => {
                            let names = fields.named.iter().map(|field| &field.ident);
                            quote!(#name::#ident { #(#names: #places),* })
                        }
                    };
                    let parameters = quote!(#(#places: #types),*);
                    self.function("", &format!("({parameters}) -> {name}"), &value);
                    let signature = format!("(this: {name}) -> Option<({})>", quote!(#(#types,)*));
                    let body = quote!(match this { #value => Some((#(#places,)*)), _ => None });
                    self.function("", &signature, body);
                }
            }
            Item::Type(item) => {
                let (name, ty) = (&item.ident, &item.ty);
                self.function(
                    "",
                    &format!("(this: {name}) -> {}", quote!(#ty)),
                    quote!(this),
                );
            }
            Item::Impl(block) => self.block(block),
            Item::Macro(item) => {
                let name = item.mac.path.get_ident().unwrap().to_string();
                let of = item
                    .mac
                    .tokens
                    .clone()
                    .into_iter()
                    .next()
                    .unwrap()
                    .to_string();
                let traits: &[&str] = match name.as_str() {
                    "open_enum" => &[
                        "Display",
                        "FromStr",
                        "From<String>",
                        "AsRef",
                        "Ord",
                        "PartialOrd",
                        "Serialize",
                        "Deserialize",
                    ],
                    "open_struct" => &["Deserialize"],
                    "open_union" => &["Serialize", "Deserialize"],
                    "error_by_status" => {
                        let signature = format!("(error: &Error) -> Option<{of}>");
                        let body = format!("{of}::of(error)");
                        self.function(
                            "",
                            &signature,
                            body.parse::<proc_macro2::TokenStream>().unwrap(),
                        );
                        &[]
                    }
                    "call_settings" | "answer_by_status" => &[],
                    other => panic!("`{other}!` is not known"),
                };
                for found in traits {
                    self.has(&of, bound(found));
                }
            }
            Item::Use(_) | Item::Mod(_) => {}
            _ => panic!("an item of a kind that is not known"),
        }
    }

    fn derives(&mut self, of: &str, attributes: &[syn::Attribute]) {
        for attribute in attributes
            .iter()
            .filter(|found| found.path().is_ident("derive"))
        {
            let mut names = Vec::new();
            attribute
                .parse_nested_meta(|found| {
                    names.push(found.path.segments.last().unwrap().ident.to_string());
                    Ok(())
                })
                .unwrap();
            for name in names {
                self.has(of, bound(&name));
            }
        }
    }

    fn literal(&mut self, item: &syn::ItemStruct) {
        let name = &item.ident;
        let types: Vec<_> = item.fields.iter().map(|field| &field.ty).collect();
        let places: Vec<_> = (0..types.len())
            .map(|at| quote::format_ident!("p{at}"))
            .collect();
        let value = match &item.fields {
            Fields::Named(fields) => {
                let names = fields.named.iter().map(|field| &field.ident);
                quote!(#name { #(#names: #places),* })
            }
            _ => quote!(#name(#(#places),*)),
        };
        let parameters = quote!(#(#places: #types),*);
        self.function("", &format!("({parameters}) -> {name}"), &value);
    }

    fn block(&mut self, block: &syn::ItemImpl) {
        let mut of = (*block.self_ty).clone();
        // The lifetime of a call that is left open has a name here.
        struct Lifetimes;
        impl VisitMut for Lifetimes {
            fn visit_lifetime_mut(&mut self, lifetime: &mut syn::Lifetime) {
                if lifetime.ident == "_" {
                    *lifetime = syn::parse_quote!('a);
                }
            }
        }
        Lifetimes.visit_type_mut(&mut of);
        if let Some((path, _)) = &block.trait_ {
            let last = path.segments.last().unwrap();
            let text = quote!(#last).to_string();
            let bounds = match last.ident.to_string().as_str() {
                "From" => text.replace('&', "&'static "),
                name => bound(name).to_owned(),
            };
            let bounds = if bounds == "Deref" {
                "std::ops::Deref".to_owned()
            } else {
                bounds
            };
            self.has(&quote!(#of).to_string().replace("'a", "'static"), &bounds);
            return;
        }
        for item in &block.items {
            let ImplItem::Fn(function) = item else {
                panic!("a member of a kind that is not known");
            };
            if !is_public(&function.vis) {
                continue;
            }
            let mut signature = function.sig.clone();
            Named(&of).visit_signature_mut(&mut signature);
            Lifetimes.visit_signature_mut(&mut signature);
            let mut parameters = Vec::new();
            let mut given = Vec::new();
            for input in &signature.inputs {
                match input {
                    FnArg::Receiver(found) => {
                        let by_reference = matches!(found.kind, syn::ReceiverKind::Reference(..));
                        let reference = by_reference.then(|| quote!(&'a));
                        parameters.push(quote!(this: #reference #of));
                        given.push(quote!(this));
                    }
                    FnArg::Typed(typed) => {
                        let (pattern, ty) = (&typed.pat, &typed.ty);
                        parameters.push(quote!(#pattern: #ty));
                        given.push(quote!(#pattern));
                    }
                }
            }
            let name = &signature.ident;
            let answer = match &signature.output {
                ReturnType::Default => quote!(()),
                ReturnType::Type(_, answer) => quote!(#answer),
            };
            let call = quote!(<#of>::#name(#(#given),*));
            let parameters = quote!(#(#parameters),*);
            if signature.asyncness.is_some() {
                let body = quote!(drop(async move { let answer: #answer = #call.await; }));
                self.function("<'a>", &format!("({parameters})"), body);
            } else {
                self.function("<'a>", &format!("({parameters}) -> {answer}"), call);
            }
        }
    }
}
