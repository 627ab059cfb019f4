//! Passwords, users, TLS.

use wx_core::TokenStore;
use wx_redis_fixture::Redis;
use wx_store_redis::{BuildErrorKind, RedisTokenStore};

use crate::{CANARY, LEASE, Other, PLENTY, failure, held, key, store, text, token};

#[tokio::test]
async fn a_password_opens() {
    let redis = Redis::builder().password(CANARY).start().unwrap();
    let store = store(&redis);
    assert!(store.save_if_newer(&key(), &token("token", 7)).await.unwrap());
    assert_eq!(held(&store).await, text("token", 7));
}

#[tokio::test]
async fn a_user_of_the_access_list_opens() {
    let redis = Redis::builder().user("app", CANARY).start().unwrap();
    assert_eq!(held(&store(&redis)).await, None);
}

#[tokio::test]
async fn a_wrong_password_and_none_are_told_apart() {
    let redis = Redis::builder().user("app", CANARY).start().unwrap();
    for (login, why) in [
        ("app:canary-wrong@", "Redis refused the user or the password"),
        ("nobody:canary-wrong@", "Redis refused the user or the password"),
        ("", "Redis answered NOAUTH"),
    ] {
        let url = format!("redis://{login}127.0.0.1:{}", redis.port());
        let store = RedisTokenStore::builder(url).timeout(PLENTY).build().unwrap();
        assert_eq!(failure(&store).await, why, "{login}");
    }
}

#[tokio::test]
async fn a_user_who_may_do_no_more_than_the_steps_do_is_enough() {
    let redis = Redis::start().unwrap();
    let other = Other::of(&redis).await;
    let may = "+eval +evalsha +get +set +del +pttl +type +exists +time";
    let _done: String = other.ask(&format!("ACL SETUSER app on >word ~{{wx-card:* {may}")).await;
    let url = format!("redis://app:word@127.0.0.1:{}", redis.port());
    let store = RedisTokenStore::builder(url).timeout(PLENTY).build().unwrap();
    let lease = store.lease(&key(), LEASE).await.unwrap().unwrap();
    assert!(
        store
            .save_if_newer(&key(), &token("token", lease.version()))
            .await
            .unwrap()
    );
    store.release(&key(), &lease).await.unwrap();
    assert_eq!(held(&store).await, text("token", lease.version()));
    let _done: String = other.ask("ACL SETUSER app -evalsha").await;
    assert_eq!(failure(&store).await, "Redis answered NOPERM");
}

#[tokio::test]
async fn each_database_is_a_world_of_its_own_in_either_protocol_and_over_a_socket() {
    let redis = Redis::start().unwrap();
    let socket = format!("redis+unix://{}?db=3", redis.socket().display());
    let urls = [
        format!("{}/3?protocol=resp3", redis.url()),
        format!("{}/3", redis.url()),
        socket,
    ];
    let elsewhere = store(&redis);
    for (version, url) in (1..).zip(urls) {
        let store = RedisTokenStore::builder(url).timeout(PLENTY).build().unwrap();
        assert!(store.save_if_newer(&key(), &token("token", version)).await.unwrap());
        assert_eq!(held(&store).await, text("token", version));
        let lease = store.lease(&key(), LEASE).await.unwrap().unwrap();
        assert_eq!(store.lease(&key(), LEASE).await.unwrap(), None);
        store.release(&key(), &lease).await.unwrap();
        assert_eq!(held(&elsewhere).await, None);
    }
}

#[tokio::test]
async fn tls_is_spoken_with_who_has_the_right_certificate() {
    let redis = Redis::builder().user("app", CANARY).tls().start().unwrap();
    let builder = || RedisTokenStore::builder(redis.url()).timeout(PLENTY);
    let store = builder().root_pem(redis.root_pem().unwrap()).build().unwrap();
    assert!(store.save_if_newer(&key(), &token("token", 7)).await.unwrap());
    assert_eq!(held(&store).await, text("token", 7));

    let why = failure(&builder().build().unwrap()).await;
    assert!(why.contains("invalid peer certificate"), "{why}");
    let by_address = redis.url().replace("localhost", "127.0.0.1");
    let store = RedisTokenStore::builder(by_address)
        .timeout(PLENTY)
        .root_pem(redis.root_pem().unwrap());
    let why = failure(&store.build().unwrap()).await;
    assert!(why.contains("invalid peer certificate"), "{why}");
}

#[tokio::test]
async fn plain_and_tls_do_not_understand_each_other() {
    let (plain, tls) = (Redis::start().unwrap(), Redis::builder().tls().start().unwrap());
    let to_plain = format!("rediss://localhost:{}", plain.port());
    let to_tls = format!("redis://localhost:{}", tls.port());
    for url in [to_plain, to_tls] {
        let store = RedisTokenStore::builder(url)
            .timeout(crate::SHORT * 10)
            .build()
            .unwrap();
        assert!(store.load(&key()).await.is_err());
    }
}

#[test]
fn certificates_that_are_none_are_refused() {
    for (pem, why) in [
        ("", "there is no certificate in the PEM text"),
        (CANARY, "there is no certificate in the PEM text"),
        (
            "-----BEGIN CERTIFICATE-----\ncanary\n",
            "a root certificate's PEM text is damaged",
        ),
        (
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "a certificate in the PEM text cannot be a root",
        ),
    ] {
        let builder = RedisTokenStore::builder("rediss://localhost").root_pem(pem);
        let error = builder.build().unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (BuildErrorKind::Tls, why));
    }
}
