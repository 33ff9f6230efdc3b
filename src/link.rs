//! What the linker is told, so that a start takes less; and, in a release, what a small program can do without.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a build script asks and answers in these ways")]

use std::{
    env, fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

/// The first glibc that reads packed relocations. An older one refuses to start a program that has them.
const PACKED: (u32, u32) = (2, 36);

fn main() {
    println!("cargo:rerun-if-changed=src/link.rs");
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if env::var("CARGO_CFG_TARGET_ENV").is_ok_and(|env| env == "gnu") {
        // libgcc's unwinder from its archive: the shared one takes a tenth of a start, in relocations and in asking the
        // processor what it is.
        println!("cargo:rustc-link-lib=static:-bundle=gcc_eh");
        if env::var("HOST") == env::var("TARGET") && glibc().is_some_and(|version| version >= PACKED) {
            println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
        }
        if !is_release {
            // A debug build that is loaded where it was linked for: its 350 pages of relocations took a quarter of a start.
            println!("cargo:rustc-link-arg-bins=-no-pie");
        }
    }
    // Not in a debug build: there a panic unwinds, and links are many.
    if is_release {
        let script = Path::new(&env::var_os("OUT_DIR").unwrap_or_default()).join("unwind.ld");
        let written = fs::write(&script, UNWIND).is_ok();
        for argument in [FOLD.to_owned(), format!("-Wl,-T,{}", script.display())] {
            if written && links_with(&argument) {
                println!("cargo:rustc-link-arg-bins={argument}");
            }
        }
    }
}

/// Folds functions that are the same: generic code that was compiled for types of one shape, 270 KB. Nothing here or in SQLite
/// compares the addresses of two functions that could be the same. LLD knows it, which is what links for Linux on x86-64
/// since Rust 1.90.
const FOLD: &str = "-Wl,--icf=all";

/// Leaves out how a stack is unwound, 780 KB: a panic ends the process without that, and a backtrace would have no names.
const UNWIND: &str =
    "SECTIONS { /DISCARD/ : { *(.eh_frame .eh_frame.* .gcc_except_table .gcc_except_table.*) } } INSERT AFTER .text;\n";

/// Returns whether the linker of this build takes an argument: it is tried.
fn links_with(argument: &str) -> bool {
    let (Ok(rustc), Ok(target), Ok(out)) = (env::var("RUSTC"), env::var("TARGET"), env::var("OUT_DIR")) else {
        return false;
    };
    let mut command = Command::new(rustc);
    command.args([
        "-",
        "--crate-name=probe",
        "-Cpanic=abort",
        "--target",
        &target,
        "-C",
        &format!("link-arg={argument}"),
        "-o",
    ]);
    command.arg(Path::new(&out).join("probe"));
    if let Ok(linker) = env::var("RUSTC_LINKER") {
        command.args(["-C", &format!("linker={linker}")]);
    }
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    command.args(flags.split('\x1f').filter(|flag| !flag.is_empty()));
    let child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let Ok(mut child) = child else { return false };
    let written = child.stdin.take().is_some_and(|mut stdin| stdin.write_all(b"fn main() {}").is_ok());
    child.wait().is_ok_and(|status| status.success()) && written
}

/// Returns the version of this machine's glibc.
fn glibc() -> Option<(u32, u32)> {
    let output = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (major, minor) = text.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.split('.').next()?.parse().ok()?))
}
