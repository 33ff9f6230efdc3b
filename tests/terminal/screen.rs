//! A terminal: tmux, with a shell in the sandbox.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    path::PathBuf,
    process::Command,
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use crate::support::Sandbox;

/// A tmux server of its own with one window.
pub struct Screen {
    socket: PathBuf,
}

impl Screen {
    pub fn of(sandbox: &Sandbox) -> Self {
        Self::with(sandbox, &["sh"])
    }

    /// The same, with another shell.
    pub fn with(sandbox: &Sandbox, shell: &[&str]) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let screen = Self { socket: sandbox.root().join(format!("tmux-{number}.sock")) };
        let mut command = sandbox.command_of("tmux", &["-S"]);
        command.arg(&screen.socket).args(["-f", "/dev/null", "new-session", "-d", "-x", "150", "-y", "40"]).args(shell);
        command.env("TERM", "xterm").env("LC_ALL", "C.UTF-8");
        assert!(command.status().expect("tmux starts").success());
        screen
    }

    fn tmux(&self, args: &[&str]) -> String {
        let output = Command::new("tmux").arg("-S").arg(&self.socket).args(args).output().expect("tmux");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Types keys: text, or tmux's names of them.
    pub fn keys(&self, keys: &[&str]) {
        self.tmux(&[&["send-keys"], keys].concat());
    }

    /// Waits until the screen shows a text; a terminal has no other way to say that it is done. What is typed is on the
    /// screen as well, so `status=` must be followed by a number.
    pub fn wait_for(&self, text: &str) -> String {
        self.wait(text, |shown| match text {
            "status=" => shown.lines().any(|line| line.starts_with("status=")),
            text => shown.contains(text),
        })
    }

    /// Waits until what the screen shows is as wanted; `what` is that in words.
    pub fn wait(&self, what: &str, done: impl Fn(&str) -> bool) -> String {
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            let shown = self.tmux(&["capture-pane", "-p", "-J"]);
            if done(&shown) {
                return shown;
            }
            assert!(Instant::now() < until, "{what:?} never came:\n{shown}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Runs a command line to its end; what the screen shows then, with `status=N` on its last line.
    pub fn run(&self, command: &str) -> String {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let end = format!("end-{} ", NEXT.fetch_add(1, Ordering::Relaxed));
        self.keys(&[&format!("clear; {command}; echo \"{end}status=$?\""), "Enter"]);
        self.wait(&end, |shown| shown.lines().any(|line| line.starts_with(&end)))
    }

    /// Runs a command line on a terminal that `script` makes inside this one, and gives what was written to it, byte for
    /// byte.
    pub fn raw(&self, sandbox: &Sandbox, command: &str) -> Vec<u8> {
        let file = sandbox.script("line", &format!("#!/bin/sh\n{command}\n"));
        let done = sandbox.cwd().join("typescript");
        let _ = fs::remove_file(&done);
        let shown = self.run(&format!(
            "TERM=${{TERM:-xterm}} script -q -e -E never -O typescript -c {file} </dev/null >/dev/null 2>&1"
        ));
        let bytes = fs::read(&done).unwrap_or_else(|error| panic!("no typescript ({error}):\n{shown}"));
        // The first and the last line are script's own.
        let start = bytes.iter().position(|b| *b == b'\n').map_or(0, |at| at + 1);
        let body = bytes.get(start..).unwrap_or_default();
        let end = body.windows(14).rposition(|w| w == b"\nScript done o").unwrap_or(body.len());
        body.get(..end).unwrap_or_default().to_vec()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}

/// A server that answers every request with a body made of its head; its URL. It ends with the process.
pub fn answering(body: impl Fn(&str) -> String + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut reader = BufReader::new(stream.try_clone().expect("the connection"));
            let mut head = String::new();
            while reader.read_line(&mut head).is_ok_and(|n| n > 2) {}
            let body = body(&head);
            let code = if body.contains("\"Failure\"") { "400 Bad Request" } else { "200 OK" };
            let _ = write!(
                stream,
                "HTTP/1.1 {code}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    format!("http://{address}")
}
