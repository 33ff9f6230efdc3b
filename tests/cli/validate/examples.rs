//! Each rule has an example that it finds, and one beside it that it leaves alone.

use std::collections::BTreeSet;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use serde_json::{Value as Json, json};

use super::{MARKER, codes, findings, list, support::Sandbox};

/// Two manifests that differ in what a rule is about.
struct Example {
    code: &'static str,
    bad: String,
    good: String,
    /// What is on a server before, where one is asked.
    stored: Option<String>,
}

/// A Secret of a type, with these values.
fn secret(kind: &str, values: &[(&str, &[u8])]) -> Json {
    let data: serde_json::Map<String, Json> =
        values.iter().map(|(key, value)| ((*key).to_owned(), STANDARD.encode(value).into())).collect();
    json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "type": kind, "data": data})
}

fn opaque(key: &str, value: &str) -> Json {
    secret("Opaque", &[(key, value.as_bytes())])
}

/// The object with a field set.
fn with(mut object: Json, pointer: &str, value: Json) -> Json {
    let (above, last) = pointer.rsplit_once('/').expect("a pointer");
    object.pointer_mut(above).expect("what is above")[last] = value;
    object
}

/// Several documents in one file.
fn documents(objects: &[Json]) -> String {
    objects.iter().map(|object| format!("{object}\n---\n")).collect()
}

/// A key and a certificate that its issuer, or itself, signed.
struct Made {
    key: KeyPair,
    params: CertificateParams,
    pem: String,
}

fn made(issuer: Option<&Made>, change: impl FnOnce(&mut CertificateParams)) -> Made {
    let mut params = CertificateParams::new(vec!["site.example".to_owned()]).expect("parameters");
    (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2999, 1, 1));
    change(&mut params);
    let key = KeyPair::generate().expect("a key");
    let certificate = match issuer {
        Some(issuer) => params.signed_by(&key, &Issuer::from_params(&issuer.params, &issuer.key)),
        None => params.self_signed(&key),
    };
    let pem = certificate.expect("a certificate").pem();
    Made { key, params, pem }
}

fn authority(name: &str, issuer: Option<&Made>) -> Made {
    made(issuer, |params| {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
    })
}

fn tls(chain: &[&Made], key: &str) -> Json {
    let chain: String = chain.iter().map(|made| made.pem.as_str()).collect();
    secret("kubernetes.io/tls", &[("tls.crt", chain.as_bytes()), ("tls.key", key.as_bytes())])
}

fn docker(config: &Json) -> Json {
    secret("kubernetes.io/dockerconfigjson", &[(".dockerconfigjson", config.to_string().as_bytes())])
}

fn login(server: &str, user: &str, password: &str, auth: &str) -> Json {
    json!({"auths": {server: {"username": user, "password": password, "auth": STANDARD.encode(auth)}}})
}

fn ssh(key: &[u8]) -> Json {
    secret("kubernetes.io/ssh-auth", &[("ssh-privatekey", key)])
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/fixtures/ssh/{name}", env!("CARGO_MANIFEST_DIR"))).expect("a fixture")
}

fn token(change: impl FnOnce(&mut Json)) -> Json {
    let values: [(&str, &[u8]); 4] = [
        ("token-id", b"abcdef"),
        ("token-secret", b"0123456789abcdef"),
        ("usage-bootstrap-signing", b"true"),
        ("auth-extra-groups", b"system:bootstrappers:a,system:bootstrappers:b"),
    ];
    let mut object = secret("bootstrap.kubernetes.io/token", &values);
    object["metadata"] = json!({"name": "bootstrap-token-abcdef", "namespace": "kube-system"});
    change(&mut object);
    object
}

