//! The public API of the crate, one line for each thing that its users can name, so that a change of it is
//! seen in review.
//!
//! The lists are in `agen-api/tests/snapshots/public_api`. They hold what is written by hand, and what each
//! macro of the runtime makes for the name that it is given. What is generated is not in them, since they
//! would have to be renewed with every change of `openapi.yaml`: calls and types are listed in
//! `agen-codegen/tests/snapshots/openapi/surface.snap`, which `cargo xtask codegen` writes.
//!
//! The sources are read, not compiled: types have the names that the source gives them, and `Send`, `Sync`
//! and their like are not listed. `cargo semver-checks` sees those; CONTRIBUTING.md has the command.
//!
//! After a change that is meant: `INSTA_UPDATE=always cargo test -p agen-api --test public_api`.

mod attributes;
mod expand;
mod exports;
mod impls;
mod items;
mod lines;
mod list;
mod text;
mod tree;

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use tree::Tree;

const SNAPSHOTS: &str = "../snapshots/public_api";

#[test]
fn the_public_api_is_the_one_in_the_snapshots() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tree = Tree::read(&folder.join("src/lib.rs"));
    let mut lists = list::list(&tree);
    lists.insert("macros".to_owned(), list::list_macros(&tree));
    lists.insert("features".to_owned(), features());
    lists.retain(|_, list| !list.is_empty());
    insta::with_settings!({
        snapshot_path => SNAPSHOTS,
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        for (name, list) in &lists {
            insta::assert_snapshot!(name.as_str(), list);
        }
    });
    let names: BTreeSet<String> = lists.into_keys().collect();
    let snapshots = fs::read_dir(folder.join("tests/snapshots/public_api")).unwrap();
    for snapshot in snapshots {
        let name = snapshot.unwrap().file_name().into_string().unwrap();
        let of = name.split('.').next().unwrap();
        assert!(
            names.contains(of),
            "no module is listed in {name}: remove it"
        );
    }
}

/// The features of the package, and what each switches on.
fn features() -> String {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let own = packages
        .iter()
        .find(|package| package["name"] == env!("CARGO_PKG_NAME"));
    let features = own.unwrap()["features"].as_object().unwrap();
    let lines = features
        .iter()
        .map(|(name, with)| format!("{name} = {with}\n"));
    lines.collect()
}

fn listed(source: &str) -> String {
    let items = syn::parse_file(source).unwrap().items;
    let lists = list::list(&Tree::of(items)).into_iter();
    lists
        .map(|(name, list)| format!("# {name}\n{list}"))
        .collect()
}

#[test]
fn a_list_has_what_a_user_can_name_and_nothing_else() {
    let list = listed(include_str!("sample.rs"));
    insta::with_settings!({
        snapshot_path => "../snapshots",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!("public_api_sample", list);
    });
}

#[test]
#[should_panic(expected = "does not see what `three ! { Name }` makes: 2 of its rules make items")]
fn a_macro_with_two_results_is_not_passed_over() {
    listed(
        "macro_rules! three {
            ($name:ident) => { impl $name {} };
            ($name:ident, now) => { impl Clone for $name {} };
        }
        three! { Name }",
    );
}

#[test]
#[should_panic(expected = "its items depend on more than `$name`")]
fn a_macro_that_makes_a_list_of_items_is_not_passed_over() {
    listed(
        "macro_rules! setters {
            ($name:ident, $($field:ident)*) => { impl $name { $(pub fn $field(self) {})* } };
        }
        setters!(Name, one two);",
    );
}

#[test]
#[should_panic(expected = "no `macro_rules!` of this crate has its name")]
fn a_macro_of_another_crate_is_not_passed_over() {
    listed("bitflags::bitflags!(Name);");
}

#[test]
#[should_panic(expected = "`#[async_trait]` is an attribute that the list")]
fn an_attribute_that_may_make_items_is_not_passed_over() {
    listed("#[async_trait] pub trait Wait {}");
}
