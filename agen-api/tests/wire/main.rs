//! The client against a server that speaks raw TCP.
//!
//! One binary, so that the scanners that look for the API key see the whole test run.

#[path = "../common/mod.rs"]
mod common;

mod bodies;
mod errors;
mod faults;
mod follow;
mod open_values;
mod proxies;
mod redirects;
mod requests;
mod retries;
mod secrets;
mod settings;
mod traces;
