//! The settings of a store.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use wx_core::system::OsEntropy;
use wx_core::{Entropy, Secret};

use crate::link::Links;
use crate::script::Steps;
#[cfg(feature = "seal")]
use crate::seal::{SealKey, Sealer};
use crate::server::Server;
use crate::store::Inner;
use crate::value::Codec;
use crate::{BuildError, Layout, RedisTokenStore};

/// The settings of a [`RedisTokenStore`] that is about to be built.
#[derive(Clone)]
#[must_use]
pub struct RedisTokenStoreBuilder {
    url: Secret,
    timeout: Duration,
    layout: Layout,
    entropy: Arc<dyn Entropy>,
    root_pem: Option<Vec<u8>>,
    #[cfg(feature = "seal")]
    seal: Option<SealKey>,
}

impl RedisTokenStoreBuilder {
    pub(crate) fn new(url: Secret) -> Self {
        Self {
            url,
            timeout: Duration::from_secs(1),
            layout: Layout::Own {
                prefix: "wx-card".to_owned(),
            },
            entropy: Arc::new(OsEntropy::new()),
            root_pem: None,
            #[cfg(feature = "seal")]
            seal: None,
        }
    }

    /// What all keys begin with, in [our own layout](Layout::Own); `wx-card` unless told otherwise.
    ///
    /// Fleets that use one account share one token only if they have one prefix.
    pub fn prefix(self, prefix: impl Into<String>) -> Self {
        self.layout(Layout::Own { prefix: prefix.into() })
    }

    /// Where and how tokens and tickets are kept.
    pub fn layout(mut self, layout: Layout) -> Self {
        self.layout = layout;
        self
    }

    /// How long one step may take, a new connection included; 1 second unless told otherwise.
    ///
    /// A call that needs a token waits for it, and an account's first call for three or four of them.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Trusts the authorities of this PEM text, and no others, where the URL asks for TLS.
    ///
    /// Without it Mozilla's are trusted, which are compiled in.
    #[cfg(feature = "tls")]
    pub fn root_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_pem = Some(pem.into());
        self
    }

    /// Seals tokens with this key, so that who can read Redis or its backups cannot use them.
    ///
    /// A token that was sealed with another key, or not sealed at all, is not there: processes that have different keys
    /// overwrite each other's tokens. To change the key, give it to all of them at once; each account then fetches once.
    /// What is sealed opens under its own key of Redis only, with its own version and life: nobody can pass an old
    /// token off as a new one, or one account's as another's. Names of keys, versions and times can still be read.
    #[cfg(feature = "seal")]
    pub fn seal(mut self, key: SealKey) -> Self {
        self.seal = Some(key);
        self
    }

    /// Where randomness comes from; the operating system unless told otherwise.
    pub fn entropy(mut self, entropy: Arc<dyn Entropy>) -> Self {
        self.entropy = entropy;
        self
    }

    /// Builds the store, without I/O: Redis need not be there yet.
    ///
    /// # Errors
    ///
    /// The URL, the prefix or the certificates cannot be used, or a layout cannot be sealed.
    pub fn build(self) -> Result<RedisTokenStore, BuildError> {
        self.layout.check()?;
        let steps = match &self.layout {
            Layout::Own { .. } => Steps::own(),
            Layout::WxJava { .. } => Steps::wx_java(),
        };
        let codec = self.codec()?;
        let server = Server::read(&self.url, self.root_pem.as_deref())?;
        Ok(RedisTokenStore::of(Inner {
            links: Links::new(server, self.timeout),
            layout: self.layout,
            steps,
            codec,
            entropy: self.entropy,
        }))
    }

    #[cfg(feature = "seal")]
    fn codec(&self) -> Result<Codec, BuildError> {
        match (&self.seal, &self.layout) {
            (None, _) => Ok(Codec::Plain),
            (Some(_), Layout::WxJava { .. }) => Err(BuildError::layout("WxJava cannot read what is sealed")),
            (Some(key), _) => Ok(Codec::Sealed(Sealer::new(key, Arc::clone(&self.entropy)))),
        }
    }

    #[cfg(not(feature = "seal"))]
    #[expect(
        clippy::unnecessary_wraps,
        clippy::unused_self,
        reason = "it can fail where values can be sealed"
    )]
    fn codec(&self) -> Result<Codec, BuildError> {
        Ok(Codec::Plain)
    }
}

impl fmt::Debug for RedisTokenStoreBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisTokenStoreBuilder")
            .field("layout", &self.layout)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
