//! Every command on the embedded server.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

use super::{
    Watched, manifest,
    needles::{NASTY, TEXT},
    server::Pair,
    support::Sandbox,
};

fn watched() -> Watched {
    let watched = Watched::new(Sandbox::with_server(), &[]);
    create(&watched, "marker");
    watched
}

fn create(watched: &Watched, name: &str) {
    let from = |key: &str| format!("--from-file={key}={}", watched.input_path(key));
    watched.quiet(0, &["create", "generic", name, &from("text"), &from("binary"), &from("nasty")]);
}

impl Watched {
    fn input_path(&self, name: &str) -> String {
        self.sandbox.root().join("input").join(name).to_string_lossy().into_owned()
    }
}

#[test]
fn create_from_flags() {
    let watched = watched();
    let nasty = format!("nasty={NASTY}");
    let text = format!("text={TEXT}");
    watched.quiet(0, &["create", "generic", "lit", "--from-literal", &text, "--from-literal", &nasty]);
    watched.quiet(0, &["create", "generic", "kept", "--save-config", "--from-literal", &text, "-o", "name"]);
    watched.quiet(1, &["create", "generic", "lit", "--from-literal", &text]);
    watched.quiet(1, &["create", "generic", "Bad_Name", "--from-literal", &text]);
    watched.quiet(1, &["create", "generic", "s", "--from-literal", TEXT]);
    watched.quiet(1, &["create", "generic", "s", "--from-literal", &format!("={TEXT}")]);
    watched.quiet(1, &["create", "generic", "s", "--from-literal", &text, "--from-literal", &text]);
    watched.quiet(0, &["create", "generic", "s", "--from-literal", &text, "--dry-run=server", "-o", "name"]);
    watched.asks(0, &["create", "generic", "s", "--from-literal", &text, "--dry-run=client", "-o", "yaml"]);
    watched.asks(0, &["create", "generic", "s", "--from-literal", &text, "--dry-run=server", "-o", "json"]);
    watched.quiet(1, &["create", "generic", "s", "--from-literal", &text, "-o", "go-template={{.data.text.x}}"]);
    let env = watched.input("env", format!("text={TEXT}\nother=x\n"));
    watched.quiet(0, &["create", "generic", "env", "--from-env-file", &env]);
    let broken = watched.input("broken.env", format!("text=x\n{TEXT} {TEXT}\n"));
    watched.quiet(1, &["create", "generic", "s", "--from-env-file", &broken]);
    let server = "--docker-server=r.example";
    let password = format!("--docker-password={TEXT}");
    watched.quiet(0, &["create", "docker-registry", "reg", server, "--docker-username=u", &password]);
    let typed = |kind: &str| format!("--type=kubernetes.io/{kind}");
    watched.quiet(1, &["create", "generic", "s", &typed("dockerconfigjson"), "--from-literal", &text]);
    let config = watched.input("config.json", format!("{{\"auths\": {TEXT:?} {TEXT:?}"));
    let entry = format!("--from-file=.dockerconfigjson={config}");
    watched.quiet(1, &["create", "docker-registry", "s", &entry]);
    watched.quiet(1, &["create", "generic", "s", &typed("dockerconfigjson"), &entry]);
    let auth = STANDARD.encode(format!("u:{TEXT}"));
    let login = watched.input("login.json", json!({"auths": {"r.example": {"auth": auth}}}).to_string());
    let docker = |file: &str| format!("--from-docker-config={file}");
    watched.quiet(0, &["create", "docker-registry", "login", &docker(&login), "--registry=r.example"]);
    watched.quiet(1, &["create", "docker-registry", "s", &docker(&login), "--registry=r.other"]);
    watched.quiet(1, &["create", "docker-registry", "s", &docker(&config), "--all-registries"]);
    let odd = watched.input("odd.json", json!({"auths": {"r.example": {"auth": TEXT}}}).to_string());
    watched.quiet(1, &["create", "docker-registry", "s", &docker(&odd), "--all-registries"]);
    watched.done();
}

