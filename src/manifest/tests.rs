//! The recorded cases of `create -f`, `-R` and reading, and what stands beside them, over real directories.

use std::{fs, path::Path};

use serde_json::json;

use super::*;
use context::{Context, Env, Stdout, Terminals};

pub(super) fn context(directory: &Path, stdin: &str) -> Context {
    Context {
        env: Env::made(Vec::<(&str, &str)>::new(), directory.to_owned()),
        program: "ksecret".to_owned(),
        terminals: Terminals::default(),
        stdin: Box::new(std::io::Cursor::new(stdin.as_bytes().to_vec())),
        stdin_in_use: Default::default(),
        stdout: Stdout::new(Vec::new(), false),
        stderr: Box::new(Vec::new()),
        draws: false,
        color: false,
        color_messages: false,
        warnings: 0,
        foreign: None,
    }
}

fn load(files: &Filenames, ctx: &mut Context) -> Result<Vec<Result<Document>>> {
    super::load(files, ctx).map(Iterator::collect)
}

fn load_with(files: &Filenames, options: Options<'_>, ctx: &mut Context) -> Result<Vec<Result<Document>>> {
    super::load_with(files, options, ctx).map(Iterator::collect)
}

pub(super) fn names(filenames: &[&str]) -> Filenames {
    Filenames { filenames: filenames.iter().map(Into::into).collect(), ..Filenames::default() }
}

/// The names of the objects that were read, errors in their places.
fn outcome(files: &Filenames, directory: &Path, stdin: &str) -> Vec<String> {
    match load(files, &mut context(directory, stdin)) {
        Err(error) => vec![format!("all: {error}")],
        Ok(documents) => documents
            .iter()
            .map(|document| match document {
                Ok(document) => document.object.name().to_owned(),
                Err(error) => error.to_string(),
            })
            .collect(),
    }
}

fn stdin(text: &str) -> Vec<String> {
    outcome(&names(&["-"]), Path::new("/"), text)
}

pub(super) fn secret(name: &str) -> String {
    format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}}}\n")
}

#[test]
fn objects_of_a_stream() {
    let (a, b) = (secret("a"), secret("b"));
    assert_eq!(stdin(""), Vec::<String>::new());
    assert_eq!(stdin(&format!("{a}---\n---\n{b}")), ["a", "b"]);
    assert_eq!(
        stdin(&format!("{a}---\na: [\n---\n{b}")),
        [
            "a",
            "error: error parsing STDIN: error converting YAML to JSON: yaml: line 1: did not find expected node content"
        ]
    );
    assert_eq!(
        stdin("apiVersion: v1\nkind: SecretList\nitems:\n- metadata: {name: a}\n- metadata: {name: b}\n"),
        ["a", "b"]
    );
    assert_eq!(
        stdin(
            "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: a}}\n\
             - {apiVersion: v1, kind: Nonsense, metadata: {name: b}}\n"
        ),
        ["a", "unable to recognize no matches for kind \"Nonsense\" in version \"v1\""]
    );
    assert_eq!(stdin("apiVersion: v1\nkind: List\nitems: []\n"), Vec::<String>::new());
    assert_eq!(stdin("{\"kind\":\"Namespace\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"n\"}}"), ["n"]);
}

