use agen_codegen::{Source, review};

use super::*;

fn version(text: &str) -> Version {
    Version::parse(text).unwrap()
}

fn package(version: &str, changelog: &str) -> Package {
    Package {
        manifest: Some("[package]\nname = \"a\"\nversion.workspace = true\n".to_owned()),
        workspace: Some(format!("[workspace.package]\nversion = \"{version}\"\n")),
        changelog: Some(changelog.to_owned()),
    }
}

/// The review of a document in which a field of an answer is added, or is gone.
fn reviewed(removed: bool, versions: [&str; 2]) -> Review {
    let text = |field: &str, version: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '{version}'}}\npaths: {{/a: {{get: {{operationId: getA, \
             responses: {{'200': {{description: A, content: {{application/json: {{schema: {{$ref: \
             '#/components/schemas/A'}}}}}}}}}}}}}}}}\ncomponents: {{schemas: {{A: {{type: object, properties: \
             {{a: {{type: string}}{field}}}}}}}}}\n"
        )
    };
    let (more, less) = (", b: {type: string}", "");
    let (old, new) = if removed { (more, less) } else { (less, more) };
    let [base, head] = [text(old, versions[0]), text(new, versions[1])];
    let source = |text| Source {
        name: "openapi.yaml",
        text,
    };
    review(&source(&base), &source(&head))
}

fn told(
    removed: bool,
    base: &Package,
    head: &Package,
) -> (Option<Level>, Option<String>, Option<bool>) {
    let found = versions(&reviewed(removed, ["1.0.0", "1.0.0"]), [base, head]).client;
    (found.needed, found.least, found.fits)
}

#[test]
fn a_version_is_raised_as_cargo_reads_it() {
    for (from, major, minor, patch) in [
        ("0.2.0", "0.3.0", "0.2.1", "0.2.1"),
        ("0.2.7", "0.3.0", "0.2.8", "0.2.8"),
        ("0.0.3", "0.0.4", "0.0.4", "0.0.4"),
        ("1.4.2", "2.0.0", "1.5.0", "1.4.3"),
        ("1.0.0-rc.1", "1.0.0-rc.2", "1.0.0-rc.2", "1.0.0-rc.2"),
        ("1.0.0-beta", "1.0.0-beta.1", "1.0.0-beta.1", "1.0.0-beta.1"),
        ("1.4.2+build", "2.0.0", "1.5.0", "1.4.3"),
    ] {
        let of = |level| raised(&version(from), level).to_string();
        assert_eq!(of(Level::Major), major, "{from}");
        assert_eq!(of(Level::Minor), minor, "{from}");
        assert_eq!(of(Level::Patch), patch, "{from}");
        assert!(version(&of(Level::Patch)) > version(from));
    }
}

#[test]
fn a_released_version_has_to_be_raised() {
    let released = "# Changelog\n\n## [0.2.0] - 2026-01-01\n\n## 0.1.0\n";
    let base = package("0.2.0", released);
    let major = Some(Level::Major);
    let least = |text: &str| Some(text.to_owned());
    for (head, fits) in [
        ("0.2.0", false),
        ("0.2.1", false),
        ("0.3.0", true),
        ("1.0.0", true),
    ] {
        let head = package(head, released);
        assert_eq!(
            told(true, &base, &head),
            (major, least("0.3.0"), Some(fits))
        );
    }
    for (head, fits) in [("0.2.0", false), ("0.2.1", true), ("0.3.0", true)] {
        let head = package(head, released);
        let expected = (Some(Level::Minor), least("0.2.1"), Some(fits));
        assert_eq!(told(false, &base, &head), expected);
    }
}

