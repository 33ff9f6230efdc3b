"""The `kubernetes` client from PyPI against the server that KUBECONFIG names. Argument: one of the functions below."""
import base64
import sys
import threading

from kubernetes import client, config, watch
from kubernetes.client.rest import ApiException

NAMESPACE = sys.argv[2]
config.load_kube_config()
api = client.CoreV1Api()


def secret(name, labels=None, **values):
    return client.V1Secret(metadata=client.V1ObjectMeta(name=name, labels=labels), string_data=values or None)


def refused(status, reason, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except ApiException as error:
        assert (error.status, error.reason) == (status, reason), (error.status, error.reason)
        return
    raise AssertionError(f"not refused: {call.__name__}")


def crud():
    made = api.create_namespaced_secret(NAMESPACE, secret("s", k="v"))
    assert base64.b64decode(made.data["k"]) == b"v" and made.type == "Opaque" and made.string_data is None
    refused(409, "Conflict", api.create_namespaced_secret, NAMESPACE, secret("s"))
    read = api.read_namespaced_secret("s", NAMESPACE)
    assert read == made
    read.data["l"] = base64.b64encode(bytes(range(256))).decode()
    replaced = api.replace_namespaced_secret("s", NAMESPACE, read)
    assert base64.b64decode(replaced.data["l"]) == bytes(range(256))
    refused(409, "Conflict", api.replace_namespaced_secret, "s", NAMESPACE, made)
    refused(422, "Unprocessable Entity", api.create_namespaced_secret, NAMESPACE, secret("Bad_Name"))
    status = api.delete_namespaced_secret("s", NAMESPACE)
    # This client reads the answer of a deletion as it came.
    assert status["status"] == "Success" and status["details"]["name"] == "s", status
    refused(404, "Not Found", api.read_namespaced_secret, "s", NAMESPACE)
    refused(404, "Not Found", api.delete_namespaced_secret, "s", NAMESPACE)


def patches():
    api.create_namespaced_secret(NAMESPACE, secret("s", {"a": "b"}, k="v"))
    # A dict goes out as a strategic merge patch, a list as a JSON patch.
    labels = api.patch_namespaced_secret("s", NAMESPACE, {"metadata": {"labels": {"a": None, "c": "d"}}}).metadata.labels
    assert labels == {"c": "d"}, labels
    patched = api.patch_namespaced_secret("s", NAMESPACE, [{"op": "remove", "path": "/data/k"}])
    assert not patched.data, "an empty map"
    applied = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": {"x": "MQ=="}}
    patched = api.patch_namespaced_secret(
        "s", NAMESPACE, applied, field_manager="python", force=True, _content_type="application/apply-patch+yaml")
    assert patched.data == {"x": "MQ=="}
    assert [m.operation for m in patched.metadata.managed_fields if m.manager == "python"] == ["Apply"]


def pages():
    for number in range(7):
        api.create_namespaced_secret(NAMESPACE, secret(f"s{number}", {"odd": str(number % 2)}))
    names, token, sizes = [], None, []
    while True:
        page = api.list_namespaced_secret(NAMESPACE, limit=3, _continue=token)
        names += [item.metadata.name for item in page.items]
        sizes.append((len(page.items), page.metadata.remaining_item_count))
        token = page.metadata._continue
        if not token:
            break
        # What is written between pages does not show in them.
        api.create_namespaced_secret(NAMESPACE, secret(f"late{len(sizes)}"))
    assert names == [f"s{number}" for number in range(7)], names
    assert sizes == [(3, 4), (3, 1), (1, None)], sizes
    odd = api.list_namespaced_secret(NAMESPACE, label_selector="odd=1").items
    assert [item.metadata.name for item in odd] == ["s1", "s3", "s5"]
    api.delete_collection_namespaced_secret(NAMESPACE, label_selector="odd")
    left = [item.metadata.name for item in api.list_namespaced_secret(NAMESPACE).items]
    assert left == ["late1", "late2"], left


def watches():
    start = api.list_namespaced_secret(NAMESPACE).metadata.resource_version

    def write():
        for number in range(20):
            api.create_namespaced_secret(NAMESPACE, secret(f"s{number}"))
            api.patch_namespaced_secret(f"s{number}", NAMESPACE, {"metadata": {"labels": {"n": "1"}}})
            api.delete_namespaced_secret(f"s{number}", NAMESPACE)

    writer = threading.Thread(target=write)
    writer.start()
    seen = []
    stream = watch.Watch()
    for event in stream.stream(api.list_namespaced_secret, NAMESPACE, resource_version=start, timeout_seconds=60):
        seen.append((event["type"], event["object"].metadata.name))
        if len(seen) == 60:
            stream.stop()
    writer.join()
    wanted = [(kind, f"s{number}") for number in range(20) for kind in ("ADDED", "MODIFIED", "DELETED")]
    assert seen == wanted, seen


globals()[sys.argv[1]]()
