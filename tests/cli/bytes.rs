//! Paths and values are bytes: those that are not UTF-8 work wherever one may stand; names and words are text, and say so.

use std::{
    ffi::{OsStr, OsString},
    fs,
    os::unix::{ffi::OsStrExt as _, fs::PermissionsExt as _},
};

use super::support::{self, Outcome, Sandbox};

/// Not UTF-8: `caf\xe9` in Latin-1.
const CAFE: &[u8] = b"caf\xe9";

/// The words of a line; `@` stands for `caf\xe9`.
fn words(line: &str) -> Vec<OsString> {
    line.split(' ').map(with_bytes).collect()
}

fn with_bytes(text: &str) -> OsString {
    let bytes: Vec<u8> = text.bytes().flat_map(|byte| if byte == b'@' { CAFE.to_vec() } else { vec![byte] }).collect();
    OsStr::from_bytes(&bytes).to_owned()
}

fn write(sandbox: &Sandbox, name: &str, content: impl AsRef<[u8]>) {
    let file = sandbox.cwd().join(with_bytes(name));
    fs::create_dir_all(file.parent().expect("a directory")).expect("a directory");
    fs::write(&file, content).expect("a file");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("a private file");
}

fn manifest(name: &str) -> String {
    format!("apiVersion: v1\nkind: Secret\nmetadata:\n  name: {name}\nstringData:\n  k: v\n")
}

fn run(sandbox: &Sandbox, line: &str, env: &[(&str, &str)]) -> Outcome {
    let mut command = sandbox.command(&words(line));
    for (name, value) in env {
        command.env(name, with_bytes(value));
    }
    support::run(command, b"")
}

fn ok(sandbox: &Sandbox, line: &str, stdout: &str) {
    let outcome = run(sandbox, line, &[]);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, stdout), "{line}: {}", outcome.stderr);
}

#[test]
fn files_of_every_flag() {
    let sandbox = Sandbox::with_server();
    write(&sandbox, "@", b"\xff\n");
    write(&sandbox, "@.env", "A=1\n");
    write(&sandbox, "@.yaml", manifest("f"));
    write(&sandbox, "d@/@.yaml", manifest("d"));
    write(&sandbox, "k@/kustomization.yaml", "secretGenerator: [{name: g, literals: [a=b]}]\n");
    write(&sandbox, "@.patch", "stringData: {k: patched}\n");
    ok(&sandbox, "create generic a --from-file=k=@ --from-literal=l=x@", "secret/a created\n");
    let outcome = run(&sandbox, "decode a k", &[]);
    assert_eq!(outcome.bytes, b"\xff\n");
    let outcome = run(&sandbox, "decode a l", &[]);
    assert_eq!(outcome.bytes, b"xcaf\xe9");
    ok(&sandbox, "create secret generic e --from-env-file @.env -o name", "secret/e\n");
    ok(&sandbox, "create docker-registry r --from-file=@.env --dry-run=client -o name", "secret/r\n");
    ok(&sandbox, "create -f @.yaml", "secret/f created\n");
    ok(&sandbox, "apply -f caf*.yaml -o name", "secret/f\n");
    ok(&sandbox, "replace --filename=@.yaml", "secret/f replaced\n");
    ok(&sandbox, "label -f @.yaml a=b", "secret/f labeled\n");
    ok(&sandbox, "get -f ./@.yaml -o name", "secret/f\n");
    ok(&sandbox, "diff -f @.yaml", "");
    ok(&sandbox, "patch secret f --patch-file @.patch", "secret/f patched\n");
    ok(&sandbox, "decode f k", "patched");
    ok(&sandbox, "apply -f d@ --dry-run=client -o name", "secret/d\n");
    ok(&sandbox, "create -f d?a*[^a-z]/*.yaml --dry-run=client -o name", "secret/d\n");
    ok(&sandbox, "create -R -f d@ --dry-run=client -o name", "secret/d\n");
    let built = run(&sandbox, "kustomize k@", &[]).stdout;
    assert!(built.contains("\n  a: Yg==\n"), "{built}");
    assert!(run(&sandbox, "create -k k@ --dry-run=client -o name", &[]).stdout.starts_with("secret/g-"));
    ok(&sandbox, "decode -f @.yaml k", "v");
    ok(&sandbox, "decode f --to=out@", "");
    assert_eq!(fs::read(sandbox.cwd().join(with_bytes("out@/k"))).expect("a file"), b"patched");
    ok(&sandbox, "delete -f @.yaml -o name", "secret/f\n");
}

