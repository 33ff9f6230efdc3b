//! Where the fallback is found, and what is none: one line each.

use std::fs;

use super::support::{KSECRET, Sandbox, executable, run, stand_in::StandIn};

/// A command line that is not ours fails, and says this alone.
fn fails(sandbox: &Sandbox, error: &str) {
    for line in [&["rollout", "status"][..], &["get", "deploy", "web"], &["delete", "secret/a", "deploy/web"]] {
        let outcome = sandbox.run(line);
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{line:?}");
        assert_eq!(outcome.stderr, format!("error: the fallback {error}\n"), "{line:?}");
    }
}

#[test]
fn the_first_executable_on_path_that_is_not_this_program() {
    let mut stand_in = StandIn::new(Sandbox::bare(), "exit 0");
    let root = stand_in.sandbox.root().to_owned();
    let dirs = ["none", "self", "plain", "folder", "right"].map(|name| root.join(name));
    for dir in &dirs[1..] {
        fs::create_dir(dir).expect("a directory");
    }
    std::os::unix::fs::symlink(KSECRET, dirs[1].join("kubectl")).expect("a link");
    fs::write(dirs[2].join("kubectl"), "no program").expect("a file");
    fs::create_dir(dirs[3].join("kubectl")).expect("a directory");
    std::os::unix::fs::symlink(&stand_in.path, dirs[4].join("kubectl")).expect("a link");
    let path = std::env::join_paths(&dirs).expect("a PATH").into_string().expect("text");
    let given = std::env::var("PATH").expect("PATH");
    stand_in.sandbox.set_env("KSECRET_FALLBACK", "kubectl");
    stand_in.sandbox.set_env("PATH", format!("{path}:{given}"));
    assert_eq!(stand_in.run("rollout x").exit, 0);
    // Called by the name itself, as where a link stands in the place of kubectl.
    let called = run(stand_in.sandbox.command_of(&dirs[1].join("kubectl").to_string_lossy(), &["top", "nodes"]), b"");
    assert_eq!((called.exit, stand_in.calls()), (0, vec!["rollout x".to_owned(), "top nodes".to_owned()]));
}

#[test]
fn what_cannot_be_the_fallback_is_one_line() {
    let mut sandbox = Sandbox::bare();
    let root = sandbox.root().to_string_lossy().into_owned();
    let bin = format!("{root}/bin");
    fs::create_dir(&bin).expect("a directory");
    sandbox.set_env("PATH", bin.as_str());
    sandbox.set_env("KSECRET_FALLBACK", "kubectl");
    fails(&sandbox, "\"kubectl\" is not on PATH");
    sandbox.unset_env("PATH");
    fails(&sandbox, "\"kubectl\" is not on PATH");
    sandbox.set_env("PATH", bin.as_str());
    fs::write(format!("{bin}/kubectl"), "x").expect("a file");
    fails(&sandbox, &format!("\"kubectl\" is not executable: {bin}/kubectl"));
    fs::remove_file(format!("{bin}/kubectl")).expect("no file");
    std::os::unix::fs::symlink(KSECRET, format!("{bin}/kubectl")).expect("a link");
    fails(&sandbox, "\"kubectl\" is ksecret itself");
    fs::hard_link(KSECRET, format!("{bin}/hard")).ok();
    for own in [KSECRET.to_owned(), format!("{bin}/kubectl")] {
        sandbox.set_env("KSECRET_FALLBACK", own.as_str());
        fails(&sandbox, &format!("{own:?} is ksecret itself"));
    }
    sandbox.set_env("KSECRET_FALLBACK", "./none");
    fails(&sandbox, "\"./none\" does not exist");
    sandbox.set_env("KSECRET_FALLBACK", root.as_str());
    fails(&sandbox, &format!("{root:?} is not executable: {root}"));
    executable(&sandbox.cwd().join("broken"), "\x7fELF\x02\x01\x01");
    sandbox.set_env("KSECRET_FALLBACK", "./broken");
    let outcome = sandbox.run(&["rollout"]);
    assert!(outcome.exit != 0 && outcome.stderr.lines().count() == 1, "{outcome:?}");
}

/// A script is another file: the count in the environment ends the loop. A copy finds that it is its own fallback.
#[test]
fn a_fallback_that_calls_this_program_again_ends() {
    for (name, script) in [
        ("fork", format!("#!/bin/sh\n{KSECRET} \"$@\"\n")),
        ("exec", format!("#!/bin/sh\nexec {KSECRET} -v0 \"$@\"\n")),
    ] {
        let mut sandbox = Sandbox::bare();
        let path = sandbox.script("kubectl", &script);
        sandbox.set_env("KSECRET_FALLBACK", path.as_str());
        let outcome = sandbox.run(&["rollout", "status"]);
        let error = format!("error: the fallback {path:?} leads back to ksecret\n");
        assert_eq!((outcome.exit, outcome.stderr), (1, error), "{name}");
    }
    let mut sandbox = Sandbox::bare();
    let copy = sandbox.script("kubectl", "");
    // Why not `fs::copy`: see `support::executable`.
    assert!(std::process::Command::new("cp").args([KSECRET, &copy]).status().expect("cp starts").success());
    sandbox.set_env("KSECRET_FALLBACK", copy.as_str());
    assert_eq!(sandbox.run(&["rollout"]).stderr, format!("error: the fallback {copy:?} is ksecret itself\n"));
}
