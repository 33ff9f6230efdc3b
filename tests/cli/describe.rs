//! `describe`, and colours: what a person sees beyond what kubectl prints.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, date_time_ymd};

use super::support::Sandbox;

const SSH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/ssh");

/// What `--details` puts below the description.
fn details(sandbox: &Sandbox, name: &str) -> String {
    let plain = sandbox.ok(&["describe", "secret", name, "--details=false"]);
    assert_eq!(plain, sandbox.ok(&["describe", "secret", name]), "a pipe gets what kubectl prints");
    let text = sandbox.ok(&["describe", "secret", name, "--details"]);
    text.strip_prefix(&plain).unwrap_or_else(|| panic!("{plain} is not the beginning of {text}")).to_owned()
}

fn certificate(end: i32) -> String {
    let mut params = CertificateParams::new(vec!["site.example".to_owned(), "10.0.0.1".to_owned()]).unwrap();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, "Example");
    params.distinguished_name.push(DnType::CommonName, "site\u{202e}\nExpires: never");
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(end, 1, 1);
    params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem()
}

#[test]
fn a_certificate_shows_whose_it_is_and_for_how_long() {
    let sandbox = Sandbox::with_server();
    sandbox.write("old.crt", certificate(2021));
    sandbox.write("new.crt", certificate(2999) + &certificate(2021));
    sandbox.ok(&["create", "generic", "c", "--from-file=old.crt", "--from-file=new.crt", "--from-literal=a=b"]);
    let text = details(&sandbox, "c");
    let name = "O=Example,CN=site\\u202e\\nExpires: never";
    let new = format!(
        "\nCertificate new.crt\n===================\nSubject:  {name}\nNames:    site.example, 10.0.0.1\nIssuer:   {name}\n\
         Expires:  2999-01-01T00:00:00Z, in "
    );
    let (until, rest) = text.strip_prefix(&new).unwrap_or_else(|| panic!("{text}")).split_once('\n').unwrap();
    assert!(until.ends_with('y'), "{until}");
    assert!(rest.starts_with("Chain:    2 certificates\n\nCertificate old.crt\n"), "{rest}");
    assert!(rest.contains("\nExpires:  2021-01-01T00:00:00Z, expired "), "{rest}");
}

#[test]
fn a_docker_config_shows_registries_and_users_and_no_password() {
    let sandbox = Sandbox::with_server();
    let config = r#"{"auths":{"a.example":{"username":"tiger","password":"hunter2"},"b.example":{"auth":"amFuZTpodW50ZXIy"},
        "c.example":{"identitytoken":"hunter2"},"d.example":"hunter2"}}"#;
    sandbox.write("config.json", config);
    sandbox.ok(&["create", "docker-registry", "r", "--from-file=.dockerconfigjson=config.json"]);
    assert_eq!(
        details(&sandbox, "r"),
        "\nRegistry a.example\n==================\nUser:  tiger\n\nRegistry b.example\n==================\nUser:  jane\n\
         \nRegistry c.example\n==================\nUser:  <none>\n\nRegistry d.example\n==================\nUser:  <none>\n"
    );
}

#[test]
fn a_key_for_ssh_shows_the_fingerprint_that_ssh_keygen_shows() {
    let sandbox = Sandbox::with_server();
    for (file, kind, fingerprint) in [
        ("ed25519", "ssh-ed25519", "SHA256:YOZLiBdVUldGfQ4oo8wqAYcfLkosLg7OJpg+yYRA8DM"),
        ("ed25519-encrypted", "ssh-ed25519, encrypted", "SHA256:8wZ4+gkv/eHMJya+eXjIu1lXOZk7tdMl7osylHogje0"),
        ("rsa", "ssh-rsa", "SHA256:Mi1EgynVtdWo7JjgWgIzwnKSNYzfwRXwiSsOekVx8Kk"),
    ] {
        let key = format!("--from-file=ssh-privatekey={SSH}/{file}.key");
        sandbox.ok(&["create", "generic", file, "--type=kubernetes.io/ssh-auth", &key]);
        let want = format!(
            "\nSSH key ssh-privatekey\n======================\nKind:         {kind}\nFingerprint:  {fingerprint}\n"
        );
        assert_eq!(details(&sandbox, file), want);
    }
}

