//! How findings are shown, and which exit status they make.

use serde_json::Value as Json;

use super::{
    MARKER, findings,
    support::{Outcome, Sandbox},
};

fn bad() -> String {
    format!(
        "# A comment.\napiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n  namespace: prod\ntype: kubernetes.io/basic-auth\n\
         stringData:\n  username: \"a:b\"\n  password: \"{MARKER}\\n\"\n---\napiVersion: v1\nkind: Secret\nmetadata: {{name: two}}\n\
         data:\n  copy: \"{}\"\n",
        base64_of(&format!("{MARKER}\n"))
    )
}

fn base64_of(text: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    STANDARD.encode(text)
}

#[test]
fn text_names_file_line_object_field_and_code() {
    let sandbox = Sandbox::bare();
    sandbox.write("a b.yaml", bad());
    let outcome = sandbox.run(&["validate", "-f", "a b.yaml"]);
    assert_eq!(
        outcome.stdout,
        "a b.yaml:9: secret/db in namespace prod: error: stringData[username]: has a colon, behind which HTTP takes it for the \
         password [KS232]\n  fix: ${EDITOR:-vi} +9 'a b.yaml'\n\
         a b.yaml:10: secret/db in namespace prod: warning: stringData[password]: ends with a newline, which is part of the \
         value [KS301]\n  fix: ksecret validate -f 'a b.yaml' --fix\n\
         a b.yaml:16: secret/two: warning: data[copy]: ends with a newline, which is part of the value [KS301]\n  \
         fix: ${EDITOR:-vi} +16 'a b.yaml'\n\
         a b.yaml:16: secret/two: info: data[copy]: has the value of data[password] in secret/db in namespace prod [KS501]\n  \
         fix: ${EDITOR:-vi} +16 'a b.yaml'\n"
    );
    assert_eq!(
        (outcome.exit, outcome.stderr.as_str()),
        (1, "2 objects looked at: 1 error, 2 warnings, 1 info; --fix can fix 1 of them\n")
    );
    let colored = sandbox.run(&["validate", "-f", "a b.yaml", "--color=always"]);
    assert!(
        colored.stdout.contains("\x1b[31merror:\x1b[0m \x1b[36mstringData[username]:\x1b[0m has"),
        "{}",
        colored.stdout
    );
}

