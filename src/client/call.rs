//! Requests: one at a time, with a deadline, retried only where that cannot do a thing twice.

use std::{
    path::PathBuf,
    sync::Mutex,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use kube::client::Body;
use tokio::sync::OnceCell;

use super::{
    answer::{self, Answer},
    config::Config,
    credentials,
    expected::Expected,
    failure::{Failure, Kind},
    kubeconfig::User,
    local,
    open::{self, Ready},
    path::{Path, push_query},
    redirect,
    resource::{Collection, Resource},
    settings::Settings,
    status::Status,
    stream::{Deadline, Stream},
    transport::Carried,
    verbose::{Log, Verbose},
    warning,
};
use crate::{
    error::Error,
    secret::{
        Object,
        redact::{Known, without_dumps},
    },
};
use go::duration;

/// One request.
#[derive(Clone)]
pub struct Call {
    /// The method.
    pub method: Method,
    /// The path.
    pub path: Path,
    /// Names and values, not encoded.
    pub query: Vec<(String, String)>,
    /// What answer is wanted; one that contains `*/*` may be other than JSON.
    pub accept: &'static str,
    /// Content type and body.
    pub body: Option<(&'static str, Vec<u8>)>,
}

impl Call {
    /// A GET of JSON.
    pub fn get(path: Path) -> Self {
        Self::new(Method::GET, path)
    }

    /// A request without a body.
    pub fn new(method: Method, path: Path) -> Self {
        Self { method, path, query: Vec::new(), accept: "application/json", body: None }
    }

    /// Adds a query parameter.
    #[must_use]
    pub fn query(mut self, name: &str, value: impl Into<String>) -> Self {
        self.query.push((name.to_owned(), value.into()));
        self
    }

    /// Sets what is accepted.
    #[must_use]
    pub fn accept(mut self, accept: &'static str) -> Self {
        self.accept = accept;
        self
    }

    /// The body, to be sent as often as need be; its content type stays.
    fn take_body(&mut self) -> Bytes {
        self.body.as_mut().map(|(_, body)| Bytes::from(std::mem::take(body))).unwrap_or_default()
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some((content_type, body.into()));
        self
    }
}

/// How often a request that asks for nothing but an answer is tried.
const ATTEMPTS: u32 = 5;
/// The longest pause that a server can ask for.
const MAX_PAUSE: Duration = Duration::from_secs(10);

/// Speaks to one server, as one user, with one namespace in use. From its first call on it belongs to the tokio runtime
/// of that call.
pub struct Client {
    origin: Origin,
    /// Why: a failure is kept too, so that a plugin that failed does not run again for each object.
    service: OnceCell<Result<Ready, Failure>>,
    namespace: String,
    namespace_given: bool,
    timeout: Option<Duration>,
    compression: bool,
    /// The beginning of URLs: scheme, host, port and path of the server; nothing in-process.
    base: String,
    verbose: Option<Verbose>,
    warned: Mutex<Vec<String>>,
    warnings: Vec<String>,
    hint: Option<&'static str>,
    patience: Option<Patience>,
}

/// How long a server may take where no `--request-timeout` says it. kubectl waits for ever.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// To connect, and to begin an answer. Why: kube-apiserver gives up a request after one minute itself.
    pub headers: Duration,
    /// Between two pieces of an answer that is read whole. A watch may be silent; TCP keepalive ends it.
    pub idle: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { headers: Duration::from_secs(120), idle: Duration::from_secs(60) }
    }
}

/// Where the Service comes from.
enum Origin {
    /// Made at the first call.
    Remote(Box<Config>),
    /// The embedded server, opened at the first call.
    Local(PathBuf, HeaderMap),
    /// Made already.
    Made,
}

impl Client {
    /// A client for a configuration.
    pub fn remote(config: Config) -> Self {
        let base = config.server.to_string();
        Self {
            namespace: config.namespace.clone(),
            namespace_given: config.namespace_given,
            timeout: config.timeout,
            compression: !config.disable_compression,
            base: base.trim_end_matches('/').to_owned(),
            service: OnceCell::new(),
            verbose: None,
            warned: Mutex::default(),
            warnings: config.warnings.clone(),
            hint: config
                .nothing_configured
                .then_some("no cluster is configured; --local works on an embedded server, with no cluster at all"),
            patience: (!config.timeout_given).then(Patience::default),
            origin: Origin::Remote(Box::new(config)),
        }
    }

