//! Kustomizations that have more than ksecret builds: kustomize or kubectl builds them, and the Secrets and Namespaces of what
//! it writes are taken.

use super::support::{Outcome, Sandbox, stand_in::StandIn};

const BUILT: &str =
    "apiVersion: v1\ndata:\n  k: dg==\nkind: Secret\nmetadata:\n  name: db-h4sh\n  namespace: default\ntype: Opaque\n";
const WEB: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n";
const PATCHES: &str = "patches: [{path: p.yaml}]\n";
const FIELD: &str = "the kustomization field patches is not supported";

/// A stand-in for kustomize that answers so, with a directory `k` that holds this kustomization. There is no fallback.
fn stand_in(kustomization: &str, answer: &str) -> StandIn {
    let mut stand_in = StandIn::new(Sandbox::bare(), answer);
    stand_in.sandbox.unset_env("KSECRET_FALLBACK");
    let path = stand_in.path.clone();
    stand_in.sandbox.set_env("KSECRET_KUSTOMIZE", path);
    std::fs::create_dir(stand_in.sandbox.cwd().join("k")).expect("a directory");
    stand_in.sandbox.write("k/kustomization.yaml", kustomization);
    stand_in.sandbox.write("k/web.yaml", WEB);
    stand_in
}

fn writes(text: &str) -> String {
    format!("printf '{}'", text.replace('\n', "\\n"))
}

fn said(outcome: &Outcome) -> (i32, &str, &str) {
    (outcome.exit, outcome.stdout.as_str(), outcome.stderr.as_str())
}

#[test]
fn each_field_that_is_not_ours_is_another_programs() {
    for kustomization in [
        PATCHES,
        "patchesStrategicMerge: [p.yaml]",
        "patchesJson6902: [{path: p}]",
        "replacements: [{path: r.yaml}]",
        "images: [{name: a, newTag: b}]",
        "ConfigMapGenerator: [{name: a}]",
        "components: [../c]",
        "helmCharts: [{name: a}]",
        "transformers: [t.yaml]",
        "generators: [g.yaml]",
        "validators: [v.yaml]",
        "vars: [{name: A}]",
        "crds: [c.yaml]",
        "openapi: {path: o}",
        "configurations: [c.yaml]",
        "replicas: [{name: a, count: 1}]",
        "sortOptions: {order: fifo}",
        "buildMetadata: [managedByLabel]",
        "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\nnamePrefix: a",
        "labels: [{pairs: {a: b}, fields: [{path: 'a[]/b'}]}]",
        "resources: [web.yaml]",
        "resources: ['https://example.com/x?ref=y']",
        "resources: ['github.com/a/b']",
    ] {
        let stand_in = stand_in(kustomization, &writes(BUILT));
        assert_eq!(said(&stand_in.run("kustomize k")), (0, BUILT, ""), "{kustomization}");
        assert_eq!(stand_in.calls(), ["build k"], "{kustomization}");
    }
}

#[test]
fn what_is_ours_is_built_here() {
    for (kustomization, exit) in [
        ("secretGenerator: [{name: db, literals: [k=v]}]\npatches: []\n", 0),
        // Nor is another asked what would be lost, or cannot be read.
        ("secretGenerator: [{name: db, literals: [k]}]\n", 1),
        ("secretGenerator: [{name: db, behavior: merge}]\n", 1),
        ("resources: [absent.yaml]\n", 1),
        ("secretgenerators: [x]\n", 1),
        ("a: [\n", 1),
    ] {
        let stand_in = stand_in(kustomization, &writes(BUILT));
        let outcome = stand_in.run("kustomize k");
        assert_eq!(outcome.exit, exit, "{kustomization}: {}", outcome.stderr);
        assert!(stand_in.calls().is_empty(), "{kustomization}");
    }
}

#[test]
fn kinds_that_are_not_ours_are_left_alone_or_handed_over() {
    let both = format!("{WEB}---\n{BUILT}");
    let mut stand_in = stand_in(PATCHES, &format!("[ \"$1\" != build ] || {}", writes(&both)));
    let left = "error: Deployment \"web\" from \"k\" is left alone: ksecret handles Secrets and Namespaces only\n\
                hint: k, document 1, line 2\n";
    assert_eq!(said(&stand_in.run("kustomize k")), (1, BUILT, left));
    let (applied, dry) = ("secret/db-h4sh created (dry run)\n", "create -k k --dry-run=client --local=memory");
    assert_eq!(said(&stand_in.run(dry)), (1, applied, left));
    assert_eq!(stand_in.calls(), ["build k", "build k"]);
    let path = stand_in.path.clone();
    stand_in.sandbox.set_env("KSECRET_FALLBACK", path);
    assert_eq!(said(&stand_in.run("create -k k --dry-run=client")), (0, applied, ""));
    assert_eq!(stand_in.calls(), ["build k", "create --filename=- --dry-run=client"]);
    // The fallback is a kubectl, whatever its name.
    stand_in.sandbox.unset_env("KSECRET_KUSTOMIZE");
    assert_eq!(stand_in.run("create -k k --dry-run=client").exit, 1);
    assert_eq!(stand_in.calls(), ["kustomize k"]);
}

