//! The lists of a kubeconfig.

/// A list of a kubeconfig whose entries have names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// `clusters`
    Clusters,
    /// `users`
    Users,
    /// `contexts`
    Contexts,
}

impl List {
    /// All lists.
    pub const ALL: [Self; 3] = [Self::Clusters, Self::Users, Self::Contexts];

    /// Returns the name of the list.
    pub fn name(self) -> &'static str {
        match self {
            Self::Clusters => "clusters",
            Self::Users => "users",
            Self::Contexts => "contexts",
        }
    }

    /// Returns the field of an entry that has its content, besides `name`.
    pub fn field(self) -> &'static str {
        match self {
            Self::Clusters => "cluster",
            Self::Users => "user",
            Self::Contexts => "context",
        }
    }
}
