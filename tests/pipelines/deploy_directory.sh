# GitLab CI, deploy job: a directory of templates, in which the Secret stands beside the Deployment.
# handed: apply --filename=- --namespace=$NAMESPACE
# handed: -n $NAMESPACE rollout status deployment/web --timeout=5m
mkdir k8s
cat > k8s/10-secret.yaml <<END
apiVersion: v1
kind: Secret
metadata: {name: web-env, labels: {app: web}}
stringData: {DATABASE_URL: "postgres://app:$TOKEN@db/app"}
END
cat > k8s/20-web.yaml <<END
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {replicas: 2, template: {spec: {containers: [{name: web, envFrom: [{secretRef: {name: web-env}}]}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
END
kubectl -n "$NAMESPACE" apply -f k8s/
kubectl -n "$NAMESPACE" get secret web-env
kubectl -n "$NAMESPACE" rollout status deployment/web --timeout=5m
