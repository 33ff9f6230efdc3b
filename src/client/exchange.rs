//! Sends requests: with a deadline, and repeats them only where that cannot have an effect twice.

use std::{
    pin::Pin,
    sync::{
        Arc, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use kube::client::Body;
use tokio::sync::Notify;

use super::{
    Call, Client,
    answer::{self, Answer},
    credentials,
    expected::Expected,
    failure::{Failure, Kind},
    handle::Origin,
    limits, observe,
    open::Ready,
    path::push_query,
    redirect,
    status::Status,
    stream::{Deadline, Stream},
    transport::Carried,
    warning,
};
use go::duration;
use secret::{
    Object,
    redact::{Known, without_dumps},
};

/// How many times a request is sent at most.
const ATTEMPTS: u32 = 5;
/// The longest pause before a request is repeated; a longer `Retry-After` is cut to this.
const MAX_PAUSE: Duration = Duration::from_secs(10);

/// A request in progress.
///
/// Why boxed: the future is compiled once, in this crate, and not in each crate that awaits it by that crate's level of
/// optimization.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + 'a>>;

/// How many different warnings are reported. Why: each is remembered, and a server may send another one with each page.
const MOST_WARNINGS: usize = 100;

impl Client {
    /// Sends a request and reads the whole answer. Values that were sent, and whole objects, are removed from failures
    /// and warnings of the server.
    ///
    /// A request is repeated, up to [`ATTEMPTS`] times, if the server answers 429 or 503 with `Retry-After`; a GET also
    /// if the connection breaks before an answer begins. While one request waits, all others of this client wait, too.
    ///
    /// # Errors
    /// A failed connection, an answer other than success, and one that is malformed or has another object than was
    /// asked for.
    pub fn call(&self, call: Call) -> Pending<'_, Answer> {
        match self.observer.as_ref().and_then(|observer| Some((observer, observe::target(&call)?))) {
            Some((observer, written)) => Box::pin(observe::send(self, observer, written, call)),
            None => Box::pin(self.send(call)),
        }
    }

    pub(crate) async fn send(&self, mut call: Call) -> Result<Answer, Failure> {
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

    /// Sends a request to a server that is not an API server. Returns the status and the body of the answer, whatever
    /// the status.
    ///
    /// # Errors
    /// If there is no answer, or it is larger than `limit`.
    /// Where there is none, or it is larger than `limit`.
    pub(crate) async fn raw(&self, mut call: Call, limit: usize) -> Result<(StatusCode, Bytes), Failure> {
        let url = self.url(&call);
        let body = call.take_body();
        // Why boxed: creating this client may be part of creating another one, and a future cannot contain itself.
        let sent: Pin<Box<dyn Future<Output = _> + '_>> = Box::pin(self.exchange(&call, &url, &body, false));
        let response = sent.await?;
        let status = response.status();
        Ok((status, answer::read(response, limit, self.timeouts.map(|timeouts| timeouts.idle)).await?))
    }

    /// Sends a request whose answer is read as a stream: a watch, or a body of any size.
    ///
    /// # Errors
    /// As [`Client::call`].
    pub fn stream(&self, call: Call) -> Pending<'_, Stream> {
        Box::pin(self.open_stream(call))
    }

    async fn open_stream(&self, mut call: Call) -> Result<Stream, Failure> {
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
                Ok(Stream::new(response.into_body(), warnings, deadline, Expected::of(&call, &body)))
            }
            // An answer other than success is a failure.
            Err(answer) => Err(Failure::other(format!("the server answered {}", answer.status))),
        }
    }

    /// Returns the URL as it is sent, and shown in errors.
    fn url(&self, call: &Call) -> String {
        let mut url = format!("{}{}", self.base, call.path);
        let mut query = call.query.clone();
        if let Some(timeout) = self.timeout {
            query.push(("timeout".to_owned(), duration::format(timeout)));
        }
        push_query(&mut url, &query);
        url
    }

    /// Returns what must not be repeated: the values in a request body, and the credentials.
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

    /// Sends a request, and repeats it where [`Client::call`] says so. The answer may have any status.
    async fn exchange(
        &self,
        call: &Call,
        url: &str,
        body: &Bytes,
        compression: bool,
    ) -> Result<Response<Body>, Failure> {
        let harmless = call.method == Method::GET;
        let ready = self.ready().await?;
        let begun = Instant::now();
        let mut attempt = 1;
        let (mut url, mut hops) = (url.to_owned(), 0);
        loop {
            let mut request = Request::new(Body::from(body.clone()));
            *request.method_mut() = call.method.clone();
            *request.uri_mut() = url.parse().map_err(|_| Failure::other("the request has no valid URL"))?;
            self.head(request.headers_mut(), ready, call, compression);
            let sent_at = Instant::now();
            if let Some(verbose) = &self.verbose {
                verbose.request(&call.method, &url, request.headers(), &self.known(&[]));
            }
            let again = attempt < ATTEMPTS;
            let sent = async {
                self.pause().await;
                send(&ready.kube, request).await
            };
            match self.in_time(begun, sent).await {
                Err(Failure::Transport(failure)) if again && harmless && failure.kind == Kind::Lost => {}
                Err(failure) => return Err(failure),
                Ok(response) => {
                    if let Some(verbose) = &self.verbose {
                        let millis = sent_at.elapsed().as_millis();
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
                        Some(pause) => self.pause_for(pause.min(MAX_PAUSE)),
                    }
                }
            }
            attempt += 1;
        }
    }

    /// Makes all requests of this client wait for `pause` from now on.
    fn pause_for(&self, pause: Duration) {
        let end = Instant::now() + pause;
        let mut paused = self.paused.lock().unwrap_or_else(PoisonError::into_inner);
        *paused = paused.max(Some(end));
    }

    /// Waits for the end of the pause that the server asked for.
    async fn pause(&self) {
        loop {
            let end = *self.paused.lock().unwrap_or_else(PoisonError::into_inner);
            match end.filter(|end| *end > Instant::now()) {
                Some(end) => tokio::time::sleep_until(end.into()).await,
                None => return,
            }
        }
    }

    /// Waits for the headers of an answer to a request that was begun at `begun`. Why with the time of the first
    /// attempt: the limit holds for all attempts, pauses and redirects together.
    async fn in_time<T>(&self, begun: Instant, sent: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        let Some(timeouts) = self.timeouts else { return sent.await };
        tokio::time::timeout_at((begun + timeouts.headers).into(), sent).await.unwrap_or_else(|_| {
            Err(Failure::of_kind(Kind::Timeout, "net/http: timeout awaiting response headers")
                .hint("--request-timeout sets another limit, 0 none"))
        })
    }

    fn head(&self, headers: &mut HeaderMap, ready: &Ready, call: &Call, compression: bool) {
        headers.extend(ready.headers.clone());
        headers.insert(header::ACCEPT, HeaderValue::from_static(call.accept));
        let agent = concat!("ksecret/", env!("CARGO_PKG_VERSION"));
        // Program, version, and the platform in Go's terms.
        let agent = HeaderValue::try_from(format!("{agent} ({})", platform::GO));
        headers.extend(agent.ok().map(|agent| (header::USER_AGENT, agent)));
        if compression {
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        }
        if let Some((content_type, _)) = &call.body {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
    }

    /// Reads an answer and returns it, or a failure if it is not a success.
    async fn answer(&self, call: &Call, sent: &[u8], response: Response<Body>) -> Result<Answer, Failure> {
        let code = response.status();
        let warnings = self.new_warnings(response.headers());
        let content_type = response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_owned();
        let is_list = call.method == Method::GET && !super::status::names_object(call.path.as_str());
        let limit = if code.is_success() && is_list { limits::LIST } else { limits::OBJECT };
        let body = answer::read(response, limit, self.timeouts.map(|timeouts| timeouts.idle)).await?;
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
            // Why here: commands that delete do not look at the object in the answer.
            expected.check(object.json())?;
        }
        Ok(Answer { status: code.as_u16(), warnings, body, expected })
    }

    fn new_warnings(&self, headers: &HeaderMap) -> Vec<String> {
        let mut texts: Vec<String> = warning::texts(headers).iter().map(|text| without_dumps(text)).collect();
        if !texts.is_empty() {
            let mut warned = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
            texts.retain(|text| !warned.contains(text));
            texts.truncate(MOST_WARNINGS.saturating_sub(warned.len()));
            warned.extend(texts.iter().cloned());
        }
        texts
    }
}

