//! Lists: snapshots of the store, in pages if the client asks for them.

use std::time::{Duration, Instant};

use base64::{
    Engine as _,
    alphabet::URL_SAFE,
    engine::general_purpose::{GeneralPurpose, NO_PAD, URL_SAFE_NO_PAD},
};
use serde_json::{Value as Json, json};

use crate::{
    controllers::garbage::{self, Due},
    encode::{self, items::Items, table::Include},
    http::{
        backlog::Share,
        call::{Call, Reply, item},
        options::{cause, forbidden, invalid_options, unsupported},
        query::Query,
    },
    store::{POLL, Range, Stored},
    turn,
};
use go::{json_read, parse_int::parse_uint};
use secret::{
    selector::Selector,
    status::{Cause, Status},
};

/// A decoded continue token: where a page begins, and at which revision.
struct Continue {
    /// `None`: the newest revision.
    at: Option<u64>,
    namespace: String,
    name: String,
}

/// The options of a list.
pub struct Asked {
    selector: Selector,
    limit: Option<usize>,
    from: Continue,
    continued: bool,
}

impl Asked {
    /// Reads and validates the options of a list (or of the list whose objects are to be deleted), and waits for the
    /// resourceVersion that they name.
    ///
    /// # Errors
    /// 400 and 422 for invalid options, 504 for a resourceVersion that is not reached in time.
    pub async fn of(call: &Call) -> Result<Self, Status> {
        let selector = call.query.selector(call.resource)?;
        let limit = call.query.integer("limit").map_err(Status::bad_request)?.unwrap_or(0);
        call.query.integer("timeoutSeconds").map_err(Status::bad_request)?;
        validate(&call.query)?;
        let version = call.query.non_empty("resourceVersion");
        let exact = call.query.first("resourceVersionMatch") == Some("Exact");
        let token = call.query.non_empty("continue");
        let mut from = Continue { at: None, namespace: String::new(), name: String::new() };
        let mut limit = usize::try_from(limit).ok().filter(|l| *l > 0);
        if let Some(token) = token {
            if version.is_some_and(|v| v != "0") {
                return Err(Status::bad_request("specifying resource version is not allowed when using continue"));
            }
            from = parse_continue(token, call.namespace.is_none() && call.resource.is_namespaced())?;
        } else if let Some(version) = version {
            let number = parse_uint(version).map_err(|error| {
                let value = go::quote::quote(version);
                let text = format!("invalid resource version: resourceVersion: Invalid value: {value}: {error}");
                Status::bad_request(text)
            })?;
            wait_for(call, number).await?;
            let unmatched = call.query.non_empty("resourceVersionMatch").is_none();
            if number > 0 && (exact || limit.is_some() && unmatched) {
                from.at = Some(number);
            }
            if number == 0 {
                // kube-apiserver answers these from its watch cache, which does not page.
                limit = None;
            }
        }
        Ok(Self { selector, limit, from, continued: token.is_some() })
    }

    /// Returns `true` if the selector matches an object.
    pub fn is_about(&self, object: &Json) -> bool {
        self.selector.matches(object)
    }
}

/// How long a list keeps the store's connection, and its thread, at a stretch.
const SLICE: Duration = Duration::from_millis(3);
/// How often a list is started again because its snapshot was compacted while it was read. After that it is read in one
/// stretch.
const ATTEMPTS: usize = 3;

/// The progress of a list.
struct Reading<'a> {
    asked: &'a Asked,
    /// Where the next slice begins, and the revision of the snapshot that all slices read.
    start: (String, String),
    at: Option<u64>,
    is_begun: bool,
    count: usize,
    /// Namespace and name of the last object that was returned.
    last: (String, String),
}

/// How a slice ended.
enum Slice {
    /// The time was over; there may be more objects.
    Part,
    /// All objects were read.
    End(u64),
    /// The limit was reached, and there are more objects.
    Limit(u64),
}

impl<'a> Reading<'a> {
    fn new(asked: &'a Asked) -> Self {
        let start = (asked.from.namespace.clone(), asked.from.name.clone());
        Self { asked, start, at: asked.from.at, is_begun: false, count: 0, last: Default::default() }
    }

