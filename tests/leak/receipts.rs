//! Receipts and the journal: no value is in a file, in any form.

use super::{TEXT, Watched, support::Sandbox};

#[test]
fn receipts_and_the_journal_hold_no_value() {
    let watched = Watched::new(Sandbox::with_server(), &[]);
    let from = |kind: &str| format!("--from-file={kind}={}", watched.sandbox.root().join("input").join(kind).display());
    let (text, binary, nasty) = (from("text"), from("binary"), from("nasty"));
    watched.quiet(0, &["create", "generic", "s", &text, &binary, &nasty, "--receipt=out", "--journal"]);
    watched.quiet(0, &["set", "s", &format!("again={TEXT}"), "--receipt=-", "--journal"]);
    watched.quiet(0, &["rename-key", "s", "text", "renamed", "--receipt=out", "--journal"]);
    watched.quiet(0, &["undo", "s", "--receipt=out"]);
    watched.quiet(0, &["delete", "secret", "s", "--receipt=out", "--journal"]);
    watched.quiet(0, &["undo", "s", "--to=2", "--receipt=out"]);
    watched.quiet(0, &["history", "s"]);
    watched.quiet(0, &["history", "s", "-o", "json"]);
    watched.quiet(1, &["undo", "s", "--to=99"]);
    watched.done();
}
