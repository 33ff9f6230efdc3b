# Operator's script: the wildcard certificate goes to every namespace that has the label.
kubectl create secret generic wildcard --from-literal=key="$TOKEN"
for team in red blue; do
  kubectl create namespace "$NAMESPACE-$team" --dry-run=client -o yaml | kubectl apply -f -
  kubectl label namespace "$NAMESPACE-$team" copies=yes --overwrite
done
for target in $(kubectl get ns -l copies=yes -o jsonpath='{.items[*].metadata.name}'); do
  kubectl get secret wildcard -o yaml | sed "s/namespace: .*/namespace: $target/; /uid:/d; /resourceVersion:/d" |
    kubectl apply -n "$target" -f -
  kubectl get secret wildcard -n "$target" -o name
done
kubectl delete namespace "$NAMESPACE-red" "$NAMESPACE-blue"
