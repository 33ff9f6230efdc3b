//! The client of one server: its address, user, namespace and limits.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use kube::client::Body;
use tokio::sync::OnceCell;

use super::{
    config::Config,
    failure::Failure,
    kubeconfig::User,
    limits::Timeouts,
    observe::Observer,
    open::{self, Ready},
    path::Path,
    settings::Settings,
    verbose::{Log, Verbose},
};
use crate::collection::Collection;
use go::duration;
use secret::resource::Resource;

/// A client of one server, as one user, with a default namespace. After its first call it belongs to the tokio runtime
/// of that call.
pub struct Client {
    pub(crate) origin: Origin,
    /// Why a failure is kept, too: a plugin that failed must not run again for each object.
    pub(crate) service: OnceCell<Result<Ready, Failure>>,
    namespace: String,
    namespace_given: bool,
    pub(crate) timeout: Option<Duration>,
    pub(crate) compression: bool,
    /// The beginning of URLs: scheme, host, port and path of the server; empty for a server in this process.
    pub(crate) base: String,
    pub(crate) verbose: Option<Verbose>,
    pub(crate) observer: Option<Observer>,
    pub(crate) warned: Mutex<Vec<String>>,
    /// The end of the pause that the server asked for.
    pub(crate) paused: Mutex<Option<Instant>>,
    warnings: Vec<String>,
    nothing_configured: bool,
    /// A hint for the failure that no server listens.
    pub(crate) hint: Option<&'static str>,
    pub(crate) timeouts: Option<Timeouts>,
}

/// How the Service is obtained.
pub(crate) enum Origin {
    /// Created at the first call, from a configuration.
    Remote(Box<Config>),
    /// A server in this process, opened at the first call; with the impersonation headers of each request.
    InProcess(Box<Opening>, HeaderMap),
    /// It exists already.
    Made,
}

/// Opens a server for a client with this namespace.
type Opening = dyn Fn(&str) -> Result<kube::Client, Failure> + Send + Sync;

impl Client {
    /// Returns a client for a configuration.
    pub(crate) fn remote(config: Config) -> Self {
        let base = config.server.to_string();
        Self {
            namespace: config.namespace.clone(),
            namespace_given: config.namespace_given,
            timeout: config.timeout,
            compression: !config.disable_compression,
            base: base.trim_end_matches('/').to_owned(),
            service: OnceCell::new(),
            verbose: None,
            observer: None,
            warned: Mutex::default(),
            paused: Mutex::default(),
            warnings: config.warnings.clone(),
            nothing_configured: config.nothing_configured,
            hint: None,
            timeouts: (!config.timeout_given).then(Timeouts::default),
            origin: Origin::Remote(Box::new(config)),
        }
    }

    /// Returns a client over any Service: a server in this process, or a script in a test. Needs a running tokio
    /// runtime.
    pub fn over<S, B>(service: S, namespace: &str, namespace_given: bool) -> Self
    where
        S: tower::Service<Request<Body>, Response = Response<B>> + Send + 'static,
        S::Future: Send + 'static,
        S::Error: Into<tower::BoxError>,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<tower::BoxError>,
    {
        let ready = Ready { kube: kube::Client::new(service, namespace), headers: HeaderMap::new() };
        let mut client = Self::bare(Origin::Made, namespace, namespace_given);
        client.service = OnceCell::new_with(Some(Ok(ready)));
        client
    }

    /// Returns a client of a server in this process, whose Service `open` creates at the first call.
    ///
    /// # Errors
    /// If flags are malformed.
    pub fn in_process<S, B>(
        open: impl Fn() -> Result<S, Failure> + Send + Sync + 'static,
        settings: &Settings,
    ) -> Result<Self, Failure>
    where
        S: tower::Service<Request<Body>, Response = Response<B>> + Send + 'static,
        S::Future: Send + 'static,
        S::Error: Into<tower::BoxError>,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<tower::BoxError>,
    {
        let user = User {
            as_user: settings.as_user.clone().unwrap_or_default(),
            as_uid: settings.as_uid.clone().unwrap_or_default(),
            as_groups: settings.as_groups.clone(),
            as_user_extra: settings.user_extra(),
            ..User::default()
        };
        let given = settings.namespace.as_deref().filter(|namespace| !namespace.is_empty());
        let open = move |namespace: &str| Ok(kube::Client::new(open()?, namespace));
        let origin = Origin::InProcess(Box::new(open), open::impersonation(&user)?);
        let mut client = Self::bare(origin, given.unwrap_or("default"), given.is_some());
        if let Some(text) = settings.request_timeout.as_deref().filter(|text| !text.is_empty()) {
            client.timeout = duration::request_timeout(text).map_err(Failure::local)?;
        }
        Ok(client)
    }

