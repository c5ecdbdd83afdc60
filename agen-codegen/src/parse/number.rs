//! Numbers that YAML has and JSON has not.

/// Whether YAML reads a plain scalar as a number that JSON does not have: infinite, not a number,
/// or so large that it is read as infinite.
pub(super) fn is_no_number(text: &str) -> bool {
    let digits = text.trim_start_matches(['+', '-']);
    if let ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN" = digits {
        return true;
    }
    digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.parse::<f64>().is_ok_and(f64::is_infinite)
}
