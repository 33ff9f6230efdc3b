//! The embedded API server: Secrets and Namespaces, as a tower Service.
//!
//! The path of a request: [`listen`] receives it from a socket, [`access`] authorizes it, [`http`] parses its path,
//! options and the form of the answer, [`decode`] parses its body, [`admission`] checks it, [`api`] does the work on
//! the [`store`], and [`encode`] encodes the answer. How objects end is in [`lifecycle`]; [`controllers`] do the work
//! of a cluster's controllers, [`maintenance`] the upkeep of the store's file. What differs between Secrets and Namespaces is
//! in [`strategy`] and [`secret::validate`]. Every error is a [`secret::status::Status`] in kube-apiserver's words,
//! without the values that it would repeat.

mod access;
mod admission;
mod api;
mod as_admin;
mod blocking;
mod clock;
mod controllers;
mod decode;
mod encode;
mod http;
mod lifecycle;
mod listen;
mod maintenance;
pub mod managed_fields;
#[cfg(test)]
#[path = "../../tests/support/properties.rs"]
mod properties;
pub mod protobuf;
pub mod store;
mod strategy;
#[cfg(test)]
mod tests;
mod turn;

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::{Arc, atomic::AtomicBool},
    task::Poll,
};

use ::http::{Request, Response};
use bytes::Bytes;
use serde_json::json;

pub use access::identity::Identity;
pub use as_admin::AsAdmin;
pub use clock::ClockRng;
pub use http::body::Body;
pub use listen::Listener;
pub use store::{Failure, Storage, Tidying};

use secret::resource::Resource;
use store::Store;

/// The embedded API server: a cheap handle, all clones of which share one store.
#[derive(Clone)]
pub struct Server(Arc<Inner>);

/// The state that all handles of one server share.
pub struct Inner {
    store: Store,
    clock_rng: ClockRng,
    /// The events that all watches share.
    watch_cache: api::watch_cache::WatchCache,
    /// The permits for processing large requests and objects.
    permits: blocking::Permits,
    /// The count of memory that answers take.
    backlog: Arc<http::backlog::Backlog>,
    /// The namespaces that a task of this server is emptying.
    emptying: controllers::namespaces::Emptying,
    /// Set when the server stops; watches end then.
    closing: tokio::sync::watch::Sender<bool>,
    tidying: Tidying,
    /// Whether a task of this process tidies the store.
    is_maintained: AtomicBool,
}

impl Server {
    /// Opens a server on its store. A new store has the namespaces that every cluster has.
    ///
    /// # Errors
    /// If the store cannot be opened or is not one.
    pub fn open(storage: &Storage) -> Result<Self, Failure> {
        Self::open_with(storage, ClockRng::of_system())
    }

    /// Opens a server with the given clock and randomness.
    ///
    /// # Errors
    /// As [`Server::open`].
    pub fn open_with(storage: &Storage, clock_rng: ClockRng) -> Result<Self, Failure> {
        let store = Store::open(storage, || {
            ["default", "kube-node-lease", "kube-public", "kube-system"]
                .into_iter()
                .map(|name| {
                    let mut object = json!({"metadata": {"name": name}});
                    strategy::default(Resource::Namespaces, &mut object);
                    let now = clock_rng.timestamp();
                    let write = managed_fields::Write {
                        resource: Resource::Namespaces,
                        manager: "kube-apiserver",
                        subresource: "",
                        now: &now,
                    };
                    managed_fields::update(None, &mut object, &write);
                    strategy::prepare_create(Resource::Namespaces, &mut object, &clock_rng);
                    strategy::canonical(Resource::Namespaces, &mut object);
                    (Resource::Namespaces, name.to_owned(), object)
                })
                .collect()
        })?;
        Ok(Self(Arc::new(Inner {
            store,
            clock_rng,
            watch_cache: api::watch_cache::WatchCache::default(),
            permits: blocking::Permits::default(),
            backlog: Arc::default(),
            emptying: controllers::namespaces::Emptying::default(),
            closing: tokio::sync::watch::channel(false).0,
            tidying: Tidying::default(),
            is_maintained: AtomicBool::new(false),
        })))
    }
}

impl Server {
    /// Ends all watches, and all that begin later.
    pub fn close(&self) {
        self.0.closing.send_replace(true);
    }

    fn closing(&self) -> tokio::sync::watch::Receiver<bool> {
        self.0.closing.subscribe()
    }

    fn random<const N: usize>(&self) -> [u8; N] {
        self.0.clock_rng.bytes()
    }
}

impl<B> tower::Service<Request<B>> for Server
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: std::fmt::Display,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let server = Arc::clone(&self.0);
        Box::pin(async move { Ok(http::serve::serve(server, request).await) })
    }
}
