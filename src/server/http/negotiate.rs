//! Content negotiation: what the client sends, and what it wants back.

use http::{HeaderMap, header, request::Parts};

use super::query::Query;
use go::quote::quote;
use secret::status::Status;

/// A media type for bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// `application/json`
    Json,
    /// `application/yaml`
    Yaml,
    /// `application/vnd.kubernetes.protobuf`
    Protobuf,
}

impl Media {
    /// Returns the media type as it is in headers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Yaml => "application/yaml",
            Self::Protobuf => "application/vnd.kubernetes.protobuf",
        }
    }

    fn of(name: &str) -> Option<Self> {
        [Self::Json, Self::Yaml, Self::Protobuf].into_iter().find(|m| m.name() == name)
    }
}

/// The representation of an object that the client asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// The object itself.
    Whole,
    /// `as=Table`
    Table,
    /// `as=PartialObjectMetadata`
    Metadata,
    /// `as=PartialObjectMetadataList`
    MetadataList,
}

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format {
    /// The media type.
    pub media: Media,
    /// The representation.
    pub shape: Shape,
    /// The version of `meta.k8s.io`, `v1` or `v1beta1`, of representations that belong to that group.
    pub version: &'static str,
    /// Whether JSON is indented.
    pub pretty: bool,
}

impl Format {
    /// The form of errors before `Accept` has been read.
    pub const PLAIN: Self = Self { media: Media::Json, shape: Shape::Whole, version: "v1", pretty: false };
}

/// The kind of request, as far as content negotiation depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    /// One object, or a write.
    Object,
    /// A list.
    List,
    /// A watch.
    Watch,
}

const OBJECTS: &str = "application/json, application/yaml, application/vnd.kubernetes.protobuf";
const STREAMS: &str = "application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch";

/// Chooses the form of the answer from `Accept`.
///
/// # Errors
/// 406, in one of the two wordings of kube-apiserver; 400 for a Table with an unknown `includeObject`.
pub fn accept(parts: &Parts, endpoint: Endpoint) -> Result<Format, Status> {
    let format = choose(&parts.headers, endpoint)?;
    if format.shape == Shape::Table {
        table_options(&Query::parse(parts.uri.query().unwrap_or_default()))?;
    }
    Ok(Format { pretty: format.pretty || is_for_people(parts), ..format })
}

/// Validates `includeObject` (`ValidateTableOptions`).
fn table_options(query: &Query) -> Result<(), Status> {
    let include = query.first("includeObject").unwrap_or_default();
    if ["", "None", "Metadata", "Object"].contains(&include) {
        return Ok(());
    }
    Err(Status::bad_request(format!(
        "Unable to convert to Table as requested: includeObject: Invalid value: {}: must be 'Metadata', 'Object', 'None', or \
         empty",
        quote(include)
    )))
}

/// Returns `true` if the client accepts aggregated discovery in any of its clauses. (`DiscoveryEndpointRestrictions`
/// rejects clauses that ask for anything else.)
pub fn wants_aggregated(headers: &HeaderMap) -> bool {
    let accept = accepted(headers);
    clauses(&accept).iter().any(|clause| {
        let is = |name: &str, value: &str| clause.params.iter().any(|(n, v)| (*n, *v) == (name, value));
        matches!(clause.media, "*/*" | "application/*" | "application/json")
            && is("g", "apidiscovery.k8s.io")
            && is("v", "v2")
            && is("as", "APIGroupDiscoveryList")
    })
}

/// Returns `true` if JSON is to be indented: `pretty` says so or, without it, the client is a browser, curl or Wget (as
/// `isPrettyPrint` decides).
fn is_for_people(parts: &Parts) -> bool {
    let asked = parts.uri.query().filter(|q| q.contains("pretty")).and_then(|q| Query::parse(q).flag("pretty"));
    asked.unwrap_or_else(|| {
        let agent = parts.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
        ["curl", "Wget", "Mozilla/5.0"].iter().any(|a| agent.starts_with(a))
    })
}

