//! A rotation: no value but in the Secret, its companion, and what the hooks read. The hooks write down what they can see of
//! their own process, of the program and of its directories, and show every value that they are given.

use std::{fs, path::Path};

use super::{Watched, manifest, needles::Needles, support::Sandbox};

/// A value that comes from a file.
const NEW_TEXT: &str = "leak-marker-new-text-91bd";
/// A part of a value that `base64` writes in lines.
const LONG: &str = "leak-marker-long-0123456789-abcdefghijklmnopqrst-ABCDEFGHIJKLMNOPQRSTUVW. ";
/// A value that a command writes.
const MADE: &str = "leak-marker-made-by-a-command-40c2";

/// The program of all hooks. It fails at the step that the file `fails` names, at `refuses` it does not accept the new values,
/// and at `stuck` it does not end.
fn hook(sandbox: &Sandbox) -> String {
    let root = sandbox.root().display();
    let body = format!(
        r#"#!/bin/sh
new=$(cat <&3; echo x)
current=$(cat <&4; echo x)
for file in /proc/$PPID/cmdline /proc/$PPID/environ /proc/$$/cmdline /proc/$$/environ; do
    cat $file 2>/dev/null; echo
done >> {root}/cwd/seen
find {root}/home {root}/tmp {root}/run -type f -exec cat {{}} + >> {root}/cwd/seen
printf '%s\n' "${{new%x}}" >> {root}/input/given
printf '%s\n' "${{new%x}}"
printf '%s\n' "${{current%x}}" >&2
cd {root}/input
cat text binary nasty new made >&2
base64 < nasty
base64 < long
cat {root}/input/nasty
case " $(cat {root}/cwd/fails 2>/dev/null) " in
    *" refuses "*) case $KSECRET_STEP$new in verify*{NEW_TEXT}*) exit 1 ;; esac ;;
esac
case " $(cat {root}/cwd/fails 2>/dev/null) " in
    *" $KSECRET_STEP "*) echo "failed with ${{new%x}}"; exit 2 ;;
    *" stuck "*) sleep 1000 ;;
esac
"#
    );
    sandbox.script("hook", &body)
}

/// The values that were made at random, from what the hooks were given.
fn made(root: &Path) -> Vec<String> {
    let given = fs::read_to_string(root.join("input/given")).expect("what the hooks were given");
    let objects = given.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let values = objects.filter_map(|object| object["random"].as_str().map(str::to_owned));
    values.filter(|value| value.len() == 24).collect()
}

/// Runs a command that does not ask for values, and keeps what it says until all values are known.
fn run(watched: &Watched, exit: i32, args: &[&str]) {
    let outcome = watched.quiet(exit, args);
    let file = watched.sandbox.cwd().join("said");
    let said = [fs::read(&file).unwrap_or_default(), outcome.bytes, outcome.stderr.into_bytes()].concat();
    fs::write(file, said).expect("what was said");
}

#[test]
fn rotations_that_end_and_that_do_not() {
    let mut watched = Watched::new(Sandbox::with_server(), &[NEW_TEXT, MADE, LONG.trim_end()]);
    let hook = hook(&watched.sandbox);
    let [set, verify, revoke, undo] = ["set", "verify", "revoke", "undo"].map(|flag| format!("--{flag}={hook}"));
    let of_text = format!("--from-file=text={}", watched.input("new", NEW_TEXT));
    let of_long = format!("--from-file=long={}", watched.input("long", LONG.repeat(5)));
    let of_command = format!("--from-exec=nasty=cat {}", watched.input("made", MADE));
    let hooks = [&set, &verify].map(String::as_str);
    let new = [&of_text, &of_long, &of_command, "random=random:24", "--create-key"];
    let rotate = |name: &'static str, words: &[&'static str]| [&["rotate", name][..], words].concat();
    for name in ["done", "fails", "back", "stuck"] {
        let file = watched.input(name, manifest(name));
        watched.quiet(0, &["apply", "-f", &file]);
    }
    // To its end, by way of an overlap. `verify` accepts everything, so that there is no `--revoke`.
    run(&watched, 0, &[&rotate("done", &[])[..], &new, &hooks, &["--dry-run"]].concat());
    run(&watched, 0, &[&rotate("done", &[])[..], &new, &hooks, &["--keep-previous", "--grace=1h"]].concat());
    run(&watched, 0, &rotate("done", &["--status"]));
    run(&watched, 0, &rotate("done", &["--status", "-o", "json"]));
    run(&watched, 1, &[&rotate("done", &["--finish"])[..], &hooks].concat());
    run(&watched, 4, &[&rotate("done", &["--rotation-token=another"])[..], &new, &hooks].concat());
    // Each step fails, and it goes on.
    let all = [&set, &verify, &revoke, &undo].map(String::as_str);
    for step in ["set refuses", "refuses", "revoke"] {
        watched.sandbox.write("fails", step);
        let begun = [&rotate("fails", &[])[..], &new, &all].concat();
        let words = if step == "set refuses" { begun } else { [&rotate("fails", &["--continue"])[..], &all].concat() };
        run(&watched, 3, &words);
        run(&watched, 0, &rotate("fails", &["--status"]));
    }
    // It goes back.
    watched.sandbox.write("fails", "set refuses");
    run(&watched, 1, &[&rotate("back", &["--on-failure=restore"])[..], &new, &all].concat());
    // It does not end.
    watched.sandbox.write("fails", "stuck");
    run(&watched, 3, &[&rotate("stuck", &["--hook-timeout=1s"])[..], &new, &hooks].concat());
    run(&watched, 3, &[&rotate("stuck", &["--abort", "--hook-timeout=1s"])[..], &hooks].concat());
    // What was made at random is known only now.
    let made = made(watched.sandbox.root());
    assert!(made.len() > 5, "{made:?}");
    let others: Vec<&str> = made.iter().map(String::as_str).chain([NEW_TEXT, MADE, LONG.trim_end()]).collect();
    watched.needles = Needles::of(&others);
    assert!(fs::metadata(watched.sandbox.cwd().join("seen")).expect("what hooks saw").len() > 1_000);
    watched.done();
}
