//! The public suite, over each way of keeping tokens.

use std::sync::Arc;

use wx_core::conformance::token_store::{Damage, Report, Suite};
use wx_core::system::SystemClock;
use wx_core::{TokenKey, TokenKind};
use wx_redis_fixture::Redis;
use wx_store_redis::{Layout, RedisTokenStoreBuilder, SealKey};

use crate::{Other, builder};

/// Each handle has a connection of its own, as another process would.
fn suite(redis: &Redis, settings: fn(RedisTokenStoreBuilder) -> RedisTokenStoreBuilder) -> Suite {
    let builder = settings(builder(redis));
    Suite::new(Arc::new(SystemClock::new()), move || builder.clone().build().unwrap())
}

/// Tries everything, and damages what stands under the keys of our own layout.
async fn run_with_damage(redis: &Redis, suite: Suite) -> Report {
    let other = Arc::new(Other::of(redis).await);
    let damages = move |key: TokenKey, damage: Damage| {
        let other = Arc::clone(&other);
        async move {
            assert_eq!(key.kind, TokenKind::AccessToken);
            let at = format!("{{wx-card:{}}}:access_token", key.app_id);
            let value: Vec<u8> = other.ask(&format!("GET {at}")).await;
            other.set(&at, &damage.of(&value)).await;
        }
    };
    suite.damaged_by(damages).run().await
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_layout_keeps_the_contract() {
    let redis = Redis::start().unwrap();
    let report = run_with_damage(&redis, suite(&redis, |builder| builder)).await;
    report.assert();
    assert_eq!(report.left_out().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn sealed_values_keep_the_contract() {
    let redis = Redis::start().unwrap();
    let sealed = suite(&redis, |builder| builder.seal(SealKey::new([7; 32])));
    let report = run_with_damage(&redis, sealed).await;
    report.assert();
    assert_eq!(report.left_out().len(), 0);
}

/// A plain value has no sum, so that what is damaged cannot be told from what is not.
#[tokio::test(flavor = "multi_thread")]
async fn wx_javas_layout_keeps_the_contract_but_for_damage() {
    let redis = Redis::start().unwrap();
    let layout = |builder: RedisTokenStoreBuilder| builder.layout(Layout::WxJava { prefix: "wx".into() });
    let report = suite(&redis, layout).run().await;
    report.assert();
    assert_eq!(report.left_out().len(), 1);
}
