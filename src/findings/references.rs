//! References to Secrets: where workloads, service accounts and ingresses name them, and what is wrong with that.

use secret::types;
use serde_json::Value as Json;

use super::{Finding, Remedy, Rule, Secret, rules::*};

/// Where a Secret is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The name of the Secret.
    pub secret: String,
    /// The path of the field that has the name.
    pub path: Vec<String>,
    /// Whether the Secret and its keys may be missing.
    pub is_optional: bool,
    /// How it is used.
    pub way: Way,
}

/// How a Secret is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// `secretKeyRef`: one key becomes a variable.
    Variable(String),
    /// `envFrom`: all keys become variables, with this prefix.
    Variables(String),
    /// A volume: these keys, each with the path of the field that names it, or all if there are none.
    Files(Vec<(String, Vec<String>)>),
    /// `imagePullSecrets`.
    ImagePull,
    /// `tls` of an Ingress.
    IngressTls,
    /// Another use, for which the Secret has to exist.
    Whole,
}

/// What is known of a Secret that is named. It holds no value.
#[derive(Debug, Clone, Default)]
pub struct Known {
    kind: String,
    /// The keys, and whether the value has a zero byte.
    keys: Vec<(String, bool)>,
}

impl Known {
    /// Returns what is known of a Secret.
    pub fn of(secret: &Secret<'_>) -> Self {
        let keys = secret.values().map(|(key, value)| (key.to_owned(), value.expose().contains(&0))).collect();
        Self { kind: secret.kind().to_owned(), keys }
    }

    fn has(&self, key: &str) -> bool {
        self.keys.iter().any(|(own, _)| own == key)
    }
}

/// How the specification of Pods is reached from an object of this kind; `None` if it has none.
fn pod_path(group: &str, kind: &str) -> Option<&'static [&'static str]> {
    Some(match (group, kind) {
        ("", "Pod") => &["spec"],
        ("", "PodTemplate") => &["template", "spec"],
        ("", "ReplicationController")
        | ("apps" | "extensions", "Deployment" | "DaemonSet" | "ReplicaSet" | "StatefulSet")
        | ("batch", "Job") => &["spec", "template", "spec"],
        ("batch", "CronJob") => &["spec", "jobTemplate", "spec", "template", "spec"],
        _ => return None,
    })
}

/// Returns the references of an object, in the order of its kind.
pub fn of(object: &Json) -> Vec<Reference> {
    let version = object["apiVersion"].as_str().unwrap_or_default();
    let group = version.split_once('/').map_or("", |(group, _)| group);
    let kind = object["kind"].as_str().unwrap_or_default();
    let mut found = Search(Vec::new());
    match (group, kind) {
        ("", "ServiceAccount") => {
            found.list(object, &[], "secrets", &mut |found, item, path| found.add(item, path, "name", Way::Whole));
            found.image_pulls(object, &[]);
        }
        ("networking.k8s.io" | "extensions", "Ingress") => {
            let spec = ["spec".to_owned()];
            found.list(&object["spec"], &spec, "tls", &mut |found, item, path| {
                found.add(item, path, "secretName", Way::IngressTls);
            });
        }
        _ => {
            if let Some(path) = pod_path(group, kind) {
                let spec = path.iter().fold(object, |at, part| &at[*part]);
                let path: Vec<String> = path.iter().map(|part| (*part).to_owned()).collect();
                found.pod(spec, &path);
            }
        }
    }
    found.0
}

struct Search(Vec<Reference>);

impl Search {
    /// Visits the items of a list.
    fn list(&mut self, at: &Json, path: &[String], field: &str, visit: &mut dyn FnMut(&mut Self, &Json, &[String])) {
        for (index, item) in at[field].as_array().into_iter().flatten().enumerate() {
            let path = [path, &[field.to_owned(), index.to_string()]].concat();
            visit(self, item, &path);
        }
    }

    /// Adds a reference by the name in `field`; one without a name is an error of its own, of the API server's.
    fn add(&mut self, at: &Json, path: &[String], field: &str, way: Way) {
        if let Some(secret) = at[field].as_str().filter(|name| !name.is_empty()) {
            let path = [path, &[field.to_owned()]].concat();
            let is_optional = at["optional"] == true;
            self.0.push(Reference { secret: secret.to_owned(), path, is_optional, way });
        }
    }

    fn image_pulls(&mut self, at: &Json, path: &[String]) {
        self.list(at, path, "imagePullSecrets", &mut |found, item, path| found.add(item, path, "name", Way::ImagePull));
    }

