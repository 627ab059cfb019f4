//! How many requests are under way at a time.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use bytes::Bytes;
use http::Response;
use tokio::io::AsyncWriteExt;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use wx_core::{HttpSend, SendError, SendErrorKind};
use wx_http_hyper::HyperClient;

use crate::server::{Count, ok, request, serve};
use crate::{SHORT, builder, call, error, post, url};

#[tokio::test]
async fn no_more_are_under_way_than_allowed_and_all_come_through() {
    const MOST: usize = 3;
    let (present, peak) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let arrived = Count::default();
    let full = Arc::new(Notify::new());
    let address = serve({
        let (present, peak) = (Arc::clone(&present), Arc::clone(&peak));
        let arrived = arrived.clone();
        move |mut stream| {
            let (present, peak) = (Arc::clone(&present), Arc::clone(&peak));
            let (arrived, full) = (arrived.clone(), Arc::clone(&full));
            async move {
                loop {
                    let mut is_full = Box::pin(full.notified());
                    is_full.as_mut().enable();
                    if request(&mut stream).await.is_none() {
                        return;
                    }
                    peak.fetch_max(present.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    // Nobody of the first is answered before all of them are there.
                    match arrived.add() {
                        MOST => full.notify_waiters(),
                        number if number < MOST => is_full.await,
                        _ => {}
                    }
                    present.fetch_sub(1, Ordering::SeqCst);
                    stream.write_all(ok("{}").as_bytes()).await.unwrap();
                }
            }
        }
    })
    .await;
    let client = builder().max_in_flight(MOST).build().unwrap();
    let mut calls = JoinSet::new();
    for _ in 0..40 {
        let client = client.clone();
        calls.spawn(async move { call(&client, &url(address)).await });
    }
    for result in calls.join_all().await {
        assert_eq!(result.unwrap().into_body(), "{}");
    }
    assert_eq!(arrived.get(), 40);
    assert_eq!(peak.load(Ordering::SeqCst), MOST);
}

#[tokio::test]
async fn whose_turn_does_not_come_in_time_was_certainly_not_sent() {
    let (address, requests) = answers_from_the_second_on().await;
    // None is taken for one: otherwise nothing would ever be sent.
    let client = builder().max_in_flight(0).timeout(SHORT).build().unwrap();
    // As long as nobody looks at it, its time does not end either.
    let held = held(&client, address, &requests).await;

    let (kind, text) = error(&client, &url(address)).await;

    assert_eq!(kind, SendErrorKind::Connect);
    assert!(text.contains("not its turn within the deadline of 100ms"), "{text}");
    assert_eq!(requests.get(), 1);
    drop(held);
    assert!(call(&client, &url(address)).await.is_ok());
}

#[tokio::test]
async fn whoever_leaves_hands_the_turn_on() {
    let (address, requests) = answers_from_the_second_on().await;
    let client = builder().max_in_flight(1).build().unwrap();
    let held = held(&client, address, &requests).await;
    let (gone, next) = (client.clone(), client.clone());
    let gone = tokio::spawn(async move { call(&gone, &url(address)).await });
    let next = tokio::spawn(async move { call(&next, &url(address)).await });
    tokio::task::yield_now().await;
    gone.abort();
    drop(held);
    assert!(next.await.unwrap().is_ok());
    assert_eq!(requests.get(), 2);
}

/// A server that never answers the first request, and how many it has got.
async fn answers_from_the_second_on() -> (SocketAddr, Count) {
    let requests = Count::default();
    let address = serve({
        let requests = requests.clone();
        move |mut stream| {
            let requests = requests.clone();
            async move {
                while request(&mut stream).await.is_some() {
                    if requests.add() > 1 {
                        stream.write_all(ok("{}").as_bytes()).await.unwrap();
                    }
                }
            }
        }
    })
    .await;
    (address, requests)
}

type Sending<'a> = Pin<Box<dyn Future<Output = Result<Response<Bytes>, SendError>> + Send + 'a>>;

/// A call whose request has arrived, and which nobody polls any more.
async fn held<'a>(client: &'a HyperClient, address: SocketAddr, requests: &Count) -> Sending<'a> {
    let mut sending = client.send(post(&url(address), "{}"));
    poll_fn(|context| {
        if requests.get() > 0 {
            return Poll::Ready(());
        }
        assert!(sending.as_mut().poll(context).is_pending());
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
    sending
}
