//! `create docker-registry`: several registries, docker's own config, the programs that keep its credentials.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value as Json, json};

use super::support::{Outcome, Sandbox, run};

fn line<'a>(words: &[&'a str]) -> Vec<&'a str> {
    [&["create", "docker-registry", "r", "--dry-run=client", "-o", "json"], words].concat()
}

/// The docker config of the Secret that was printed.
fn config(outcome: &Outcome) -> Json {
    assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
    let secret: Json = serde_json::from_str(&outcome.stdout).expect("a Secret");
    assert_eq!(secret["type"], "kubernetes.io/dockerconfigjson");
    let value = STANDARD.decode(secret["data"][".dockerconfigjson"].as_str().expect("a value")).expect("base64");
    serde_json::from_slice(&value).expect("JSON")
}

fn login(user: &str, password: &str) -> Json {
    json!({"username": user, "password": password, "auth": STANDARD.encode(format!("{user}:{password}"))})
}

/// A docker config with a registry in the file, one in a program's keeping, and a program for all others.
fn docker(sandbox: &Sandbox) {
    let config = json!({
        "auths": {"https://index.docker.io/v1/": {"auth": STANDARD.encode("tiger:hunter2")}, "quay.io": {}},
        "credHelpers": {"ecr.example": "ecr", "evil.example": "../../evil", "none.example": "none"},
        "HttpHeaders": {"X": "hunter3"}
    });
    std::fs::create_dir_all(sandbox.root().join("home/.docker")).unwrap();
    std::fs::write(sandbox.root().join("home/.docker/config.json"), config.to_string()).unwrap();
}

#[test]
fn several_logins_in_one_call() {
    let sandbox = Sandbox::bare();
    let words = ["--docker-login=ghcr.io=tiger", "--docker-login=r.example:5050=robot$ci", "--docker-password-stdin"];
    for stdin in ["hunter2\nhunter=3\n", "hunter2\r\nhunter=3\r\n", "hunter2\nhunter=3"] {
        let made = config(&sandbox.run_with(&line(&words), stdin.as_bytes()));
        let wanted =
            json!({"auths": {"ghcr.io": login("tiger", "hunter2"), "r.example:5050": login("robot$ci", "hunter=3")}});
        assert_eq!(made, wanted, "{stdin:?}");
    }
    let words = ["--docker-username=u", "--docker-email=e", "--docker-login=ghcr.io=tiger", "--docker-password-stdin"];
    let made = config(&sandbox.run_with(&line(&words), b"hunter2\nhunter3\n"));
    assert_eq!(made["auths"]["https://index.docker.io/v1/"]["email"], "e");
    assert_eq!(made["auths"]["ghcr.io"], login("tiger", "hunter3"));
    let one = ["--docker-login=ghcr.io=tiger", "--docker-password-stdin"];
    assert_eq!(
        config(&sandbox.run_with(&line(&one), b"hunter2\nx\n"))["auths"]["ghcr.io"],
        login("tiger", "hunter2\nx")
    );

    let two = &["--docker-login=a=u", "--docker-login=b=u", "--docker-password-stdin"][..];
    let lines = |count: usize| {
        format!(
            "error: standard input has {count} lines that are not empty, and is to have the passwords of 2 logins, one a line\n"
        )
    };
    for (words, stdin, says) in [
        (two, "hunter2\n", lines(1)),
        (two, "hunter2\nhunter3\nhunter4\n", lines(3)),
        (two, "hunter2\n\n", lines(1)),
        (two, "", "error: standard input is empty, and is to be the passwords\n".to_owned()),
        (
            &["--docker-login=a=u"],
            "",
            "error: --docker-login needs --docker-password-stdin, which has a line for each, or --docker-password-prompt\n".to_owned(),
        ),
        (
            &["--docker-login=a=u", "--docker-login=a=v", "--docker-password-stdin"],
            "hunter2\nhunter3\n",
            "error: there are two logins for \"a\"\n".to_owned(),
        ),
        (
            &["--docker-login=hunter2", "--docker-password-stdin"],
            "hunter2\n",
            "error: --docker-login wants SERVER=USER\n".to_owned(),
        ),
        (
            &["--docker-login=a=u", "--docker-password-prompt"],
            "hunter2\n",
            "error: the password is asked for, and there is no terminal to ask on\nhint: --docker-password-stdin takes it from a pipe\n".to_owned(),
        ),
        (
            &["--docker-username=u", "--docker-password-prompt", "--docker-password-stdin"],
            "hunter2\n",
            "error: only one of --docker-password-stdin and --docker-password-prompt can be specified\n".to_owned(),
        ),
        (
            &["--docker-login=a=u", "--docker-password=hunter2", "--docker-password-stdin"],
            "hunter2\n",
            "error: --docker-password-stdin goes with neither --docker-password nor --from-file\n".to_owned(),
        ),
        (
            &["--registry=ghcr.io"],
            "",
            "error: --registry, --all-registries and --run-credential-helpers go with --from-docker-config\n".to_owned(),
        ),
        (
            &["--from-file=x", "--from-docker-config"],
            "",
            "error: --from-file goes with neither --docker-login nor --from-docker-config\n".to_owned(),
        ),
    ] {
        let outcome = sandbox.run_with(&line(words), stdin.as_bytes());
        assert_eq!((outcome.exit, outcome.stderr), (1, says), "{words:?}");
    }
}