#[test]
fn what_is_not_released_yet_counts_from_what_was() {
    let text = "## 0.3.0, not released yet\n\n## 0.2.0 - 2026-01-01\n";
    let base = package("0.3.0", text);
    let found = versions(&reviewed(true, ["1", "1"]), [&base, &base]).client;
    assert_eq!(
        (found.released.as_deref(), found.fits),
        (Some("0.2.0"), Some(true))
    );
    // An addition was enough until now.
    let text = "## 0.2.1, Unreleased\n\n## 0.2.0\n";
    let base = package("0.2.1", text);
    assert_eq!(told(true, &base, &base).2, Some(false));
    assert_eq!(told(false, &base, &base).2, Some(true));
    // Nobody depends on the first one.
    let base = package("0.1.0", "## 0.1.0, not released\n");
    assert_eq!(
        told(true, &base, &base),
        (Some(Level::Major), None, Some(true))
    );
}

#[test]
fn a_version_that_goes_back_fits_nothing() {
    let base = package("0.2.0", "");
    assert_eq!(told(false, &base, &package("0.1.9", "")).2, Some(false));
}

#[test]
fn a_file_alone_has_no_version() {
    let none = Package::default();
    let found = versions(&reviewed(true, ["1.0.0", "1.0.0"]), [&none, &none]);
    assert_eq!(found.client.needed, Some(Level::Major));
    assert_eq!((found.client.least, found.client.fits), (None, None));
    assert!(found.entry.unwrap().starts_with("## Unreleased\n"));
    for broken in [
        "",
        "a",
        "[package]",
        "[package]\nversion = 1",
        "[package]\nversion = \"x\"",
    ] {
        let package = Package {
            manifest: Some(broken.to_owned()),
            ..Package::default()
        };
        assert!(package.version().is_err(), "{broken}");
        let bump = versions(&reviewed(true, ["1.0.0", "1.0.0"]), [&none, &package]).client;
        let why = bump.unreadable.unwrap();
        assert!(why.starts_with("of the head, "), "{why}");
    }
}

#[test]
fn a_version_has_the_place_where_it_stands() {
    let own = Package {
        manifest: Some("[package]\nname = \"a\"\nversion = \"1.2.3\"\n".to_owned()),
        ..Package::default()
    };
    for (package, file, line, column) in [
        (own, MANIFEST, 3, 11),
        (package("1.2.3", ""), WORKSPACE, 2, 11),
    ] {
        let (found, at) = package.version().unwrap().unwrap().at;
        assert_eq!(
            (found, at.start.line, at.start.column),
            (file, line, column)
        );
    }
}

#[test]
fn a_changelog_can_say_in_several_ways_that_a_version_is_not_released() {
    for heading in [
        "## 0.2.0, not released yet",
        "## [0.2.0] - Unreleased",
        "## 0.2.0 (not yet released)",
        "## v0.2.0 - TBD",
        "## 0.2.0 – to be released",
        "## 0.2.0 (in development)",
    ] {
        let package = package("0.2.0", &format!("{heading}\n\n## 0.1.0 - 2026-01-01\n"));
        let released = package.released(&version("0.2.0"));
        assert_eq!(released, Some(version("0.1.0")), "{heading}");
    }
}

#[test]
fn the_document_has_a_version_of_its_own() {
    let none = Package::default();
    let of =
        |removed, base, head| versions(&reviewed(removed, [base, head]), [&none, &none]).document;
    // What comes back less than before breaks nobody on the wire where it was optional; what is told decides.
    let found = of(false, "0.1.0", "0.1.0");
    assert_eq!(
        (found.needed, found.fits),
        (Some(Level::Minor), Some(false))
    );
    assert_eq!(of(false, "0.1.0", "0.1.1").fits, Some(true));
    assert_eq!(of(false, "2026-01-01", "2026-01-01").fits, Some(false));
    assert_eq!(of(false, "2026-01-01", "2026-02-01").fits, Some(true));
}

#[test]
fn an_entry_is_in_sections() {
    let base = package("0.2.0", "");
    let entry = |removed| versions(&reviewed(removed, ["1", "1"]), [&base, &base]).entry;
    let expected = "## 0.3.0, not released yet\n\n### Removed\n\n- `types::A::b`.\n";
    assert_eq!(entry(true).as_deref(), Some(expected));
    let expected = "## 0.2.1, not released yet\n\n### Added\n\n- `types::A::b`.\n";
    assert_eq!(entry(false).as_deref(), Some(expected));
}
