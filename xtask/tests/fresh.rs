//! The committed client is the one that is generated from the committed document.

use std::path::Path;
use std::process::Command;

#[test]
fn the_committed_client_is_fresh() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["codegen", "--check"])
        .current_dir(package)
        .env("CARGO_MANIFEST_DIR", package)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "openapi.yaml and what is generated from it disagree; `cargo xtask codegen` repairs it\n{}{}",
        String::from_utf8_lossy(&output.stderr),
        String::from_utf8_lossy(&output.stdout),
    );
}
