//! One module for each command.

pub(crate) mod codegen;
pub(crate) mod docs_drift;
pub(crate) mod lint;
pub(crate) mod review;
pub(crate) mod survey;
