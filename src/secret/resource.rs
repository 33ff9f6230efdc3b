//! The two kinds of objects that the program and its server know.

/// Secrets or Namespaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// `secrets`, in a namespace.
    Secrets,
    /// `namespaces`, of the whole cluster.
    Namespaces,
}

impl Resource {
    /// `secrets`, as paths and messages spell it.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Secrets => "secrets",
            Self::Namespaces => "namespaces",
        }
    }

    /// `secret`.
    pub fn singular(self) -> &'static str {
        match self {
            Self::Secrets => "secret",
            Self::Namespaces => "namespace",
        }
    }

    /// `Secret`.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Secrets => "Secret",
            Self::Namespaces => "Namespace",
        }
    }

    /// Whether it lives in a namespace.
    pub fn is_namespaced(self) -> bool {
        self == Self::Secrets
    }

    /// `SecretList`.
    pub fn list_kind(self) -> &'static str {
        match self {
            Self::Secrets => "SecretList",
            Self::Namespaces => "NamespaceList",
        }
    }
}
