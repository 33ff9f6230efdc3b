//! The two resources that the program and its server have.

/// The fields of `metadata` that the server gives each object anew, whatever a creation says.
pub const SERVER_FIELDS: [&str; 7] = [
    "uid",
    "resourceVersion",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "generation",
    "selfLink",
];

/// Secrets or Namespaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// `secrets`, which belong to namespaces.
    Secrets,
    /// `namespaces`, which are cluster-scoped.
    Namespaces,
}

impl Resource {
    /// Returns `secrets` or `namespaces`, as in paths and messages.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Secrets => "secrets",
            Self::Namespaces => "namespaces",
        }
    }

    /// Returns `secret` or `namespace`.
    pub fn singular(self) -> &'static str {
        match self {
            Self::Secrets => "secret",
            Self::Namespaces => "namespace",
        }
    }

    /// Returns `Secret` or `Namespace`.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Secrets => "Secret",
            Self::Namespaces => "Namespace",
        }
    }

    /// Returns `true` if its objects belong to namespaces.
    pub fn is_namespaced(self) -> bool {
        self == Self::Secrets
    }

    /// Returns `SecretList` or `NamespaceList`.
    pub fn list_kind(self) -> &'static str {
        match self {
            Self::Secrets => "SecretList",
            Self::Namespaces => "NamespaceList",
        }
    }
}
