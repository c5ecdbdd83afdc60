//! Looks for the key in whatever any crate of this process logs, traces or panics with.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    fmt::{self, Write as _},
    panic,
    sync::{
        Mutex, Once,
        atomic::{AtomicU64, Ordering},
    },
};

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

use super::canary;

/// Installs the scanners, once in a process. Whatever makes a client or a server calls it.
pub(crate) fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        log::set_logger(&Logs).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
        tracing::subscriber::set_global_default(Traces).unwrap();
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            canary::scan("a panic", &info.to_string());
            usual(info);
        }));
    });
}

/// Who has logged or traced anything so far.
static SPEAKERS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

thread_local! {
    /// What this crate has traced in this thread.
    static TRACES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Who has logged or traced anything so far: the path of a module, for the most part.
pub(crate) fn speakers() -> BTreeSet<String> {
    SPEAKERS.lock().unwrap().clone()
}

/// What this crate has traced in this thread since this was asked last: a line per span, event, or record of
/// fields that a span got later.
pub(crate) fn take_traces() -> Vec<String> {
    TRACES.take()
}

struct Logs;

impl log::Log for Logs {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        SPEAKERS.lock().unwrap().insert(record.target().to_owned());
        canary::scan(
            &format!("a log record of {}", record.target()),
            &record.args().to_string(),
        );
    }

    fn flush(&self) {}
}

struct Traces;

impl Subscriber for Traces {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        static LAST: AtomicU64 = AtomicU64::new(0);
        scan(span.metadata(), |fields| span.record(fields));
        span::Id::from_u64(LAST.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &span::Id, values: &span::Record<'_>) {
        let mut fields = Fields::default();
        values.record(&mut fields);
        canary::scan("a field of a span", &fields.text);
        TRACES.with_borrow_mut(|traces| traces.push(format!("record{}", fields.text)));
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        scan(event.metadata(), |fields| event.record(fields));
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

fn scan(metadata: &Metadata<'_>, record: impl FnOnce(&mut Fields)) {
    let mut fields = Fields::default();
    record(&mut fields);
    let target = metadata.target();
    let kind = if metadata.is_span() { "span" } else { "event" };
    canary::scan(&format!("a {kind} of {target}"), &fields.text);
    SPEAKERS.lock().unwrap().insert(target.to_owned());
    if target == "agen_api" {
        let line = format!(
            "{kind} {} {}{}",
            metadata.level(),
            metadata.name(),
            fields.text
        );
        TRACES.with_borrow_mut(|traces| traces.push(line));
    }
}

/// The fields of a span or an event, as text.
#[derive(Default)]
struct Fields {
    text: String,
}

impl Visit for Fields {
    // Every kind of value but these ends up here.
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = write!(self.text, " {field}={value:?} |");
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let _ = write!(self.text, " {field}={value} |");
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        let _ = write!(self.text, " {field}=");
        let mut source = Some(value);
        while let Some(error) = source {
            let _ = write!(self.text, "{error} {error:?} |");
            source = error.source();
        }
    }
}
