//! `rotate`: step by step, with a backend that is a file of accepted passwords.

use std::{
    fs,
    io::Read as _,
    os::unix::process::ExitStatusExt as _,
    process::{Child, Stdio},
};

use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use super::support::{Outcome, Sandbox};

/// A sandbox with the Secret `db` and a backend that accepts its password, and the hooks of it.
struct Backend {
    sandbox: Sandbox,
    hooks: Vec<String>,
}

impl Backend {
    fn new() -> Self {
        let sandbox = Sandbox::with_server();
        sandbox.ok(&["create", "generic", "db", "--from-literal=user=app", "--from-literal=password=first"]);
        let accepted = sandbox.root().join("accepted");
        fs::write(&accepted, "first\n").unwrap();
        let file = accepted.display();
        let hook = |name: &str, body: &str| {
            let body = format!(
                "#!/bin/sh\npassword() {{ sed 's/.*\"password\":\"\\([^\"]*\\)\".*/\\1/'; }}\n\
                 echo \"$KSECRET_STEP $KSECRET_ATTEMPT\" >> {file}.log\n{body}\n"
            );
            format!("--{name}={}", sandbox.script(name, &body))
        };
        let hooks = vec![
            hook("set", &format!("password <&3 >> {file}; if [ -e {file}.broken ]; then exit 3; fi")),
            hook("verify", &format!("grep -qxF \"$(password <&3)\" {file}")),
            hook("revoke", &format!("grep -vxF \"$(password <&4)\" {file} > {file}.new; mv {file}.new {file}")),
            hook("undo", &format!("grep -vxF \"$(password <&3)\" {file} > {file}.new; mv {file}.new {file}")),
        ];
        Self { sandbox, hooks }
    }

    fn rotate(&self, more: &[&str]) -> Outcome {
        let hooks = self.hooks.iter().map(String::as_str);
        let line: Vec<&str> = ["rotate", "db"].into_iter().chain(more.iter().copied()).chain(hooks).collect();
        self.sandbox.run(&line)
    }

    fn password(&self) -> String {
        self.sandbox.ok(&["decode", "db", "password"])
    }

    fn accepted(&self) -> Vec<String> {
        let text = fs::read_to_string(self.sandbox.root().join("accepted")).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    /// The hooks that ran, with their attempts.
    fn log(&self) -> String {
        fs::read_to_string(self.sandbox.root().join("accepted.log")).unwrap_or_default()
    }

    /// Has `--set` fail after it has done its part, or no longer.
    fn breaks(&self, is: bool) {
        let mark = self.sandbox.root().join("accepted.broken");
        if is { fs::write(mark, "").unwrap() } else { fs::remove_file(mark).unwrap() }
    }

    fn has_companion(&self) -> bool {
        self.sandbox.run(&["get", "secret", "db-rotation"]).exit == 0
    }
}

#[test]
fn a_value_is_set_verified_promoted_and_the_former_one_revoked() {
    let backend = Backend::new();
    let outcome = backend.rotate(&["password=hex:8"]);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, "secret/db rotated\n"), "{}", outcome.stderr);
    assert_eq!(backend.log(), "set 1\nverify 1\nrevoke 1\nverify 2\nverify 3\n");
    assert_eq!(backend.accepted(), [backend.password()]);
    assert_ne!(backend.password(), "first");
    assert_eq!(backend.sandbox.ok(&["decode", "db", "user"]), "app");
    assert!(!backend.has_companion());
}

