//! What `create` has beyond kubectl: labels and an owner, values that are made, and what to do if the Secret exists.

use super::support::{self, Sandbox};

/// A line that is refused before anything is sent, and what it says first.
fn refused(sandbox: &Sandbox, words: &[&str], says: &str) {
    let outcome = sandbox.run(&[&["create", "generic", "refused"], words].concat());
    assert_eq!(outcome.exit, 1, "{words:?}");
    let line = outcome.stderr.lines().next().unwrap_or_default();
    assert_eq!(line, format!("error: {says}"), "{words:?}");
    assert_eq!(
        sandbox.ok(&["get", "secrets", "-o", "name", "--field-selector=metadata.name=refused"]),
        "",
        "{words:?}"
    );
}

#[test]
fn a_bad_flag_is_one_line_and_nothing_is_sent() {
    let sandbox = Sandbox::with_server();
    let label = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must \
                 start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for \
                 validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
    for (words, says) in [
        (&["--label="][..], "--label wants KEY=VALUE"),
        (&["--label=a"], "--label wants KEY=VALUE"),
        (&["--label==b"], "--label wants KEY=VALUE"),
        (&["--label=a=b=c"], &format!("--label \"a\": {label}")),
        (&["--label=a=1", "--label=a=2"], "--label \"a\" is given twice"),
        (&["--annotation="], "--annotation wants KEY=VALUE"),
        (&["--owner="], "--owner wants KIND/NAME"),
        (&["--owner=web"], "--owner wants KIND/NAME"),
        (&["--owner=deployment/"], "--owner wants KIND/NAME"),
        (&["--owner=deployment/.."], "invalid resource name \"..\": [may not be '..']"),
        (&["--owner=certificate/web"], "--owner: the server doesn't have a resource type \"certificate\""),
        (
            &["--owner=secret/web", "--dry-run=client"],
            "--owner asks the server for its uid, and --dry-run=client asks no server",
        ),
        (&["--if-exists="], "--if-exists is one of fail, skip, update, replace, not \"\""),
        (&["--if-exists=overwrite"], "--if-exists is one of fail, skip, update, replace, not \"overwrite\""),
        (
            &["--if-exists=update", "--save-config"],
            "--save-config goes with no --if-exists=update: apply would take other keys for removed",
        ),
        (&["--generate="], "--generate wants KEY=SPEC"),
        (&["--generate=hunter2"], "--generate wants KEY=SPEC"),
        (&["--generate=k="], "--generate wants KEY=SPEC"),
        (&["--generate=k=hunter2"], "--generate k: no generator has this name"),
        (&["--generate=k=random:hunter2"], "--generate k: a number from 1 to 1048576 is wanted"),
        (&["--generate=k=random:0"], "--generate k: a number from 1 to 1048576 is wanted"),
        (&["--generate=k=random:8,hunter2"], "--generate k: it has an option that this generator does not have"),
        (&["--generate=k=random,alphabet=hunter2"], "--generate k: it has a name that is none of the alphabets"),
        (&["--generate=k=uuid:hunter2"], "--generate k: it has an option that this generator does not have"),
        (&["--generate=k=self-signed"], "--generate k: a name is missing"),
        (&["--generate=k=self-signed:a\u{f6}"], "--generate k: a name is neither a DNS name nor an IP address"),
        (&["--generate=k=uuid", "--from-literal=k=v"], "cannot add key k, another key by that name already exists"),
        (
            &["--generate=k=ssh", "--generate=k.pub=uuid"],
            "cannot add key k.pub, another key by that name already exists",
        ),
    ] {
        refused(&sandbox, words, says);
    }
    // What was typed may be a value by mistake.
    let outcome = sandbox.run(&["create", "generic", "x", "--generate=password=hunter2"]);
    assert!(!outcome.stderr.contains("hunter2"), "{}", outcome.stderr);
}

