//! Completion in real shells: what a person types, a Tab, and what stands on the line then.

use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt as _};

use super::Screen;
use crate::support::{KSECRET, Sandbox};

/// A shell that reads nothing but what it is told, and the script.
struct Shell {
    program: &'static str,
    start: &'static [&'static str],
    /// What it is told first.
    setup: &'static str,
    /// Whether it shows descriptions.
    describes: bool,
}

const BASH: Shell = Shell {
    program: "bash",
    start: &["bash", "--norc", "--noprofile", "-i"],
    setup: "PS1='> '; eval \"$(ksecret completion bash)\"; complete -F _ksecret k",
    describes: false,
};
/// As bash 3.2 is, which macOS has: without `compopt`.
const BASH_3: Shell = Shell {
    setup: "PS1='> '; enable -n compopt 2>/dev/null; eval \"$(ksecret completion bash)\"; complete -o nospace -F _ksecret k",
    ..BASH
};
const ZSH: Shell = Shell {
    program: "zsh",
    start: &["zsh", "-f", "-i"],
    setup: "PS1='> '; autoload -Uz compinit; compinit -D -u; source <(ksecret completion zsh)",
    describes: true,
};
const FISH: Shell = Shell {
    program: "fish",
    start: &["fish", "--no-config", "-i"],
    setup: "function fish_prompt; echo -n '> '; end; set -g fish_autosuggestion_enabled 0; ksecret completion fish | source",
    describes: true,
};

/// The same shells, which find the script in a file where they look for it.
const PLACED: [Shell; 3] = [
    Shell {
        program: "bash",
        start: &["bash", "--norc", "--noprofile", "-i"],
        setup: "PS1='> '; mkdir -p ~/.local/share/bash-completion/completions; \
                ksecret completion bash > ~/.local/share/bash-completion/completions/ksecret; \
                source /usr/share/bash-completion/bash_completion",
        describes: false,
    },
    Shell {
        program: "zsh",
        start: &["zsh", "-f", "-i"],
        setup: "PS1='> '; ksecret completion zsh > ~/_ksecret; fpath=(~ $fpath); autoload -Uz compinit; compinit -D -u",
        describes: true,
    },
    Shell {
        program: "fish",
        start: &["fish", "-i"],
        setup: "function fish_prompt; echo -n '> '; end; set -g fish_autosuggestion_enabled 0; \
                mkdir -p ~/.config/fish/completions; ksecret completion fish > ~/.config/fish/completions/ksecret.fish",
        describes: true,
    },
];

/// What is typed before Tab, and what the line is then.
const LINES: &[(&str, &str)] = &[
    ("ksecret dec", "ksecret decode "),
    ("ksecret get --ignore", "ksecret get --ignore-not-found"),
    ("ksecret decode db pa", "ksecret decode db password"),
    ("ksecret decode mail", "ksecret decode mail.example.com"),
    ("ksecret get secret/we", "ksecret get secret/web"),
    ("ksecret get secrets,n", "ksecret get secrets,namespaces"),
    ("ksecret get -n kube-sy", "ksecret get -n kube-system"),
    ("ksecret get -nkube-sy", "ksecret get -nkube-system"),
    ("ksecret get --namespace=kube-sy", "ksecret get --namespace=kube-system"),
    ("ksecret get -n=kube-sy", "ksecret get -n=kube-system"),
    ("ksecret get -l ti", "ksecret get -l tier"),
    ("ksecret get -l app=x,ti", "ksecret get -l app=x,tier"),
    ("ksecret get --selector=app=x,ti", "ksecret get --selector=app=x,tier"),
    ("ksecret label db ti", "ksecret label db tier="),
    ("ksecret delete db --dry-run=cl", "ksecret delete db --dry-run=client"),
    ("ksecret config use-context arn:aws:eks:eu:1:cl", "ksecret config use-context arn:aws:eks:eu:1:cluster/prod"),
    ("ksecret --context=arn:aws:eks:eu:1:cl", "ksecret --context=arn:aws:eks:eu:1:cluster/prod"),
    ("ksecret config use-context with", "ksecret config use-context with\\ space"),
    ("ksecret create generic x --type kubernetes.io/tl", "ksecret create generic x --type kubernetes.io/tls"),
    ("ksecret apply -f man", "ksecret apply -f manifest.yaml"),
    ("ksecret apply --filename=man", "ksecret apply --filename=manifest.yaml"),
    ("ksecret create generic x --from-file=a=man", "ksecret create generic x --from-file=a=manifest.yaml"),
    ("ksecret decode db --to di", "ksecret decode db --to dir/"),
    ("ksecret decode \"mai", "ksecret decode \"mail.example.com\""),
    ("/ABSOLUTE/ksecret decode db pa", "ksecret decode db password"),
    ("k decode db pa", "k decode db password"),
];