#[test]
fn the_older_type() {
    let sandbox = Sandbox::with_server();
    sandbox.ok(&["create", "docker-registry", "a", "--legacy", "--docker-username=u", "--docker-password=p"]);
    assert_eq!(sandbox.ok(&["get", "secret", "a", "-o", "jsonpath={.type}"]), "kubernetes.io/dockercfg");
    let value = "{\"https://index.docker.io/v1/\":{\"username\":\"u\",\"password\":\"p\",\"auth\":\"dTpw\"}}";
    assert_eq!(sandbox.ok(&["decode", "a", ".dockercfg"]), value);
    sandbox.write("cfg", value);
    sandbox.ok(&["create", "secret", "docker-registry", "b", "--legacy", "--from-file=cfg"]);
    assert_eq!(sandbox.ok(&["decode", "b", ".dockercfg"]), value);
}

#[test]
fn logins_of_dockers_config_are_taken_by_name() {
    let mut sandbox = Sandbox::bare();
    docker(&sandbox);
    let hub = json!({"auths": {"https://index.docker.io/v1/": {"auth": STANDARD.encode("tiger:hunter2")}}});
    for registry in ["docker.io", "index.docker.io", "https://index.docker.io/v1/"] {
        let registry = format!("--registry={registry}");
        assert_eq!(config(&sandbox.run(&line(&["--from-docker-config", &registry]))), hub);
    }
    // Beside another one.
    let both = ["--from-docker-config", "--registry=docker.io", "--docker-login=ghcr.io=u", "--docker-password-stdin"];
    let made = config(&sandbox.run_with(&line(&both), b"p"));
    assert_eq!(made["auths"].as_object().map(|auths| auths.len()), Some(2));
    let file = sandbox.root().join("home/.docker/config.json").display().to_string();
    let has =
        format!("hint: {file} has ecr.example, evil.example, https://index.docker.io/v1/, none.example, quay.io\n");
    let config_flag = format!("--from-docker-config={file}");
    for (words, says) in [
        (
            &["--from-docker-config"][..],
            format!(
                "error: --from-docker-config takes the registries that --registry names, or --all-registries\n{has}"
            ),
        ),
        (&[&config_flag, "--registry=ghcr.io"], format!("error: {file} has no login for \"ghcr.io\"\n{has}")),
        (
            &[&config_flag, "--registry=quay.io"],
            format!("error: {file} holds no credentials for \"quay.io\"\nhint: docker login quay.io\n"),
        ),
        (
            &[&config_flag, "--all-registries"],
            format!(
                "error: {file} holds no credentials for \"ecr.example\"\nhint: docker-credential-ecr keeps them: --run-credential-helpers asks it\n"
            ),
        ),
        (
            &["--from-docker-config=none.json", "--registry=x"],
            "error: open none.json: no such file or directory\n".to_owned(),
        ),
    ] {
        let outcome = sandbox.run(&line(words));
        assert_eq!((outcome.exit, outcome.stderr), (1, says), "{words:?}");
    }
    // Where docker itself looks.
    sandbox.write("config.json", json!({"auths": {"ghcr.io": {"auth": STANDARD.encode("u:p")}}}).to_string());
    sandbox.set_env("DOCKER_CONFIG", ".");
    let all = config(&sandbox.run(&line(&["--from-docker-config", "--all-registries"])));
    assert_eq!(all, json!({"auths": {"ghcr.io": {"auth": STANDARD.encode("u:p")}}}));
    for (text, says) in [
        ("hunter2", "error: config.json is not valid JSON\n"),
        ("[]", "error: config.json is not a JSON object\n"),
        ("{}", "error: config.json names no registry\n"),
        (
            "{\"auths\":{\"a\":{\"auth\":\"hunter2\"}}}",
            "error: config.json: \"a\" has a field auth that is not USER:PASSWORD in base64\n",
        ),
    ] {
        sandbox.write("config.json", text);
        let outcome = sandbox.run(&line(&["--from-docker-config=config.json", "--all-registries"]));
        assert_eq!((outcome.exit, outcome.stderr.as_str()), (1, says));
    }
}