#[test]
fn without_hooks_it_is_one_write_of_the_keys() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "db", "--from-literal=a=1", "--from-literal=b=2"]);
    assert_eq!(sandbox.ok(&["rotate", "secret/db", "a", "--every=90d"]), "secret/db rotated\n");
    assert_eq!(sandbox.ok(&["decode", "db", "a"]).len(), 32);
    assert_eq!(sandbox.ok(&["decode", "db", "b"]), "2");
    let outcome = sandbox.run_with(&["rotate", "secret", "db", "--from-stdin=b"], b"three");
    assert_eq!((outcome.exit, sandbox.ok(&["decode", "db", "b"])), (0, "three".to_owned()));
    sandbox.ok(&["rotate", "db", "--from-exec=b=printf four", "--keep-previous"]);
    assert_eq!(sandbox.ok(&["decode", "db", "b"]), "four");
    assert_eq!(sandbox.ok(&["decode", "db", "b.previous"]), "three");
    sandbox.ok(&["rotate", "db", "--from-exec=b=printf five", "--keep-previous"]);
    assert_eq!(sandbox.ok(&["decode", "db", "b.previous"]), "four");
    assert!(sandbox.ok(&["rotate", "--due=91d"]).contains("db"));
    assert_eq!(sandbox.ok(&["rotate", "--due=1d"]), "");
    sandbox.ok(&["annotate", "secret/db", "ksecret/rotated-at=2020-01-01T00:00:00Z", "--overwrite"]);
    let overdue = sandbox.run(&["rotate", "--due"]);
    assert_eq!(overdue.exit, 1);
    assert!(overdue.stdout.contains("overdue for"), "{}", overdue.stdout);
    let metrics = sandbox.run(&["rotate", "--due", "-A", "-o", "openmetrics"]).stdout;
    assert!(metrics.ends_with("# EOF\n") && metrics.contains("ksecret_rotation_due_seconds{namespace="), "{metrics}");
}

#[test]
fn in_the_overlap_both_values_are_in_force() {
    let backend = Backend::new();
    let outcome = backend.rotate(&["password=hex:8", "--grace=1h", "--keep-previous=old"]);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, "secret/db rotated\n"));
    assert!(outcome.stderr.contains("hint: ksecret rotate db --finish"), "{}", outcome.stderr);
    assert_eq!(backend.accepted(), ["first".to_owned(), backend.password()]);
    assert_eq!(backend.sandbox.ok(&["decode", "db", "old"]), "first");
    let early = backend.rotate(&["--finish"]);
    assert_eq!(early.exit, 1);
    assert!(early.stderr.contains("the overlap lasts until"), "{}", early.stderr);
    let status = backend.sandbox.ok(&["rotate", "db", "--status"]);
    assert!(status.contains("overlap") && !status.contains("first"), "{status}");
    backend.sandbox.ok(&["validate", "--fail-on=info"]);
    let another = backend.rotate(&["password=hex:8"]);
    assert_eq!(another.exit, 4);
    assert!(another.stderr.contains("hint: --finish ends its overlap"), "{}", another.stderr);
    // The end of the grace is a time of the server's, and stands in the state.
    let state = backend.sandbox.ok(&["decode", "db-rotation", "state.json"]);
    let until = state.split("\"until\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let state = state.replace(until, "2020-01-01T00:00:00Z");
    backend.sandbox.ok(&["set", "db-rotation", &format!("state.json={state}")]);
    assert_eq!(backend.rotate(&["--finish"]).stdout, "secret/db rotated\n");
    assert_eq!(backend.accepted(), [backend.password()]);
    assert_eq!(backend.sandbox.run(&["decode", "db", "old"]).exit, 1);
    assert!(!backend.has_companion());
}

#[test]
fn a_set_that_fails_keeps_both_values_until_it_is_continued() {
    let backend = Backend::new();
    backend.breaks(true);
    let failed = backend.rotate(&["password=hex:8", "--rotation-token=t1"]);
    assert_eq!(failed.exit, 3, "{}", failed.stderr);
    assert!(failed.stderr.starts_with("error: secret/db: --set: exit status 3; it "), "{}", failed.stderr);
    assert!(
        failed.stderr.contains("it holds the former value, and both values are kept in secret/db-rotation\nhint: ")
    );
    assert_eq!(backend.password(), "first");
    let other = backend.rotate(&["password=hex:8", "--rotation-token=t2"]);
    assert_eq!(other.exit, 4);
    assert!(other.stderr.contains("its token is t1"), "{}", other.stderr);
    let mismatch = backend.rotate(&["--continue", "--rotation-token=t2"]);
    assert_eq!(mismatch.exit, 4);
    let bare = backend.sandbox.run(&["rotate", "db", "--continue"]);
    assert_eq!(bare.exit, 1);
    assert!(bare.stderr.contains("was begun with --revoke, which is required again"), "{}", bare.stderr);
    // The backend has the value already: the hook need not run again.
    let again = backend.rotate(&["--continue"]);
    assert_eq!((again.exit, again.stdout.as_str()), (0, "secret/db rotated\n"), "{}", again.stderr);
    assert_eq!(backend.accepted(), [backend.password()]);
    assert_eq!(backend.log().matches("set ").count(), 1);
    let done = backend.rotate(&["password=hex:8", "--rotation-token=t1"]);
    assert_eq!((done.exit, done.stdout.as_str()), (0, "secret/db rotated\n"));
    assert_eq!(backend.accepted(), [backend.password()], "the same token mints nothing");
}

