//! Command lines that are all kubectl's: it takes the place of this process, with the same words.

use super::support::{self, Sandbox, recorder::Recorder, stand_in::StandIn};

/// Lines that are not ours, in any part.
const FOREIGN: &[&str] = &[
    "rollout status deployment/web --timeout=30s",
    "-n prod rollout restart deploy web",
    "logs -f web -c app",
    "exec -it web -- sh -c 'x --fallback=y'",
    "set env deployment/web --local -o yaml",
    "config nonsense x",
    "rollout --help",
    "help rollout",
    "myplugin --color=red --what",
    "get deployments",
    "get pods -o wide -w",
    "get all -A --no-headers=true",
    "get certificates web -o jsonpath={.status}",
    "get ingressroutes -A",
    "get -n x po/a svc/b",
    "describe deployment web",
    "delete deployment web",
    "delete deployment web --grace-period=0 --wait=false",
    "delete deploy,svc -l app=web",
    "delete pods --all",
    "edit cm settings",
    "label deployment web tier=a example.com/b=c-",
    "annotate pods --all note-",
    "patch deployment web --type=nonsense -p {}",
    "wait --for=condition=Available deployment/web --timeout=60s",
    "create deployment web --image=nginx",
    "create configmap c --from-literal=a=b",
    "create sa robot",
    "auth reconcile --filename=-x",
    "apply edit-nothing -l x",
    "cluster-info dump --output-directory=x",
];

#[test]
fn what_is_not_ours_is_handed_over_word_by_word() {
    let stand_in = StandIn::new(Sandbox::with_server(), "echo told; echo said >&2; exit 3");
    for line in FOREIGN {
        let outcome = stand_in.run(line);
        assert_eq!(stand_in.calls(), [*line], "{outcome:?}");
        assert_eq!((outcome.exit, outcome.stdout.as_str(), outcome.stderr.as_str()), (3, "told\n", "said\n"), "{line}");
    }
}

#[test]
fn without_a_fallback_it_is_refused_and_no_program_is_looked_for() {
    let mut stand_in = StandIn::new(Sandbox::with_server(), "exit 0");
    stand_in.sandbox.link("kubectl", stand_in.path.clone());
    for off in [None, Some(""), Some("0"), Some("false")] {
        match off {
            None => stand_in.sandbox.unset_env("KSECRET_FALLBACK"),
            Some(off) => stand_in.sandbox.set_env("KSECRET_FALLBACK", off),
        }
        for line in FOREIGN.iter().filter(|line| !line.starts_with("help") && !line.starts_with("get ingress")) {
            let outcome = stand_in.run(line);
            assert_eq!((outcome.exit, outcome.stdout.as_str()), (1, ""), "{line}");
            assert!(outcome.stderr.contains("error: "), "{line}: {}", outcome.stderr);
        }
    }
    let turned_off = StandIn::new(Sandbox::bare(), "exit 0");
    assert_eq!(turned_off.run("--fallback=false rollout status").exit, 1);
    assert!(stand_in.calls().is_empty() && turned_off.calls().is_empty());
}

#[test]
fn the_flag_names_it_and_is_taken_out() {
    let mut stand_in = StandIn::new(Sandbox::bare(), "exit 0");
    stand_in.sandbox.link("kubectl", stand_in.path.clone());
    stand_in.sandbox.unset_env("KSECRET_FALLBACK");
    let path = stand_in.path.clone();
    for (line, handed) in [
        ("--fallback rollout status x".to_owned(), "rollout status x"),
        ("rollout status x --fallback".to_owned(), "rollout status x"),
        (format!("get --fallback={path} -l a=b deploy"), "get -l a=b deploy"),
        ("get deploy --fallback=kubectl -l --fallback".to_owned(), "get deploy -l --fallback"),
        ("exec --fallback pod -- x --fallback".to_owned(), "exec pod -- x --fallback"),
    ] {
        let outcome = stand_in.run(&line);
        assert_eq!((outcome.exit, stand_in.calls()), (0, vec![handed.to_owned()]), "{line}: {}", outcome.stderr);
    }
}

/// The program gets what this one got: words as they are, environment, standard input; and its end is ours.
#[test]
fn it_takes_the_place_of_this_process() {
    let mut stand_in = StandIn::new(Sandbox::bare(), "cat; ulimit -Hc; kill -TERM $$");
    stand_in.sandbox.set_env("SOME", "a value\nof two lines");
    let odd = ["rollout", "", " a  b ", "*", "$HOME", "\u{e9}\n'\""];
    let outcome = support::run(stand_in.sandbox.command(&odd), b"typed");
    let limit = support::run(stand_in.sandbox.command_of("sh", &["-c", "ulimit -Hc"]), b"").stdout;
    assert_eq!((outcome.exit, outcome.stdout), (-1, format!("typed{limit}")), "{}", outcome.stderr);
    let log = std::fs::read_to_string(stand_in.sandbox.root().join("calls")).expect("a call");
    assert_eq!(log, "call\n> rollout\n> \n>  a  b \n> *\n> $HOME\n> \u{e9}\n'\"\n");
    let seen = std::fs::read_to_string(stand_in.sandbox.root().join("env")).expect("its environment");
    let given = support::run(stand_in.sandbox.command_of("sh", &["-c", "env | grep -v '^_=' | sort"]), b"").stdout;
    let marker = "KSECRET_FALLBACK_DEPTH=1\n";
    assert!(seen.contains(marker));
    assert_eq!(seen.replace(marker, ""), given);
    // To a shell it is killed as kubectl would be.
    let line = format!("{} rollout; echo $?", support::KSECRET);
    let shell = support::run(stand_in.sandbox.command_of("sh", &["-c", &line]), b"");
    assert!(shell.stdout.ends_with("\n143\n"), "{}", shell.stdout);
}

