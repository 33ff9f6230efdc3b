//! `create tls` with what OpenSSL writes: locked keys, PKCS#12, chains in any order.

use std::{fs, path::Path, process::Command};

use super::support::{Outcome, Sandbox};

fn openssl(directory: &Path, line: &str) {
    let args = line.split_whitespace();
    let output = Command::new("openssl").args(args).current_dir(directory).output().expect("openssl");
    assert!(output.status.success(), "openssl {line}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A sandbox with a root, an intermediate and a leaf of this kind of key, each as `NAME.crt` and `NAME.key`.
fn authorities(kind: &str) -> Sandbox {
    let sandbox = Sandbox::bare();
    let cwd = sandbox.cwd();
    sandbox.write("ca.ext", "basicConstraints=critical,CA:TRUE\n");
    sandbox.write("leaf.ext", "subjectAltName=DNS:site.example\n");
    for (name, issuer, extensions) in [("root", "root", "ca"), ("middle", "root", "ca"), ("leaf", "middle", "leaf")] {
        openssl(&cwd, &format!("genpkey -algorithm {kind} -out {name}.key"));
        openssl(&cwd, &format!("req -new -key {name}.key -subj /CN={name} -out {name}.csr"));
        let signer = match name == issuer {
            true => format!("-signkey {issuer}.key"),
            false => format!("-CA {issuer}.crt -CAkey {issuer}.key -CAcreateserial"),
        };
        openssl(&cwd, &format!("x509 -req -in {name}.csr {signer} -days 2 -extfile {extensions}.ext -out {name}.crt"));
    }
    sandbox
}

const KINDS: [&str; 5] = [
    "RSA -pkeyopt rsa_keygen_bits:2048",
    "EC -pkeyopt ec_paramgen_curve:P-256",
    "EC -pkeyopt ec_paramgen_curve:P-384",
    "EC -pkeyopt ec_paramgen_curve:P-521",
    "ED25519",
];

/// Makes the Secret and returns one of its values, or what was said.
fn value(sandbox: &Sandbox, words: &str, stdin: &str, key: &str) -> Result<String, String> {
    let output = format!("-o=go-template={{{{index .data \"{key}\" | base64decode}}}}");
    let mut line = vec!["create", "tls", "site", "--dry-run=client", &output];
    line.extend(words.split_whitespace());
    let Outcome { exit, stdout, stderr, .. } = sandbox.run_with(&line, stdin.as_bytes());
    assert!(!stderr.contains("hunter") && !stderr.contains("PRIVATE KEY"), "{stderr}");
    if exit == 0 && stderr.is_empty() { Ok(stdout) } else { Err(stderr) }
}

fn text(sandbox: &Sandbox, file: &str) -> String {
    fs::read_to_string(sandbox.cwd().join(file)).expect(file)
}

#[test]
fn keys_that_openssl_locks_are_stored_unlocked() {
    for kind in KINDS {
        let sandbox = authorities(kind);
        let cwd = sandbox.cwd();
        openssl(&cwd, "pkcs8 -topk8 -nocrypt -in leaf.key -out plain.key");
        let plain = text(&sandbox, "plain.key");
        let mut methods = vec!["-v2 aes-256-cbc", "-v2 aes-256-cbc -v2prf hmacWithSHA1 -iter 1"];
        if kind == "ED25519" {
            methods.extend([
                "-v2 aes-128-cbc -v2prf hmacWithSHA384",
                "-v2 aes-192-cbc -v2prf hmacWithSHA512",
                "-v2 des3",
                "-v2 rc2 -provider legacy -provider default",
                "-v1 PBE-SHA1-3DES",
                "-v1 PBE-SHA1-2DES",
                "-v1 PBE-SHA1-RC2-128 -provider legacy -provider default",
                "-v1 PBE-SHA1-RC2-40 -provider legacy -provider default",
            ]);
        }
        for method in methods {
            openssl(&cwd, &format!("pkcs8 -topk8 -in leaf.key -passout pass:hunter2ä {method} -out locked.key"));
            let words = "--cert=leaf.crt --key=locked.key --key-passphrase-stdin";
            assert_eq!(value(&sandbox, words, "hunter2ä\n", "tls.key").as_ref(), Ok(&plain), "{kind} {method}");
            assert_eq!(value(&sandbox, words, "hunter2ä", "tls.crt"), Ok(text(&sandbox, "leaf.crt")));
            for wrong in ["hunter3", "hunter2a\u{308}", "hunter2ä "] {
                let says = Err("error: locked.key: the passphrase is wrong\n".to_owned());
                assert_eq!(value(&sandbox, words, wrong, "tls.key"), says, "{kind} {method}");
            }
        }
        let older = if kind.starts_with("RSA") { "rsa" } else { "ec" };
        for cipher in ["aes256", "aes192", "aes128", "des3"] {
            if kind == "ED25519" {
                continue;
            }
            let traditional = if older == "rsa" { "-traditional" } else { "" };
            openssl(
                &cwd,
                &format!("{older} -in leaf.key -{cipher} {traditional} -passout pass:hunter2 -out locked.key"),
            );
            openssl(&cwd, &format!("{older} -in leaf.key {traditional} -out plain.key"));
            assert!(text(&sandbox, "locked.key").contains("\nDEK-Info: "));
            let words = "--cert=leaf.crt --key=locked.key --key-passphrase-stdin";
            assert_eq!(
                value(&sandbox, words, "hunter2", "tls.key"),
                Ok(text(&sandbox, "plain.key")),
                "{kind} {cipher}"
            );
            let wrong = Err("error: locked.key: the passphrase is wrong\n".to_owned());
            assert_eq!(value(&sandbox, words, "hunter3", "tls.key"), wrong, "{kind} {cipher}");
        }
    }
}

#[test]
fn what_cannot_be_unlocked_is_said_in_one_line() {
    let sandbox = authorities("ED25519");
    let cwd = sandbox.cwd();
    openssl(&cwd, "pkcs8 -topk8 -in leaf.key -passout pass:hunter2 -out locked.key");
    let locked = text(&sandbox, "locked.key");
    sandbox.write("cut.key", locked.replacen("MI", "MJ", 1));
    let headers = "Proc-Type: 4,ENCRYPTED\nDEK-Info: ";
    let traditional = |info: &str| {
        format!(
            "-----BEGIN RSA PRIVATE KEY-----\n{headers}{info}\n\nMTIzNDU2Nzg5MDEyMzQ1Ng==\n-----END RSA PRIVATE KEY-----\n"
        )
    };
    sandbox.write("odd.key", traditional("CAMELLIA-256-CBC,00"));
    sandbox.write("iv.key", traditional("AES-256-CBC,hunter2"));
    sandbox.write("none.key", traditional("hunter2"));
    openssl(&cwd, "pkcs8 -topk8 -in leaf.key -passout pass:hunter2 -scrypt -out scrypt.key");
    openssl(
        &cwd,
        "pkcs8 -topk8 -in leaf.key -passout pass:hunter2 -v1 PBE-MD5-DES -provider legacy -provider default -out md5.key",
    );
    openssl(&cwd, "pkcs8 -topk8 -in leaf.key -passout pass:hunter2 -iter 2000001 -v2 aes-256-cbc -out slow.key");
    let method = |file: &str, method: &str| {
        format!(
            "error: {file} is locked by a method that is not known here: {method}\nhint: openssl pkey -in {file} writes it without one\n"
        )
    };
    for (file, says) in [
        ("cut.key", "error: cut.key is damaged\n".to_owned()),
        ("odd.key", method("odd.key", "CAMELLIA-256-CBC")),
        ("iv.key", "error: iv.key has no DEK-Info that can be read\n".to_owned()),
        ("none.key", "error: none.key has no DEK-Info that can be read\n".to_owned()),
        ("scrypt.key", method("scrypt.key", "1.3.6.1.4.1.11591.4.11")),
        ("md5.key", method("md5.key", "1.2.840.113549.1.5.3")),
        ("slow.key", "error: slow.key asks for an odd number of rounds\n".to_owned()),
    ] {
        let words = format!("--cert=leaf.crt --key={file} --key-passphrase-stdin");
        assert_eq!(value(&sandbox, &words, "hunter2", "tls.key"), Err(says));
    }
    // Without a passphrase all is as with kubectl, and a hint.
    for (words, says) in [
        (
            "--cert=leaf.crt --key=locked.key",
            "error: tls: failed to parse private key\nhint: the key is locked by a passphrase: --key-passphrase-stdin\n",
        ),
        (
            "--cert=leaf.crt --key=none --key-passphrase-prompt",
            "error: the passphrase is asked for, and there is no terminal to ask on\nhint: --key-passphrase-stdin takes it from a pipe\n",
        ),
        (
            "--cert=leaf.crt --key=locked.key --key-passphrase-prompt --key-passphrase-stdin",
            "error: only one of --key-passphrase-stdin and --key-passphrase-prompt can be specified\n",
        ),
        (
            "--cert=root.crt --key=locked.key --key-passphrase-stdin",
            "error: tls: private key does not match public key\n",
        ),
    ] {
        assert_eq!(value(&sandbox, words, "hunter2", "tls.key"), Err(says.to_owned()), "{words}");
    }
    let plain = value(&sandbox, "--cert=leaf.crt --key=leaf.key --key-passphrase-stdin", "", "tls.key");
    assert_eq!(plain, Ok(text(&sandbox, "leaf.key")), "a key that is not locked needs none");
}

#[test]
fn pkcs12_of_every_kind() {
    for kind in KINDS {
        let sandbox = authorities(kind);
        let cwd = sandbox.cwd();
        openssl(&cwd, "pkcs8 -topk8 -nocrypt -in leaf.key -out plain.key");
        sandbox.write("others.pem", text(&sandbox, "root.crt") + &text(&sandbox, "middle.crt"));
        let chain = text(&sandbox, "leaf.crt") + &text(&sandbox, "middle.crt") + &text(&sandbox, "root.crt");
        let mut ways = vec!["", "-legacy"];
        if kind == "ED25519" {
            ways.extend([
                "-macalg sha1",
                "-macalg sha384",
                "-macalg sha512",
                "-macalg sha512 -maciter",
                "-nomac",
                "-keypbe NONE",
                "-certpbe NONE",
                "-keypbe NONE -certpbe NONE -nomac",
                "-keypbe aes-128-cbc -certpbe aes-192-cbc",
                "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES",
                "-certpbe PBE-SHA1-RC2-128 -provider legacy -provider default",
                "-iter 1",
            ]);
        }
        for way in ways {
            let make = format!("pkcs12 -export -inkey leaf.key -in leaf.crt -certfile others.pem -out site.p12 {way}");
            let passphrases = ["hunter2", "hünter€𐍈", ""];
            for passphrase in &passphrases[..if kind == "ED25519" { 3 } else { 1 }] {
                openssl(&cwd, &format!("{make} -passout pass:{passphrase}"));
                let words = if passphrase.is_empty() {
                    "--pkcs12=site.p12"
                } else {
                    "--pkcs12=site.p12 --key-passphrase-stdin"
                };
                let got = value(&sandbox, words, passphrase, "tls.key");
                assert_eq!(got, Ok(text(&sandbox, "plain.key")), "{kind} {way} {passphrase}");
                assert_eq!(value(&sandbox, words, passphrase, "tls.crt").as_ref(), Ok(&chain), "{kind} {way}");
                if passphrase.is_empty() || way.contains("-nomac") && way.contains("-keypbe NONE") {
                    continue;
                }
                let wrong = value(&sandbox, "--pkcs12=site.p12 --key-passphrase-stdin", "hunter3", "tls.key");
                assert_eq!(wrong, Err("error: site.p12: the passphrase is wrong\n".to_owned()), "{kind} {way}");
                let none = value(&sandbox, "--pkcs12=site.p12", "", "tls.key");
                let says =
                    "error: site.p12 is locked by a passphrase\nhint: --key-passphrase-stdin takes it from a pipe\n";
                assert_eq!(none, Err(says.to_owned()), "{kind} {way}");
            }
        }
    }
}

#[test]
fn what_is_no_pkcs12_with_one_pair_is_refused() {
    let sandbox = authorities("ED25519");
    let cwd = sandbox.cwd();
    openssl(&cwd, "pkcs12 -export -nokeys -in root.crt -out none.p12 -passout pass:");
    openssl(&cwd, "pkcs12 -export -inkey leaf.key -in leaf.crt -out site.p12 -passout pass:");
    openssl(
        &cwd,
        "pkcs12 -export -inkey leaf.key -in leaf.crt -out rc4.p12 -passout pass: -certpbe PBE-SHA1-RC4-128 -provider legacy -provider default",
    );
    openssl(&cwd, "pkcs12 -export -inkey leaf.key -in leaf.crt -certfile root.crt -out more.p12 -passout pass:");
    let site = fs::read(cwd.join("site.p12")).unwrap();
    sandbox.write("cut.p12", &site[..site.len() - 9]);
    for (words, says) in [
        ("--pkcs12=none.p12", "error: none.p12 holds 0 private keys, and one is wanted\n"),
        ("--pkcs12=leaf.key", "error: leaf.key is no PKCS#12 file\n"),
        ("--pkcs12=cut.p12", "error: cut.p12 is no PKCS#12 file\n"),
        ("--pkcs12=site.p12 --key=leaf.key", "error: --pkcs12 goes with neither --cert nor --key: it has both\n"),
        ("--pkcs12=gone", "error: Cannot read file gone, open gone: no such file or directory\n"),
        (
            "--pkcs12=rc4.p12",
            "error: rc4.p12 is locked by a method that is not known here: 1.2.840.113549.1.12.1.1\nhint: openssl pkcs12 -legacy -in rc4.p12 -nodes writes PEM\n",
        ),
        (
            "--pkcs12=more.p12",
            "warning: 1 certificate in more.p12 is left out: no part of the chain of the key's certificate\n",
        ),
    ] {
        assert_eq!(value(&sandbox, words, "", "tls.crt"), Err(says.to_owned()), "{words}");
    }
}

#[test]
fn a_chain_is_put_in_order_when_that_is_asked_for() {
    for kind in KINDS {
        let sandbox = authorities(kind);
        let cwd = sandbox.cwd();
        // Another authority of the same name, as one that was renewed.
        openssl(&cwd, &format!("genpkey -algorithm {kind} -out again.key"));
        openssl(&cwd, "req -x509 -new -key again.key -subj /CN=middle -days 2 -out again.crt");
        let [leaf, middle, root, again] =
            ["leaf", "middle", "root", "again"].map(|name| text(&sandbox, &format!("{name}.crt")));
        let ordered = [leaf.as_str(), &middle, &root].concat();
        sandbox.write("mixed.pem", format!("# mine\n{root}{middle}{leaf}{middle}"));
        let words = "--cert=mixed.pem --key=leaf.key";
        let mismatch = Err("error: tls: private key does not match public key\n".to_owned());
        assert_eq!(value(&sandbox, words, "", "tls.crt"), mismatch, "{kind}");
        assert_eq!(value(&sandbox, &format!("{words} --order-chain"), "", "tls.crt").as_ref(), Ok(&ordered), "{kind}");
        // kubectl's flags alone change nothing.
        sandbox.write("odd.pem", format!("{leaf}{root}# x\n"));
        assert_eq!(value(&sandbox, "--cert=odd.pem --key=leaf.key", "", "tls.crt"), Ok(format!("{leaf}{root}# x\n")));
        // One with the same name and another key is no issuer. P-521's signatures are not looked at.
        sandbox.write("other.pem", format!("{again}{middle}{root}{leaf}"));
        if !kind.contains("P-521") {
            let left =
                "warning: 1 certificate in other.pem is left out: no part of the chain of the key's certificate\n";
            let line = [
                "create",
                "tls",
                "a",
                "--cert=other.pem",
                "--key=leaf.key",
                "--order-chain",
                "--dry-run=client",
                "-o=jsonpath={.data.tls\\.crt}",
            ];
            let outcome = sandbox.run(&line);
            assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, left), "{kind}");
            let stored = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, outcome.stdout).unwrap();
            assert_eq!(String::from_utf8(stored).unwrap(), ordered);
        }
        let none = value(&sandbox, "--cert=mixed.pem --key=again.key --order-chain", "", "tls.crt");
        assert_eq!(none, mismatch, "{kind}");

        // The authority, byte for byte.
        let with =
            |cert: &str, ca: &str| value(&sandbox, &format!("--cert={cert} --key=leaf.key --ca={ca}"), "", "ca.crt");
        for (cert, ca) in [
            ("leaf.crt", "middle.crt"),
            ("mixed2.pem", "root.crt"),
            ("leaf.crt", "mixed.pem"),
            ("mixed2.pem", "middle.crt"),
        ] {
            sandbox.write("mixed2.pem", format!("{leaf}{middle}"));
            assert_eq!(with(cert, ca), Ok(text(&sandbox, ca)), "{kind} {cert} {ca}");
        }
        let warns = |ca: &str| Err(format!("warning: the chain in tls.crt does not lead to a certificate in {ca}\n"));
        assert_eq!(with("leaf.crt", "root.crt"), warns("root.crt"), "{kind}");
        if !kind.contains("P-521") {
            assert_eq!(with("leaf.crt", "again.crt"), warns("again.crt"), "{kind}");
        }
        let no_ca = Err("error: leaf.key holds no certificate in PEM\n".to_owned());
        assert_eq!(with("leaf.crt", "leaf.key"), no_ca);
    }
}
