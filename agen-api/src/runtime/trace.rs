//! What a call tells to a subscriber of `tracing`; nothing without the feature of that name.
//!
//! A span stands for a whole call, all its tries included. Names of fields are those of
//! [OpenTelemetry's conventions for HTTP clients](https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client)
//! where there is one, and begin with `agen.` where there is none.

pub(super) use implementation::CallSpan;

#[cfg(feature = "tracing")]
mod implementation {
    use std::{
        future::Future,
        time::{Duration, Instant},
    };

    use reqwest::Url;
    use tracing::{Instrument as _, Span, field::Empty};

    use super::super::{
        Operation,
        client::Client,
        error::{self, Error, ErrorKind},
        send::Answer,
    };

    pub(in super::super) struct CallSpan<'a> {
        span: Span,
        client: &'a Client,
        start: Instant,
    }

    impl<'a> CallSpan<'a> {
        pub(in super::super) fn new(
            client: &'a Client,
            operation: &Operation<'_>,
            url: &Url,
        ) -> Self {
            let span = tracing::info_span!(
                target: "agen_api",
                "call",
                otel.name = %format_args!(
                    "{}{}{}",
                    operation.method,
                    if operation.path.is_empty() { "" } else { " " },
                    operation.path
                ),
                otel.kind = "client",
                otel.status_code = Empty,
                agen.operation = operation.id,
                agen.request_id = Empty,
                http.request.method = operation.method.as_str(),
                http.request.resend_count = Empty,
                http.response.status_code = Empty,
                agen.duration = Empty,
                url.template = (!operation.path.is_empty()).then_some(operation.path),
                url.full = %client.inner.redact(&without_query(url)),
                server.address = url.host_str(),
                server.port = url.port_or_known_default(),
                error.type = Empty,
            );
            Self {
                span,
                client,
                start: client.inner.time.now(),
            }
        }

        /// `future` inside of the span.
        pub(in super::super) fn around<F: Future>(
            &self,
            future: F,
        ) -> impl Future<Output = F::Output> + use<F> {
            future.instrument(self.span.clone())
        }

        /// The call failed and is tried again after `wait`.
        pub(in super::super) fn retry(&self, error: &Error, wait: Duration) {
            tracing::event!(
                target: "agen_api",
                tracing::Level::WARN,
                http.request.resend_count = error.attempts(),
                error.type = %error_type(error),
                agen.retry.wait = wait.as_secs_f64(),
                "the call failed and is tried again"
            );
        }

        /// The call came to its end, with an answer, an error, or an answer that became one.
        pub(in super::super) fn end(&self, answer: Option<&Answer>, error: Option<&Error>) {
            let record = &self.span;
            if record.is_disabled() {
                return;
            }
            let duration = self.client.inner.time.now() - self.start;
            record.record("agen.duration", duration.as_secs_f64());
            let status = answer.map(|answer| answer.status);
            if let Some(status) = status.or_else(|| error?.status()) {
                record.record("http.response.status_code", status.as_u16());
            }
            let attempts = answer.map(|answer| answer.attempts);
            let attempts = attempts.or_else(|| Some(error?.attempts())).unwrap_or(1);
            if attempts > 1 {
                record.record("http.request.resend_count", attempts - 1);
            }
            let request_id =
                answer.and_then(|answer| error::request_id(self.client, &answer.headers));
            let request_id = request_id.or_else(|| error?.request_id().map(str::to_owned));
            if let Some(id) = request_id {
                record.record("agen.request_id", id);
            }
            if let Some(error) = error {
                record.record("otel.status_code", "ERROR");
                record.record("error.type", error_type(error));
            }
        }
    }

    /// A status, or the kind of the error, as `error.type` asks for: of few values.
    fn error_type(error: &Error) -> String {
        match (error.kind(), error.status()) {
            (ErrorKind::Status | ErrorKind::Redirect, Some(status)) => status.as_str().to_owned(),
            (kind, _) => format!("{kind:?}").to_ascii_lowercase(),
        }
    }

    /// A query can hold what is nobody's business.
    fn without_query(url: &Url) -> String {
        let mut url = url.clone();
        url.set_query(None);
        url.into()
    }
}

#[cfg(not(feature = "tracing"))]
mod implementation {
    use std::{future::Future, marker::PhantomData, time::Duration};

    use reqwest::Url;

    use super::super::{Operation, client::Client, error::Error, send::Answer};

    pub(in super::super) struct CallSpan<'a>(PhantomData<&'a Client>);

    impl<'a> CallSpan<'a> {
        pub(in super::super) fn new(_: &'a Client, _: &Operation<'_>, _: &Url) -> Self {
            Self(PhantomData)
        }

        pub(in super::super) fn around<F: Future>(&self, future: F) -> F {
            future
        }

        pub(in super::super) fn retry(&self, _: &Error, _: Duration) {}

        pub(in super::super) fn end(&self, _: Option<&Answer>, _: Option<&Error>) {}
    }
}
