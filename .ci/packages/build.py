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
    say("building for this machine (release)")
    cargo([], {})
    return TOP / "target/release/ksecret"


def static():
    """Builds the binary for archives and images. Returns its path."""
    target = static_target()
    environment = {"RUSTFLAGS": without_paths()}
    if target.endswith("-musl"):
        need("musl-gcc")
        environment[f"CC_{target.replace('-', '_')}"] = "musl-gcc"
        output("rustup", "target", "add", target, stderr=subprocess.DEVNULL)
    say(f"building for {target} (release)")
    cargo(["--target", target], environment)
    return TOP / f"target/{target}/release/ksecret"


def without_paths():
    """Returns the flags of rustc that keep this machine's paths out of a binary: it is the same from any checkout."""
    crates = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo") / "registry/src"
    return f"--remap-path-prefix={crates}=crates --remap-path-prefix={TOP}=ksecret"


def cargo(arguments, environment):
    command = ["cargo", "build", "--release", "--locked", *arguments]
    if subprocess.run(command, cwd=TOP, env={**os.environ, **environment}).returncode != 0:
        raise Failure("the build failed")
