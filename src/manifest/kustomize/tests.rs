use std::fs;

use serde_json::json;

use super::*;

/// A directory with these files.
fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    for (path, content) in files {
        let path = directory.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, content).expect("a file");
    }
    directory
}

fn built(files: &[(&str, &str)], directory: &str) -> Result<Vec<Object>> {
    let root = tree(files);
    let env = Env::made(Vec::<(&str, &str)>::new(), root.path().to_owned());
    build(Path::new(directory), LoadRestrictions::RootOnly, &env)
}

fn objects(files: &[(&str, &str)], directory: &str) -> Vec<Json> {
    built(files, directory).expect("a kustomization").into_iter().map(Object::into_json).collect()
}

fn error(kustomization: &str) -> String {
    let nameless = ("k/nameless", "apiVersion: v1\nkind: Secret\n");
    let files =
        [nameless, ("k/kustomization.yaml", kustomization), ("k/env", "A=1\nhunter2 hunter2"), ("outside", "x")];
    built(&files, "k").map(|_| ()).expect_err("an error").to_string()
}

/// The recorded build.
#[test]
fn generators() {
    let files = [
        (
            "kust/kustomization.yaml",
            "namePrefix: prod-\nlabels:\n- pairs: {app: web}\nsecretGenerator:\n- name: db\n  literals: \
             [username=produser, password=Y4nys7f11]\n- name: files\n  files: [username.txt, \
             renamed=username.txt]\n- name: env\n  envs: [vars.env]\n  type: example.com/custom\n  options: \
             {disableNameSuffixHash: true, annotations: {note: plain}, immutable: true}\ngeneratorOptions:\n  \
             labels: {generated: \"true\"}\n",
        ),
        ("kust/username.txt", "admin"),
        ("kust/vars.env", "A=1\nB=two"),
    ];
    let labels = json!({"app": "web", "generated": "true"});
    assert_eq!(
        objects(&files, "kust"),
        [
            json!({"apiVersion": "v1", "kind": "Secret", "type": "Opaque",
                "metadata": {"name": "prod-db-8cmkf2hdg8", "labels": labels},
                "data": {"username": "cHJvZHVzZXI=", "password": "WTRueXM3ZjEx"}}),
            json!({"apiVersion": "v1", "kind": "Secret", "type": "example.com/custom", "immutable": true,
                "metadata": {"name": "prod-env", "labels": labels, "annotations": {"note": "plain"}},
                "data": {"A": "MQ==", "B": "dHdv"}}),
            json!({"apiVersion": "v1", "kind": "Secret", "type": "Opaque",
                "metadata": {"name": "prod-files-mkbbh9bc5t", "labels": labels},
                "data": {"username.txt": "YWRtaW4=", "renamed": "YWRtaW4="}}),
        ]
    );
}

/// Names and data that kustomize 5.5 gave.
#[test]
fn literals_and_hashes() {
    let files = [(
        "base/kustomization.yaml",
        "namePrefix: p-\nnameSuffix: -s\nsecretGenerator:\n- name: db\n  literals: ['a=\"quoted\"', \"b='x'\", 'c=', \
         \"d=\\\"'x'\\\"\", 'e==', \"f= sp \"]\n- name: e\n",
    )];
    let found = objects(&files, "base");
    assert_eq!(
        found[0]["data"],
        json!({"a": "cXVvdGVk", "b": "eA==", "c": "", "d": "J3gn", "e": "PQ==", "f": "IHNwIA=="})
    );
    assert_eq!(found[0]["metadata"]["name"], "p-db-s-7tkbmggtkt");
    assert_eq!(found[1]["metadata"]["name"], "p-e-s-46f8b28mk5");
}

#[test]
fn quotes_around_literals() {
    let files = [(
        "kustomization.yaml",
        r#"secretGenerator: [{name: x, literals: ['a="x', 'b="x''', 'c=""', 'd="', 'f=""x""', "g='x'", "i='a'b'"]}]"#,
    )];
    let found = objects(&files, ".");
    let value = |key: &str| {
        let text = found[0]["data"][key].as_str().expect("text");
        String::from_utf8(base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text).expect("base64"))
            .expect("text")
    };
    for (key, expected) in
        [("a", "\"x"), ("b", "\"x'"), ("c", ""), ("d", "\""), ("f", "\"x\""), ("g", "x"), ("i", "a'b")]
    {
        assert_eq!(value(key), expected, "{key}");
    }
}