#[test]
fn a_rotation_that_fails_can_end_in_the_former_state() {
    let backend = Backend::new();
    backend.breaks(true);
    let restored = backend.rotate(&["password=hex:8", "--on-failure=restore"]);
    assert_eq!(restored.exit, 1, "{}", restored.stderr);
    assert!(restored.stderr.contains("the former value is in force, and no new one is kept"), "{}", restored.stderr);
    assert_eq!((backend.accepted(), backend.password()), (vec!["first".to_owned()], "first".to_owned()));
    assert!(!backend.has_companion());
    assert_eq!(backend.rotate(&["password=hex:8"]).exit, 3);
    let given_up = backend.rotate(&["--abort"]);
    assert_eq!((given_up.exit, given_up.stdout.as_str()), (0, "secret/db unchanged\n"), "{}", given_up.stderr);
    assert_eq!((backend.accepted(), backend.password()), (vec!["first".to_owned()], "first".to_owned()));
    assert_eq!(backend.rotate(&["--abort"]).exit, 1, "there is none");
    // Without a proof that the former value is in force, none of both is thrown away.
    fs::write(backend.sandbox.root().join("accepted"), "").unwrap();
    let unproven = backend.rotate(&["password=hex:8", "--on-failure=restore"]);
    assert_eq!(unproven.exit, 3, "{}", unproven.stderr);
    assert!(backend.has_companion());
}

#[test]
fn a_receipt_names_keys_and_hooks_and_shows_no_value() {
    let backend = Backend::new();
    let file = backend.sandbox.root().join("receipts").display().to_string();
    let outcome = backend.rotate(&["password=hex:8", "--receipt", &file]);
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    let text = fs::read_to_string(&file).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let receipts: Vec<_> = lines.filter(|receipt| receipt["name"] == "db").collect();
    let [receipt] = receipts.as_slice() else { panic!("{text}") };
    assert_eq!((&receipt["verb"], &receipt["keys"]["changed"][0]["key"]), (&"rotate".into(), &"password".into()));
    let hooks = receipt["hooks"].as_array().unwrap().iter();
    let hooks: Vec<_> = hooks.map(|hook| format!("{} {}", hook["step"], hook["status"]).replace('"', "")).collect();
    let ended = "verify exit status 1";
    assert_eq!(hooks, ["set done", "verify done", "revoke done", ended, "verify done"]);
    for value in ["first", &backend.password()] {
        assert!(!text.contains(value), "{text}");
    }
}

/// A pipe by which a hook tells that it runs; its path.
fn named_pipe(sandbox: &Sandbox) -> String {
    let pipe = sandbox.root().join("begun").display().to_string();
    assert!(sandbox.command_of("mkfifo", &[&pipe]).status().is_ok_and(|status| status.success()));
    pipe
}

/// A `--set` that tells through a named pipe that it runs, and then waits. Returns the flag, and the path of the pipe.
fn waiting(sandbox: &Sandbox) -> (String, String) {
    let pipe = named_pipe(sandbox);
    (format!("--set={}", sandbox.script("wait", &format!("#!/bin/sh\necho $$ > {pipe}\nexec sleep 300\n"))), pipe)
}

/// Starts a rotation, and waits until its `--set` runs; the number of that.
fn begun(sandbox: &Sandbox, hook: &str, pipe: &str, more: &[&str]) -> (Child, Pid) {
    let line = [&["rotate", "db", "password=hex:8", hook], more].concat();
    let child = sandbox.command(&line).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let number = fs::read_to_string(pipe).unwrap();
    (child, Pid::from_raw(number.trim().parse().unwrap()).unwrap())
}

