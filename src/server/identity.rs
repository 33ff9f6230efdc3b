//! Who asks, and what they may: the owner of the server everything, anybody else what every authenticated or anonymous
//! user of a cluster may (discovery, versions, health, and reviews of oneself).

use http::{HeaderMap, Method, request::Parts};
use serde_json::{Value as Json, json};

use super::{
    resource::Resource,
    route::{Document, Part, Route},
    status::Status,
};
use crate::secret::gotext::quote;

/// Who a request comes from. The listener puts it into the request's extensions; a request without comes from within the
/// process, which owns the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The user's name.
    pub user: String,
    /// The UID, where there is one.
    pub uid: String,
    /// The groups, sorted as they were given.
    pub groups: Vec<String>,
    /// Further information, from `Impersonate-Extra-…`.
    pub extra: Vec<(String, Vec<String>)>,
}

const MASTERS: &str = "system:masters";
const AUTHENTICATED: &str = "system:authenticated";
const ANONYMOUS: &str = "system:anonymous";

impl Identity {
    /// The administrator.
    pub fn admin() -> Self {
        let groups = [MASTERS, AUTHENTICATED].map(str::to_owned).to_vec();
        Self { user: "kubernetes-admin".into(), uid: String::new(), groups, extra: Vec::new() }
    }

    /// Nobody in particular.
    pub fn anonymous() -> Self {
        let groups = vec!["system:unauthenticated".to_owned()];
        Self { user: ANONYMOUS.into(), uid: String::new(), groups, extra: Vec::new() }
    }

    /// Whether everything is allowed.
    pub fn is_admin(&self) -> bool {
        self.groups.iter().any(|g| g == MASTERS)
    }

    /// Whom a request is made as: the one it comes from, or whom that one impersonates.
    ///
    /// # Errors
    /// 403 when the one it comes from may not; 400 for groups without a user.
    pub fn of(parts: &Parts) -> Result<Self, Status> {
        let from = parts.extensions.get::<Self>().cloned().unwrap_or_else(Self::admin);
        let Some(wanted) = impersonated(&parts.headers)? else { return Ok(from) };
        if !from.is_admin() {
            let text = format!(
                "users {} is forbidden: User {} cannot impersonate resource \"users\" in API group \"\" at the cluster scope",
                quote(&wanted.user),
                quote(&from.user)
            );
            return Err(Status::new(403, "Forbidden", text).details(json!({"name": wanted.user, "kind": "users"})));
        }
        Ok(wanted)
    }

    /// As `userInfo` of a review.
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

fn impersonated(headers: &HeaderMap) -> Result<Option<Identity>, Status> {
    let texts = |name: &str| {
        headers.get_all(name).iter().filter_map(|v| v.to_str().ok()).map(str::to_owned).collect::<Vec<_>>()
    };
    let mut groups = texts("impersonate-group");
    let uid = texts("impersonate-uid").into_iter().next().unwrap_or_default();
    let mut extra: Vec<(String, Vec<String>)> = Vec::new();
    for name in headers.keys() {
        if let Some(key) = name.as_str().strip_prefix("impersonate-extra-") {
            extra.push((super::query::unescape(key, false).unwrap_or_else(|| key.to_owned()), texts(name.as_str())));
        }
    }
    let user = texts("impersonate-user").into_iter().next().unwrap_or_default();
    if user.is_empty() {
        if groups.is_empty() && uid.is_empty() && extra.is_empty() {
            return Ok(None);
        }
        let text = "requested [] without impersonating a user name";
        return Err(Status::new(500, "InternalError", format!("Internal error occurred: {text}")));
    }
    if user != ANONYMOUS && !groups.iter().any(|g| g == AUTHENTICATED) {
        groups.push(AUTHENTICATED.to_owned());
    }
    Ok(Some(Identity { user, uid, groups, extra }))
}

/// Lets a request pass, or not.
///
/// # Errors
/// 403 in the words of kube-apiserver's authorizer.
pub fn authorize(identity: &Identity, method: &Method, route: &Route, path: &str, watch: bool) -> Result<(), Status> {
    if identity.is_admin() {
        return Ok(());
    }
    let authenticated = identity.groups.iter().any(|g| g == AUTHENTICATED);
    let allowed = match route {
        Route::Document(Document::Version | Document::Health(..)) => *method == Method::GET,
        Route::Document(Document::AccessReview | Document::SelfReview) => authenticated && *method == Method::POST,
        Route::Document(_) => authenticated && *method == Method::GET,
        _ => false,
    };
    if allowed {
        return Ok(());
    }
    let user = quote(&identity.user);
    let (resource, namespace, name, part) = match route {
        Route::Collection { resource, namespace, .. } => (*resource, namespace.as_deref(), "", Part::Object),
        Route::Item { resource, namespace, name, part, .. } => {
            (*resource, Some(namespace.as_str()).filter(|n| !n.is_empty()), name.as_str(), *part)
        }
        _ => {
            let verb = method.as_str().to_ascii_lowercase();
            let text = format!("forbidden: User {user} cannot {verb} path {}", quote(path));
            return Err(Status::new(403, "Forbidden", text).details(json!({})));
        }
    };
    let collection = matches!(route, Route::Collection { .. });
    let verb = verb(method, collection, watch);
    let plural = resource.plural();
    let whole = match part {
        Part::Object => plural.to_owned(),
        Part::Status => format!("{plural}/status"),
        Part::Finalize => format!("{plural}/finalize"),
    };
    // A Namespace is authorized within itself.
    let namespace = if resource == Resource::Namespaces && !name.is_empty() { Some(name) } else { namespace };
    let scope = match namespace {
        Some(namespace) => format!("in the namespace {}", quote(namespace)),
        None => "at the cluster scope".to_owned(),
    };
    let subject = if name.is_empty() { plural.to_owned() } else { format!("{plural} {}", quote(name)) };
    let text =
        format!("{subject} is forbidden: User {user} cannot {verb} resource \"{whole}\" in API group \"\" {scope}");
    let mut details = json!({"kind": plural});
    if !name.is_empty() {
        details["name"] = json!(name);
    }
    Err(Status::new(403, "Forbidden", text).details(details))
}

fn verb(method: &Method, collection: bool, watch: bool) -> &'static str {
    match *method {
        Method::GET | Method::HEAD if watch => "watch",
        Method::GET | Method::HEAD if collection => "list",
        Method::GET | Method::HEAD => "get",
        Method::POST => "create",
        Method::PUT => "update",
        Method::PATCH => "patch",
        Method::DELETE if collection => "deletecollection",
        Method::DELETE => "delete",
        _ => "",
    }
}

/// 401.
pub fn unauthorized() -> Status {
    Status::new(401, "Unauthorized", "Unauthorized")
}