    fn bare(origin: Origin, namespace: &str, namespace_given: bool) -> Self {
        Self {
            origin,
            service: OnceCell::new(),
            namespace: namespace.to_owned(),
            namespace_given,
            timeout: None,
            compression: false,
            base: String::new(),
            verbose: None,
            observer: None,
            warned: Mutex::default(),
            paused: Mutex::default(),
            warnings: Vec::new(),
            nothing_configured: false,
            hint: None,
            timeouts: None,
        }
    }

    /// Logs requests as `-v=LEVEL` asks: outcomes from 6, request headers from 7, response headers from 8, bodies never.
    #[must_use]
    pub fn verbose(mut self, level: u8, log: Log) -> Self {
        self.verbose = (level >= 6).then_some(Verbose { level, log });
        self
    }

    /// Tells `observer` of every write to a Secret; for that an object is read before it is changed or deleted.
    #[must_use]
    pub fn observed(mut self, observer: Option<Observer>) -> Self {
        self.observer = observer;
        self
    }

    /// Sets the timeouts for servers.
    #[must_use]
    pub fn with_timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = Some(timeouts);
        self
    }

    /// Adds a hint to the failure that no server listens, if none is configured.
    #[must_use]
    pub fn hint_if_unconfigured(mut self, hint: &'static str) -> Self {
        self.hint = self.nothing_configured.then_some(hint);
        self
    }

    /// Uses credentials as they are: no id-token is renewed, and an exec plugin runs only if `plugins`. Why: what is stopped
    /// on the way may lose the new refresh token, and then the user must log in again.
    #[must_use]
    pub fn with_ready_credentials(mut self, plugins: bool) -> Self {
        if let Origin::Remote(config) = &mut self.origin {
            config.renews = false;
            config.runs_plugins = plugins;
        }
        self
    }

    /// Whether neither a kubeconfig nor the environment names a server: the one that is meant is kubectl's default.
    pub fn nothing_configured(&self) -> bool {
        self.nothing_configured
    }

    /// Returns the default namespace.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Returns the collection of `resource` in the default namespace.
    ///
    /// # Errors
    /// If the namespace cannot be part of a path.
    pub fn collection(&self, resource: Resource) -> Result<Collection, Failure> {
        Collection::of(resource, &self.namespace)
    }

    /// Returns the path for lists: the collection in the default namespace or, with `everywhere`, in all namespaces.
    ///
    /// # Errors
    /// [`Client::collection`]'s.
    pub fn listed(&self, resource: Resource, everywhere: bool) -> Result<Path, Failure> {
        if everywhere { Ok(Path::all(resource)) } else { Ok(self.collection(resource)?.path()) }
    }

    /// Returns the server's address, without a slash at its end; empty for a server in this process.
    pub fn address(&self) -> &str {
        &self.base
    }

    /// Returns `true` if a flag, not the context or the default, set the namespace.
    pub fn namespace_given(&self) -> bool {
        self.namespace_given
    }

    /// Returns warnings about the configuration, to be shown as `warning: TEXT`.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    pub(crate) async fn ready(&self) -> Result<&Ready, Failure> {
        let open = async || match &self.origin {
            Origin::Remote(config) => open::open(config).await,
            Origin::InProcess(open, headers) => Ok(Ready { kube: open(&self.namespace)?, headers: headers.clone() }),
            Origin::Made => Err(Failure::other("there is no server")),
        };
        self.service.get_or_init(open).await.as_ref().map_err(Clone::clone)
    }
}
