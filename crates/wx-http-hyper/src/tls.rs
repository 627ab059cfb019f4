//! TLS: which certificates are trusted. Verification cannot be switched off.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::BuildError;

/// Which root certificates are trusted, besides those that [`add_root_pem`] adds.
///
/// [`add_root_pem`]: crate::HyperClientBuilder::add_root_pem
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Roots {
    /// Mozilla's roots, compiled in: the same on every machine, and present in an empty container.
    #[cfg(feature = "webpki-roots")]
    Webpki,
    /// The roots of the operating system: a company's own authority is usually among them.
    ///
    /// They are read once, in [`build`](crate::HyperClientBuilder::build).
    /// `SSL_CERT_FILE` and `SSL_CERT_DIR` take the place of the system's where they are set.
    #[cfg(feature = "native-roots")]
    Native,
    /// None but the added ones.
    OnlyAdded,
}

/// Makes the TLS settings from `roots`, or the default where none were chosen, and the PEM texts.
pub(crate) fn config(roots: Option<Roots>, pems: &[Vec<u8>]) -> Result<ClientConfig, BuildError> {
    let mut store = match roots {
        Some(roots) => set(roots)?,
        None => default_set()?,
    };
    for pem in pems {
        add_pem(&mut store, pem)?;
    }
    if store.is_empty() {
        return Err(BuildError::roots("there is no root certificate to trust"));
    }
    // The provider is named here, so that no other crate's choice of a process-wide one matters.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| BuildError::roots("TLS cannot be set up").because(&error))?;
    Ok(builder.with_root_certificates(store).with_no_client_auth())
}

#[cfg(feature = "webpki-roots")]
fn default_set() -> Result<RootCertStore, BuildError> {
    set(Roots::Webpki)
}

// Falling back to another set here would let a crate that merely adds the feature change what is trusted.
#[cfg(not(feature = "webpki-roots"))]
fn default_set() -> Result<RootCertStore, BuildError> {
    Err(BuildError::roots(
        "no roots were chosen, and the default ones need the feature `webpki-roots`",
    ))
}

fn set(roots: Roots) -> Result<RootCertStore, BuildError> {
    match roots {
        #[cfg(feature = "webpki-roots")]
        Roots::Webpki => Ok(webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect()),
        #[cfg(feature = "native-roots")]
        Roots::Native => native_set(),
        Roots::OnlyAdded => Ok(RootCertStore::empty()),
    }
}

#[cfg(feature = "native-roots")]
fn native_set() -> Result<RootCertStore, BuildError> {
    let found = rustls_native_certs::load_native_certs();
    let mut store = RootCertStore::empty();
    // A system's store may hold certificates that rustls refuses; the others still count.
    let (added, _refused) = store.add_parsable_certificates(found.certs);
    if added > 0 {
        return Ok(store);
    }
    let error = BuildError::roots("the operating system has no usable root certificate");
    Err(match found.errors.first() {
        Some(cause) => error.because(cause),
        None => error,
    })
}

fn add_pem(store: &mut RootCertStore, pem: &[u8]) -> Result<(), BuildError> {
    let mut found = false;
    for certificate in CertificateDer::pem_slice_iter(pem) {
        // The parser's own error quotes the text, which may be a private key given by mistake.
        let certificate = certificate.map_err(|_| BuildError::roots("a root certificate's PEM text is damaged"))?;
        store
            .add(certificate)
            .map_err(|error| BuildError::roots("a certificate in the PEM text cannot be a root").because(&error))?;
        found = true;
    }
    if found {
        Ok(())
    } else {
        Err(BuildError::roots("there is no certificate in the PEM text"))
    }
}
