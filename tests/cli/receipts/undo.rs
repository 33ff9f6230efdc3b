use super::{
    editor, manifest,
    support::{Sandbox, dice::Dice, rounds},
};

/// The data of a Secret, or `None` if there is none.
fn data(sandbox: &Sandbox, name: &str) -> Option<String> {
    let outcome = sandbox.run(&["get", "secret", name, "-o", "jsonpath={.type} {.data}"]);
    (outcome.exit == 0).then_some(outcome.stdout)
}

#[test]
fn each_write_is_undone() {
    let mut sandbox = Sandbox::with_server();
    sandbox.set_env("KSECRET_JOURNAL", "1");
    editor(&mut sandbox, "a: .*", "a: bmV3");
    sandbox.write("s.yaml", manifest("s", "{a: applied, m: x}"));
    for (line, says) in [
        (&["create", "generic", "s", "--from-literal=a=1", "--from-literal=b=2", "--type=x/y"][..], "deleted"),
        (&["apply", "-f", "s.yaml"], "configured"),
        (&["edit", "s"], "configured"),
        (&["patch", "secret", "s", "-p", r#"{"stringData":{"b":"3"}}"#], "configured"),
        (&["set", "s", "b=4", "c=5"], "configured"),
        (&["unset", "s", "a"], "configured"),
        (&["rename-key", "s", "a", "d"], "configured"),
        (&["create", "generic", "s", "--from-literal=a=7", "--if-exists=update"], "configured"),
        (&["delete", "secret", "s"], "created"),
    ] {
        if says != "deleted" && data(&sandbox, "s").is_none() {
            sandbox.ok(&["create", "generic", "s", "--from-literal=a=1", "--from-literal=b=2"]);
        }
        let before = data(&sandbox, "s");
        sandbox.ok(line);
        assert_ne!(data(&sandbox, "s"), before, "{line:?}");
        assert_eq!(sandbox.ok(&["undo", "s"]), format!("secret/s {says}\n"), "{line:?}");
        assert_eq!(data(&sandbox, "s"), before, "{line:?}");
    }
}

#[test]
fn undo_of_undo_and_undo_to_an_entry() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "s", "--from-literal=a=1", "--from-literal=b=x", "--journal"]);
    sandbox.ok(&["set", "s", "a=2", "--journal"]);
    sandbox.ok(&["set", "s", "c=3", "--journal"]);
    // Data alone is undone: the label stays, and does not count as a write of data.
    sandbox.ok(&["label", "secret", "s", "x=y", "--journal"]);
    sandbox.ok(&["undo", "s"]);
    assert_eq!(sandbox.ok(&["decode", "s"]), "a: '2'\nb: x\n");
    sandbox.ok(&["undo", "s"]);
    assert_eq!(sandbox.ok(&["decode", "s"]), "a: '2'\nb: x\nc: '3'\n");
    assert_eq!(sandbox.ok(&["undo", "s", "--to", "1", "--dry-run=client"]), "secret/s configured (dry run)\n");
    assert_eq!(sandbox.ok(&["undo", "s", "--to=1", "--dry-run=server"]), "secret/s configured (server dry run)\n");
    assert_eq!(sandbox.ok(&["decode", "s"]), "a: '2'\nb: x\nc: '3'\n");
    assert_eq!(sandbox.ok(&["undo", "s", "--to", "1"]), "secret/s configured\n");
    assert_eq!(sandbox.ok(&["decode", "s"]), "a: '1'\nb: x\n");
    assert_eq!(sandbox.ok(&["undo", "s", "--to", "1"]), "secret/s unchanged\n");
    assert_eq!(sandbox.ok(&["get", "s", "-o", "jsonpath={.metadata.labels.x}"]), "y");
    let history = sandbox.ok(&["history", "s"]);
    assert_eq!(history.lines().count(), 8, "{history}");
    assert!(history.lines().last().is_some_and(|row| row.contains("   undo               ~a,-c    ")), "{history}");
}

