//! The two kinds of objects that the server keeps.

/// Secrets or Namespaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// `secrets`, in a namespace.
    Secrets,
    /// `namespaces`, of the whole cluster.
    Namespaces,
}

impl Resource {
    /// The number that stands for it in a store.
    pub(super) fn code(self) -> i64 {
        match self {
            Self::Namespaces => 1,
            Self::Secrets => 2,
        }
    }

    /// The resource of a store's number, if it is one.
    pub(super) fn of_code(code: i64) -> Option<Self> {
        [Self::Secrets, Self::Namespaces].into_iter().find(|resource| resource.code() == code)
    }

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