#[test]
fn ctrl_c_ends_the_hook_and_says_how_to_go_on() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "db", "--from-literal=password=first"]);
    let (hook, pipe) = waiting(&sandbox);
    let (mut child, running) = begun(&sandbox, &hook, &pipe, &[]);
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(2));
    assert!(
        said.starts_with("error: secret/db: interrupted; it holds the former value, and both values are kept"),
        "{said}"
    );
    assert!(said.contains("hint: ksecret rotate db --continue --set "), "{said}");
    assert!(test_kill_process(running).is_err(), "the hook runs on");
    // What is told runs as it stands, with another hook.
    assert_eq!(sandbox.ok(&["rotate", "db", "--continue", "--set=true"]), "secret/db rotated\n");
}

#[test]
fn another_process_waits_for_one_that_works_and_takes_over_from_one_that_has_ended() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "db", "--from-literal=password=first"]);
    let (hook, pipe) = waiting(&sandbox);
    let (mut first, running) = begun(&sandbox, &hook, &pipe, &["--rotation-token=t"]);
    let pending = sandbox.ok(&["decode", "db-rotation", "new.password"]);
    let line = ["rotate", "db", "password=hex:8", "--rotation-token=t", "--set=true"];
    let mut second = sandbox.command(&line).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = [0; 19];
    second.stderr.as_mut().unwrap().read_exact(&mut said).unwrap();
    assert_eq!(String::from_utf8_lossy(&said), "waiting for process");
    first.kill().unwrap();
    first.wait().unwrap();
    let second = second.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&second.stdout), "secret/db rotated\n");
    assert_eq!(sandbox.ok(&["decode", "db", "password"]), pending, "no second value is made");
    let _ = kill_process(running, Signal::KILL);
}

#[test]
fn a_companion_of_which_nothing_knows_does_not_stand_in_the_way() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "db", "--from-literal=password=first"]);
    let pipe = named_pipe(&sandbox);
    let maker = sandbox.script("make", &format!("#!/bin/sh\necho $$ > {pipe}\nexec sleep 300\n"));
    let line = ["rotate", "db", &format!("--from-exec=password={maker}")];
    let mut child = sandbox.command(&line).stderr(Stdio::null()).spawn().unwrap();
    let maker = fs::read_to_string(&pipe).unwrap();
    let locked = sandbox.run(&["rotate", "db", "password"]);
    assert_eq!(locked.exit, 4, "{}", locked.stderr);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(sandbox.ok(&["rotate", "db", "password"]), "secret/db rotated\n");
    let _ = kill_process(Pid::from_raw(maker.trim().parse().unwrap()).unwrap(), Signal::KILL);
}

#[test]
fn a_secret_that_is_deleted_meanwhile_is_not_promoted_into_another() {
    let backend = Backend::new();
    backend.breaks(true);
    assert_eq!(backend.rotate(&["password=hex:8"]).exit, 3);
    backend.sandbox.ok(&["delete", "secret", "db"]);
    backend.sandbox.ok(&["create", "generic", "db", "--from-literal=password=other"]);
    let outcome = backend.rotate(&["--continue"]);
    assert_eq!(outcome.exit, 3, "{}", outcome.stderr);
    assert!(outcome.stderr.starts_with("error: secret/db: secret \"db\" was deleted meanwhile; it is gone, and both"));
    let anew = backend.rotate(&["password=hex:8"]);
    assert_eq!(anew.exit, 4);
    assert!(anew.stderr.contains("is of a rotation of another secret/db, which was deleted"), "{}", anew.stderr);
    assert_eq!(backend.rotate(&["--abort"]).stdout, "secret/db unchanged\n");
    assert_eq!(backend.password(), "other");
}

