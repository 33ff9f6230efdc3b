//! Work that could not be saved.

use super::{assert_no_marker, data, editor, sandbox};

const CHANGE_AND_FAIL: &str = "sed -i 's/user: admin/user: root/' \"$1\"; exit 1";

#[test]
fn an_edit_that_failed_is_taken_up_again_once() {
    let mut sandbox = sandbox();
    editor(&mut sandbox, CHANGE_AND_FAIL);
    let outcome = sandbox.run(&["edit", "-d", "db"]);
    assert!(
        outcome.stderr.contains("hint: your changes are kept, encrypted: ksecret edit --resume db"),
        "{}",
        outcome.stderr
    );
    assert_no_marker(&sandbox, &outcome.stderr);

    editor(&mut sandbox, "cp \"$1\" seen");
    let outcome = sandbox.run(&["edit", "--resume", "db"]);
    assert_eq!(outcome.stdout, "secret/db edited\n", "{}", outcome.stderr);
    assert!(std::fs::read_to_string(sandbox.cwd().join("seen")).expect("seen").contains("user: root"));
    assert_eq!(data(&sandbox, "db")["user"], "cm9vdA==");

    let outcome = sandbox.run(&["edit", "--resume", "db"]);
    assert_eq!(
        (outcome.exit, outcome.stderr.as_str()),
        (1, "error: no edit of db is kept for namespace \"default\"\n")
    );
}

#[test]
fn what_others_did_meanwhile_stays() {
    let mut sandbox = sandbox();
    editor(&mut sandbox, CHANGE_AND_FAIL);
    sandbox.run(&["edit", "-d", "db"]);
    sandbox.ok(&["patch", "secret", "db", "-p", "{\"data\":{\"password\":\"bmV3\"}}"]);
    editor(&mut sandbox, "true");
    sandbox.ok(&["edit", "--resume"]);
    let now = data(&sandbox, "db");
    assert_eq!((now["user"].as_str(), now["password"].as_str()), (Some("cm9vdA=="), Some("bmV3")));
}

#[test]
fn another_secret_of_that_name_is_not_touched() {
    let mut sandbox = sandbox();
    editor(&mut sandbox, CHANGE_AND_FAIL);
    sandbox.run(&["edit", "-d", "db"]);
    sandbox.ok(&["delete", "secret", "db"]);
    sandbox.ok(&["create", "generic", "db", "--from-literal=user=admin"]);
    let outcome = sandbox.run(&["edit", "--resume", "db"]);
    assert_eq!(outcome.exit, 1, "{}", outcome.stderr);
    assert_eq!(data(&sandbox, "db")["user"], "YWRtaW4=");
}

#[test]
fn nothing_is_kept_when_told_so_or_when_nothing_was_typed() {
    let mut sandbox = sandbox();
    editor(&mut sandbox, CHANGE_AND_FAIL);
    sandbox.run(&["edit", "-d", "db", "--no-keep"]);
    editor(&mut sandbox, "exit 1");
    let outcome = sandbox.run(&["edit", "-d", "db"]);
    assert!(!outcome.stderr.contains("hint:"), "{}", outcome.stderr);
    assert_eq!(sandbox.run(&["edit", "--resume"]).exit, 1);
    assert!(!sandbox.root().join("home/.local/state/ksecret/edits").exists());
}

#[test]
fn of_several_kept_edits_of_one_name_none_is_forgotten() {
    let mut sandbox = sandbox();
    editor(&mut sandbox, CHANGE_AND_FAIL);
    sandbox.run(&["edit", "-d", "db"]);
    sandbox.ok(&["delete", "secret", "db"]);
    sandbox.ok(&["create", "generic", "db", "--from-literal=user=admin"]);
    sandbox.run(&["edit", "-d", "db"]);
    let outcome = sandbox.run(&["edit", "--discard", "db"]);
    assert!(outcome.exit == 1 && outcome.stderr.contains("2 edits of db are kept"), "{}", outcome.stderr);
    assert_eq!(sandbox.ok(&["edit", "--list-kept"]).lines().count(), 3);
}

#[test]
fn kept_edits_are_listed_named_and_forgotten_without_a_server() {
    let mut sandbox = sandbox();
    assert_eq!(sandbox.run(&["edit", "--list-kept"]).stderr, "No kept edits.\n");
    editor(&mut sandbox, CHANGE_AND_FAIL);
    sandbox.run(&["edit", "-d", "db"]);
    let listed = sandbox.ok(&["edit", "--list-kept"]);
    let rows: Vec<Vec<&str>> = listed.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows.len(), 2, "{listed}");
    assert_eq!((&rows[0][..], &rows[1][..2]), (&["NAMESPACE", "SECRETS", "AGE", "FILE"][..], &["default", "db"][..]));
    assert!(std::path::Path::new(rows[1][3]).is_file(), "{listed}");
    assert_no_marker(&sandbox, &listed);

    // Another edit says that there is one; that of another Secret does not.
    editor(&mut sandbox, "true");
    let said = sandbox.run(&["edit", "db"]).stderr;
    assert!(said.contains("edit --resume db takes it up, --discard db forgets it"), "{said}");
    sandbox.ok(&["create", "generic", "other", "--from-literal=a=b"]);
    assert!(!sandbox.run(&["edit", "other"]).stderr.contains("kept"));

    let outcome = sandbox.run(&["edit", "--discard"]);
    assert!(outcome.exit == 1 && outcome.stderr.contains("needs the names"), "{}", outcome.stderr);
    assert_eq!(sandbox.run(&["edit", "--discard", "other"]).exit, 1);
    assert_eq!(sandbox.ok(&["edit", "--discard", "db"]), "kept edit of db discarded\n");
    assert_eq!(sandbox.run(&["edit", "--discard", "db"]).exit, 1);
    assert_eq!(sandbox.run(&["edit", "--list-kept"]).stderr, "No kept edits.\n");
    assert_eq!(sandbox.run(&["edit", "--resume", "db"]).exit, 1);
}
