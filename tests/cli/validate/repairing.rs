//! `--fix` on a server: what is safe, under the version that was looked at, and nothing else.

use super::{MARKER, codes, list, support::Sandbox};
use crate::client::server::{Server, answer, json};

fn store(sandbox: &Sandbox) {
    sandbox.write(
        "k.key",
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/ssh/ed25519.key"))
            .expect("a key")
            .trim_ascii_end(),
    );
    sandbox.write("newline", format!("{MARKER}\n"));
    sandbox.ok(&[
        "create",
        "generic",
        "a",
        "--from-file=password=newline",
        "--from-file=motd=newline",
        "--from-literal=ok=fine",
    ]);
    sandbox.ok(&["create", "generic", "k", "--type=kubernetes.io/ssh-auth", "--from-file=ssh-privatekey=k.key"]);
    sandbox.ok(&["create", "generic", "sound", "--from-literal=password=x"]);
}

#[test]
fn what_is_safe_is_repaired_once() {
    let sandbox = Sandbox::with_server();
    store(&sandbox);
    let namespace = &sandbox.namespace;
    let versions = || sandbox.ok(&["get", "secrets", "-o", "jsonpath={.items[*].metadata.resourceVersion}"]);
    let before = versions();
    for dry_run in ["client", "server"] {
        let outcome = sandbox.run(&["validate", "secrets", "--fix", &format!("--dry-run={dry_run}")]);
        assert_eq!(outcome.exit, 1, "{}", outcome.stderr);
        assert!(
            outcome.stderr.contains(&format!("secret/a in namespace {namespace}: data[password]: ends with a newline"))
        );
        assert!(outcome.stderr.contains(&format!("secret/k in namespace {namespace} fixed (")), "{}", outcome.stderr);
        assert_eq!(versions(), before, "a dry run changes nothing");
    }
    let outcome = sandbox.run(&["validate", "secrets", "--fix", "-o", "json"]);
    assert_eq!(codes(&list(&outcome)), ["KS301"], "the message of the day may end with a newline: {}", outcome.stderr);
    assert_eq!(
        outcome.stderr,
        format!(
            "secret/a in namespace {namespace}: data[password]: ends with a newline, which is part of the value [KS301]\n\
             secret/k in namespace {namespace}: data[ssh-privatekey]: does not end with a newline, without which OpenSSH \
             refuses it [KS213]\nsecret/a in namespace {namespace} fixed\nsecret/k in namespace {namespace} fixed\n"
        )
    );
    assert_eq!(sandbox.ok(&["decode", "a", "password"]), MARKER);
    assert_eq!(sandbox.ok(&["decode", "a", "motd"]), format!("{MARKER}\n"));
    assert!(sandbox.ok(&["decode", "k", "ssh-privatekey"]).ends_with("-----END OPENSSH PRIVATE KEY-----\n"));
    let after = versions();
    assert_ne!(after, before);
    let outcome = sandbox.run(&["validate", "secrets", "--fix", "--fail-on=error"]);
    assert_eq!((outcome.exit, outcome.stderr.contains("fixed")), (0, false), "{}", outcome.stderr);
    assert_eq!(versions(), after, "what is repaired is not written again");
}

#[test]
fn what_is_skipped_or_immutable_is_not_repaired() {
    let sandbox = Sandbox::with_server();
    store(&sandbox);
    let outcome = sandbox.run(&["validate", "a", "--fix", "--skip=KS301"]);
    assert_eq!((outcome.exit, outcome.stderr.contains("fixed")), (0, false), "{}", outcome.stderr);
    sandbox.ok(&["patch", "a", "-p", "{\"immutable\":true}"]);
    let outcome = sandbox.run(&["validate", "a", "--fix"]);
    assert_eq!(outcome.exit, 2, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("is immutable, and cannot be fixed\n"), "{}", outcome.stderr);
    assert_eq!(sandbox.ok(&["decode", "a", "password"]), format!("{MARKER}\n"));
}

#[test]
fn names_and_selectors_choose() {
    let sandbox = Sandbox::with_server();
    store(&sandbox);
    sandbox.ok(&["label", "secret", "a", "app=web"]);
    for (words, objects) in
        [(&["a"][..], 1), (&["secret", "a", "k"], 2), (&["-l", "app=web"], 1), (&["secret/sound"], 1), (&[], 3)]
    {
        let outcome = sandbox.run(&[&["validate"], words].concat());
        let noun = if objects == 1 { "object" } else { "objects" };
        assert!(outcome.stderr.starts_with(&format!("{objects} {noun} looked at")), "{words:?}: {}", outcome.stderr);
    }
    let outcome = sandbox.run(&["validate", "secret", "a", "gone"]);
    assert_eq!(outcome.exit, 2);
    assert!(
        outcome.stderr.ends_with("Error from server (NotFound): secrets \"gone\" not found\n"),
        "{}",
        outcome.stderr
    );
    assert!(outcome.stdout.contains("[KS301]"), "the other one is looked at: {}", outcome.stdout);
}

