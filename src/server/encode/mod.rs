//! Answers: an object, list or failure in the form that the client asked for.

pub mod items;
pub mod json;
mod part;
pub mod shape;
pub mod table;

use std::{collections::HashSet, io::Write as _, sync::Arc};

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header, request::Parts};
use serde_json::Value as Json;

use crate::{
    blocking,
    clock::ClockRng,
    http::{
        backlog::Share,
        body::Body,
        call::{Call, Reply},
        negotiate::{Format, Media},
    },
    protobuf, turn,
};
use secret::status::Status;

/// Encodes a successful answer.
///
/// # Errors
/// 406 if the object has no such representation.
pub async fn success(call: &Arc<Call>, mut reply: Reply) -> Result<Response<Body>, Status> {
    let share = reply.share.take();
    let is_large = call.is_large || reply.is_large;
    let mut response = blocking::run(is_large, call, move |call| written(call, reply)).await?;
    if call.is_local {
        return Ok(response);
    }
    let mut share = share.unwrap_or_else(|| Share::new(&call.server.backlog));
    share.grow(response.body().length().unwrap_or(0)).await;
    if call.parts.method == Method::GET {
        compress(&mut response, &call.parts).await;
    }
    response.body_mut().count(share);
    Ok(response)
}

fn written(call: &Call, reply: Reply) -> Result<Response<Body>, Status> {
    let include = table::Include::parse(call.query.first("includeObject"));
    let shaped = shape::shape(call.resource, reply.object, call.format, include, call.server.clock_rng.now())?;
    let mut response = match reply.items {
        Some(items) => response(reply.code, call.format.media.name(), Body::chunks(items.within(&shaped, call.format))),
        None => object(reply.code, &shaped, call.format),
    };
    warn(&mut response, &reply.warnings);
    Ok(response)
}

/// Compresses a long answer for clients that accept gzip, but not within the process. As in kube-apiserver,
/// `Accept-Encoding` must have the bare word: with a quality, even 1, there is no compression.
async fn compress(response: &mut Response<Body>, parts: &Parts) {
    const WORTH_IT: usize = 128 * 1024;
    /// How many bytes are compressed between two yields.
    const STRETCH: usize = 32 * 1024;
    let wanted = parts
        .headers
        .get(header::ACCEPT_ENCODING)
        .is_some_and(|value| value.as_bytes().split(|byte| *byte == b',').any(|word| word.trim_ascii() == b"gzip"));
    if !wanted || response.body().length().is_none_or(|length| length <= WORTH_IT) {
        return;
    }
    // Why fast: the client is on this machine, so speed matters more than size. Writing to memory never fails.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let mut compressed = Vec::new();
    for mut chunk in response.body_mut().take_chunks() {
        while !chunk.is_empty() {
            let stretch = chunk.split_to(chunk.len().min(STRETCH));
            let _ = encoder.write_all(&stretch);
            if encoder.get_ref().len() > STRETCH {
                compressed.push(Bytes::from(std::mem::take(encoder.get_mut())));
            }
            turn::give_way().await;
        }
    }
    compressed.extend(encoder.finish().ok().map(Bytes::from));
    *response.body_mut() = Body::chunks(compressed);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
}

/// Sets the `Audit-Id` of an answer: that of the request, or a new one (`WithAuditInit`).
pub fn audit(response: &mut Response<Body>, headers: &HeaderMap, clock_rng: &ClockRng) {
    const AUDIT_ID: HeaderName = HeaderName::from_static("audit-id");
    let given = headers.get(AUDIT_ID).filter(|value| !value.is_empty()).cloned();
    if let Some(id) = given.or_else(|| HeaderValue::try_from(clock_rng.uid()).ok()) {
        response.headers_mut().insert(AUDIT_ID, id);
    }
}

/// Encodes a failure.
pub fn failure(status: &Status, format: Format) -> Response<Body> {
    let mut response = object(status.code, &status.to_json(), format);
    if let Some(seconds) = status.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Returns `404 page not found`, as Go's `http.NotFound` does.
pub fn page_not_found() -> Response<Body> {
    text(404, "404 page not found\n".into())
}

/// Returns an answer of plain text.
pub fn text(code: u16, text: String) -> Response<Body> {
    bytes(code, "text/plain; charset=utf-8", text.into_bytes())
}

/// Encodes any object. Kinds without a protobuf form are sent as JSON.
pub fn object(code: u16, object: &Json, format: Format) -> Response<Body> {
    let message = if format.media == Media::Protobuf { protobuf::encode(object) } else { None };
    if let Some(message) = message {
        return bytes(code, Media::Protobuf.name(), message);
    }
    match format.media {
        Media::Json | Media::Protobuf => bytes(code, Media::Json.name(), json::to_bytes(object, format.pretty)),
        Media::Yaml => bytes(code, Media::Yaml.name(), yaml::write::to_string(object).into_bytes()),
    }
}

/// Returns the answer of a watch.
pub fn stream(call: &Call, body: Body) -> Response<Body> {
    let content_type = match call.format.media {
        Media::Protobuf => "application/vnd.kubernetes.protobuf;stream=watch",
        Media::Json | Media::Yaml => Media::Json.name(),
    };
    response(200, content_type, body)
}

/// Returns an answer of bytes of any type.
pub fn bytes(code: u16, content_type: &'static str, bytes: Vec<u8>) -> Response<Body> {
    response(code, content_type, Body::whole(bytes))
}

fn response(code: u16, content_type: &'static str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, private"));
    response
}

/// Adds `Warning` headers, each text once (`filters/warning.go`): unabridged if they have up to 4096 characters
/// together, else each is cut to 256, until 4096 are reached.
pub fn warn(response: &mut Response<Body>, warnings: &[String]) {
    const TOTAL: usize = 4096;
    const CUT: usize = 256;
    let mut seen = HashSet::new();
    let texts: Vec<&String> = warnings.iter().filter(|text| !text.is_empty() && seen.insert(*text)).collect();
    let cut = texts.iter().map(|text| text.chars().count()).sum::<usize>() > TOTAL;
    let mut written = 0;
    for text in texts {
        if cut && written >= TOTAL {
            break;
        }
        let plain: String = text.chars().take(if cut { CUT } else { TOTAL }).collect();
        let plain = plain.replace(|c: char| c.is_control(), " ");
        written += plain.chars().count();
        let quoted = plain.replace('\\', "\\\\").replace('"', "\\\"");
        if let Ok(value) = HeaderValue::from_bytes(format!("299 - \"{quoted}\"").as_bytes()) {
            response.headers_mut().append(header::WARNING, value);
        }
    }
}
