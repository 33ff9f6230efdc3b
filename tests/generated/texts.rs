//! What the definitions of the commands do not say: exit statuses, variables, files.

/// A line of a page, and the commands on whose pages it stands; none is all of them.
pub struct Entry {
    pub term: &'static str,
    pub text: &'static str,
    pub commands: &'static [&'static str],
}

const fn all(term: &'static str, text: &'static str) -> Entry {
    Entry { term, text, commands: &[] }
}

const fn of(commands: &'static [&'static str], term: &'static str, text: &'static str) -> Entry {
    Entry { term, text, commands }
}

/// The page that has every entry.
pub const WHOLE: &str = "ksecret";

const EDITING: &[&str] = &[WHOLE, "ksecret-edit", "ksecret-create", "ksecret-apply-edit-last-applied"];
const BUILDING: &[&str] = &[
    WHOLE,
    "ksecret-annotate",
    "ksecret-apply",
    "ksecret-create",
    "ksecret-decode",
    "ksecret-delete",
    "ksecret-describe",
    "ksecret-diff",
    "ksecret-edit",
    "ksecret-get",
    "ksecret-kustomize",
    "ksecret-label",
    "ksecret-patch",
    "ksecret-replace",
    "ksecret-validate",
    "ksecret-wait",
];
const CONNECTING: &[&str] = &[WHOLE, "ksecret-options"];
const JOURNAL: &[&str] = &[WHOLE, "ksecret-options", "ksecret-history", "ksecret-undo"];

pub const VARIABLES: &[Entry] = &[
    all("KUBECONFIG", "Kubeconfig files with colons between them, which are merged; --kubeconfig is stronger."),
    all(
        "KSECRET_LOCAL",
        "File of the embedded server that takes the place of a cluster, as --local=FILE; 1 or true for the default file. Flags \
         that name a cluster are stronger.",
    ),
    all(
        "KSECRET_FALLBACK",
        "Program that gets what is not about Secrets and Namespaces, as --fallback=PROGRAM; 1 or true for kubectl.",
    ),
    of(CONNECTING, "KSECRET_FALLBACK_DEPTH", "Set for that program, to end a chain of programs that call each other."),
    of(
        BUILDING,
        "KSECRET_KUSTOMIZE",
        "Program that builds the kustomizations that are not built here; 0 for none. By default it is the fallback, else \
         kustomize or kubectl on PATH.",
    ),
    of(EDITING, "KUBE_EDITOR, EDITOR", "Editor, with its arguments; vi where both are empty."),
    of(&[WHOLE, "ksecret-edit"], "KSECRET_EDIT", "With the value decoded, --decode is the default."),
    of(
        EDITING,
        "XDG_RUNTIME_DIR",
        "Directory in memory for the text that is being edited, and for the key of kept edits.",
    ),
    of(EDITING, "TMPDIR", "Directory for that text where none is in memory; a warning says so."),
    of(&[WHOLE, "ksecret-edit"], "XDG_STATE_HOME", "Directory of kept edits; by default ~/.local/state."),
    of(
        &[WHOLE, "ksecret-diff"],
        "KUBECTL_EXTERNAL_DIFF",
        "Program that compares two directories; by default `diff -u -N`.",
    ),
    of(&[WHOLE, "ksecret-validate"], "GITHUB_ACTIONS", "With the value true, findings are annotations of GitHub."),
    of(&[WHOLE, "ksecret-apply"], "KUBECTL_APPLYSET", "With the value true, --applyset is allowed."),
    of(
        &[WHOLE, "ksecret-completion"],
        "KSECRET_COMPLETION_TIMEOUT",
        "How long the answer to a Tab may take, such as 2s; half a second by default. With 0 no server is asked.",
    ),
    of(
        &[WHOLE, "ksecret-rotate"],
        "KSECRET_STEP, KSECRET_NAME, KSECRET_NAMESPACE, KSECRET_TOKEN, KSECRET_ATTEMPT, KSECRET_ROTATION",
        "Set for the hooks of rotate: set, verify, revoke or undo; the Secret; the rotation's token; how often this hook was \
         begun; the uid of the companion, by which hooks of a process that was killed are found.",
    ),
    of(CONNECTING, "KUBERNETES_MASTER", "Address of the API server where no kubeconfig names one."),
    of(
        CONNECTING,
        "KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT, POD_NAMESPACE",
        "In a pod: the API server and the namespace, if no kubeconfig names a server.",
    ),
    of(
        CONNECTING,
        "HTTPS_PROXY, HTTP_PROXY, NO_PROXY",
        "Proxy to the API server, and hosts that are reached without one; in lower case too. HTTP_PROXY is not used where \
         REQUEST_METHOD is set, as in a CGI script.",
    ),
    of(CONNECTING, "SSL_CERT_FILE, SSL_CERT_DIR", "Certificates of the authorities to trust, instead of the system's."),
    of(
        JOURNAL,
        "KSECRET_JOURNAL",
        "With the value 1 or true, every command that writes Secrets keeps the journal, as --journal; --journal=false is \
         stronger.",
    ),
    of(
        JOURNAL,
        "XDG_DATA_HOME",
        "Directory of the default file of the embedded server, of the journal, and of the keys of both journal and receipts; \
         by default ~/.local/share.",
    ),
    of(
        &[WHOLE, "ksecret-create-docker-registry", "ksecret-create-secret-docker-registry"],
        "DOCKER_CONFIG",
        "Directory of docker's config.json; by default ~/.docker.",
    ),
    of(CONNECTING, "HOME", "Directory of ~/.kube/config, and of what else has its place there."),
    of(CONNECTING, "PATH", "Where editors, credential plugins and fallbacks are looked for."),
    of(
        CONNECTING,
        "NO_COLOR, CLICOLOR, TERM",
        "No colour where NO_COLOR is not empty, CLICOLOR is 0 or TERM is dumb; --color is stronger.",
    ),
];

