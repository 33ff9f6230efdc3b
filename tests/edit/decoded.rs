//! Editing readable values.

use serde_json::json;

use super::{MARKER, assert_no_marker, data, editor, sandbox};

#[test]
fn values_are_shown_and_only_what_changes_is_written() {
    let mut sandbox = sandbox();
    sandbox.write("bin", [0u8, 0xff, 1]);
    sandbox.write("cfg", "# kept\r\nline \n\ttab");
    sandbox.ok(&["create", "generic", "mix", "--from-file=bin", "--from-file=cfg", "--from-literal=word=old"]);
    let before = data(&sandbox, "mix");
    editor(&mut sandbox, "cp \"$1\" seen; sed -i 's/word: old/word: new value/' \"$1\"");
    let outcome = sandbox.run(&["edit", "--decode", "mix"]);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, "secret/mix edited\n"), "{}", outcome.stderr);
    assert_eq!(outcome.stderr, "secret/mix: changed word (3 → 9 bytes)\n");
    let seen = std::fs::read_to_string(sandbox.cwd().join("seen")).expect("what was seen");
    assert!(
        seen.ends_with(
            "stringData:\n  bin: !binary-3-bytes AP8B\n  cfg: \"# kept\\r\\n\\\n    line \\n\\\n    \\ttab\"\n  word: old\n"
        ) || seen.contains("cfg: \"# kept\\r\\n"),
        "{seen}"
    );
    let mut wanted = before;
    wanted["word"] = json!("bmV3IHZhbHVl");
    assert_eq!(data(&sandbox, "mix"), wanted);
}

#[test]
fn the_environment_can_make_it_the_default_and_metadata_is_edited_too() {
    let mut sandbox = sandbox();
    sandbox.set_env("KSECRET_EDIT", "decoded");
    editor(
        &mut sandbox,
        "sed -i 's/^  name: db/  labels: {tier: gold}\\n  name: db/; s/^type:/immutable: true\\ntype:/' \"$1\"",
    );
    let outcome = sandbox.run(&["edit", "db"]);
    assert_eq!(outcome.stderr, "secret/db: labels +tier; immutable changed\n");
    let text = sandbox.ok(&["get", "secret", "db", "-o", "json"]);
    assert!(text.contains("\"tier\": \"gold\"") && text.contains("\"immutable\": true"));
}

#[test]
fn what_yaml_would_lose_is_refused_with_its_line_and_no_value() {
    for (typed, reason) in [
        ("null", "line 15: stringData.user is null"),
        ("yes", "line 15: stringData.user is a bare boolean"),
        ("!hunter2", "line 15: stringData.user: a YAML tag"),
    ] {
        let mut sandbox = sandbox();
        let body = format!(
            "if [ -e again ]; then cp \"$1\" seen; else touch again; sed -i 's/user: admin/user: {typed}/' \"$1\"; fi"
        );
        editor(&mut sandbox, &body);
        let outcome = sandbox.run(&["edit", "-d", "db"]);
        assert_eq!(outcome.exit, 1, "{}", outcome.stderr);
        let seen = std::fs::read_to_string(sandbox.cwd().join("seen")).expect("what was seen");
        let line: usize =
            seen.lines().position(|line| line.contains("user:") && !line.starts_with('#')).expect("the line") + 1;
        assert!(seen.contains(&reason.replace("15", &line.to_string())), "{seen}");
        assert!(!outcome.stderr.contains("hunter2"));
        assert_eq!(data(&sandbox, "db")["user"], "YWRtaW4=");
    }
}

#[test]
fn a_refused_save_opens_again_with_reasons_and_no_values() {
    let mut sandbox = sandbox();
    editor(
        &mut sandbox,
        "if [ -e again ]; then cp \"$1\" seen; sed -i 's/a b:/ab:/' \"$1\"; else touch again; sed -i 's/  user:/  a b:/' \"$1\"; fi",
    );
    let outcome = sandbox.run(&["edit", "-d", "db"]);
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    let seen = std::fs::read_to_string(sandbox.cwd().join("seen")).expect("what was seen");
    assert!(seen.contains("# secrets \"db\" was not valid:\n# * data[a b]: Invalid value"), "{seen}");
    assert!(!outcome.stderr.contains(MARKER));
    assert_eq!(data(&sandbox, "db")["ab"], "YWRtaW4=");
}

#[test]
fn a_change_by_others_is_merged_key_by_key() {
    let mut sandbox = sandbox();
    let patch =
        format!("{} patch secret db -p '{{\"data\":{{\"other\":\"eA==\"}}}}' >/dev/null", super::support::KSECRET);
    editor(&mut sandbox, &format!("{patch}; sed -i 's/user: admin/user: root/' \"$1\""));
    let outcome = sandbox.run(&["edit", "-d", "db"]);
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    let now = data(&sandbox, "db");
    assert_eq!((&now["user"], &now["other"]), (&json!("cm9vdA=="), &json!("eA==")));
}