#[test]
fn what_is_no_object_of_ours() {
    let validating = |text: &str| {
        format!(
            "error: error validating \"STDIN\": error validating data: {text}; if you choose to ignore these errors, \
             turn validation off with --validate=false"
        )
    };
    for (text, expected) in [
        ("apiVersion: v1\nmetadata: {name: x}\n", validating("kind not set")),
        ("kind: Secret\nmetadata: {name: x}\n", validating("apiVersion not set")),
        ("metadata: {name: x}\n", validating("[apiVersion not set, kind not set]")),
        ("just text\n", validating("invalid object to validate")),
        ("[a]\n", validating("invalid object to validate")),
        (
            "apiVersion: v1\nkind: Secret\nmetadata: {name: s, labels: {a: 1}}\n",
            "error: unable to decode \"STDIN\": json: cannot unmarshal number into Go struct field \
             ObjectMeta.metadata.labels of type string"
                .to_owned(),
        ),
        (
            "apiVersion: v1\nkind: Secret\nmetadata: {ownerReferences: [{controller: 1}]}\n",
            "error: unable to decode \"STDIN\": json: cannot unmarshal number into Go struct field \
             OwnerReference.metadata.ownerReferences.controller of type bool"
                .to_owned(),
        ),
        (
            "apiVersion: v1\nkind: Secret\nmetadata: hunter2\n",
            "error: unable to decode \"STDIN\": json: cannot unmarshal string into Go struct field \
             metadataOnlyObject.metadata of type v1.ObjectMeta"
                .to_owned(),
        ),
        (
            "apiVersion: v1\nkind: Foo\nmetadata: {name: x}\n",
            "error: resource mapping not found for name: \"x\" namespace: \"\" from \"STDIN\": no matches for kind \
             \"Foo\" in version \"v1\"\nensure CRDs are installed first"
                .to_owned(),
        ),
        (
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n",
            "error: Deployment \"x\" from \"STDIN\" is left alone: ksecret handles Secrets and Namespaces only"
                .to_owned(),
        ),
    ] {
        assert_eq!(stdin(text), [expected], "{text}");
    }
    let good = "metadata: {creationTimestamp: null, generation: 1, finalizers: [a], managedFields: [{time: \
                2020-01-01T00:00:00Z, fieldsV1: {f:data: {}}}]}";
    assert_eq!(stdin(&format!("apiVersion: v1\nkind: Secret\n{good}\n")), [""]);
}

#[test]
fn without_validation_an_object_needs_only_a_kind() {
    let mut context = context(Path::new("/"), "kind: Secret\nmetadata: {name: x}\n---\na: {b: hunter2}\n");
    let options = Options { validate: false, ..Options::default() };
    let found = load_with(&names(&["-"]), options, &mut context).expect("documents");
    assert!(matches!(&found[0], Ok(document) if document.object.name() == "x"));
    assert_eq!(
        found[1].as_ref().map_err(ToString::to_string).err().as_deref(),
        Some("error: unable to decode \"STDIN\": Object 'Kind' is missing")
    );
}

#[test]
fn errors_name_file_document_and_line() {
    let text = format!("{}---\n{}stringData:\n  yes: 1\n", secret("a"), secret("b"));
    let found = load(&names(&["-"]), &mut context(Path::new("/"), &text)).expect("documents");
    let error = found[1].as_ref().expect_err("an error");
    assert_eq!(
        error.to_string(),
        "error: error parsing STDIN: document 2, line 9: the key yes would be read as \"true\": quote it to keep it"
    );
    assert!(error.hints().is_empty());
    let text = format!("{}---\n\nb: [\n", secret("a"));
    let found = load(&names(&["-"]), &mut context(Path::new("/"), &text)).expect("documents");
    assert_eq!(found[1].as_ref().expect_err("an error").hints(), ["STDIN, document 2, line 7"]);
    let text = "apiVersion: v1\nkind: List\nitems:\n- kind: Secret\n  apiVersion: v1\n  data:\n    k: x\n";
    let found = load(&names(&["-"]), &mut context(Path::new("/"), text)).expect("documents");
    let document = found[0].as_ref().expect("a document");
    assert_eq!((document.origin.line, document.line_of(&["data", "k"]), document.line_of(&["type"])), (4, 7, 4));
}

#[test]
fn namespaces() {
    let text =
        format!("{}{}", secret("a"), "---\napiVersion: v1\nkind: Secret\nmetadata: {name: x, namespace: elsewhere}\n");
    let mut found = load(&names(&["-"]), &mut context(Path::new("/"), &text)).expect("documents");
    let [Ok(plain), Ok(foreign)] = found.as_mut_slice() else { panic!("two documents") };
    assert_eq!(plain.set_namespace("here", true), Ok(()));
    assert_eq!(plain.object.json()["metadata"], json!({"name": "a", "namespace": "here"}));
    assert_eq!(foreign.set_namespace("default", false), Ok(()));
    let error = foreign.set_namespace("default", true).expect_err("a mismatch");
    assert_eq!(
        error.to_string(),
        "error: the namespace from the provided object \"elsewhere\" does not match the namespace \"default\". You must \
         pass '--namespace=elsewhere' to perform this operation."
    );
    assert_eq!(error.hints(), ["STDIN, document 2, line 7"]);
}