#[test]
fn long_values_are_broken_into_lines() {
    let long = "x".repeat(60);
    let files = [("kustomization.yml", "secretGenerator: [{name: a, files: [f]}]"), ("f", long.as_str())];
    let data =
        objects(&files, ".")[0]["data"]["f"].as_str().map(|text| text.split('\n').map(str::len).collect::<Vec<_>>());
    assert_eq!(data, Some(vec![70, 10, 0]));
}

#[test]
fn layers() {
    let base = "namePrefix: p-\nsecretGenerator:\n- {name: db, literals: [a=1, b=2]}\n- name: plain\n  literals: \
                [username=u]\n  options: {disableNameSuffixHash: true, labels: {l: \"1\"}}\ncommonLabels: {cl: base}\n";
    let over = "namePrefix: o-\nnamespace: nsx\nresources: [../base, extra.yaml]\nsecretGenerator:\n- name: db\n  \
                behavior: merge\n  literals: [a=new, z=1]\n- {name: plain, behavior: replace, literals: [only=1]}\n\
                commonAnnotations: {ca: x}\n";
    let extra = "apiVersion: v1\nkind: Secret\nmetadata: {name: extra, namespace: other}\nstringData: {k: v}\n---\n\
                 apiVersion: v1\nkind: Namespace\nmetadata: {name: nsy}\n";
    let files = [("base/Kustomization", base), ("over/kustomization.yaml", over), ("over/extra.yaml", extra)];
    let found = objects(&files, "over");
    let names: Vec<_> = found.iter().map(|object| object["metadata"]["name"].as_str().unwrap_or_default()).collect();
    assert_eq!(names[..2], ["nsx", "o-extra"]);
    assert!(names[2].starts_with("o-p-db-") && names[2].len() == 17, "{names:?}");
    assert_eq!(names[3], "o-p-plain");
    assert_eq!(found[1]["metadata"]["namespace"], "nsx");
    assert_eq!(found[2]["data"], json!({"a": "bmV3", "b": "Mg==", "z": "MQ=="}));
    assert_eq!(
        found[3],
        json!({"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "data": {"only": "MQ=="}, "metadata":
            {"name": "o-p-plain", "namespace": "nsx", "labels": {"cl": "base", "l": "1"}, "annotations": {"ca": "x"}}})
    );
}

