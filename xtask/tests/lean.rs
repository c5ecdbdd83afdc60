//! Every maintainer compiles this program, so it brings no stack for HTTP or TLS.

use std::process::Command;

#[test]
fn the_default_build_has_no_http_and_no_tls() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--package", "xtask", "--edges", "normal,build"])
        .args(["--prefix", "none", "--format", "{p}"])
        .args(["--offline", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let tree = String::from_utf8(output.stdout).unwrap();
    let names: Vec<_> = tree.lines().filter_map(|l| l.split(' ').next()).collect();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(names.contains(&"agen-codegen"), "{errors}");
    for heavy in [
        "h2",
        "hyper",
        "native-tls",
        "openssl",
        "openssl-sys",
        "reqwest",
        "ring",
        "rustls",
        "aws-lc-rs",
        "tokio",
        "ureq",
    ] {
        assert!(!names.contains(&heavy), "{heavy} came in:\n{tree}");
    }
}
