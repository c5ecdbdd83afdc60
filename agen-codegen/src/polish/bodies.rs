//! The body of a call: one argument, or an argument or setter for each of its fields.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Type, parse_quote};

use super::{
    ident,
    inputs::Input,
    operations::bounds,
    structs::{self, Structs},
    types,
};
use crate::api::{Api, Body, Encoding};

pub(super) struct ShapedBody<'a> {
    pub(super) body: &'a Body,
    pub(super) ty: Type,
    /// Fields of the struct, where they are given one by one.
    pub(super) fields: Option<Vec<Input>>,
    /// The map of unknown fields that the struct has beside them, and the name of its setter.
    pub(super) extra: Option<(proc_macro2::Ident, Type, proc_macro2::Ident)>,
    pub(super) whole: Input,
}

impl<'a> ShapedBody<'a> {
    pub(super) fn new(
        body: &'a Body,
        ty: &Type,
        structs: &Structs,
        api: &Api,
        free: &mut impl FnMut(&str, &str) -> String,
    ) -> Result<Self, String> {
        let mut extra = None;
        let fields = match &body.flat {
            Some(name) => {
                let fields = structs
                    .fields
                    .get(name)
                    .ok_or_else(|| format!("there is no struct `{name}` to make arguments of"))?;
                let argument = |field: &Input| {
                    let base = types::qualified(api, &field.base);
                    let mut input = Input::new(
                        api,
                        &free(&field.name, "body"),
                        &field.wire,
                        "body",
                        base,
                        &field.field,
                    );
                    input.field_name = field.name.clone();
                    input
                };
                let named = fields.named.iter().map(argument).collect();
                extra = fields.extra.as_ref().map(|(field, ty)| {
                    (
                        field.clone(),
                        types::qualified(api, ty),
                        ident(&free(&field.to_string(), "body")),
                    )
                });
                Some(named)
            }
            None => None,
        };
        let ty = match body.encoding {
            Encoding::Text => parse_quote!(String),
            Encoding::Bytes => parse_quote!(Bytes),
            Encoding::Json | Encoding::Form => types::qualified(api, ty),
        };
        let field = crate::api::Field {
            description: Some(
                body.description
                    .clone()
                    .unwrap_or_else(|| "The body of the request.".to_owned()),
            ),
            required: body.required,
            example: body.example.clone(),
            ..Default::default()
        };
        let mut whole = Input::new(api, "body", "body", "body", ty.clone(), &field);
        whole.named |= matches!(body.encoding, Encoding::Bytes);
        Ok(Self {
            body,
            ty,
            fields,
            extra,
            whole,
        })
    }

    pub(super) fn field(&self, input: &Input) -> TokenStream {
        let field = ident(&input.field_name);
        quote!(self.body.#field)
    }

    /// The body before any setter was called.
    pub(super) fn initial(&self, given: &[TokenStream]) -> TokenStream {
        match &self.fields {
            Some(fields) => {
                let ty = &self.ty;
                let named: Vec<Input> = fields
                    .iter()
                    .map(|input| Input {
                        name: input.field_name.clone(),
                        ..input.clone()
                    })
                    .collect();
                let values = structs::initial(&named, given);
                let extra = self
                    .extra
                    .as_ref()
                    .map(|(field, ..)| quote!(#field: Default::default(),));
                quote!(#ty { #values #extra })
            }
            None if self.body.required => given.first().cloned().unwrap_or_default(),
            None => quote!(None),
        }
    }

    pub(super) fn send(&self) -> TokenStream {
        let bounds = self
            .fields
            .iter()
            .flatten()
            .map(|input| bounds(input, &self.field(input)));
        let put = match self.body.encoding {
            Encoding::Json => quote!(json),
            Encoding::Form => quote!(form),
            Encoding::Text => quote!(text),
            Encoding::Bytes => quote!(bytes),
        };
        let value = match self.body.encoding {
            Encoding::Json | Encoding::Form => quote!(&self.body),
            Encoding::Text | Encoding::Bytes => quote!(self.body),
        };
        let media_type = self
            .body
            .media_type
            .as_ref()
            .map(|media_type| quote!(.content_type(#media_type)));
        quote!(#(#bounds)* .#put(#value) #media_type)
    }
}
