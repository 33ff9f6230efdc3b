//! The events of a watch: one JSON object on each line.

use bytes::{Bytes, BytesMut};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{answer, failure::Failure, status::Status, stream::Stream};
use secret::Object;

/// The longest line that is read, in bytes.
const LINE_LIMIT: usize = 64 << 20;

/// A change of an object.
pub struct Event {
    /// `ADDED`, `MODIFIED`, `DELETED` or `BOOKMARK`. `ERROR` is returned as a failure.
    pub kind: String,
    /// The object after the change (before it, for `DELETED`), or a Table if one was asked for.
    pub object: Object,
}

/// Reads the events from the answer to a watch.
pub struct Events {
    stream: Stream,
    buffer: BytesMut,
    ended: bool,
}

#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(rename = "type")]
    kind: String,
    #[serde(borrow)]
    object: &'a RawValue,
}

impl Events {
    /// Returns the events of a stream.
    pub fn new(stream: Stream) -> Self {
        Self { stream, buffer: BytesMut::new(), ended: false }
    }

    /// Returns the next event, or `None` when the server ends the watch.
    ///
    /// # Errors
    /// If the connection breaks, an event is malformed or has another object than was asked for, or the server sends an
    /// `ERROR`.
    pub async fn next(&mut self) -> Result<Option<Event>, Failure> {
        while let Some(line) = self.line().await? {
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let Wire { kind, object } = answer::parse(&line)?;
            if kind == "ERROR" {
                let status = Status::parse(object.get().as_bytes(), 500);
                return Err(match status {
                    Some(status) => Failure::Status(Box::new(status)),
                    None => Failure::other("the server ended the watch with an error"),
                });
            }
            let object = Object::new(answer::parse(object.get().as_bytes())?);
            // A bookmark has a resourceVersion only, and no name.
            if kind != "BOOKMARK" {
                self.stream.expected.check(object.json())?;
            }
            return Ok(Some(Event { kind, object }));
        }
        Ok(None)
    }

    /// Returns the next line, without its end.
    async fn line(&mut self) -> Result<Option<Bytes>, Failure> {
        let mut searched = 0;
        loop {
            let unread = self.buffer.get(searched..).unwrap_or_default();
            if let Some(at) = unread.iter().position(|byte| *byte == b'\n') {
                return Ok(Some(self.buffer.split_to(searched + at + 1).freeze()));
            }
            searched = self.buffer.len();
            if self.ended {
                let rest = self.buffer.split().freeze();
                return Ok(Some(rest).filter(|rest| !rest.is_empty()));
            }
            if searched > LINE_LIMIT {
                return Err(Failure::other("the server sent an event without end"));
            }
            match self.stream.chunk().await? {
                Some(data) => self.buffer.extend_from_slice(&data),
                None => self.ended = true,
            }
        }
    }
}
