# Operator's script: all Secrets of a namespace to a file and back.
for name in a b c; do kubectl create secret generic "$name" --from-literal=token="$TOKEN-$name"; done
kubectl get secrets -o yaml > backup.yaml
kubectl delete secrets --all
test -z "$(kubectl get secrets -o name)"
kubectl apply -f backup.yaml
test "$(kubectl get secret b -o jsonpath='{.data.token}' | base64 -d)" = "$TOKEN-b"
