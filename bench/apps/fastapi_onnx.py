"""A model behind FastAPI as people write it: an ONNX Runtime session, and an endpoint in each of the two ways."""

import os

import numpy as np
import onnxruntime
from fastapi import FastAPI
from pydantic import BaseModel

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(os.environ["BENCH_MODEL"], options, providers=["CPUExecutionProvider"])
name = session.get_inputs()[0].name
shape = [1, *(int(size) for size in session.get_inputs()[0].shape[1:])]
app = FastAPI()


class Features(BaseModel):
    features: list[float]


def predict(features: Features) -> dict:
    values = np.asarray(features.features, dtype=np.float32).reshape(shape)
    outputs = session.run(None, {name: values})
    if len(outputs) == 2:  # a scikit-learn export: labels, and a list of maps
        return {"prediction": int(outputs[0][0]), "probabilities": outputs[1][0]}
    row = outputs[0][0]
    return {"prediction": int(row.argmax()), "probabilities": row.tolist()}


@app.post("/async")
async def predict_async(features: Features):
    return predict(features)


@app.post("/def")
def predict_def(features: Features):
    return predict(features)