/// A store with Secrets, a kubeconfig with contexts, a file and a directory.
fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::bare();
    sandbox.link("ksecret", KSECRET);
    sandbox.set_env("KSECRET_COMPLETION_TIMEOUT", "60s");
    sandbox.set_env("KSECRET_LOCAL", sandbox.root().join("local.db").to_string_lossy());
    sandbox.ok(&["create", "generic", "db", "--from-literal=user=m4rker", "--from-literal=password=m4rker"]);
    sandbox.ok(&["create", "generic", "web", "--from-literal=token=m4rker"]);
    sandbox.ok(&["create", "generic", "mail.example.com"]);
    sandbox.ok(&["label", "secret", "db", "tier=backend"]);
    sandbox.write("manifest.yaml", "");
    fs::create_dir(sandbox.cwd().join("dir")).expect("a directory");
    kubeconfig(&mut sandbox, "http://127.0.0.1:1", "{}");
    sandbox
}

fn kubeconfig(sandbox: &mut Sandbox, server: &str, user: &str) {
    let config = format!(
        "clusters: [{{name: c, cluster: {{server: {server:?}, insecure-skip-tls-verify: true}}}}]\n\
         users: [{{name: u, user: {user}}}]\ncurrent-context: x\ncontexts:\n- {{name: x, context: {{cluster: c, user: u}}}}\n\
         - {{name: 'arn:aws:eks:eu:1:cluster/prod', context: {{cluster: c, user: u}}}}\n\
         - {{name: with space, context: {{cluster: c, user: u}}}}\n"
    );
    let file = sandbox.root().join("kubeconfig");
    fs::write(&file, config).expect("a kubeconfig");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("a private file");
    sandbox.set_env("KUBECONFIG", file.to_string_lossy());
}

impl Shell {
    /// Starts it, tells it `more` too, and waits for its prompt.
    fn open(&self, sandbox: &Sandbox, more: &str) -> Screen {
        let screen = Screen::with(sandbox, self.start);
        screen.keys(&["-l", &format!("{}; {more}; alias k=ksecret; echo re''ady", self.setup)]);
        screen.keys(&["Enter"]);
        screen.wait_for("ready");
        screen
    }

    /// Types on an empty line of an empty screen.
    fn type_line(screen: &Screen, typed: &str) {
        screen.keys(&["C-u"]);
        screen.keys(&["C-l"]);
        screen.keys(&["-l", typed]);
        screen.wait_for(typed);
    }

    fn completes(&self, sandbox: &Sandbox, more: &str) {
        let screen = self.open(sandbox, more);
        let absolute = sandbox.root().join("bin").to_string_lossy().into_owned();
        for (typed, expected) in LINES {
            Self::type_line(&screen, &typed.replace("/ABSOLUTE", &absolute));
            screen.keys(&["Tab"]);
            let shown = screen.wait_for(expected);
            assert!(!shown.contains("m4rker"), "{}: {shown}", self.program);
        }
        Self::type_line(&screen, "ksecret de");
        screen.keys(&["Tab", "Tab"]);
        let shown = screen.wait_for("describe");
        assert_eq!(shown.contains("Show the values of Secrets, decoded"), self.describes, "{}: {shown}", self.program);
        // A file is no name.
        Self::type_line(&screen, "ksecret get man");
        screen.keys(&["Tab", "Tab"]);
        screen.keys(&["-l", "!"]);
        screen.wait_for("ksecret get man!");
    }

