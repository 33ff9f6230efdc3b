//! `create` for the built-in types that kubectl has no command for.

use super::support::Sandbox;

const SSH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/ssh");

#[test]
fn basic_auth_takes_the_password_from_standard_input() {
    let sandbox = Sandbox::with_server();
    for path in [&["create", "basic-auth"][..], &["create", "secret", "basic-auth"]] {
        let name = if path.len() == 2 { "a" } else { "b" };
        let line = [path, &[name, "--basic-username=admin", "--basic-password-stdin"]].concat();
        let outcome = sandbox.run_with(&line, b"hunter2\n");
        assert_eq!(outcome.stdout, format!("secret/{name} created\n"), "{}", outcome.stderr);
        assert_eq!(sandbox.ok(&["decode", name]), "password: hunter2\nusername: admin\n");
        let kind = sandbox.ok(&["get", "secret", name, "-o", "jsonpath={.type}"]);
        assert_eq!(kind, "kubernetes.io/basic-auth");
    }
    sandbox.ok(&["create", "basic-auth", "c", "--basic-username=admin"]);
    assert_eq!(sandbox.ok(&["decode", "c"]), "username: admin\n");
    for (words, says) in [
        (
            &[][..],
            "error: at least one of --basic-username, --basic-password-stdin and --basic-password-prompt is required\nhint: --generate password=random makes a password\n",
        ),
        (
            &["--basic-username="],
            "error: at least one of --basic-username, --basic-password-stdin and --basic-password-prompt is required\nhint: --generate password=random makes a password\n",
        ),
        (
            &["--basic-username=u", "--basic-password-stdin"],
            "error: standard input is empty, and is to be the password\n",
        ),
        (&["--basic-password-prompt"], "error: the password is asked for, and there is no terminal to ask on\n"),
        (
            &["--basic-password-stdin", "--basic-password-prompt"],
            "error: only one of --basic-password-stdin and --basic-password-prompt can be specified\n",
        ),
    ] {
        let outcome = sandbox.run(&[&["create", "basic-auth", "d"], words].concat());
        assert_eq!((outcome.exit, outcome.stderr.as_str()), (1, says), "{words:?}");
    }
    assert_eq!(sandbox.ok(&["get", "secrets", "-o", "name"]), "secret/a\nsecret/b\nsecret/c\n");
}

#[test]
fn ssh_auth_looks_at_the_key() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "ssh-auth", "a", &format!("--ssh-privatekey={SSH}/ed25519.key")]);
    let key = std::fs::read(format!("{SSH}/ed25519.key")).unwrap();
    assert_eq!(sandbox.run(&["decode", "a", "ssh-privatekey"]).bytes, key);
    assert_eq!(sandbox.ok(&["get", "secret", "a", "-o", "jsonpath={.type}"]), "kubernetes.io/ssh-auth");
    let locked = format!("--ssh-privatekey={SSH}/ed25519-encrypted.key");
    let outcome = sandbox.run(&["create", "ssh-auth", "b", &locked]);
    assert_eq!(outcome.stdout, "secret/b created\n");
    assert!(outcome.stderr.contains("is locked by a passphrase"), "{}", outcome.stderr);
    sandbox.write("key.pub", "ssh-ed25519 AAAA x\n");
    sandbox.write("text", "hunter2\n");
    for (file, says) in [
        (
            "key.pub",
            "error: key.pub holds no private key for SSH\nhint: it is the public key: the private one is in the file without .pub\n",
        ),
        ("text", "error: text holds no private key for SSH\nhint: ssh-keygen -t ed25519 -N '' -f FILE makes one\n"),
        ("none", "error: Cannot read file none, open none: no such file or directory\n"),
        ("", "error: --ssh-privatekey must be specified\nhint: --generate ssh-privatekey=ssh makes a key\n"),
    ] {
        let outcome = sandbox.run(&["create", "ssh-auth", "c", "--ssh-privatekey", file]);
        assert_eq!((outcome.exit, outcome.stderr.as_str()), (1, says));
    }
}
