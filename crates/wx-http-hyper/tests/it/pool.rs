//! Connections that are kept, shared, lost and given up.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::runtime::Builder;
use tokio::sync::Notify;
use tokio::task::{JoinSet, yield_now};
use wx_core::SendErrorKind;

use crate::server::{Count, ok, request, serve};
use crate::{builder, call, client, error, url};

/// Answers every request on every connection, and counts the connections.
async fn lasting() -> (SocketAddr, Count) {
    let connections = Count::default();
    let address = serve({
        let connections = connections.clone();
        move |mut stream| {
            connections.add();
            async move {
                while request(&mut stream).await.is_some() {
                    stream.write_all(ok("{}").as_bytes()).await.unwrap();
                }
            }
        }
    })
    .await;
    (address, connections)
}

/// Lets the client's own tasks and the runtime's I/O have many turns.
async fn settle() {
    for _ in 0..1000 {
        yield_now().await;
    }
}

#[tokio::test]
async fn one_connection_serves_call_after_call() {
    let (address, connections) = lasting().await;
    let client = client();
    for _ in 0..20 {
        call(&client, &url(address)).await.unwrap();
        settle().await;
    }
    assert_eq!(connections.get(), 1);
}

#[tokio::test]
async fn clones_share_the_connections() {
    let (address, connections) = lasting().await;
    let client = client();
    call(&client.clone(), &url(address)).await.unwrap();
    settle().await;
    call(&client.clone(), &url(address)).await.unwrap();
    assert_eq!(connections.get(), 1);
}

#[tokio::test]
async fn without_a_pool_every_call_has_its_own_connection() {
    let (address, connections) = lasting().await;
    let client = builder().pool_max_idle_per_host(0).build().unwrap();
    for _ in 0..3 {
        call(&client, &url(address)).await.unwrap();
        settle().await;
    }
    assert_eq!(connections.get(), 3);
}

#[tokio::test]
async fn a_connection_that_was_idle_too_long_is_not_used_again() {
    let (address, connections) = lasting().await;
    let client = builder().pool_idle_timeout(Duration::from_nanos(1)).build().unwrap();
    for _ in 0..3 {
        call(&client, &url(address)).await.unwrap();
        settle().await;
    }
    assert_eq!(connections.get(), 3);
}

#[tokio::test]
async fn calls_at_the_same_time_do_not_wait_for_each_other() {
    const CALLS: usize = 50;
    let arrived = Count::default();
    let everybody = Arc::new(Notify::new());
    let address = serve({
        let arrived = arrived.clone();
        move |mut stream| {
            let (arrived, everybody) = (arrived.clone(), Arc::clone(&everybody));
            async move {
                let here = everybody.notified();
                let mut here = Box::pin(here);
                here.as_mut().enable();
                let _request = request(&mut stream).await;
                if arrived.add() == CALLS {
                    everybody.notify_waiters();
                } else {
                    here.await;
                }
                stream.write_all(ok("{}").as_bytes()).await.unwrap();
            }
        }
    })
    .await;
    let client = client();
    let mut calls = JoinSet::new();
    for _ in 0..CALLS {
        let client = client.clone();
        calls.spawn(async move { call(&client, &url(address)).await });
    }
    for result in calls.join_all().await {
        assert_eq!(result.unwrap().into_body(), "{}");
    }
    assert_eq!(arrived.get(), CALLS);
}

#[tokio::test]
async fn a_connection_that_the_server_closed_while_idle_is_replaced() {
    let connections = Count::default();
    let closed = Arc::new(Notify::new());
    let address = serve({
        let (connections, closed) = (connections.clone(), Arc::clone(&closed));
        move |mut stream| {
            connections.add();
            let closed = Arc::clone(&closed);
            async move {
                let _request = request(&mut stream).await;
                stream.write_all(ok("{}").as_bytes()).await.unwrap();
                drop(stream);
                closed.notify_one();
            }
        }
    })
    .await;
    let client = client();
    for _ in 0..10 {
        call(&client, &url(address)).await.unwrap();
        closed.notified().await;
        settle().await;
    }
    assert_eq!(connections.get(), 10);
}

#[tokio::test]
async fn a_request_that_a_kept_connection_swallowed_is_not_repeated() {
    let requests = Count::default();
    let address = serve({
        let requests = requests.clone();
        move |mut stream| {
            let requests = requests.clone();
            async move {
                while request(&mut stream).await.is_some() {
                    if requests.add() == 2 {
                        return;
                    }
                    stream.write_all(ok("{}").as_bytes()).await.unwrap();
                }
            }
        }
    })
    .await;
    let client = client();
    call(&client, &url(address)).await.unwrap();
    settle().await;

    let (kind, _) = error(&client, &url(address)).await;

    assert_eq!(kind, SendErrorKind::Interrupted);
    assert_eq!(requests.get(), 2);
    assert!(call(&client, &url(address)).await.is_ok(), "the client recovers");
}

#[test]
fn a_client_outlives_the_runtime_that_it_was_first_used_in() {
    let server = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let (address, connections) = server.block_on(lasting());
    let client = client();
    for _ in 0..3 {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            call(&client, &url(address)).await.unwrap();
            settle().await;
            call(&client, &url(address)).await.unwrap();
        });
    }
    assert_eq!(connections.get(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_runtime_with_many_threads_serves_as_well() {
    let (address, _) = lasting().await;
    let client = client();
    let mut calls = JoinSet::new();
    for _ in 0..100 {
        let client = client.clone();
        calls.spawn(async move { call(&client, &url(address)).await });
    }
    for result in calls.join_all().await {
        assert_eq!(result.unwrap().into_body(), "{}");
    }
}
