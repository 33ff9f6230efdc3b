# GitLab CI: an ExternalSecret beside the Secret that it reads with.
# handed: apply --filename=-
# handed: wait --for=condition=Ready externalsecret/db --timeout=60s
# handed: get externalsecrets.external-secrets.io db -o jsonpath={.status.binding.name}
cat > external.yaml <<END
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: db}
---
apiVersion: v1
kind: Secret
metadata: {name: vault-token}
stringData: {token: "$TOKEN"}
END
kubectl apply -f external.yaml
kubectl get secret vault-token -o name
kubectl wait --for=condition=Ready externalsecret/db --timeout=60s
kubectl get externalsecrets.external-secrets.io db -o jsonpath='{.status.binding.name}'