#[test]
fn certificates_and_their_keys() {
    let sandbox = Sandbox::bare();
    let signed = rcgen::generate_simple_self_signed(["x".to_owned()]).expect("a certificate");
    write(&sandbox, "@.crt", signed.cert.pem());
    write(&sandbox, "@.key", signed.signing_key.serialize_pem());
    ok(&sandbox, "create tls t --cert=@.crt --key @.key --dry-run=client -o name", "secret/t\n");
}

#[test]
fn files_that_say_which_server() {
    let sandbox = Sandbox::with_server();
    ok(&sandbox, "create generic a", "secret/a created\n");
    // The authority as a file beside the kubeconfig: its path is relative to a directory that is not UTF-8 itself.
    let text = fs::read_to_string(sandbox.kubeconfig()).expect("a kubeconfig");
    let mut config: serde_yaml::Value = serde_yaml::from_str(&text).expect("a kubeconfig");
    let cluster = &mut config["clusters"][0]["cluster"];
    let authority = cluster["certificate-authority-data"].as_str().expect("an authority").to_owned();
    let authority = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, authority).expect("base64");
    cluster.as_mapping_mut().expect("a cluster").remove("certificate-authority-data");
    cluster["certificate-authority"] = "ca.crt".into();
    write(&sandbox, "d@/config", serde_yaml::to_string(&config).expect("a kubeconfig"));
    write(&sandbox, "d@/ca.crt", &authority);
    write(&sandbox, "d@/.kube/config", serde_yaml::to_string(&config).expect("a kubeconfig"));
    write(&sandbox, "d@/.kube/ca.crt", &authority);
    ok(&sandbox, "get secrets -o name --kubeconfig=d@/config", "secret/a\n");
    ok(&sandbox, "get secrets -o name --kubeconfig=d@/config --certificate-authority d@/ca.crt", "secret/a\n");
    for env in [("KUBECONFIG", "absent:d@/config"), ("HOME", "d@")] {
        let mut command = sandbox.command(&words("get secrets -o name"));
        command.env_remove("KUBECONFIG").env(env.0, with_bytes(env.1));
        let outcome = support::run(command, b"");
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, "secret/a\n"), "{env:?}: {}", outcome.stderr);
    }
}

#[test]
fn files_of_the_embedded_server() {
    let mut sandbox = Sandbox::bare();
    sandbox.unset_env("KUBECONFIG");
    write(&sandbox, "@.yaml", manifest("f"));
    ok(&sandbox, "--local=@.db create generic a", "secret/a created\n");
    ok(&sandbox, "get secrets -o name --local=@.db", "secret/a\n");
    assert_eq!(run(&sandbox, "get secrets -o name", &[("KSECRET_LOCAL", "@.db")]).stdout, "secret/a\n");
    let data = sandbox.root().join("data").to_string_lossy().into_owned() + "@";
    assert_eq!(run(&sandbox, "--local create generic b", &[("XDG_DATA_HOME", &data)]).stdout, "secret/b created\n");
    let script = with_bytes("@.sh");
    support::executable(&sandbox.cwd().join(&script), "#!/bin/sh\n\"$1\" get secrets -o name\n");
    ok(&sandbox, &format!("with-server --load @.yaml -- ./@.sh {}", support::KSECRET), "secret/f\n");
}

#[test]
fn what_has_to_be_text_says_so() {
    let sandbox = Sandbox::bare();
    write(&sandbox, "@", "x");
    for (line, error) in [
        ("create generic @ --dry-run=client", "the argument \"caf\\xe9\" is not valid UTF-8"),
        ("get secret a -n @", "the value of --namespace is not valid UTF-8"),
        ("create docker-registry r --docker-password=@", "the value of --docker-password is not valid UTF-8"),
        ("patch secret a -p @", "the value of --patch is not valid UTF-8"),
        ("get secret a -o@", "the value of --output is not valid UTF-8"),
        ("create generic s --from-file=@", "\"caf\\xe9\" is not valid key name for a Secret: it is not valid UTF-8"),
        (
            "create generic s --from-literal=@=x",
            "\"caf\\xe9\" is not valid key name for a Secret: it is not valid UTF-8",
        ),
        ("create -f absent@", "the path \"absentcaf\\xe9\" does not exist"),
        ("frob@", "unknown command \"frobcaf\u{fffd}\" for \"ksecret\""),
        ("get --frob@", "unknown flag: --frobcaf\u{fffd}"),
    ] {
        let outcome = run(&sandbox, line, &[]);
        assert_eq!(outcome.exit, 1, "{line}: {}", outcome.stdout);
        assert_eq!(outcome.stderr.lines().next(), Some(format!("error: {error}").as_str()), "{line}");
    }
}
