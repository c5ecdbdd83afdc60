//! `Sample` for every type that has one, as the JSON that it is read from.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::{docs, ident};
use crate::{api::Api, render::Section};

pub(super) fn polish(api: &Api, section: &mut Section) -> Result<(), String> {
    for (name, found) in &api.types {
        let Some(sample) = found.sample.as_ref().filter(|_| !found.by_name) else {
            continue;
        };
        let (name, json) = (ident(name), raw(&sample.to_string())?);
        section.add(implementation(&name, &json))?;
    }
    Ok(())
}

fn implementation(name: &proc_macro2::Ident, json: &Literal) -> TokenStream {
    quote! {
        impl Sample for types::#name {
            fn sample() -> Self {
                from_json(#json)
            }
        }
    }
}

/// JSON as a raw literal. What a reader would not see in it is escaped, as JSON has it.
fn raw(json: &str) -> Result<Literal, String> {
    let mut plain = String::with_capacity(json.len());
    for c in json.chars() {
        if docs::is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                plain.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            plain.push(c);
        }
    }
    let longest = plain.split(|c| c != '#').map(str::len).max().unwrap_or(0);
    let marks = "#".repeat(longest + 1);
    let literal = format!("r{marks}\"{plain}\"{marks}");
    literal
        .parse()
        .map_err(|_| "a sample could not be written as a literal".to_owned())
}
