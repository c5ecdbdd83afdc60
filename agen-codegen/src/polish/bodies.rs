//! The body of a call: one argument, or an argument or setter for each of its fields or parts.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    ident,
    inputs::Input,
    operations::{bounds, style_of},
    structs::{self, Structs},
    types::{self, Type},
};
use crate::{
    api::{Api, Body, Encoding, Field, Part, PartContent},
    media_type,
};

/// What a caller gives of a multipart body, in the order of its parts.
pub(super) fn parts(
    body: &Body,
    made: &[Type],
    api: &Api,
    mut free: impl FnMut(&str, &str) -> String,
) -> Vec<Input> {
    let input = |(part, made): (&Part, &Type)| {
        let wanted = crate::name::snake(&part.wire).unwrap_or_else(|| "value".to_owned());
        let (place, base) = match part.content {
            PartContent::Value => ("part", types::qualified(api, made)),
            PartContent::File => ("file", Type::named("Part")),
            PartContent::Files => ("file", Type::named("Part").in_a("Vec")),
            PartContent::Any => (
                "file",
                Type::Tuple(vec![Type::named("String"), Type::named("Part")]).in_a("Vec"),
            ),
        };
        let mut field = Field {
            required: part.required && body.required,
            ..part.value.clone()
        };
        if part.required && !body.required {
            let text = field.description.get_or_insert_default();
            text.push_str("\n\nA body has to have this part.");
        }
        let name = free(&wanted, "part");
        let mut input = Input::new(api, &name, &part.wire, place, base, &field);
        input.named |= part.content == PartContent::File;
        input
    };
    body.parts.iter().zip(made).map(input).collect()
}

/// Ends a call whose parts are set.
pub(super) fn send_parts(body: &Body) -> TokenStream {
    let usual = media_type::usual(Encoding::Multipart);
    let media_type = body.media_type.as_deref().unwrap_or(usual);
    if body.required {
        return quote!(.multipart(#media_type));
    }
    let required = body.parts.iter().filter(|part| part.required);
    let required = required.map(|part| &part.wire);
    quote!(.optional_multipart(#media_type, &[#(#required),*]))
}

/// The media types of parts, by their names, where the document says which.
pub(super) fn part_types(body: &Body) -> BTreeMap<&str, &str> {
    let types = body.parts.iter();
    types
        .filter_map(|part| Some((part.wire.as_str(), part.media_type.as_deref()?)))
        .collect()
}

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
                        ident(field),
                        types::qualified(api, ty),
                        ident(&free(field, "body")),
                    )
                });
                Some(named)
            }
            None => None,
        };
        let ty = match body.encoding {
            Encoding::Text => Type::named("String"),
            Encoding::Bytes => Type::named("Bytes"),
            Encoding::Json | Encoding::Form | Encoding::Multipart => types::qualified(api, ty),
        };
        let field = Field {
            pointer: body.pointer.clone(),
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

    /// The methods that put the body into a call.
    pub(super) fn send(&self) -> Vec<TokenStream> {
        let bounds = self
            .fields
            .iter()
            .flatten()
            .map(|input| bounds(input, &self.field(input)));
        let put = match self.body.encoding {
            Encoding::Json => quote!(json),
            Encoding::Form => quote!(form),
            Encoding::Text => quote!(text),
            Encoding::Bytes | Encoding::Multipart => quote!(bytes),
        };
        let value = match self.body.encoding {
            Encoding::Json | Encoding::Form => quote!(&self.body),
            Encoding::Text | Encoding::Bytes | Encoding::Multipart => quote!(self.body),
        };
        let media_type = self
            .body
            .media_type
            .as_ref()
            .map(|media_type| quote!(.content_type(#media_type)));
        let put = match styles(self.body) {
            Some(styles) => quote!(.form_styled(#styles, #value) #media_type),
            None => quote!(.#put(#value) #media_type),
        };
        bounds.chain([put]).collect()
    }
}

/// The styles of the fields of a form, where any is not the usual one.
pub(super) fn styles(body: &Body) -> Option<TokenStream> {
    let styles = body.styles.iter().map(|(name, style)| {
        let style = style_of(style);
        quote!((#name, #style))
    });
    (!body.styles.is_empty()).then(|| quote!(&[#(#styles),*]))
}
