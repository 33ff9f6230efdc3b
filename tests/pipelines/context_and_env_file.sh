# GitHub Actions, step of a job: choose the namespace, then a Secret from a .env file.
kubectl config current-context
kubectl config set-context --current --namespace="$NAMESPACE"
printf 'API_KEY=%s\n# comment\nDEBUG=no\n' "$TOKEN" > .env
kubectl create secret generic app-env --from-env-file=.env --dry-run=client -o yaml | kubectl apply -f -
kubectl label secret app-env "github-run=17" --overwrite
test "$(kubectl get secrets -l github-run=17 -o name)" = secret/app-env