#[test]
fn helpers_run_only_when_they_are_asked_for() {
    let mut sandbox = Sandbox::bare();
    docker(&sandbox);
    // It keeps what it was asked, byte for byte, in a file beside the answer's.
    let script = "#!/bin/sh\n[ \"$*\" = get ] || exit 9\ncat > asked\ncat answer\nexit \"$(cat status)\"\n";
    sandbox.script("docker-credential-ecr", script);
    sandbox.script("docker-credential-all", script);
    sandbox.link("cat-again", "/bin/cat");
    let ask = |words: &[&str], answer: &str, status: &str| {
        sandbox.write("answer", answer);
        sandbox.write("status", status);
        let outcome = sandbox.run(&line(&[&["--from-docker-config"], words].concat()));
        let asked = std::fs::read_to_string(sandbox.cwd().join("asked")).ok();
        let _ = std::fs::remove_file(sandbox.cwd().join("asked"));
        (outcome, asked)
    };
    let ecr = "--registry=ecr.example";
    let answer = "{\"ServerURL\":\"ecr.example\",\"Username\":\"AWS\",\"Secret\":\"hunter2\"}\n";
    let (outcome, asked) = ask(&[ecr], answer, "0");
    assert_eq!((outcome.exit, asked), (1, None), "{}", outcome.stderr);
    let run_helpers = "--run-credential-helpers";
    let (outcome, asked) = ask(&[ecr, run_helpers], answer, "0");
    assert_eq!(config(&outcome), json!({"auths": {"ecr.example": login("AWS", "hunter2")}}));
    assert_eq!(asked.as_deref(), Some("ecr.example"));
    let (outcome, _) = ask(&[ecr, run_helpers], "{\"Username\":\"<token>\",\"Secret\":\"hunter2\"}", "0");
    assert_eq!(config(&outcome), json!({"auths": {"ecr.example": {"identitytoken": "hunter2"}}}));
    let token =
        "warning: the login for ecr.example is a token, with which a kubelet cannot pull: it needs a password\n";
    assert_eq!(outcome.stderr, token);
    let get = "error: docker-credential-ecr get \"ecr.example\": ";
    for (answer, status, says) in [
        ("credentials not found in native keychain\n", "1", "it has no credentials for this registry"),
        ("hunter2\n", "3", "exit status: 3"),
        ("hunter2", "0", "it did not answer in JSON"),
        ("{\"Username\":\"AWS\"}", "0", "it answered without a secret"),
        ("{\"Secret\":\"hunter2\"}", "0", "it answered without a user name"),
        ("{\"Username\":7,\"Secret\":\"hunter2\"}", "0", "it answered without a user name"),
    ] {
        let (outcome, _) = ask(&[ecr, run_helpers], answer, status);
        assert_eq!((outcome.exit, outcome.stderr), (1, format!("{get}{says}\n")));
    }
    let none = sandbox.run(&line(&["--from-docker-config", "--registry=none.example", run_helpers]));
    assert_eq!(none.stderr, "error: docker-credential-none get \"none.example\": the program is not on PATH\n");
    let evil = sandbox.run(&line(&["--from-docker-config", "--registry=evil.example", run_helpers]));
    assert_eq!(evil.stderr, "error: the credential helper \"../../evil\" for \"evil.example\" has a bad name\n");

    // A store is asked for every registry that has no program of its own, also one that the file does not name.
    sandbox.write("all.json", "{\"credsStore\": \"all\"}");
    for (registry, name) in [("--registry=quay.io", "quay.io"), ("--registry=docker.io", "https://index.docker.io/v1/")]
    {
        let words = line(&["--from-docker-config=all.json", registry, run_helpers]);
        sandbox.write("answer", answer);
        sandbox.write("status", "0");
        assert_eq!(config(&sandbox.run(&words))["auths"][name], login("AWS", "hunter2"));
        assert_eq!(std::fs::read_to_string(sandbox.cwd().join("asked")).unwrap(), name);
    }
    // One that prints without end is stopped.
    sandbox.script("docker-credential-endless", "#!/bin/sh\nexec yes hunter2\n");
    sandbox.write("endless.json", "{\"credHelpers\": {\"x\": \"endless\"}}");
    let outcome = run(sandbox.command(&line(&["--from-docker-config=endless.json", "--registry=x", run_helpers])), b"");
    assert!(
        outcome.exit == 1 && outcome.stderr.starts_with("error: docker-credential-endless get \"x\": "),
        "{}",
        outcome.stderr
    );
    assert!(!outcome.stderr.contains("hunter"), "{}", outcome.stderr);
}

