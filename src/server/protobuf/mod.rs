//! The Kubernetes protobuf encoding of the objects that we serve.
