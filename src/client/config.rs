//! A complete configuration, resolved from flags, kubeconfig files and a pod's environment. No network.

use std::{ffi::OsStr, path::Path, time::Duration};

use super::{
    in_cluster,
    kubeconfig::{Cluster, Context as ContextEntry, Kubeconfig, User},
    limits,
    overrides::{self, non_empty},
    settings::Settings,
    usable,
};
use crate::failure::{Failure, Result};
use environment::{Env, InUse};
use go::{duration, quote::quote};

/// kubectl's server if neither flags nor kubeconfig name one.
const DEFAULT_SERVER: &str = "http://localhost:8080";

/// Standard input, as far as an exec plugin may use it.
#[derive(Clone, Default)]
pub(crate) struct Input {
    /// Whether it is a terminal.
    pub terminal: bool,
    /// Whether manifests are read from it.
    pub in_use: InUse,
}

/// A resolved configuration. Holds tokens and keys: no `Debug`.
pub(crate) struct Config {
    /// Scheme, host and port, and the path below which the API is, if there is one.
    pub(crate) server: http::Uri,
    /// Whether no server is configured, so that `server` is kubectl's default.
    pub(crate) nothing_configured: bool,
    pub(crate) namespace: String,
    pub(crate) namespace_given: bool,
    pub(crate) cluster: Cluster,
    pub(crate) user: User,
    pub(crate) timeout: Option<Duration>,
    /// Whether `--request-timeout` was given. Then it is the only limit, and 0 means none.
    pub(crate) timeout_given: bool,
    pub(crate) disable_compression: bool,
    pub(crate) proxy: Option<super::proxy::Proxy>,
    /// The environment, for exec plugins and for the paths in flags.
    pub(crate) env: Env,
    /// Standard input for exec plugins; not used unless the caller provides it.
    pub(crate) input: Input,
    /// Whether an exec plugin may run.
    pub(crate) runs_plugins: bool,
    /// Whether an id-token that has expired is replaced by a new one.
    pub(crate) renews: bool,
    /// Warnings for the user, shown as `warning: TEXT`.
    pub warnings: Vec<String>,
}

impl Config {
    /// Resolves the configuration as kubectl does: flags take precedence over the context of the merged kubeconfig; the
    /// service account of a pod is used if neither names a server.
    ///
    /// # Errors
    /// kubectl's lines about contexts, users and clusters that do not exist, contradictory credentials, malformed
    /// timeouts and unreadable files.
    pub fn resolve(settings: &Settings, env: &Env) -> Result<Self> {
        Self::resolve_in(settings, env, Path::new(in_cluster::SERVICE_ACCOUNT))
    }