#[test]
fn create_from_files_of_other_programs() {
    let watched = watched();
    let values = json!({"text": TEXT, "nasty": NASTY});
    let (json, yaml) = (watched.input("v.json", values.to_string()), watched.input("v.yaml", values.to_string()));
    let dotenv = watched.input("v.env", format!("export text='{TEXT}' # {TEXT}\nother=\"{TEXT}\n\"\n"));
    watched.quiet(0, &["create", "generic", "json", "--from-json", &json]);
    watched.quiet(0, &["create", "generic", "yaml", "--from-yaml", &yaml]);
    watched.quiet(0, &["create", "generic", "dotenv", "--from-dotenv", &dotenv]);
    watched.quiet(1, &["create", "generic", "s", "--from-dotenv", &dotenv, "--from-json", &json]);
    watched.quiet(1, &["create", "generic", "s", "--from-dotenv", &json]);
    watched.quiet(1, &["create", "generic", "s", "--from-json", &dotenv]);
    watched.quiet(1, &["create", "generic", "s", "--from-yaml", &dotenv]);
    watched.quiet(1, &["create", "generic", "s", &format!("--from-fd=k={TEXT}")]);
    for (flag, text) in [
        ("--from-json", format!("{{\"k\": [{TEXT:?}]}}")),
        ("--from-json", format!("{{\"k\": {TEXT}}}")),
        ("--from-json", format!("[{TEXT:?}]")),
        ("--from-yaml", format!("k: {{a: {TEXT}}}\n")),
        ("--from-yaml", format!("k: \"{TEXT}\n")),
        ("--from-yaml", format!("k: !x {TEXT}\n")),
        ("--from-dotenv", format!("k='{TEXT}\n{TEXT}\n")),
        ("--from-dotenv", format!("k='{TEXT}'{TEXT}\n")),
        ("--from-dotenv", format!("k=1\n{TEXT}\n")),
    ] {
        let file = watched.input("broken", text);
        watched.quiet(1, &["create", "generic", "s", flag, &file]);
    }
    watched.done();
}

#[test]
fn create_tls() {
    let (pair, other) = (Pair::self_signed(&["a.example"], false), Pair::self_signed(&["b.example"], false));
    let watched = Watched::new(Sandbox::with_server(), &[&pair.key_pem, &other.key_pem]);
    let cert = watched.input("tls.crt", &pair.pem);
    let key = watched.input("tls.key", &pair.key_pem);
    let other = watched.input("other.key", &other.key_pem);
    let broken = watched.input("broken.key", format!("-----BEGIN PRIVATE KEY-----\n{TEXT}\n"));
    watched.quiet(0, &["create", "tls", "site", "--cert", &cert, "--key", &key]);
    watched.quiet(1, &["create", "tls", "s", "--cert", &cert, "--key", &other]);
    watched.quiet(1, &["create", "tls", "s", "--cert", &key, "--key", &key]);
    watched.quiet(1, &["create", "tls", "s", "--cert", &cert, "--key", &broken]);
    let bundle = watched.input("bundle", format!("{}{}", pair.key_pem, pair.pem));
    watched.quiet(0, &["create", "tls", "b", "--cert", &bundle, "--key", &bundle, "--order-chain", "--ca", &bundle]);
    watched.quiet(1, &["create", "tls", "s", "--cert", &cert, "--key", &key, "--ca", &key]);
    watched.quiet(1, &["create", "tls", "s", "--pkcs12", &key]);
    watched.quiet(0, &["describe", "secret", "site"]);
    watched.asks(0, &["decode", "site"]);
    watched.done();
}

