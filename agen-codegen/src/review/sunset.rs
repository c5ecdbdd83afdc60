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
        "an operation is gone, and the day that was named for it is no date"
        "nobody can tell whether callers had the time that they were told";
    PARAMETER_UNREADABLE Breaking "request-parameter-sunset-parse"
        "a parameter is gone, and the day that was named for it is no date"
        "nobody can tell whether callers had the time that they were told";
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

/// Compares the day that is named for something that is deprecated on both sides.
pub(super) fn kept<'a>(
    comparison: &mut Comparison<'a>,
    step: Step,
    [base, head]: [&Node<'a>; 2],
    is_parameter: bool,
    title: &str,
) {
    let deprecated = base.flag("deprecated") && head.flag("deprecated");
    if let (Some(old), None) = (base.get(KEY), head.get(KEY))
        && deprecated
    {
        let rule = if is_parameter {
            &PARAMETER_DELETED
        } else {
            &DELETED
        };
        let message = format!(
            "{title} is deprecated without a day from which on it may be gone; it was {}",
            names::value(old.value)
        );
        comparison.found(step, rule, Some(&old), Some(head), message);
    }
}
