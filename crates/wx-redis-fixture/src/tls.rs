//! The certificates of one server.

use std::fs;
use std::io;
use std::path::Path;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

pub(crate) const CERTIFICATE: &str = "certificate.pem";
pub(crate) const KEY: &str = "key.pem";
pub(crate) const ROOT: &str = "root.pem";

/// An authority, and the certificate that it gave to `localhost`.
pub(crate) struct Pki {
    root: String,
}

impl Pki {
    /// Makes them, and writes what the server reads into `folder`.
    pub(crate) fn write(folder: &Path) -> io::Result<Self> {
        let (root, certificate, key) = make().map_err(io::Error::other)?;
        fs::write(folder.join(ROOT), &root)?;
        fs::write(folder.join(CERTIFICATE), certificate)?;
        fs::write(folder.join(KEY), key)?;
        Ok(Self { root })
    }

    pub(crate) fn root_pem(&self) -> &str {
        &self.root
    }
}

/// The PEM texts of the authority's certificate, of that of `localhost`, and of its key.
fn make() -> Result<(String, String, String), rcgen::Error> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
        .distinguished_name
        .push(DnType::CommonName, "authority of a test's Redis");
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
    let key = KeyPair::generate()?;
    let certificate = CertificateParams::new(["localhost".to_owned()])?.signed_by(&key, &authority)?;
    Ok((authority.pem(), certificate.pem(), key.serialize_pem()))
}
