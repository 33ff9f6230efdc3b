# Makefile: each line of a recipe in a shell of its own; `secrets`, `deploy` and `clean`.
# handed: create deployment web --image=nginx
# handed: delete deployment web --ignore-not-found
sh -c 'kubectl create secret generic web --from-literal=password=$TOKEN --dry-run=client -o yaml | kubectl apply -f -'
sh -c 'kubectl get secret web >/dev/null || { echo "run make secrets first" >&2; exit 1; }'
sh -c 'kubectl create deployment web --image=nginx || true'
sh -c 'kubectl delete deployment web --ignore-not-found'
sh -c 'kubectl delete secret web --ignore-not-found'
test -z "$(kubectl get secrets -o name)"
