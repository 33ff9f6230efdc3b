//! The protobuf encoding of the API: `k8s\0`, then a `runtime.Unknown` that names the kind of its bytes. kubectl
//! creates objects with it, and typed client-go programs use nothing else. Converts between it and the JSON that the
//! handlers work on.

mod messages;
mod read;
mod reviews;
#[cfg(test)]
mod tests;
mod write;

use prost::Message;
use serde_json::{Map, Value as Json};
use zeroize::Zeroize;

use self::messages as wire;
use self::read::Read;

/// The first bytes of every encoded object.
pub const MAGIC: [u8; 4] = *b"k8s\0";

/// The error for bytes that cannot be decoded. Invariant: no message repeats a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Malformed {
    /// The bytes are no envelope: `the object provided is unrecognized (must be of type Secret): …`.
    Unrecognized(String),
    /// The bytes are not of the kind that they name: `Secret in version "v1" cannot be handled as a Secret: …`.
    Undecodable {
        /// The kind that the envelope names.
        kind: String,
        /// The version that the envelope names.
        version: String,
        /// The message of Go's decoder, as far as prost's error allows.
        reason: String,
    },
}

/// Decodes an object. The JSON has the `kind` and `apiVersion` of the envelope; if it has none, the bytes are decoded
/// as an `expected`. A Secret's `stringData` is already folded into `data`. Of an unknown kind only `kind` and
/// `apiVersion` are returned, by which a caller that expects another kind refuses it.
pub fn decode(bytes: &[u8], expected: &str) -> Result<Json, Malformed> {
    let unrecognized = |text: &str| Malformed::Unrecognized(text.into());
    if bytes.is_empty() {
        return Err(unrecognized("empty data"));
    }
    let Some(rest) = bytes.strip_prefix(&MAGIC) else {
        return Err(unrecognized(
            "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]",
        ));
    };
    if rest.is_empty() {
        return Err(unrecognized("empty body"));
    }
    let mut unknown = wire::Unknown::decode(rest).map_err(|error| Malformed::Unrecognized(reason(&error)))?;
    let given = unknown.type_meta.take().unwrap_or_default();
    let kind = if given.kind.is_empty() { expected } else { &given.kind };
    let members = members(kind, &unknown.raw);
    unknown.raw.zeroize();
    let mut members = members.map_err(|error| Malformed::Undecodable {
        kind: kind.to_owned(),
        version: given.api_version.rsplit('/').next().unwrap_or_default().to_owned(),
        reason: reason(&error),
    })?;
    for (name, text) in [("apiVersion", given.api_version), ("kind", given.kind)] {
        if !text.is_empty() {
            members.insert(name.into(), Json::String(text));
        }
    }
    Ok(Json::Object(members))
}

fn members(kind: &str, raw: &[u8]) -> Result<Map<String, Json>, prost::DecodeError> {
    fn read<T: Read>(raw: &[u8]) -> Result<Map<String, Json>, prost::DecodeError> {
        T::decode(raw).map(T::members)
    }
    match kind {
        "Secret" => read::<wire::Secret>(raw),
        "SecretList" => read::<wire::SecretList>(raw),
        "Namespace" => read::<wire::Namespace>(raw),
        "NamespaceList" => read::<wire::NamespaceList>(raw),
        "Status" => read::<wire::Status>(raw),
        "DeleteOptions" => read::<wire::DeleteOptions>(raw),
        "PartialObjectMetadata" => read::<wire::PartialObjectMetadata>(raw),
        "PartialObjectMetadataList" => read::<wire::PartialObjectMetadataList>(raw),
        "SelfSubjectAccessReview" => read::<reviews::SelfSubjectAccessReview>(raw),
        "SelfSubjectReview" => read::<reviews::SelfSubjectReview>(raw),
        "SelfSubjectRulesReview" => read::<reviews::SelfSubjectRulesReview>(raw),
        _ => Ok(Map::new()),
    }
}

/// Returns Go's message for an error, as far as prost distinguishes the cases.
fn reason(error: &prost::DecodeError) -> String {
    let text = error.to_string();
    let cut_short = ["underflow", "delimited length exceeded", "unexpected end"].iter().any(|part| text.contains(part));
    if cut_short {
        "unexpected EOF".into()
    } else {
        format!("proto: {}", text.trim_start_matches("failed to decode Protobuf message: "))
    }
}

