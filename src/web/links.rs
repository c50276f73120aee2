//! Addresses of pages, and which of them one may be sent back to.

use std::fmt::Write;

use crate::usecases::UnitRef;

/// `text` for use as a value in a query.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// `path` with a query of those values that are not empty.
pub fn with_query(path: &str, values: &[(&str, &str)]) -> String {
    let mut out = path.to_owned();
    for (name, value) in values.iter().filter(|(_, value)| !value.is_empty()) {
        let sign = if out.contains('?') { '&' } else { '?' };
        let _ = write!(out, "{sign}{name}={}", encoded(value));
    }
    out
}

/// The page of a unit.
pub fn unit(unit: &UnitRef) -> String {
    let page = if unit.kind.is_place() { "xa" } else { "don-vi" };
    format!("/{page}/{}", unit.code)
}

/// The history of a figure.
pub fn history(unit: &str, cohort: &str, measure: &str) -> String {
    format!("/lich-su/{unit}/{cohort}/{measure}")
}

/// Where to go next: only an address of ours, never one that leads to another site.
pub fn local(address: &str) -> Option<&str> {
    let is_ours = address.starts_with('/')
        && !address.starts_with("//")
        && !address.contains(['\\', '\r', '\n', '\t'])
        && !address.chars().any(char::is_control);
    is_ours.then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for address in ["//evil.vn", "https://evil.vn", "/\\evil.vn", "\\\\evil.vn", "javascript:x", "", "/\t/evil.vn"]
        {
            assert_eq!(local(address), None, "{address}");
        }
        assert_eq!(local("/don-vi?nhom=staff_a"), Some("/don-vi?nhom=staff_a"));
    }

    #[test]
    fn a_query_holds_what_was_given_and_nothing_else() {
        assert_eq!(with_query("/phien", &[("tiep", "/a?b=1&c=Đ"), ("d", "")]), "/phien?tiep=%2Fa%3Fb%3D1%26c%3D%C4%90");
    }
}
