"""The container image: an OCI layout with one layer, made without a daemon, and the same bytes each time.

It is made from nothing: the static binary, its licences, a home and a directory for temporary files. It has no certificate
authorities, which would age in it: a cluster's own stands in the kubeconfig or in the service account; for others mount a
bundle and name it with SSL_CERT_FILE.
"""

import gzip
import hashlib
import io
import json
import tarfile
from datetime import datetime, timezone

from . import notices, source
from .archive import Tree
from .source import LINKS

# A user that has no rights anywhere, by its number: Kubernetes' `runAsNonRoot` takes no name.
USER = 65532
HOME = "home/nonroot"


def make(binary, target, out):
    """Makes the image of a static binary. Returns the path of its archive (`skopeo copy oci-archive:FILE …`)."""
    time = source.changed()
    created = datetime.fromtimestamp(time, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    architecture = {"x86_64": "amd64", "aarch64": "arm64"}[target.split("-")[0]]
    layer = tree(binary, target).tar(time)
    blobs = Blobs()
    packed = blobs.add(gzip.compress(layer, compresslevel=9, mtime=0), "application/vnd.oci.image.layer.v1.tar+gzip")
    config = blobs.add_json({
        "created": created,
        "architecture": architecture,
        "os": "linux",
        "config": {
            "User": f"{USER}:{USER}",
            "Env": ["PATH=/usr/bin", f"HOME=/{HOME}"],
            "Entrypoint": ["/usr/bin/ksecret"],
            "WorkingDir": f"/{HOME}",
            "Labels": labels(created),
        },
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()]},
        "history": [{"created": created, "created_by": "ksecret .ci/package"}],
    }, "application/vnd.oci.image.config.v1+json")
    manifest = blobs.add_json({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": config,
        "layers": [packed],
        "annotations": labels(created),
    }, "application/vnd.oci.image.manifest.v1+json")
    manifest["platform"] = {"architecture": architecture, "os": "linux"}
    manifest["annotations"] = {"org.opencontainers.image.ref.name": source.VERSION}
    layout = Tree()
    layout.file("oci-layout", json.dumps({"imageLayoutVersion": "1.0.0"}))
    layout.file("index.json", json.dumps({"schemaVersion": 2, "manifests": [manifest]}, sort_keys=True))
    for digest, content in blobs.contents.items():
        layout.file(f"blobs/sha256/{digest}", content)
    path = out / f"ksecret-{source.VERSION}-linux-{architecture}.oci.tar"
    path.write_bytes(layout.tar(time))
    return path


def tree(binary, target):
    """Returns the files of the image."""
    files = Tree()
    files.file("usr/bin/ksecret", binary.read_bytes(), 0o755)
    for link in LINKS:
        files.link(f"usr/bin/{link}", "ksecret")
    files.directory("tmp", 0o1777)
    files.directory(HOME, 0o700, USER)
    files.file("usr/share/doc/ksecret/LICENSE", (source.TOP / "LICENSE").read_bytes())
    files.file("usr/share/doc/ksecret/NOTICES", notices.notices(target))
    return files


def labels(created):
    return {
        "org.opencontainers.image.title": "ksecret",
        "org.opencontainers.image.description": source.SUMMARY,
        "org.opencontainers.image.version": source.VERSION,
        "org.opencontainers.image.created": created,
        "org.opencontainers.image.licenses": source.LICENSE,
        "org.opencontainers.image.source": source.REPOSITORY,
    }


class Blobs:
    """Contents by their digests."""

    def __init__(self):
        self.contents = {}

    def add(self, content, kind):
        """Adds one; returns its descriptor."""
        digest = hashlib.sha256(content).hexdigest()
        self.contents[digest] = content
        return {"mediaType": kind, "digest": f"sha256:{digest}", "size": len(content)}

    def add_json(self, value, kind):
        return self.add(json.dumps(value, sort_keys=True).encode(), kind)


def layout(path, folder):
    """Unpacks an archive to a layout that umoci reads."""
    with tarfile.open(fileobj=io.BytesIO(path.read_bytes())) as tar:
        tar.extractall(folder, filter="data")
