use std::{fs, os::unix::fs::MetadataExt as _, process::Stdio};

use super::{editor, manifest, receipts, short, support::Sandbox};

/// One line for each object, whatever the verb.
#[test]
fn every_verb_that_writes_gives_one_line_for_each_object() {
    let mut sandbox = Sandbox::with_server();
    let other = sandbox.another_namespace();
    editor(&mut sandbox, "a: .*", "a: bmV3");
    sandbox.write("new.yaml", manifest("applied", "{k: one}"));
    sandbox.write("two.yaml", manifest("applied", "{k: two, l: x}") + "---\n" + &manifest("second", "{m: z}"));
    sandbox.write("server-side.yaml", manifest("by-server", "{k: one}"));
    sandbox.write("replaced.yaml", manifest("db", "{z: last}"));
    for (line, told) in [
        (&["create", "generic", "db", "--from-literal=a=1", "--from-literal=b=2"][..], &["created db +a,+b"][..]),
        (&["create", "generic", "db", "--from-literal=a=9", "--if-exists=update"], &["changed db ~a"]),
        (&["create", "generic", "db", "--from-literal=a=9", "--if-exists=skip"], &[]),
        (&["create", "-f", "new.yaml"], &["created applied +k"]),
        (&["apply", "-f", "two.yaml"], &["changed applied +l,~k", "created second +m"]),
        (&["apply", "--server-side", "-f", "server-side.yaml"], &["created by-server +k"]),
        (&["apply", "--server-side", "-f", "server-side.yaml"], &["unchanged by-server"]),
        (&["edit", "db"], &["changed db ~a"]),
        (&["patch", "secret", "db", "-p", r#"{"stringData":{"b":"3"}}"#], &["changed db ~b"]),
        (&["patch", "secret", "db", "--type=json", "-p", r#"[{"op":"remove","path":"/data/b"}]"#], &["changed db -b"]),
        (&["set", "db", "b=4", "c=5"], &["changed db +b,+c"]),
        (&["set", "db", "b=4"], &[]),
        (&["set", "made", "k=v", "--create"], &["created made +k"]),
        (&["unset", "db", "c"], &["changed db -c"]),
        (&["rename-key", "db", "b", "d"], &["changed db +d,-b"]),
        (&["copy", "db", "--to-namespace", &other, "--to-name=copied"], &["created copied +a,+d"]),
        (&["label", "secrets", "db", "second", "x=y"], &["changed db", "changed second"]),
        (&["annotate", "secret", "db", "x=y"], &["changed db"]),
        (&["replace", "-f", "replaced.yaml"], &["changed db +z,-a,-d"]),
        (&["replace", "--force", "-f", "replaced.yaml"], &["deleted db -z", "created db +z"]),
        (&["delete", "secret", "db", "second"], &["deleted db -z", "deleted second -m"]),
        (&["create", "namespace", &format!("{other}-x")], &[]),
        (&["set", "made", "k=w", "--dry-run=server"], &[]),
        (&["set", "made", "k=w", "--dry-run=client"], &[]),
        (&["delete", "secret", "made", "--dry-run=server"], &[]),
    ] {
        let _ = fs::remove_file(sandbox.cwd().join("out"));
        sandbox.ok(&[line, &["--receipt=out"]].concat());
        let found = receipts(&sandbox, "out");
        let mut shown: Vec<String> = found.iter().map(short).collect();
        // Objects are written at once; what is done to one keeps its order.
        shown.sort_by_key(|line| line.split(' ').nth(1).map(str::to_owned));
        assert_eq!(shown, told, "{line:?}");
        for receipt in found {
            assert_eq!((&receipt["apiVersion"], &receipt["verb"]), (&"ksecret/receipt/v1".into(), &line[0].into()));
            let place = if receipt["name"] == "copied" { &other } else { &sandbox.namespace };
            assert_eq!(receipt["namespace"], place.as_str());
            assert!(receipt["server"].as_str().is_some_and(|url| url.starts_with("https://")), "{receipt}");
            let time: Result<jiff::Timestamp, _> = receipt["time"].as_str().unwrap_or_default().parse();
            assert!(time.is_ok() && receipt["hooks"] == serde_json::json!([]), "{receipt}");
        }
    }
    sandbox.run(&["delete", "namespace", &format!("{other}-x"), "--wait=false"]);
}

#[test]
fn sizes_versions_and_digests_compare_and_no_value_stands_there() {
    let sandbox = Sandbox::with_server();
    let made = sandbox.ok(&["create", "generic", "s", "--from-literal=k=hunter2marker", "--receipt=-"]);
    let (said, line) = made.split_once('\n').expect("two lines");
    assert_eq!(said, "secret/s created", "the receipt stands behind what is printed");
    let first: serde_json::Value = serde_json::from_str(line).expect("a receipt");
    let version = sandbox.ok(&["get", "s", "-o", "jsonpath={.metadata.resourceVersion} {.metadata.uid}"]);
    assert_eq!(version, format!("{} {}", first["versions"]["after"], first["uid"]).replace('"', ""));
    assert!(first["versions"]["before"].is_null());
    for line in [&["set", "s", "k=other"][..], &["set", "s", "k=hunter2marker", "l=hunter2marker"]] {
        sandbox.ok(&[line, &["--receipt=out"]].concat());
    }
    let found = receipts(&sandbox, "out");
    let (away, back) = (&found[0]["keys"]["changed"][0], &found[1]["keys"]["changed"][0]);
    let digest = &first["keys"]["added"][0]["digest"];
    assert_eq!((&away["sizeBefore"], &away["size"]), (&13.into(), &5.into()));
    assert_eq!((&away["digestBefore"], &away["digest"]), (digest, &back["digestBefore"]));
    assert_eq!((&back["digest"], &found[1]["keys"]["added"][0]["digest"]), (digest, digest));
    assert_ne!(away["digest"], *digest);
    assert_eq!(found[0]["versions"]["after"], found[1]["versions"]["before"]);
    let text = fs::read_to_string(sandbox.cwd().join("out")).expect("the file");
    assert!(!text.contains("hunter2marker") && !text.contains("aHVudGVyMm"), "{text}");
    let mode = |path| fs::metadata(path).map(|found| found.mode() & 0o777).expect("a file");
    let key = sandbox.root().join("home/.local/share/ksecret/receipt.key");
    assert_eq!((mode(sandbox.cwd().join("out")), mode(key.clone())), (0o600, 0o600));
    // Another key has another name.
    fs::remove_file(key).expect("the key");
    sandbox.ok(&["set", "s", "k=other", "--receipt=out"]);
    let anew = &receipts(&sandbox, "out")[2]["keys"]["changed"][0]["digest"];
    let id = |digest: &serde_json::Value| digest.as_str().and_then(|text| text.split(':').next()).map(str::to_owned);
    assert!(anew != &away["digest"] && id(anew) != id(digest));
}

#[test]
fn an_object_that_waits_for_its_finalizers_is_deleting_and_then_deleted() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "s", "--from-literal=k=v"]);
    sandbox.ok(&["patch", "secret", "s", "-p", r#"{"metadata":{"finalizers":["example.com/x"]}}"#]);
    sandbox.ok(&["delete", "secret", "s", "--wait=false", "--receipt=out"]);
    let gone = [&["patch", "secret", "s", "--receipt=out"][..], &["-p", r#"{"metadata":{"finalizers":null}}"#]];
    sandbox.ok(&gone.concat());
    let found = receipts(&sandbox, "out");
    assert_eq!(found.iter().map(short).collect::<Vec<_>>(), ["deleting s", "deleted s -k"]);
}

#[test]
fn a_file_that_cannot_be_written_or_a_key_that_is_not_private_stops_the_write() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "s", "--from-literal=k=v", "--receipt=out"]);
    let cwd = sandbox.cwd();
    let missing = format!("error: cannot write receipts to {}/no/out: no such file or directory", cwd.display());
    let key = sandbox.root().join("home/.local/share/ksecret/receipt.key");
    let refused = |says: &str, file: &str| {
        let outcome = sandbox.run(&["set", "s", "k=other", &format!("--receipt={file}")]);
        assert_eq!((outcome.exit, outcome.stderr.lines().next().unwrap_or_default()), (1, says), "{file}");
        assert_eq!(sandbox.ok(&["decode", "s", "k"]), "v");
        outcome.stderr
    };
    refused(&missing, "no/out");
    refused("error: --receipt wants a FILE, or - for standard output", "");
    let chmod = |mode: &str| sandbox.command_of("chmod", &[mode, &key.to_string_lossy()]).status().expect("chmod");
    chmod("644");
    let wide = format!("error: cannot use {}: others have access to it (its mode is 0644)", key.display());
    let stderr = refused(&wide, "out");
    assert!(stderr.ends_with(&format!("\nhint: chmod 600 {}\n", key.display())), "{stderr}");
    chmod("600");
    fs::write(&key, "short").expect("the key");
    refused(&format!("error: cannot use {}: failed to fill whole buffer", key.display()), "out");
}

#[test]
fn the_flags_are_for_verbs_that_write() {
    let sandbox = Sandbox::with_server();
    for (line, says) in [
        (&["get", "secrets", "--receipt=out"][..], "error: --receipt is for verbs that write Secrets, and get is none"),
        (&["decode", "s", "--journal"], "error: --journal is for verbs that write Secrets, and decode is none"),
        (&["history", "s", "--receipt=-"], "error: --receipt is for verbs that write Secrets, and history is none"),
        (
            &["delete", "--raw=/api/v1/namespaces/default/secrets", "--receipt=-"],
            "error: --receipt and --journal tell of writes to objects, which --raw does not name",
        ),
    ] {
        let outcome = sandbox.run(line);
        assert_eq!((outcome.exit, outcome.stdout.as_str(), outcome.stderr.trim_end()), (1, "", says), "{line:?}");
    }
    assert!(!sandbox.cwd().join("out").exists());
}

/// Lines of processes that write at once do not mix, and all have one key.
#[test]
fn processes_at_once_write_whole_lines_with_one_key() {
    const PROCESSES: usize = 12;
    let sandbox = Sandbox::with_server();
    sandbox.write("value", "x".repeat(200));
    let children: Vec<_> = (0..PROCESSES)
        .map(|number| {
            let name = format!("s{number}");
            let mut words = vec!["create", "generic", &name, "--receipt=out", "--journal"];
            let keys: Vec<String> = (0..60).map(|key| format!("--from-file=key-{key}=value")).collect();
            words.extend(keys.iter().map(String::as_str));
            sandbox.command(&words).stdin(Stdio::null()).stdout(Stdio::null()).spawn().expect("it starts")
        })
        .collect();
    for mut child in children {
        assert!(child.wait().expect("its end").success());
    }
    let found = receipts(&sandbox, "out");
    assert_eq!(found.len(), PROCESSES);
    let digests: std::collections::BTreeSet<String> = found
        .iter()
        .flat_map(|receipt| receipt["keys"]["added"].as_array().expect("keys").iter())
        .map(|entry| entry["digest"].to_string())
        .collect();
    assert_eq!(digests.len(), 1, "{digests:?}");
}

/// A line that a full disk cut does not take the next one along.
#[test]
fn a_file_that_ends_in_the_midst_of_a_line_gets_a_new_one() {
    let sandbox = Sandbox::with_server();
    sandbox.write("out", "{\"cut");
    sandbox.ok(&["create", "generic", "s", "--from-literal=k=v", "--receipt=out"]);
    let text = fs::read_to_string(sandbox.cwd().join("out")).expect("the file");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.len() == 2 && lines[0] == "{\"cut" && lines[1].starts_with("{\"apiVersion\""), "{text}");
}

#[test]
fn a_receipt_that_a_full_disk_refuses_is_an_error_after_the_write() {
    let sandbox = Sandbox::with_server();
    let outcome = sandbox.run(&["create", "generic", "s", "--from-literal=k=v", "--receipt=/dev/full"]);
    let says = format!(
        "error: cannot write the receipt of secret/s in {} to /dev/full: no space left on device\n\
         hint: the Secret itself was written\n",
        sandbox.namespace
    );
    assert_eq!((outcome.exit, outcome.stdout, outcome.stderr), (1, "secret/s created\n".into(), says));
}

/// What stands as before is what the write found: also where several write at once, and say nothing of a version.
#[test]
fn receipts_of_processes_at_once_follow_each_other() {
    const EACH: usize = 5;
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "s", "--from-literal=k=v", "--receipt=out"]);
    let of = |number: usize| {
        let key = format!("k{number}");
        let text = |text: &str| text.replace("KEY", &key);
        sandbox.write(&key, text("apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {KEY-a: '1'}\n"));
        [
            vec!["patch", "secret", "s", "-p", r#"{"stringData":{"KEY-s":"1"}}"#],
            vec!["patch", "secret", "s", "--type=merge", "-p", r#"{"stringData":{"KEY-m":"1"}}"#],
            vec!["patch", "secret", "s", "--type=json", "-p", r#"[{"op":"add","path":"/data/KEY-j","value":"MQ=="}]"#],
            vec!["label", "secret", "s", "KEY=x"],
            vec!["apply", "--server-side", "--field-manager=KEY", "-f", "KEY"],
        ]
        .map(|line| line.into_iter().map(text).collect::<Vec<_>>())
    };
    let lines = (0..EACH).flat_map(of).collect::<Vec<_>>();
    let children: Vec<_> = lines
        .iter()
        .map(|line| {
            let mut command = sandbox.command(line);
            command.arg("--receipt=out").stdin(Stdio::null()).stdout(Stdio::null()).spawn().expect("it starts")
        })
        .collect();
    for (mut child, line) in children.into_iter().zip(&lines) {
        assert!(child.wait().expect("its end").success(), "{line:?}");
    }
    let mut versions: Vec<(u64, u64)> = Vec::new();
    for receipt in receipts(&sandbox, "out") {
        let keys = receipt["keys"]["added"].as_array().expect("keys");
        let version = |when: &str| receipt["versions"][when].as_str().map_or(Ok(0), str::parse).expect("a version");
        assert!(keys.len() < 2, "what another one wrote is not its own: {receipt}");
        versions.push((version("before"), version("after")));
    }
    versions.sort_unstable();
    assert_eq!(versions.len(), 1 + 5 * EACH);
    assert!(versions.windows(2).all(|pair| pair[0].1 == pair[1].0), "{versions:?}");
}