#[test]
fn the_exit_status_is_of_the_level_and_of_what_could_be_looked_at() {
    let sandbox = Sandbox::bare();
    sandbox.write("bad.yaml", bad());
    sandbox.write("good.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {k: hello}\n");
    let warn = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {k: \"hello\\n\"}\n";
    sandbox.write("warn.yaml", warn);
    sandbox.write("broken.yaml", format!("{warn}---\n\"{MARKER}\n"));
    for (flags, exit) in [
        (&["-f", "good.yaml"][..], 0),
        (&["-f", "warn.yaml"], 1),
        (&["-f", "warn.yaml", "--fail-on=error"], 0),
        (&["-f", "warn.yaml", "--skip=KS301"], 0),
        (&["-f", "warn.yaml", "--skip", "KS101,ks301"], 0),
        (&["-f", "bad.yaml", "--fail-on=error"], 1),
        (&["-f", "bad.yaml", "--fail-on=never"], 0),
        (&["-f", "bad.yaml", "--skip=KS232", "--skip=KS301"], 0),
        (&["-f", "bad.yaml", "--skip=KS232", "--skip=KS301", "--fail-on=info"], 1),
        (&["-f", "broken.yaml"], 2),
        (&["-f", "broken.yaml", "--fail-on=never"], 2),
        (&["-f", "missing.yaml"], 2),
        (&["-f", "good.yaml", "--skip=KS999"], 2),
        (&["-f", "good.yaml", "--fail-on=x"], 2),
        (&["-f", "good.yaml", "--expiry-warn=x"], 2),
        (&["-f", "good.yaml", "-o", "yaml"], 2),
        (&["-f", "good.yaml", "--fix"], 0),
        (&["-f", "good.yaml", "--dry-run=client"], 2),
        (&["--against-server"], 2),
        (&["--server=http://127.0.0.1:1"], 2),
        (&["--list"], 0),
        (&["--bogus"], 2),
    ] {
        let outcome = sandbox.run(&[&["validate"], flags].concat());
        assert_eq!(outcome.exit, exit, "{flags:?}: {}{}", outcome.stdout, outcome.stderr);
        assert!(!format!("{}{}", outcome.stdout, outcome.stderr).contains(MARKER), "{flags:?}");
        let is_failure = |line: &str| line.starts_with("error: ") || line.starts_with("The connection to the server");
        assert_eq!(outcome.stderr.lines().any(is_failure), exit == 2, "{flags:?}: {}", outcome.stderr);
    }
}

#[test]
fn in_github_actions_findings_are_annotations() {
    let mut sandbox = Sandbox::bare();
    sandbox.set_env("GITHUB_ACTIONS", "true");
    sandbox.write("a:b.yaml", bad());
    let outcome = sandbox.run(&["validate", "-f", "a:b.yaml"]);
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    assert_eq!(
        lines[0],
        "::error file=a%3Ab.yaml,line=9,title=KS232 ColonInUser::secret/db in namespace prod: stringData[username]: has a \
         colon, behind which HTTP takes it for the password"
    );
    assert!(lines[1].starts_with("::warning file=a%3Ab.yaml,line=10,title=KS301 "), "{}", lines[1]);
    assert!(lines[3].starts_with("::notice file="), "{}", lines[3]);
    assert_eq!((lines.len(), outcome.exit), (4, 1));
    let (outcome, found) = findings(&sandbox, &bad(), &[]);
    assert_eq!((outcome.exit, found.len()), (1, 4), "-o is stronger");
}

#[test]
fn json_has_a_version_and_a_summary() {
    let sandbox = Sandbox::bare();
    let (outcome, found) = findings(&sandbox, &bad(), &[]);
    let report: Json = serde_json::from_str(&outcome.stdout).expect("JSON");
    assert_eq!(report["summary"], serde_json::json!({"objects": 2, "errors": 1, "warnings": 2, "infos": 1}));
    assert_eq!(
        found[1],
        serde_json::json!({
            "code": "KS301", "level": "warning", "kind": "Secret", "namespace": "prod", "name": "db",
            "file": "m.yaml", "document": 1, "line": 10, "field": ["stringData", "password"],
            "message": "ends with a newline, which is part of the value", "fix": "ksecret validate -f m.yaml --fix", "fixable": true,
        })
    );
    assert_eq!(outcome.stderr, "");
    let (outcome, found) = findings(&sandbox, "", &[]);
    assert_eq!((outcome.exit, found.len()), (0, 0), "{}", outcome.stderr);
}

/// Checks JSON by a schema (draft 7), as far as `fixtures/sarif/2.1.0.json` goes; says what is wrong and where.
fn conforms(json: &Json, schema: &Json, root: &Json, at: &str, wrong: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let definition = root.pointer(name.trim_start_matches('#')).expect("a definition");
        return conforms(json, definition, root, at, wrong);
    }
    let is_of_type = match schema["type"].as_str() {
        Some("object") => json.is_object(),
        Some("array") => json.is_array(),
        Some("string") => json.is_string(),
        Some("integer") => json.is_i64(),
        Some(other) => panic!("the type {other}"),
        None => true,
    };
    let has = |names: &Json| {
        names.as_array().into_iter().flatten().all(|name| !json[name.as_str().expect("a name")].is_null())
    };
    let holds = is_of_type
        && schema["enum"].as_array().is_none_or(|values| values.contains(json))
        && schema["minimum"].as_i64().is_none_or(|least| json.as_i64() >= Some(least))
        && has(&schema["required"])
        && schema["anyOf"].as_array().is_none_or(|any| any.iter().any(|one| has(&one["required"])));
    if !holds {
        wrong.push(format!("{at}: {json} is not {schema}"));
    }
    for (name, value) in json.as_object().into_iter().flatten() {
        match &schema["properties"][name] {
            Json::Null if schema["additionalProperties"] == false => wrong.push(format!("{at} has {name}")),
            property => conforms(value, property, root, &format!("{at}/{name}"), wrong),
        }
    }
    let items = json.as_array().into_iter().flatten().collect::<Vec<_>>();
    if schema["uniqueItems"] == true && (1..items.len()).any(|at| items[..at].contains(&items[at])) {
        wrong.push(format!("{at} has an item twice"));
    }
    for (index, item) in items.into_iter().enumerate() {
        conforms(item, &schema["items"], root, &format!("{at}/{index}"), wrong);
    }
}

/// Reads SARIF, and checks it by its schema.
fn sarif(outcome: &Outcome) -> Json {
    let log: Json = serde_json::from_str(&outcome.stdout).expect("JSON");
    let schema: Json = serde_json::from_str(include_str!("../../fixtures/sarif/2.1.0.json")).expect("a schema");
    let mut wrong = Vec::new();
    conforms(&log, &schema, &schema, "", &mut wrong);
    assert_eq!(wrong, Vec::<String>::new());
    log
}

#[test]
fn sarif_conforms_to_its_schema_and_names_lines_and_rules() {
    let sandbox = Sandbox::with_server();
    sandbox.write("a b.yaml", bad());
    let outcome = sandbox.run(&["validate", "-f", "a b.yaml", "-o", "sarif"]);
    assert!(!outcome.stdout.contains(MARKER));
    let log = sarif(&outcome);
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    assert!(rules.len() > 50 && run["tool"]["driver"]["name"] == "ksecret");
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 4);
    for result in results {
        assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]), "{result}");
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20b.yaml");
        assert!(place["region"]["startLine"].as_u64().is_some_and(|line| line >= 9));
    }
    sandbox.ok(&["create", "generic", "s", "--from-literal=password="]);
    let log = sarif(&sandbox.run(&["validate", "-o", "sarif"]));
    let place = &log["runs"][0]["results"][0]["locations"][0];
    let name = format!("{}/Secret/s/data/password", sandbox.namespace);
    assert_eq!(place["logicalLocations"][0]["fullyQualifiedName"], *name);
    sandbox.write("good.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n");
    let empty = sarif(&sandbox.run(&["validate", "-f", "good.yaml", "-o", "sarif"]));
    assert_eq!(empty["runs"][0]["results"], serde_json::json!([]));
}