    /// Does [`Config::resolve`] with another directory for the pod's service account.
    fn resolve_in(settings: &Settings, env: &Env, service_account: &Path) -> Result<Self> {
        let Kubeconfig { file, mut warnings } = Kubeconfig::load(settings.kubeconfig.as_deref(), env)?;
        let required = non_empty(&settings.context);
        let context_name = required.unwrap_or(&file.current_context);
        let found = file.context(context_name);
        if found.is_none() && !context_name.is_empty() {
            return Err(Failure::line(format!(
                "Error in configuration: context was not found for specified context: {context_name}"
            )));
        }
        let mut context = found.cloned().unwrap_or_default();
        let explicit = context.namespace.clone();
        overrides::of_context(&mut context, settings);

        if non_empty(&settings.cluster).is_some() && file.cluster(&context.cluster).is_none() {
            return Err(Failure::local(format_args!("no server found for cluster {}", quote(&context.cluster))));
        }
        let mut cluster = file.cluster(&context.cluster).cloned().unwrap_or_default();
        let mut user = file.user(&context.user).cloned().unwrap_or_default();
        let dangling = if found.is_some() { dangling(&file, &context, context_name) } else { None };
        overrides::of_cluster(&mut cluster, settings);
        overrides::of_user(&mut user, settings);

        let mut nothing_configured = cluster.server.is_empty();
        if nothing_configured {
            let master = env.non_empty("KUBERNETES_MASTER");
            nothing_configured = master.is_none();
            cluster.server = master.unwrap_or(DEFAULT_SERVER).to_owned();
        }
        usable::confirm(&context, &cluster, &user, env)?;
        if non_empty(&settings.user).is_some() && file.user(&context.user).is_none() {
            return Err(Failure::local(format_args!("auth info {} does not exist", quote(&context.user))));
        }
        let timeout = match non_empty(&settings.request_timeout) {
            Some(text) => duration::request_timeout(text).map_err(Failure::local)?,
            None => None,
        };

        let mut namespace = context.namespace.clone();
        let namespace_given = non_empty(&settings.namespace).is_some();
        if nothing_configured && in_cluster::possible(env, service_account) {
            // client-go uses the service account only if nothing else is configured.
            let pod = in_cluster::load(env, service_account)?;
            nothing_configured = false;
            cluster = pod.cluster;
            overrides::of_cluster(&mut cluster, settings);
            if user.token.is_empty() {
                user.token_file = pod.token_file;
            }
            if !namespace_given && explicit.is_empty() {
                namespace = pod.namespace;
            }
        }
        if let Some(warning) = dangling {
            warnings.push(warning);
        }
        if namespace.is_empty() {
            namespace = "default".to_owned();
        }
        let server = server_uri(&cluster.server)?;
        let secure = server.scheme_str() == Some("https");
        if !secure {
            // Why: client-go uses no credentials with plain HTTP. A token must not be sent unencrypted.
            if user.has_credentials() {
                warnings.push("credentials are not sent over plain http".to_owned());
            }
            user.forget_credentials();
        } else if cluster.insecure_skip_tls_verify && non_empty_ca(&cluster) {
            return Err(Failure::local("specifying a root certificates file with the insecure flag is not allowed"));
        }
        let proxy = super::proxy::choose(&server, &cluster.proxy_url, env).map_err(|reason| {
            Failure::local(format_args!("invalid 'proxy-url' for cluster {}: {reason}", quote(&context.cluster)))
        })?;
        let disable_compression = cluster.disable_compression;
        Ok(Self {
            server,
            nothing_configured,
            namespace,
            namespace_given,
            cluster,
            user,
            timeout,
            timeout_given: non_empty(&settings.request_timeout).is_some(),
            disable_compression,
            proxy,
            env: env.clone(),
            input: Input::default(),
            runs_plugins: true,
            renews: true,
            warnings,
        })
    }

    /// Returns `true` if TLS is used, with the server or with a proxy.
    pub(crate) fn needs_tls(&self) -> bool {
        let proxy = self.proxy.as_ref().is_some_and(|proxy| proxy.protocol == super::proxy::Protocol::Https);
        proxy || self.server.scheme_str() == Some("https")
    }
}

/// Returns a warning about a context whose cluster or user does not exist. kubectl silently goes on without it.
fn dangling(file: &super::kubeconfig::File, context: &ContextEntry, name: &str) -> Option<String> {
    if !context.cluster.is_empty() && file.cluster(&context.cluster).is_none() {
        return Some(format!(
            "context {} names cluster {}, which is not in the kubeconfig",
            quote(name),
            quote(&context.cluster)
        ));
    }
    if !context.user.is_empty() && file.user(&context.user).is_none() {
        return Some(format!(
            "context {} names user {}, which is not in the kubeconfig",
            quote(name),
            quote(&context.user)
        ));
    }
    None
}

fn non_empty_ca(cluster: &Cluster) -> bool {
    !cluster.certificate_authority.is_empty() || !cluster.certificate_authority_data.is_empty()
}

/// Parses a server's address as client-go's `DefaultServerURL` does: a URL, or `host:port`, which means plain HTTP.
fn server_uri(text: &str) -> Result<http::Uri> {
    let bad = || Failure::local(format_args!("host must be a URL or a host:port pair: {}", quote(text)));
    // Query and fragment are ignored.
    let base = text.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let whole = if base.contains("://") { base.to_owned() } else { format!("http://{base}") };
    let uri: http::Uri = whole.parse().map_err(|_| bad())?;
    if !base.contains("://") && uri.path() != "/" {
        return Err(bad());
    }
    match uri.scheme_str() {
        _ if uri.host().is_none_or(str::is_empty) => Err(bad()),
        // Why: a user and password in a URL would appear in logs and errors.
        _ if uri.authority().is_some_and(|a| a.as_str().contains('@')) => {
            Err(Failure::local("credentials in the server's URL are not supported")
                .hint("use --username and --password, or a token"))
        }
        Some("http" | "https") => Ok(uri),
        Some(other) => {
            Err(Failure::line(format!("Unable to connect to the server: unsupported protocol scheme {}", quote(other))))
        }
        None => Err(bad()),
    }
}

