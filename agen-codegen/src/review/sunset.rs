//! The day from which on something deprecated may be gone: `x-sunset`, an extension that oasdiff made common,
//! with a date as in RFC 3339.

use chrono::NaiveDate;

use crate::document::Node;

use super::{
    compare::{Comparison, Step},
    names,
    rules::rules,
};

const KEY: &str = "x-sunset";

rules! {
    PATH_EARLY Breaking "api-path-removed-before-sunset"
        "a path is gone with its operations before the day that was named"
        "callers were told that it answers until then";
    EARLY Breaking "api-removed-before-sunset"
        "an operation is gone before the day that was named"
        "callers were told that it answers until then";
    PARAMETER_EARLY Breaking "request-parameter-removed-before-sunset"
        "a parameter is gone before the day that was named"
        "callers were told that it is taken until then";
    UNREADABLE Breaking "api-path-sunset-parse"
        "the day from which on a deprecated operation may be gone, or is gone, is no date"
        "nobody can tell how much time callers are told to have";
    PARAMETER_UNREADABLE Breaking "request-parameter-sunset-parse"
        "the day from which on a deprecated parameter may be gone, or is gone, is no date"
        "nobody can tell how much time callers are told to have";
    DEPRECATED Compatible "endpoint-deprecated"
        "an operation is deprecated"
        "it can still be called";
    DEPRECATED_UNTIL Compatible "endpoint-deprecated-with-sunset"
        "an operation is deprecated, and a day is named from which on it may be gone"
        "it can still be called until then";
    DEPRECATED_UNREADABLE Breaking "api-deprecated-sunset-parse"
        "an operation is deprecated, and the day that is named for it is no date"
        "nobody can tell how much time callers are told to have";
    MOVED Breaking "api-sunset-date-changed-too-small"
        "a deprecated operation may be gone from an earlier day on, which is over"
        "callers were told that it answers longer";
    PARAMETER_MOVED Breaking "request-parameter-sunset-date-changed-too-small"
        "a deprecated parameter may be gone from an earlier day on, which is over"
        "callers were told that it is taken longer";
    DELETED Breaking "sunset-deleted"
        "no day is named any more from which on a deprecated operation may be gone"
        "callers were told that it answers until then";
    PARAMETER_DELETED Breaking "request-parameter-sunset-deleted"
        "no day is named any more from which on a deprecated parameter may be gone"
        "callers were told that it is taken until then";
}

/// What is gone.
#[derive(Clone, Copy)]
pub(super) enum Gone {
    Path,
    Operation,
    Parameter,
}

fn date(node: &Node<'_>) -> Option<Option<NaiveDate>> {
    let text = node.get(KEY)?;
    let day = text.value.as_str().and_then(|text| text.get(..10));
    Some(day.and_then(|day| NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()))
}

/// Notes that something deprecated is gone too early. Says whether that is so, as far as it can be told;
/// without today's date no day is too early.
pub(super) fn removed<'a>(
    comparison: &mut Comparison<'a>,
    step: Step,
    node: &Node<'a>,
    gone: Gone,
    title: &str,
) -> bool {
    let Some(sunset) = date(node) else {
        return false;
    };
    let day = names::text(node, KEY, "no text");
    let (rule, message) = match (sunset, comparison.today, gone) {
        (None, _, Gone::Parameter) => (
            &PARAMETER_UNREADABLE,
            format!("{title} is gone, and {day} is no date"),
        ),
        (None, ..) => (
            &UNREADABLE,
            format!("{title} is gone, and {day} is no date"),
        ),
        (Some(sunset), Some(today), gone) if today < sunset => {
            let rule = match gone {
                Gone::Path => &PATH_EARLY,
                Gone::Operation => &EARLY,
                Gone::Parameter => &PARAMETER_EARLY,
            };
            (rule, format!("{title} is gone, and not from {day} on"))
        }
        _ => return false,
    };
    comparison.found(step, rule, Some(node), None, message);
    true
}

/// Notes that an operation is deprecated, with the day that is named for it.
pub(super) fn operation<'a>(
    comparison: &mut Comparison<'a>,
    step: Step,
    [base, head]: [&Node<'a>; 2],
    title: &str,
) {
    let day = names::text(head, KEY, "no text");
    let (rule, message) = match date(head) {
        None => (&DEPRECATED, format!("`{title}` is deprecated")),
        Some(Some(_)) => (
            &DEPRECATED_UNTIL,
            format!("`{title}` is deprecated, and may be gone from {day} on"),
        ),
        Some(None) => (
            &DEPRECATED_UNREADABLE,
            format!("`{title}` is deprecated, and {day} is no date"),
        ),
    };
    comparison.found(step, rule, Some(base), Some(head), message);
}

/// Notes that a parameter is deprecated and that the day that is named for it is no date. Says whether that is so.
pub(super) fn is_unreadable<'a>(
    comparison: &mut Comparison<'a>,
    step: Step,
    [base, head]: [&Node<'a>; 2],
    title: &str,
) -> bool {
    if date(head) != Some(None) {
        return false;
    }
    let day = names::text(head, KEY, "no text");
    let message = format!("{title} is deprecated, and {day} is no date");
    let places = (Some(base), Some(head));
    comparison.found(step, &PARAMETER_UNREADABLE, places.0, places.1, message);
    true
}

/// Whether a day is named for something that is deprecated.
pub(super) fn is_named(node: &Node<'_>) -> bool {
    matches!(date(node), Some(Some(_)))
}

/// Compares the day that is named for something that is deprecated on both sides.
pub(super) fn kept<'a>(
    comparison: &mut Comparison<'a>,
    step: Step,
    [base, head]: [&Node<'a>; 2],
    is_parameter: bool,
    title: &str,
) {
    if !base.flag("deprecated") || !head.flag("deprecated") {
        return;
    }
    let rule = |own, of_parameter| if is_parameter { of_parameter } else { own };
    let Some(old) = base.get(KEY) else {
        return;
    };
    let was = names::value(old.value);
    let Some(new) = head.get(KEY) else {
        let rule = rule(&DELETED, &PARAMETER_DELETED);
        let message = format!(
            "{title} is deprecated without a day from which on it may be gone; it was {was}"
        );
        return comparison.found(step, rule, Some(&old), Some(head), message);
    };
    if old.value == new.value {
        return;
    }
    let is = names::value(new.value);
    let (rule, message) = match [base, head].map(|node| date(node).flatten()) {
        [Some(before), Some(now)] => {
            // Without today's date no day is over.
            if now >= before || comparison.today.is_none_or(|today| now >= today) {
                return;
            }
            let message = format!("{title} may be gone from {is} on, and not from {was} on");
            (rule(&MOVED, &PARAMETER_MOVED), message)
        }
        [before, _] => {
            let unreadable = if before.is_none() { was } else { is };
            let message = format!("{title} is deprecated, and {unreadable} is no date");
            (rule(&UNREADABLE, &PARAMETER_UNREADABLE), message)
        }
    };
    comparison.found(step, rule, Some(&old), Some(&new), message);
}
