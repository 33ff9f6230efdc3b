//! Routes: what the path of a request names.

use super::query::unescape;
use secret::resource::Resource;

/// What a path names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// All objects of a resource, in one namespace or all.
    Collection {
        /// Which objects.
        resource: Resource,
        /// The namespace; `None` for Namespaces and for `/api/v1/secrets`.
        namespace: Option<String>,
        /// The legacy form below `/api/v1/watch`.
        watch: bool,
    },
    /// One object.
    Item {
        /// The resource.
        resource: Resource,
        /// The namespace, empty for a Namespace.
        namespace: String,
        /// Its name.
        name: String,
        /// The legacy form below `/api/v1/watch`.
        watch: bool,
        /// The subresource, or the object itself.
        part: Part,
    },
    /// Discovery, version, OpenAPI, health or a review.
    Document(Document),
    /// A path below `/api/v1`, or below another version of a group, that names nothing.
    UnknownResource,
    /// Any other path.
    Unknown,
}

/// A subresource of an object, or the object itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The object itself.
    Object,
    /// `…/status` of a Namespace.
    Status,
    /// `…/finalize` of a Namespace.
    Finalize,
}

/// Documents about the server, and reviews.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// `/`
    Root,
    /// `/api`
    Api,
    /// `/apis`
    Apis,
    /// `/api/v1`
    ApiV1,
    /// `/apis/authorization.k8s.io` and `/apis/authentication.k8s.io`, with and without version
    Group {
        /// The group's name.
        group: &'static str,
        /// Whether the resources of its version are asked for, not the group itself.
        version: bool,
    },
    /// `/version`
    Version,
    /// `/apis/apiextensions.k8s.io/v1/customresourcedefinitions`, always an empty list. Why: kubectl asks for it when
    /// it meets a kind that cannot be patched, for example a `SecretList`.
    CustomResources,
    /// `/openapi/v2`
    Swagger,
    /// `/openapi/v3`
    OpenApi,
    /// `/openapi/v3/api/v1`
    OpenApiV1,
    /// `/healthz`, `/livez`, `/readyz`, and a single check below them
    Health(String, Option<String>),
    /// `…/selfsubjectaccessreviews` and its siblings
    Review(Review),
}

/// The reviews of the client itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Review {
    /// SelfSubjectAccessReview: may the client do this?
    Access,
    /// SelfSubjectRulesReview: what may the client do?
    Rules,
    /// SelfSubjectReview: who is the client?
    Who,
}

impl Review {
    /// All reviews, in the order of discovery.
    pub const ALL: [Self; 3] = [Self::Who, Self::Access, Self::Rules];

    /// Returns the API group, whose version is `v1`.
    pub fn group(self) -> &'static str {
        match self {
            Self::Who => AUTHENTICATION,
            Self::Access | Self::Rules => AUTHORIZATION,
        }
    }

    /// Its kind.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Access => "SelfSubjectAccessReview",
            Self::Rules => "SelfSubjectRulesReview",
            Self::Who => "SelfSubjectReview",
        }
    }

    /// Returns the plural, as it is in paths.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Access => "selfsubjectaccessreviews",
            Self::Rules => "selfsubjectrulesreviews",
            Self::Who => "selfsubjectreviews",
        }
    }
}

/// The API group of authorization.
pub const AUTHORIZATION: &str = "authorization.k8s.io";
/// The API group of authentication.
pub const AUTHENTICATION: &str = "authentication.k8s.io";

