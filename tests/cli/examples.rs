//! The sandbox in which examples of help and README run.

use super::support::{KSECRET, Sandbox, run};

/// What the examples speak of: a Secret (or none), files, a kubeconfig with contexts, and programs that are not everywhere.
pub fn prepared(empty: bool) -> Sandbox {
    let mut sandbox = Sandbox::with_server();
    for (name, body) in [
        ("pass", "printf 'hunter2\\n'"),
        ("colordiff", "shift; exec diff \"$@\""),
        ("kubelogin", "exit 1"),
        ("kubectl", "[ \"$*\" != 'apply -f -' ] || exec cat > /dev/null"),
        ("psql", "[ -t 0 ] || cat > /dev/null"),
        (
            "editor",
            "grep -q apiVersion \"$1\" && exec sed -i 's/tier: backend/tier: edited/' \"$1\"; echo '{}' > \"$1\"",
        ),
    ] {
        sandbox.script(name, &format!("#!/bin/sh\n{body}\n"));
    }
    sandbox.set_env("EDITOR", "editor");
    sandbox.set_env("TOKEN", "hunter2");
    sandbox.set_env("PROFILE", "profile.ps1");
    // It puts the scripts on PATH as well.
    sandbox.link("ksecret", KSECRET);
    let secret = "{apiVersion: v1, kind: Secret, metadata: {name: db, labels: {tier: backend, app: web}}, stringData: {user: admin, password: old, old: o, token: t}}\n";
    sandbox.write("secret.yaml", secret);
    sandbox.write("secrets.yaml", secret);
    sandbox.write("password.txt", "hunter2");
    sandbox.write(".env", "PASSWORD='hunter2'\n");
    sandbox.write("change.yaml", "stringData:\n  user: root\n");
    sandbox.write("set.sh", "#!/bin/sh\ncat <&3 > accepted\n");
    sandbox.write("verify.sh", "#!/bin/sh\n[ ! -e accepted ] || cmp -s accepted /dev/fd/3\n");
    sandbox.write("run-tests.sh", "#!/bin/sh\nksecret get db\n");
    let tls = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/tls/");
    for name in ["site", "chain", "bundle", "admin", "ca", "key"] {
        for (end, kind) in [("crt", "crt"), ("key", "key"), ("pem", if name == "key" { "key" } else { "crt" })] {
            std::fs::copy(format!("{tls}p256.{kind}"), sandbox.cwd().join(format!("{name}.{end}"))).unwrap();
        }
    }
    for (file, text) in [
        ("cwd/overlays/prod/kustomization.yaml", "secretGenerator: [{name: db, literals: [user=admin]}]\n"),
        ("cwd/kustomization.yaml", "secretGenerator: [{name: db, literals: [user=admin]}]\n"),
        ("home/.ssh/id_ed25519", include_str!("../fixtures/ssh/ed25519.key")),
        ("home/.docker/config.json", r#"{"auths":{"ghcr.io":{"auth":"dTpw"},"quay.io":{"auth":"dTpw"}}}"#),
    ] {
        let file = sandbox.root().join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    let script = "chmod +x *.sh; mkdir -p ~/.config/fish/completions";
    assert_eq!(run(sandbox.command_of("sh", &["-ec", script]), b"").exit, 0);
    let mut config: serde_yaml::Value = serde_yaml::from_slice(&std::fs::read(sandbox.kubeconfig()).unwrap()).unwrap();
    for list in ["clusters", "contexts", "users"] {
        let entries = config[list].as_sequence_mut().unwrap();
        for name in ["prod", "old"] {
            let mut entry = entries[0].clone();
            entry["name"] = name.into();
            entries.push(entry);
        }
    }
    std::fs::write(sandbox.kubeconfig(), serde_yaml::to_string(&config).unwrap()).unwrap();
    std::fs::copy(sandbox.kubeconfig(), sandbox.cwd().join("a")).unwrap();
    std::fs::copy(sandbox.kubeconfig(), sandbox.cwd().join("b")).unwrap();
    if !empty {
        sandbox.ok(&["apply", "-f", "secret.yaml", "--journal"]);
        sandbox.ok(&["create", "generic", "ca", "--from-file=ca.crt"]);
    }
    sandbox
}
