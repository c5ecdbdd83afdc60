//! Rules that hold in one place, or for one kind of value, instead of the rule for every place.

use super::changes::{Change, Place};
use crate::review::{ReviewRule, rules::rules};

rules! {
    MEDIA_TYPE_VALUE_REMOVED Compatible "response-mediatype-enum-value-removed"
        "the body of a response: a value is removed from the list"
        "a client already understands everything that still comes";
    PARAMETER_PROPERTY_TYPE Notable "request-parameter-property-type-changed"
        "a value in a parameter: the type is another"
        "it depends on how the parameter is written whether its values look any different";
    HEADER_PROPERTY_ENUM Breaking "request-header-property-became-enum"
        "a value in a header of a request: only listed values are allowed"
        "what a client sends today may be refused from now on";

    READ_ONLY_VALUE_REMOVED Compatible "request-read-only-property-enum-value-removed"
        "a readOnly value in a request: a value is removed from the list"
        "it is not sent";
    READ_ONLY_MAX Compatible "request-read-only-property-max-decreased"
        "a readOnly value in a request: `maximum` is lower"
        "it is not sent";
    READ_ONLY_MIN Compatible "request-read-only-property-min-increased"
        "a readOnly value in a request: `minimum` is higher"
        "it is not sent";
    READ_ONLY_MAX_LENGTH Compatible "request-read-only-property-max-length-decreased"
        "a readOnly value in a request: `maxLength` is lower"
        "it is not sent";
    READ_ONLY_MAX_ITEMS Compatible "request-read-only-property-max-items-decreased"
        "a readOnly value in a request: `maxItems` is lower"
        "it is not sent";
    READ_ONLY_MAX_PROPERTIES Compatible "request-read-only-property-max-properties-decreased"
        "a readOnly value in a request: `maxProperties` is lower"
        "it is not sent";
    WRITE_ONLY_VALUE_ADDED Compatible "response-write-only-property-enum-value-added"
        "a writeOnly value in a response: a value is added to the list"
        "it does not come";
}

/// The rule of a change that is judged otherwise in this place than in the others.
pub(super) fn of_place(change: Change, place: Place) -> Option<&'static ReviewRule> {
    match (change, place) {
        (Change::EnumValueRemoved, Place::ResponseBody) => Some(&MEDIA_TYPE_VALUE_REMOVED),
        (Change::TypeChanged, Place::ParameterProperty) => Some(&PARAMETER_PROPERTY_TYPE),
        _ => None,
    }
}

/// The rule of a change inside of a header that a client sends.
pub(super) fn of_header(change: Change, place: Place) -> Option<&'static ReviewRule> {
    let is_it = change == Change::BecameEnum && place == Place::ParameterProperty;
    is_it.then_some(&HEADER_PROPERTY_ENUM)
}

/// The rule of a change of a value that does not travel in this direction.
pub(super) fn of_silent(change: Change, place: Place) -> Option<&'static ReviewRule> {
    match (change, place) {
        (Change::EnumValueRemoved, Place::RequestProperty) => Some(&READ_ONLY_VALUE_REMOVED),
        (Change::MaxDecreased, Place::RequestProperty) => Some(&READ_ONLY_MAX),
        (Change::MinIncreased, Place::RequestProperty) => Some(&READ_ONLY_MIN),
        (Change::MaxLengthDecreased, Place::RequestProperty) => Some(&READ_ONLY_MAX_LENGTH),
        (Change::MaxItemsDecreased, Place::RequestProperty) => Some(&READ_ONLY_MAX_ITEMS),
        (Change::MaxPropertiesDecreased, Place::RequestProperty) => Some(&READ_ONLY_MAX_PROPERTIES),
        (Change::EnumValueAdded, Place::ResponseProperty) => Some(&WRITE_ONLY_VALUE_ADDED),
        _ => None,
    }
}
