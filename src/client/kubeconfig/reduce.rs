//! The options of `config view`: client-go's `MinifyConfig`, `FlattenConfig`, `RedactSecrets` and `ShortenConfig`.

use std::path::Path;

use serde_json::Value as Json;

use super::{
    list::List,
    merged::{Entry, Merged},
};
use crate::failure::{Failure, Result};
use environment::Env;
use secret::wipe;

/// The text that replaces a token or a password.
const REDACTED: &str = "REDACTED";
/// The text that replaces a certificate or a key.
const OMITTED: &str = "DATA+OMITTED";

impl Merged {
    /// Removes everything that the current context does not use.
    ///
    /// # Errors
    /// If there is no current context, or it names a cluster or user that does not exist.
    pub fn minify(&mut self) -> Result<()> {
        if self.current_context.is_empty() {
            return Err(Failure::local("current-context must exist in order to minify"));
        }
        let current = self.current_context.clone();
        let Some(context) = self.list(List::Contexts).get(&current) else {
            return Err(Failure::local(format_args!("cannot locate context {current}")));
        };
        let (cluster, user) = (context.text("cluster").to_owned(), context.text("user").to_owned());
        for (list, wanted) in [(List::Contexts, current), (List::Clusters, cluster), (List::Users, user)] {
            let entries = self.list_mut(list);
            if !wanted.is_empty() && !entries.contains_key(&wanted) {
                return Err(Failure::local(format_args!("cannot locate {} {wanted}", list.field())));
            }
            entries.retain(|name, _| !wanted.is_empty() && *name == wanted);
        }
        Ok(())
    }

    /// Replaces paths by the content of their files.
    ///
    /// # Errors
    /// If a file cannot be read, or the content is there already.
    pub fn flatten(&mut self, env: &Env) -> Result<()> {
        for (list, fields) in
            [(List::Users, &["client-certificate", "client-key"][..]), (List::Clusters, &["certificate-authority"][..])]
        {
            for entry in self.list_mut(list).values_mut() {
                fields.iter().try_for_each(|field| entry.embed(field, env))?;
            }
        }
        Ok(())
    }

    /// Redacts tokens, passwords, keys and certificates, also those of auth providers, of exec plugins and in URLs,
    /// which kubectl shows.
    pub fn redact(&mut self) {
        for entry in self.list_mut(List::Users).values_mut() {
            for (field, shown) in [
                ("client-key-data", OMITTED),
                ("client-certificate-data", OMITTED),
                ("token", REDACTED),
                ("password", REDACTED),
            ] {
                entry.hide(field, shown);
            }
            let body = entry.body_mut();
            for (name, value) in
                body.pointer_mut("/auth-provider/config").and_then(Json::as_object_mut).into_iter().flatten()
            {
                if is_secret(name) {
                    hide(value, REDACTED);
                }
            }
            for variable in body.pointer_mut("/exec/env").and_then(Json::as_array_mut).into_iter().flatten() {
                if variable["name"].as_str().is_some_and(is_secret) {
                    hide(&mut variable["value"], REDACTED);
                }
            }
            redact_arguments(body.pointer_mut("/exec/args").and_then(Json::as_array_mut).into_iter().flatten());
        }
        for entry in self.list_mut(List::Clusters).values_mut() {
            entry.hide("certificate-authority-data", OMITTED);
            for field in ["server", "proxy-url"] {
                if let Some(url) = without_password(entry.text(field)) {
                    entry.set(field, url);
                }
            }
        }
    }
}

impl Entry {
    fn embed(&mut self, field: &str, env: &Env) -> Result<()> {
        let path = self.text(field).to_owned();
        if path.is_empty() {
            return Ok(());
        }
        let data = format!("{field}-data");
        if !self.text(&data).is_empty() {
            return Err(Failure::local("cannot have values for both path and contents"));
        }
        let base = self.origin().and_then(Path::parent).unwrap_or(Path::new(""));
        let whole = env.cwd().join(base).join(path);
        let content = super::read_embedded(&super::clean(&whole), env)?;
        self.set(&data, content.to_base64());
        self.unset(field);
        Ok(())
    }

    fn hide(&mut self, field: &str, shown: &str) {
        if let Some(value) = self.body_mut().get_mut(field) {
            hide(value, shown);
        }
    }
}

fn hide(value: &mut Json, shown: &str) {
    if value.as_str().is_some_and(|text| !text.is_empty()) {
        wipe(value);
        *value = shown.into();
    }
}

/// Returns `true` if a field, a variable or a flag of this name contains a secret: `id-token`, `AWS_SECRET_ACCESS_KEY`,
/// `--oidc-client-secret`.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with("token") || ["secret", "password", "passwd"].iter().any(|word| name.contains(word))
}

/// Redacts the values of flags, after `=` or in the next argument.
fn redact_arguments<'a>(arguments: impl Iterator<Item = &'a mut Json>) {
    let mut next = false;
    for argument in arguments {
        let text = argument.as_str().unwrap_or_default();
        let flag = text.starts_with('-');
        match text.split_once('=') {
            Some((name, value)) if flag && is_secret(name) && !value.is_empty() => {
                let shown = format!("{name}={REDACTED}");
                hide(argument, &shown);
                next = false;
            }
            _ if next && !flag => {
                hide(argument, REDACTED);
                next = false;
            }
            split => next = flag && split.is_none() && is_secret(text),
        }
    }
}

/// Returns the URL with its password redacted, or `None` if it has none.
fn without_password(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let (user, password) = authority.rsplit_once('@')?.0.split_once(':')?;
    let after = rest.get(user.len() + 1 + password.len()..)?;
    (!password.is_empty()).then(|| format!("{scheme}://{user}:{REDACTED}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_of_flags_are_hidden() {
        let mut arguments = [
            json!("get-token"),
            json!("--oidc-client-secret=s3cr3t"),
            json!("--token"),
            json!("s3cr3t"),
            json!("--password"),
            json!("--x"),
            json!("y"),
            json!("--secret="),
        ];
        redact_arguments(arguments.iter_mut());
        let shown: Vec<&str> = arguments.iter().filter_map(Json::as_str).collect();
        assert_eq!(
            shown,
            [
                "get-token",
                "--oidc-client-secret=REDACTED",
                "--token",
                "REDACTED",
                "--password",
                "--x",
                "y",
                "--secret="
            ]
        );
    }

    #[test]
    fn passwords_in_urls_are_hidden() {
        for (url, shown) in [
            ("https://u:s3cr3t@h:1/p?q#f", Some("https://u:REDACTED@h:1/p?q#f")),
            ("http://u:s3:cr@3t@h", Some("http://u:REDACTED@h")),
            ("https://u@h", None),
            ("https://u:@h", None),
            ("https://h/a:b@c", None),
            ("h:1", None),
        ] {
            assert_eq!(without_password(url).as_deref(), shown, "{url}");
        }
    }
}
