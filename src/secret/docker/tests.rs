use super::*;

fn login<'a>(username: &'a str, password: &'a str, email: &'a str) -> Login<'a> {
    Login { server: "r.example:5000", username, password, email }
}

#[test]
fn writes_as_kubectl() {
    for (login, expected) in [
        (
            login("tiger", "pass113", "tiger@acme.com"),
            r#"{"auths":{"r.example:5000":{"username":"tiger","password":"pass113","email":"tiger@acme.com","auth":"dGlnZXI6cGFzczExMw=="}}}"#,
        ),
        (
            Login { server: DEFAULT_SERVER, ..login("u", "p", "") },
            r#"{"auths":{"https://index.docker.io/v1/":{"username":"u","password":"p","auth":"dTpw"}}}"#,
        ),
        (
            login("ü", "<a>&\u{2028}\"\\", ""),
            "{\"auths\":{\"r.example:5000\":{\"username\":\"ü\",\"password\":\"\\u003ca\\u003e\\u0026\\u2028\\\"\\\\\",\
             \"auth\":\"w7w6PGE+JuKAqCJc\"}}}",
        ),
    ] {
        assert_eq!(login.config_json().expose_text(), Some(expected));
    }
    assert_eq!(
        login("u", "p", "").config().expose_text(),
        Some(r#"{"r.example:5000":{"username":"u","password":"p","auth":"dTpw"}}"#)
    );
}

fn entry(server: &str, json: &serde_json::Value) -> Option<Entry> {
    Entry::read(server, json).expect("an entry")
}

/// Entries as `docker login` and the registries' own programs write them.
#[test]
fn entries_of_the_well_known_registries() {
    for (server, written, has_password) in [
        ("https://index.docker.io/v1/", r#"{"auth":"dGlnZXI6ZGNrcl9wYXRfeA=="}"#, true),
        ("ghcr.io", r#"{"auth":"dGlnZXI6Z2hwX3g="}"#, true),
        ("quay.io", r#"{"auth":"dGVhbStyb2JvdDpYWFg=","email":""}"#, true),
        ("123456789012.dkr.ecr.eu-west-1.amazonaws.com", r#"{"auth":"QVdTOmV5SndZWGxz"}"#, true),
        ("europe-docker.pkg.dev", r#"{"auth":"X2pzb25fa2V5OnsidHlwZSI6InNlcnZpY2VfYWNjb3VudCJ9"}"#, true),
        (
            "team.azurecr.io",
            r#"{"auth":"MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAwOg==","identitytoken":"eyJ0b2tlbg"}"#,
            false,
        ),
        ("registry.gitlab.example:5050", r#"{"auth":"Z2l0bGFiK2RlcGxveS10b2tlbi0xOng="}"#, true),
        ("harbor.example", r#"{"auth":"cm9ib3QkY2k6eA=="}"#, true),
    ] {
        let json: Json = serde_json::from_str(written).expect("JSON");
        let entry = entry(server, &json).expect("credentials");
        assert_eq!(entry.has_password(), has_password, "{server}");
        let config = write(&[entry], true);
        let config: Json = serde_json::from_slice(config.expose()).expect("JSON");
        let mut wanted = json.clone();
        wanted.as_object_mut().unwrap().retain(|_, value| value != "");
        assert_eq!(config["auths"][server], wanted, "{server}");
    }
}

#[test]
fn reads_what_an_entry_may_be() {
    let with_auth = entry("r", &serde_json::json!({"username": "u", "password": "p"})).expect("credentials");
    assert_eq!(
        write(&[with_auth], false).expose_text(),
        Some(r#"{"r":{"username":"u","password":"p","auth":"dTpw"}}"#)
    );
    for empty in ["{}", "null", r#"{"auth":""}"#, r#"{"email":"e"}"#, r#"{"username":"u"}"#] {
        assert!(entry("r", &serde_json::from_str(empty).unwrap()).is_none(), "{empty}");
    }
    for (wrong, says) in [
        (r#"{"auth":"hunter2"}"#, "has a field auth that is not USER:PASSWORD in base64"),
        (r#"{"auth":"aHVudGVyMg=="}"#, "has a field auth that is not USER:PASSWORD in base64"),
        (r#"{"auth":7}"#, "has a field auth that is no string"),
        (r#"{"identitytoken":["hunter2"]}"#, "has a field identitytoken that is no string"),
    ] {
        assert_eq!(Entry::read("r", &serde_json::from_str(wrong).unwrap()).map(drop), Err(says.to_owned()));
    }
    assert_eq!(write(&[], true).expose_text(), Some(r#"{"auths":{}}"#));
}

#[test]
fn merges_registries_and_keeps_the_rest() {
    let value = |text: &str| Value::new(text);
    for (existing, new, has_auths, merged) in [
        (
            r#"{"auths":{"a":{"auth":"dTox"},"b":{"auth":"dToy"}},"credHelpers":{"c":"x"},"n":1}"#,
            r#"{"auths":{"b":{"auth":"dToz"},"d":{"auth":"dTo0"}}}"#,
            true,
            r#"{"auths":{"a":{"auth":"dTox"},"b":{"auth":"dToz"},"d":{"auth":"dTo0"}},"credHelpers":{"c":"x"},"n":1}"#,
        ),
        // Another spelling of the same server would leave it open which entry counts.
        (
            r#"{"auths":{"https://r.example/":{"auth":"dTox"},"r.example/team":{"auth":"dToy"}}}"#,
            r#"{"auths":{"r.example":{"auth":"dToz"}}}"#,
            true,
            r#"{"auths":{"r.example":{"auth":"dToz"},"r.example/team":{"auth":"dToy"}}}"#,
        ),
        ("{}", r#"{"auths":{"a":{}}}"#, true, r#"{"auths":{"a":{}}}"#),
        (r#"{"auths":null}"#, r#"{"auths":{"a":{}}}"#, true, r#"{"auths":{"a":{}}}"#),
        (
            r#"{"a":{"auth":"dTox"}}"#,
            r#"{"auths":{"auth":"dToy"}}"#,
            false,
            r#"{"a":{"auth":"dTox"},"auths":{"auth":"dToy"}}"#,
        ),
    ] {
        let done = merge(&value(existing), &value(new), has_auths).expect("configs");
        assert_eq!(done.expose_text(), Some(merged), "{existing}");
        // Again, nothing changes; nor where it is there already in another order.
        let ordered = value("{ \"auths\": {\"b\": {\"auth\": \"dTpw\"}, \"a\": {}} }");
        assert_eq!(merge(&ordered, &value(r#"{"auths":{"b":{"auth":"dTpw"}}}"#), true).as_ref(), Ok(&ordered));
        assert_eq!(merge(&done, &value(new), has_auths).expect("configs"), done);
    }
    for (existing, says) in [
        ("hunter2", "is not valid JSON"),
        ("[\"hunter2\"]", "is not a JSON object"),
        (r#"{"auths":["hunter2"]}"#, "has auths that are no object"),
    ] {
        assert_eq!(merge(&value(existing), &value(r#"{"auths":{}}"#), true), Err(says));
    }
}
