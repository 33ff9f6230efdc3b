//! A Kubernetes client for the few verbs that we need: kubeconfig, connection, request, answer.
