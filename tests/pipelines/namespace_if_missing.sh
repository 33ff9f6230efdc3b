# Install script: the namespace unless it is there, then all manifests by a pipe.
# handed: apply --filename=- --namespace=$NAMESPACE-app
# handed: get pods -n $NAMESPACE-app
kubectl get namespace "$NAMESPACE-app" >/dev/null 2>&1 || kubectl create namespace "$NAMESPACE-app"
cat > release.yaml <<END
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {level: debug}}
- {apiVersion: v1, kind: Secret, metadata: {name: settings}, stringData: {password: "$TOKEN"}}
END
cat release.yaml | kubectl apply -n "$NAMESPACE-app" -f -
kubectl get secret settings -n "$NAMESPACE-app"
kubectl get pods -n "$NAMESPACE-app"
kubectl delete namespace "$NAMESPACE-app"
