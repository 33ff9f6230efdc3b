//! The suffix with the hash of a Secret's content: `--append-hash` and kustomize's `secretGenerator`.

use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::Object;
use go::{float, json_write::push_string};

/// Returns what `kubectl create secret --append-hash` appends after a `-`. It depends on the name without the suffix,
/// the type as it was given (empty if it was not), and the data.
pub fn suffix(secret: &Object) -> String {
    digest(secret, secret.name(), true)
}

/// Returns what kustomize appends (`encodeSecret`): a hash without the name, with the default type, with `stringData`,
/// and without `data` if there is none.
pub fn kustomize_suffix(secret: &Object) -> String {
    digest(secret, "", secret.json().get("data").is_some())
}

fn digest(secret: &Object, name: &str, has_data: bool) -> String {
    let json = secret.json();
    let mut text = Zeroizing::new(String::from("{\"data\":"));
    match has_data {
        true => push_map(&mut text, &json["data"]),
        false => text.push_str("\"\""),
    }
    text.push_str(",\"kind\":\"Secret\",\"name\":");
    push_string(&mut text, name);
    if json["stringData"].is_object() {
        text.push_str(",\"stringData\":");
        push_map(&mut text, &json["stringData"]);
    }
    text.push_str(",\"type\":");
    push_string(&mut text, json["type"].as_str().unwrap_or_default());
    text.push('}');
    Sha256::digest(text.as_bytes()).iter().take(5).flat_map(|b| [b >> 4, b & 15]).map(letter).collect()
}

fn push_map(text: &mut String, map: &Json) {
    text.push('{');
    for (i, (key, value)) in map.as_object().into_iter().flatten().enumerate() {
        if i > 0 {
            text.push(',');
        }
        push_string(text, key);
        text.push(':');
        match value {
            // Go decodes every number to a float here.
            Json::Number(number) => text.push_str(&float::json(number.as_f64().unwrap_or_default())),
            Json::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
            Json::Null => text.push_str("null"),
            value => push_string(text, value.as_str().unwrap_or_default()),
        }
    }
    text.push('}');
}

/// Returns a hexadecimal digit, with letters instead of those that could form words or be misread.
fn letter(digit: u8) -> char {
    match char::from_digit(u32::from(digit), 16).unwrap_or_default() {
        '0' => 'g',
        '1' => 'h',
        '3' => 'k',
        'a' => 'm',
        'e' => 't',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{Value, build::SecretBuilder, docker};

    fn named(name: &str, kind: &str, entries: &[(&str, &str)]) -> Object {
        let entries = entries.iter().map(|(key, value)| ((*key).to_owned(), Value::new(*value)));
        SecretBuilder::new(name).kind(kind).entries(entries).expect("good keys").build()
    }

    #[test]
    fn reproduces_kubectl() {
        for (secret, expected) in [
            (named("s", "", &[]), "6cmg28h685"),
            (named("s", "", &[("a", "1")]), "gtkfk5m49d"),
            (named("s", "", &[("one", "")]), "fhdmmfbfgh"),
            (named("s", "", &[("one", ""), ("two", "2")]), "gc688bm7cc"),
            (named("s", "", &[("one", ""), ("two", "2"), ("three", "3")]), "4c9f72g78b"),
            (named("s", "my-type", &[("a", "b")]), "2hckt85fc7"),
            (named("h", "a<b>&", &[("a", "1")]), "76h2md87b9"),
            (named("s", "", &[("h", "<a&b>")]), "28g6fh4m72"),
        ] {
            assert_eq!(suffix(&secret), expected);
        }
        let login = docker::Login { server: docker::DEFAULT_SERVER, username: "u", password: "p", email: "" };
        let docker = SecretBuilder::new("s")
            .kind("kubernetes.io/dockerconfigjson")
            .entries([(".dockerconfigjson".to_owned(), login.config_json())])
            .expect("good keys")
            .build();
        assert_eq!(suffix(&docker), "45tbdh97k7");
        let (certificate, key) = (
            include_bytes!("../../tests/kubectl/fixtures/rsa.crt").as_slice(),
            include_bytes!("../../tests/kubectl/fixtures/rsa.key").as_slice(),
        );
        let tls = SecretBuilder::new("s")
            .kind("kubernetes.io/tls")
            .entries([("tls.crt".to_owned(), Value::new(certificate)), ("tls.key".to_owned(), Value::new(key))])
            .expect("good keys")
            .build();
        assert_eq!(suffix(&tls), "78d9t25956");
    }

    #[test]
    fn reproduces_kustomize() {
        let secret = named("db", "Opaque", &[("password", "Y4nys7f11"), ("username", "produser")]);
        assert_eq!(kustomize_suffix(&secret), "8cmkf2hdg8");
        for (fields, expected) in [
            (json!({"stringData": {"k": "v<", "n": "yes"}, "type": "t"}), "77kh7k78mt"),
            (json!({"data": {}}), "875545gk2h"),
        ] {
            assert_eq!(kustomize_suffix(&Object::new(fields)), expected);
        }
    }

    proptest::proptest! {
        #![proptest_config(crate::properties::config(256))]

        #[test]
        fn is_stable_and_a_name(entries in proptest::collection::btree_map("[a-z.]{1,8}x", ".*", 0..5), kind in ".*") {
            let one = entries.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>();
            let other = one.iter().rev().copied().collect::<Vec<_>>();
            proptest::prop_assume!(one.iter().all(|(k, _)| !k.starts_with("..")));
            let hash = suffix(&named("s", &kind, &one));
            proptest::prop_assert_eq!(&hash, &suffix(&named("s", &kind, &other)));
            proptest::prop_assert!(hash.len() == 10 && hash.bytes().all(|b| b"2456789bcdfghkmt".contains(&b)));
        }
    }
}