    fn pod(&mut self, spec: &Json, path: &[String]) {
        for containers in ["initContainers", "containers", "ephemeralContainers"] {
            self.list(spec, path, containers, &mut |found, container, path| {
                found.list(container, path, "env", &mut |found, variable, path| {
                    let path = [path, &["valueFrom".to_owned(), "secretKeyRef".to_owned()]].concat();
                    let at = &variable["valueFrom"]["secretKeyRef"];
                    let key = at["key"].as_str().unwrap_or_default().to_owned();
                    found.add(at, &path, "name", Way::Variable(key));
                });
                found.list(container, path, "envFrom", &mut |found, source, path| {
                    let path = [path, &["secretRef".to_owned()]].concat();
                    let prefix = source["prefix"].as_str().unwrap_or_default().to_owned();
                    found.add(&source["secretRef"], &path, "name", Way::Variables(prefix));
                });
            });
        }
        self.list(spec, path, "volumes", &mut |found, volume, path| {
            let within = |parts: &[&str]| {
                path.iter().cloned().chain(parts.iter().map(|part| (*part).to_owned())).collect::<Vec<_>>()
            };
            found.files(&volume["secret"], &within(&["secret"]), "secretName");
            let projected = within(&["projected"]);
            found.list(&volume["projected"], &projected, "sources", &mut |found, source, path| {
                let path = [path, &["secret".to_owned()]].concat();
                found.files(&source["secret"], &path, "name");
            });
            let path = within(&["csi", "nodePublishSecretRef"]);
            found.add(&volume["csi"]["nodePublishSecretRef"], &path, "name", Way::Whole);
        });
        self.image_pulls(spec, path);
    }

    fn files(&mut self, at: &Json, path: &[String], field: &str) {
        let items = at["items"].as_array().into_iter().flatten().enumerate();
        let keys = items.filter_map(|(index, item)| {
            let path = [path, &["items".to_owned(), index.to_string(), "key".to_owned()]].concat();
            Some((item["key"].as_str()?.to_owned(), path))
        });
        self.add(at, path, field, Way::Files(keys.collect()));
    }
}

/// Checks a reference from `namespace` against what is known of the Secret. `asked` says whether a server was asked for it.
pub fn check(reference: &Reference, known: Option<&Known>, namespace: &str, asked: bool) -> Vec<Finding> {
    let name = &reference.secret;
    let mut findings = Vec::new();
    let mut add = |rule: &'static Rule, path: &[String], remedy: Remedy, sentence: String| {
        findings.push(Finding { rule, field: path.to_vec(), sentence, remedy });
    };
    let path = &reference.path;
    let Some(known) = known else {
        if !reference.is_optional {
            let (rule, place) =
                if asked { (&KS401, "in the files nor on the server") } else { (&KS402, "among the files") };
            let not = if asked { "neither" } else { "not" };
            let then = if reference.way == Way::ImagePull { ": images are pulled without it" } else { "" };
            add(rule, path, Remedy::Object, format!("Secret {namespace}/{name} is {not} {place}{then}"));
        }
        return findings;
    };
    let lacks = |key: &str| !known.has(key) && !reference.is_optional;
    let missing = |key: &str| format!("Secret {namespace}/{name} has no key {key}");
    let zero = "has a zero byte, which no variable can have";
    match &reference.way {
        Way::Variable(key) => {
            if lacks(key) {
                let path = beside(path, "key");
                add(&KS403, &path, Remedy::Object, missing(key));
            }
            if known.keys.iter().any(|(own, has_zero)| own == key && *has_zero) {
                add(&KS407, path, Remedy::Object, format!("the value of {key} in Secret {namespace}/{name} {zero}"));
            }
        }
        Way::Variables(prefix) => {
            let variables = || known.keys.iter().map(|(key, _)| format!("{prefix}{key}"));
            let skipped: Vec<String> = variables().filter(|name| !is_variable(name)).collect();
            if !skipped.is_empty() {
                // The kubelet's words (`makeEnvironmentVariables`, Kubernetes 1.33).
                let text = format!(
                    "Keys [{}] from the EnvFrom secret {namespace}/{name} were skipped since they are considered invalid \
                     environment variable names",
                    skipped.join(", ")
                );
                add(&KS404, path, Remedy::Object, text);
            }
            let odd: Vec<String> = variables().filter(|name| is_variable(name) && !is_identifier(name)).collect();
            if !odd.is_empty() {
                let text =
                    format!("a shell cannot use the variables [{}] of Secret {namespace}/{name}", odd.join(", "));
                add(&KS405, path, Remedy::Object, text);
            }
            for (key, _) in known.keys.iter().filter(|(_, has_zero)| *has_zero) {
                add(&KS407, path, Remedy::Object, format!("the value of {key} in Secret {namespace}/{name} {zero}"));
            }
        }
        Way::Files(keys) => {
            for (key, path) in keys.iter().filter(|(key, _)| lacks(key)) {
                add(&KS403, path, Remedy::Object, missing(key));
            }
        }
        Way::ImagePull => {
            if !matches!(known.kind.as_str(), types::DOCKERCFG | types::DOCKERCONFIGJSON) {
                let text = format!("Secret {namespace}/{name} is no docker config, and is ignored");
                add(&KS406, path, Remedy::Object, text);
            }
        }
        Way::IngressTls => {
            if [types::TLS_CERT_KEY, types::TLS_PRIVATE_KEY].iter().any(|key| !known.has(key)) {
                let text = format!("Secret {namespace}/{name} has not both tls.crt and tls.key");
                add(&KS406, path, Remedy::Object, text);
            }
        }
        Way::Whole => {}
    }
    findings
}

