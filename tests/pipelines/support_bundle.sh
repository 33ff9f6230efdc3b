# Operator's script: what support asks for, without values.
# handed: describe deployment web
# handed: get events --sort-by=.lastTimestamp
# handed: top pods
kubectl create secret generic web --from-literal=password="$TOKEN"
kubectl version > bundle 2>&1
kubectl api-resources --namespaced=true -o name >> bundle
kubectl describe secret web >> bundle
kubectl describe deployment web >> bundle
kubectl get events --sort-by=.lastTimestamp >> bundle
kubectl top pods >> bundle
grep -q 'password:  *[0-9]* bytes' bundle
if grep -q "$TOKEN" bundle; then exit 9; fi
