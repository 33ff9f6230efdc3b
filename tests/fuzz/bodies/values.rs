//! Values of any bytes: what is found in them, and what is repaired.

use findings::{Remedy, Settings, check, repair};
use secret::{Value, details, types};
use serde_json::json;

/// Types and keys whose values are looked at in a way of their own. The first byte of the input chooses one.
const KEYS: [(&str, &str); 8] = [
    (types::SSH_AUTH, types::SSH_PRIVATE_KEY),
    (types::TLS, types::TLS_PRIVATE_KEY),
    (types::TLS, types::TLS_CERT_KEY),
    (types::DOCKERCONFIGJSON, types::DOCKERCONFIGJSON_KEY),
    (types::BASIC_AUTH, types::PASSWORD_KEY),
    (types::BOOTSTRAP_TOKEN, "expiration"),
    (types::SERVICE_ACCOUNT_TOKEN, "token"),
    (types::OPAQUE, "config.json"),
];

/// No bytes make a panic; what is repaired needs no further repair and has no finding that could be repaired; no finding repeats a value;
/// and a key for SSH that is sound has details.
pub fn findings(data: &[u8]) {
    let Some((first, value)) = data.split_first() else { return };
    let Some((kind, key)) = KEYS.get(usize::from(*first) % KEYS.len()).copied() else { return };
    let fixes = |value: &[u8]| {
        let object = json!({
            "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "type": kind,
            "data": {key: Value::new(value).to_base64()},
        });
        let (found, _) = check(&object, &Settings { now: 1_800_000_000, expiry_warn: 86_400, is_stored: true });
        for finding in &found {
            super::discreet(&finding.sentence, 1_000);
        }
        found.iter().filter(|finding| finding.remedy == Remedy::Fix).count()
    };
    let repaired = repair::of(kind, key, value, &[]);
    assert_eq!(repaired.is_some(), fixes(value) > 0, "what can be repaired is found, and nothing else");
    if let Some(repaired) = repaired {
        assert!(repair::of(kind, key, &repaired.value, &[]).is_none(), "once is enough");
        assert_eq!(fixes(&repaired.value), 0);
    }
    if details::check_ssh_key(value).is_ok() {
        assert!(details::ssh_key(key, value).is_some(), "a sound key has details");
    }
}
