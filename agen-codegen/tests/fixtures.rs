//! What the generator makes of each fixture: one snapshot per document, all of its files in one text.
//!
//! The crate in `fixtures` compiles the same output and tries it on the wire.

use std::{fs, path::Path};

use agen_codegen::{Settings, Source, generate};

#[test]
fn the_output_for_each_fixture_is_the_one_in_the_snapshots() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/documents");
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("the fixtures are there") {
        let path = entry.expect("the fixtures can be listed").path();
        let name = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .expect("a fixture has a name");
        let text = fs::read_to_string(&path).expect("a fixture can be read");
        let outcome = generate(&Source { name, text: &text }, &Settings::default());
        let output = outcome
            .output
            .unwrap_or_else(|| panic!("{name} is refused: {:?}", outcome.diagnostics));
        let mut shown = format!("{}\n", output.surface);
        for (path, text) in &output.files {
            shown.push_str(&format!(
                "=== {path}\n{}\n",
                text.split_once("\n\n")
                    .map_or(text.as_str(), |(_, code)| code)
            ));
        }
        insta::with_settings!({
            snapshot_path => "snapshots/fixtures",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(name, shown);
        });
        count += 1;
    }
    assert!(count > 0, "no fixture was found");
}
