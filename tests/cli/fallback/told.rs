//! Where the fallback is told of, and where it is asked for words to complete.

use super::support::{KSECRET, Sandbox, run, stand_in::StandIn};

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

/// The words that bash offers for a line whose last word is being typed.
fn offered(stand_in: &StandIn, program: &str, line: &str) -> Vec<String> {
    let body = format!(
        "source ./script; COMP_WORDS=({program} {line}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); COMPREPLY=(); \
         _{program} {program} \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    );
    let outcome = run(stand_in.sandbox.command_of("bash", &["-c", &body]), b"");
    assert_eq!((outcome.exit, outcome.stderr.as_str()), (0, ""), "{line}");
    outcome.stdout.lines().map(str::to_owned).collect()
}

#[test]
fn completion_asks_it_for_its_words() {
    for program in ["ksecret", "kubectl"] {
        let answer = "printf 'rollout\\tManage\\nget\\tGet\\n_activeHelp_ x\\n:4\\n'; echo said >&2";
        let mut stand_in = StandIn::new(Sandbox::bare(), answer);
        stand_in.sandbox.link(program, KSECRET);
        let script = run(stand_in.sandbox.command_of(program, &["completion", "bash"]), b"");
        stand_in.sandbox.write("script", &script.bytes);
        let words = offered(&stand_in, program, "''");
        assert_eq!(words.iter().filter(|word| *word == "get").count(), 1, "{words:?}");
        assert!(words.contains(&"rollout".to_owned()) && words.contains(&"decode".to_owned()), "{words:?}");
        assert_eq!(stand_in.calls(), ["__complete "]);
        assert_eq!(offered(&stand_in, program, "rollout 'a b' ''"), ["rollout", "get"]);
        assert_eq!(stand_in.calls(), ["__complete rollout a b "]);
        stand_in.sandbox.unset_env("KSECRET_FALLBACK");
        assert!(!offered(&stand_in, program, "''").contains(&"rollout".to_owned()));
        assert!(stand_in.calls().is_empty());
    }
}
