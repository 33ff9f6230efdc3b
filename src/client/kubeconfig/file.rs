//! One kubeconfig file: its fields, named as in client-go's `clientcmd/api/v1`. Unknown fields are ignored.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    os::unix::ffi::OsStrExt as _,
    path::{Path, PathBuf},
};

use serde_json::Value as Json;

use super::paths::clean;

/// A whole file. Contains tokens and keys, hence no `Debug`.
#[derive(Default)]
pub struct File {
    pub(super) clusters: Vec<Named<Cluster>>,
    pub(super) users: Vec<Named<User>>,
    pub(super) contexts: Vec<Named<Context>>,
    /// The context that is used unless `--context` names another.
    pub current_context: String,
}

/// An entry of a list, with its name.
pub(super) struct Named<T> {
    pub name: String,
    pub entry: T,
}

/// How to reach a server. An empty field is not set.
#[derive(Default, Clone)]
pub struct Cluster {
    pub server: String,
    pub tls_server_name: String,
    pub insecure_skip_tls_verify: bool,
    pub certificate_authority: OsString,
    /// Base64 of PEM.
    pub certificate_authority_data: String,
    pub proxy_url: String,
    pub disable_compression: bool,
    pub extensions: Vec<Extension>,
}

/// Data that a tool stored in a cluster, for example for an exec plugin.
#[derive(Default, Clone)]
pub struct Extension {
    pub name: String,
    pub extension: Json,
}

/// The credentials of a user. An empty field is not set.
#[derive(Default, Clone)]
pub struct User {
    pub client_certificate: OsString,
    /// Base64 of PEM.
    pub client_certificate_data: String,
    pub client_key: OsString,
    /// Base64 of PEM.
    pub client_key_data: String,
    pub token: String,
    pub token_file: OsString,
    pub as_user: String,
    pub as_uid: String,
    pub as_groups: Vec<String>,
    pub as_user_extra: BTreeMap<String, Vec<String>>,
    pub username: String,
    pub password: String,
    pub auth_provider: Option<AuthProvider>,
    pub exec: Option<Exec>,
}

/// A method of authentication that client-go has, or had, built in.
#[derive(Default, Clone)]
pub struct AuthProvider {
    pub name: String,
    /// The provider's own fields, tokens among them.
    pub config: BTreeMap<String, String>,
    /// The file that the user is in, and the user's name there: renewed tokens are written to it.
    pub origin: (PathBuf, String),
}

/// An exec plugin: a program that returns credentials.
#[derive(Default, Clone)]
pub struct Exec {
    pub command: OsString,
    pub args: Vec<String>,
    pub env: Vec<EnvVar>,
    pub api_version: String,
    pub install_hint: String,
    pub provide_cluster_info: bool,
    pub interactive_mode: String,
}

/// An environment variable for an exec plugin.
#[derive(Default, Clone)]
pub struct EnvVar {
    pub name: String,
    pub value: String,
}

/// A cluster, a user and a namespace. An empty field is not set.
#[derive(Default, Clone)]
pub struct Context {
    pub cluster: String,
    pub user: String,
    pub namespace: String,
}

impl File {
    /// Returns the cluster of that name.
    pub fn cluster(&self, name: &str) -> Option<&Cluster> {
        find(&self.clusters, name)
    }

    /// Returns the user of that name.
    pub fn user(&self, name: &str) -> Option<&User> {
        find(&self.users, name)
    }

    /// Returns the context of that name.
    pub fn context(&self, name: &str) -> Option<&Context> {
        find(&self.contexts, name)
    }

    /// Adds the entries of `other` that `self` does not have: earlier files take precedence.
    pub(super) fn add(&mut self, other: Self) {
        add(&mut self.clusters, other.clusters);
        add(&mut self.users, other.users);
        add(&mut self.contexts, other.contexts);
        if self.current_context.is_empty() {
            self.current_context = other.current_context;
        }
    }

    /// Resolves the paths in the file at `path` relative to its directory, as clientcmd's `ResolveLocalPaths`, and
    /// records the file of each user, as its `LocationOfOrigin`.
    pub(super) fn locate(&mut self, path: &Path) {
        let base = path.parent().unwrap_or(Path::new("/"));
        let resolve = |path: &mut OsString| {
            if !path.is_empty() {
                *path = clean(&base.join(&*path));
            }
        };
        for Named { entry: cluster, .. } in &mut self.clusters {
            resolve(&mut cluster.certificate_authority);
        }
        for Named { name, entry: user } in &mut self.users {
            resolve(&mut user.client_certificate);
            resolve(&mut user.client_key);
            resolve(&mut user.token_file);
            // A bare command name is searched in PATH.
            if let Some(exec) = user.exec.as_mut().filter(|exec| exec.command.as_bytes().contains(&b'/')) {
                resolve(&mut exec.command);
            }
            if let Some(provider) = &mut user.auth_provider {
                provider.origin = (path.to_owned(), name.clone());
            }
        }
    }

    /// Returns `true` if the file contains credentials.
    pub(super) fn holds_secrets(&self) -> bool {
        self.users.iter().any(|Named { entry: user, .. }| {
            let fields = [&user.token, &user.password, &user.client_key_data];
            let tokens = user.auth_provider.iter().flat_map(|provider| {
                ["id-token", "refresh-token", "client-secret"].into_iter().filter_map(|name| provider.config.get(name))
            });
            fields.into_iter().chain(tokens).any(|text| !text.is_empty())
        })
    }

    /// Returns a name that occurs twice in one list, and the list.
    pub(super) fn duplicate(&self) -> Option<(&str, &'static str)> {
        twice(&self.clusters)
            .map(|name| (name, "clusters"))
            .or_else(|| twice(&self.users).map(|name| (name, "users")))
            .or_else(|| twice(&self.contexts).map(|name| (name, "contexts")))
    }
}

fn find<'a, T>(list: &'a [Named<T>], name: &str) -> Option<&'a T> {
    list.iter().find(|named| named.name == name).map(|named| &named.entry)
}

fn add<T>(list: &mut Vec<Named<T>>, others: Vec<Named<T>>) {
    for other in others {
        if find(list, &other.name).is_none() {
            list.push(other);
        }
    }
}

fn twice<T>(list: &[Named<T>]) -> Option<&str> {
    let mut seen = std::collections::BTreeSet::new();
    list.iter().map(|named| &*named.name).find(|name| !seen.insert(*name))
}
