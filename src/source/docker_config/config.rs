//! Reads docker's `config.json`: the registries that it has credentials for, and the credential helpers that it names.

use serde_json::Value as Json;

use crate::secret::{
    Object,
    docker::{DEFAULT_SERVER, Entry},
};

/// The content of a `config.json`.
pub struct Config(Object);

impl Config {
    /// Parses a file.
    ///
    /// # Errors
    /// What is wrong with the file; the caller puts its name before it.
    pub fn parse(text: &[u8]) -> Result<Self, &'static str> {
        let json = serde_json::from_slice::<Json>(text).map(Object::new).map_err(|_| "is not valid JSON")?;
        if !json.json().is_object() {
            return Err("is not a JSON object");
        }
        for (name, problem) in
            [("auths", "has auths that are no object"), ("credHelpers", "has credHelpers that are no object")]
        {
            if !matches!(&json.json()[name], Json::Null | Json::Object(_)) {
                return Err(problem);
            }
        }
        Ok(Self(json))
    }

    /// Returns the registries that it names, spelled as in the file, in order.
    pub fn servers(&self) -> Vec<String> {
        let mut servers = Vec::new();
        for map in ["auths", "credHelpers"] {
            for (key, _) in self.0.json()[map].as_object().into_iter().flatten() {
                if map == "auths" || !servers.iter().any(|server: &String| host(server) == host(key)) {
                    servers.push(key.clone());
                }
            }
        }
        servers.sort_unstable();
        servers
    }

    /// Returns the names under which it has a registry: the same name, or all names with the same host. If it has none
    /// and names a credential store, returns the name that docker would ask the store for.
    pub fn find(&self, registry: &str) -> Vec<String> {
        let servers = self.servers();
        if servers.iter().any(|server| server == registry) {
            return vec![registry.to_owned()];
        }
        let same = servers.into_iter().filter(|server| host(server) == host(registry)).collect::<Vec<_>>();
        if same.is_empty() && self.helper(registry).is_some() {
            let hub = host(registry) == host(DEFAULT_SERVER);
            return vec![if hub { DEFAULT_SERVER } else { registry }.to_owned()];
        }
        same
    }

    /// Returns the credential helper of a registry, as the last part of the program's name: `ecr-login` of
    /// `docker-credential-ecr-login`.
    pub fn helper(&self, server: &str) -> Option<&str> {
        let helpers = self.0.json()["credHelpers"].as_object().into_iter().flatten();
        let helper = helpers.filter(|(key, _)| host(key) == host(server)).find_map(|(_, helper)| helper.as_str());
        helper.or_else(|| self.0.json()["credsStore"].as_str()).filter(|helper| !helper.is_empty())
    }

    /// Returns the credentials that the file itself has for a registry that it names, or `None`.
    ///
    /// # Errors
    /// [`Entry::read`]'s.
    pub fn entry(&self, server: &str) -> Result<Option<Entry>, String> {
        Entry::read(server, &self.0.json()["auths"][server])
    }
}

/// Returns the host and port of a registry, whichever way its name is spelled.
pub fn host(server: &str) -> &str {
    let bare = server.strip_prefix("https://").or_else(|| server.strip_prefix("http://")).unwrap_or(server);
    match bare.split('/').next().unwrap_or_default() {
        "docker.io" | "registry-1.docker.io" => "index.docker.io",
        host => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_registry_however_it_is_spelled() {
        let config = |json: serde_json::Value| Config::parse(json.to_string().as_bytes()).map_err(str::to_owned);
        let known = config(serde_json::json!({
            "auths": {"https://index.docker.io/v1/": {}, "https://ghcr.io": {}, "r.example:5000": {}, "r.example/a": {}, "r.example/b": {}},
            "credHelpers": {"gcr.io": "gcloud", "ghcr.io": "gh"}
        }))
        .unwrap();
        for (registry, found) in [
            ("docker.io", &["https://index.docker.io/v1/"][..]),
            ("index.docker.io", &["https://index.docker.io/v1/"]),
            ("ghcr.io", &["https://ghcr.io"]),
            ("https://ghcr.io/", &["https://ghcr.io"]),
            ("r.example:5000", &["r.example:5000"]),
            ("r.example", &["r.example/a", "r.example/b"]),
            ("r.example/a", &["r.example/a"]),
            ("gcr.io", &["gcr.io"]),
            ("example", &[]),
            ("", &[]),
        ] {
            assert_eq!(known.find(registry), found, "{registry}");
        }
        assert_eq!(
            known.servers(),
            [
                "gcr.io",
                "https://ghcr.io",
                "https://index.docker.io/v1/",
                "r.example/a",
                "r.example/b",
                "r.example:5000"
            ]
        );
        assert_eq!((known.helper("https://ghcr.io"), known.helper("r.example:5000")), (Some("gh"), None));
        // A credential store may have any registry.
        let stored = config(serde_json::json!({"credsStore": "desktop"})).unwrap();
        assert_eq!(stored.find("docker.io"), ["https://index.docker.io/v1/"]);
        assert_eq!(stored.find("quay.io"), ["quay.io"]);
        assert_eq!((stored.helper("quay.io"), stored.servers().len()), (Some("desktop"), 0));
        for (text, says) in [
            ("hunter2", "is not valid JSON"),
            ("[]", "is not a JSON object"),
            (r#"{"auths":[]}"#, "has auths that are no object"),
            (r#"{"credHelpers":"x"}"#, "has credHelpers that are no object"),
        ] {
            assert_eq!(Config::parse(text.as_bytes()).map(drop), Err(says));
        }
    }
}
