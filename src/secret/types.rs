//! The eight types of Secret that Kubernetes defines, and the keys that they require.

/// The companion of a Secret that `rotate` works on, which keeps its values before and after.
pub const ROTATION: &str = "ksecret/rotation";
/// Arbitrary data; the default of an empty type.
pub const OPAQUE: &str = "Opaque";
/// The token of a ServiceAccount, named by the annotation [`SERVICE_ACCOUNT_NAME`].
pub const SERVICE_ACCOUNT_TOKEN: &str = "kubernetes.io/service-account-token";
/// A serialized `~/.dockercfg`, the older form.
pub const DOCKERCFG: &str = "kubernetes.io/dockercfg";
/// A serialized `~/.docker/config.json`.
pub const DOCKERCONFIGJSON: &str = "kubernetes.io/dockerconfigjson";
/// User name and password.
pub const BASIC_AUTH: &str = "kubernetes.io/basic-auth";
/// A private key for SSH.
pub const SSH_AUTH: &str = "kubernetes.io/ssh-auth";
/// A certificate and its private key.
pub const TLS: &str = "kubernetes.io/tls";
/// A token for nodes that join; the API server does not check its keys.
pub const BOOTSTRAP_TOKEN: &str = "bootstrap.kubernetes.io/token";

/// All types, in the order of help and completion.
pub const ALL: [&str; 8] =
    [OPAQUE, BASIC_AUTH, BOOTSTRAP_TOKEN, DOCKERCFG, DOCKERCONFIGJSON, SERVICE_ACCOUNT_TOKEN, SSH_AUTH, TLS];

/// The annotation that a [`SERVICE_ACCOUNT_TOKEN`] must carry.
pub const SERVICE_ACCOUNT_NAME: &str = "kubernetes.io/service-account.name";

/// The key of a [`DOCKERCFG`].
pub const DOCKERCFG_KEY: &str = ".dockercfg";
/// The key of a [`DOCKERCONFIGJSON`].
pub const DOCKERCONFIGJSON_KEY: &str = ".dockerconfigjson";
/// The user name in a [`BASIC_AUTH`].
pub const USERNAME_KEY: &str = "username";
/// The password in a [`BASIC_AUTH`].
pub const PASSWORD_KEY: &str = "password";
/// The private key in an [`SSH_AUTH`].
pub const SSH_PRIVATE_KEY: &str = "ssh-privatekey";
/// The certificate chain in a [`TLS`].
pub const TLS_CERT_KEY: &str = "tls.crt";
/// The private key in a [`TLS`].
pub const TLS_PRIVATE_KEY: &str = "tls.key";

/// Returns the keys without which kube-apiserver refuses a Secret of this type. For a [`BASIC_AUTH`] one of the two is
/// enough.
pub fn required_keys(kind: &str) -> &'static [&'static str] {
    match kind {
        DOCKERCFG => &[DOCKERCFG_KEY],
        DOCKERCONFIGJSON => &[DOCKERCONFIGJSON_KEY],
        BASIC_AUTH => &[USERNAME_KEY, PASSWORD_KEY],
        SSH_AUTH => &[SSH_PRIVATE_KEY],
        TLS => &[TLS_CERT_KEY, TLS_PRIVATE_KEY],
        _ => &[],
    }
}
