//! Decoded entries as lines: for reading, for `.env` files, for shells.

use std::fmt::Write as _;

use super::{Shape, binary, key, scalar, shape};
use secret::{Object, Value, sanitize};
use serde_json::json;

/// An entry that a format cannot represent. It has the key, never the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The key.
    pub key: String,
    /// The reason.
    pub why: &'static str,
}

/// Returns `KEY: VALUE` lines in YAML. Binary values are base64 under a tag with their size; or only their size if
/// `hide_binary`, as for a terminal.
pub fn text(entries: &[(String, Value)], hide_binary: bool) -> String {
    let mut out = String::new();
    for (name, value) in entries {
        key(name, &mut out);
        out.push_str(": ");
        match shape(value) {
            Shape::Text(text) => scalar(text, 0, &mut out),
            Shape::Binary(bytes) if hide_binary => {
                let _ = writeln!(out, "!binary-{}-bytes", bytes.len());
            }
            Shape::Binary(bytes) => binary(bytes, 0, &mut out),
        }
    }
    out
}

/// Returns the keys, with sizes.
pub fn keys(entries: &[(String, Value)]) -> String {
    let shown: Vec<String> = entries.iter().map(|(name, _)| sanitize::line(name).into_owned()).collect();
    let width = shown.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let mut out = String::new();
    for (name, (_, value)) in shown.iter().zip(entries) {
        let unit = if value.len() == 1 { "byte" } else { "bytes" };
        let kind = if matches!(shape(value), Shape::Binary(_)) { ", binary" } else { "" };
        let _ = writeln!(out, "{name:width$}  {} {unit}{kind}", value.len());
    }
    out
}

/// Returns `KEY=VALUE` lines. Values are quoted only if necessary, because kubectl's `--from-env-file` takes quotes as
/// part of the value.
///
/// # Errors
/// A key that is not a valid name of a variable, a value that is not text.
pub fn dotenv(entries: &[(String, Value)]) -> Result<String, Refused> {
    let mut out = String::new();
    for (name, value) in entries {
        let name = variable(name)?;
        let Shape::Text(text) = shape(value) else {
            return Err(refused(name, "is binary, which .env files cannot hold"));
        };
        let _ = write!(out, "{name}=");
        let bare = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+=,".contains(c);
        if text.chars().all(bare) {
            out.push_str(text);
        } else if !text.contains(['\'', '\n', '\r']) {
            let _ = write!(out, "'{text}'");
        } else {
            out.push('"');
            for c in text.chars() {
                match c {
                    '\n' => out.push_str("\\n"),
                    '\r' => out.push_str("\\r"),
                    '"' | '\\' | '$' | '`' => out.extend(['\\', c]),
                    c => out.push(c),
                }
            }
            out.push('"');
        }
        out.push('\n');
    }
    Ok(out)
}

/// Returns `export KEY='VALUE'` lines. Invariant: when a POSIX shell evaluates them, each variable has exactly the
/// bytes of the value, and nothing is executed.
///
/// # Errors
/// A key that is not a valid name of a variable, a value with a NUL byte.
pub fn shell(entries: &[(String, Value)]) -> Result<Vec<u8>, Refused> {
    let mut out = Vec::new();
    for (name, value) in entries {
        let name = variable(name)?;
        if value.expose().contains(&0) {
            return Err(refused(name, "holds a NUL byte, which no variable can"));
        }
        out.extend_from_slice(b"export ");
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"='");
        for byte in value.expose() {
            match byte {
                b'\'' => out.extend_from_slice(b"'\\''"),
                byte => out.push(*byte),
            }
        }
        out.extend_from_slice(b"'\n");
    }
    Ok(out)
}

/// A map of keys and values, for JSON.
///
/// # Errors
/// A value that is not text.
pub fn values(entries: &[(String, Value)]) -> Result<Object, Refused> {
    let mut map = Object::new(json!({}));
    for (name, value) in entries {
        let Shape::Text(text) = shape(value) else {
            return Err(refused(name, "is binary, which a JSON text cannot hold: -o json has it in base64"));
        };
        map.json_mut()[name] = json!(text);
    }
    Ok(map)
}

/// Whether a key can name a variable of a POSIX shell.
pub fn is_variable(key: &str) -> bool {
    let first = key.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    first && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn variable(name: &str) -> Result<&str, Refused> {
    if is_variable(name) { Ok(name) } else { Err(refused(name, "is no variable's name")) }
}

fn refused(key: &str, why: &'static str) -> Refused {
    Refused { key: key.to_owned(), why }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(list: &[(&str, &[u8])]) -> Vec<(String, Value)> {
        list.iter().map(|(key, bytes)| ((*key).to_owned(), Value::new(*bytes))).collect()
    }

    #[test]
    fn for_people() {
        let list = entries(&[("a", b"x"), ("long", b"1\n2\n"), ("bin", &[0xff])]);
        assert_eq!(text(&list, false), "a: x\nlong: |\n  1\n  2\nbin: !binary-1-bytes /w==\n");
        assert_eq!(text(&list, true), "a: x\nlong: |\n  1\n  2\nbin: !binary-1-bytes\n");
        assert_eq!(keys(&list), "a     1 byte\nlong  4 bytes\nbin   1 byte, binary\n");
    }

    #[test]
    fn for_env_files() {
        let list = entries(&[("A", b"plain-1"), ("B", b"two words $x"), ("C", b"it's\n\"$`\\"), ("D", b"")]);
        assert_eq!(dotenv(&list).unwrap(), "A=plain-1\nB='two words $x'\nC=\"it's\\n\\\"\\$\\`\\\\\"\nD=\n");
        assert_eq!(dotenv(&entries(&[("tls.crt", b"x")])).unwrap_err().key, "tls.crt");
        assert_eq!(dotenv(&entries(&[("A", &[0xff])])).unwrap_err().key, "A");
    }

    #[test]
    fn for_shells() {
        let nasty = b"it's\n$(id) `id` \\ \"x\" !\n\xff\r;\n";
        let list = entries(&[("A", nasty), ("B", b"2")]);
        let script = [&shell(&list).unwrap()[..], b"printf '%s' \"$A$B\""].concat();
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("s"), script).unwrap();
        let out = std::process::Command::new("sh").arg(dir.path().join("s")).output().unwrap();
        assert_eq!(out.stdout, [&nasty[..], b"2"].concat());
        assert_eq!(shell(&entries(&[("A", b"a\0b")])).unwrap_err().why, "holds a NUL byte, which no variable can");
        for bad in ["1a", "a-b", "", "a b", "é"] {
            assert!(shell(&entries(&[(bad, b"x")])).is_err(), "{bad}");
        }
    }
}
