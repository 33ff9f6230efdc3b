//! The kubeconfig of a running server.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::certificates::Certificates;

/// Returns the kubeconfig: two contexts on one cluster, `ksecret`, which uses the token and is current, and
/// `ksecret-certificate`.
pub fn text(url: &str, certificates: &Certificates, token: &str) -> String {
    let authority = STANDARD.encode(&certificates.authority);
    let certificate = STANDARD.encode(&certificates.admin);
    let key = STANDARD.encode(&certificates.admin_key);
    format!(
        "apiVersion: v1
kind: Config
clusters:
- name: ksecret
  cluster:
    certificate-authority-data: {authority}
    server: {url}
contexts:
- name: ksecret
  context:
    cluster: ksecret
    user: ksecret
- name: ksecret-certificate
  context:
    cluster: ksecret
    user: ksecret-certificate
current-context: ksecret
preferences: {{}}
users:
- name: ksecret
  user:
    token: {token}
- name: ksecret-certificate
  user:
    client-certificate-data: {certificate}
    client-key-data: {key}
"
    )
}

/// Returns `true` if `text` begins as [`text()`] does.
pub fn is_ours(text: &str) -> bool {
    text.starts_with("apiVersion: v1\nkind: Config\nclusters:\n- name: ksecret\n")
}
