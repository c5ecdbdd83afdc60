//! The values that a caller gives, as arguments of a function, as setters, and as fields of a
//! struct of required values: one set of rules for calls and for constructors.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    docs, ident,
    types::{self, Type},
};
use crate::api::{Api, Field, Shape, Style};

/// More required values than this are given by name, in a struct: beyond it, nobody remembers
/// their order.
pub(crate) const MOST_ARGUMENTS: usize = 3;

/// Setters of these names look to clippy like the method of an operator.
const OPERATORS: [&str; 10] = [
    "add", "bitand", "bitor", "bitxor", "div", "mul", "rem", "shl", "shr", "sub",
];

/// A value that the caller gives.
#[derive(Clone)]
pub(crate) struct Input {
    /// Name of the argument or setter.
    pub(crate) name: String,
    /// Name of the field that holds it, where it is another one.
    pub(super) field_name: String,
    /// Name on the wire.
    pub(crate) wire: String,
    /// `path`, `query`, `header`, `cookie` or `body`; `part` or `file` where it is a part of the body.
    pub(crate) place: &'static str,
    /// How it is written, where that is not the usual way of its place.
    pub(super) style: Option<Style>,
    /// Whether it proves who a caller is, so that `Debug` does not show it.
    pub(super) sensitive: bool,
    /// The type of the value that is there and not null.
    pub(crate) base: Type,
    pub(crate) field: Field,
    /// Whether the caller may leave `into()` to us: a named type of the document.
    pub(crate) named: bool,
}

impl Input {
    pub(super) fn new(
        api: &Api,
        name: &str,
        wire: &str,
        place: &'static str,
        base: Type,
        field: &Field,
    ) -> Self {
        let named = match types::name_of(&base).and_then(|name| api.types.get(name)) {
            Some(found) => !matches!(found.shape, Shape::Struct { .. }),
            None => false,
        };
        Self {
            name: name.to_owned(),
            field_name: name.to_owned(),
            wire: wire.to_owned(),
            place,
            style: None,
            sensitive: false,
            base,
            field: field.clone(),
            named,
        }
    }

    /// Whether it is an argument: required, and not a constant that we fill in.
    pub(crate) fn is_argument(&self) -> bool {
        self.field.required && self.field.constant.is_none()
    }

