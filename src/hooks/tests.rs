use std::{
    cell::RefCell,
    fs,
    path::Path,
    time::{Duration, Instant},
};

use platform::process;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use tokio::sync::Notify;

use super::{
    output::{KEPT, SHOWN},
    *,
};

const MINUTE: Duration = Duration::from_secs(60);

/// An environment with programs, whose working directory is `dir`.
fn env(dir: &Path) -> Env {
    Env::made([("PATH", "/usr/bin:/bin"), ("OWN", "kept")], dir.to_owned())
}

/// Why no file: one that was just written cannot be executed while another test forks.
fn script(text: &str, env: &Env) -> Hook {
    Hook::parse("--set", &shell_words::join(["sh", "-c", text]), env).unwrap()
}

fn entries<const N: usize>(entries: [(&str, &[u8]); N]) -> BTreeMap<String, Value> {
    entries.map(|(key, value)| (key.to_owned(), Value::new(value))).into()
}

/// What a script does with these entries, within this time.
struct Trial {
    dir: tempfile::TempDir,
    new: BTreeMap<String, Value>,
    current: BTreeMap<String, Value>,
    limit: Duration,
}

impl Trial {
    fn of(new: BTreeMap<String, Value>, current: BTreeMap<String, Value>) -> Self {
        Self { dir: tempfile::tempdir().unwrap(), new, current, limit: MINUTE }
    }

    fn plain() -> Self {
        Self::of(entries([("password", b"new-value")]), entries([("password", b"old-value")]))
    }

    async fn run(&self, text: &str) -> (Result<Ended>, Vec<String>) {
        let mut lines = Vec::new();
        let ended = self.say(text, &mut |line| lines.push(line.to_owned())).await;
        (ended, lines)
    }

    async fn say(&self, text: &str, say: &mut dyn FnMut(&str)) -> Result<Ended> {
        self.call(&script(text, &env(self.dir.path())), say).await
    }

    async fn call(&self, hook: &Hook, say: &mut dyn FnMut(&str)) -> Result<Ended> {
        let call = Call {
            rotation: "uid-1",
            step: "set",
            name: "db",
            namespace: "prod",
            token: "t-1",
            attempt: 2,
            new: &self.new,
            current: &self.current,
            limit: self.limit,
            env: &env(self.dir.path()),
        };
        hook.run(&call, say).await
    }

    fn read(&self, file: &str) -> Vec<u8> {
        fs::read(self.dir.path().join(file)).unwrap()
    }
}

