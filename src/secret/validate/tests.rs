//! Tables from recorded answers of kube-apiserver 1.36.

use serde_json::json;

use super::*;

fn fields(errors: &[FieldError]) -> Vec<(&str, &str)> {
    errors.iter().map(|e| (e.field.as_str(), e.body.as_str())).collect()
}

fn secret(extra: Json) -> Json {
    let mut secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "n"},
        "type": "Opaque"});
    for (key, value) in extra.as_object().expect("a map") {
        secret[key] = value.clone();
    }
    secret
}

fn named(metadata: Json) -> Json {
    let mut all = json!({"name": "s", "namespace": "n"});
    for (key, value) in metadata.as_object().expect("a map") {
        all[key] = value.clone();
    }
    secret(json!({"metadata": all}))
}

#[test]
fn accepts_what_is_right() {
    for good in [
        json!({}),
        json!({"data": {"a": "MQ==", ".x": "", "KEY_NAME": null}}),
        json!({"type": "example.com/any", "data": {}}),
        json!({"type": "Ä ü"}),
        json!({"type": "bootstrap.kubernetes.io/token"}),
        json!({"type": "kubernetes.io/basic-auth", "data": {"password": ""}}),
        json!({"type": "kubernetes.io/tls", "data": {"tls.crt": "", "tls.key": ""}}),
        json!({"type": "kubernetes.io/dockerconfigjson", "data": {".dockerconfigjson": "bnVsbA=="}}),
        json!({"type": "kubernetes.io/dockerconfigjson", "data": {".dockerconfigjson": "e3\r\n0="}}),
        json!({"type": "kubernetes.io/ssh-auth", "data": {"ssh-privatekey": "MQ=="}}),
    ] {
        assert_eq!(secret_create(&secret(good.clone())), [], "{good}");
    }
    for good in [
        json!({"annotations": {"UPPER.com/Key": "x", "kubernetes.io/service-account.name": "d"}}),
        json!({"labels": {"a": "", "example.com/b": "c"}}),
        json!({"finalizers": ["example.com/hold", "orphan", "kubernetes"]}),
        json!({"ownerReferences": [{"apiVersion": "v1", "kind": "Pod", "name": "p", "uid": "u"}]}),
        json!({"generateName": "a.-", "generation": 7}),
    ] {
        assert_eq!(secret_create(&named(good.clone())), [], "{good}");
    }
}

#[test]
fn asks_for_the_keys_of_the_type() {
    let redacted = "Invalid value: \"<secret contents redacted>\": ";
    for (object, expected) in [
        (
            json!({"type": "kubernetes.io/basic-auth", "data": {"x": "dQ=="}}),
            vec![("data[username]", "Required value"), ("data[password]", "Required value")],
        ),
        (
            json!({"type": "kubernetes.io/tls"}),
            vec![("data[tls.crt]", "Required value"), ("data[tls.key]", "Required value")],
        ),
        (json!({"type": "kubernetes.io/tls", "data": {"tls.key": "Yw=="}}), vec![("data[tls.crt]", "Required value")]),
        (json!({"type": "kubernetes.io/ssh-auth"}), vec![("data[ssh-privatekey]", "Required value")]),
        (
            json!({"type": "kubernetes.io/ssh-auth", "data": {"ssh-privatekey": ""}}),
            vec![("data[ssh-privatekey]", "Required value")],
        ),
        (
            json!({"type": "kubernetes.io/service-account-token"}),
            vec![("metadata.annotations[kubernetes.io/service-account.name]", "Required value")],
        ),
        (json!({"type": "kubernetes.io/dockercfg"}), vec![("data[.dockercfg]", "Required value")]),
        (
            json!({"type": "kubernetes.io/dockercfg", "data": {".dockercfg": "bm9wZQ=="}}),
            vec![("data[.dockercfg]", "invalid character 'o' in literal null (expecting 'u')")],
        ),
        (
            json!({"type": "kubernetes.io/dockercfg", "data": {".dockercfg": "W10="}}),
            vec![("data[.dockercfg]", "json: cannot unmarshal array into Go value of type map[string]interface {}")],
        ),
        (
            json!({"type": "kubernetes.io/dockerconfigjson", "data": {".dockerconfigjson": ""}}),
            vec![("data[.dockerconfigjson]", "unexpected end of JSON input")],
        ),
    ] {
        let errors = secret_create(&secret(object.clone()));
        let found = fields(&errors)
            .into_iter()
            .map(|(field, body)| (field, body.strip_prefix(redacted).unwrap_or(body)))
            .collect::<Vec<_>>();
        assert_eq!(found, expected, "{object}");
    }
}

