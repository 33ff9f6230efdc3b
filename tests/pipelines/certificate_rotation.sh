# Cron job of an operator: a renewed certificate takes the place of the old one, and the pods get to know.
# handed: rollout restart deployment/ingress
kubectl create secret tls site --cert="$FIXTURES/tls/p256.crt" --key="$FIXTURES/tls/p256.key"
kubectl create secret tls site --cert="$FIXTURES/tls/p256.crt" --key="$FIXTURES/tls/p256.key" \
  --dry-run=client -o json | kubectl replace -f -
kubectl annotate secret site rotated-at="$(date +%F)" --overwrite
kubectl get secret site -o jsonpath='{.data.tls\.crt}' | base64 -d | cmp - "$FIXTURES/tls/p256.crt"
kubectl rollout restart deployment/ingress