/// Determines what `path` names. Its segments may be percent-encoded.
pub fn route(path: &str) -> Route {
    let trimmed = path.strip_prefix('/').unwrap_or(path);
    let trimmed = trimmed.strip_suffix('/').unwrap_or(trimmed);
    let Some(parts) = trimmed.split('/').map(|part| unescape(part, false)).collect::<Option<Vec<_>>>() else {
        return Route::Unknown;
    };
    let parts = parts.iter().map(String::as_str).collect::<Vec<_>>();
    match parts.as_slice() {
        [""] if path == "/" => Route::Document(Document::Root),
        ["api"] => Route::Document(Document::Api),
        ["apis"] => Route::Document(Document::Apis),
        ["api", "v1"] => Route::Document(Document::ApiV1),
        ["api", "v1", "watch", rest @ ..] => resource(rest, true),
        ["api", "v1", rest @ ..] => resource(rest, false),
        ["apis", "authorization.k8s.io"] => group(AUTHORIZATION, false),
        ["apis", "authorization.k8s.io", "v1"] => group(AUTHORIZATION, true),
        ["apis", "authentication.k8s.io"] => group(AUTHENTICATION, false),
        ["apis", "authentication.k8s.io", "v1"] => group(AUTHENTICATION, true),
        ["apis", group @ ("authorization.k8s.io" | "authentication.k8s.io"), "v1", rest @ ..] => {
            let review = Review::ALL.into_iter().find(|review| review.group() == *group && rest == [review.plural()]);
            review.map_or(Route::UnknownResource, |review| Route::Document(Document::Review(review)))
        }
        ["version"] => Route::Document(Document::Version),
        ["apis", "apiextensions.k8s.io", "v1", "customresourcedefinitions"] => {
            Route::Document(Document::CustomResources)
        }
        ["openapi", "v2"] => Route::Document(Document::Swagger),
        ["openapi", "v3"] => Route::Document(Document::OpenApi),
        ["openapi", "v3", "api", "v1"] => Route::Document(Document::OpenApiV1),
        [check @ ("healthz" | "livez" | "readyz")] => Route::Document(Document::Health((*check).into(), None)),
        [check @ ("healthz" | "livez" | "readyz"), one] => {
            Route::Document(Document::Health((*check).into(), Some((*one).into())))
        }
        _ => Route::Unknown,
    }
}

fn group(group: &'static str, version: bool) -> Route {
    Route::Document(Document::Group { group, version })
}

fn resource(parts: &[&str], watch: bool) -> Route {
    let item = |resource, namespace: &str, name: &str, part| Route::Item {
        resource,
        namespace: namespace.into(),
        name: name.into(),
        watch,
        part,
    };
    match parts {
        [.., ""] | ["namespaces", "", ..] => Route::UnknownResource,
        ["namespaces"] => Route::Collection { resource: Resource::Namespaces, namespace: None, watch },
        ["secrets"] => Route::Collection { resource: Resource::Secrets, namespace: None, watch },
        ["namespaces", name] => item(Resource::Namespaces, "", name, Part::Object),
        ["namespaces", name, "status"] if !watch => item(Resource::Namespaces, "", name, Part::Status),
        ["namespaces", name, "finalize"] if !watch => item(Resource::Namespaces, "", name, Part::Finalize),
        ["namespaces", namespace, "secrets"] => {
            Route::Collection { resource: Resource::Secrets, namespace: Some((*namespace).into()), watch }
        }
        ["namespaces", namespace, "secrets", name] => item(Resource::Secrets, namespace, name, Part::Object),
        _ => Route::UnknownResource,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_what_they_name() {
        let secret = |name: &str| Route::Item {
            resource: Resource::Secrets,
            namespace: "n".into(),
            name: name.into(),
            watch: false,
            part: Part::Object,
        };
        assert_eq!(route("/api/v1/namespaces/n/secrets/s"), secret("s"));
        assert_eq!(route("/api/v1/namespaces/n/secrets/a%2Fb"), secret("a/b"));
        assert_eq!(route("/api/v1/namespaces/n/secretz"), Route::UnknownResource);
        assert_eq!(route("/api/v1/namespaces//secrets"), Route::UnknownResource);
        assert_eq!(route("/api/v1/namespaces/n/secrets/s/status"), Route::UnknownResource);
        for path in ["//", "/..", "/api/../api", "/%zz", "/apis/nope.example.com/v1/things", "/api/v2", ""] {
            assert_eq!(route(path), Route::Unknown, "{path}");
        }
    }
}
