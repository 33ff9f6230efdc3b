//! The words of kubectl for failures.

use super::{Failure, Kind, Transport};
use crate::Status;
use go::quote::quote;

/// A failure as it is printed.
pub struct Words {
    /// The complete line, or lines, prefix included.
    pub line: String,
    /// The line to print instead of `line` if the failure is one of several, if it differs.
    pub among_others: Option<String>,
    /// A hint, without its prefix.
    pub hint: Option<String>,
}

impl Failure {
    /// Adds the file that the request came from, as kubectl's `AddSourceToErr` does (`error when creating "f.yaml":
    /// …`).
    #[must_use]
    pub fn when(self, verb: &str, source: &str) -> Self {
        match self {
            Self::Status(mut status) => {
                status.message = format!("error when {verb} {}: {}", quote(source), status.message);
                Self::Status(status)
            }
            Self::Transport(transport) if transport.is_ours() => Self::Transport(transport),
            Self::Transport(transport) => {
                let text = format!("error when {verb} {}: {}", quote(source), transport.go_error());
                Self::Transport(Box::new(Transport { kind: Kind::Other, text, request: None, hint: transport.hint }))
            }
        }
    }

    /// Returns the words of `create secret …`: `error: failed to create secret MESSAGE`.
    pub fn words_of_create(self, what: &str) -> Words {
        let text = match &self {
            Self::Status(status) => status.message.clone(),
            Self::Transport(transport) if transport.is_ours() => return self.words(),
            Self::Transport(transport) => transport.go_error(),
        };
        self.with_line(format!("error: failed to create {what} {text}"))
    }

    /// Returns the error as Go would print it within another: the server's message, or `Get "URL": reason`.
    pub fn go_error(&self) -> String {
        match self {
            Self::Status(status) => status.message.clone(),
            Self::Transport(transport) => transport.go_error(),
        }
    }

    /// Returns the words of kubectl's `checkErr`.
    pub fn words(self) -> Words {
        let line = match &self {
            Self::Status(status) => status_line(status),
            Self::Transport(transport) => match &transport.kind {
                Kind::Refused(host) => {
                    format!("The connection to the server {host} was refused - did you specify the right host or port?")
                }
                Kind::Connection | Kind::Lost | Kind::Malformed | Kind::Timeout => {
                    format!("Unable to connect to the server: {}", transport.text)
                }
                Kind::Other | Kind::TooLarge | Kind::Local => format!("error: {}", transport.text),
                Kind::Line => transport.text.clone(),
            },
        };
        self.with_line(line)
    }

    fn with_line(self, line: String) -> Words {
        match self {
            // kubectl's `checkErr` has special words for a 422 only if it is the only failure; among others it uses
            // `StandardErrorMessage`.
            Self::Status(status) => {
                let invalid = status.reason == "Invalid";
                let among_others = invalid.then(|| format!("Error from server (Invalid): {}", status.message));
                Words { line, among_others, hint: None }
            }
            Self::Transport(transport) => Words { line, among_others: None, hint: transport.hint },
        }
    }
}

impl Transport {
    /// Returns `true` if it was found before a request was made.
    fn is_ours(&self) -> bool {
        matches!(self.kind, Kind::Local | Kind::Line)
    }

    /// Returns the error as Go would print it on its own: `Post "URL": reason` if a connection failed.
    fn go_error(&self) -> String {
        match &self.request {
            Some((method, url)) if !matches!(self.kind, Kind::Other | Kind::TooLarge) => {
                format!("{method} {}: {}", quote(url), self.text)
            }
            _ => self.text.clone(),
        }
    }
}

fn status_line(status: &Status) -> String {
    match status.reason.as_str() {
        "Invalid" => invalid_line(status),
        // Every kubectl command but `create secret` receives this during discovery, where the server's text is not
        // shown.
        "Unauthorized" => {
            let generic = "the server has asked for the client to provide credentials";
            let text = if status.message.contains(generic) { status.message.as_str() } else { generic };
            format!("error: You must be logged in to the server ({text})")
        }
        "" => format!("Error from server: {}", status.message),
        reason => format!("Error from server ({reason}): {}", status.message),
    }
}

