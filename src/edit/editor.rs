//! Which editor to run, with which arguments.
//!
//! `KUBE_EDITOR`, `EDITOR`, then `vi`, as kubectl. The variable is split into words as a shell splits them, but no
//! shell is run; our file is always the last argument. Arguments turn off what vim, nano and emacs would write
//! elsewhere (swap, undo, backups, history).

use go::quote::quote;
use std::{
    ffi::OsString,
    fs::{self, File},
    path::{Path, PathBuf},
};

use crate::{
    context::{Env, Terminals},
    error::{Error, Result},
};

/// The program, its own words, and how messages name it.
pub struct Editor {
    words: Vec<String>,
    /// Whether a variable names the editor. If none does, it is `vi`, which needs a terminal.
    configured: bool,
    family: Family,
}

/// Editors whose side files can be prevented by arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Vim,
    Nano,
    Emacs,
    Other,
}

impl Editor {
    /// Finds the editor. If the quotes of the variable do not close, the error is kubectl's for an editor that failed.
    pub fn of(env: &Env) -> Result<Self> {
        let typed = ["KUBE_EDITOR", "EDITOR"].into_iter().find_map(|name| {
            let typed = env.var_os(name).filter(|typed| !typed.is_empty())?;
            Some(typed.to_str().ok_or_else(|| Error::new(format!("the value of {name} is not valid UTF-8"))))
        });
        let typed = typed.transpose()?;
        let words = match typed {
            None => vec!["vi".to_owned()],
            Some(text) => words_of(text, env)?,
        };
        let family = family_of(words.first().map_or("", String::as_str), env);
        Ok(Self { words, configured: typed.is_some(), family })
    }

    /// Returns whether no variable names an editor, so that it is `vi`, which needs a terminal.
    pub fn is_default(&self) -> bool {
        !self.configured
    }

    /// Returns the program and its arguments, our file last. `dir` is the private directory, for side files whose place
    /// can be chosen but which cannot be turned off.
    pub fn command(&self, dir: &Path, file: &Path) -> (String, Vec<OsString>) {
        let (program, own) = self.words.split_first().map_or(("vi", &[][..]), |(first, rest)| (first.as_str(), rest));
        let mut args: Vec<OsString> = Vec::new();
        match self.family {
            // Why both: `-c` runs after the user's vimrc, which may have turned these on; `--cmd` runs before the
            // modelines of the file are read.
            Family::Vim => args.extend(
                [
                    "-n",
                    "-i",
                    "NONE",
                    "--cmd",
                    "set nomodeline",
                    "-c",
                    "set nobackup nowritebackup noswapfile noundofile",
                ]
                .map(Into::into),
            ),
            // nano has no option against backups, only one for their directory.
            Family::Nano => args.extend(["-C".into(), dir.into()]),
            Family::Emacs => args.extend(
                ["--eval", "(setq make-backup-files nil auto-save-default nil create-lockfiles nil)"].map(Into::into),
            ),
            Family::Other => {}
        }
        args.extend(own.iter().map(Into::into));
        args.push(file.into());
        (program.to_owned(), args)
    }

    /// Returns advice if this is a graphical editor that returns before the file is edited.
    pub fn returns_at_once(&self) -> Option<String> {
        let (program, own) = self.words.split_first()?;
        let name = file_name(program);
        if matches!(name, "open" | "xdg-open" | "gio") {
            return Some(format!(
                "\"{name}\" does not wait until the file is closed: set KUBE_EDITOR to an editor that does"
            ));
        }
        if name == "emacsclient" {
            let away = own.iter().any(|word| matches!(word.as_str(), "-n" | "--no-wait"));
            return away.then(|| "\"emacsclient -n\" returns at once: leave out -n in KUBE_EDITOR".to_owned());
        }
        let (_, flags) = WAITING.iter().find(|(names, _)| names.contains(&name))?;
        if own.iter().any(|word| flags.contains(&word.as_str())) {
            return None;
        }
        let flag = flags.first()?;
        Some(format!("\"{name}\" returns at once unless told to wait: set KUBE_EDITOR=\"{} {flag}\"", self.named()))
    }