fn account_token(claims: &Json) -> Json {
    let jwt = format!("e30.{}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()), URL_SAFE_NO_PAD.encode(MARKER));
    let mut object = secret("kubernetes.io/service-account-token", &[("token", jwt.as_bytes())]);
    object["metadata"]["annotations"] = json!({"kubernetes.io/service-account.name": "builder"});
    object
}

fn pod(spec: Json) -> Json {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": spec})
}

fn env_from(prefix: &str) -> Json {
    pod(json!({"containers": [{"name": "c", "envFrom": [{"secretRef": {"name": "s"}, "prefix": prefix}]}]}))
}

fn key_of(name: &str, key: &str, optional: bool) -> Json {
    let reference = json!({"name": name, "key": key, "optional": optional});
    pod(json!({"containers": [{"name": "c", "env": [{"name": "A", "valueFrom": {"secretKeyRef": reference}}]}]}))
}

fn rules_of_the_server(add: &mut impl FnMut(&'static str, Json, Json)) {
    let sound = || opaque("k", MARKER);
    add("KS101", with(sound(), "/data/k", json!(format!("{MARKER}!!"))), sound());
    add("KS101", with(sound(), "/stringData", json!({"n": 8080})), with(sound(), "/stringData", json!({"n": "8080"})));
    add("KS101", with(sound(), "/immutable", json!("yes")), with(sound(), "/immutable", json!(true)));
    add("KS101", with(sound(), "/data", json!([MARKER])), sound());
    add("KS102", with(sound(), "/dta", json!({"x": MARKER})), sound());
    add("KS102", with(sound(), "/metadata/label", json!({})), with(sound(), "/metadata/labels", json!({})));
    add(
        "KS103",
        with(sound(), "/metadata/name", json!("Bad_Name")),
        with(sound(), "/metadata/name", json!("good-name")),
    );
    let generated = |prefix: &str| with(sound(), "/metadata", json!({ "generateName": prefix }));
    add("KS103", generated("Bad_"), generated("good-"));
    let namespace = |name: &str| json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}});
    add("KS103", namespace("Bad_Name"), namespace("good-name"));
    add("KS104", opaque("a b", MARKER), opaque("a-b", MARKER));
    add(
        "KS105",
        secret("kubernetes.io/tls", &[("tls.crt", b"x")]),
        secret("kubernetes.io/tls", &[("tls.crt", b"x"), ("tls.key", b"x")]),
    );
    add("KS105", secret("kubernetes.io/service-account-token", &[]), account_token(&json!({})));
    add("KS106", opaque("k", &"x".repeat(1_048_577)), opaque("k", &"x".repeat(1_048_576)));
    add(
        "KS107",
        secret("kubernetes.io/dockerconfigjson", &[(".dockerconfigjson", b"[]")]),
        docker(&login("r.example", "u", "p", "u:p")),
    );
    add("KS108", opaque("k", &"x".repeat(1_000_000)), opaque("k", &"x".repeat(900_000)));
}