/// Returns the path of a field beside another.
fn beside(path: &[String], field: &str) -> Vec<String> {
    let mut path = path.to_vec();
    if let Some(last) = path.last_mut() {
        field.clone_into(last);
    }
    path
}

/// Checks a name as `IsEnvVarName` of apimachinery does.
fn is_variable(name: &str) -> bool {
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    name.bytes().all(is_inner)
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && !matches!(name, "" | ".")
        && !name.starts_with("..")
}

/// Returns whether a shell can use a variable of this name.
fn is_identifier(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !name.starts_with(|first: char| first.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_way_of_every_kind_is_found() {
        let pod = json!({
            "initContainers": [{"env": [{"valueFrom": {"secretKeyRef": {"name": "a", "key": "k", "optional": true}}}]}],
            "containers": [{"envFrom": [{"secretRef": {"name": "b"}, "prefix": "P_"}]}],
            "ephemeralContainers": [{"envFrom": [{"secretRef": {"name": "c"}}]}],
            "volumes": [
                {"secret": {"secretName": "d", "items": [{"key": "x", "path": "y"}]}},
                {"projected": {"sources": [{"secret": {"name": "e"}}, {"configMap": {"name": "no"}}]}},
                {"csi": {"nodePublishSecretRef": {"name": "f"}}},
                {"emptyDir": {}},
            ],
            "imagePullSecrets": [{"name": "g"}, {}],
        });
        let names = |object: &Json| of(object).into_iter().map(|found| found.secret).collect::<String>();
        for (version, kind, path) in [
            ("v1", "Pod", "/spec"),
            ("v1", "PodTemplate", "/template/spec"),
            ("v1", "ReplicationController", "/spec/template/spec"),
            ("apps/v1", "Deployment", "/spec/template/spec"),
            ("apps/v1", "StatefulSet", "/spec/template/spec"),
            ("apps/v1", "DaemonSet", "/spec/template/spec"),
            ("apps/v1", "ReplicaSet", "/spec/template/spec"),
            ("batch/v1", "Job", "/spec/template/spec"),
            ("batch/v1", "CronJob", "/spec/jobTemplate/spec/template/spec"),
        ] {
            let mut object =
                path.rsplit('/').filter(|part| !part.is_empty()).fold(pod.clone(), |inner, part| json!({part: inner}));
            object["apiVersion"] = version.into();
            object["kind"] = kind.into();
            assert_eq!(names(&object), "abcdefg", "{kind}");
            for found in of(&object) {
                let pointer = format!("/{}", found.path.join("/"));
                assert_eq!(object.pointer(&pointer), Some(&json!(found.secret)), "{pointer}");
            }
            object["apiVersion"] = "example.com/v1".into();
            assert_eq!(names(&object), "", "{kind} of another group");
        }
        let account = json!({"apiVersion": "v1", "kind": "ServiceAccount", "secrets": [{"name": "a"}], "imagePullSecrets": [{"name": "b"}]});
        assert_eq!(names(&account), "ab");
        let ingress = json!({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "spec": {"tls": [{"secretName": "a"}, {}]}});
        assert_eq!(names(&ingress), "a");
    }
}