    /// A plugin that would ask finds no terminal, and what it says is not seen.
    fn asks_nothing(&self) {
        let mut sandbox = sandbox();
        sandbox.unset_env("KSECRET_LOCAL");
        let seen = sandbox.root().join("seen");
        let plugin = sandbox.script(
            "plugin",
            &format!(
                "#!/bin/sh\necho m4rker >&2; {{ echo m4rker; }} >/dev/tty || echo no terminal >> {0}\nread line || echo no input >> {0}\necho end >> {0}\nexit 1\n",
                seen.display()
            ),
        );
        let exec = format!("{{exec: {{apiVersion: client.authentication.k8s.io/v1beta1, command: {plugin:?}}}}}");
        kubeconfig(&mut sandbox, "https://127.0.0.1:1", &exec);
        let screen = self.open(&sandbox, "true");
        Self::type_line(&screen, "ksecret decode d");
        screen.keys(&["Tab"]);
        screen.keys(&["-l", "x"]);
        let shown = screen.wait_for("ksecret decode dx");
        assert!(!shown.contains("m4rker"), "{}: {shown}", self.program);
        assert_eq!(fs::read_to_string(seen).unwrap_or_default(), "no terminal\nno input\nend\n", "{}", self.program);
    }

    /// A server that never answers costs half a second, and the line stays as it was.
    fn gives_up(&self) {
        let mut sandbox = sandbox();
        sandbox.unset_env("KSECRET_LOCAL");
        sandbox.unset_env("KSECRET_COMPLETION_TIMEOUT");
        let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
        kubeconfig(&mut sandbox, &format!("http://{}", silent.local_addr().expect("its address")), "{}");
        let screen = self.open(&sandbox, "true");
        Self::type_line(&screen, "ksecret decode d");
        screen.keys(&["Tab"]);
        screen.keys(&["-l", "x"]);
        let shown = screen.wait_for("ksecret decode dx");
        assert!(!shown.to_lowercase().contains("error"), "{}: {shown}", self.program);
    }
}

pub fn bash() {
    let sandbox = sandbox();
    BASH.completes(&sandbox, "true");
    // Words that only blanks divide.
    BASH.completes(&sandbox, "COMP_WORDBREAKS=${COMP_WORDBREAKS//[:=]}");
    BASH.completes(&sandbox, "COMP_WORDBREAKS=${COMP_WORDBREAKS//:}");
    BASH.asks_nothing();
    BASH.gives_up();
}

pub fn bash_without_compopt() {
    BASH_3.completes(&sandbox(), "true");
    BASH_3.completes(&sandbox(), "COMP_WORDBREAKS=${COMP_WORDBREAKS//[:=]}");
    let sandbox = sandbox();
    let screen = BASH_3.open(&sandbox, "true");
    for (typed, expected) in [
        ("ksecret decode db pa", "ksecret decode db password |"),
        ("ksecret decode db --to di", "ksecret decode db --to dir/|"),
        ("ksecret label db ti", "ksecret label db tier=|"),
        ("ksecret apply -f man", "ksecret apply -f manifest.yaml |"),
    ] {
        Shell::type_line(&screen, typed);
        screen.keys(&["Tab"]);
        screen.keys(&["-l", "|"]);
        screen.wait_for(expected);
    }
}

pub fn bash_with_its_package() {
    BASH.completes(&sandbox(), "source /usr/share/bash-completion/bash_completion || exit");
}

pub fn zsh() {
    ZSH.completes(&sandbox(), "true");
    ZSH.asks_nothing();
    ZSH.gives_up();
}

pub fn fish() {
    FISH.completes(&sandbox(), "true");
    FISH.asks_nothing();
    FISH.gives_up();
}

pub fn scripts_are_found_where_shells_look() {
    for shell in PLACED {
        let sandbox = sandbox();
        let screen = shell.open(&sandbox, "true");
        for (typed, expected) in
            [("ksecret dec", "ksecret decode "), ("ksecret decode db pa", "ksecret decode db password")]
        {
            Shell::type_line(&screen, typed);
            screen.keys(&["Tab"]);
            screen.wait_for(expected);
        }
    }
}

/// kubectl's own script, and our plugin.
pub fn kubectl_completes_the_plugin() {
    let mut sandbox = sandbox();
    sandbox.link("kubectl-secret", KSECRET);
    sandbox.link("kubectl_complete-secret", KSECRET);
    let screen =
        BASH.open(&sandbox, "source /usr/share/bash-completion/bash_completion; source <(kubectl completion bash)");
    for (typed, expected) in [
        ("kubectl secret dec", "kubectl secret decode "),
        ("kubectl secret decode db pa", "kubectl secret decode db password"),
        ("kubectl secret get --namespace=kube-sy", "kubectl secret get --namespace=kube-system"),
    ] {
        Shell::type_line(&screen, typed);
        screen.keys(&["Tab"]);
        screen.wait_for(expected);
    }
}