#[test]
fn what_is_ours_is_never_handed_over() {
    let stand_in = StandIn::new(Sandbox::with_server(), "exit 9");
    let object = "{apiVersion: v1, kind: Secret, metadata: {name: b}, data: {k: dg==}}";
    for line in [
        "create secret generic a --from-literal=k=v",
        "get secrets",
        "get secret a -o name",
        "get a",
        "get ns -o name",
        "get secret,ns",
        "describe secret a",
        "label secret a x=y",
        "annotate a x=y",
        "patch secret a -p {}",
        "apply -f -",
        "wait --for=create secret/a",
        "diff -f -",
        "auth can-i get secrets",
        "api-resources",
        "version",
        "get --help",
        "help get",
        "delete secret a b",
    ] {
        let outcome = stand_in.run_with(line, object);
        assert_eq!(outcome.exit, 0, "{line}: {}", outcome.stderr);
    }
    for (line, error) in [
        ("get secret nothing", "Error from server (NotFound): secrets \"nothing\" not found\n"),
        ("delete secret", "error: resource(s) were provided, but no name was specified\n"),
        ("create secret nonsense x", "error: unknown command \"nonsense\"\n"),
        ("decode deploy", "error: ksecret handles Secrets and Namespaces, not \"deploy\"\n"),
        ("get secret --nonsense", "error: unknown flag: --nonsense\n"),
        ("get secret a,deploy --nonsense", "error: unknown flag: --nonsense\n"),
    ] {
        let outcome = stand_in.run(line);
        assert!(outcome.exit == 1 && outcome.stderr.starts_with(error), "{line}: {outcome:?}");
    }
    assert!(stand_in.calls().is_empty());
}

/// kubectl would ask the cluster of the kubeconfig, where the embedded server was meant.
#[test]
fn nothing_leaves_the_embedded_server_for_a_cluster() {
    let mut stand_in = StandIn::new(Sandbox::bare(), "exit 0");
    let hint = "hint: the fallback is not asked: --local or KSECRET_LOCAL means the embedded server\n";
    let check = |stand_in: &StandIn, line: &str| {
        let outcome = stand_in.run(line);
        assert!(outcome.exit == 1 && outcome.stderr.ends_with(hint), "{line}: {outcome:?}");
    };
    for line in
        ["--local rollout status x", "--local=x.db get deploy", "delete deploy web --local", "get cm,secret --local"]
    {
        check(&stand_in, line);
    }
    // Behind a verb that is not ours the flag is kubectl's.
    assert_eq!(stand_in.run("set env deploy/web --local").exit, 0);
    assert_eq!(stand_in.calls(), ["set env deploy/web --local"]);
    stand_in.sandbox.set_env("KSECRET_LOCAL", "1");
    for line in ["rollout status x", "delete deploy web", "label pods --all x=y"] {
        check(&stand_in, line);
    }
    assert!(stand_in.calls().is_empty());
    assert_eq!(stand_in.run("delete deploy web --context=prod").exit, 0);
    assert_eq!(stand_in.calls(), ["delete deploy web --context=prod"]);
}

/// A kind that the cluster has from elsewhere is only known to the server.
#[test]
fn a_secret_is_never_touched_in_the_place_of_another_kind() {
    let stand_in = StandIn::new(Sandbox::with_server(), "exit 0");
    stand_in.sandbox.ok(&["create", "generic", "web", "--from-literal=k=v"]);
    for line in
        ["delete deployment web", "delete deploy/web", "delete deploy,svc web", "delete web --all", "delete web -l a"]
    {
        assert_eq!(stand_in.run(line).exit, 0);
        assert_eq!(stand_in.calls(), [line]);
    }
    assert_eq!(stand_in.sandbox.ok(&["get", "secret", "-o", "name"]), "secret/web\n");
}

/// A kind that the cluster has from elsewhere, by whatever word, where no Secret has that name.
#[test]
fn a_word_that_only_the_server_knows_is_looked_up() {
    let recorder = Recorder::start(|request| match request.split('?').next().unwrap_or_default() {
        "GET /apis" => (
            "200 OK",
            r#"{"kind":"APIGroupDiscoveryList","items":[{"metadata":{"name":"traefik.io"},"versions":[{"version":"v1",
                "resources":[{"resource":"ingressroutes","singularResource":"ingressroute","scope":"Namespaced",
                "responseKind":{"kind":"IngressRoute"},"verbs":["get"]}]}]}]}"#
                .to_owned(),
        ),
        "GET /api/v1/namespaces/default/secrets" => ("200 OK", r#"{"kind":"SecretList","items":[]}"#.to_owned()),
        _ => (
            "404 Not Found",
            r#"{"kind":"Status","status":"Failure","reason":"NotFound","message":"not found","code":404}"#.to_owned(),
        ),
    });
    let mut stand_in = StandIn::new(Sandbox::bare(), "exit 4");
    let server = format!("--server={}", recorder.url());
    for line in ["get ingressroutes", "get ingressroute -o name", "describe ingressroutes"] {
        let line = format!("{line} {server}");
        let outcome = stand_in.run(&line);
        assert_eq!((outcome.exit, stand_in.calls()), (4, vec![line.clone()]), "{}", outcome.stderr);
        let outcome = stand_in.run(&line.replace("ingressroute", "nothing"));
        assert!(outcome.exit == 1 && stand_in.calls().is_empty(), "{line}: {outcome:?}");
    }
    recorder.take();
    stand_in.sandbox.unset_env("KSECRET_FALLBACK");
    assert_eq!(stand_in.run(&format!("get ingressroutes {server}")).exit, 1);
    assert_eq!(recorder.take(), ["GET /api/v1/namespaces/default/secrets/ingressroutes"]);
}