/// Returns the line of `checkErr` about a 422.
fn invalid_line(status: &Status) -> String {
    let mut line = "The request is invalid".to_owned();
    let with_message = |mut line: String| {
        if !status.message.is_empty() {
            line.push_str(": ");
            line.push_str(&status.message);
        }
        line
    };
    let Some(details) = &status.details else { return with_message(line) };
    if !details.kind.is_empty() || !details.name.is_empty() {
        line = format!("The {} {} is invalid", details.kind, quote(&details.name));
    } else if details.causes.is_empty() {
        line = with_message(line);
    }
    let mut causes: Vec<String> = Vec::new();
    for cause in &details.causes {
        let text = format!("{}: {}", cause.field, cause.message);
        if !causes.contains(&text) {
            causes.push(text);
        }
    }
    match causes.as_slice() {
        [] => line,
        [one] => format!("{line}: {one}"),
        several => format!("{line}: \n* {}", several.join("\n* ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Method;

    const GET: Method = Method::GET;
    const PATH: &str = "/api/v1/namespaces/default/secrets/x";

    fn status(body: &str) -> Failure {
        Failure::Status(Box::new(Status::parse(body.as_bytes(), 500).expect("a Status")))
    }

    fn line(failure: Failure) -> String {
        failure.words().line
    }

    fn generic(code: u16, text: &str) -> String {
        line(Failure::Status(Box::new(Status::generic(code, &GET, PATH, text))))
    }

    #[test]
    fn says_what_the_server_says() {
        let not_found = r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"secrets \"x\" not found","reason":"NotFound","details":{"name":"x","kind":"secrets"},"code":404}"#;
        assert_eq!(line(status(not_found)), "Error from server (NotFound): secrets \"x\" not found");
        assert_eq!(
            line(status(not_found).when("deleting", "a b.yaml")),
            "Error from server (NotFound): error when deleting \"a b.yaml\": secrets \"x\" not found"
        );
        assert_eq!(
            status(not_found).words_of_create("secret").line,
            "error: failed to create secret secrets \"x\" not found"
        );
        assert_eq!(
            line(status(r#"{"kind":"Status","status":"Failure","message":"boom","code":500}"#)),
            "Error from server: boom"
        );
        assert_eq!(
            line(status(
                r#"{"kind":"Status","status":"Failure","message":"Unauthorized","reason":"Unauthorized","code":401}"#
            )),
            "error: You must be logged in to the server (the server has asked for the client to provide credentials)"
        );
    }

    #[test]
    fn lists_the_causes_of_invalid_objects() {
        let body = |causes: &str| {
            format!(
                r#"{{"kind":"Status","status":"Failure","message":"M","reason":"Invalid","details":{{"name":"x","kind":"Secret","causes":[{causes}]}},"code":422}}"#
            )
        };
        let a = r#"{"reason":"FieldValueRequired","message":"Required value","field":"data[a]"}"#;
        let b = r#"{"reason":"FieldValueRequired","message":"Required value","field":"data[b]"}"#;
        assert_eq!(line(status(&body(a))), "The Secret \"x\" is invalid: data[a]: Required value");
        assert_eq!(line(status(&body(&format!("{a},{a}")))), "The Secret \"x\" is invalid: data[a]: Required value");
        assert_eq!(
            line(status(&body(&format!("{a},{b},{a}")))),
            "The Secret \"x\" is invalid: \n* data[a]: Required value\n* data[b]: Required value"
        );
        assert_eq!(line(status(&body(""))), "The Secret \"x\" is invalid");
        assert_eq!(
            line(status(
                r#"{"kind":"Status","status":"Failure","message":"no","reason":"Invalid","details":{},"code":422}"#
            )),
            "The request is invalid: no"
        );
        assert_eq!(
            line(status(r#"{"kind":"Status","status":"Failure","message":"no","reason":"Invalid","code":422}"#)),
            "The request is invalid: no"
        );
    }

    /// As kubectl 1.33 words them.
    #[test]
    fn has_words_for_answers_without_a_status() {
        for (code, text, expected) in [
            (
                404,
                "404 page not found",
                "Error from server (NotFound): the server could not find the requested resource (get secrets x)",
            ),
            (
                500,
                "",
                "Error from server (InternalError): an error on the server (\"\") has prevented the request from succeeding (get secrets x)",
            ),
            (
                502,
                "<html>bad gateway</html>",
                "Error from server (InternalError): an error on the server (\"<html>bad gateway</html>\") has prevented the request from succeeding (get secrets x)",
            ),
            (
                503,
                "",
                "Error from server (ServiceUnavailable): the server is currently unable to handle the request (get secrets x)",
            ),
            (403, "no", "Error from server (Forbidden): no (get secrets x)"),
            (
                401,
                "no",
                "error: You must be logged in to the server (the server has asked for the client to provide credentials (get secrets x))",
            ),
            (
                400,
                "bad",
                "Error from server (BadRequest): the server rejected our request for an unknown reason (get secrets x)",
            ),
            (
                410,
                "bad",
                "Error from server: the server responded with the status code 410 but did not return more information (get secrets x)",
            ),
            (422, "bad", "The secrets \"x\" is invalid: : bad"),
            (
                504,
                "bad",
                "Error from server (Timeout): the server was unable to return a response in the time allotted, but may still be processing the request (get secrets x)",
            ),
        ] {
            assert_eq!(generic(code, text), expected, "{code}");
        }
    }

    #[test]
    fn has_words_for_broken_connections() {
        let url = "https://127.0.0.1:1/api/v1/secrets";
        let refused = || {
            Failure::of_kind(Kind::Refused("127.0.0.1:1".into()), "dial tcp 127.0.0.1:1: connect: connection refused")
                .during(&Method::POST, url)
        };
        assert_eq!(
            line(refused()),
            "The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?"
        );
        assert_eq!(
            refused().words_of_create("secret").line,
            format!("error: failed to create secret Post {url:?}: dial tcp 127.0.0.1:1: connect: connection refused")
        );
        assert_eq!(
            line(refused().hint("try this").when("creating", "f")),
            format!(
                "error: error when creating \"f\": Post {url:?}: dial tcp 127.0.0.1:1: connect: connection refused"
            )
        );
        assert_eq!(refused().hint("try this").words().hint.as_deref(), Some("try this"));
        assert_eq!(line(Failure::connection("EOF")), "Unable to connect to the server: EOF");
    }

    #[test]
    fn debug_shows_no_message() {
        let failure =
            status(r#"{"kind":"Status","status":"Failure","message":"s3cr3t","reason":"Invalid","code":422}"#);
        assert_eq!(format!("{failure:?}"), "Status(422 Invalid)");
    }
}
