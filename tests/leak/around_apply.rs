//! What applies, prunes and edits what was applied.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{Watched, manifest, needles::TEXT, support::Sandbox};

#[test]
fn apply_prunes_and_makes_anew() {
    let mut watched = Watched::new(Sandbox::with_server(), &[]);
    let one = manifest("one").replace("metadata:\n", "metadata:\n  labels: {app: web}\n");
    let two = one.replace("name: one", "name: two");
    let both = watched.input("both.yaml", format!("{one}---\n{two}"));
    let first = watched.input("first.yaml", &one);
    watched.quiet(0, &["apply", "-f", &both]);
    let by_label = ["--prune", "-l", "app=web"];
    let selected = [&["-f", &first][..], &by_label].concat();
    watched.quiet(1, &[&["diff"][..], &selected].concat());
    for flags in [&["--dry-run=client"][..], &["--dry-run=server"], &["-o", "name"]] {
        watched.quiet(0, &[&["apply"][..], &selected, flags].concat());
    }
    watched.quiet(1, &["apply", "-f", &first, "--prune"]);
    watched.sandbox.set_env("KUBECTL_APPLYSET", "true");
    let namespace = watched.sandbox.namespace.clone();
    let set = ["--prune", "--applyset=set", "-n", namespace.as_str()];
    watched.quiet(0, &[&["apply", "-f", both.as_str()][..], &set].concat());
    watched.quiet(0, &[&["apply", "-f", first.as_str()][..], &set].concat());

    watched.quiet(0, &["patch", "secret", "one", "-p", "{\"immutable\":true}"]);
    let changed = watched.input("changed.yaml", one.replace(TEXT, &format!("{TEXT}, changed")) + "immutable: true\n");
    watched.quiet(1, &["apply", "-f", &changed]);
    watched.quiet(0, &["apply", "-f", &changed, "--force"]);
    let broken = watched.input("broken.yaml", one.replace("  text:", "  te xt:"));
    watched.quiet(1, &["apply", "-f", &broken, "--force"]);
    let other = watched.input("other.yaml", one + "type: kubernetes.io/tls\n");
    watched.quiet(1, &["apply", "-f", &other, "--force"]);
    watched.done();
}

#[test]
fn what_was_applied_is_edited() {
    let mut watched = Watched::new(Sandbox::with_server(), &[]);
    let file = watched.input("m.yaml", manifest("m"));
    watched.quiet(0, &["apply", "-f", &file]);
    watched.editor(&format!("sed -i 's/text: .*/text: {}/' \"$1\"", STANDARD.encode(TEXT)));
    watched.quiet(0, &["apply", "edit-last-applied", "secret", "m"]);
    watched.editor("sed -i 's/name: m/name: other/' \"$1\"");
    watched.quiet(1, &["apply", "edit-last-applied", "secret", "m"]);
    watched.quiet(0, &["create", "-f", &file, "--edit", "--save-config"]);
    watched.quiet(1, &["create", "-f", &file, "--edit"]);
    watched.editor("sed -i 's/text:/te xt:/;s/name: m/name: third/' \"$1\"");
    watched.quiet(1, &["create", "-f", &file, "--edit"]);
    watched.done();
}
