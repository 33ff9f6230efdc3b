//! Objects of files are not all in memory: what that costs, and what comes of it when a file changes meanwhile.

use std::{fs, io::Read as _};

use super::{
    super::client::server::Server,
    many::{echo, secrets, spawned},
    support::{Sandbox, gate::Gate, rounds},
};

/// More than a pipe and the buffer of standard output take.
const UNREAD: usize = 160 << 10;

/// The kind that `apply` prunes.
const PRUNED: &str = "--prune-allowlist=core/v1/Secret";

/// A name so long that the lines about a thousand objects are more than [`UNREAD`].
fn name(number: usize) -> String {
    format!("s{number:0>220}")
}

/// Runs the program, and returns the most memory that it has used, in KiB, when it has told of all objects but the last
/// ones. It is alive then: it cannot write any further. No line about an object is shorter than that about `abc`.
fn most_memory(sandbox: &Sandbox, args: &[&str], count: usize, line: &str) -> usize {
    let mut child = spawned(sandbox.command(args));
    let mut told = child.stdout.take().expect("a pipe");
    let errors = child.stderr.take().expect("a pipe");
    let errors = std::thread::spawn(move || std::io::read_to_string(errors));
    let expected = count * line.replace("abc", &name(0)).len();
    let mut lines = vec![0; expected - UNREAD];
    if told.read_exact(&mut lines).is_err() {
        panic!("{args:?}: {}", errors.join().expect("no panic").expect("its errors"));
    }
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).expect("its status");
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its memory");
    let most = most.trim().trim_end_matches(" kB").parse().expect("a number");
    told.read_to_end(&mut lines).expect("the last lines");
    let status = child.wait().expect("its end");
    let errors = errors.join().expect("no panic").expect("its errors");
    assert_eq!(status.code(), Some(0), "{args:?}: {errors}");
    assert_eq!(lines.iter().filter(|byte| **byte == b'\n').count(), count, "{args:?}");
    most
}

/// Returns the most memory that `diff` has used, in KiB, when it has compared all objects.
fn most_of_diff(sandbox: &Sandbox, file: &str) -> usize {
    let said = sandbox.ok(&["diff", "-f", file]);
    said.trim().parse().unwrap_or_else(|_| panic!("{said}"))
}

#[test]
fn memory_does_not_grow_with_the_number_of_documents() {
    let [few, many] = [2000, 5000].map(|number| {
        let mut sandbox = Sandbox::with_server();
        let parent = sandbox.script("parent", "#!/bin/sh\nsed -n 's/^VmHWM:\\(.*\\) kB/\\1/p' /proc/$PPID/status\n");
        sandbox.link("diff", parent);
        let text = secrets((0..number).map(name)).replace("---", "stringData: {password: ''}\n---");
        sandbox.write(&format!("{number}.yaml"), text);
        let file = format!("{number}.yaml");
        let most = |line: &str, args: &[&str]| most_memory(&sandbox, args, number, line);
        let found =
            "::warning file=2000.yaml,line=4,title=KS311 EmptyValue::secret/abc: stringData[password]: is empty\n";
        let mut all = vec![
            ("validate", most(found, &["validate", "-f", &file, "-o", "github", "--fail-on=never"])),
            ("create", most("secret/abc created\n", &["create", "-f", &file, "--save-config"])),
        ];
        // Those that take longer, if rounds are asked for.
        if rounds(0) > 0 {
            all.extend([
                ("diff", most_of_diff(&sandbox, &file)),
                ("apply", most("secret/abc unchanged\n", &["apply", "-f", &file, "--prune", "--all", PRUNED])),
                ("delete", most("secret/abc deleted\n", &["delete", "-f", &file, "--wait=false"])),
            ]);
        }
        all
    });
    for ((verb, few), (_, many)) in few.into_iter().zip(many) {
        // Held whole, three thousand more take 5 MiB.
        assert!(many < few + (3 << 10), "{verb}: {few} KiB for 2000, {many} KiB for 5000");
    }
}

#[test]
fn a_file_that_changes_meanwhile_is_told_in_one_line() {
    let sandbox = Sandbox::bare();
    let text = secrets((0..2500).map(|number| format!("s{number}")));
    sandbox.write("many.yaml", &text);
    let gate = std::sync::Arc::new(Gate::default());
    let of_server = std::sync::Arc::clone(&gate);
    let server = Server::plain(move |request| {
        of_server.pass(usize::MAX);
        echo(request)
    });
    let at = format!("--server=http://{}", server.address);
    let child = spawned(sandbox.command(&["create", "-f", "many.yaml", "--validate=false", &at]));
    gate.wait_for(16);
    sandbox.write("many.yaml", text + &secrets(["another".to_owned()]));
    gate.open();
    let output = child.wait_with_output().expect("its end");
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "error: many.yaml has changed since it was first read: its last 500 objects are left alone\n"
    );
    let lines: String = (0..2000).map(|number| format!("secret/s{number} created\n")).collect();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stdout).as_ref()), (Some(1), lines.as_str()));
}

#[test]
fn objects_of_a_pipe_keep_their_order_and_their_places() {
    let sandbox = Sandbox::bare();
    let text = secrets((0..2200).map(|number| format!("s{number}")))
        + "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n---\n"
        + &secrets(["last".to_owned()]);
    let outcome = sandbox.run_with(&["create", "-f", "-", "--dry-run=client", "-o", "name"], text.as_bytes());
    let lines: String = (0..2200).map(|number| format!("secret/s{number}\n")).collect();
    assert_eq!((outcome.exit, outcome.stdout), (1, lines + "secret/last\n"));
    assert_eq!(
        outcome.stderr,
        "error: Pod \"p\" from \"STDIN\" is left alone: ksecret handles Secrets and Namespaces only\n\
         hint: STDIN, document 2201, line 8802\n"
    );
}
