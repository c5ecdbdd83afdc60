//! Calls: a method of the client for each operation, which takes what is required, and a type of
//! its own, which has a setter for each of the rest and `send`.

use std::collections::BTreeSet;

use super::{
    answers::Answers,
    bodies,
    bodies::ShapedBody,
    chain::chain,
    docs, ident, inputs,
    inputs::Input,
    mocks,
    pages::ShapedPages,
    progenitor::Method,
    structs::Structs,
    types::{self, Type},
};
use crate::{
    Settings,
    api::{Answer, Api, Encoding, Location, Operation, Style},
    name::{self, Taken},
    render::Files,
    value::Value,
};
use proc_macro2::TokenStream;
use quote::quote;

/// An operation as its caller sees it.
pub(crate) struct Call {
    /// JSON pointer of the operation.
    pub(crate) pointer: String,
    pub(crate) name: String,
    /// Name of its type.
    pub(crate) builder: String,
    pub(crate) required_name: String,
    pub(crate) method: String,
    pub(crate) path: String,
    /// Path, query and header parameters, then the fields of a flat body or the body itself.
    pub(crate) inputs: Vec<Input>,
    pub(crate) answer: Type,
    /// The type of what its pages hold, where its answers are pages.
    pub(crate) item: Option<Type>,
    /// What it gives by status, and how it fails.
    pub(crate) answers: Vec<String>,
}

/// Fields and methods that every call has.
const CALL_NAMES: [&str; 8] = [
    "body",
    "client",
    "header",
    "no_retries",
    "query",
    "send",
    "settings",
    "timeout",
];

/// The names of the parameters of a call, each given with its place and its name on the wire, the places
/// in their order; and every name that the call has then. One whose answers are pages has `items`, too.
pub(crate) fn argument_names(given: &[(&str, &str)], paged: bool) -> (Vec<String>, Taken) {
    let mut taken = Taken::default();
    for name in CALL_NAMES {
        taken.take(name);
    }
    if paged {
        taken.take("items");
    }
    (name::arguments(&mut taken, given), taken)
}

fn place(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    }
}

/// The names of the types of all calls.
pub(super) fn builders(api: &Api) -> BTreeSet<&str> {
    let operations = api.operations.iter();
    operations
        .map(|operation| operation.builder.as_str())
        .collect()
}

/// An operation with the Rust types and names of everything in it.
pub(super) struct Shaped<'a> {
    pub(super) operation: &'a Operation,
    /// Name of the struct of required values, where there are many.
    pub(super) required_name: String,
    /// Also the parts of a multipart body, which has nothing else.
    parameters: Vec<Input>,
    body: Option<ShapedBody<'a>>,
    pub(super) answers: Answers,
    pages: Option<ShapedPages>,
}

impl<'a> Shaped<'a> {
    pub(super) fn new(
        operation: &'a Operation,
        signature: &Method,
        structs: &Structs,
        api: &Api,
        builders: &BTreeSet<&str>,
    ) -> Result<Self, String> {
        let given: Vec<(&str, &str)> = operation
            .parameters
            .iter()
            .map(|parameter| (place(parameter.location), parameter.wire.as_str()))
            .collect();
        let (names, mut taken) = argument_names(&given, operation.pages.is_some());
        let mut free = |wanted: &str, place: &str| {
            if taken.take(wanted) {
                wanted.to_owned()
            } else {
                name::placed(&mut taken, place, wanted)
            }
        };
        let parameters = operation
            .parameters
            .iter()
            .zip(&signature.parameters)
            .zip(&names)
            .map(|((parameter, ty), name)| {
                let mut field = parameter.value.clone();
                field.required = parameter.required;
                let mut input = Input::new(
                    api,
                    name,
                    &parameter.wire,
                    place(parameter.location),
                    types::qualified(api, ty),
                    &field,
                );
                input.style = parameter.style.clone();
                input.sensitive = parameter.sensitive;
                input
            });
        let mut parameters: Vec<Input> = parameters.collect();
        if let Some(body) = &operation.body {
            parameters.extend(bodies::parts(body, &signature.parts, api, &mut free));
        }
        let body = match (&operation.body, &signature.body) {
            (Some(body), Some(ty)) => Some(ShapedBody::new(body, ty, structs, api, &mut free)?),
            _ => None,
        };
        let answers = Answers::new(operation, signature, structs, api, |name| {
            builders.contains(name)
        })?;
        let pages = operation.pages.as_ref();
        let pages = pages.map(|pages| ShapedPages::new(pages, &signature.answer, structs, api));
        Ok(Self {
            operation,
            required_name: inputs::required_name(&operation.builder, |name| {
                builders.contains(name)
            }),
            parameters,
            body,
            answers,
            pages: pages.transpose()?,
        })
    }