#[test]
fn create_from_files() {
    let watched = Watched::new(Sandbox::with_server(), &[]);
    let good = watched.input("good.yaml", manifest("good"));
    watched.quiet(0, &["create", "-f", &good]);
    watched.quiet(1, &["create", "-f", &good]);
    watched.quiet(0, &["create", "-f", &good, "--dry-run=client", "-o", "name"]);
    let head = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: bad\n";
    for (at, body) in [
        format!("data:\n  text: {TEXT} not base64\n"),
        format!("data:\n  text: [{TEXT}]\n"),
        format!("stringData:\n  text: {{{TEXT}: {TEXT}}}\n"),
        format!("stringData: {TEXT}\n"),
        format!("stringData:\n  text: {TEXT}\n text: {TEXT}\n"),
        format!("stringData:\n  text: {TEXT}\n  text: {TEXT}\n"),
        format!("stringData:\n  text: \"{TEXT}\n"),
        format!("stringData:\n  text: !!binary {TEXT}\n"),
        format!("stringData:\n  text: !{TEXT}\n"),
        format!("stringData:\n  text: *{TEXT}\n"),
        format!("stringData:\n  a b: {TEXT}\n"),
        format!("stringData:\n  text: {TEXT}\nunknown: {TEXT}\n"),
        format!("stringData:\n  text: {TEXT}\ntype: kubernetes.io/tls\n"),
        format!("data:\n  .dockerconfigjson: {}\ntype: kubernetes.io/dockerconfigjson\n", STANDARD.encode(TEXT)),
    ]
    .into_iter()
    .enumerate()
    {
        let file = watched.input(&format!("bad-{at}.yaml"), format!("{head}{body}"));
        watched.quiet(1, &["create", "-f", &file]);
        watched.quiet(1, &["replace", "-f", &file]);
        watched.run(&["create", "-f", &file, "--dry-run=client"]);
    }
    let json = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "j"}, "data": {"text": TEXT}});
    let file = watched.input("bad.json", json.to_string());
    watched.quiet(1, &["create", "-f", &file]);
    let file = watched.input("cut.json", json.to_string().trim_end_matches('}'));
    watched.quiet(1, &["create", "-f", &file]);
    watched.done();
}

#[test]
fn get_and_describe() {
    let watched = watched();
    watched.quiet(0, &["create", "generic", "kept", "--save-config", "--from-literal", &format!("text={TEXT}")]);
    for args in [
        &["get", "secrets"][..],
        &["get", "marker", "-o", "wide"],
        &["get", "marker", "-o", "name"],
        &["get", "secrets", "--show-labels", "--show-kind", "-L", "app"],
        &["get", "secrets", "--sort-by=.metadata.name"],
        &["get", "secrets", "--server-print=false"],
        &["get", "marker", "-o", "jsonpath={.metadata.name}"],
        &["get", "marker", "-o", "go-template={{.metadata.name}}{{len .data}}"],
        &["get", "secrets", "-o", "custom-columns=NAME:.metadata.name,TYPE:.type"],
        &["describe", "secret", "marker"],
        &["describe", "secret", "kept"],
        &["describe", "secrets"],
        &["get", "namespaces"],
        &["version"],
        &["auth", "can-i", "get", "secrets"],
        &["api-resources", "-o", "wide"],
        &["api-versions"],
        &["explain", "secret", "--recursive"],
        &["auth", "can-i", "--list"],
        &["auth", "whoami"],
    ] {
        watched.quiet(0, args);
    }
    for path in ["{.data}=x", "{.data.*}", "{.data.text[0]}", "{.data[?(@.x==\"a\")]}", "{.data.text}=x", "{.data[0]}"]
    {
        watched.quiet(1, &["wait", "marker", "--timeout=0", "--for", &format!("jsonpath={path}")]);
    }
    watched.quiet(0, &["wait", "marker", "--for=jsonpath={.data.text}"]);
    for output in [
        "jsonpath={.data.absent}",
        "jsonpath={.data.text.deeper}",
        "jsonpath={.data[0]}",
        "jsonpath-as-json={.data.text[0]}",
        "go-template={{.data.absent.deeper}}",
        "go-template={{.data.text.deeper}}",
        "go-template={{index .data 1}}",
        "go-template={{range .data.text}}{{end}}",
        "go-template={{.data.text | base64decode | len | base64decode}}",
        "go-template={{template \"absent\" .data}}",
        "go-template={{call .data.text}}",
        "go-template={{printf .data.text 1 | index 1}}",
        "custom-columns=A:.data[0]",
        "custom-columns=A:.data.text.deeper[0]",
    ] {
        for name in ["marker", "secrets"] {
            let args = ["get", name, "-o", output, "--allow-missing-template-keys=false"];
            let outcome = watched.run(&args);
            watched.check(&format!("stderr of {args:?}"), outcome.stderr.as_bytes());
            if outcome.exit != 0 && !output.contains("printf") {
                watched.check(&format!("stdout of {args:?}"), &outcome.bytes);
            }
        }
    }
    for sort_by in [".data.text", ".data", ".data.text.deeper", "{.data["] {
        let args = ["get", "secrets", "--sort-by", sort_by];
        let outcome = watched.run(&args);
        watched.check(&format!("output of {args:?}"), &[outcome.bytes, outcome.stderr.into_bytes()].concat());
    }
    for output in ["yaml", "json", "kyaml", "jsonpath={.data}", "go-template={{.data.text}}"] {
        watched.asks(0, &["get", "marker", "-o", output]);
    }
    watched.done();
}

