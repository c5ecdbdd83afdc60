//! The rules on schemas: every change in every place where a schema can stand.

use crate::review::{
    ReviewRule,
    rules::{Direction, Effect, severity, why},
    schema::special,
};

/// Where a schema stands. The order is that in which a finding is named after one of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::review) enum Place {
    RequestBody,
    RequestParameter,
    ResponseBody,
    ResponseHeader,
    /// Anywhere inside of the schema of a parameter.
    ParameterProperty,
    /// Anywhere inside of the body of a request.
    RequestProperty,
    /// Anywhere inside of the body or a header of a response.
    ResponseProperty,
}

/// Every place, in the order of the enum.
const PLACES: [Place; 7] = [
    Place::RequestBody,
    Place::RequestParameter,
    Place::ResponseBody,
    Place::ResponseHeader,
    Place::ParameterProperty,
    Place::RequestProperty,
    Place::ResponseProperty,
];

impl Place {
    pub(in crate::review) fn direction(self) -> Direction {
        match self {
            Self::RequestBody
            | Self::RequestParameter
            | Self::ParameterProperty
            | Self::RequestProperty => Direction::Request,
            Self::ResponseBody | Self::ResponseHeader | Self::ResponseProperty => {
                Direction::Response
            }
        }
    }

    /// Where the schemas inside of a schema stand.
    pub(super) fn inside(self) -> Self {
        match self {
            Self::RequestBody | Self::RequestProperty => Self::RequestProperty,
            Self::RequestParameter | Self::ParameterProperty => Self::ParameterProperty,
            Self::ResponseBody | Self::ResponseHeader | Self::ResponseProperty => {
                Self::ResponseProperty
            }
        }
    }

    /// How messages call what stands there.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::RequestBody => "the body of the request",
            Self::RequestParameter => "the parameter",
            Self::ResponseBody => "the body of the response",
            Self::ResponseHeader => "the header",
            Self::ParameterProperty => "in parameters,",
            Self::RequestProperty => "in requests,",
            Self::ResponseProperty => "in responses,",
        }
    }
}

