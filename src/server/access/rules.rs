//! Authorization: what a request asks for, as kube-apiserver's authorizer sees it, and which users may do it. The
//! administrator may do everything; other users have the rights that every cluster gives to authenticated and to
//! anonymous users (discovery, versions, health, and reviews of oneself).

use http::{Method, Uri, request::Parts};
use serde_json::{Value as Json, json};

use crate::{
    access::identity::{AUTHENTICATED, Identity, UNAUTHENTICATED},
    http::query::{Query, unescape},
};
use go::quote::quote;
use secret::{selector, status::Status};

/// What is asked for (`authorizer.Attributes`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attributes {
    /// A request for a resource of an API group.
    Resource(Target),
    /// A request for any other path (a `nonResourceURL`).
    Path {
        /// The method, in lower case.
        verb: String,
        /// The path, decoded.
        path: String,
    },
}

/// The attributes of a request for a resource; empty where the request has none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Target {
    /// `get`, `list`, `impersonate` …
    pub verb: String,
    /// The API group.
    pub group: String,
    /// The plural.
    pub resource: String,
    /// `status` …
    pub subresource: String,
    /// The namespace.
    pub namespace: String,
    /// The object's name.
    pub name: String,
}

impl Attributes {
    /// Reads a request as `RequestInfoFactory.NewRequestInfo` does. A Namespace is authorized within itself; a list or
    /// watch with a field selector for one `metadata.name` is authorized for that name.
    pub fn of(method: &Method, uri: &Uri) -> Self {
        let path = unescape(uri.path(), false).unwrap_or_else(|| uri.path().to_owned());
        let pieces = path.trim_matches('/').split('/').collect::<Vec<_>>();
        let (group, mut rest) = match pieces.as_slice() {
            ["api", _, rest @ ..] if !rest.is_empty() => ("", rest),
            ["apis", group, _, rest @ ..] if !rest.is_empty() => (*group, rest),
            _ => return Self::Path { verb: method.as_str().to_ascii_lowercase(), path },
        };
        let mut verb = match *method {
            Method::GET | Method::HEAD => "get",
            Method::POST => "create",
            Method::PUT => "update",
            Method::PATCH => "patch",
            Method::DELETE => "delete",
            _ => "",
        };
        if let ["watch", watched @ ..] = rest {
            (verb, rest) = ("watch", watched);
        }
        let mut namespace = "";
        if let ["namespaces", name, within @ ..] = rest {
            namespace = name;
            if within.first().is_some_and(|part| !["status", "finalize"].contains(part)) {
                rest = within;
            }
        }
        let part = |index: usize| rest.get(index).map(|part| (*part).to_owned()).unwrap_or_default();
        let mut name = part(1);
        if name.is_empty() && verb == "get" {
            let query = Query::parse(uri.query().unwrap_or_default());
            verb = if query.flag("watch") == Some(true) { "watch" } else { "list" };
            name = query.first("fieldSelector").and_then(selector::exact_name).unwrap_or_default();
        } else if name.is_empty() && verb == "delete" {
            verb = "deletecollection";
        }
        Self::Resource(Target {
            verb: verb.into(),
            group: group.into(),
            resource: part(0),
            subresource: part(2),
            namespace: namespace.into(),
            name,
        })
    }
}

/// The paths that the ClusterRole `system:discovery` lets authenticated users get.
const DISCOVERY: [&str; 11] = [
    "/api",
    "/api/*",
    "/apis",
    "/apis/*",
    "/healthz",
    "/livez",
    "/openapi",
    "/openapi/*",
    "/readyz",
    "/version",
    "/version/",
];
/// The paths that the ClusterRole `system:public-info-viewer` lets all users get.
const PUBLIC: [&str; 5] = ["/healthz", "/livez", "/readyz", "/version", "/version/"];
/// The resources, by group, that the ClusterRole `system:basic-user` lets authenticated users create.
const BASIC: [(&str, &[&str]); 2] = [
    ("authorization.k8s.io", &["selfsubjectaccessreviews", "selfsubjectrulesreviews"]),
    ("authentication.k8s.io", &["selfsubjectreviews"]),
];

/// Returns `true` if a user may do what `attributes` describe.
pub fn allows(identity: &Identity, attributes: &Attributes) -> bool {
    if identity.is_admin() {
        return true;
    }
    let authenticated = identity.is_in(AUTHENTICATED);
    match attributes {
        Attributes::Path { verb, path } => {
            let public = authenticated || identity.is_in(UNAUTHENTICATED);
            verb == "get" && (public && covers(&PUBLIC, path) || authenticated && covers(&DISCOVERY, path))
        }
        Attributes::Resource(target) => {
            let basic = |(group, resources): &(&str, &[&str])| {
                target.group == *group && resources.contains(&target.resource.as_str())
            };
            authenticated && target.verb == "create" && target.subresource.is_empty() && BASIC.iter().any(basic)
        }
    }
}

/// Returns `true` if one of the patterns matches the path; a `*` at the end of a pattern matches anything.
fn covers(paths: &[&str], path: &str) -> bool {
    paths.iter().any(|known| match known.strip_suffix('*') {
        Some(begin) => path.starts_with(begin),
        None => *known == path,
    })
}

