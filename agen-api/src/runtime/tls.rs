//! TLS: rustls with ring, and certificates as the operating system judges them.
//!
//! The process-wide provider of rustls is neither used nor set, so that this crate and the program it is
//! part of do not depend on each other's choice.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore, crypto::ring};
use rustls_platform_verifier::BuilderVerifierExt as _;

/// The configuration for an `https` address.
///
/// # Errors
/// When the operating system has no certificate store that can be read, as in a container without the
/// package `ca-certificates`.
pub(super) fn verified() -> Result<ClientConfig, rustls::Error> {
    Ok(
        ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_platform_verifier()?
            .with_no_client_auth(),
    )
}

/// The configuration for a plain `http` address, which trusts nobody: no certificate store is read, and a
/// TLS connection that is made by mistake fails.
pub(super) fn unused() -> Result<ClientConfig, rustls::Error> {
    Ok(
        ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(RootCertStore::empty())
            .with_no_client_auth(),
    )
}
