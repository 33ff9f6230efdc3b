#!/usr/bin/env python3
"""Benchmarks of the release binary, as ratios measured in one run: A and B in turn, medians, ratio pair by pair.

    tests/bench/run.py                  everything
    tests/bench/run.py create list      only the groups named: size create help local serve get list load
    tests/bench/run.py --secrets 100000 list

Beside each figure stands its target. Nothing here decides whether a test passes. Needs kubectl and curl on PATH; a group
that cannot run says so. KSECRET_TEST_KUBECONFIG names another server for the groups get and list.
"""
import argparse
import base64
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KSECRET = os.path.join(TOP, "target/release/ksecret")


def once(argv, env):
    """Wall seconds of one run of argv; its output is thrown away."""
    null = os.open(os.devnull, os.O_RDWR)
    begin = time.perf_counter()
    pid = os.posix_spawn(shutil.which(argv[0], path=env["PATH"]) or argv[0], argv, env, file_actions=[
        (os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)])
    _, status = os.waitpid(pid, 0)
    wall = time.perf_counter() - begin
    os.close(null)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{argv} failed; run it by hand")
    return wall


def peak(argv, env):
    """Peak resident MiB of a run of argv. Linux counts that of the process before exec too, and Python's is large: another
    program, which is small, starts argv."""
    time_says = subprocess.run(["/usr/bin/time", "-f", "%M", *argv], env=env, check=True, text=True,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE).stderr
    return int(time_says.split()[-1]) / 1024


def pair(title, a, b, env, runs, wall_target=None, memory_target=None, peak_target=None):
    """Runs A and B in turn and prints both with their ratio."""
    mib = [peak(a, env), peak(b, env)]
    rows = [(once(a, env), once(b, env)) for _ in range(runs)]
    wall = statistics.median(x / y for x, y in rows)
    memory = mib[0] / mib[1]
    ms = [statistics.median(r[i] for r in rows) * 1e3 for i in (0, 1)]

    def target(value):
        return "" if value is None else f" (target: at most {value:.3g})"

    print(f"{title}\n  wall   {ms[0]:9.2f} ms  against {ms[1]:9.2f} ms: ratio {wall:.3f}{target(wall_target)}")
    print(f"  memory {mib[0]:9.1f} MiB against {mib[1]:9.1f} MiB: ratio {memory:.3f}{target(memory_target)}"
          + ("" if peak_target is None else f", peak target: at most {peak_target} MiB"), flush=True)


