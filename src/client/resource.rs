//! The two kinds of objects that we speak about, and where they live.

/// A resource of the core API group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// `secrets`, in namespaces.
    Secrets,
    /// `namespaces`, which are in none.
    Namespaces,
}

impl Resource {
    /// The path of one object (`name`), of a namespace's collection, or of the collection over all namespaces.
    /// `namespace` is ignored for namespaces.
    pub fn path(self, namespace: Option<&str>, name: Option<&str>) -> String {
        let mut path = String::from("/api/v1");
        if let (Self::Secrets, Some(namespace)) = (self, namespace) {
            path.push_str("/namespaces/");
            push_segment(&mut path, namespace);
        }
        path.push('/');
        path.push_str(self.plural());
        if let Some(name) = name {
            path.push('/');
            push_segment(&mut path, name);
        }
        path
    }

    /// `secret`, `namespace`.
    pub fn singular(self) -> &'static str {
        match self {
            Self::Secrets => "secret",
            Self::Namespaces => "namespace",
        }
    }

    /// `secrets`, `namespaces`.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Secrets => "secrets",
            Self::Namespaces => "namespaces",
        }
    }

    /// `Secret`, `Namespace`.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Secrets => "Secret",
            Self::Namespaces => "Namespace",
        }
    }
}

/// Appends one path segment, percent-encoded as Go's `url.PathEscape` does, so that no name leaves its collection.
fn push_segment(path: &mut String, segment: &str) {
    // `.` and `..` are segments of their own in a URL; servers and proxies would resolve them.
    let dots = segment == "." || segment == "..";
    for byte in segment.bytes() {
        match byte {
            b'.' if dots => path.push_str("%2E"),
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
pub(super) fn push_query(path: &mut String, query: &[(String, String)]) {
    let mut pairs: Vec<_> = query.iter().collect();
    pairs.sort_by(|a, b| a.0.cmp(&b.0));
    for (index, (name, value)) in pairs.into_iter().enumerate() {
        path.push(if index == 0 { '?' } else { '&' });
        push_query_part(path, name);
        path.push('=');
        push_query_part(path, value);
    }
}

fn push_query_part(path: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => path.push(char::from(byte)),
            b' ' => path.push('+'),
            _ => push_escaped(path, byte),
        }
    }
}

fn push_escaped(path: &mut String, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    path.push('%');
    path.push(char::from(DIGITS[usize::from(byte >> 4)]));
    path.push(char::from(DIGITS[usize::from(byte & 15)]));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_paths() {
        assert_eq!(Resource::Secrets.path(Some("ns"), Some("db")), "/api/v1/namespaces/ns/secrets/db");
        assert_eq!(Resource::Secrets.path(Some("ns"), None), "/api/v1/namespaces/ns/secrets");
        assert_eq!(Resource::Secrets.path(None, None), "/api/v1/secrets");
        assert_eq!(Resource::Namespaces.path(Some("ns"), Some("x")), "/api/v1/namespaces/x");
    }

    #[test]
    fn no_name_leaves_its_collection() {
        assert_eq!(Resource::Secrets.path(Some("a/b"), Some("..")), "/api/v1/namespaces/a%2Fb/secrets/%2E%2E");
        assert_eq!(
            Resource::Secrets.path(Some("n"), Some("x?y#z ü")),
            "/api/v1/namespaces/n/secrets/x%3Fy%23z%20%C3%BC"
        );
    }

    #[test]
    fn writes_queries_as_go_does() {
        let mut path = String::from("/x");
        push_query(&mut path, &[("limit".into(), "500".into()), ("fieldSelector".into(), "metadata.name=a b".into())]);
        assert_eq!(path, "/x?fieldSelector=metadata.name%3Da+b&limit=500");
    }
}
