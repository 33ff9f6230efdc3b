"""The two binaries: one of the machine's own target, and on Linux a static one."""

import os
import subprocess
from pathlib import Path

from . import source
from .source import Failure, TOP, need, output, say


def static_target():
    """Returns the target whose binary goes into archives and images.

    On Linux that is musl, linked statically. Why not glibc with `+crt-static`: its `getaddrinfo` loads the modules that
    the machine's nsswitch.conf names, and ends with SIGFPE where they belong to another version of glibc.
    """
    host = source.host()
    return host.replace("-linux-gnu", "-linux-musl")


def dynamic():
    """Builds the binary of this machine's target, which the package for Debian has. Returns its path."""
    return build(source.host(), {}, [])


def static():
    """Builds the binary for archives and images. Returns its path."""
    target = static_target()
    if not target.endswith("-musl"):
        return build(target, {}, [])
    need("musl-gcc")
    output("rustup", "target", "add", target, stderr=subprocess.DEVNULL)
    # The relocations of a binary that can be loaded anywhere, in a sixtieth of the space. Why not in the dynamic one: glibc
    # knows this form since 2.36 only.
    return build(target, {f"CC_{target.replace('-', '_')}": "musl-gcc"}, ["-Clink-arg=-Wl,-z,pack-relative-relocs", *lld()])


def lld():
    """Returns the flags that link by the LLD which comes with Rust, if it is there.

    Rust takes it by itself for glibc only. It makes the binary 1.2 MB smaller (`src/link.rs`).
    """
    found = Path(output("rustc", "--print", "sysroot").strip()) / "lib/rustlib" / source.host() / "bin/gcc-ld"
    return [f"-Clink-arg=-B{found}", "-Clink-arg=-fuse-ld=lld"] if (found / "ld.lld").exists() else []


def without_paths():
    """Returns the flags of rustc that keep this machine's paths out of a binary."""
    crates = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo") / "registry/src"
    return [f"--remap-path-prefix={crates}=crates", f"--remap-path-prefix={TOP}=ksecret"]


def build(target, environment, flags):
    """Builds for a target, in a directory of its own. Why: with other flags cargo would build all anew each time."""
    say(f"building for {target} (release)")
    environment = {**os.environ, **environment, "CARGO_ENCODED_RUSTFLAGS": "\x1f".join(without_paths() + flags)}
    if subprocess.run(["cargo", "build", "--release", "--locked", "--target", target], cwd=TOP, env=environment).returncode:
        raise Failure("the build failed")
    return TOP / f"target/{target}/release/ksecret"
