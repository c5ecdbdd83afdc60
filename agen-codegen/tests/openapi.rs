//! What the generator makes of `openapi.yaml`, held by snapshots.
//!
//! `cargo xtask codegen` writes these snapshots together with the client, so that they change in the
//! same commit as the document.

use agen_codegen::{Settings, Source, generate};

#[test]
fn the_output_for_openapi_yaml_is_the_one_in_the_snapshots() {
    let text = include_str!("../../openapi.yaml");
    let source = Source {
        name: "openapi.yaml",
        text,
    };
    let output = generate(&source, &Settings::default())
        .output
        .expect("openapi.yaml breaks no rule");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots/openapi");
    settings.set_prepend_module_to_snapshot(false);
    settings.bind(|| {
        for (path, text) in &output.files {
            insta::assert_snapshot!(path.replace('/', "__"), text);
        }
        let text = &output.surface;
        insta::assert_snapshot!("surface", text);
    });
}

#[test]
fn the_same_text_gives_the_same_files() {
    let source = Source {
        name: "openapi.yaml",
        text: include_str!("../../openapi.yaml"),
    };
    let make = || {
        generate(&source, &Settings::default())
            .output
            .map(|output| (output.files, output.surface))
    };
    assert!(make().is_some());
    assert_eq!(make(), make());
}

#[test]
fn the_client_is_half_as_long_as_progenitors() {
    let text = include_str!("../../openapi.yaml");
    let output = generate(
        &Source {
            name: "openapi.yaml",
            text,
        },
        &Settings::default(),
    )
    .output
    .expect("openapi.yaml breaks no rule");
    // Mocks are a file of their own with progenitor too, which its generator does not write by itself.
    let ours = output.files.iter().filter(|(path, _)| *path != "mock.rs");
    let ours: usize = ours.map(|(_, file)| file.lines().count()).sum();

    let document = serde_yaml::from_str(text).expect("openapi.yaml is YAML");
    let mut settings = progenitor::GenerationSettings::default();
    settings.with_interface(progenitor::InterfaceStyle::Builder);
    let tokens = progenitor::Generator::new(&settings)
        .generate_tokens(&document)
        .expect("progenitor takes openapi.yaml");
    let peer = prettyplease::unparse(&syn::parse2(tokens).expect("progenitor writes Rust"))
        .lines()
        .count();
    assert!(
        ours * 2 <= peer,
        "{ours} lines, and progenitor's builders have {peer}"
    );
}