#[test]
fn a_clash_is_shown_both_ways_and_lost_by_nobody() {
    let mut sandbox = sandbox();
    let patch =
        format!("{} patch secret db -p '{{\"data\":{{\"user\":\"dGhlaXJz\"}}}}' >/dev/null", super::support::KSECRET);
    let first = format!("touch again; {patch}; sed -i 's/user: admin/user: mine/' \"$1\"");
    editor(&mut sandbox, &format!("if [ -e again ]; then cp \"$1\" seen; else {first}; fi"));
    let outcome = sandbox.run(&["edit", "-d", "db"]);
    assert_eq!(outcome.exit, 1, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("error: secrets \"db\" was changed by another client in the same places"));
    let seen = std::fs::read_to_string(sandbox.cwd().join("seen")).expect("what was seen");
    assert!(seen.contains("  # changed by another client to:\n  #  user: theirs\n  user: mine\n"), "{seen}");
    assert_eq!(data(&sandbox, "db")["user"], "dGhlaXJz");
    assert!(outcome.stderr.contains("hint: your changes are kept"));

    editor(&mut sandbox, "sed -i '/# changed by/d; /#  user:/d' \"$1\"");
    assert_eq!(sandbox.run(&["edit", "--resume"]).exit, 0);
    assert_eq!(data(&sandbox, "db")["user"], "bWluZQ==");
}

#[test]
fn an_immutable_secret_is_saved_as_a_copy() {
    let mut sandbox = sandbox();
    sandbox.ok(&["patch", "secret", "db", "-p", "{\"immutable\":true}"]);
    editor(&mut sandbox, "cp \"$1\" seen; sed -i 's/name: db/name: db2/; s/user: admin/user: root/' \"$1\"");
    let outcome = sandbox.run(&["edit", "-d", "db"]);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, "secret/db2 created\n"), "{}", outcome.stderr);
    assert!(std::fs::read_to_string(sandbox.cwd().join("seen")).expect("seen").contains("# This Secret is immutable"));
    assert_eq!(
        (&data(&sandbox, "db2")["user"], &data(&sandbox, "db")["user"]),
        (&json!("cm9vdA=="), &json!("YWRtaW4="))
    );
}

#[test]
fn one_key_is_a_file_of_its_own() {
    let mut sandbox = sandbox();
    editor(&mut sandbox, "echo \"$1\" > name; cat \"$1\" > seen; printf 'first line\\nlast\\n' > \"$1\"");
    let outcome = sandbox.run(&["edit", "db", "--key", "user"]);
    assert_eq!((outcome.exit, outcome.stdout.as_str()), (0, "secret/db edited\n"), "{}", outcome.stderr);
    assert_eq!(std::fs::read(sandbox.cwd().join("seen")).expect("seen"), b"admin");
    assert!(std::fs::read_to_string(sandbox.cwd().join("name")).expect("name").trim().ends_with("/user.txt"));
    // It had no newline at its end, so it has none now.
    assert_eq!(sandbox.run(&["decode", "db", "user"]).bytes, b"first line\nlast");

    editor(&mut sandbox, "echo '{\"a\": 1}' > \"$1\"");
    sandbox.ok(&["edit", "db", "--key", "new.json"]);
    assert_eq!(sandbox.run(&["decode", "db", "new.json"]).bytes, b"{\"a\": 1}");
    editor(&mut sandbox, "printf '{\"a\": ' > \"$1\"");
    let outcome = sandbox.run(&["edit", "db", "--key", "new.json"]);
    assert_eq!(outcome.exit, 1);
    assert!(outcome.stderr.contains("hint: line 1: not JSON (column 6)"), "{}", outcome.stderr);
    editor(&mut sandbox, "true");
    let said = sandbox.run(&["edit", "db", "--key", "user"]).stderr;
    assert!(
        said.starts_with("note: an earlier edit") && said.ends_with("\nEdit cancelled, no changes made.\n"),
        "{said}"
    );
}

#[test]
fn several_at_once_and_an_emptied_file() {
    let mut sandbox = sandbox();
    sandbox.ok(&["create", "generic", "two", "--from-literal=k=v"]);
    editor(&mut sandbox, "sed -i 's/k: v/k: w/' \"$1\"");
    let outcome = sandbox.run(&["edit", "-d", "secret", "db", "two"]);
    assert_eq!(outcome.stdout, "secret/db skipped\nsecret/two edited\n", "{}", outcome.stderr);
    editor(&mut sandbox, ": > \"$1\"");
    let outcome = sandbox.run(&["edit", "-d", "db"]);
    assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, "Edit cancelled, saved file was empty.\n"));
}

#[test]
fn a_dry_run_tries_and_keeps_the_text() {
    let mut sandbox = sandbox();
    editor(&mut sandbox, "sed -i 's/user: admin/user: root/' \"$1\"");
    let outcome = sandbox.run(&["edit", "-d", "db", "--dry-run=server"]);
    assert_eq!(
        (outcome.exit, outcome.stdout.as_str()),
        (0, "secret/db edited (server dry run)\n"),
        "{}",
        outcome.stderr
    );
    assert_eq!(data(&sandbox, "db")["user"], "YWRtaW4=");
    editor(&mut sandbox, "true");
    sandbox.ok(&["edit", "--resume"]);
    assert_eq!(data(&sandbox, "db")["user"], "cm9vdA==");
}

#[test]
fn what_is_said_holds_no_value() {
    let mut sandbox = sandbox();
    editor(&mut sandbox, "sed -i 's/m4rker/m5rker/' \"$1\"");
    for args in [&["edit", "-d", "db", "-v9"][..], &["edit", "-d", "db", "--confirm"]] {
        let outcome = sandbox.run(args);
        assert_no_marker(&sandbox, &(outcome.stdout + &outcome.stderr));
    }
}
