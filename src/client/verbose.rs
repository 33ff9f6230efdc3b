//! The log of `-v`: requests, their outcome and their headers. Invariant: bodies may contain values, and are logged at
//! no level.

use http::{HeaderMap, Method, Response};

use secret::{redact::Known, sanitize};

/// Receives lines for the user, without a line feed.
pub type Log = Box<dyn Fn(&str) + Send + Sync>;

/// The level of `-v`, and the log.
pub(crate) struct Verbose {
    pub level: u8,
    pub log: Log,
}

/// The headers whose values are logged. None of them is meant for a credential or a value of a Secret; all others
/// (`Authorization`, `Cookie`, `X-Auth-Token`, warnings that quote values) are masked.
const SHOWN: [&str; 15] = [
    "accept",
    "accept-encoding",
    "audit-id",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "retry-after",
    "server",
    "transfer-encoding",
    "user-agent",
    "x-kubernetes-pf-flowschema-uid",
    "x-kubernetes-pf-prioritylevel-uid",
];

impl Verbose {
    /// Logs a request before it is sent: its headers, from level 7.
    pub fn request(&self, method: &Method, url: &str, headers: &HeaderMap, known: &Known) {
        if self.level >= 7 {
            self.line(&format!("{method} {url}"), known);
            self.line("Request Headers:", known);
            self.headers(headers, known);
        }
    }

    /// Logs an answer: its status from level 6, its headers from level 8.
    pub fn response<B>(&self, method: &Method, url: &str, response: &Response<B>, millis: u128, known: &Known) {
        if self.level >= 6 {
            let status = response.status();
            self.line(&format!("{method} {url} {status} in {millis} milliseconds"), known);
        }
        if self.level >= 8 {
            self.line("Response Headers:", known);
            self.headers(response.headers(), known);
        }
    }

    fn headers(&self, headers: &HeaderMap, known: &Known) {
        for (name, value) in headers {
            let value = match SHOWN.contains(&name.as_str()) {
                true => String::from_utf8_lossy(value.as_bytes()),
                false => "<masked>".into(),
            };
            self.line(&format!("    {name}: {value}"), known);
        }
    }

    fn line(&self, text: &str, known: &Known) {
        (self.log)(&sanitize::line(&known.redact(text)));
    }
}
