//! Files that other programs write: kubeconfigs, env files, registry credentials, PEM.

use std::{ffi::OsString, fs, path::PathBuf, sync::LazyLock};

use client::Settings;
use environment::{Env, InUse, Terminals};
use go::{json_scan, pem};
use guard::Value;
use ksecret::source::{
    self, Sources, docker_config,
    generate::Spec,
    keys::{self, chain, pkcs12},
};
use secret::{
    docker::{self, Login},
    tls,
    validate::{self, names},
};
use serde_json::{Value as Json, json};

use super::{MARKER, discreet};

thread_local! {
    /// A file of this thread alone.
    static DIRECTORY: tempfile::TempDir = tempfile::tempdir().expect("a temporary directory");
}

/// Writes the file that is to be read.
fn file(content: &[u8]) -> PathBuf {
    let path = DIRECTORY.with(|directory| directory.path().join("f"));
    fs::write(&path, content).expect("a file");
    path
}

/// A kubeconfig is read or refused without a value of it in the words.
pub fn kubeconfig(data: &[u8]) {
    let _ = connect(data);
    let Ok((mut json, _)) = yaml::read::lenient(data) else { return };
    mark(&mut json, false);
    if let Err(error) = connect(json.to_string().as_bytes()) {
        discreet(&error, 1_000 + 6 * data.len());
    }
}

fn connect(text: &[u8]) -> Result<(), String> {
    let path = file(text);
    let directory = path.parent().expect("a directory").to_owned();
    let settings = Settings { kubeconfig: Some(path.into_os_string()), ..Settings::default() };
    let env = Env::made([("HOME", directory.as_os_str())], directory.clone());
    let terminals = Terminals { stderr: true, ..Terminals::default() };
    client::connect(&settings, &env, terminals, &InUse::default()).map(drop).map_err(|failure| {
        let words = failure.words();
        [Some(words.line), words.hint].into_iter().flatten().collect::<Vec<_>>().join("\n")
    })
}