fn choose(headers: &HeaderMap, endpoint: Endpoint) -> Result<Format, Status> {
    let accept = accepted(headers);
    if accept.trim().is_empty() {
        return Ok(Format::PLAIN);
    }
    let clauses = clauses(&accept);
    if !clauses.iter().any(|c| c.media == "*/*" || Media::of(c.media).is_some()) {
        let streams = if endpoint == Endpoint::Object { String::new() } else { format!(", {STREAMS}") };
        let text = format!("406: Not Acceptable\n\nAvailable representations: {OBJECTS}{streams}");
        return Err(Status::new(406, "NotAcceptable", text).details(serde_json::json!({})));
    }
    for clause in &clauses {
        let medium = match clause.media {
            "*/*" | "application/*" => Media::Json,
            other => match Media::of(other) {
                Some(Media::Yaml) if endpoint == Endpoint::Watch => continue,
                Some(media) => media,
                None => continue,
            },
        };
        if let Some(format) = clause.format(medium) {
            return Ok(format);
        }
    }
    let types = if endpoint == Endpoint::Watch { STREAMS } else { OBJECTS };
    let text = format!("only the following media types are accepted: {types}");
    Err(Status::new(406, "NotAcceptable", text))
}

/// Returns the form of errors: the first supported media type that the client accepts.
pub fn for_errors(parts: &Parts) -> Format {
    let accept = accepted(&parts.headers);
    let media = clauses(&accept).iter().find_map(|c| Media::of(c.media)).unwrap_or(Media::Json);
    Format { media, pretty: is_for_people(parts), ..Format::PLAIN }
}

/// Returns all `Accept` headers as one.
fn accepted(headers: &HeaderMap) -> String {
    let values = headers.get_all(header::ACCEPT).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    values.collect::<Vec<_>>().join(",")
}

struct Clause<'a> {
    media: &'a str,
    params: Vec<(&'a str, &'a str)>,
    quality: f32,
}

impl Clause<'_> {
    /// Returns `true` if this clause comes before another, as goautoneg compares them: by quality, then specific types
    /// before wildcards.
    fn precedes(&self, other: &Self) -> bool {
        let wild = |clause: &Self| {
            let (kind, subtype) = clause.media.split_once('/').unwrap_or((clause.media, clause.media));
            (kind == "*", subtype == "*")
        };
        let ((kind, subtype), (other_kind, other_subtype)) = (wild(self), wild(other));
        self.quality > other.quality || !kind && other_kind || !subtype && other_subtype
    }

    fn format(&self, media: Media) -> Option<Format> {
        let mut format = Format { media, ..Format::PLAIN };
        let param = |name| self.params.iter().find(|(n, _)| *n == name).map(|(_, v)| *v);
        if let Some(shape) = param("as") {
            format.shape = match shape {
                "Table" => Shape::Table,
                "PartialObjectMetadata" => Shape::Metadata,
                "PartialObjectMetadataList" => Shape::MetadataList,
                _ => return None,
            };
            if param("g") != Some("meta.k8s.io") {
                return None;
            }
            format.version = match param("v") {
                Some("v1") => "v1",
                Some("v1beta1") => "v1beta1",
                _ => return None,
            };
            // A Table has no protobuf form; clients name JSON as their next choice.
            if media == Media::Protobuf && format.shape == Shape::Table {
                return None;
            }
        }
        format.pretty = param("pretty") == Some("1");
        Some(format)
    }
}