#[test]
fn names_bad_keys_and_sizes() {
    let errors = secret_create(&secret(json!({"data": {"a b": "MQ==", "..": "", "": ""}})));
    let key = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or \
        'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
    assert_eq!(
        fields(&errors),
        [
            ("data[]", format!("Invalid value: \"\": {key}").as_str()),
            ("data[..]", "Invalid value: \"..\": must not be '..'"),
            ("data[a b]", format!("Invalid value: \"a b\": {key}").as_str()),
        ]
    );
    assert_eq!(errors[0].reason.as_str(), "FieldValueInvalid");

    let exact = Value::new(vec![b'x'; MAX_SECRET_SIZE]).to_base64();
    assert_eq!(secret_create(&secret(json!({"data": {"a": exact}}))), []);
    let errors = secret_create(&secret(json!({"data": {"a": exact, "b": "eA=="}})));
    assert_eq!(fields(&errors), [("data", "Too long: may not be more than 1048576 bytes")]);
}

#[test]
fn checks_metadata() {
    let missing = "Required value: name or generateName is required";
    assert_eq!(fields(&secret_create(&json!({"kind": "Secret"}))), [("metadata.name", missing)]);
    for (metadata, expected) in [
        (
            json!({"finalizers": ["plain"]}),
            (
                "metadata.finalizers[0]",
                "Invalid value: \"plain\": name is neither a standard finalizer name nor is it fully qualified",
            ),
        ),
        (
            json!({"finalizers": ["orphan", "foregroundDeletion"]}),
            (
                "metadata.finalizers",
                "Invalid value: [\"orphan\",\"foregroundDeletion\"]: finalizer orphan and foregroundDeletion cannot \
                 be both set",
            ),
        ),
        (
            json!({"annotations": {"a": "x".repeat(262_144)}}),
            ("metadata.annotations", "Too long: may not be more than 262144 bytes"),
        ),
        (
            json!({"labels": {"a": "x".repeat(64)}}),
            (
                "metadata.labels",
                "Invalid value: \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\": must be no more \
                 than 63 bytes",
            ),
        ),
        (
            json!({"ownerReferences": [{"apiVersion": "v1", "kind": "Pod", "name": "p"}]}),
            ("metadata.ownerReferences.uid", "Invalid value: \"\": must not be empty"),
        ),
        (
            json!({"ownerReferences": [{"apiVersion": "a/b/c", "kind": "Pod", "name": "p", "uid": "u"}]}),
            ("metadata.ownerReferences.apiVersion", "Invalid value: \"a/b/c\": version must not be empty"),
        ),
        (
            json!({"ownerReferences": [{"apiVersion": "v1", "kind": "Event", "name": "p", "uid": "u"}]}),
            (
                "metadata.ownerReferences",
                "Invalid value: {\"apiVersion\":\"v1\",\"kind\":\"Event\",\"name\":\"p\",\"uid\":\"u\"}: /v1, \
                 Kind=Event is disallowed from being an owner",
            ),
        ),
        (
            json!({"ownerReferences": [
                {"apiVersion": "v1", "kind": "Pod", "name": "p", "uid": "u", "controller": true},
                {"apiVersion": "v1", "kind": "Pod", "name": "q", "uid": "v", "controller": true},
            ]}),
            (
                "metadata.ownerReferences",
                "Invalid value: [{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"name\":\"p\",\"uid\":\"u\",\
                 \"controller\":true},{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"name\":\"q\",\"uid\":\"v\",\
                 \"controller\":true}]: Only one reference can have Controller set to true. Found \"true\" in \
                 references for Pod/p and Pod/q",
            ),
        ),
        (json!({"generation": -1}), ("metadata.generation", "Invalid value: -1: must be greater than or equal to 0")),
    ] {
        assert_eq!(fields(&secret_create(&named(metadata.clone()))), [expected], "{metadata}");
    }
    let owner = |number| json!({"apiVersion": "v1", "kind": "Pod", "name": "p", "uid": number, "controller": true});
    let many = (0..300).map(|number: i32| owner(number.to_string())).collect::<Vec<_>>();
    assert_eq!(secret_create(&named(json!({"ownerReferences": many}))).len(), 16, "each holds the whole list");
    let both = secret_create(&named(json!({"generateName": "Bad_", "name": "Bad_x7k2p"})));
    assert_eq!(both.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(), ["metadata.generateName", "metadata.name"]);
}

#[test]
fn guards_updates() {
    const SET: &str = "Forbidden: field is immutable when `immutable` is set";
    let old = secret(json!({"immutable": true, "data": {"a": "MQ=="}}));
    for (change, expected) in [
        (json!({"immutable": true, "data": {"a": "MQ\n=="}}), vec![]),
        (json!({"immutable": true, "data": {"a": "Mg=="}}), vec![("data", SET)]),
        (json!({"immutable": true, "data": {}}), vec![("data", SET)]),
        (json!({"immutable": false, "data": {"a": "MQ=="}}), vec![("immutable", SET)]),
        (json!({"data": {"b": "MQ=="}}), vec![("immutable", SET), ("data", SET)]),
        (
            json!({"immutable": true, "data": {"a": "MQ=="}, "type": "new"}),
            vec![("type", "Invalid value: \"new\": field is immutable")],
        ),
    ] {
        assert_eq!(fields(&secret_update(&secret(change.clone()), &old)), expected, "{change}");
    }
    // An empty map is not an absent one, as for kube-apiserver.
    let bare = secret(json!({"immutable": true}));
    assert_eq!(fields(&secret_update(&secret(json!({"immutable": true, "data": {}})), &bare)), [("data", SET)]);
}

