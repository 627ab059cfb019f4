//! The client of a worker, with everything that it stands on.

use std::sync::Arc;

use wx_card::CardClient;
use wx_core::{ClassicToken, SharingPolicy, StableToken, TokenSource, TokenStore, WithoutStore};
use wx_http_hyper::HyperClient;
use wx_store_redis::{Layout, RedisTokenStore, SealKey};

use crate::Problem;
use crate::clock::MovedClock;
use crate::narrow::Narrow;
use crate::settings::Settings;

/// A client with these settings, which tells the time by `clock`.
pub(crate) fn client(settings: &Settings, clock: MovedClock) -> Result<CardClient, Problem> {
    let http = HyperClient::builder().no_proxy().build()?;
    let without_store = if settings.fails_without_store {
        WithoutStore::Fail
    } else {
        WithoutStore::Fetch
    };
    let sharing = SharingPolicy::default()
        .lease(settings.lease)
        .poll(settings.poll)
        .without_store(without_store);
    let mut builder = CardClient::builder(&settings.app_id, source(settings), Narrow::new(http))
        .base_url(settings.base_url.clone())
        .clock(clock)
        .sharing(sharing);
    if let Some(store) = store(settings)? {
        builder = builder.token_store(store);
    }
    Ok(builder.build())
}

fn source(settings: &Settings) -> Arc<dyn TokenSource> {
    let secret = settings.app_secret.clone();
    if settings.is_classic {
        Arc::new(ClassicToken::new(secret))
    } else {
        Arc::new(StableToken::new(secret))
    }
}

fn store(settings: &Settings) -> Result<Option<Arc<dyn TokenStore>>, Problem> {
    let Some(url) = &settings.store else {
        return Ok(None);
    };
    let prefix = settings.prefix.clone();
    let mut builder = RedisTokenStore::builder(url.clone());
    builder = if settings.is_wx_java {
        builder.layout(Layout::WxJava { prefix })
    } else {
        builder.prefix(prefix)
    };
    if let Some(digits) = &settings.seal_key {
        let key = SealKey::from_hex(digits).ok_or("WX_SEAL_KEY is not 64 hexadecimal digits")?;
        builder = builder.seal(key);
    }
    Ok(Some(Arc::new(builder.build()?)))
}
