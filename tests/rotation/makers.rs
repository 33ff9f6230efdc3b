//! `--from-exec`: a command that makes no value ends the rotation before anything is changed.

use super::stage::Stage;

#[test]
fn a_command_that_makes_no_value_changes_nothing() {
    let stage = Stage::new();
    for (command, why) in [
        ("true", "it writes nothing"),
        ("sh -c 'echo half; exit 3'", "exit status 3"),
        ("sleep 1000", "no end within 1s"),
        ("yes", "it writes more than a Secret holds"),
    ] {
        let name = stage.secret();
        let maker = format!("--from-exec=password={command}");
        let hooks = ["set", "verify"];
        let words = stage.words(&name, &[&maker, "--hook-timeout=1s", "--rotation-token=t1"], &hooks);
        let outcome = stage.run(&words);
        assert_eq!(outcome.exit, 1, "{command}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(why), "{command}: {}", outcome.stderr);
        assert!(stage.state(&name).is_former(), "{command}: {:?}", stage.state(&name));
        assert!(stage.backends.calls(&name).is_empty(), "{command}");
        // The same token may be tried again.
        let outcome = stage.run(&stage.words(&name, &["--from-exec=password=echo new", "--rotation-token=t1"], &hooks));
        assert_eq!(outcome.exit, 0, "{command}: {}", outcome.stderr);
        assert_eq!(stage.state(&name).holds, "new");
    }
}
