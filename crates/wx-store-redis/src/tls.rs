//! TLS: which certificates are trusted. Verification cannot be switched off.

use std::io;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::BuildError;

/// How to speak TLS with one host.
pub(crate) struct Tls {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl Tls {
    /// Trusts the authorities of `root_pem` and no others, or Mozilla's where there is none.
    pub(crate) fn new(host: &str, root_pem: Option<&[u8]>) -> Result<Self, BuildError> {
        let roots = match root_pem {
            Some(pem) => roots(pem)?,
            None => webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect(),
        };
        let name = ServerName::try_from(host.to_owned()).map_err(|_| BuildError::url("the host is no name for TLS"))?;
        // The provider is named here, so that no other crate's choice of a process-wide one matters.
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|_| BuildError::tls("TLS cannot be set up"))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            connector: TlsConnector::from(Arc::new(config)),
            name,
        })
    }

    pub(crate) async fn connect(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        self.connector.connect(self.name.clone(), stream).await
    }
}

fn roots(pem: &[u8]) -> Result<RootCertStore, BuildError> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        // The parser's own error quotes the text, which may be a private key given by mistake.
        let certificate = certificate.map_err(|_| BuildError::tls("a root certificate's PEM text is damaged"))?;
        roots
            .add(certificate)
            .map_err(|_| BuildError::tls("a certificate in the PEM text cannot be a root"))?;
    }
    if roots.is_empty() {
        return Err(BuildError::tls("there is no certificate in the PEM text"));
    }
    Ok(roots)
}