#[test]
fn what_others_wrote_since_is_not_lost() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "s", "--from-literal=a=1", "--from-literal=b=1", "--journal"]);
    sandbox.ok(&["set", "s", "a=2", "--journal"]);
    // Another key is no concern.
    sandbox.ok(&["set", "s", "b=2"]);
    sandbox.ok(&["undo", "s"]);
    assert_eq!(sandbox.ok(&["decode", "s"]), "a: '1'\nb: '2'\n");
    sandbox.ok(&["set", "s", "a=theirs", "--field-manager=them"]);
    let conflict = |line: &[&str], says: &str| {
        let outcome = sandbox.run(line);
        assert_eq!((outcome.exit, outcome.stdout.as_str()), (4, ""), "{line:?}: {}", outcome.stderr);
        assert!(outcome.stderr.starts_with(says), "{line:?}: {}", outcome.stderr);
    };
    conflict(&["undo", "s"], "error: secret \"s\": a changed since by them at ");
    conflict(&["undo", "s", "--to=2"], "error: secret \"s\": a changed since by them at ");
    assert_eq!(sandbox.ok(&["decode", "s", "a"]), "theirs");
    sandbox.ok(&["delete", "secret", "s"]);
    conflict(&["undo", "s"], "error: secret \"s\" was deleted since entry 3 of its history\n");
    sandbox.ok(&["create", "generic", "s", "--from-literal=a=1"]);
    conflict(&["undo", "s"], "error: secret \"s\" was created anew since entry 3 of its history\n");
    sandbox.ok(&["delete", "secret", "s"]);
    assert_eq!(sandbox.ok(&["undo", "s", "--to", "1"]), "secret/s created\n", "it is named: nothing is lost");
    assert_eq!(sandbox.ok(&["decode", "s"]), "a: '1'\nb: '1'\n");

    sandbox.ok(&["create", "generic", "t", "--from-literal=a=1", "--journal"]);
    sandbox.ok(&["set", "t", "more=1", "--field-manager=them"]);
    conflict(&["undo", "t"], "error: secret \"t\": more changed since by them at ");
    sandbox.ok(&["unset", "t", "more"]);
    assert_eq!(sandbox.ok(&["undo", "t"]), "secret/t deleted\n");
    let outcome = sandbox.run(&["get", "secret", "t"]);
    assert_eq!(outcome.exit, 1);
}

#[test]
fn what_cannot_be_undone_says_why() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "fixed", "--from-literal=a=1", "--journal"]);
    sandbox.ok(&["set", "fixed", "a=2", "--journal"]);
    sandbox.ok(&["patch", "secret", "fixed", "-p", r#"{"immutable":true}"#]);
    sandbox.ok(&["create", "generic", "gone", "--from-literal=a=1", "--journal"]);
    sandbox.ok(&["delete", "secret", "gone"]);
    sandbox.ok(&["create", "generic", "plain", "--from-literal=a=1"]);
    sandbox.ok(&["label", "secret", "plain", "x=y", "--journal"]);
    for (line, says) in [
        (&["undo", "fixed"][..], "error: secret \"fixed\" is immutable: its values cannot be changed"),
        (&["undo", "gone"], "error: secret \"gone\" is gone already: there is nothing to undo"),
        (&["undo", "nope"], "error: the journal has no write to undo of secret \"nope\""),
        (&["undo", "plain"], "error: the journal has no write to undo of secret \"plain\""),
        (&["undo", "fixed", "--to", "9"], "error: the journal has no entry 9 of secret \"fixed\""),
        (&["undo", "namespace/default"], "error: default is no Secret"),
        (&["undo", "secret", "a", "b"], "error: the NAME of one Secret is required"),
    ] {
        let outcome = sandbox.run(line);
        assert_eq!((outcome.exit, outcome.stderr.lines().next().unwrap_or_default()), (1, says), "{line:?}");
    }
}

#[test]
fn a_secret_that_was_deleted_has_its_type_and_labels_again() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "basic-auth", "s", "--basic-username=u", "--label=a=b"]);
    sandbox.ok(&["annotate", "secret", "s", "n=v"]);
    let fields = "jsonpath={.type} {.data} {.metadata.labels} {.metadata.annotations}";
    let before = sandbox.ok(&["get", "secret", "s", "-o", fields]);
    sandbox.ok(&["delete", "secret", "s", "--journal"]);
    sandbox.ok(&["undo", "s"]);
    assert_eq!(sandbox.ok(&["get", "secret", "s", "-o", fields]), before);
}

/// Whatever was written in whatever order, each state can be had again, also after others were.
#[test]
fn every_state_of_the_history_can_be_had_again() {
    for seed in 0..rounds(2) {
        let sandbox = Sandbox::with_server();
        let mut dice = Dice(seed as u64 + 1);
        let mut states: Vec<Option<String>> = Vec::new();
        while states.len() < 8 {
            let (key, value) = (dice.pick(&["a", "b", "c"]).to_owned(), dice.roll(3).to_string());
            let pair = format!("{key}={value}");
            let line: &[&str] = match dice.roll(6) {
                0 => &["unset", "s", &key],
                1 => &["rename-key", "s", &key, "d"],
                2 => &["delete", "secret", "s"],
                _ => &["set", "s", &pair, "--create"],
            };
            let before = data(&sandbox, "s");
            sandbox.run(&[line, &["--journal"]].concat());
            let after = data(&sandbox, "s");
            // What is refused, and what changes nothing, is not in the history.
            if before != after {
                states.push(after);
            }
        }
        for _ in 0..10 {
            let number = dice.roll(states.len());
            let before = data(&sandbox, "s");
            let outcome = sandbox.run(&["undo", "s", "--to", &(number + 1).to_string()]);
            let wanted = &states[number];
            let is_gone = wanted.is_none() && before.is_none();
            assert_eq!(outcome.exit == 0, !is_gone, "seed {seed}: {}", outcome.stderr);
            assert_eq!(&data(&sandbox, "s"), wanted, "seed {seed}, to {}", number + 1);
            // Undone entries are entries too.
            if &before != wanted {
                states.push(wanted.clone());
            }
        }
    }
}
