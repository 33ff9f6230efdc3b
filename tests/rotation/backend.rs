//! A backend of the tests' own: a directory for each Secret, with the passwords that it accepts, and hooks that change it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The program of all hooks. It notes each call, kills the process that called it where the file `kill` says so (`NUMBER
/// PLACE THEN`, where the hook then `dies` too, `lives`, or `waits` for a file `go`), and fails at a step that the file `fails`
/// names. If there is a file `holds`, `set` waits for `go`.
const HOOK: &str = r#"#!/bin/sh
cd "$BACKENDS/$KSECRET_NAME" || exit 1
value() { sed -n 's/.*"password":"\([^"]*\)".*/\1/p'; }
new=$(value <&3)
current=$(value <&4)
echo "$KSECRET_STEP $KSECRET_TOKEN $new" >> calls
number=$(wc -l < calls)
at() {
    read -r n place then < kill || return 0
    if [ "$n $place" = "$number $1" ]; then
        rm kill
        kill -9 $PPID
        case $then in
            dies) exit 1 ;;
            waits)
                echo $$ > stray
                until [ -e go ]; do sleep 0.02; done ;;
        esac
    fi
} 2>/dev/null
change() {
    at middle
    mv accepted.$$ accepted
    at end
}
at begin
if [ "$KSECRET_STEP" = set ] && [ -e holds ]; then
    until [ -e go ]; do sleep 0.02; done
fi
case $KSECRET_STEP in
    set)
        if ! grep -qx "$new" accepted; then
            { cat accepted; echo "$new"; } > accepted.$$
            change
        fi ;;
    revoke)
        grep -vx "$current" accepted > accepted.$$
        change ;;
    undo)
        grep -vx "$new" accepted > accepted.$$
        change ;;
    verify)
        at middle
        grep -qx "$new" accepted
        knows=$?
        at end
        [ $knows = 0 ] || exit 1 ;;
esac
case " $(cat fails 2>/dev/null) " in *" $KSECRET_STEP "*) echo "as it was told" >&2; exit 9 ;; esac
exit 0
"#;

/// The backends of a sandbox.
pub struct Backends {
    dir: PathBuf,
    hook: String,
}

/// A call of a hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub step: String,
    pub token: String,
    /// The password on descriptor 3.
    pub new: String,
}

impl Backends {
    /// Makes them below a directory, with the program that `script` makes.
    pub fn below(dir: &Path, script: impl FnOnce(&str) -> String) -> Self {
        let dir = dir.join("backends");
        fs::create_dir(&dir).expect("a directory");
        let hook = script(HOOK);
        Self { dir, hook }
    }

    /// The variable that the hooks read, and its value.
    pub fn variable(&self) -> (&'static str, String) {
        ("BACKENDS", self.dir.to_string_lossy().into_owned())
    }

    /// The program of all hooks.
    pub fn hook(&self) -> &str {
        &self.hook
    }

    /// Makes the backend of a Secret.
    pub fn add(&self, name: &str, accepted: &str) {
        fs::create_dir(self.dir.join(name)).expect("a backend");
        self.write(name, "accepted", &format!("{accepted}\n"));
    }

    /// Writes a file of a backend.
    pub fn write(&self, name: &str, file: &str, text: &str) {
        fs::write(self.dir.join(name).join(file), text).expect("a file");
    }

    /// The number of a hook that waits.
    pub fn stray(&self, name: &str) -> Option<i32> {
        fs::read_to_string(self.dir.join(name).join("stray")).ok()?.trim().parse().ok()
    }

    /// The passwords that it accepts.
    pub fn accepted(&self, name: &str) -> BTreeSet<String> {
        let text = fs::read_to_string(self.dir.join(name).join("accepted")).expect("what is accepted");
        text.lines().map(str::to_owned).collect()
    }

    /// The calls of its hooks.
    pub fn calls(&self, name: &str) -> Vec<Call> {
        let text = fs::read_to_string(self.dir.join(name).join("calls")).unwrap_or_default();
        let call = |line: &str| {
            let mut words = line.split(' ').map(str::to_owned);
            let mut word = || words.next().unwrap_or_default();
            Call { step: word(), token: word(), new: word() }
        };
        text.lines().map(call).collect()
    }
}
