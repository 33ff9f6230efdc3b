"""What is packaged: facts of the workspace, and the files that go with the binary."""

import json
import os
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
OUT = TOP / "target/package"

# Other names of the program, by which it is a plugin of kubectl: `kubectl secret`, and its completion.
LINKS = ["kubectl-secret", "kubectl_complete-secret"]

COMPLETIONS = sorted((TOP / "completions").iterdir())
PAGES = sorted((TOP / "man").glob("*.1"))


class Failure(Exception):
    """A step that did not do what it must; its text is shown."""


def output(*command, **options):
    """Returns what a command writes; its failure is ours."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=options.pop("cwd", TOP), **options)
    if done.returncode != 0:
        raise Failure(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout}")
    return done.stdout


def changed():
    """Returns the time of the commit, which is the time of everything that is made from it."""
    return int(os.environ.get("SOURCE_DATE_EPOCH") or output("git", "log", "-1", "--format=%ct"))


def say(text):
    print(text, file=sys.stderr, flush=True)


def need(*programs):
    """Fails if one of the programs is missing, with the Debian packages that have them."""
    missing = [program for program in programs if not any(
        (Path(folder) / program).exists() for folder in os.environ["PATH"].split(":") + ["/sbin", "/usr/sbin"])]
    if missing:
        debian = {"dpkg-deb": "dpkg", "musl-gcc": "musl-tools", "strip": "binutils"}
        packages = " ".join(sorted({debian.get(program, program) for program in missing}))
        raise Failure(f"missing: {' '.join(missing)}\nhint: apt-get install {packages}")


def host():
    """Returns the target of this machine."""
    lines = output("rustc", "-vV").splitlines()
    return next(line.removeprefix("host: ") for line in lines if line.startswith("host: "))


def metadata(target):
    """Returns what cargo knows of the packages for a target."""
    return json.loads(output("cargo", "metadata", "--locked", "--format-version=1", "--filter-platform", target))


MANIFEST = next(package for package in json.loads(
    output("cargo", "metadata", "--locked", "--no-deps", "--format-version=1"))["packages"] if package["name"] == "ksecret")
VERSION = MANIFEST["version"]
LICENSE = MANIFEST["license"]
SUMMARY = MANIFEST["description"]
# The one place where the owner of the repository is named.
REPOSITORY = MANIFEST["repository"]
MAINTAINER = MANIFEST["authors"][0]
