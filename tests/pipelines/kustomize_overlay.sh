# GitHub Actions, deploy step: an overlay with a secretGenerator beside a Deployment, which kubectl builds.
# answer: [ "$1" != kustomize ] || cat built.yaml
# handed: kustomize overlays/prod
# handed: apply --filename=-
# handed: rollout status deployment web
mkdir -p overlays/prod
cat > overlays/prod/kustomization.yaml <<END
resources: [web.yaml]
secretGenerator: [{name: env, literals: [TOKEN=$TOKEN]}]
END
printf 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n' > overlays/prod/web.yaml
printf 'apiVersion: v1\nkind: Secret\nmetadata: {name: env-h4sh}\nstringData: {TOKEN: %s}\n---\n' "$TOKEN" > built.yaml
cat overlays/prod/web.yaml >> built.yaml
kubectl apply -k overlays/prod
kubectl get secret env-h4sh
kubectl rollout status deployment web