#[test]
fn validate() {
    let watched = watched();
    let config = format!("{{\"auths\":{{\"{TEXT}\":{{\"auth\":\"{TEXT}\",\"username\":\"{TEXT}\"}}}}");
    let config = watched.input("config.json", config);
    let entry = format!("--from-file=k.json={config}");
    watched.quiet(0, &["create", "generic", "broken", &entry, &format!("--from-literal=password={TEXT}\n")]);
    let file = watched.input("m.yaml", manifest("good"));
    let head = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: bad\n";
    let other = format!("{head}data:\n  text: {TEXT} not base64\n  other: {{{TEXT}: x}}\n  more: \"{TEXT}\\n\"\n");
    let other = watched.input("other.yaml", other);
    for format in ["text", "json", "sarif", "github"] {
        watched.quiet(1, &["validate", "--fail-on=info", "-o", format]);
        watched.quiet(1, &["validate", "-f", &other, "-f", &file, "-o", format]);
        watched.quiet(0, &["validate", "-f", &file, "--against-server", "--fail-on=never", "-o", format]);
    }
    watched.quiet(1, &["validate", "secrets", "--fix", "--dry-run=server"]);
    watched.quiet(1, &["validate", "secrets", "--fix", "--fail-on=info"]);
    watched.quiet(0, &["validate", "--list"]);
    watched.done();
}

#[test]
fn decode() {
    let watched = watched();
    watched.quiet(0, &["decode", "marker", "--keys"]);
    watched.quiet(1, &["decode", "marker", "absent"]);
    watched.quiet(1, &["decode", "absent"]);
    watched.quiet(1, &["decode", "marker", "-o", "nonsense"]);
    for output in ["text", "json", "yaml", "dotenv", "shell"] {
        let args = ["decode", "marker", "-o", output];
        let outcome = watched.run(&args);
        watched.check(&format!("stderr of {args:?}"), outcome.stderr.as_bytes());
    }
    for key in ["text", "binary", "nasty"] {
        watched.asks(0, &["decode", "marker", key]);
    }
    let out = watched.sandbox.root().join("input/out").to_string_lossy().into_owned();
    watched.quiet(0, &["decode", "marker", "--to", &out]);
    watched.quiet(1, &["decode", "marker", "--to", &out]);
    let file = watched.input("m.yaml", manifest("m"));
    watched.asks(0, &["decode", "-f", &file]);
    let broken = watched.input("broken.yaml", manifest("m") + "  nasty: 1\n [\n");
    let args = ["decode", "-f", &broken];
    let outcome = watched.run(&args);
    watched.check(&format!("stderr of {args:?}"), outcome.stderr.as_bytes());
    assert_eq!(outcome.exit, 1);
    watched.done();
}

