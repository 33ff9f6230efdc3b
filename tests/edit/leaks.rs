//! No command, however talkative it is told to be, shows a value that was not asked for, leaves one on disk, or hands one
//! to a child in its arguments or environment.

use super::{MARKER, Sandbox, editor, files_below};

/// The marker as it might show: as it is, in base64, in hex, percent-encoded in part, and quoted as Go quotes it.
fn needles() -> Vec<String> {
    let hex: String = MARKER.bytes().map(|byte| format!("{byte:02x}")).collect();
    vec![MARKER.to_owned(), "czNjcmV0LW00cmtlci12YWx1".to_owned(), hex.to_uppercase(), hex]
}

fn holds(text: &[u8]) -> bool {
    needles().iter().any(|needle| crate::support::holds(text, needle.as_bytes()))
}

/// Command lines that handle the value and print nothing of it, in an order in which each can run.
const SILENT: &[&str] = &[
    "create generic a --from-file=password=value.txt",
    "create generic a --from-file=password=value.txt",
    "create generic bad --from-literal=a=1 --from-file=a=value.txt",
    "create -f secret.yaml",
    "create -f broken.yaml",
    "create -f bool.yaml",
    "create -f wrong-base64.yaml",
    "get secrets",
    "get secret a",
    "get secret a -o name",
    "get secret a -o wide --show-labels",
    "get secret a -o jsonpath={.data.absent}",
    "get secret a -o jsonpath={.items[5]}",
    "get secret a -o go-template={{.data.password.x}}",
    "get secret a -o custom-columns=N:.metadata.name",
    "get secret absent",
    "describe secret a",
    "describe secrets",
    "label secret a tier=gold",
    "annotate secret a note=x",
    "patch secret a -p {\"type\":\"other\"}",
    "patch secret a --type=json -p [{\"op\":\"test\",\"path\":\"/type\",\"value\":\"x\"}]",
    "patch secret a --patch-file patch.json",
    "patch secret a --type=merge --patch-file wrong-patch.json",
    "replace -f secret.yaml",
    "replace -f wrong-base64.yaml",
    "edit a",
    "edit -d a",
    "edit a --key password",
    "decode a --keys",
    "decode a absent",
    "decode a -o shell --key-filter nothing",
    "delete secret from-file",
    "delete -f secret.yaml",
    "delete secret a",
    "version",
];

fn play(sandbox: &mut Sandbox) {
    sandbox.write("value.txt", MARKER);
    sandbox.write(
        "secret.yaml",
        format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: from-file}}\nstringData: {{k: {MARKER}}}\n"),
    );
    sandbox.write("broken.yaml", format!("kind: Secret\nstringData: {{k: {MARKER}\n  : [\n"));
    sandbox.write(
        "bool.yaml",
        format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: b}}\nstringData: {{k: {MARKER}, l: yes}}\n"),
    );
    sandbox.write(
        "wrong-base64.yaml",
        format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: from-file}}\ndata: {{k: {MARKER}}}\n"),
    );
    sandbox.write("patch.json", format!("{{\"stringData\":{{\"k\":\"{MARKER}\"}}}}"));
    sandbox.write("wrong-patch.json", format!("{{\"data\":{{\"k\":\"{MARKER}\"}}}}"));
    let given =
        ["value.txt", "secret.yaml", "broken.yaml", "bool.yaml", "wrong-base64.yaml", "patch.json", "wrong-patch.json"];
    // Changes a label so that the text is saved, and says what a child can see of its parent and of itself.
    editor(
        sandbox,
        "cat /proc/$PPID/cmdline /proc/self/environ /proc/self/cmdline | tr '\\0' '\\n' >&2\n\
         if grep -q 'tier: gold' \"$1\"; then sed -i s/gold/silver/ \"$1\"; else sed -i s/silver/gold/ \"$1\"; fi",
    );
    let mut ran = 0;
    for line in SILENT {
        let words: Vec<&str> = line.split(' ').chain(["-v=10"]).collect();
        let outcome = sandbox.run(&words);
        assert!(outcome.exit == 0 || outcome.exit == 1, "{line}: {}: {}", outcome.exit, outcome.stderr);
        assert!(!holds(&outcome.bytes), "{line} prints a value: {}", outcome.stdout);
        assert!(!holds(outcome.stderr.as_bytes()), "{line} says a value: {}", outcome.stderr);
        for (path, bytes) in files_below(sandbox.root()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if !given.contains(&name.as_str()) && !name.starts_with("local.db") {
                assert!(!holds(&bytes), "{line} leaves a value in {}", path.display());
            }
        }
        ran += usize::from(outcome.exit == 0);
    }
    // Guards against a sandbox in which everything fails, which would hold no value either.
    assert!(ran > SILENT.len() / 2, "only {ran} of {} commands succeeded", SILENT.len());
}

#[test]
fn no_command_tells_a_value_to_or_from_the_embedded_server() {
    let mut sandbox = Sandbox::bare();
    let store = sandbox.root().join("local.db").to_string_lossy().into_owned();
    sandbox.set_env("KSECRET_LOCAL", store);
    play(&mut sandbox);
}

#[test]
fn no_command_tells_a_value_to_or_from_a_server_on_the_network() {
    let mut sandbox = Sandbox::with_server();
    play(&mut sandbox);
}