/// A directory as in the recorded cases, and things in it that must be left alone.
fn tree() -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    let root = directory.path();
    for path in ["manifests/nested/deep", "empty"] {
        fs::create_dir_all(root.join(path)).expect("a directory");
    }
    for (path, name) in [
        ("manifests/b.json", "b"),
        ("manifests/a.yaml", "a"),
        ("manifests/readme.txt", "r"),
        ("manifests/nested/c.yml", "c"),
        ("manifests/nested/deep/d.yaml", "d"),
        ("plain", "p"),
        ("star*.yaml", "s"),
    ] {
        fs::write(root.join(path), secret(name)).expect("a file");
    }
    std::os::unix::fs::symlink("nested", root.join("manifests/link")).expect("a link");
    std::os::unix::fs::symlink("../..", root.join("manifests/nested/loop.yaml")).expect("a link");
    directory
}

#[test]
fn files_and_directories() {
    let directory = tree();
    let read =
        |filenames: &[&str], recursive| outcome(&Filenames { recursive, ..names(filenames) }, directory.path(), "");
    let looped = "error: error parsing manifests/nested/loop.yaml: read manifests/nested/loop.yaml: is a directory";
    assert_eq!(read(&["manifests"], false), ["a", "b"]);
    assert_eq!(read(&["manifests"], true), ["a", "b", "c", "d", looped]);
    assert_eq!(read(&["./manifests/"], false), ["a", "b"]);
    assert_eq!(read(&["plain", "manifests/a.yaml"], false), ["p", "a"]);
    assert_eq!(read(&["manifests/readme.txt"], false), ["r"]);
    assert_eq!(read(&["manifests/*.yaml"], false), ["a"]);
    assert_eq!(read(&["*/nested/[a-c].y?l"], false), ["c"]);
    assert_eq!(read(&["star*.yaml"], false), ["s"]);
    assert_eq!(read(&[directory.path().join("plain").to_str().expect("text")], false), ["p"]);
}

#[test]
fn names_that_lead_nowhere() {
    let directory = tree();
    let read = |filenames: &[&str]| outcome(&names(filenames), directory.path(), "");
    assert_eq!(read(&["absent.yaml"]), ["all: error: the path \"absent.yaml\" does not exist"]);
    assert_eq!(read(&["plain", "no*"]), ["all: error: the path \"no*\" does not exist"]);
    assert_eq!(read(&["one", "two"]), ["all: the path \"one\" does not exist\nthe path \"two\" does not exist"]);
    assert_eq!(read(&["["]), ["all: error: pattern \"[\" is not valid: syntax error in pattern"]);
    assert_eq!(
        read(&["plain/x"]),
        ["all: error: the path \"plain/x\" cannot be accessed: stat plain/x: not a directory"]
    );
    assert_eq!(
        read(&["empty"]),
        ["all: error: error reading [empty]: recognized file extensions are [.json .yaml .yml]"]
    );
    assert_eq!(read(&["-", "-"]), ["all: error: standard input cannot be used for multiple arguments"]);
    let both = Filenames { kustomize: Some("x".into()), recursive: true, ..names(&["y"]) };
    assert_eq!(
        outcome(&both, directory.path(), ""),
        ["all: only one of -f or -k can be specified\nthe -k flag can't be used with -f or -R"]
    );
}

#[test]
fn urls_are_fetched_by_who_can() {
    let mut asked = Vec::new();
    let mut fetch = |url: &str| {
        asked.push(url.to_owned());
        if url.ends_with("good") { Ok(secret("u").into_bytes()) } else { Err(Error::new("unable to read URL")) }
    };
    let options = Options { fetch: Some(&mut fetch), ..Options::default() };
    let files = names(&["http://h/good", "https://h/bad"]);
    let found = load_with(&files, options, &mut context(Path::new("/"), "")).expect("documents");
    assert!(matches!(&found[0], Ok(document) if document.origin.path == "http://h/good"));
    assert!(found[1].is_err());
    assert_eq!(asked, ["http://h/good", "https://h/bad"]);
}

#[test]
fn nothing_shows_a_value() {
    let text = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {k: hunter2}\n";
    let found = load(&names(&["-"]), &mut context(Path::new("/"), text)).expect("documents");
    assert!(!format!("{found:?}").contains("hunter2"));
    assert_eq!(found[0].as_ref().map(|document| document.object.json()["stringData"]["k"] == "hunter2"), Ok(true));
}