#[test]
fn registries_are_merged_into_a_secret_that_exists() {
    let sandbox = Sandbox::with_server();
    let create = |server: &str, password: &str, more: &[&str]| {
        let login = format!("--docker-login={server}=u");
        let line = ["create", "docker-registry", "r", &login, "--docker-password-stdin", "--merge-registries"];
        sandbox.run_with(&[&line[..], more].concat(), password.as_bytes())
    };
    let refused = create("a.example", "hunter2", &[]);
    assert_eq!(refused.stderr, "error: --merge-registries goes with --if-exists=update\n");
    let update = |server: &str, password: &str| {
        let outcome = create(server, password, &["--if-exists=update"]);
        assert_eq!(outcome.exit, 0, "{}", outcome.stderr);
        outcome.stdout
    };
    assert_eq!(update("a.example", "hunter2"), "secret/r created\n");
    assert_eq!(update("b.example", "hunter3"), "secret/r configured\n");
    assert_eq!(update("https://a.example", "hunter4"), "secret/r configured\n");
    assert_eq!(update("b.example", "hunter3"), "secret/r unchanged\n");
    let config: Json = serde_json::from_str(&sandbox.ok(&["decode", "r", ".dockerconfigjson"])).expect("JSON");
    let wanted = json!({"auths": {"b.example": login("u", "hunter3"), "https://a.example": login("u", "hunter4")}});
    assert_eq!(config, wanted);
    // Twenty at once: each is there at the end.
    std::thread::scope(|scope| {
        for number in 0..20 {
            scope.spawn(move || update(&format!("r{number}.example"), "hunter5"));
        }
    });
    let config: Json = serde_json::from_str(&sandbox.ok(&["decode", "r", ".dockerconfigjson"])).expect("JSON");
    assert_eq!(config["auths"].as_object().map(|auths| auths.len()), Some(22));
    // What is there may be no docker config at all.
    let patch = "{\"data\":{\".dockerconfigjson\":\"eyJhdXRocyI6WyJodW50ZXIyIl19\"}}";
    let patched = sandbox.run(&["patch", "secret", "r", "--type=merge", "-p", patch]);
    assert_eq!(patched.exit, 0, "{}", patched.stderr);
    let refused = create("c.example", "hunter2", &["--if-exists=update"]);
    let says = "error: secret \"r\" exists: its .dockerconfigjson has auths that are no object\n";
    assert!(refused.exit == 1 && refused.stderr.starts_with(says), "{}", refused.stderr);
}
