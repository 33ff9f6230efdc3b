//! A server that answers with another object than was asked for: nothing of it is shown, written or reported as done.

use serde_json::{Value as Json, json};

use super::{
    Watched, manifest,
    server::{Request, Server, answer},
    support::Sandbox,
};

fn object(kind: &str, namespace: &str, name: &str) -> Json {
    json!({
        "kind": kind, "apiVersion": "v1", "type": "Opaque", "data": {"k": "c3RyYW5nZXI="},
        "metadata": {"name": name, "namespace": namespace, "resourceVersion": "7", "uid": "u"},
    })
}

/// What comes instead of the Secret `marker` of the namespace `default`, a name each.
fn others() -> [(&'static str, Json); 4] {
    [
        ("name", object("Secret", "default", "stranger")),
        ("namespace", object("Secret", "kube-system", "marker")),
        ("kind", object("ConfigMap", "default", "marker")),
        ("nothing", json!({"x": 1})),
    ]
}

#[test]
fn another_object_is_an_error() {
    let mut watched = Watched::new(Sandbox::bare(), &["stranger", "c3RyYW5nZXI="]);
    watched.editor("true");
    let good = watched.input("good.yaml", manifest("marker"));
    for (what, other) in others() {
        let named = other.clone();
        let list = json!({"kind": "SecretList", "apiVersion": "v1", "metadata": {}, "items": [other]});
        let lists = matches!(what, "namespace" | "kind");
        let server = Server::plain(move |request: &Request| {
            let path = request.target().split(' ').nth(1).unwrap_or_default().split('?').next().unwrap_or_default();
            let listed = request.target().starts_with("GET") && path.ends_with("/secrets");
            answer("200 OK", "application/json", if listed { list.to_string() } else { named.to_string() })
        });
        let url = format!("http://{}", server.address);
        let mut commands = vec![
            vec!["get", "secret", "marker", "-o", "yaml"],
            vec!["get", "secret", "marker"],
            vec!["get", "secret", "marker", "-o", "jsonpath={.data}"],
            vec!["decode", "secret", "marker"],
            vec!["describe", "secret", "marker"],
            vec!["edit", "secret", "marker"],
            vec!["create", "-f", &good],
            vec!["create", "generic", "marker"],
            vec!["replace", "-f", &good],
            vec!["apply", "-f", &good],
            vec!["apply", "--server-side", "-f", &good],
            vec!["diff", "-f", &good],
            vec!["patch", "secret", "marker", "-p", "{\"type\":\"x\"}"],
            vec!["label", "secret", "marker", "a=b"],
            vec!["annotate", "secret", "marker", "a=b"],
            vec!["delete", "secret", "marker", "--wait=false"],
            vec!["wait", "secret", "marker", "--for=create"],
            vec!["wait", "secret", "marker", "--for=jsonpath={.data}", "-o", "yaml"],
        ];
        if lists {
            commands.extend([
                vec!["get", "secrets", "-o", "json"],
                vec!["get", "secrets", "-o", "name"],
                vec!["describe", "secrets"],
                vec!["decode", "secrets", "-l", "a"],
            ]);
        }
        for args in &commands {
            let outcome = watched.run(&[args.as_slice(), &["--server", &url]].concat());
            let shown = format!("{args:?} with another {what}: exit {}\n{}", outcome.exit, outcome.stderr);
            if outcome.exit == 0 {
                watched.leaked(format!("{shown}\n{}", outcome.stdout));
            }
            watched.check(&format!("stdout of {shown}"), &outcome.bytes);
            assert!(!outcome.stderr.contains("panicked"), "{shown}");
        }
    }
    watched.done();
}

/// The same in a watch, whose first objects were the right ones.
#[test]
fn another_object_in_a_watch_is_an_error() {
    let watched = Watched::new(Sandbox::bare(), &["stranger", "c3RyYW5nZXI="]);
    for (what, other) in others() {
        let server = Server::plain(move |request: &Request| {
            let target = request.target();
            let body = if target.contains("watch=true") {
                json!({"type": "MODIFIED", "object": other}).to_string()
            } else if target.contains("/secrets/") {
                let right = json!({"name": "marker", "namespace": "default", "resourceVersion": "7"});
                json!({"kind": "Secret", "apiVersion": "v1", "metadata": right}).to_string()
            } else {
                let metadata = json!({"resourceVersion": "7"});
                json!({"kind": "SecretList", "apiVersion": "v1", "metadata": metadata, "items": []}).to_string()
            };
            answer("200 OK", "application/json", body)
        });
        let url = format!("http://{}", server.address);
        for (args, names_one) in [
            (&["get", "secret", "marker", "-w", "-o", "yaml"][..], true),
            (&["get", "secret", "marker", "-w"], true),
            (&["get", "secret", "marker", "--watch-only", "-o", "name"], true),
            (&["get", "secrets", "-w", "--field-selector=metadata.name=marker", "-o", "yaml"], true),
            (&["get", "secrets", "-w", "-o", "yaml"], false),
            (&["get", "secrets", "-w", "-o", "name", "--output-watch-events"], false),
        ] {
            // Any name may come where none was asked for.
            if what == "name" && !names_one {
                continue;
            }
            let outcome = watched.run(&[args, &["--server", &url, "--request-timeout=20s"]].concat());
            let shown = format!("{args:?} with another {what}: exit {}\n{}", outcome.exit, outcome.stderr);
            if outcome.exit == 0 || !outcome.stderr.contains("another object than was asked for") {
                watched.leaked(format!("{shown}\n{}", outcome.stdout));
            }
            watched.check(&format!("stdout of {shown}"), &outcome.bytes);
        }
    }
    watched.done();
}
