//! From text to a document and the places of its values.

use crate::{Diagnostic, Source, document::Document};

pub(crate) fn parse(source: &Source<'_>) -> Result<Document, Vec<Diagnostic>> {
    let _ = source;
    Ok(Document::new(
        serde_json::Value::Null,
        crate::document::SourceMap::default(),
    ))
}
