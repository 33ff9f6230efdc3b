# Makefile, `status` target: tables of several kinds, and all of them.
# answer: case "$*" in *json*) echo '{"kind":"List","items":[{"kind":"ConfigMap","metadata":{"name":"c"}}]}' ;; *) echo table ;; esac
# handed: get --show-kind --ignore-not-found configmap
# handed: get --output=json configmap
# handed: get all
kubectl create secret generic s --from-literal=k=v
kubectl get secret,configmap > state
grep -q '^secret/s ' state
test "$(tail -n 2 state | tr '\n' .)" = .table.
test "$(kubectl get secret,configmap -o jsonpath='{.items[*].kind}')" = "Secret ConfigMap"
kubectl get all
