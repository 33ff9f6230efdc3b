//! The members of a kubeconfig in Go's order (`clientcmd/api/v1`).

/// The members of a whole file.
pub(super) static CONFIG: &[&str] =
    &["kind", "apiVersion", "preferences", "clusters", "users", "contexts", "current-context", "extensions"];
static PREFERENCES: &[&str] = &["colors", "extensions"];
static NAMED_CLUSTER: &[&str] = &["name", "cluster"];
static NAMED_USER: &[&str] = &["name", "user"];
static NAMED_CONTEXT: &[&str] = &["name", "context"];
static NAMED_EXTENSION: &[&str] = &["name", "extension"];
static CLUSTER: &[&str] = &[
    "server",
    "tls-server-name",
    "insecure-skip-tls-verify",
    "certificate-authority",
    "certificate-authority-data",
    "proxy-url",
    "disable-compression",
    "extensions",
];
static USER: &[&str] = &[
    "client-certificate",
    "client-certificate-data",
    "client-key",
    "client-key-data",
    "token",
    "tokenFile",
    "as",
    "as-uid",
    "as-groups",
    "as-user-extra",
    "username",
    "password",
    "auth-provider",
    "exec",
    "extensions",
];
static CONTEXT: &[&str] = &["cluster", "user", "namespace", "extensions"];
static AUTH_PROVIDER: &[&str] = &["name", "config"];
static EXEC: &[&str] =
    &["command", "args", "env", "apiVersion", "installHint", "provideClusterInfo", "interactiveMode"];
static EXEC_ENV: &[&str] = &["name", "value"];

/// Returns the list of the Go struct that is the member `name` of the struct `fields`.
pub(super) fn struct_of(fields: &'static [&'static str], name: &str) -> &'static [&'static str] {
    match name {
        "preferences" if std::ptr::eq(fields, CONFIG) => PREFERENCES,
        "clusters" if std::ptr::eq(fields, CONFIG) => NAMED_CLUSTER,
        "users" if std::ptr::eq(fields, CONFIG) => NAMED_USER,
        "contexts" if std::ptr::eq(fields, CONFIG) => NAMED_CONTEXT,
        "cluster" if std::ptr::eq(fields, NAMED_CLUSTER) => CLUSTER,
        "user" if std::ptr::eq(fields, NAMED_USER) => USER,
        "context" if std::ptr::eq(fields, NAMED_CONTEXT) => CONTEXT,
        "auth-provider" if std::ptr::eq(fields, USER) => AUTH_PROVIDER,
        "exec" if std::ptr::eq(fields, USER) => EXEC,
        "env" if std::ptr::eq(fields, EXEC) => EXEC_ENV,
        "extensions" if [CONFIG, PREFERENCES, CLUSTER, USER, CONTEXT].iter().any(|of| std::ptr::eq(fields, *of)) => {
            NAMED_EXTENSION
        }
        _ => &[],
    }
}
