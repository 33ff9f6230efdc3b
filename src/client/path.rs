//! Paths of requests: built from names that were checked, or typed whole for `--raw`.

use std::{borrow::Cow, fmt};

use super::{Failure, Name, Namespace, name::segment};
use go::quote::quote;
use secret::resource::Resource;

/// The path of a request, percent-encoded; with its query if it was typed with one.
///
/// Invariant: it begins with `/`, so appending it to the server's address cannot change the host, and text that was
/// typed or read reaches it only as a [`Name`], a [`Namespace`] or through [`Path::raw`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path(Cow<'static, str>);

impl Path {
    /// Returns a path that is a constant of the program.
    pub const fn fixed(path: &'static str) -> Self {
        Self(Cow::Borrowed(path))
    }

    /// Parses a path, and perhaps a query, that was typed for `--raw` or is the rest of a URL.
    ///
    /// # Errors
    /// Text that is not a path: a URL, `@host/x`, control characters, a malformed escape.
    pub fn raw(text: &str) -> Result<Self, Failure> {
        let invalid = |why: String| {
            Failure::other(format!("--raw must be a valid URL path: parse {}: {why}", quote(text)))
                .hint("--raw takes a path on the server, for example /api/v1/namespaces")
        };
        if text.is_empty() {
            return Err(invalid("empty url".to_owned()));
        }
        if text.bytes().any(|byte| byte.is_ascii_control()) {
            return Err(invalid("net/url: invalid control character in URL".to_owned()));
        }
        if !text.starts_with('/') {
            return Err(invalid("invalid URI for request".to_owned()));
        }
        // A fragment is never sent.
        let whole = text.split('#').next().unwrap_or_default();
        let path = whole.split('?').next().unwrap_or_default();
        if let Some(escape) = broken_escape(path) {
            return Err(invalid(format!("invalid URL escape {}", quote(escape))));
        }
        let mut encoded = String::with_capacity(whole.len());
        for byte in whole.bytes() {
            match byte {
                b'!' | b'$'..=b';' | b'=' | b'?'..=b'Z' | b'a'..=b'z' | b'[' | b']' | b'_' | b'~' => {
                    encoded.push(char::from(byte));
                }
                _ => push_escaped(&mut encoded, byte),
            }
        }
        Ok(Self(Cow::Owned(encoded)))
    }

    /// Returns the path of all objects of a resource, in all namespaces.
    pub fn all(resource: Resource) -> Self {
        Self::collection(None, resource.plural())
    }

    /// Returns the path of the Services of a namespace, which `cluster-info` names.
    pub fn services(namespace: &Namespace) -> Self {
        Self::collection(Some(namespace), "services")
    }

    /// Returns `/api/v1/RESOURCE` or, below a namespace, `/api/v1/namespaces/NAMESPACE/RESOURCE`.
    pub(crate) fn collection(namespace: Option<&Namespace>, plural: &str) -> Self {
        let mut path = String::from("/api/v1");
        if let Some(namespace) = namespace {
            path.push_str("/namespaces/");
            push_segment(&mut path, namespace.as_str());
        }
        path.push('/');
        path.push_str(plural);
        Self(Cow::Owned(path))
    }

    /// Returns the path of the object `name` of this collection.
    pub(crate) fn object(self, name: &Name) -> Self {
        let mut path = self.0.into_owned();
        path.push('/');
        push_segment(&mut path, name.as_str());
        Self(Cow::Owned(path))
    }

    /// Returns the path of a subresource of this object, or of the object itself if `name` is empty.
    ///
    /// # Errors
    /// `invalid subresource "..": [may not be '..']`, as `Request.SubResource` of client-go.
    pub fn subresource(self, name: &str) -> Result<Self, Failure> {
        if name.is_empty() {
            return Ok(self);
        }
        let mut path = self.0.into_owned();
        path.push('/');
        push_segment(&mut path, &segment("subresource", name)?);
        Ok(Self(Cow::Owned(path)))
    }

    /// Returns the path as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns the first `%` that is not followed by two hexadecimal digits, as Go shows it.
fn broken_escape(path: &str) -> Option<&str> {
    path.match_indices('%').find_map(|(at, _)| {
        let digits = path.as_bytes().get(at + 1..at + 3).unwrap_or_default();
        let whole = digits.len() == 2 && digits.iter().all(u8::is_ascii_hexdigit);
        let end = (at..=(at + 3).min(path.len())).rev().find(|end| path.is_char_boundary(*end))?;
        (!whole).then(|| &path[at..end])
    })
}

/// Appends one path segment, percent-encoded as Go's `url.PathEscape` does.
fn push_segment(path: &mut String, segment: &str) {
    for byte in segment.bytes() {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'-'
            | b'_'
            | b'.'
            | b'~'
            | b'$'
            | b'&'
            | b'+'
            | b':'
            | b'='
            | b'@' => path.push(char::from(byte)),
            _ => push_escaped(path, byte),
        }
    }
}

/// Appends a query, as Go's `url.Values.Encode` writes it: sorted by name, spaces as `+`.
pub(crate) fn push_query(url: &mut String, query: &[(String, String)]) {
    let mut pairs: Vec<_> = query.iter().collect();
    pairs.sort_by(|a, b| a.0.cmp(&b.0));
    let mut separator = if url.contains('?') { '&' } else { '?' };
    for (name, value) in pairs {
        url.push(separator);
        separator = '&';
        push_query_part(url, name);
        url.push('=');
        push_query_part(url, value);
    }
}

/// Appends text as Go's `url.QueryEscape` writes it.
pub(crate) fn push_query_part(url: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => url.push(char::from(byte)),
            b' ' => url.push('+'),
            _ => push_escaped(url, byte),
        }
    }
}

fn push_escaped(text: &mut String, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    text.push('%');
    text.push(char::from(DIGITS[usize::from(byte >> 4)]));
    text.push(char::from(DIGITS[usize::from(byte & 15)]));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_the_server_can_be_typed() {
        for (typed, sent) in [
            ("/version", "/version"),
            ("/api/v1/secrets?limit=5&x=a%20b", "/api/v1/secrets?limit=5&x=a%20b"),
            ("//other.example/x", "//other.example/x"),
            ("/a b\\c\"<ü>#part", "/a%20b%5Cc%22%3C%C3%BC%3E"),
        ] {
            assert_eq!(Path::raw(typed).expect(typed).as_str(), sent);
            assert_eq!(
                format!("https://host:6443{sent}").parse::<http::Uri>().expect(sent).host(),
                Some("host"),
                "{typed}"
            );
        }
        for typed in ["", "x", "@host:1/x", "https://other/x", "?x=y", ":80/x", "/a\nb", "/a%zz", "/a%", "/%é"] {
            let text = Path::raw(typed).expect_err(typed).words().line;
            assert!(text.starts_with(&format!("error: --raw must be a valid URL path: parse {typed:?}: ")), "{text}");
        }
    }

    #[test]
    fn writes_queries_as_go_does() {
        let mut path = String::from("/x");
        push_query(&mut path, &[("limit".into(), "500".into()), ("fieldSelector".into(), "metadata.name=a b".into())]);
        assert_eq!(path, "/x?fieldSelector=metadata.name%3Da+b&limit=500");
        let mut path = String::from("/x?a=b");
        push_query(&mut path, &[("timeout".into(), "5s".into())]);
        assert_eq!(path, "/x?a=b&timeout=5s");
    }
}