    /// Returns kubectl's error for an editor that could not be started (`found` is false if the program is not on PATH)
    /// or that failed.
    pub fn failure(&self, found: bool) -> Error {
        let what = if found { "there was a problem with" } else { "unable to launch" };
        Error::new(format!("{what} the editor {}", quote(&self.named())))
    }

    fn named(&self) -> String {
        self.words.join(" ")
    }
}

/// Graphical editors, and for each the flags that make it wait for the file to be closed.
const WAITING: [(&[&str], &[&str]); 7] = [
    (
        &[
            "code",
            "code-insiders",
            "codium",
            "vscodium",
            "cursor",
            "windsurf",
            "subl",
            "sublime_text",
            "atom",
            "mate",
            "bbedit",
        ],
        &["--wait", "-w"],
    ),
    (&["zed", "zeditor", "zedit"], &["--wait", "-w"]),
    (&["gedit", "xed", "pluma"], &["--wait", "-w"]),
    (&["kate"], &["--block", "-b"]),
    (&["gvim", "mvim", "gview"], &["--nofork", "-f"]),
    (&["idea", "pycharm", "goland", "webstorm", "clion", "rider", "rustrover", "phpstorm"], &["--wait"]),
    (&["nova"], &["--wait", "-w"]),
];

/// Splits the variable as kubectl does: one word if it has no space; at single spaces if it has no quotes; else as a
/// shell does. Why no shell: kubectl runs `$SHELL -c`, which would also run `;` and `$(…)`.
fn words_of(text: &str, env: &Env) -> Result<Vec<String>> {
    if !text.contains(' ') || is_file(text, env) {
        return Ok(vec![text.to_owned()]);
    }
    let words = if text.contains(['"', '\'', '\\']) {
        shell_words::split(text).map_err(|_| {
            Error::new(format!("there was a problem with the editor {}", quote(text)))
                .hint("a quote in it is not closed")
        })?
    } else {
        text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    match words.is_empty() {
        true => Err(Error::new(format!("unable to launch the editor {}", quote(text)))),
        false => Ok(words),
    }
}

/// Returns whether the whole text is the path of a program, spaces included.
fn is_file(text: &str, env: &Env) -> bool {
    text.contains('/') && env.cwd().join(text).is_file()
}

fn family_of(program: &str, env: &Env) -> Family {
    let named = family_by_name(file_name(program));
    if named != Family::Other {
        return named;
    }
    // `vi` and `editor` are links to what the system chose.
    let real = which(program, env).and_then(|path| fs::canonicalize(path).ok());
    real.as_deref().and_then(Path::file_name).and_then(|name| name.to_str()).map_or(Family::Other, family_by_name)
}

fn family_by_name(name: &str) -> Family {
    let stem = name.split('.').next().unwrap_or(name);
    match stem {
        "vim" | "nvim" | "gvim" | "mvim" | "rvim" | "vimx" => Family::Vim,
        "nano" | "rnano" => Family::Nano,
        _ if stem == "emacs" || stem.starts_with("emacs-") => Family::Emacs,
        _ => Family::Other,
    }
}

fn file_name(program: &str) -> &str {
    program.rsplit('/').next().unwrap_or(program)
}

/// Returns the path of a program that is found by `PATH`.
fn which(program: &str, env: &Env) -> Option<PathBuf> {
    if program.contains('/') {
        return Some(env.cwd().join(program));
    }
    std::env::split_paths(env.var_os("PATH")?).map(|dir| env.cwd().join(dir).join(program)).find(|path| path.is_file())
}

/// Returns whether the editor has a terminal to draw on.
pub fn has_terminal(terminals: &Terminals) -> bool {
    terminals.stdout && (terminals.stdin || controlling_terminal().is_some())
}

/// Opens the controlling terminal, for an editor whose standard input would otherwise be a pipe that was read already.
pub(super) fn controlling_terminal() -> Option<File> {
    File::options().read(true).write(true).open("/dev/tty").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn editor(text: &str) -> Result<Editor> {
        Editor::of(&Env::made([("KUBE_EDITOR", text)], "/nowhere".into()))
    }

    fn words(text: &str) -> Vec<String> {
        let (program, args) = editor(text).unwrap().command(Path::new("/private"), Path::new("/private/f"));
        std::iter::once(program).chain(args.into_iter().map(|arg| arg.into_string().unwrap())).collect()
    }

    #[test]
    fn the_variables_in_kubectls_order() {
        let of = |vars: &[(&str, &str)]| {
            let editor = Editor::of(&Env::made(vars.iter().copied(), "/".into())).unwrap();
            (editor.named(), editor.is_default())
        };
        assert_eq!(of(&[("KUBE_EDITOR", "a"), ("EDITOR", "b")]), ("a".into(), false));
        assert_eq!(of(&[("KUBE_EDITOR", ""), ("EDITOR", "b")]), ("b".into(), false));
        assert_eq!(of(&[]), ("vi".into(), true));
    }

    #[test]
    fn words_are_split_and_never_run() {
        assert_eq!(words("ed -x --y"), ["ed", "-x", "--y", "/private/f"]);
        assert_eq!(words("'/my ed/it' \"a b\" c\\ d"), ["/my ed/it", "a b", "c d", "/private/f"]);
        assert_eq!(words("'ed' ; $(id) `id` > x"), ["ed", ";", "$(id)", "`id`", ">", "x", "/private/f"]);
        assert_eq!(words("ed -- other"), ["ed", "--", "other", "/private/f"]);
        assert_eq!(words("no\"spaces"), ["no\"spaces", "/private/f"]);
    }

    #[test]
    fn an_open_quote_is_an_error() {
        let error = editor("ed 'x").err().unwrap();
        assert_eq!(error.lines(), ["error: there was a problem with the editor \"ed 'x\""]);
    }

    #[test]
    fn a_path_with_spaces_that_exists_is_one_word() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("my editor");
        fs::write(&path, "").unwrap();
        let path = path.to_str().unwrap();
        assert_eq!(words(path), [path, "/private/f"]);
    }

    #[test]
    fn side_files_are_turned_off_before_the_users_own_words() {
        let vim = words("/usr/bin/vim -- x");
        assert_eq!(vim[..4], ["/usr/bin/vim", "-n", "-i", "NONE"]);
        assert_eq!(vim[vim.len() - 3..], ["--", "x", "/private/f"]);
        assert_eq!(words("nano -w"), ["nano", "-C", "/private", "-w", "/private/f"]);
        assert_eq!(words("emacs -nw")[1], "--eval");
        assert_eq!(words("emacsclient"), ["emacsclient", "/private/f"]);
    }

    #[test]
    fn vi_is_vim_where_the_link_says_so() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("vim.basic"), "").unwrap();
        std::os::unix::fs::symlink("vim.basic", dir.path().join("vi")).unwrap();
        let env = Env::made([("PATH", dir.path().as_os_str().to_owned())], "/".into());
        assert_eq!(family_of("vi", &env), Family::Vim);
        assert_eq!(family_of("ed", &env), Family::Other);
    }

    #[test]
    fn graphical_editors_that_do_not_wait_are_known() {
        let hint = |text: &str| editor(text).unwrap().returns_at_once();
        assert_eq!(
            hint("code -n").as_deref(),
            Some("\"code\" returns at once unless told to wait: set KUBE_EDITOR=\"code -n --wait\"")
        );
        assert_eq!(hint("/usr/bin/code --wait"), None);
        assert!(hint("gvim").unwrap().contains("--nofork"));
        assert!(hint("emacsclient -n").is_some());
        assert!(hint("xdg-open").is_some());
        assert_eq!(hint("emacsclient"), None);
        assert_eq!(hint("vim"), None);
    }
}
