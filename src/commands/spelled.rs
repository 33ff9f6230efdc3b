//! Command lines that are printed for the user to paste.

use std::{borrow::Cow, ffi::OsString};

use crate::cli::flags::ConnectionFlags;

/// Quotes a word for a shell, if necessary.
pub fn quoted(word: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=,@%+".contains(&byte);
    if !word.is_empty() && word.bytes().all(is_plain) { word.into() } else { shell_words::quote(word) }
}

/// Returns the flags that select the server, quoted. Invariant: no credential is among them.
pub fn server(flags: &ConnectionFlags) -> Vec<String> {
    let path = |path: &Option<OsString>| path.as_ref().map(|path| path.to_string_lossy().into_owned());
    let given = [
        ("local", path(&flags.place.local)),
        ("kubeconfig", path(&flags.place.kubeconfig)),
        ("context", flags.place.context.clone()),
        ("cluster", flags.rare.cluster.clone()),
        ("user", flags.rare.user.clone()),
        ("server", flags.rare.server.clone()),
    ];
    let spelled = |(flag, value): (&str, Option<String>)| match value?.as_str() {
        "" if flag == "local" => Some("--local".to_owned()),
        value => Some(format!("--{flag}={}", quoted(value))),
    };
    given.into_iter().filter_map(spelled).collect()
}