#[test]
fn labels_annotations_immutability_and_an_owner_are_given() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "generic", "parent"]);
    let line = "create generic s --label=app=web --label=tier= --annotation=example.com/For=a,b=c --immutable \
                --owner=secret/parent --from-literal=k=v";
    assert_eq!(sandbox.ok(&line.split_whitespace().collect::<Vec<_>>()), "secret/s created\n");
    let read = |path: &str| sandbox.ok(&["get", "secret", "s", "-o", &format!("jsonpath={path}")]);
    assert_eq!(read("{.metadata.labels}"), r#"{"app":"web","tier":""}"#);
    assert_eq!(read("{.metadata.annotations}"), r#"{"example.com/For":"a,b=c"}"#);
    assert_eq!(read("{.immutable}"), "true");
    let uid = sandbox.ok(&["get", "secret", "parent", "-o", "jsonpath={.metadata.uid}"]);
    let owner = r"{range .metadata.ownerReferences[*]}{.apiVersion} {.kind} {.name} {.uid}{end}";
    assert_eq!(read(owner), format!("v1 Secret parent {uid}"));
    let outcome = sandbox.run(&["create", "generic", "t", "--owner=secret/nope"]);
    assert_eq!(outcome.stderr, "Error from server (NotFound): secrets \"nope\" not found\n");
}

#[test]
fn one_that_exists_is_skipped_updated_or_replaced() {
    let sandbox = Sandbox::with_server();
    let create = |line: &str| {
        let words: Vec<&str> = ["create", "generic", "s"].into_iter().chain(line.split_whitespace()).collect();
        let outcome = sandbox.run(&words);
        outcome.stdout + &outcome.stderr
    };
    let decoded = || sandbox.ok(&["decode", "s"]);
    assert_eq!(create("--if-exists=update --from-literal=a=1 --label=x=1"), "secret/s created\n");
    assert_eq!(create("--from-literal=a=2"), "error: failed to create secret secrets \"s\" already exists\n");
    assert_eq!(create("--from-literal=a=2 --if-exists=skip"), "secret/s unchanged\n");
    assert_eq!(decoded(), "a: '1'\n");
    assert_eq!(
        create("--from-literal=b=2 --if-exists=update --dry-run=server"),
        "secret/s configured (server dry run)\n"
    );
    assert_eq!(decoded(), "a: '1'\n");
    assert_eq!(create("--from-literal=b=2 --if-exists=update --label=y=2"), "secret/s configured\n");
    assert_eq!(create("--from-literal=b=2 --if-exists=update --label=y=2"), "secret/s unchanged\n");
    assert_eq!(decoded(), "a: '1'\nb: '2'\n");
    let labels = sandbox.ok(&["get", "secret", "s", "-o", "jsonpath={.metadata.labels}"]);
    assert_eq!(labels, r#"{"x":"1","y":"2"}"#);
    assert_eq!(create("--from-literal=c=3 --if-exists=replace"), "secret/s replaced\n");
    assert_eq!(decoded(), "c: '3'\n");
    assert_eq!(sandbox.ok(&["get", "secret", "s", "-o", "jsonpath={.metadata.labels}"]), "");

    let hint = "hint: under a new name nothing breaks; ksecret delete secret/s is for good\n";
    for what in ["update", "replace"] {
        let outcome = create(&format!("--type=example.com/x --if-exists={what}"));
        assert_eq!(
            outcome,
            format!("error: secret \"s\" exists: its type is Opaque, not example.com/x, and cannot be changed\n{hint}")
        );
    }
    assert_eq!(create("--if-exists=update --immutable"), "secret/s configured\n");
    for what in ["update", "replace"] {
        let outcome = create(&format!("--from-literal=c=4 --immutable --if-exists={what}"));
        assert_eq!(
            outcome,
            format!("error: secret \"s\" exists: it is immutable, and its values would change\n{hint}")
        );
    }
    assert_eq!(create("--from-literal=c=3 --if-exists=update"), "secret/s unchanged\n");
    assert_eq!(create("--if-exists=update --annotation=a=b"), "secret/s configured\n");
    assert_eq!(decoded(), "c: '3'\n");
}

#[test]
fn a_value_that_is_there_is_not_made_anew() {
    let sandbox = Sandbox::with_server();
    let create = ["create", "generic", "s", "--generate=password=random", "--if-exists=update"];
    assert_eq!(sandbox.ok(&create), "secret/s created\n");
    let before = sandbox.ok(&["decode", "s"]);
    assert_eq!(sandbox.ok(&create), "secret/s unchanged\n");
    let more = [&create[..], &["--generate=token=hex:16"]].concat();
    assert_eq!(sandbox.ok(&more), "secret/s configured\n");
    assert!(sandbox.ok(&["decode", "s"]).starts_with(&before));
    // Half of a pair is of no use.
    sandbox.ok(&["create", "generic", "half", "--from-literal=tls.crt=x"]);
    let outcome =
        sandbox.run(&["create", "generic", "half", "--generate=tls=self-signed:a.example", "--if-exists=update"]);
    assert_eq!(
        outcome.stderr,
        "error: the Secret has tls.crt and not tls.key, which --generate makes together\nhint: --if-exists=replace makes both anew\n"
    );
}

#[test]
fn each_type_takes_a_generated_value() {
    let sandbox = Sandbox::with_server();
    for (words, keys) in [
        (&["tls", "--generate=tls=self-signed:a.example,name=10.0.0.1,days=30"][..], "tls.crt tls.key"),
        (&["tls", "--generate=tls=self-signed:a.example,key=ed25519"], "tls.crt tls.key"),
        (&["ssh-auth", "--generate=ssh-privatekey=ssh,comment=a@b"], "ssh-privatekey ssh-privatekey.pub"),
        (&["basic-auth", "--basic-username=u", "--generate=password=passphrase"], "password username"),
    ] {
        let (kind, flags) = words.split_first().unwrap();
        sandbox.ok(&[&["create", kind, "s"], flags].concat());
        let found = sandbox.ok(&["decode", "s", "--keys"]);
        let found: Vec<&str> = found.lines().filter_map(|line| line.split_whitespace().next()).collect();
        assert_eq!(found.join(" "), keys);
        sandbox.ok(&["delete", "secret/s"]);
    }
}

/// As many processes as there are write one Secret at once, and each of their keys is there in the end.
#[test]
fn fifty_at_once_lose_no_key() {
    let sandbox = Sandbox::with_server();
    let children: Vec<_> = (0..50)
        .map(|number| {
            let entry = format!("--from-literal=key-{number:02}=v");
            let mut command = sandbox.command(&["create", "generic", "s", &entry, "--if-exists=update"]);
            command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped());
            command.spawn().expect("it starts")
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().expect("its end");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let expected: String = (0..50).map(|number| format!("key-{number:02}: v\n")).collect();
    assert_eq!(sandbox.ok(&["decode", "s"]), expected);
}

#[test]
fn a_bootstrap_token_has_what_the_authenticator_reads() {
    let sandbox = Sandbox::with_server();
    sandbox.run(&["create", "namespace", "kube-system"]);
    let token = sandbox.ok(&["create", "bootstrap-token", "--ttl=2h", "--print-token", "--description=for a node"]);
    let (id, secret) = token.trim_end().split_once('.').expect("two parts");
    assert_eq!((id.len(), secret.len()), (6, 16));
    let name = format!("bootstrap-token-{id}");
    let read = |key: &str| sandbox.run(&["decode", "-n", "kube-system", &name, key]).stdout;
    for (key, value) in [
        ("token-id", id),
        ("token-secret", secret),
        ("description", "for a node"),
        ("usage-bootstrap-signing", "true"),
        ("usage-bootstrap-authentication", "true"),
        ("auth-extra-groups", "system:bootstrappers:kubeadm:default-node-token"),
    ] {
        assert_eq!(read(key), value, "{key}");
    }
    let expires: jiff::Timestamp = read("expiration").parse().expect("RFC 3339");
    let seconds = expires.as_second() - jiff::Timestamp::now().as_second();
    assert!((7000..=7200).contains(&seconds), "{seconds}");

    // The one that exists is what is printed, not another one.
    let given = format!("{id}.{secret}");
    let again = ["create", "bootstrap-token", &name, "--if-exists=skip", "--print-token"];
    assert_eq!(sandbox.ok(&again), token);
    let outcome =
        sandbox.run_with(&["create", "bootstrap-token", "--token-stdin", "--if-exists=skip"], given.as_bytes());
    assert_eq!(outcome.stdout, format!("secret/{name} unchanged\n"), "{}", outcome.stderr);

    for (words, says) in [
        (&["web"][..], "\"web\" is no name of a bootstrap token"),
        (&[""], "\"\" is no name of a bootstrap token"),
        (&["bootstrap-token-ABCDEF"], "\"bootstrap-token-ABCDEF\" is no name of a bootstrap token"),
        (&["-n", "default"], "a bootstrap token works only in the namespace kube-system"),
        (&["--ttl="], "--ttl wants a time, as 24h, not \"\""),
        (&["--ttl=5"], "--ttl wants a time, as 24h, not \"5\""),
        (&["--ttl=1h", "--expires=2090-01-01T00:00:00Z"], "only one of --ttl and --expires can be specified"),
        (&["--expires=2020-01-01T00:00:00Z"], "the token would have expired before it is created"),
        (&["--usages="], "--usages: a token that is for nothing is of no use"),
        (&["--usages=all"], "--usages: signing and authentication, not \"all\""),
        (&["--groups=system:masters"], "--groups: \"system:masters\" is no group of bootstrap tokens"),
        (&["--token-stdin"], "standard input is empty, and is to be the token"),
        (&["--append-hash"], "--append-hash would give the Secret a name that is none of a token"),
    ] {
        let outcome = sandbox.run(&[&["create", "bootstrap-token"], words].concat());
        let line = outcome.stderr.lines().next().unwrap_or_default();
        assert_eq!((outcome.exit, line), (1, format!("error: {says}").as_str()), "{words:?}");
    }
    let outcome = sandbox.run_with(&["create", "bootstrap-token", "--token-stdin"], b"hunter2.hunter2");
    assert!(outcome.exit == 1 && !outcome.stderr.contains("hunter2"), "{}", outcome.stderr);
    let all = sandbox.ok(&["get", "secrets", "-n", "kube-system", "-o", "name"]);
    assert_eq!(all, format!("secret/{name}\n"));
}

#[test]
fn a_service_account_token_is_waited_for() {
    let sandbox = Sandbox::with_server();
    let create = ["create", "service-account-token", "s", "--service-account=builder"];
    let waiting = [&create[..], &["--wait", "--timeout=2m"]].concat();
    let mut child = sandbox.command(&waiting);
    child.stdout(std::process::Stdio::piped());
    let child = child.spawn().expect("it starts");
    sandbox.ok(&["wait", "secret/s", "--for=create", "--timeout=1m"]);
    let named = r"jsonpath={.metadata.annotations.kubernetes\.io/service-account\.name}";
    assert_eq!(sandbox.ok(&["get", "secret/s", "-o", named]), "builder");
    // As the token controller would.
    sandbox.ok(&["patch", "secret/s", "-p", r#"{"data":{"token":"aHVudGVyMg=="}}"#]);
    let output = child.wait_with_output().expect("its end");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "secret/s created\n");

    let mut command = sandbox.command(&["create", "service-account-token", "t", "--service-account=x", "--wait"]);
    command.stderr(std::process::Stdio::piped()).stdout(std::process::Stdio::null());
    let child = command.spawn().expect("it starts");
    sandbox.ok(&["wait", "secret/t", "--for=create", "--timeout=1m"]);
    sandbox.ok(&["delete", "secret/t"]);
    let output = child.wait_with_output().expect("its end");
    let says = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(says.starts_with("error: secret/t was deleted before it had a token\n"), "{says}");

    for (words, says) in [
        (&["u"][..], "error: --service-account must be specified\n"),
        (&["u", "--service-account="], "error: --service-account must be specified\n"),
        (&["u", "--service-account=x", "--timeout=0"], "error: --timeout wants a time, as 30s\n"),
        (
            &["u", "--service-account=x", "--wait", "--dry-run=server"],
            "error: --wait waits for what a dry run does not create\n",
        ),
    ] {
        let outcome = support::run(sandbox.command(&[&["create", "service-account-token"], words].concat()), b"");
        assert_eq!((outcome.exit, outcome.stderr.as_str()), (1, says), "{words:?}");
    }
}
