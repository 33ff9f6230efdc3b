//! `patch --subresource`: what kubectl asks for and says (recorded with 1.32).

use super::support::{Sandbox, recorder::Recorder};

const LABEL: &str = "{\"metadata\":{\"labels\":{\"x\":\"1\"}}}";

#[test]
fn a_namespace_has_a_status_and_a_secret_has_nothing() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "s"]);
    let namespace = sandbox.namespace.as_str();
    for name in ["status", "scale", "foo"] {
        let refused = sandbox.run(&["patch", "secret", "s", &format!("--subresource={name}"), "-p", LABEL]);
        let line = "Error from server (NotFound): the server could not find the requested resource\n";
        assert_eq!((refused.exit, refused.stdout.as_str(), refused.stderr.as_str()), (1, "", line));
    }
    let patch = |patch: &str| sandbox.ok(&["patch", "ns", namespace, "--subresource=status", "-p", patch]);
    assert_eq!(patch("{\"status\":{\"phase\":\"Active\"}}"), format!("namespace/{namespace} patched (no change)\n"));
    let condition = "{\"status\":{\"conditions\":[{\"type\":\"X\",\"status\":\"True\"}]}}";
    assert_eq!(patch(condition), format!("namespace/{namespace} patched\n"));
    let conditions = sandbox.ok(&["get", "ns", namespace, "-o", "jsonpath={.status.conditions[*].type}"]);
    assert_eq!(conditions, "X");
    assert_eq!(sandbox.ok(&["patch", "secret", "s", "--subresource=", "-p", LABEL]), "secret/s patched\n");
}

#[test]
fn it_is_one_segment_of_the_path() {
    let recorder = Recorder::empty();
    let sandbox = Sandbox::bare();
    for (name, line) in [
        ("..", "error: invalid subresource \"..\": [may not be '..']\n"),
        ("a/b", "error: invalid subresource \"a/b\": [may not contain '/']\n"),
    ] {
        let typed = format!("--subresource={name}");
        let refused = sandbox.run(&["patch", "secret", "s", &typed, "-p", LABEL, "--server", &recorder.url()]);
        assert_eq!((refused.exit, refused.stderr.as_str()), (1, line));
    }
    assert_eq!(recorder.take(), [""; 0]);
}
