//! Statuses of HTTP: how a document writes them, and what they are called in Rust.

use crate::api::Status;

/// The names of [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-15) and of the registry of IANA.
const NAMES: &[(u16, &str)] = &[
    (200, "Ok"),
    (201, "Created"),
    (202, "Accepted"),
    (203, "NonAuthoritative"),
    (204, "NoContent"),
    (205, "ResetContent"),
    (206, "PartialContent"),
    (207, "MultiStatus"),
    (208, "AlreadyReported"),
    (226, "ImUsed"),
    (300, "MultipleChoices"),
    (301, "MovedPermanently"),
    (302, "Found"),
    (303, "SeeOther"),
    (304, "NotModified"),
    (305, "UseProxy"),
    (307, "TemporaryRedirect"),
    (308, "PermanentRedirect"),
    (400, "BadRequest"),
    (401, "Unauthorized"),
    (402, "PaymentRequired"),
    (403, "Forbidden"),
    (404, "NotFound"),
    (405, "MethodNotAllowed"),
    (406, "NotAcceptable"),
    (407, "ProxyAuthenticationRequired"),
    (408, "RequestTimeout"),
    (409, "Conflict"),
    (410, "Gone"),
    (411, "LengthRequired"),
    (412, "PreconditionFailed"),
    (413, "ContentTooLarge"),
    (414, "UriTooLong"),
    (415, "UnsupportedMediaType"),
    (416, "RangeNotSatisfiable"),
    (417, "ExpectationFailed"),
    (421, "MisdirectedRequest"),
    (422, "UnprocessableContent"),
    (423, "Locked"),
    (424, "FailedDependency"),
    (425, "TooEarly"),
    (426, "UpgradeRequired"),
    (428, "PreconditionRequired"),
    (429, "TooManyRequests"),
    (431, "RequestHeaderFieldsTooLarge"),
    (451, "UnavailableForLegalReasons"),
    (500, "InternalServerError"),
    (501, "NotImplemented"),
    (502, "BadGateway"),
    (503, "ServiceUnavailable"),
    (504, "GatewayTimeout"),
    (505, "HttpVersionNotSupported"),
    (506, "VariantAlsoNegotiates"),
    (507, "InsufficientStorage"),
    (508, "LoopDetected"),
    (511, "NetworkAuthenticationRequired"),
];

impl Status {
    /// A key of `responses`: a number of three digits, a range such as `4XX`, or `default`.
    pub(crate) fn parse(key: &str) -> Option<Self> {
        if key == "default" {
            return Some(Self::Default);
        }
        let (first @ b'1'..=b'5', rest) = key.as_bytes().split_first()? else {
            return None;
        };
        match rest {
            [b'x' | b'X', b'x' | b'X'] => Some(Self::Range(u16::from(first - b'0'))),
            [b'0'..=b'9', b'0'..=b'9'] => key.parse().ok().map(Self::Exact),
            _ => None,
        }
    }

    /// Its class: the first digit, which `default` has not.
    pub(crate) fn class(self) -> Option<u16> {
        match self {
            Self::Exact(status) => Some(status / 100),
            Self::Range(first) => Some(first),
            Self::Default => None,
        }
    }

    /// What an enum calls it. No two have one name.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Exact(status) => match NAMES.iter().find(|(known, _)| *known == status) {
                Some((_, name)) => (*name).to_owned(),
                None => format!("Status{status}"),
            },
            Self::Range(1) => "Informational".to_owned(),
            Self::Range(2) => "Success".to_owned(),
            Self::Range(3) => "Redirection".to_owned(),
            Self::Range(4) => "ClientError".to_owned(),
            Self::Range(_) => "ServerError".to_owned(),
            Self::Default => "Default".to_owned(),
        }
    }

    /// As documents write it.
    pub(crate) fn shown(self) -> String {
        match self {
            Self::Exact(status) => status.to_string(),
            Self::Range(first) => format!("{first}XX"),
            Self::Default => "default".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn keys_are_read() {
        for (key, status) in [
            ("200", Some(Status::Exact(200))),
            ("2XX", Some(Status::Range(2))),
            ("5xx", Some(Status::Range(5))),
            ("default", Some(Status::Default)),
            ("20x", None),
            ("2000", None),
            ("020", None),
            ("600", None),
            ("", None),
            ("2é", None),
            ("x-note", None),
        ] {
            assert_eq!(Status::parse(key), status, "{key}");
        }
    }

    #[test]
    fn names_differ() {
        let exact = (100..600).map(Status::Exact);
        let all = exact
            .chain((1..6).map(Status::Range))
            .chain([Status::Default]);
        let names: Vec<String> = all.map(Status::name).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        assert!(NAMES.is_sorted());
    }
}