    /// The type of an argument that takes the value.
    pub(crate) fn argument_type(&self) -> TokenStream {
        let base = self.unboxed();
        if types::is_string(base) {
            if self.field.nullable {
                quote!(impl IntoNullableString)
            } else {
                quote!(impl Into<String>)
            }
        } else if self.field.nullable {
            quote!(impl Into<Option<#base>>)
        } else if self.named {
            quote!(impl Into<#base>)
        } else {
            quote!(#base)
        }
    }

    /// The type in a struct of required values.
    pub(super) fn stored_type(&self) -> TokenStream {
        let base = &self.base;
        if self.field.nullable {
            quote!(Option<#base>)
        } else {
            quote!(#base)
        }
    }

    /// The stored value, made of an argument.
    pub(super) fn stored(&self, argument: &TokenStream) -> TokenStream {
        let boxed = types::inside("Box", &self.base).is_some();
        if types::is_string(self.unboxed()) {
            if self.field.nullable {
                quote!(#argument.into_nullable_string())
            } else {
                quote!(#argument.into())
            }
        } else if self.field.nullable {
            if boxed {
                quote!(#argument.into().map(Box::new))
            } else {
                quote!(#argument.into())
            }
        } else if boxed {
            quote!(Box::new(#argument))
        } else if self.named {
            quote!(#argument.into())
        } else {
            quote!(#argument)
        }
    }

    /// The value of a required field that allows only one.
    pub(super) fn constant(&self) -> Option<TokenStream> {
        let constant = self
            .field
            .constant
            .as_ref()
            .filter(|_| self.field.required)?;
        Some(if types::is_string(&self.base) {
            quote!(#constant.to_owned())
        } else {
            quote!(#constant.into())
        })
    }

    /// A setter that stores into `place`, such as `self.body.model`.
    pub(super) fn setter(&self, place: &TokenStream) -> TokenStream {
        let docs = self.docs();
        let name = ident(&self.name);
        let argument = self.argument_type();
        let value = self.stored(&quote!(value));
        let deprecated = self.field.deprecated.then(|| quote!(#[deprecated]));
        let operator = OPERATORS.contains(&self.name.as_str());
        let operator = operator.then(|| quote!(#[allow(clippy::should_implement_trait)]));
        quote! {
            #docs
            #deprecated
            #operator
            pub fn #name(mut self, value: #argument) -> Self {
                #place = Some(#value);
                self
            }
        }
    }

    /// Documentation of a setter, or of a field of a struct of required values.
    pub(super) fn docs(&self) -> TokenStream {
        self.docs_with(self.notes())
    }

    /// Documentation of a field of a type of the document.
    pub(super) fn field_docs(&self) -> TokenStream {
        let null = match (self.field.nullable, self.field.required) {
            (true, true) => Some("`None` is null."),
            (true, false) => Some("`None` is absent, `Some(None)` is null."),
            (false, _) => None,
        };
        self.docs_with(null.map(str::to_owned).into_iter().collect())
    }

    fn docs_with(&self, notes: Vec<String>) -> TokenStream {
        let described = self.field.description.as_deref();
        let described = described.and_then(docs::attributes).unwrap_or_else(|| {
            docs::raw(&format!(
                "{}; the document does not describe it.",
                docs::code(&self.wire)
            ))
        });
        if notes.is_empty() {
            return described;
        }
        let notes = docs::raw(&format!("\n{}", notes.join(" ")));
        quote!(#described #notes)
    }

    /// What is to be known of the value beyond its description.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.field.nullable {
            notes.push("`None` sends null.".to_owned());
        }
        if let Some(default) = &self.field.default
            && (default.is_boolean() || default.is_number() || default.is_string())
            && !default.to_string().contains('`')
        {
            notes.push(format!("The server's default is `{default}`."));
        }
        match (self.field.min_length, self.field.max_length) {
            (Some(least), Some(most)) => notes.push(format!("From {least} to {most} characters.")),
            (Some(least), None) => notes.push(format!(
                "At least {least} character{}.",
                if least == 1 { "" } else { "s" }
            )),
            (None, Some(most)) => notes.push(format!("At most {most} characters.")),
            (None, None) => {}
        }
        notes
    }

    /// The type without the box that a recursive type needs.
    pub(super) fn unboxed(&self) -> &Type {
        types::inside("Box", &self.base).unwrap_or(&self.base)
    }
}

/// How the required values of a call or constructor are given.
pub(super) struct Required {
    /// The parameters of the function.
    pub(super) parameters: TokenStream,
    /// The stored value of each required input, in their order.
    pub(super) values: Vec<TokenStream>,
    /// The struct that holds them where there are many.
    pub(super) definition: Option<TokenStream>,
}

/// The name of the struct of required values: one that nothing else has.
pub(super) fn required_name(owner: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut name = format!("{owner}{}", super::REQUIRED);
    while taken(&name) {
        name.push_str("Values");
    }
    name
}

/// How the required values among `inputs` are given, as the surface shows it.
pub(crate) fn shown_arguments(name: &str, inputs: &[Input]) -> String {
    let arguments = || inputs.iter().filter(|input| input.is_argument());
    let many = arguments().count() > MOST_ARGUMENTS;
    let shown = arguments().map(|input| {
        let ty = if many {
            types::show(&input.stored_type())
        } else {
            types::show(&input.argument_type())
        };
        format!("{}: {ty}", input.name)
    });
    let shown = shown.collect::<Vec<_>>().join(", ");
    if many {
        format!("{name} {{ {shown} }}")
    } else {
        shown
    }
}

/// Makes arguments of up to [`MOST_ARGUMENTS`] required values, and a struct of this name of more.
pub(super) fn required(owner: &str, name: &str, inputs: &[&Input]) -> Required {
    if inputs.len() <= MOST_ARGUMENTS {
        let names: Vec<_> = inputs.iter().map(|input| ident(&input.name)).collect();
        let types = inputs.iter().map(|input| input.argument_type());
        return Required {
            parameters: quote!(#(#names: #types),*),
            values: inputs
                .iter()
                .zip(&names)
                .map(|(input, name)| input.stored(&quote!(#name)))
                .collect(),
            definition: None,
        };
    }
    let name = ident(name);
    let fields = inputs.iter().map(|input| {
        let (docs, field, stored) = (input.docs(), ident(&input.name), input.stored_type());
        quote!(#docs pub #field: #stored,)
    });
    let (derives, debug) = derives(&name, inputs, &TokenStream::new());
    let docs = docs::raw(&format!(
        "What [`{owner}`] cannot do without. All of it has to be given, by name."
    ));
    Required {
        parameters: quote!(required: #name),
        values: inputs
            .iter()
            .map(|input| {
                let field = ident(&input.name);
                quote!(required.#field)
            })
            .collect(),
        definition: Some(quote! {
            #docs
            #derives
            pub struct #name { #(#fields)* }

            #debug
        }),
    }
}

/// The attribute that derives `Clone` and `Debug`; `Debug` in words, with the name alone, where one of the
/// values is sensitive.
pub(super) fn derives(
    name: &proc_macro2::Ident,
    inputs: &[&Input],
    generics: &TokenStream,
) -> (TokenStream, TokenStream) {
    if !inputs.iter().any(|input| input.sensitive) {
        return (quote!(#[derive(Clone, Debug)]), TokenStream::new());
    }
    let text = name.to_string();
    let debug = quote! {
        impl ::std::fmt::Debug for #name #generics {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(#text).finish_non_exhaustive()
            }
        }
    };
    (quote!(#[derive(Clone)]), debug)
}
