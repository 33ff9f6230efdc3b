//! Authentication of requests from the network.
//!
//! Why `Host` and `Origin` are checked, too: a web page in a browser on this machine can send requests to a loopback
//! port, and its site can make its own DNS name resolve to a loopback address (DNS rebinding). A request with another
//! `Host`, or with the headers of a browser, is refused.

use std::{
    convert::Infallible,
    future::Future,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    pin::Pin,
    sync::Arc,
    task::Poll,
};

use http::{Request, Response, Version, header, uri::Authority};
use hyper::body::Incoming;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::{
    access_log,
    limits::{Limited, MAX_HEADERS},
    reader::Attended,
    unauthenticated::Authenticating,
};
use crate::{
    Identity, Server,
    access::identity::{AUTHENTICATED, unauthorized},
    http::{call::FromNetwork, serve},
};
use secret::status::Status;

/// The credentials that requests are checked against.
///
/// Invariant: only the SHA-256 of the token is kept, and hashes are compared in constant time, so timing tells nothing
/// of the token.
pub struct Guard {
    token: [u8; 32],
}

impl Guard {
    /// Returns a guard that accepts this token.
    pub fn new(token: &str) -> Self {
        Self { token: Sha256::digest(token).into() }
    }

    /// Returns the user that a request comes from.
    ///
    /// # Errors
    /// 400 for no `Host` or several, 401 for a wrong token, 403 for a foreign `Host` or `Origin`, 431 for too many headers.
    fn identify(&self, request: &Request<Incoming>, certified: Option<&Identity>) -> Result<Identity, Status> {
        let headers = request.headers();
        if headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>() > MAX_HEADERS {
            return Err(Status::new(431, "", "Request Header Fields Too Large"));
        }
        let mut hosts = headers.get_all(header::HOST).iter();
        let (host, another) = (hosts.next(), hosts.next());
        let target = request.uri().authority();
        if another.is_some() || host.is_none() && target.is_none() {
            return Err(Status::new(400, "BadRequest", "the request must name one host"));
        }
        let host = host.map(|host| host.to_str().unwrap_or_default());
        if ![host, target.map(Authority::as_str)].into_iter().flatten().all(is_loopback) {
            return Err(forbidden("the host of the request is not a loopback address"));
        }
        let foreign = headers.get_all("sec-fetch-site").iter().any(|site| site != "none");
        if foreign || headers.contains_key(header::ORIGIN) {
            return Err(forbidden("requests from web pages are not served"));
        }
        let Some(value) = headers.get(header::AUTHORIZATION) else {
            return Ok(certified.cloned().unwrap_or_else(Identity::anonymous));
        };
        let value = String::from_utf8_lossy(value.as_bytes());
        let token = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let Some((_, token)) = token else {
            // Why: kube-apiserver has no authenticator for Basic and the like, and takes such a request as anonymous.
            return Ok(certified.cloned().unwrap_or_else(Identity::anonymous));
        };
        let given: [u8; 32] = Sha256::digest(token.trim()).into();
        let different = given.iter().zip(&self.token).fold(0, |bits, (a, b)| bits | (a ^ b));
        if different == 0 { Ok(Identity::admin()) } else { Err(unauthorized()) }
    }
}

fn forbidden(why: &str) -> Status {
    Status::new(403, "Forbidden", format!("forbidden: {why}")).details(json!({}))
}

/// Returns 429: the limit of connections that have authenticated is reached.
fn too_many_connections() -> Status {
    let text = "too many connections, please try again later";
    let mut status = Status::new(429, "TooManyRequests", text).details(json!({"retryAfterSeconds": 1}));
    status.retry_after = Some(1);
    status
}

/// Returns `true` if a `Host` names a loopback address, by number or as `localhost`.
fn is_loopback(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let name = authority.host();
    let ip = match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        Some(name) => name.parse::<Ipv6Addr>().map(IpAddr::V6),
        None => name.parse::<Ipv4Addr>().map(IpAddr::V4),
    };
    !host.contains('@') && (name.eq_ignore_ascii_case("localhost") || ip.is_ok_and(|ip| ip.is_loopback()))
}

/// Returns the user that a verified client certificate names: the common name, and the organizations as groups.
pub fn certified(certificate: &[u8]) -> Option<Identity> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    let subject = certificate.subject();
    let user = subject.iter_common_name().next()?.as_str().ok()?.to_owned();
    let mut groups = subject.iter_organization().filter_map(|o| o.as_str().ok()).map(str::to_owned).collect::<Vec<_>>();
    groups.push("system:authenticated".into());
    Some(Identity { user, uid: String::new(), groups, extra: Vec::new() })
}

/// The service for the requests of one connection.
#[derive(Clone)]
pub struct Guarded {
    /// The server.
    pub server: Server,
    /// The credentials that requests are checked against.
    pub guard: Arc<Guard>,
    /// The connection's place among those that have not authenticated.
    pub authenticating: Arc<Authenticating>,
    /// The user that the connection's client certificate names, if it sent one.
    pub certified: Option<Identity>,
    /// Receives a line for each request.
    pub log: Option<access_log::Log>,
}

impl tower::Service<Request<Incoming>> for Guarded {
    type Response = Response<Attended>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Attended>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Incoming>) -> Self::Future {
        let identity = self.guard.identify(&request, self.certified.as_ref()).and_then(|identity| {
            let passes = !identity.is_in(AUTHENTICATED) || self.authenticating.pass();
            if passes { Ok(identity) } else { Err(too_many_connections()) }
        });
        let apart = request.version() == Version::HTTP_2;
        let server = self.server.clone();
        let logged = self.log.clone().map(|log| (log, access_log::Entry::new(&request)));
        Box::pin(async move {
            let mut request = request.map(Limited::new);
            let response = match identity {
                Ok(identity) => {
                    request.extensions_mut().insert(identity);
                    request.extensions_mut().insert(FromNetwork);
                    serve::serve(server.0, request).await
                }
                Err(status) => serve::refuse(&server.0, &status, request).await,
            };
            if let Some((log, entry)) = logged {
                log(&entry.line(response.status()));
            }
            Ok(response.map(|body| Attended::new(body, apart)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_loopback_hosts_pass() {
        for host in ["127.0.0.1:6443", "localhost", "LOCALHOST:1", "[::1]:80", "127.9.9.9"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "evil.example",
            "127.0.0.1.evil.example",
            "10.0.0.1:80",
            "",
            "localhost.",
            "0.0.0.0",
            "x@127.0.0.1",
            "[localhost]",
            "::1",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
