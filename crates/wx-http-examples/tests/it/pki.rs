//! A certificate authority for one test, and TLS servers with its certificates.

use std::ops::Range;
use std::sync::Arc;

use rcgen::{BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio_rustls::TlsAcceptor;

/// Centuries, so that the tests do not grow old.
pub(crate) const VALID: Range<i32> = 2001..4001;

/// An authority that only the transports that are told so trust.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn named(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        Self(CertifiedIssuer::self_signed(params, key).unwrap())
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// The server's side of TLS for `host`, with a certificate that is valid for these years.
    pub(crate) fn server(&self, host: &str, years: Range<i32>) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        acceptor(&params(host, years).signed_by(&key, &self.0).unwrap(), &key)
    }
}

/// The server's side of TLS for `host`, with a certificate that nobody but itself has signed.
pub(crate) fn self_signed(host: &str) -> TlsAcceptor {
    let key = KeyPair::generate().unwrap();
    acceptor(&params(host, VALID).self_signed(&key).unwrap(), &key)
}

fn params(host: &str, years: Range<i32>) -> CertificateParams {
    let mut params = CertificateParams::new([host.to_owned()]).unwrap();
    params.not_before = date_time_ymd(years.start, 1, 1);
    params.not_after = date_time_ymd(years.end, 1, 1);
    params
}

fn acceptor(certificate: &Certificate, key: &KeyPair) -> TlsAcceptor {
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}
