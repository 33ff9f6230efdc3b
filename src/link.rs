//! What the linker is told. Takes libgcc's unwinder from its archive where glibc is: the shared one costs a start a tenth of
//! its time, in relocations and in asking the processor what it is.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a build script asks and answers in these ways")]

fn main() {
    println!("cargo:rerun-if-changed=src/link.rs");
    if std::env::var("CARGO_CFG_TARGET_ENV").is_ok_and(|env| env == "gnu") {
        println!("cargo:rustc-link-lib=static:-bundle=gcc_eh");
    }
}
