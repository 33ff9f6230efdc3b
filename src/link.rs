//! What the linker is told where glibc is, so that a start takes less.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a build script asks and answers in these ways")]

use std::{env, process::Command};

/// The first glibc that reads packed relocations. An older one refuses to start a program that has them.
const PACKED: (u32, u32) = (2, 36);

fn main() {
    println!("cargo:rerun-if-changed=src/link.rs");
    if env::var("CARGO_CFG_TARGET_ENV").is_ok_and(|env| env == "gnu") {
        // libgcc's unwinder from its archive: the shared one takes a tenth of a start, in relocations and in asking the
        // processor what it is.
        println!("cargo:rustc-link-lib=static:-bundle=gcc_eh");
        if env::var("HOST") == env::var("TARGET") && glibc().is_some_and(|version| version >= PACKED) {
            println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
        }
    }
}

/// Returns the version of this machine's glibc.
fn glibc() -> Option<(u32, u32)> {
    let output = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (major, minor) = text.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.split('.').next()?.parse().ok()?))
}
