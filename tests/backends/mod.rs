//! `rotate` with backends as they are: while a value is rotated, a client that uses what the Secret holds is never refused.

mod certificates;
mod login;
mod postgres;

use crate::support::{
    require::{Need, Required, on_path, postgres as programs},
    suite::Suite,
};

/// The tests of each backend.
pub fn suite(required: &Required) -> Suite {
    let mut suite = Suite::new("backends");
    match required.wants(Need::Postgres).map(|met| met.and_then(|()| programs())) {
        None => suite.not_run(1, Need::Postgres),
        Some(Err(missing)) => suite.test("postgres", move || Err(missing.into())),
        Some(Ok(programs)) => suite.test("postgres", move || postgres::rotate_while_a_client_logs_in(&programs)),
    }
    let openssl = on_path("openssl");
    match (required.wants(Need::Tools), openssl) {
        (Some(Err(missing)), _) => suite.test("certificates", move || Err(missing.into())),
        (None, Err(_)) => suite.not_run(1, Need::Tools),
        _ => suite.test("certificates", certificates::replace_the_authority_while_clients_connect),
    }
    suite.report(|| "clients of what the Secret holds, while it is rotated".to_owned());
    suite
}