/// A server that changes the Secret between the look and the repairing, or between the reading and the writing.
#[test]
fn what_was_changed_meanwhile_is_not_repaired() {
    let value = "aHVudGVyMgo=";
    let secret = |version: &str, uid: &str| {
        let metadata =
            format!("{{\"name\":\"a\",\"namespace\":\"default\",\"uid\":\"{uid}\",\"resourceVersion\":\"{version}\"}}");
        format!(
            "{{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{metadata},\"data\":{{\"password\":\"{value}\"}}}}"
        )
    };
    for (version, uid, exit, says) in [
        ("7", "u", 2, "Error from server (Conflict): the object has been modified"),
        ("8", "u", 2, "error: secret/a in namespace default was changed meanwhile, and is not fixed"),
        ("7", "other", 2, "error: secret/a in namespace default was changed meanwhile, and is not fixed"),
    ] {
        let (now, before) = (secret(version, uid), secret("7", "u"));
        let conflict = "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"Conflict\",\"code\":409,\
                        \"message\":\"the object has been modified\"}";
        let server = Server::plain(move |request| match request.target() {
            target if target.starts_with("GET") && target.contains("/secrets?") => json(&format!(
                "{{\"kind\":\"SecretList\",\"apiVersion\":\"v1\",\"metadata\":{{\"resourceVersion\":\"9\"}},\"items\":[{before}]}}"
            )),
            target if target.starts_with("GET") => json(&now),
            _ => answer("409 Conflict", "application/json", conflict),
        });
        let sandbox = Sandbox::bare();
        let outcome = sandbox.run(&["validate", "secrets", "--fix", &format!("--server=http://{}", server.address)]);
        assert_eq!(outcome.exit, exit, "{}", outcome.stderr);
        assert!(outcome.stderr.contains(says), "{}", outcome.stderr);
        assert!(outcome.stdout.contains("[KS301]"), "what is not repaired is found: {}", outcome.stdout);
        assert!(!outcome.stderr.contains("hunter2") && !outcome.stderr.contains(value), "{}", outcome.stderr);
        let patches = server.requests().into_iter().filter(|request| request.target().starts_with("PATCH"));
        for patch in patches {
            let body = String::from_utf8(patch.body).expect("text");
            assert!(body.contains("\"resourceVersion\":\"7\"") && body.contains("\"uid\":\"u\""), "{body}");
        }
    }
}

const FILE: &str = "# What the web needs.
apiVersion: v1
kind: Secret
metadata: {name: a}
type: kubernetes.io/basic-auth
data:
  username: YQo=   # admin of old
  password: \"aHVudGVyMgo=\"
---
# Others.
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {token: \"stays\\n\"}}
- apiVersion: v1
  kind: Secret
  metadata: {name: b}
  stringData:
    token: |   # one line
      hunter4
    other: kept
    api-key: 'hunter3

'
";

#[test]
fn files_are_repaired_where_the_values_stand() {
    let sandbox = Sandbox::bare();
    let file = FILE.replace("\n\n'\n", "\n\n      '\n");
    for (text, fixed) in [
        (FILE.split("    api-key").next().expect("a beginning").to_owned(), true),
        // A value of several lines is not changed, and then nothing is.
        (file, false),
    ] {
        sandbox.write("a.yaml", &text);
        use std::os::unix::fs::PermissionsExt as _;
        let path = sandbox.cwd().join("a.yaml");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("a mode");
        std::os::unix::fs::symlink("a.yaml", sandbox.cwd().join("link.yaml"))
            .or_else(|error| match error.kind() {
                std::io::ErrorKind::AlreadyExists => Ok(()),
                _ => Err(error),
            })
            .expect("a link");
        let outcome = sandbox.run(&["validate", "-f", "link.yaml", "--fix", "--dry-run=client"]);
        assert_eq!(outcome.exit, 1, "{}", outcome.stderr);
        assert_eq!(std::fs::read_to_string(&path).expect("a file"), text, "a dry run changes nothing");
        let outcome = sandbox.run(&["validate", "-f", "link.yaml", "--fix"]);
        let after = std::fs::read_to_string(&path).expect("a file");
        assert!(
            !format!("{}{}", outcome.stdout, outcome.stderr).contains("hunter"),
            "{}{}",
            outcome.stdout,
            outcome.stderr
        );
        if !fixed {
            assert_eq!((outcome.exit, after.as_str()), (2, text.as_str()), "{}", outcome.stderr);
            assert!(
                outcome.stderr.contains("link.yaml is not fixed: the value of stringData[api-key] cannot be changed"),
                "{}",
                outcome.stderr
            );
            continue;
        }
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, ""), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("secret/a: data[username]: ends with a newline"), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("\nlink.yaml fixed\n"), "{}", outcome.stderr);
        let expected = text
            .replace("username: YQo=   #", "username: YQ==   #")
            .replace("\"aHVudGVyMgo=\"", "\"aHVudGVyMg==\"")
            .replace("token: |   #", "token: |-   #");
        assert_eq!(after, expected);
        let metadata = std::fs::symlink_metadata(&path).expect("a file");
        assert_eq!((metadata.permissions().mode() & 0o777, metadata.is_file()), (0o640, true));
        assert!(std::fs::symlink_metadata(sandbox.cwd().join("link.yaml")).expect("a link").is_symlink());
        let outcome = sandbox.run(&["validate", "-f", "a.yaml", "--fix"]);
        assert_eq!((outcome.exit, outcome.stderr.contains("fixed")), (0, false), "{}", outcome.stderr);
        let names = std::fs::read_dir(sandbox.cwd()).expect("a directory").count();
        assert_eq!(names, 2, "nothing is left beside it");
    }
}

