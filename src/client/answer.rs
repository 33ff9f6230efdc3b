//! A complete answer, read with a limit and decompressed.

use std::{
    io::Write as _,
    time::{Duration, Instant},
};

use bytes::{Bytes, BytesMut};
use flate2::write::GzDecoder;
use http::Response;
use http_body::Body as _;
use http_body_util::BodyExt as _;
use kube::client::Body;

use super::{
    expected::Expected,
    failure::{Failure, Kind},
    limits, transport,
};
use go::quote::quote;
use secret::{Object, sanitize};

/// How many values an object may have; a Secret of 1.5 MiB has fewer. Why: a parsed value takes many times the memory
/// of its text.
const MOST_VALUES: usize = 300_000;

/// A successful answer.
pub struct Answer {
    /// The HTTP status, 2xx.
    pub status: u16,
    /// Warnings of the server that this client has not reported before.
    pub warnings: Vec<String>,
    /// The decompressed body.
    pub body: Bytes,
    pub(crate) expected: Expected,
}

impl Answer {
    /// Returns the object in the body.
    ///
    /// # Errors
    /// kubectl's line if the body is cut short, a position if it is not JSON; an object of another kind, name or
    /// namespace than the request's. The body is not repeated.
    pub fn object(&self) -> Result<Object, Failure> {
        let object = Object::new(parse_value(&self.body)?);
        self.expected.check(object.json())?;
        Ok(object)
    }

    /// Returns [`Answer::object`], which must have this name and, if given, namespace.
    ///
    /// # Errors
    /// As there, and if the server answers with another object.
    pub fn object_named(&self, namespace: Option<&str>, name: &str) -> Result<Object, Failure> {
        let object = self.object()?;
        let elsewhere = namespace.is_some_and(|asked| object.namespace().is_some_and(|given| given != asked));
        if object.name() != name || elsewhere {
            return Err(Failure::other(format!("the server answered with another object than {}", quote(name))));
        }
        Ok(object)
    }
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Answer({}, {} bytes)", self.status, self.body.len())
    }
}

/// Parses JSON; errors do not repeat it.
pub(crate) fn parse<'a, T: serde::Deserialize<'a>>(body: &'a [u8]) -> Result<T, Failure> {
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

/// Parses an object, with a limit to the number of its values.
pub(crate) fn parse_value(body: &[u8]) -> Result<serde_json::Value, Failure> {
    check_values(body)?;
    parse(body)
}

/// Refuses JSON with too many values before it is parsed.
pub(crate) fn check_values(body: &[u8]) -> Result<(), Failure> {
    // An upper bound, with commas and colons in strings counted, too. It is fast to compute and nearly always low
    // enough.
    let most = body.chunks(usize::from(u8::MAX)).map(|chunk| {
        let begins = |byte: &u8| u8::from(matches!(byte, b',' | b'[' | b'{'));
        usize::from(chunk.iter().map(begins).sum::<u8>())
    });
    if most.sum::<usize>() <= MOST_VALUES {
        return Ok(());
    }
    let (mut within, mut escaped, mut values) = (false, false, 0_usize);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if within => escaped = true,
            b'"' => within = !within,
            b',' | b'[' | b'{' if !within => values += 1,
            _ => {}
        }
    }
    match values > MOST_VALUES {
        true => {
            let text = format!("the server's answer has more than {MOST_VALUES} values");
            Err(Failure::of_kind(Kind::TooLarge, text))
        }
        false => Ok(()),
    }
}

/// Returns `true` if the body may be a `Status`, from its beginning alone: Go writes `kind` first.
pub(crate) fn may_be_status(body: &[u8]) -> bool {
    let head = body.get(..body.len().min(256)).unwrap_or_default();
    memmem(head, b"\"Status\"")
}

fn memmem(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

/// Reads the whole body, which may have at most `limit` bytes when it is decompressed. Within each `idle` at least
/// [`limits::PROGRESS`] bytes must arrive.
pub(crate) async fn read(response: Response<Body>, limit: usize, idle: Option<Duration>) -> Result<Bytes, Failure> {
    let gzip = response.headers().get(http::header::CONTENT_ENCODING).is_some_and(|v| v.as_bytes() == b"gzip");
    let mut body = Paced { body: response.into_body(), idle, since: Instant::now(), received: 0 };
    if gzip { unpack(&mut body, limit).await } else { collect(&mut body, limit).await }
}

/// A body that must make progress.
struct Paced {
    body: Body,
    idle: Option<Duration>,
    /// The start of the current period, and how many bytes arrived in it.
    since: Instant,
    received: usize,
}

impl Paced {
    async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        let Some(idle) = self.idle else { return next(&mut self.body).await };
        let Ok(data) = tokio::time::timeout_at((self.since + idle).into(), next(&mut self.body)).await else {
            return Err(Failure::other(format!(
                "unexpected error when reading response body. Please retry. Original error: the server sent next to \
                 nothing for {} s",
                idle.as_secs_f32()
            ))
            .hint("--request-timeout sets another limit, 0 none"));
        };
        let data = data?;
        self.received += data.as_ref().map_or(0, Bytes::len);
        if self.received >= limits::PROGRESS {
            (self.received, self.since) = (0, Instant::now());
        }
        Ok(data)
    }
}

