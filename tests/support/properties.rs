//! How property tests are run, in every crate.

use proptest::test_runner::{Config, FileFailurePersistence};

/// Returns a configuration with this many cases, or more if `KSECRET_TEST_ROUNDS` asks for more rounds than three.
///
/// The seed of a counterexample is kept beside the source, as `NAME.regressions`, and tried first from then on.
#[allow(clippy::disallowed_methods, reason = "how thorough tests are")]
pub fn config(cases: u32) -> Config {
    let rounds: Option<u32> = std::env::var("KSECRET_TEST_ROUNDS").ok().and_then(|rounds| rounds.parse().ok());
    let cases = rounds.map_or(cases, |rounds| cases.saturating_mul(rounds) / 3).max(1);
    let default = Config::default();
    Config {
        cases,
        // Why: a strategy that rejects some of what it makes rejects more of more cases.
        max_global_rejects: default.max_global_rejects.max(cases.saturating_mul(4)),
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..default
    }
}
