# GitHub Actions, integration test: wait for what a controller makes, then for the application.
# handed: wait --for=condition=Available deployment/app --timeout=90s
kubectl create secret generic generated --from-literal=password="$TOKEN" &
kubectl wait --for=create secret/generated --timeout=60s
wait
kubectl wait --for=jsonpath='{.type}'=Opaque secret/generated --timeout=60s
kubectl wait --for=condition=Available deployment/app --timeout=90s
