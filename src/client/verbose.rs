//! What `-v` shows: requests, their outcome and their headers. Bodies hold values and are shown at no level.

use http::{HeaderMap, Method, Response};

use secret::{redact::Known, sanitize};

/// Takes lines for a person, without the newline.
pub type Log = Box<dyn Fn(&str) + Send + Sync>;

/// `-v` and where its lines go.
pub(crate) struct Verbose {
    pub level: u8,
    pub log: Log,
}

/// The headers whose values are shown: none of them is made to carry a credential or a value of a Secret. Whatever else
/// there is (`Authorization`, `Cookie`, `X-Auth-Token`, warnings that quote values) is named and masked.
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
    /// Before a request: from level 7 on its headers.
    pub fn request(&self, method: &Method, url: &str, headers: &HeaderMap, known: &Known) {
        if self.level >= 7 {
            self.line(&format!("{method} {url}"), known);
            self.line("Request Headers:", known);
            self.headers(headers, known);
        }
    }

    /// After it: the outcome from level 6 on, its headers from level 8 on.
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
