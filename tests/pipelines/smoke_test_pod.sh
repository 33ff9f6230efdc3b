# GitHub Actions: a pod that uses the Secret, its log, and no trace of it.
# handed: run smoke --image=busybox --restart=Never --env=A=b -- sh -c test -n "$PASSWORD"
# handed: logs -f pod/smoke
# handed: delete pod smoke --grace-period=0 --force
kubectl create secret generic smoke --from-literal=PASSWORD="$TOKEN"
kubectl run smoke --image=busybox --restart=Never --env=A=b -- sh -c 'test -n "$PASSWORD"'
kubectl logs -f pod/smoke
kubectl delete pod smoke --grace-period=0 --force
kubectl delete secret smoke --wait=false
