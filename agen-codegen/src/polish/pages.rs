//! The stream over the items of an operation whose answers are pages of one list.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    docs, ident,
    inputs::Input,
    operations::Shaped,
    structs::Structs,
    types::{self, Type},
};
use crate::api::{Api, Pages};

/// How the items of a call are read.
pub(super) struct ShapedPages {
    /// The type of an item.
    pub(super) item: Type,
    items: TokenStream,
    next: TokenStream,
}

/// A value inside a page, as an expression.
struct Place {
    expression: TokenStream,
    /// Whether it is an option.
    may_miss: bool,
    /// The type of the value that is there.
    base: Type,
}

impl ShapedPages {
    pub(super) fn new(
        pages: &Pages,
        answer: &Type,
        structs: &Structs,
        api: &Api,
    ) -> Result<Self, String> {
        let items = place(&pages.items, false, answer, structs)?;
        let item = types::inside("Vec", &items.base)
            .ok_or_else(|| format!("`{}` is no list in Rust", pages.items.join(".")))?;
        // What leads to the items may lead to the cursor as well, and is still needed then.
        let borrowed = pages.next.len() > 1;
        let next = place(&pages.next, borrowed, answer, structs)?;
        let found = items.expression;
        let of_next = next.expression;
        Ok(Self {
            item: types::qualified(api, item),
            items: if items.may_miss {
                quote!(#found.unwrap_or_default())
            } else {
                found
            },
            next: match (next.may_miss, borrowed) {
                (true, true) => quote!(#of_next.cloned()),
                (true, false) => of_next,
                (false, true) => quote!(Some(#of_next.clone())),
                (false, false) => quote!(Some(#of_next)),
            },
        })
    }

    /// The method of the call that gives the stream.
    pub(super) fn method(&self, call: &Shaped<'_>, pages: &Pages) -> Result<TokenStream, String> {
        let (operation, builder) = (&call.operation.name, ident(&call.operation.builder));
        let set = set_cursor(call, &pages.cursor)
            .ok_or_else(|| format!("`{operation}` has nowhere to put a cursor"))?;
        let Self { item, items, next } = self;
        let docs = docs::raw(
            "The items of this page and of all that follow, as a stream that asks for a page when it is \
             needed.\n\n\
             Every page is a call like this one, with the same parameters and settings, and the cursor that \
             the page before it names.",
        );
        Ok(quote! {
            impl<'a> #builder<'a> {
                #docs
                pub fn items(self) -> ItemStream<'a, #item> {
                    ItemStream::new(#operation, move |cursor| {
                        let mut call = self.clone();
                        if let Some(cursor) = cursor {
                            #set
                        }
                        async move {
                            let page = call.send().await?;
                            let next = #next;
                            Ok((#items, next))
                        }
                    })
                }
            }
        })
    }
}

/// The statement that puts a cursor into its place in a call.
fn set_cursor(call: &Shaped<'_>, wire: &str) -> Option<TokenStream> {
    let inputs = call.inputs();
    let at = |place: &str| {
        let mut inputs = inputs.iter();
        inputs.find(|input| input.place == place && input.wire == wire)
    };
    if let Some(input) = at("query") {
        let name = ident(&input.name);
        return Some(match input.field.required {
            true => quote!(call.#name = cursor;),
            false => quote!(call.#name = Some(cursor);),
        });
    }
    let input = at("body")?;
    let name = ident(&input.field_name);
    Some(match (input.field.required, input.field.nullable) {
        (true, false) => quote!(call.body.#name = cursor;),
        (false, true) => quote!(call.body.#name = Some(Some(cursor));),
        _ => quote!(call.body.#name = Some(cursor);),
    })
}

/// The value at the end of a path of properties, taken out of `page` or borrowed from it.
fn place(
    path: &[String],
    borrowed: bool,
    answer: &Type,
    structs: &Structs,
) -> Result<Place, String> {
    let mut found = Place {
        expression: quote!(page),
        may_miss: false,
        base: answer.clone(),
    };
    for step in path {
        let fields = types::name_of(&found.base).and_then(|name| structs.fields.get(name));
        let mut fields = fields.into_iter().flat_map(|fields| &fields.named);
        let input = fields
            .find(|input| input.wire == *step)
            .ok_or_else(|| format!("`{}` leads to no field in Rust", path.join(".")))?;
        found = found.step(input, borrowed);
    }
    Ok(found)
}

impl Place {
    /// The place of a field of this one.
    fn step(self, input: &Input, borrowed: bool) -> Self {
        let (before, field) = (self.expression, ident(&input.name));
        let is_option = !input.field.required || input.field.nullable;
        let is_twice = !input.field.required && input.field.nullable;
        let of = |owner: TokenStream| match (is_option, is_twice, borrowed) {
            (false, ..) => quote!(#owner.#field),
            (true, false, false) => quote!(#owner.#field),
            (true, true, false) => quote!(#owner.#field.flatten()),
            (true, false, true) => quote!(#owner.#field.as_ref()),
            (true, true, true) => quote!(#owner.#field.as_ref().and_then(Option::as_ref)),
        };
        let expression = match (self.may_miss, is_option) {
            (false, _) => of(before),
            (true, true) => {
                let value = of(quote!(value));
                quote!(#before.and_then(|value| #value))
            }
            (true, false) => {
                let value = of(quote!(value));
                let value = if borrowed { quote!(&#value) } else { value };
                quote!(#before.map(|value| #value))
            }
        };
        Self {
            expression,
            may_miss: self.may_miss || is_option,
            base: input.unboxed().clone(),
        }
    }
}
