# GitHub Actions: a ConfigMap and a Secret, written to files without a server.
# answer: printf 'apiVersion: v1\ndata:\n  level: debug\nkind: ConfigMap\nmetadata:\n  name: settings\n'
# kubectl: answers this without a server
# handed: create configmap settings --from-literal=level=debug --dry-run=client -o yaml
kubectl create configmap settings --from-literal=level=debug --dry-run=client -o yaml > settings.yaml
kubectl create secret generic settings --from-literal=token="$TOKEN" --dry-run=client -o yaml > secret.yaml
grep -qx '  level: debug' settings.yaml
grep -qx 'kind: Secret' secret.yaml
kubectl apply -f secret.yaml
