//! What is offered behind which words.

use super::{ask, kubeconfig, offered, patient, use_kubeconfig, with_store};
use crate::support::Sandbox;

#[test]
fn words_follow_kubectls_grammar() {
    let sandbox = with_store();
    for (line, expected) in [
        // The first word: a kind, or the name of a Secret. One that is also a kind has its own before it.
        ("get ", "namespaces secrets db secret/deploy mail.example.com web :4"),
        ("get d", "db :4"),
        ("describe we", "web :4"),
        ("get secrets,", "secrets,namespaces :4"),
        ("get namespaces,se", "namespaces,secrets :4"),
        // Names behind a kind, each once.
        ("get secret ", "db deploy mail.example.com web :4"),
        ("get secret db ", "deploy mail.example.com web :4"),
        ("get secret db web deploy mail.example.com ", ":4"),
        ("delete secret d", "db deploy :4"),
        ("get ns kube-", "kube-node-lease kube-public kube-system :4"),
        ("get secret,ns d", "db deploy default :4"),
        ("get secret/", "secret/db secret/deploy secret/mail.example.com secret/web :4"),
        ("get secrets.v1./d", "secrets.v1./db secrets.v1./deploy :4"),
        ("get ns/def", "ns/default :4"),
        ("get secret/db ", "secret/deploy secret/mail.example.com secret/web :4"),
        ("get secret/db secret/d", "secret/deploy :4"),
        ("get secret/db ns/d", "ns/default :4"),
        // What comes before the verb, and behind `--`.
        ("-n kube-system get secret ", ":4"),
        ("-n default get secret d", "db deploy :4"),
        ("get -o yaml secret d", "db deploy :4"),
        ("get -- d", "db :4"),
        // The name of a Secret stands alone, and so does what selects.
        ("get db ", ":4"),
        ("delete -l tier ", "namespaces secrets :4"),
        ("delete --all secrets ", ":4"),
        ("get -f x ", ":4"),
        ("get configmap ", ":4"),
        // Keys.
        ("decode ", "secrets db secret/deploy mail.example.com web :4"),
        ("decode db ", "password user :4"),
        ("decode db us", "user :4"),
        ("set db ", "password user :4"),
        ("unset db password ", "password user :4"),
        ("rename-key db password ", ":4"),
        ("decode secret db ", "password user :4"),
        ("decode secret/db ", "password user :4"),
        ("decode secret/db secret/w", "secret/web :4"),
        ("decode db user ", ":4"),
        ("decode none ", ":4"),
        ("decode --key-filter ", ":4"),
        ("decode db --key-filter p", "password :4"),
        ("edit db --key ", "password user :4"),
        ("edit secret db --key=u", "user :4"),
        ("create tls x --key ", ":0"),
        // Labels.
        ("label db ", "app.kubernetes.io/name= tier= :6"),
        ("label secret db t", "tier= :6"),
        ("label secret db a=b t", "tier= :6"),
        ("label secret ", "db deploy mail.example.com web :4"),
        ("annotate db a=b ", ":4"),
        ("get -l ", "app.kubernetes.io/name tier :4"),
        ("get -l a=b,!t", "a=b,!tier :4"),
        ("get -lt", "-ltier :4"),
        ("get --selector=t", "tier :4"),
        ("get --selector=a,t", "a,tier :4"),
        ("get -L tier,a", "tier,app.kubernetes.io/name :4"),
        // Namespaces.
        ("get -n d", "default :4"),
        ("get -nd", "-ndefault :4"),
        ("get --namespace=d", "default :4"),
        ("-n d", "default :4"),
        // Other words of verbs.
        ("auth can-i p", "patch :4"),
        ("auth can-i get s", "secrets :4"),
        ("explain n", "namespaces :4"),
        ("completion ", "bash fish powershell zsh :4"),
        ("kustomize ", ":16"),
        ("with-server -- ", ":0"),
        ("create namespace ", ":4"),
        ("help dec", "decode :4"),
        ("help config use", "use-context :4"),
        ("create secret t", "tls :4"),
        // Values of flags.
        ("get -o na", "name :4"),
        ("get -o jsonpath-f", "jsonpath-file= :6"),
        ("create generic x --type kubernetes.io/t", "kubernetes.io/tls :4"),
        ("create generic x --generate k=pass", "k=passphrase :4"),
        ("create generic x --if-exists ", "fail replace skip update :4"),
        ("patch db --type ", "json merge strategic :4"),
        ("delete db --dry-run=", "client none server :4"),
        ("wait --for ", "changed condition= create delete jsonpath= key= :4"),
        ("get --color a", "auto always :4"),
        ("get --all-namespaces=f", "false :4"),
        ("get -f ", ":0"),
        ("get --kubeconfig=", ":0"),
        ("get -k ", ":16"),
        ("decode db --to ", ":16"),
        ("create generic x --from-file=a=", ":0"),
        ("create generic x --from-literal ", ":4"),
        ("patch db -p ", ":4"),
        // What cannot be understood.
        ("gte ", ":4"),
        ("get --none=x ", ":4"),
        ("config use-context ", ":4"),
    ] {
        assert_eq!(offered(&sandbox, line), expected, "{line:?}");
    }
}

