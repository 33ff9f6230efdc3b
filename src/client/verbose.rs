//! What `-v` shows: requests, their outcome and their headers. Bodies hold values and are shown at no level.

use http::{HeaderMap, Method};

use super::redact;
use crate::secret::sanitize;

/// Takes lines for a person, without the newline.
pub type Log = Box<dyn Fn(&str) + Send + Sync>;

/// `-v` and where its lines go.
pub(super) struct Verbose {
    pub level: u8,
    pub log: Log,
}

impl Verbose {
    /// Before a request: from level 7 on its headers.
    pub fn request(&self, method: &Method, url: &str, headers: &HeaderMap) {
        if self.level >= 7 {
            (self.log)(&format!("{method} {url}"));
            (self.log)("Request Headers:");
            self.headers(headers);
        }
    }

    /// After it: the outcome from level 6 on, its headers from level 8 on.
    pub fn response(&self, method: &Method, url: &str, status: http::StatusCode, headers: &HeaderMap, millis: u128) {
        if self.level >= 6 {
            (self.log)(&format!("{method} {url} {status} in {millis} milliseconds"));
        }
        if self.level >= 8 {
            (self.log)("Response Headers:");
            self.headers(headers);
        }
    }

    fn headers(&self, headers: &HeaderMap) {
        for (name, value) in headers {
            let value = match name.as_str() {
                "authorization" | "proxy-authorization" | "cookie" | "set-cookie" => "<masked>".to_owned(),
                _ => redact::without_objects(&sanitize::line(&String::from_utf8_lossy(value.as_bytes()))),
            };
            (self.log)(&format!("    {name}: {value}"));
        }
    }
}
