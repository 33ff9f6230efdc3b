"""Archives that are the same bytes whenever and wherever they are made from the same files."""

import gzip
import io
import tarfile


class Tree:
    """A tree of files to be, by their paths."""

    def __init__(self):
        self.entries = {}

    def file(self, path, content, mode=0o644):
        self.entries[path] = ("file", content if isinstance(content, bytes) else content.encode(), mode, 0)

    def link(self, path, target):
        self.entries[path] = ("link", target, 0o777, 0)

    def directory(self, path, mode=0o755, owner=0):
        self.entries[path] = ("directory", None, mode, owner)

    def write_tar(self, out, time):
        """Writes a tar: sorted, owned by root, every time the same."""
        with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as tar:
            for path, (kind, content, mode, owner) in sorted(self.with_parents().items()):
                entry = tarfile.TarInfo(path)
                entry.mtime, entry.mode, entry.uid, entry.gid = time, mode, owner, owner
                if kind == "file":
                    entry.size = len(content)
                elif kind == "link":
                    entry.type, entry.linkname = tarfile.SYMTYPE, content
                else:
                    entry.type = tarfile.DIRTYPE
                tar.addfile(entry, io.BytesIO(content) if kind == "file" else None)

    def with_parents(self):
        """Returns the entries with the directories that they stand in."""
        parents = {}
        for path in self.entries:
            parts = path.split("/")[:-1]
            for end in range(1, len(parts) + 1):
                parents["/".join(parts[:end])] = ("directory", None, 0o755, 0)
        return parents | self.entries

    def tar(self, time):
        out = io.BytesIO()
        self.write_tar(out, time)
        return out.getvalue()


def compress(content):
    """Returns the content as gzip has it, without name and time."""
    return gzip.compress(content, compresslevel=9, mtime=0)
