//! Mocks: for each operation a method of the mock server, a filter for each value that a caller gives, and
//! the answer in its type.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    answers::{self, Named},
    docs, ident,
    inputs::Input,
    operations::{Shaped, styled},
    types::{self, Type},
};
use crate::{
    Settings,
    api::{Answer, Content, Encoding, Status},
};

/// Methods that the mock server has in any case.
const SERVER_METHODS: [&str; 7] = [
    "builder", "client", "received", "start", "url", "verify", "waits",
];

/// Methods that every mock has in any case.
const MOCK_METHODS: [&str; 9] = [
    "delay",
    "expect",
    "fails",
    "new",
    "reply",
    "response_header",
    "returns",
    "times",
    "with",
];

/// The mock of an operation.
pub(super) fn mock(call: &Shaped<'_>, settings: &Settings) -> TokenStream {
    let operation = call.operation;
    let builder = ident(&operation.builder);
    let (name, method, path) = (&operation.name, &operation.method, &operation.target);
    let function = match SERVER_METHODS.contains(&name.as_str()) {
        true => ident(&format!("{name}_")),
        false => ident(name),
    };
    let fixed = operation
        .fixed
        .iter()
        .map(|(name, text)| quote!(.with(Filter::query(#name, #text))));
    let docs = docs::raw(&format!(
        "A mock of [`Client::{name}`]({}::runtime::Client::{name}).",
        settings.root
    ));
    let filters = filters(call);
    let returns = returns(call);
    quote! {
        impl MockServer {
            #docs
            pub fn #function(&self) -> Mock<'_, operations::#builder<'static>> {
                Mock::new(self, #name, #method, #path) #(#fixed)*
            }
        }

        impl Mock<'_, operations::#builder<'static>> {
            #filters
            #returns
        }
    }
}

fn filters(call: &Shaped<'_>) -> TokenStream {
    let mut taken: HashSet<String> = MOCK_METHODS.map(str::to_owned).into();
    let filters = call.inputs().into_iter().map(|input| {
        let mut name = input.name.clone();
        if taken.contains(&name) {
            name = format!("{}_{}", input.place, name.trim_end_matches('_'));
        }
        while taken.contains(&name) {
            name.push('_');
        }
        taken.insert(name.clone());
        filter(call, input, &name)
    });
    filters.collect()
}

fn filter(call: &Shaped<'_>, input: &Input, name: &str) -> TokenStream {
    let encoding = call.operation.body.as_ref().map(|body| body.encoding);
    let is_field = call
        .operation
        .body
        .as_ref()
        .is_some_and(|body| body.flat.is_some());
    let (wire, stored) = (&input.wire, input.stored_type());
    let value = input.stored(&quote!(value));
    let form_styles = call.form_styles();
    let filter = match (input.place, encoding, is_field) {
        ("body", Some(Encoding::Form), true) => {
            let styles = call.operation.body.iter().flat_map(|body| &body.styles);
            let mut styles = styles.filter(|(name, _)| name == wire);
            let style = styles.next().map(|(_, style)| style);
            let (put, style) = styled("form_field", style);
            quote!(#put::<#stored>(#wire, #style #value))
        }
        ("body", Some(Encoding::Form), false) if form_styles.is_some() => {
            quote!(form_styled::<#stored>(#form_styles, #value))
        }
        ("body", _, true) => quote!(field::<#stored>(#wire, #value)),
        ("body", Some(Encoding::Form), false) => quote!(form::<#stored>(#value)),
        ("body", Some(Encoding::Text | Encoding::Bytes), _) => quote!(bytes::<#stored>(#value)),
        ("body", ..) => quote!(json::<#stored>(#value)),
        (place, ..) => {
            let (put, style) = styled(place, input.style.as_ref());
            quote!(#put::<#stored>(#wire, #style #value))
        }
    };
    let docs = match (input.place, is_field) {
        ("body", true) => format!("Only requests with this {} in the body.", docs::code(wire)),
        ("body", false) => "Only requests with this body.".to_owned(),
        ("part" | "file", _) => {
            format!(
                "Only requests with this {} among the parts.",
                docs::code(wire)
            )
        }
        (place, _) => format!(
            "Only requests with this {} in the {place}.",
            docs::code(wire)
        ),
    };
    let (docs, name, argument) = (docs::raw(&docs), ident(name), input.argument_type());
    quote! {
        #docs
        pub fn #name(self, value: #argument) -> Self {
            self.with(Filter::#filter)
        }
    }
}

fn returns(call: &Shaped<'_>) -> TokenStream {
    match &call.operation.answer {
        Answer::Json => {
            let answer = borrowed(&call.answers.answer);
            quote! {
                /// Answers with status 200 and this value.
                pub async fn returns(self, answer: #answer) {
                    self.reply(Reply::json(answer)).await
                }
            }
        }
        Answer::Text => quote! {
            /// Answers with status 200 and this text.
            pub async fn returns(self, answer: impl Into<String>) {
                self.reply(Reply::text(answer)).await
            }
        },
        Answer::Bytes => quote! {
            /// Answers with status 200 and these bytes.
            pub async fn returns(self, answer: impl Into<Bytes>) {
                self.reply(Reply::bytes(answer)).await
            }
        },
        Answer::Download(media_type) => {
            let media_type = answers::concrete(media_type).map(|found| quote!(.typed(#found)));
            quote! {
                /// Answers with status 200 and these bytes.
                pub async fn returns(self, answer: impl Into<Bytes>) {
                    self.reply(Reply::bytes(answer)#media_type).await
                }
            }
        }
        Answer::Empty => quote! {
            /// Answers with status 204, and without a body.
            pub async fn returns(self) {
                self.reply(Reply::empty()).await
            }
        },
        Answer::ByStatus(_) => {
            let answer = &call.answers.answer;
            let arms = call.answers.cases.iter().map(|case| arm(answer, case));
            quote! {
                /// Answers with the status of this variant, and with what it holds.
                pub async fn returns(self, answer: operations::#answer) {
                    let reply = match answer {
                        #(#arms,)*
                        operations::#answer::Unknown { status, body } => Reply::bytes(body).status(status.as_u16()),
                    };
                    self.reply(reply).await
                }
            }
        }
    }
}

/// The answer of a mock for a variant of an answer by status.
fn arm(answer: &Type, case: &Named) -> TokenStream {
    let name = &case.name;
    let media_type = case.media_type().map(|found| quote!(.typed(#found)));
    let reply = match &case.content {
        Content::Empty => quote!(Reply::empty()),
        Content::Json(_) => quote!(Reply::json(body)),
        Content::Text => quote!(Reply::text(body)),
        Content::Bytes(_) => quote!(Reply::download(body)#media_type),
    };
    let status = match case.status {
        Status::Exact(status) => {
            let status = proc_macro2::Literal::u16_unsuffixed(status);
            quote!(#status)
        }
        _ => quote!(status.as_u16()),
    };
    let status_field = case.has_status.then(|| quote!(status));
    let body_field = case.holds.is_some().then(|| quote!(body));
    let fields: Vec<_> = status_field.into_iter().chain(body_field).collect();
    let fields = (!fields.is_empty()).then(|| quote!((#(#fields),*)));
    quote!(operations::#answer::#name #fields => #reply.status(#status))
}

/// The type of a reference to an answer, as Rust programs write it.
fn borrowed(answer: &Type) -> TokenStream {
    match types::inside("Vec", answer) {
        Some(item) => quote!(&[#item]),
        None if types::is_string(answer) => quote!(&str),
        None => quote!(&#answer),
    }
}