#[test]
fn repeats_causes_but_not_words() {
    let old = named(json!({"uid": "u"}));
    let errors = secret_update(&named(json!({"uid": "v"})), &old);
    assert_eq!(errors.len(), 2);
    assert_eq!(
        message("Secret", "s", &errors),
        "Secret \"s\" is invalid: metadata.uid: Invalid value: \"v\": field is immutable"
    );
    assert_eq!(secret_update(&named(json!({"labels": {"a": "-"}})), &old).len(), 4);

    let leaving = named(json!({"deletionTimestamp": "2026-11-23T00:00:00Z", "finalizers": ["example.com/x"]}));
    let errors = secret_update(&named(json!({"finalizers": ["example.com/late", "example.com/x"]})), &leaving);
    assert_eq!(
        fields(&errors)[0],
        (
            "metadata.finalizers",
            "Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers \
             []string{\"example.com/late\"}"
        )
    );
    assert_eq!(errors.len(), 2);
    let grace = secret_update(&named(json!({"deletionGracePeriodSeconds": 7})), &old);
    assert_eq!(fields(&grace)[0].1, "Invalid value: 7: field is immutable");
    assert_eq!(grace.len(), 2);
}

#[test]
fn words_messages() {
    let two = [FieldError::required("data[a]", ""), FieldError::too_long("data", 3)];
    assert_eq!(
        message("Secret", "", &two),
        "Secret \"\" is invalid: [data[a]: Required value, data: Too long: may not be more than 3 bytes]"
    );
    let one = FieldError::not_supported("dryRun", "[\"Bogus\"]", &["All"]);
    assert_eq!(
        message("CreateOptions.meta.k8s.io", "", &[one]),
        "CreateOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: [\"Bogus\"]: supported values: \"All\""
    );
}

#[test]
fn checks_namespaces() {
    let label = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start \
        and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is \
        '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    let errors = namespace_create(&json!({"metadata": {"name": "Bad_NS"}}));
    assert_eq!(fields(&errors), [("metadata.name", format!("Invalid value: \"Bad_NS\": {label}").as_str())]);
    let good = json!({"metadata": {"name": "ns"}, "spec": {"finalizers": ["kubernetes"]}});
    assert_eq!(namespace_create(&good), []);
    assert_eq!(namespace_update(&good, &good), []);
}

#[test]
fn warns() {
    let garbage = secret(json!({"type": "kubernetes.io/tls", "data": {"tls.crt": "Yw==", "tls.key": "aw=="}}));
    assert_eq!(warnings(&garbage), ["tls: failed to find any PEM data in certificate input"]);
    assert!(warnings(&secret(json!({"data": {"tls.crt": "Yw=="}}))).is_empty());

    let owner = json!({"apiVersion": "v1", "kind": "Pod", "name": "p", "uid": "u1"});
    let mut twice = named(json!({"ownerReferences": [owner, owner]}));
    assert_eq!(
        dedup_owner_references(&mut twice, Dedup::Request).as_deref(),
        Some(
            ".metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may \
             reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: u1"
        )
    );
    assert_eq!(twice["metadata"]["ownerReferences"], json!([owner]));
    assert_eq!(dedup_owner_references(&mut twice, Dedup::Request), None);
    let mut twice = named(json!({"ownerReferences": [owner, owner]}));
    assert_eq!(
        dedup_owner_references(&mut twice, Dedup::Result).as_deref(),
        Some(
            ".metadata.ownerReferences contains duplicate entries after mutating admission happens; API server dedups owner \
             references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate \
             UID(s) observed: u1"
        )
    );
}

fn any_json() -> impl proptest::strategy::Strategy<Value = Json> {
    use proptest::prelude::*;
    let words = proptest::sample::select(vec![
        "metadata",
        "data",
        "type",
        "name",
        "labels",
        "annotations",
        "finalizers",
        "ownerReferences",
        "uid",
        "a b",
        "kubernetes.io/dockercfg",
        ".dockercfg",
        "kubernetes.io/tls",
        "tls.crt",
        "é-",
        "generateName",
        "immutable",
    ]);
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        words.clone().prop_map(Json::from),
        "\\PC{0,8}".prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 32, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Json::Array),
            proptest::collection::btree_map(words.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(|m| Json::Object(m.into_iter().collect())),
        ]
    })
}

proptest::proptest! {
    #![proptest_config(crate::properties::config(256))]

    #[test]
    fn never_panics(new in any_json(), old in any_json()) {
        let _ = message("Secret", "s", &secret_create(&new));
        let _ = (secret_update(&new, &old), namespace_create(&new), namespace_update(&new, &old), warnings(&new));
        let mut new = new;
        let _ = dedup_owner_references(&mut new, Dedup::Result);
    }
}
