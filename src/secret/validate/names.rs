//! Validation of names, keys and labels: the checks of `k8s.io/apimachinery`, each of which returns a list of errors in
//! its words; an empty list if the text is valid.
//!
//! Why by hand: the engine for the regular expressions would cost more than the whole command.

/// A DNS subdomain, as names of Secrets must be.
const SUBDOMAIN: &str = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', \
    and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is \
    '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
/// A DNS label, as names of Namespaces must be.
const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must \
    start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is \
    '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
/// A key of `data`.
const KEY: &str = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or \
    'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
/// The name part of a label's key; errors have a prefix before it.
const QUALIFIED: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an \
    alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is \
    '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
/// A label's value.
const LABEL_VALUE: &str = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or \
    '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex \
    used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
/// The name of an environment variable.
const ENV_NAME: &str = "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or \
    '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for \
    validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')";

const SUBDOMAIN_MAX: usize = 253;
const LABEL_MAX: usize = 63;

/// Checks as `IsDNS1123Subdomain`.
pub fn subdomain(name: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if name.len() > SUBDOMAIN_MAX {
        wrong.push(format!("must be no more than {SUBDOMAIN_MAX} characters"));
    }
    if !is_subdomain(name.as_bytes()) {
        wrong.push(SUBDOMAIN.to_owned());
    }
    wrong
}

/// Checks as `IsDNS1123Label`.
pub fn label(name: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if name.len() > LABEL_MAX {
        wrong.push(format!("must be no more than {LABEL_MAX} characters"));
    }
    if !is_label(name.as_bytes()) {
        let dots = is_subdomain(name.as_bytes());
        wrong.push(if dots { "must not contain dots" } else { LABEL }.to_owned());
    }
    wrong
}

/// Returns the part of a `generateName` that is checked: a trailing `-` and the character before it become an `a`,
/// because characters will follow (`maskTrailingDash`). Works on bytes, since the cut may be within a character.
pub(super) fn masked(prefix: &str) -> String {
    match prefix.strip_suffix('-') {
        Some(head) if !head.is_empty() => {
            let head = head.as_bytes();
            format!("{}a", String::from_utf8_lossy(head.get(..head.len() - 1).unwrap_or_default()))
        }
        _ => prefix.to_owned(),
    }
}

/// Checks a key of a Secret's `data` as `IsConfigMapKey`.
pub fn key(key: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if key.len() > SUBDOMAIN_MAX {
        wrong.push(format!("must be no more than {SUBDOMAIN_MAX} characters"));
    }
    if key.is_empty() || !key.bytes().all(is_inner) {
        wrong.push(KEY.to_owned());
    }
    wrong.extend(directory_change(key));
    wrong
}

/// Checks a key of an env file as `IsEnvVarName`.
pub fn env_name(name: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if name.bytes().next().is_none_or(|b| b.is_ascii_digit()) || !name.bytes().all(is_inner) {
        wrong.push(ENV_NAME.to_owned());
    }
    wrong.extend(directory_change(name));
    wrong
}

/// Checks as `IsLabelKey`: an optional prefix that is a DNS subdomain and a `/`, then a name.
pub fn label_key(key: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut parts = key.split('/');
    let (first, second, third) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    if third.is_some() {
        return vec![format!(
            "a valid label key {QUALIFIED} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
        )];
    }
    let name = second.unwrap_or(first);
    if second.is_some() {
        if first.is_empty() {
            wrong.push("prefix part must be non-empty".to_owned());
        } else {
            if first.len() > SUBDOMAIN_MAX {
                wrong.push(format!("prefix part must be no more than {SUBDOMAIN_MAX} bytes"));
            }
            if !is_subdomain(first.as_bytes()) {
                wrong.push(format!("prefix part {SUBDOMAIN}"));
            }
        }
    }
    if name.is_empty() {
        wrong.push("name part must be non-empty".to_owned());
    } else if name.len() > LABEL_MAX {
        wrong.push(format!("name part must be no more than {LABEL_MAX} bytes"));
    }
    if !is_qualified(name.as_bytes()) {
        wrong.push(format!("name part {QUALIFIED}"));
    }
    wrong
}

/// Checks as `IsLabelValue`.
pub fn label_value(value: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if value.len() > LABEL_MAX {
        wrong.push(format!("must be no more than {LABEL_MAX} bytes"));
    }
    if !value.is_empty() && !is_qualified(value.as_bytes()) {
        wrong.push(LABEL_VALUE.to_owned());
    }
    wrong
}

/// Checks that a key, which becomes a file name in a mounted volume, does not lead out of the directory.
fn directory_change(key: &str) -> Option<String> {
    match key {
        "." => Some("must not be '.'".to_owned()),
        ".." => Some("must not be '..'".to_owned()),
        _ if key.starts_with("..") => Some("must not start with '..'".to_owned()),
        _ => None,
    }
}

