"""What the binary is made of, as CycloneDX 1.5: every crate that is linked, and the C libraries within two of them."""

import json
import re
import uuid
from datetime import datetime, timezone
from pathlib import Path

from . import notices, source

# Crates that carry the source of a library, where its version stands, and its licence.
BUNDLED = {
    "libsqlite3-sys": ("sqlite", "sqlite3/sqlite3.h", r'#define SQLITE_VERSION\s+"([\d.]+)"', "blessing"),
    "libmimalloc-sys": ("mimalloc", "c_src/mimalloc/v2/include/mimalloc.h", r"#define MI_MALLOC_VERSION\s+(\d+)", "MIT"),
}


def make(target):
    """Returns the document for a target."""
    packages = notices.linked(target)
    locked = checksums()
    ids = {package["id"]: reference(package) for package in packages}
    nodes = {node["id"]: node for node in source.metadata(target)["resolve"]["nodes"]}
    own = f"pkg:cargo/ksecret@{source.VERSION}"
    components, dependencies = [], []
    for package in packages:
        component = {
            "type": "library",
            "bom-ref": reference(package),
            "name": package["name"],
            "version": package["version"],
            "purl": reference(package),
            # A slash is an old way to write OR.
            "licenses": [{"expression": (package["license"] or "NOASSERTION").replace("/", " OR ")}],
        }
        if checksum := locked.get((package["name"], package["version"])):
            component["hashes"] = [{"alg": "SHA-256", "content": checksum}]
        if package["repository"]:
            component["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
        bundled = within(package)
        if bundled:
            component["components"] = [bundled]
        components.append(component)
        below = sorted({ids[other] for other in nodes[package["id"]]["dependencies"] if other in ids})
        dependencies.append({"ref": reference(package), "dependsOn": below})
    ours = [node for node in nodes.values() if node["id"].startswith("path+")]
    direct = sorted({ids[other["pkg"]] for node in ours for other in node["deps"] if other["pkg"] in ids
                     and any(kind["kind"] is None for kind in other["dep_kinds"])})
    dependencies.insert(0, {"ref": own, "dependsOn": direct})
    time = datetime.fromtimestamp(source.changed(), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "timestamp": time,
            "component": {
                "type": "application", "bom-ref": own, "name": "ksecret", "version": source.VERSION, "purl": own,
                "description": source.SUMMARY, "licenses": [{"license": {"id": source.LICENSE}}],
                "properties": [{"name": "cdx:cargo:target", "value": target}],
            },
        },
        "components": components,
        "dependencies": dependencies,
    }
    content = json.dumps(document, sort_keys=True)
    document["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, content)}"
    return json.dumps(document, indent=1, sort_keys=True) + "\n"


def checksums():
    """Returns the checksums that Cargo.lock names, by name and version."""
    entry = r'name = "(.*)"\nversion = "(.*)"\nsource = ".*"\nchecksum = "(.*)"'
    return {(name, version): sum for name, version, sum in re.findall(entry, (source.TOP / "Cargo.lock").read_text())}


def reference(package):
    return f"pkg:cargo/{package['name']}@{package['version']}"


def within(package):
    """Returns the C library that a crate carries, or None."""
    if package["name"] not in BUNDLED:
        return None
    name, header, pattern, license = BUNDLED[package["name"]]
    version = re.search(pattern, (Path(package["manifest_path"]).parent / header).read_text())[1]
    if "." not in version:
        # Two digits each for minor version and patch.
        version = ".".join(str(part) for part in (int(version) // 10000, int(version) // 100 % 100, int(version) % 100))
    return {"type": "library", "bom-ref": f"{reference(package)}#{name}", "name": name, "version": version,
            "purl": f"pkg:generic/{name}@{version}", "licenses": [{"license": {"id": license}}]}
