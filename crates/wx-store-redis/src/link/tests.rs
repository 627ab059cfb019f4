//! Connections that nobody uses, and new ones that fail.

use std::sync::Arc;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use wx_core::Secret;
use wx_redis_fixture::Redis;

use super::*;
use crate::script::Steps;

const PLENTY: Duration = Duration::from_secs(30);

fn server(url: &str) -> Server {
    Server::read(&Secret::new(url), None).unwrap()
}

async fn lease(links: &Links, word: &str) -> Answer {
    let steps = Steps::own();
    let call = Call {
        step: &steps.lease,
        keys: &["{a}:lease", "{a}:version"],
        arguments: &[b"10000", word.as_bytes()],
    };
    links.run(&call).await.unwrap()
}

async fn kept(links: &Links) -> Arc<Link> {
    Arc::clone(links.shared.kept.lock().await.as_ref().unwrap())
}

#[tokio::test]
async fn a_connection_that_nobody_uses_closes_itself_and_the_next_call_opens_one() {
    let redis = Redis::start().unwrap();
    let links = Links::with_idle(server(&redis.url()), PLENTY, Duration::from_millis(10));
    lease(&links, "a").await;
    let first = kept(&links).await;
    let ends = async {
        while first.is_good() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PLENTY, ends).await.unwrap();
    let answer = lease(&links, "b").await;
    assert!(!answer.repeated);
    assert!(!Arc::ptr_eq(&first, &kept(&links).await));
}

#[tokio::test]
async fn a_connection_that_is_used_is_kept() {
    let redis = Redis::start().unwrap();
    let links = Links::new(server(&redis.url()), PLENTY);
    lease(&links, "a").await;
    let first = kept(&links).await;
    for _ in 0..20 {
        lease(&links, "a").await;
    }
    assert!(Arc::ptr_eq(&first, &kept(&links).await));
}

#[tokio::test]
async fn a_new_connection_that_fails_is_not_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let links = Links::new(server(&format!("redis://127.0.0.1:{port}")), PLENTY);
    let taken = tokio::spawn(async move {
        let mut taken = 0;
        while let Ok((mut stream, _)) = listener.accept().await {
            taken += 1;
            stream.write_all(b"-ERR canary\r\n").await.unwrap();
            if taken == 2 {
                break;
            }
        }
        taken
    });
    let steps = Steps::own();
    let call = Call {
        step: &steps.release,
        keys: &["{a}:lease"],
        arguments: &[b"1"],
    };
    for _ in 0..2 {
        let failure = links.run(&call).await.err().unwrap().to_string();
        assert!(!failure.contains("canary"), "{failure}");
    }
    assert_eq!(taken.await.unwrap(), 2);
}