fn is_inner(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

fn is_qualified(name: &[u8]) -> bool {
    name.first().is_some_and(u8::is_ascii_alphanumeric)
        && name.last().is_some_and(u8::is_ascii_alphanumeric)
        && name.iter().copied().all(is_inner)
}

fn is_label(name: &[u8]) -> bool {
    let alphanumeric = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    name.first().is_some_and(alphanumeric)
        && name.last().is_some_and(alphanumeric)
        && name.iter().all(|b| alphanumeric(b) || *b == b'-')
}

fn is_subdomain(name: &[u8]) -> bool {
    name.split(|b| *b == b'.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subdomains() {
        for good in ["a", "123", "a.b.c", "a-b", &"a".repeat(253)] {
            assert!(subdomain(good).is_empty(), "{good}");
        }
        for bad in ["", "Upper", "a_b", "-a", "a.", "..", "a/b", "a%b", "a b", "é", "a..b"] {
            assert_eq!(subdomain(bad), [SUBDOMAIN], "{bad}");
        }
        assert_eq!(subdomain(&"a".repeat(254)), ["must be no more than 253 characters"]);
        assert_eq!(subdomain(&"A".repeat(254)), ["must be no more than 253 characters", SUBDOMAIN]);
    }

    #[test]
    fn labels() {
        assert!(label("my-name").is_empty());
        assert_eq!(label("My"), [LABEL]);
        assert_eq!(label("a.b"), ["must not contain dots"]);
        assert_eq!(label(&"a".repeat(64)), ["must be no more than 63 characters"]);
    }

    #[test]
    fn keys() {
        for good in [".x", "a", "KEY_NAME", "key.name", "-", &"k".repeat(253)] {
            assert!(key(good).is_empty(), "{good}");
        }
        assert_eq!(key(""), [KEY]);
        assert_eq!(key("a b"), [KEY]);
        assert_eq!(key("ключ"), [KEY]);
        assert_eq!(key("."), ["must not be '.'"]);
        assert_eq!(key(".."), ["must not be '..'"]);
        assert_eq!(key("..x"), ["must not start with '..'"]);
        assert_eq!(key("../x"), [KEY, "must not start with '..'"]);
        assert_eq!(key(&"k".repeat(254)), ["must be no more than 253 characters"]);
    }

    #[test]
    fn env_names() {
        assert!(env_name("A-B.C").is_empty());
        for bad in ["1BAD", "", "A B", "export A"] {
            assert_eq!(env_name(bad), [ENV_NAME], "{bad}");
        }
        assert_eq!(env_name(".."), ["must not be '..'"]);
        assert_eq!(env_name("..C"), ["must not start with '..'"]);
    }

    #[test]
    fn label_keys() {
        assert!(label_key("a").is_empty());
        assert!(label_key("example.com/My_Name").is_empty());
        let name = format!("name part {QUALIFIED}");
        assert_eq!(label_key(""), ["name part must be non-empty".to_owned(), name.clone()]);
        assert_eq!(label_key("a b"), ["name part ".to_owned() + QUALIFIED]);
        assert_eq!(label_key("/x"), ["prefix part must be non-empty"]);
        assert_eq!(label_key("x/"), ["name part must be non-empty".to_owned(), name]);
        assert_eq!(label_key("UPPER.com/a"), [format!("prefix part {SUBDOMAIN}")]);
        assert_eq!(label_key(&"n".repeat(64)), ["name part must be no more than 63 bytes"]);
        assert_eq!(
            label_key("a/b/c"),
            [format!(
                "a valid label key {QUALIFIED} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
            )]
        );
    }

    #[test]
    fn label_values() {
        assert!(label_value("").is_empty());
        assert!(label_value("My_Value.1").is_empty());
        assert_eq!(label_value("-"), [LABEL_VALUE]);
        assert_eq!(label_value(&"x".repeat(64)), ["must be no more than 63 bytes"]);
    }

    #[test]
    fn masks_a_trailing_dash() {
        for (prefix, checked) in [("tok-", "toa"), ("a.-", "aa"), ("-", "-"), ("a-", "a"), ("--", "a"), ("x", "x")] {
            assert_eq!(masked(prefix), checked, "{prefix}");
        }
    }

    proptest::proptest! {
        #![proptest_config(crate::properties::config(256))]

        #[test]
        fn never_panic(text in "\\PC*") {
            let _ = (subdomain(&text), label(&text), key(&text), env_name(&text), label_key(&text), label_value(&text));
            let _ = masked(&format!("{text}-"));
        }
    }
}