/// Reads a file that a flag or a kubeconfig names; a relative path is resolved against the working directory.
pub(crate) fn read_file(env: &Env, path: &OsStr) -> Result<Vec<u8>> {
    env.read_file(path, limits::FILE)
        .map_err(|error| Failure::local(format_args!("open {}: {}", path.display(), go::errno::text(&error))))
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Config {
        fn namespace(&self) -> (&str, bool) {
            (&self.namespace, self.namespace_given)
        }
    }

    struct Home(tempfile::TempDir);

    impl Home {
        fn new(kubeconfig: &str) -> Self {
            let home = tempfile::tempdir().expect("a directory");
            let path = home.path().join("config");
            std::fs::write(&path, kubeconfig).expect("a kubeconfig");
            std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("a mode");
            Self(home)
        }

        fn env(&self, vars: &[(&str, &str)]) -> Env {
            let vars = vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            let list = ("KUBECONFIG".to_owned(), "config".to_owned());
            Env::made([list].into_iter().chain(vars), self.0.path().to_owned())
        }

        fn resolve(&self, settings: &Settings) -> Result<Config> {
            Config::resolve(settings, &self.env(&[]))
        }

        fn error(&self, settings: &Settings) -> String {
            self.resolve(settings).err().map(|error| error.words().line).unwrap_or_default()
        }
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    const TWO: &str = "\
clusters:
- {name: a, cluster: {server: https://a:6443/, tls-server-name: a.example, insecure-skip-tls-verify: true}}
- {name: b, cluster: {server: 'https://b/path?x#y', certificate-authority-data: Q0E=}}
users:
- {name: u, user: {token: one}}
- {name: v, user: {tokenFile: two, as: boss, as-groups: [g]}}
contexts:
- {name: x, context: {cluster: a, user: u, namespace: team}}
- {name: 'y', context: {cluster: b, user: v}}
- {name: lost, context: {cluster: nowhere, user: nobody}}
current-context: x
";

    #[test]
    fn takes_the_context_in_use() {
        let config = Home::new(TWO).resolve(&Settings::default()).expect("a configuration");
        assert_eq!(config.server, "https://a:6443/");
        assert_eq!(config.namespace(), ("team", false));
        assert_eq!((config.cluster.tls_server_name.as_str(), config.user.token.as_str()), ("a.example", "one"));
        assert!(config.cluster.insecure_skip_tls_verify && !config.nothing_configured);
    }

    #[test]
    fn flags_are_stronger() {
        let home = Home::new(TWO);
        let other = Settings { context: some("y"), namespace: some("n"), ..Settings::default() };
        let config = home.resolve(&other).expect("a configuration");
        assert_eq!((config.server.to_string().as_str(), config.namespace()), ("https://b/path", ("n", true)));
        assert_eq!(config.user.as_groups, ["g"]);
        assert!(Path::new(&config.user.token_file).ends_with("two"));

        let mixed = Settings { cluster: some("b"), token: some("three"), ..Settings::default() };
        let config = home.resolve(&mixed).expect("a configuration");
        assert_eq!((config.server.host(), config.user.token.as_str()), (Some("b"), "three"));

        // Another server is not the one that the name is for, another trust puts the old one aside.
        let moved = Settings { server: some("https://c"), ..Settings::default() };
        assert_eq!(home.resolve(&moved).expect("a configuration").cluster.tls_server_name, "");
        let insecure = Settings { context: some("y"), insecure_skip_tls_verify: Some(true), ..Settings::default() };
        let cluster = home.resolve(&insecure).expect("a configuration").cluster;
        assert!(cluster.insecure_skip_tls_verify && cluster.certificate_authority_data.is_empty());
    }

    #[test]
    fn says_in_kubectl_s_words_what_is_missing() {
        let home = Home::new(TWO);
        let with = |change: fn(&mut Settings)| {
            let mut settings = Settings::default();
            change(&mut settings);
            home.error(&settings)
        };
        assert_eq!(
            with(|s| s.context = some("z")),
            "Error in configuration: context was not found for specified context: z"
        );
        assert_eq!(with(|s| s.cluster = some("z")), "error: no server found for cluster \"z\"");
        assert_eq!(with(|s| s.user = some("z")), "error: auth info \"z\" does not exist");
        // Go's escapes, not Rust's.
        assert_eq!(
            with(|s| s.user = some("\u{7}\u{7f}\u{200b}'")),
            r#"error: auth info "\a\x7f\u200b'" does not exist"#
        );
        assert_eq!(
            with(|s| s.username = some("me")),
            "error: more than one authentication method found for u; found [token basicAuth], only one is allowed"
        );
        assert_eq!(
            with(|s| s.as_groups = vec!["g".into()]),
            "error: requesting uid, groups or user-extra for u without impersonating a user"
        );
        assert_eq!(
            with(|s| s.client_certificate = Some("c".into())),
            "Error in configuration: \n* client-key-data or client-key must be specified for u to use the clientCert \
             authentication method.\n* unable to read client-cert c for u due to open c: no such file or directory"
        );
        assert_eq!(
            with(|s| s.certificate_authority = Some("ca".into())),
            "error: unable to read certificate-authority ca for a due to open ca: no such file or directory"
        );
        assert!(with(|s| s.request_timeout = some("abc")).starts_with("error: Invalid timeout value."));
        assert_eq!(
            with(|s| s.server = some("foo://h")),
            "Unable to connect to the server: unsupported protocol scheme \"foo\""
        );
        assert_eq!(
            with(|s| s.server = some("host/path")),
            "error: host must be a URL or a host:port pair: \"host/path\""
        );
        assert!(!with(|s| s.server = some("https://me:s3cr3t@h")).contains("s3cr3t"));
        // A context that points nowhere is used as far as it goes.
        let lost = Settings { context: some("lost"), ..Settings::default() };
        let config = home.resolve(&lost).expect("a configuration");
        assert_eq!(config.server, "http://localhost:8080/");
        assert_eq!(config.warnings, ["context \"lost\" names cluster \"nowhere\", which is not in the kubeconfig"]);
    }

    #[test]
    fn a_current_context_that_is_gone_is_an_error() {
        assert_eq!(
            Home::new("current-context: gone").error(&Settings::default()),
            "Error in configuration: context was not found for specified context: gone"
        );
    }

    fn service_account() -> tempfile::TempDir {
        let directory = tempfile::tempdir().expect("a directory");
        for (name, text) in [("token", "pod-token"), ("namespace", "pod-ns\n"), ("ca.crt", "CA")] {
            std::fs::write(directory.path().join(name), text).expect("a file");
        }
        directory
    }

    const POD: [(&str, &str); 2] = [("KUBERNETES_SERVICE_HOST", "fd00::1"), ("KUBERNETES_SERVICE_PORT", "443")];

    #[test]
    fn a_pod_uses_its_service_account() {
        let (home, pod) = (Home::new(""), service_account());
        let resolve = |settings: &Settings, vars| Config::resolve_in(settings, &home.env(vars), pod.path());
        let config = resolve(&Settings::default(), &POD).expect("a configuration");
        assert_eq!(config.server, "https://[fd00::1]:443/");
        assert_eq!(config.namespace(), ("pod-ns", false));
        assert!(Path::new(&config.cluster.certificate_authority).ends_with("ca.crt"));
        let token = config.user.bearer_token(&config.env).expect("a token").expect("a token");
        assert_eq!(token.as_str(), "pod-token");

        let named = Settings { namespace: some("n"), token: some("t"), ..Settings::default() };
        let config = resolve(&named, &POD).expect("a configuration");
        assert_eq!((config.namespace(), config.user.token.as_str()), (("n", true), "t"));
        // Outside of a pod, or with a server named, there is no service account.
        assert!(resolve(&Settings::default(), &[]).expect("a configuration").nothing_configured);
        let server = Settings { server: some("https://s"), ..Settings::default() };
        assert_eq!(resolve(&server, &POD).expect("a configuration").server, "https://s/");
    }

    #[test]
    fn a_namespace_of_a_pod_that_has_no_end_is_not_read() {
        let (home, pod) = (Home::new(""), service_account());
        let path = pod.path().join("namespace");
        let namespace = || {
            let config = Config::resolve_in(&Settings::default(), &home.env(&POD), pod.path());
            config.expect("a configuration").namespace().0.to_owned()
        };
        std::fs::write(&path, "n".repeat(5000)).expect("a file");
        assert_eq!(namespace(), "default");
        std::fs::remove_file(&path).expect("removed");
        std::os::unix::fs::symlink("/dev/zero", &path).expect("a link");
        assert_eq!(namespace(), "default");
        std::fs::remove_file(&path).expect("removed");
        assert!(std::process::Command::new("mkfifo").arg(&path).status().is_ok_and(|made| made.success()));
        assert_eq!(namespace(), "default");
    }

    #[test]
    fn kubernetes_master_names_the_default_server() {
        let env = Home::new("").env(&[("KUBERNETES_MASTER", "http://m:1")]);
        let config = Config::resolve(&Settings::default(), &env).expect("a configuration");
        assert_eq!(config.server, "http://m:1/");
        assert!(!config.nothing_configured);
    }
}
