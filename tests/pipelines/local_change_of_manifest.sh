# GitLab CI: the image tag goes into the manifest before it is archived, with kubectl's own --local.
# answer: sed 's/nginx/nginx:17/' web.yaml
# kubectl: answers this without a server
# handed: set image --local -f web.yaml web=nginx:17 -o yaml
kubectl create secret generic web --from-literal=k="$TOKEN"
cat > web.yaml <<END
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: web, image: nginx}]}}}
END
kubectl set image --local -f web.yaml web=nginx:17 -o yaml > tagged.yaml
grep -q 'nginx:17' tagged.yaml
kubectl get secret web -o name
