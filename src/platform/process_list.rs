//! The processes of the system, as the program `ps` shows them.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    os::unix::ffi::OsStrExt as _,
    path::Path,
    process::{Command, Stdio},
};

use crate::{Process, ProcessId};

/// By its path: the variable `PATH` does not choose what is told of processes.
const PS: &str = "/bin/ps";
/// All processes, with their environments behind their arguments.
const ENVIRONMENTS: &[&str] = if cfg!(target_os = "linux") { &["axeww"] } else { &["-axEww"] };
/// What is asked of a process: numbers, its state, and when it began.
const COLUMNS: &[&str] = &["pid", "ppid", "stat", "lstart"];

/// Returns the processes that run; marked are those that were started with the variable `name` set to `value`. There are
/// none if `ps` cannot be run.
pub fn processes(name: &str, value: &Path) -> Vec<Process> {
    let needle = [b" ", name.as_bytes(), b"=", value.as_os_str().as_bytes(), b" "].concat();
    let marked = environments(&needle);
    let mark = |process: Process| Process { marked: marked.contains(&process.id.pid), ..process };
    parse(&ask(&["-A"], COLUMNS)).into_iter().map(mark).collect()
}

/// Returns a process, unmarked, or `None` if it does not run.
pub fn process(pid: i32) -> Option<Process> {
    parse(&ask(&["-p", &pid.to_string()], COLUMNS)).pop()
}

/// Returns the numbers of the processes whose environments hold `needle`.
fn environments(needle: &[u8]) -> BTreeSet<i32> {
    let found = ask(ENVIRONMENTS, &["pid", "args"]);
    let lines = found.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_start);
    let process = |line: &[u8]| {
        let number = std::str::from_utf8(line.split(u8::is_ascii_whitespace).next()?).ok()?.parse().ok()?;
        let line = [line, b" "].concat();
        line.windows(needle.len()).any(|window| window == needle).then_some(number)
    };
    lines.filter_map(process).collect()
}

fn parse(lines: &[u8]) -> Vec<Process> {
    let lines = lines.split(|byte| *byte == b'\n').filter_map(|line| std::str::from_utf8(line).ok());
    lines.filter_map(parse_line).collect()
}

fn parse_line(line: &str) -> Option<Process> {
    let mut words = line.split_whitespace();
    let pid = words.next()?.parse().ok()?;
    let parent = words.next()?.parse().ok()?;
    if words.next()?.starts_with('Z') {
        return None;
    }
    // The time of its start, as words: only whether it is the same is asked.
    let mut began = DefaultHasher::new();
    words.collect::<Vec<_>>().hash(&mut began);
    Some(Process { id: ProcessId { pid, began: began.finish() }, parent, marked: false })
}

/// Returns what `ps` writes of these columns, without a header.
fn ask(which: &[&str], columns: &[&str]) -> Vec<u8> {
    let mut command = Command::new(PS);
    // Why the locale: names of months are in its language, and not all of them are UTF-8.
    command.args(which).env("LC_ALL", "C").stdin(Stdio::null()).stderr(Stdio::null());
    for column in columns {
        // Why one by one: in POSIX all behind the first equals sign is a header.
        command.arg("-o").arg(format!("{column}="));
    }
    command.output().map_or_else(|_| Vec::new(), |output| output.stdout)
}
