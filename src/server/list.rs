//! Lists: snapshots, in pages where the client wants them.

use base64::{
    Engine as _,
    alphabet::URL_SAFE,
    engine::general_purpose::{GeneralPurpose, NO_PAD, URL_SAFE_NO_PAD},
};
use serde_json::{Value as Json, json};

use super::{
    answer::{self, table::Include},
    call::{Call, Reply, item},
    garbage::{self, Due},
    negotiate::Media,
    options::{cause, forbidden, invalid_options, unsupported},
    query::Query,
    selector::Selector,
    status::{Cause, Status},
    store::{Compacted, Failure, POLL, Range, Store, Stored, Transaction},
};
use go::{json_read, parse_int::parse_uint};

/// Where a page begins, and of which moment.
struct Continue {
    /// Nothing: newest.
    at: Option<u64>,
    namespace: String,
    name: String,
}

/// What a request asks of a list.
pub struct Asked {
    selector: Selector,
    limit: Option<usize>,
    from: Continue,
    continued: bool,
}

impl Asked {
    /// Reads and checks the options of a list (or of the list whose objects are to be deleted), and waits for the version
    /// that they ask for.
    ///
    /// # Errors
    /// 400 and 422 for what are no options, 504 for a version that is not reached.
    pub async fn of(call: &Call<'_>) -> Result<Self, Status> {
        let selector = Selector::parse(call.resource, &call.query)?;
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
                // The watch cache answers these, and it knows no pages.
                limit = None;
            }
        }
        Ok(Self { selector, limit, from, continued: token.is_some() })
    }

    /// Whether the list shows a moment that may be past.
    pub fn is_of_the_past(&self) -> bool {
        self.from.at.is_some()
    }

    /// Gives the objects that were asked for to `each`, in order, and answers the `metadata` of their list. Objects that
    /// should be gone are not among them but put into `due`.
    ///
    /// # Errors
    /// 410 when the moment is no longer kept.
    pub fn read(
        &self,
        call: &Call<'_>,
        from: &impl Lists,
        due: &mut Vec<Due>,
        each: &mut dyn FnMut(Stored),
    ) -> Result<Json, Status> {
        let now = call.server.chance.now();
        let range = Range {
            resource: call.resource,
            namespace: call.namespace.as_deref(),
            start: (&self.from.namespace, &self.from.name),
            at: self.from.at,
        };
        let mut count = 0;
        let mut last = (String::new(), String::new());
        let mut more = false;
        let listed = from.list(&range, &mut |namespace, name, stored| {
            if let Some(overdue) = Due::of(call.resource, &stored.object, now) {
                due.push(overdue);
                return true;
            }
            if self.limit.is_some_and(|l| count >= l) {
                more = true;
                return false;
            }
            if self.selector.matches(&stored.object) {
                if self.limit.is_some() {
                    last = (namespace.to_owned(), name.to_owned());
                }
                count += 1;
                each(stored);
            }
            true
        })?;
        let Ok(revision) = listed else {
            return Err(expired(call, &self.from, self.continued));
        };
        let mut metadata = json!({"resourceVersion": revision.to_string()});
        if more {
            let all = call.namespace.is_none() && call.resource.is_namespaced();
            metadata["continue"] = json!(make_continue(revision, all, &last.0, &last.1));
            if self.selector.is_empty() {
                let after = Range { start: (&last.0, &last.1), at: Some(revision), ..range };
                metadata["remainingItemCount"] = json!(from.count_after(&after)?);
            }
        }
        Ok(metadata)
    }
}

/// Where a list is read from: the store, or the state that a transaction is about to change.
pub trait Lists {
    /// As [`Store::list`].
    fn list(
        &self,
        range: &Range<'_>,
        each: &mut dyn FnMut(&str, &str, Stored) -> bool,
    ) -> Result<Result<u64, Compacted>, Failure>;

    /// As [`Store::count_after`].
    fn count_after(&self, range: &Range<'_>) -> Result<u64, Failure>;
}

impl Lists for Store {
    fn list(
        &self,
        range: &Range<'_>,
        each: &mut dyn FnMut(&str, &str, Stored) -> bool,
    ) -> Result<Result<u64, Compacted>, Failure> {
        Self::list(self, range, each)
    }

    fn count_after(&self, range: &Range<'_>) -> Result<u64, Failure> {
        Self::count_after(self, range)
    }
}

impl Lists for Transaction<'_> {
    fn list(
        &self,
        range: &Range<'_>,
        each: &mut dyn FnMut(&str, &str, Stored) -> bool,
    ) -> Result<Result<u64, Compacted>, Failure> {
        Self::list(self, range, each)
    }

    fn count_after(&self, range: &Range<'_>) -> Result<u64, Failure> {
        Self::count_after(self, range)
    }
}

/// GET of a collection.
pub async fn list(call: &Call<'_>) -> Result<Reply, Status> {
    let asked = Asked::of(call).await?;
    let (reply, due) = page(call, &asked)?;
    for due in due {
        due.collect(call.server).await?;
    }
    Ok(reply)
}

fn page(call: &Call<'_>, asked: &Asked) -> Result<(Reply, Vec<Due>), Status> {
    let now = call.server.chance.now();
    let format = call.format;
    let include = Include::parse(call.query.first("includeObject"));
    let written = format.media == Media::Json && !format.pretty;
    let (mut due, mut items, mut bytes) = (Vec::new(), Vec::new(), Vec::new());
    let metadata = asked.read(call, &call.server.store, &mut due, &mut |stored| {
        garbage::see(call.server, call.resource, &stored.object);
        let item = item(stored.object, Some(stored.revision));
        if written {
            let shaped = answer::shape::item(call.resource, item, format, include, now);
            answer::json::add_item(&shaped, &mut bytes);
        } else {
            items.push(item);
        }
    })?;
    let mut object = json!({"kind": call.resource.list_kind(), "apiVersion": "v1", "metadata": metadata});
    // Put in place: `json!` would copy them all.
    object["items"] = Json::Array(items);
    Ok((Reply { items: written.then_some(bytes), ..Reply::new(200, object, Vec::new()) }, due))
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

/// Waits up to three seconds for the store to reach a revision.
///
/// # Errors
/// 504 when it does not.
pub async fn wait_for(call: &Call<'_>, revision: u64) -> Result<(), Status> {
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
    // Go's member order, and its escape for NUL.
    let start = Json::from(start);
    URL_SAFE_NO_PAD.encode(format!("{{\"v\":\"meta.k8s.io/v1\",\"rv\":{revision},\"start\":{start}}}"))
}

fn parse_continue(token: &str, all: bool) -> Result<Continue, Status> {
    let bad = |why: &str| Status::bad_request(format!("invalid continue token: continue key is not valid: {why}"));
    // Go does not mind bits that are left over at the end.
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

fn expired(call: &Call<'_>, from: &Continue, continued: bool) -> Status {
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
