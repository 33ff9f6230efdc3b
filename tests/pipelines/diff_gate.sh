# GitHub Actions, pull request: what would change; 1 is a difference, more a failure.
# answer: if [ "$1" = diff ]; then exit 1; fi
# handed: diff --filename=-
# handed: apply --filename=- --server-side
cat > all.yaml <<END
apiVersion: v1
kind: Secret
metadata: {name: gate}
stringData: {k: "$TOKEN"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: gate}
END
status=0
kubectl diff -f all.yaml > changes || status=$?
test "$status" -eq 1
if grep -q "$TOKEN" changes; then exit 9; fi
kubectl apply --server-side -f all.yaml
test "$(kubectl get secret gate -o jsonpath='{.data.k}' | base64 -d)" = "$TOKEN"
