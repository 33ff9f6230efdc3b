//! The collections of the API that objects belong to.

use super::{Failure, Name, Namespace, Path};
use secret::resource::Resource;

/// The collection of an object.
///
/// Invariant: there is no path to a Secret without a namespace and a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Collection {
    /// The Secrets of one namespace.
    Secrets(Namespace),
    /// The namespaces of the cluster.
    Namespaces,
}

impl Collection {
    /// Returns the collection of a resource in `namespace`, which is ignored for namespaces.
    ///
    /// # Errors
    /// [`Namespace::new`]'s.
    pub fn of(resource: Resource, namespace: &str) -> Result<Self, Failure> {
        match resource {
            Resource::Secrets => Namespace::new(namespace).map(Self::Secrets),
            Resource::Namespaces => Ok(Self::Namespaces),
        }
    }

    /// Returns the resource of its objects.
    pub fn resource(&self) -> Resource {
        match self {
            Self::Secrets(_) => Resource::Secrets,
            Self::Namespaces => Resource::Namespaces,
        }
    }

    /// Returns the namespace of its objects, `None` for namespaces.
    pub fn namespace(&self) -> Option<&str> {
        match self {
            Self::Secrets(namespace) => Some(namespace.as_str()),
            Self::Namespaces => None,
        }
    }

    /// Returns the path of the collection: to list, watch, create.
    pub fn path(&self) -> Path {
        match self {
            Self::Secrets(namespace) => Path::collection(Some(namespace), Resource::Secrets.plural()),
            Self::Namespaces => Path::all(Resource::Namespaces),
        }
    }

    /// Returns the path of one object.
    pub fn object(&self, name: &Name) -> Path {
        self.path().object(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(resource: Resource, namespace: &str, name: &str) -> String {
        let name = Name::new(name).expect("a name");
        Collection::of(resource, namespace).expect("a namespace").object(&name).as_str().to_owned()
    }

    #[test]
    fn names_paths() {
        assert_eq!(path(Resource::Secrets, "ns", "db"), "/api/v1/namespaces/ns/secrets/db");
        assert_eq!(path(Resource::Namespaces, "ns", "x"), "/api/v1/namespaces/x");
        assert_eq!(path(Resource::Namespaces, "..", "x"), "/api/v1/namespaces/x");
        assert_eq!(
            Collection::of(Resource::Secrets, "ns").expect("a namespace").path().as_str(),
            "/api/v1/namespaces/ns/secrets"
        );
        assert_eq!(Path::all(Resource::Secrets).as_str(), "/api/v1/secrets");
        assert_eq!(Path::all(Resource::Namespaces).as_str(), "/api/v1/namespaces");
    }

    #[test]
    fn no_name_leaves_its_collection() {
        assert_eq!(path(Resource::Secrets, "n", "x?y#z ü"), "/api/v1/namespaces/n/secrets/x%3Fy%23z%20%C3%BC");
    }
}
