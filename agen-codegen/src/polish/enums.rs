//! String enums that keep a value they do not know.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs, ident, structs::TypeSummary};
use crate::{
    api::{Api, Shape},
    name::{self, Taken},
    render::Section,
};

pub(super) fn polish(api: &Api, section: &mut Section) -> Result<Vec<TypeSummary>, String> {
    let mut summaries = Vec::new();
    for (name, found) in &api.types {
        let Shape::Enum { values } = &found.shape else {
            continue;
        };
        if found.by_name {
            continue;
        }
        let variants = name::variants(name, values);
        section.add(definition(name, found, values, &variants))?;
        let shown = values.iter().zip(&variants).map(|(value, variant)| {
            if name::pascal(value).as_ref() == Some(variant) {
                value.clone()
            } else {
                format!("{variant}, `{value}` on the wire")
            }
        });
        summaries.push(TypeSummary {
            name: name.clone(),
            kind: "enum",
            lines: vec![shown.collect::<Vec<_>>().join(" | ")],
        });
    }
    Ok(summaries)
}

fn definition(
    name: &str,
    found: &crate::api::Type,
    values: &[String],
    variants: &[String],
) -> TokenStream {
    let docs = super::structs::type_docs(name, found.description.as_deref());
    let name = ident(name);
    let variants: Vec<_> = variants.iter().map(|variant| ident(variant)).collect();
    let variant_docs = values.iter().map(|value| docs::raw(&docs::code(value)));
    let deprecated = found.deprecated.then(|| quote!(#[deprecated]));
    quote! {
        #docs
        #deprecated
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variant_docs #variants,)*
            /// A value that the document does not name, kept as it came.
            Unknown(UnknownValue),
        }

        impl #name {
            /// The value as it stands on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #values,)*
                    Self::Unknown(value) => value.as_str(),
                }
            }
        }

        impl From<&str> for #name {
            fn from(text: &str) -> Self {
                match text {
                    #(#values => Self::#variants,)*
                    _ => Self::Unknown(UnknownValue::new(text)),
                }
            }
        }

        open_enum!(#name);
    }
}

/// The name of a variant of a union: `Unknown` is always the one for what is not documented, so that
/// a value of this name can be added without a break.
pub(crate) fn documented_name(owner: &str, name: String, taken: &mut Taken) -> String {
    let wanted = if name == "Unknown" {
        format!("Unknown{owner}")
    } else {
        name
    };
    taken.take_counted(wanted)
}