    /// Reads the next slice, for at most `time` if there is a limit.
    fn slice(
        &mut self,
        call: &Call,
        time: Option<Duration>,
        due: &mut Vec<Due>,
        each: &mut dyn FnMut(Stored),
    ) -> Result<Slice, Status> {
        let (now, begun) = (call.server.clock_rng.now(), Instant::now());
        let start = std::mem::take(&mut self.start);
        let range = Range {
            resource: call.resource,
            namespace: call.namespace.as_deref(),
            start: (&start.0, &start.1),
            at: self.at,
        };
        let (mut looked_at, mut next, mut more) = (0_usize, None, false);
        let listed = call.server.store.list(&range, &mut |namespace, name, stored| {
            if looked_at > 0 && time.is_some_and(|time| begun.elapsed() >= time) {
                next = Some((namespace.to_owned(), name.to_owned()));
                return false;
            }
            looked_at += 1;
            if let Some(overdue) = Due::of(call.resource, &stored.object, now) {
                due.push(overdue);
                return true;
            }
            if self.asked.limit.is_some_and(|limit| self.count >= limit) {
                more = true;
                return false;
            }
            if self.asked.selector.matches(&stored.object) {
                if self.asked.limit.is_some() {
                    self.last = (namespace.to_owned(), name.to_owned());
                }
                self.count += 1;
                each(stored);
            }
            true
        })?;
        let Ok(revision) = listed else {
            return Err(expired(call, &self.asked.from, self.asked.continued));
        };
        self.at = Some(revision);
        self.is_begun = true;
        Ok(match next {
            Some(next) => {
                self.start = next;
                Slice::Part
            }
            None if more => Slice::Limit(revision),
            None => Slice::End(revision),
        })
    }

    fn metadata(&self, call: &Call, done: Slice) -> Result<Json, Status> {
        let (Slice::End(revision) | Slice::Limit(revision)) = done else { return Ok(json!({})) };
        let mut metadata = json!({"resourceVersion": revision.to_string()});
        if let Slice::Limit(_) = done {
            let all = call.namespace.is_none() && call.resource.is_namespaced();
            let start = (self.last.0.as_str(), self.last.1.as_str());
            metadata["continue"] = json!(make_continue(revision, all, start.0, start.1));
            if self.asked.selector.is_empty() {
                let namespace = call.namespace.as_deref();
                let after = Range { resource: call.resource, namespace, start, at: Some(revision) };
                metadata["remainingItemCount"] = json!(call.server.store.count_after(&after)?);
            }
        }
        Ok(metadata)
    }
}

/// A list that has been read, with its items already encoded. Why: a long list never exists as a tree.
pub struct Listed<N> {
    metadata: Json,
    items: Items,
    /// What the caller noted of each object.
    pub notes: Vec<N>,
    /// Objects whose deletion is overdue.
    due: Vec<Due>,
    share: Option<Share>,
}

impl<N: Send> Listed<N> {
    /// Reads the objects in order, and calls `note` for each. All are of one snapshot, which is read in slices so that
    /// other requests run in between.
    ///
    /// # Errors
    /// 410 if the snapshot is no longer kept.
    pub async fn read(call: &Call, asked: &Asked, note: impl Fn(&Stored) -> N + Sync) -> Result<Self, Status> {
        let mut share = (!call.is_local).then(|| Share::new(&call.server.backlog));
        let (now, include) = (call.server.clock_rng.now(), Include::parse(call.query.first("includeObject")));
        let mut attempts = 0..ATTEMPTS;
        loop {
            // Why: a snapshot that is compacted again and again is read without a break, so that the list ends.
            let time = attempts.next().map(|_| SLICE);
            let (mut reading, mut items, mut notes, mut due) = (Reading::new(asked), Items::default(), vec![], vec![]);
            let done = loop {
                let slice = reading.slice(call, time, &mut due, &mut |stored| {
                    garbage::schedule(&call.server, call.resource, &stored.object);
                    notes.push(note(&stored));
                    let item = item(stored.object, Some(stored.revision));
                    let shaped = encode::shape::item(call.resource, item, call.format, include, now);
                    items.add(call.resource, &shaped, call.format);
                });
                match slice {
                    Ok(Slice::Part) => {}
                    // The snapshot was compacted before the end was reached: start again.
                    Err(_) if reading.is_begun => break None,
                    done => break Some(done?),
                }
                turn::give_way().await;
                if let Some(share) = &mut share {
                    share.grow(items.length()).await;
                }
            };
            if let Some(done) = done {
                let metadata = reading.metadata(call, done)?;
                return Ok(Self { metadata, items, notes, due, share });
            }
        }
    }

    /// Finishes the deletions that are overdue, and returns the list as an answer.
    ///
    /// # Errors
    /// Failures of the store.
    pub async fn reply(self, call: &Call) -> Result<Reply, Status> {
        for due in self.due {
            due.collect(&call.server).await?;
            turn::give_way().await;
        }
        let mut object = json!({"kind": call.resource.list_kind(), "apiVersion": "v1"});
        object["metadata"] = self.metadata;
        object["items"] = json!([]);
        Ok(Reply { items: Some(self.items), share: self.share, ..Reply::new(200, object, Vec::new()) })
    }
}

/// Serves GET of a collection.
pub async fn list(call: &Call) -> Result<Reply, Status> {
    let asked = Asked::of(call).await?;
    Listed::read(call, &asked, |_| ()).await?.reply(call).await
}

