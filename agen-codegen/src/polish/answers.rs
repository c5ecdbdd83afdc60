//! What a call gives: one type, or one for each status of success; and what the server says where it fails.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    docs, ident,
    progenitor::Method,
    structs::Structs,
    types::{self, Type},
};
use crate::{
    api::{Answer, Api, Case, Content, Holds, Operation, Status},
    media_type,
};

/// What an operation answers, in Rust types.
pub(super) struct Answers {
    /// What `send` gives.
    pub(super) answer: Type,
    /// The type that tells what the server says where the call fails, if the document does.
    pub(super) failure: Option<proc_macro2::Ident>,
    /// The types that stand beside the call.
    pub(super) definitions: TokenStream,
    /// The successes, where they differ, and the failures.
    pub(super) lines: Vec<String>,
    /// Of an answer by status: each with its Rust names, for the mock.
    pub(super) cases: Vec<Named>,
}

/// A case as a variant of an enum.
pub(super) struct Named {
    pub(super) name: proc_macro2::Ident,
    /// Whether the status stands in it.
    pub(super) has_status: bool,
    pub(super) status: Status,
    pub(super) content: Content,
    /// What it holds beside the status.
    pub(super) holds: Option<Type>,
    description: Option<String>,
}

impl Answers {
    pub(super) fn new(
        operation: &Operation,
        signature: &Method,
        structs: &Structs,
        api: &Api,
        is_taken: impl Fn(&str) -> bool,
    ) -> Result<Self, String> {
        let method = &operation.name;
        let mut answers = Self {
            answer: Type::Tuple(Vec::new()),
            failure: None,
            definitions: TokenStream::new(),
            lines: Vec::new(),
            cases: Vec::new(),
        };
        let named = |cases: &[Case], bytes: &Type| -> Result<Vec<Named>, String> {
            cases
                .iter()
                .map(|case| Named::new(case, bytes, structs, api))
                .collect()
        };
        match &operation.answer {
            Answer::Json => answers.answer = types::qualified(api, &signature.answer),
            Answer::Text => answers.answer = Type::named("String"),
            Answer::Empty => {}
            Answer::Bytes => answers.answer = Type::named("Bytes"),
            Answer::Download(_) => answers.answer = Type::named("Download"),
            Answer::ByStatus(cases) => {
                let name = ident(&free(&operation.builder, super::ANSWER, &is_taken));
                let cases = named(cases, &Type::named("Download"))?;
                let rows = cases.iter().map(|case| case.row("download"));
                let docs = docs::raw(&format!(
                    "What [`Client::{method}`] gives, by the status of the answer."
                ));
                let definition = definition(
                    &name,
                    &docs,
                    &quote!(#[derive(Debug)]),
                    &cases,
                    "A status that is not described.",
                    "Body of the answer.",
                );
                answers.definitions.extend(quote! {
                    #definition
                    answer_by_status!(#name, { #(#rows),* });
                });
                answers
                    .lines
                    .extend(cases.iter().map(|case| format!("answers {}", case.shown())));
                answers.answer = Type::named(name.to_string());
                answers.cases = cases;
            }
        }
        let is_described = operation
            .failures
            .iter()
            .any(|failure| failure.content != Content::Empty);
        if is_described {
            let name = ident(&free(&operation.builder, super::ERROR, &is_taken));
            let cases = named(&operation.failures, &Type::named("Bytes"))?;
            let docs = docs::raw(&format!(
                "What the server says where [`Client::{method}`] fails."
            ));
            match only_type(&cases) {
                Some(ty) => {
                    let shown = types::show(ty);
                    answers.lines.push(format!("fails with {shown}"));
                    answers.definitions.extend(quote! {
                        #docs
                        pub type #name = Failure<#ty>;
                    });
                }
                None => {
                    let rows = cases.iter().map(|case| case.row("bytes"));
                    let definition = definition(
                        &name,
                        &docs,
                        &quote!(#[derive(Clone, Debug, PartialEq)]),
                        &cases,
                        "A status that is not described, or a body that is not as described.",
                        "Body of the answer: its first 64 KiB.",
                    );
                    answers.definitions.extend(quote! {
                        #definition
                        error_by_status!(#name, { #(#rows),* });
                    });
                    answers
                        .lines
                        .extend(cases.iter().map(|case| format!("fails {}", case.shown())));
                }
            }
            answers.failure = Some(name);
        }
        Ok(answers)
    }
}

impl Named {
    fn new(case: &Case, bytes: &Type, structs: &Structs, api: &Api) -> Result<Self, String> {
        let holds = match &case.content {
            Content::Empty => None,
            Content::Text => Some(Type::named("String")),
            Content::Bytes(_) => Some(bytes.clone()),
            Content::Json(Holds::Named(name)) => Some(Type::named(format!("types::{name}"))),
            Content::Json(Holds::Carried(field)) => {
                let carrier = api.answers_carrier.as_deref().unwrap_or_default();
                let carried = structs.carried.get(carrier);
                let ty = carried.and_then(|fields| fields.get(field));
                let ty = ty.ok_or("progenitor made no type for the body of an answer")?;
                Some(types::qualified(api, ty))
            }
        };
        Ok(Self {
            name: ident(&case.status.name()),
            has_status: !matches!(case.status, Status::Exact(_)),
            status: case.status,
            content: case.content.clone(),
            holds,
            description: case.description.clone(),
        })
    }

    /// What stands in the parentheses of the variant.
    fn fields(&self) -> Vec<Type> {
        let status = self.has_status.then(|| Type::named("StatusCode"));
        status.into_iter().chain(self.holds.clone()).collect()
    }

    fn variant(&self) -> TokenStream {
        let status = docs::code(&self.status.shown());
        let docs = match &self.description {
            Some(description) => {
                let description = docs::first_paragraph(description);
                format!("{status}: {description}")
            }
            None => format!("{status}."),
        };
        let (docs, name, fields) = (docs::raw(&docs), &self.name, self.fields());
        match fields.is_empty() {
            true => quote!(#docs #name),
            false => quote!(#docs #name(#(#fields),*)),
        }
    }

    /// What the macro that reads an answer is told; `bytes` is the word for bytes.
    fn row(&self, bytes: &str) -> TokenStream {
        let number = proc_macro2::Literal::u16_unsuffixed;
        let statuses = match self.status {
            Status::Exact(status) => {
                let status = number(status);
                quote!(#status)
            }
            Status::Range(class) => {
                let (first, last) = (number(class * 100), number(class * 100 + 99));
                quote!(#first..=#last)
            }
            Status::Default => quote!(_),
        };
        let how = match &self.content {
            Content::Empty => "none",
            Content::Json(_) => "json",
            Content::Text => "text",
            Content::Bytes(_) => bytes,
        };
        let at = if self.has_status { "at_" } else { "" };
        let (name, how) = (&self.name, ident(&format!("{at}{how}")));
        quote!(#statuses => #name #how)
    }

    fn shown(&self) -> String {
        let fields: Vec<String> = self.fields().iter().map(types::show).collect();
        let holds = match fields.is_empty() {
            true => String::new(),
            false => format!("({})", fields.join(", ")),
        };
        format!("{}: {}{holds}", self.status.shown(), self.name)
    }

    /// The media type that a mock answers with, where it is one.
    pub(super) fn media_type(&self) -> Option<String> {
        match &self.content {
            Content::Bytes(media_type) => concrete(media_type),
            _ => None,
        }
    }
}

/// The only type of body that all failures have.
fn only_type(cases: &[Named]) -> Option<&Type> {
    let (first, others) = cases.split_first()?;
    let same = others.iter().all(|other| other.content == first.content);
    let is_json = matches!(first.content, Content::Json(_));
    first.holds.as_ref().filter(|_| same && is_json)
}

fn definition(
    name: &proc_macro2::Ident,
    docs: &TokenStream,
    derive: &TokenStream,
    cases: &[Named],
    unknown: &str,
    body: &str,
) -> TokenStream {
    let variants = cases.iter().map(Named::variant);
    let (unknown, body) = (docs::raw(unknown), docs::raw(body));
    quote! {
        #docs
        #derive
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant)]
        pub enum #name {
            #(#variants,)*
            #unknown
            Unknown {
                /// Status of the answer.
                status: StatusCode,
                #body
                body: Bytes,
            },
        }
    }
}

/// A name that no call has.
fn free(builder: &str, what: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut name = format!("{builder}{what}");
    while is_taken(&name) {
        name.push_str("ByStatus");
    }
    name
}

/// A media type that can stand in a header of an answer: one, and in plain letters.
pub(super) fn concrete(media_type: &str) -> Option<String> {
    let essence = media_type::essence(media_type);
    let plain = |c: char| c.is_ascii_alphanumeric() || "/+.-_".contains(c);
    (essence.contains('/') && essence.chars().all(plain)).then_some(essence)
}
