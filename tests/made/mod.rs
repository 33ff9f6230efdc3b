//! Keys and certificates as OpenSSL and OpenSSH write them, in each of their forms: `validate` finds those that do not work, and
//! nothing wrong with those that do.

use std::{fs, path::PathBuf, process::Command};

use libtest_mimic::Failed;
use serde_json::Value as Json;

use crate::support::{
    Sandbox,
    require::{Need, Required, on_path},
    suite::Suite,
};

/// Kinds of keys, with the options of `openssl genpkey`.
const KEYS: [(&str, &[&str]); 5] = [
    ("rsa", &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]),
    ("p256", &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
    ("p384", &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"]),
    ("p521", &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"]),
    ("ed25519", &["-algorithm", "ED25519"]),
];

/// Kinds of keys for SSH, and their bits.
const SSH_KEYS: [(&str, &str); 5] =
    [("rsa", "2048"), ("ecdsa", "256"), ("ecdsa", "384"), ("ecdsa", "521"), ("ed25519", "256")];

/// One test for each kind of key, where both programs are.
pub fn suite(required: &Required) -> Suite {
    let mut suite = Suite::new("made");
    let missing = ["openssl", "ssh-keygen"].iter().find_map(|program| on_path(program).err());
    match required.wants(Need::Tools) {
        Some(Err(missing)) => suite.test("tools", move || Err(missing.into())),
        None if missing.is_some() => suite.not_run(KEYS.len() + SSH_KEYS.len() + 1, Need::Tools),
        _ => {
            for (name, options) in KEYS {
                suite.test(&format!("tls/{name}"), move || tls(options));
            }
            for (kind, bits) in SSH_KEYS {
                suite.test(&format!("ssh/{kind}-{bits}"), move || ssh(kind, bits));
            }
            suite.test("chains", chains);
        }
    }
    suite.report(|| "keys and certificates of OpenSSL and OpenSSH, by `validate`".to_owned());
    suite
}

/// A directory in which programs make files.
struct Made {
    sandbox: Sandbox,
}

impl Made {
    fn path(&self, name: &str) -> PathBuf {
        self.sandbox.cwd().join(name)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).expect("a file that was made")
    }

    fn run(&self, program: &str, words: &[&str]) -> Result<(), Failed> {
        let output = Command::new(program).args(words).current_dir(self.sandbox.cwd()).output()?;
        match output.status.success() {
            true => Ok(()),
            false => Err(format!("{program} {words:?}: {}", String::from_utf8_lossy(&output.stderr)).into()),
        }
    }

    fn openssl(&self, line: &str) -> Result<(), Failed> {
        self.run("openssl", &line.split(' ').collect::<Vec<_>>())
    }

    /// Codes and levels of the findings about a Secret of these files.
    fn findings(&self, kind: &str, files: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut words = vec!["create".to_owned(), "generic".to_owned(), "s".to_owned(), format!("--type={kind}")];
        words.extend(files.iter().map(|(key, file)| format!("--from-file={key}={file}")));
        words.extend(["--dry-run=client", "-o", "json"].map(str::to_owned));
        let manifest = self.sandbox.ok(&words);
        let line = ["validate", "-f", "-", "-o", "json", "--fail-on=never"];
        let outcome = self.sandbox.run_with(&line, manifest.as_bytes());
        let report: Json = serde_json::from_str(&outcome.stdout).expect("JSON");
        let text = |finding: &Json, field: &str| finding[field].as_str().expect("text").to_owned();
        let findings = report["findings"].as_array().expect("findings");
        findings.iter().map(|finding| (text(finding, "code"), text(finding, "level"))).collect()
    }

    fn codes(&self, kind: &str, files: &[(&str, &str)]) -> Vec<String> {
        self.findings(kind, files).into_iter().map(|(code, _)| code).collect()
    }

    fn expect(&self, certificate: &str, key: &str, codes: &[&str]) -> Result<(), Failed> {
        let found = self.codes("kubernetes.io/tls", &[("tls.crt", certificate), ("tls.key", key)]);
        if found == codes { Ok(()) } else { Err(format!("{certificate} and {key}: {found:?}, not {codes:?}").into()) }
    }
}

fn tls(options: &[&str]) -> Result<(), Failed> {
    let made = Made { sandbox: Sandbox::bare() };
    for name in ["own", "other"] {
        made.run("openssl", &[&["genpkey", "-out", name], options].concat())?;
    }
    let request = "req -x509 -key own -subj /CN=site.example -addext basicConstraints=critical,CA:FALSE";
    made.openssl(&format!("{request} -addext subjectAltName=DNS:site.example -days 400 -out whole"))?;
    made.openssl(&format!("{request} -addext subjectAltName=DNS:site.example -days 10 -out soon"))?;
    made.openssl(&format!("{request} -days 400 -out nameless"))?;
    made.expect("whole", "own", &[])?;
    made.expect("whole", "other", &["KS201"])?;
    made.expect("soon", "own", &["KS203"])?;
    made.expect("nameless", "own", &["KS207"])?;
    // PKCS#1 and SEC1; Ed25519 has no form of its own.
    let has_own = !options.contains(&"ED25519");
    if has_own {
        made.openssl("pkey -in own -traditional -out traditional")?;
        made.expect("whole", "traditional", &[])?;
    }
    let own = if has_own { " -traditional" } else { "" };
    for (cipher, form) in [("aes-256-cbc", ""), ("aes-128-cbc", own), ("des-ede3-cbc", "")] {
        made.openssl(&format!("pkey -in own -{cipher} -passout pass:abcdef{form} -out locked"))?;
        made.expect("whole", "locked", &["KS208"])?;
    }
    made.openssl("pkey -in own -outform DER -out der")?;
    made.expect("whole", "der", &["KS201"])?;
    for (name, joint) in [("escaped", "\\n"), ("spaced", " ")] {
        let text = String::from_utf8(made.read("own"))?;
        fs::write(made.path(name), text.replace('\n', joint))?;
        made.expect("whole", name, &["KS201", "KS308"])?;
    }
    Ok(())
}

fn chains() -> Result<(), Failed> {
    let made = Made { sandbox: Sandbox::bare() };
    let identifiers = "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
    made.sandbox.write("ca.ext", format!("basicConstraints=critical,CA:TRUE\n{identifiers}"));
    made.sandbox.write("leaf.ext", format!("subjectAltName=DNS:site.example\n{identifiers}"));
    // Made anew, an authority has its name and another key.
    for (name, subject) in [("root", "root"), ("middle", "middle"), ("anew", "middle"), ("leaf", "leaf")] {
        made.openssl(&format!("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out {name}.key"))?;
        made.openssl(&format!("req -new -key {name}.key -subj /CN={subject} -out {name}.csr"))?;
    }
    made.openssl("x509 -req -in root.csr -signkey root.key -days 400 -extfile ca.ext -out root.crt")?;
    let signed = |name: &str, by: &str, extensions: &str| {
        let by = format!("-CA {by}.crt -CAkey {by}.key -CAcreateserial");
        made.openssl(&format!("x509 -req -in {name}.csr {by} -days 400 -extfile {extensions}.ext -out {name}.crt"))
    };
    signed("middle", "root", "ca")?;
    signed("anew", "root", "ca")?;
    signed("leaf", "middle", "leaf")?;
    for (chain, codes) in [
        (&["leaf", "middle", "root"][..], &[][..]),
        (&["leaf", "middle"], &[]),
        (&["leaf"], &["KS206"]),
        (&["leaf", "root", "middle"], &["KS205"]),
        (&["leaf", "root"], &["KS205"]),
        (&["leaf", "leaf"], &["KS205"]),
        (&["leaf", "anew", "root"], &["KS205"]),
    ] {
        let text: Vec<u8> = chain.iter().flat_map(|name| made.read(&format!("{name}.crt"))).collect();
        fs::write(made.path("chain"), text)?;
        made.expect("chain", "leaf.key", codes)?;
    }
    Ok(())
}

/// Each form of a key, sound and damaged. What OpenSSH refuses is found, and what it takes is no error.
fn ssh(kind: &str, bits: &str) -> Result<(), Failed> {
    let made = Made { sandbox: Sandbox::with_server() };
    let own = "kubernetes.io/ssh-auth";
    for form in ["RFC4716", "PEM", "PKCS8"] {
        let make = |name: &str, passphrase: &str| {
            made.run("ssh-keygen", &["-q", "-t", kind, "-b", bits, "-m", form, "-N", passphrase, "-C", "", "-f", name])
        };
        let (sound, locked) = (format!("{form}-sound"), format!("{form}-locked"));
        make(&sound, "")?;
        make(&locked, "abcdef")?;
        let expect = |name: &str, codes: &[&str]| -> Result<(), Failed> {
            let found = made.codes(own, &[("ssh-privatekey", name)]);
            if found == codes { Ok(()) } else { Err(format!("{name}: {found:?}, not {codes:?}").into()) }
        };
        expect(&sound, &[])?;
        expect(&locked, &["KS212"])?;
        expect(&format!("{sound}.pub"), &["KS211"])?;
        let text = made.read(&sound);
        let lines = || text.split(|byte| *byte == b'\n');
        let damaged: [(&str, Vec<u8>); 7] = [
            ("end", text.trim_ascii_end().to_vec()),
            ("crlf", lines().collect::<Vec<_>>().join(&b"\r\n"[..])),
            ("mark", [b"\xEF\xBB\xBF", text.as_slice()].concat()),
            ("before", [b"\n", text.as_slice()].concat()),
            ("after", [text.as_slice(), b"\n"].concat()),
            ("spaces", lines().collect::<Vec<_>>().join(&b' ')),
            (
                "cut",
                lines().enumerate().filter(|(at, _)| *at != 2).map(|(_, line)| line).collect::<Vec<_>>().join(&b'\n'),
            ),
        ];
        for (name, text) in damaged {
            let file = format!("{form}-{name}");
            fs::write(made.path(&file), text)?;
            let is_taken = is_taken(&made, &file)?;
            let found = made.findings(own, &[("ssh-privatekey", &file)]);
            let levels: Vec<&str> = found.iter().map(|(_, level)| level.as_str()).collect();
            let (is_found, is_error) = (levels.iter().any(|level| *level != "info"), levels.contains(&"error"));
            if is_taken && is_error || !is_taken && !is_found {
                return Err(format!("{file}: OpenSSH takes it: {is_taken}; found {found:?}").into());
            }
        }
        // What is repaired, OpenSSH takes.
        for name in ["end", "crlf", "mark", "spaces"] {
            let file = format!("{form}-{name}");
            let secret = format!("{name}-{}", form.to_lowercase());
            let from = format!("--from-file=ssh-privatekey={file}");
            made.sandbox.ok(&["create", "generic", &secret, &format!("--type={own}"), &from]);
            let outcome = made.sandbox.run(&["validate", &secret, "--fix"]);
            if outcome.exit != 0 {
                return Err(format!("{file}: {}{}", outcome.stdout, outcome.stderr).into());
            }
            let repaired = format!("{file}-repaired");
            fs::write(made.path(&repaired), made.sandbox.run(&["decode", &secret, "ssh-privatekey"]).bytes)?;
            if !is_taken(&made, &repaired)? {
                return Err(format!("OpenSSH does not take {repaired}").into());
            }
        }
    }
    Ok(())
}

/// Whether OpenSSH reads a private key.
fn is_taken(made: &Made, file: &str) -> Result<bool, Failed> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(made.path(file), fs::Permissions::from_mode(0o600))?;
    Ok(made.run("ssh-keygen", &["-y", "-P", "", "-f", file]).is_ok())
}
