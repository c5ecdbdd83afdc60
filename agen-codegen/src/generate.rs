//! The only file that names progenitor and its settings.

use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TypeImpl};

use crate::api::{Api, Shape};

/// Makes types and signatures of a lowered document. The error is in progenitor's own words. It can
/// panic; the caller runs it inside [`guarded`](crate::guard::guarded).
pub(crate) fn generate(document: &OpenAPI, api: &Api) -> Result<TokenStream, String> {
    let mut settings = GenerationSettings::default();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_map_type("::std::collections::BTreeMap")
        .with_derive("PartialEq");
    for (name, found) in &api.types {
        if matches!(found.shape, Shape::Enum { .. } | Shape::Union(_)) {
            settings.with_replacement(name, name, std::iter::empty::<TypeImpl>());
        }
    }
    Generator::new(&settings)
        .generate_tokens(document)
        .map_err(|error| error.to_string())
}