/// Encodes an object by its `kind`. Returns `None` for kinds without messages (kube-apiserver has none for a Table,
/// either).
pub fn encode(object: &Json) -> Option<Vec<u8>> {
    Some(match object["kind"].as_str()? {
        "Secret" => {
            let secret = write::secret(object);
            let bytes = wrap(object, &secret);
            secret.wipe();
            bytes
        }
        "SecretList" => {
            let list = write::secret_list(object);
            let bytes = wrap(object, &list);
            list.items.into_iter().for_each(wire::Secret::wipe);
            bytes
        }
        "Namespace" => wrap(object, &write::namespace(object)),
        "NamespaceList" => wrap(object, &write::namespace_list(object)),
        "Status" => wrap(object, &write::status(object)),
        "DeleteOptions" => wrap(object, &write::delete_options(object)),
        "PartialObjectMetadata" => wrap(object, &write::partial(object)),
        "PartialObjectMetadataList" => wrap(object, &write::partial_list(object)),
        "SelfSubjectAccessReview" => wrap(object, &reviews::access_review(object)),
        "SelfSubjectReview" => wrap(object, &reviews::self_review(object)),
        "SelfSubjectRulesReview" => wrap(object, &reviews::rules_review(object)),
        _ => return None,
    })
}

/// Appends an item of a list to its encoded items, for [`around`].
pub fn add_item(kind: &str, item: &Json, items: &mut Vec<u8>) {
    match kind {
        "Secret" => {
            let secret = write::secret(item);
            put_message(items, &secret);
            secret.wipe();
        }
        "Namespace" => put_message(items, &write::namespace(item)),
        _ => put_message(items, &write::partial(item)),
    }
}

/// Appends an item of a list. All lists have them in field 2, after the metadata.
fn put_message(out: &mut Vec<u8>, message: &impl Message) {
    open(out, 2, message.encoded_len());
    message.encode_raw(out);
}

/// Encodes a list without its items, which have `items` bytes; returns the bytes before the items and after them, or
/// `None` for kinds without messages.
pub fn around(list: &Json, items: usize) -> Option<(Vec<u8>, Vec<u8>)> {
    let metadata = match list["kind"].as_str()? {
        "SecretList" => write::secret_list(list).encode_to_vec(),
        "NamespaceList" => write::namespace_list(list).encode_to_vec(),
        "PartialObjectMetadataList" => write::partial_list(list).encode_to_vec(),
        _ => return None,
    };
    let (mut before, mut behind) = (begin(list, metadata.len() + items), Vec::new());
    before.extend(metadata);
    end(&mut behind);
    Some((before, behind))
}

/// Encodes a watch event: its length in four bytes, big-endian, then a `WatchEvent`.
pub fn watch_frame(event: &str, object: &Json) -> Option<Vec<u8>> {
    let object = encode(object)?;
    // type (1): string; object (2): RawExtension { raw (1): bytes }
    let extension = field_len(object.len());
    let body = field_len(event.len()) + field_len(extension);
    let mut frame = Vec::with_capacity(4 + body);
    frame.extend(u32::try_from(body).ok()?.to_be_bytes());
    put(&mut frame, 1, event.as_bytes());
    open(&mut frame, 2, extension);
    put(&mut frame, 1, &object);
    Some(frame)
}

/// Encodes an `Unknown` around a message, as Go does: with both content fields present and empty.
fn wrap(object: &Json, message: &impl Message) -> Vec<u8> {
    let length = message.encoded_len();
    let mut out = begin(object, length);
    // For the two empty fields after the message.
    out.reserve_exact(length + 2 * field_len(0));
    message.encode_raw(&mut out);
    end(&mut out);
    out
}

/// Encodes the beginning of an `Unknown` around a message of `length` bytes.
fn begin(object: &Json, length: usize) -> Vec<u8> {
    let text = |name: &str| object[name].as_str().unwrap_or_default().to_owned();
    let type_meta = wire::TypeMeta { api_version: text("apiVersion"), kind: text("kind") }.encode_to_vec();
    let mut out = Vec::with_capacity(MAGIC.len() + field_len(type_meta.len()) + field_len(0) + size_of::<u64>());
    out.extend(MAGIC);
    put(&mut out, 1, &type_meta);
    open(&mut out, 2, length);
    out
}

fn end(out: &mut Vec<u8>) {
    put(out, 3, b"");
    put(out, 4, b"");
}

/// Returns the size of a length-delimited field with `length` bytes of content, its tag included.
fn field_len(length: usize) -> usize {
    1 + prost::length_delimiter_len(length) + length
}

/// Appends the tag and the length of a field; the tag must fit into one byte.
fn open(out: &mut Vec<u8>, tag: u8, length: usize) {
    out.push(tag << 3 | 2);
    let mut rest = length;
    while rest >= 0x80 {
        out.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    out.push((rest & 0x7f) as u8);
}

fn put(out: &mut Vec<u8>, tag: u8, bytes: &[u8]) {
    open(out, tag, bytes.len());
    out.extend_from_slice(bytes);
}
