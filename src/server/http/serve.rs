//! Serves one request, from its headers to its answer.

use std::{
    pin::{Pin, pin},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use http::{Method, Request, Response, request::Parts};
use serde_json::json;

use crate::{
    Inner,
    access::{impersonation, rules},
    api::{create, delete, documents, get, list, patch, update, watch},
    blocking::LARGE,
    encode,
    http::{
        body::Body,
        call::{Call, FromNetwork},
        negotiate::{self, Endpoint},
        query::Query,
        route::{Part, Route, route},
    },
};
use secret::{resource::Resource, status::Status};

/// The largest body that is accepted, in bytes: kube-apiserver's `MaxRequestBodyBytes`.
const MAX_BODY: usize = 3_145_728;
/// How much of an unwanted body is read and dropped at most: bytes, and time.
const READ_ON: usize = 16 * 1024 * 1024;
const READ_ON_FOR: Duration = Duration::from_secs(2);

/// Answers a request.
pub async fn serve<B>(server: Arc<Inner>, request: Request<B>) -> Response<Body>
where
    B: http_body::Body<Data = Bytes>,
{
    let (parts, body) = request.into_parts();
    let (parts, mut body) = (Arc::new(parts), pin!(body));
    let mut response = match dispatch(Arc::clone(&server), &parts, body.as_mut()).await {
        Ok(response) => response,
        Err(status) => encode::failure(&status, negotiate::for_errors(&parts)),
    };
    encode::audit(&mut response, &parts.headers, &server.clock_rng);
    if parts.method == Method::HEAD {
        if let Some(length) = response.body().length() {
            let length = http::HeaderValue::from(length);
            response.headers_mut().insert(http::header::CONTENT_LENGTH, length);
        }
        *response.body_mut() = Body::whole(Bytes::new());
    }
    drain(body).await;
    response
}

/// Answers a request with a failure without processing it.
pub async fn refuse<B>(server: &Inner, status: &Status, request: Request<B>) -> Response<Body>
where
    B: http_body::Body<Data = Bytes>,
{
    let (parts, body) = request.into_parts();
    drain(pin!(body)).await;
    let mut response = encode::failure(status, negotiate::for_errors(&parts));
    encode::audit(&mut response, &parts.headers, &server.clock_rng);
    response
}

async fn dispatch<B>(server: Arc<Inner>, parts: &Arc<Parts>, body: Pin<&mut B>) -> Result<Response<Body>, Status>
where
    B: http_body::Body<Data = Bytes>,
{
    let query = Query::parse(parts.uri.query().unwrap_or_default());
    let route = route(parts.uri.path());
    let identity = impersonation::user(parts)?;
    rules::authorize(&identity, parts)?;
    let is_local = parts.extensions.get::<FromNetwork>().is_none();
    match route {
        Route::Unknown => Ok(encode::page_not_found()),
        Route::Document(document) => {
            let body = whole(body).await?;
            documents::document(&server, &document, parts, &body, &identity)
        }
        Route::UnknownResource => {
            Err(Status::new(404, "NotFound", "the server could not find the requested resource").details(json!({})))
        }
        Route::Collection { resource, namespace, watch } => {
            let call = Call {
                server: Arc::clone(&server),
                resource,
                namespace,
                name: String::new(),
                part: Part::Object,
                format: negotiate::accept(parts, collection_endpoint(&query, watch))?,
                query,
                parts: Arc::clone(parts),
                is_local,
                is_large: false,
            };
            if collection_endpoint(&call.query, watch) == Endpoint::Watch && parts.method == Method::GET {
                let body = watch::watch(&call, Arc::clone(&server)).await?;
                return Ok(encode::stream(&call, body));
            }
            collection(call, body).await
        }
        Route::Item { resource, namespace, name, watch, part } => {
            let endpoint = if watch { Endpoint::Watch } else { Endpoint::Object };
            let call = Call {
                server: Arc::clone(&server),
                resource,
                namespace: Some(namespace),
                name,
                part,
                format: negotiate::accept(parts, endpoint)?,
                query,
                parts: Arc::clone(parts),
                is_local,
                is_large: false,
            };
            if watch {
                if parts.method != Method::GET {
                    return Err(not_allowed());
                }
                let call = Call { namespace: call.namespace.filter(|_| resource.is_namespaced()), ..call };
                let body = watch::watch(&call, Arc::clone(&server)).await?;
                return Ok(encode::stream(&call, body));
            }
            item(call, body).await
        }
    }
}

fn collection_endpoint(query: &Query, watch: bool) -> Endpoint {
    if watch || query.flag("watch") == Some(true) { Endpoint::Watch } else { Endpoint::List }
}

async fn collection<B>(call: Call, body: Pin<&mut B>) -> Result<Response<Body>, Status>
where
    B: http_body::Body<Data = Bytes>,
{
    let one_namespace = call.namespace.is_some() || !call.resource.is_namespaced();
    let method = call.parts.method.clone();
    if method == Method::GET {
        let call = Arc::new(call);
        let reply = list::list(&call).await?;
        return encode::success(&call, reply).await;
    }
    let creates = method == Method::POST && one_namespace;
    let deletes = method == Method::DELETE && call.resource == Resource::Secrets && one_namespace;
    if !creates && !deletes {
        return Err(not_allowed());
    }
    let (call, body) = taken(call, body).await?;
    let reply = if creates { create::create(&call, body).await? } else { delete::collection(&call, &body).await? };
    encode::success(&call, reply).await
}

async fn item<B>(call: Call, body: Pin<&mut B>) -> Result<Response<Body>, Status>
where
    B: http_body::Body<Data = Bytes>,
{
    match (&call.parts.method, call.part) {
        (&Method::GET, Part::Object | Part::Status) => {
            let call = Arc::new(call);
            let reply = get::read(&call).await?;
            return encode::success(&call, reply).await;
        }
        (&Method::PUT, _) | (&Method::PATCH, Part::Object | Part::Status) | (&Method::DELETE, Part::Object) => {}
        _ => return Err(not_allowed()),
    }
    let (call, body) = taken(call, body).await?;
    let reply = match call.parts.method {
        Method::PUT => update::update(&call, body).await?,
        Method::PATCH => patch::patch(&call, body).await?,
        _ => delete::one(&call, &body).await?,
    };
    encode::success(&call, reply).await
}

/// Reads the body of a request that writes, and decides whether the request is large.
async fn taken<B>(mut call: Call, body: Pin<&mut B>) -> Result<(Arc<Call>, Vec<u8>), Status>
where
    B: http_body::Body<Data = Bytes>,
{
    let body = whole(body).await?;
    let is_stored = || Ok::<_, Status>(call.server.store.length(call.resource, call.namespace(), &call.name)?);
    // Why not within the process: there are no other requests that would have to wait.
    call.is_large = !call.is_local && (body.len() > LARGE || !call.name.is_empty() && is_stored()? > LARGE);
    Ok((Arc::new(call), body))
}

fn not_allowed() -> Status {
    Status::new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource")
        .details(json!({}))
}

/// Reads the whole body.
///
/// # Errors
/// 413 as soon as it is too long, 400 if the client breaks off.
async fn whole<B>(mut body: Pin<&mut B>) -> Result<Vec<u8>, Status>
where
    B: http_body::Body<Data = Bytes>,
{
    let mut bytes = Vec::new();
    while let Some(frame) = std::future::poll_fn(|context| body.as_mut().poll_frame(context)).await {
        let frame = frame.map_err(|_| Status::bad_request("the body of the request could not be read"))?;
        let Ok(data) = frame.into_data() else { continue };
        if bytes.len() + data.len() > MAX_BODY {
            let text = format!("Request entity too large: limit is {MAX_BODY}");
            return Err(Status::new(413, "RequestEntityTooLarge", text));
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}

/// Reads and drops the rest of a body, within limits. Why: a client that is still writing would not read the answer,
/// and the connection could not be reused.
async fn drain<B>(mut body: Pin<&mut B>)
where
    B: http_body::Body<Data = Bytes>,
{
    if body.is_end_stream() {
        return;
    }
    let rest = async {
        let mut total = 0;
        while let Some(Ok(frame)) = std::future::poll_fn(|context| body.as_mut().poll_frame(context)).await {
            total += frame.data_ref().map_or(0, Bytes::len);
            if total > READ_ON {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(READ_ON_FOR, rest).await;
}
