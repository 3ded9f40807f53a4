# An inference server with a model of its own inside, for OwnImageIT:
#   docker build -t localhost/modelserver-own-model:dev -f e2e/src/test/images/own-model.Dockerfile samples/models
ARG SERVER_IMAGE=localhost/modelserver-server:dev
FROM ${SERVER_IMAGE}
COPY iris-v1.1.onnx /models/iris.onnx
