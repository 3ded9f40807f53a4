"""A model behind KServe's SDK, V1, V2 and gRPC."""

import os

import kserve
import numpy as np
import onnxruntime
from kserve.utils.utils import get_predict_response


class OnnxModel(kserve.Model):
    def __init__(self, name: str):
        super().__init__(name)
        self.load()

    def load(self) -> bool:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(os.environ["BENCH_MODEL"], options, providers=["CPUExecutionProvider"])
        self.input = self.session.get_inputs()[0].name
        # the first output: the label, or all there is; a list of maps is nothing that V2 can send
        self.output = self.session.get_outputs()[0].name
        self.ready = True
        return True

    def __getstate__(self) -> dict:
        # a worker gets the model by pickle, and a session cannot be pickled
        return {key: value for key, value in self.__dict__.items() if key != "session"}

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state)
        self.load()

    def predict(self, payload, headers=None, response_headers=None):
        if isinstance(payload, kserve.InferRequest):
            values = payload.inputs[0].as_numpy()
        else:
            values = np.asarray(payload["instances"], dtype=np.float32)
        return get_predict_response(payload, self.session.run([self.output], {self.input: values})[0], self.name)


if __name__ == "__main__":
    kserve.ModelServer(
        http_port=int(os.environ["BENCH_PORT"]),
        grpc_port=int(os.environ["BENCH_GRPC_PORT"]),
        workers=int(os.environ["BENCH_WORKERS"]),
        enable_grpc=os.environ["BENCH_WORKERS"] == "1",
        enable_docs_url=False,
        access_log_format=None,
        enable_latency_logging=False,
    ).start([OnnxModel("bench")])
