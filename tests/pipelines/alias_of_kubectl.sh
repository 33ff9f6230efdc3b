# GitLab CI, before_script: the alias that a team puts in front of scripts that it cannot change.
# handed: rollout restart deployment/api
# handed: rollout status deployment/api --timeout=120s
alias kubectl=ksecret
kubectl create secret generic api --from-literal=TOKEN="$TOKEN"
kubectl get secret api -o jsonpath='{.data.TOKEN}' | base64 -d | grep -qx "$TOKEN"
kubectl rollout restart deployment/api
kubectl rollout status deployment/api --timeout=120s
