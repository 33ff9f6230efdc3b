"""The manifest for krew, kubectl's plugin manager: `.krew.yaml` with the version and the sums of the archives filled in."""

import hashlib
import re

from . import source

TEMPLATE = source.TOP / ".krew.yaml"
# Where each platform of the template begins.
PLATFORM = "    - selector:"


def make(out):
    """Writes the manifest of the archives in a directory; a platform without an archive there is left out."""
    text = TEMPLATE.read_text().replace("@VERSION@", source.VERSION).replace("@REPOSITORY@", source.REPOSITORY)
    head, *platforms = text.split(PLATFORM)
    # What explains the template is not for its readers.
    head = "".join(line for line in head.splitlines(keepends=True) if not line.startswith("#"))
    kept = [filled for platform in platforms if (filled := fill(platform, out))]
    if not kept:
        raise source.Failure("no archive of a platform of .krew.yaml is there")
    path = out / "ksecret.yaml"
    path.write_text(PLATFORM.join([head, *kept]))
    return path


def fill(platform, out):
    name = re.search(r"[^/\s]+\.tar\.gz", platform)[0].strip('"')
    archive = out / name
    if not archive.exists():
        return None
    return platform.replace("@SHA256@", hashlib.sha256(archive.read_bytes()).hexdigest())
