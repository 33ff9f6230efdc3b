//! The access log: a line for each request, as kube-apiserver's `httplog` writes it. Invariant: no body and no
//! credential is logged, and of the query only the values of parameters that cannot hold either ([`SHOWN`]).

use std::{sync::Arc, time::Instant};

use http::{Request, StatusCode, Uri, header};

use go::quote::quote;

/// Receives one line, without a line feed.
pub type Log = Arc<dyn Fn(&str) + Send + Sync>;

/// The query parameters whose values are logged; of others only the names are.
const SHOWN: [&str; 17] = [
    "allowWatchBookmarks",
    "dryRun",
    "fieldManager",
    "fieldSelector",
    "fieldValidation",
    "force",
    "gracePeriodSeconds",
    "labelSelector",
    "limit",
    "pretty",
    "propagationPolicy",
    "resourceVersion",
    "resourceVersionMatch",
    "sendInitialEvents",
    "timeout",
    "timeoutSeconds",
    "watch",
];
/// How many characters of the URI, and of the User-Agent, a line repeats at most.
const MAX_TEXT: usize = 1024;

/// A request that is being answered.
pub struct Entry {
    text: String,
    user_agent: String,
    begun: Instant,
}

impl Entry {
    /// Records what the request asks for, and the time.
    pub fn new<B>(request: &Request<B>) -> Self {
        let agent = request.headers().get(header::USER_AGENT).map(|agent| String::from_utf8_lossy(agent.as_bytes()));
        Self {
            text: format!("verb={} URI={}", quote(request.method().as_str()), quote(&cut(&shown(request.uri())))),
            user_agent: quote(&cut(&agent.unwrap_or_default())),
            begun: Instant::now(),
        }
    }

    /// Returns the line, once the headers of the answer are known; so for a watch, the latency of its beginning.
    pub fn line(&self, status: StatusCode) -> String {
        let latency = self.begun.elapsed().as_secs_f64() * 1e3;
        let (text, agent) = (&self.text, &self.user_agent);
        format!("\"HTTP\" {text} latency=\"{latency:.3}ms\" userAgent={agent} resp={}", status.as_u16())
    }
}

fn shown(uri: &Uri) -> String {
    let Some(query) = uri.query() else { return uri.path().to_owned() };
    let parameters = query.split('&').map(|parameter| match parameter.split_once('=') {
        Some((name, _)) if !SHOWN.contains(&name) => format!("{name}=..."),
        _ => parameter.to_owned(),
    });
    format!("{}?{}", uri.path(), parameters.collect::<Vec<_>>().join("&"))
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_TEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_was_asked_and_nothing_that_could_be_secret() {
        let request = Request::builder()
            .uri("/api/v1/secrets?limit=500&labelSelector=a%3Db&token=hunter2&watch")
            .header("user-agent", "kubectl/v1.37.1\t\"x\"")
            .header("authorization", "Bearer hunter2")
            .body("hunter2")
            .expect("a request");
        let line = Entry::new(&request).line(StatusCode::OK);
        assert!(
            line.starts_with(
                r#""HTTP" verb="GET" URI="/api/v1/secrets?limit=500&labelSelector=a%3Db&token=...&watch" latency=""#
            ),
            "{line}"
        );
        assert!(line.ends_with(r#" userAgent="kubectl/v1.37.1\t\"x\"" resp=200"#), "{line}");
        assert!(!line.contains("hunter2"), "{line}");
    }

    #[test]
    fn a_line_is_bounded() {
        let request = Request::builder().uri(format!("/{}", "a".repeat(9000))).header("user-agent", "ü".repeat(9000));
        let line = Entry::new(&request.body(()).expect("a request")).line(StatusCode::NOT_FOUND);
        assert!(line.len() < 4 * MAX_TEXT, "{}", line.len());
    }
}
