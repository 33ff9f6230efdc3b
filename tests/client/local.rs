//! The embedded server through the same client.

use http::Method;
use ksecret::{
    cli::flags::{ConnectionFlags, PlaceFlags},
    client::{Call, Collection, Name, Path},
    commands::session,
    secret::resource::Resource,
};

use super::{context, run};

/// Returns the flags of `--local=FILE`.
fn local(file: &str) -> ConnectionFlags {
    let place = PlaceFlags { local: Some(file.into()), ..PlaceFlags::default() };
    ConnectionFlags { place, ..ConnectionFlags::default() }
}

#[test]
fn works_on_a_file_that_outlives_the_client() {
    let home = tempfile::tempdir().expect("a directory");
    let flags = local("");
    let collection = Collection::of(Resource::Secrets, "default").expect("a namespace");
    let path = |name: &str| collection.object(&Name::new(name).expect("a name"));
    let created = {
        let client = session::connect(&flags, &mut context(home.path(), &[])).expect("a client");
        assert_eq!((client.namespace(), client.namespace_given()), ("default", false));
        let body = r#"{"kind":"Secret","apiVersion":"v1","metadata":{"name":"db"},"stringData":{"k":"v"}}"#;
        let call = Call::new(Method::POST, collection.path()).body("application/json", body);
        run(client.call(call)).expect("created").object().expect("a Secret")
    };
    let client = session::connect(&flags, &mut context(home.path(), &[])).expect("a client");
    run(async {
        let read = client.call(Call::get(path("db"))).await.expect("read").object().expect("a Secret");
        assert_eq!(read.resource_version(), created.resource_version());
        assert_eq!(read.json()["data"]["k"], "dg==");
        let missing = client.call(Call::get(path("dbx"))).await.expect_err("no such Secret");
        assert_eq!(missing.words().line, "Error from server (NotFound): secrets \"dbx\" not found");
    });
    assert!(home.path().join(".local/share/ksecret/local.db").is_file());
}

#[test]
fn a_store_that_cannot_be_opened_is_named() {
    let home = tempfile::tempdir().expect("a directory");
    std::fs::write(home.path().join("store"), "this is no database, and long enough to be sure of it".repeat(30))
        .expect("a file");
    let flags = local("store");
    let client = session::connect(&flags, &mut context(home.path(), &[])).expect("a client");
    let failure = run(client.call(Call::get(Path::fixed("/api/v1/namespaces")))).expect_err("no store");
    let line = failure.words().line;
    assert!(line.starts_with("error: cannot open the local store /"), "{line}");
}

#[test]
fn nothing_configured_says_so_and_points_at_local() {
    let home = tempfile::tempdir().expect("a directory");
    assert!(
        std::net::TcpStream::connect("127.0.0.1:8080").is_err(),
        "something listens on port 8080, which is asked where nothing is configured: this test needs it to be free"
    );
    let client = session::connect(&ConnectionFlags::default(), &mut context(home.path(), &[])).expect("a client");
    let error = run(client.call(Call::get(Path::fixed("/api/v1/secrets")))).expect_err("no server").words();
    assert_eq!(
        error.line,
        "The connection to the server localhost:8080 was refused - did you specify the right host or port?"
    );
    assert!(error.hint.is_some_and(|hint| hint.contains("--local")));
}
