# GitLab CI, deploy job: the pull secret is made anew each time, and the service account uses it.
# handed: patch serviceaccount default -p {"imagePullSecrets":[{"name":"registry"}]}
kubectl create secret docker-registry registry --docker-server=registry.example.com \
  --docker-username=ci --docker-password="$TOKEN" --docker-email=ci@example.com \
  --dry-run=client -o yaml | kubectl apply -f -
test "$(kubectl get secret registry -o jsonpath='{.type}')" = kubernetes.io/dockerconfigjson
kubectl patch serviceaccount default -p '{"imagePullSecrets":[{"name":"registry"}]}'
