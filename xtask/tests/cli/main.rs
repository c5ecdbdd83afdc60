//! The program as its users meet it: run in a workspace of its own, in a temporary folder.

mod codegen;
mod common;
mod docs_drift;
#[cfg(any(target_os = "linux", target_os = "macos"))]
mod killed;
mod lint;
mod review;
mod review_formats;
mod review_policy;
mod skip_broken;
mod survey;
mod usage;
