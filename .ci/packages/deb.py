"""The package for Debian: the binary with its completions and pages where Debian has them, and no script of its own."""

import os
import shutil
import subprocess
import tempfile
from datetime import datetime, timezone
from email.utils import format_datetime
from pathlib import Path

from . import notices, source
from .archive import compress
from .source import LINKS, Failure, need

# Where each shell looks, by the ending of its file. Others go beside the documentation.
SHELLS = {
    ".bash": "usr/share/bash-completion/completions/{stem}",
    ".fish": "usr/share/fish/vendor_completions.d/{name}",
    "": "usr/share/zsh/vendor-completions/{name}",
}
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
# The revision of the package, below that of a package of Debian's own, which takes its place.
REVISION = "1~upstream1"
# What lintian is told to accept, and why.
OVERRIDES = """\
# One package for each Debian and its relatives, whichever C library they have, and what starts fastest. Kubernetes'
# own package of kubectl has a static binary, too.
ksecret: statically-linked-binary [usr/bin/ksecret]
# It is no library: it can be loaded anywhere.
ksecret: shared-library-lacks-prerequisites [usr/bin/ksecret]
"""


def architecture():
    return ARCHITECTURES[os.uname().machine]


def make(binary, target, out):
    """Makes the package of a static binary. Returns its path."""
    need("dpkg-deb", "strip")
    time = source.changed()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        # Why: lintian and dpkg take the modes as they are.
        os.umask(0o022)
        fill(root, binary, target, time)
        size = sum(path.lstat().st_size for path in root.rglob("*") if path.is_file() and not path.is_symlink())
        put(root / "DEBIAN/control", control(-(-size // 1024)))
        sums = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink()
                      and "DEBIAN" not in path.relative_to(root).parts)
        put(root / "DEBIAN/md5sums", source.output("md5sum", *(path.relative_to(root) for path in sums), cwd=root))
        package = out / f"ksecret_{source.VERSION}_{architecture()}.deb"
        source.output("dpkg-deb", "--root-owner-group", "-Zxz", "--build", root, package,
                      env={**os.environ, "SOURCE_DATE_EPOCH": str(time)})
    return package


def fill(root, binary, target, time):
    """Lays out the files."""
    program = root / "usr/bin/ksecret"
    put(program, binary.read_bytes(), 0o755)
    source.output("strip", "--remove-section=.comment", "--remove-section=.note", program)
    for link in LINKS:
        (root / "usr/bin" / link).symlink_to("ksecret")
    doc = root / "usr/share/doc/ksecret"
    for path in source.COMPLETIONS:
        place = SHELLS.get(path.suffix, "usr/share/doc/ksecret/{name}")
        put(root / place.format(stem=path.stem, name=path.name), path.read_bytes())
    for page in source.PAGES:
        put(root / f"usr/share/man/man1/{page.name}.gz", compress(page.read_bytes()))
    for link in LINKS:
        (root / f"usr/share/man/man1/{link}.1.gz").symlink_to("ksecret.1.gz")
    put(root / "usr/share/lintian/overrides/ksecret", OVERRIDES)
    put(doc / "README.md", (source.TOP / "README.md").read_bytes())
    put(doc / "changelog.gz", compress((source.TOP / ".github/CHANGELOG.md").read_bytes()))
    put(doc / "changelog.Debian.gz", compress(changelog(time).encode()))
    put(doc / "copyright", copyright())
    put(doc / "NOTICES.gz", compress(notices.notices(target).encode()))


def put(path, content, mode=0o644):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)


def control(size):
    """Returns the control file."""
    fields = {
        "Package": "ksecret",
        "Version": f"{source.VERSION}-{REVISION}",
        "Architecture": architecture(),
        "Maintainer": source.MAINTAINER,
        "Installed-Size": size,
        "Recommends": "ca-certificates",
        "Section": "admin",
        "Priority": "optional",
        "Homepage": source.REPOSITORY,
        "Description": "kubectl for Kubernetes Secrets\n"
        " ksecret creates, shows, edits and applies Secrets with the grammar of kubectl,\n"
        " and shows no value that was not asked for. It talks to any Kubernetes API\n"
        " server and carries a small one of its own, for work without a cluster.\n"
        " .\n"
        " It is a plugin of kubectl, too: \"kubectl secret\".",
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items())


def changelog(time):
    date = format_datetime(datetime.fromtimestamp(time, timezone.utc))
    return (f"ksecret ({source.VERSION}-{REVISION}) unstable; urgency=medium\n\n"
            f"  * See changelog.gz for what has changed.\n\n -- {source.MAINTAINER}  {date}\n")


def copyright():
    """Returns the copyright file in Debian's machine-readable format (DEP-5)."""
    return f"""Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: ksecret
Source: {source.REPOSITORY}
Comment:
 The binary is linked with packages of other authors. NOTICES.gz beside this file
 has their names and their licences.

Files: *
Copyright: 2026 The ksecret maintainers
License: Apache-2.0

License: Apache-2.0
 On Debian systems, the full text of the Apache License, version 2.0, is in
 /usr/share/common-licenses/Apache-2.0.
"""


def lint(package):
    """Fails if lintian has an error or a warning about the package."""
    need("lintian")
    done = subprocess.run(["lintian", "--info", "--fail-on=error,warning", str(package)],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "LC_ALL": "C"})
    if done.returncode != 0:
        raise Failure(f"lintian: {done.stdout}")


def root(suite_of=Path("/etc/os-release")):
    """Returns a fresh Debian of this machine's release, made with debootstrap and kept packed for the next time."""
    need("debootstrap", "chroot")
    release = dict(line.split("=", 1) for line in suite_of.read_text().splitlines() if "=" in line)
    suite = release["VERSION_CODENAME"].strip('"')
    packed = source.OUT.parent / f"package-root/{suite}.tar"
    folder = Path(tempfile.mkdtemp(prefix="ksecret-root-"))
    if packed.exists():
        source.output("tar", "-xf", packed, "-C", folder)
        return folder
    source.say(f"making a fresh {suite} to try the package in")
    packed.parent.mkdir(exist_ok=True)
    source.output("debootstrap", "--variant=minbase", suite, folder)
    source.output("tar", "-cf", packed.with_suffix(".part"), "-C", folder, ".")
    packed.with_suffix(".part").rename(packed)
    return folder


def remove(folder):
    shutil.rmtree(folder, ignore_errors=True)
