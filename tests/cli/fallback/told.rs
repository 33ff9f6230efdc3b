//! Where the fallback is told of.

use super::support::{Sandbox, stand_in::StandIn};

#[test]
fn version_help_and_options_name_it() {
    let mut stand_in = StandIn::new(Sandbox::bare(), "exit 9");
    let told = format!("\nFallback: {}\n", stand_in.path);
    let lines = ["version --client", "--help", "-h", "help", "get --help", "help apply", "options"];
    for line in lines {
        let outcome = stand_in.run(line);
        assert!(outcome.exit == 0 && outcome.stdout.ends_with(&told), "{line}: {outcome:?}");
    }
    // What programs read stays kubectl's.
    let json = stand_in.run("version --client -o json").stdout;
    assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok(), "{json}");
    stand_in.sandbox.set_env("KSECRET_FALLBACK", "./none");
    let told = "\nFallback: none, the fallback \"./none\" does not exist\n";
    assert!(stand_in.run("version --client").stdout.ends_with(told));
    stand_in.sandbox.unset_env("KSECRET_FALLBACK");
    for line in lines {
        assert!(!stand_in.run(line).stdout.contains("\nFallback:"), "{line}");
    }
    assert!(stand_in.calls().is_empty());
}
