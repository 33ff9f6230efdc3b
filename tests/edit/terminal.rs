//! A real terminal, through tmux: vim, signals from the keyboard, values on a screen. Counted as not run, loudly, where
//! tmux or vim is missing.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use super::{Sandbox, data, sandbox};

fn has(program: &str) -> bool {
    Command::new(program).arg("-V").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
        || Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}

/// Says that a test cannot run here.
#[allow(clippy::print_stderr, reason = "what is not run must be seen")]
fn not_run(missing: &str) {
    eprintln!("NOT RUN: this test needs {missing} on PATH");
}

/// A tmux server of its own with one window, in which a shell runs in the sandbox.
struct Screen {
    socket: PathBuf,
}

impl Screen {
    fn of(sandbox: &Sandbox, programs: &[&str]) -> Option<Self> {
        if let Some(missing) = programs.iter().chain(&["tmux"]).find(|program| !has(program)) {
            not_run(missing);
            return None;
        }
        let screen = Self { socket: sandbox.root().join("tmux.sock") };
        let mut command = sandbox.command_of("tmux", &["-S"]);
        command.arg(&screen.socket).args(["-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "30", "sh"]);
        command.env("TERM", "xterm").env("LC_ALL", "C.UTF-8");
        assert!(command.status().expect("tmux starts").success());
        Some(screen)
    }

    fn tmux(&self, args: &[&str]) -> String {
        let output = Command::new("tmux").arg("-S").arg(&self.socket).args(args).output().expect("tmux");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn keys(&self, keys: &[&str]) {
        self.tmux(&[&["send-keys"], keys].concat());
    }

    fn shown(&self) -> String {
        self.tmux(&["capture-pane", "-p"])
    }

    /// Waits until the screen shows a text; a terminal has no other way to say that it is done.
    fn wait_for(&self, text: &str) -> String {
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let shown = self.shown();
            if shown.contains(text) {
                return shown;
            }
            assert!(Instant::now() < until, "{text:?} never came:\n{shown}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}

const KSECRET: &str = super::support::KSECRET;

#[test]
fn vim_edits_and_leaves_nothing_behind() {
    let mut sandbox = sandbox();
    sandbox.set_env("KUBE_EDITOR", "vim");
    // Everything that a careless configuration would write beside or elsewhere.
    std::fs::write(
        sandbox.root().join("home/.vimrc"),
        "set backup undofile backupdir=~ undodir=~ directory=~ viminfo='100,\\\"50,n~/.viminfo\n",
    )
    .expect("a vimrc");
    let Some(screen) = Screen::of(&sandbox, &["vim"]) else { return };
    screen.keys(&[&format!("{KSECRET} edit -d db; echo status=$?"), "Enter"]);
    screen.wait_for("user: admin");
    screen.keys(&[":%s/user: admin/user: root/", "Enter", ":wq", "Enter"]);
    let shown = screen.wait_for("status=0");
    assert!(shown.contains("secret/db edited"), "{shown}");
    assert_eq!(data(&sandbox, "db")["user"], "cm9vdA==");
    super::assert_no_marker(&sandbox, "");
    let left: Vec<_> = super::files_below(&sandbox.root().join("home")).into_iter().map(|(path, _)| path).collect();
    assert_eq!(left, [sandbox.root().join("home/.vimrc")]);
}

#[test]
fn ctrl_c_in_the_editor_is_the_editors() {
    let mut sandbox = sandbox();
    sandbox.set_env("KUBE_EDITOR", "vim");
    let Some(screen) = Screen::of(&sandbox, &["vim"]) else { return };
    screen.keys(&[&format!("{KSECRET} edit db; echo status=$?"), "Enter"]);
    screen.wait_for("user: YWRtaW4=");
    screen.keys(&["C-c"]);
    screen.keys(&[":s/^/# /", "Enter"]);
    screen.keys(&[":q!", "Enter"]);
    let shown = screen.wait_for("status=0");
    assert!(shown.contains("Edit cancelled, no changes made."), "{shown}");
}

#[test]
fn a_script_that_ctrl_c_ends_ends_the_edit() {
    let mut sandbox = sandbox();
    super::editor(&mut sandbox, "echo opened; exec sleep 1000");
    let Some(screen) = Screen::of(&sandbox, &[]) else { return };
    screen.keys(&[&format!("{KSECRET} edit db; echo status=$?"), "Enter"]);
    screen.wait_for("opened");
    screen.keys(&["C-c"]);
    screen.wait_for("status=130");
}

#[test]
fn the_terminal_is_as_it_was_after_a_killed_editor() {
    let mut sandbox = sandbox();
    super::editor(&mut sandbox, "stty raw -echo; kill -9 $$");
    let Some(screen) = Screen::of(&sandbox, &[]) else { return };
    screen.keys(&[&format!("stty -a > before; {KSECRET} edit db; stty -a > after; echo done"), "Enter"]);
    screen.wait_for("\ndone");
    let read = |name: &str| std::fs::read_to_string(sandbox.cwd().join(name)).expect("the settings");
    assert_eq!(read("before"), read("after"));
}

#[test]
fn confirming_is_asked_on_the_terminal() {
    let mut sandbox = sandbox();
    super::editor(&mut sandbox, "sed -i 's/user: admin/user: root/' \"$1\"");
    let Some(screen) = Screen::of(&sandbox, &[]) else { return };
    screen.keys(&[&format!("{KSECRET} edit -d db --confirm; echo status=$?"), "Enter"]);
    let shown = screen.wait_for("Save this?");
    assert!(shown.contains("secret/db: changed user (5 → 4 bytes)"), "{shown}");
    screen.keys(&["n"]);
    screen.wait_for("status=0");
    assert_eq!(data(&sandbox, "db")["user"], "YWRtaW4=");
    screen.keys(&["clear", "Enter", &format!("{KSECRET} edit --resume --confirm; echo status=$?"), "Enter"]);
    screen.wait_for("Save this?");
    screen.keys(&["y"]);
    screen.wait_for("secret/db edited");
    assert_eq!(data(&sandbox, "db")["user"], "cm9vdA==");
}

#[test]
fn a_screen_shows_no_control_characters_and_no_binary() {
    let sandbox = sandbox();
    sandbox.write("esc", b"a\x1b[2Jb\x07");
    sandbox.write("bin", [0u8, 0xff]);
    sandbox.ok(&["create", "generic", "n", "--from-file=esc", "--from-file=bin"]);
    let Some(screen) = Screen::of(&sandbox, &[]) else { return };
    screen.keys(&[
        &format!("{KSECRET} decode n esc; {KSECRET} decode n; {KSECRET} decode n bin; echo status=$?"),
        "Enter",
    ]);
    let shown = screen.wait_for("status=1");
    assert!(shown.contains("a^[[2Jb\\x07\n") && shown.contains("esc: \"a\\e[2Jb\\x07\""), "{shown}");
    assert!(
        shown.contains("bin: !binary-2-bytes\n") && shown.contains("error: the value is binary, 2 bytes"),
        "{shown}"
    );
}
