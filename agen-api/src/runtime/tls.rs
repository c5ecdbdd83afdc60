//! TLS, as the features of this crate have it.
//!
//! With the feature `rustls` it is rustls with ring, and certificates as the operating system judges them.
//! The feature `native-tls`, the TLS of the operating system, goes before it. Without either there is none
//! but what an own HTTP client brings.

use reqwest::ClientBuilder;

/// `builder` with TLS: for an `https` address, or, for a plain `http` one, whatever costs least.
///
/// # Errors
/// What is missing, when there is no TLS for an `https` address.
#[cfg(feature = "native-tls")]
pub(super) fn configure(builder: ClientBuilder, _: bool) -> Result<ClientBuilder, String> {
    Ok(builder.tls_backend_native())
}

/// `builder` with TLS: for an `https` address, or, for a plain `http` one, with an empty store of
/// certificates, so that none is read and a TLS connection that is made by mistake fails.
///
/// The process-wide provider of rustls is neither used nor set, so that this crate and the program it is
/// part of do not depend on each other's choice.
///
/// # Errors
/// What is missing, when the operating system has no certificate store that can be read, as in a container
/// without the package `ca-certificates`.
#[cfg(all(feature = "rustls", not(feature = "native-tls")))]
pub(super) fn configure(builder: ClientBuilder, is_https: bool) -> Result<ClientBuilder, String> {
    use rustls::{ClientConfig, RootCertStore};
    use rustls_platform_verifier::BuilderVerifierExt as _;

    let unreadable = |error: rustls::Error| {
        format!(
            "the certificates of this machine cannot be read: {error}; install them \
             (the package ca-certificates on most Linux systems)"
        )
    };
    let config = ClientConfig::builder_with_provider(std::sync::Arc::new(
        rustls::crypto::ring::default_provider(),
    ))
    .with_safe_default_protocol_versions()
    .map_err(unreadable)?;
    let config = if is_https {
        config.with_platform_verifier().map_err(unreadable)?
    } else {
        config.with_root_certificates(RootCertStore::empty())
    };
    Ok(builder.tls_backend_preconfigured(config.with_no_client_auth()))
}

/// `builder` as it is.
///
/// # Errors
/// For an `https` address, since there is no TLS.
#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
pub(super) fn configure(builder: ClientBuilder, is_https: bool) -> Result<ClientBuilder, String> {
    if is_https {
        return Err(
            "there is no TLS for an https address: enable the feature `rustls` or `native-tls` of \
             agen-api, or give `http` a reqwest builder, with a TLS feature of reqwest enabled"
                .to_owned(),
        );
    }
    Ok(builder)
}

/// Prepares for a builder of the caller's, which configures TLS by itself.
///
/// reqwest is built here without a default provider of cryptography for rustls and panics where the process
/// has none, so that the process gets one then.
pub(super) fn prepare_own() {
    #[cfg(feature = "rustls")]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Should another thread be first, there is one.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}