#[test]
fn a_token_shows_whose_it_is_and_when_it_ends() {
    let sandbox = Sandbox::with_server();
    let claims = URL_SAFE_NO_PAD.encode(r#"{"sub":"system:serviceaccount:ns:builder","exp":1600000000}"#);
    sandbox.write(
        "t.yaml",
        format!(
            "{{apiVersion: v1, kind: Secret, type: kubernetes.io/service-account-token, metadata: {{name: t, annotations: \
             {{kubernetes.io/service-account.name: builder}}}}, stringData: {{token: x.{claims}.hunter2}}}}\n---\n\
             {{apiVersion: v1, kind: Secret, type: bootstrap.kubernetes.io/token, metadata: {{name: b}}, stringData: \
             {{token-secret: hunter2, expiration: '2999-01-01T00:00:00Z'}}}}\n---\n\
             {{apiVersion: v1, kind: Secret, type: bootstrap.kubernetes.io/token, metadata: {{name: odd}}, stringData: \
             {{expiration: hunter2}}}}\n"
        ),
    );
    sandbox.ok(&["create", "-f", "t.yaml"]);
    let text = details(&sandbox, "t");
    let start = "\nToken token\n===========\nSubject:  system:serviceaccount:ns:builder\n\
                 Expires:  2020-09-13T12:26:40Z, expired ";
    assert!(text.starts_with(start) && !text.contains("hunter2"), "{text}");
    assert!(details(&sandbox, "b").contains("\nExpires:  2999-01-01T00:00:00Z, in "));
    assert!(!details(&sandbox, "odd").contains("hunter2"));
}

#[test]
fn a_large_value_has_its_size_in_kib() {
    let sandbox = Sandbox::with_server();
    sandbox.write("large", "x".repeat(20_000));
    sandbox.ok(&["create", "generic", "l", "--from-file=large"]);
    assert!(sandbox.ok(&["describe", "l", "--details"]).ends_with("large:  20000 bytes (20 KiB)\n"));
    assert!(sandbox.ok(&["describe", "l"]).ends_with("large:  20000 bytes\n"));
}

/// One colour for one role, wherever it is printed; and beside the colours the text is what it is without.
#[test]
fn roles_have_colours() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "a", "--from-literal=user=x: y", "--from-literal=lines=one\nb: c"]);
    sandbox.write("a.yaml", "{apiVersion: v1, kind: Secret, metadata: {name: a, labels: {l: m}}}\n");
    sandbox.write("old.crt", certificate(2021));
    sandbox.ok(&["create", "generic", "c", "--from-file=old.crt"]);
    for (line, parts) in [
        (&["get", "secrets"][..], &["\x1b[1mNAME\x1b[0m"][..]),
        (&["describe", "a"], &["\x1b[36mName:\x1b[0m         a\n", "\x1b[1mData\x1b[0m\n\x1b[1m====\x1b[0m\n"]),
        (&["describe", "c", "--details"], &["\x1b[36mExpires:\x1b[0m\x1b[31m  2021-01-01T00:00:00Z, expired "]),
        (&["decode", "a"], &["\x1b[36muser:\x1b[0m 'x: y'\n", "\x1b[36mlines:\x1b[0m |-\n  one\n  b: c\n"]),
        (&["diff", "-f", "a.yaml"], &["\n\x1b[32m+    l: m\x1b[0m\n", "\n\x1b[2m@@ ", "\x1b[1mdiff -u -N "]),
    ] {
        // Between two runs that print the same no age has changed.
        let (expected, coloured) = loop {
            let before = sandbox.run(line).stdout;
            let coloured = sandbox.run(&[line, &["--color=always"]].concat()).stdout;
            if line[0] == "diff" || before == sandbox.run(line).stdout {
                break (before, coloured);
            }
        };
        for part in parts {
            assert!(coloured.contains(part), "{line:?}: {coloured:?} without {part:?}");
        }
        if line[0] != "diff" {
            let mut plain = coloured;
            for code in ["\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[36m"] {
                plain = plain.replace(code, "");
            }
            assert_eq!(plain, expected, "{line:?}");
        }
    }
    let said = sandbox.run(&["get", "secret", "none", "--color=always"]).stderr;
    assert_eq!(said, "\x1b[31mError from server (NotFound):\x1b[0m secrets \"none\" not found\n");
    let said = sandbox.run(&["delete", "a", "--field-selector=x=", "--color=always"]).stderr;
    assert!(said.starts_with("\x1b[31merror:\x1b[0m "), "{said:?}");
    // An own program for diff has its own colours.
    let mut sandbox = sandbox;
    sandbox.set_env("KUBECTL_EXTERNAL_DIFF", "diff -N");
    assert!(!sandbox.run(&["diff", "-f", "a.yaml", "--color=always"]).stdout.contains('\x1b'));
}
