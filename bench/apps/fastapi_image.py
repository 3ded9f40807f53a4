"""The image classifier behind FastAPI: Pillow prepares the picture as the model's description says."""

import io
import os

import numpy as np
import onnxruntime
from fastapi import Body, FastAPI
from PIL import Image

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(os.environ["BENCH_MODEL"], options, providers=["CPUExecutionProvider"])
name = session.get_inputs()[0].name
app = FastAPI()


@app.post("/def")
def predict(picture: bytes = Body(media_type="image/jpeg")):
    image = Image.open(io.BytesIO(picture)).convert("RGB").resize((224, 224), Image.Resampling.BICUBIC)
    pixels = (np.asarray(image, dtype=np.float32) - 127) / 128
    row = session.run(None, {name: pixels.transpose(2, 0, 1)[np.newaxis]})[0][0]
    best = row.argsort()[-5:][::-1]
    return {"prediction": int(best[0]), "top": [{"class": int(index), "probability": float(row[index])} for index in best]}
