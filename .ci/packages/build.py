"""The binary that is published: a static one on Linux, elsewhere that of the machine's own target."""

import os
import subprocess
from pathlib import Path

from . import source
from .source import Failure, TOP, need, output, say


def target():
    """Returns the target whose binary goes into all that is published.

    On Linux that is musl, linked statically. Why not glibc with `+crt-static`: its `getaddrinfo` loads the modules that
    the machine's nsswitch.conf names, and ends with SIGFPE where they belong to another version of glibc.
    """
    host = source.host()
    return host.replace("-linux-gnu", "-linux-musl")


def binary():
    """Builds the binary. Returns its path."""
    wanted = target()
    if not wanted.endswith("-musl"):
        return build(wanted, {}, [])
    need("musl-gcc")
    output("rustup", "target", "add", wanted, stderr=subprocess.DEVNULL)
    # The relocations of a binary that can be loaded anywhere, in a sixtieth of the space.
    return build(wanted, {f"CC_{wanted.replace('-', '_')}": "musl-gcc"}, ["-Clink-arg=-Wl,-z,pack-relative-relocs", *lld()])


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