#[test]
fn keys_that_another_process_changes_are_a_conflict_and_others_are_not_lost() {
    let backend = Backend::new();
    backend.breaks(true);
    assert_eq!(backend.rotate(&["password=hex:8"]).exit, 3);
    backend.sandbox.ok(&["set", "db", "user=other", "more=1"]);
    backend.sandbox.ok(&["set", "db", "password=theirs"]);
    backend.breaks(false);
    let outcome = backend.rotate(&["--continue"]);
    assert_eq!(outcome.exit, 4, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("password changed meanwhile by kubectl-set at 20"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("; it holds a value that is neither the former nor the new one, and both"));
    assert_eq!(backend.password(), "theirs");
    backend.sandbox.ok(&["set", "db", "password=first"]);
    assert_eq!(backend.rotate(&["--continue"]).exit, 0);
    assert_eq!(backend.accepted(), [backend.password()]);
    assert_eq!(backend.sandbox.ok(&["decode", "db", "user"]), "other");
    assert_eq!(backend.sandbox.ok(&["decode", "db", "more"]), "1");
}

#[test]
fn what_the_server_refuses_leaves_nothing_behind() {
    let sandbox = Sandbox::with_server();
    sandbox.write("big", vec![b'a'; 900 << 10]);
    sandbox.write("new", vec![b'b'; 300 << 10]);
    sandbox.ok(&["create", "generic", "db", "--from-file=big", "--from-literal=a=1"]);
    let marker = sandbox.root().join("ran");
    let set = format!("--set=touch {}", marker.display());
    for more in [&[][..], &[set.as_str()]] {
        let outcome = sandbox.run(&[&["rotate", "db", "--from-file=a=new"], more].concat());
        assert_eq!(outcome.exit, 1, "{}", outcome.stderr);
        assert!(outcome.stderr.contains("Too long"), "{}", outcome.stderr);
        assert_eq!(sandbox.ok(&["get", "secrets", "-o", "name"]), "secret/db\n");
    }
    assert!(!marker.exists(), "the backend hears of it before it is known that the Secret can hold it");
}

#[test]
fn what_a_cluster_says_is_shown_as_one_line_and_never_run() {
    let backend = Backend::new();
    backend.breaks(true);
    assert_eq!(backend.rotate(&["password=hex:8"]).exit, 3);
    let state = backend.sandbox.ok(&["decode", "db-rotation", "state.json"]);
    let mut state: serde_json::Value = serde_json::from_str(&state).unwrap();
    state["plan"]["hooks"]["set"] = "touch ran\n\u{1b}[31mNext: touch ran".into();
    backend.sandbox.ok(&["set", "db-rotation", &format!("state.json={state}")]);
    let status = backend.sandbox.ok(&["rotate", "db", "--status"]);
    assert!(!status.contains('\u{1b}') && !status.contains("\nNext: touch"), "{status}");
    assert_eq!(backend.sandbox.run(&["rotate", "db", "--continue"]).exit, 1);
    fs::write(backend.sandbox.root().join("accepted"), "").unwrap();
    let failed = backend.rotate(&["--continue"]);
    assert_eq!(failed.exit, 3, "{}", failed.stderr);
    assert!(!failed.stderr.contains("touch"), "the line that goes on has the hooks that were typed: {}", failed.stderr);
    assert!(!backend.sandbox.cwd().join("ran").exists());
    state["token"] = "a\nb".into();
    backend.sandbox.ok(&["set", "db-rotation", &format!("state.json={state}")]);
    let outcome = backend.sandbox.run(&["rotate", "db", "--status"]);
    assert_eq!(outcome.exit, 1);
    assert!(outcome.stderr.contains("its state.json cannot be read"), "{}", outcome.stderr);
    state["version"] = 9.into();
    backend.sandbox.ok(&["set", "db-rotation", &format!("state.json={state}")]);
    let outcome = backend.rotate(&["password"]);
    assert_eq!(outcome.exit, 1);
    assert!(outcome.stderr.contains("its state.json is of version 9, and 1 is understood"), "{}", outcome.stderr);
}

#[test]
fn certificates_are_due_when_they_end() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "tls", "site", "--generate=tls=self-signed:a.example,days=1"]);
    sandbox.ok(&["rotate", "site", "tls=self-signed:a.example,days=11"]);
    assert_eq!(sandbox.ok(&["rotate", "--due=10d"]), "");
    let due = sandbox.ok(&["rotate", "--due=11d"]);
    assert!(due.contains("site") && due.contains("due in"), "{due}");
    assert!(sandbox.ok(&["rotate", "--due", "-o", "openmetrics"]).contains("ksecret_certificate_expiry_seconds{"));
    assert!(sandbox.ok(&["rotate", "site", "--status"]).contains("Expires:"));
}

