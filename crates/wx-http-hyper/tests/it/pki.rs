//! A certificate authority for one test, and TLS servers with its certificates.

use std::sync::Arc;

use rcgen::{BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// An authority that only the clients that are told so trust.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new() -> Self {
        Self::named("authority of a test")
    }

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

    /// A TLS server for `host`.
    pub(crate) fn server(&self, host: &str) -> Tls {
        self.server_with(host, &[])
    }

    /// A TLS server for `host` that speaks the ALPN protocols `alpn`.
    pub(crate) fn server_with(&self, host: &str, alpn: &[&str]) -> Tls {
        self.server_of(&for_host(host), alpn)
    }

    /// A TLS server for `host` whose certificate was valid in a month of 2001 only.
    pub(crate) fn expired_server(&self, host: &str) -> Tls {
        let mut params = for_host(host);
        params.not_before = date_time_ymd(2001, 1, 1);
        params.not_after = date_time_ymd(2001, 2, 1);
        self.server_of(&params, &[])
    }

    /// A TLS server for `host` whose certificate is for the far future.
    pub(crate) fn future_server(&self, host: &str) -> Tls {
        let mut params = for_host(host);
        params.not_before = date_time_ymd(4001, 1, 1);
        params.not_after = date_time_ymd(4001, 2, 1);
        self.server_of(&params, &[])
    }

    fn server_of(&self, params: &CertificateParams, alpn: &[&str]) -> Tls {
        let key = KeyPair::generate().unwrap();
        Tls::new(&params.signed_by(&key, &self.0).unwrap(), &key, alpn)
    }
}

fn for_host(host: &str) -> CertificateParams {
    CertificateParams::new([host.to_owned()]).unwrap()
}

/// The server's side of TLS.
#[derive(Clone)]
pub(crate) struct Tls(TlsAcceptor);

impl Tls {
    /// A server for `host` whose certificate nobody but itself has signed.
    pub(crate) fn self_signed(host: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        Self::new(&for_host(host).self_signed(&key).unwrap(), &key, &[])
    }

    /// A server for `host` whose certificate is self-signed, and that of an authority as many tools make it.
    pub(crate) fn self_signed_authority(host: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = for_host(host);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self::new(&params.self_signed(&key).unwrap(), &key, &[])
    }

    fn new(certificate: &Certificate, key: &KeyPair, alpn: &[&str]) -> Self {
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
        Self(TlsAcceptor::from(Arc::new(config)))
    }

    /// The encrypted stream, unless the client turned away.
    pub(crate) async fn accept(&self, stream: TcpStream) -> Option<TlsStream<TcpStream>> {
        self.0.accept(stream).await.ok()
    }
}
