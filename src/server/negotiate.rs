//! Content negotiation: what the client sends, and what it wants back.

use http::{HeaderMap, header, request::Parts};

use super::{query::Query, status::Status};

/// How bytes are written.
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
    /// Its name in headers.
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

/// As what an object is to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// As itself.
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
    /// How it is written.
    pub media: Media,
    /// As what.
    pub shape: Shape,
    /// `v1` or `v1beta1` of `meta.k8s.io`, for the shapes that have it.
    pub version: &'static str,
    /// Indented.
    pub pretty: bool,
}

impl Format {
    /// What errors are written in until more is known.
    pub const PLAIN: Self = Self { media: Media::Json, shape: Shape::Whole, version: "v1", pretty: false };
}

/// What a request is about, as far as its answer's form is concerned.
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
/// 406, in the two wordings that the real server has.
pub fn accept(parts: &Parts, endpoint: Endpoint) -> Result<Format, Status> {
    let format = choose(&parts.headers, endpoint)?;
    Ok(Format { pretty: format.pretty || is_for_people(parts), ..format })
}

/// Whether JSON is indented: when the client says so, or is one that people look at.
fn is_for_people(parts: &Parts) -> bool {
    let asked = parts.uri.query().filter(|q| q.contains("pretty")).and_then(|q| Query::parse(q).flag("pretty"));
    asked.unwrap_or_else(|| {
        let agent = parts.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
        ["curl", "Wget", "Mozilla/5.0"].iter().any(|a| agent.starts_with(a))
    })
}

fn choose(headers: &HeaderMap, endpoint: Endpoint) -> Result<Format, Status> {
    let accept = headers.get_all(header::ACCEPT).iter().filter_map(|v| v.to_str().ok()).collect::<Vec<_>>().join(",");
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

/// The form of errors: of the media that the client takes the first that we have.
pub fn for_errors(parts: &Parts) -> Format {
    let accept = parts.headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let media = clauses(accept).iter().find_map(|c| Media::of(c.media)).unwrap_or(Media::Json);
    Format { media, pretty: is_for_people(parts), ..Format::PLAIN }
}

struct Clause<'a> {
    media: &'a str,
    params: Vec<(&'a str, &'a str)>,
    quality: f32,
}

impl Clause<'_> {
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
            // A Table has no protobuf form; the client names JSON as its next choice.
            if media == Media::Protobuf && format.shape == Shape::Table {
                return None;
            }
        }
        format.pretty = param("pretty") == Some("1");
        Some(format)
    }
}

/// The clauses of an Accept header, the wanted ones first.
fn clauses(accept: &str) -> Vec<Clause<'_>> {
    let mut clauses = accept
        .split(',')
        .filter_map(|part| {
            let mut pieces = part.split(';').map(str::trim);
            let media = pieces.next().filter(|m| !m.is_empty())?;
            let params = pieces.filter_map(|p| p.split_once('=')).collect::<Vec<_>>();
            let quality = params.iter().find(|(n, _)| *n == "q").and_then(|(_, v)| v.parse().ok()).unwrap_or(1.0);
            Some(Clause { media, params, quality })
        })
        .collect::<Vec<_>>();
    clauses.sort_by(|a, b| b.quality.total_cmp(&a.quality));
    clauses
}

/// The medium of a body that creates or replaces; JSON when the client does not say.
///
/// # Errors
/// 415.
pub fn content_type(headers: &HeaderMap) -> Result<Media, Status> {
    let Some(value) = essence(headers) else { return Ok(Media::Json) };
    Media::of(&value).ok_or_else(|| {
        let text =
            format!("the body of the request was in an unknown format - accepted media types include: {OBJECTS}");
        Status::new(415, "UnsupportedMediaType", text)
    })
}

/// `Content-Type` without its parameters; nothing when it is absent.
pub fn essence(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
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
    fn what_cannot_be_had_is_refused_in_two_wordings() {
        let available = format!("406: Not Acceptable\n\nAvailable representations: {OBJECTS}");
        assert_eq!(format("image/png"), Err(available));
        let only = format!("only the following media types are accepted: {OBJECTS}");
        assert_eq!(format("application/json;as=Nope;v=v1;g=meta.k8s.io"), Err(only));
    }
}