pub const FILES: &[Entry] = &[
    all("~/.kube/config", "The kubeconfig, where neither --kubeconfig nor KUBECONFIG names one."),
    all(
        "~/.local/share/ksecret/local.db",
        "The default file of the embedded server (0600), with -wal and -shm beside it. It holds values as they are.",
    ),
    of(
        &[WHOLE, "ksecret-edit"],
        "~/.local/state/ksecret/edits/",
        "Edits that could not be saved, encrypted. Their key is $XDG_RUNTIME_DIR/ksecret/key, which goes with the session.",
    ),
    of(
        JOURNAL,
        "~/.local/share/ksecret/journal/, journal.key",
        "What --journal keeps, encrypted, and the key (0600). Without the key it cannot be read; with it every value can.",
    ),
    of(JOURNAL, "~/.local/share/ksecret/receipt.key", "The key of the digests in receipts (0600)."),
    of(
        CONNECTING,
        "/var/run/secrets/kubernetes.io/serviceaccount/",
        "Token, certificate authority and namespace of a pod.",
    ),
    of(
        &[WHOLE, "ksecret-completion"],
        "/usr/share/bash-completion/completions/ksecret",
        "The script for bash, if a package has put it there; zsh and fish have such places too.",
    ),
];

const SIGNAL: Entry = all("128+N", "Signal N ended it, such as 130 for Ctrl-C.");
const SIGNAL_OF_MANY: Entry = all(
    "128+N",
    "Signal N ended it, such as 130 for Ctrl-C. Of several objects, those that were begun are done and printed first, and a \
     line says how many; a second signal does not wait for them, and SIGTERM waits five seconds at most.",
);
const FAILED: Entry = all("1", "Something failed. Standard error says what; the rest may be done.");

/// Exit statuses of a command.
pub fn statuses(page: &str) -> &'static [Entry] {
    const USUAL: &[Entry] = &[all("0", "All was done."), FAILED, SIGNAL];
    const MANY: &[Entry] = &[all("0", "All was done."), FAILED, SIGNAL_OF_MANY];
    const DIFF: &[Entry] = &[
        all("0", "Nothing would change."),
        all("1", "Something would change."),
        all("2 and more", "Something failed. Standard error says what."),
        SIGNAL,
    ];
    const CAN_I: &[Entry] =
        &[all("0", "Yes, or the list was printed."), all("1", "No, or the server cannot be asked."), SIGNAL];
    const WITH_SERVER: &[Entry] = &[
        all("N", "That of the command; 128 and the number of the signal that ended it."),
        all("127", "The command cannot be started."),
        all("1", "The server cannot be started, or --load failed."),
    ];
    const SERVE: &[Entry] = &[all("0", "It was stopped, by SIGTERM, SIGINT or the end of its parent."), FAILED];
    const VALIDATE: &[Entry] = &[
        all("0", "No finding is at or above the level of --fail-on."),
        all("1", "Such findings were printed."),
        all("2", "Something could not be looked at, or not be fixed. Standard error says what."),
        SIGNAL,
    ];
    const WAIT: &[Entry] = &[
        all("0", "All have met the condition."),
        all("1", "The time is over, or something failed. Standard error says what."),
        SIGNAL,
    ];
    const SET: &[Entry] = &[
        all("0", "All was done."),
        FAILED,
        all("4", "What was expected is not so, or another process changed the same keys. Nothing was written."),
        SIGNAL,
    ];
    const COMPARE: &[Entry] = &[
        all("0", "Both have the same keys and values."),
        all("1", "They differ."),
        all("2", "They could not be compared. Standard error says why."),
        SIGNAL,
    ];
    const ROTATE: &[Entry] = &[
        all("0", "The rotation is done, or in the overlap that was asked for."),
        all("1", "It was refused, or failed and the former state is proven. With --due: a Secret is overdue."),
        all("3", "It is incomplete; both values are kept, and a line says how to go on."),
        all("4", "Another process holds the rotation, or has changed the same keys."),
        all("128+N", "Signal N interrupted it; both values are kept, and a line says how to go on."),
    ];
    match page {
        "ksecret-set" | "ksecret-unset" | "ksecret-rename-key" | "ksecret-undo" => SET,
        "ksecret-compare" => COMPARE,
        "ksecret-rotate" => ROTATE,
        "ksecret-create" | "ksecret-apply" | "ksecret-replace" | "ksecret-patch" | "ksecret-label"
        | "ksecret-annotate" | "ksecret-delete" => MANY,
        "ksecret-diff" => DIFF,
        "ksecret-auth-can-i" => CAN_I,
        "ksecret-with-server" => WITH_SERVER,
        "ksecret-serve" => SERVE,
        "ksecret-validate" => VALIDATE,
        "ksecret-wait" => WAIT,
        _ => USUAL,
    }
}