/// Runs `work` for at most `timeout`. `work` sets whether an answer has begun, on which the words of the failure
/// depend.
async fn within<T>(
    timeout: Option<Duration>,
    work: impl AsyncFnOnce(&std::cell::Cell<bool>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let begun = std::cell::Cell::new(false);
    let Some(timeout) = timeout else { return work(&begun).await };
    match tokio::time::timeout(timeout, work(&begun)).await {
        Ok(result) => result,
        Err(_) if begun.get() => Err(Failure::body_timeout()),
        Err(_) => Err(Failure::of_kind(
            Kind::Timeout,
            "net/http: request canceled (Client.Timeout exceeded while awaiting headers)",
        )),
    }
}

/// Returns how long to wait before the request is repeated, or `None` if it is not to be repeated.
fn retry_after(response: &Response<Body>) -> Option<Duration> {
    if !matches!(response.status(), StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        return None;
    }
    let seconds = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// Sends a request, and gives up after more than [`limits::MOST_INFORMATIONAL`] informational (1xx) answers.
async fn send(kube: &kube::Client, mut request: Request<Body>) -> Result<Response<Body>, Failure> {
    let (count, too_many) = (AtomicU32::new(0), Arc::new(Notify::new()));
    let told = too_many.clone();
    hyper::ext::on_informational(&mut request, move |_| {
        if count.fetch_add(1, Ordering::Relaxed) >= limits::MOST_INFORMATIONAL {
            told.notify_one();
        }
    });
    tokio::select! {
        sent = kube.send(request) => sent.map_err(unwrap),
        () = too_many.notified() => Err(Failure::malformed("net/http: too many 1xx informational responses")),
    }
}

/// Extracts the client's failure from kube's error.
fn unwrap(error: kube::Error) -> Failure {
    match error {
        kube::Error::Service(inner) => match inner.downcast::<Carried>() {
            Ok(carried) => carried.0,
            Err(_) => Failure::of_kind(Kind::Lost, "EOF"),
        },
        _ => Failure::of_kind(Kind::Lost, "EOF"),
    }
}
