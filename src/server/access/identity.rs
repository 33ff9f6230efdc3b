//! The user that a request comes from.

use serde_json::{Value as Json, json};

use secret::status::Status;

/// The user that a request comes from. The listener, or [`AsAdmin`](crate::AsAdmin) within the process, puts it into
/// the extensions of the request. Invariant: a request without one is refused, so no code path serves a request as the
/// administrator by default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The user's name.
    pub user: String,
    /// The UID, where there is one.
    pub uid: String,
    /// The groups, in the order in which they were given.
    pub groups: Vec<String>,
    /// Further information, from `Impersonate-Extra-…`.
    pub extra: Vec<(String, Vec<String>)>,
}

/// The group of all users that have authenticated.
pub const AUTHENTICATED: &str = "system:authenticated";
/// The group of users that have not authenticated.
pub const UNAUTHENTICATED: &str = "system:unauthenticated";
const MASTERS: &str = "system:masters";
/// The name of a user that has not authenticated.
pub const ANONYMOUS: &str = "system:anonymous";

impl Identity {
    /// Returns the administrator.
    pub fn admin() -> Self {
        let groups = [MASTERS, AUTHENTICATED].map(str::to_owned).to_vec();
        Self { user: "kubernetes-admin".into(), uid: String::new(), groups, extra: Vec::new() }
    }

    /// Returns the user of requests without credentials.
    pub fn anonymous() -> Self {
        let groups = vec![UNAUTHENTICATED.to_owned()];
        Self { user: ANONYMOUS.into(), uid: String::new(), groups, extra: Vec::new() }
    }

    /// Returns `true` if the user may do everything (`system:masters`, as in kube-apiserver).
    pub fn is_admin(&self) -> bool {
        self.is_in(MASTERS)
    }

    /// Returns `true` if the user belongs to a group.
    pub fn is_in(&self, group: &str) -> bool {
        self.groups.iter().any(|g| g == group)
    }

    /// Returns the user as the `userInfo` of a SelfSubjectReview.
    pub fn to_json(&self) -> Json {
        let mut info = json!({"username": self.user, "groups": self.groups});
        if !self.uid.is_empty() {
            info["uid"] = json!(self.uid);
        }
        if !self.extra.is_empty() {
            info["extra"] = self.extra.iter().map(|(name, values)| (name.clone(), json!(values))).collect();
        }
        info
    }
}

/// Returns the 401 for a request without valid credentials.
pub fn unauthorized() -> Status {
    Status::new(401, "Unauthorized", "Unauthorized")
}