    /// A client over any Service: the embedded server, or a script in a test. Needs a running tokio runtime.
    pub fn over<S, B>(service: S, namespace: &str, namespace_given: bool) -> Self
    where
        S: tower::Service<Request<Body>, Response = Response<B>> + Send + 'static,
        S::Future: Send + 'static,
        S::Error: Into<tower::BoxError>,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<tower::BoxError>,
    {
        let ready = Ready { kube: kube::Client::new(service, namespace), headers: HeaderMap::new() };
        let mut client = Self::in_process(Origin::Made, namespace, namespace_given);
        client.service = OnceCell::new_with(Some(Ok(ready)));
        client
    }

    /// A client of the embedded server on the file `path`, which is opened at the first call.
    ///
    /// # Errors
    /// Flags that cannot be understood.
    pub(super) fn local(path: PathBuf, settings: &Settings) -> Result<Self, Failure> {
        let user = User {
            as_user: settings.as_user.clone().unwrap_or_default(),
            as_uid: settings.as_uid.clone().unwrap_or_default(),
            as_groups: settings.as_groups.clone(),
            ..User::default()
        };
        let given = settings.namespace.as_deref().filter(|namespace| !namespace.is_empty());
        let origin = Origin::Local(path, open::impersonation(&user)?);
        let mut client = Self::in_process(origin, given.unwrap_or("default"), given.is_some());
        if let Some(text) = settings.request_timeout.as_deref().filter(|text| !text.is_empty()) {
            client.timeout = duration::request_timeout(text).map_err(Error::new)?;
        }
        Ok(client)
    }

    fn in_process(origin: Origin, namespace: &str, namespace_given: bool) -> Self {
        Self {
            origin,
            service: OnceCell::new(),
            namespace: namespace.to_owned(),
            namespace_given,
            timeout: None,
            compression: false,
            base: String::new(),
            verbose: None,
            warned: Mutex::default(),
            warnings: Vec::new(),
            hint: None,
            patience: None,
        }
    }

    /// Logs requests as `-v=LEVEL` asks: outcomes from 6, request headers from 7, response headers from 8, bodies never.
    #[must_use]
    pub fn verbose(mut self, level: u8, log: Log) -> Self {
        self.verbose = (level >= 6).then_some(Verbose { level, log });
        self
    }

    /// Sets a limit for each request, as `--request-timeout`.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Option<Duration>) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets how long a server may take.
    #[must_use]
    pub fn with_patience(mut self, patience: Patience) -> Self {
        self.patience = Some(patience);
        self
    }

    /// The namespace in use.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Returns the collection of `resource` in the namespace in use.
    ///
    /// # Errors
    /// A namespace that can be in no path.
    pub fn collection(&self, resource: Resource) -> Result<Collection, Failure> {
        resource.within(&self.namespace)
    }

    /// Returns the path to list: the collection in the namespace in use or, with `everywhere`, in all namespaces.
    ///
    /// # Errors
    /// [`Client::collection`]'s.
    pub fn listed(&self, resource: Resource, everywhere: bool) -> Result<Path, Failure> {
        if everywhere { Ok(resource.everywhere()) } else { Ok(self.collection(resource)?.path()) }
    }

    /// Whether a flag named the namespace, rather than the context or nobody.
    pub fn namespace_given(&self) -> bool {
        self.namespace_given
    }

    /// What a person should know about the configuration, to be shown as `warning: TEXT`.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Sends a request and reads the whole answer. What the server says in a failure or a warning comes without the values
    /// that were sent, and without whole objects.
    ///
    /// GET requests are repeated, a few times, when the server says "later" (429 or 503 with Retry-After) or the
    /// connection breaks before an answer begins. Others are sent once.
    ///
    /// # Errors
    /// Whatever is no success, be it an answer or none.
    pub async fn call(&self, mut call: Call) -> Result<Answer, Failure> {
        let url = self.url(&call);
        let body = call.take_body();
        let result = within(self.timeout, async |begun| {
            let response = self.exchange(&call, &url, &body, self.compression).await?;
            begun.set(true);
            self.answer(&call, &body, response).await
        });
        match result.await {
            Ok(mut answer) => {
                if !answer.warnings.is_empty() {
                    let known = self.known(&body);
                    answer.warnings.iter_mut().for_each(|text| *text = known.redact(text));
                }
                Ok(answer)
            }
            Err(failure) => Err(self.explain(failure, &body, &call.method, &url)),
        }
    }

