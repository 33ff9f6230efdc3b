//! The server as its own process calls it.

use std::{convert::Infallible, task::Poll};

use bytes::Bytes;
use http::Request;
use tower::Service;

use crate::{Identity, Server};

/// A [`Server`] that treats every request as the administrator's, whatever identity the request has.
#[derive(Clone)]
pub struct AsAdmin(Server);

impl Server {
    /// Returns the server for requests of the process that owns it. They may impersonate, as the administrator may.
    pub fn as_admin(&self) -> AsAdmin {
        AsAdmin(self.clone())
    }
}

impl<B> Service<Request<B>> for AsAdmin
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: std::fmt::Display,
{
    type Response = <Server as Service<Request<B>>>::Response;
    type Error = Infallible;
    type Future = <Server as Service<Request<B>>>::Future;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        request.extensions_mut().insert(Identity::admin());
        self.0.call(request)
    }
}