/// Returns the clauses of an Accept header, in order of preference.
fn clauses(accept: &str) -> Vec<Clause<'_>> {
    let mut clauses = accept
        .split(',')
        .filter_map(|part| {
            let mut pieces = part.split(';').map(str::trim);
            let media = pieces.next().filter(|m| !m.is_empty())?;
            let media = if media == "*" { "*/*" } else { media };
            let params = pieces.filter_map(|p| p.split_once('=')).collect::<Vec<_>>();
            let quality = params.iter().find(|(n, _)| *n == "q").and_then(|(_, v)| v.parse().ok()).unwrap_or(1.0);
            Some(Clause { media, params, quality })
        })
        .collect::<Vec<_>>();
    // Why not a stable sort: two clauses may each precede the other, so the result depends on the algorithm. Go's
    // `sort.Sort` uses insertion sort for up to 12 elements.
    if clauses.len() > 12 {
        clauses.sort_by(|a, b| b.quality.total_cmp(&a.quality));
    } else {
        for end in 1..clauses.len() {
            let mut at = end;
            while at > 0 && clauses[at].precedes(&clauses[at - 1]) {
                clauses.swap(at, at - 1);
                at -= 1;
            }
        }
    }
    clauses
}

/// Returns the media type of a body that creates or replaces; JSON if the client does not say.
///
/// # Errors
/// 415 for a type that is not supported.
pub fn content_type(headers: &HeaderMap) -> Result<Media, Status> {
    let Some(value) = essence(headers) else { return Ok(Media::Json) };
    Media::of(&value).ok_or_else(|| {
        let text =
            format!("the body of the request was in an unknown format - accepted media types include: {OBJECTS}");
        Status::new(415, "UnsupportedMediaType", text)
    })
}

/// Returns `Content-Type` without its parameters, or `None` if there is none.
pub fn essence(headers: &HeaderMap) -> Option<String> {
    // Why lossy: a value that is not UTF-8 is an unknown type, not a missing one.
    let value = String::from_utf8_lossy(headers.get(header::CONTENT_TYPE)?.as_bytes());
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    Some(essence).filter(|e| !e.is_empty())
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, header::ACCEPT};

    use super::*;

    fn format(accept: &'static str) -> Result<Format, String> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        choose(&headers, Endpoint::Object).map_err(|s| s.message)
    }

    #[test]
    fn the_first_supported_clause_wins() {
        let table = Format { shape: Shape::Table, ..Format::PLAIN };
        assert_eq!(format("application/json;as=Table;v=v1;g=meta.k8s.io,application/json"), Ok(table));
        assert_eq!(format("application/json;as=Table;v=v9;g=meta.k8s.io,application/json"), Ok(Format::PLAIN));
        assert_eq!(format("*/*"), Ok(Format::PLAIN));
        assert_eq!(format("image/png, */*;q=0.1"), Ok(Format::PLAIN));
        assert_eq!(format("application/json;q=0.5, application/yaml").map(|f| f.media), Ok(Media::Yaml));
    }

    #[test]
    fn wildcards_come_last() {
        assert_eq!(format("*/*, application/yaml").map(|f| f.media), Ok(Media::Yaml));
        assert_eq!(format("application/*, application/yaml").map(|f| f.media), Ok(Media::Yaml));
        assert_eq!(format("application/yaml;q=0.5, */*").map(|f| f.media), Ok(Media::Json));
    }

    #[test]
    fn a_type_that_is_no_text_is_unknown() {
        let mut headers = HeaderMap::new();
        assert_eq!(content_type(&headers), Ok(Media::Json));
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_bytes(b"\xff").expect("a value"));
        assert_eq!(content_type(&headers).map_err(|s| s.code), Err(415));
    }

    #[test]
    fn aggregated_discovery_is_had_by_any_clause() {
        let wants = |accept: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
            wants_aggregated(&headers)
        };
        assert!(wants("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"));
        assert!(wants(
            "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,\
             application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"
        ));
        assert!(!wants("application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json"));
        assert!(!wants("application/json"));
    }

    #[test]
    fn what_cannot_be_had_is_refused_in_two_wordings() {
        let available = format!("406: Not Acceptable\n\nAvailable representations: {OBJECTS}");
        assert_eq!(format("image/png"), Err(available));
        let only = format!("only the following media types are accepted: {OBJECTS}");
        assert_eq!(format("application/json;as=Nope;v=v1;g=meta.k8s.io"), Err(only));
    }
}
