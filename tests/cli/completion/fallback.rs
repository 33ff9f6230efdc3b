//! Completion of what is not ours, by the fallback.

use super::{ask, offered, patient, with_store};
use crate::support::{Sandbox, stand_in::StandIn};

const ANSWER: &str = "printf 'rollout\\tManage\\nget\\tGet\\nweb\\n_activeHelp_ x\\n:4\\n'; echo said >&2";

#[test]
fn the_fallback_has_its_part() {
    let stand_in = StandIn::new(patient(Sandbox::bare()), ANSWER);
    let sandbox = &stand_in.sandbox;
    let verbs = ask(sandbox, "").stdout;
    assert!(verbs.contains("\nrollout\tManage\n") && verbs.contains("decode\tShow"), "{verbs}");
    assert_eq!(verbs.lines().filter(|line| line.starts_with("get\t")).count(), 1, "{verbs}");
    assert!(!verbs.contains("_activeHelp_"), "{verbs}");
    assert_eq!(stand_in.calls(), ["__complete "]);
    // Alone, where the verb or the kind is not ours.
    assert_eq!(offered(sandbox, "rollout x "), "rollout get web :4");
    assert_eq!(stand_in.calls(), ["__complete rollout x "]);
    assert_eq!(offered(sandbox, "get deployment "), "rollout get web :4");
    assert_eq!(stand_in.calls(), ["__complete get deployment "]);
    // Not where all is ours.
    for line in ["decode ", "get secret ", "get secret/", "completion "] {
        offered(sandbox, line);
    }
    assert_eq!(stand_in.calls(), ["__complete get secret/", "__complete completion "]);
}

#[test]
fn the_embedded_server_has_no_fallback() {
    let stand_in = StandIn::new(with_store(), ANSWER);
    assert_eq!(offered(&stand_in.sandbox, "get w"), "web :4");
    assert!(stand_in.calls().is_empty());
}

#[test]
fn values_are_not_handed_on() {
    let stand_in = StandIn::new(patient(Sandbox::bare()), ANSWER);
    for line in [
        "create generic x --from-literal=k=hunter2 --from-literal j=hunter3 --token hunter4 ",
        "roll -p hunter5 --patch=hunter6 --docker-password=hunter7 ",
    ] {
        offered(&stand_in.sandbox, line);
    }
    let log = stand_in.log();
    assert!(log.contains("> --from-literal=\n") && log.contains("> --patch=\n"), "{log}");
    assert!(!log.contains("hunter"), "{log}");
}

#[test]
fn a_fallback_that_hangs_or_fails_is_silent() {
    for answer in ["exec sleep 15", "exit 1", "printf nonsense", "kill -9 $$"] {
        let mut stand_in = StandIn::new(Sandbox::bare(), answer);
        stand_in.sandbox.unset_env("KSECRET_COMPLETION_TIMEOUT");
        let began = std::time::Instant::now();
        assert!(offered(&stand_in.sandbox, "").contains("decode"), "{answer}");
        assert!(began.elapsed().as_secs() < 5, "{answer}: {:?}", began.elapsed());
    }
}