#[test]
fn edit() {
    let text = STANDARD.encode(TEXT);
    let changed = STANDARD.encode(format!("{TEXT}, changed"));
    let broken = "grep -q BROKEN \"$1\" || echo \"BROKEN: [ $(grep 'text:' \"$1\")\" >> \"$1\"";
    for (exit, args, body) in [
        (0, &["edit", "marker"][..], "true".to_owned()),
        (0, &["edit", "marker", "-d"], "true".to_owned()),
        (0, &["edit", "marker"], format!("sed -i 's/{text}/{changed}/' \"$1\"")),
        (0, &["edit", "marker", "-d"], format!("sed -i 's/{TEXT}/{TEXT}, again/' \"$1\"")),
        (0, &["edit", "marker", "--key", "text"], "echo more >> \"$1\"".to_owned()),
        (0, &["edit", "marker", "--key", "nasty"], "true".to_owned()),
        (0, &["edit", "marker", "-o", "json"], format!("sed -i 's/{text}/{changed}/' \"$1\"")),
        (0, &["edit", "marker", "-d", "--dry-run=server"], format!("sed -i 's/{TEXT}/{TEXT}, dry/' \"$1\"")),
        // Refused by the server, for what it says of values: base64 that is none, a key that is none, a type.
        (1, &["edit", "marker"], format!("sed -i 's/{text}/*{text}/' \"$1\"")),
        (1, &["edit", "marker"], format!("sed -i 's/^  text: /  te xt: {text}/' \"$1\"")),
        (1, &["edit", "marker", "-d"], "sed -i 's/text:/te xt:/' \"$1\"".to_owned()),
        (1, &["edit", "marker"], "sed -i 's/type: Opaque/type: kubernetes.io\\/tls/' \"$1\"".to_owned()),
        (1, &["edit", "marker"], format!("sed -i 's/^data:/unknown: {text}\\ndata:/' \"$1\"")),
        // Broken before anything is sent.
        (1, &["edit", "marker"], broken.to_owned()),
        (1, &["edit", "marker", "-d"], broken.to_owned()),
        (1, &["edit", "marker", "-d", "--no-keep"], broken.to_owned()),
        (1, &["edit", "marker", "-d"], format!("sed -i 's/{TEXT}/!{TEXT}/' \"$1\"")),
        (1, &["edit", "marker", "-d"], format!("sed -i 's/text: {TEXT}/text: \\[{TEXT}\\]/' \"$1\"")),
        (1, &["edit", "marker"], format!("sed -i 's/text: {text}/text: {{{text}: {text}}}/' \"$1\"")),
        (1, &["edit", "marker"], "kill -9 $$".to_owned()),
        (1, &["edit", "marker", "-d"], format!("sed -i 's/{TEXT}/{TEXT}, lost/' \"$1\"; exit 3")),
    ] {
        let mut watched = watched();
        watched.editor(&body);
        let outcome = watched.run(args);
        let what = format!("{args:?} with {body:?}");
        assert_eq!(outcome.exit, exit, "{what}: {}", outcome.stderr);
        watched.check(&format!("stderr of {what}"), outcome.stderr.as_bytes());
        if !args.contains(&"-o") {
            watched.check(&format!("stdout of {what}"), &outcome.bytes);
        }
        let seen = std::fs::read(watched.sandbox.cwd().join("seen")).expect("what the editor saw");
        assert!(seen.windows(4).any(|window| window == b"edit"), "the editor saw nothing");
        watched.done();
    }
}

#[test]
fn a_kept_edit_is_not_readable() {
    let mut watched = watched();
    watched.editor(&format!("sed -i 's/{TEXT}/{TEXT}, kept/' \"$1\"; exit 3"));
    watched.quiet(1, &["edit", "-d", "marker"]);
    watched.editor("true");
    watched.quiet(0, &["edit", "--resume"]);
    watched.done();
}

