//! Services of the tower ecosystem as a transport.

use std::fmt;
use std::future::poll_fn;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use tower_service::Service;

use crate::{HttpSend, SendError};

/// Makes a transport from a tower service, with whatever layers it is wrapped in.
///
/// `map_error` says what the service's errors mean; where the service's error type is your own and has
/// `impl From<YourError> for SendError`, that is `SendError::from`. An error of `poll_ready` is taken as "certainly not
/// sent", whatever `map_error` makes of it: the service has not been given the request by then.
///
/// Every call clones the service, waits until that clone is ready, and gives the request to the same clone, so that a
/// limit's permit or a buffer's slot is used by whoever got it. Dropping the call drops the service's future.
///
/// The transport is as good as the service: layers that repeat requests or follow redirects break the contract of
/// [`HttpSend`], and so does a service without a limit on time and on the answer's size. The time that a service takes to
/// become ready counts too, and layers outside of it, such as tower's own timeout, do not bound it.
///
/// ```
/// use std::convert::Infallible;
/// use std::future::{Ready, ready};
/// use std::task::{Context, Poll};
///
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use tower_service::Service;
/// use wx_core::{HttpSend, http_send_service};
///
/// #[derive(Clone)]
/// struct AlwaysOk;
///
/// impl Service<Request<Bytes>> for AlwaysOk {
///     type Response = Response<Bytes>;
///     type Error = Infallible;
///     type Future = Ready<Result<Response<Bytes>, Infallible>>;
///
///     fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
///         Poll::Ready(Ok(()))
///     }
///
///     fn call(&mut self, _: Request<Bytes>) -> Self::Future {
///         ready(Ok(Response::new(Bytes::from_static(b"{\"errcode\":0}"))))
///     }
/// }
///
/// let http = http_send_service(AlwaysOk, |never| match never {});
/// # let sending = http.send(Request::new(Bytes::new()));
/// # let answer = tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(sending);
/// # assert_eq!(answer.unwrap().into_body(), "{\"errcode\":0}");
/// ```
pub fn http_send_service<S, F>(service: S, map_error: F) -> impl HttpSend
where
    S: Service<Request<Bytes>, Response = Response<Bytes>, Future: Send> + Clone + Send + Sync + 'static,
    F: Fn(S::Error) -> SendError + Send + Sync + 'static,
{
    HttpSendService { service, map_error }
}

struct HttpSendService<S, F> {
    service: S,
    map_error: F,
}

impl<S, F> fmt::Debug for HttpSendService<S, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HttpSendService(..)")
    }
}

#[async_trait]
impl<S, F> HttpSend for HttpSendService<S, F>
where
    S: Service<Request<Bytes>, Response = Response<Bytes>, Future: Send> + Clone + Send + Sync + 'static,
    F: Fn(S::Error) -> SendError + Send + Sync + 'static,
{
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, SendError> {
        let mut service = self.service.clone();
        poll_fn(|context| service.poll_ready(context))
            .await
            .map_err(|error| (self.map_error)(error).of_unsent())?;
        service.call(request).await.map_err(&self.map_error)
    }
}

#[cfg(test)]
mod tests;
