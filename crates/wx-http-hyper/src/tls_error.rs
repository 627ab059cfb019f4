//! Why TLS did not come about, in plain words.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use rustls::{CertificateError, Error as Rustls};

use crate::error::Cause;

/// Why TLS with the server did not come about; the request was not sent.
///
/// It is the source of the [`SendError`](wx_core::SendError), whose kind is `Connect` then. Its own source has the words
/// of the TLS library, with the names and times that were compared.
#[derive(Debug)]
pub struct TlsError {
    kind: TlsErrorKind,
    source: Option<Cause>,
}

/// What stood in the way of TLS.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum TlsErrorKind {
    /// The certificate is one that issues certificates, and no server may show that: a self-signed one, mostly.
    ///
    /// Trusting it does not help; the server needs a certificate of its own.
    Authority,
    /// The certificate bears the name of a trusted authority but was signed with another key, such as that authority's
    /// earlier or later one; or the server does not have the certificate's own key.
    BadSignature,
    /// Something else about the certificate, such as its form or its purpose.
    Certificate,
    /// The server ended the connection within the handshake.
    Ended,
    /// The certificate was valid once; or this machine's clock is ahead.
    Expired,
    /// Something else about the handshake.
    Handshake,
    /// The server and this client have no version or no cipher in common.
    NothingInCommon,
    /// The server answered with something that is not TLS, such as plain HTTP.
    NotTls,
    /// The certificate will be valid; or this machine's clock is behind.
    NotYetValid,
    /// The certificate is of an authority that is not trusted here, or self-signed.
    UnknownAuthority,
    /// The certificate is for other names than the host of the base URL.
    WrongHost,
}

impl TlsError {
    /// Reads what the connector says, where it is about TLS: an error of the handshake is an `io::Error` around another.
    pub(crate) fn from_connector(error: &(dyn StdError + 'static)) -> Option<Self> {
        let wrapped: &io::Error = error.downcast_ref::<io::Error>()?.get_ref()?.downcast_ref()?;
        let reason = wrapped.get_ref().and_then(|inner| inner.downcast_ref::<Rustls>());
        let kind = reason.map_or(TlsErrorKind::Ended, TlsErrorKind::of);
        Some(Self {
            kind,
            source: Cause::copy(wrapped),
        })
    }

    /// What stood in the way.
    #[must_use]
    pub const fn kind(&self) -> TlsErrorKind {
        self.kind
    }
}

impl TlsErrorKind {
    fn of(error: &Rustls) -> Self {
        match error {
            Rustls::InvalidCertificate(error) => Self::of_certificate(error),
            Rustls::InvalidMessage(_) => Self::NotTls,
            Rustls::NoCertificatesPresented => Self::Certificate,
            Rustls::PeerIncompatible(_) | Rustls::NoApplicationProtocol => Self::NothingInCommon,
            _ => Self::Handshake,
        }
    }

    fn of_certificate(error: &CertificateError) -> Self {
        match error {
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Self::NotYetValid,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Self::WrongHost,
            CertificateError::BadSignature => Self::BadSignature,
            CertificateError::UnknownIssuer => Self::UnknownAuthority,
            // The type behind this text belongs to a crate that would be a dependency for this line alone.
            CertificateError::Other(other) if other.to_string() == "CaUsedAsEndEntity" => Self::Authority,
            _ => Self::Certificate,
        }
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            TlsErrorKind::Authority => {
                "the certificate is an authority's and not a server's, as self-signed ones often are"
            }
            TlsErrorKind::BadSignature => {
                "the certificate was signed with another key than that of the authority it names"
            }
            TlsErrorKind::Certificate => "the certificate cannot be used",
            TlsErrorKind::Ended => "the server ended the connection within the TLS handshake",
            TlsErrorKind::Expired => "the certificate has expired",
            TlsErrorKind::Handshake => "the TLS handshake failed",
            TlsErrorKind::NothingInCommon => "the server speaks no version or cipher of TLS that is spoken here",
            TlsErrorKind::NotTls => "the server does not speak TLS",
            TlsErrorKind::NotYetValid => "the certificate is not valid yet",
            TlsErrorKind::UnknownAuthority => "the certificate's authority is not known, or it is self-signed",
            TlsErrorKind::WrongHost => "the certificate is not for this host",
        })
    }
}

impl StdError for TlsError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}