#[test]
fn label_annotate_patch_replace_delete() {
    let watched = watched();
    watched.quiet(0, &["label", "marker", "app=web"]);
    watched.quiet(0, &["label", "secrets", "--all", "app=db", "--overwrite"]);
    watched.quiet(1, &["label", "marker", "app=other"]);
    watched.quiet(1, &["label", "marker", "app=not a label", "--overwrite"]);
    watched.quiet(1, &["label", "marker", "a=b", "--resource-version=1"]);
    watched.quiet(0, &["annotate", "marker", "note=x"]);
    watched.quiet(1, &["annotate", "marker", "note=y"]);
    watched.quiet(0, &["annotate", "marker", "note-", "-o", "name"]);
    watched.quiet(0, &["label", "marker", "--list"]);

    let patch = |exit: i32, kind: &str, patch: &str| {
        watched.quiet(exit, &["patch", "secret", "marker", "--type", kind, "-p", patch]);
        let file = watched.input("patch", patch);
        watched.quiet(exit, &["patch", "secret", "marker", "--type", kind, "--patch-file", &file, "--dry-run=server"]);
    };
    let base64 = STANDARD.encode(NASTY);
    for kind in ["strategic", "merge"] {
        patch(0, kind, &json!({"data": {"more": base64}}).to_string());
        patch(0, kind, &json!({"stringData": {"more": TEXT}}).to_string());
        patch(1, kind, &json!({"data": {"text": TEXT}}).to_string());
        patch(1, kind, &json!({"data": {"text": [TEXT]}}).to_string());
        patch(1, kind, &json!({"data": {"a b": base64}}).to_string());
        patch(1, kind, &json!({"data": TEXT}).to_string());
        patch(1, kind, &json!({"stringData": {"text": {"x": NASTY}}}).to_string());
        patch(1, kind, &json!({"type": TEXT, "stringData": {"text": NASTY}}).to_string());
        patch(1, kind, &format!("{{\"data\": {{\"text\": \"{TEXT}\""));
        patch(1, kind, TEXT);
    }
    let operation = |op: &str, path: &str, value: &str| json!([{"op": op, "path": path, "value": value}]).to_string();
    patch(0, "json", &operation("add", "/data/more", &base64));
    patch(1, "json", &operation("add", "/data/more", TEXT));
    patch(1, "json", &operation("test", "/data/text", &base64));
    patch(1, "json", &operation("remove", "/data/absent", &base64));
    patch(1, "json", &operation("add", "/absent/deeper", &base64));
    patch(1, "json", &operation(TEXT, "/data/text", &base64));
    patch(1, "json", &json!([{"op": "add", "value": TEXT}]).to_string());
    patch(1, "json", &json!({"data": {"text": TEXT}}).to_string());

    let good = watched.input("good.yaml", manifest("marker"));
    watched.quiet(0, &["replace", "-f", &good]);
    watched.quiet(0, &["replace", "-f", &good, "--force"]);
    watched.quiet(0, &["replace", "-f", &good, "--save-config", "-o", "name"]);
    let stale =
        watched.input("stale.yaml", manifest("marker").replace("metadata:\n", "metadata:\n  resourceVersion: '1'\n"));
    watched.quiet(1, &["replace", "-f", &stale]);
    let absent = watched.input("absent.yaml", manifest("absent"));
    watched.quiet(1, &["replace", "-f", &absent]);
    watched.quiet(0, &["patch", "secret", "marker", "-p", "{\"immutable\":true}"]);
    watched.quiet(1, &["patch", "secret", "marker", "-p", &json!({"data": {"text": base64}}).to_string()]);
    watched.quiet(1, &["replace", "-f", &good]);

    watched.quiet(0, &["delete", "-f", &good, "--dry-run=server"]);
    watched.quiet(1, &["delete", "-f", &absent]);
    watched.quiet(0, &["delete", "secret", "marker"]);
    watched.quiet(1, &["delete", "secret", "marker"]);
    watched.done();
}

#[test]
fn children_of_with_server_hold_no_value() {
    let watched = Watched::new(Sandbox::bare(), &[]);
    let file = watched.input("loaded.yaml", manifest("loaded"));
    let look = "for pid in $$ $PPID; do cat /proc/$pid/cmdline /proc/$pid/environ; done > seen";
    watched.quiet(0, &["with-server", "--load", &file, "--", "sh", "-c", look]);
    let seen = std::fs::read(watched.sandbox.cwd().join("seen")).expect("what the child saw");
    assert!(seen.windows(10).any(|window| window == b"KUBECONFIG"), "the child saw nothing");
    // Nor does the file that it came from pass through, whatever is wrong with it.
    let bad = watched
        .input("bad.yaml", format!("kind: Secret\napiVersion: v1\nmetadata: {{name: x}}\ndata: {{a: '{TEXT}'}}\n"));
    let args = ["with-server", "--load", &bad, "--", "true"];
    let outcome = watched.run(&args);
    assert_eq!(outcome.exit, 1);
    watched.check("stderr of a bad load", outcome.stderr.as_bytes());
    watched.done();
}
