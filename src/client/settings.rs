//! The flags about the server: kubectl's global flags.

use std::{collections::BTreeMap, ffi::OsString, fmt};

/// The connection flags as typed; `None` for a flag that was not given. [`super::connect`] resolves them.
#[derive(Clone, Default)]
pub struct Settings {
    /// `--kubeconfig`: this file alone, and it must exist.
    pub kubeconfig: Option<OsString>,
    /// `--context`.
    pub context: Option<String>,
    /// `--cluster`.
    pub cluster: Option<String>,
    /// `--user`.
    pub user: Option<String>,
    /// `-n`, `--namespace`.
    pub namespace: Option<String>,
    /// `-s`, `--server`.
    pub server: Option<String>,
    /// `--token`.
    pub token: Option<String>,
    /// `--username`.
    pub username: Option<String>,
    /// `--password`.
    pub password: Option<String>,
    /// `--certificate-authority`.
    pub certificate_authority: Option<OsString>,
    /// `--client-certificate`.
    pub client_certificate: Option<OsString>,
    /// `--client-key`.
    pub client_key: Option<OsString>,
    /// `--insecure-skip-tls-verify`.
    pub insecure_skip_tls_verify: Option<bool>,
    /// `--tls-server-name`.
    pub tls_server_name: Option<String>,
    /// `--proxy-url`.
    pub proxy_url: Option<String>,
    /// `--as`.
    pub as_user: Option<String>,
    /// `--as-group`, as often as it was given.
    pub as_groups: Vec<String>,
    /// `--as-uid`.
    pub as_uid: Option<String>,
    /// `--as-user-extra`: keys and values, as often as it was given.
    pub as_user_extra: Vec<(String, String)>,
    /// `--request-timeout`.
    pub request_timeout: Option<String>,
    /// `--disable-compression`.
    pub disable_compression: Option<bool>,
}

impl Settings {
    /// Returns `--as-user-extra` by key.
    pub(crate) fn user_extra(&self) -> BTreeMap<String, Vec<String>> {
        let mut extra = BTreeMap::<_, Vec<String>>::new();
        for (key, value) in &self.as_user_extra {
            extra.entry(key.clone()).or_default().push(value.clone());
        }
        extra
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Why: tokens and passwords are among them.
        f.write_str("Settings(..)")
    }
}