#[test]
fn the_rights_are_asked_for_and_the_plan_is_printed() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "db", "--from-literal=a=1"]);
    let plan = sandbox.ok(&[
        "rotate",
        "db",
        "a",
        "--dry-run",
        "--set=true",
        "--grace=1h",
        "--from-exec=b=true",
        "--create-key",
    ]);
    let steps = "keep|make|run --set: true|have secret/db hold it|leave the former value in force for 1h0m0s|delete";
    for (line, step) in plan.lines().zip(steps.split('|')) {
        assert!(line.contains(step), "{plan}");
    }
    assert_eq!(plan.lines().count(), 6, "{plan}");
    let denied = sandbox.run(&["rotate", "db", "a", "--dry-run", "--as=nobody"]);
    assert_eq!(denied.exit, 1);
    assert_eq!(sandbox.ok(&["get", "secrets", "-o", "name"]), "secret/db\n");
    let role = sandbox.ok(&["rotate", "db", "--print-role"]);
    let role: Vec<serde_yaml::Value> =
        serde_yaml::Deserializer::from_str(&role).map(|one| serde::Deserialize::deserialize(one).unwrap()).collect();
    assert_eq!(role[0]["kind"], "Role");
    assert_eq!(role[0]["rules"][1]["resourceNames"][0], "db-rotation");
}

#[test]
fn what_cannot_be_rotated_is_refused_before_anything_is_written() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "db", "--from-literal=a=hunter2", "--from-literal=user=x"]);
    let managed = "--annotation=cert-manager.io/certificate-name=site";
    sandbox.ok(&["create", "generic", "kept", "--from-literal=a=1", managed]);
    sandbox.write("plain", "no program");
    sandbox.ok(&["create", "tls", "site", "--generate=tls=self-signed:a.example"]);
    let version = sandbox.ok(&["get", "secret", "db", "-o", "jsonpath={.metadata.resourceVersion}"]);
    for (line, says) in [
        (&["rotate"][..], "error: the NAME of a Secret is required"),
        (&["rotate", ""], "error: the NAME of a Secret is required"),
        (&["rotate", "db"], "error: at least one KEY to rotate is required"),
        (&["rotate", "site", "tls.key"], "error: secret/site: tls.key is no one line of text"),
        (&["rotate", "db", "a="], "error: a= says not how to make the value"),
        (&["rotate", "db", "a=hunter2"], "error: --generate a: "),
        (&["rotate", "db", ""], "error: \"\" is not valid key name"),
        (&["rotate", "db", "a", "a=uuid"], "error: two new values are given for \"a\""),
        (&["rotate", "db", "nope"], "error: secret/db has no key \"nope\""),
        (&["rotate", "nope", "a"], "Error from server (NotFound): secrets \"nope\" not found"),
        (&["rotate", "kept", "a"], "error: secret/kept is kept by cert-manager's Certificate site"),
        (&["rotate", "namespace/default", "a"], "error: default is no Secret"),
        (&["rotate", "deployment/web", "a"], "error: ksecret handles Secrets and Namespaces, not \"deployment\""),
        (&["rotate", "db", "a", "--set="], "error: --set: it names no program"),
        (&["rotate", "db", "a", "--set=/nope"], "error: --set: the program \"/nope\""),
        (&["rotate", "db", "a", "--set=./plain"], "error: --set: the program \"./plain\""),
        (&["rotate", "db", "a", "--set='x"], "error: --set: a quote in it is not closed"),
        (&["rotate", "db", "a", "--on-failure=restore"], "error: --on-failure=restore needs --verify"),
        (&["rotate", "db", "a", "--on-failure=x"], "error: --on-failure is keep or restore, not \"x\""),
        (&["rotate", "db", "a", "--overlap=x"], "error: --overlap is bundle, not \"x\""),
        (&["rotate", "db", "a", "--overlap=bundle"], "error: --overlap=bundle joins certificates"),
        (&["rotate", "db", "a", "--grace=soon"], "error: --grace \"soon\" is no time"),
        (&["rotate", "db", "a", "--every=0s"], "error: --every wants a time above 0"),
        (&["rotate", "db", "a", "--alternate=user=one,one"], "error: --alternate wants KEY=USER,USER"),
        (
            &["rotate", "db", "a", "--alternate=user=one,two"],
            "error: --alternate user: secret/db holds neither of both",
        ),
        (&["rotate", "db", "a", "--rotation-token="], "error: --rotation-token wants 1 to 128"),
        (&["rotate", "db", "a", "--keep-previous=a"], "error: --keep-previous: \"a\" cannot be a key of its own"),
        (
            &["rotate", "db", "a", "--keep-previous=user"],
            "error: --keep-previous: secret/db has a key \"user\" already",
        ),
        (&["rotate", "db", "a", "--keep-previous="], "error: --keep-previous= names no key"),
        (&["rotate", "db", "a", "user", "--keep-previous=x"], "error: --keep-previous=x names one key, and several"),
        (&["rotate", "db", "a", "--keep-previous=a b"], "error: \"a b\" is not valid key name"),
        (&["rotate", "db", "--continue"], "error: no rotation of secret/db is under way"),
        (&["rotate", "db", "--finish"], "error: no rotation of secret/db is under way"),
        (&["rotate", "db", "--due"], "error: --due lists Secrets, and takes no NAME"),
        (&["rotate", "db", "a", "-A"], "error: -A and -l are for --due"),
        (&["rotate", "--due", "-l", ""], "error: -l is empty"),
    ] {
        let outcome = sandbox.run(line);
        assert_eq!(outcome.exit, 1, "{line:?}: {}", outcome.stderr);
        assert!(outcome.stderr.starts_with(says), "{line:?}: {}", outcome.stderr);
        assert!(line.contains(&"a=hunter2") || !outcome.stderr.contains("hunter2"), "{}", outcome.stderr);
    }
    let now = sandbox.ok(&["get", "secret", "db", "-o", "jsonpath={.metadata.resourceVersion}"]);
    assert_eq!(now, version);
    assert_eq!(sandbox.run(&["get", "secret", "db-rotation"]).exit, 1);
}