    /// Sends a request whose answer goes on: a watch, or a body of any size.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub async fn stream(&self, mut call: Call) -> Result<Stream, Failure> {
        let url = self.url(&call);
        let body = call.take_body();
        let begun = Instant::now();
        let result = within(self.timeout, async |_| {
            let response = self.exchange(&call, &url, &body, false).await?;
            if response.status().is_success() {
                return Ok(Ok(response));
            }
            self.answer(&call, &body, response).await.map(Err)
        });
        let failed = |failure: Failure| self.explain(failure, &body, &call.method, &url);
        match result.await.map_err(failed)? {
            Ok(response) => {
                let known = self.known(&body);
                let warnings = self.new_warnings(response.headers());
                let warnings = warnings.iter().map(|text| known.redact(text)).collect();
                let is_end = call.query.iter().any(|(name, value)| name == "watch" && value == "true");
                let deadline = self.timeout.map(|timeout| Deadline { at: begun + timeout, is_end });
                Ok(Stream::new(response.into_body(), warnings, deadline))
            }
            // An answer that is no success is a failure.
            Err(answer) => Err(Failure::other(format!("the server answered {}", answer.status))),
        }
    }

    /// The URL as it is shown and sent.
    fn url(&self, call: &Call) -> String {
        let mut url = format!("{}{}", self.base, call.path);
        let mut query = call.query.clone();
        if let Some(timeout) = self.timeout {
            query.push(("timeout".to_owned(), duration::format(timeout)));
        }
        push_query(&mut url, &query);
        url
    }

    /// What must not be repeated: the values in the body of a request, and our credentials.
    fn known(&self, body: &[u8]) -> Known {
        let mut known = Known::default();
        known.body(body);
        if let Origin::Remote(config) = &self.origin {
            credentials::of_config(config, &mut known);
        }
        if let Some(Ok(ready)) = self.service.get() {
            credentials::of_headers(&ready.headers, &mut known);
        }
        known
    }

    fn explain(&self, failure: Failure, body: &[u8], method: &Method, url: &str) -> Failure {
        let refused = matches!(&failure, Failure::Transport(t) if matches!(t.kind, Kind::Refused(_)));
        let failure = failure.during(method, url).without(&self.known(body));
        match self.hint {
            Some(hint) if refused => failure.hint(hint),
            _ => failure,
        }
    }

    /// Sends, and sends again where that is harmless. The answer may be of any status.
    async fn exchange(
        &self,
        call: &Call,
        url: &str,
        body: &Bytes,
        compression: bool,
    ) -> Result<Response<Body>, Failure> {
        let harmless = call.method == Method::GET;
        let ready = self.ready().await?;
        let mut attempt = 1;
        let (mut url, mut hops) = (url.to_owned(), 0);
        loop {
            let mut request = Request::new(Body::from(body.clone()));
            *request.method_mut() = call.method.clone();
            *request.uri_mut() = url.parse().map_err(|_| Failure::other("the request has no valid URL"))?;
            self.head(request.headers_mut(), ready, call, compression);
            let begun = Instant::now();
            if let Some(verbose) = &self.verbose {
                verbose.request(&call.method, &url, request.headers(), &self.known(&[]));
            }
            let again = harmless && attempt < ATTEMPTS;
            let pause = match self.in_time(ready.kube.send(request)).await {
                Err(Failure::Transport(failure)) if again && failure.kind == Kind::Lost => Duration::ZERO,
                Err(failure) => return Err(failure),
                Ok(response) => {
                    if let Some(verbose) = &self.verbose {
                        let millis = begun.elapsed().as_millis();
                        let known = self.known(&[]);
                        verbose.response(&call.method, &url, &response, millis, &known);
                    }
                    if let Some(next) = redirect::next(&url, &response, hops)? {
                        url = next;
                        hops += 1;
                        continue;
                    }
                    match retry_after(&response).filter(|_| again) {
                        None => return Ok(response),
                        Some(pause) => pause.min(MAX_PAUSE),
                    }
                }
            };
            attempt += 1;
            tokio::time::sleep(pause).await;
        }
    }

    /// Waits for the head of an answer.
    async fn in_time(
        &self,
        sent: impl Future<Output = Result<Response<Body>, kube::Error>>,
    ) -> Result<Response<Body>, Failure> {
        let Some(patience) = self.patience else { return sent.await.map_err(unwrap) };
        match tokio::time::timeout(patience.headers, sent).await {
            Ok(answer) => answer.map_err(unwrap),
            Err(_) => Err(Failure::of_kind(Kind::Timeout, "net/http: timeout awaiting response headers")
                .hint("--request-timeout sets another limit, 0 none")),
        }
    }

    fn head(&self, headers: &mut HeaderMap, ready: &Ready, call: &Call, compression: bool) {
        headers.extend(ready.headers.clone());
        headers.insert(header::ACCEPT, HeaderValue::from_static(call.accept));
        headers.insert(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
        if compression {
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        }
        if let Some((content_type, _)) = &call.body {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
    }

    /// Reads an answer, and tells success from failure.
    async fn answer(&self, call: &Call, sent: &[u8], response: Response<Body>) -> Result<Answer, Failure> {
        let code = response.status();
        let warnings = self.new_warnings(response.headers());
        let content_type = response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_owned();
        let is_list = call.method == Method::GET && !super::status::names_object(call.path.as_str());
        let limit = if code.is_success() && is_list { answer::LIST_LIMIT } else { answer::OBJECT_LIMIT };
        let body = answer::read(response, limit, self.patience.map(|patience| patience.idle)).await?;
        let success = code.is_success();
        if (!success || answer::may_be_status(&body))
            && let Some(status) = Status::parse(&body, code.as_u16())
        {
            return Err(Failure::Status(Box::new(status)));
        }
        if !success {
            let text = answer::failure_text(&content_type, &body);
            let status = Status::generic(code.as_u16(), &call.method, call.path.as_str(), &text);
            return Err(Failure::Status(Box::new(status)));
        }
        if !call.accept.contains("*/*") {
            answer::check_media_type(&content_type)?;
        }
        let expected = Expected::of(call, sent);
        if call.method == Method::DELETE
            && expected.is_named()
            && let Ok(object) = answer::parse_value(&body).map(Object::new)
        {
            // Why: commands that delete do not look at the answer.
            expected.check(object.json())?;
        }
        Ok(Answer { status: code.as_u16(), warnings, body, expected })
    }

    fn new_warnings(&self, headers: &HeaderMap) -> Vec<String> {
        let mut texts: Vec<String> = warning::texts(headers).iter().map(|text| without_dumps(text)).collect();
        if !texts.is_empty() {
            let mut warned = self.warned.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            texts.retain(|text| !warned.contains(text));
            warned.extend(texts.iter().cloned());
        }
        texts
    }

    async fn ready(&self) -> Result<&Ready, Failure> {
        let open = async || match &self.origin {
            Origin::Remote(config) => open::open(config).await,
            Origin::Local(path, headers) => Ok(Ready {
                kube: kube::Client::new(local::open(path.clone())?, self.namespace.as_str()),
                headers: headers.clone(),
            }),
            Origin::Made => Err(Failure::other("there is no server")),
        };
        self.service.get_or_init(open).await.as_ref().map_err(Clone::clone)
    }
}

/// Who asks: program, version, platform in Go's terms.
const USER_AGENT: &str = if cfg!(target_arch = "aarch64") {
    concat!("ksecret/", env!("CARGO_PKG_VERSION"), " (linux/arm64)")
} else {
    concat!("ksecret/", env!("CARGO_PKG_VERSION"), " (linux/amd64)")
};

/// Runs `work` for at most `timeout`. `work` says when an answer has begun, which changes the words.
async fn within<T>(
    timeout: Option<Duration>,
    work: impl AsyncFnOnce(&std::cell::Cell<bool>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let begun = std::cell::Cell::new(false);
    let Some(timeout) = timeout else { return work(&begun).await };
    match tokio::time::timeout(timeout, work(&begun)).await {
        Ok(result) => result,
        Err(_) if begun.get() => Err(body_timeout()),
        Err(_) => Err(Failure::of_kind(
            Kind::Timeout,
            "net/http: request canceled (Client.Timeout exceeded while awaiting headers)",
        )),
    }
}

pub(super) fn body_timeout() -> Failure {
    Failure::other(
        "unexpected error when reading response body. Please retry. Original error: net/http: request canceled \
         (Client.Timeout or context cancellation while reading body)",
    )
}

/// How long to wait before asking again; nothing when the answer stands.
fn retry_after(response: &Response<Body>) -> Option<Duration> {
    if !matches!(response.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        return None;
    }
    let seconds = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// Takes our failure out of kube's error.
fn unwrap(error: kube::Error) -> Failure {
    match error {
        kube::Error::Service(inner) => match inner.downcast::<Carried>() {
            Ok(carried) => carried.0,
            Err(_) => Failure::of_kind(Kind::Lost, "EOF"),
        },
        _ => Failure::of_kind(Kind::Lost, "EOF"),
    }
}