#[test]
fn a_program_is_found_on_path() {
    let mut stand_in = stand_in(PATCHES, &writes(BUILT));
    stand_in.sandbox.unset_env("KSECRET_KUSTOMIZE");
    let bin = stand_in.sandbox.root().join("bin");
    let only = bin.to_string_lossy().into_owned();
    let place = |name: &str, to: &str| std::os::unix::fs::symlink(to, bin.join(name)).expect("a link");
    let refused = format!(
        "error: {FIELD}\nhint: {}/k/kustomization.yaml\nhint: kustomize or kubectl would build it: put one on PATH, or name it \
         in KSECRET_KUSTOMIZE\n",
        stand_in.sandbox.cwd().display()
    );
    stand_in.sandbox.set_env("PATH", only.as_str());
    assert_eq!(said(&stand_in.run("kustomize k")), (1, "", refused.as_str()));
    // This program under another name, and what cannot be executed, are none.
    place("kubectl", super::support::KSECRET);
    place("kustomize", "/etc/passwd");
    assert_eq!(said(&stand_in.run("kustomize k")), (1, "", refused.as_str()));
    // The stand-in needs a shell's programs, which are behind it on PATH.
    stand_in.sandbox.set_env("PATH", format!("{only}:/usr/bin:/bin"));
    for (name, called) in [("kubectl", "kustomize k"), ("kustomize", "build k")] {
        std::fs::remove_file(bin.join(name)).expect("the link");
        place(name, &stand_in.path);
        assert_eq!(said(&stand_in.run("kustomize k")), (0, BUILT, ""));
        assert_eq!(stand_in.calls(), [called]);
    }
    for off in ["", "0", "false"] {
        stand_in.sandbox.set_env("KSECRET_KUSTOMIZE", off);
        let refused = format!("error: {FIELD}\nhint: {}/k/kustomization.yaml\n", stand_in.sandbox.cwd().display());
        assert_eq!(said(&stand_in.run("kustomize k")), (1, "", refused.as_str()), "{off:?}");
    }
}

#[test]
fn a_program_that_does_not_build_is_named() {
    let mut stand_in = stand_in(PATCHES, "");
    let named = |stand_in: &mut StandIn, program: &str, what: &str, says: &str| {
        stand_in.sandbox.set_env("KSECRET_KUSTOMIZE", program);
        let outcome = stand_in.run("kustomize k");
        let error = format!(
            "{says}error: the program for kustomizations {program:?} {what}\nhint: it was asked because ksecret does not \
             build this: {FIELD}\n"
        );
        assert_eq!(said(&outcome), (1, "", error.as_str()), "{program}");
    };
    named(&mut stand_in, "/nonexistent/kustomize", "does not exist", "");
    named(&mut stand_in, "no-such-kustomize", "is not on PATH", "");
    named(&mut stand_in, "/etc/passwd", "is not executable: /etc/passwd", "");
    named(&mut stand_in, "/", "is not executable: /", "");
    named(&mut stand_in, super::support::KSECRET, "is ksecret itself", "");
    for (script, what, says) in [
        ("#!/bin/sh\necho why >&2; echo 'a: [' ; exit 3\n", "did not build \"k\": exit status 3", "why\n"),
        ("#!/bin/sh\nkill -9 $$\n", "did not build \"k\": killed by signal 9", ""),
        ("#!/nonexistent\n", "cannot be started: no such file or directory", ""),
    ] {
        let path = stand_in.sandbox.script("it", script);
        named(&mut stand_in, &path, what, says);
    }
    let endless = stand_in.sandbox.script("endless", "#!/bin/sh\nexec yes\n");
    named(&mut stand_in, &endless, "writes more than 64 MiB", "");
    // A script that calls this program again comes to an end.
    let again =
        stand_in.sandbox.script("again", &format!("#!/bin/sh\nexec {} kustomize \"$2\"\n", super::support::KSECRET));
    stand_in.sandbox.set_env("KSECRET_KUSTOMIZE", again);
    let outcome = stand_in.run("kustomize k");
    assert_eq!(outcome.exit, 1);
    assert!(outcome.stderr.contains("leads back to ksecret"), "{}", outcome.stderr);
    let broken = stand_in.sandbox.script("broken", "#!/bin/sh\necho 'a: [hunter2'\n");
    stand_in.sandbox.set_env("KSECRET_KUSTOMIZE", broken);
    let outcome = stand_in.run("kustomize k");
    assert!(outcome.exit == 1 && outcome.stderr.starts_with("error: error parsing k: "), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("hunter2"));
}

/// A directory that looks like a flag is none.
#[test]
fn the_directory_is_no_flag() {
    let stand_in = stand_in(PATCHES, &writes(BUILT));
    std::fs::rename(stand_in.sandbox.cwd().join("k"), stand_in.sandbox.cwd().join("-k")).expect("a new name");
    let dry = "create --kustomize=-k --dry-run=client -o name --local=memory";
    assert_eq!(said(&stand_in.run(dry)), (0, "secret/db-h4sh\n", ""));
    assert_eq!(stand_in.calls(), ["build ./-k"]);
}

