"""Tries what was made, as a person would who has nothing but it."""

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from . import deb, image, source
from .source import LINKS, Failure, need

VALUE = "S3cret, with a space"


class Root:
    """A directory that programs run in as if there were nothing else."""

    def __init__(self, folder, user=0):
        self.folder, self.user = folder, user

    def run(self, *command, status=0):
        """Runs a command; returns its output and its errors."""
        words = ["chroot", f"--userspec={self.user}:{self.user}", str(self.folder), *map(str, command)]
        environment = {"HOME": "/tmp", "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        if done.returncode != status:
            raise Failure(f"{' '.join(words)}: exit {done.returncode}, not {status}\n{done.stdout}{done.stderr}")
        return done.stdout, done.stderr


def speaks(program, root):
    """The program does its main job under all its names."""
    expect(f"v{source.VERSION}", root.run(program, "version", "--client")[0])
    store = "--local=/tmp/ksecret-trial/store.db"
    root.run(program, "create", "generic", "db", f"--from-literal=password={VALUE}", store)
    if root.run(program, "decode", "db", "password", store)[0] != VALUE:
        raise Failure("decode printed another value than was stored")
    expect("Usage: kubectl secret", root.run(program.parent / "kubectl-secret", "--help")[0])
    expect("decode", root.run(program.parent / "kubectl_complete-secret", "dec")[0])
    # Why modules: a static glibc program dies of those that belong to another version.
    etc = root.folder / "etc"
    etc.mkdir(exist_ok=True)
    (etc / "hosts").write_text("127.0.0.1 cluster.example\n")
    (etc / "nsswitch.conf").write_text("hosts: files myhostname resolve [!UNAVAIL=return] dns\n")
    errors = root.run(program, "get", "secret", "db", "--server=https://cluster.example:1", status=1)[1]
    expect("refused", errors)


def expect(part, text):
    if part not in text:
        raise Failure(f"{part!r} is not in: {text}")


def archive(path, static):
    """The archive holds what it must and, if the binary is static, it runs where there is nothing else."""
    with tempfile.TemporaryDirectory() as folder, tarfile.open(path) as tar:
        tar.extractall(folder, filter="data")
        top = Path(folder) / path.name.removesuffix(".tar.gz")
        there = {str(found.relative_to(top)) for found in top.rglob("*")}
        wanted = {"ksecret", *LINKS, "LICENSE", "NOTICES", "README.md"}
        wanted |= {f"completions/{file.name}" for file in source.COMPLETIONS}
        wanted |= {f"man/{file.name}" for file in source.PAGES} | {"completions", "man"}
        if there != wanted:
            raise Failure(f"{path.name} differs in {sorted(there ^ wanted)}")
        if static:
            root = Path(folder) / "root"
            (root / "tmp").mkdir(parents=True)
            for name in ["ksecret", *LINKS]:
                shutil.copy(top / name, root / name, follow_symlinks=False)
            speaks(Path("/ksecret"), Root(root))
        else:
            expect(f"v{source.VERSION}", source.output(top / "ksecret", "version", "--client"))


def action(folder):
    """The action for GitHub installs the archive of a release, and refuses one that was changed."""
    need("curl")
    archives = sorted(folder.glob("*.tar.gz"))
    with tempfile.TemporaryDirectory() as work:
        releases = Path(work) / "releases" / f"v{source.VERSION}"
        releases.mkdir(parents=True)
        for file in [*archives, folder / "SHA256SUMS"]:
            shutil.copy(file, releases)

        def install(version, sha256=""):
            environment = {**os.environ, "VERSION": version, "SHA256": sha256, "RELEASES": f"file://{releases.parent}",
                           "DIRECTORY": f"{work}/program", "GITHUB_PATH": f"{work}/path", "GITHUB_OUTPUT": f"{work}/output"}
            script = source.TOP / ".github/actions/setup/install"
            return subprocess.run([script], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

        done = install(f"v{source.VERSION}")
        if done.returncode != 0 or (Path(work) / "path").read_text() != f"{work}/program\n":
            raise Failure(f"the action failed: {done.stdout}{done.stderr}")
        expect(f"v{source.VERSION}", source.output(f"{work}/program/kubectl-secret", "version", "--client"))
        expect("has the checksum", refused(install(source.VERSION, "0" * 64)))
        expect("is not a version", refused(install("main")))
        for file in releases.glob("*.tar.gz"):
            file.write_bytes(file.read_bytes() + b"x")
        expect("has the checksum", refused(install(source.VERSION)))


def refused(done):
    """Returns what a run that had to fail said."""
    if done.returncode == 0:
        raise Failure(f"this should have failed: {done.args}")
    return done.stderr


def package(path):
    """The package is installed, runs, and is removed without a trace, in a Debian with nothing but what it must have."""
    deb.lint(path)
    folder = deb.root()
    try:
        root = Root(folder)
        shutil.copy(path, folder / "tmp")
        root.run("dpkg", "--install", f"/tmp/{path.name}")
        speaks(Path("/usr/bin/ksecret"), root)
        script = "/usr/share/bash-completion/completions/ksecret"
        expect(" ksecret", root.run("bash", "-c", f". {script} && complete -p ksecret")[0])
        root.run("dpkg", "--verify", "ksecret")
        root.run("dpkg", "--purge", "ksecret")
        left = [str(found) for found in (folder / "usr").rglob("*ksecret*")]
        if left:
            raise Failure(f"the package leaves {left}")
    finally:
        deb.remove(folder)


def container(path):
    """Another program unpacks the image, and what it unpacked runs as the image's user."""
    need("umoci")
    with tempfile.TemporaryDirectory() as folder:
        layout, bundle = Path(folder) / "layout", Path(folder) / "bundle"
        image.layout(path, layout)
        source.output("umoci", "unpack", "--image", f"{layout}:{source.VERSION}", bundle)
        process = json.loads((bundle / "config.json").read_text())["process"]
        if (process["args"], process["user"]["uid"]) != (["/usr/bin/ksecret"], image.USER):
            raise Failure(f"the image starts {process['args']} as {process['user']}")
        speaks(Path("/usr/bin/ksecret"), Root(bundle / "rootfs", image.USER))
