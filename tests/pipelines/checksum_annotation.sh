# Makefile: the pods are told by an annotation that the Secret is another.
# handed: patch deployment web --type=merge -p {"metadata":{"annotations":{"checksum":"3b9c358f"}}}
kubectl create secret generic web --from-literal=k=v
sum=$(kubectl get secret web -o jsonpath='{.data}' | cksum)
test -n "$sum"
kubectl patch deployment web --type=merge -p '{"metadata":{"annotations":{"checksum":"3b9c358f"}}}'
kubectl patch secret web --type=merge -p '{"metadata":{"annotations":{"checksum":"3b9c358f"}}}'
