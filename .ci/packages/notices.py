"""The licences of what is linked, which most of them want to see beside the binary."""

import hashlib
import re
from pathlib import Path

from . import source

# Of what no package of cargo is.
MIT = """Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom
the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE."""
# Files of a package that hold a licence.
NAMES = re.compile(r"^(licen[cs]e|copying|copyright|notice|unlicense)", re.IGNORECASE)


def linked(target):
    """Returns the packages of other people that are linked for a target, as cargo describes them."""
    found = source.output("cargo", "tree", "--locked", "--package", "ksecret", "--edges", "normal", "--target", target,
                          "--prefix", "none", "--format", "{p}")
    # Macros run at build time; their words end with their kind.
    names = {tuple(line.split()[:2]) for line in found.splitlines() if "(proc-macro)" not in line}
    packages = source.metadata(target)["packages"]
    return sorted((package for package in packages
                   if (package["name"], f"v{package['version']}") in names and package["source"]),
                  key=lambda package: (package["name"], package["version"]))


def notices(target):
    """Returns the text for a target: each licence once, under the names of the packages that have it."""
    packages, texts, silent = linked(target), {}, []
    for package in packages:
        folder = Path(package["manifest_path"]).parent
        files = sorted(path for path in folder.iterdir() if NAMES.match(path.name) and path.is_file())
        for path in files:
            text = path.read_text(errors="replace").replace("\r\n", "\n").strip()
            key = hashlib.sha256(" ".join(text.split()).encode()).hexdigest()
            texts.setdefault(key, (text, []))[1].append(package)
        if not files:
            silent.append(package)
    parts = ["ksecret is linked with the packages below. Each stands here with its licence.",
             "The standard library of Rust (MIT OR Apache-2.0)\n\nCopyright (c) The Rust Project Contributors\n\n" + MIT]
    if target.endswith("-musl"):
        parts.append("musl (MIT)\n\nCopyright (c) 2005-2025 Rich Felker, et al.\n\n" + MIT)
    for text, of in sorted(texts.values(), key=lambda entry: (entry[1][0]["name"], entry[0])):
        parts.append("\n".join(names(of)) + "\n\n" + text)
    if silent:
        words = "These packages have no licence file of their own; they are under the licences that they name."
        parts.append("\n".join([words, ""] + names(silent)))
    return f"\n\n{'=' * 100}\n\n".join(parts) + "\n"


def names(packages):
    return [f"{package['name']} {package['version']} ({package['license']})" for package in packages]