    /// Writes the call and its mock.
    pub(super) fn write(&self, settings: &Settings, files: &mut Files) -> Result<(), String> {
        let (method, builder) = (self.method(settings), self.builder(settings));
        let items = match (&self.pages, &self.operation.pages) {
            (Some(shaped), Some(pages)) => Some(shaped.method(self, pages)?),
            _ => None,
        };
        let answers = &self.answers.definitions;
        files.operations.add(quote! {
            impl Client { #method }
            #builder
            #items
            #answers
        })?;
        files.mock.add(mocks::mock(self, settings))
    }

    /// Everything that a caller gives.
    pub(super) fn inputs(&self) -> Vec<&Input> {
        let body = self.body.iter().flat_map(|body| match &body.fields {
            Some(fields) => fields.iter().collect(),
            None => vec![&body.whole],
        });
        self.parameters.iter().chain(body).collect()
    }

    pub(super) fn body_example(&self) -> Option<&Value> {
        self.operation.body.as_ref()?.example.as_ref()
    }

    /// The styles of the fields of a form, where any is not the usual one.
    pub(super) fn form_styles(&self) -> Option<TokenStream> {
        self.operation.body.as_ref().and_then(super::bodies::styles)
    }

    /// What the document says of a body that has no argument of its own.
    pub(super) fn flat_body_description(&self) -> Option<&str> {
        let is_whole = |body: &ShapedBody<'_>| body.fields.is_none();
        match &self.body {
            Some(body) if is_whole(body) => None,
            _ => self.operation.body.as_ref()?.description.as_deref(),
        }
    }

    pub(super) fn summary(&self) -> Call {
        Call {
            pointer: self.operation.pointer.clone(),
            name: self.operation.name.clone(),
            builder: self.operation.builder.clone(),
            required_name: self.required_name.clone(),
            method: self.operation.method.clone(),
            path: self.operation.path.clone(),
            inputs: self.inputs().into_iter().cloned().collect(),
            answer: self.answers.answer.clone(),
            answers: self.answers.lines.clone(),
            item: self.pages.as_ref().map(|pages| pages.item.clone()),
        }
    }

    fn arguments(&self) -> Vec<&Input> {
        self.inputs()
            .into_iter()
            .filter(|input| input.is_argument())
            .collect()
    }

    /// The method of the client.
    fn method(&self, settings: &Settings) -> TokenStream {
        let docs = docs::raw(&self.docs(settings));
        let name = ident(&self.operation.name);
        let builder = ident(&self.operation.builder);
        let required = inputs::required(
            &self.operation.builder,
            &self.required_name,
            &self.arguments(),
        );
        let parameters = &required.parameters;
        let (of_parameters, of_body) = self.split(&required.values);
        let fields = of_parameters
            .into_iter()
            .map(|(input, value)| super::field_value(&ident(&input.name), &value));
        let body = self
            .body
            .as_ref()
            .map(|body| super::field_value(&ident("body"), &body.initial(&of_body)));
        let deprecated = self.operation.deprecated.then(|| quote!(#[deprecated]));
        quote! {
            #docs
            #deprecated
            pub fn #name(&self, #parameters) -> #builder<'_> {
                #builder { client: self, settings: CallSettings::default(), #(#fields)* #body }
            }
        }
    }

    /// The initial value of every parameter, and the given ones of the body.
    fn split(&self, given: &[TokenStream]) -> (Vec<(&Input, TokenStream)>, Vec<TokenStream>) {
        let mut given = given.iter().cloned();
        let mut of_parameters = Vec::new();
        for input in &self.parameters {
            let value = match input.constant() {
                Some(constant) => constant,
                None if input.field.required => given.next().unwrap_or_default(),
                None => quote!(None),
            };
            of_parameters.push((input, value));
        }
        (of_parameters, given.collect())
    }

    /// The type of a call that is not sent yet.
    fn builder(&self, settings: &Settings) -> TokenStream {
        let operation = self.operation;
        let name = ident(&operation.builder);
        let required =
            inputs::required(&operation.builder, &self.required_name, &self.arguments()).definition;
        let fields = self.parameters.iter().map(|input| {
            let (field, ty) = (ident(&input.name), input.stored_type());
            let ty = if input.field.required {
                ty
            } else {
                quote!(Option<#ty>)
            };
            quote!(#field: #ty,)
        });
        let body = self.body.as_ref().map(|body| {
            let ty = &body.ty;
            let ty = if body.body.required {
                quote!(#ty)
            } else {
                quote!(Option<#ty>)
            };
            quote!(body: #ty,)
        });
        let setters = self.setters();
        let send = self.send(settings);
        let docs = docs::raw(&format!(
            "A call of [`Client::{}`] that is not sent yet.",
            operation.name
        ));
        let deprecated = operation.deprecated.then(|| quote!(#[deprecated]));
        let (derives, debug) = inputs::derives(&name, &self.inputs(), &quote!(<'_>));
        quote! {
            #required

            #docs
            #deprecated
            #derives
            #[must_use = "nothing is sent until `send` is awaited"]
            pub struct #name<'a> { client: &'a Client, settings: CallSettings, #(#fields)* #body }

            call_settings!(#name);

            #debug

            impl #name<'_> {
                #setters
                #send
            }
        }
    }

    fn setters(&self) -> TokenStream {
        let of_parameters = self
            .parameters
            .iter()
            .filter(|input| !input.field.required)
            .map(|input| {
                let field = ident(&input.name);
                input.setter(&quote!(self.#field))
            });
        let of_body = self.body.iter().flat_map(|body| match &body.fields {
            Some(fields) => {
                let optional = fields.iter().filter(|input| !input.field.required);
                optional
                    .map(|input| input.setter(&body.field(input)))
                    .collect()
            }
            None if !body.body.required => vec![body.whole.setter(&quote!(self.body))],
            None => Vec::new(),
        });
        let extra = self
            .body
            .iter()
            .flat_map(|body| &body.extra)
            .map(|(field, ty, name)| {
                quote! {
                    /// Fields that the document does not name, sent beside the others.
                    pub fn #name(mut self, value: #ty) -> Self {
                        self.body.#field = value;
                        self
                    }
                }
            });
        quote!(#(#of_parameters)* #(#of_body)* #(#extra)*)
    }

    fn send(&self, settings: &Settings) -> TokenStream {
        let operation = self.operation;
        let (name, path) = (&operation.name, &operation.target);
        let fixed = operation
            .fixed
            .iter()
            .map(|(name, text)| quote!(.query(#name, &#text)));
        let (method, idempotent) = (ident(&operation.method), operation.is_idempotent());
        let answer = &self.answers.answer;
        let part_types = operation.body.as_ref().map(bodies::part_types);
        let part_types = part_types.unwrap_or_default();
        let parameters = self.parameters.iter().map(|input| {
            let (wire, field) = (&input.wire, ident(&input.name));
            let bounds = bounds(input, &quote!(self.#field));
            let part_type = match input.place {
                "part" | "file" => part_types.get(wire.as_str()),
                _ => None,
            };
            let part_type = part_type.map(|media_type| quote!(.part_type(#media_type)));
            let (put, style) = styled(input.place, input.style.as_ref());
            quote!(#bounds .#put(#wire, #style &self.#field) #part_type)
        });
        let parts = operation.body.as_ref();
        let parts = parts.filter(|body| body.encoding == Encoding::Multipart);
        let body = match &self.body {
            Some(body) => body.send(),
            None => parts.map(bodies::send_parts).into_iter().collect(),
        };
        let accept = operation
            .accept
            .as_ref()
            .map(|media_types| quote!(.accept(#media_types)));
        let end = match operation.answer {
            Answer::Json => quote!(send()),
            Answer::Text => quote!(send_text()),
            Answer::Empty => quote!(send_empty()),
            Answer::Bytes => quote!(send_bytes()),
            Answer::Download(_) => quote!(send_download()),
            Answer::ByStatus(_) => quote!(send_by_status(#answer::is_streamed, #answer::read)),
        };
        let without_key = (operation.asked.key == Some(false)).then(|| quote!(.without_key()));
        let links = without_key.into_iter().chain(fixed).chain(parameters);
        let links: Vec<TokenStream> = links.chain(body).chain(accept).collect();
        let (statements, call) = chain(
            quote!(Call::new(self.client, &OPERATION, self.settings)),
            &links,
        );
        let when = if idempotent {
            "The operation is idempotent and is tried again after a failure that passes"
        } else {
            "The operation is not idempotent and is tried again only where the server cannot have \
             acted on it"
        };
        let docs = docs::raw(&format!(
            "Sends the request and waits for the answer.\n\n\
             {when} ([`RetryPolicy`]({}::runtime::RetryPolicy)).",
            settings.root
        ));
        let failure = self.answers.failure.as_ref().map(|name| {
            let text = format!("[`{name}::of`] reads what the server says.");
            docs::raw(&text)
        });
        quote! {
            #docs
            ///
            /// # Errors
            ///
            /// Every way in which a call can fail is an [`Error`], which knows the operation and,
            /// where there was an answer, its status.
            #failure
            pub async fn send(self) -> Result<#answer, Error> {
                static OPERATION: Operation = Operation {
                    id: #name,
                    method: Method::#method,
                    path: #path,
                    idempotent: #idempotent,
                };
                #statements
                #call.#end.await
            }
        }
    }
}

/// The function that puts a value into its place, and the style that it takes beside the value.
pub(super) fn styled(place: &str, style: Option<&Style>) -> (proc_macro2::Ident, TokenStream) {
    match style {
        None => (ident(place), TokenStream::new()),
        Some(style) => {
            let style = style_of(style);
            (ident(&format!("{place}_styled")), quote!(#style,))
        }
    }
}

/// A style, as the runtime has it.
pub(super) fn style_of(style: &Style) -> TokenStream {
    match style {
        Style::Simple { explode } => quote!(Style::Simple { explode: #explode }),
        Style::Label { explode } => quote!(Style::Label { explode: #explode }),
        Style::Matrix { explode } => quote!(Style::Matrix { explode: #explode }),
        Style::Form { explode } => quote!(Style::Form { explode: #explode }),
        Style::SpaceDelimited => quote!(Style::SpaceDelimited),
        Style::PipeDelimited => quote!(Style::PipeDelimited),
        Style::DeepObject => quote!(Style::DeepObject),
        Style::Json => quote!(Style::Json),
        Style::Reserved(style) => {
            let style = style_of(style);
            quote!(Style::Reserved(&#style))
        }
    }
}

/// The check of a string's length, before anything is sent.
pub(super) fn bounds(input: &Input, value: &TokenStream) -> TokenStream {
    if !types::is_string(&input.base) {
        return TokenStream::new();
    }
    let wire = &input.wire;
    let text = if input.field.required && !input.field.nullable {
        quote!(&#value)
    } else if input.field.required || !input.field.nullable {
        quote!(#value.as_deref())
    } else {
        quote!(#value.as_ref().and_then(Option::as_deref))
    };
    let least = input
        .field
        .min_length
        .filter(|_| input.place != "path" || input.field.min_length > Some(1))
        .map(|least| {
            let least = proc_macro2::Literal::u64_unsuffixed(least);
            quote!(.min_length(#wire, #text, #least))
        });
    let most = input.field.max_length.map(|most| {
        let most = proc_macro2::Literal::u64_unsuffixed(most);
        quote!(.max_length(#wire, #text, #most))
    });
    quote!(#least #most)
}
