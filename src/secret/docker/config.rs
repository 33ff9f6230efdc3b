//! Reads docker's own configuration: which registries it has credentials for, and which programs keep them.

use serde_json::Value as Json;

use super::{DEFAULT_SERVER, Entry};
use crate::Object;

/// A `config.json` of docker.
pub struct Config(Object);

impl Config {
    /// Parses a file.
    ///
    /// # Errors
    /// What is wrong with it, behind its name.
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

    fn keys(&self, map: &str) -> impl Iterator<Item = &str> {
        self.0.json()[map].as_object().into_iter().flatten().map(|(key, _)| key.as_str())
    }

    /// Returns the registries that it names, as it spells them, in order.
    pub fn servers(&self) -> Vec<String> {
        let mut servers = self.keys("auths").map(str::to_owned).collect::<Vec<_>>();
        for helped in self.keys("credHelpers") {
            if !servers.iter().any(|server| host(server) == host(helped)) {
                servers.push(helped.to_owned());
            }
        }
        servers.sort_unstable();
        servers
    }

    /// Returns the names by which it knows a registry: that one, or all of that host. If it has none, and a program may
    /// keep its credentials, returns the name that docker would ask the program for.
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

    /// Returns the last part of the name of the program that keeps the credentials of a registry: `ecr-login` of
    /// `docker-credential-ecr-login`.
    pub fn helper(&self, server: &str) -> Option<&str> {
        let helpers = self.0.json()["credHelpers"].as_object().into_iter().flatten();
        let helper = helpers.filter(|(key, _)| host(key) == host(server)).find_map(|(_, helper)| helper.as_str());
        helper.or_else(|| self.0.json()["credsStore"].as_str()).filter(|helper| !helper.is_empty())
    }

    /// Returns what the file itself has for a registry that it names, or `None`.
    ///
    /// # Errors
    /// [`Entry::read`]'s.
    pub fn entry(&self, server: &str) -> Result<Option<Entry>, String> {
        Entry::read(server, &self.0.json()["auths"][server])
    }
}

/// Returns the host of a registry, with its port, however it is spelled.
pub fn host(server: &str) -> &str {
    let bare = server.strip_prefix("https://").or_else(|| server.strip_prefix("http://")).unwrap_or(server);
    match bare.split('/').next().unwrap_or_default() {
        "docker.io" | "registry-1.docker.io" => "index.docker.io",
        host => host,
    }
}
