//! A server that repeats the whole object in whatever it refuses, as admission webhooks and kube-apiserver's own merge
//! patches do.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value as Json, json};

use super::{
    needles::{BINARY, NASTY, TEXT},
    server::{Reply, Request, Server, answer, answer_with},
};

/// The object that the server has.
pub fn object() -> Json {
    let applied = json!({"kind": "Secret", "data": {"text": STANDARD.encode(TEXT)}, "stringData": {"nasty": NASTY}});
    json!({
        "kind": "Secret",
        "apiVersion": "v1",
        "metadata": {
            "name": "marker",
            "namespace": "default",
            "uid": "11111111-2222-3333-4444-555555555555",
            "resourceVersion": "7",
            "creationTimestamp": "2026-01-01T00:00:00Z",
            "annotations": {"kubectl.kubernetes.io/last-applied-configuration": applied.to_string()},
        },
        "data": {"text": STANDARD.encode(TEXT), "binary": STANDARD.encode(BINARY), "nasty": STANDARD.encode(NASTY)},
        "type": "Opaque",
    })
}

/// What such a server may say, a name each. Every one holds the whole object.
pub const SPEECHES: [&str; 9] =
    ["merge patch", "json", "quoted json", "plain text", "go map", "go struct", "cause", "warning", "conflict"];

fn go_map() -> String {
    format!(
        "map[apiVersion:v1 data:map[binary:{} nasty:{} text:{}] kind:Secret metadata:map[name:marker] stringData:map[nasty:{NASTY} text:{TEXT}]]",
        STANDARD.encode(BINARY),
        STANDARD.encode(NASTY),
        STANDARD.encode(TEXT)
    )
}

fn go_struct() -> String {
    let list = |bytes: &[u8]| bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(" ");
    format!(
        "&Secret{{ObjectMeta:{{marker  default 0 map[] map[] [] [] []}},Data:map[string][]byte{{binary: [{}],text: \
         [{}],}},Type:Opaque,StringData:map[string]string{{nasty: {NASTY},text: {TEXT},}},Immutable:nil,}}",
        list(BINARY),
        list(TEXT.as_bytes())
    )
}

/// One of [`SPEECHES`] as an answer.
fn refusal(speech: &str) -> Reply {
    let text = object().to_string();
    let status = |code: u16, reason: &str, message: String, causes: Json| {
        let body = json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message, "reason": reason,
            "details": {"name": "marker", "kind": "Secret", "causes": causes}, "code": code,
        });
        let line = match code {
            409 => "409 Conflict",
            422 => "422 Unprocessable Entity",
            400 => "400 Bad Request",
            403 => "403 Forbidden",
            _ => "500 Internal Server Error",
        };
        answer(line, "application/json", body.to_string())
    };
    let boom = |what: &str| format!("admission webhook \"x\" denied the request: cannot handle {what}: boom");
    match speech {
        "merge patch" => {
            let message = format!("Invalid value: {:?}: error decoding from json: illegal base64", go_map());
            let causes = json!([{"reason": "FieldValueInvalid", "message": message, "field": "patch"}]);
            status(422, "Invalid", format!("Secret \"marker\" is invalid: patch: {message}"), causes)
        }
        "json" => status(500, "InternalError", boom(&text), json!([])),
        "quoted json" => status(403, "Forbidden", boom(&format!("{text:?}")), json!([])),
        "plain text" => answer("500 Internal Server Error", "text/plain", boom(&text)),
        "go map" => status(400, "BadRequest", boom(&go_map()), json!([])),
        "go struct" => status(500, "InternalError", boom(&go_struct()), json!([])),
        "cause" => {
            let causes = json!([
                {"reason": "FieldValueInvalid", "message": boom(&text), "field": "data"},
                {"reason": "FieldValueInvalid", "message": boom(&go_map()), "field": "metadata"},
            ]);
            status(422, "Invalid", "Secret \"marker\" is invalid".to_owned(), causes)
        }
        "conflict" => status(409, "Conflict", boom(&text), json!([])),
        _ => {
            let quoted = boom(&text).replace('\\', "\\\\").replace('"', "\\\"");
            let headers = format!("Content-Type: application/json\r\nWarning: 299 - \"{quoted}\"\r\n");
            answer_with("200 OK", &headers, text)
        }
    }
}

/// A server that answers reads with the object, unless told otherwise, and writes with this speech.
pub fn server(speech: &'static str, reads_too: bool) -> Server {
    Server::plain(move |request: &Request| {
        let target = request.target();
        if !target.starts_with("GET ") || reads_too {
            return refusal(speech);
        }
        let path = target.trim_start_matches("GET ").split('?').next().unwrap_or_default();
        let body = match path.rsplit('/').next() {
            Some("secrets") => {
                json!({"kind": "SecretList", "apiVersion": "v1", "metadata": {"resourceVersion": "7"}, "items": [object()]})
            }
            _ => object(),
        };
        answer("200 OK", "application/json", body.to_string())
    })
}
