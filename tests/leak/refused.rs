//! Every command on servers that repeat the whole object in what they refuse.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

use super::{
    Watched,
    hostile::{self, SPEECHES},
    manifest,
    needles::{NASTY, TEXT},
    support::{Sandbox, is_in_turn},
};

/// Runs `args` on a server with this speech, and looks at both streams: whatever it says, no value may come through.
fn say(watched: &Watched, url: &str, speech: &str, args: &[&str]) {
    let outcome = watched.run(&[args, &["--server", url]].concat());
    let what = format!("{args:?} when the server says {speech:?}");
    watched.check(&format!("stderr of {what}"), outcome.stderr.as_bytes());
    watched.check(&format!("stdout of {what}"), &outcome.bytes);
    let said = outcome.stderr.lines().any(|line| !line.starts_with('I')) || !outcome.bytes.is_empty();
    assert!(said || outcome.exit == 0, "{what}: exit {} and not a word", outcome.exit);
    assert!(!outcome.stderr.contains("panicked"), "{what}: {}", outcome.stderr);
}

#[test]
fn writes() {
    let mut watched = Watched::new(Sandbox::bare(), &[]);
    let good = watched.input("good.yaml", manifest("marker"));
    let input = |name: &str| watched.sandbox.root().join("input").join(name).to_string_lossy().into_owned();
    let files: Vec<String> =
        ["text", "binary", "nasty"].iter().map(|key| format!("--from-file={key}={}", input(key))).collect();
    let merge = json!({"data": {"nasty": STANDARD.encode(NASTY)}, "stringData": {"text": TEXT}}).to_string();
    let operations = json!([{"op": "add", "path": "/stringData", "value": {"text": TEXT, "nasty": NASTY}}]).to_string();
    let text = STANDARD.encode(TEXT);
    watched.editor(&format!("sed -i 's/{text}/{}/' \"$1\"", STANDARD.encode(format!("{TEXT}, changed"))));
    for (at, speech) in SPEECHES.into_iter().enumerate() {
        let server = hostile::server(speech, false);
        let url = format!("http://{}", server.address);
        for (number, args) in [
            &["create", "generic", "marker", &files[0], &files[1], &files[2]][..],
            &[
                "create",
                "docker-registry",
                "marker",
                "--docker-username=u",
                "--docker-password",
                TEXT,
                "--docker-server=r",
            ],
            &["create", "-f", &good],
            &["create", "-f", &good, "--dry-run=server", "-o", "name"],
            &["replace", "-f", &good],
            &["replace", "-f", &good, "--force", "--timeout=1s"],
            &["apply", "-f", &good],
            &["apply", "-f", &good, "--server-side"],
            &["apply", "-f", &good, "--overwrite=false"],
            &["apply", "set-last-applied", "-f", &good, "--create-annotation"],
            &["diff", "-f", &good],
            &["patch", "secret", "marker", "-p", &merge],
            &["patch", "secret", "marker", "--type=merge", "-p", &merge],
            &["patch", "secret", "marker", "--type=json", "-p", &operations],
            &["patch", "secret", "marker", "-p", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"],
            &["label", "secret", "marker", "a=b"],
            &["label", "secrets", "--all", "a=b"],
            &["annotate", "secret", "marker", "a=b"],
            &["delete", "secret", "marker", "--wait=false"],
            &["delete", "secrets", "--all", "--wait=false"],
            &["edit", "secret", "marker"],
            &["edit", "secret", "marker", "--save-config"],
            &["create", "namespace", "n"],
        ]
        .into_iter()
        .enumerate()
        {
            if !is_in_turn(at + number) {
                continue;
            }
            say(&watched, &url, speech, args);
        }
    }
    watched.editor(&format!("sed -i 's/{TEXT}/{TEXT}, changed/' \"$1\""));
    for speech in SPEECHES {
        let server = hostile::server(speech, false);
        let url = format!("http://{}", server.address);
        say(&watched, &url, speech, &["edit", "-d", "secret", "marker"]);
        say(&watched, &url, speech, &["edit", "secret", "marker", "--key=text"]);
    }
    watched.done();
}

#[test]
fn reads() {
    let mut watched = Watched::new(Sandbox::bare(), &[]);
    watched.editor("true");
    for (at, speech) in SPEECHES.into_iter().enumerate() {
        let server = hostile::server(speech, true);
        let url = format!("http://{}", server.address);
        for (number, args) in [
            &["get", "secret", "marker"][..],
            &["get", "secrets"],
            &["get", "secret", "marker", "-o", "name"],
            &["get", "secrets", "-o", "name"],
            &["get", "secrets", "-w", "--request-timeout=2s"],
            &["describe", "secret", "marker"],
            &["describe", "secrets"],
            &["decode", "secret", "marker", "--keys"],
            &["edit", "secret", "marker"],
            &["edit", "-d", "secret", "marker"],
            &["delete", "secret", "marker"],
            &["apply", "view-last-applied", "secret", "marker"],
            &["label", "secret", "marker", "a=b"],
            &["patch", "secret", "marker", "-p", "{}"],
            &["auth", "can-i", "get", "secrets"],
            &["api-resources"],
            &["api-versions"],
            &["cluster-info"],
            &["explain", "secret", "--recursive"],
            &["auth", "can-i", "--list"],
            &["auth", "whoami"],
            &["version"],
        ]
        .into_iter()
        .enumerate()
        {
            if !is_in_turn(at + number) {
                continue;
            }
            say(&watched, &url, speech, args);
        }
    }
    watched.done();
}