macro_rules! changes {
    ($($(#[$attribute:meta])* $name:ident $effect:ident $id:literal $summary:literal;)*) => {
        /// A change of a schema, without the place where it stands.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(super) enum Change {
            $($(#[$attribute])* $name,)*
        }

        /// Every change, in the order of the table.
        const ALL: &[Change] = &[$(Change::$name),*];

        /// One row for each change, with a rule for each place, in the order of the enums.
        static TABLE: &[[ReviewRule; 7]] = &[$([
            changes!(@rule Request $effect $id $summary "request-body-" "the body of a request"),
            changes!(@rule Request $effect $id $summary "request-parameter-" "a parameter"),
            changes!(@rule Response $effect $id $summary "response-body-" "the body of a response"),
            changes!(@rule Response $effect $id $summary "response-header-" "a header of a response"),
            changes!(@rule Request $effect $id $summary "request-parameter-property-" "a value in a parameter"),
            changes!(@rule Request $effect $id $summary "request-property-" "a value in a request"),
            changes!(@rule Response $effect $id $summary "response-property-" "a value in a response"),
        ]),*];
    };
    (@rule $direction:ident $effect:ident $id:literal $summary:literal $prefix:literal $where:literal) => {
        ReviewRule {
            id: concat!($prefix, $id),
            severity: severity(Effect::$effect, Direction::$direction),
            summary: concat!($where, ": ", $summary),
            why: why(Effect::$effect, Direction::$direction),
        }
    };
}

changes! {
    TypeChanged Differs "type-changed" "the type is another";
    TypeGeneralized Widens "type-generalized" "the type takes in the old one";
    TypeSpecialized Narrows "type-specialized" "the type is part of the old one";
    /// A value that is sent as text, where the text of the new type is one of the old type.
    TypeCompatible Nothing "type-compatible" "the type is another, and its text stays readable";
    BecameNullable Widens "became-nullable" "null is allowed";
    BecameNotNullable Narrows "became-not-nullable" "null is not allowed any more";
    BecameEnum Narrows "became-enum" "only listed values are allowed";
    EnumRemoved Grows "enum-removed" "not only listed values are allowed";
    EnumValueAdded Grows "enum-value-added" "a value is added to the list";
    EnumValueRemoved Narrows "enum-value-removed" "a value is removed from the list";
    ExtensibleValueRemoved Narrows "x-extensible-enum-value-removed" "a value is removed from `x-extensible-enum`";
    MaxSet Narrows "max-set" "`maximum` is new";
    MaxUnset Widens "max-unset" "`maximum` is gone";
    MaxIncreased Widens "max-increased" "`maximum` is higher";
    MaxDecreased Narrows "max-decreased" "`maximum` is lower";
    MinSet Narrows "min-set" "`minimum` is new";
    MinUnset Widens "min-unset" "`minimum` is gone";
    MinIncreased Narrows "min-increased" "`minimum` is higher";
    MinDecreased Widens "min-decreased" "`minimum` is lower";
    ExclusiveMaxSet Narrows "exclusive-max-set" "`maximum` itself is not allowed any more";
    ExclusiveMaxUnset Widens "exclusive-max-unset" "`maximum` itself is allowed";
    ExclusiveMinSet Narrows "exclusive-min-set" "`minimum` itself is not allowed any more";
    ExclusiveMinUnset Widens "exclusive-min-unset" "`minimum` itself is allowed";
    MaxLengthSet Narrows "max-length-set" "`maxLength` is new";
    MaxLengthUnset Widens "max-length-unset" "`maxLength` is gone";
    MaxLengthIncreased Widens "max-length-increased" "`maxLength` is higher";
    MaxLengthDecreased Narrows "max-length-decreased" "`maxLength` is lower";
    MinLengthSet Narrows "min-length-set" "`minLength` is new";
    MinLengthUnset Widens "min-length-unset" "`minLength` is gone";
    MinLengthIncreased Narrows "min-length-increased" "`minLength` is higher";
    MinLengthDecreased Widens "min-length-decreased" "`minLength` is lower";
    MaxItemsSet Narrows "max-items-set" "`maxItems` is new";
    MaxItemsUnset Widens "max-items-unset" "`maxItems` is gone";
    MaxItemsIncreased Widens "max-items-increased" "`maxItems` is higher";
    MaxItemsDecreased Narrows "max-items-decreased" "`maxItems` is lower";
    MinItemsSet Narrows "min-items-set" "`minItems` is new";
    MinItemsUnset Widens "min-items-unset" "`minItems` is gone";
    MinItemsIncreased Narrows "min-items-increased" "`minItems` is higher";
    MinItemsDecreased Widens "min-items-decreased" "`minItems` is lower";
    MaxPropertiesSet Narrows "max-properties-set" "`maxProperties` is new";
    MaxPropertiesUnset Widens "max-properties-unset" "`maxProperties` is gone";
    MaxPropertiesIncreased Widens "max-properties-increased" "`maxProperties` is higher";
    MaxPropertiesDecreased Narrows "max-properties-decreased" "`maxProperties` is lower";
    MinPropertiesSet Narrows "min-properties-set" "`minProperties` is new";
    MinPropertiesUnset Widens "min-properties-unset" "`minProperties` is gone";
    MinPropertiesIncreased Narrows "min-properties-increased" "`minProperties` is higher";
    MinPropertiesDecreased Widens "min-properties-decreased" "`minProperties` is lower";
    MultipleOfSet Narrows "multiple-of-set" "`multipleOf` is new";
    MultipleOfUnset Widens "multiple-of-unset" "`multipleOf` is gone";
    MultipleOfGeneralized Widens "multiple-of-generalized" "`multipleOf` is a divisor of the old one";
    MultipleOfSpecialized Narrows "multiple-of-specialized" "`multipleOf` is a multiple of the old one";
    MultipleOfChanged Differs "multiple-of-changed" "`multipleOf` is another";
    UniqueItemsSet Narrows "unique-items-set" "no value may stand twice in the list";
    UniqueItemsUnset Widens "unique-items-unset" "a value may stand twice in the list";
    PatternAdded Narrows "pattern-added" "`pattern` is new";
    PatternRemoved Widens "pattern-removed" "`pattern` is gone";
    /// For a response this is any other pattern.
    PatternGeneralized Widens "pattern-generalized" "`pattern` allows any text";
    PatternChanged Unknown "pattern-changed" "`pattern` is another";
    DefaultAdded Nothing "default-value-added" "`default` is new";
    DefaultRemoved Nothing "default-value-removed" "`default` is gone";
    DefaultChanged Nothing "default-value-changed" "`default` is another";
    Deprecated Nothing "deprecated" "it is deprecated";
    DeprecatedUntil Nothing "deprecated-with-sunset" "it is deprecated, and a day is named from which on it may be gone";
    Reactivated Nothing "reactivated" "it is not deprecated any more";
    PropertiesForbidden Narrows "additional-properties-forbidden" "no other properties are allowed any more";
    /// For a response this is nothing new: every client has to pass over what it does not know.
    PropertiesAllowed Nothing "additional-properties-allowed" "other properties are allowed";
    PropertiesRestricted Narrows "additional-properties-restricted" "other properties have to fit a schema";
    PropertiesGeneralized Widens "additional-properties-generalized" "other properties may be anything";
    /// They are allowed in both cases. A client has a place for them only where they are written down.
    PropertiesWritten Nothing "additional-properties-written-otherwise" "that other properties are allowed is written down, or not any more";
    OneOfAdded Widens "one-of-added" "an alternative is added to `oneOf`";
    OneOfRemoved Narrows "one-of-removed" "an alternative is removed from `oneOf`";
    AnyOfAdded Widens "any-of-added" "an alternative is added to `anyOf`";
    AnyOfRemoved Narrows "any-of-removed" "an alternative is removed from `anyOf`";
    ListOfTypesWidened Widens "list-of-types-widened" "a type is added to those that are allowed";
    ListOfTypesNarrowed Narrows "list-of-types-narrowed" "a type is removed from those that are allowed";
    AllOfAdded MayNarrow "all-of-added" "a part is added to `allOf`";
    AllOfRemoved MayWiden "all-of-removed" "a part is removed from `allOf`";
    AllOfAddedAnnotationOnly Nothing "all-of-added-annotation-only" "a part that says nothing of values is added to `allOf`";
    AllOfRemovedAnnotationOnly Nothing "all-of-removed-annotation-only" "a part that says nothing of values is removed from `allOf`";
    WrappedInOneOf Differs "wrapped-in-one-of" "alternatives take the place of what was there";
    /// A value must fit one of the alternatives alone.
    WrappedWithOriginal Unknown "wrapped-in-one-of-original-preserved" "what was there is one of several alternatives now";
    UnwrappedFromOneOf Differs "unwrapped-from-one-of" "something else takes the place of the alternatives";
    NotAdded Narrows "not-added" "`not` is new";
    NotRemoved Widens "not-removed" "`not` is gone";
    NotChanged Unknown "not-changed" "`not` is another";
    DiscriminatorAdded Nothing "discriminator-added" "`discriminator` is new";
    DiscriminatorRemoved Nothing "discriminator-removed" "`discriminator` is gone";
    DiscriminatorPropertyChanged Nothing "discriminator-property-name-changed" "another property is named in `discriminator`";
    MappingAdded Nothing "discriminator-mapping-added" "a value is added to `mapping`";
    MappingDeleted Nothing "discriminator-mapping-deleted" "a value is removed from `mapping`";
    MappingChanged Nothing "discriminator-mapping-changed" "a value in `mapping` stands for another schema";
    /// What the changes of `discriminator` come to, if they come to anything.
    ToldApartOtherwise Unknown "alternatives-told-apart-otherwise" "alternatives are told apart by another property or by other values";
}

impl Change {
    /// The rule of this change in a place.
    pub(super) fn rule(self, place: Place) -> &'static ReviewRule {
        let change = self.named(place);
        if let Some(rule) = special::of_place(change, place) {
            return rule;
        }
        // The table has a row for each change and a column for each place.
        &TABLE[change as usize][place as usize]
    }

    /// The change after which the rule is named. In requests oasdiff has one name for every type that
    /// leaves something out, and in parameters, which are text, one for every type that does not.
    fn named(self, place: Place) -> Self {
        match (self, place) {
            (
                Self::TypeSpecialized,
                Place::RequestBody | Place::RequestParameter | Place::RequestProperty,
            ) => Self::TypeChanged,
            (Self::TypeCompatible, Place::RequestParameter) => Self::TypeGeneralized,
            (Self::DeprecatedUntil, Place::RequestParameter) => Self::Deprecated,
            // Whether a number inside of a parameter may be a text depends on how it is written.
            (Self::TypeCompatible, Place::ParameterProperty) => Self::TypeChanged,
            (
                Self::PatternGeneralized,
                Place::ResponseBody | Place::ResponseHeader | Place::ResponseProperty,
            ) => Self::PatternChanged,
            _ => self,
        }
    }
}

/// Every rule that holds for schemas in general.
pub(in crate::review) fn rules() -> impl Iterator<Item = &'static ReviewRule> {
    let changes = ALL.iter().copied().zip(TABLE);
    let general = changes.flat_map(|(change, row)| {
        let own = move |(place, rule)| {
            let is_own =
                change.named(place) == change && special::of_place(change, place).is_none();
            is_own.then_some(rule)
        };
        PLACES.into_iter().zip(row).filter_map(own)
    });
    general.chain(special::RULES.iter().copied())
}

/// What makes a change the same, whichever of the places of its direction it is named after.
pub(super) fn identity(change: Change, place: Place) -> &'static str {
    let column = match place.direction() {
        Direction::Request => Place::RequestBody,
        Direction::Response => Place::ResponseBody,
    };
    TABLE[change as usize][column as usize].id
}