#[test]
fn what_is_wrong_is_named() {
    for (kustomization, expected) in [
        ("", "error: kustomization.yaml is empty"),
        ("kind: Component\n", "error: kind \"Component\" of the kustomization is not supported"),
        ("patches: [{path: x}]\n", "error: the kustomization field patches is not supported"),
        ("configMapGenerator: [{name: x}]\n", "error: the kustomization field configMapGenerator is not supported"),
        ("secretGeneratorx: []\n", "error: invalid Kustomization: json: unknown field \"secretGeneratorx\""),
        ("secretGenerator: [{names: x}]\n", "error: invalid Kustomization: json: unknown field \"names\""),
        ("commonLabels: {a: 1}\n", "error: invalid Kustomization: commonLabels.a must be a string"),
        (
            "namePrefix: a\nnamePrefix: b\n",
            "error: invalid Kustomization: document 1, line 2: the key \"namePrefix\" stands twice in one map: only the last would be kept",
        ),
        ("secretGenerator: [{literals: [a=b]}]\n", "error: a secret of the secretGenerator must have a name"),
        (
            "secretGenerator: [{name: x, literals: [hunter2]}]\n",
            "error: loading KV pairs: literal sources: invalid literal source, expected key=value",
        ),
        ("secretGenerator: [{name: x, literals: [a=1, a=2]}]\n", "error: secret x illegally repeats the key `a`"),
        (
            "secretGenerator: [{name: x, envs: [env]}]\n",
            "error: loading KV pairs: env source files: [env]: line 2 of env has no '=', and is no key",
        ),
        (
            "secretGenerator: [{name: x, behavior: merge}]\n",
            "error: merging from generator: id Secret.v1.[noGrp]/x.[noNs] does not exist; cannot merge or replace",
        ),
        (
            "secretGenerator: [{name: x}, {name: x}]\n",
            "error: merging from generator: id Secret.v1.[noGrp]/x.[noNs] exists; behavior must be merge or replace",
        ),
        ("resources: [../k]\n", "leads to itself"),
        ("resources: [nofile.yaml]\n", "error: accumulating resources from 'nofile.yaml': evalsymlink failure on"),
        (
            "resources: [https://example.com/x]\n",
            "error: accumulating resources from 'https://example.com/x': remote resources are not supported",
        ),
        (
            "secretGenerator: [{name: x, files: [../outside]}]\n",
            "error: loading KV pairs: file sources: [../outside]: security; file",
        ),
        ("resources: [../outside]\n", "is not in or below"),
        ("resources: [/tmp]\n", "error: accumulating resources from '/tmp': new root '/tmp' cannot be absolute"),
        (
            "resources: [nameless]\n",
            "error: accumulating resources from 'nameless': missing metadata.name in object Secret",
        ),
        ("secretGenerator: [{name: x, files: [/dev/zero]}]\n", "is not in or below"),
    ] {
        let found = error(kustomization);
        assert!(found.contains(expected), "{kustomization}: {found}");
        assert!(!found.contains("hunter2"));
    }
    assert!(
        built(&[("k/x", "")], "k").is_err_and(|error| error.to_string().starts_with("error: unable to find one of"))
    );
    let both = [("kustomization.yaml", "a: b"), ("Kustomization", "a: b")];
    assert!(built(&both, ".").is_err_and(|error| error.to_string().starts_with("error: Found multiple")));
    assert!(built(&[], "absent").is_err_and(|error| error.to_string().starts_with("error: must build at directory")));
}

/// A generator means a Secret by each name that it had, also between the changes of a layer.
#[test]
fn names_on_the_way() {
    let base = "namespace: ns\nnamePrefix: p-\nnameSuffix: -s\nsecretGenerator: [{name: a, literals: [x=1]}]\n";
    for (namespace, name, found) in [
        ("", "a", true),
        ("default", "a", true),
        ("ns", "a", true),
        ("ns", "p-a", true),
        ("ns", "p-a-s", true),
        ("", "p-a", false),
        ("other", "a", false),
    ] {
        let over = format!(
            "resources: [../base]\nsecretGenerator: [{{name: {name}, namespace: '{namespace}', behavior: merge, literals: [y=2]}}]\n"
        );
        let built = built(&[("base/kustomization.yaml", base), ("over/kustomization.yaml", &over)], "over");
        match built {
            Ok(built) => assert!(found && built[0].json()["data"]["y"] == "Mg==", "{namespace} {name}"),
            Err(error) => assert!(!found, "{namespace} {name}: {error}"),
        }
    }
}

/// As kubectl 1.37 builds each.
#[test]
fn places_of_labels() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n";
    let build = |fields: &str, more: &str| {
        let kustomization = format!("resources: [s.yaml]\nlabels: [{{pairs: {{a: x}}, fields: [{fields}]}}]\n{more}");
        let files = [("k/kustomization.yaml", kustomization.as_str()), ("k/s.yaml", secret)];
        built(&files, "k").map(|mut built| built.remove(0).into_json())
    };
    let a = json!({"a": "x"});
    let annotations =
        |fields: &str, more: &str| build(fields, more).expect("it builds")["metadata"]["annotations"].clone();
    assert_eq!(annotations("{path: metadata/annotations, create: true}", ""), a);
    assert_eq!(annotations("{path: metadata/annotations}", ""), Json::Null);
    // Where kustomize keeps the old name.
    assert_eq!(annotations("{path: metadata/annotations}", "namePrefix: p-\n"), a);
    assert_eq!(annotations("{path: metadata/annotations, create: true, kind: Namespace}", ""), Json::Null);
    assert_eq!(annotations("{path: metadata/annotations, create: true, group: apps}", ""), Json::Null);
    assert_eq!(build("{path: x/y, create: true}", "").expect("it builds")["x"]["y"], a);
    // The place that labels have anyway is then theirs alone.
    assert_eq!(
        build("{path: metadata/labels, create: true, kind: Pod}", "").expect("it builds")["metadata"],
        json!({"name": "s"})
    );
    for (fields, error) in [
        ("{path: metadata/labels}", "conflicting fieldspecs"),
        ("{path: 'x[]/y'}", "labels.fields is not supported"),
        ("{path: kind}", "expected MappingNode"),
        ("{path: kind/x}", "expected sequence or mapping node"),
    ] {
        assert!(build(fields, "").is_err_and(|found| found.to_string().contains(error)), "{fields}");
    }
}