/// Returns all rules of a user, as the `status` of a `SelfSubjectRulesReview`.
pub fn rules(identity: &Identity) -> Json {
    let (mut resources, mut paths) = (Vec::new(), Vec::new());
    if identity.is_admin() {
        resources.push(json!({"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}));
        paths.push(json!({"verbs": ["*"], "nonResourceURLs": ["*"]}));
    }
    if identity.is_in(AUTHENTICATED) {
        resources.extend(
            BASIC.iter().map(|(group, of)| json!({"verbs": ["create"], "apiGroups": [group], "resources": of})),
        );
        paths.push(json!({"verbs": ["get"], "nonResourceURLs": DISCOVERY}));
    }
    if identity.is_in(AUTHENTICATED) || identity.is_in(UNAUTHENTICATED) {
        paths.push(json!({"verbs": ["get"], "nonResourceURLs": PUBLIC}));
    }
    json!({"resourceRules": resources, "nonResourceRules": paths, "incomplete": false})
}

/// Checks that a user may make a request.
///
/// # Errors
/// 403 in the words of kube-apiserver's authorizer.
pub fn authorize(identity: &Identity, parts: &Parts) -> Result<(), Status> {
    // Why first: nearly all requests are the administrator's, and their attributes need not be read.
    if identity.is_admin() {
        return Ok(());
    }
    let attributes = Attributes::of(&parts.method, &parts.uri);
    if allows(identity, &attributes) { Ok(()) } else { Err(forbidden(identity, &attributes)) }
}

/// Returns the 403 (`responsewriters.ForbiddenStatusError`).
pub fn forbidden(identity: &Identity, attributes: &Attributes) -> Status {
    let user = quote(&identity.user);
    let (subject, text, details) = match attributes {
        Attributes::Path { verb, path } => {
            ("forbidden".to_owned(), format!("User {user} cannot {verb} path {}", quote(path)), json!({}))
        }
        Attributes::Resource(target) => {
            let Target { verb, group, resource, subresource, namespace, name } = target;
            let mut subject = resource.clone();
            let mut details = json!({"kind": resource});
            if !group.is_empty() {
                subject.push_str(&format!(".{group}"));
                details["group"] = json!(group);
            }
            if !name.is_empty() {
                subject.push_str(&format!(" {}", quote(name)));
                details["name"] = json!(name);
            }
            let whole = if subresource.is_empty() { resource.clone() } else { format!("{resource}/{subresource}") };
            let scope = if namespace.is_empty() {
                "at the cluster scope".to_owned()
            } else {
                format!("in the namespace {}", quote(namespace))
            };
            let text =
                format!("User {user} cannot {verb} resource {} in API group {} {scope}", quote(&whole), quote(group));
            (format!("{subject} is forbidden"), text, details)
        }
    };
    Status::new(403, "Forbidden", format!("{subject}: {text}")).details(details)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(method: Method, uri: &'static str) -> Attributes {
        Attributes::of(&method, &Uri::from_static(uri))
    }

    fn brief(method: Method, uri: &'static str) -> String {
        match of(method, uri) {
            Attributes::Path { verb, path } => format!("{verb} {path}"),
            Attributes::Resource(t) => {
                format!("{} {}|{}|{}|{}|{}", t.verb, t.group, t.resource, t.subresource, t.namespace, t.name)
            }
        }
    }

    #[test]
    fn requests_are_read_as_request_infos() {
        for (method, uri, read) in [
            (Method::GET, "/api/v1/namespaces/n/secrets/s", "get |secrets||n|s"),
            (Method::GET, "/api/v1/namespaces/n", "get |namespaces||n|n"),
            (Method::PUT, "/api/v1/namespaces/n/finalize", "update |namespaces|finalize|n|n"),
            (Method::GET, "/api/v1/secrets?watch=1", "watch |secrets|||"),
            (Method::GET, "/api/v1/watch/namespaces/n/secrets/s", "watch |secrets||n|s"),
            (Method::GET, "/api/v1/secrets?fieldSelector=type%3Da,metadata.name%3Ds", "list |secrets|||s"),
            (Method::GET, "/api/v1/secrets?fieldSelector=metadata.name!%3Ds", "list |secrets|||"),
            (Method::GET, "/api/v1/secrets?fieldSelector=metadata.name%3Da%2Fb", "list |secrets|||"),
            (Method::DELETE, "/api/v1/namespaces/n/secrets", "deletecollection |secrets||n|"),
            (Method::POST, "/apis/a.b/v1/things", "create a.b|things|||"),
            (Method::OPTIONS, "/api/v1/secrets", " |secrets|||"),
            (Method::HEAD, "/livez/ping", "head /livez/ping"),
            (Method::GET, "/apis/a.b/v1", "get /apis/a.b/v1"),
        ] {
            assert_eq!(brief(method, uri), read, "{uri}");
        }
    }

    #[test]
    fn discovery_is_for_those_who_are_authenticated_and_health_for_all() {
        let bob = Identity { groups: vec![AUTHENTICATED.into()], ..Identity::anonymous() };
        for (uri, authenticated, anybody) in [
            ("/version", true, true),
            ("/livez", true, true),
            ("/livez/ping", false, false),
            ("/api", true, false),
            ("/apis/nope", true, false),
            ("/openapi/v3/api/v1", true, false),
            ("/", false, false),
            ("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", false, false),
        ] {
            let wanted = of(Method::GET, uri);
            assert_eq!(
                (allows(&bob, &wanted), allows(&Identity::anonymous(), &wanted)),
                (authenticated, anybody),
                "{uri}"
            );
            assert!(!allows(&bob, &of(Method::POST, uri)), "{uri}");
        }
    }
}
