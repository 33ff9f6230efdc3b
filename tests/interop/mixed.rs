//! `kubectl apply` and `ksecret apply` of one manifest in turn: what the one has applied, the other takes away when the
//! manifest drops it, and neither touches what others have added. The last-applied annotation is the bridge: kubectl reads
//! the names in ours, ksecret those in kubectl's.

use libtest_mimic::Failed;

use crate::support::{KSECRET, Sandbox, run};

/// One version of the manifest, and what there must be after it was applied.
const STEPS: [(&str, &str, &str); 5] = [
    (
        "  labels: {x: '1', w: '1'}\n  annotations: {note: '1', old: '1'}\ndata: {a: MQ==, b: MQ==}\nstringData: {c: '1'}\n",
        r#"{"a":"MQ==","b":"MQ==","c":"MQ=="}"#,
        r#"{"w":"1","x":"1"}"#,
    ),
    (
        // Adds d, changes a and c, drops b, w and old.
        "  labels: {x: '2'}\n  annotations: {note: '2'}\ndata: {a: Mg==, d: Mg==}\nstringData: {c: '2'}\n",
        r#"{"a":"Mg==","c":"Mg==","d":"Mg==","foreign":"OQ=="}"#,
        r#"{"foreign":"9","x":"2"}"#,
    ),
    (
        // Drops c, and a as the only one of two.
        "  labels: {x: '2'}\ndata: {d: Mg==}\n",
        r#"{"d":"Mg==","foreign":"OQ=="}"#,
        r#"{"foreign":"9","x":"2"}"#,
    ),
    (
        // A key comes back, and one goes to stringData.
        "  labels: {x: '3', w: '3'}\ndata: {b: Mw==}\nstringData: {d: '3'}\n",
        r#"{"b":"Mw==","d":"Mw==","foreign":"OQ=="}"#,
        r#"{"foreign":"9","w":"3","x":"3"}"#,
    ),
    ("data: {b: Mw==, d: Mw==}\n", r#"{"b":"Mw==","d":"Mw==","foreign":"OQ=="}"#, ""),
];

/// Applies the steps by the two programs in turn, beginning with kubectl or with ksecret.
///
/// # Errors
/// What is not as it should be.
pub fn play(kubectl: &str, kubectl_first: bool) -> Result<(), Failed> {
    let sandbox = Sandbox::with_server();
    for (number, (body, data, labels)) in STEPS.into_iter().enumerate() {
        let by_kubectl = number.is_multiple_of(2) == kubectl_first;
        let program = if by_kubectl { kubectl } else { KSECRET };
        sandbox.write("s.yaml", format!("apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n{body}"));
        let applied = run(sandbox.command_of(program, &["apply", "-f", "s.yaml"]), b"");
        let word = if number == 0 { "secret/s created\n" } else { "secret/s configured\n" };
        let seen = |path: &str| sandbox.ok(&["get", "s", "-o", &format!("jsonpath={path}")]);
        let kept = seen("{.metadata.annotations.kubectl\\.kubernetes\\.io/last-applied-configuration}");
        let mut wrong = Vec::new();
        if (applied.stdout.as_str(), applied.stderr.as_str()) != (word, "") {
            wrong.push(format!("said {:?} {:?}", applied.stdout, applied.stderr));
        }
        let (is, are) = (seen("{.data}"), seen("{.metadata.labels}"));
        // kubectl takes all labels away with the last one that it had set.
        if is != data || !(are == labels || labels.is_empty()) {
            wrong.push(format!("data {is}, labels {are}; wanted {data} and {labels}"));
        }
        if !by_kubectl
            && ["MQ==", "Mg==", "Mw==", "\"c\":\"1", "\"c\":\"2", "\"d\":\"3"].iter().any(|v| kept.contains(v))
        {
            wrong.push(format!("a value is kept: {kept}"));
        }
        if !wrong.is_empty() {
            return Err(format!("step {}, by {program}: {}", number + 1, wrong.join("; ")).into());
        }
        if number == 0 {
            let change = r#"{"data":{"foreign":"OQ=="},"metadata":{"labels":{"foreign":"9"}}}"#;
            sandbox.ok(&["patch", "s", "-p", change]);
        }
    }
    // The same again is nothing new for the program that was the last.
    let last = if STEPS.len().is_multiple_of(2) == kubectl_first { KSECRET } else { kubectl };
    let again = run(sandbox.command_of(last, &["apply", "-f", "s.yaml"]), b"");
    if again.stdout != "secret/s unchanged\n" {
        return Err(format!("again, by {last}: {:?} {:?}", again.stdout, again.stderr).into());
    }
    Ok(())
}
