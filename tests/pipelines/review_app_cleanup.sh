# GitLab CI, stop_review job: whatever has the label, of several kinds at once.
# handed: delete --selector=review=42 --ignore-not-found configmap,deployment
for name in web worker; do
  kubectl create secret generic "$name" --from-literal=k="$TOKEN"
  kubectl label secret "$name" review=42
done
kubectl create secret generic kept --from-literal=k=v
kubectl delete secret,configmap,deployment -l review=42 --ignore-not-found
test "$(kubectl get secret -o name)" = secret/kept
