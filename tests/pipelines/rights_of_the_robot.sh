# Operator's script: may this user do it, and with which token?
# handed: create token robot --duration=1h
# handed: create rolebinding robot --role=reader --serviceaccount=$NAMESPACE:robot
kubectl auth can-i create secrets
kubectl auth can-i get secrets --as=system:serviceaccount:x:y || test $? -eq 1
kubectl create secret generic robot --from-literal=token="$TOKEN"
test "$(kubectl get secret robot -o go-template='{{.data.token | base64decode}}')" = "$TOKEN"
kubectl create token robot --duration=1h
kubectl create rolebinding robot --role=reader --serviceaccount="$NAMESPACE:robot"