fn certificates(add: &mut impl FnMut(&'static str, Json, Json)) {
    let root = authority("root", None);
    let middle = authority("middle", Some(&root));
    let leaf = made(Some(&middle), |_| ());
    let other = made(Some(&middle), |_| ());
    let key = leaf.key.serialize_pem();
    let whole = || tls(&[&leaf, &middle], &key);
    add("KS201", tls(&[&leaf, &middle], &other.key.serialize_pem()), whole());
    add("KS201", tls(&[&leaf], &leaf.pem), whole());
    add("KS201", tls(&[], &key), whole());
    let until = |year: i32| made(Some(&middle), |params| params.not_after = date_time_ymd(year, 1, 1));
    let expired = until(2021);
    add("KS202", tls(&[&expired, &middle], &expired.key.serialize_pem()), whole());
    add("KS202", opaque("ca.pem", &expired.pem), opaque("ca.pem", &leaf.pem));
    // 400 days are asked for.
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time").as_secs();
    let soon = until(1970 + i32::try_from(now / 31_556_952).expect("a year") + 1);
    add("KS203", tls(&[&soon, &middle], &soon.key.serialize_pem()), whole());
    let later = made(Some(&middle), |params| params.not_before = date_time_ymd(2990, 1, 1));
    // Of several authorities that are trusted one may have expired.
    let bundle = |pems: &[&str]| opaque("ca-bundle.crt", &pems.concat());
    add("KS202", bundle(&[&expired.pem, &expired.pem]), bundle(&[&expired.pem, &root.pem]));
    add("KS204", tls(&[&later, &middle], &later.key.serialize_pem()), whole());
    add("KS205", tls(&[&leaf, &root, &middle], &key), tls(&[&leaf, &middle, &root], &key));
    add("KS205", tls(&[&leaf, &other], &key), whole());
    add("KS206", tls(&[&leaf], &key), whole());
    let nameless = made(None, |params| params.subject_alt_names.clear());
    let itself = made(None, |_| ());
    add("KS207", tls(&[&nameless], &nameless.key.serialize_pem()), tls(&[&itself], &itself.key.serialize_pem()));
    let for_clients = made(None, |params| {
        params.subject_alt_names.clear();
        params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
    });
    add("KS207", tls(&[&nameless], ""), tls(&[&for_clients], ""));
    let locked = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kubectl/fixtures/encrypted.key"));
    add("KS208", tls(&[&leaf, &middle], &locked.expect("a key")), whole());
    let with_ca = |ca: &str| with(tls(&[&leaf], &key), "/data/ca.crt", STANDARD.encode(ca).into());
    add("KS209", with_ca(&root.pem), with_ca(&middle.pem));
}

fn keys_and_logins(add: &mut impl FnMut(&'static str, Json, Json)) {
    let key = fixture("ed25519.key");
    let cut = [&key[..key.len() / 2], b"\n-----END OPENSSH PRIVATE KEY-----\n"].concat();
    add("KS211", ssh(MARKER.as_bytes()), ssh(&key));
    add("KS211", ssh(b"ssh-ed25519 AAAA x\n"), ssh(&fixture("rsa.key")));
    add("KS211", ssh(&cut), ssh(&key));
    add("KS212", ssh(&fixture("ed25519-encrypted.key")), ssh(&key));
    add("KS213", ssh(key.trim_ascii_end()), ssh(&key));
    add("KS213", ssh(key.trim_ascii_end()), ssh(fixture("rsa.key").trim_ascii_end()));
    let sound = || docker(&login("r.example:5000", "u", MARKER, &format!("u:{MARKER}")));
    let hub = |server: &str| docker(&login(server, "u", "p", "u:p"));
    let old = |config: &Json| secret("kubernetes.io/dockercfg", &[(".dockercfg", config.to_string().as_bytes())]);
    add("KS221", docker(&json!({"auths": {}})), sound());
    add("KS221", docker(&login("r.example", "u", "p", "u:p")["auths"]), sound());
    add("KS221", old(&login("r.example", "u", "p", "u:p")), old(&login("r.example", "u", "p", "u:p")["auths"]));
    add("KS222", docker(&json!({"auths": {"r.example": {"auth": MARKER}}})), sound());
    add("KS222", docker(&login("r.example", "u", "p", "no colon")), sound());
    add("KS223", docker(&login("r.example", "u", MARKER, "u:other")), sound());
    add("KS223", docker(&login("r.example", "other", MARKER, &format!("u:{MARKER}"))), sound());
    for wrong in ["https://index.docker.io/v1", "docker.io", "registry-1.docker.io", "https://hub.docker.com/"] {
        add("KS224", hub(wrong), hub("https://index.docker.io/v1/"));
    }
    add(
        "KS225",
        docker(&json!({"auths": {"r.example": {"username": "u"}}})),
        docker(&json!({"auths": {"r.example": {"identitytoken": MARKER}}})),
    );
    add("KS225", hub_without_password(), sound());
    add("KS226", docker(&json!({"auths": {"r.example": {}}, "credsStore": "pass"})), sound());
    let basic = |user: &str, password: &str| {
        secret("kubernetes.io/basic-auth", &[("username", user.as_bytes()), ("password", password.as_bytes())])
    };
    let unpadded = |auth: &str| docker(&json!({"auths": {"r.example": {"auth": auth}}}));
    add("KS222", unpadded("dTpwdw==="), unpadded("dTpwdw"));
    add("KS224", hub("docker.io"), hub("docker.io/team"));
    add("KS231", secret("kubernetes.io/basic-auth", &[("username", b"u")]), basic("u", MARKER));
    add("KS231", basic("u", ""), basic("u", MARKER));
    add("KS232", basic("u:v", MARKER), basic("u", &format!("{MARKER}:x")));
}

fn hub_without_password() -> Json {
    docker(&json!({"auths": {"r.example": {"auth": STANDARD.encode("u:")}}}))
}

fn tokens(add: &mut impl FnMut(&'static str, Json, Json)) {
    let sound = || token(|_| ());
    let set = |key: &'static str, value: &str| {
        let value = STANDARD.encode(value);
        token(move |object| object["data"][key] = value.into())
    };
    add("KS241", token(|object| object["metadata"]["name"] = "bootstrap-token-other1".into()), sound());
    add("KS242", token(|object| object["metadata"]["namespace"] = "default".into()), sound());
    add("KS243", set("token-secret", MARKER), sound());
    add("KS243", set("token-id", "ABCDEF"), sound());
    add("KS244", set("expiration", "2020-01-02T15:04:05Z"), set("expiration", "2999-01-02T15:04:05Z"));
    add(
        "KS244",
        account_token(&json!({"sub": "system:serviceaccount:n:builder", "exp": 1_600_000_000})),
        account_token(&json!({})),
    );
    add("KS245", set("expiration", "tomorrow"), set("expiration", "2999-01-02T15:04:05+02:00"));
    add("KS246", set("usage-bootstrap-signing", "yes"), sound());
    add("KS247", set("auth-extra-groups", "system:bootstrappers:a,system:masters"), sound());
    add(
        "KS251",
        account_token(&json!({"sub": "system:serviceaccount:n:other"})),
        account_token(&json!({"sub": "system:serviceaccount:n:builder"})),
    );
}

fn bytes(add: &mut impl FnMut(&'static str, Json, Json)) {
    let sound = || opaque("password", MARKER);
    let line = |value: &str| opaque("password", value);
    let pem = "-----BEGIN A-----\nMQ==\n-----END A-----\n";
    add("KS301", line(&format!("{MARKER}\n")), sound());
    add("KS301", line(&format!("{MARKER}\r\n")), opaque("app.conf", &format!("{MARKER}\n")));
    add("KS301", docker(&login("r.example", "u", "p\n", "u:p\n")), opaque("poem", "one\ntwo\n"));
    add(
        "KS302",
        opaque("app.conf", &format!("a={MARKER}\r\nb=2\r\n")),
        opaque("app.conf", &format!("a={MARKER}\nb=2\n")),
    );
    add("KS303", line(&format!("\u{FEFF}{MARKER}")), sound());
    add(
        "KS303",
        secret("Opaque", &[("password", b"\xFF\xFEh\0i\0")]),
        secret("Opaque", &[("password", b"\xFF\xFDh\0i\0")]),
    );
    add("KS304", line(&format!("{MARKER}\u{A0}x")), line(&format!("{MARKER} x")));
    add("KS304", line(&format!("{MARKER}\u{200B}")), sound());
    add("KS305", line(&format!("\u{201C}{MARKER}\u{201D}")), line("don\u{2019}t"));
    add("KS305", opaque("a.json", "{\u{201C}a\u{201D}:\n\"b\"}"), opaque("a.json", "{\"a\":\n\"b\"}"));
    add("KS306", line(&STANDARD.encode(format!("{MARKER}\n"))), line(&STANDARD.encode([0xFFu8; 20])));
    for word in ["changeme", "<password>", "${DB_PASSWORD}", "{{ .Values.password }}", "XXXXXX", "your-token-here"] {
        add("KS307", line(word), sound());
    }
    // What the token of a service account has beside it.
    let beside = |namespace: &str| {
        let mut object = account_token(&json!({}));
        object["data"]["namespace"] = STANDARD.encode(namespace).into();
        object
    };
    add("KS307", beside("<namespace>"), beside("default"));
    add("KS308", opaque("x", &pem.replace('\n', "\\n")), opaque("x", pem));
    add("KS308", opaque("x", &pem.replace('\n', " ")), opaque("x", pem));
    add("KS308", opaque("x", "-----BEGIN A-----\nMQ==\n"), opaque("x", pem));
    add(
        "KS309",
        opaque("config", &format!("{{\"a\":\"{MARKER}\"")),
        opaque("config", &format!("{{\"a\":\"{MARKER}\"}}")),
    );
    add("KS310", opaque("a.json", &format!("{{\"a\":{MARKER}}}")), opaque("a.txt", &format!("{{\"a\":{MARKER}}}")));
    add("KS311", line(""), sound());
    add("KS311", line("\n"), sound());
    let latin = |kind: &str| secret(kind, &[("username", b"u"), ("password", b"p\xE9ss")]);
    add("KS312", latin("kubernetes.io/basic-auth"), latin("Opaque"));
    add("KS313", line("ENC[AES256_GCM,data:abcd,iv:x,tag:y,type:str]"), line("ENC(abcd)"));
    add("KS314", line(&format!(" {MARKER}")), sound());
    add("KS315", line(&format!("\"{MARKER}\"")), line(&format!("{MARKER}\"")));
}

/// All examples.
fn examples() -> Vec<Example> {
    let mut all = Vec::new();
    let mut add = |code, bad: Json, good: Json| {
        all.push(Example { code, bad: bad.to_string(), good: good.to_string(), stored: None });
    };
    rules_of_the_server(&mut add);
    certificates(&mut add);
    keys_and_logins(&mut add);
    tokens(&mut add);
    bytes(&mut add);
    let sound = || opaque("k", MARKER);
    let mut several = |code, bad: &[Json], good: &[Json], stored: Option<Json>| {
        let stored = stored.map(|object| object.to_string());
        all.push(Example { code, bad: documents(bad), good: documents(good), stored });
    };
    let immutable = || Some(with(sound(), "/immutable", json!(true)));
    several(
        "KS109",
        &[with(opaque("k", "other"), "/immutable", json!(true))],
        &[with(sound(), "/immutable", json!(true))],
        immutable(),
    );
    several("KS109", &[secret("example.com/x", &[("k", b"x")])], &[opaque("k", "other")], Some(sound()));
    several(
        "KS401",
        &[key_of("s", "k", false)],
        &[key_of("s", "k", true)],
        Some(with(sound(), "/metadata/name", json!("t"))),
    );
    several("KS401", &[key_of("gone", "k", false)], &[key_of("s", "k", false)], Some(sound()));
    several("KS402", &[key_of("s", "k", false)], &[key_of("s", "k", true)], None);
    several("KS402", &[key_of("s", "k", false)], &[key_of("s", "k", false), sound()], None);
    several("KS403", &[key_of("s", "other", false), sound()], &[key_of("s", "other", true), sound()], None);
    let volume = |key: &str, optional: bool| {
        let secret = json!({"secretName": "s", "items": [{"key": key, "path": "x"}], "optional": optional});
        pod(json!({"volumes": [{"name": "v", "secret": secret}]}))
    };
    several("KS403", &[volume("other", false), sound()], &[volume("other", true), volume("k", false), sound()], None);
    several("KS404", &[env_from(""), opaque("1bad", MARKER)], &[env_from("A_"), opaque("1bad", MARKER)], None);
    several("KS405", &[env_from(""), opaque("a-b", MARKER)], &[env_from(""), opaque("a_b", MARKER)], None);
    let pull = || pod(json!({"imagePullSecrets": [{"name": "s"}]}));
    several("KS406", &[pull(), sound()], &[pull(), docker(&login("r.example", "u", "p", "u:p"))], None);
    let ingress = json!({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "i"},
        "spec": {"tls": [{"secretName": "s"}]}});
    several(
        "KS406",
        &[ingress.clone(), sound()],
        &[ingress, secret("Opaque", &[("tls.crt", b"x"), ("tls.key", b"x")])],
        None,
    );
    several("KS407", &[env_from(""), opaque("k", "a\0b")], &[volume("k", false), opaque("k", "a\0b")], None);
    let other = |value: &str| with(opaque("k", value), "/metadata/name", json!("t"));
    several("KS501", &[sound(), other(MARKER)], &[sound(), other("something-else")], None);
    several("KS502", &[sound(), sound()], &[sound(), other("something-else")], None);
    all
}

#[test]
fn every_rule_finds_its_bad_example_and_leaves_the_good_one_alone() {
    let bare = Sandbox::bare();
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for (at, Example { code, bad, good, stored }) in examples().into_iter().enumerate() {
        let server = stored.map(|stored| {
            let sandbox = Sandbox::with_server();
            sandbox.write("stored.json", stored);
            sandbox.ok(&["create", "-f", "stored.json", "--validate=false"]);
            sandbox
        });
        let sandbox = server.as_ref().unwrap_or(&bare);
        let flags = ["--fail-on=never", "--expiry-warn=400d", "--against-server"];
        let flags = if server.is_some() { &flags[..] } else { &flags[..2] };
        for (manifest, expected) in [(bad, true), (good, false)] {
            let (outcome, found) = findings(sandbox, &manifest, flags);
            assert_eq!(outcome.exit, 0, "{code}: {}", outcome.stderr);
            if codes(&found).contains(&code) != expected {
                let word = if expected { "misses the bad" } else { "finds the good" };
                wrong.push(format!("{code} {word} example {at}: {:?}", codes(&found)));
            }
            for text in [&outcome.stdout, &outcome.stderr] {
                assert!(!text.contains(MARKER) && !text.contains(&STANDARD.encode(MARKER)), "{code}: {text}");
            }
        }
        seen.insert(code.to_owned());
    }
    // What a controller fills in is looked for on a server alone.
    let sandbox = Sandbox::with_server();
    sandbox.write("m.yaml", account_token(&json!({})).to_string());
    sandbox.ok(&["create", "-f", "m.yaml"]);
    for (patch, expected) in [("{}", false), ("{\"data\":{\"token\":null}}", true)] {
        sandbox.ok(&["patch", "s", "--type=merge", "-p", patch]);
        let outcome = sandbox.run(&["validate", "s", "-o", "json", "--fail-on=never"]);
        if codes(&list(&outcome)).contains(&"KS252") != expected {
            wrong.push(format!("KS252: {}", outcome.stdout));
        }
    }
    seen.insert("KS252".to_owned());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let rules: Json = serde_json::from_str(&bare.ok(&["validate", "--list", "-o", "json"])).expect("JSON");
    let known: BTreeSet<String> = rules["rules"]
        .as_array()
        .expect("rules")
        .iter()
        .map(|rule| rule["code"].as_str().expect("a code").to_owned())
        .collect();
    assert_eq!(seen, known, "each rule has examples");
}