async fn collect(body: &mut Paced, limit: usize) -> Result<Bytes, Failure> {
    if usize::try_from(body.body.size_hint().lower()).unwrap_or(usize::MAX) > limit {
        return Err(too_large(limit));
    }
    let Some(first) = body.next().await? else { return Ok(Bytes::new()) };
    // Most answers arrive in one piece.
    let Some(second) = body.next().await? else {
        return if first.len() > limit { Err(too_large(limit)) } else { Ok(first) };
    };
    // Why: the pieces are joined once, at the end. A buffer that grows by reallocation is in memory twice meanwhile.
    let mut length = first.len();
    let mut pieces = vec![first];
    let mut piece = Some(second);
    while let Some(data) = piece {
        length += data.len();
        if length > limit {
            return Err(too_large(limit));
        }
        // Why: a small piece would keep the larger buffer alive that it was read into.
        pieces.push(if data.len() < limits::PROGRESS { Bytes::copy_from_slice(&data) } else { data });
        piece = body.next().await?;
    }
    Ok(join(pieces, length))
}

fn join(mut pieces: Vec<Bytes>, length: usize) -> Bytes {
    if pieces.len() == 1 {
        return pieces.remove(0);
    }
    let mut whole = BytesMut::with_capacity(length);
    pieces.into_iter().for_each(|piece| whole.extend_from_slice(&piece));
    whole.freeze()
}

async fn unpack(body: &mut Paced, limit: usize) -> Result<Bytes, Failure> {
    let broken = |error: std::io::Error| {
        if error.kind() == std::io::ErrorKind::FileTooLarge {
            too_large(limit)
        } else {
            Failure::other("gzip: invalid data")
        }
    };
    let mut decoder = GzDecoder::new(Limited { pieces: Vec::new(), length: 0, limit });
    while let Some(data) = body.next().await? {
        decoder.write_all(&data).map_err(broken)?;
    }
    let unpacked = decoder.finish().map_err(broken)?;
    Ok(join(unpacked.pieces, unpacked.length))
}

/// Returns the next piece of a body, or `None` at its end.
pub(crate) async fn next(body: &mut Body) -> Result<Option<Bytes>, Failure> {
    loop {
        match body.frame().await {
            None => return Ok(None),
            Some(Err(error)) => return Err(transport::body_failure(&error)),
            // Trailers are ignored.
            Some(Ok(frame)) => match frame.into_data() {
                Ok(data) if data.is_empty() => {}
                Ok(data) => return Ok(Some(data)),
                Err(_) => {}
            },
        }
    }
}

fn too_large(limit: usize) -> Failure {
    Failure::of_kind(Kind::TooLarge, format!("the server's answer is larger than {} MiB", limit >> 20))
}

/// Counts pieces, and fails once they are larger than the limit together.
struct Limited {
    pieces: Vec<Bytes>,
    length: usize,
    limit: usize,
}

impl std::io::Write for Limited {
    fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> {
        if self.length + buf.len() > self.limit {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        self.length += buf.len();
        self.pieces.push(Bytes::copy_from_slice(buf));
        Ok(buf.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Returns the text of a body for a failure without a `Status`, shortened as client-go does; an empty text if it is not
/// UTF-8.
pub(crate) fn failure_text(content_type: &str, body: &[u8]) -> String {
    if !(content_type.is_empty() || content_type.starts_with("text/")) {
        return "unknown".to_owned();
    }
    let head = body.get(..body.len().min(2048)).unwrap_or_default();
    let text = String::from_utf8_lossy(head);
    sanitize::text(text.trim()).into_owned()
}

/// Checks that an answer of that type can be read as JSON; client-go says `serializer for X doesn't exist` otherwise.
pub(crate) fn check_media_type(content_type: &str) -> Result<(), Failure> {
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if media_type.is_empty() || media_type.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    let printable: String = media_type.chars().filter(|c| c.is_ascii_graphic()).take(100).collect();
    Err(Failure::other(format!("serializer for {printable} doesn't exist"))
        .hint("this does not look like a Kubernetes API server; check the server's address"))
}
