//! A whole answer, read with a limit and unpacked.

use std::io::Write as _;

use bytes::{Bytes, BytesMut};
use flate2::write::GzDecoder;
use http::Response;
use http_body::Body as _;
use http_body_util::BodyExt as _;
use kube::client::Body;

use super::{failure::Failure, transport};
use crate::secret::{Object, sanitize};

/// No single object is as large; etcd's limit is far below.
pub(super) const OBJECT_LIMIT: usize = 32 << 20;
/// A page of 500 objects may be large, but not without bounds.
pub(super) const LIST_LIMIT: usize = 512 << 20;

/// An answer of success.
pub struct Answer {
    /// The HTTP status, 2xx.
    pub status: u16,
    /// Warnings of the server that this client has not returned before.
    pub warnings: Vec<String>,
    /// The body, unpacked.
    pub body: Bytes,
}

impl Answer {
    /// The object in the body.
    ///
    /// # Errors
    /// kubectl's line when the body is cut short, a position when it is no JSON. The body is not repeated.
    pub fn object(&self) -> Result<Object, Failure> {
        parse(&self.body).map(Object::new)
    }

    /// [`Answer::object`], which must have the name that was asked for, and the namespace where there is one.
    ///
    /// # Errors
    /// As there, and when the server answers with another object.
    pub fn object_named(&self, namespace: Option<&str>, name: &str) -> Result<Object, Failure> {
        let object = self.object()?;
        let elsewhere = namespace.is_some_and(|asked| object.namespace().is_some_and(|given| given != asked));
        if object.name() != name || elsewhere {
            return Err(Failure::other(format!("the server answered with another object than {name:?}")));
        }
        Ok(object)
    }
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Answer({}, {} bytes)", self.status, self.body.len())
    }
}

/// Parses JSON with words that do not repeat it.
pub(super) fn parse<'a, T: serde::Deserialize<'a>>(body: &'a [u8]) -> Result<T, Failure> {
    serde_json::from_slice(body).map_err(|error| {
        if error.is_eof() {
            Failure::other("unexpected end of JSON input")
        } else if error.is_data() {
            Failure::other("the server's answer is not what was asked for")
        } else {
            Failure::other(format!(
                "the server's answer is not JSON (line {}, column {})",
                error.line(),
                error.column()
            ))
        }
    })
}

/// Whether the body says that it is a `Status`, without reading all of it: Go writes `kind` first.
pub(super) fn may_be_status(body: &[u8]) -> bool {
    let head = body.get(..body.len().min(256)).unwrap_or_default();
    memmem(head, b"\"Status\"")
}

fn memmem(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

/// Reads the whole body, at most `limit` bytes of it once unpacked.
pub(super) async fn read(response: Response<Body>, limit: usize) -> Result<Bytes, Failure> {
    let gzip = response.headers().get(http::header::CONTENT_ENCODING).is_some_and(|v| v.as_bytes() == b"gzip");
    let body = response.into_body();
    if gzip { unpack(body, limit).await } else { collect(body, limit).await }
}

async fn collect(mut body: Body, limit: usize) -> Result<Bytes, Failure> {
    let expected = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if expected > limit {
        return Err(too_large(limit));
    }
    let Some(first) = next(&mut body).await? else { return Ok(Bytes::new()) };
    // Most answers come in one piece.
    let Some(second) = next(&mut body).await? else {
        return if first.len() > limit { Err(too_large(limit)) } else { Ok(first) };
    };
    let mut whole = BytesMut::with_capacity(expected.max(first.len() + second.len()));
    whole.extend_from_slice(&first);
    let mut piece = Some(second);
    while let Some(data) = piece {
        if whole.len() + data.len() > limit {
            return Err(too_large(limit));
        }
        whole.extend_from_slice(&data);
        piece = next(&mut body).await?;
    }
    Ok(whole.freeze())
}

async fn unpack(mut body: Body, limit: usize) -> Result<Bytes, Failure> {
    let broken = |error: std::io::Error| {
        if error.kind() == std::io::ErrorKind::FileTooLarge {
            too_large(limit)
        } else {
            Failure::other("gzip: invalid data")
        }
    };
    let mut decoder = GzDecoder::new(Limited { data: Vec::new(), limit });
    while let Some(data) = next(&mut body).await? {
        decoder.write_all(&data).map_err(broken)?;
    }
    Ok(decoder.finish().map_err(broken)?.data.into())
}

/// The next piece of a body.
pub(super) async fn next(body: &mut Body) -> Result<Option<Bytes>, Failure> {
    loop {
        match body.frame().await {
            None => return Ok(None),
            Some(Err(error)) => return Err(transport::body_failure(&error)),
            // Trailers are of no interest.
            Some(Ok(frame)) => match frame.into_data() {
                Ok(data) if data.is_empty() => {}
                Ok(data) => return Ok(Some(data)),
                Err(_) => {}
            },
        }
    }
}

fn too_large(limit: usize) -> Failure {
    Failure::other(format!("the server's answer is larger than {} MiB", limit >> 20))
}

/// A buffer that refuses to grow past its limit.
struct Limited {
    data: Vec<u8>,
    limit: usize,
}

impl std::io::Write for Limited {
    fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> {
        if self.data.len() + buf.len() > self.limit {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        self.data.extend_from_slice(buf);
        Ok(buf.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The text of a body for a failure without a `Status`, as client-go cuts it; nothing of it where it is not text.
pub(super) fn failure_text(content_type: &str, body: &[u8]) -> String {
    if !(content_type.is_empty() || content_type.starts_with("text/")) {
        return "unknown".to_owned();
    }
    let head = body.get(..body.len().min(2048)).unwrap_or_default();
    let text = String::from_utf8_lossy(head);
    sanitize::text(text.trim()).into_owned()
}

/// Whether an answer of that type can be read as JSON: client-go's `serializer for X doesn't exist` otherwise.
pub(super) fn check_media_type(content_type: &str) -> Result<(), Failure> {
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if media_type.is_empty() || media_type.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    let printable: String = media_type.chars().filter(|c| c.is_ascii_graphic()).take(100).collect();
    Err(Failure::other(format!("serializer for {printable} doesn't exist"))
        .hint("this does not look like a Kubernetes API server; check the server's address"))
}