#[test]
fn what_stands_in_no_file_is_not_repaired() {
    let sandbox = Sandbox::bare();
    let outcome =
        sandbox.run_with(&["validate", "-f", "-", "--fix"], FILE.split("---").next().expect("a Secret").as_bytes());
    assert_eq!(outcome.exit, 1, "{}", outcome.stderr);
    assert!(
        outcome.stdout.contains("STDIN:7: secret/a: warning: data[username]") && !outcome.stdout.contains("fix:"),
        "{}",
        outcome.stdout
    );
    assert!(!outcome.stderr.contains("fixed"), "{}", outcome.stderr);
}

/// The command that is shown works as it stands, on the server that was looked at.
#[test]
fn the_command_that_repairs_runs_as_it_stands() {
    let mut sandbox = Sandbox::bare();
    sandbox.link("ksecret", crate::support::KSECRET);
    let local = ["--local=my store.db"];
    sandbox.write("newline", format!("{MARKER}\n"));
    sandbox.ok(&[&local[..], &["create", "generic", "a", "--from-file=password=newline"]].concat());
    let outcome = sandbox.run(&[&local[..], &["validate", "-o", "json"]].concat());
    let remedy = list(&outcome)[0]["fix"].as_str().expect("a command").to_owned();
    assert_eq!(remedy, "ksecret --local='my store.db' validate secret/a -n default --fix");
    let outcome = crate::support::run(sandbox.command_of("sh", &["-ec", &remedy]), b"");
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    let outcome = sandbox.run(&[&local[..], &["validate"]].concat());
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, ""), "{}", outcome.stderr);
}

/// What cannot be fixed is still told when something beside it is, and a value that is no base64 is not an empty one.
#[test]
fn what_is_not_repaired_is_told_beside_what_is() {
    let sandbox = Sandbox::bare();
    let text = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nimmutable: \"yes\"\ndata:\n  bad: \"!!\"\n  password: YQo=\n  none:\n";
    sandbox.write("a.yaml", text);
    let sorted = |outcome: &crate::support::Outcome| {
        let mut found: Vec<String> = codes(&list(outcome)).into_iter().map(str::to_owned).collect();
        found.sort();
        found.join(" ")
    };
    let before = sandbox.run(&["validate", "-f", "a.yaml", "-o", "json"]);
    assert_eq!(sorted(&before), "KS101 KS101 KS301 KS311", "{}", before.stdout);
    let after = sandbox.run(&["validate", "-f", "a.yaml", "--fix", "-o", "json"]);
    assert_eq!((after.exit, sorted(&after).as_str()), (1, "KS101 KS101 KS311"), "{}{}", after.stdout, after.stderr);
    let repaired = std::fs::read_to_string(sandbox.cwd().join("a.yaml")).expect("a file");
    assert_eq!(repaired, text.replace("YQo=", "YQ=="));
}

/// An empty variable is no Secret, and not all of them.
#[test]
fn nothing_is_repaired_that_nothing_names() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "a", "--from-literal=password=x\n"]);
    let named =
        "error: --fix works on what is named: a NAME, secrets, -l or -A\nhint: secrets means all of the namespace\n";
    for (words, says) in [
        (&[][..], named),
        (&["--dry-run=server"], named),
        (&["-l", ""], "error: -l is empty, and --fix would fix every Secret\n"),
        (&["-A", "-l", " "], "error: -l is empty, and --fix would fix every Secret\n"),
        (&["secrets", "--field-selector="], "error: --field-selector is empty, and --fix would fix every Secret\n"),
    ] {
        let outcome = sandbox.run(&[&["validate", "--fix"], words].concat());
        assert_eq!((outcome.exit, outcome.stderr.as_str()), (2, says), "{words:?}");
    }
    assert_ne!(sandbox.run(&["validate", "", "--fix"]).exit, 0);
    assert_eq!(sandbox.ok(&["decode", "a", "password"]), "x\n");
}
