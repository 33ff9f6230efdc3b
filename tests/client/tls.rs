//! Certificates of every kind that clusters have, from openssl's own server: keys of the authority, the server and the
//! client, purposes, protocol versions.

use std::{
    ffi::OsString,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use ksecret::client::Settings;

use super::{SECRET, client, error_of, get, server as flags};

/// A directory with certificates that openssl made.
struct Certificates(tempfile::TempDir);

/// A kind of key, in openssl's words.
type Kind = &'static [&'static str];
const P256: Kind = &["EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
const P384: Kind = &["EC", "-pkeyopt", "ec_paramgen_curve:P-384"];
const P521: Kind = &["EC", "-pkeyopt", "ec_paramgen_curve:P-521"];
const ED25519: Kind = &["ED25519"];
const ED448: Kind = &["ED448"];
const RSA: Kind = &["RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
const RSA_1024: Kind = &["RSA", "-pkeyopt", "rsa_keygen_bits:1024"];
const SECP256K1: Kind = &["EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"];
const BRAINPOOL: Kind = &["EC", "-pkeyopt", "ec_paramgen_curve:brainpoolP256r1"];

impl Certificates {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a directory"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn flag(&self, name: &str) -> Option<OsString> {
        Some(self.path(name).into())
    }

    /// A self-signed authority: `NAME.crt`, `NAME.key`.
    fn authority(&self, name: &str, kind: Kind, digest: &str) {
        self.key(name, kind);
        let args = ["req", "-x509", "-new", "-key", &format!("{name}.key"), "-out", &format!("{name}.crt")];
        let more =
            ["-subj", &format!("/CN={name}"), "-days", "2", digest, "-addext", "basicConstraints=critical,CA:TRUE"];
        openssl(self.0.path(), &[&args[..], &more].concat());
    }

    /// A certificate that `authority` signs, with lines of extensions.
    fn signed(&self, name: &str, kind: Kind, authority: &str, digest: &str, extensions: &str) {
        self.key(name, kind);
        std::fs::write(self.path("extensions"), format!("subjectAltName=IP:127.0.0.1\n{extensions}\n"))
            .expect("a file");
        let csr = format!("{name}.csr");
        let key = format!("{name}.key");
        openssl(self.0.path(), &["req", "-new", "-key", &key, "-subj", &format!("/CN={name}"), "-out", &csr]);
        let (ca, ca_key, out) = (format!("{authority}.crt"), format!("{authority}.key"), format!("{name}.crt"));
        let args = ["x509", "-req", "-in", &csr, "-CA", &ca, "-CAkey", &ca_key, "-CAcreateserial", "-out", &out];
        openssl(self.0.path(), &[&args[..], &["-days", "2", digest, "-extfile", "extensions"]].concat());
    }

    fn key(&self, name: &str, kind: Kind) {
        openssl(self.0.path(), &[&["genpkey", "-algorithm"], kind, &["-out", &format!("{name}.key")]].concat());
    }

    /// openssl's server with the certificate `server`, which answers with a Secret.
    fn serve(&self, more: &[&str]) -> Served {
        let file = self.path(SECRET.trim_start_matches('/'));
        std::fs::create_dir_all(file.parent().expect("a parent")).expect("directories");
        let body = r#"{"kind":"Secret","apiVersion":"v1","metadata":{"name":"db","namespace":"team"}}"#;
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
        std::fs::write(file, head + body).expect("an answer");
        let mut child = Command::new("openssl")
            .args(["s_server", "-accept", "127.0.0.1:0", "-cert", "server.crt", "-key", "server.key", "-HTTP"])
            .args(more)
            .current_dir(self.0.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("openssl starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output"));
        let mut line = String::new();
        while !line.starts_with("ACCEPT") {
            line.clear();
            assert!(lines.read_line(&mut line).expect("its output") > 0, "openssl serves: {more:?}");
        }
        let address = line.trim_start_matches("ACCEPT").trim().to_owned();
        // It writes a line for each request.
        std::thread::spawn(move || while lines.read_line(&mut String::new()).is_ok_and(|n| n > 0) {});
        Served { child, url: format!("https://{address}") }
    }

    fn trusting(&self, served: &Served, authority: &str) -> Settings {
        Settings { certificate_authority: self.flag(&format!("{authority}.crt")), ..flags(served.url.clone()) }
    }
}

fn openssl(directory: &Path, args: &[&str]) {
    let output = Command::new("openssl").args(args).current_dir(directory).output().expect("openssl");
    assert!(output.status.success(), "openssl {args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A running server of openssl.
struct Served {
    child: Child,
    url: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[track_caller]
fn answers(what: &str, settings: &Settings) {
    let answer = get(&client(settings), SECRET).unwrap_or_else(|failure| panic!("{what}: {}", failure.words().line));
    assert_eq!(answer.object().expect("an object").name(), "db", "{what}");
}

#[test]
fn every_kind_of_key_in_every_place() {
    let versions: [&[&str]; 2] = [&["-tls1_2"], &["-tls1_3"]];
    for (authority, server, digest) in [
        (P521, P521, "-sha512"),
        (P521, P256, "-sha512"),
        (P521, P384, "-sha256"),
        (P256, P521, "-sha384"),
        (P384, P256, "-sha384"),
        (RSA, P521, "-sha256"),
        (P521, RSA, "-sha384"),
        (ED25519, ED25519, "-sha512"),
    ] {
        let what = format!("{authority:?} {server:?} {digest}");
        let made = Certificates::new();
        let digest = |kind: Kind| if kind == ED25519 { "-sha512" } else { digest };
        made.authority("ca", authority, digest(authority));
        made.signed("server", server, "ca", digest(authority), "");
        for version in versions {
            let served = made.serve(version);
            answers(&format!("{what} {version:?}"), &made.trusting(&served, "ca"));
            let insecure = Settings { insecure_skip_tls_verify: Some(true), ..flags(served.url.clone()) };
            answers(&format!("{what} {version:?} unverified"), &insecure);
        }
    }
}

#[test]
fn a_key_exchange_on_every_curve() {
    let made = Certificates::new();
    made.authority("ca", P256, "-sha256");
    made.signed("server", P256, "ca", "-sha256", "");
    for curve in ["X25519", "P-256", "P-384", "P-521"] {
        for version in ["-tls1_2", "-tls1_3"] {
            let served = made.serve(&["-groups", curve, version]);
            answers(&format!("{curve} {version}"), &made.trusting(&served, "ca"));
        }
    }
}

#[test]
fn a_chain_with_an_intermediate_on_p521() {
    let made = Certificates::new();
    made.authority("ca", P384, "-sha384");
    made.signed("middle", P521, "ca", "-sha384", "basicConstraints=critical,CA:TRUE");
    made.signed("server", P521, "middle", "-sha512", "");
    let served = made.serve(&["-cert_chain", "middle.crt"]);
    answers("a chain", &made.trusting(&served, "ca"));
    // Without its authority nothing is trusted.
    made.authority("other", P521, "-sha512");
    let line = error_of(made.trusting(&served, "other"));
    assert!(line.ends_with("x509: certificate signed by unknown authority"), "{line}");
}

/// Another authority of the same name has another key.
#[test]
fn a_forged_signature_on_p521_is_refused() {
    let (made, other) = (Certificates::new(), Certificates::new());
    for made in [&made, &other] {
        made.authority("ca", P521, "-sha512");
    }
    made.signed("server", P521, "ca", "-sha512", "");
    let served = made.serve(&[]);
    let line = error_of(other.trusting(&served, "ca"));
    assert!(line.ends_with("x509: certificate signed by unknown authority"), "{line}");
}

#[test]
fn client_keys_of_every_kind_and_encoding() {
    for kind in [P521, P384, P256, RSA, ED25519] {
        let made = Certificates::new();
        made.authority("ca", P521, "-sha512");
        made.signed("server", P256, "ca", "-sha512", "");
        made.signed("me", kind, "ca", "-sha512", "");
        made.key("other", kind);
        for version in ["-tls1_2", "-tls1_3"] {
            let served = made.serve(&["-Verify", "1", "-CAfile", "ca.crt", "-verify_return_error", version]);
            let what = format!("{kind:?} {version}");
            let base = made.trusting(&served, "ca");
            let with = |key: &str| Settings {
                client_certificate: made.flag("me.crt"),
                client_key: made.flag(key),
                ..base.clone()
            };
            answers(&what, &with("me.key"));
            assert_eq!(error_of(with("other.key")), "error: tls: private key does not match public key", "{what}");
            if kind == P521 {
                openssl(made.0.path(), &["ec", "-in", "me.key", "-out", "sec1.key"]);
                openssl(made.0.path(), &["ec", "-in", "me.key", "-no_public", "-out", "bare.key"]);
                answers(&format!("{what} SEC 1"), &with("sec1.key"));
                answers(&format!("{what} without its public half"), &with("bare.key"));
            }
        }
    }
}

#[test]
fn purposes_of_a_server_s_certificate() {
    let made = Certificates::new();
    made.authority("ca", P256, "-sha256");
    for (purposes, works) in [
        ("", true),
        ("extendedKeyUsage=serverAuth", true),
        ("extendedKeyUsage=anyExtendedKeyUsage", true),
        ("extendedKeyUsage=clientAuth,anyExtendedKeyUsage", true),
        ("extendedKeyUsage=clientAuth,serverAuth", true),
        ("extendedKeyUsage=clientAuth", false),
        ("extendedKeyUsage=codeSigning,1.2.3.4", false),
    ] {
        made.signed("server", P256, "ca", "-sha256", purposes);
        let served = made.serve(&[]);
        let settings = made.trusting(&served, "ca");
        if works {
            answers(purposes, &settings);
        } else {
            assert_eq!(
                error_of(settings),
                "Unable to connect to the server: tls: failed to verify certificate: x509: certificate specifies an \
                 incompatible key usage",
                "{purposes}"
            );
        }
    }
    // The authority between them may be for anything, too.
    made.signed(
        "middle",
        P256,
        "ca",
        "-sha256",
        "basicConstraints=critical,CA:TRUE\nextendedKeyUsage=anyExtendedKeyUsage",
    );
    made.signed("server", P256, "middle", "-sha256", "extendedKeyUsage=anyExtendedKeyUsage");
    let served = made.serve(&["-cert_chain", "middle.crt"]);
    answers("an authority for anything", &made.trusting(&served, "ca"));
}

#[test]
fn keys_that_cannot_be_used_are_named() {
    let only_curves = "P-256, P-384 and P-521 are supported";
    for (kind, named) in [
        (SECP256K1, format!("is on the elliptic curve secp256k1; {only_curves}")),
        (BRAINPOOL, format!("is on the elliptic curve brainpoolP256r1; {only_curves}")),
        (RSA_1024, "is RSA with 1024 bits; 2048 to 8192 are supported".to_owned()),
        (ED448, "is Ed448; Ed25519, ECDSA and RSA are supported".to_owned()),
    ] {
        let made = Certificates::new();
        let digest = if kind == ED448 { "-sha512" } else { "-sha256" };
        // The authority's.
        made.authority("ca", kind, digest);
        made.signed("server", P256, "ca", digest, "");
        let served = made.serve(&[]);
        assert_eq!(
            error_of(made.trusting(&served, "ca")),
            format!(
                "Unable to connect to the server: tls: failed to verify certificate: x509: the key of \"CN=ca\" {named}"
            )
        );
        // The client's own.
        made.signed("me", kind, "ca", digest, "");
        let own = Settings {
            client_certificate: made.flag("me.crt"),
            client_key: made.flag("me.key"),
            insecure_skip_tls_verify: Some(true),
            ..flags(served.url.clone())
        };
        assert_eq!(
            error_of(own),
            format!("error: tls: the client certificate cannot be used: the key of \"CN=me\" {named}")
        );
    }
    let made = Certificates::new();
    made.authority("ca", RSA, "-sha256");
    made.signed("server", P256, "ca", "-sha1", "");
    let served = made.serve(&["-cipher", "ALL:@SECLEVEL=0"]);
    let line = error_of(made.trusting(&served, "ca"));
    assert!(line.ends_with("x509: cannot verify signature: insecure algorithm SHA1-RSA"), "{line}");
}