#[test]
fn names_of_the_kubeconfig_are_offered() {
    let mut sandbox = patient(Sandbox::bare());
    use_kubeconfig(&mut sandbox, &kubeconfig("http://127.0.0.1:1"));
    let arn = "arn:aws:eks:eu:1:cluster/prod";
    for (line, expected) in [
        ("get --context ", format!("{arn} dev :4")),
        ("--context=d", "dev :4".to_owned()),
        ("get --cluster ", "one two :4".to_owned()),
        ("get --user ", "alice :4".to_owned()),
        ("config use-context ", format!("{arn} dev :4")),
        ("config use-context arn:aws:", format!("{arn} :4")),
        ("config get-contexts dev a", format!("{arn} :4")),
        ("config delete-cluster t", "two :4".to_owned()),
        ("config delete-user ", "alice :4".to_owned()),
        ("config set-context dev --cluster o", "one :4".to_owned()),
    ] {
        assert_eq!(offered(&sandbox, line), expected, "{line:?}");
    }
    sandbox.write("other", kubeconfig("http://127.0.0.1:1").replace("dev", "other"));
    assert_eq!(offered(&sandbox, "--kubeconfig other get --context o"), "other :4");
    // What a file calls a thing obeys no terminal and begins no line.
    sandbox.write("evil", kubeconfig("http://127.0.0.1:1").replace("name: dev", "name: \"d\\n:0\\te\\ev\""));
    assert_eq!(offered(&sandbox, "--kubeconfig evil get --context "), format!("{arn} :4"));
    sandbox.write("broken", "{");
    assert_eq!(offered(&sandbox, "--kubeconfig broken get --context "), ":4");
}

#[test]
fn verbs_and_flags_are_described() {
    let sandbox = Sandbox::bare();
    let verbs = ask(&sandbox, "").stdout;
    assert!(verbs.contains("decode\tShow the values of Secrets, decoded\n"), "{verbs}");
    let flags = ask(&sandbox, "get --ignore").stdout;
    assert!(flags.starts_with("--ignore-not-found\t") && flags.lines().count() == 2, "{flags}");
    let outcome = sandbox.run(&["__completeNoDesc", "get", "--ignore"]);
    assert_eq!(outcome.stdout, "--ignore-not-found\n:4\n");
}

/// No value is in an answer, whatever is asked for, nor the beginning of one that the user guesses.
#[test]
fn no_value_is_ever_offered() {
    let sandbox = with_store();
    let mut lines = vec!["decode db password hunter".to_owned(), "decode db hunter".to_owned()];
    for verb in [
        "get",
        "describe",
        "decode",
        "validate",
        "edit",
        "delete",
        "patch",
        "label",
        "annotate",
        "wait",
        "apply view-last-applied",
    ] {
        for rest in [
            "",
            "db ",
            "secret ",
            "secret db ",
            "secret/",
            "-o ",
            "-o jsonpath=",
            "-l ",
            "-l tier=",
            "--field-selector ",
            "-",
        ] {
            lines.push(format!("{verb} {rest}"));
        }
    }
    for line in lines {
        let answer = ask(&sandbox, &line).stdout;
        for needle in ["hunter", "admin", "aHVudGVy", "YWRtaW4", "backend", "shop"] {
            assert!(!answer.contains(needle), "{line:?}: {answer}");
        }
    }
}
