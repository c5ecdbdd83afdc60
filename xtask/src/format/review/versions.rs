//! What is said of versions, in sentences and as an object.

use serde_json::{Value, json};

use super::level;
use crate::commands::review::{Bump, Versions};

/// How the versions are called.
pub(super) const CLIENT: &str = "agen-api";
pub(super) const DOCUMENT: &str = "info.version";

/// A sentence for each version that the change asks something of, and whether it has it, where that can be
/// told.
pub(super) fn sentences(versions: &Versions) -> Vec<(Option<bool>, String)> {
    let named = [(CLIENT, &versions.client), (DOCUMENT, &versions.document)];
    let said = named.map(|(name, bump)| Some((bump.fits, sentence(name, bump)?)));
    said.into_iter().flatten().collect()
}

pub(super) fn sentence(name: &str, bump: &Bump) -> Option<String> {
    let needed = level(bump.needed?);
    if let Some(why) = &bump.unreadable {
        return Some(format!(
            "{name} needs a {needed} version, and which it has cannot be told: {why}"
        ));
    }
    let Some((base, head)) = bump.base.as_ref().zip(bump.head.as_ref()) else {
        return Some(format!(
            "{name} needs a {needed} version, and these sides have none to compare"
        ));
    };
    let is = if head == base {
        format!("{name} stays at {head}")
    } else {
        format!("{name} goes from {base} to {head}")
    };
    let since = bump.released.as_ref().unwrap_or(base);
    Some(match (&bump.least, bump.fits) {
        (Some(least), Some(true)) => {
            format!("{is}, which is enough: {needed} changes since {since} need {least} at least")
        }
        (Some(least), _) => format!("{is}: {needed} changes since {since} need {least} at least"),
        (None, Some(true)) => format!("{is}, which is enough for {needed} changes"),
        (None, _) => format!("{is}: {needed} changes need another one"),
    })
}

pub(super) fn object(versions: &Versions) -> Value {
    let bump = |bump: &Bump| {
        json!({
            "needed": bump.needed.map(level),
            "base": bump.base,
            "head": bump.head,
            "released": bump.released,
            "least": bump.least,
            "fits": bump.fits,
        })
    };
    json!({
        "client": bump(&versions.client),
        "document": bump(&versions.document),
        "changelog": versions.entry,
    })
}