fn validate(query: &Query) -> Result<(), Status> {
    let mut causes: Vec<Cause> = Vec::new();
    let field = "resourceVersionMatch";
    if let Some(matched) = query.non_empty(field) {
        let version = query.non_empty("resourceVersion");
        if version.is_none() {
            causes.push(forbidden(field, "resourceVersionMatch is forbidden unless resourceVersion is provided"));
        }
        if query.non_empty("continue").is_some() {
            causes.push(forbidden(field, "resourceVersionMatch is forbidden when continue is provided"));
        }
        if !matches!(matched, "Exact" | "NotOlderThan") {
            causes.push(unsupported(field, &json!(matched), &["Exact", "NotOlderThan", ""]));
        }
        if matched == "Exact" && version == Some("0") {
            causes.push(forbidden(field, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""));
        }
    }
    if query.first("sendInitialEvents").is_some() {
        causes.push(forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
    }
    if causes.is_empty() { Ok(()) } else { Err(invalid_options("ListOptions", &causes)) }
}

/// Waits up to three seconds for the store to reach a revision (`waitUntilFreshAndBlock` of the cacher).
///
/// # Errors
/// 504 if it does not.
pub async fn wait_for(call: &Call, revision: u64) -> Result<(), Status> {
    let begin = std::time::Instant::now();
    loop {
        let head = call.server.store.head()?;
        if head >= revision {
            return Ok(());
        }
        if begin.elapsed() >= std::time::Duration::from_secs(3) {
            let text = format!("Timeout: Too large resource version: {revision}, current: {head}");
            let too_large = cause("ResourceVersionTooLarge", "", "Too large resource version".into());
            let mut status =
                Status::new(504, "Timeout", text).details(json!({"retryAfterSeconds": 1})).causes(&[too_large]);
            if let Some(Json::Array(causes)) = status.details.as_mut().and_then(|d| d.get_mut("causes")) {
                causes.iter_mut().filter_map(Json::as_object_mut).for_each(|c| drop(c.remove("field")));
            }
            status.retry_after = Some(1);
            return Err(status);
        }
        tokio::time::sleep(POLL).await;
    }
}

fn make_continue(revision: u64, all: bool, namespace: &str, name: &str) -> String {
    let start = if all { format!("{namespace}/{name}\0") } else { format!("{name}\0") };
    // The members are in Go's order, and NUL is escaped as Go escapes it.
    let start = Json::from(start);
    URL_SAFE_NO_PAD.encode(format!("{{\"v\":\"meta.k8s.io/v1\",\"rv\":{revision},\"start\":{start}}}"))
}

fn parse_continue(token: &str, all: bool) -> Result<Continue, Status> {
    let bad = |why: &str| Status::bad_request(format!("invalid continue token: continue key is not valid: {why}"));
    // Go's decoder ignores trailing bits.
    const TOLERANT: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, NO_PAD.with_decode_allow_trailing_bits(true));
    let bytes = TOLERANT.decode(token).map_err(|error| {
        let at = match error {
            base64::DecodeError::InvalidByte(at, _) => at,
            _ => token.len() / 4 * 4,
        };
        bad(&format!("illegal base64 data at input byte {at}"))
    })?;
    let token = json_read::parse(&bytes).map_err(|error| bad(&error))?.into_json();
    let version = token["v"].as_str().unwrap_or_default();
    if version != "meta.k8s.io/v1" {
        return Err(bad(&format!("server does not recognize this encoded version {version}")));
    }
    let at = match token["rv"].as_i64() {
        None | Some(0) => return Err(bad("incorrect encoded start resourceVersion (version meta.k8s.io/v1)")),
        Some(revision) => u64::try_from(revision).ok(),
    };
    let start = token["start"].as_str().unwrap_or_default();
    if start.is_empty() {
        return Err(bad("encoded start key empty (version meta.k8s.io/v1)"));
    }
    let plain = start.strip_prefix('/').unwrap_or(start);
    if plain.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(bad(start));
    }
    let (namespace, name) = if all { plain.split_once('/').unwrap_or((plain, "")) } else { ("", plain) };
    Ok(Continue { at, namespace: namespace.to_owned(), name: name.to_owned() })
}

fn expired(call: &Call, from: &Continue, continued: bool) -> Status {
    if !continued {
        return Status::new(410, "Expired", "The resourceVersion for the provided list is too old.");
    }
    let text = "The provided continue parameter is too old to display a consistent list result. You can start a new list \
                without the continue parameter, or use the continue token in this response to retrieve the remainder of \
                the results. Continuing with the provided token results in an inconsistent list - objects that were \
                created, modified, or deleted between the time the first chunk was returned and now may show up in the \
                list.";
    let mut status = Status::new(410, "Expired", text);
    let all = call.namespace.is_none() && call.resource.is_namespaced();
    let name = from.name.trim_end_matches('\0');
    let start = Json::from(if all { format!("{}/{name}\0", from.namespace) } else { format!("{name}\0") });
    status.continue_token =
        Some(URL_SAFE_NO_PAD.encode(format!("{{\"v\":\"meta.k8s.io/v1\",\"rv\":-1,\"start\":{start}}}")));
    status
}