/// A sandbox with a kustomization of two namespaces in `k`, and one in `k/above` that reads a file above it.
fn two_namespaces() -> Sandbox {
    let sandbox = Sandbox::bare();
    std::fs::create_dir_all(sandbox.cwd().join("k/above")).expect("directories");
    sandbox.write("k/ns.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: n2}\n");
    let generators = "secretGenerator: [{name: a, literals: [x=1]}, {name: b, namespace: n2, literals: [x=1]}]\n";
    sandbox.write("k/kustomization.yaml", format!("resources: [ns.yaml]\n{generators}"));
    sandbox.write("k/above/kustomization.yaml", "resources: [../ns.yaml]\n");
    sandbox
}

fn files_of(directory: &std::path::Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(directory)
        .expect("a directory")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn output_goes_to_a_file_or_to_one_for_each_object() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = two_namespaces();
    let whole = sandbox.ok(&["kustomize", "k"]);
    let out = sandbox.cwd().join("out.yaml");
    std::fs::write(&out, "before").expect("a file");
    assert_eq!(sandbox.ok(&["kustomize", "k", "-o", "out.yaml"]), "");
    assert_eq!(std::fs::read_to_string(&out).expect("the file"), whole);
    assert_eq!(std::fs::metadata(&out).expect("the file").permissions().mode() & 0o777, 0o600);
    assert_eq!(sandbox.ok(&["kustomize", "k", "--output=/dev/stdout"]), whole);
    assert_eq!(sandbox.ok(&["kustomize", "k", "--output="]), whole);
    let each = sandbox.cwd().join("each");
    std::fs::create_dir(&each).expect("a directory");
    assert_eq!(sandbox.ok(&["kustomize", "k", "-o", "each"]), "");
    let names = ["default_v1_secret_a-bf2648c599.yaml", "n2_v1_secret_b-bf2648c599.yaml", "v1_namespace_n2.yaml"];
    assert_eq!(files_of(&each), names);
    let namespace = std::fs::read_to_string(each.join(names[2])).expect("the file");
    assert_eq!(namespace, "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: n2\n");
    let outcome = sandbox.run(&["kustomize", "k", "-o", "nowhere/x"]);
    assert_eq!(said(&outcome), (1, "", "error: open nowhere/x: no such file or directory\n"));
}

#[test]
fn nothing_is_written_of_what_is_not_built_whole() {
    let stand_in = stand_in(PATCHES, &writes(&format!("{WEB}---\n{BUILT}")));
    let outcome = stand_in.run("kustomize k -o out.yaml");
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""));
    assert!(outcome.stderr.contains("Deployment \"web\""), "{}", outcome.stderr);
    assert!(!stand_in.sandbox.cwd().join("out.yaml").exists());
}

#[test]
fn a_restriction_of_files_is_lifted_only_when_that_is_asked() {
    let sandbox = two_namespaces();
    for word in ["", "LoadRestrictionsRootOnly"] {
        let outcome = sandbox.run(&["kustomize", "k/above", "--load-restrictor", word]);
        assert!(outcome.exit == 1 && outcome.stderr.contains("is not in or below"), "{}", outcome.stderr);
    }
    let built = sandbox.ok(&["kustomize", "k/above", "--load-restrictor=LoadRestrictionsNone"]);
    assert_eq!(built, "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: n2\n");
    let outcome = sandbox.run(&["kustomize", "k", "--load-restrictor", "none"]);
    assert!(outcome.stderr.contains("illegal flag value --load-restrictor \"none\""), "{}", outcome.stderr);
    // So it is for another program that builds.
    let stand_in = stand_in(PATCHES, &writes(BUILT));
    assert_eq!(stand_in.run("kustomize k --load-restrictor=LoadRestrictionsNone").stdout, BUILT);
    assert_eq!(stand_in.calls(), ["build k --load-restrictor=LoadRestrictionsNone"]);
}

#[test]
fn flags_for_what_is_not_run_here_are_the_fallbacks() {
    let mut stand_in = stand_in("secretGenerator: [{name: db, literals: [k=v]}]\n", &writes(BUILT));
    let refused = (1, "", "error: --enable-helm is not supported\n");
    assert_eq!(said(&stand_in.run("kustomize k --enable-helm")), refused);
    let path = stand_in.path.clone();
    stand_in.sandbox.set_env("KSECRET_FALLBACK", path);
    assert_eq!(said(&stand_in.run("kustomize k --enable-helm -e A=b")), (0, BUILT, ""));
    assert_eq!(stand_in.calls(), ["kustomize k --enable-helm -e A=b"]);
    let ours = stand_in.run("kustomize k --enable-helm=false");
    assert!(ours.exit == 0 && stand_in.calls().is_empty(), "{}", ours.stderr);
}