/// Puts the marker where a kubeconfig has tokens, passwords and keys.
fn mark(json: &mut Json, is_value: bool) {
    match json {
        Json::Object(map) => {
            for (name, value) in map {
                let named = [
                    "token",
                    "password",
                    "client-key-data",
                    "client-certificate-data",
                    "certificate-authority-data",
                    "config",
                    "env",
                ];
                mark(value, is_value || named.contains(&name.as_str()));
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| mark(item, is_value)),
        other if is_value => *other = MARKER.into(),
        _ => {}
    }
}

/// The entries of an env file are those of the file that they make, and no error shows anything of its lines.
pub fn env_file(data: &[u8]) {
    if let Ok(entries) = entries(data) {
        let mut text = Vec::new();
        for (key, value) in &entries {
            assert!(names::env_name(key).is_empty() && validate::key(key).is_empty(), "{key:?} is no key");
            // Behind a blank: sops begins a line with the key that says what it has written.
            text.extend([b" ", key.as_bytes(), b"=", value.expose(), b"\r\n"].concat());
        }
        let again = self::entries(&text).expect("an env file");
        let plain = |entries: &[(String, Value)]| {
            entries.iter().map(|(key, value)| (key.clone(), value.expose().to_vec())).collect::<Vec<_>>()
        };
        assert_eq!(plain(&again), plain(&entries));
    }
    let marked: Vec<u8> = data
        .split_inclusive(|byte| *byte == b'\n')
        .flat_map(|line| [&line[..line.len() / 2], MARKER.as_bytes(), &line[line.len() / 2..]].concat())
        .collect();
    if let Err(error) = entries(&marked) {
        discreet(&error, 1_500);
    }
}

/// What a SPEC makes has its keys, and one that is refused is not repeated.
pub fn generate(data: &[u8]) {
    let Ok(typed) = std::str::from_utf8(data) else { return };
    if let Err(error) = Spec::parse(&format!("k={typed}{MARKER}")) {
        discreet(&format!("{error:?}"), 1_500);
    }
    let Ok(spec) = Spec::parse(typed) else { return };
    // A long one says no more than a short one, and takes its time.
    if typed.bytes().filter(u8::is_ascii_digit).count() < 5
        && let Ok(made) = spec.make()
    {
        assert_eq!(made.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>(), spec.keys());
        assert!(made.iter().all(|(_, value)| !value.is_empty()));
    }
}

/// The entries of a dotenv file are those of the file that they make in double quotes, and no error shows anything of its
/// lines.
pub fn dotenv(data: &[u8]) {
    let plain = |text: &[u8]| {
        let entries = source::dotenv(text, "f").map_err(|error| format!("{error:?}"))?.into_iter();
        Ok::<_, String>(entries.map(|(key, value)| (key, value.expose().to_vec())).collect::<Vec<_>>())
    };
    if let Ok(entries) = plain(data) {
        let mut text = Vec::new();
        for (key, value) in &entries {
            assert!(names::env_name(key).is_empty() && validate::key(key).is_empty(), "{key:?} is no key");
            text.extend([b"export ", key.as_bytes(), b" = \""].concat());
            for byte in value {
                match byte {
                    b'\r' => text.extend(b"\\r"),
                    b'"' | b'\\' => text.extend([b'\\', *byte]),
                    byte => text.push(*byte),
                }
            }
            text.extend(b"\" # \"\r\n");
        }
        assert_eq!(plain(&text).expect("a dotenv file"), entries);
    }
    let marked: Vec<u8> = data
        .split_inclusive(|byte| *byte == b'\n')
        .flat_map(|line| [&line[..line.len() / 2], MARKER.as_bytes(), &line[line.len() / 2..]].concat())
        .collect();
    if let Err(error) = plain(&marked) {
        // A key may have been made of the marker alone, and stand twice.
        if !error.contains("another key by that name") {
            discreet(&error, 1_500);
        }
    }
}

fn entries(text: &[u8]) -> Result<Vec<(String, Value)>, String> {
    static ENV: LazyLock<Env> =
        LazyLock::new(|| Env::made([("HOME", "/"), ("FROM_OUTSIDE", "value")], PathBuf::from("/")));
    let sources = Sources { env_files: vec![OsString::from(file(text))], ..Sources::default() };
    source::collect(&sources, &ENV).map_err(|error| format!("{error:?}"))
}

/// Credentials of a registry are JSON whatever they say; and what is JSON is what the server takes for such.
pub fn docker_config(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut parts = text.split('\n');
    let mut part = || parts.next().unwrap_or_default();
    let login = Login { server: part(), username: part(), password: part(), email: part() };
    for (value, pointer) in [(login.config_json(), "/auths"), (login.config(), "")] {
        assert_eq!(json_scan::check(value.expose()), Ok(json_scan::Kind::Object));
        let json: Json = serde_json::from_slice(value.expose()).expect("JSON");
        let entry = &json.pointer(pointer).expect("servers")[login.server];
        for (name, wanted) in [("username", login.username), ("password", login.password), ("email", login.email)] {
            assert_eq!(entry[name].as_str().unwrap_or_default(), wanted);
        }
        let auth = go::base64::decode(entry["auth"].as_str().expect("a text").as_bytes()).expect("base64");
        assert_eq!(auth, format!("{}:{}", login.username, login.password).into_bytes());
        assert!(refusals("kubernetes.io/dockerconfigjson", ".dockerconfigjson", &value).is_empty());
    }
    // And as the content of a file.
    let whole = Value::new(data);
    let refused = !refusals("kubernetes.io/dockerconfigjson", ".dockerconfigjson", &whole).is_empty();
    assert_eq!(refused, json_scan::unmarshal_map(data).is_err());
    // And as docker's own, into which others are merged.
    let new = Login { server: "r.example", username: "u", password: "p", email: "" };
    for (new, has_auths) in [(new.config_json(), true), (new.config(), false)] {
        let Ok(merged) = docker::merge(&whole, &new, has_auths) else { continue };
        assert_eq!(docker::merge(&merged, &new, has_auths).as_ref(), Ok(&merged));
        let json: Json = serde_json::from_slice(merged.expose()).expect("JSON");
        let servers = if has_auths { &json["auths"] } else { &json };
        assert_eq!(servers["r.example"]["auth"], "dTpw");
    }
    if let Ok(config) = docker_config::Config::parse(data) {
        for server in config.servers() {
            assert!(config.find(&server).contains(&server), "{server:?} is not found");
            if let Ok(Some(entry)) = config.entry(&server) {
                assert_eq!(json_scan::check(docker::write(&[entry], true).expose()), Ok(json_scan::Kind::Object));
            }
        }
    }
    let marked = Value::new([data, MARKER.as_bytes()].concat());
    for error in refusals("kubernetes.io/dockercfg", ".dockercfg", &marked) {
        discreet(&error, 400);
    }
}

fn refusals(kind: &str, key: &str, value: &Value) -> Vec<String> {
    let object = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "n"}, "type": kind,
        "data": {key: value.to_base64()}});
    validate::secret_create(&object).into_iter().map(|error| format!("{error:?}")).collect()
}