#[test]
fn two_users_take_turns() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "db", "--from-literal=user=app_a", "--from-literal=password=first"]);
    let line = ["rotate", "db", "password=hex:8", "--alternate=user=app_a,app_b"];
    for user in ["app_b", "app_a", "app_b"] {
        sandbox.ok(&line);
        assert_eq!(sandbox.ok(&["decode", "db", "user"]), user);
    }
}

#[test]
fn certificates_overlap_in_a_bundle() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "ca", "--generate=ca=self-signed:ca.example"]);
    let former = sandbox.ok(&["decode", "ca", "ca.crt"]);
    sandbox.ok(&["rotate", "ca", "ca=self-signed:ca.example", "--overlap=bundle"]);
    let bundle = sandbox.ok(&["decode", "ca", "ca.crt"]);
    assert!(bundle.ends_with(former.trim_end()) || bundle.ends_with(&former), "{bundle}");
    assert_eq!(bundle.matches("BEGIN CERTIFICATE").count(), 2);
    sandbox.ok(&["rotate", "ca", "--finish"]);
    let new = sandbox.ok(&["decode", "ca", "ca.crt"]);
    assert!(bundle.starts_with(new.trim_end()) && new != former);
    assert_eq!(new.matches("BEGIN CERTIFICATE").count(), 1);
}

#[test]
fn an_immutable_secret_gets_a_successor() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "fixed", "--from-literal=a=1", "--from-literal=b=2", "--immutable"]);
    let outcome = sandbox.run(&["rotate", "fixed", "a=hex:8", "--rotation-token=t1"]);
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    let name = outcome.stdout.lines().nth(1).and_then(|line| line.strip_prefix("secret/")?.strip_suffix(" created"));
    let name = name.expect(&outcome.stdout).to_owned();
    assert_eq!(sandbox.ok(&["decode", "fixed", "a"]), "1");
    assert_eq!(sandbox.ok(&["decode", &name, "b"]), "2");
    assert_ne!(sandbox.ok(&["decode", &name, "a"]), "1");
    sandbox.ok(&["rotate", "fixed", "a=hex:8", "--rotation-token=t1"]);
    sandbox.ok(&["rotate", &name, "a=hex:8"]);
    let names = sandbox.ok(&["get", "secrets", "-o", "name"]);
    assert_eq!(names.lines().count(), 3, "{names}");
    assert!(names.lines().all(|name| name.matches('-').count() <= 1), "the hash is replaced, not added: {names}");
}