/// A namespace and its absence are told apart by what they mean, and sorted by kustomize's text.
#[test]
fn identity_and_order() {
    let secret = |name: &str, namespace: &str| {
        format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}, namespace: {namespace}}}\n---\n")
    };
    let build = |text: String| built(&[("kustomization.yaml", "resources: [s]"), ("s", &text)], ".");
    let same = build(secret("a", "default") + &secret("a", "''"));
    assert!(same.is_err_and(|error| error.to_string().contains("already registered id: Secret.v1.[noGrp]/a.[noNs]")));
    let built = build(secret("x", "a") + &secret("b", "a-b") + &secret("c", "''")).expect("it builds");
    assert_eq!(built.iter().map(Object::name).collect::<Vec<_>>(), ["b", "x", "c"]);
}

/// As kubectl 1.32 and 1.37 build each.
#[test]
fn resources_are_read_and_written_as_kustomize_does() {
    let secret = |metadata: &str, more: &str| format!("apiVersion: v1\nkind: Secret\nmetadata: {metadata}\n{more}");
    let build = |text: &str, more: &str| {
        let kustomization = format!("resources: [s.yaml]\n{more}");
        objects(&[("k/kustomization.yaml", &kustomization), ("k/s.yaml", text)], "k")
    };
    let words = secret("{name: s}", "stringData: {a: yes, b: On, c: n, y: off, t: 'true'}\nimmutable: true\n");
    let built = build(&words, "");
    assert_eq!(built[0]["stringData"], json!({"a": "yes", "b": "On", "c": "n", "y": "off", "t": "true"}));
    assert_eq!(built[0]["immutable"], json!(true));
    for (value, left) in [("'true'", 0), ("'yes'", 0), ("''", 0), ("'FALSE'", 0), ("'false'", 1)] {
        let local = secret(&format!("{{name: s, annotations: {{config.kubernetes.io/local-config: {value}}}}}"), "");
        assert_eq!(build(&local, "").len(), left, "{value}");
    }
    let internal = "{name: s, labels: {}, annotations: {internal.config.kubernetes.io/path: x, config.kubernetes.io/index: '3', \
                    config.kubernetes.io/path: p, config.kubernetes.io/origin: z, config.k8s.io/id: '1'}}";
    assert_eq!(build(&secret(internal, ""), "")[0]["metadata"], json!({"name": "s", "labels": {}}));
    assert_eq!(build(&secret("{name: s, annotations: {}}", ""), "")[0]["metadata"], json!({"name": "s"}));
    let labels = "commonLabels: {a: common}\nlabels: [{pairs: {a: first, b: x}}, {pairs: {b: z}}]\n";
    assert_eq!(build(&secret("{name: s}", ""), labels)[0]["metadata"]["labels"], json!({"a": "common", "b": "z"}));
}

#[test]
fn a_name_has_no_hash_once_one_layer_says_so() {
    for (base, overlay, plain) in
        [("true", "true", true), ("true", "false", true), ("false", "true", true), ("false", "false", false)]
    {
        for behavior in ["merge", "replace"] {
            let generator = |plain: &str, more: &str| {
                format!(
                    "secretGenerator:\n- name: app\n  literals: [a=1]\n  options: {{disableNameSuffixHash: {plain}}}\n{more}"
                )
            };
            let lower = generator(base, "");
            let upper = generator(overlay, &format!("  behavior: {behavior}\nresources: [../base]\n"));
            let built = objects(&[("base/kustomization.yaml", &lower), ("o/kustomization.yaml", &upper)], "o");
            assert_eq!(built[0]["metadata"]["name"] == "app", plain, "{base} {overlay} {behavior}");
        }
    }
}
