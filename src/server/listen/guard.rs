//! Who may come in: the token is compared in constant time, a name that is not loopback's and anything that a browser's
//! page sends is turned away (a page of another site can reach a loopback port, and DNS can be made to say it is its own).

use std::{convert::Infallible, future::Future, pin::Pin, sync::Arc, task::Poll};

use http::{Request, Response, header, uri::Authority};
use hyper::body::Incoming;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::limits::Limited;
use crate::server::{Body, Identity, Server, identity::unauthorized, serve, status::Status};

/// What the requests of one server are checked against.
pub struct Guard {
    token: [u8; 32],
}

impl Guard {
    /// Lets in who has this token.
    pub fn new(token: &str) -> Self {
        Self { token: Sha256::digest(token).into() }
    }

    /// Whose request this is.
    ///
    /// # Errors
    /// 401 for a wrong token, 403 for a foreign `Host` or `Origin`.
    fn identify(&self, request: &Request<Incoming>, certified: Option<&Identity>) -> Result<Identity, Status> {
        let headers = request.headers();
        let host = headers.get(header::HOST).map_or_else(
            || request.uri().authority().map(Authority::as_str),
            |host| Some(host.to_str().unwrap_or_default()),
        );
        let target = request.uri().authority().map(Authority::as_str);
        if ![host, target].into_iter().flatten().all(is_loopback) {
            return Err(forbidden("the host of the request is not a loopback address"));
        }
        let site = headers.get("sec-fetch-site").map(|v| v.as_bytes());
        if headers.contains_key(header::ORIGIN) || site.is_some_and(|s| s != b"none") {
            return Err(forbidden("requests from web pages are not served"));
        }
        let Some(value) = headers.get(header::AUTHORIZATION) else {
            return Ok(certified.cloned().unwrap_or_else(Identity::anonymous));
        };
        let token =
            value.to_str().ok().and_then(|v| v.split_once(' ')).filter(|(s, _)| s.eq_ignore_ascii_case("bearer"));
        let Some((_, token)) = token else {
            // Basic and the like: the real server knows no such user, and asks nobody else.
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

/// Whether a `Host` names this machine's loopback.
fn is_loopback(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The user that a client certificate names: the common name, and the organizations as groups.
pub fn certified(certificate: &[u8]) -> Option<Identity> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    let subject = certificate.subject();
    let user = subject.iter_common_name().next()?.as_str().ok()?.to_owned();
    let mut groups = subject.iter_organization().filter_map(|o| o.as_str().ok()).map(str::to_owned).collect::<Vec<_>>();
    groups.push("system:authenticated".into());
    Some(Identity { user, uid: String::new(), groups, extra: Vec::new() })
}

/// The server as one connection sees it.
#[derive(Clone)]
pub struct Guarded {
    /// The server.
    pub server: Server,
    /// What requests are checked against.
    pub guard: Arc<Guard>,
    /// Whom the connection's client certificate names.
    pub certified: Option<Identity>,
}

impl tower::Service<Request<Incoming>> for Guarded {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Incoming>) -> Self::Future {
        let identity = self.guard.identify(&request, self.certified.as_ref());
        let server = self.server.clone();
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            match identity {
                Ok(identity) => {
                    parts.extensions.insert(identity);
                    Ok(serve::serve(server.0, Request::from_parts(parts, Limited::new(body))).await)
                }
                Err(status) => Ok(serve::refuse(&status, &parts)),
            }
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
        for host in ["evil.example", "127.0.0.1.evil.example", "10.0.0.1:80", "", "localhost.", "0.0.0.0"] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