/// Blocks of PEM are those of the text that they make; pairs of certificates and keys are taken or refused.
pub fn pem(data: &[u8]) {
    let blocks: Vec<_> = pem::blocks(data).collect();
    let mut text = Vec::new();
    for block in &blocks {
        let base64 = Value::new(block.bytes.to_vec()).to_base64();
        text.extend(
            [b"-----BEGIN ", block.label, b"-----\n", base64.as_bytes(), b"\n-----END ", block.label, b"-----\n"]
                .concat(),
        );
        let _ = tls::p521_key(&block.bytes);
    }
    let plain = |block: &pem::Block<'_>| (block.label.to_vec(), block.bytes.to_vec());
    assert_eq!(
        pem::blocks(&text).map(|block| plain(&block)).collect::<Vec<_>>(),
        blocks.iter().map(plain).collect::<Vec<_>>()
    );
    let _ = tls::p521_key(data);
    let marked = [data, b"\n-----BEGIN X-----\n", MARKER.as_bytes(), b"\n-----END X-----\n"].concat();
    for (certificate, key) in [(data, data), (&marked, data), (data, &marked)] {
        if let Err(error) = tls::check_pair(certificate, key) {
            discreet(&error, 400 + 2 * data.len());
        }
    }
}

/// What is locked by a passphrase is unlocked or refused; a key that comes out is one, and certificates have one order.
pub fn keys(data: &[u8]) {
    if let Ok(pem) = keys::unlock(data, "hunter2") {
        assert_eq!(pem::blocks(pem.expose()).count(), 1);
    }
    for passphrase in ["", "hunter2"] {
        let Ok(store) = pkcs12::open(data, passphrase) else { continue };
        let Some(key) = store.keys.first() else { continue };
        let mut text = Vec::new();
        keys::push_pem("PRIVATE KEY", key, keys::LINE, &mut text);
        assert!(pem::blocks(&text).next().is_some_and(|block| block.bytes == *key));
        let count = store.certificates.len();
        let Some((ordered, left)) = chain::order(store.certificates, &text) else { continue };
        assert!(ordered.len() + left <= count);
        assert_eq!(chain::certificates(chain::pem(&ordered).expose()), ordered);
        assert!(chain::leads_to(&ordered, &ordered));
        assert_eq!(chain::order(ordered.clone(), &text), Some((ordered, 0)));
    }
    for problem in [keys::unlock(data, "").err(), pkcs12::open(data, "").err()].into_iter().flatten() {
        discreet(&format!("{problem:?}"), 200);
    }
}
