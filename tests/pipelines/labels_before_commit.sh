# GitLab CI: labels go into manifests of both kinds without a server, as text and as names.
# answer: case "$*" in *yaml*) printf 'kind: Deployment\nmetadata:\n  labels:\n    release: r7\n' ;; *) echo 'deployment.apps/web labeled' ;; esac
# kubectl: answers this without a server
# handed: label --filename=- --local release=r7
# handed: label --filename=- --local --output=yaml release=r7
cat > all.yaml <<END
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
---
apiVersion: v1
kind: Secret
metadata: {name: web}
stringData: {k: "$TOKEN"}
END
test "$(kubectl label --local -f all.yaml release=r7 | tr '\n' .)" = 'secret/web labeled.deployment.apps/web labeled.'
kubectl label --local -f all.yaml release=r7 -o yaml > labelled.yaml
test "$(grep -c 'release: r7' labelled.yaml)" -eq 2
grep -q '^kind: Secret' labelled.yaml && grep -q '^kind: Deployment' labelled.yaml