class Served:
    """`ksecret serve` on a store in memory, with its kubeconfig; or the cluster of KSECRET_TEST_KUBECONFIG."""

    def __init__(self, home, env):
        self.process = None
        self.ready = None
        self.kubeconfig = os.environ.get("KSECRET_TEST_KUBECONFIG")
        if not self.kubeconfig:
            self.kubeconfig = os.path.join(home, "kubeconfig")
            begin = time.perf_counter()
            self.process = subprocess.Popen(
                [KSECRET, "serve", "--store", "memory", "--kubeconfig", self.kubeconfig], env=env, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL)
            self.process.stdout.readline()
            self.ready = time.perf_counter() - begin
        self.env = dict(env, KUBECONFIG=self.kubeconfig)
        config = json.loads(subprocess.check_output(["kubectl", "config", "view", "--raw", "-o", "json"], env=self.env))
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        self.url = cluster["server"]
        self.ca = os.path.join(home, "ca.crt")
        with open(self.ca, "wb") as f:
            f.write(base64.b64decode(cluster["certificate-authority-data"]))
        self.header = os.path.join(home, "header")
        with open(self.header, "w") as f:
            f.write(f"Authorization: Bearer {user['token']}\n")

    def curl(self, path, *more):
        return ["curl", "-s", "-f", "-o", os.devnull, "--cacert", self.ca, "-H", f"@{self.header}", *more, self.url + path]

    def resident(self):
        """Resident MiB of the server now."""
        with open(f"/proc/{self.process.pid}/status") as f:
            line = next(line for line in f if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait()


def fill(served, count):
    """Creates `count` Secrets of about 500 bytes, by manifests of 500 on standard input."""
    value = base64.b64encode(b"x" * 180).decode()
    for begin in range(0, count, 500):
        items = [{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": f"secret-{i:06}", "labels": {"app": "bench"}},
                  "data": {"password": value}} for i in range(begin, min(begin + 500, count))]
        text = json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
        subprocess.run([KSECRET, "create", "-f", "-"], input=text, text=True, env=served.env, check=True,
                       stdout=subprocess.DEVNULL)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("groups", nargs="*")
    parser.add_argument("--runs", type=int, default=21)
    parser.add_argument("--secrets", type=int, default=20000)
    args = parser.parse_args()
    chosen = args.groups or ["size", "create", "help", "local", "serve", "get", "list", "load"]
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=TOP, check=True)
    home = tempfile.mkdtemp()
    env = {"HOME": home, "PATH": os.environ["PATH"], "XDG_DATA_HOME": os.path.join(home, "data")}
    kubectl = shutil.which("kubectl")
    curl = shutil.which("curl")
    try:
        if "size" in chosen:
            print(f"size of the binary: {os.path.getsize(KSECRET)} bytes (target: at most 10000000)")
        if {"create", "help"} & set(chosen) and not kubectl:
            print("NOT RUN: create, help: no kubectl on PATH")
        elif kubectl:
            words = ["create", "secret", "generic", "s", "--from-literal=k=v", "--dry-run=client", "-o", "yaml"]
            if "create" in chosen:
                pair("create generic --dry-run=client -o yaml, against kubectl", [KSECRET, *words], ["kubectl", *words],
                     env, args.runs, 1 / 12, 1 / 6)
            if "help" in chosen:
                pair("--help, against kubectl", [KSECRET, "--help"], ["kubectl", "--help"], env, args.runs, 1 / 12, 1 / 6)
        if "local" in chosen:
            subprocess.run([KSECRET, "--local", "create", "generic", "s", "--from-literal=k=v"], env=env, check=True,
                           stdout=subprocess.DEVNULL)
            pair("--local get NAME, against /bin/true", [KSECRET, "--local", "get", "s"], ["/bin/true"], env,
                 args.runs * 3, 4)
        if "load" in chosen:
            subprocess.run(["cargo", "bench", "--quiet", "--bench", "server"], cwd=TOP, check=True)
        if {"serve", "get", "list"} & set(chosen):
            if not (curl and kubectl):
                print("NOT RUN: serve, get, list: they need curl and kubectl on PATH")
                return
            served = Served(home, env)
            try:
                if "serve" in chosen and served.process:
                    for _ in range(args.runs - 1):
                        served.stop()
                        first = served.ready
                        served = Served(home, env)
                        served.ready = min(first, served.ready)
                    print(f"serve: ready {served.ready * 1e3:.1f} ms after exec at best (target: at most 10), "
                          f"{served.resident():.1f} MiB resident when idle (target: at most 15)")
                if "get" in chosen:
                    subprocess.run([KSECRET, "create", "generic", "one", "--from-literal=k=v"], env=served.env,
                                   check=True, stdout=subprocess.DEVNULL)
                    path = "/api/v1/namespaces/default/secrets/one"
                    pair("get NAME, against curl", [KSECRET, "get", "one"], served.curl(path), served.env, args.runs, 1.1)
                if "list" in chosen:
                    fill(served, args.secrets)
                    path = "/api/v1/namespaces/default/secrets"
                    for words, target in [([], 1.3), (["-o", "name"], 1.5), (["-o", "json"], 1.5), (["-o", "yaml"], 2.5)]:
                        pair(f"get secrets {' '.join(words)} of {args.secrets}, against curl of the same list",
                             [KSECRET, "get", "secrets", *words], served.curl(path), served.env, max(3, args.runs // 4),
                             target, peak_target=24)
                    pair(f"validate of {args.secrets}, against get -o json of the same",
                         [KSECRET, "validate", "--fail-on=never"], [KSECRET, "get", "secrets", "-o", "json"], served.env,
                         max(3, args.runs // 4), 3, peak_target=64)
            finally:
                served.stop()
    finally:
        shutil.rmtree(home)


if __name__ == "__main__":
    main()
