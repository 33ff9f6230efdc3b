# Operator's script: an editor that is a sed, and changes that are undone.
kubectl create secret generic flags --from-literal=mode=slow
KUBE_EDITOR="sed -i s/c2xvdw==/ZmFzdA==/" kubectl edit secret flags
test "$(kubectl get secret flags -o jsonpath='{.data.mode}' | base64 --decode)" = fast
kubectl patch secret flags -p '{"stringData":{"mode":"slow"}}'
kubectl get secret flags -o yaml | sed 's/c2xvdw==/bWVkaXVt/' | kubectl replace -f -
kubectl label secret flags tier=a && kubectl label secret flags tier-
kubectl get secret flags --show-labels --no-headers