/// Waits until a process has ended.
async fn gone(pid: i32) {
    let begun = Instant::now();
    while process(pid).is_some() {
        assert!(begun.elapsed() < MINUTE, "{pid} runs");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn values_come_from_two_pipes_whatever_their_size_and_bytes() {
    let long = "x".repeat(600_000);
    let trial = Trial::of(
        entries([("password", b"new-value"), ("long", long.as_bytes()), ("key", b"\xff\x00")]),
        entries([("password", b"old-value"), ("long", long.as_bytes())]),
    );
    // The second first: neither waits for the other.
    let (ended, lines) = trial.run("cat <&4 > current; cat <&3 > new").await;
    assert_eq!((ended, lines), (Ok(Ended::Done), vec![]));
    let read = |file: &str| serde_json::from_slice::<serde_json::Value>(&trial.read(file)).unwrap();
    assert_eq!(read("new"), json!({"password": "new-value", "long": long, "key": {"base64": "/wA="}}));
    assert_eq!(read("current"), json!({"password": "old-value", "long": long}));
}

/// Also if this process is killed as soon as the hook is started.
#[tokio::test]
async fn what_fits_into_the_pipes_is_there_before_the_hook_is() {
    let entries = entries([("password", b"new-value"), ("long", &[b'x'; 60_000])]);
    let (_rest, end) = feed(&entries).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut fs::File::from(end), &mut text).unwrap();
    assert!(text.ends_with("x\",\"password\":\"new-value\"}"), "{} bytes", text.len());
}

#[tokio::test]
async fn a_hook_need_not_read() {
    let long = entries([("long", "x".repeat(600_000).as_bytes())]);
    let trial = Trial::of(long.clone(), long);
    assert_eq!(trial.run("exit 0").await, (Ok(Ended::Done), vec![]));
    // It closes one, reads a little of the other, and goes on.
    let (ended, lines) = trial.run("exec 4<&-; head -c 5 <&3 >/dev/null; exec 3<&-; echo on").await;
    assert_eq!((ended, lines), (Ok(Ended::Done), vec!["set: on".to_owned()]));
}

#[tokio::test]
async fn the_environment_says_what_is_rotated_and_no_value() {
    let trial = Trial::plain();
    let mut lines = Vec::new();
    let hook = Hook::parse("--set", "env", &env(trial.dir.path())).unwrap();
    assert_eq!(trial.call(&hook, &mut |line| lines.push(line.to_owned())).await, Ok(Ended::Done));
    lines.sort();
    assert_eq!(
        lines,
        [
            "set: KSECRET_ATTEMPT=2",
            "set: KSECRET_NAME=db",
            "set: KSECRET_NAMESPACE=prod",
            "set: KSECRET_ROTATION=uid-1",
            "set: KSECRET_STEP=set",
            "set: KSECRET_TOKEN=t-1",
            "set: OWN=kept",
            "set: PATH=/usr/bin:/bin"
        ]
    );
    let (ended, lines) = trial.run("cat; echo $0 and no more: $#").await;
    assert_eq!((ended, lines), (Ok(Ended::Done), vec!["set: sh and no more: 0".to_owned()]));
}

#[tokio::test]
async fn the_exit_status_is_the_answer() {
    let trial = Trial::plain();
    for (text, ended) in [
        ("exit 0", Ended::Done),
        ("exit 75", Ended::Again),
        ("exit 2", Ended::Failed("exit status 2".into())),
        ("kill -9 $$", Ended::Failed("signal 9".into())),
    ] {
        assert_eq!(trial.run(text).await.0, Ok(ended), "{text}");
    }
}

#[tokio::test]
async fn output_is_told_line_by_line_without_values() {
    let key = "-----BEGIN KEY-----\nfirst-line-of-key\nsecond-line-of-key\n-----END KEY-----\n";
    let trial = Trial::of(
        entries([
            ("password", b"new-value"),
            ("key", key.as_bytes()),
            ("raw", b"\xfe\xffabcd\nraw-line"),
            ("pin", b"77"),
        ]),
        entries([("password", b"old-value"), ("odd", b"a\nthe-only-long-line")]),
    );
    let (ended, lines) = trial
        .run(concat!(
            "echo is new-value and old-value now; echo bmV3LXZhbHVl >&2; cat <&3; echo; echo second-line-of-key;",
            r"printf '\376\377abcd\n'; printf 'x raw-line y\r\n'; echo the-only-long-line; echo 77 days, \'77\'; printf end"
        ))
        .await;
    assert_eq!(ended, Ok(Ended::Done));
    let (errors, mut lines): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line == "set: <redacted>");
    assert_eq!(lines.remove(0), "set: is <redacted> and <redacted> now");
    let json = lines.remove(0);
    assert!(json.starts_with(r#"set: {"key":"<redacted>","password":"<redacted>","#), "{json}");
    assert_eq!(lines, ["set: x <redacted> y", "set: 77 days, '<redacted>'", "set: end"]);
    assert_eq!(errors.len(), 4);
}

#[tokio::test]
async fn lines_of_base64_are_no_values_either() {
    let value = (0..200_u8).map(|number| 33 + number % 90).collect::<Vec<_>>();
    let trial = Trial::of(entries([("long", &value)]), BTreeMap::new());
    let text = Value::new(value).to_base64();
    for width in [64, 76] {
        let lines = text.as_bytes().chunks(width).map(|line| String::from_utf8_lossy(line).into_owned());
        let (ended, said) = trial.run(&format!("echo {}", lines.collect::<Vec<_>>().join("; echo "))).await;
        assert_eq!(ended, Ok(Ended::Done));
        assert_eq!(said, vec!["set: <redacted>"; text.len().div_ceil(width)], "{width}");
    }
}

#[tokio::test]
async fn a_long_line_is_cut_and_shows_no_part_of_a_value() {
    let value = "0123456789abcdefghijklmnopqrstuvwxyz";
    let trial = Trial::of(entries([("password", value.as_bytes())]), BTreeMap::new());
    // The value lies across each of the ends at which the line may be cut.
    for fill in (SHOWN - 40..SHOWN + 4).chain(KEPT - 40..KEPT + 4).step_by(3) {
        let text = format!(
            "head -c {fill} /dev/zero | tr '\\0' . ; printf {value}; head -c 99999 /dev/zero | tr '\\0' .; echo; echo on"
        );
        let (ended, lines) = trial.run(&text).await;
        assert_eq!(ended, Ok(Ended::Done));
        assert_eq!(lines.len(), 2, "{fill}");
        assert!(lines[0].len() <= SHOWN + 5 && !lines[0].contains("01"), "{fill}: {}", &lines[0][SHOWN - 40..]);
        assert_eq!(lines[1], "set: on");
    }
}

#[tokio::test]
async fn the_end_of_the_time_ends_all_that_was_started() {
    let mut trial = Trial::plain();
    trial.limit = Duration::from_millis(300);
    // One that ends when it is asked may say something.
    let (ended, lines) = trial.run("trap 'echo bye; exit 0' TERM; sleep 1000 & wait").await;
    assert_eq!((ended, lines), (Ok(Ended::Failed("no end within 300ms".into())), vec!["set: bye".to_owned()]));
    // Neither the hook nor its child ends when it is asked.
    let (ended, lines) = trial.run("trap '' TERM; sleep 1000 & echo $! $$; wait").await;
    assert_eq!(ended, Ok(Ended::Failed("no end within 300ms".into())));
    let pids = lines[0].strip_prefix("set: ").unwrap().split(' ').map(|pid| pid.parse::<i32>().unwrap());
    for pid in pids {
        gone(pid).await;
    }
}

#[tokio::test]
async fn a_stopped_hook_ends_too() {
    let mut trial = Trial::plain();
    trial.limit = Duration::from_millis(300);
    let (ended, lines) = trial.run("trap 'echo bye; exit 0' TERM; kill -STOP $$; sleep 1000").await;
    assert_eq!((ended, lines), (Ok(Ended::Failed("no end within 300ms".into())), vec!["set: bye".to_owned()]));
}

#[tokio::test]
async fn dropping_the_future_ends_all_that_was_started() {
    for ignores in ["", "trap '' TERM; "] {
        let trial = Trial::plain();
        let (pids, started) = (RefCell::new(Vec::new()), Notify::new());
        let mut say = |line: &str| {
            pids.borrow_mut().extend(line.split(' ').filter_map(|pid| pid.parse::<i32>().ok()));
            started.notify_one();
        };
        let text = format!("{ignores}sleep 1000 & echo $! $$; wait");
        select! {
            ended = trial.say(&text, &mut say) => panic!("{ended:?}"),
            () = started.notified() => {}
        }
        end_dropped().await;
        assert_eq!(pids.borrow().len(), 2);
        for pid in pids.into_inner() {
            gone(pid).await;
        }
    }
}

#[tokio::test]
async fn hooks_of_a_process_that_was_killed_are_ended() {
    let start = |rotation: &str, text: &str| {
        let mut command = Command::new("sh");
        command.args(["-c", text]).env(strays::ROTATION, rotation).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut output = io::BufReader::new(child.stdout.take().unwrap());
        io::BufRead::read_line(&mut output, &mut String::new()).unwrap();
        child
    };
    let rotation = format!("stray-{}", std::process::id());
    let mut strays =
        [start(&rotation, "echo; exec sleep 1000"), start(&rotation, "trap '' TERM; echo; while :; do sleep 1; done")];
    let other = start(&format!("{rotation}-2"), "echo; exec sleep 1000");
    let service = start(&rotation, "exec setsid sh -c 'echo; exec sleep 1000'");
    end_strays(&rotation).await;
    for stray in &mut strays {
        assert!(stray.wait().unwrap().signal().is_some());
    }
    for mut other in [other, service] {
        assert_eq!(other.try_wait().unwrap(), None);
        other.kill().unwrap();
        other.wait().unwrap();
    }
}

#[tokio::test]
async fn a_process_that_is_left_running_keeps_no_one_waiting() {
    let begun = Instant::now();
    let (ended, lines) = Trial::plain().run("sleep 1000 & echo $!").await;
    assert_eq!(ended, Ok(Ended::Done));
    assert!(begun.elapsed() < MINUTE);
    let pid = lines[0].strip_prefix("set: ").unwrap().parse().unwrap();
    // It was not asked to end: the hook ended well.
    kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL).unwrap();
    gone(pid).await;
}

#[tokio::test]
async fn a_program_that_cannot_be_started_is_an_error() {
    let trial = Trial::plain();
    let env = env(trial.dir.path());
    // Written by another process: see `script`.
    let made = r"printf '#!/bin/sh\n' > gone; chmod +x gone";
    assert_eq!(trial.run(made).await.0, Ok(Ended::Done));
    let hook = Hook::parse("--set", "./gone", &env).unwrap();
    fs::remove_file(trial.dir.path().join("gone")).unwrap();
    let error = hook.output(&env, MINUTE).await.unwrap_err();
    assert_eq!(error.lines(), ["error: --set: cannot start \"./gone\": no such file or directory"]);
    assert_eq!(trial.call(&hook, &mut |_| {}).await.unwrap_err(), error);
}

#[tokio::test]
async fn words_are_split_without_a_shell_and_the_program_is_found_first() {
    let trial = Trial::plain();
    let env = env(trial.dir.path());
    let made = r"printf x > plain; mkdir dir; printf '#! /nonexistent/sh -e\n' > bad; printf 'echo\n' > text; chmod +x bad text";
    assert_eq!(trial.run(made).await.0, Ok(Ended::Done));
    let hook = Hook::parse("--set", "printf '%s|' a 'b c' $(id) ; > \"d\"", &env).unwrap();
    assert_eq!(hook.text(), "printf '%s|' a 'b c' $(id) ; > \"d\"");
    assert_eq!(hook.output(&env, MINUTE).await.unwrap().expose_text(), Some("a|b c|$(id)|;|>|d|"));
    for (text, why) in [
        ("", "it names no program"),
        ("  ", "it names no program"),
        ("'' x", "it names no program"),
        ("sh 'x", "a quote in it is not closed"),
        ("no-such-program x", "the program \"no-such-program\" is not on PATH"),
        ("./absent", "the program \"./absent\" does not exist"),
    ] {
        let error = Hook::parse("--set", text, &env).unwrap_err();
        assert_eq!(error.lines(), [format!("error: --set: {why}")], "{text:?}");
    }
    for (text, why) in [
        ("./plain", "is not executable: "),
        ("./dir", "is a directory: "),
        ("./bad", "names an interpreter that is not executable: /nonexistent/sh"),
        ("./text", "is a script without a first line like #!/bin/sh"),
    ] {
        let error = Hook::parse("--set", text, &env).unwrap_err();
        assert!(error.lines()[0].contains(why), "{error}");
    }
}

#[tokio::test]
async fn the_output_of_a_program_is_a_value() {
    let dir = tempfile::tempdir().unwrap();
    let env = env(dir.path());
    let output = async |text: &str, limit| script(text, &env).output(&env, limit).await;
    let value = output("printf 'a\\n\\n'; sleep 1000 & echo $! > pid", MINUTE).await.unwrap();
    assert_eq!(value.expose(), b"a\n");
    let pid = fs::read_to_string(dir.path().join("pid")).unwrap().trim().parse().unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), Signal::KILL).unwrap();
    let most = MAX_SECRET_SIZE;
    assert_eq!(output(&format!("head -c {most} /dev/zero"), MINUTE).await.unwrap().len(), most);
    for (text, limit, why) in [
        ("echo x; exit 3", MINUTE, "exit status 3"),
        ("echo", MINUTE, "it writes nothing"),
        ("yes", MINUTE, "it writes more than a Secret holds"),
        ("echo x; sleep 1000", Duration::from_millis(300), "no end within 300ms"),
    ] {
        let error = output(text, limit).await.unwrap_err();
        assert_eq!(error.lines(), [format!("error: --set: \"sh\" failed: {why}")]);
    }
}
